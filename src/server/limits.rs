//! How often is too often. What is counted stands in the database and holds for every server; a row's key is an HMAC, so
//! that it tells nobody's IIN, number or address (NIST SP 800-63B-4, 3.2.2; ASVS 5.0, 6.3.1).

use super::keys::Keys;
use crate::domain::time::Timestamp;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use std::net::IpAddr;

/// Something counted.
#[derive(Debug, Clone, Copy)]
pub struct Limit {
    pub key: [u8; 32],
    pub rule: Rule,
}

#[derive(Debug, Clone, Copy)]
pub enum Rule {
    /// At most so many in a stretch of time that begins with the first.
    Window { most: u32, ms: i64 },
    /// As a window, but one too many only waits for its turn: one each `then_ms`, until the stretch is over.
    Slowing { most: u32, ms: i64, then_ms: i64 },
    /// The first tries are free; each further one waits twice as long as the one before, from a second to a quarter of an
    /// hour; after a hundred nobody tries any more. Taken back by success.
    Growing { free: u32 },
}

/// Tries that failed in a row, after which guessing ends for good (NIST's upper bound).
const HARD_STOP: u32 = 100;
const LONGEST_WAIT_MS: i64 = 15 * 60 * 1000;

/// A row as it is, or as it will be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    pub count: u32,
    pub since: Timestamp,
    pub last_at: Timestamp,
}

impl Rule {
    /// The row after one more try.
    ///
    /// # Errors
    /// Seconds to wait, if it is one too many; the row stays as it is.
    pub fn admit(self, row: Option<Count>, now: Timestamp) -> Result<Count, u32> {
        let fresh = Count {
            count: 1,
            since: now,
            last_at: now,
        };
        let Some(row) = row else { return Ok(fresh) };
        let wait_ms = match self {
            Self::Window { ms, .. } | Self::Slowing { ms, .. } if now.0 - row.since.0 >= ms => {
                return Ok(fresh);
            }
            Self::Window { most, ms } if row.count >= most => row.since.0 + ms - now.0,
            Self::Slowing { most, then_ms, .. } if row.count >= most => row.last_at.0 + then_ms - now.0,
            Self::Window { .. } | Self::Slowing { .. } => 0,
            Self::Growing { .. } if row.count >= HARD_STOP => LONGEST_WAIT_MS,
            Self::Growing { free } if row.count < free => 0,
            Self::Growing { free } => {
                let doublings = (row.count - free).min(20);
                let wait = (1000_i64 << doublings).min(LONGEST_WAIT_MS);
                row.last_at.0 + wait - now.0
            }
        };
        if wait_ms > 0 {
            return Err(u32::try_from(wait_ms.div_euclid(1000) + 1).unwrap_or(u32::MAX));
        }
        Ok(Count {
            count: row.count.saturating_add(1),
            since: row.since,
            last_at: now,
        })
    }

    /// When the row may be forgotten.
    #[must_use]
    pub const fn forget_at(self, now: Timestamp) -> Timestamp {
        match self {
            Self::Window { ms, .. } | Self::Slowing { ms, .. } => now.plus_ms(ms),
            Self::Growing { .. } => now.plus_seconds(30 * 24 * 3600),
        }
    }
}

/// The key of a limit of this kind on this subject.
#[must_use]
pub fn key(keys: &Keys, kind: &str, subject: &[&str]) -> [u8; 32] {
    let parts = std::iter::once(&kind).chain(subject);
    keyed(&keys.limits, parts.map(|part| part.as_bytes()))
}

/// HMAC-SHA-256 over parts, each with its length before it, so that no two lists of parts are the same bytes.
#[must_use]
pub fn keyed<'a>(key: &[u8; 32], parts: impl IntoIterator<Item = &'a [u8]>) -> [u8; 32] {
    // HMAC takes a key of any length.
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("any length of key is fine");
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// What counts as one network address: an IPv4 address, or the /56 a home gets of IPv6.
#[must_use]
pub fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(v4) => v4.to_string(),
        IpAddr::V6(v6) => {
            let bits = u128::from(v6) & (u128::MAX << 72);
            format!("{}/56", std::net::Ipv6Addr::from(bits))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tries(rule: Rule, row: &mut Option<Count>, at: i64) -> Result<(), u32> {
        rule.admit(*row, Timestamp(at)).map(|next| *row = Some(next))
    }

    #[test]
    fn a_window_admits_its_number_and_opens_anew() {
        let rule = Rule::Window { most: 2, ms: 60_000 };
        let mut row = None;
        assert_eq!(tries(rule, &mut row, 0), Ok(()));
        assert_eq!(tries(rule, &mut row, 1), Ok(()));
        assert_eq!(tries(rule, &mut row, 59_000), Err(2));
        assert_eq!(tries(rule, &mut row, 60_000), Ok(()));
    }

    #[test]
    fn waiting_doubles_from_a_second_to_a_quarter_of_an_hour() {
        let rule = Rule::Growing { free: 3 };
        let mut row = None;
        let mut now = 0;
        let mut waits = Vec::new();
        for _ in 0..HARD_STOP {
            if let Err(seconds) = tries(rule, &mut row, now) {
                waits.push(seconds);
                now += i64::from(seconds) * 1000;
                assert_eq!(tries(rule, &mut row, now), Ok(()));
            }
        }
        assert_eq!(waits[..4], [2, 3, 5, 9], "rounded up from 1, 2, 4, 8");
        assert_eq!(waits.last(), Some(&901));
        assert_eq!(waits.len(), 97, "a hundred in all, three of them free");
        assert!(
            tries(rule, &mut row, now + 10 * LONGEST_WAIT_MS).is_err(),
            "the hard stop"
        );
    }

    #[test]
    fn a_slowing_window_lets_one_through_at_a_time_when_it_is_full() {
        let rule = Rule::Slowing {
            most: 2,
            ms: 60_000,
            then_ms: 10_000,
        };
        let mut row = None;
        assert_eq!(tries(rule, &mut row, 0), Ok(()));
        assert_eq!(tries(rule, &mut row, 1000), Ok(()));
        assert_eq!(tries(rule, &mut row, 2000), Err(10));
        assert_eq!(tries(rule, &mut row, 11_000), Ok(()));
        assert_eq!(tries(rule, &mut row, 12_000), Err(10));
        assert_eq!(tries(rule, &mut row, 60_000), Ok(()));
        assert_eq!(tries(rule, &mut row, 60_001), Ok(()), "a new stretch");
    }

    #[test]
    fn a_home_has_one_address_in_ipv6() {
        let network = |text: &str| network(text.parse().unwrap());
        assert_eq!(network("2a02:1:2:34::1"), network("2a02:1:2:35:ffff::9"));
        assert_ne!(network("2a02:1:2:134::1"), network("2a02:1:2:34::1"));
        assert_eq!(network("::ffff:10.0.0.1"), network("10.0.0.1"));
    }
}
