//! An application from the form to the receipt, signed either way, taken back, and with a server dying in the middle.

use crate::stage::{Browser, Stage};
use cabinet::api::checks::BUNDLE_PATH;
use cabinet::demo::phone::{End, Scan};
use cabinet::server::receipts;
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn a_form_is_filled_proven_frozen_signed_and_checked_by_different_servers() {
    let Some(stage) = Stage::new().await else { return };
    let mut browser = Browser::of(&stage, "erlan").await;
    let draft = browser.open_draft().await;
    let application = draft["application"].as_str().unwrap().to_owned();

    // Two tabs over one version: the second hears of the first, whichever server it asks.
    let mut input = Browser::changed(&draft);
    input["mobile_later"] = false.into();
    let change = |input: &Value, version: &Value| json!({ "application": application, "version": version, "input": input });
    let saved = browser
        .get("drafts/save", change(&input, &draft["version"]))
        .await;
    let mut other = input.clone();
    other["flat"] = "77".into();
    for _ in 0..3 {
        let (status, answer) = browser
            .ask("drafts/save", change(&other, &draft["version"]))
            .await;
        assert_eq!((status, &answer["error"]), (409, &json!("conflict")), "{answer}");
    }
    // The answer to the first was lost: sent again, it is answered again.
    assert_eq!(
        browser
            .get("drafts/save", change(&input, &draft["version"]))
            .await["version"],
        saved["version"]
    );

    let contact = json!({ "application": application, "kind": "mobile", "value": "+77770001418" });
    browser.get("contacts/send_code", contact.clone()).await;
    for _ in 0..2 {
        let (status, answer) = browser.ask("contacts/send_code", contact.clone()).await;
        assert_eq!(status, 429, "a minute between two, over all servers: {answer}");
    }
    let mut typed = contact;
    typed["code"] = stage.code_at("+77770001418").await.into();
    browser.get("contacts/confirm", typed).await;

    let reopened = browser.get("drafts/open", json!({})).await;
    assert_eq!(reopened["version"], saved["version"]);
    let frozen = browser.freeze(&reopened, &input).await;
    let opened = browser.open(frozen["document_path"].as_str().unwrap()).await;
    assert!(opened.body.starts_with(b"%PDF"), "{}", opened.status);
    let question = Browser::signature(&stage, &frozen, "erlan-gost");
    let receipt = browser.get("signing/eds", question.clone()).await;
    assert_eq!(receipt["state"], "applied", "{receipt}");
    for _ in 0..2 {
        assert_eq!(
            browser.get("signing/eds", question.clone()).await,
            receipt,
            "repeated"
        );
    }

    // Receipt, bundle and record are the same everywhere.
    let path = receipt["receipt_path"].as_str().unwrap();
    for _ in 0..3 {
        assert!(browser.open(path).await.body.starts_with(b"%PDF"));
        let record = browser.get("records/my_record", json!({})).await;
        assert_eq!(record["requisites"]["mobile"], "+77770001418");
    }
    let code = receipts::code(stage.demo.core(), &application);
    let mut anyone = Browser::at(&stage);
    for _ in 0..3 {
        let checked = anyone.get("checks/code", json!({ "code": code })).await;
        assert_eq!(checked["genuine"]["number"], receipt["number"], "{checked}");
    }
    let bundle = browser
        .open(receipt["evidence_path"].as_str().unwrap())
        .await
        .body;
    let checked = anyone.post(BUNDLE_PATH, "application/zip", bundle).await;
    let checked: Value = serde_json::from_slice(&checked.body).unwrap();
    assert_eq!(checked["genuine"]["number"], receipt["number"], "{checked}");
    stage.all_took_part();
    stage.the_audit_is_whole().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_hears_of_the_phone_that_asks_the_other_servers() {
    let Some(stage) = Stage::new().await else { return };
    let mut browser = Browser::of(&stage, "erlan").await;
    let draft = browser.open_draft().await;
    let frozen = browser.freeze(&draft, &Browser::changed(&draft)).await;
    let started = browser
        .get(
            "signing/qr_start",
            json!({ "application": frozen["application"] }),
        )
        .await;
    stage.balancer.answered();
    let mut waiting = browser.clone();
    let question = json!({
        "session": started["session"], "seen": started["state"], "payload_seen": started["payload"],
    });
    let page = async {
        let begun = std::time::Instant::now();
        (waiting.get("signing/qr_status", question).await, begun.elapsed())
    };
    let phone = async {
        // The page asks first.
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        let scan = Scan {
            link: Some(started["payload"].as_str().unwrap().to_owned()),
            key: Some("erlan-gost".to_owned()),
            ..Scan::default()
        };
        stage.phone.scan(scan).await
    };
    let ((news, waited), outcome) = tokio::join!(page, phone);
    assert_eq!(outcome.result, End::Done, "{outcome:?}");
    assert_ne!(news["state"], "new", "{news}");
    assert!(
        waited.as_secs() < 5,
        "another server's change is seen within a second: {waited:?}"
    );
    let answered = stage.balancer.answered();
    let server = |what: &str| answered.iter().find(|(path, _)| path.contains(what)).unwrap().1;
    assert_ne!(server("qr_status"), server("/s/"), "{answered:?}");
    assert_ne!(server("/s/"), server("/d/"), "{answered:?}");
    let look = json!({ "session": started["session"], "seen": "cancelled", "payload_seen": "-" });
    for _ in 0..3 {
        assert_eq!(
            browser.get("signing/qr_status", look.clone()).await["state"],
            "signed"
        );
    }
    let receipt = browser
        .get(
            "applications/receipt",
            json!({ "application": frozen["application"] }),
        )
        .await;
    assert_eq!(
        (&receipt["state"], &receipt["signed_by_way"]),
        (&json!("applied"), &json!("egov_mobile"))
    );
    stage.the_audit_is_whole().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_being_checked_is_taken_back_at_another_server() {
    let Some(stage) = Stage::new().await else { return };
    let mut browser = Browser::of(&stage, "erlan").await;
    let draft = browser.open_draft().await;
    let frozen = browser.freeze(&draft, &Browser::changed(&draft)).await;
    let application = json!({ "application": frozen["application"] });
    // Thawed by one, opened and frozen anew by others.
    browser.get("applications/thaw", application.clone()).await;
    let draft = browser.get("drafts/open", json!({})).await;
    let frozen = browser.freeze(&draft, &Browser::changed(&draft)).await;
    stage.control("ocsp", json!({ "mode": "unknown" })).await;
    let receipt = browser
        .get("signing/eds", Browser::signature(&stage, &frozen, "erlan-gost"))
        .await;
    assert_eq!(receipt["state"], "checking", "{receipt}");
    for _ in 0..3 {
        let receipt = browser.get("applications/cancel", application.clone()).await;
        assert_eq!(receipt["state"], "cancelled", "{receipt}");
    }
    let history = browser.get("applications/history", json!({})).await;
    assert_eq!(history[0]["state"], "cancelled", "{history}");
    stage.all_took_part();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_killed_in_the_middle_of_everything_is_missed_by_nobody() {
    let Some(mut stage) = Stage::new().await else {
        return;
    };
    let mut erlan = Browser::of(&stage, "erlan").await;
    let mut elena = Browser::of(&stage, "elena").await;
    let erlans = erlan.open_draft().await;
    let elenas = elena.open_draft().await;
    let frozen = erlan.freeze(&erlans, &Browser::changed(&erlans)).await;
    let started = erlan
        .get(
            "signing/qr_start",
            json!({ "application": frozen["application"] }),
        )
        .await;
    // Three pages wait, one at each server.
    let question = json!({
        "session": started["session"], "seen": started["state"], "payload_seen": started["payload"],
    });
    let pages: Vec<_> = (0..3)
        .map(|_| {
            let (mut page, question) = (erlan.clone(), question.clone());
            tokio::spawn(async move { page.get("signing/qr_status", question).await })
        })
        .collect();
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    stage.others[0].kill();
    let scan = Scan {
        link: Some(started["payload"].as_str().unwrap().to_owned()),
        key: Some("erlan-gost".to_owned()),
        ..Scan::default()
    };
    let outcome = stage.phone.scan(scan).await;
    assert_eq!(outcome.result, End::Done, "{outcome:?}");
    for page in pages {
        assert_ne!(page.await.unwrap()["state"], "new");
    }
    let frozen = elena.freeze(&elenas, &Browser::changed(&elenas)).await;
    let receipt = elena
        .get("signing/eds", Browser::signature(&stage, &frozen, "elena-gost"))
        .await;
    assert_eq!(receipt["state"], "applied", "{receipt}");
    for browser in [&mut erlan, &mut elena] {
        let history = browser.get("applications/history", json!({})).await;
        assert_eq!(history.as_array().unwrap().len(), 1, "{history}");
        assert_eq!(history[0]["state"], "applied");
    }
    stage.the_audit_is_whole().await;
}
