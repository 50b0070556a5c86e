//! What happened, for those who must prove it later: rows inserted in the very transaction of what they tell of, then
//! linked into a chain by one worker (each link the SHA-256 of the one before and of its row), so that a changed, removed
//! or slipped-in row shows. The chain's head, kept elsewhere, fixes all before it (ASVS 5.0, 16.4.2).

use super::Core;
use super::store::sql::{self, Connection, Row};
use super::store::{Database, StoreError};
use super::world::sha256;
use crate::domain::iin::Iin;
use crate::domain::time::Timestamp;
use async_trait::async_trait;
use std::sync::Arc;
use std::time::Duration;

/// Rows become links this often.
const PAUSE: Duration = Duration::from_millis(500);
const LEASE_MS: i64 = 10 * 1000;
const AT_A_TIME: i64 = 500;
/// Before the first link.
const BEGINNING: &[u8] = b"cabinet audit chain 1";

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
pub async fn insert(tx: &mut Connection, entry: Entry<'_>) -> Result<(), StoreError> {
    sql::query("INSERT INTO audit (at, event, iin, subject, request_id, details) VALUES (?, ?, ?, ?, ?, ?)")
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

/// What going over the whole audit found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Links that fit, from the first on.
    pub sound: u64,
    /// The last sound link, lower-case hexadecimal.
    pub head: String,
    /// The first that doesn't fit.
    pub broken: Option<Broken>,
    /// Rows at the end that aren't linked yet.
    pub unlinked: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    #[error("row {audit_id} was changed, or its link {number} was")]
    Changed { number: i64, audit_id: i64 },
    #[error("row {audit_id}, of link {number}, was removed")]
    Removed { number: i64, audit_id: i64 },
    #[error("a link before link {number} was removed")]
    LinkRemoved { number: i64 },
    #[error("row {audit_id} was slipped in among linked ones")]
    SlippedIn { audit_id: i64 },
}

#[async_trait]
pub trait AuditStore: Send + Sync {
    /// Links rows that aren't yet, if `holder` has or gets the lease; returns how many.
    async fn link_audit(&self, holder: &str, now: Timestamp) -> Result<usize, StoreError>;
    /// Goes over the whole chain.
    async fn verify_audit(&self) -> Result<Report, StoreError>;
}

/// Rows still to be linked, where rows become visible in the order of their ids.
const UNLINKED: &str = "SELECT id, at, event, iin, subject, request_id, details FROM audit
     WHERE id > coalesce((SELECT audit_id FROM audit_chain ORDER BY number DESC LIMIT 1), 0)
     ORDER BY id LIMIT ?";
/// The same, where a row may become visible after one of a higher id: links stand in the order in which rows were found.
/// Transactions that overlap are never ten thousand rows apart.
const UNLINKED_OVERLAPPING: &str = "SELECT id, at, event, iin, subject, request_id, details FROM audit
     WHERE id > coalesce((SELECT max(audit_id) FROM audit_chain), 0) - 10000
         AND NOT EXISTS (SELECT 1 FROM audit_chain WHERE audit_id = audit.id)
     ORDER BY id LIMIT ?";

/// Links new rows until the server stops.
pub async fn run(core: Arc<Core>) {
    let holder = core.world.id();
    let mut stopping = core.stopping.clone();
    while !*stopping.borrow() {
        if let Err(error) = core.store.link_audit(&holder, core.world.now()).await {
            tracing::error!(%error, "the audit can't be linked");
        }
        // Either ends the wait; the loop looks which it was.
        let _ = tokio::time::timeout(PAUSE, stopping.changed()).await;
    }
}

/// A row as it is hashed: a JSON array of its columns.
fn canonical(row: &Row) -> Result<String, StoreError> {
    let text = |name| row.try_get::<Option<String>>(name);
    let columns = (
        row.try_get::<i64>("id")?,
        row.try_get::<i64>("at")?,
        text("event")?,
        text("iin")?,
        text("subject")?,
        text("request_id")?,
        text("details")?,
    );
    serde_json::to_string(&columns).map_err(|_| StoreError::Damaged("an audit row"))
}

fn link(before: &[u8; 32], row: &Row) -> Result<[u8; 32], StoreError> {
    let mut bytes = before.to_vec();
    bytes.extend_from_slice(canonical(row)?.as_bytes());
    Ok(sha256(bytes))
}

#[async_trait]
impl AuditStore for Database {
    async fn link_audit(&self, holder: &str, now: Timestamp) -> Result<usize, StoreError> {
        self.again(|| async {
            // Most often there is nothing to do: the writer is left alone then.
            let unlinked = if self.numbers_overlap() {
                UNLINKED_OVERLAPPING
            } else {
                UNLINKED
            };
            let any = sql::query(unlinked)
                .bind(1_i64)
                .fetch_optional(&mut *self.read().await?)
                .await?;
            if any.is_none() {
                return Ok(0);
            }
            let mut tx = self.write().await?;
            let leased = sql::query(
                "INSERT INTO leases (name, holder, until) VALUES ('audit chain', ?, ?)
             ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
             WHERE leases.holder = excluded.holder OR leases.until < ?",
            )
            .bind(holder)
            .bind(now.plus_ms(LEASE_MS).0)
            .bind(now.0)
            .execute(&mut tx)
            .await?
            .rows_affected();
            if leased == 0 {
                return Ok(0);
            }
            let head = sql::query("SELECT number, hash FROM audit_chain ORDER BY number DESC LIMIT 1")
                .fetch_optional(&mut tx)
                .await?;
            let (mut number, mut hash) = match head {
                None => (0, sha256(BEGINNING)),
                Some(row) => (row.try_get("number")?, read_hash(&row)?),
            };
            let rows = sql::query(unlinked).bind(AT_A_TIME).fetch_all(&mut tx).await?;
            for row in &rows {
                hash = link(&hash, row)?;
                number += 1_i64;
                sql::query("INSERT INTO audit_chain (number, audit_id, hash) VALUES (?, ?, ?)")
                    .bind(number)
                    .bind(row.try_get::<i64>("id")?)
                    .bind(hash.as_slice())
                    .execute(&mut tx)
                    .await?;
            }
            tx.commit().await?;
            Ok(rows.len())
        })
        .await
    }

    async fn verify_audit(&self) -> Result<Report, StoreError> {
        let mut connection = self.read().await?;
        let mut report = Report {
            sound: 0,
            head: String::new(),
            broken: None,
            unlinked: 0,
        };
        let mut hash = sha256(BEGINNING);
        let (mut number, mut last_id) = (0_i64, 0_i64);
        'chain: loop {
            let rows = sql::query(
                "SELECT number, hash, audit_id, id, at, event, iin, subject, request_id, details
                 FROM audit_chain LEFT JOIN audit ON audit.id = audit_id
                 WHERE number > ? ORDER BY number LIMIT ?",
            )
            .bind(number)
            .bind(AT_A_TIME)
            .fetch_all(&mut connection)
            .await?;
            if rows.is_empty() {
                break;
            }
            for row in &rows {
                let found: i64 = row.try_get("number")?;
                let audit_id: i64 = row.try_get("audit_id")?;
                let slipped_in: Option<i64> = if self.numbers_overlap() {
                    None
                } else {
                    sql::query_scalar("SELECT min(id) FROM audit WHERE id > ? AND id < ?")
                        .bind(last_id)
                        .bind(audit_id)
                        .fetch_one(&mut connection)
                        .await?
                };
                let broken = if found != number + 1 {
                    Some(Broken::LinkRemoved { number: found })
                } else if row.try_get::<Option<i64>>("id")?.is_none() {
                    Some(Broken::Removed {
                        number: found,
                        audit_id,
                    })
                } else if let Some(audit_id) = slipped_in {
                    Some(Broken::SlippedIn { audit_id })
                } else if link(&hash, row)? != read_hash(row)? {
                    Some(Broken::Changed {
                        number: found,
                        audit_id,
                    })
                } else {
                    None
                };
                if broken.is_some() {
                    report.broken = broken;
                    break 'chain;
                }
                hash = read_hash(row)?;
                (number, last_id) = (found, audit_id);
                report.sound += 1;
            }
        }
        report.head = hash.iter().map(|byte| format!("{byte:02x}")).collect();
        let unlinked: i64 = sql::query_scalar(
            "SELECT count(*) FROM audit WHERE NOT EXISTS (SELECT 1 FROM audit_chain WHERE audit_id = audit.id)",
        )
        .fetch_one(&mut connection)
        .await?;
        report.unlinked = u64::try_from(unlinked).unwrap_or(0);
        Ok(report)
    }
}

fn read_hash(row: &Row) -> Result<[u8; 32], StoreError> {
    row.try_get::<Vec<u8>>("hash")?
        .try_into()
        .map_err(|_| StoreError::Damaged("a link's hash"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::world::World;

    async fn with_five_rows() -> (tempfile::TempDir, Database) {
        let folder = tempfile::tempdir().unwrap();
        let store = Database::open(&folder.path().join("cabinet.sqlite"), World::system())
            .await
            .unwrap();
        let mut tx = store.write().await.unwrap();
        for at in 1..=5 {
            let entry = Entry {
                at: Timestamp(at),
                event: "test.made",
                iin: None,
                subject: Some("a test"),
                request_id: None,
                details: serde_json::json!({ "at": at }),
            };
            insert(&mut tx, entry).await.unwrap();
        }
        tx.commit().await.unwrap();
        (folder, store)
    }

    /// What somebody with the database in hand could do.
    async fn tamper(store: &Database, sql: &'static str) {
        let mut tx = store.write().await.unwrap();
        tx.raw("PRAGMA defer_foreign_keys = ON; DROP TRIGGER audit_is_not_changed; DROP TRIGGER audit_is_not_removed;")
            .await
            .unwrap();
        tx.raw(sql).await.unwrap();
        tx.commit().await.unwrap();
    }

    #[tokio::test]
    async fn rows_are_linked_once_and_the_tail_is_told() {
        let (_folder, store) = with_five_rows().await;
        let before = store.verify_audit().await.unwrap();
        assert_eq!((before.sound, before.unlinked, before.broken), (0, 5, None));
        assert_eq!(store.link_audit("a", Timestamp(0)).await.unwrap(), 5);
        assert_eq!(store.link_audit("a", Timestamp(0)).await.unwrap(), 0);
        let after = store.verify_audit().await.unwrap();
        assert_eq!((after.sound, after.unlinked, after.broken), (5, 0, None));
        assert_ne!(after.head, before.head);
    }

    #[tokio::test]
    async fn only_one_worker_links_at_a_time() {
        let (_folder, store) = with_five_rows().await;
        let mut tx = store.write().await.unwrap();
        sql::query("INSERT INTO leases (name, holder, until) VALUES ('audit chain', 'b', 1000)")
            .execute(&mut tx)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        assert_eq!(store.link_audit("a", Timestamp(999)).await.unwrap(), 0);
        assert_eq!(store.link_audit("a", Timestamp(1001)).await.unwrap(), 5);
    }

    #[tokio::test]
    async fn rows_cant_be_changed_or_removed_by_the_program() {
        let (_folder, store) = with_five_rows().await;
        for sql in ["UPDATE audit SET at = 0", "DELETE FROM audit"] {
            let mut tx = store.write().await.unwrap();
            assert!(sql::query(sql).execute(&mut tx).await.is_err(), "{sql}");
        }
    }

    #[tokio::test]
    async fn t33_a_row_changed_or_slipped_in_is_named() {
        for (sql, broken) in [
            (
                "UPDATE audit SET details = '{}' WHERE id = 3",
                Broken::Changed {
                    number: 3,
                    audit_id: 3,
                },
            ),
            (
                "UPDATE audit_chain SET hash = zeroblob(32) WHERE number = 2",
                Broken::Changed {
                    number: 2,
                    audit_id: 2,
                },
            ),
            (
                "DELETE FROM audit_chain WHERE number = 4",
                Broken::LinkRemoved { number: 5 },
            ),
            (
                "DELETE FROM audit_chain WHERE number = 3;
                 UPDATE audit_chain SET number = number - 1 WHERE number > 3",
                Broken::SlippedIn { audit_id: 3 },
            ),
        ] {
            let (_folder, store) = with_five_rows().await;
            store.link_audit("a", Timestamp(0)).await.unwrap();
            tamper(&store, sql).await;
            assert_eq!(store.verify_audit().await.unwrap().broken, Some(broken), "{sql}");
        }
    }

    #[tokio::test]
    async fn t33_a_removed_row_is_named() {
        let (folder, store) = with_five_rows().await;
        store.link_audit("a", Timestamp(0)).await.unwrap();
        // Somebody else's tool doesn't heed our foreign keys.
        let options = sqlx::sqlite::SqliteConnectOptions::new()
            .filename(folder.path().join("cabinet.sqlite"))
            .foreign_keys(false);
        let pool = sqlx::SqlitePool::connect_with(options).await.unwrap();
        sqlx::raw_sql("DROP TRIGGER audit_is_not_removed; DELETE FROM audit WHERE id = 2")
            .execute(&pool)
            .await
            .unwrap();
        let removed = Broken::Removed {
            number: 2,
            audit_id: 2,
        };
        assert_eq!(store.verify_audit().await.unwrap().broken, Some(removed));
    }
}
