//! Is it a machine? Asked where much is begun from one network address, or in all, and of everybody there alike: the page then
//! solves a puzzle by itself ([`crate::domain::puzzle`]), or waits half a minute where it can't. Nobody reads crooked
//! letters, and nobody else is asked (docs/security.md, «Robots»). A puzzle is an HMAC over its time and the address; it is
//! used once, and nothing is kept of those that never come back.

use super::Core;
use super::limits::{self, Limit, Rule, keyed};
use crate::api::{ApiError, Caller};
use crate::domain::puzzle;
use crate::domain::time::Timestamp;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use subtle::ConstantTimeEq as _;

/// Some 260 000 hashes: a third of a second of a computer, two of an old phone.
const BITS: u32 = 18;
const LIFE_MS: i64 = 5 * 60 * 1000;
/// Who can't reckon may wait so long instead, one at a time from an address.
pub const WAIT_MS: i64 = 30 * 1000;
/// How long what is begun counts.
const STRETCH_MS: i64 = 10 * 60 * 1000;
/// A puzzle is made of: its last moment, chance, the HMAC's beginning.
const PARTS: usize = 8 + 16 + 16;

/// Over these nobody is taken for a person unasked.
#[must_use]
pub fn risk(core: &Core, caller: &Caller) -> [Limit; 2] {
    let limit = |kind, subject: &str, most| Limit {
        key: limits::key(&core.keys, kind, &[subject]),
        rule: Rule::Window { most, ms: STRETCH_MS },
    };
    let limits = &core.config.limits;
    [
        limit(
            "begun from address",
            &limits::network(caller.address),
            limits.unchecked_per_address,
        ),
        limit("begun in all", "", limits.unchecked_in_all),
    ]
}

fn mac(core: &Core, caller: &Caller, head: &[u8]) -> [u8; 16] {
    let network = limits::network(caller.address);
    let whole = keyed(
        &core.keys.limits,
        [b"puzzle".as_slice(), network.as_bytes(), head],
    );
    let mut short = [0; 16];
    short.copy_from_slice(&whole[..16]);
    short
}

/// A puzzle to solve.
#[must_use]
pub fn ask(core: &Core, caller: &Caller) -> ApiError {
    let until = core.world.now().plus_ms(LIFE_MS).0.to_be_bytes();
    let chance: [u8; 16] = core.world.bytes();
    let head = [until.as_slice(), &chance].concat();
    let whole = [head.as_slice(), &mac(core, caller, &head)].concat();
    ApiError::Puzzle {
        puzzle: URL_SAFE_NO_PAD.encode(whole),
        bits: BITS,
        wait_seconds: u32::try_from(WAIT_MS / 1000).unwrap_or(u32::MAX),
    }
}

/// What is counted if this is a solution of ours: each once, and who waits one after the other. `None`: it is none.
#[must_use]
pub fn proof(core: &Core, caller: &Caller, proof: &str) -> Option<Vec<Limit>> {
    let (text, number) = proof.split_once('.')?;
    let whole = URL_SAFE_NO_PAD.decode(text).ok()?;
    if whole.len() != PARTS {
        return None;
    }
    let (head, end) = whole.split_at(PARTS - 16);
    if !bool::from(mac(core, caller, head).ct_eq(end)) {
        return None;
    }
    let until = Timestamp(i64::from_be_bytes(head[..8].try_into().ok()?));
    let now = core.world.now();
    if now > until {
        return None;
    }
    let mut counted = vec![Limit {
        key: limits::key(&core.keys, "puzzle", &[text]),
        rule: Rule::Window { most: 1, ms: LIFE_MS },
    }];
    if number.is_empty() {
        if now.plus_ms(LIFE_MS - WAIT_MS) < until {
            return None;
        }
        counted.push(Limit {
            key: limits::key(
                &core.keys,
                "waited at address",
                &[&limits::network(caller.address)],
            ),
            rule: Rule::Window { most: 1, ms: WAIT_MS },
        });
        return Some(counted);
    }
    // A number of ours is never longer.
    (number.len() <= 20 && puzzle::solves(text, number, BITS)).then_some(counted)
}
