//! The authority as it lies in the data folder: one JSON file, written whole and moved into place.

use super::{Family, Revoked, TestAuthority};
use crate::demo::clock::DemoClock;
use crate::demo::gost_sign;
use crate::demo::keys::{DemoKey, KeyAlgorithm, KeyKind, KeyOrigin, PrivateKey};
use crate::demo::mint::{self, Credential, Key};
use crate::demo::people::DemoPerson;
use crate::pki::{Certificate, Instant};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::signature::RsaKeyPair;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// Why the authority can't be had.
#[derive(Debug, thiserror::Error)]
pub enum AuthorityError {
    #[error("{} can't be used: {error}", .file.display())]
    Io { file: PathBuf, error: std::io::Error },
    #[error("{} is damaged ({why}); delete it, and a new test authority is minted", .file.display())]
    Damaged { file: PathBuf, why: String },
    #[error("an RSA key can't be made: {0}")]
    Rsa(String),
}

#[derive(Serialize, Deserialize)]
pub(super) struct Kept {
    pub gost: KeptFamily,
    pub rsa: KeptFamily,
    pub people: Vec<KeptKey>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct KeptFamily {
    pub root: KeptKey,
    pub issuer: KeptKey,
    pub responder: KeptKey,
    pub stamper: KeptKey,
}

/// A private key with its certificate, both base64.
#[derive(Serialize, Deserialize)]
pub(super) struct KeptKey {
    /// Of a person's key; empty for the authorities.
    #[serde(default)]
    pub id: String,
    pub algorithm: KeptAlgorithm,
    #[serde(default)]
    pub usages: Vec<String>,
    private: String,
    certificate: String,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum KeptAlgorithm {
    Gost512,
    Rsa2048,
}

impl KeptKey {
    pub fn new(id: &str, private: &PrivateKey, certificate: &[u8], usages: &[&str]) -> Self {
        let (algorithm, octets) = match private {
            PrivateKey::Gost512(scalar) => (KeptAlgorithm::Gost512, scalar.as_slice()),
            PrivateKey::Rsa2048(pkcs8) => (KeptAlgorithm::Rsa2048, pkcs8.as_slice()),
        };
        Self {
            id: id.to_owned(),
            algorithm,
            usages: usages.iter().map(|usage| (*usage).to_owned()).collect(),
            private: STANDARD.encode(octets),
            certificate: STANDARD.encode(certificate),
        }
    }

    pub fn certificate(&self) -> Result<Certificate, String> {
        let der = STANDARD
            .decode(&self.certificate)
            .map_err(|error| error.to_string())?;
        Certificate::from_der(&der).map_err(|refusal| format!("{refusal:?}"))
    }

    pub fn private(&self) -> Result<PrivateKey, String> {
        let octets = STANDARD
            .decode(&self.private)
            .map_err(|error| error.to_string())?;
        Ok(match self.algorithm {
            KeptAlgorithm::Gost512 => PrivateKey::Gost512(
                octets
                    .try_into()
                    .map_err(|_| "a GOST key isn't 64 bytes".to_owned())?,
            ),
            KeptAlgorithm::Rsa2048 => PrivateKey::Rsa2048(octets),
        })
    }

    pub fn credential(&self) -> Result<Credential, String> {
        Ok(Credential {
            key: self.private()?.open()?,
            certificate: self.certificate()?.der().to_vec(),
        })
    }

    pub fn authority(&self) -> Result<mint::Authority, String> {
        let Credential { key, certificate } = self.credential()?;
        Ok(mint::Authority {
            name: self.certificate()?.subject().to_vec(),
            key,
            certificate,
        })
    }
}

impl PrivateKey {
    /// The key ready to sign.
    ///
    /// # Errors
    /// A text for the log: the octets are no key.
    pub fn open(&self) -> Result<Key, String> {
        match self {
            Self::Gost512(scalar) => gost_sign::PrivateKey::from_bytes(scalar)
                .map(Key::Gost)
                .ok_or_else(|| "the GOST scalar is out of range".to_owned()),
            Self::Rsa2048(pkcs8) => RsaKeyPair::from_pkcs8(pkcs8)
                .map(|pair| Key::Rsa(Box::new(pair)))
                .map_err(|error| format!("the RSA key is refused: {error}")),
        }
    }
}

impl KeptFamily {
    fn open(&self) -> Result<Family, String> {
        Ok(Family {
            root: self.root.authority()?,
            issuer: self.issuer.authority()?,
            responder: self.responder.credential()?,
            stamper: self.stamper.credential()?,
        })
    }
}

impl Kept {
    /// Whether responders and stampers last another month.
    pub fn lasts(&self, now: Instant) -> bool {
        let soon = now.plus_seconds(30 * 86_400);
        [&self.gost, &self.rsa]
            .into_iter()
            .flat_map(|family| [&family.issuer, &family.responder, &family.stamper])
            .all(|key| key.certificate().map_or(true, |c| c.not_after() > soon))
    }

    pub fn open(&self, people: &[DemoPerson], clock: &DemoClock) -> Result<TestAuthority, String> {
        let mut keys = Vec::new();
        let mut revoked = Vec::new();
        let mut serials = HashSet::new();
        for planned in super::minting::plan(people) {
            let Some(kept) = self.people.iter().find(|key| key.id == planned.id) else {
                return Err(format!("the key {} is missing", planned.id));
            };
            let certificate = kept.certificate()?;
            serials.insert(certificate.serial().to_vec());
            if planned.kind == KeyKind::Revoked {
                revoked.push(Revoked {
                    certificate: certificate.der().to_vec(),
                    at: certificate.not_before().plus_seconds(86_400),
                    reason: KEY_COMPROMISE,
                });
            }
            let private = kept.private()?;
            keys.push(DemoKey {
                label: label(
                    &planned.person.register.surname,
                    &planned.person.register.given_name,
                    &private,
                    planned.kind,
                ),
                iin: planned.person.iin().clone(),
                kind: planned.kind,
                origin: KeyOrigin::Minted,
                serial_hex: certificate.serial_hex(),
                certificate: certificate.der().to_vec(),
                usages: kept.usages.clone(),
                private,
                id: planned.id,
            });
        }
        Ok(TestAuthority {
            gost: self.gost.open()?,
            rsa: self.rsa.open()?,
            keys,
            revoked,
            serials: Mutex::new(serials),
            clock: clock.clone(),
        })
    }
}

const KEY_COMPROMISE: u8 = 1;

/// `АХМЕТОВА ӘЛИЯ · GOST512`, and what is particular about the key.
pub(super) fn label(surname: &str, given_name: &str, private: &PrivateKey, kind: KeyKind) -> String {
    let algorithm = match private.algorithm() {
        KeyAlgorithm::Gost512 => "GOST512",
        KeyAlgorithm::Rsa2048 => "RSA256",
    };
    let particular = match kind {
        KeyKind::Individual => "",
        KeyKind::AuthenticationOnly => " · AUTH",
        KeyKind::Organisation => " · organisation",
        KeyKind::Expired => " · expired",
        KeyKind::Revoked => " · revoked",
    };
    format!("{surname} {given_name} · {algorithm}{particular}")
}

/// `None` when there is no file yet.
pub(super) fn read(file: &Path) -> Result<Option<Kept>, AuthorityError> {
    let text = match std::fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => {
            return Err(AuthorityError::Io {
                file: file.to_owned(),
                error,
            });
        }
    };
    serde_json::from_str(&text)
        .map(Some)
        .map_err(|error| AuthorityError::Damaged {
            file: file.to_owned(),
            why: error.to_string(),
        })
}

pub(super) fn write(file: &Path, kept: &Kept) -> Result<(), AuthorityError> {
    let text = serde_json::to_string_pretty(kept).unwrap_or_default();
    let beside = file.with_extension("json.new");
    let put = || {
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(&beside, text)?;
        std::fs::rename(&beside, file)
    };
    put().map_err(|error| AuthorityError::Io {
        file: file.to_owned(),
        error,
    })
}
