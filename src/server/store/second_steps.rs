//! The second step of signing in by password, and the browsers that are spared it.

use super::accounts::read_iin;
use super::sql::{self, Connection};
use super::{Database, StoreError};
use crate::domain::iin::Iin;
use crate::domain::time::Timestamp;
use crate::server::audit;
use async_trait::async_trait;
use serde_json::json;

#[async_trait]
pub trait SecondStepStore: Send + Sync {
    /// The password was right: the code is asked for until `expires_at`. Failures before it are forgiven.
    async fn begin_second_step(
        &self,
        iin: &Iin,
        secret_hash: &[u8; 32],
        expires_at: Timestamp,
        forgiven: &[[u8; 32]],
        request_id: &str,
    ) -> Result<(), StoreError>;
    /// Whose step it is; `None`: there is none, or its time is over.
    async fn second_step(&self, secret_hash: &[u8; 32], now: Timestamp) -> Result<Option<Iin>, StoreError>;
    /// Takes the step away in the statement that reads it.
    async fn take_second_step(
        &self,
        secret_hash: &[u8; 32],
        now: Timestamp,
    ) -> Result<Option<Iin>, StoreError>;
    /// Remembers the browser; the secret it had dies, for whoever shares the browser too, and lives on in the new one.
    async fn remember(
        &self,
        iin: &Iin,
        secret_hash: &[u8; 32],
        instead_of: Option<[u8; 32]>,
        now: Timestamp,
    ) -> Result<(), StoreError>;
    /// Whether the browser is remembered for this person and was used since; it is used now.
    async fn is_remembered(
        &self,
        iin: &Iin,
        secret_hash: &[u8; 32],
        since: Timestamp,
        now: Timestamp,
    ) -> Result<bool, StoreError>;
}

#[async_trait]
impl SecondStepStore for Database {
    async fn begin_second_step(
        &self,
        iin: &Iin,
        secret_hash: &[u8; 32],
        expires_at: Timestamp,
        forgiven: &[[u8; 32]],
        request_id: &str,
    ) -> Result<(), StoreError> {
        self.again(|| async {
            let mut tx = self.write().await?;
            sql::query("INSERT INTO second_steps (secret_hash, iin, expires_at) VALUES (?, ?, ?)")
                .bind(secret_hash.as_slice())
                .bind(iin.digits())
                .bind(expires_at.0)
                .execute(&mut tx)
                .await?;
            for key in forgiven {
                sql::query("DELETE FROM limits WHERE key = ?")
                    .bind(key.as_slice())
                    .execute(&mut tx)
                    .await?;
            }
            let entry = audit::Entry {
                at: self.world.now(),
                event: "second_step.asked",
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

    async fn second_step(&self, secret_hash: &[u8; 32], now: Timestamp) -> Result<Option<Iin>, StoreError> {
        let iin: Option<String> =
            sql::query_scalar("SELECT iin FROM second_steps WHERE secret_hash = ? AND expires_at > ?")
                .bind(secret_hash.as_slice())
                .bind(now.0)
                .fetch_optional(&mut *self.read().await?)
                .await?;
        iin.as_deref().map(read_iin).transpose()
    }

    async fn take_second_step(
        &self,
        secret_hash: &[u8; 32],
        now: Timestamp,
    ) -> Result<Option<Iin>, StoreError> {
        self.again(|| async {
            let mut tx = self.write().await?;
            let iin: Option<String> = sql::query_scalar(
                "DELETE FROM second_steps WHERE secret_hash = ? AND expires_at > ? RETURNING iin",
            )
            .bind(secret_hash.as_slice())
            .bind(now.0)
            .fetch_optional(&mut tx)
            .await?;
            tx.commit().await?;
            iin.as_deref().map(read_iin).transpose()
        })
        .await
    }

    async fn remember(
        &self,
        iin: &Iin,
        secret_hash: &[u8; 32],
        instead_of: Option<[u8; 32]>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.again(|| async {
            let mut tx = self.write().await?;
            if let Some(old) = instead_of {
                sql::query("UPDATE remembered SET secret_hash = ? WHERE secret_hash = ?")
                    .bind(secret_hash.as_slice())
                    .bind(old.as_slice())
                    .execute(&mut tx)
                    .await?;
            }
            sql::query(
                "INSERT INTO remembered (iin, secret_hash, seen_at) VALUES (?, ?, ?)
             ON CONFLICT (iin, secret_hash) DO UPDATE SET seen_at = excluded.seen_at",
            )
            .bind(iin.digits())
            .bind(secret_hash.as_slice())
            .bind(now.0)
            .execute(&mut tx)
            .await?;
            let entry = audit::Entry {
                at: now,
                event: "browser.remembered",
                iin: Some(iin),
                subject: None,
                request_id: None,
                details: json!({}),
            };
            audit::insert(&mut tx, entry).await?;
            tx.commit().await?;
            Ok(())
        })
        .await
    }

    async fn is_remembered(
        &self,
        iin: &Iin,
        secret_hash: &[u8; 32],
        since: Timestamp,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        self.again(|| async {
            let mut tx = self.write().await?;
            let known = sql::query(
                "UPDATE remembered SET seen_at = ? WHERE iin = ? AND secret_hash = ? AND seen_at >= ?",
            )
            .bind(now.0)
            .bind(iin.digits())
            .bind(secret_hash.as_slice())
            .bind(since.0)
            .execute(&mut tx)
            .await?
            .rows_affected();
            tx.commit().await?;
            Ok(known == 1)
        })
        .await
    }
}

/// The code is asked for everywhere again, and what was begun by the old password ends.
pub(super) async fn forget_browsers(tx: &mut Connection, iin: &Iin) -> Result<(), StoreError> {
    for sql in [
        "DELETE FROM remembered WHERE iin = ?",
        "DELETE FROM second_steps WHERE iin = ?",
    ] {
        sql::query(sql).bind(iin.digits()).execute(&mut *tx).await?;
    }
    Ok(())
}
