//! Deadlines, taking back, beginning again.

use crate::stage::{Stage, payload, state};
use cabinet::demo::phone::{Behaviour, End};
use serde_json::json;

#[tokio::test]
async fn the_code_is_replaced_every_minute_and_the_old_one_still_opens() {
    let stage = Stage::new().await;
    let (browser, _, session) = stage.at_the_code("erlan").await;
    stage.demo.clock.advance_seconds(61);
    let second = browser.news(&session).await;
    assert_eq!(state(&second), "new");
    assert_ne!(payload(&second), payload(&session));
    assert_ne!(second["app_link"], session["app_link"]);
    assert_eq!(second["code"], session["code"], "the code to compare stays");
    assert_eq!(second["deadline"], session["deadline"]);
    let outcome = stage.scan(payload(&session), &browser.key, Behaviour::Sign).await;
    assert_eq!(outcome.result, End::Done, "{outcome:?}");
}

#[tokio::test]
async fn t05_a_later_opener_is_told_to_make_a_new_code() {
    let stage = Stage::new().await;
    let (browser, _, session) = stage.at_the_code("erlan").await;
    stage.demo.clock.advance_seconds(61);
    let second = browser.news(&session).await;
    let first_phone = stage
        .scan(payload(&second), &browser.key, Behaviour::OpenOnly)
        .await;
    assert_eq!(first_phone.result, End::Done);
    let relayed = stage.scan(payload(&session), "aliya-gost", Behaviour::Sign).await;
    assert_eq!((relayed.result, relayed.statuses), (End::Complaint, vec![410]));
    assert!(relayed.message.contains("жаңа код"), "{}", relayed.message);
    let owner = stage.scan(payload(&second), &browser.key, Behaviour::Sign).await;
    assert_eq!(owner.result, End::Done, "the first one goes on: {owner:?}");
}

#[tokio::test]
async fn a_code_nobody_opens_expires_and_the_page_hears_it() {
    let stage = Stage::new().await;
    let (browser, application, session) = stage.at_the_code("erlan").await;
    stage.demo.clock.advance_seconds(299);
    let last = browser.news(&session).await;
    assert_eq!(state(&last), "new");
    let (news, ()) = tokio::join!(browser.news(&last), async {
        stage.demo.clock.advance_seconds(1);
    });
    assert_eq!(state(&news), "expired");
    let late = stage.scan(payload(&last), &browser.key, Behaviour::Sign).await;
    assert_eq!(late.statuses, [410]);
    assert!(late.message.contains("уақыты өтті"), "{}", late.message);
    let next = browser.start(&application).await;
    assert_ne!(next["session"], session["session"]);
    assert_eq!(stage.audited("qr.expired").await, 1);
}

#[tokio::test]
async fn a_reloaded_page_finds_its_session_again() {
    let stage = Stage::new().await;
    let (browser, application, session) = stage.at_the_code("erlan").await;
    assert_eq!(browser.start(&application).await["session"], session["session"]);
    stage
        .scan(payload(&session), &browser.key, Behaviour::TakeOnly)
        .await;
    let resumed = browser.start(&application).await;
    assert_eq!(
        (&resumed["session"], state(&resumed)),
        (&session["session"], "reading")
    );
    let ten_minutes = resumed["deadline"].as_i64().unwrap() - resumed["now"].as_i64().unwrap();
    assert!((590_000..=600_000).contains(&ten_minutes), "{ten_minutes}");
}

#[tokio::test]
async fn what_is_cancelled_on_the_page_can_no_longer_be_signed() {
    let stage = Stage::new().await;
    let (browser, application, session) = stage.at_the_code("erlan").await;
    let taken = stage
        .phone
        .take(payload(&session), cabinet::domain::lang::Lang::Kk)
        .await
        .unwrap();
    assert_eq!(state(&browser.cancel(&session).await), "cancelled");
    assert_eq!(state(&browser.cancel(&session).await), "cancelled", "again");
    let kk = cabinet::domain::lang::Lang::Kk;
    let outcome = stage
        .phone
        .answer(&taken, Some(&browser.key), kk, Behaviour::Sign)
        .await;
    assert_eq!((outcome.result, outcome.statuses), (End::Complaint, vec![410]));
    assert_eq!(browser.application_state(&application).await, "frozen");
}

#[tokio::test]
async fn going_back_to_the_form_kills_the_session() {
    let stage = Stage::new().await;
    let (browser, application, session) = stage.at_the_code("erlan").await;
    let waiting = browser.news(&session);
    let (news, (status, _)) = tokio::join!(
        waiting,
        browser.ask("applications/thaw", json!({ "application": application }))
    );
    assert_eq!(status, 200);
    assert_eq!(state(&news), "cancelled");
    let outcome = stage.scan(payload(&session), &browser.key, Behaviour::Sign).await;
    assert_eq!(outcome.statuses, [410]);
}

#[tokio::test]
async fn who_may_no_longer_be_served_is_stopped_on_the_phone_and_told_on_the_page() {
    let stage = Stage::new().await;
    let application = stage.sign_in("erlan").await.freeze().await;
    // Eligibility is decided again a day after it was decided: between scanning and signing, here.
    stage.demo.clock.advance_seconds(24 * 3600 - 300);
    let browser = stage.sign_in("erlan").await;
    let session = browser.start(&application).await;
    let kk = cabinet::domain::lang::Lang::Kk;
    let taken = stage.phone.take(payload(&session), kk).await.unwrap();
    stage.control("gbdfl", json!({ "mode": "nobody" })).await;
    stage.demo.clock.advance_seconds(360);
    let outcome = stage
        .phone
        .answer(&taken, Some(&browser.key), kk, Behaviour::Sign)
        .await;
    assert_eq!((outcome.result, outcome.statuses), (End::Complaint, vec![410]));
    assert_eq!(state(&browser.look(&session).await), "cancelled");
    let (_, told) = browser
        .ask("signing/qr_start", json!({ "application": application }))
        .await;
    assert_eq!(told["error"], "refused", "{told}");
    assert_eq!(browser.application_state(&application).await, "frozen");
}

#[tokio::test]
async fn while_the_register_is_down_nothing_is_decided_and_the_session_stays_open() {
    let stage = Stage::new().await;
    let application = stage.sign_in("erlan").await.freeze().await;
    stage.demo.clock.advance_seconds(24 * 3600 - 300);
    let browser = stage.sign_in("erlan").await;
    let session = browser.start(&application).await;
    let kk = cabinet::domain::lang::Lang::Kk;
    let taken = stage.phone.take(payload(&session), kk).await.unwrap();
    stage.control("gbdfl", json!({ "mode": "fault" })).await;
    stage.demo.clock.advance_seconds(360);
    let answer = || {
        stage
            .phone
            .answer(&taken, Some(&browser.key), kk, Behaviour::Sign)
    };
    let outcome = answer().await;
    assert_eq!((outcome.result, outcome.statuses), (End::Complaint, vec![503]));
    assert!(outcome.message.contains("Сеанс ашық"), "{}", outcome.message);
    assert_eq!(state(&browser.look(&session).await), "reading");
    stage.control("gbdfl", json!({ "mode": "ok" })).await;
    let outcome = answer().await;
    assert_eq!(outcome.result, End::Done, "{outcome:?}");
    assert_eq!(browser.application_state(&application).await, "applied");
}
