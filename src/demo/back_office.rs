//! The Fund's own system in the demo: takes the cabinet's events by webhook, as `docs/operations.md` tells a receiver to: the
//! signature first, then the age, then the id, so that the same event twice is one. Shows them at `/back-office`.

use super::clock::DemoClock;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::Sha256;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What the events are signed with.
pub const SECRET: &str = "demo-webhook-secret";

/// An event signed longer ago, or later, isn't taken: somebody sends again what they overheard.
const SECONDS_APART: i64 = 300;
/// Older events fall out.
const KEPT: usize = 500;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    #[default]
    Ok,
    /// Answers 503.
    Down,
    /// Takes the event and answers 500: the sender must send it again.
    Forgetful,
}

#[derive(Default)]
struct Kept {
    /// Newest first.
    events: VecDeque<Value>,
    repeated: u64,
    mode: Mode,
}

/// Cloned freely: all clones are one system.
#[derive(Clone)]
pub struct BackOffice {
    kept: Arc<Mutex<Kept>>,
    clock: DemoClock,
}

impl BackOffice {
    #[must_use]
    pub fn new(clock: DemoClock) -> Self {
        Self {
            kept: Arc::default(),
            clock,
        }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn behave(&self, mode: Mode) {
        self.kept().mode = mode;
    }

    pub fn clear(&self) {
        *self.kept() = Kept::default();
    }

    pub fn router(self) -> Router {
        Router::new()
            .route("/", get(show))
            .route("/events", post(take))
            .route("/events.json", get(list))
            .with_state(self)
    }

    /// Whether the cabinet has signed this body, and just now.
    fn is_signed(&self, headers: &HeaderMap, body: &[u8]) -> bool {
        let signature = headers
            .get("cabinet-signature")
            .and_then(|value| value.to_str().ok());
        let parts = signature
            .and_then(|value| value.strip_prefix("t="))
            .and_then(|rest| rest.split_once(",v1="));
        let Some((seconds, mac)) = parts else {
            return false;
        };
        let now = self.clock.now().0 / 1000;
        let near = seconds
            .parse()
            .is_ok_and(|at: i64| at.abs_diff(now) <= SECONDS_APART.unsigned_abs());
        let Ok(mut expected) = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()) else {
            return false;
        };
        expected.update(seconds.as_bytes());
        expected.update(b".");
        expected.update(body);
        near && unhex(mac).is_some_and(|mac| expected.verify_slice(&mac).is_ok())
    }
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = text
        .chars()
        .map(|digit| digit.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
        .collect::<Option<_>>()?;
    digits
        .len()
        .is_multiple_of(2)
        .then(|| digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect())
}

async fn take(State(office): State<BackOffice>, headers: HeaderMap, body: Bytes) -> Response {
    if !office.is_signed(&headers, &body) {
        return (StatusCode::UNAUTHORIZED, "the signature is wrong or old").into_response();
    }
    let Ok(event) = serde_json::from_slice::<Value>(&body) else {
        return (StatusCode::BAD_REQUEST, "this is no event").into_response();
    };
    let mut kept = office.kept();
    if kept.mode == Mode::Down {
        return (StatusCode::SERVICE_UNAVAILABLE, "the system is down").into_response();
    }
    if kept.events.iter().any(|known| known["id"] == event["id"]) {
        kept.repeated += 1;
    } else {
        kept.events.push_front(event);
        kept.events.truncate(KEPT);
    }
    if kept.mode == Mode::Forgetful {
        return (StatusCode::INTERNAL_SERVER_ERROR, "where was I?").into_response();
    }
    StatusCode::NO_CONTENT.into_response()
}

async fn list(State(office): State<BackOffice>) -> Json<Value> {
    let kept = office.kept();
    Json(json!({ "events": kept.events, "repeated": kept.repeated }))
}

async fn show(State(office): State<BackOffice>) -> String {
    let events = office.kept().events.clone();
    if events.is_empty() {
        return "No event yet: one comes when an application is applied.\n".to_owned();
    }
    let pretty = events
        .iter()
        .map(|event| serde_json::to_string_pretty(event).unwrap_or_default());
    pretty.collect::<Vec<_>>().join("\n\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::Timestamp;
    use axum::body::Body;
    use axum::http::Request;
    use tower::ServiceExt as _;

    fn signed(seconds: i64, secret: &str, body: &str) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
        mac.update(format!("{seconds}.{body}").as_bytes());
        let mac = mac.finalize().into_bytes();
        let mac: String = mac.iter().map(|byte| format!("{byte:02x}")).collect();
        format!("t={seconds},v1={mac}")
    }

    async fn told(office: &BackOffice, signature: &str, body: &str) -> u16 {
        let request = Request::post("/events")
            .header("cabinet-signature", signature)
            .body(Body::from(body.to_owned()))
            .unwrap();
        let answer = office.clone().router().oneshot(request).await.unwrap();
        answer.status().as_u16()
    }

    #[tokio::test]
    async fn an_event_counts_once_and_only_with_its_signature() {
        let office = BackOffice::new(DemoClock::over(|| Timestamp(1_000_000)));
        let body = r#"{"id":"a"}"#;
        let right = signed(1000, SECRET, body);
        assert_eq!(told(&office, &signed(1000, "guess", body), body).await, 401);
        assert_eq!(told(&office, &right, r#"{"id":"b"}"#).await, 401);
        assert_eq!(
            told(&office, &signed(600, SECRET, body), body).await,
            401,
            "too old"
        );
        assert_eq!(told(&office, "t=1000,v1=абв", body).await, 401);
        office.behave(Mode::Forgetful);
        assert_eq!(told(&office, &right, body).await, 500);
        office.behave(Mode::Ok);
        assert_eq!(told(&office, &right, body).await, 204);
        assert_eq!(office.kept().events.len(), 1);
        assert_eq!(office.kept().repeated, 1);
        office.behave(Mode::Down);
        assert_eq!(told(&office, &right, body).await, 503);
    }
}
