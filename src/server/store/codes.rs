//! Codes and proven contacts. A try is counted by the statement that reads the code, before it is compared, in the one
//! write transaction: however many come at once, no more than five are.

use super::accounts::count;
use super::sql::{self, Connection};
use super::{Database, StoreError};
use crate::api::contacts::{ContactKind, Unreached, UnreachedKind};
use crate::domain::iin::Iin;
use crate::domain::requisites::Requisites;
use crate::domain::time::Timestamp;
use crate::server::audit;
use crate::server::limits::Limit;
use crate::server::outbox::{self, Message};
use async_trait::async_trait;
use serde_json::json;
use subtle::ConstantTimeEq as _;

/// How often a code may be tried.
pub const TRIES: u32 = 5;

/// A code to send.
pub struct NewCode<'a> {
    /// Names person, purpose and contact without telling them.
    pub slot: [u8; 32],
    pub hash: [u8; 32],
    pub expires_at: Timestamp,
    pub iin: &'a Iin,
    pub purpose: &'static str,
    pub kind: ContactKind,
    /// Over everybody.
    pub in_all: Limit,
    pub limits: &'a [Limit],
    /// Carries the code; its time is the code's.
    pub message: Message<'a>,
    pub request_id: &'a str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Issued {
    Sent,
    /// Nothing was sent or counted.
    TooMany {
        retry_after_seconds: u32,
        in_all: bool,
    },
}

/// A code as typed.
pub struct Trial<'a> {
    pub slot: [u8; 32],
    pub hash: [u8; 32],
    pub at: Timestamp,
    /// Over all codes of this person and contact; taken back by success.
    pub failures: Limit,
    pub iin: &'a Iin,
    pub purpose: &'static str,
    pub kind: ContactKind,
    /// Proven by the right code.
    pub contact: &'a str,
    /// SHA-256 of the secret of the opening that the right code proves too.
    pub opening: Option<[u8; 32]>,
    pub request_id: &'a str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tried {
    /// The code is used up.
    Right,
    Wrong {
        left: u32,
    },
    /// No live code: never sent, too old, used, or tried too often.
    None,
    TooMany {
        retry_after_seconds: u32,
    },
}

#[async_trait]
pub trait CodeStore: Send + Sync {
    /// Keeps a code in place of the one before it, and its message in the outbox.
    async fn issue_code(&self, code: NewCode<'_>) -> Result<Issued, StoreError>;
    async fn try_code(&self, trial: Trial<'_>) -> Result<Tried, StoreError>;
    /// The contacts this person has proven by a code, as requisites write them.
    async fn proven_contacts(&self, iin: &Iin) -> Result<Vec<String>, StoreError>;
    /// The contacts the Fund holds that something came back from, since the person last said that they are theirs.
    async fn unreached(&self, iin: &Iin) -> Result<Vec<Unreached>, StoreError>;
    /// The person says that these contacts are theirs.
    async fn still_reached(
        &self,
        iin: &Iin,
        kinds: &[UnreachedKind],
        at: Timestamp,
        request_id: &str,
    ) -> Result<(), StoreError>;
}

#[async_trait]
impl CodeStore for Database {
    async fn issue_code(&self, code: NewCode<'_>) -> Result<Issued, StoreError> {
        self.again(|| async {
            let at = code.message.at;
            let mut tx = self.write().await?;
            let in_all = count(&mut tx, &[code.in_all], at).await?;
            let own = count(&mut tx, code.limits, at).await?;
            if let Some(retry_after_seconds) = own.max(in_all) {
                return Ok(Issued::TooMany {
                    retry_after_seconds,
                    in_all: in_all.is_some(),
                });
            }
            sql::query("INSERT INTO codes (slot, hash, tries, expires_at) VALUES (?, ?, 0, ?)
             ON CONFLICT (slot) DO UPDATE SET hash = excluded.hash, tries = 0, expires_at = excluded.expires_at",)
                .bind(code.slot.as_slice())
                .bind(code.hash.as_slice())
                .bind(code.expires_at.0)
                .execute(&mut tx)
                .await?;
            outbox::insert(&mut tx, code.message).await?;
            let entry = audit::Entry {
                at,
                event: "code.sent",
                iin: Some(code.iin),
                subject: Some(code.message.id),
                request_id: Some(code.request_id),
                details: json!({ "purpose": code.purpose, "kind": code.kind.as_str() }),
            };
            audit::insert(&mut tx, entry).await?;
            tx.commit().await?;
            Ok(Issued::Sent)
        })
        .await
    }

    async fn try_code(&self, trial: Trial<'_>) -> Result<Tried, StoreError> {
        self.again(|| async {
            let mut tx = self.write().await?;
            if let Some(retry_after_seconds) = count(&mut tx, &[trial.failures], trial.at).await? {
                return Ok(Tried::TooMany { retry_after_seconds });
            }
            let row = sql::query(
                "UPDATE codes SET tries = tries + 1 WHERE slot = ? AND tries < ? AND expires_at > ?
             RETURNING hash, tries",
            )
            .bind(trial.slot.as_slice())
            .bind(TRIES)
            .bind(trial.at.0)
            .fetch_optional(&mut tx)
            .await?;
            // Nothing was compared: nothing is counted.
            let Some(row) = row else {
                return Ok(Tried::None);
            };
            let tries: u32 = row.try_get("tries")?;
            let right = row.try_get::<&[u8]>("hash")?.ct_eq(&trial.hash).into();
            if right {
                prove(&mut tx, &trial).await?;
            }
            let entry = audit::Entry {
                at: trial.at,
                event: if right { "code.accepted" } else { "code.refused" },
                iin: Some(trial.iin),
                subject: None,
                request_id: Some(trial.request_id),
                details: json!({ "purpose": trial.purpose, "kind": trial.kind.as_str(), "tries": tries }),
            };
            audit::insert(&mut tx, entry).await?;
            tx.commit().await?;
            Ok(if right {
                Tried::Right
            } else {
                Tried::Wrong {
                    left: TRIES.saturating_sub(tries),
                }
            })
        })
        .await
    }

    async fn proven_contacts(&self, iin: &Iin) -> Result<Vec<String>, StoreError> {
        let values = sql::query_scalar(
            "SELECT value FROM contacts WHERE iin = ? AND proven_at IS NOT NULL ORDER BY kind, value",
        )
        .bind(iin.digits())
        .fetch_all(&mut *self.read().await?)
        .await?;
        Ok(values)
    }

    async fn unreached(&self, iin: &Iin) -> Result<Vec<Unreached>, StoreError> {
        let mut connection = self.read().await?;
        let (held, _) = super::fund::requisites(&mut connection, iin).await?;
        // A letter came back from the address before the last change: that one is gone already. The address the Fund held
        // from the start is no change, nor is the code of its place.
        let moved = moved(&mut connection, iin).await?;
        // What came too late to be sent says nothing of the contact.
        const FAILED: &str = "SELECT max(given_up_at) FROM outbox
             WHERE recipient = ? AND given_up_at IS NOT NULL AND last_error <> 'too late'";
        const RETURNED: &str = "SELECT max(at) FROM returned_mail WHERE iin = ? AND kind = ? AND contact = ?";
        let mut found = Vec::new();
        for (kind, contact) in [
            (UnreachedKind::Post, ""),
            (UnreachedKind::Mobile, &*held.mobile),
            (UnreachedKind::Email, &*held.email),
        ] {
            let is_letter = kind == UnreachedKind::Post;
            if contact.is_empty() && !is_letter {
                continue;
            }
            let returned: Option<i64> = sql::query_scalar(RETURNED)
                .bind(iin.digits())
                .bind(kind.as_str())
                .bind(contact)
                .fetch_one(&mut connection)
                .await?;
            let failed: Option<i64> = if is_letter {
                None
            } else {
                sql::query_scalar(FAILED)
                    .bind(contact)
                    .fetch_one(&mut connection)
                    .await?
            };
            let last = returned.max(failed);
            let said: Option<i64> =
                sql::query_scalar("SELECT said_at FROM reach_answers WHERE iin = ? AND kind = ?")
                    .bind(iin.digits())
                    .bind(kind.as_str())
                    .fetch_optional(&mut connection)
                    .await?;
            let settled = if is_letter { said.max(moved) } else { said };
            if last.is_some() && last > settled {
                found.push(Unreached {
                    kind,
                    value: contact.to_owned(),
                    address: is_letter.then(|| held.address.clone()),
                });
            }
        }
        Ok(found)
    }

    async fn still_reached(
        &self,
        iin: &Iin,
        kinds: &[UnreachedKind],
        at: Timestamp,
        request_id: &str,
    ) -> Result<(), StoreError> {
        self.again(|| async {
            let mut tx = self.write().await?;
            for kind in kinds {
                sql::query(
                    "INSERT INTO reach_answers (iin, kind, said_at) VALUES (?, ?, ?)
                 ON CONFLICT (iin, kind) DO UPDATE SET said_at = excluded.said_at",
                )
                .bind(iin.digits())
                .bind(kind.as_str())
                .bind(at.0)
                .execute(&mut tx)
                .await?;
                let entry = audit::Entry {
                    at,
                    event: "contact.confirmed",
                    iin: Some(iin),
                    subject: None,
                    request_id: Some(request_id),
                    details: json!({ "kind": kind.as_str() }),
                };
                audit::insert(&mut tx, entry).await?;
            }
            tx.commit().await?;
            Ok(())
        })
        .await
    }
}

/// When the address was last changed.
async fn moved(connection: &mut Connection, iin: &Iin) -> Result<Option<i64>, StoreError> {
    let changes: Vec<(i64, String, String)> = sql::query_as(
        "SELECT at, before, after FROM requisites_history
         WHERE iin = ? AND (version > 1 OR source = 'application') ORDER BY at DESC",
    )
    .bind(iin.digits())
    .fetch_all(connection)
    .await?;
    for (at, before, after) in changes {
        let read = |text: &str| {
            serde_json::from_str::<Requisites>(text).map_err(|_| StoreError::Damaged("the history"))
        };
        if !read(&before)?.address.says_the_same(&read(&after)?.address) {
            return Ok(Some(at));
        }
    }
    Ok(None)
}

/// Uses the code up, forgives the failures before it, and notes that the contact is the person's.
async fn prove(tx: &mut Connection, trial: &Trial<'_>) -> Result<(), StoreError> {
    sql::query("DELETE FROM codes WHERE slot = ?")
        .bind(trial.slot.as_slice())
        .execute(&mut *tx)
        .await?;
    sql::query("DELETE FROM limits WHERE key = ?")
        .bind(trial.failures.key.as_slice())
        .execute(&mut *tx)
        .await?;
    if let Some(opening) = &trial.opening {
        sql::query("UPDATE openings SET proven_at = ? WHERE secret_hash = ?")
            .bind(trial.at.0)
            .bind(opening.as_slice())
            .execute(&mut *tx)
            .await?;
    }
    sql::query(
        "INSERT INTO contacts (iin, kind, value, proven_at) VALUES (?, ?, ?, ?)
         ON CONFLICT (iin, kind, value) DO UPDATE SET proven_at = excluded.proven_at",
    )
    .bind(trial.iin.digits())
    .bind(trial.kind.as_str())
    .bind(trial.contact)
    .bind(trial.at.0)
    .execute(tx)
    .await?;
    Ok(())
}
