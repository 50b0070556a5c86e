//! Chance that a seed gives, so that what happened can happen again (SplitMix64, Steele and others 2014). Nothing secret comes
//! of it but in a test.

use crate::server::world::Random;
use std::sync::atomic::{AtomicU64, Ordering};

const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// Shared by reference: whoever rolls takes the next number.
#[derive(Debug)]
pub struct Dice(AtomicU64);

impl Dice {
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(AtomicU64::new(seed))
    }

    /// Dice of their own for the `number`th of many.
    #[must_use]
    pub fn of(seed: u64, number: u64) -> Self {
        Self::new(mixed(seed ^ mixed(number)))
    }

    pub fn roll(&self) -> u64 {
        mixed(self.0.fetch_add(GOLDEN, Ordering::Relaxed).wrapping_add(GOLDEN))
    }

    /// Less than `sides`, which isn't 0.
    pub fn below(&self, sides: u64) -> u64 {
        self.roll() % sides
    }

    pub fn in_hundred(&self, times: u64) -> bool {
        self.below(100) < times
    }
}

const fn mixed(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

impl Random for Dice {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            chunk.copy_from_slice(&self.roll().to_le_bytes()[..chunk.len()]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_same_and_each_of_many_something_else() {
        let rolls = |dice: &Dice| [dice.roll(), dice.roll(), dice.below(10)];
        // The first number that the reference program gives for this seed.
        assert_eq!(Dice::new(1_234_567).roll(), 6_457_827_717_110_365_317);
        assert_eq!(rolls(&Dice::of(7, 1)), rolls(&Dice::of(7, 1)));
        assert_ne!(rolls(&Dice::of(7, 1)), rolls(&Dice::of(7, 2)));
    }
}
