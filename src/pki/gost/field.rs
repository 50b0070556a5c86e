//! Numbers modulo p = 2⁵¹² − 569, the field of tc26-512-A (RFC 7836, A.1). Everything this room multiplies here is
//! public (keys, signatures, points of a verification), so nothing promises constant time.

use crypto_bigint::{Limb, Odd, U512};

/// What separates p from 2⁵¹²; the reduction multiplies the overflow by it.
const C: Limb = Limb(569);

/// The field's modulus p.
pub(crate) const MODULUS: U512 = U512::from_be_hex(
    "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff\
     fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffdc7",
);

const ODD_MODULUS: Odd<U512> = Odd::from_be_hex(
    "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff\
     fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffdc7",
);

/// An element of the field, always below p.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Element(U512);

impl Element {
    pub(crate) const ZERO: Self = Self(U512::ZERO);
    pub(crate) const ONE: Self = Self(U512::ONE);

    /// For constants of the curve, written big-endian as the standard prints them.
    pub(super) const fn constant(hex: &str) -> Self {
        Self(U512::from_be_hex(hex))
    }

    /// `None` when the number isn't below p: a coordinate has one encoding only.
    pub(crate) fn new(number: U512) -> Option<Self> {
        (number < MODULUS).then_some(Self(number))
    }

    /// The number between 0 and p − 1.
    pub(crate) fn number(&self) -> &U512 {
        &self.0
    }

    pub(crate) fn is_zero(&self) -> bool {
        self.0 == U512::ZERO
    }

    #[inline]
    pub(crate) fn add(&self, other: &Self) -> Self {
        Self(self.0.add_mod_special(&other.0, C))
    }

    #[inline]
    pub(crate) fn double(&self) -> Self {
        self.add(self)
    }

    #[inline]
    pub(crate) fn sub(&self, other: &Self) -> Self {
        Self(self.0.sub_mod_special(&other.0, C))
    }

    pub(crate) fn negate(&self) -> Self {
        Self::ZERO.sub(self)
    }

    #[inline]
    pub(crate) fn mul(&self, other: &Self) -> Self {
        Self(self.0.mul_mod_special(&other.0, C))
    }

    #[inline]
    pub(crate) fn square(&self) -> Self {
        self.mul(self)
    }

    /// `None` for zero.
    pub(crate) fn invert(&self) -> Option<Self> {
        self.0
            .invert_odd_mod_vartime(&ODD_MODULUS)
            .into_option()
            .map(Self)
    }
}
