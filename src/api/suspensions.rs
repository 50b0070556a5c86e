//! New contacts: suspended for codes by whoever holds the contact before, lifted by the owner.

use super::{ApiError, Nothing};
#[cfg(feature = "ssr")]
use super::{Caller, services::here};
use crate::domain::reading::reads;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use serde::{Deserialize, Serialize};

/// The secret of the link in a message to an old contact, from the address behind `#`.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SuspendLink {
    pub secret: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Suspended {
    /// The link was used before: nothing happened now.
    pub before: bool,
}

reads!(Suspended { before });

/// Suspends what an application brought in; once per application. Asks for no session.
#[server(name = Suspend, prefix = "/api", endpoint = "contacts/suspend", input = Json, output = Json)]
pub async fn suspend(input: SuspendLink) -> Result<Suspended, ApiError> {
    let (services, caller) = here()?;
    services.suspensions.suspend(&caller, input).await
}

/// Takes the suspension back; only for a person signed in by EDS.
#[server(name = Lift, prefix = "/api", endpoint = "contacts/lift", input = Json, output = Json)]
pub async fn lift(input: Nothing) -> Result<Nothing, ApiError> {
    let (services, caller) = here()?;
    services.suspensions.lift(&caller, input).await
}

#[cfg(feature = "ssr")]
#[async_trait::async_trait]
pub trait Suspensions: Send + Sync {
    async fn suspend(&self, caller: &Caller, input: SuspendLink) -> Result<Suspended, ApiError>;
    async fn lift(&self, caller: &Caller, input: Nothing) -> Result<Nothing, ApiError>;
}
