//! What the database may refuse, and what the clock may do, while an application is made: everything stands as before, or
//! everything is done, once (T34, T39). Which rows a step writes is found out, not listed: a new table comes under the test by
//! itself.

use super::after_tests::NEW_MOBILE;
use super::fixture::engine::Engine;
use super::fixture::{ALIYA, House, iin, signed_by};
use super::flow_tests::{changed, id, pdf};
use super::revocation::Revocation;
use super::signing::egov_mobile::routes;
use super::signing::egov_mobile::scene::{request, signed};
use super::signing::{phones, settling};
use super::store::StoreError;
use crate::api::applications::Frozen;
use crate::api::drafts::Draft;
use crate::api::signing::{QrQuestion, QrState};
use crate::api::{ApiError, Caller, Nothing};
use crate::domain::application::ApplicationState;
use crate::pki::armor;
use axum::body::{Body, to_bytes};
use axum::http::StatusCode;
use serde_json::Value;
use tower::ServiceExt as _;

type Tables = Vec<(String, Vec<Vec<String>>)>;

/// Table, and `INSERT`, `UPDATE` or `DELETE`.
type Write = (String, &'static str);

/// What was done to each table between two moments.
fn writes(before: &Tables, after: &Tables) -> Vec<Write> {
    let mut writes = Vec::new();
    for ((table, before), (_, after)) in before.iter().zip(after) {
        let gone = before.iter().filter(|row| !after.contains(row)).count();
        let come = after.iter().filter(|row| !before.contains(row)).count();
        let event = match (gone, come) {
            (0, 0) => continue,
            (0, _) => "INSERT",
            (_, 0) => "DELETE",
            _ => "UPDATE",
        };
        writes.push((table.clone(), event));
    }
    writes
}

/// Everything but the counts of what was tried: those are kept whatever comes of it.
async fn kept(house: &House) -> Tables {
    let mut tables = house.everything().await;
    tables.retain(|(table, _)| table != "limits");
    tables
}

/// Does the step in one house to see what it writes; in a second one, with a fault at each of these writes, then without
/// any, then once more. Returns the tables written.
async fn all_or_nothing<X>(
    prepare: impl AsyncFn(&House) -> X,
    step: impl AsyncFn(&House, &X) -> Result<(), ApiError>,
) -> Vec<String> {
    let twin = House::new().await;
    let prepared = prepare(&twin).await;
    let before = twin.everything().await;
    step(&twin, &prepared).await.unwrap();
    let done = twin.everything().await;
    let writes = writes(&before, &done);

    let house = House::new().await;
    let prepared = prepare(&house).await;
    let before = kept(&house).await;
    for (table, event) in &writes {
        house.engine.fault(event, table).await;
        assert_eq!(
            step(&house, &prepared).await,
            Err(ApiError::Unavailable),
            "{event} {table}"
        );
        house.engine.mend(table).await;
        assert_eq!(kept(&house).await, before, "{event} {table}");
    }
    step(&house, &prepared).await.unwrap();
    let once = kept(&house).await;
    step(&house, &prepared).await.unwrap();
    assert_eq!(kept(&house).await, once, "again changes nothing");
    writes.into_iter().map(|(table, _)| table).collect()
}

/// Whoever makes an application, and what of.
struct Made {
    caller: Caller,
    frozen: Frozen,
}

async fn made(house: &House) -> Made {
    let caller = house.signed_in(&iin(ALIYA)).await;
    let frozen = house.frozen(&caller).await;
    Made { caller, frozen }
}

async fn sign(house: &House, made: &Made) -> Result<(), ApiError> {
    let cms = signed_by(ALIYA, &pdf(&made.frozen), made.frozen.frozen_at);
    let receipt = house.sign(&made.caller, &made.frozen.application, cms).await?;
    assert_eq!(receipt.state, ApplicationState::Applied);
    Ok(())
}

#[tokio::test]
async fn t34_a_fault_at_any_write_of_signing_leaves_everything_as_it_was() {
    // The code is on the screen too: signing otherwise ends the phone's session.
    let with_code = async |house: &House| {
        let made = made(house).await;
        let application = id(&made.frozen.application);
        let qr = house.services.signing.start_qr(&made.caller, application).await;
        (made, qr.unwrap())
    };
    let tables = all_or_nothing(with_code, async |house, (made, qr)| {
        sign(house, made).await?;
        let question = QrQuestion {
            session: qr.session.clone(),
            seen: QrState::New,
            payload_seen: qr.payload.clone(),
        };
        let ended = house.services.signing.qr_status(&made.caller, question).await?;
        assert_eq!(ended.state, QrState::Cancelled);
        Ok(())
    })
    .await;
    for table in [
        "applications",
        "audit",
        "contacts",
        "evidence",
        "evidence_contents",
        "outbox",
        "qr_sessions",
        "requisites",
        "requisites_history",
        "signatures",
        "suspensions",
    ] {
        assert!(
            tables.iter().any(|written| written == table),
            "{table}: {tables:?}"
        );
    }
}

/// A phone that has taken the document: where it puts the signature, and by which token.
struct Phone {
    made: Made,
    uri: String,
    token: String,
}

async fn phone(house: &House, method: &str, address: &str, token: &str, body: Body) -> (StatusCode, Value) {
    let router = routes::router(phones(&house.core));
    let answer = router
        .oneshot(request(method, address, token, body))
        .await
        .unwrap();
    let status = answer.status();
    let body = to_bytes(answer.into_body(), 1 << 24).await.unwrap();
    (status, serde_json::from_slice(&body).unwrap_or_default())
}

#[tokio::test]
async fn t34_a_fault_at_any_write_of_signing_by_phone_leaves_everything_as_it_was() {
    let taken = async |house: &House| {
        let made = made(house).await;
        let application = id(&made.frozen.application);
        let qr = house.services.signing.start_qr(&made.caller, application).await;
        let payload = qr.unwrap().payload;
        let api_1 = payload.strip_prefix("mobileSign:").unwrap();
        let (_, invitation) = phone(house, "GET", api_1, "", Body::empty()).await;
        let text = |name: &str| invitation["document"][name].as_str().unwrap().to_owned();
        let (uri, token) = (text("uri"), text("auth_token"));
        let (status, _) = phone(house, "GET", &uri, &token, Body::empty()).await;
        assert_eq!(status, 200);
        Phone { made, uri, token }
    };
    let tables = all_or_nothing(taken, async |house, Phone { made, uri, token }| {
        let cms = signed_by(ALIYA, &pdf(&made.frozen), made.frozen.frozen_at);
        let cms = armor::decode(cms.as_bytes()).unwrap();
        let (status, answer) = phone(house, "PUT", uri, token, Body::from(signed(&cms))).await;
        match status.as_u16() {
            200 => Ok(()),
            503 => Err(ApiError::Unavailable),
            _ => panic!("{status}: {answer}"),
        }
    })
    .await;
    assert!(tables.len() >= 11, "{tables:?}");
}

#[tokio::test]
async fn t34_a_fault_at_any_write_of_settling_leaves_everything_as_it_was() {
    let checking = async |house: &House| {
        let made = made(house).await;
        *house.responder.0.lock().unwrap() = Revocation::Unknown;
        let cms = house.cms(ALIYA, &made.frozen);
        let receipt = house.sign(&made.caller, &made.frozen.application, cms).await;
        assert_eq!(receipt.unwrap().state, ApplicationState::Checking);
        *house.responder.0.lock().unwrap() = Revocation::Good;
        house.clock.advance_seconds(60);
    };
    let tables = all_or_nothing(checking, async |house, ()| {
        settling::round(&house.core).await.map(drop)
    })
    .await;
    assert!(tables.len() >= 9, "{tables:?}");
}

#[tokio::test]
async fn t34_a_fault_at_any_write_of_freezing_leaves_everything_as_it_was() {
    let drafted = async |house: &House| {
        let caller = house.signed_in(&iin(ALIYA)).await;
        house.consent(&caller).await;
        let draft = house.open(&caller).await;
        let version = house.save(&caller, &draft, changed(&draft)).await;
        // The number is given in a step of its own: once given it stays.
        house.freeze(&caller, &draft.application, version).await.unwrap();
        let application = id(&draft.application);
        house
            .services
            .applications
            .thaw(&caller, application)
            .await
            .unwrap();
        house.clock.advance_seconds(1);
        (caller, draft, version)
    };
    let freeze = async |house: &House, (caller, draft, version): &(Caller, Draft, u32)| {
        house.freeze(caller, &draft.application, *version).await.map(drop)
    };
    let tables = all_or_nothing(drafted, freeze).await;
    for table in ["applications", "audit", "documents"] {
        assert!(
            tables.iter().any(|written| written == table),
            "{table}: {tables:?}"
        );
    }
}

/// Does this on the one connection that writes.
async fn at_the_writer(house: &House, sql: &'static str) {
    let mut tx = house.store.write().await.unwrap();
    tx.raw(sql).await.unwrap();
    tx.rollback().await.unwrap();
}

/// A draft that is ready to be frozen.
struct AtWork {
    caller: Caller,
    draft: Draft,
    version: u32,
}

async fn at_work(house: &House) -> AtWork {
    let caller = house.signed_in(&iin(ALIYA)).await;
    house.consent(&caller).await;
    let draft = house.open(&caller).await;
    let version = house.save(&caller, &draft, changed(&draft)).await;
    AtWork {
        caller,
        draft,
        version,
    }
}

/// Not a page more than there are, those to spare used up first.
async fn fill_the_disk(house: &House) {
    house
        .sql("CREATE TABLE filled (bytes BLOB); INSERT INTO filled VALUES (zeroblob(100000))")
        .await;
    at_the_writer(house, "PRAGMA max_page_count = 1").await;
    let mut tx = house.store.write().await.unwrap();
    let wrote = tx.raw("INSERT INTO filled VALUES (zeroblob(100000))").await;
    let error = StoreError::from(wrote.unwrap_err());
    assert!(matches!(error, StoreError::Full), "{error}");
}

async fn make_room(house: &House) {
    at_the_writer(house, "PRAGMA max_page_count = 1000000").await;
    house.sql("DROP TABLE filled").await;
}

#[tokio::test]
async fn t34_a_full_disk_is_told_and_the_same_server_works_again_when_there_is_room() {
    let house = House::new().await;
    if !house.engine.is_sqlite() {
        return;
    }
    // By a pragma: PostgreSQL has none such.
    let Engine::Sqlite(_) = &house.engine else {
        return;
    };
    let work = at_work(&house).await;
    let freeze = async || {
        house
            .freeze(&work.caller, &work.draft.application, work.version)
            .await
    };
    fill_the_disk(&house).await;
    assert_eq!(freeze().await, Err(ApiError::Unavailable));
    make_room(&house).await;
    let held = house.rows("SELECT state FROM applications").await;
    assert_eq!(held, [["draft"]], "nothing half-done");
    assert_eq!(house.rows("SELECT sha256 FROM documents").await.len(), 0);
    let frozen = freeze().await.unwrap();
    assert_eq!(frozen.number, "2026-000001");

    let caller = work.caller.clone();
    let made = Made { caller, frozen };
    let before = house.everything().await;
    fill_the_disk(&house).await;
    assert_eq!(sign(&house, &made).await, Err(ApiError::Unavailable));
    // What was there can be read all the while.
    let application = id(&made.frozen.application);
    let review = house
        .services
        .applications
        .review(&made.caller, application)
        .await;
    assert_eq!(review, Ok(made.frozen.clone()));
    make_room(&house).await;
    assert_eq!(house.everything().await, before, "nothing half-done");
    sign(&house, &made).await.unwrap();
    let signatures = house.rows("SELECT application FROM signatures").await;
    assert_eq!(signatures, [[made.frozen.application.as_str()]]);
    assert_eq!(house.rows("SELECT id FROM outbox").await.len(), 4);
}

#[tokio::test]
async fn t34_a_database_that_becomes_read_only_refuses_every_step_and_can_still_be_read() {
    let house = House::new().await;
    if !house.engine.is_sqlite() {
        return;
    }
    // By a pragma: PostgreSQL has none such.
    let Engine::Sqlite(_) = &house.engine else {
        return;
    };
    let made = made(&house).await;
    let before = house.everything().await;
    at_the_writer(&house, "PRAGMA query_only = 1").await;
    assert_eq!(sign(&house, &made).await, Err(ApiError::Unavailable));
    let over = house.services.drafts.start_over(&made.caller, Nothing {}).await;
    assert_eq!(over, Err(ApiError::Unavailable));
    let ready = house.core.store.is_ready().await;
    assert!(
        matches!(ready, Err(StoreError::ReadOnly)),
        "a balancer sends nobody here"
    );
    let application = id(&made.frozen.application);
    let review = house
        .services
        .applications
        .review(&made.caller, application)
        .await;
    assert_eq!(review, Ok(made.frozen));
    assert_eq!(house.everything().await, before);
}

/// Mobile numbers the Fund held, one version after the other.
async fn mobiles(house: &House) -> Vec<Vec<String>> {
    house
        .rows("SELECT version, json_extract(after, '$.mobile') FROM requisites_history WHERE iin = '990101390009' ORDER BY version")
        .await
}

#[tokio::test]
async fn t39_a_clock_that_steps_back_between_freezing_and_signing_loses_nothing() {
    let house = House::new().await;
    let made = made(&house).await;
    house.clock.advance_seconds(-2 * 3600);
    sign(&house, &made).await.unwrap();
    assert_eq!(mobiles(&house).await, [["1", "+77012345678"], ["2", NEW_MOBILE]]);
    // The next application too, before the clock has caught up and after.
    for house_number in ["20", "21"] {
        let draft = house.open(&made.caller).await;
        let mut input = changed(&draft);
        input.house = house_number.to_owned();
        let version = house.save(&made.caller, &draft, input).await;
        let frozen = house
            .freeze(&made.caller, &draft.application, version)
            .await
            .unwrap();
        let caller = made.caller.clone();
        sign(&house, &Made { caller, frozen }).await.unwrap();
        house.clock.advance_seconds(2 * 3600 + 60);
        let by_now = house.signed_in(&iin(ALIYA)).await;
        let history = house
            .services
            .applications
            .history(&by_now, Nothing {})
            .await
            .unwrap();
        assert!(history.iter().all(|line| line.state == ApplicationState::Applied));
        house.clock.advance_seconds(-3600 - 60);
    }
    let versions: Vec<_> = mobiles(&house)
        .await
        .into_iter()
        .map(|row| row[0].clone())
        .collect();
    assert_eq!(versions, ["1", "2", "3", "4"]);
}

#[tokio::test]
async fn t39_a_clock_that_leaps_ahead_ends_the_session_and_not_the_document() {
    let house = House::new().await;
    let mut made = made(&house).await;
    house.clock.advance_seconds(3 * 3600);
    assert_eq!(sign(&house, &made).await, Err(ApiError::SignedOut));
    made.caller = house.signed_in(&iin(ALIYA)).await;
    sign(&house, &made).await.unwrap();
    assert_eq!(mobiles(&house).await.len(), 2);
}

#[tokio::test]
async fn t39_settling_waits_for_a_clock_that_stepped_back_and_judges_as_of_signing_after_a_leap() {
    let house = House::new().await;
    let made = made(&house).await;
    *house.responder.0.lock().unwrap() = Revocation::Unknown;
    let cms = house.cms(ALIYA, &made.frozen);
    house
        .sign(&made.caller, &made.frozen.application, cms)
        .await
        .unwrap();
    *house.responder.0.lock().unwrap() = Revocation::Good;
    house.clock.advance_seconds(-24 * 3600);
    assert_eq!(settling::round(&house.core).await, Ok(0), "it isn't time yet");
    // Ten years on the signer's certificate has ended: it was good when it signed.
    house.clock.advance_seconds(10 * 366 * 24 * 3600);
    assert_eq!(settling::round(&house.core).await, Ok(1));
    house.clock.advance_seconds(-10 * 366 * 24 * 3600);
    assert_eq!(settling::round(&house.core).await, Ok(0));
    assert_eq!(mobiles(&house).await, [["1", "+77012345678"], ["2", NEW_MOBILE]]);
    assert_eq!(house.rows("SELECT id FROM outbox").await.len(), 2 + 4);
}

#[tokio::test]
async fn t39_what_a_stepping_clock_noted_is_linked_and_sent_in_the_end() {
    let house = House::new().await;
    let made = made(&house).await;
    house.clock.advance_seconds(3600);
    let caller = house.signed_in(&iin(ALIYA)).await;
    sign(
        &house,
        &Made {
            caller,
            frozen: made.frozen,
        },
    )
    .await
    .unwrap();
    house.clock.advance_seconds(-3600);
    let store = &house.core.store;
    let now = || house.core.world.now();
    let channels = [super::outbox::Channel::Sms, super::outbox::Channel::Email];
    let lease = async || {
        let until = now().plus_seconds(60);
        store
            .lease_messages(&channels, now(), until, 10)
            .await
            .unwrap()
            .len()
    };
    assert_eq!(lease().await, 0, "written for an hour ahead");
    house.consent(&made.caller).await;
    store.link_audit("one", now()).await.unwrap();
    let report = store.verify_audit().await.unwrap();
    assert_eq!(
        (report.broken, report.unlinked),
        (None, 0),
        "by number, not by time"
    );
    house.clock.advance_seconds(3600);
    assert_eq!(lease().await, 4);
}
