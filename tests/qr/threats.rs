//! What strangers try.

use crate::stage::{Stage, payload, state};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cabinet::demo::phone::{Behaviour, End};
use serde_json::json;

fn address(session: &serde_json::Value) -> &str {
    payload(session).strip_prefix("mobileSign:").unwrap()
}

#[tokio::test]
async fn t05_neither_token_nor_signature_of_one_session_finishes_another() {
    let stage = Stage::new().await;
    let (erlan, _, first) = stage.at_the_code("erlan").await;
    let (aliya, application, second) = stage.at_the_code("aliya").await;
    let (_, one) = stage.raw("GET", address(&first), None, None).await;
    let (_, other) = stage.raw("GET", address(&second), None, None).await;
    let (token, uri) = (
        one["document"]["auth_token"].as_str(),
        other["document"]["uri"].as_str().unwrap(),
    );
    assert_eq!(stage.raw("GET", uri, token, None).await.0, 401);
    assert_eq!(stage.raw("PUT", uri, token, Some(json!({}))).await.0, 401);

    // Erlan's good signature over his own document, sent to Aliya's address with Aliya's token.
    let (own_uri, own_token) = (one["document"]["uri"].as_str().unwrap(), token);
    let (_, mut documents) = stage.raw("GET", own_uri, own_token, None).await;
    let file = &mut documents["documentsToSign"][0]["document"]["file"];
    let pdf = STANDARD.decode(file["data"].as_str().unwrap()).unwrap();
    let cms = stage.demo.keys.sign_cms(&erlan.key, &pdf, true, true).unwrap();
    file["data"] = STANDARD.encode(cms).into();
    let token = other["document"]["auth_token"].as_str();
    stage.raw("GET", uri, token, None).await;
    let (status, told) = stage.raw("PUT", uri, token, Some(documents)).await;
    assert_eq!(status, 403, "{told}");
    assert_eq!(aliya.application_state(&application).await, "frozen");
}

#[tokio::test]
async fn t07_no_guessed_address_opens_and_all_misses_look_alike() {
    let stage = Stage::new().await;
    let (_, _, session) = stage.at_the_code("erlan").await;
    let mut answers = std::collections::HashSet::new();
    let near = address(&session).rsplit_once("/mgovSign").unwrap().0;
    for last in ["A", "B", "_", "aaaa", ""] {
        let guess = format!("{}{last}/mgovSign", &near[..near.len() - 1]);
        if guess != address(&session) {
            answers.insert(format!("{:?}", stage.raw("GET", &guess, None, None).await));
        }
    }
    for number in 0..200_u32 {
        let guess = STANDARD
            .encode([number.to_be_bytes(); 4].concat())
            .replace(['+', '/', '='], "");
        for (method, room) in [("GET", "s"), ("GET", "d"), ("PUT", "d")] {
            let url = format!("{}/{room}/{guess}/mgovSign", stage.demo.cabinet_url);
            let body = (method == "PUT").then(|| json!({}));
            answers.insert(format!("{:?}", stage.raw(method, &url, Some("x"), body).await));
        }
    }
    assert_eq!(answers.len(), 1, "{answers:?}");
    assert!(answers.iter().next().unwrap().starts_with("(404"), "{answers:?}");
}

#[tokio::test]
async fn another_persons_browser_learns_nothing_and_cancels_nothing() {
    let stage = Stage::new().await;
    let (erlan, application, session) = stage.at_the_code("erlan").await;
    let aliya = stage.sign_in("aliya").await;
    let question = json!({ "session": session["session"], "seen": "new", "payload_seen": "" });
    assert_eq!(aliya.ask("signing/qr_status", question).await.0, 404);
    let cancel = json!({ "session": session["session"] });
    assert_eq!(aliya.ask("signing/qr_cancel", cancel).await.0, 404);
    let start = json!({ "application": application });
    assert_eq!(aliya.ask("signing/qr_start", start).await.0, 404);
    assert_eq!(state(&erlan.look(&session).await), "new");
}

#[tokio::test]
async fn a_second_phone_or_address_is_noted() {
    let stage = Stage::new().await;
    let (browser, _, session) = stage.at_the_code("erlan").await;
    stage
        .scan(payload(&session), &browser.key, Behaviour::TakeOnly)
        .await;
    assert_eq!(stage.audited("qr.another_phone_or_address").await, 0);
    let other = stage.phone.another("Another phone");
    let outcome = other
        .scan(cabinet::demo::phone::Scan {
            link: Some(payload(&session).to_owned()),
            key: Some(browser.key.clone()),
            ..Default::default()
        })
        .await;
    assert_eq!(outcome.result, End::Done, "noted, not refused: {outcome:?}");
    assert_eq!(
        stage.audited("qr.another_phone_or_address").await,
        3,
        "API №1, API №2, the answer"
    );
    let noted = stage.told_by_audit("qr.another_phone_or_address").await;
    assert_eq!(
        (noted["user_agent"].as_str(), noted["first_user_agent"].as_str()),
        (Some("Another phone"), Some("eGov Mobile (demo)"))
    );
    for event in ["qr.started", "qr.opened", "qr.signed"] {
        let told = stage.told_by_audit(event).await;
        assert_eq!(
            told["address"], "127.0.0.1",
            "{event}: whose browser, whose phone"
        );
    }
}

#[tokio::test]
async fn nobody_starts_sessions_without_end() {
    let stage = Stage::new().await;
    let browser = stage.sign_in("erlan").await;
    let application = browser.freeze().await;
    for _ in 0..30 {
        let session = browser.start(&application).await;
        browser.cancel(&session).await;
    }
    let (status, told) = browser
        .ask("signing/qr_start", json!({ "application": application }))
        .await;
    assert_eq!((status, told["error"].as_str()), (429, Some("too_many")));
}

#[tokio::test]
async fn a_head_request_or_a_preview_opens_nothing() {
    let stage = Stage::new().await;
    let (browser, _, session) = stage.at_the_code("erlan").await;
    for method in ["HEAD", "POST", "PUT", "OPTIONS"] {
        assert_eq!(
            stage.raw(method, address(&session), None, None).await.0,
            404,
            "{method}"
        );
    }
    assert_eq!(state(&browser.look(&session).await), "new");
}
