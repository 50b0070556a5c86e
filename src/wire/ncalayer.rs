//! Frames of NCALayer's WebSocket, as the page writes requests and reads answers. NCALayer runs on the person's own
//! computer and proves nothing about itself, so every answer is read as an untrusted text: a limit first, then a shape.
//! Leans on frames recorded from NCALayer 1.2 to 1.4 and from KAZTOKEN, which answers on the same socket.

mod answer;
mod request;
mod talk;

pub use answer::FrameError;
pub use request::{Chain, Purpose, SignRequest};
pub use talk::{Talk, Trouble, Turn};

/// Where NCALayer listens. It has no other address and no other port.
pub const ADDRESS: &str = "wss://127.0.0.1:13579/";

/// The bare text that old pages and some agents send to learn whether the other side lives. The answer is the same text.
pub const HEARTBEAT: &str = "--heartbeat--";

/// The longest frame that isn't a signature, in UTF-16 units: a greeting, a probe's answer, a list of tokens.
pub const SHORT_FRAME_LIMIT: usize = 16 * 1024;

/// NCALayer's version, by its first two numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    pub major: u32,
    pub minor: u32,
}

impl Version {
    /// The oldest one whose frames are known here; older ones are asked to be replaced.
    pub const OLDEST: Self = Self { major: 1, minor: 2 };

    /// Reads `1.4` and also `1.2.758.648`.
    fn read(text: &str) -> Option<Self> {
        if text.len() > 32 {
            return None;
        }
        let mut numbers = text.split('.').map(str::parse::<u32>);
        let major = numbers.next()?.ok()?;
        let minor = numbers.next()?.ok()?;
        numbers.all(|rest| rest.is_ok()).then_some(Self { major, minor })
    }
}

/// Where a person keeps the key, in the order in which the choice is offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Carrier {
    /// A file on this computer.
    Computer,
    /// The chip of the identity card.
    IdentityCard,
    Kaztoken,
    /// Tokens and cards of other makers.
    Other,
}

impl Carrier {
    pub const ALL: [Self; 4] = [Self::Computer, Self::IdentityCard, Self::Kaztoken, Self::Other];

    /// NCALayer's own names of the storages.
    #[must_use]
    pub const fn storages(self) -> &'static [&'static str] {
        match self {
            Self::Computer => &["PKCS12"],
            Self::IdentityCard => &["AKKZIDCardStore"],
            Self::Kaztoken => &["AKKaztokenStore"],
            Self::Other => &[
                "AKEToken72KStore",
                "AKEToken5110Store",
                "AKJaCartaStore",
                "AKAKEYStore",
                "JKS",
            ],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_ordered_by_their_first_two_numbers() {
        let read = |text| Version::read(text).unwrap();
        assert!(read("1.10") > read("1.4"));
        assert!(read("1.2.758.648") >= Version::OLDEST);
        assert!(read("1.1.9") < Version::OLDEST);
        for nonsense in ["", "1", "one.two", "1.4.", "1.4<b>", "1.-4", &"1.".repeat(40)] {
            assert_eq!(Version::read(nonsense), None, "{nonsense}");
        }
    }
}
