//! Signing a frozen application. However the signature came, [`accept`] decides: verified against the frozen bytes, the
//! signer is the owner, the certificate isn't revoked; then one transaction stores signature and new requisites. The ways:
//! [`eds`] (a CMS from NCALayer) and eGov Mobile by QR, which stands behind [`QrSigning`].

pub mod eds;
pub mod egov_mobile;
mod notices;
pub mod settling;

use super::Core;
use super::accounts::eds::trouble;
use super::accounts::session::{self, Session};
use super::applications::receipt;
use super::eligibility;
use super::revocation::Revocation;
use super::store::applications::{Document, SignedDocument, Verdict, Written};
use super::world::sha256;
use crate::api::applications::{ApplicationId, SignedReceipt, SigningWay};
use crate::api::signing::{EdsSignature, QrId, QrQuestion, QrSession, Signing};
use crate::api::{ApiError, Caller, SignatureTrouble};
use crate::domain::application::ApplicationState;
use crate::domain::iin::Iin;
use crate::pki::{self, Content, Instant, Purpose, Refusal, Verified};
use async_trait::async_trait;
use serde_json::json;
use std::sync::Arc;

/// Eligibility decided longer ago is decided again before a signature is taken.
const ELIGIBLE_FOR_SECONDS: i64 = 24 * 3600;

/// A signature brought for an application.
pub struct Brought<'a> {
    pub owner: &'a Iin,
    pub application: &'a str,
    /// DER or BER.
    pub cms: Vec<u8>,
    pub way: SigningWay,
    /// Whether the signature carries the document.
    pub attached: bool,
    pub request_id: &'a str,
}

/// Decides about a signature and, in one transaction, stores it with all that follows. The same signature again gets the
/// same receipt; so does another valid one by the owner over the same document, which is not stored.
///
/// # Errors
/// `NotFound`, `WrongState`, `Conflict` (the Fund's record changed since freezing), `Signature`, `Refused`,
/// `RegisterUnavailable`.
pub async fn accept(core: &Core, brought: Brought<'_>) -> Result<SignedReceipt, ApiError> {
    let Brought {
        owner,
        application,
        way,
        ..
    } = brought;
    let document = core
        .store
        .document(owner, application)
        .await?
        .ok_or(ApiError::NotFound)?;
    let cms_sha256 = sha256(&brought.cms);
    if document
        .signed
        .is_some_and(|signed| signed.cms_sha256 == cms_sha256)
    {
        return receipt(&document).ok_or(ApiError::WrongState);
    }
    let now = core.world.now();
    let cms = Arc::new(brought.cms);
    let verified = verified(core, cms.clone(), &document, brought.attached).await?;
    if document.signed.is_some() {
        return receipt(&document).ok_or(ApiError::WrongState);
    }
    if document.state != ApplicationState::Frozen {
        return Err(ApiError::WrongState);
    }
    let since = now.plus_seconds(-ELIGIBLE_FOR_SECONDS);
    if document.eligible_at < since {
        eligibility::decided(core, owner, since).await?;
    }
    let verdict = match core.revocation.check(&verified.chain, now).await {
        Revocation::Good => Verdict::Good,
        Revocation::Unknown => Verdict::Unknown(settling::ask_again(now, 1)),
        Revocation::Revoked => {
            return Err(ApiError::Signature {
                trouble: SignatureTrouble::Revoked,
            });
        }
    };
    let notices = match verdict {
        Verdict::Good => notices::applied(core, &document).await?,
        _ => notices::checking(core, &document).await?,
    };
    let messages: Vec<_> = notices.iter().map(|notice| notice.message(now)).collect();
    let signed = SignedDocument {
        application,
        document_sha256: &document.sha256,
        cms: &cms,
        cms_sha256: &cms_sha256,
        way,
        at: now,
        policy_version: pki::POLICY_VERSION,
        report: report(&verified),
        verdict,
        evidence: &[],
        messages: &messages,
        request_id: brought.request_id,
    };
    match core.store.sign(owner, &signed).await? {
        Written::Now | Written::Before => {}
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

/// Everything about the signature but revocation, the signer's being the owner included.
async fn verified(
    core: &Core,
    cms: Arc<Vec<u8>>,
    document: &Document,
    attached: bool,
) -> Result<Verified, ApiError> {
    let at = Instant::from_unix(core.world.now().0 / 1000);
    let anchors = core.anchors.clone();
    let pdf = document.pdf.clone();
    let verdict = tokio::task::spawn_blocking(move || {
        let content = if attached {
            Content::Attached(&pdf)
        } else {
            Content::Detached(&pdf)
        };
        pki::verify(&cms, content, Purpose::Document, at, &anchors)
    })
    .await
    .map_err(|_| ApiError::Unavailable)?
    .and_then(|verified| {
        if verified.signer.iin == document.iin.digits() {
            Ok(verified)
        } else {
            Err(Refusal::AnotherPerson)
        }
    });
    verdict.map_err(|refusal| refused(&refusal))
}

fn refused(refusal: &Refusal) -> ApiError {
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

/// The way by QR: the person is signed in, and their application is named.
#[async_trait]
pub trait QrSigning: Send + Sync {
    async fn start(
        &self,
        caller: &Caller,
        session: &Session,
        input: ApplicationId,
    ) -> Result<QrSession, ApiError>;
    async fn status(
        &self,
        caller: &Caller,
        session: &Session,
        input: QrQuestion,
    ) -> Result<QrSession, ApiError>;
    async fn cancel(&self, caller: &Caller, session: &Session, input: QrId) -> Result<QrSession, ApiError>;
}

pub struct SigningService {
    core: Arc<Core>,
    qr: Arc<dyn QrSigning>,
}

impl SigningService {
    #[must_use]
    pub fn new(core: Arc<Core>, qr: Arc<dyn QrSigning>) -> Self {
        Self { core, qr }
    }
}

#[async_trait]
impl Signing for SigningService {
    async fn sign_by_eds(&self, caller: &Caller, input: EdsSignature) -> Result<SignedReceipt, ApiError> {
        let session = session::require(&self.core, caller).await?;
        eds::sign(&self.core, caller, &session, input).await
    }

    async fn start_qr(&self, caller: &Caller, input: ApplicationId) -> Result<QrSession, ApiError> {
        let session = session::require(&self.core, caller).await?;
        self.qr.start(caller, &session, input).await
    }

    async fn qr_status(&self, caller: &Caller, input: QrQuestion) -> Result<QrSession, ApiError> {
        // Asking by itself every few seconds is no sign that the person is there.
        let session = session::look(&self.core, caller).await?;
        self.qr.status(caller, &session, input).await
    }

    async fn cancel_qr(&self, caller: &Caller, input: QrId) -> Result<QrSession, ApiError> {
        let session = session::require(&self.core, caller).await?;
        self.qr.cancel(caller, &session, input).await
    }
}
