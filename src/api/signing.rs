//! Signing a frozen application: by EDS (a CMS from NCALayer) or by QR with eGov Mobile.

use super::ApiError;
use super::applications::{ApplicationId, SignedReceipt};
#[cfg(feature = "ssr")]
use super::{Caller, services::here};
use crate::domain::reading::reads;
use crate::domain::time::Timestamp;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use serde::{Deserialize, Serialize};

/// An attached CMS over the frozen PDF, as PEM or base64.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EdsSignature {
    pub application: String,
    pub cms: String,
}

/// States of a signing session on the phone. The last six are ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QrState {
    /// Shown, not yet opened.
    New,
    /// The app has asked for the description (API №1).
    Opened,
    /// The app has taken the document (API №2).
    Reading,
    Signed,
    Refused,
    WrongSigner,
    Failed,
    Expired,
    Cancelled,
}

reads!(QrState:
    "new" => New,
    "opened" => Opened,
    "reading" => Reading,
    "signed" => Signed,
    "refused" => Refused,
    "wrong_signer" => WrongSigner,
    "failed" => Failed,
    "expired" => Expired,
    "cancelled" => Cancelled,
);

/// A signing session as the page needs it. All secrets in it are for this browser alone.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QrSession {
    pub session: String,
    pub state: QrState,
    /// The text of the QR code: `mobileSign:` and the address of API №1. Changes every 60 s while `New`.
    pub payload: String,
    /// Opens eGov Mobile on this very phone.
    pub app_link: String,
    /// Four digits, shown here and on the phone.
    pub code: String,
    /// The server's time of this answer.
    pub now: Timestamp,
    pub deadline: Timestamp,
}

reads!(QrSession {
    session,
    state,
    payload,
    app_link,
    code,
    now,
    deadline,
});

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QrQuestion {
    pub session: String,
    /// What the page shows now: the answer comes when that changes, or after 25 seconds.
    pub seen: QrState,
    pub payload_seen: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QrId {
    pub session: String,
}

/// Verifies and, in one transaction, stores the signature and applies the change. Repeating it repeats the answer.
#[server(name = SignByEds, prefix = "/api", endpoint = "signing/eds", input = Json, output = Json)]
pub async fn sign_by_eds(input: EdsSignature) -> Result<SignedReceipt, ApiError> {
    let (services, caller) = here()?;
    services.signing.sign_by_eds(&caller, input).await
}

/// Starts a session, or gives back the live one of this application.
#[server(name = StartQr, prefix = "/api", endpoint = "signing/qr_start", input = Json, output = Json)]
pub async fn start_qr(input: ApplicationId) -> Result<QrSession, ApiError> {
    let (services, caller) = here()?;
    services.signing.start_qr(&caller, input).await
}

/// Long poll.
#[server(name = QrStatus, prefix = "/api", endpoint = "signing/qr_status", input = Json, output = Json)]
pub async fn qr_status(input: QrQuestion) -> Result<QrSession, ApiError> {
    let (services, caller) = here()?;
    services.signing.qr_status(&caller, input).await
}

#[server(name = CancelQr, prefix = "/api", endpoint = "signing/qr_cancel", input = Json, output = Json)]
pub async fn cancel_qr(input: QrId) -> Result<QrSession, ApiError> {
    let (services, caller) = here()?;
    services.signing.cancel_qr(&caller, input).await
}

#[cfg(feature = "ssr")]
#[async_trait::async_trait]
pub trait Signing: Send + Sync {
    async fn sign_by_eds(&self, caller: &Caller, input: EdsSignature) -> Result<SignedReceipt, ApiError>;
    async fn start_qr(&self, caller: &Caller, input: ApplicationId) -> Result<QrSession, ApiError>;
    async fn qr_status(&self, caller: &Caller, input: QrQuestion) -> Result<QrSession, ApiError>;
    async fn cancel_qr(&self, caller: &Caller, input: QrId) -> Result<QrSession, ApiError>;
}
