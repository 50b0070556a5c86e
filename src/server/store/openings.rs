//! Openings: the way to a password without a session. Whoever the IIN belongs to, the same statements run: where there is
//! nobody to send to, a code that nobody knows is kept and a message that goes nowhere (T20).

use super::accounts::{count, read_iin};
use super::sql::{self, Connection};
use super::{Database, StoreError, Write, contacts, fund, second_steps};
use crate::api::openings::{HeldNumber, Opening};
use crate::domain::iin::Iin;
use crate::domain::requisites::Requisites;
use crate::domain::time::Timestamp;
use crate::server::accounts::openings::{Held, Sends, held_value, sends};
use crate::server::audit;
use crate::server::limits::Limit;
use crate::server::outbox::{self, Channel, Message};
use async_trait::async_trait;
use serde_json::json;

/// A code to ask for.
pub struct NewOpening<'a> {
    /// SHA-256 of the cookie's secret.
    pub secret_hash: [u8; 32],
    pub way: Opening,
    pub iin: &'a Iin,
    pub number: HeldNumber,
    pub at: Timestamp,
    pub code_until: Timestamp,
    pub expires_at: Timestamp,
    /// Over everybody.
    pub in_all: Limit,
    /// Over these a proof is needed that no machine asks.
    pub risk: &'a [Limit],
    /// What a proof is counted by; `None`: there is none.
    pub proof: Option<&'a [Limit]>,
    /// Of the IIN and the network address: refused aloud.
    pub told: &'a [Limit],
    /// Of the number the code would go to: refused in silence, or it would tell that there is one.
    pub silent: &'a (dyn Fn(&str) -> Vec<Limit> + Send + Sync),
    pub slot: [u8; 32],
    /// Of the code in the message.
    pub hash: [u8; 32],
    /// Of nothing that can be typed.
    pub nobodys_hash: [u8; 32],
    pub message_id: &'a str,
    pub words: Words<'a>,
    pub request_id: &'a str,
}

/// What each of the messages says.
#[derive(Debug, Clone, Copy)]
pub struct Words<'a> {
    pub code: &'a str,
    /// The other way is the one: there is a password already, or none yet.
    pub other_way: &'a str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Begun {
    Begun,
    /// A proof is needed. Nothing was kept.
    Unproven,
    /// Nothing was kept.
    TooMany {
        retry_after_seconds: u32,
        in_all: bool,
    },
}

/// One that is under way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpeningRow {
    pub way: Opening,
    pub iin: Iin,
    pub number: HeldNumber,
    /// Empty where no code went.
    pub recipient: String,
    pub sent_at: Timestamp,
    pub proven: bool,
}

/// A password set by a code.
pub struct NewAccount<'a> {
    pub secret_hash: [u8; 32],
    pub phc: &'a str,
    pub at: Timestamp,
    /// Told to the contacts.
    pub messages: &'a [Message<'a>],
    pub request_id: &'a str,
}

#[async_trait]
pub trait OpeningStore: Send + Sync {
    /// Keeps the opening in place of the one of the same secret, its code and its message.
    async fn begin_opening(&self, opening: NewOpening<'_>) -> Result<Begun, StoreError>;
    /// `None`: there is none, or its time is over.
    async fn opening(&self, secret_hash: &[u8; 32], now: Timestamp)
    -> Result<Option<OpeningRow>, StoreError>;
    /// Sets the password of a proven opening, which is used up; one that is set anew ends all sessions of the person.
    /// `false`: it isn't there, isn't proven, or the account has come or gone meanwhile.
    async fn open_account(&self, account: NewAccount<'_>) -> Result<bool, StoreError>;
}

#[async_trait]
impl OpeningStore for Database {
    async fn begin_opening(&self, opening: NewOpening<'_>) -> Result<Begun, StoreError> {
        self.again(|| async {
            let (iin, at) = (opening.iin, opening.at);
            let mut tx = self.write().await?;
            if count(&mut tx, opening.risk, at).await?.is_some() {
                let proven = match opening.proof {
                    Some(once) => count(&mut tx, once, at).await?.is_none(),
                    None => false,
                };
                if !proven {
                    return Ok(Begun::Unproven);
                }
            }
            let in_all = count(&mut tx, &[opening.in_all], at).await?;
            let told = count(&mut tx, opening.told, at).await?;
            if let Some(retry_after_seconds) = told.max(in_all) {
                return Ok(Begun::TooMany {
                    retry_after_seconds,
                    in_all: in_all.is_some(),
                });
            }
            let held = held(&mut tx, iin, opening.number).await?;
            let wanted = sends(opening.way, &held, at);
            let to = match wanted {
                Sends::Nothing => "",
                Sends::Code | Sends::OtherWay => held.contact.value.as_str(),
            };
            let full = is_full(&mut tx, &(opening.silent)(to), at).await?;
            let sent = if full { Sends::Nothing } else { wanted };
            let (hash, body, recipient) = match sent {
                Sends::Code => (opening.hash, opening.words.code, to),
                Sends::OtherWay => (opening.nobodys_hash, opening.words.other_way, to),
                Sends::Nothing => (opening.nobodys_hash, "", ""),
            };
            sql::query(
            "INSERT INTO openings (secret_hash, way, iin, number, recipient, sent_at, expires_at)
             VALUES (?, ?, ?, ?, ?, ?, ?)
             ON CONFLICT (secret_hash) DO UPDATE SET way = excluded.way, iin = excluded.iin, number = excluded.number,
                 recipient = excluded.recipient, sent_at = excluded.sent_at, proven_at = NULL,
                 expires_at = excluded.expires_at",
        )
        .bind(opening.secret_hash.as_slice())
        .bind(way_name(opening.way))
        .bind(iin.digits())
        .bind(opening.number.as_str())
        .bind(if sent == Sends::Code { to } else { "" })
        .bind(at.0)
        .bind(opening.expires_at.0)
        .execute(&mut tx)
        .await?;
            sql::query("INSERT INTO codes (slot, hash, tries, expires_at) VALUES (?, ?, 0, ?)
             ON CONFLICT (slot) DO UPDATE SET hash = excluded.hash, tries = 0, expires_at = excluded.expires_at",)
                .bind(opening.slot.as_slice())
                .bind(hash.as_slice())
                .bind(opening.code_until.0)
                .execute(&mut tx)
                .await?;
            let message = Message {
                id: opening.message_id,
                channel: Channel::Sms,
                recipient,
                subject: "",
                body,
                at,
                expires_at: Some(opening.code_until),
            };
            outbox::insert_or_drop(&mut tx, message).await?;
            let entry = audit::Entry {
                at,
                event: "opening.begun",
                iin: Some(iin),
                subject: Some(opening.message_id),
                request_id: Some(opening.request_id),
                details: json!({
                    "way": way_name(opening.way),
                    "number": opening.number.as_str(),
                    "sent": match sent {
                        Sends::Code => "code",
                        Sends::OtherWay => "word",
                        Sends::Nothing => "none",
                    },
                }),
            };
            audit::insert(&mut tx, entry).await?;
            tx.commit().await?;
            Ok(Begun::Begun)
        })
        .await
    }

    async fn opening(
        &self,
        secret_hash: &[u8; 32],
        now: Timestamp,
    ) -> Result<Option<OpeningRow>, StoreError> {
        opening(&mut *self.read().await?, secret_hash, now).await
    }

    async fn open_account(&self, account: NewAccount<'_>) -> Result<bool, StoreError> {
        self.again(|| async {
        let mut tx = self.write().await?;
        let Some(row) = opening(&mut tx, &account.secret_hash, account.at).await? else {
            return Ok(false);
        };
        sql::query("DELETE FROM openings WHERE secret_hash = ?")
            .bind(account.secret_hash.as_slice())
            .execute(&mut tx)
            .await?;
        let sql = match row.way {
            Opening::Registration => {
                "INSERT INTO accounts (password, password_set_at, iin) VALUES (?, ?, ?) ON CONFLICT (iin) DO NOTHING"
            }
            Opening::PasswordReset => "UPDATE accounts SET password = ?, password_set_at = ? WHERE iin = ?",
        };
        let set = sql::query(sql)
            .bind(account.phc)
            .bind(account.at.0)
            .bind(row.iin.digits())
            .execute(&mut tx)
            .await?
            .rows_affected();
        if !row.proven || set != 1 {
            return Ok(false);
        }
        if row.way == Opening::PasswordReset {
            sql::query("DELETE FROM sessions WHERE iin = ?")
                .bind(row.iin.digits())
                .execute(&mut tx)
                .await?;
            second_steps::forget_browsers(&mut tx, &row.iin).await?;
        }
        for message in account.messages {
            outbox::insert(&mut tx, *message).await?;
        }
        let entry = audit::Entry {
            at: account.at,
            event: "password.set",
            iin: Some(&row.iin),
            subject: None,
            request_id: Some(account.request_id),
            details: json!({ "way": way_name(row.way), "number": row.number.as_str() }),
        };
        audit::insert(&mut tx, entry).await?;
        tx.commit().await?;
        Ok(true)
        })
        .await
    }
}

/// Counts against every limit, or against none where one refuses.
async fn is_full(tx: &mut Write, limits: &[Limit], at: Timestamp) -> Result<bool, StoreError> {
    sql::query("SAVEPOINT counted").execute(tx).await?;
    let full = count(tx, limits, at).await?.is_some();
    if full {
        sql::query("ROLLBACK TO SAVEPOINT counted").execute(tx).await?;
    }
    sql::query("RELEASE SAVEPOINT counted").execute(tx).await?;
    Ok(full)
}

/// What is held of a number of this IIN's owner; of nobody's the same is asked.
async fn held(tx: &mut Connection, iin: &Iin, number: HeldNumber) -> Result<Held, StoreError> {
    let row = sql::query(
        "SELECT EXISTS (SELECT 1 FROM people WHERE iin = ?) AS known,
             EXISTS (SELECT 1 FROM accounts WHERE iin = ?) AS has_password",
    )
    .bind(iin.digits())
    .bind(iin.digits())
    .fetch_one(&mut *tx)
    .await?;
    let (requisites, _): (Requisites, u32) = fund::requisites(tx, iin).await?;
    let value = held_value(&requisites, number);
    Ok(Held {
        known: row.try_get("known")?,
        has_password: row.try_get("has_password")?,
        contact: contacts::contact(tx, iin, Channel::Sms, &value).await?,
    })
}

async fn opening(
    connection: &mut Connection,
    secret_hash: &[u8; 32],
    now: Timestamp,
) -> Result<Option<OpeningRow>, StoreError> {
    let row = sql::query(
        "SELECT way, iin, number, recipient, sent_at, proven_at FROM openings
         WHERE secret_hash = ? AND expires_at > ?",
    )
    .bind(secret_hash.as_slice())
    .bind(now.0)
    .fetch_optional(connection)
    .await?;
    row.map(|row| {
        Ok(OpeningRow {
            way: match row.try_get("way")? {
                "registration" => Opening::Registration,
                _ => Opening::PasswordReset,
            },
            iin: read_iin(row.try_get("iin")?)?,
            number: match row.try_get("number")? {
                "home" => HeldNumber::Home,
                "work" => HeldNumber::Work,
                _ => HeldNumber::Mobile,
            },
            recipient: row.try_get("recipient")?,
            sent_at: Timestamp(row.try_get("sent_at")?),
            proven: row.try_get::<Option<i64>>("proven_at")?.is_some(),
        })
    })
    .transpose()
}

const fn way_name(way: Opening) -> &'static str {
    match way {
        Opening::Registration => "registration",
        Opening::PasswordReset => "password_reset",
    }
}
