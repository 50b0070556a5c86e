//! Messages waiting to leave: rows inserted in the very transaction of what they tell of, so that none is sent for what
//! didn't happen and none is forgotten for what did. [`super::delivery`] sends them.

use super::audit;
use super::store::sql::{self, Connection};
use super::store::{Database, StoreError};
use crate::domain::time::Timestamp;
use async_trait::async_trait;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    Sms,
    Email,
    /// To the Fund's own systems: no person is there, and no contact is of it.
    Webhook,
}

impl Channel {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sms => "sms",
            Self::Email => "email",
            Self::Webhook => "webhook",
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
    /// E.164 or an e-mail address; empty for an event.
    pub recipient: &'a str,
    /// Of an e-mail; the name of an event; empty for SMS.
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
pub async fn insert(tx: &mut Connection, message: Message<'_>) -> Result<(), StoreError> {
    sql::query(
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

/// As [`insert`], and where there is nobody to send to a row that is never sent: the work is the same.
///
/// # Errors
/// [`StoreError`]; the transaction must not be committed then.
pub async fn insert_or_drop(tx: &mut Connection, message: Message<'_>) -> Result<(), StoreError> {
    insert(&mut *tx, message).await?;
    sql::query("UPDATE outbox SET given_up_at = ?, last_error = 'to nobody' WHERE id = ? AND recipient = ''")
        .bind(message.at.0)
        .bind(message.id)
        .execute(tx)
        .await?;
    Ok(())
}

/// A message to be sent now.
#[derive(Clone, PartialEq, Eq)]
pub struct Due {
    pub id: String,
    pub channel: Channel,
    pub recipient: String,
    pub subject: String,
    pub body: String,
    pub created_at: Timestamp,
    /// How often it was tried before.
    pub tries: u32,
}

/// What became of a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Taken by the gateway.
    Sent,
    /// To be tried again then.
    Again { at: Timestamp },
    /// Never to be tried again.
    GivenUp,
}

#[async_trait]
pub trait OutboxStore: Send + Sync {
    /// Takes up to so many messages of these channels, so that no other server sends them until the lease ends. Those
    /// that came too late are given up.
    async fn lease_messages(
        &self,
        channels: &[Channel],
        now: Timestamp,
        until: Timestamp,
        most: u32,
    ) -> Result<Vec<Due>, StoreError>;
    /// Notes what became of a leased message. Its text isn't kept once it was sent.
    async fn message_tried(
        &self,
        id: &str,
        now: Timestamp,
        outcome: Outcome,
        problem: &str,
    ) -> Result<(), StoreError>;
}

#[async_trait]
impl OutboxStore for Database {
    async fn lease_messages(
        &self,
        channels: &[Channel],
        now: Timestamp,
        until: Timestamp,
        most: u32,
    ) -> Result<Vec<Due>, StoreError> {
        self.again(|| async {
            let waiting: bool = sql::query_scalar(
                "SELECT EXISTS (SELECT 1 FROM outbox
             WHERE next_try_at <= ? AND sent_at IS NULL AND given_up_at IS NULL)",
            )
            .bind(now.0)
            .fetch_one(&mut *self.read().await?)
            .await?;
            if !waiting {
                return Ok(Vec::new());
            }
            let mut tx = self.write().await?;
            sql::query(
                "UPDATE outbox SET given_up_at = ?, body = '', last_error = 'too late'
             WHERE expires_at < ? AND sent_at IS NULL AND given_up_at IS NULL",
            )
            .bind(now.0)
            .bind(now.0)
            .execute(&mut tx)
            .await?;
            let has = |channel| channels.contains(&channel).then_some(Channel::as_str(channel));
            let rows = sql::query(
                "UPDATE outbox SET leased_until = ? WHERE id IN (
                 SELECT id FROM outbox
                 WHERE next_try_at <= ? AND sent_at IS NULL AND given_up_at IS NULL
                     AND (leased_until IS NULL OR leased_until < ?) AND channel IN (?, ?, ?)
                 ORDER BY next_try_at LIMIT ?)
             RETURNING id, channel, recipient, subject, body, created_at, tries",
            )
            .bind(until.0)
            .bind(now.0)
            .bind(now.0)
            .bind(has(Channel::Sms))
            .bind(has(Channel::Email))
            .bind(has(Channel::Webhook))
            .bind(most)
            .fetch_all(&mut tx)
            .await?;
            tx.commit().await?;
            rows.iter()
                .map(|row| {
                    Ok(Due {
                        id: row.try_get("id")?,
                        channel: match row.try_get("channel")? {
                            "sms" => Channel::Sms,
                            "webhook" => Channel::Webhook,
                            _ => Channel::Email,
                        },
                        recipient: row.try_get("recipient")?,
                        subject: row.try_get("subject")?,
                        body: row.try_get("body")?,
                        created_at: Timestamp(row.try_get("created_at")?),
                        tries: row.try_get("tries")?,
                    })
                })
                .collect()
        })
        .await
    }

    async fn message_tried(
        &self,
        id: &str,
        now: Timestamp,
        outcome: Outcome,
        problem: &str,
    ) -> Result<(), StoreError> {
        self.again(|| async {
            let (sent_at, given_up_at, next_try_at) = match outcome {
                Outcome::Sent => (Some(now.0), None, now.0),
                Outcome::GivenUp => (None, Some(now.0), now.0),
                Outcome::Again { at } => (None, None, at.0),
            };
            let mut tx = self.write().await?;
            let noted = sql::query(
                "UPDATE outbox SET sent_at = ?, given_up_at = ?, next_try_at = ?, tries = tries + 1,
                 leased_until = NULL, last_error = ?,
                 body = CASE WHEN ? IS NULL AND ? IS NULL THEN body ELSE '' END
             WHERE id = ? AND sent_at IS NULL AND given_up_at IS NULL",
            )
            .bind(sent_at)
            .bind(given_up_at)
            .bind(next_try_at)
            .bind(Some(problem).filter(|problem| !problem.is_empty()))
            .bind(sent_at)
            .bind(given_up_at)
            .bind(id)
            .execute(&mut tx)
            .await?
            .rows_affected();
            let event = match outcome {
                Outcome::Sent => Some("message.sent"),
                Outcome::GivenUp => Some("message.given_up"),
                Outcome::Again { .. } => None,
            };
            if let Some(event) = event.filter(|_| noted == 1) {
                let entry = audit::Entry {
                    at: now,
                    event,
                    iin: None,
                    subject: Some(id),
                    request_id: None,
                    details: serde_json::json!({}),
                };
                audit::insert(&mut tx, entry).await?;
            }
            tx.commit().await?;
            Ok(())
        })
        .await
    }
}
