//! A second verifier, for operators who are bound to KalkanCrypt: what `pki` has accepted it must accept too, or nothing is
//! done on the strength of the signature. It takes no check over; `pki`'s verdict, with revocation, stands beside it.
//! [`NcaNode`] asks an NCANode server (version 3, `POST /cms/verify`). Without `ncanode_url` nobody is asked.

use super::Core;
use super::config::Config;
use super::outgoing::{Outgoing, System};
use crate::api::{ApiError, SignatureTrouble};
use crate::pki::{Signer, Verified};
use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;

/// An answer tells of one signer; NCANode's has some five kilobytes.
const MAX_ANSWER: usize = 256 * 1024;
const TIMEOUT: Duration = Duration::from_secs(10);

/// Why the second verifier did not agree.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Disagreement {
    /// It looked at the signature and does not accept it, or accepts it as another person's.
    #[error("refused: {0}")]
    Refused(&'static str),
    /// It said nothing that could be understood.
    #[error("no answer: {0}")]
    Unavailable(String),
}

#[async_trait]
pub trait SecondVerifier: Send + Sync {
    /// Whether it too accepts this CMS, which carries its document, as this signer's.
    async fn confirm(&self, cms: &[u8], signer: &Signer) -> Result<(), Disagreement>;
}

/// Who the settings say has to agree.
#[must_use]
pub fn configured(config: &Config, http: &Outgoing) -> Option<Arc<dyn SecondVerifier>> {
    let base = config.ncanode_url.as_deref()?;
    Some(Arc::new(NcaNode {
        url: format!("{}/cms/verify", base.trim_end_matches('/')),
        http: http.clone(),
    }))
}

impl Core {
    /// Asks the second verifier, if there is one, about a signature that was just verified; `purpose` is for the metrics.
    ///
    /// # Errors
    /// `Signature` when it does not accept it, `Unavailable` when it gives no answer.
    pub(super) async fn confirmed(
        &self,
        purpose: &'static str,
        cms: &[u8],
        verified: &Verified,
    ) -> Result<(), ApiError> {
        let Some(second) = &self.second_verifier else {
            return Ok(());
        };
        let answer = second.confirm(cms, &verified.signer).await;
        answer.map_err(|disagreement| {
            tracing::warn!(%disagreement, "the second verifier does not confirm a signature");
            match disagreement {
                Disagreement::Refused(_) => {
                    let code = "second_verifier";
                    self.metrics.signatures_refused.count([purpose, code]);
                    ApiError::Signature {
                        trouble: SignatureTrouble::Damaged {
                            code: code.to_owned(),
                        },
                    }
                }
                Disagreement::Unavailable(_) => ApiError::Unavailable,
            }
        })
    }
}

/// An NCANode server.
pub struct NcaNode {
    url: String,
    http: Outgoing,
}

/// As much of `CmsVerificationResponse` as is held against our own verdict. What is missing confirms nothing.
#[derive(Deserialize)]
struct Answer {
    valid: bool,
    signers: Vec<AnsweredSigner>,
}

#[derive(Deserialize)]
struct AnsweredSigner {
    certificates: Vec<AnsweredCertificate>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AnsweredCertificate {
    valid: bool,
    revocations: Option<Vec<AnsweredRevocation>>,
    /// Hexadecimal, without leading zeros.
    serial_number: String,
    subject: AnsweredSubject,
}

#[derive(Deserialize)]
struct AnsweredRevocation {
    revoked: bool,
}

#[derive(Deserialize)]
struct AnsweredSubject {
    iin: String,
}

#[async_trait]
impl SecondVerifier for NcaNode {
    async fn confirm(&self, cms: &[u8], signer: &Signer) -> Result<(), Disagreement> {
        let (status, body) = self.ask(cms).await?;
        match status {
            200 => {
                let answer: Answer = serde_json::from_slice(&body)
                    .map_err(|error| Disagreement::Unavailable(format!("not an answer: {error}")))?;
                compare(&answer, signer)
            }
            // How it says that it can't read the signature; a proxy's 400 says something else.
            400 if is_its_own_refusal(&body) => Err(Disagreement::Refused("it can't read the signature")),
            other => Err(Disagreement::Unavailable(format!("HTTP status {other}"))),
        }
    }
}

impl NcaNode {
    /// Revocation is not asked for: an outage of the authority's responder would look like a bad signature there, and
    /// `pki` decides it from answers that it verifies.
    async fn ask(&self, cms: &[u8]) -> Result<(u16, Vec<u8>), Disagreement> {
        let failed = |error: reqwest::Error| Disagreement::Unavailable(error.without_url().to_string());
        let question = json!({ "cms": STANDARD.encode(cms), "revocationCheck": [] });
        let asked = self.http.post(&self.url).json(&question).timeout(TIMEOUT);
        let mut answer = self
            .http
            .send(System::SecondVerifier, asked)
            .await
            .map_err(failed)?;
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(failed)? {
            if body.len() + chunk.len() > MAX_ANSWER {
                return Err(Disagreement::Unavailable("the answer is too long".to_owned()));
            }
            body.extend_from_slice(&chunk);
        }
        Ok((answer.status().as_u16(), body))
    }
}

fn is_its_own_refusal(body: &[u8]) -> bool {
    serde_json::from_slice::<serde_json::Value>(body).is_ok_and(|body| body["status"] == 400)
}

/// NCANode calls a signature without signers valid, and passes over a signer without a certificate.
fn compare(answer: &Answer, signer: &Signer) -> Result<(), Disagreement> {
    let refused = |why| Err(Disagreement::Refused(why));
    if !answer.valid {
        return refused("the signature is not valid there");
    }
    let [AnsweredSigner { certificates }] = answer.signers.as_slice() else {
        return refused("not exactly one signer there");
    };
    let [certificate] = certificates.as_slice() else {
        return refused("not exactly one certificate of the signer there");
    };
    let mut revocations = certificate.revocations.iter().flatten();
    if !certificate.valid || revocations.any(|checked| checked.revoked) {
        return refused("the certificate is not valid there");
    }
    let number = |text: &str| text.trim_start_matches('0').to_ascii_lowercase();
    if number(&certificate.serial_number) != number(&signer.serial_hex)
        || certificate.subject.iin != signer.iin
    {
        return refused("another person's certificate there");
    }
    Ok(())
}

#[cfg(test)]
mod tests;
