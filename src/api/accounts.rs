//! Signing in and out: by EDS (a challenge signed in NCALayer) or by IIN and password.

use super::contacts::CodeSent;
use super::openings::HeldNumber;
use super::{ApiError, Nothing};
#[cfg(feature = "ssr")]
use super::{Caller, services::here};
use crate::domain::reading::reads;
use crate::domain::time::Timestamp;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use serde::{Deserialize, Serialize};

/// IIN and password as typed.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Credentials {
    pub iin: String,
    pub password: String,
}

/// What NCALayer is asked to sign, base64 of UTF-8 text that names the service, the purpose, the time and a nonce.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChallengeIssued {
    pub data_base64: String,
    pub expires_at: Timestamp,
}

reads!(ChallengeIssued {
    data_base64,
    expires_at,
});

/// The signed challenge: an attached CMS as PEM or base64.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignedChallenge {
    pub cms: String,
}

/// Who is signed in, for the page's header, and the session's ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// Name and patronymic.
    pub address_form: String,
    pub full_name: String,
    /// `•••• •••• 0009`
    pub iin_masked: String,
    pub way: Way,
    /// The server's time of this answer: the page counts from it, not from its own clock.
    pub now: Timestamp,
    /// The session ends then unless the person acts.
    pub idle_end: Timestamp,
    /// The session ends then in any case.
    pub absolute_end: Timestamp,
    /// The last day of the certificate signed in with, where it ends within 30 days.
    pub certificate_ends: Option<crate::domain::time::Date>,
    pub previous_sign_in: Option<Timestamp>,
    /// Consent to the text in force is given and not withdrawn: the form may be opened.
    pub consent_given: bool,
    /// Contacts that something came back from.
    pub unreached: Vec<super::contacts::Unreached>,
}

reads!(Identity {
    address_form,
    full_name,
    iin_masked,
    way,
    now,
    idle_end,
    absolute_end,
    certificate_ends,
    previous_sign_in,
    consent_given,
    unreached,
});

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    Eds,
    Password,
}

reads!(Way: "eds" => Eds, "password" => Password);

/// What comes of IIN and password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "entry", rename_all = "snake_case")]
pub enum Entry {
    /// The person is signed in.
    Open { identity: Box<Identity> },
    /// The browser isn't remembered: a code is needed, to one of these numbers. Without any only a key helps.
    Code { numbers: Vec<OfferedNumber> },
}

reads!(Entry by "entry": "open" => Open { identity }, "code" => Code { numbers });

/// A number that a code may go to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfferedNumber {
    pub number: HeldNumber,
    /// `+7 ••• ••• •• 45`
    pub masked: String,
}

reads!(OfferedNumber { number, masked });

/// Where the code of the second step shall go.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StepCode {
    pub number: HeldNumber,
}

/// The code that came.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StepTyped {
    pub number: HeldNumber,
    pub code: String,
    /// No code is asked for in this browser until it wasn't used for 90 days.
    pub remember: bool,
}

#[server(name = SignIn, prefix = "/api", endpoint = "accounts/sign_in", input = Json, output = Json)]
pub async fn sign_in(input: Credentials) -> Result<Entry, ApiError> {
    let (services, caller) = here()?;
    services.accounts.sign_in(&caller, input).await
}

/// Sends the code of the second step. Fails with `SignedOut` (the password is to be typed again), `Code`, `TooMany`.
#[server(name = SendStepCode, prefix = "/api", endpoint = "accounts/send_code", input = Json, output = Json)]
pub async fn send_step_code(input: StepCode) -> Result<CodeSent, ApiError> {
    let (services, caller) = here()?;
    services.accounts.send_code(&caller, input).await
}

/// Ends the second step and signs in. Fails as [`send_step_code`].
#[server(name = ConfirmStep, prefix = "/api", endpoint = "accounts/confirm_code", input = Json, output = Json)]
pub async fn confirm_step(input: StepTyped) -> Result<Entry, ApiError> {
    let (services, caller) = here()?;
    services.accounts.confirm_code(&caller, input).await
}

#[server(name = EdsChallenge, prefix = "/api", endpoint = "accounts/eds_challenge", input = Json, output = Json)]
pub async fn eds_challenge(input: Nothing) -> Result<ChallengeIssued, ApiError> {
    let (services, caller) = here()?;
    services.accounts.eds_challenge(&caller, input).await
}

#[server(name = EdsSignIn, prefix = "/api", endpoint = "accounts/eds_sign_in", input = Json, output = Json)]
pub async fn eds_sign_in(input: SignedChallenge) -> Result<Identity, ApiError> {
    let (services, caller) = here()?;
    services.accounts.eds_sign_in(&caller, input).await
}

/// The session as it is; doesn't prolong it.
#[server(name = Me, prefix = "/api", endpoint = "accounts/me", input = Json, output = Json)]
pub async fn me(input: Nothing) -> Result<Identity, ApiError> {
    let (services, caller) = here()?;
    services.accounts.me(&caller, input).await
}

/// Prolongs the session: the person is there.
#[server(name = Stay, prefix = "/api", endpoint = "accounts/stay", input = Json, output = Json)]
pub async fn stay(input: Nothing) -> Result<Identity, ApiError> {
    let (services, caller) = here()?;
    services.accounts.stay(&caller, input).await
}

#[server(name = SignOut, prefix = "/api", endpoint = "accounts/sign_out", input = Json, output = Json)]
pub async fn sign_out(input: Nothing) -> Result<Nothing, ApiError> {
    let (services, caller) = here()?;
    services.accounts.sign_out(&caller, input).await
}

#[cfg(feature = "ssr")]
#[async_trait::async_trait]
pub trait Accounts: Send + Sync {
    async fn sign_in(&self, caller: &Caller, input: Credentials) -> Result<Entry, ApiError>;
    async fn send_code(&self, caller: &Caller, input: StepCode) -> Result<CodeSent, ApiError>;
    async fn confirm_code(&self, caller: &Caller, input: StepTyped) -> Result<Entry, ApiError>;
    async fn eds_challenge(&self, caller: &Caller, input: Nothing) -> Result<ChallengeIssued, ApiError>;
    async fn eds_sign_in(&self, caller: &Caller, input: SignedChallenge) -> Result<Identity, ApiError>;
    async fn me(&self, caller: &Caller, input: Nothing) -> Result<Identity, ApiError>;
    async fn stay(&self, caller: &Caller, input: Nothing) -> Result<Identity, ApiError>;
    async fn sign_out(&self, caller: &Caller, input: Nothing) -> Result<Nothing, ApiError>;
}
