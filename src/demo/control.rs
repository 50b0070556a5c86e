//! The control port for tests, JSON over HTTP under `/control`: it scripts the outside world, moves the clock, tells who can
//! sign in and how, and puts everything back. Only JSON is taken, so that no web page elsewhere can reach it by a form.
//!
//! | address         | body                                                                       |
//! | --------------- | -------------------------------------------------------------------------- |
//! | `POST clock`    | `{"advance_seconds": 60}` or `{"reset": true}`                             |
//! | `POST gbdfl`    | `{"mode": "ok", "for_iin": "…", "slow_seconds": 5, "forget": true}`, see [`gbd_fl::Mode`]; forgetting, the cabinet asks anew |
//! | `POST ocsp`     | `{"mode": "good"}`, see [`ocsp::Mode`]                                     |
//! | `POST crl`      | `{"mode": "ok"}`, see [`crl::Mode`]                                        |
//! | `POST ncalayer` | `{"mode": "auto", "key": "aliya-gost"}`, see [`ncalayer::Script`]          |
//! | `POST tsp`      | `{"down": true}`                                                           |
//! | `POST inbox`    | `{"mode": "ok"}`, see [`inbox::Mode`]                                      |
//! | `POST back_office` | `{"mode": "ok"}`, see [`back_office::Mode`]                              |
//! | `POST kazpost`  | `{"mode": "ok"}`, see [`kazpost::Mode`]                                    |
//! | `POST returned` | `{"iin": "…"}`: a letter of the Fund to this person came back               |
//! | `POST remember` | `{"iin": "…"}`: a browser this person had remembered; answers its cookie, name and value |
//! | `POST phone/scan` | what a phone does with a code, see [`super::phone::Scan`]                |
//! | `POST reset`    | `{}`: all of the above as at start, the inbox empty, the Fund's record too |
//! | `GET people`    | who can sign in and how                                                    |
//! | `GET state`     | the clock, how often GBD FL was asked                                      |

use super::back_office::{self, BackOffice};
use super::clock::DemoClock;
use super::gbd_fl::{self, GbdFl};
use super::inbox::{self, Inbox};
use super::kazpost::{self, Kazpost};
use super::keys::{DemoKey, KeyOrigin, KeyStore};
use super::ncalayer::{self, NcaLayer};
use super::people::{DemoPerson, PASSWORD};
use super::seed::Seed;
use super::{crl, ocsp, tsp};
use crate::domain::iin::Iin;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::sync::Arc;

/// Everything that can be scripted.
#[derive(Clone)]
pub struct Control {
    pub clock: DemoClock,
    pub gbd_fl: GbdFl,
    pub responder: ocsp::Responder,
    pub lists: crl::Lists,
    pub time_stamps: tsp::TimeStamps,
    pub inbox: Inbox,
    pub back_office: BackOffice,
    pub kazpost: Kazpost,
    pub ncalayer: NcaLayer,
    pub people: Arc<Vec<DemoPerson>>,
    pub keys: KeyStore,
    pub(super) seed: Arc<Seed>,
}

impl Control {
    pub fn router(self) -> Router {
        Router::new()
            .route("/clock", post(clock))
            .route("/gbdfl", post(gbdfl))
            .route("/ocsp", post(responder))
            .route("/crl", post(lists))
            .route("/ncalayer", post(agent))
            .route("/tsp", post(time_stamps))
            .route("/inbox", post(messages))
            .route("/back_office", post(office))
            .route("/kazpost", post(directory))
            .route("/returned", post(returned))
            .route("/remember", post(remember))
            .route("/reset", post(reset))
            .route("/people", get(people))
            .route("/state", get(state))
            .with_state(self)
    }

    fn state(&self) -> Value {
        json!({
            "now": self.clock.now().rfc3339(),
            "ahead_seconds": self.clock.ahead_seconds(),
            "gbdfl_asked": self.gbd_fl.asked(),
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClockWish {
    #[serde(default)]
    advance_seconds: i64,
    #[serde(default)]
    reset: bool,
}

async fn clock(State(control): State<Control>, Json(wish): Json<ClockWish>) -> Json<Value> {
    if wish.reset {
        control.clock.reset();
    }
    control.clock.advance_seconds(wish.advance_seconds);
    Json(control.state())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RegisterWish {
    mode: gbd_fl::Mode,
    #[serde(default)]
    for_iin: Option<Iin>,
    #[serde(default)]
    slow_seconds: Option<u64>,
    #[serde(default)]
    forget: bool,
}

async fn gbdfl(State(control): State<Control>, Json(wish): Json<RegisterWish>) -> Json<Value> {
    control
        .gbd_fl
        .behave(wish.mode, wish.for_iin.as_ref(), wish.slow_seconds);
    if wish.forget {
        control.seed.forget_registers();
    }
    Json(control.state())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ModeWish<M> {
    mode: M,
}

async fn responder(State(control): State<Control>, Json(wish): Json<ModeWish<ocsp::Mode>>) -> Json<Value> {
    control.responder.behave(wish.mode);
    Json(control.state())
}

async fn lists(State(control): State<Control>, Json(wish): Json<ModeWish<crl::Mode>>) -> Json<Value> {
    control.lists.behave(wish.mode);
    Json(control.state())
}

async fn messages(State(control): State<Control>, Json(wish): Json<ModeWish<inbox::Mode>>) -> Json<Value> {
    control.inbox.behave(wish.mode);
    Json(control.state())
}

async fn office(
    State(control): State<Control>,
    Json(wish): Json<ModeWish<back_office::Mode>>,
) -> Json<Value> {
    control.back_office.behave(wish.mode);
    Json(control.state())
}

async fn directory(State(control): State<Control>, Json(wish): Json<ModeWish<kazpost::Mode>>) -> Json<Value> {
    control.kazpost.behave(wish.mode);
    Json(control.state())
}

async fn agent(State(control): State<Control>, Json(script): Json<ncalayer::Script>) -> Json<Value> {
    control.ncalayer.set_script(script);
    Json(control.state())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DownWish {
    down: bool,
}

async fn time_stamps(State(control): State<Control>, Json(wish): Json<DownWish>) -> Json<Value> {
    control.time_stamps.set_down(wish.down);
    Json(control.state())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReturnedLetter {
    iin: Iin,
}

async fn returned(State(control): State<Control>, Json(letter): Json<ReturnedLetter>) -> Response {
    match control.seed.letter_returned(&letter.iin).await {
        Ok(()) => Json(control.state()).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RememberedBrowser {
    iin: Iin,
}

async fn remember(State(control): State<Control>, Json(browser): Json<RememberedBrowser>) -> Response {
    match control.seed.remember(&browser.iin).await {
        Ok((name, value)) => Json(json!({ "name": name, "value": value })).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

async fn reset(State(control): State<Control>, Json(_): Json<Value>) -> Response {
    control.clock.reset();
    control.gbd_fl.reset();
    control.seed.forget_registers();
    control.responder.behave(ocsp::Mode::default());
    control.lists.behave(crl::Mode::default());
    control.time_stamps.set_down(false);
    control.inbox.clear();
    control.back_office.clear();
    control.kazpost.behave(kazpost::Mode::default());
    control.ncalayer.set_script(ncalayer::Script::default());
    match control.seed.plant(&control.people).await {
        Ok(()) => Json(control.state()).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

async fn state(State(control): State<Control>) -> Json<Value> {
    Json(control.state())
}

/// Who can sign in and how, as the operator and the tests see it.
#[derive(Debug, Serialize)]
pub struct WhoAndHow {
    pub id: &'static str,
    pub name: String,
    pub case: &'static str,
    pub iin: String,
    /// Absent for who signs in with a key alone.
    pub password: Option<&'static str>,
    pub keys: Vec<KeyNote>,
}

#[derive(Debug, Serialize)]
pub struct KeyNote {
    pub id: String,
    pub label: String,
    pub national: bool,
}

async fn people(State(control): State<Control>) -> Json<Vec<WhoAndHow>> {
    Json(who_and_how(&control.people, &control.keys))
}

#[must_use]
pub fn who_and_how(people: &[DemoPerson], keys: &KeyStore) -> Vec<WhoAndHow> {
    let note = |key: &DemoKey| KeyNote {
        id: key.id.clone(),
        label: key.label.clone(),
        national: key.origin == KeyOrigin::National,
    };
    people
        .iter()
        .map(|person| WhoAndHow {
            id: person.id,
            name: person.full_name(),
            case: person.case,
            iin: person.iin().digits().to_owned(),
            password: person.has_password.then_some(PASSWORD),
            keys: keys.of(person.iin()).map(note).collect(),
        })
        .collect()
}
