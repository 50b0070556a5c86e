//! Puts the crowd into a database of its own, as an import would have, but millions in minutes: SQLite's file is written
//! directly, without a journal, in the order of its keys. Every fifth has a password, and a browser that is
//! remembered.

use super::DriverError;
use super::visitor::hex;
use crate::demo::people::PASSWORD;
use crate::demo::people::crowd::Somebody;
use crate::domain::requisites::Requisites;
use crate::server::accounts::password;
use crate::server::backup::DATABASE;
use crate::server::config::Config;
use crate::server::keys::Keys;
use crate::server::store::{Database, Store as _};
use crate::server::world::{World, sha256};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Connection as _, SqliteConnection};
use std::path::{Path, PathBuf};

/// People in one statement, and in one transaction.
const AT_A_TIME: u64 = 2_000;
const IN_ONE: u64 = 100_000;

/// The cookie of a remembered browser.
#[must_use]
pub fn remembered_secret(number: u64) -> String {
    URL_SAFE_NO_PAD.encode(sha256(format!("remembered {number}")))
}

#[must_use]
pub const fn has_password(number: u64) -> bool {
    number.is_multiple_of(5)
}

/// Where a server looks for its keys by itself.
fn keys_folder(data: &Path) -> PathBuf {
    Config {
        data: data.to_owned(),
        ..Config::default()
    }
    .keys_folder()
}

/// The tables, and what goes into each from a JSON array of rows.
const TABLES: [&str; 6] = [
    "INSERT INTO people (iin, surname, given_name, patronymic, birth_date)
     SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4 FROM json_each(?)",
    "INSERT INTO requisites (iin, version, content, changed_at)
     SELECT value ->> 0, 1, value ->> 1, value ->> 2 FROM json_each(?)",
    "INSERT INTO requisites_history (iin, version, at, source, before, after)
     SELECT value ->> 0, 1, value ->> 1, 'import', value ->> 2, value ->> 3 FROM json_each(?)",
    "INSERT INTO pension_accounts (iin, position, content)
     SELECT value ->> 0, 0, value ->> 1 FROM json_each(?)",
    "INSERT INTO accounts (iin, password, password_set_at)
     SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?)",
    "INSERT INTO remembered (iin, secret_hash, seen_at)
     SELECT value ->> 0, unhex(value ->> 1), value ->> 2 FROM json_each(?)",
];

/// Fills the data folder, which must hold nobody yet; `told` hears how many are in.
///
/// # Errors
/// [`DriverError`]; what was begun is worth nothing then.
pub async fn fill(data: &Path, people: u64, mut told: impl FnMut(u64)) -> Result<(), DriverError> {
    let world = World::system();
    let keys =
        Keys::open(&keys_folder(data), &world).map_err(|error| DriverError::Other(error.to_string()))?;
    let file = data.join(DATABASE);
    let store = Database::open(&file, world.clone()).await?;
    store.close().await;
    let phc = password::hash(PASSWORD, &world.bytes::<16>(), &keys.pepper)
        .map_err(|error| DriverError::Other(error.to_string()))?;
    let options = SqliteConnectOptions::new()
        .filename(&file)
        .journal_mode(SqliteJournalMode::Off)
        .synchronous(SqliteSynchronous::Off)
        .foreign_keys(false);
    let mut connection = options.connect().await?;
    let held: i64 = sqlx::query_scalar("SELECT count(*) FROM people")
        .fetch_one(&mut connection)
        .await?;
    if held > 0 {
        return Err(DriverError::Other(format!(
            "{} holds somebody already",
            file.display()
        )));
    }
    let at = world.now().0;
    let mut number = 0;
    while number < people {
        if number.is_multiple_of(IN_ONE) {
            sqlx::query("BEGIN").execute(&mut connection).await?;
        }
        let end = (number + AT_A_TIME).min(people);
        put(&mut connection, number..end, &phc, at).await?;
        number = end;
        if number.is_multiple_of(IN_ONE) || number == people {
            sqlx::query("COMMIT").execute(&mut connection).await?;
            told(number);
        }
    }
    sqlx::query("ANALYZE").execute(&mut connection).await?;
    connection.close().await?;
    let written = std::fs::File::open(&file).and_then(|file| file.sync_all());
    written.map_err(DriverError::io(file.display()))
}

async fn put(
    connection: &mut SqliteConnection,
    numbers: std::ops::Range<u64>,
    phc: &str,
    at: i64,
) -> Result<(), DriverError> {
    let nothing = text(&Requisites::default())?;
    let mut rows: [Vec<Value>; TABLES.len()] = Default::default();
    for number in numbers {
        let somebody = Somebody::new(number)
            .ok_or_else(|| DriverError::Other(format!("the crowd ends before {number}")))?;
        let person = &somebody.fund.person;
        let iin = person.iin.digits();
        let held = text(&somebody.fund.requisites)?;
        rows[0].push(json!([
            iin,
            person.surname,
            person.given_name,
            person.patronymic,
            person.birth_date.to_string()
        ]));
        rows[1].push(json!([iin, held, at]));
        rows[2].push(json!([iin, at, nothing, held]));
        for account in &somebody.fund.accounts {
            rows[3].push(json!([iin, text(account)?]));
        }
        if has_password(number) {
            rows[4].push(json!([iin, phc, at]));
            rows[5].push(json!([iin, hex(&sha256(remembered_secret(number))), at]));
        }
    }
    for (table, rows) in TABLES.into_iter().zip(rows) {
        sqlx::query(table)
            .bind(Value::from(rows).to_string())
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

fn text(value: &impl serde::Serialize) -> Result<String, DriverError> {
    serde_json::to_string(value).map_err(|error| DriverError::Other(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::people::crowd::Somebody;
    use crate::server::store::accounts::Try;
    use crate::server::store::{AccountStore as _, FundStore as _, SecondStepStore as _};

    #[tokio::test]
    async fn the_filled_record_is_what_an_import_would_have_made() {
        let folder = tempfile::tempdir().unwrap();
        fill(folder.path(), 3, |_| {}).await.unwrap();
        let store = Database::open(&folder.path().join(DATABASE), World::system())
            .await
            .unwrap();
        let somebody = Somebody::new(0).unwrap();
        let held = store.fund_record(somebody.iin()).await.unwrap().unwrap();
        assert_eq!(held.requisites, somebody.fund.requisites);
        assert_eq!(held.accounts, somebody.fund.accounts);
        assert_eq!((&held.person, held.version), (&somebody.fund.person, 1));
        let now = World::system().now();
        let remembered = store
            .is_remembered(
                somebody.iin(),
                &sha256(remembered_secret(0)),
                crate::domain::time::Timestamp(0),
                now,
            )
            .await;
        assert!(remembered.unwrap());
        let keys = Keys::open(&keys_folder(folder.path()), &World::system()).unwrap();
        let admitted = store.begin_password_try(somebody.iin(), &[], now).await.unwrap();
        let Try::Admitted { phc: Some(phc) } = admitted else {
            panic!("{admitted:?}")
        };
        assert!(password::verify(PASSWORD, &phc, &keys.pepper));
        store.put_fund_record(&held).await.unwrap();
        assert_eq!(
            store.fund_record(somebody.iin()).await.unwrap().unwrap().version,
            1,
            "the same again is no change"
        );
        store.close().await;
        assert!(
            fill(folder.path(), 3, |_| {}).await.is_err(),
            "somebody is there already"
        );
        assert_eq!(
            Database::faults(&folder.path().join(DATABASE)).await.unwrap(),
            Vec::<String>::new()
        );
    }
}
