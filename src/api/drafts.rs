//! The draft of an application: consent, the form as it opens (GBD FL and the Fund's record are read, eligibility decided),
//! and saving it version by version.

use super::records::Account;
use super::{ApiError, Nothing};
#[cfg(feature = "ssr")]
use super::{Caller, services::here};
use crate::domain::address::Address;
use crate::domain::form::{FormInput, Known};
use crate::domain::reading::reads;
use crate::domain::time::{Date, Timestamp};
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use serde::{Deserialize, Serialize};

/// The version of the consent's text (`consent_1` to `consent_law` of both vocabularies) that is in force. It grows with every
/// change of the text, in any language; the PDF repeats the very text.
pub const CONSENT_VERSION: &str = "2026-11-1";

/// The consent given: the version of the text the person read.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConsentGiven {
    pub text_version: String,
}

/// The form as it opens or reopens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Draft {
    /// An opaque id of the application, 22 characters.
    pub application: String,
    /// Grows by one with each save.
    pub version: u32,
    pub input: FormInput,
    pub known: Known,
    pub full_name: String,
    pub birth_date: Date,
    pub accounts: Vec<Account>,
    /// GBD FL's registered address, for «Тіркелген мекенжайым бойынша толтыру».
    pub registered_address: Option<Address>,
    /// When GBD FL was read.
    pub register_read_at: Timestamp,
    /// Absent for a draft that was never changed.
    pub saved_at: Option<Timestamp>,
}

reads!(Draft {
    application,
    version,
    input,
    known,
    full_name,
    birth_date,
    accounts,
    registered_address,
    register_read_at,
    saved_at,
});

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DraftChanged {
    pub application: String,
    /// The version this change was made on.
    pub version: u32,
    pub input: FormInput,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DraftSaved {
    pub version: u32,
    pub at: Timestamp,
}

reads!(DraftSaved { version, at });

#[server(name = GiveConsent, prefix = "/api", endpoint = "drafts/give_consent", input = Json, output = Json)]
pub async fn give_consent(input: ConsentGiven) -> Result<Nothing, ApiError> {
    let (services, caller) = here()?;
    services.drafts.give_consent(&caller, input).await
}

/// Opens the one draft of the person, or makes it. Fails with `NoConsent`, `Refused`, `RegisterUnavailable`.
#[server(name = OpenDraft, prefix = "/api", endpoint = "drafts/open", input = Json, output = Json)]
pub async fn open_draft(input: Nothing) -> Result<Draft, ApiError> {
    let (services, caller) = here()?;
    services.drafts.open(&caller, input).await
}

/// Saves what is typed, valid or not. `Conflict` when the draft was changed elsewhere meanwhile.
#[server(name = SaveDraft, prefix = "/api", endpoint = "drafts/save", input = Json, output = Json)]
pub async fn save_draft(input: DraftChanged) -> Result<DraftSaved, ApiError> {
    let (services, caller) = here()?;
    services.drafts.save(&caller, input).await
}

/// Puts the form back to what the Fund holds.
#[server(name = StartOver, prefix = "/api", endpoint = "drafts/start_over", input = Json, output = Json)]
pub async fn start_over(input: Nothing) -> Result<Draft, ApiError> {
    let (services, caller) = here()?;
    services.drafts.start_over(&caller, input).await
}

#[cfg(feature = "ssr")]
#[async_trait::async_trait]
pub trait Drafts: Send + Sync {
    async fn give_consent(&self, caller: &Caller, input: ConsentGiven) -> Result<Nothing, ApiError>;
    async fn open(&self, caller: &Caller, input: Nothing) -> Result<Draft, ApiError>;
    async fn save(&self, caller: &Caller, input: DraftChanged) -> Result<DraftSaved, ApiError>;
    async fn start_over(&self, caller: &Caller, input: Nothing) -> Result<Draft, ApiError>;
}
