//! Contacts: a code to a new mobile number or e-mail address of the draft, its confirmation; and the question whether a
//! contact that something came back from is still the person's.

use super::{ApiError, Nothing};
#[cfg(feature = "ssr")]
use super::{Caller, services::here};
use crate::domain::address::Address;
use crate::domain::reading::reads;
use crate::domain::time::Timestamp;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use serde::{Deserialize, Serialize};

/// A contact that codes can be sent to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContactKind {
    Mobile,
    Email,
}

impl ContactKind {
    /// As the database has it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Mobile => "mobile",
            Self::Email => "email",
        }
    }
}

/// Where a code shall go.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeWanted {
    /// The open draft the contact stands in.
    pub application: String,
    pub kind: ContactKind,
    /// As typed.
    pub value: String,
}

/// A code is on its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeSent {
    /// The server's time of this answer.
    pub now: Timestamp,
    pub expires_at: Timestamp,
    /// From then on another one may be asked for.
    pub again_at: Timestamp,
}

reads!(CodeSent {
    now,
    expires_at,
    again_at,
});

/// The code that came.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeTyped {
    pub application: String,
    pub kind: ContactKind,
    /// As typed, the same as the code was sent to.
    pub value: String,
    /// Six digits.
    pub code: String,
}

/// Why a code isn't taken, or not sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "trouble", rename_all = "snake_case")]
pub enum CodeTrouble {
    /// So many tries are left.
    Wrong { left: u32 },
    /// Too old, tried too often, used: another one is needed.
    Ended,
    /// No code goes there: not a mobile number of Kazakhstan, not an e-mail address.
    NotSendable,
}

reads!(CodeTrouble by "trouble":
    "wrong" => Wrong { left },
    "ended" => Ended {},
    "not_sendable" => NotSendable {},
);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnreachedKind {
    /// A letter came back.
    Post,
    /// A message could not be delivered.
    Mobile,
    Email,
}

reads!(UnreachedKind: "post" => Post, "mobile" => Mobile, "email" => Email);

impl UnreachedKind {
    /// As the database has it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Post => "post",
            Self::Mobile => "mobile",
            Self::Email => "email",
        }
    }
}

/// A contact the Fund holds that no longer seems to reach the person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unreached {
    pub kind: UnreachedKind,
    /// The number or the e-mail address; empty for the postal address.
    pub value: String,
    pub address: Option<Address>,
}

reads!(Unreached { kind, value, address });

/// The contacts the person says are theirs.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StillMine {
    pub kinds: Vec<UnreachedKind>,
}

/// Sends a code to the draft's new contact. Fails with `Code` (not sendable), `TooMany`.
#[server(name = SendCode, prefix = "/api", endpoint = "contacts/send_code", input = Json, output = Json)]
pub async fn send_code(input: CodeWanted) -> Result<CodeSent, ApiError> {
    let (services, caller) = here()?;
    services.contacts.send_code(&caller, input).await
}

/// The contact is proven from now on. Fails with `Code`, `TooMany`.
#[server(name = ConfirmCode, prefix = "/api", endpoint = "contacts/confirm", input = Json, output = Json)]
pub async fn confirm_code(input: CodeTyped) -> Result<Nothing, ApiError> {
    let (services, caller) = here()?;
    services.contacts.confirm(&caller, input).await
}

/// Not asked again until something comes back anew.
#[server(name = StillReached, prefix = "/api", endpoint = "contacts/still_mine", input = Json, output = Json)]
pub async fn still_mine(input: StillMine) -> Result<Nothing, ApiError> {
    let (services, caller) = here()?;
    services.contacts.still_mine(&caller, input).await
}

#[cfg(feature = "ssr")]
#[async_trait::async_trait]
pub trait Contacts: Send + Sync {
    async fn send_code(&self, caller: &Caller, input: CodeWanted) -> Result<CodeSent, ApiError>;
    async fn confirm(&self, caller: &Caller, input: CodeTyped) -> Result<Nothing, ApiError>;
    async fn still_mine(&self, caller: &Caller, input: StillMine) -> Result<Nothing, ApiError>;
}
