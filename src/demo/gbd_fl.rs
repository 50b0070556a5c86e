//! GBD FL over SHEP as a server: SOAP `SendMessage`, synchronous, with the demo's people and scripted troubles. Both sides of
//! its XML are written here from the interface's facts, apart from the cabinet's client, so that they can't share a
//! misreading.

mod altered;
mod answer;
mod question;

use super::clock::DemoClock;
use super::people::{DemoPerson, RegisterPerson};
use crate::domain::iin::Iin;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use question::Question;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// What the sender must present.
pub const SERVICE_ID: &str = "GBDFL_DEMO";
pub const SENDER_ID: &str = "fund-cabinet";
pub const SENDER_PASSWORD: &str = "demo-shep-password";

/// How the register behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    #[default]
    Ok,
    /// Answers as `ok`, after a while.
    Slow,
    /// An HTML page with status 500, as a gateway gives.
    Http500,
    /// XML cut off in the middle.
    Malformed,
    /// A SOAP fault.
    Fault,
    /// The bus refuses the message in `responseInfo.status`.
    Refused,
    /// The answer is 400 days old and so are its documents: they have ended since.
    Stale,
    /// Without documents, address, capacity and life status.
    Partial,
    /// Alive by status, with a date of death.
    Contradicting,
    /// Nobody of this IIN.
    Nobody,
    /// Reported dead.
    Dead,
    Incapable,
    Limited,
    /// A capacity that isn't in the dictionary.
    CapacityUnheardOf,
    /// The IIN is excluded.
    Excluded,
    /// Every document ended yesterday.
    DocumentEnded,
    /// No document is valid.
    DocumentInvalid,
    OtherSurname,
    OtherGivenName,
    /// None at all.
    OtherPatronymic,
    OtherBirthDate,
}

#[derive(Debug, Default)]
struct Script {
    everybody: Mode,
    one: HashMap<String, Mode>,
    slow_seconds: Option<u64>,
    asked: u64,
}

/// Whom the register knows.
pub trait Registered: Send + Sync {
    /// By twelve digits.
    fn person(&self, iin: &str) -> Option<RegisterPerson>;
}

impl Registered for Vec<DemoPerson> {
    fn person(&self, iin: &str) -> Option<RegisterPerson> {
        self.iter()
            .find(|person| person.iin().digits() == iin)
            .map(|person| person.register.clone())
    }
}

/// Cloned freely: all clones are one register.
#[derive(Clone)]
pub struct GbdFl {
    people: Arc<dyn Registered>,
    clock: DemoClock,
    script: Arc<Mutex<Script>>,
}

impl GbdFl {
    #[must_use]
    pub fn new(people: Arc<dyn Registered>, clock: DemoClock) -> Self {
        Self {
            people,
            clock,
            script: Arc::default(),
        }
    }

    fn script(&self) -> MutexGuard<'_, Script> {
        self.script.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// From now on, for everybody or for one.
    pub fn behave(&self, mode: Mode, for_iin: Option<&Iin>, slow_seconds: Option<u64>) {
        let mut script = self.script();
        if slow_seconds.is_some() {
            script.slow_seconds = slow_seconds;
        }
        match for_iin {
            Some(iin) => {
                script.one.insert(iin.digits().to_owned(), mode);
            }
            None => {
                script.everybody = mode;
                script.one.clear();
            }
        }
    }

    pub fn reset(&self) {
        *self.script() = Script::default();
    }

    /// How many questions came since the start or the last reset.
    #[must_use]
    pub fn asked(&self) -> u64 {
        self.script().asked
    }

    pub fn router(self) -> Router {
        Router::new()
            .route("/", post(send_message))
            .layer(DefaultBodyLimit::max(256 * 1024))
            .with_state(self)
    }
}

async fn send_message(State(register): State<GbdFl>, body: Bytes) -> Response {
    let Some(question) = Question::read(&body) else {
        return fault("VAL-JSR-001", "the message isn't a SendMessage request");
    };
    if question.service_id != SERVICE_ID
        || question.sender_id != SENDER_ID
        || question.password != SENDER_PASSWORD
    {
        return fault("SBF-AD-1", "access denied");
    }
    if question.message_id.is_empty() || question.message_id.len() > 36 || !question.message_id.is_ascii() {
        return fault("SBF-VE-8", "messageId has at most 36 Latin characters");
    }
    let (mode, pause) = {
        let mut script = register.script();
        script.asked += 1;
        let mode = script.one.get(&question.iin).copied().unwrap_or(script.everybody);
        (mode, Duration::from_secs(script.slow_seconds.unwrap_or(30)))
    };
    let now = register.clock.now();
    let person = register
        .people
        .person(&question.iin)
        .filter(|_| mode != Mode::Nobody);
    let person = person.as_ref();
    match mode {
        Mode::Http500 => {
            let page = "<html><body><h1>500 Internal Server Error</h1></body></html>";
            (
                StatusCode::INTERNAL_SERVER_ERROR,
                [(header::CONTENT_TYPE, "text/html")],
                page,
            )
                .into_response()
        }
        Mode::Fault => fault("SCSE001", "the service isn't available"),
        Mode::Refused => xml(StatusCode::OK, answer::refused(&question, "FAULT-015", now)),
        Mode::Malformed => {
            let whole = answer::found(&question, person, mode, now);
            let half = whole
                .char_indices()
                .nth(whole.chars().count() / 2)
                .map_or(0, |(at, _)| at);
            xml(StatusCode::OK, whole[..half].to_owned())
        }
        Mode::Slow => {
            tokio::time::sleep(pause).await;
            xml(StatusCode::OK, answer::found(&question, person, mode, now))
        }
        _ => xml(StatusCode::OK, answer::found(&question, person, mode, now)),
    }
}

fn xml(status: StatusCode, body: String) -> Response {
    (status, [(header::CONTENT_TYPE, "text/xml; charset=utf-8")], body).into_response()
}

fn fault(code: &str, message: &str) -> Response {
    xml(StatusCode::INTERNAL_SERVER_ERROR, answer::fault(code, message))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::people;
    use axum::body::{Body, to_bytes};
    use axum::http::Request;
    use tower::ServiceExt as _;

    fn register() -> GbdFl {
        let clock = DemoClock::over(|| {
            crate::domain::time::Timestamp::parse_rfc3339("2026-11-23T08:00:00Z").unwrap()
        });
        GbdFl::new(Arc::new(people::everybody()), clock)
    }

    fn envelope(iin: &str, password: &str) -> String {
        format!(
            "<?xml version=\"1.0\"?><s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body>\
             <b:SendMessage xmlns:b=\"urn:b\"><request><requestInfo><messageId>m-1</messageId>\
             <serviceId>{SERVICE_ID}</serviceId><messageDate>2026-11-23T08:00:00Z</messageDate><sender>\
             <senderId>{SENDER_ID}</senderId><password>{password}</password></sender></requestInfo>\
             <requestData><data><messageId>m-1</messageId><iin>{iin}</iin></data></requestData></request>\
             </b:SendMessage></s:Body></s:Envelope>"
        )
    }

    async fn ask(register: &GbdFl, iin: &str, password: &str) -> (u16, String) {
        let request = Request::post("/")
            .body(Body::from(envelope(iin, password)))
            .unwrap();
        let response = register.clone().router().oneshot(request).await.unwrap();
        let status = response.status().as_u16();
        let body = to_bytes(response.into_body(), 1 << 20).await.unwrap();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }

    #[tokio::test]
    async fn a_person_is_found_by_iin_with_both_documents() {
        let (status, text) = ask(&register(), "990101390009", SENDER_PASSWORD).await;
        assert_eq!(status, 200);
        for part in [
            "<surname>АХМЕТОВА</surname>",
            "<number>051234567</number>",
            "<number>N12345678</number>",
        ] {
            assert!(text.contains(part), "{part}");
        }
        let region = text.find("ҚАРАҒАНДЫ ОБЛЫСЫ").unwrap();
        assert!(text[..region].ends_with("<nameKz>"));
        assert!(text[..region].rfind("<district>") > text[..region].rfind("<region>"));
    }

    #[tokio::test]
    async fn the_tags_of_region_and_district_stand_both_ways_round() {
        let (_, text) = ask(&register(), "781117390035", SENDER_PASSWORD).await;
        let region = text.find("ТҮРКІСТАН ОБЛЫСЫ").unwrap();
        assert!(text[..region].rfind("<region>") > text[..region].rfind("<district>"));
    }

    #[tokio::test]
    async fn a_wrong_password_is_a_fault() {
        let (status, text) = ask(&register(), "990101390009", "guess").await;
        assert_eq!(status, 500);
        assert!(text.contains("SBF-AD-1") && text.contains("Fault>"), "{text}");
    }

    #[tokio::test]
    async fn a_script_is_for_one_person_or_for_everybody_until_the_reset() {
        let register = register();
        let iin = Iin::typed("990101390009").unwrap();
        register.behave(Mode::Http500, Some(&iin), None);
        assert_eq!(ask(&register, "990101390009", SENDER_PASSWORD).await.0, 500);
        assert_eq!(ask(&register, "850412390011", SENDER_PASSWORD).await.0, 200);
        register.behave(Mode::Malformed, None, None);
        let (_, cut) = ask(&register, "850412390011", SENDER_PASSWORD).await;
        assert!(!cut.trim_end().ends_with("Envelope>"));
        register.behave(Mode::Contradicting, None, None);
        assert!(
            ask(&register, "850412390011", SENDER_PASSWORD)
                .await
                .1
                .contains("<deathDate>")
        );
        register.behave(Mode::Partial, None, None);
        assert!(
            !ask(&register, "850412390011", SENDER_PASSWORD)
                .await
                .1
                .contains("<documents>")
        );
        register.behave(Mode::Stale, None, None);
        assert!(
            ask(&register, "850412390011", SENDER_PASSWORD)
                .await
                .1
                .contains("<responseDate>2025-10-19")
        );
        register.reset();
        assert_eq!(register.asked(), 0);
        assert!(
            ask(&register, "850412390011", SENDER_PASSWORD)
                .await
                .1
                .contains("<documents>")
        );
    }
}
