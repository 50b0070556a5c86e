//! What the network can't easily show: other settings, a verifier that fails or dawdles, many guesses, sizes.

use super::papers::Verdict;
use super::routes;
use super::scene::{CMS, PDF, Scene, request, signed};
use super::session::{QrState, name};
use crate::api::SignatureTrouble;
use crate::server::config::Config;
use crate::server::store::qr;
use crate::server::world::sha256;
use crate::wire::egov_mobile::{AuthType, PdfMime};
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, StatusCode, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use std::net::SocketAddr;
use std::time::Duration;

#[tokio::test]
async fn with_authentication_none_no_token_is_given_and_none_is_asked_for() {
    let mut config = Config::default();
    config.egov_mobile.auth_type = AuthType::None;
    let scene = Scene::new(config, vec![], Duration::ZERO).await;
    let (session, uri, token) = scene.taken().await;
    assert_eq!(token, "");
    assert_eq!(scene.put(&uri, "", CMS).await.0, 200);
    assert_eq!(scene.stored(&session).await.state, QrState::Signed);
}

#[tokio::test]
async fn a_failing_verifier_is_told_and_the_session_stays_open() {
    let scene = Scene::usual(vec![Verdict::Unavailable]).await;
    let (session, uri, token) = scene.taken().await;
    let (status, told) = scene.put(&uri, &token, CMS).await;
    assert_eq!(status, 503);
    assert!(
        told["message"]
            .as_str()
            .is_some_and(|text| text.contains("Сеанс ашық")),
        "{told}"
    );
    assert_eq!(scene.stored(&session).await.state, QrState::Reading);
    let (status, told) = scene.put(&uri, &token, CMS).await;
    assert_eq!((status, told), (StatusCode::OK, json!({ "status": "success" })));
    assert_eq!(scene.stored(&session).await.state, QrState::Signed);
}

#[tokio::test]
async fn who_waited_too_long_hears_at_the_repetition_how_it_ended() {
    let mut config = Config::default();
    config.egov_mobile.answer_seconds = 1;
    let scene = Scene::new(config, vec![], Duration::from_millis(1500)).await;
    let (session, uri, token) = scene.taken().await;
    let (status, told) = scene.put(&uri, &token, CMS).await;
    assert_eq!(status, 503, "{told}");
    assert!(told["message"].as_str().is_some());
    tokio::time::sleep(Duration::from_millis(1500)).await;
    assert_eq!(
        scene.stored(&session).await.state,
        QrState::Signed,
        "what was begun is finished"
    );
    assert_eq!(scene.put(&uri, &token, CMS).await.0, 200);
}

#[tokio::test]
async fn a_refused_signature_gets_the_same_403_again_and_a_better_one_comes_too_late() {
    let refused = Verdict::Refused(SignatureTrouble::Expired);
    let scene = Scene::usual(vec![refused]).await;
    let (session, uri, token) = scene.taken().await;
    assert_eq!(scene.put(&uri, &token, CMS).await.0, 403);
    assert_eq!(name(scene.stored(&session).await.state), "failed");
    assert_eq!(scene.put(&uri, &token, CMS).await.0, 403);
    assert_eq!(scene.put(&uri, &token, &[0x30, 0]).await.0, 410);
}

#[tokio::test]
async fn an_application_that_can_no_longer_be_signed_ends_the_session() {
    let scene = Scene::usual(vec![Verdict::TooLate]).await;
    let (session, uri, token) = scene.taken().await;
    assert_eq!(scene.put(&uri, &token, CMS).await.0, 410);
    assert_eq!(scene.stored(&session).await.state, QrState::Cancelled);
}

#[tokio::test]
async fn two_phones_that_sign_at_once_are_told_apart() {
    let scene = Scene::usual(vec![]).await;
    let (_, uri, token) = scene.taken().await;
    let (one, other) = tokio::join!(
        scene.put(&uri, &token, CMS),
        scene.put(&uri, &token, &[0x30, 3, 2, 1, 2])
    );
    let mut statuses = [one.0.as_u16(), other.0.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
}

#[tokio::test]
async fn t07_what_is_too_large_is_refused_before_it_is_looked_at() {
    let scene = Scene::usual(vec![]).await;
    let (session, uri, token) = scene.taken().await;
    let announced = Request::builder()
        .method("PUT")
        .uri(request("PUT", &uri, "", Body::empty()).uri().clone())
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .body(Body::from(vec![b' '; 17 << 20]))
        .unwrap();
    assert_eq!(scene.ask(announced).await.0, 413);
    let (status, told) = scene.put(&uri, &token, &vec![0x30; (1 << 20) + 1]).await;
    assert_eq!(status, 413);
    assert!(told["message"].as_str().is_some());
    let body = Body::from(vec![b' '; routes::PUT_LIMIT + 1]);
    assert_eq!(scene.ask(request("PUT", &uri, &token, body)).await.0, 413);
    assert_eq!(scene.stored(&session).await.state, QrState::Reading);
    assert_eq!(scene.put(&uri, &token, CMS).await.0, 200);
}

#[tokio::test]
async fn t07_ten_thousand_guesses_find_nothing_and_look_alike() {
    let mut config = Config::default();
    config.limits.phones_per_address = 20_000;
    let scene = Scene::new(config, vec![], Duration::ZERO).await;
    scene.taken().await;
    let mut answers = std::collections::HashSet::new();
    for number in 0..10_000_u32 {
        let guess = &STANDARD.encode(sha256(number.to_be_bytes()))[..22].replace(['+', '/'], "A");
        let room = if number % 2 == 0 { "s" } else { "d" };
        let (status, told) = scene.get(&format!("/{room}/{guess}/mgovSign"), "x").await;
        answers.insert((status, told.to_string()));
    }
    assert_eq!(answers.len(), 1);
    assert!(answers.iter().all(|(status, _)| *status == 404));
}

#[tokio::test]
async fn a_phone_that_asks_without_end_is_stopped() {
    let scene = Scene::usual(vec![]).await;
    let (_, uri, token) = scene.taken().await;
    let mut asked = 0;
    while scene.get(&uri, &token).await.0 == 200 {
        asked += 1;
        assert!(asked < 2 * qr::FETCHES);
    }
    assert_eq!(scene.get(&uri, &token).await.0, 429);
    assert_eq!(
        scene.put(&uri, &token, CMS).await.0,
        200,
        "the answer is still taken"
    );
}

/// The same request from this network address.
fn from(address: &str, mut request: Request<Body>) -> Request<Body> {
    let peer: SocketAddr = format!("{address}:4000").parse().unwrap();
    request.extensions_mut().insert(ConnectInfo(peer));
    request
}

#[tokio::test]
async fn t07_one_address_asks_so_often_in_a_minute_and_others_dont_suffer() {
    let mut config = Config::default();
    config.limits.phones_per_address = 10;
    let scene = Scene::new(config, vec![], Duration::ZERO).await;
    let (session, api_1) = scene.started().await;
    let guess = || request("GET", "/s/AAAAAAAAAAAAAAAAAAAAAA/mgovSign", "", Body::empty());
    for number in 0..10 {
        let status = scene.ask(from("203.0.113.7", guess())).await.0;
        assert_eq!(status, 404, "{number}");
    }
    let heard = scene.hear(from("203.0.113.7", guess())).await;
    assert_eq!(heard.status, 429);
    assert_eq!(heard.headers[header::RETRY_AFTER], "61");
    assert!(heard.text.contains("Бір минуттан кейін"), "{}", heard.text);
    // Neither a good link nor a body is looked at then.
    let open = || request("GET", &api_1, "", Body::empty());
    assert_eq!(scene.ask(from("203.0.113.7", open())).await.0, 429);
    let put = request(
        "PUT",
        "/d/AAAAAAAAAAAAAAAAAAAAAA/mgovSign",
        "x",
        Body::from(signed(CMS)),
    );
    assert_eq!(scene.ask(from("203.0.113.7", put)).await.0, 429);
    assert_eq!(scene.stored(&session).await.state, QrState::New);

    assert_eq!(scene.ask(from("203.0.113.8", open())).await.0, 200);
    scene.house.clock.advance_seconds(60);
    assert_eq!(
        scene.ask(from("203.0.113.7", open())).await.0,
        200,
        "a minute later"
    );
}

#[tokio::test]
async fn t07_a_home_of_ipv6_counts_as_one_address() {
    let mut config = Config::default();
    config.limits.phones_per_address = 2;
    let scene = Scene::new(config, vec![], Duration::ZERO).await;
    let mut statuses = Vec::new();
    for address in [
        "[2a02:1:2:34::1]",
        "[2a02:1:2:35::2]",
        "[2a02:1:2:36::3]",
        "[2a02:1:2:134::1]",
    ] {
        let guess = request("GET", "/s/AAAAAAAAAAAAAAAAAAAAAA/mgovSign", "", Body::empty());
        statuses.push(scene.ask(from(address, guess)).await.0.as_u16());
    }
    assert_eq!(statuses, [404, 404, 429, 404]);
}

#[tokio::test]
async fn an_address_that_is_no_text_is_told_as_every_unknown_one() {
    let scene = Scene::usual(vec![]).await;
    let unknown = scene.get("/s/AAAAAAAAAAAAAAAAAAAAAA/mgovSign", "").await;
    assert_eq!(unknown.0, 404);
    assert!(unknown.1["message"].is_string());
    for (method, address) in [
        ("GET", "/s/%FF%FE/mgovSign"),
        ("GET", "/d/%FF/mgovSign"),
        ("PUT", "/d/%FF/mgovSign"),
    ] {
        let heard = scene.ask(request(method, address, "x", Body::empty())).await;
        assert_eq!(heard, unknown, "{method} {address}");
    }
}

#[tokio::test]
async fn older_editions_get_the_media_type_they_know() {
    let mut config = Config::default();
    config.egov_mobile.pdf_mime = PdfMime::FilePdf;
    let scene = Scene::new(config, vec![], Duration::ZERO).await;
    let (_, uri, token) = scene.taken().await;
    let (_, documents) = scene.get(&uri, &token).await;
    assert_eq!(
        documents["documentsToSign"][0]["document"]["file"]["mime"],
        "@file/pdf"
    );
    assert_eq!(scene.put(&uri, &token, CMS).await.0, 200);
}

#[tokio::test]
async fn a_refusal_repeated_is_the_same_200_and_a_signature_after_it_too_late() {
    let scene = Scene::usual(vec![]).await;
    let (session, uri, token) = scene.taken().await;
    let declined = || {
        let body = json!({ "signMethod": "CMS_WITH_DATA", "version": 1, "status": "CANCELED", "documentsToSign": [
            { "id": 1, "document": { "file": { "mime": "application/pdf", "data": STANDARD.encode(PDF) } } },
        ]});
        request("PUT", &uri, &token, Body::from(body.to_string()))
    };
    for _ in 0..2 {
        let heard = scene.ask(declined()).await;
        assert_eq!(heard, (StatusCode::OK, json!({ "status": "success" })));
    }
    assert_eq!(scene.stored(&session).await.state, QrState::Refused);
    let (status, told) = scene.put(&uri, &token, CMS).await;
    assert_eq!(status, 410);
    assert!(
        told["message"]
            .as_str()
            .is_some_and(|text| text.contains("бас тартқансыз")),
        "{told}"
    );
}

#[tokio::test]
async fn after_success_a_refusal_or_a_broken_body_is_409_and_changes_nothing() {
    let scene = Scene::usual(vec![]).await;
    let (session, uri, token) = scene.taken().await;
    assert_eq!(scene.put(&uri, &token, CMS).await.0, 200);
    for body in [r#"{"status":"CANCELED"}"#, "{", "{}"] {
        let heard = scene.ask(request("PUT", &uri, &token, Body::from(body))).await;
        assert_eq!(heard.0, 409, "{body}");
    }
    assert_eq!(scene.stored(&session).await.state, QrState::Signed);
    assert_eq!(
        scene.put(&uri, &token, CMS).await.0,
        200,
        "the same bytes, the same answer"
    );
}
