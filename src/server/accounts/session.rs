//! Sessions: a row per signed-in browser, found by the SHA-256 of the cookie's secret. A session ends 15 minutes after
//! the last thing the person did, and 12 hours after signing in in any case (NIST SP 800-63B-4, 5.2; ASVS 5.0, 7.3).

use crate::api::accounts::Way;
use crate::api::{ApiError, Caller};
use crate::domain::iin::Iin;
use crate::domain::time::Timestamp;
use crate::server::Core;

pub const IDLE_MS: i64 = 15 * 60 * 1000;
pub const ABSOLUTE_MS: i64 = 12 * 3600 * 1000;

/// A live session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    pub person_iin: Iin,
    /// SHA-256 of the cookie's secret: names the session without being it.
    pub id_hash: [u8; 32],
    pub way: Way,
    pub created_at: Timestamp,
    /// Exact to a minute.
    pub seen_at: Timestamp,
    pub previous_sign_in: Option<Timestamp>,
    /// Last moment of the certificate signed in with.
    pub certificate_ends: Option<Timestamp>,
}

/// The caller's live session. Every service asks this first.
///
/// # Errors
/// [`ApiError::SignedOut`] without a live one.
pub async fn require(core: &Core, caller: &Caller) -> Result<Session, ApiError> {
    let _ = (core, caller);
    Err(ApiError::SignedOut)
}
