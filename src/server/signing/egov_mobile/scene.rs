//! The room of eGov Mobile alone: the phone is a handful of requests, the applications are a desk that says what the test
//! wants.

use super::papers::{Paper, Papers, Verdict};
use super::session::Session;
use super::{EgovMobile, routes};
use crate::api::ApiError;
use crate::api::signing::QrSession;
use crate::domain::iin::Iin;
use crate::domain::requisites::Change;
use crate::server::config::Config;
use crate::server::fixture::{ALIYA, House, iin};
use crate::server::store::QrStore as _;
use crate::server::store::qr::{self, Circumstances, QrRow};
use crate::server::world::sha256;
use async_trait::async_trait;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tower::ServiceExt as _;

pub(super) const PDF: &[u8] = b"%PDF-1.7 of the test";

/// Says what it was told to, in order; then accepts.
struct Desk {
    store: Arc<crate::server::store::Database>,
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
            changes: vec![Change::Email {
                before: String::new(),
                after: "new@example.kz".into(),
            }],
        })
    }

    async fn judge(&self, row: &QrRow, _: Vec<u8>, answer: [u8; 32], why: Circumstances<'_>) -> Verdict {
        tokio::time::sleep(self.pause).await;
        let told = self.verdicts.lock().unwrap().pop();
        if let Some(verdict) = told {
            return verdict;
        }
        let store = &self.store;
        let signing = store.again(|| async {
            let mut tx = store.write().await?;
            let signed = qr::sign(&mut tx, &row.id, &answer, row.session.started, why).await?;
            if signed {
                tx.commit().await?;
            }
            Ok(signed)
        });
        if !signing.await.unwrap() {
            return Verdict::TooLate;
        }
        Verdict::Accepted
    }
}

pub(super) struct Scene {
    pub(super) house: House,
    pub(super) service: Arc<EgovMobile>,
}

/// An answer to a phone, to the letter.
pub(super) struct Heard {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) text: String,
}

impl Scene {
    pub(super) async fn new(config: Config, verdicts: Vec<Verdict>, pause: Duration) -> Self {
        let house = House::with(config).await;
        let desk = Desk {
            store: house.store.clone(),
            verdicts: Mutex::new(verdicts),
            pause,
        };
        let service = Arc::new(EgovMobile::new(house.core.clone(), Arc::new(desk)));
        Self { house, service }
    }

    pub(super) async fn usual(verdicts: Vec<Verdict>) -> Self {
        Self::new(Config::default(), verdicts, Duration::ZERO).await
    }

    pub(super) async fn ask(&self, request: Request<Body>) -> (StatusCode, Value) {
        let heard = self.hear(request).await;
        (
            heard.status,
            serde_json::from_str(&heard.text).unwrap_or(Value::Null),
        )
    }

    pub(super) async fn hear(&self, request: Request<Body>) -> Heard {
        let answer = routes::router(self.service.clone())
            .oneshot(request)
            .await
            .unwrap();
        let (parts, body) = answer.into_parts();
        let body = axum::body::to_bytes(body, 1 << 24).await.unwrap();
        Heard {
            status: parts.status,
            headers: parts.headers,
            text: String::from_utf8(body.to_vec()).unwrap(),
        }
    }

    pub(super) async fn get(&self, address: &str, token: &str) -> (StatusCode, Value) {
        self.ask(request("GET", address, token, Body::empty())).await
    }

    /// A new session, and the address of API №1 in its code.
    pub(super) async fn started(&self) -> (QrSession, String) {
        let session = self
            .service
            .start(&iin(ALIYA), "application", Circumstances::default())
            .await
            .unwrap();
        let api_1 = session.payload.strip_prefix("mobileSign:").unwrap().to_owned();
        (session, api_1)
    }

    /// A session whose document the phone has taken: its API №2 and token.
    pub(super) async fn taken(&self) -> (QrSession, String, String) {
        let (session, api_1) = self.started().await;
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

    pub(super) async fn put(&self, uri: &str, token: &str, cms: &[u8]) -> (StatusCode, Value) {
        self.ask(request("PUT", uri, token, Body::from(signed(cms))))
            .await
    }

    pub(super) async fn stored(&self, session: &QrSession) -> Session {
        self.house
            .store
            .qr(&session.session)
            .await
            .unwrap()
            .unwrap()
            .session
    }
}

pub(in crate::server) fn request(method: &str, address: &str, token: &str, body: Body) -> Request<Body> {
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

pub(in crate::server) fn signed(cms: &[u8]) -> String {
    json!({ "signMethod": "CMS_WITH_DATA", "version": 1, "documentsToSign": [
        { "id": 1, "document": { "file": { "mime": "application/pdf", "data": STANDARD.encode(cms) } } },
    ]})
    .to_string()
}

pub(super) const CMS: &[u8] = &[0x30, 3, 2, 1, 1];
