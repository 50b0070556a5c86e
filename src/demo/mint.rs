//! A certification authority to mint test material with: certificates, signatures, revocation lists, OCSP responses and
//! time stamps in the national layout (names, roles, policies, algorithms), GOST and RSA. Every field can be bent, since
//! the verifier's tests live from what must be refused. The encoding is written here anew from the standards, not shared
//! with the reader in `pki`, except for the framing of tags and lengths.

mod certificate;
mod cms;
mod encoding;
mod revocation;
mod timestamp;

pub use self::{
    certificate::{Authority, Credential, Person, Template, Urls, authority_extensions, extension, name},
    cms::{Cms, SignerInfo, attribute},
    encoding::*,
    revocation::{CertificateStatus, Crl, OcspResponse, OcspSingle, RevokedEntry, cert_id},
    timestamp::{TimeStamp, time_stamp_attribute},
};

use ring::{
    rand::SystemRandom,
    signature::{KeyPair, RSA_PKCS1_SHA256, RsaKeyPair},
};

use super::gost_sign::PrivateKey;
use crate::pki::algorithm::Digest;

/// A private key of either kind the national authority has issued.
pub enum Key {
    Gost(PrivateKey),
    /// RSA-2048, signing with SHA-256.
    Rsa(Box<RsaKeyPair>),
}

const RSA_KEYS: [&[u8]; 3] = [
    include_bytes!("keys/rsa_1.der"),
    include_bytes!("keys/rsa_2.der"),
    include_bytes!("keys/rsa_3.der"),
];

/// The PKCS#8 of one of them; `number` counts round.
pub fn rsa_pkcs8(number: usize) -> &'static [u8] {
    RSA_KEYS[number % RSA_KEYS.len()]
}

impl Key {
    /// The GOST key that belongs to a seed.
    pub fn gost(seed: &str) -> Self {
        Self::Gost(PrivateKey::from_seed(seed.as_bytes()))
    }

    /// One of three RSA-2048 keys made for this repository and worth nothing; `number` counts round.
    pub fn rsa(number: usize) -> Self {
        Self::Rsa(Box::new(
            RsaKeyPair::from_pkcs8(rsa_pkcs8(number)).expect("the key files are PKCS#8 of RSA-2048"),
        ))
    }

    /// SubjectPublicKeyInfo.
    pub fn spki(&self) -> Vec<u8> {
        match self {
            Self::Gost(key) => gost_spki(&key.public().to_bytes()),
            Self::Rsa(key) => sequence(&[
                &algorithm(RSA_ENCRYPTION, &null()),
                &bits(key.public_key().as_ref()),
            ]),
        }
    }

    /// The key's octets as SubjectPublicKeyInfo holds them, over which key identifiers are taken.
    pub fn octets(&self) -> Vec<u8> {
        match self {
            Self::Gost(key) => octets(&key.public().to_bytes()),
            Self::Rsa(key) => key.public_key().as_ref().to_vec(),
        }
    }

    /// The AlgorithmIdentifier its signatures are made under.
    pub fn signature_algorithm(&self) -> Vec<u8> {
        match self {
            Self::Gost(_) => algorithm(GOST_2015_SIGNATURE, &null()),
            Self::Rsa(_) => algorithm(SHA256_WITH_RSA, &null()),
        }
    }

    /// The AlgorithmIdentifier of the digest that goes with it.
    pub fn digest_algorithm(&self) -> Vec<u8> {
        match self {
            Self::Gost(_) => algorithm(STREEBOG_512, &null()),
            Self::Rsa(_) => algorithm(SHA_256, &null()),
        }
    }

    pub fn digest(&self) -> Digest {
        match self {
            Self::Gost(_) => Digest::Streebog512,
            Self::Rsa(_) => Digest::Sha256,
        }
    }

    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::Gost(key) => key.sign(message).to_vec(),
            Self::Rsa(key) => {
                let mut signature = vec![0; key.public().modulus_len()];
                key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature)
                    .expect("a whole RSA-2048 key signs any message into a buffer of its modulus' length");
                signature
            }
        }
    }
}

/// SubjectPublicKeyInfo of 128 bytes x‖y, on the curve or not.
pub fn gost_spki(point: &[u8; 128]) -> Vec<u8> {
    let parameters = sequence(&[&oid(GOST_2015_PARAMETERS), &oid(STREEBOG_512)]);
    sequence(&[&algorithm(GOST_2015_KEY, &parameters), &bits(&octets(point))])
}
