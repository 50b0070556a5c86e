//! What the network can't easily show: other settings, a verifier that fails or dawdles, many guesses, sizes. The phone is
//! a handful of requests here; the applications are a desk that says what the test wants.

use super::papers::{Paper, Papers, Verdict};
use super::session::{QrState, Session, name};
use super::{EgovMobile, routes};
use crate::api::signing::QrSession;
use crate::api::{ApiError, SignatureTrouble};
use crate::domain::iin::Iin;
use crate::server::config::Config;
use crate::server::fixture::{ALIYA, House, iin};
use crate::server::store::QrStore as _;
use crate::server::store::qr::{self, Circumstances, QrRow};
use crate::server::world::sha256;
use crate::wire::egov_mobile::AuthType;
use async_trait::async_trait;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tower::ServiceExt as _;

const PDF: &[u8] = b"%PDF-1.7 of the test";

/// Says what it was told to, in order; then accepts.
struct Desk {
    store: Arc<crate::server::store::Sqlite>,
    verdicts: Mutex<Vec<Verdict>>,
    pause: Duration,
}

#[async_trait]
impl Papers for Desk {
    async fn frozen(&self, _: &Iin, _: &str) -> Result<Paper, ApiError> {
        Ok(Paper {
            number: "2026-000001".into(),
            pdf: PDF.to_vec(),
            sha256: sha256(PDF),
            changes: vec![],
        })
    }

    async fn judge(&self, row: &QrRow, _: Vec<u8>, answer: [u8; 32], why: Circumstances<'_>) -> Verdict {
        tokio::time::sleep(self.pause).await;
        let told = self.verdicts.lock().unwrap().pop();
        if let Some(verdict) = told {
            return verdict;
        }
        let mut tx = self.store.write().await.unwrap();
        if !qr::sign(&mut tx, &row.id, &answer, row.session.started, why)
            .await
            .unwrap()
        {
            return Verdict::TooLate;
        }
        tx.commit().await.unwrap();
        Verdict::Accepted
    }
}

struct Scene {
    house: House,
    service: Arc<EgovMobile>,
}

impl Scene {
    async fn new(config: Config, verdicts: Vec<Verdict>, pause: Duration) -> Self {
        let house = House::with(config).await;
        let desk = Desk {
            store: house.store.clone(),
            verdicts: Mutex::new(verdicts),
            pause,
        };
        let service = Arc::new(EgovMobile::new(house.core.clone(), Arc::new(desk)));
        Self { house, service }
    }

    async fn usual(verdicts: Vec<Verdict>) -> Self {
        Self::new(Config::default(), verdicts, Duration::ZERO).await
    }

    async fn ask(&self, request: Request<Body>) -> (StatusCode, Value) {
        let answer = routes::router(self.service.clone())
            .oneshot(request)
            .await
            .unwrap();
        let status = answer.status();
        let body = axum::body::to_bytes(answer.into_body(), 1 << 24).await.unwrap();
        (status, serde_json::from_slice(&body).unwrap_or(Value::Null))
    }

    async fn get(&self, address: &str, token: &str) -> (StatusCode, Value) {
        self.ask(request("GET", address, token, Body::empty())).await
    }

    /// A session whose document the phone has taken: its API №2 and token.
    async fn taken(&self) -> (QrSession, String, String) {
        let session = self.service.start(&iin(ALIYA), "application").await.unwrap();
        let api_1 = session.payload.strip_prefix("mobileSign:").unwrap().to_owned();
        let (status, invitation) = self.get(&api_1, "").await;
        assert_eq!(status, 200);
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let uri = text(&invitation["document"]["uri"]);
        let token = text(&invitation["document"]["auth_token"]);
        let (status, documents) = self.get(&uri, &token).await;
        assert_eq!(status, 200);
        assert_eq!(
            documents["documentsToSign"][0]["document"]["file"]["data"],
            STANDARD.encode(PDF)
        );
        (session, uri, token)
    }

    async fn put(&self, uri: &str, token: &str, cms: &[u8]) -> (StatusCode, Value) {
        self.ask(request("PUT", uri, token, Body::from(signed(cms))))
            .await
    }

    async fn stored(&self, session: &QrSession) -> Session {
        self.house
            .store
            .qr(&session.session)
            .await
            .unwrap()
            .unwrap()
            .session
    }
}

fn request(method: &str, address: &str, token: &str, body: Body) -> Request<Body> {
    // The router sees a path, whatever host stood before it.
    let path = address
        .split_once("//")
        .map_or(address, |(_, rest)| &rest[rest.find('/').unwrap()..]);
    let mut request = Request::builder().method(method).uri(path);
    if !token.is_empty() {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    }
    request.body(body).unwrap()
}

fn signed(cms: &[u8]) -> String {
    json!({ "signMethod": "CMS_WITH_DATA", "version": 1, "documentsToSign": [
        { "id": 1, "document": { "file": { "mime": "application/pdf", "data": STANDARD.encode(cms) } } },
    ]})
    .to_string()
}

const CMS: &[u8] = &[0x30, 3, 2, 1, 1];

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
    let scene = Scene::usual(vec![]).await;
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
