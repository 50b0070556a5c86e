//! Signs our question, where the operator's contract with SHEP wants a signature: WS-Security over the SOAP body. [`NcaNode`]
//! asks an NCANode server (version 3, `POST /wsse/sign`). What it gives back is held against what it was given: a question
//! that isn't signed, or isn't ours any more, is not sent.

use super::super::xml;
use super::bounded;
use crate::server::config::{GbdFlSigner, Secret};
use crate::server::outgoing::{Outgoing, System};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::json;
use std::path::PathBuf;
use std::time::Duration;

const TIME_OUT: Duration = Duration::from_secs(4);

/// Why a question isn't signed. Nothing of the question stands in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unsigned {
    #[error("the signer gives no answer")]
    Unreachable,
    #[error("the signer answers with HTTP status {0}")]
    Status(u16),
    #[error("the signer's answer isn't in the agreed shape")]
    Shape,
    #[error("what the signer gives back has no signature")]
    NoSignature,
    #[error("what the signer gives back isn't our question")]
    AnotherBody,
}

#[async_trait::async_trait]
pub trait EnvelopeSigner: Send + Sync {
    /// The envelope with its signature.
    async fn sign(&self, envelope: String) -> Result<String, Unsigned>;
}

/// An NCANode server, and the key it signs with.
pub struct NcaNode {
    url: String,
    /// PKCS#12 in base64: it goes with every question.
    key: Secret,
    password: Secret,
    http: Outgoing,
}

impl NcaNode {
    /// # Errors
    /// The key's file and why it can't be read.
    pub fn open(settings: &GbdFlSigner, http: Outgoing) -> Result<Self, (PathBuf, std::io::Error)> {
        let key = std::fs::read(&settings.key).map_err(|error| (settings.key.clone(), error))?;
        Ok(Self {
            url: format!("{}/wsse/sign", settings.url.trim_end_matches('/')),
            key: Secret::new(STANDARD.encode(key)),
            password: settings.password.clone(),
            http,
        })
    }
}

/// As much of `XmlSignResponse` as is needed.
#[derive(Deserialize)]
struct Answer {
    xml: String,
}

#[async_trait::async_trait]
impl EnvelopeSigner for NcaNode {
    async fn sign(&self, envelope: String) -> Result<String, Unsigned> {
        let question = json!({
            "xml": envelope,
            "key": self.key.expose(),
            "password": self.password.expose(),
            "trimXml": false,
        });
        let asked = self.http.post(&self.url).json(&question).timeout(TIME_OUT);
        let answer = self.http.send(System::GbdFlSigner, asked).await;
        let answer = answer.map_err(|_| Unsigned::Unreachable)?;
        let status = answer.status().as_u16();
        if status != 200 {
            return Err(Unsigned::Status(status));
        }
        let bytes = bounded(answer).await.map_err(|_| Unsigned::Unreachable)?;
        let answer: Answer = serde_json::from_slice(&bytes).map_err(|_| Unsigned::Shape)?;
        compare(&envelope, &answer.xml)?;
        Ok(answer.xml)
    }
}

/// Whether `signed` carries a signature in its header over a body that says what ours says.
fn compare(ours: &str, signed: &str) -> Result<(), Unsigned> {
    let (Ok(ours), Ok(signed)) = (xml::read(ours.as_bytes()), xml::read(signed.as_bytes())) else {
        return Err(Unsigned::Shape);
    };
    if ours.name != signed.name || ours.child("Body") != signed.child("Body") {
        return Err(Unsigned::AnotherBody);
    }
    let value = ["Header", "Security", "Signature", "SignatureValue"];
    match signed.at(&value) {
        Some(value) if !value.text.is_empty() => Ok(()),
        _ => Err(Unsigned::NoSignature),
    }
}

#[cfg(all(test, feature = "demo"))]
mod tests;
