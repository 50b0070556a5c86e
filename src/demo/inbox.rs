//! Where the demo's SMS and e-mail arrive: a message gateway (`POST /sms`), a mail server ([`smtp`]), and a page that shows
//! both, newest first. Nothing leaves this machine.

mod mail;
mod page;
pub mod smtp;

use super::clock::DemoClock;
use crate::domain::time::Timestamp;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What the SMS gateway wants as bearer token.
pub const SMS_TOKEN: &str = "demo-sms-token";

/// Older messages fall out.
const KEPT: usize = 500;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Sms,
    Mail,
}

/// A message that arrived.
#[derive(Debug, Clone, Serialize)]
pub struct Message {
    /// Counts from 1.
    pub number: u64,
    pub kind: Kind,
    /// Telephone number or e-mail address, as the sender wrote it.
    pub to: String,
    /// Of mail alone.
    pub subject: Option<String>,
    pub text: String,
    /// Names of attached files.
    pub attachments: Vec<String>,
    /// The demo's time.
    pub at: Timestamp,
}

/// How the gateways behave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    #[default]
    Ok,
    /// The gateway answers 503, the mail server 451: the sender must try again.
    Down,
}

#[derive(Debug, Default)]
struct Kept {
    messages: VecDeque<Message>,
    count: u64,
    mode: Mode,
    /// Ids the gateway has taken: the same one again is the same message.
    taken: VecDeque<String>,
}

/// Cloned freely: all clones are one inbox.
#[derive(Clone)]
pub struct Inbox {
    kept: Arc<Mutex<Kept>>,
    clock: DemoClock,
}

impl Inbox {
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

    fn put(
        &self,
        kind: Kind,
        to: String,
        subject: Option<String>,
        text: String,
        attachments: Vec<String>,
    ) -> u64 {
        let at = self.clock.now();
        let mut kept = self.kept();
        kept.count += 1;
        let number = kept.count;
        kept.messages.push_front(Message {
            number,
            kind,
            to,
            subject,
            text,
            attachments,
            at,
        });
        kept.messages.truncate(KEPT);
        number
    }

    /// Newest first.
    #[must_use]
    pub fn messages(&self) -> Vec<Message> {
        self.kept().messages.iter().cloned().collect()
    }

    /// The number of the newest message.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.kept().count
    }

    /// The newest SMS to this number, if it came after the one of that number.
    #[must_use]
    pub fn sms_to(&self, to: &str, after: u64) -> Option<Message> {
        let kept = self.kept();
        let new = kept.messages.iter().take_while(|message| message.number > after);
        new.filter(|message| message.kind == Kind::Sms)
            .find(|message| message.to == to)
            .cloned()
    }

    pub fn behave(&self, mode: Mode) {
        self.kept().mode = mode;
    }

    #[must_use]
    pub fn mode(&self) -> Mode {
        self.kept().mode
    }

    /// Empties the inbox; numbers go on counting.
    pub fn clear(&self) {
        let mut kept = self.kept();
        kept.messages.clear();
        kept.taken.clear();
        kept.mode = Mode::Ok;
    }

    /// The page and its JSON, for `/inbox`.
    pub fn pages(self) -> Router {
        Router::new()
            .route("/", get(show))
            .route("/messages.json", get(list))
            .with_state(self)
    }

    /// The gateway, for `/sms`.
    pub fn gateway(self) -> Router {
        Router::new().route("/", post(take_sms)).with_state(self)
    }
}

async fn show(State(inbox): State<Inbox>) -> Html<String> {
    Html(page::html(&inbox.messages()))
}

async fn list(State(inbox): State<Inbox>) -> Json<Vec<Message>> {
    Json(inbox.messages())
}

/// A message for the gateway. Gateways differ in names, so the usual ones are understood.
#[derive(Deserialize)]
struct Sms {
    #[serde(default, alias = "message_id", alias = "idempotency_key")]
    id: Option<String>,
    #[serde(alias = "phone", alias = "recipient")]
    to: String,
    #[serde(alias = "message", alias = "body")]
    text: String,
}

async fn take_sms(State(inbox): State<Inbox>, headers: HeaderMap, body: String) -> Response {
    let bearer = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "));
    if bearer != Some(SMS_TOKEN) {
        return (StatusCode::UNAUTHORIZED, "the token is wrong").into_response();
    }
    if inbox.mode() == Mode::Down {
        return (StatusCode::SERVICE_UNAVAILABLE, "the gateway is down").into_response();
    }
    let sms: Sms = match serde_json::from_str(&body) {
        Ok(sms) => sms,
        Err(error) => return (StatusCode::BAD_REQUEST, error.to_string()).into_response(),
    };
    if let Some(id) = &sms.id {
        let mut kept = inbox.kept();
        if kept.taken.contains(id) {
            return Json(serde_json::json!({ "status": "accepted", "repeated": true })).into_response();
        }
        kept.taken.push_front(id.clone());
        kept.taken.truncate(KEPT);
    }
    let number = inbox.put(Kind::Sms, sms.to, None, sms.text, Vec::new());
    Json(serde_json::json!({ "status": "accepted", "number": number })).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use axum::http::Request;
    use tower::ServiceExt as _;

    async fn send(inbox: &Inbox, token: &str, body: &str) -> u16 {
        let request = Request::post("/")
            .header("authorization", format!("Bearer {token}"))
            .body(Body::from(body.to_owned()))
            .unwrap();
        inbox
            .clone()
            .gateway()
            .oneshot(request)
            .await
            .unwrap()
            .status()
            .as_u16()
    }

    #[tokio::test]
    async fn an_sms_is_taken_once_with_the_token_alone() {
        let inbox = Inbox::new(DemoClock::over(|| Timestamp(0)));
        let body = r#"{"id":"a","to":"+77012345645","text":"Код: 123456"}"#;
        assert_eq!(send(&inbox, "guess", body).await, 401);
        assert_eq!(send(&inbox, SMS_TOKEN, "{").await, 400);
        assert_eq!(send(&inbox, SMS_TOKEN, body).await, 200);
        assert_eq!(send(&inbox, SMS_TOKEN, body).await, 200);
        let messages = inbox.messages();
        assert_eq!(messages.len(), 1);
        assert_eq!(messages[0].text, "Код: 123456");
        inbox.behave(Mode::Down);
        assert_eq!(send(&inbox, SMS_TOKEN, r#"{"to":"1","text":"2"}"#).await, 503);
    }
}
