//! Signatures of GOST R 34.10-2012 with 512-bit keys as Kazakhstan uses them (ST RK GOST 34.10-2015): curve tc26-512-A,
//! hash Streebog-512. The national encodings are little-endian throughout: a key is x‖y, a signature r‖s, and the digest
//! read as a number is its bytes least significant first — each the reverse of what RFC 7091 prints.
//!
//! Only verification lives here. The demo's authority signs with `demo::gost_sign`, which may call
//! `curve::multiply_generator`, `curve::scalar` and `digest_number` and exists under `test` or feature `demo` alone.

pub(crate) mod curve;
pub(crate) mod field;

use crypto_bigint::U512;
use streebog::{Digest, Streebog512};

use curve::{Affine, scalar};
use field::Element;

/// A public key that is a point of the curve.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey(Affine);

impl PublicKey {
    /// Reads x‖y, 64 bytes each, least significant byte first; `None` when a coordinate isn't below p or the point is
    /// not on the curve.
    pub fn from_bytes(bytes: &[u8; 128]) -> Option<Self> {
        let (x, y) = bytes.split_at(64);
        let coordinate = |half: &[u8]| Element::new(U512::from_le_slice(half));
        Affine::on_curve(coordinate(x)?, coordinate(y)?).map(Self)
    }

    #[cfg(any(test, feature = "demo"))]
    pub(crate) fn from_point(point: Affine) -> Self {
        Self(point)
    }

    /// x‖y, each 64 bytes, least significant byte first.
    pub fn to_bytes(&self) -> [u8; 128] {
        let mut bytes = [0; 128];
        bytes[..64].copy_from_slice(self.0.x.number().to_le_bytes().as_ref());
        bytes[64..].copy_from_slice(self.0.y.number().to_le_bytes().as_ref());
        bytes
    }

    /// Whether `signature` (r‖s) is this key's over `message`, hashed with Streebog-512.
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        self.verifies_digest(&Streebog512::digest(message).into(), signature)
    }

    /// The same over a digest already taken (RFC 7091, 6.2).
    pub fn verifies_digest(&self, digest: &[u8; 64], signature: &[u8]) -> bool {
        if signature.len() != 128 {
            return false;
        }
        let r = U512::from_le_slice(&signature[..64]);
        let s = U512::from_le_slice(&signature[64..]);
        let in_range = |number: &U512| *number != U512::ZERO && *number < curve::ORDER;
        if !in_range(&r) || !in_range(&s) {
            return false;
        }
        // `digest_number` is never zero and the order is prime, so the inverse exists.
        let Some(v) = scalar::invert(&digest_number(digest)) else {
            return false;
        };
        let z1 = scalar::mul(&s, &v);
        let z2 = scalar::negate(&scalar::mul(&r, &v));
        curve::double_scalar_multiply(&z1, &z2, &self.0).x_modulo_order_is(&r)
    }
}

/// The digest as the scheme's e: a number modulo the order, one in place of zero.
pub(crate) fn digest_number(digest: &[u8; 64]) -> U512 {
    let e = scalar::reduce(&U512::from_le_slice(digest));
    if e == U512::ZERO { U512::ONE } else { e }
}

#[cfg(test)]
mod tests;
