//! Messages waiting to leave: rows inserted in the very transaction of what they tell of, so that none is sent for what
//! didn't happen and none is forgotten for what did.

use super::store::{Sqlite, StoreError};
use crate::domain::time::Timestamp;
use async_trait::async_trait;
use sqlx::SqliteConnection;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    Sms,
    Email,
}

impl Channel {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sms => "sms",
            Self::Email => "email",
        }
    }
}

/// A message to insert.
#[derive(Debug, Clone, Copy)]
pub struct Message<'a> {
    /// 22 characters, made by the caller ([`super::world::World::id`]); the gateway sees it, so that a message sent twice
    /// is taken once.
    pub id: &'a str,
    pub channel: Channel,
    /// E.164 or an e-mail address.
    pub recipient: &'a str,
    /// Of an e-mail; empty for SMS.
    pub subject: &'a str,
    pub body: &'a str,
    pub at: Timestamp,
    /// Not sent later than this.
    pub expires_at: Option<Timestamp>,
}

/// Adds a message inside the caller's transaction.
///
/// # Errors
/// [`StoreError`]; the transaction must not be committed then.
pub async fn insert(tx: &mut SqliteConnection, message: Message<'_>) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO outbox (id, channel, recipient, subject, body, created_at, expires_at, next_try_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(message.id)
    .bind(message.channel.as_str())
    .bind(message.recipient)
    .bind(message.subject)
    .bind(message.body)
    .bind(message.at.0)
    .bind(message.expires_at.map(|at| at.0))
    .bind(message.at.0)
    .execute(tx)
    .await?;
    Ok(())
}

#[async_trait]
pub trait OutboxStore: Send + Sync {}

#[async_trait]
impl OutboxStore for Sqlite {}
