//! What a person may look over and end: sessions, sign-ins, consents.

use super::sql::{self, Row};
use super::{Database, StoreError, second_steps};
use crate::api::accounts::Way;
use crate::domain::iin::Iin;
use crate::domain::time::Timestamp;
use crate::server::audit;
use crate::server::outbox::{self, Message};
use async_trait::async_trait;
use serde_json::json;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRow {
    pub secret_hash: [u8; 32],
    pub way: Way,
    pub created_at: Timestamp,
    pub seen_at: Timestamp,
    pub address: String,
    pub user_agent: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignInRow {
    pub way: Way,
    pub at: Timestamp,
    pub address: String,
    pub user_agent: String,
}

#[async_trait]
pub trait SettingsStore: Send + Sync {
    /// Those used since `seen_since` and begun since `created_since`, the last used first.
    async fn sessions_of(
        &self,
        iin: &Iin,
        seen_since: Timestamp,
        created_since: Timestamp,
    ) -> Result<Vec<SessionRow>, StoreError>;
    /// Newest first.
    async fn sign_ins_of(&self, iin: &Iin, limit: u32) -> Result<Vec<SignInRow>, StoreError>;
    /// When each was given and withdrawn, newest first.
    async fn consents_of(&self, iin: &Iin) -> Result<Vec<(Timestamp, Option<Timestamp>)>, StoreError>;
    /// Whether the person may sign in by IIN and password.
    async fn has_password(&self, iin: &Iin) -> Result<bool, StoreError>;
    /// Ends these sessions of the person; with `forget` every browser is asked for a code again.
    async fn end_sessions(
        &self,
        iin: &Iin,
        secret_hashes: &[[u8; 32]],
        forget: bool,
        request_id: &str,
    ) -> Result<(), StoreError>;
    /// Sets a password, ends all sessions but the one it is set in, and tells the contacts.
    async fn change_password(
        &self,
        iin: &Iin,
        phc: &str,
        kept_session: &[u8; 32],
        messages: &[Message<'_>],
        request_id: &str,
    ) -> Result<(), StoreError>;
    /// Withdraws what was given; an application being made is cancelled with its document and its signing by QR.
    async fn withdraw_consents(&self, iin: &Iin, request_id: &str) -> Result<(), StoreError>;
}

#[async_trait]
impl SettingsStore for Database {
    async fn sessions_of(
        &self,
        iin: &Iin,
        seen_since: Timestamp,
        created_since: Timestamp,
    ) -> Result<Vec<SessionRow>, StoreError> {
        let rows = sql::query(
            "SELECT secret_hash, way, created_at, seen_at, address, user_agent FROM sessions
             WHERE iin = ? AND seen_at > ? AND created_at > ? ORDER BY seen_at DESC LIMIT 100",
        )
        .bind(iin.digits())
        .bind(seen_since.0)
        .bind(created_since.0)
        .fetch_all(&mut *self.read().await?)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(SessionRow {
                    secret_hash: row
                        .try_get::<&[u8]>("secret_hash")?
                        .try_into()
                        .map_err(|_| StoreError::Damaged("a session"))?,
                    way: way(row)?,
                    created_at: Timestamp(row.try_get("created_at")?),
                    seen_at: Timestamp(row.try_get("seen_at")?),
                    address: row.try_get("address")?,
                    user_agent: row.try_get("user_agent")?,
                })
            })
            .collect()
    }

    async fn sign_ins_of(&self, iin: &Iin, limit: u32) -> Result<Vec<SignInRow>, StoreError> {
        let rows = sql::query(
            "SELECT way, at, address, user_agent FROM sign_ins WHERE iin = ? ORDER BY at DESC LIMIT ?",
        )
        .bind(iin.digits())
        .bind(limit)
        .fetch_all(&mut *self.read().await?)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(SignInRow {
                    way: way(row)?,
                    at: Timestamp(row.try_get("at")?),
                    address: row.try_get("address")?,
                    user_agent: row.try_get("user_agent")?,
                })
            })
            .collect()
    }

    async fn consents_of(&self, iin: &Iin) -> Result<Vec<(Timestamp, Option<Timestamp>)>, StoreError> {
        let rows = sql::query(
            "SELECT given_at, withdrawn_at FROM consents WHERE iin = ? ORDER BY given_at DESC LIMIT 100",
        )
        .bind(iin.digits())
        .fetch_all(&mut *self.read().await?)
        .await?;
        rows.iter()
            .map(|row| {
                let withdrawn: Option<i64> = row.try_get("withdrawn_at")?;
                Ok((Timestamp(row.try_get("given_at")?), withdrawn.map(Timestamp)))
            })
            .collect()
    }

    async fn has_password(&self, iin: &Iin) -> Result<bool, StoreError> {
        Ok(
            sql::query_scalar("SELECT EXISTS (SELECT 1 FROM accounts WHERE iin = ?)")
                .bind(iin.digits())
                .fetch_one(&mut *self.read().await?)
                .await?,
        )
    }

    async fn end_sessions(
        &self,
        iin: &Iin,
        secret_hashes: &[[u8; 32]],
        forget: bool,
        request_id: &str,
    ) -> Result<(), StoreError> {
        self.again(|| async {
            let mut tx = self.write().await?;
            if forget {
                second_steps::forget_browsers(&mut tx, iin).await?;
            }
            let mut ended = 0;
            for secret_hash in secret_hashes {
                ended += sql::query("DELETE FROM sessions WHERE secret_hash = ? AND iin = ?")
                    .bind(secret_hash.as_slice())
                    .bind(iin.digits())
                    .execute(&mut tx)
                    .await?
                    .rows_affected();
            }
            let entry = audit::Entry {
                at: self.world.now(),
                event: "session.ended",
                iin: Some(iin),
                subject: None,
                request_id: Some(request_id),
                details: json!({ "from_settings": ended }),
            };
            audit::insert(&mut tx, entry).await?;
            tx.commit().await?;
            Ok(())
        })
        .await
    }

    async fn change_password(
        &self,
        iin: &Iin,
        phc: &str,
        kept_session: &[u8; 32],
        messages: &[Message<'_>],
        request_id: &str,
    ) -> Result<(), StoreError> {
        self.again(|| async {
            let now = self.world.now();
            let mut tx = self.write().await?;
            sql::query(
                "INSERT INTO accounts (iin, password, password_set_at) VALUES (?, ?, ?)
             ON CONFLICT (iin) DO UPDATE SET password = excluded.password,
                 password_set_at = excluded.password_set_at",
            )
            .bind(iin.digits())
            .bind(phc)
            .bind(now.0)
            .execute(&mut tx)
            .await?;
            sql::query("DELETE FROM sessions WHERE iin = ? AND secret_hash <> ?")
                .bind(iin.digits())
                .bind(kept_session.as_slice())
                .execute(&mut tx)
                .await?;
            second_steps::forget_browsers(&mut tx, iin).await?;
            for message in messages {
                outbox::insert(&mut tx, *message).await?;
            }
            let entry = audit::Entry {
                at: now,
                event: "password.set",
                iin: Some(iin),
                subject: None,
                request_id: Some(request_id),
                details: json!({}),
            };
            audit::insert(&mut tx, entry).await?;
            tx.commit().await?;
            Ok(())
        })
        .await
    }

    async fn withdraw_consents(&self, iin: &Iin, request_id: &str) -> Result<(), StoreError> {
        self.again(|| async {
            let now = self.world.now();
            let mut tx = self.write().await?;
            let withdrawn =
                sql::query("UPDATE consents SET withdrawn_at = ? WHERE iin = ? AND withdrawn_at IS NULL")
                    .bind(now.0)
                    .bind(iin.digits())
                    .execute(&mut tx)
                    .await?
                    .rows_affected();
            if withdrawn == 0 {
                return Ok(());
            }
            let open: Option<String> = sql::query_scalar(
                "UPDATE applications SET state = 'cancelled', state_at = ?
             WHERE iin = ? AND state IN ('draft', 'frozen') RETURNING id",
            )
            .bind(now.0)
            .bind(iin.digits())
            .fetch_optional(&mut tx)
            .await?;
            if let Some(application) = &open {
                sql::query("UPDATE documents SET ended_at = ? WHERE application = ? AND ended_at IS NULL")
                    .bind(now.0)
                    .bind(application)
                    .execute(&mut tx)
                    .await?;
                super::qr::cancel_of(&mut tx, application, now).await?;
            }
            let entry = audit::Entry {
                at: now,
                event: "consent.withdrawn",
                iin: Some(iin),
                subject: open.as_deref(),
                request_id: Some(request_id),
                details: json!({}),
            };
            audit::insert(&mut tx, entry).await?;
            tx.commit().await?;
            Ok(())
        })
        .await
    }
}

fn way(row: &Row) -> Result<Way, StoreError> {
    match row.try_get("way")? {
        "eds" => Ok(Way::Eds),
        "password" => Ok(Way::Password),
        _ => Err(StoreError::Damaged("a way of signing in")),
    }
}
