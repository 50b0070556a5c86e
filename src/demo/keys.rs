//! The keys the demo's people sign with: what the NCALayer simulator and the eGov Mobile simulator choose from. Certificates
//! follow the national layout; private keys are here because this is a demo and nowhere else.

use super::authority::instant;
use super::clock::DemoClock;
use super::mint::{Cms, Credential, time_stamp_attribute};
use crate::domain::iin::Iin;
use crate::domain::time::Timestamp;
use std::sync::Arc;

/// What a key is for, and what is wrong with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyKind {
    /// A person's signing key (`emailProtection` and the role of an individual).
    Individual,
    /// A person's key for signing in alone (`clientAuth`, RSA era).
    AuthenticationOnly,
    /// A person acting for an organisation.
    Organisation,
    /// A signing key whose certificate has ended.
    Expired,
    /// A signing key whose certificate was revoked.
    Revoked,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyAlgorithm {
    /// GOST 34.10-2015 with 512 bits over Streebog-512.
    Gost512,
    /// RSA PKCS#1 v1.5 over SHA-256, 2048 bits.
    Rsa2048,
}

/// Who issued the certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyOrigin {
    /// The test authority minted at first start.
    Minted,
    /// The national test authority; from files beside the repository or configured.
    National,
}

#[derive(Clone)]
pub enum PrivateKey {
    /// The scalar, little-endian, as national key files hold it.
    Gost512([u8; 64]),
    /// PKCS#8, DER.
    Rsa2048(Vec<u8>),
}

impl PrivateKey {
    #[must_use]
    pub fn algorithm(&self) -> KeyAlgorithm {
        match self {
            Self::Gost512(_) => KeyAlgorithm::Gost512,
            Self::Rsa2048(_) => KeyAlgorithm::Rsa2048,
        }
    }
}

impl std::fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}(withheld)", self.algorithm())
    }
}

/// One key with its certificate.
#[derive(Debug, Clone)]
pub struct DemoKey {
    /// `aliya-gost`: for scripts.
    pub id: String,
    /// For the key list of a dialog: `АХМЕТОВА ӘЛИЯ · GOST512`.
    pub label: String,
    pub iin: Iin,
    pub kind: KeyKind,
    pub origin: KeyOrigin,
    /// DER.
    pub certificate: Vec<u8>,
    /// The certificate's serial number, lower-case hexadecimal.
    pub serial_hex: String,
    /// Extended key usages of the certificate, dotted.
    pub usages: Vec<String>,
    pub private: PrivateKey,
}

impl DemoKey {
    #[must_use]
    pub fn algorithm(&self) -> KeyAlgorithm {
        self.private.algorithm()
    }
}

#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error("there is no key {0:?}")]
    Unknown(String),
    #[error("the signature could not be made: {0}")]
    Signing(String),
}

/// All keys, in the order a dialog lists them. Cloned freely.
#[derive(Debug, Clone)]
pub struct KeyStore {
    keys: Arc<Vec<DemoKey>>,
    clock: DemoClock,
    stamper: Arc<dyn Stamper>,
}

/// Makes an RFC 3161 token over the octets of a signature.
pub trait Stamper: Send + Sync + std::fmt::Debug {
    /// # Errors
    /// A text for the log.
    fn stamp(&self, signature: &[u8], algorithm: KeyAlgorithm) -> Result<Vec<u8>, String>;
}

impl KeyStore {
    #[must_use]
    pub fn new(keys: Vec<DemoKey>, clock: DemoClock, stamper: Arc<dyn Stamper>) -> Self {
        Self {
            keys: Arc::new(keys),
            clock,
            stamper,
        }
    }

    #[must_use]
    pub fn keys(&self) -> &[DemoKey] {
        &self.keys
    }

    /// # Errors
    /// [`KeyError::Unknown`].
    pub fn find(&self, id: &str) -> Result<&DemoKey, KeyError> {
        self.keys
            .iter()
            .find(|key| key.id == id)
            .ok_or_else(|| KeyError::Unknown(id.to_owned()))
    }

    /// The keys of one person.
    pub fn of(&self, iin: &Iin) -> impl Iterator<Item = &DemoKey> {
        self.keys.iter().filter(move |key| key.iin == *iin)
    }

    #[must_use]
    pub fn clock(&self) -> &DemoClock {
        &self.clock
    }

    /// A CMS signature (DER) over `content` by the key, as NCALayer makes it: one signer, the signer's certificate, signed
    /// attributes with the demo's time; `attached` puts the content inside, `stamped` adds a time stamp.
    ///
    /// # Errors
    /// [`KeyError`].
    pub fn sign_cms(
        &self,
        id: &str,
        content: &[u8],
        attached: bool,
        stamped: bool,
    ) -> Result<Vec<u8>, KeyError> {
        let key = self.find(id)?;
        let stamper = stamped.then_some(&*self.stamper);
        cms(key, content, attached, stamper, self.clock.now()).map_err(KeyError::Signing)
    }
}

fn cms(
    key: &DemoKey,
    content: &[u8],
    attached: bool,
    stamper: Option<&dyn Stamper>,
    now: Timestamp,
) -> Result<Vec<u8>, String> {
    let credential = Credential {
        key: key.private.open()?,
        certificate: key.certificate.clone(),
    };
    let mut cms = Cms::new(&credential, content, attached, instant(now));
    if let Some(stamper) = stamper {
        // GOST and RSA here both sign the same value each time, so the stamp made now fits the signature encoded below.
        let token = stamper.stamp(&cms.signer().signature(), key.algorithm())?;
        cms.signer()
            .unsigned_attributes
            .push(time_stamp_attribute(&token));
    }
    Ok(cms.encode())
}
