//! Everything a phone, its owner or the network was seen to do wrong.

use crate::stage::{Stage, payload, state};
use cabinet::demo::DemoConfig;
use cabinet::demo::phone::{Behaviour, End, Scan};
use std::time::Duration;

#[tokio::test]
async fn who_refuses_on_the_phone_sees_it_on_the_page_and_may_begin_again() {
    let stage = Stage::new().await;
    let (browser, application, session) = stage.at_the_code("erlan").await;
    let outcome = stage
        .scan(payload(&session), &browser.key, Behaviour::Refuse)
        .await;
    assert_eq!(
        (outcome.result, outcome.statuses),
        (End::Done, vec![200, 200, 200])
    );
    assert_eq!(state(&browser.look(&session).await), "refused");
    assert_eq!(browser.application_state(&application).await, "frozen");
    let next = browser.start(&application).await;
    assert_ne!(next["session"], session["session"]);
    let outcome = stage.scan(payload(&next), &browser.key, Behaviour::Sign).await;
    assert_eq!(outcome.result, End::Done, "{outcome:?}");
}

#[tokio::test]
async fn t06_another_persons_key_is_refused_and_the_application_still_waits() {
    let stage = Stage::new().await;
    let (browser, application, session) = stage.at_the_code("erlan").await;
    let outcome = stage.scan(payload(&session), "aliya-gost", Behaviour::Sign).await;
    assert_eq!(
        (outcome.result, outcome.statuses),
        (End::Complaint, vec![200, 200, 403])
    );
    assert!(outcome.message.contains("басқа адамға"), "{}", outcome.message);
    assert_eq!(state(&browser.look(&session).await), "wrong_signer");
    assert_eq!(browser.application_state(&application).await, "frozen");
    assert_eq!(stage.audited("qr.wrong_signer").await, 1);
}

#[tokio::test]
async fn keys_that_may_not_sign_are_each_refused_with_their_reason() {
    let stage = Stage::new().await;
    let browser = stage.sign_in("aliya").await;
    let application = browser.freeze().await;
    for (key, word) in [
        ("aliya-rsa-auth", "кіру кілті"),
        ("aliya-org", "ұйымның"),
        ("aliya-expired", "мерзімі өткен"),
        ("aliya-revoked", "кері қайтарып"),
    ] {
        let session = browser.start(&application).await;
        let outcome = stage.scan(payload(&session), key, Behaviour::Sign).await;
        assert_eq!(
            (outcome.result, &outcome.statuses[..]),
            (End::Complaint, &[200, 200, 403][..]),
            "{key}"
        );
        assert!(outcome.message.contains(word), "{key}: {}", outcome.message);
        assert_eq!(state(&browser.look(&session).await), "failed", "{key}");
    }
    let session = browser.start(&application).await;
    let outcome = stage
        .scan(payload(&session), &browser.key, Behaviour::AnotherDocument)
        .await;
    assert_eq!(outcome.statuses, [200, 200, 403], "{outcome:?}");
    assert_eq!(browser.application_state(&application).await, "frozen");

    let session = browser.start(&application).await;
    let outcome = stage.scan(payload(&session), "aliya-rsa", Behaviour::Sign).await;
    assert_eq!(outcome.result, End::Done, "RSA signs as well: {outcome:?}");
}

#[tokio::test]
async fn t07_the_same_answer_again_is_the_same_200_and_another_one_409() {
    let stage = Stage::new().await;
    let (browser, application, session) = stage.at_the_code("erlan").await;
    let outcome = stage
        .scan(payload(&session), &browser.key, Behaviour::SendTwice)
        .await;
    assert_eq!(outcome.statuses, [200, 200, 200, 200], "{outcome:?}");
    assert_eq!(stage.audited("qr.signed").await, 1);
    assert_eq!(browser.application_state(&application).await, "applied");

    let (browser, application, session) = stage.at_the_code("aliya").await;
    let outcome = stage
        .scan(payload(&session), &browser.key, Behaviour::SendAnother)
        .await;
    assert_eq!(outcome.statuses, [200, 200, 200, 409], "{outcome:?}");
    assert!(
        outcome.message.contains("қол қойылып қойған"),
        "{}",
        outcome.message
    );
    assert_eq!(browser.application_state(&application).await, "applied");
}

#[tokio::test]
async fn lost_answers_may_be_asked_for_again_before_signing() {
    let stage = Stage::new().await;
    let (browser, _, session) = stage.at_the_code("erlan").await;
    let outcome = stage
        .scan(payload(&session), &browser.key, Behaviour::AskThrice)
        .await;
    assert_eq!(outcome.statuses, [200; 7], "{outcome:?}");
    assert_eq!(state(&browser.look(&session).await), "signed");
}

#[tokio::test]
async fn a_signature_after_the_end_is_too_late() {
    let stage = Stage::new().await;
    let (browser, application, session) = stage.at_the_code("erlan").await;
    let outcome = stage
        .scan(payload(&session), &browser.key, Behaviour::SendLate)
        .await;
    assert_eq!(
        (outcome.result, outcome.statuses),
        (End::Complaint, vec![200, 200, 410])
    );
    assert!(outcome.message.contains("уақыты өтті"), "{}", outcome.message);
    let again = stage.sign_in("erlan").await;
    assert_eq!(again.application_state(&application).await, "frozen");
}

#[tokio::test]
async fn broken_json_is_told_and_borne_four_times() {
    let stage = Stage::new().await;
    let (browser, application, session) = stage.at_the_code("erlan").await;
    for round in 1..=5 {
        let outcome = stage
            .scan(payload(&session), &browser.key, Behaviour::BrokenJson)
            .await;
        assert_eq!(outcome.statuses, [200, 200, 400], "{outcome:?}");
        let expected = if round < 5 { "reading" } else { "failed" };
        assert_eq!(state(&browser.look(&session).await), expected, "round {round}");
    }
    let outcome = stage.scan(payload(&session), &browser.key, Behaviour::Sign).await;
    assert_eq!(outcome.statuses, [410]);
    assert_eq!(browser.application_state(&application).await, "frozen");
}

#[tokio::test]
async fn t07_ten_megabytes_are_refused_and_the_session_goes_on() {
    let stage = Stage::new().await;
    let (browser, _, session) = stage.at_the_code("erlan").await;
    let outcome = stage
        .scan(payload(&session), &browser.key, Behaviour::TenMegabytes)
        .await;
    assert_eq!(
        (outcome.result, outcome.statuses),
        (End::Complaint, vec![200, 200, 413])
    );
    assert_eq!(state(&browser.look(&session).await), "reading");
    let outcome = stage.scan(payload(&session), &browser.key, Behaviour::Sign).await;
    assert_eq!(outcome.result, End::Done, "{outcome:?}");
}

#[tokio::test]
async fn phones_of_older_editions_sign_as_well() {
    let stage = Stage::new().await;
    for (person, behaviour) in [("erlan", Behaviour::NoVersion), ("aliya", Behaviour::OldMime)] {
        let (browser, _, session) = stage.at_the_code(person).await;
        let outcome = stage.scan(payload(&session), &browser.key, behaviour).await;
        assert_eq!(outcome.result, End::Done, "{outcome:?}");
    }
}

#[tokio::test]
async fn without_the_token_there_is_no_document() {
    let stage = Stage::new().await;
    let (browser, _, session) = stage.at_the_code("erlan").await;
    for behaviour in [Behaviour::NoToken, Behaviour::WrongToken] {
        let outcome = stage.scan(payload(&session), &browser.key, behaviour).await;
        assert_eq!(
            (outcome.result, outcome.statuses),
            (End::Complaint, vec![200, 401])
        );
    }
    assert_eq!(state(&browser.look(&session).await), "opened");
}

#[tokio::test]
async fn t07_a_body_that_dawdles_past_the_bound_is_told_and_may_come_again() {
    let stage = Stage::with(|config| DemoConfig {
        answer_seconds: 2,
        ..config
    })
    .await;
    let (browser, application, session) = stage.at_the_code("erlan").await;
    let slow = stage.phone.pausing(Duration::from_secs(6));
    let asked = std::time::Instant::now();
    let outcome = slow
        .scan(Scan {
            link: Some(payload(&session).to_owned()),
            key: Some(browser.key.clone()),
            behaviour: Behaviour::SendSlowly,
            ..Scan::default()
        })
        .await;
    assert_eq!(
        (outcome.result, outcome.statuses),
        (End::Complaint, vec![200, 200, 503])
    );
    assert!(
        asked.elapsed() < Duration::from_secs(6),
        "the answer doesn't wait for the body"
    );
    assert!(outcome.message.contains("қайта басыңыз"), "{}", outcome.message);
    assert_eq!(state(&browser.look(&session).await), "reading");
    assert_eq!(browser.application_state(&application).await, "frozen");
    let outcome = stage.scan(payload(&session), &browser.key, Behaviour::Sign).await;
    assert_eq!(outcome.result, End::Done, "{outcome:?}");
}

#[tokio::test]
async fn a_phone_refuses_a_host_that_isnt_connected_before_it_asks_anything() {
    let stage = Stage::new().await;
    let (browser, _, session) = stage.at_the_code("erlan").await;
    let elsewhere =
        cabinet::demo::phone::Phone::new(stage.demo.keys.clone(), vec!["qr.example.kz".to_owned()]).unwrap();
    let outcome = elsewhere
        .scan(Scan {
            link: Some(payload(&session).to_owned()),
            ..Scan::default()
        })
        .await;
    assert_eq!((outcome.result, outcome.statuses), (End::RefusedByApp, vec![]));
    assert!(outcome.message.contains("қосылмаған"), "{}", outcome.message);
    assert_eq!(state(&browser.look(&session).await), "new");
}
