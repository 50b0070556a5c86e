//! `manifest.json` of a bundle.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Evidence, FORMAT};
use crate::pki::{
    Instant, POLICY_VERSION, Purpose,
    certificate::hex,
    revocation::{Revocation, Source, When},
};

pub(super) struct Manifest {
    pub(super) policy_version: u32,
    pub(super) purpose: Purpose,
    pub(super) attached: bool,
    pub(super) when: When,
    pub(super) iin: String,
    pub(super) ocsp_nonce: Option<Vec<u8>>,
    pub(super) lists: Vec<String>,
    pub(super) revocation: Value,
    /// SHA-256 of every other entry.
    pub(super) files: BTreeMap<String, String>,
}

impl Manifest {
    pub(super) fn of(evidence: &Evidence, files: BTreeMap<String, String>) -> Self {
        Self {
            policy_version: POLICY_VERSION,
            purpose: evidence.purpose,
            attached: evidence.attached,
            when: evidence.when,
            iin: evidence.iin.clone(),
            ocsp_nonce: evidence.ocsp.as_ref().and_then(|(_, nonce)| nonce.clone()),
            lists: evidence.lists.clone(),
            revocation: revocation_json(&evidence.revocation),
            files,
        }
    }

    pub(super) fn to_json(&self) -> Vec<u8> {
        let manifest = json!({
            "format": FORMAT,
            "policy_version": self.policy_version,
            "purpose": purpose_name(self.purpose),
            "attached": self.attached,
            "as_of": self.when.as_of.to_string(),
            "decided_at": self.when.now.to_string(),
            "iin": self.iin,
            "ocsp_nonce": self.ocsp_nonce.as_deref().map(hex),
            "lists": self.lists,
            "revocation": self.revocation,
            "files": self.files,
        });
        format!("{manifest:#}\n").into_bytes()
    }

    pub(super) fn from_json(bytes: &[u8]) -> Option<Self> {
        let manifest: Value = serde_json::from_slice(bytes).ok()?;
        if manifest["format"] != FORMAT {
            return None;
        }
        let moment = |name: &str| Instant::from_rfc3339(manifest[name].as_str()?);
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let files = manifest["files"].as_object()?.iter();
        Some(Self {
            policy_version: u32::try_from(manifest["policy_version"].as_u64()?).ok()?,
            purpose: purpose_from(manifest["purpose"].as_str()?)?,
            attached: manifest["attached"].as_bool()?,
            when: When {
                as_of: moment("as_of")?,
                now: moment("decided_at")?,
            },
            iin: text(&manifest["iin"])?,
            ocsp_nonce: match &manifest["ocsp_nonce"] {
                Value::Null => None,
                nonce => Some(unhex(nonce.as_str()?)?),
            },
            lists: manifest["lists"]
                .as_array()?
                .iter()
                .map(text)
                .collect::<Option<_>>()?,
            revocation: manifest["revocation"].clone(),
            files: files
                .map(|(name, hash)| Some((name.clone(), text(hash)?)))
                .collect::<Option<_>>()?,
        })
    }
}

/// `sign-in` or `document`, as on the command line.
pub(crate) fn purpose_name(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::SignIn => "sign-in",
        Purpose::Document => "document",
    }
}

fn purpose_from(name: &str) -> Option<Purpose> {
    [Purpose::SignIn, Purpose::Document]
        .into_iter()
        .find(|purpose| purpose_name(*purpose) == name)
}

/// As the manifest and the command line print it.
pub(crate) fn revocation_json(revocation: &Revocation) -> Value {
    let source = |by: &Source| match by {
        Source::Ocsp => "ocsp",
        Source::Crl => "crl",
    };
    match revocation {
        Revocation::Good { by, at } => json!({ "status": "good", "by": source(by), "at": at.to_string() }),
        Revocation::Revoked { by, at, reason } => {
            json!({ "status": "revoked", "by": source(by), "at": at.to_string(), "reason": reason.name() })
        }
        Revocation::Undecided { why } => json!({ "status": "undecided", "reason": why.code() }),
    }
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u32>> = text.chars().map(|digit| digit.to_digit(16)).collect();
    let digits = digits?;
    digits.len().is_multiple_of(2).then(|| {
        digits
            .chunks_exact(2)
            .map(|pair| (pair[0] << 4 | pair[1]) as u8)
            .collect()
    })
}
