//! What happened, for those who must prove it later: rows inserted in the very transaction of what they tell of.

use super::store::{Sqlite, StoreError};
use crate::domain::iin::Iin;
use crate::domain::time::Timestamp;
use async_trait::async_trait;
use sqlx::SqliteConnection;

/// One thing that happened. `details` is JSON without contacts, codes or texts of messages.
pub struct Entry<'a> {
    pub at: Timestamp,
    /// `session.started`, `application.signed`: subject and past participle.
    pub event: &'static str,
    pub iin: Option<&'a Iin>,
    /// Id of what it is about.
    pub subject: Option<&'a str>,
    pub request_id: Option<&'a str>,
    pub details: serde_json::Value,
}

/// Adds a row inside the caller's transaction.
///
/// # Errors
/// [`StoreError`]; the transaction must not be committed then.
pub async fn insert(tx: &mut SqliteConnection, entry: Entry<'_>) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO audit (at, event, iin, subject, request_id, details) VALUES (?, ?, ?, ?, ?, ?)")
        .bind(entry.at.0)
        .bind(entry.event)
        .bind(entry.iin.map(Iin::digits))
        .bind(entry.subject)
        .bind(entry.request_id)
        .bind(entry.details.to_string())
        .execute(tx)
        .await?;
    Ok(())
}

#[async_trait]
pub trait AuditStore: Send + Sync {}

#[async_trait]
impl AuditStore for Sqlite {}
