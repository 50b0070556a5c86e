//! The public check of a receipt: anyone who holds its code, or the evidence bundle, learns whether it is genuine, and
//! nothing of a person.

use super::ApiError;
#[cfg(feature = "ssr")]
use super::{Caller, services::here};
use crate::domain::application::ApplicationState;
use crate::domain::reading::reads;
use crate::domain::time::Timestamp;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use serde::{Deserialize, Serialize};

/// Where a bundle's bytes are sent to: `POST`, `application/zip`, answered as [`check_code`] is.
pub const BUNDLE_PATH: &str = "/check/bundle";

/// The largest bundle that is looked at here; `cabinet verify --bundle` takes any.
pub const LARGEST_BUNDLE: usize = 32 << 20;

/// As printed on the receipt or as typed: hyphens, spaces and small letters don't matter.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReceiptCode {
    pub code: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckAnswer {
    /// Absent: the cabinet has given no such receipt. One answer, whatever the reason.
    pub genuine: Option<Genuine>,
}

reads!(CheckAnswer { genuine });

/// What is told of a genuine receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Genuine {
    pub number: String,
    pub state: ApplicationState,
    pub signed_at: Timestamp,
    /// When the state was entered.
    pub state_at: Timestamp,
    /// Of the document, lower-case hexadecimal.
    pub sha256: String,
}

reads!(Genuine {
    number,
    state,
    signed_at,
    state_at,
    sha256,
});

#[server(name = CheckCode, prefix = "/api", endpoint = "checks/code", input = Json, output = Json)]
pub async fn check_code(input: ReceiptCode) -> Result<CheckAnswer, ApiError> {
    let (services, caller) = here()?;
    services.checks.code(&caller, input).await
}

#[cfg(feature = "ssr")]
#[async_trait::async_trait]
pub trait Checks: Send + Sync {
    async fn code(&self, caller: &Caller, input: ReceiptCode) -> Result<CheckAnswer, ApiError>;
}
