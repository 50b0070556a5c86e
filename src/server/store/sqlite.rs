//! SQLite: one file, one writer ([`super::group`]), four readers.

use super::group::Writer;
use super::{Database, StoreError, migrations};
use crate::server::world::World;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions,
    SqliteSynchronous,
};
use sqlx::{ConnectOptions as _, Connection as _, Row as _};
use std::path::Path;
use std::time::Duration;

/// The first release without the WAL-reset corruption of 3.7.0 to 3.51.2.
const AT_LEAST: (u32, u32, u32) = (3, 51, 3);

/// One writer and its readers.
pub struct Sqlite {
    pub(super) writer: Writer,
    pub(super) readers: SqlitePool,
}

impl Sqlite {
    pub(super) async fn open(file: &Path, world: &World) -> Result<Self, StoreError> {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(5));
        let mut writer = options.connect().await?;
        check_settings(&mut writer).await?;
        migrations::run_on_sqlite(&mut writer, world.now()).await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(4)
            .min_connections(1)
            .acquire_timeout(Duration::from_secs(10))
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_with(options)
            .await?;
        check_settings(&mut *readers.acquire().await?).await?;
        Ok(Self {
            writer: Writer::new(writer),
            readers,
        })
    }

    pub(super) async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

impl Database {
    /// Copies the database of one moment into a new file, while others go on writing.
    ///
    /// # Errors
    /// [`StoreError`]: there is none, no room for the copy, or the file is there.
    pub async fn copy(from: &Path, to: &Path) -> Result<(), StoreError> {
        let mut connection = only_read(from).await?;
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
        let mut connection = only_read(file).await?;
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
}

async fn only_read(file: &Path) -> Result<SqliteConnection, StoreError> {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .read_only(true)
        .busy_timeout(Duration::from_secs(5));
    Ok(options.connect().await?)
}

async fn check_settings(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    let found: String = sqlx::query_scalar("SELECT sqlite_version()")
        .fetch_one(&mut *connection)
        .await?;
    let mut parts = found.split('.').map(|part| part.parse().unwrap_or(0));
    let mut next = || parts.next().unwrap_or(0);
    if (next(), next(), next()) < AT_LEAST {
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
