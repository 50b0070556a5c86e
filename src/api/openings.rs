//! A password for whoever has no session: registering, and a new password in place of a forgotten one. What is answered is the
//! same for an IIN the Fund knows, one it doesn't and one that has a password already; the difference travels by message.

#[cfg(feature = "ssr")]
use super::Caller;
use super::contacts::CodeSent;
#[cfg(feature = "ssr")]
use super::services::here;
use super::settings::PasswordSet;
use super::{ApiError, Nothing};
use crate::domain::reading::reads;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Opening {
    Registration,
    PasswordReset,
}

reads!(Opening: "registration" => Registration, "password_reset" => PasswordReset);

/// One of the telephones the Fund may hold, named without its digits. A code goes to it if it is a mobile of Kazakhstan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HeldNumber {
    Mobile,
    Home,
    Work,
}

reads!(HeldNumber: "mobile" => Mobile, "home" => Home, "work" => Work);

impl HeldNumber {
    /// In the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Mobile, Self::Home, Self::Work];

    /// As the database and the page's choice have it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Mobile => "mobile",
            Self::Home => "home",
            Self::Work => "work",
        }
    }
}

/// Who wants a password, and where the code shall go.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpeningWanted {
    pub opening: Opening,
    /// As typed.
    pub iin: String,
    pub number: HeldNumber,
    /// The solution of the server's puzzle, where one was asked for; else empty.
    pub proof: String,
}

/// What this browser has under way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnderWay {
    /// Absent when nothing is, or its time is over.
    pub opening: Option<Opening>,
    pub sent: Option<CodeSent>,
    /// The right code was typed in: the password alone is missing.
    pub proven: bool,
}

reads!(UnderWay {
    opening,
    sent,
    proven,
});

/// The code that came, and the password to be.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PasswordOpened {
    /// Passed over once a right one was typed in.
    pub code: String,
    pub password: String,
}

/// Sends a code, if there is anybody to send it to; the browser is given a cookie that the code fits with. Fails with
/// `Malformed` (no IIN), `Puzzle`, `TooMany`.
#[server(name = StartOpening, prefix = "/api", endpoint = "openings/start", input = Json, output = Json)]
pub async fn start_opening(input: OpeningWanted) -> Result<CodeSent, ApiError> {
    let (services, caller) = here()?;
    services.openings.start(&caller, input).await
}

/// Sends another code for what is under way. Fails with `Code` (nothing is), `TooMany`.
#[server(name = SendAgain, prefix = "/api", endpoint = "openings/again", input = Json, output = Json)]
pub async fn send_again(input: Nothing) -> Result<CodeSent, ApiError> {
    let (services, caller) = here()?;
    services.openings.again(&caller, input).await
}

/// What this browser has under way, for a page that was loaded anew.
#[server(name = OpeningUnderWay, prefix = "/api", endpoint = "openings/under_way", input = Json, output = Json)]
pub async fn under_way(input: Nothing) -> Result<UnderWay, ApiError> {
    let (services, caller) = here()?;
    services.openings.under_way(&caller, input).await
}

/// Sets the password and signs the person in. Fails with `Code`, `TooMany`.
#[server(name = FinishOpening, prefix = "/api", endpoint = "openings/finish", input = Json, output = Json)]
pub async fn finish_opening(input: PasswordOpened) -> Result<PasswordSet, ApiError> {
    let (services, caller) = here()?;
    services.openings.finish(&caller, input).await
}

#[cfg(feature = "ssr")]
#[async_trait::async_trait]
pub trait Openings: Send + Sync {
    async fn start(&self, caller: &Caller, input: OpeningWanted) -> Result<CodeSent, ApiError>;
    async fn again(&self, caller: &Caller, input: Nothing) -> Result<CodeSent, ApiError>;
    async fn under_way(&self, caller: &Caller, input: Nothing) -> Result<UnderWay, ApiError>;
    async fn finish(&self, caller: &Caller, input: PasswordOpened) -> Result<PasswordSet, ApiError>;
}
