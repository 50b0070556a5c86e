//! What must be one number over all servers: limits, messages sent, the classifier's version, the keys.

use crate::stage::{Browser, Stage};
use serde_json::json;
use std::time::Duration;

#[tokio::test(flavor = "multi_thread")]
async fn guesses_are_counted_over_all_servers() {
    let Some(stage) = Stage::new().await else { return };
    let mut stranger = Browser::at(&stage);
    let guess = json!({ "iin": stage.iin("nurzhan"), "password": "not the password" });
    let mut statuses = Vec::new();
    for _ in 0..6 {
        statuses.push(stranger.ask("accounts/sign_in", guess.clone()).await.0);
    }
    assert_eq!(statuses[..3], [401, 401, 401], "three are free");
    assert!(
        statuses[3..].contains(&429),
        "by none of them the fourth alone: {statuses:?}"
    );
    stage.all_took_part();
}

#[tokio::test(flavor = "multi_thread")]
async fn every_message_leaves_once() {
    let Some(stage) = Stage::new().await else { return };
    // Every sign-in from a new browser is told by SMS and e-mail.
    let people = ["erlan", "viktoria", "elena", "nurzhan"];
    for _ in 0..3 {
        for id in people {
            Browser::of(&stage, id).await;
        }
    }
    let count = async |which: &str| -> i64 {
        let sql = format!("SELECT count(*) FROM outbox WHERE {which}");
        sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
            .fetch_one(&mut stage.database.behind().await)
            .await
            .unwrap()
    };
    let mut left = -1;
    for _ in 0..200 {
        left = count("sent_at IS NULL").await;
        if left == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(left, 0, "all have left");
    // The demo's mail server takes whatever comes, once more too.
    let sent = count("channel = 'email'").await;
    assert!(sent >= 8, "{sent}");
    let came = stage
        .inbox()
        .await
        .iter()
        .filter(|message| message["kind"] == "mail")
        .count();
    assert_eq!(i64::try_from(came).unwrap(), sent, "none came twice");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_beside_them_is_seen_by_all() {
    let Some(stage) = Stage::new().await else { return };
    let mut browser = Browser::of(&stage, "erlan").await;
    let find = json!({ "region": "", "text": "Архат" });
    let table = stage.folder.path().join("kato.csv");
    let rows = "code;name\n100000000;область Абай\n103400000;Абайский район\n103430000;Архатский с.о.\n103430100;с.Архат\n";
    std::fs::write(&table, rows).unwrap();
    for _ in 0..3 {
        assert_eq!(
            browser.get("addresses/suggest_places", find.clone()).await,
            json!([])
        );
    }
    let imported = stage.program().arg("import-kato").arg(&table).output().unwrap();
    assert!(imported.status.success(), "{imported:?}");
    for _ in 0..3 {
        let found = browser.get("addresses/suggest_places", find.clone()).await;
        assert!(
            found
                .as_array()
                .unwrap()
                .iter()
                .any(|place| place["code"] == "103430100"),
            "{found}"
        );
    }
    stage.all_took_part();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_with_other_keys_or_another_password_doesnt_start() {
    let Some(stage) = Stage::new().await else { return };
    let complaint = |keys: &str, database: Option<String>| {
        let mut command = stage.program();
        command.env("CABINET_KEYS_DIR", stage.folder.path().join(keys));
        if let Some(database) = database {
            command.env("CABINET_DATABASE", database);
        }
        let output = command.output().unwrap();
        assert!(!output.status.success());
        let lines = String::from_utf8(output.stderr).unwrap();
        let said = lines.lines().find_map(|line| line.strip_prefix("cabinet: "));
        said.unwrap_or_else(|| panic!("no complaint in {lines}"))
            .to_owned()
    };
    let other_keys = complaint("other-keys", None);
    assert!(
        other_keys.contains("pepper") && other_keys.contains("keys_dir"),
        "{other_keys}"
    );
    let nobody = complaint(
        "other-keys",
        Some("postgres://cabinet:tell-nobody@127.0.0.1:1/cabinet".to_owned()),
    );
    assert!(
        nobody.contains("127.0.0.1:1") && !nobody.contains("tell-nobody"),
        "{nobody}"
    );
}
