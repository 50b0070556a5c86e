//! The database. [`Store`] is what the services see: one sub-trait per subject, one method per decisive command, each a
//! whole transaction; nobody outside this folder begins or commits. [`Sqlite`] gives the primitives the methods are made
//! of: [`Sqlite::write`] (the one writer, `BEGIN IMMEDIATE`) and [`Sqlite::read`].
//!
//! Times are milliseconds UTC, ids 22 characters, secrets SHA-256; rows of a person are always asked for with the IIN.

pub mod accounts;
pub mod applications;
pub mod codes;
pub mod contacts;
pub mod fund;
mod migrations;
pub mod openings;
pub mod places;
pub mod qr;
pub mod receipts;
pub mod second_steps;
pub mod settings;
pub mod watch;
pub mod works;

pub use accounts::AccountStore;
pub use applications::ApplicationStore;
pub use codes::CodeStore;
pub use contacts::ContactStore;
pub use fund::FundStore;
pub use openings::OpeningStore;
pub use places::PlaceStore;
pub use qr::QrStore;
pub use receipts::ReceiptStore;
pub use second_steps::SecondStepStore;
pub use settings::SettingsStore;
pub use watch::WatchStore;
pub use works::WorksStore;

use super::audit::AuditStore;
use super::metrics::family::Histogram;
use super::outbox::OutboxStore;
use super::world::World;
use crate::api::ApiError;
use async_trait::async_trait;
use sqlx::pool::PoolConnection;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{ConnectOptions as _, Connection as _, Row as _, SqliteConnection};
use std::path::Path;
use std::time::{Duration, Instant};

/// Everything the services ask of a database.
#[async_trait]
pub trait Store:
    AccountStore
    + AuditStore
    + OutboxStore
    + FundStore
    + ApplicationStore
    + CodeStore
    + QrStore
    + PlaceStore
    + WorksStore
    + SettingsStore
    + ContactStore
    + ReceiptStore
    + OpeningStore
    + SecondStepStore
    + WatchStore
{
    /// Whether it can be written to.
    async fn is_ready(&self) -> Result<(), StoreError>;

    /// Ends every connection once its work is done; the last one folds the log (`-wal`) into the file.
    async fn close(&self);
}

#[async_trait]
impl Store for Sqlite {
    async fn is_ready(&self) -> Result<(), StoreError> {
        self.try_writing().await
    }

    async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

/// Why the database didn't do as asked. Never shown to a person.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No room left: everything stands as before, and works again when there is room.
    #[error("the disk is full")]
    Full,
    /// The file or its folder belongs to somebody else.
    #[error("it can only be read; the file and its folder must be this user's to write")]
    ReadOnly,
    #[error("there is none")]
    Missing,
    /// Others write for longer than the timeout.
    #[error("the database is busy")]
    Busy,
    #[error("SQLite {found} has a known fault that loses data; {wanted} or newer is needed")]
    Version { found: String, wanted: &'static str },
    /// A setting didn't take (a network file system, a read-only folder).
    #[error("the setting {name} is {found}, not {wanted}")]
    Setting {
        name: &'static str,
        found: String,
        wanted: &'static str,
    },
    /// The file is of a newer build, or a migration was changed after it ran.
    #[error("migration {0}")]
    Migration(String),
    /// A row doesn't read as what it should be.
    #[error("{0} is damaged")]
    Damaged(&'static str),
    #[error("{0}")]
    Sql(sqlx::Error),
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        // The low byte is SQLite's primary result code: 5 and 6 busy and locked, 8 read-only, 13 full.
        let code = error
            .as_database_error()
            .and_then(|e| e.code())
            .and_then(|c| c.parse::<u32>().ok())
            .map(|c| c & 0xff);
        match (&error, code) {
            (_, Some(8)) => Self::ReadOnly,
            (_, Some(13)) => Self::Full,
            (_, Some(5 | 6)) | (sqlx::Error::PoolTimedOut, _) => Self::Busy,
            _ => Self::Sql(error),
        }
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "database");
        Self::Unavailable
    }
}

/// A write transaction: rolled back when dropped, kept by `commit`. Derefs to [`SqliteConnection`].
pub type Write = sqlx::Transaction<'static, sqlx::Sqlite>;

/// The embedded database: one writer, four readers.
pub struct Sqlite {
    writer: SqlitePool,
    readers: SqlitePool,
    pub(crate) world: World,
    write_waits: Histogram<0>,
}

/// The first release without the WAL-reset corruption of 3.7.0 to 3.51.2.
const SQLITE_AT_LEAST: (u32, u32, u32) = (3, 51, 3);

impl Sqlite {
    /// Opens or makes the file, checks the settings, brings the tables up to date.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn open(file: &Path, world: World) -> Result<Self, StoreError> {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(5));
        let pool = |connections| {
            SqlitePoolOptions::new()
                .max_connections(connections)
                .min_connections(1)
                .acquire_timeout(Duration::from_secs(10))
                .idle_timeout(None)
                .max_lifetime(None)
                .after_connect(|connection, _| {
                    Box::pin(async move {
                        match check_settings(connection).await {
                            Ok(()) => Ok(()),
                            Err(StoreError::Sql(error)) => Err(error),
                            Err(other) => Err(sqlx::Error::Configuration(Box::new(other))),
                        }
                    })
                })
        };
        let writer = pool(1)
            .connect_with(options.clone())
            .await
            .map_err(unwrap_setting)?;
        migrations::run(&writer, world.now()).await?;
        let readers = pool(4).connect_with(options).await.map_err(unwrap_setting)?;
        let store = Self {
            writer,
            readers,
            world,
            write_waits: watch::new_write_waits(),
        };
        store.try_writing().await?;
        Ok(store)
    }

    /// Copies the database of one moment into a new file, while others go on writing.
    ///
    /// # Errors
    /// [`StoreError`]: there is none, no room for the copy, or the file is there.
    pub async fn copy(from: &Path, to: &Path) -> Result<(), StoreError> {
        let mut connection = Self::only_read(from).await?;
        // The path as text: SQLite knows no other; what isn't UTF-8 is refused by it.
        sqlx::query("VACUUM INTO ?")
            .bind(to.to_string_lossy().into_owned())
            .execute(&mut connection)
            .await?;
        Ok(connection.close().await?)
    }

    /// What a whole reading finds wrong with the file; nothing, as a rule.
    ///
    /// # Errors
    /// [`StoreError`]: it can't be read at all.
    pub async fn faults(file: &Path) -> Result<Vec<String>, StoreError> {
        let mut connection = Self::only_read(file).await?;
        let mut faults: Vec<String> = sqlx::query_scalar("PRAGMA integrity_check")
            .fetch_all(&mut connection)
            .await?;
        faults.retain(|fault| fault != "ok");
        let strays = sqlx::query("PRAGMA foreign_key_check")
            .fetch_all(&mut connection)
            .await?;
        if !strays.is_empty() {
            faults.push(format!("{} rows refer to what isn't there", strays.len()));
        }
        connection.close().await?;
        Ok(faults)
    }

    async fn only_read(file: &Path) -> Result<SqliteConnection, StoreError> {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .read_only(true)
            .busy_timeout(Duration::from_secs(5));
        Ok(options.connect().await?)
    }

    /// Changes nothing, and takes it back: a file that can only be read is opened without a word, and tells at the first
    /// write alone.
    async fn try_writing(&self) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        sqlx::query("UPDATE migrations SET ran_at = ran_at WHERE number = 1")
            .execute(&mut *tx)
            .await?;
        tx.rollback().await?;
        Ok(())
    }

    /// Begins the one write transaction; others wait.
    ///
    /// # Errors
    /// [`StoreError::Busy`] after ten seconds.
    pub async fn write(&self) -> Result<Write, StoreError> {
        let begun = Instant::now();
        let write = self.writer.begin_with("BEGIN IMMEDIATE").await;
        self.write_waits.observe([], begun.elapsed());
        Ok(write?)
    }

    /// A connection for reading what decides nothing. What decides is read inside [`Sqlite::write`].
    ///
    /// # Errors
    /// [`StoreError::Busy`] after ten seconds.
    pub async fn read(&self) -> Result<PoolConnection<sqlx::Sqlite>, StoreError> {
        Ok(self.readers.acquire().await?)
    }
}

fn unwrap_setting(error: sqlx::Error) -> StoreError {
    match error {
        sqlx::Error::Configuration(inner) => match inner.downcast::<StoreError>() {
            Ok(ours) => *ours,
            Err(other) => StoreError::Sql(sqlx::Error::Configuration(other)),
        },
        other => other.into(),
    }
}

async fn check_settings(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    let found: String = sqlx::query_scalar("SELECT sqlite_version()")
        .fetch_one(&mut *connection)
        .await?;
    let mut parts = found.split('.').map(|part| part.parse().unwrap_or(0));
    let mut next = || parts.next().unwrap_or(0);
    if (next(), next(), next()) < SQLITE_AT_LEAST {
        return Err(StoreError::Version {
            found,
            wanted: "3.51.3",
        });
    }
    for (name, sql, wanted) in [
        ("journal_mode", "PRAGMA journal_mode", "wal"),
        ("synchronous", "PRAGMA synchronous", "2"),
        ("foreign_keys", "PRAGMA foreign_keys", "1"),
        ("busy_timeout", "PRAGMA busy_timeout", "5000"),
    ] {
        let row = sqlx::query(sql).fetch_one(&mut *connection).await?;
        let found = match row.try_get_unchecked::<String, _>(0) {
            Ok(text) => text,
            Err(_) => row.try_get_unchecked::<i64, _>(0)?.to_string(),
        };
        if found != wanted {
            return Err(StoreError::Setting { name, found, wanted });
        }
    }
    Ok(())
}
