//! The database. [`Store`] is what the services see: one sub-trait per subject, one method per decisive command, each a
//! whole transaction; nobody outside this folder begins or commits. [`Database`] gives the primitives the methods are made
//! of, on SQLite or PostgreSQL alike: [`Database::write`], [`Database::read`], [`Database::again`].
//!
//! Times are milliseconds UTC, ids 22 characters, secrets SHA-256; rows of a person are always asked for with the IIN.

pub mod accounts;
pub mod applications;
pub mod codes;
pub mod contacts;
pub mod fund;
mod group;
mod migrations;
pub mod openings;
pub mod places;
mod postgres;
pub mod qr;
pub mod receipts;
pub mod second_steps;
pub mod settings;
pub mod sql;
mod sqlite;
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
pub use works::WorksStore;

use super::audit::AuditStore;
use super::outbox::OutboxStore;
use super::world::World;
use crate::api::ApiError;
use async_trait::async_trait;
use sql::{Connection, Kind, Read, Write};
use sqlx::postgres::PgDatabaseError;
use std::path::Path;
use std::time::Duration;

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
{
    /// Whether it can be written to.
    async fn is_ready(&self) -> Result<(), StoreError>;

    /// Ends every connection once its work is done; the last one folds the log (`-wal`) into the file.
    async fn close(&self);
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
    /// PostgreSQL doesn't answer, or has ended the connection.
    #[error("the database can't be reached")]
    Unreachable,
    /// Another transaction was faster: it may be tried again.
    #[error("the database is busy: others were faster again and again")]
    Collided,
    /// The transactions it was written with couldn't be.
    #[error("{0}")]
    Together(String),
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

impl StoreError {
    /// The same, for another who waited.
    fn again(&self) -> Self {
        match self {
            Self::Full => Self::Full,
            Self::ReadOnly => Self::ReadOnly,
            Self::Busy => Self::Busy,
            Self::Collided => Self::Collided,
            error => Self::Together(error.to_string()),
        }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::PoolTimedOut => return Self::Busy,
            sqlx::Error::Io(_) | sqlx::Error::Tls(_) => return Self::Unreachable,
            _ => {}
        }
        let Some(reported) = error.as_database_error() else {
            return Self::Sql(error);
        };
        let code = reported.code().unwrap_or_default();
        if reported.try_downcast_ref::<PgDatabaseError>().is_some() {
            // PostgreSQL's manual, appendix A.
            return match &*code {
                // What was not there when looked for is there when written: another was faster.
                "40001" | "40P01" | "23505" => Self::Collided,
                "53100" => Self::Full,
                "25006" => Self::ReadOnly,
                "53300" | "55P03" | "57014" => Self::Busy,
                "57P01" | "57P02" | "57P03" => Self::Unreachable,
                _ => Self::Sql(error),
            };
        }
        // The low byte is SQLite's primary result code: 5 and 6 busy and locked, 8 read-only, 13 full.
        match code.parse::<u32>().map(|code| code & 0xff) {
            Ok(8) => Self::ReadOnly,
            Ok(13) => Self::Full,
            Ok(5 | 6) => Self::Busy,
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

/// The database: a file of SQLite's, or PostgreSQL.
pub struct Database {
    engine: Engine,
    pub(crate) world: World,
}

enum Engine {
    Sqlite(sqlite::Sqlite),
    Postgres(postgres::Postgres),
}

/// So often a transaction that collides is done again.
const TRIES: u32 = 12;

impl Database {
    /// Opens or makes SQLite's file, checks the settings, brings the tables up to date.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn open(file: &Path, world: World) -> Result<Self, StoreError> {
        let engine = Engine::Sqlite(sqlite::Sqlite::open(file, &world).await?);
        Self::ready(engine, world).await
    }

    /// Connects to PostgreSQL, checks the settings, brings the tables up to date. Several servers may do so at once.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn connect(url: &str, world: World) -> Result<Self, StoreError> {
        let engine = Engine::Postgres(postgres::Postgres::open(url, &world).await?);
        Self::ready(engine, world).await
    }

    async fn ready(engine: Engine, world: World) -> Result<Self, StoreError> {
        let store = Self { engine, world };
        store.try_writing().await?;
        Ok(store)
    }

    /// Changes nothing, and takes it back: a file that can only be read is opened without a word, and tells at the first
    /// write alone.
    async fn try_writing(&self) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        sql::query("UPDATE migrations SET ran_at = ran_at WHERE number = 1")
            .execute(&mut tx)
            .await?;
        tx.rollback().await
    }

    /// Begins a write transaction: the only one (SQLite), or one that notices what others do meanwhile (PostgreSQL).
    ///
    /// # Errors
    /// [`StoreError::Busy`] after ten seconds.
    pub async fn write(&self) -> Result<Write, StoreError> {
        Ok(Write(Connection(match &self.engine {
            Engine::Sqlite(sqlite) => Kind::WriteSqlite(sqlite.writer.begin().await?),
            Engine::Postgres(postgres::Postgres(pool)) => {
                Kind::WritePostgres(pool.begin_with("BEGIN ISOLATION LEVEL SERIALIZABLE").await?)
            }
        })))
    }

    /// A connection for reading what decides nothing. What decides is read inside [`Database::write`].
    ///
    /// # Errors
    /// [`StoreError::Busy`] after ten seconds.
    pub async fn read(&self) -> Result<Read, StoreError> {
        Ok(Read(Connection(match &self.engine {
            Engine::Sqlite(sqlite) => Kind::ReadSqlite(sqlite.readers.acquire().await?),
            Engine::Postgres(postgres::Postgres(pool)) => Kind::ReadPostgres(pool.acquire().await?),
        })))
    }

    /// A transaction for reading several things of one moment.
    ///
    /// # Errors
    /// [`StoreError::Busy`] after ten seconds.
    pub async fn read_at_once(&self) -> Result<Read, StoreError> {
        Ok(Read(Connection(match &self.engine {
            Engine::Sqlite(sqlite) => Kind::ReadSqliteAtOnce(sqlite.readers.begin().await?),
            Engine::Postgres(postgres::Postgres(pool)) => {
                let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
                Kind::WritePostgres(pool.begin_with(begin).await?)
            }
        })))
    }

    /// Does a whole transaction, from its beginning to its commit, and does it again where another one was faster.
    ///
    /// # Errors
    /// [`StoreError`]: of the last time.
    pub(crate) async fn again<T, F>(&self, act: impl Fn() -> F) -> Result<T, StoreError>
    where
        F: Future<Output = Result<T, StoreError>>,
    {
        let mut tries = 1;
        loop {
            let done = act().await;
            if let Engine::Sqlite(sqlite) = &self.engine {
                sqlite.writer.settled().await;
            }
            match done {
                Err(StoreError::Collided) if tries < TRIES => {
                    // Longer each time, and never as long as the other's.
                    let pause = u64::from(tries) * (2 + u64::from(self.world.bytes::<1>()[0] % 8));
                    tokio::time::sleep(Duration::from_millis(pause)).await;
                    tries += 1;
                }
                done => return done,
            }
        }
    }

    /// Whether rows of transactions that overlap may come out of their numbers' order.
    pub(crate) const fn numbers_overlap(&self) -> bool {
        matches!(self.engine, Engine::Postgres(_))
    }
}

#[async_trait]
impl Store for Database {
    async fn is_ready(&self) -> Result<(), StoreError> {
        self.again(|| self.try_writing()).await
    }

    async fn close(&self) {
        match &self.engine {
            Engine::Sqlite(sqlite) => sqlite.close().await,
            Engine::Postgres(postgres::Postgres(pool)) => pool.close().await,
        }
    }
}
