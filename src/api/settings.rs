//! «Кабинет баптаулары»: the ways in that were used, the password, the consents given.

use super::accounts::Way;
use super::{ApiError, Nothing};
#[cfg(feature = "ssr")]
use super::{Caller, services::here};
use crate::domain::reading::reads;
use crate::domain::time::Timestamp;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use serde::{Deserialize, Serialize};

/// What a person may look over and end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The present one first, then by when they were last used.
    pub sessions: Vec<OpenSession>,
    /// Newest first, at most twenty.
    pub sign_ins: Vec<PastSignIn>,
    /// Newest first.
    pub consents: Vec<GivenConsent>,
    pub has_password: bool,
    /// The session was opened by EDS: a password is set without the old one.
    pub by_eds: bool,
}

reads!(Settings {
    sessions,
    sign_ins,
    consents,
    has_password,
    by_eds,
});

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenSession {
    /// Names the session for [`end_sessions`] and is no secret.
    pub id: String,
    pub way: Way,
    pub began_at: Timestamp,
    pub seen_at: Timestamp,
    pub address: String,
    /// `Chrome, Windows`; empty when it can't be told.
    pub browser: String,
    /// The one that asks.
    pub this: bool,
}

reads!(OpenSession {
    id,
    way,
    began_at,
    seen_at,
    address,
    browser,
    this,
});

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PastSignIn {
    pub way: Way,
    pub at: Timestamp,
    pub address: String,
    pub browser: String,
}

reads!(PastSignIn {
    way,
    at,
    address,
    browser,
});

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GivenConsent {
    pub given_at: Timestamp,
    pub withdrawn_at: Option<Timestamp>,
}

reads!(GivenConsent {
    given_at,
    withdrawn_at,
});

/// Which sessions to end: one by its id, or (empty) all but the present one.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SessionsToEnd {
    pub id: String,
}

/// A password to set. `current` is passed over in a session opened by EDS.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewPassword {
    pub current: String,
    pub new: String,
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PasswordSet {
    /// The password is the new one; all other sessions have ended.
    Done,
    /// The current password is wrong, or there is none.
    WrongCurrent,
    /// Under eight characters.
    Short,
    /// Over 128 characters.
    Long,
    /// Holds the person's name, IIN or a contact.
    Personal,
    /// Among the first that are guessed.
    Common,
}

reads!(PasswordSet:
    "done" => Done,
    "wrong_current" => WrongCurrent,
    "short" => Short,
    "long" => Long,
    "personal" => Personal,
    "common" => Common,
);

#[server(name = MySettings, prefix = "/api", endpoint = "settings/my_settings", input = Json, output = Json)]
pub async fn my_settings(input: Nothing) -> Result<Settings, ApiError> {
    let (services, caller) = here()?;
    services.settings.my_settings(&caller, input).await
}

#[server(name = EndSessions, prefix = "/api", endpoint = "settings/end_sessions", input = Json, output = Json)]
pub async fn end_sessions(input: SessionsToEnd) -> Result<Settings, ApiError> {
    let (services, caller) = here()?;
    services.settings.end_sessions(&caller, input).await
}

#[server(name = SetPassword, prefix = "/api", endpoint = "settings/set_password", input = Json, output = Json)]
pub async fn set_password(input: NewPassword) -> Result<PasswordSet, ApiError> {
    let (services, caller) = here()?;
    services.settings.set_password(&caller, input).await
}

/// Withdraws the consent: the application that is being made ends, the register isn't read any more.
#[server(name = WithdrawConsent, prefix = "/api", endpoint = "settings/withdraw_consent", input = Json, output = Json)]
pub async fn withdraw_consent(input: Nothing) -> Result<Settings, ApiError> {
    let (services, caller) = here()?;
    services.settings.withdraw_consent(&caller, input).await
}

#[cfg(feature = "ssr")]
#[async_trait::async_trait]
pub trait SettingsRoom: Send + Sync {
    async fn my_settings(&self, caller: &Caller, input: Nothing) -> Result<Settings, ApiError>;
    async fn end_sessions(&self, caller: &Caller, input: SessionsToEnd) -> Result<Settings, ApiError>;
    async fn set_password(&self, caller: &Caller, input: NewPassword) -> Result<PasswordSet, ApiError>;
    async fn withdraw_consent(&self, caller: &Caller, input: Nothing) -> Result<Settings, ApiError>;
}
