//! What an operator watches: how much waits to leave, how long writers wait for each other, and how a database stands that
//! may be in use.

use super::{Database, Engine, StoreError, migrations, postgres, sql};
use crate::domain::time::Timestamp;
use crate::server::metrics::family::Histogram;
use crate::server::outbox::Channel;
use async_trait::async_trait;
use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _};
use std::path::Path;
use std::str::FromStr as _;
use std::time::Duration;

/// Messages of one channel that are neither sent nor given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    pub channel: Channel,
    pub count: i64,
    /// When the oldest was written.
    pub oldest: Timestamp,
}

#[async_trait]
pub trait WatchStore: Send + Sync {
    /// Channels with nothing to send aren't told.
    async fn outbox_waiting(&self) -> Result<Vec<Waiting>, StoreError>;

    /// From asking for a write transaction until it began.
    fn write_waits(&self) -> &Histogram<0>;

    /// How often something was brought to disk; of SQLite alone.
    fn commits(&self) -> Option<u64>;
}

#[must_use]
pub const fn new_write_waits() -> Histogram<0> {
    Histogram::new(
        "cabinet_database_write_wait_seconds",
        "How long a write transaction waited to begin.",
        [],
    )
}

#[async_trait]
impl WatchStore for Database {
    async fn outbox_waiting(&self) -> Result<Vec<Waiting>, StoreError> {
        let rows = sql::query(
            "SELECT channel, count(*) AS waiting, min(created_at) AS oldest FROM outbox
             WHERE sent_at IS NULL AND given_up_at IS NULL GROUP BY channel ORDER BY channel",
        )
        .fetch_all(&mut *self.read().await?)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(Waiting {
                    channel: match row.try_get("channel")? {
                        "sms" => Channel::Sms,
                        "webhook" => Channel::Webhook,
                        _ => Channel::Email,
                    },
                    count: row.try_get("waiting")?,
                    oldest: Timestamp(row.try_get("oldest")?),
                })
            })
            .collect()
    }

    fn write_waits(&self) -> &Histogram<0> {
        &self.write_waits
    }

    fn commits(&self) -> Option<u64> {
        match &self.engine {
            Engine::Sqlite(sqlite) => Some(sqlite.writer.commits()),
            Engine::Postgres(_) => None,
        }
    }
}

/// How a database's tables stand to this program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Upkeep {
    UpToDate,
    /// So many steps are taken at the next start.
    Behind(usize),
}

impl Database {
    /// Looks at a database of SQLite's that may be in use: whether it can be written to, and how its tables stand. Changes nothing.
    ///
    /// # Errors
    /// [`StoreError`]: it can't be opened or written to, or is of a newer program.
    pub async fn look(file: &Path) -> Result<Upkeep, StoreError> {
        if !file.exists() {
            return Err(StoreError::Missing);
        }
        let options = SqliteConnectOptions::new()
            .filename(file)
            .busy_timeout(Duration::from_secs(5));
        let mut connection = options.connect().await?;
        let mut tx = connection.begin_with("BEGIN IMMEDIATE").await?;
        sqlx::query("UPDATE migrations SET ran_at = ran_at WHERE number = 1")
            .execute(&mut *tx)
            .await?;
        let behind = migrations::missing_on_sqlite(&mut tx).await?.len();
        tx.rollback().await?;
        connection.close().await?;
        Ok(Upkeep::of(behind))
    }

    /// The same of PostgreSQL.
    ///
    /// # Errors
    /// [`StoreError`]: it can't be reached or written to, forgets, or is of a newer program; [`StoreError::Missing`]: there are
    /// no tables yet.
    pub async fn look_at_postgres(url: &str) -> Result<Upkeep, StoreError> {
        let looking = async {
            let mut connection = PgConnectOptions::from_str(url)?.connect().await?;
            postgres::check_settings(&mut connection).await?;
            let behind = migrations::missing_on_postgres(&mut connection).await?;
            connection.close().await?;
            Ok(Upkeep::of(behind.ok_or(StoreError::Missing)?))
        };
        tokio::time::timeout(Duration::from_secs(10), looking)
            .await
            .unwrap_or(Err(StoreError::Unreachable))
    }
}

impl Upkeep {
    const fn of(behind: usize) -> Self {
        match behind {
            0 => Self::UpToDate,
            behind => Self::Behind(behind),
        }
    }
}
