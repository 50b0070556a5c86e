//! What the server answered with success: in memory for the check, and line by line in a file for whoever looks into a failure.

use super::DriverError;
use crate::api::applications::SigningWay;
use serde::Serialize;
use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// One success. Hashes are lower-case hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Noted {
    SignedIn {
        iin: String,
    },
    /// A password was set by a code.
    Registered {
        iin: String,
    },
    Saved {
        iin: String,
        application: String,
        version: u64,
    },
    Frozen {
        iin: String,
        application: String,
        number: String,
        document_sha256: String,
    },
    Signed {
        iin: String,
        application: String,
        number: String,
        document_sha256: String,
        cms_sha256: String,
        way: SigningWay,
    },
}

/// Shared by reference.
pub struct Ledger {
    noted: Mutex<Vec<Noted>>,
    file: Mutex<File>,
}

impl Ledger {
    /// # Errors
    /// [`DriverError::Io`].
    pub fn new(file: &Path) -> Result<Self, DriverError> {
        let opened = File::create(file).map_err(DriverError::io(file.display()))?;
        Ok(Self {
            noted: Mutex::default(),
            file: Mutex::new(opened),
        })
    }

    /// # Panics
    /// The file can't be written to.
    pub fn note(&self, noted: Noted) {
        let mut line = serde_json::to_string(&noted).unwrap_or_default();
        line.push('\n');
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.write_all(line.as_bytes())
            .expect("the ledger's file is in the test's own folder");
        self.held().push(noted);
    }

    fn held(&self) -> MutexGuard<'_, Vec<Noted>> {
        self.noted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Everything so far.
    #[must_use]
    pub fn all(&self) -> Vec<Noted> {
        self.held().clone()
    }

    /// What was noted behind the first so many.
    #[must_use]
    pub fn since(&self, first: usize) -> Vec<Noted> {
        self.held().iter().skip(first).cloned().collect()
    }
}
