//! The ways in: password with a second step, EDS, registering; and what ends them.

use crate::stage::{Browser, Stage};
use cabinet::demo::people::PASSWORD;
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn the_second_step_is_begun_sent_tried_and_ended_by_different_servers() {
    let Some(stage) = Stage::new().await else { return };
    let mut browser = Browser::at(&stage);
    let credentials = json!({ "iin": stage.iin("erlan"), "password": PASSWORD });
    let entry = browser.get("accounts/sign_in", credentials.clone()).await;
    assert_eq!(entry["entry"], "code", "{entry}");
    assert_eq!(entry["numbers"][0]["number"], "mobile");
    browser
        .get("accounts/send_code", json!({ "number": "mobile" }))
        .await;
    let code = stage.code_at("+77775550142").await;
    let wrong = if code == "000000" { "000001" } else { "000000" };
    for left in [4, 3] {
        let typed = json!({ "number": "mobile", "code": wrong, "remember": false });
        let (_, refused) = browser.ask("accounts/confirm_code", typed).await;
        assert_eq!(
            refused["trouble"]["left"], left,
            "counted by all together: {refused}"
        );
    }
    let typed = json!({ "number": "mobile", "code": code, "remember": true });
    let entry = browser.get("accounts/confirm_code", typed).await;
    assert_eq!(entry["entry"], "open", "{entry}");
    for _ in 0..3 {
        browser.get("accounts/me", json!({})).await;
    }
    browser.get("accounts/sign_out", json!({})).await;
    for _ in 0..3 {
        assert_eq!(browser.ask("accounts/me", json!({})).await.0, 401);
    }
    let entry = browser.get("accounts/sign_in", credentials).await;
    assert_eq!(entry["entry"], "open", "any server knows the browser: {entry}");
    stage.all_took_part();
    stage.the_audit_is_whole().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_challenge_of_one_server_is_taken_once_by_another() {
    let Some(stage) = Stage::new().await else { return };
    let mut browser = Browser::at(&stage);
    let (status, identity) = browser.sign_in_with_key(&stage, "erlan-gost").await;
    assert_eq!((status, &identity["way"]), (200, &json!("eds")), "{identity}");
    for _ in 0..3 {
        browser.get("accounts/me", json!({})).await;
    }
    let (status, answer) = browser.sign_in_with_key(&stage, "aliya-revoked").await;
    assert_eq!(
        (status, &answer["trouble"]["trouble"]),
        (422, &json!("revoked")),
        "{answer}"
    );
    stage.all_took_part();
}

#[tokio::test(flavor = "multi_thread")]
async fn registering_is_begun_proven_and_ended_by_different_servers() {
    let Some(stage) = Stage::new().await else { return };
    let iin = stage.iin("gulnar");
    let mut browser = Browser::at(&stage);
    let wanted = json!({ "opening": "registration", "iin": iin, "number": "mobile", "proof": "" });
    browser.get("openings/start", wanted).await;
    let under_way = browser.get("openings/under_way", json!({})).await;
    assert_eq!(under_way["opening"], "registration", "{under_way}");
    let code = stage.code_at("+77051902001").await;
    let wrong = if code == "000000" { "000001" } else { "000000" };
    let password = "Жаңа құпия сөйлем 2026";
    let (_, refused) = browser
        .ask("openings/finish", json!({ "code": wrong, "password": password }))
        .await;
    assert_eq!(refused["trouble"]["left"], 4, "{refused}");
    let set = browser
        .get("openings/finish", json!({ "code": code, "password": password }))
        .await;
    assert_eq!(set, "done");
    browser.get("accounts/me", json!({})).await;

    // The password opens the door at any of them.
    for _ in 0..3 {
        let entry = Browser::at(&stage)
            .get("accounts/sign_in", json!({ "iin": iin, "password": password }))
            .await;
        assert_eq!(entry["entry"], "code", "{entry}");
    }
    stage.all_took_part();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_ended_at_one_server_is_over_at_all() {
    let Some(stage) = Stage::new().await else { return };
    let mut here = Browser::of(&stage, "viktoria").await;
    let mut elsewhere = Browser::of(&stage, "viktoria").await;
    let settings = here.get("settings/my_settings", json!({})).await;
    assert_eq!(settings["sessions"].as_array().unwrap().len(), 2, "{settings}");
    elsewhere.get("accounts/me", json!({})).await;
    here.get("settings/end_sessions", json!({ "id": "" })).await;
    for _ in 0..3 {
        assert_eq!(elsewhere.ask("accounts/me", json!({})).await.0, 401);
    }
    let mut elsewhere = Browser::of(&stage, "viktoria").await;
    let new = json!({ "current": PASSWORD, "new": "Басқа құпия сөйлем 2026" });
    assert_eq!(here.get("settings/set_password", new).await, "done");
    for _ in 0..3 {
        assert_eq!(elsewhere.ask("accounts/me", json!({})).await.0, 401);
        here.get("accounts/me", json!({})).await;
    }
    stage.all_took_part();
}
