//! What both engines promise alike where the services' own tests, which run on both, don't look: the same tables, the same
//! order of text, and several servers on one database of PostgreSQL at once.

use super::*;
use crate::api::accounts::Way;
use crate::domain::iin::Iin;
use crate::domain::time::Timestamp;
use crate::server::audit::{self, Broken, Entry};
use crate::server::fixture::engine::postgres::{Fresh, fresh};
use crate::server::fixture::{aliya, fund_record, iin, world};
use crate::server::limits::{Limit, Rule};
use crate::server::outbox::{self, Channel, Message, Outcome};
use crate::server::places::Place;
use crate::server::store::accounts::{NewSession, Try};
use crate::server::store::watch::Upkeep;
use sqlx::Connection as _;
use std::collections::BTreeSet;
use std::sync::Arc;
use tokio::task::JoinSet;

const NOW: Timestamp = Timestamp(1_795_417_200_000);
const ALIYA: &str = crate::server::fixture::ALIYA;

/// Several servers that start at once on one empty database.
async fn servers(number: usize) -> Option<(Vec<Arc<Database>>, Fresh)> {
    let fresh = fresh().await?;
    let mut starting = JoinSet::new();
    for _ in 0..number {
        let url = fresh.url.clone();
        // The fixture's chance is the same each time: the ids of several servers would be.
        starting.spawn(async move { Database::connect(&url, World::system()).await });
    }
    let mut servers = Vec::new();
    while let Some(started) = starting.join_next().await {
        servers.push(Arc::new(started.unwrap().unwrap()));
    }
    Some((servers, fresh))
}

/// Each of the servers does this so often, all at once.
async fn at_once<T, F>(
    servers: &[Arc<Database>],
    often: usize,
    act: impl Fn(Arc<Database>, usize) -> F,
) -> Vec<T>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let mut acting = JoinSet::new();
    for turn in 0..often {
        for (place, server) in servers.iter().enumerate() {
            acting.spawn(act(server.clone(), turn * servers.len() + place));
        }
    }
    acting.join_all().await
}

async fn told(fresh: &Fresh, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql)
        .fetch_one(&mut fresh.behind().await)
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn servers_that_start_at_once_bring_the_tables_up_to_date_once() {
    let Some((servers, fresh)) = servers(6).await else {
        return;
    };
    for server in &servers {
        server.is_ready().await.unwrap();
    }
    assert_eq!(told(&fresh, "SELECT count(*) FROM qr_changes").await, 1);
    assert_eq!(
        Database::look_at_postgres(&fresh.url).await.unwrap(),
        Upkeep::UpToDate
    );
    // And once more, over tables that are there.
    let again = Database::connect(&fresh.url, World::system()).await.unwrap();
    again.is_ready().await.unwrap();
}

#[tokio::test]
async fn looking_at_an_empty_database_makes_nothing() {
    let Some(fresh) = fresh().await else { return };
    for _ in 0..2 {
        let looked = Database::look_at_postgres(&fresh.url).await;
        assert!(matches!(looked, Err(StoreError::Missing)), "{looked:?}");
    }
}

/// `table.column kind` of every table both have.
#[tokio::test]
async fn both_engines_have_the_same_tables_columns_and_indexes() {
    let Some((_, fresh)) = servers(1).await else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("cabinet.sqlite");
    drop(Database::open(&file, World::system()).await.unwrap());
    let mut lite = sqlx::SqliteConnection::connect(&format!("sqlite://{}", file.display()))
        .await
        .unwrap();
    let sqlite: BTreeSet<String> = sqlx::query_scalar(
        "SELECT m.name || '.' || c.name || ' ' || CASE c.type WHEN 'INTEGER' THEN 'bigint' WHEN 'BLOB' THEN 'bytea'
             ELSE 'text' END || CASE WHEN c.\"notnull\" OR c.pk THEN '' ELSE ' or nothing' END
         FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%'
         UNION SELECT type || ' ' || name FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL",
    )
    .fetch_all(&mut lite)
    .await
    .unwrap()
    .into_iter()
    .collect();
    let postgres: BTreeSet<String> = sqlx::query_scalar(
        "SELECT table_name || '.' || column_name || ' ' || data_type
             || CASE is_nullable WHEN 'YES' THEN ' or nothing' ELSE '' END
         FROM information_schema.columns WHERE table_schema = 'public'
         UNION SELECT 'trigger ' || tgname FROM pg_trigger WHERE NOT tgisinternal
         UNION SELECT 'index ' || c.relname FROM pg_index JOIN pg_class c ON c.oid = indexrelid
         WHERE relnamespace = 'public'::regnamespace
             AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid)",
    )
    .fetch_all(&mut fresh.behind().await)
    .await
    .unwrap()
    .into_iter()
    .collect();
    let only_there = ["key_fingerprints.", "migrations_turn."];
    let differing: Vec<_> = sqlite
        .symmetric_difference(&postgres)
        .filter(|name| !only_there.iter().any(|table| name.starts_with(table)))
        .collect();
    assert!(differing.is_empty(), "{differing:?}");
    assert!(sqlite.len() > 200, "{}", sqlite.len());
}

/// Text is ordered by its bytes, whatever the system's language.
#[tokio::test]
async fn places_come_in_the_order_of_their_bytes() {
    let Some((servers, fresh)) = servers(1).await else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let sqlite = Database::open(&folder.path().join("cabinet.sqlite"), world().0)
        .await
        .unwrap();
    let place = |code: &str, name_kk: Option<&str>| Place {
        code: code.to_owned(),
        name_kk: name_kk.map(str::to_owned),
        name_ru: "Ы".to_owned(),
    };
    let places =
        ["a00000000", "B00000000", "00000000-", "000000000", "Ә00000000"].map(|code| place(code, None));
    let mut inverse = places.to_vec();
    inverse.reverse();
    inverse.push(place("100000000", Some("Ә")));
    sqlite.replace_places(&inverse).await.unwrap();
    servers[0].replace_places(&inverse).await.unwrap();
    let kept = sqlite.places().await.unwrap();
    assert_eq!(kept, servers[0].places().await.unwrap());
    let mut codes: Vec<_> = inverse.iter().map(|place| place.code.clone()).collect();
    codes.sort_unstable();
    assert_eq!(
        kept.iter().map(|place| place.code.clone()).collect::<Vec<_>>(),
        codes
    );
    drop(fresh);
}

#[tokio::test(flavor = "multi_thread")]
async fn imports_at_once_leave_one_whole_table_and_raise_the_version_each() {
    let Some((servers, _fresh)) = servers(3).await else {
        return;
    };
    let table = |turn: usize| {
        (0..50)
            .map(|row| Place {
                code: format!("{turn:02}{row:07}"),
                name_kk: None,
                name_ru: "c".to_owned(),
            })
            .collect::<Vec<_>>()
    };
    let done = at_once(&servers, 1, |server, turn| {
        let places = table(turn);
        async move { server.replace_places(&places).await }
    })
    .await;
    assert!(done.iter().all(Result::is_ok), "{done:?}");
    let kept = servers[0].places().await.unwrap();
    assert!((0..3).any(|turn| table(turn) == kept), "{} rows", kept.len());
    assert_eq!(servers[1].places_version().await.unwrap(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn t21_however_many_try_at_once_at_however_many_servers_no_more_are_admitted() {
    let Some((servers, fresh)) = servers(3).await else {
        return;
    };
    let limit = Limit {
        key: [7; 32],
        rule: Rule::Window { most: 5, ms: 60_000 },
    };
    let person = iin(ALIYA);
    let tries = at_once(&servers, 20, |server, _| {
        let person = person.clone();
        async move { server.begin_password_try(&person, &[limit], NOW).await }
    })
    .await;
    let admitted = tries
        .iter()
        .filter(|tried| matches!(tried, Ok(Try::Admitted { .. })))
        .count();
    // Whoever collides again and again is told that all are busy, and counts for nothing.
    assert!(admitted <= 5, "{admitted}");
    let counted = told(&fresh, "SELECT count FROM limits").await;
    assert_eq!(usize::try_from(counted).unwrap(), admitted, "each is counted");
    assert!(tries.iter().any(|tried| matches!(tried, Ok(Try::TooMany { .. }))));
}

#[tokio::test(flavor = "multi_thread")]
async fn t01_of_many_copies_of_a_challenge_one_is_taken() {
    let Some((servers, _fresh)) = servers(3).await else {
        return;
    };
    let limit = Limit {
        key: [8; 32],
        rule: Rule::Window { most: 9, ms: 1 },
    };
    servers[0]
        .put_challenge(&[1; 32], &[2; 32], NOW, limit, NOW)
        .await
        .unwrap();
    let taken = at_once(&servers, 20, |server, _| async move {
        server.take_challenge(&[1; 32], &[2; 32]).await
    })
    .await;
    let taken = taken.into_iter().filter(|taken| matches!(taken, Ok(Some(_))));
    assert_eq!(taken.count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_leased_by_one_server_and_noted_once() {
    let Some((servers, fresh)) = servers(3).await else {
        return;
    };
    let mut tx = servers[0].write().await.unwrap();
    for number in 0..40 {
        let message = Message {
            id: &format!("message {number:02}"),
            channel: Channel::Sms,
            recipient: "+77010000001",
            subject: "",
            body: "Қабылданды",
            at: NOW,
            expires_at: None,
        };
        outbox::insert(&mut tx, message).await.unwrap();
    }
    tx.commit().await.unwrap();
    let mut found = Vec::new();
    // Some collide, and come again half a second later, as the server does.
    while found.len() < 40 {
        let leased = at_once(&servers, 2, |server, _| async move {
            server
                .lease_messages(&[Channel::Sms], NOW, NOW.plus_seconds(60), 5)
                .await
        })
        .await;
        found.extend(
            leased
                .into_iter()
                .filter_map(Result::ok)
                .flatten()
                .map(|due| due.id),
        );
    }
    let each: BTreeSet<_> = found.iter().cloned().collect();
    assert_eq!((found.len(), each.len()), (40, 40), "none twice");
    // Of a message sent twice (its lease had ended) one is noted.
    at_once(&servers, 2, |server, _| async move {
        server.message_tried("message 00", NOW, Outcome::Sent, "").await
    })
    .await;
    assert_eq!(
        told(&fresh, "SELECT count(*) FROM audit WHERE event = 'message.sent'").await,
        1
    );
    assert_eq!(
        told(
            &fresh,
            "SELECT count(*) FROM outbox WHERE sent_at IS NOT NULL AND tries = 1"
        )
        .await,
        1
    );
}

fn entry(at: i64) -> Entry<'static> {
    Entry {
        at: Timestamp(at),
        event: "test.made",
        iin: None,
        subject: None,
        request_id: None,
        details: serde_json::json!({ "at": at }),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_comes_out_late_is_linked_too() {
    let Some((servers, _fresh)) = servers(2).await else {
        return;
    };
    let mut slow = servers[0].write().await.unwrap();
    audit::insert(&mut slow, entry(1)).await.unwrap();
    let mut fast = servers[1].write().await.unwrap();
    audit::insert(&mut fast, entry(2)).await.unwrap();
    fast.commit().await.unwrap();
    assert_eq!(servers[1].link_audit("b", NOW).await.unwrap(), 1);
    let before = servers[1].verify_audit().await.unwrap();
    assert_eq!((before.sound, before.unlinked, before.broken), (1, 0, None));
    // Its number is lower than one that is linked already.
    slow.commit().await.unwrap();
    let between = servers[0].verify_audit().await.unwrap();
    assert_eq!(
        (between.sound, between.broken),
        (1, None),
        "it waits for its link"
    );
    assert_eq!(
        servers[0].link_audit("a", NOW).await.unwrap(),
        0,
        "the other has the lease"
    );
    assert_eq!(servers[0].link_audit("a", NOW.plus_seconds(60)).await.unwrap(), 1);
    let after = servers[0].verify_audit().await.unwrap();
    assert_eq!((after.sound, after.unlinked, after.broken), (2, 0, None));
}

#[tokio::test]
async fn t33_a_row_changed_or_removed_behind_the_program_is_named() {
    let Some((servers, fresh)) = servers(1).await else {
        return;
    };
    let server = &servers[0];
    let mut tx = server.write().await.unwrap();
    for at in 1..=5 {
        audit::insert(&mut tx, entry(at)).await.unwrap();
    }
    tx.commit().await.unwrap();
    assert_eq!(server.link_audit("a", NOW).await.unwrap(), 5);
    for (sql, number, removed) in [
        (
            "DROP TRIGGER audit_is_not_changed ON audit;
             UPDATE audit SET details = '{}' WHERE id = (SELECT audit_id FROM audit_chain WHERE number = 4)",
            4,
            false,
        ),
        (
            "DROP TRIGGER audit_is_not_removed ON audit;
             ALTER TABLE audit_chain DROP CONSTRAINT audit_chain_audit_id_fkey;
             DELETE FROM audit WHERE id = (SELECT audit_id FROM audit_chain WHERE number = 3)",
            3,
            true,
        ),
    ] {
        sqlx::raw_sql(sql)
            .execute(&mut fresh.behind().await)
            .await
            .unwrap();
        let report = server.verify_audit().await.unwrap();
        let named = match report.broken {
            Some(Broken::Changed { number, .. }) => (number, false),
            Some(Broken::Removed { number, .. }) => (number, true),
            other => panic!("{other:?}"),
        };
        assert_eq!(named, (number, removed));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_sign_in_at_once_and_the_chain_over_it_is_one() {
    let Some((servers, fresh)) = servers(3).await else {
        return;
    };
    servers[0]
        .put_fund_record(&fund_record(aliya(), "051234567"))
        .await
        .unwrap();
    let linking = {
        let server = servers[1].clone();
        tokio::spawn(async move {
            for _ in 0..20 {
                server.link_audit("b", NOW).await.unwrap();
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        })
    };
    let person = iin(ALIYA);
    let begun = at_once(&servers, 15, |server, turn| {
        let person = person.clone();
        async move { start_session(&server, &person, turn).await }
    })
    .await;
    linking.await.unwrap();
    let begun = begun.into_iter().filter(Result::is_ok).count();
    assert!(begun > 30, "few are turned away: {begun}");
    while servers[1].link_audit("b", NOW).await.unwrap() > 0 {}
    let report = servers[2].verify_audit().await.unwrap();
    assert_eq!((report.broken, report.unlinked), (None, 0));
    let sessions = told(&fresh, "SELECT count(*) FROM sessions").await;
    assert_eq!(usize::try_from(sessions).unwrap(), begun);
    let noted = told(
        &fresh,
        "SELECT count(*) FROM audit WHERE event = 'session.started'",
    )
    .await;
    assert_eq!(noted, sessions, "each is in the audit, and nothing else");
}

async fn start_session(server: &Database, person: &Iin, turn: usize) -> Result<(), StoreError> {
    let mut hash = [0; 32];
    hash[..8].copy_from_slice(&turn.to_be_bytes());
    let session = NewSession {
        iin: person,
        secret_hash: hash,
        way: Way::Password,
        at: NOW,
        certificate_ends: None,
        address: "127.0.0.1",
        user_agent: "",
        request_id: "request",
        sign_in_id: &format!("sign-in {turn}"),
        forgiven: &[],
        instead_of: None,
        device_hash: [9; 32],
        device_since: NOW,
        from_new_device: &[],
    };
    server.start_session(session).await.map(|_| ())
}

#[tokio::test]
async fn a_server_with_other_keys_is_told_which() {
    let Some((servers, _fresh)) = servers(2).await else {
        return;
    };
    let keys = [("pepper", [1; 32]), ("codes", [2; 32])];
    assert!(servers[0].hold_keys(&keys).await.unwrap().is_empty());
    assert!(servers[1].hold_keys(&keys).await.unwrap().is_empty());
    let other = [("pepper", [1; 32]), ("codes", [3; 32])];
    assert_eq!(servers[1].hold_keys(&other).await.unwrap(), ["codes"]);
    assert!(
        servers[0].hold_keys(&keys).await.unwrap().is_empty(),
        "nothing was noted"
    );
}

#[tokio::test]
async fn a_password_that_is_wrong_and_a_database_that_isnt_there_are_told_without_it() {
    let Some(fresh) = fresh().await else { return };
    let elsewhere = "postgres://cabinet:tell-nobody@127.0.0.1:1/cabinet".to_owned();
    let stranger = fresh
        .url
        .replacen("user=cabinet", "user=stranger&password=tell-nobody", 1);
    let nothing = fresh.url.replacen("/test_", "/nothing_", 1);
    for (url, why) in [
        (elsewhere, "can't be reached"),
        (stranger, "password authentication failed"),
        (nothing, "does not exist"),
    ] {
        let Err(error) = Database::connect(&url, World::system()).await else {
            panic!("{url}")
        };
        let said = error.to_string();
        assert!(said.contains(why), "{said}");
        assert!(!said.contains("tell-nobody") && !said.contains('\n'), "{said}");
    }
}
