//! Applications: freezing the document for signature, the page to check it, the receipt, the history.

use super::{ApiError, Nothing};
#[cfg(feature = "ssr")]
use super::{Caller, services::here};
use crate::domain::application::ApplicationState;
use crate::domain::form::Field;
use crate::domain::reading::reads;
use crate::domain::requisites::Change;
use crate::domain::time::Timestamp;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use serde::{Deserialize, Serialize};

/// The draft to freeze, by the version the person saw.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DraftToFreeze {
    pub application: String,
    pub version: u32,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApplicationId {
    pub application: String,
}

/// The frozen document, made from the same data as the PDF.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Frozen {
    pub application: String,
    /// `2026-000184`
    pub number: String,
    pub state: ApplicationState,
    pub full_name: String,
    pub iin_masked: String,
    pub changes: Vec<Change>,
    /// New contacts that no code has come back from («расталмаған»): mobile, e-mail.
    pub unproven: Vec<Field>,
    pub frozen_at: Timestamp,
    /// A same-origin path that opens the very bytes to be signed.
    pub document_path: String,
    /// The PDF in base64, for NCALayer.
    pub document_base64: String,
    /// Lower-case hexadecimal.
    pub sha256: String,
    /// Bytes of the PDF.
    pub size: u32,
}

reads!(Frozen {
    application,
    number,
    state,
    full_name,
    iin_masked,
    changes,
    unproven,
    frozen_at,
    document_path,
    document_base64,
    sha256,
    size,
});

/// What is shown after signing, and again whenever its address is opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignedReceipt {
    pub application: String,
    pub number: String,
    pub state: ApplicationState,
    pub signed_at: Timestamp,
    pub applied_at: Option<Timestamp>,
    /// From when its new contacts serve codes and password reset, where it brought in any.
    pub codes_from: Option<Timestamp>,
    pub signed_by_way: SigningWay,
    pub changes: Vec<Change>,
    pub document_path: String,
    /// The receipt as PDF.
    pub receipt_path: String,
    /// The bundle of evidence; empty unless the application is applied.
    pub evidence_path: String,
    pub sha256: String,
}

reads!(SignedReceipt {
    application,
    number,
    state,
    signed_at,
    applied_at,
    codes_from,
    signed_by_way,
    changes,
    document_path,
    receipt_path,
    evidence_path,
    sha256,
});

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SigningWay {
    Eds,
    EgovMobile,
}

reads!(SigningWay: "eds" => Eds, "egov_mobile" => EgovMobile);

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Summary {
    pub application: String,
    pub number: String,
    pub state: ApplicationState,
    pub at: Timestamp,
    /// Same-origin paths; empty where there is none.
    pub document_path: String,
    pub receipt_path: String,
    pub evidence_path: String,
}

reads!(Summary {
    application,
    number,
    state,
    at,
    document_path,
    receipt_path,
    evidence_path,
});

/// Validates again with the same `domain` code, renders the PDF and freezes its bytes.
#[server(name = Freeze, prefix = "/api", endpoint = "applications/freeze", input = Json, output = Json)]
pub async fn freeze(input: DraftToFreeze) -> Result<Frozen, ApiError> {
    let (services, caller) = here()?;
    services.applications.freeze(&caller, input).await
}

/// Takes a frozen application back to the form; its signing sessions die.
#[server(name = Thaw, prefix = "/api", endpoint = "applications/thaw", input = Json, output = Json)]
pub async fn thaw(input: ApplicationId) -> Result<Nothing, ApiError> {
    let (services, caller) = here()?;
    services.applications.thaw(&caller, input).await
}

#[server(name = Review, prefix = "/api", endpoint = "applications/review", input = Json, output = Json)]
pub async fn review(input: ApplicationId) -> Result<Frozen, ApiError> {
    let (services, caller) = here()?;
    services.applications.review(&caller, input).await
}

#[server(name = Receipt, prefix = "/api", endpoint = "applications/receipt", input = Json, output = Json)]
pub async fn receipt(input: ApplicationId) -> Result<SignedReceipt, ApiError> {
    let (services, caller) = here()?;
    services.applications.receipt(&caller, input).await
}

/// Takes a sent application back while it isn't applied yet. Repeating it gives the same answer.
#[server(name = Cancel, prefix = "/api", endpoint = "applications/cancel", input = Json, output = Json)]
pub async fn cancel(input: ApplicationId) -> Result<SignedReceipt, ApiError> {
    let (services, caller) = here()?;
    services.applications.cancel(&caller, input).await
}

/// Newest first, without drafts; at most 100.
#[server(name = History, prefix = "/api", endpoint = "applications/history", input = Json, output = Json)]
pub async fn history(input: Nothing) -> Result<Vec<Summary>, ApiError> {
    let (services, caller) = here()?;
    services.applications.history(&caller, input).await
}

#[cfg(feature = "ssr")]
#[async_trait::async_trait]
pub trait Applications: Send + Sync {
    async fn freeze(&self, caller: &Caller, input: DraftToFreeze) -> Result<Frozen, ApiError>;
    async fn thaw(&self, caller: &Caller, input: ApplicationId) -> Result<Nothing, ApiError>;
    async fn review(&self, caller: &Caller, input: ApplicationId) -> Result<Frozen, ApiError>;
    async fn receipt(&self, caller: &Caller, input: ApplicationId) -> Result<SignedReceipt, ApiError>;
    async fn cancel(&self, caller: &Caller, input: ApplicationId) -> Result<SignedReceipt, ApiError>;
    async fn history(&self, caller: &Caller, input: Nothing) -> Result<Vec<Summary>, ApiError>;
}
