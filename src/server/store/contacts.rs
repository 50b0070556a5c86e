//! Contacts beyond their standing in the requisites: proven, resting, suspended.

use super::accounts::read_iin;
use super::sql::{self, Connection};
use super::{Database, StoreError};
use crate::domain::iin::Iin;
use crate::domain::phone::Phone;
use crate::domain::requisites::{Change, Requisites};
use crate::domain::time::Timestamp;
use crate::server::audit;
use crate::server::outbox::Channel;
use crate::server::suspensions::Contact;
use async_trait::async_trait;
use serde_json::json;

/// What an application that is applied does to contacts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Follows {
    /// A new contact serves codes from then on.
    pub codes_from: Timestamp,
    /// SHA-256 of the secret in the link to the old contacts, and its end; none where no old contact is told.
    pub suspension: Option<([u8; 32], Timestamp)>,
}

/// What came of pressing the link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pressed {
    Now,
    /// It was pressed before and does nothing any more.
    Before,
    /// No such link, or its time is over.
    Unknown,
}

#[async_trait]
pub trait ContactStore: Send + Sync {
    /// What is known of a contact; of one that nothing is noted of, its value alone.
    async fn contact(&self, iin: &Iin, channel: Channel, value: &str) -> Result<Contact, StoreError>;
    /// Whether any contact of the person is suspended.
    async fn is_suspended(&self, iin: &Iin) -> Result<bool, StoreError>;
    /// Suspends what the link's application brought in. Repeating it changes nothing.
    async fn suspend(
        &self,
        secret_hash: &[u8; 32],
        at: Timestamp,
        request_id: &str,
    ) -> Result<Pressed, StoreError>;
    /// Lifts every suspension of the person; false if there was none.
    async fn lift(&self, iin: &Iin, at: Timestamp, request_id: &str) -> Result<bool, StoreError>;
}

#[async_trait]
impl ContactStore for Database {
    async fn contact(&self, iin: &Iin, channel: Channel, value: &str) -> Result<Contact, StoreError> {
        contact(&mut *self.read().await?, iin, channel, value).await
    }

    async fn is_suspended(&self, iin: &Iin) -> Result<bool, StoreError> {
        let suspended = sql::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM contacts WHERE iin = ? AND suspended_at IS NOT NULL)",
        )
        .bind(iin.digits())
        .fetch_one(&mut *self.read().await?)
        .await?;
        Ok(suspended)
    }

    async fn suspend(
        &self,
        secret_hash: &[u8; 32],
        at: Timestamp,
        request_id: &str,
    ) -> Result<Pressed, StoreError> {
        self.again(|| async {
            let mut tx = self.write().await?;
            let row = sql::query(
                "UPDATE suspensions SET used_at = ?
             WHERE secret_hash = ? AND used_at IS NULL AND expires_at > ? RETURNING application, iin",
            )
            .bind(at.0)
            .bind(secret_hash.as_slice())
            .bind(at.0)
            .fetch_optional(&mut tx)
            .await?;
            let Some(row) = row else {
                let used: bool = sql::query_scalar(
                    "SELECT EXISTS (SELECT 1 FROM suspensions WHERE secret_hash = ? AND used_at IS NOT NULL)",
                )
                .bind(secret_hash.as_slice())
                .fetch_one(&mut tx)
                .await?;
                return Ok(if used { Pressed::Before } else { Pressed::Unknown });
            };
            let application: String = row.try_get("application")?;
            let iin = read_iin(row.try_get("iin")?)?;
            let contacts = sql::query(
            "UPDATE contacts SET suspended_at = ? WHERE iin = ? AND application = ? AND suspended_at IS NULL",
        )
        .bind(at.0)
        .bind(iin.digits())
        .bind(&application)
        .execute(&mut tx)
        .await?
        .rows_affected();
            let entry = audit::Entry {
                at,
                event: "contacts.suspended",
                iin: Some(&iin),
                subject: Some(&application),
                request_id: Some(request_id),
                details: json!({ "contacts": contacts }),
            };
            audit::insert(&mut tx, entry).await?;
            tx.commit().await?;
            Ok(Pressed::Now)
        })
        .await
    }

    async fn lift(&self, iin: &Iin, at: Timestamp, request_id: &str) -> Result<bool, StoreError> {
        self.again(|| async {
            let mut tx = self.write().await?;
            let contacts = sql::query(
                "UPDATE contacts SET suspended_at = NULL WHERE iin = ? AND suspended_at IS NOT NULL",
            )
            .bind(iin.digits())
            .execute(&mut tx)
            .await?
            .rows_affected();
            if contacts == 0 {
                return Ok(false);
            }
            let entry = audit::Entry {
                at,
                event: "contacts.lifted",
                iin: Some(iin),
                subject: None,
                request_id: Some(request_id),
                details: json!({ "contacts": contacts }),
            };
            audit::insert(&mut tx, entry).await?;
            tx.commit().await?;
            Ok(true)
        })
        .await
    }
}

/// What is known of a contact, as part of a transaction.
pub(super) async fn contact(
    connection: &mut Connection,
    iin: &Iin,
    channel: Channel,
    value: &str,
) -> Result<Contact, StoreError> {
    let row = sql::query(
        "SELECT proven_at, codes_from, application, suspended_at FROM contacts
         WHERE iin = ? AND kind = ? AND value = ?",
    )
    .bind(iin.digits())
    .bind(kind(channel))
    .bind(value)
    .fetch_optional(connection)
    .await?;
    let mut contact = Contact::held_from_the_start(channel, value);
    if let Some(row) = row {
        let time = |column| -> Result<Option<Timestamp>, StoreError> {
            Ok(row.try_get::<Option<i64>>(column)?.map(Timestamp))
        };
        contact.proven_at = time("proven_at")?;
        contact.codes_from = time("codes_from")?;
        contact.application = row.try_get("application")?;
        contact.suspended_at = time("suspended_at")?;
    }
    Ok(contact)
}

/// Notes the contacts that an application brings in, inside its transaction. One proven before stays proven; one that was
/// suspended stays suspended: only the owner's EDS lifts that.
pub(super) async fn bring_in(
    tx: &mut Connection,
    iin: &Iin,
    application: &str,
    changes: &[Change],
    after: &Requisites,
    follows: &Follows,
) -> Result<(), StoreError> {
    for change in changes {
        let (channel, value) = match change {
            Change::Mobile { .. } => (Channel::Sms, &after.mobile),
            Change::Email { .. } => (Channel::Email, &after.email),
            // Codes go to these too where they are mobiles: their first hours are counted as well.
            Change::Home { .. } if is_kz_mobile(&after.home) => (Channel::Sms, &after.home),
            Change::Work { .. } if is_kz_mobile(&after.work) => (Channel::Sms, &after.work),
            _ => continue,
        };
        if value.is_empty() {
            continue;
        }
        sql::query(
            "INSERT INTO contacts (iin, kind, value, codes_from, application) VALUES (?, ?, ?, ?, ?)
             ON CONFLICT (iin, kind, value) DO UPDATE SET codes_from = excluded.codes_from,
                 application = excluded.application",
        )
        .bind(iin.digits())
        .bind(kind(channel))
        .bind(value)
        .bind(follows.codes_from.0)
        .bind(application)
        .execute(&mut *tx)
        .await?;
    }
    if let Some((secret_hash, expires_at)) = follows.suspension {
        sql::query("INSERT INTO suspensions (secret_hash, application, iin, expires_at) VALUES (?, ?, ?, ?)")
            .bind(secret_hash.as_slice())
            .bind(application)
            .bind(iin.digits())
            .bind(expires_at.0)
            .execute(tx)
            .await?;
    }
    Ok(())
}

fn is_kz_mobile(number: &str) -> bool {
    Phone::parse_kz_mobile(number).is_ok()
}

/// As the column `kind` has it.
const fn kind(channel: Channel) -> &'static str {
    match channel {
        Channel::Sms => "mobile",
        Channel::Email => "email",
        // No row is of it.
        Channel::Webhook => "webhook",
    }
}
