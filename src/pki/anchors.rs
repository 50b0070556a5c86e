//! Whom the operator trusts: roots and the authorities below them, both pinned as files. What a signature brings along
//! is never added to these.

use std::{fs, io, path::Path, sync::Arc};

use super::{
    Instant, Refusal, armor,
    certificate::Certificate,
    path::{ByKey, PinnedPath, Verifier},
};

/// Folders of authorities hold a handful of files; a certificate in PEM has at most 22 KiB.
const MAX_FILES: usize = 256;
const MAX_FILE_LENGTH: u64 = 64 * 1024;

/// The pinned authorities. Expired ones are kept, for signatures made while they were valid.
#[derive(Clone, Debug)]
pub struct Anchors {
    paths: Vec<PinnedPath>,
    set_aside: Vec<SetAside>,
}

/// A certificate that was offered as an authority and is not used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetAside {
    /// The file's name, or its place in the list.
    pub name: String,
    pub why: Refusal,
}

/// A pinned certificate and the day it ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expiry {
    pub common_name: String,
    pub serial_hex: String,
    pub not_after: Instant,
}

/// Why there is nobody to trust.
#[derive(Debug, thiserror::Error)]
pub enum AnchorsError {
    #[error("the folder of authorities cannot be read")]
    Io(#[from] io::Error),
    #[error("the folder of authorities holds more than {MAX_FILES} files")]
    TooManyFiles,
    #[error("no issuing authority under a root was found ({} set aside)", .0.len())]
    Nobody(Vec<SetAside>),
}

impl Anchors {
    /// Reads every `.cer`, `.crt`, `.der` and `.pem` of the folder (DER or one PEM each).
    pub fn load(folder: &Path) -> Result<Self, AnchorsError> {
        let mut files = Vec::new();
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let path = entry.path();
            let is_certificate = path
                .extension()
                .and_then(|extension| extension.to_str())
                .is_some_and(|extension| {
                    ["cer", "crt", "der", "pem"].contains(&extension.to_ascii_lowercase().as_str())
                });
            if !is_certificate || entry.metadata()?.len() > MAX_FILE_LENGTH {
                continue;
            }
            if files.len() >= MAX_FILES {
                return Err(AnchorsError::TooManyFiles);
            }
            files.push((entry.file_name().to_string_lossy().into_owned(), fs::read(path)?));
        }
        files.sort();
        Self::pin(files, &ByKey)
    }

    /// The same from certificates at hand, each as DER or PEM.
    pub fn from_der(certificates: &[Vec<u8>]) -> Result<Self, AnchorsError> {
        let named = certificates
            .iter()
            .enumerate()
            .map(|(index, der)| (format!("#{index}"), der.clone()));
        Self::pin(named.collect(), &ByKey)
    }

    /// Self-signed certificates are roots; an authority below is pinned when the key of one of the roots signed it.
    pub(crate) fn pin(files: Vec<(String, Vec<u8>)>, verifier: &dyn Verifier) -> Result<Self, AnchorsError> {
        let mut set_aside = Vec::new();
        let mut roots: Vec<Arc<Certificate>> = Vec::new();
        let mut authorities: Vec<(String, Arc<Certificate>)> = Vec::new();
        for (name, bytes) in files {
            let read = armor::decode(&bytes).and_then(|der| Certificate::from_der(&der));
            match read {
                Ok(certificate) if certificate.is_self_issued() => {
                    let root = Arc::new(certificate);
                    match PinnedPath::new(vec![root.clone()], verifier) {
                        Ok(_) => roots.push(root),
                        Err(why) => set_aside.push(SetAside { name, why }),
                    }
                }
                Ok(certificate) => authorities.push((name, Arc::new(certificate))),
                Err(why) => set_aside.push(SetAside { name, why }),
            }
        }
        let mut paths = Vec::new();
        for (name, authority) in authorities {
            let mut why = Refusal::UnknownIssuer;
            let found = roots.iter().find_map(|root| {
                PinnedPath::new(vec![authority.clone(), root.clone()], verifier)
                    .map_err(|reason| {
                        if reason != Refusal::UnknownIssuer {
                            why = reason;
                        }
                    })
                    .ok()
            });
            match found {
                Some(path) => paths.push(path),
                None => set_aside.push(SetAside { name, why }),
            }
        }
        if paths.is_empty() {
            Err(AnchorsError::Nobody(set_aside))
        } else {
            Ok(Self { paths, set_aside })
        }
    }

    pub(crate) fn paths(&self) -> &[PinnedPath] {
        &self.paths
    }

    /// What was offered and not taken, with the reason; worth a line in the log at start.
    pub fn set_aside(&self) -> &[SetAside] {
        &self.set_aside
    }

    /// The pinned certificates that end before `until`, expired ones included.
    pub fn ending_before(&self, until: Instant) -> Vec<Expiry> {
        let mut ending: Vec<Expiry> = Vec::new();
        for certificate in self
            .certificates()
            .filter(|certificate| certificate.not_after() < until)
        {
            let expiry = Expiry {
                common_name: certificate.common_name().unwrap_or_default(),
                serial_hex: certificate.serial_hex(),
                not_after: certificate.not_after(),
            };
            if !ending.contains(&expiry) {
                ending.push(expiry);
            }
        }
        ending
    }

    /// Every authority that issues certificates, in no particular order.
    pub fn issuers(&self) -> impl Iterator<Item = &Certificate> {
        self.paths.iter().map(|path| path.issuer().as_ref())
    }

    fn certificates(&self) -> impl Iterator<Item = &Certificate> {
        self.paths
            .iter()
            .flat_map(|path| [path.issuer().as_ref(), path.root().as_ref()])
    }
}
