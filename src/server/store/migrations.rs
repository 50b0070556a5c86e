//! Brings the tables up to date: each file of `migrations/sqlite`, or of `migrations/postgres`, runs once, in order, in one
//! transaction. A file that ran is never changed again; its SHA-256 is kept and compared. Several servers may start at once:
//! one brings the tables up to date, the others wait and find them so.

use super::StoreError;
use crate::domain::time::Timestamp;
use crate::server::world::sha256;
use sqlx::postgres::PgConnection;
use sqlx::sqlite::SqliteConnection;
use sqlx::{Connection as _, Row as _};

/// Number and text, in order, without gaps.
type Migrations = [(i64, &'static str)];

const SQLITE: &Migrations = &[
    (1, include_str!("../../../migrations/sqlite/0001_accounts.sql")),
    (2, include_str!("../../../migrations/sqlite/0002_fund.sql")),
    (
        3,
        include_str!("../../../migrations/sqlite/0003_applications.sql"),
    ),
    (4, include_str!("../../../migrations/sqlite/0004_qr.sql")),
    (5, include_str!("../../../migrations/sqlite/0005_devices.sql")),
    (6, include_str!("../../../migrations/sqlite/0006_contacts.sql")),
    (7, include_str!("../../../migrations/sqlite/0007_codes.sql")),
    (8, include_str!("../../../migrations/sqlite/0008_receipts.sql")),
    (9, include_str!("../../../migrations/sqlite/0009_places.sql")),
    (10, include_str!("../../../migrations/sqlite/0010_works.sql")),
    (11, include_str!("../../../migrations/sqlite/0011_returned.sql")),
    (12, include_str!("../../../migrations/sqlite/0012_events.sql")),
    (13, include_str!("../../../migrations/sqlite/0013_openings.sql")),
    (
        14,
        include_str!("../../../migrations/sqlite/0014_second_step.sql"),
    ),
];

/// It begins where SQLite's was when PostgreSQL came.
const POSTGRES: &Migrations = &[(1, include_str!("../../../migrations/postgres/0001_cabinet.sql"))];

const SQLITE_OWN: &str = "CREATE TABLE IF NOT EXISTS migrations (
    number INTEGER PRIMARY KEY,
    sha256 BLOB NOT NULL,
    ran_at INTEGER NOT NULL
) STRICT";

/// The second table's row is the turn: whoever has it locked brings the others up to date.
const POSTGRES_OWN: &[&str] = &[
    "CREATE TABLE IF NOT EXISTS migrations (number BIGINT PRIMARY KEY, sha256 BYTEA NOT NULL, ran_at BIGINT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS migrations_turn (one BIGINT PRIMARY KEY)",
    "INSERT INTO migrations_turn (one) VALUES (1) ON CONFLICT DO NOTHING",
];

pub(super) async fn run_on_sqlite(
    connection: &mut SqliteConnection,
    now: Timestamp,
) -> Result<(), StoreError> {
    let mut tx = connection.begin_with("BEGIN IMMEDIATE").await?;
    sqlx::query(SQLITE_OWN).execute(&mut *tx).await?;
    for (number, sql) in missing_on_sqlite(&mut tx).await? {
        sqlx::raw_sql(*sql).execute(&mut *tx).await?;
        sqlx::query("INSERT INTO migrations (number, sha256, ran_at) VALUES (?, ?, ?)")
            .bind(number)
            .bind(sha256(sql).as_slice())
            .bind(now.0)
            .execute(&mut *tx)
            .await?;
    }
    Ok(tx.commit().await?)
}

/// Those that are still to run on this database.
pub(super) async fn missing_on_sqlite(
    connection: &mut SqliteConnection,
) -> Result<&'static Migrations, StoreError> {
    let ran = sqlx::query("SELECT number, sha256 FROM migrations ORDER BY number")
        .fetch_all(connection)
        .await?
        .iter()
        .map(|row| Ok((row.try_get("number")?, row.try_get("sha256")?)))
        .collect::<Result<Vec<_>, StoreError>>()?;
    missing(SQLITE, &ran)
}

pub(super) async fn run_on_postgres(connection: &mut PgConnection, now: Timestamp) -> Result<(), StoreError> {
    for sql in POSTGRES_OWN {
        // Two that make the same table at once: one of them fails, and the table is there.
        if let Err(error) = sqlx::query(*sql).execute(&mut *connection).await {
            sqlx::query(*sql)
                .execute(&mut *connection)
                .await
                .map_err(|_| error)?;
        }
    }
    let mut tx = connection
        .begin_with("BEGIN ISOLATION LEVEL READ COMMITTED")
        .await?;
    sqlx::query("SELECT one FROM migrations_turn FOR UPDATE")
        .fetch_one(&mut *tx)
        .await?;
    // Begun after the wait: it sees what the one before has done.
    let ran = sqlx::query("SELECT number, sha256 FROM migrations ORDER BY number")
        .fetch_all(&mut *tx)
        .await?
        .iter()
        .map(|row| Ok((row.try_get("number")?, row.try_get("sha256")?)))
        .collect::<Result<Vec<_>, StoreError>>()?;
    for (number, sql) in missing(POSTGRES, &ran)? {
        sqlx::raw_sql(*sql).execute(&mut *tx).await?;
        sqlx::query("INSERT INTO migrations (number, sha256, ran_at) VALUES ($1, $2, $3)")
            .bind(number)
            .bind(sha256(sql).as_slice())
            .bind(now.0)
            .execute(&mut *tx)
            .await?;
    }
    Ok(tx.commit().await?)
}

/// How many are still to run on PostgreSQL; nothing where none ever ran.
pub(super) async fn missing_on_postgres(connection: &mut PgConnection) -> Result<Option<usize>, StoreError> {
    let there: bool = sqlx::query_scalar("SELECT to_regclass('migrations') IS NOT NULL")
        .fetch_one(&mut *connection)
        .await?;
    if !there {
        return Ok(None);
    }
    let ran = sqlx::query("SELECT number, sha256 FROM migrations ORDER BY number")
        .fetch_all(connection)
        .await?
        .iter()
        .map(|row| Ok((row.try_get("number")?, row.try_get("sha256")?)))
        .collect::<Result<Vec<_>, StoreError>>()?;
    Ok(Some(missing(POSTGRES, &ran)?.len()))
}

/// Those that are still to run.
fn missing<'m>(all: &'m Migrations, ran: &[(i64, Vec<u8>)]) -> Result<&'m Migrations, StoreError> {
    for ((number, sql), (ran_number, ran_hash)) in all.iter().zip(ran) {
        if (number, sha256(sql).as_slice()) != (ran_number, ran_hash) {
            return Err(StoreError::Migration(format!(
                "{number} isn't the one that ran on this database"
            )));
        }
    }
    all.get(ran.len()..)
        .ok_or_else(|| StoreError::Migration(format!("{} is of a newer build than this one", ran.len())))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A database as a build with fewer migrations left it.
    async fn of_an_older_build(folder: &std::path::Path, until: i64) -> sqlx::SqlitePool {
        let file = folder.join("cabinet.sqlite");
        let pool = sqlx::SqlitePool::connect(&format!("sqlite://{}?mode=rwc", file.display()))
            .await
            .unwrap();
        sqlx::query(SQLITE_OWN).execute(&pool).await.unwrap();
        for (number, sql) in SQLITE.iter().filter(|(number, _)| *number <= until) {
            sqlx::raw_sql(*sql).execute(&pool).await.unwrap();
            sqlx::query("INSERT INTO migrations (number, sha256, ran_at) VALUES (?, ?, 0)")
                .bind(number)
                .bind(sha256(sql).as_slice())
                .execute(&pool)
                .await
                .unwrap();
        }
        pool
    }

    #[tokio::test]
    async fn what_waits_to_leave_and_what_came_back_is_there_in_the_newer_tables() {
        let folder = tempfile::tempdir().unwrap();
        let pool = of_an_older_build(folder.path(), 10).await;
        sqlx::raw_sql(
            "INSERT INTO people (iin, surname, given_name, birth_date)
                 VALUES ('990101390009', 'А', 'Б', '1999-01-01');
             INSERT INTO returned_letters (iin, at) VALUES ('990101390009', 5);
             INSERT INTO outbox (id, channel, recipient, subject, body, created_at, next_try_at, tries)
                 VALUES ('a', 'sms', '+77010000001', '', 'Қабылданды', 1, 2, 3);",
        )
        .execute(&pool)
        .await
        .unwrap();
        run_on_sqlite(&mut pool.acquire().await.unwrap(), Timestamp(9))
            .await
            .unwrap();
        let waiting: (String, String, i64) = sqlx::query_as("SELECT channel, body, tries FROM outbox")
            .fetch_one(&pool)
            .await
            .unwrap();
        assert_eq!(waiting, ("sms".to_owned(), "Қабылданды".to_owned(), 3));
        let returned: (String, String, i64) = sqlx::query_as("SELECT kind, contact, at FROM returned_mail")
            .fetch_one(&pool)
            .await
            .unwrap();
        assert_eq!(returned, ("post".to_owned(), String::new(), 5));
        let indexes: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM sqlite_master WHERE type = 'index' AND tbl_name = 'outbox' AND name LIKE 'outbox_%'",
        )
        .fetch_one(&pool)
        .await
        .unwrap();
        assert_eq!(indexes, 2);
        pool.close().await;
    }
}
