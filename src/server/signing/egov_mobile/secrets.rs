//! The secrets of a signing session. All of them come from a random seed of the session's row and a key that only the
//! server's files hold, so the database alone opens nothing, and any server can tell a phone its next address again.
//! The rows keep SHA-256 of what is looked up.

use super::session::{Link, Way};
use crate::server::world::sha256;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use subtle::ConstantTimeEq as _;

/// Makes the secrets of one session.
pub struct Secrets<'a> {
    key: &'a [u8; 32],
    seed: &'a [u8; 16],
}

impl<'a> Secrets<'a> {
    #[must_use]
    pub const fn new(key: &'a [u8; 32], seed: &'a [u8; 16]) -> Self {
        Self { key, seed }
    }

    fn derive(&self, purpose: &[u8]) -> [u8; 32] {
        mac(self.key, &[self.seed, purpose])
    }

    /// Stands in the path of API №1: 128 bits, 22 characters.
    #[must_use]
    pub fn link(&self, link: Link) -> String {
        let way: &[u8] = match link.way {
            Way::Screen => b"link, screen",
            Way::SamePhone => b"link, same phone",
        };
        let derived = mac(self.key, &[self.seed, way, &[link.turn]]);
        URL_SAFE_NO_PAD.encode(&derived[..16])
    }

    /// Stands in the path of API №2: 128 bits, 22 characters.
    #[must_use]
    pub fn document(&self) -> String {
        URL_SAFE_NO_PAD.encode(&self.derive(b"document")[..16])
    }

    /// The bearer token of API №2: 256 bits, 43 characters.
    #[must_use]
    pub fn token(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.derive(b"token"))
    }

    /// Whether this is the token, in the same time for every wrong one.
    #[must_use]
    pub fn is_token(&self, offered: &str) -> bool {
        self.token().as_bytes().ct_eq(offered.as_bytes()).into()
    }

    /// Four digits that a person compares on page and phone: they change with the session and with the document.
    #[must_use]
    pub fn code(&self, document_sha256: &[u8; 32]) -> String {
        let derived = mac(&self.derive(b"code"), &[document_sha256]);
        let number = u64::from_be_bytes(std::array::from_fn(|i| derived[i]));
        format!("{:04}", number % 10_000)
    }
}

/// The form in which a link's or document's secret is looked up.
#[must_use]
pub fn lookup(secret: &str) -> [u8; 32] {
    sha256(secret)
}

/// HMAC-SHA-256 over the parts, each with its length before it.
fn mac(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    // HMAC takes a key of any length.
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("32 bytes are a key");
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    const SCREEN: Link = Link {
        way: Way::Screen,
        turn: 0,
    };

    #[test]
    fn no_two_secrets_are_alike_and_none_tells_another() {
        let (key, seed, other_seed) = ([1; 32], [2; 16], [3; 16]);
        let mut seen = HashSet::new();
        for seed in [&seed, &other_seed] {
            let secrets = Secrets::new(&key, seed);
            for turn in 0..5 {
                assert!(seen.insert(secrets.link(Link { turn, ..SCREEN })));
                assert!(seen.insert(secrets.link(Link {
                    turn,
                    way: Way::SamePhone
                })));
            }
            assert!(seen.insert(secrets.document()));
            assert!(seen.insert(secrets.token()));
        }
        assert_eq!(seen.len(), 24);
        assert!(seen.iter().all(|secret| matches!(secret.len(), 22 | 43)));
    }

    #[test]
    fn the_same_session_gives_the_same_secrets_and_another_key_others() {
        let seed = [2; 16];
        let link = |key: [u8; 32]| Secrets::new(&key, &seed).link(SCREEN);
        assert_eq!(link([1; 32]), link([1; 32]));
        assert_ne!(link([1; 32]), link([9; 32]));
    }

    #[test]
    fn t05_the_token_of_one_session_is_none_of_another() {
        let key = [1; 32];
        let (a, b) = (Secrets::new(&key, &[2; 16]), Secrets::new(&key, &[3; 16]));
        assert!(a.is_token(&a.token()));
        assert!(!a.is_token(&b.token()) && !a.is_token("") && !a.is_token(&a.token()[1..]));
    }

    #[test]
    fn the_code_is_four_digits_and_follows_the_document() {
        let secrets = Secrets::new(&[1; 32], &[2; 16]);
        let codes: HashSet<_> = (0..50_u8).map(|n| secrets.code(&[n; 32])).collect();
        assert!(codes.len() > 45, "{codes:?}");
        assert!(
            codes
                .iter()
                .all(|c| c.len() == 4 && c.bytes().all(|b| b.is_ascii_digit()))
        );
        assert_eq!(secrets.code(&[7; 32]), secrets.code(&[7; 32]));
    }
}
