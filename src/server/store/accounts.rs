//! Accounts, sessions, challenges and limits.

use super::sql::{self, Connection, Row};
use super::{Database, StoreError};
use crate::api::accounts::Way;
use crate::domain::iin::Iin;
use crate::domain::time::Timestamp;
use crate::server::accounts::session::Session;
use crate::server::audit;
use crate::server::limits::{Count, Limit};
use crate::server::outbox::{self, Message};
use async_trait::async_trait;

/// What a new session's row says.
pub struct NewSession<'a> {
    pub iin: &'a Iin,
    /// SHA-256 of the cookie's secret.
    pub secret_hash: [u8; 32],
    pub way: Way,
    pub at: Timestamp,
    pub certificate_ends: Option<Timestamp>,
    pub address: &'a str,
    pub user_agent: &'a str,
    pub request_id: &'a str,
    /// Of the row a person is shown among their sign-ins.
    pub sign_in_id: &'a str,
    /// Counts of failures that this success takes back.
    pub forgiven: &'a [[u8; 32]],
    /// SHA-256 of the secret of the session this one takes the place of.
    pub instead_of: Option<[u8; 32]>,
    /// SHA-256 of the secret that names the browser.
    pub device_hash: [u8; 32],
    /// A browser the person last signed in from before this moment is a new one.
    pub device_since: Timestamp,
    /// Sent if it is.
    pub from_new_device: &'a [Message<'a>],
}

/// Whether a password may be tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Try {
    /// It may; the try is counted. The hash to compare with, if there is an account.
    Admitted {
        phc: Option<String>,
    },
    TooMany {
        retry_after_seconds: u32,
    },
}

#[async_trait]
pub trait AccountStore: Send + Sync {
    /// Opens or changes the way of IIN and password. `phc` is [`crate::server::accounts::password`]'s hash.
    async fn set_password(&self, iin: &Iin, phc: &str) -> Result<(), StoreError>;
    /// Counts a try against every limit, or against none if one refuses. Reads the hash in any case, so that the work is
    /// the same for everybody.
    async fn begin_password_try(
        &self,
        iin: &Iin,
        limits: &[Limit],
        now: Timestamp,
    ) -> Result<Try, StoreError>;
    /// Notes a try with a wrong password or IIN.
    async fn password_failed(&self, iin: &Iin, request_id: &str, now: Timestamp) -> Result<(), StoreError>;
    /// Makes the session and knows the browser from now on; returns when the person signed in before.
    async fn start_session(&self, session: NewSession<'_>) -> Result<Option<Timestamp>, StoreError>;
    async fn session(&self, secret_hash: &[u8; 32]) -> Result<Option<Session>, StoreError>;
    async fn touch_session(&self, secret_hash: &[u8; 32], now: Timestamp) -> Result<(), StoreError>;
    async fn end_session(
        &self,
        secret_hash: &[u8; 32],
        request_id: &str,
        now: Timestamp,
    ) -> Result<(), StoreError>;
    /// Keeps a challenge until `expires_at`. `Some`: too many were asked for, try again after so many seconds.
    async fn put_challenge(
        &self,
        content_hash: &[u8; 32],
        pre_login_hash: &[u8; 32],
        expires_at: Timestamp,
        limit: Limit,
        now: Timestamp,
    ) -> Result<Option<u32>, StoreError>;
    /// Takes the challenge away in the statement that reads it; returns its end. `None`: never was, or is used up.
    async fn take_challenge(
        &self,
        content_hash: &[u8; 32],
        pre_login_hash: &[u8; 32],
    ) -> Result<Option<Timestamp>, StoreError>;
    /// Removes what has ended: sessions not seen since `idle_since` or begun before `begun_before`, devices not seen since
    /// `device_since`, challenges, codes, counts.
    async fn sweep_accounts(
        &self,
        now: Timestamp,
        idle_since: Timestamp,
        begun_before: Timestamp,
        device_since: Timestamp,
    ) -> Result<u64, StoreError>;
}

#[async_trait]
impl AccountStore for Database {
    async fn set_password(&self, iin: &Iin, phc: &str) -> Result<(), StoreError> {
        self.again(|| async {
            let mut tx = self.write().await?;
            sql::query(
                "INSERT INTO accounts (iin, password, password_set_at) VALUES (?, ?, ?)
             ON CONFLICT (iin) DO UPDATE SET password = excluded.password,
                 password_set_at = excluded.password_set_at",
            )
            .bind(iin.digits())
            .bind(phc)
            .bind(self.world.now().0)
            .execute(&mut tx)
            .await?;
            tx.commit().await?;
            Ok(())
        })
        .await
    }

    async fn begin_password_try(
        &self,
        iin: &Iin,
        limits: &[Limit],
        now: Timestamp,
    ) -> Result<Try, StoreError> {
        self.again(|| async {
            let mut tx = self.write().await?;
            let refused = count(&mut tx, limits, now).await?;
            let phc: Option<String> = sql::query_scalar("SELECT password FROM accounts WHERE iin = ?")
                .bind(iin.digits())
                .fetch_optional(&mut tx)
                .await?;
            if let Some(retry_after_seconds) = refused {
                return Ok(Try::TooMany { retry_after_seconds });
            }
            tx.commit().await?;
            Ok(Try::Admitted { phc })
        })
        .await
    }

    async fn password_failed(&self, iin: &Iin, request_id: &str, now: Timestamp) -> Result<(), StoreError> {
        self.again(|| async {
            let mut tx = self.write().await?;
            audit::insert(
                &mut tx,
                audit::Entry {
                    at: now,
                    event: "password.refused",
                    iin: Some(iin),
                    subject: None,
                    request_id: Some(request_id),
                    details: serde_json::json!({}),
                },
            )
            .await?;
            tx.commit().await?;
            Ok(())
        })
        .await
    }

    async fn start_session(&self, session: NewSession<'_>) -> Result<Option<Timestamp>, StoreError> {
        self.again(|| async {
            let mut tx = self.write().await?;
            if let Some(old) = &session.instead_of {
                sql::query("DELETE FROM sessions WHERE secret_hash = ?")
                    .bind(old.as_slice())
                    .execute(&mut tx)
                    .await?;
            }
            let previous: Option<i64> = sql::query_scalar("SELECT max(at) FROM sign_ins WHERE iin = ?")
                .bind(session.iin.digits())
                .fetch_one(&mut tx)
                .await?;
            sql::query(
                "INSERT INTO sessions (secret_hash, iin, way, created_at, seen_at, previous_sign_in,
                 certificate_ends, address, user_agent) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            )
            .bind(session.secret_hash.as_slice())
            .bind(session.iin.digits())
            .bind(way_name(session.way))
            .bind(session.at.0)
            .bind(session.at.0)
            .bind(previous)
            .bind(session.certificate_ends.map(|at| at.0))
            .bind(session.address)
            .bind(session.user_agent)
            .execute(&mut tx)
            .await?;
            sql::query(
                "INSERT INTO sign_ins (id, iin, way, at, address, user_agent) VALUES (?, ?, ?, ?, ?, ?)",
            )
            .bind(session.sign_in_id)
            .bind(session.iin.digits())
            .bind(way_name(session.way))
            .bind(session.at.0)
            .bind(session.address)
            .bind(session.user_agent)
            .execute(&mut tx)
            .await?;
            let known = sql::query(
                "UPDATE devices SET seen_at = ? WHERE iin = ? AND device_hash = ? AND seen_at >= ?",
            )
            .bind(session.at.0)
            .bind(session.iin.digits())
            .bind(session.device_hash.as_slice())
            .bind(session.device_since.0)
            .execute(&mut tx)
            .await?
            .rows_affected();
            if known == 0 {
                sql::query(
                    "INSERT INTO devices (iin, device_hash, seen_at) VALUES (?, ?, ?)
                 ON CONFLICT (iin, device_hash) DO UPDATE SET seen_at = excluded.seen_at",
                )
                .bind(session.iin.digits())
                .bind(session.device_hash.as_slice())
                .bind(session.at.0)
                .execute(&mut tx)
                .await?;
                for message in session.from_new_device {
                    outbox::insert(&mut tx, *message).await?;
                }
            }
            for key in session.forgiven {
                sql::query("DELETE FROM limits WHERE key = ?")
                    .bind(key.as_slice())
                    .execute(&mut tx)
                    .await?;
            }
            audit::insert(
                &mut tx,
                audit::Entry {
                    at: session.at,
                    event: "session.started",
                    iin: Some(session.iin),
                    subject: Some(session.sign_in_id),
                    request_id: Some(session.request_id),
                    details: serde_json::json!({ "way": way_name(session.way), "new_device": known == 0 }),
                },
            )
            .await?;
            tx.commit().await?;
            Ok(previous.map(Timestamp))
        })
        .await
    }

    async fn session(&self, secret_hash: &[u8; 32]) -> Result<Option<Session>, StoreError> {
        sql::query(
            "SELECT secret_hash, iin, way, created_at, seen_at, previous_sign_in, certificate_ends
             FROM sessions WHERE secret_hash = ?",
        )
        .bind(secret_hash.as_slice())
        .fetch_optional(&mut *self.read().await?)
        .await?
        .map(|row| read_session(&row))
        .transpose()
    }

    async fn touch_session(&self, secret_hash: &[u8; 32], now: Timestamp) -> Result<(), StoreError> {
        self.again(|| async {
            let mut tx = self.write().await?;
            sql::query("UPDATE sessions SET seen_at = ? WHERE secret_hash = ? AND seen_at < ?")
                .bind(now.0)
                .bind(secret_hash.as_slice())
                .bind(now.0)
                .execute(&mut tx)
                .await?;
            tx.commit().await?;
            Ok(())
        })
        .await
    }

    async fn end_session(
        &self,
        secret_hash: &[u8; 32],
        request_id: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.again(|| async {
            let mut tx = self.write().await?;
            let iin: Option<String> =
                sql::query_scalar("DELETE FROM sessions WHERE secret_hash = ? RETURNING iin")
                    .bind(secret_hash.as_slice())
                    .fetch_optional(&mut tx)
                    .await?;
            if let Some(iin) = iin {
                let iin = read_iin(&iin)?;
                audit::insert(
                    &mut tx,
                    audit::Entry {
                        at: now,
                        event: "session.ended",
                        iin: Some(&iin),
                        subject: None,
                        request_id: Some(request_id),
                        details: serde_json::json!({}),
                    },
                )
                .await?;
            }
            tx.commit().await?;
            Ok(())
        })
        .await
    }

    async fn put_challenge(
        &self,
        content_hash: &[u8; 32],
        pre_login_hash: &[u8; 32],
        expires_at: Timestamp,
        limit: Limit,
        now: Timestamp,
    ) -> Result<Option<u32>, StoreError> {
        self.again(|| async {
            let mut tx = self.write().await?;
            if let Some(seconds) = count(&mut tx, &[limit], now).await? {
                return Ok(Some(seconds));
            }
            sql::query("INSERT INTO challenges (content_hash, pre_login_hash, expires_at) VALUES (?, ?, ?)")
                .bind(content_hash.as_slice())
                .bind(pre_login_hash.as_slice())
                .bind(expires_at.0)
                .execute(&mut tx)
                .await?;
            tx.commit().await?;
            Ok(None)
        })
        .await
    }

    async fn take_challenge(
        &self,
        content_hash: &[u8; 32],
        pre_login_hash: &[u8; 32],
    ) -> Result<Option<Timestamp>, StoreError> {
        self.again(|| async {
            let mut tx = self.write().await?;
            let expires_at: Option<i64> = sql::query_scalar(
                "DELETE FROM challenges WHERE content_hash = ? AND pre_login_hash = ? RETURNING expires_at",
            )
            .bind(content_hash.as_slice())
            .bind(pre_login_hash.as_slice())
            .fetch_optional(&mut tx)
            .await?;
            tx.commit().await?;
            Ok(expires_at.map(Timestamp))
        })
        .await
    }

    async fn sweep_accounts(
        &self,
        now: Timestamp,
        idle_since: Timestamp,
        begun_before: Timestamp,
        device_since: Timestamp,
    ) -> Result<u64, StoreError> {
        self.again(|| async {
            let mut tx = self.write().await?;
            let mut removed = 0;
            removed += sql::query("DELETE FROM sessions WHERE seen_at < ? OR created_at < ?")
                .bind(idle_since.0)
                .bind(begun_before.0)
                .execute(&mut tx)
                .await?
                .rows_affected();
            for (sql, before) in [
                ("DELETE FROM challenges WHERE expires_at < ?", now),
                ("DELETE FROM codes WHERE expires_at < ?", now),
                ("DELETE FROM openings WHERE expires_at < ?", now),
                ("DELETE FROM limits WHERE forget_at < ?", now),
                ("DELETE FROM second_steps WHERE expires_at < ?", now),
                ("DELETE FROM devices WHERE seen_at < ?", device_since),
                ("DELETE FROM remembered WHERE seen_at < ?", device_since),
            ] {
                removed += sql::query(sql)
                    .bind(before.0)
                    .execute(&mut tx)
                    .await?
                    .rows_affected();
            }
            tx.commit().await?;
            Ok(removed)
        })
        .await
    }
}

/// What was counted against a limit so far.
pub(super) async fn counted(
    connection: &mut Connection,
    key: &[u8; 32],
) -> Result<Option<Count>, StoreError> {
    let row = sql::query("SELECT count, since, last_at FROM limits WHERE key = ?")
        .bind(key.as_slice())
        .fetch_optional(connection)
        .await?;
    row.map(|row| {
        Ok(Count {
            count: row.try_get("count")?,
            since: Timestamp(row.try_get("since")?),
            last_at: Timestamp(row.try_get("last_at")?),
        })
    })
    .transpose()
}

/// Counts once more against every limit. `Some`: one refuses, nothing may be kept, wait so many seconds.
pub(super) async fn count(
    tx: &mut Connection,
    limits: &[Limit],
    now: Timestamp,
) -> Result<Option<u32>, StoreError> {
    let mut refused = None;
    for Limit { key, rule } in limits {
        match rule.admit(counted(tx, key).await?, now) {
            Err(seconds) => refused = refused.max(Some(seconds)),
            Ok(next) => {
                sql::query(
                    "INSERT INTO limits (key, count, since, last_at, forget_at) VALUES (?, ?, ?, ?, ?)
                     ON CONFLICT (key) DO UPDATE SET count = excluded.count, since = excluded.since,
                         last_at = excluded.last_at, forget_at = excluded.forget_at",
                )
                .bind(key.as_slice())
                .bind(next.count)
                .bind(next.since.0)
                .bind(next.last_at.0)
                .bind(rule.forget_at(now).0)
                .execute(&mut *tx)
                .await?;
            }
        }
    }
    Ok(refused)
}

fn read_session(row: &Row) -> Result<Session, StoreError> {
    let hash: Vec<u8> = row.try_get("secret_hash")?;
    let way: &str = row.try_get("way")?;
    Ok(Session {
        person_iin: read_iin(row.try_get("iin")?)?,
        id_hash: hash
            .try_into()
            .map_err(|_| StoreError::Damaged("a session's hash"))?,
        way: match way {
            "eds" => Way::Eds,
            _ => Way::Password,
        },
        created_at: Timestamp(row.try_get("created_at")?),
        seen_at: Timestamp(row.try_get("seen_at")?),
        previous_sign_in: row.try_get::<Option<i64>>("previous_sign_in")?.map(Timestamp),
        certificate_ends: row.try_get::<Option<i64>>("certificate_ends")?.map(Timestamp),
    })
}

/// Twelve digits out of a column.
pub(crate) fn read_iin(text: &str) -> Result<Iin, StoreError> {
    Iin::from_authority(text).map_err(|_| StoreError::Damaged("an IIN"))
}

const fn way_name(way: Way) -> &'static str {
    match way {
        Way::Eds => "eds",
        Way::Password => "password",
    }
}
