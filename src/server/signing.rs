//! Signing a frozen application. However the signature came, [`accept`] decides: verified against the frozen bytes, the
//! signer is the owner, the certificate isn't revoked; then one transaction stores signature and new requisites. The ways:
//! [`eds`] (a CMS from NCALayer) and [`egov_mobile`] by QR. Both bring a CMS with the document inside.

pub mod eds;
pub mod egov_mobile;
mod event;
pub mod evidence;
mod judging;
pub(super) mod notices;
pub mod settling;

use super::Core;
use super::accounts::eds::trouble;
use super::accounts::session;
use super::applications::receipt;
use super::eligibility;
use super::revocation::Revocation;
use super::store::applications::{Document, PhoneAnswer, SignedDocument, Verdict, Written};
use super::store::qr::{Circumstances, Device};
use super::world::sha256;
use crate::api::applications::{ApplicationId, SignedReceipt};
use crate::api::signing::{EdsSignature, QrId, QrQuestion, QrSession, Signing};
use crate::api::{ApiError, Caller, SignatureTrouble};
use crate::domain::application::ApplicationState;
use crate::domain::iin::Iin;
use crate::domain::time::Timestamp;
use crate::pki::{self, Content, Instant, Purpose, Refusal, Verified};
use async_trait::async_trait;
use egov_mobile::EgovMobile;
use serde_json::json;
use std::sync::Arc;
use tokio::task::JoinError;

/// Eligibility decided longer ago is decided again before a signature is taken.
const ELIGIBLE_FOR_SECONDS: i64 = 24 * 3600;

/// A signature brought for an application.
pub struct Brought<'a> {
    pub owner: &'a Iin,
    pub application: &'a str,
    /// DER or BER, with the document inside.
    pub cms: Vec<u8>,
    pub request_id: &'a str,
    /// Of the session on the phone it came by; none for NCALayer.
    pub phone: Option<PhoneAnswer<'a>>,
}

/// Decides about a signature and, in one transaction, stores it with all that follows. The same signature again gets the
/// same receipt; so does another valid one by the owner over the same document, which is not stored (a phone is told
/// `WrongState`: its session is over).
///
/// # Errors
/// `NotFound`, `WrongState`, `Conflict` (the Fund's record changed since freezing), `Signature`, `Refused`,
/// `RegisterUnavailable`.
pub async fn accept(core: &Core, brought: Brought<'_>) -> Result<SignedReceipt, ApiError> {
    let Brought {
        owner,
        application,
        phone,
        ..
    } = brought;
    let Some(document) = core.store.document(owner, application).await? else {
        let ended = core.store.ended_documents(owner, application).await?;
        return Err(if ended.is_empty() {
            ApiError::NotFound
        } else {
            ApiError::WrongState
        });
    };
    let cms_sha256 = sha256(&brought.cms);
    let again = document
        .signed
        .as_ref()
        .is_some_and(|signed| signed.cms_sha256 == cms_sha256);
    if again && phone.is_none() {
        return receipt(&document).ok_or(ApiError::WrongState);
    }
    let now = core.world.now();
    let cms = Arc::new(brought.cms);
    let verified = match verified(core, cms.clone(), &document.pdf, owner, now).await {
        Ok(verified) => verified,
        Err(Unverified::Refused(refusal)) if is_of_another_document(&refusal) => {
            return Err(if signs_an_ended(core, &cms, owner, application, now).await? {
                ApiError::WrongState
            } else {
                refused(core, &refusal)
            });
        }
        Err(Unverified::Refused(refusal)) => return Err(refused(core, &refusal)),
        Err(Unverified::VerifierEnded) => return Err(ApiError::Unavailable),
    };
    if document.signed.is_some() && phone.is_none() {
        return receipt(&document).ok_or(ApiError::WrongState);
    }
    if document.state != ApplicationState::Frozen {
        return Err(ApiError::WrongState);
    }
    still_eligible(core, owner, &document).await?;
    core.confirmed("document", &cms, &verified).await?;
    let asked = core.revocation.ask(&verified.chain, now).await;
    let verdict = match asked.revocation {
        Revocation::Good => Verdict::Good,
        Revocation::Unknown => Verdict::Unknown(settling::ask_again(now, 1)),
        Revocation::Revoked => {
            let code = Refusal::Revoked.code();
            core.metrics.signatures_refused.count(["document", code]);
            return Err(ApiError::Signature {
                trouble: SignatureTrouble::Revoked,
            });
        }
    };
    let (notices, follows) = match verdict {
        Verdict::Good => {
            let applied = notices::applied(core, &document, now).await?;
            (applied.notices, applied.follows)
        }
        _ => (
            notices::checking(core, &document).await?,
            notices::nothing_follows(core, now),
        ),
    };
    let messages: Vec<_> = notices.iter().map(|notice| notice.message(now)).collect();
    let signed = SignedDocument {
        application,
        document_sha256: &document.sha256,
        cms: &cms,
        cms_sha256: &cms_sha256,
        at: now,
        policy_version: pki::POLICY_VERSION,
        report: report(&verified),
        verdict,
        evidence: &asked.evidence,
        follows,
        messages: &messages,
        request_id: brought.request_id,
        phone,
    };
    let way = if phone.is_some() { "egov_mobile" } else { "eds" };
    match core.store.sign(owner, &signed).await? {
        Written::Now => {
            core.metrics.signed.count([way]);
            core.waiting.nudge();
        }
        Written::Before if phone.is_none() => {}
        Written::Before => return Err(ApiError::WrongState),
        Written::WrongState => return Err(ApiError::WrongState),
        Written::Outdated => return Err(ApiError::Conflict),
    }
    let document = core
        .store
        .document(owner, application)
        .await?
        .ok_or(ApiError::NotFound)?;
    receipt(&document).ok_or(ApiError::WrongState)
}

/// Decides again whether the service may be given, if that was decided long ago.
async fn still_eligible(core: &Core, owner: &Iin, document: &Document) -> Result<(), ApiError> {
    let since = core.world.now().plus_seconds(-ELIGIBLE_FOR_SECONDS);
    if document.eligible_at < since {
        eligibility::decided(core, owner, since).await?;
    }
    Ok(())
}

/// Why a signature isn't verified.
#[derive(Debug)]
enum Unverified {
    Refused(Refusal),
    /// The verifier itself failed, so nothing is known of the signature: it is neither taken nor held against anybody.
    VerifierEnded,
}

/// Everything about the signature but revocation, the signer's being the owner included, as of `at`.
async fn verified(
    core: &Core,
    cms: Arc<Vec<u8>>,
    pdf: &[u8],
    owner: &Iin,
    at: Timestamp,
) -> Result<Verified, Unverified> {
    let at = Instant::from_unix(at.0 / 1000);
    let anchors = core.anchors.clone();
    let pdf = pdf.to_vec();
    let verifying = tokio::task::spawn_blocking(move || {
        pki::verify(&cms, Content::Attached(&pdf), Purpose::Document, at, &anchors)
    });
    let verified = said(verifying.await)?;
    if verified.signer.iin == owner.digits() {
        Ok(verified)
    } else {
        Err(Unverified::Refused(Refusal::AnotherPerson))
    }
}

/// The verifier's word. It answers every input; should it end otherwise, nothing is verified.
fn said(verdict: Result<Result<Verified, Refusal>, JoinError>) -> Result<Verified, Unverified> {
    match verdict {
        Ok(verdict) => verdict.map_err(Unverified::Refused),
        Err(error) => {
            tracing::error!(%error, "the verifier ended");
            Err(Unverified::VerifierEnded)
        }
    }
}

const fn is_of_another_document(refusal: &Refusal) -> bool {
    matches!(refusal, Refusal::DocumentMismatch | Refusal::ContentMismatch)
}

/// Whether the signature is the owner's over a document of this application that has ended: then the person looks at an
/// old page, and nobody has tampered with anything.
async fn signs_an_ended(
    core: &Core,
    cms: &Arc<Vec<u8>>,
    owner: &Iin,
    application: &str,
    at: Timestamp,
) -> Result<bool, ApiError> {
    for pdf in core.store.ended_documents(owner, application).await? {
        match verified(core, cms.clone(), &pdf, owner, at).await {
            Ok(_) => return Ok(true),
            Err(Unverified::Refused(_)) => {}
            Err(Unverified::VerifierEnded) => return Err(ApiError::Unavailable),
        }
    }
    Ok(false)
}

fn refused(core: &Core, refusal: &Refusal) -> ApiError {
    core.metrics
        .signatures_refused
        .count(["document", refusal.code()]);
    tracing::info!(reason = refusal.code(), "document signature refused");
    ApiError::Signature {
        trouble: trouble(refusal),
    }
}

/// What is kept of the verifier's report: nothing that the certificate in the signature doesn't say itself, but readable.
fn report(verified: &Verified) -> serde_json::Value {
    json!({
        "serial": verified.signer.serial_hex,
        "issuer": verified.chain.issuer.common_name(),
        "not_before": verified.signer.not_before.unix(),
        "not_after": verified.signer.not_after.unix(),
        "signing_time": verified.signing_time.map(Instant::unix),
        "normalised": verified.normalised,
    })
}

pub struct SigningService {
    core: Arc<Core>,
    phones: Arc<EgovMobile>,
}

impl SigningService {
    #[must_use]
    pub fn new(core: Arc<Core>) -> Self {
        let phones = phones(&core);
        Self { core, phones }
    }
}

/// Where a step came from that the page asked for.
fn browser(caller: &Caller) -> Device {
    Device {
        address: caller.address.to_string(),
        agent: caller.user_agent.clone(),
    }
}

fn of_browser<'a>(caller: &'a Caller, browser: &'a Device) -> Circumstances<'a> {
    Circumstances {
        request_id: Some(&caller.request_id),
        browser: Some(browser),
        ..Circumstances::default()
    }
}

/// The room of eGov Mobile, with the applications behind it.
#[must_use]
pub fn phones(core: &Arc<Core>) -> Arc<EgovMobile> {
    let papers = judging::Applications::new(core.clone());
    Arc::new(EgovMobile::new(core.clone(), Arc::new(papers)))
}

#[async_trait]
impl Signing for SigningService {
    async fn sign_by_eds(&self, caller: &Caller, input: EdsSignature) -> Result<SignedReceipt, ApiError> {
        let session = session::require(&self.core, caller).await?;
        eds::sign(&self.core, caller, &session, input).await
    }

    async fn start_qr(&self, caller: &Caller, input: ApplicationId) -> Result<QrSession, ApiError> {
        let session = session::require(&self.core, caller).await?;
        // Better said before the code is scanned than on the phone.
        let found = self
            .core
            .store
            .document(&session.person_iin, &input.application)
            .await?;
        if let Some(document) = found.filter(|found| found.state == ApplicationState::Frozen) {
            still_eligible(&self.core, &session.person_iin, &document).await?;
        }
        let browser = browser(caller);
        let by = of_browser(caller, &browser);
        self.phones
            .start(&session.person_iin, &input.application, by)
            .await
    }

    async fn qr_status(&self, caller: &Caller, input: QrQuestion) -> Result<QrSession, ApiError> {
        // Asking by itself every few seconds is no sign that the person is there.
        let session = session::look(&self.core, caller).await?;
        self.phones.status(&session.person_iin, &input).await
    }

    async fn cancel_qr(&self, caller: &Caller, input: QrId) -> Result<QrSession, ApiError> {
        let session = session::require(&self.core, caller).await?;
        let browser = browser(caller);
        let by = of_browser(caller, &browser);
        self.phones.cancel(&session.person_iin, &input.session, by).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_verifier_that_fails_is_no_verdict_on_the_signature() {
        let failing =
            tokio::task::spawn_blocking(|| -> Result<Verified, Refusal> { panic!("a fault of ours") });
        assert!(matches!(said(failing.await), Err(Unverified::VerifierEnded)));
        let refusing = tokio::task::spawn_blocking(|| Err(Refusal::SignatureInvalid));
        assert!(matches!(
            said(refusing.await),
            Err(Unverified::Refused(Refusal::SignatureInvalid))
        ));
    }
}
