//! Signing with GOST 34.10-2015 (512), for the demo's authority and its synthetic people, and for tests. The arithmetic is
//! the verifier's and takes variable time, which a key worth stealing could not bear: nothing here is built into the
//! `cabinet` binary.

use crypto_bigint::U512;
use streebog::{Digest, Streebog512};

use crate::pki::gost::{
    PublicKey,
    curve::{self, scalar},
    digest_number,
};

/// A private key with its public one.
#[derive(Clone)]
pub struct PrivateKey {
    d: U512,
    public: PublicKey,
}

impl PrivateKey {
    /// The key that belongs to a seed, always the same one; synthetic people's keys need no storage.
    pub fn from_seed(seed: &[u8]) -> Self {
        (0_u8..=255)
            .find_map(|attempt| {
                let digest: [u8; 64] = Streebog512::new()
                    .chain_update(seed)
                    .chain_update([attempt])
                    .finalize()
                    .into();
                Self::from_bytes(&digest)
            })
            // Each attempt fails with odds of 2⁻²⁵⁶ (a digest at or above the order).
            .expect("256 digests in a row at or above the curve's order")
    }

    /// The scalar as national key files hold it: 64 bytes, least significant first. `None` unless 0 < d < q.
    pub fn from_bytes(bytes: &[u8; 64]) -> Option<Self> {
        let d = U512::from_le_slice(bytes);
        if d == U512::ZERO || d >= curve::ORDER {
            return None;
        }
        let public = PublicKey::from_point(curve::multiply_generator(&d).to_affine()?);
        Some(Self { d, public })
    }

    pub fn public(&self) -> &PublicKey {
        &self.public
    }

    /// r‖s over the message's Streebog-512, each 64 bytes, least significant first.
    pub fn sign(&self, message: &[u8]) -> [u8; 128] {
        self.sign_digest(&Streebog512::digest(message).into())
    }

    /// The same over a digest already taken. The one-time number comes from key and digest, so a signature can be repeated
    /// and no source of randomness is needed.
    pub fn sign_digest(&self, digest: &[u8; 64]) -> [u8; 128] {
        let e = digest_number(digest);
        let mut attempt = 0_u8;
        loop {
            let seed: [u8; 64] = Streebog512::new()
                .chain_update(b"one-time number")
                .chain_update(self.d.to_le_bytes().as_ref() as &[u8])
                .chain_update(digest)
                .chain_update([attempt])
                .finalize()
                .into();
            attempt = attempt.wrapping_add(1);
            let k = scalar::reduce(&U512::from_le_slice(&seed));
            let Some(c) = curve::multiply_generator(&k).to_affine() else {
                continue;
            };
            let r = scalar::reduce(c.x.number());
            let s = scalar::add(&scalar::mul(&r, &self.d), &scalar::mul(&k, &e));
            if r == U512::ZERO || s == U512::ZERO {
                continue;
            }
            let mut signature = [0; 128];
            signature[..64].copy_from_slice(r.to_le_bytes().as_ref());
            signature[64..].copy_from_slice(s.to_le_bytes().as_ref());
            return signature;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_signed_verifies() {
        for seed in 0_u8..8 {
            let key = PrivateKey::from_seed(&[seed]);
            let signature = key.sign(b"a document");
            assert!(key.public().verifies(b"a document", &signature));
            assert!(!key.public().verifies(b"another", &signature));
        }
    }

    #[test]
    fn a_scalar_out_of_range_is_no_key() {
        assert!(PrivateKey::from_bytes(&[0; 64]).is_none());
        assert!(PrivateKey::from_bytes(&[0xff; 64]).is_none());
        assert!(PrivateKey::from_bytes(curve::ORDER.to_le_bytes().as_ref().try_into().unwrap()).is_none());
    }
}
