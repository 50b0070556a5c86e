//! Brings the tables up to date: each file of `migrations/sqlite` runs once, in order, in one transaction. A file that ran
//! is never changed again; its SHA-256 is kept and compared.

use super::StoreError;
use crate::domain::time::Timestamp;
use crate::server::world::sha256;
use sqlx::sqlite::SqlitePool;
use sqlx::{Row as _, SqliteConnection};

/// Number and text, in order, without gaps.
const MIGRATIONS: &[(i64, &str)] = &[
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

const OWN_TABLE: &str = "CREATE TABLE IF NOT EXISTS migrations (
    number INTEGER PRIMARY KEY,
    sha256 BLOB NOT NULL,
    ran_at INTEGER NOT NULL
) STRICT";

pub(super) async fn run(pool: &SqlitePool, now: Timestamp) -> Result<(), StoreError> {
    let mut tx = pool.begin_with("BEGIN IMMEDIATE").await?;
    sqlx::query(OWN_TABLE).execute(&mut *tx).await?;
    let ran = ran(&mut tx).await?;
    pending(&ran)?;
    for (number, sql) in &MIGRATIONS[ran.len()..] {
        let hash = sha256(sql);
        sqlx::raw_sql(*sql).execute(&mut *tx).await?;
        sqlx::query("INSERT INTO migrations (number, sha256, ran_at) VALUES (?, ?, ?)")
            .bind(number)
            .bind(hash.as_slice())
            .bind(now.0)
            .execute(&mut *tx)
            .await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Number and SHA-256 of those that ran on this database, in order.
pub(super) async fn ran(connection: &mut SqliteConnection) -> Result<Vec<(i64, Vec<u8>)>, StoreError> {
    let rows = sqlx::query("SELECT number, sha256 FROM migrations ORDER BY number")
        .fetch_all(connection)
        .await?;
    let read = rows
        .iter()
        .map(|row| Ok((row.try_get("number")?, row.try_get("sha256")?)));
    read.collect()
}

/// How many are still to run.
///
/// # Errors
/// [`StoreError::Migration`]: those that ran aren't ours.
pub(super) fn pending(ran: &[(i64, Vec<u8>)]) -> Result<usize, StoreError> {
    let Some(pending) = MIGRATIONS.len().checked_sub(ran.len()) else {
        return Err(StoreError::Migration(format!(
            "{} is of a newer build than this one",
            ran.len()
        )));
    };
    for ((number, sql), (ran_number, hash)) in MIGRATIONS.iter().zip(ran) {
        if number != ran_number || sha256(sql) != hash.as_slice() {
            return Err(StoreError::Migration(format!(
                "{number} isn't the one that ran on this database"
            )));
        }
    }
    Ok(pending)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A database as a build with fewer migrations left it.
    async fn of_an_older_build(folder: &std::path::Path, until: i64) -> SqlitePool {
        let file = folder.join("cabinet.sqlite");
        let pool = SqlitePool::connect(&format!("sqlite://{}?mode=rwc", file.display()))
            .await
            .unwrap();
        sqlx::query(OWN_TABLE).execute(&pool).await.unwrap();
        for (number, sql) in MIGRATIONS.iter().filter(|(number, _)| *number <= until) {
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
        run(&pool, Timestamp(9)).await.unwrap();
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
