//! The window: what is waiting for a person, and a page that shows it and takes the decision. A wrong password stays
//! between the person and the window; the asking page never learns of it.

use super::modules::{Job, Work};
use super::{NcaLayer, PASSWORD, Script};
use crate::demo::keys::DemoKey;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::oneshot;

/// Letters of a text that are shown of it.
const SHOWN: usize = 1200;

/// The windows that are open.
#[derive(Clone, Default)]
pub(super) struct Dialogs(Arc<Mutex<Open>>);

#[derive(Default)]
struct Open {
    last: u64,
    windows: Vec<Window>,
}

struct Window {
    id: u64,
    job: Job,
    decided: oneshot::Sender<Option<String>>,
}

/// Takes the window away when the request ends, by whatever end.
struct Closing {
    dialogs: Dialogs,
    id: u64,
}

impl Drop for Closing {
    fn drop(&mut self) {
        self.dialogs.take(self.id);
    }
}

impl Dialogs {
    fn lock(&self) -> std::sync::MutexGuard<'_, Open> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Opens a window and waits for the id of the chosen key; `None` if the person cancels.
    pub(super) async fn open(&self, job: &Job) -> Option<String> {
        let (decided, decision) = oneshot::channel();
        let id = {
            let mut open = self.lock();
            open.last += 1;
            let id = open.last;
            open.windows.push(Window {
                id,
                job: job.clone(),
                decided,
            });
            id
        };
        let _closing = Closing {
            dialogs: self.clone(),
            id,
        };
        decision.await.ok().flatten()
    }

    fn take(&self, id: u64) -> Option<Window> {
        let mut open = self.lock();
        let place = open.windows.iter().position(|window| window.id == id)?;
        Some(open.windows.remove(place))
    }

    fn job(&self, id: u64) -> Option<Job> {
        let open = self.lock();
        let window = open.windows.iter().find(|window| window.id == id)?;
        Some(window.job.clone())
    }
}

pub(super) fn router(simulator: NcaLayer) -> Router {
    Router::new()
        .route("/", get(async || Html(include_str!("dialog.html"))))
        .route("/requests.json", get(list))
        .route("/decide", post(decide))
        .with_state(simulator)
}

/// A window as the page shows it.
#[derive(Serialize)]
struct Shown {
    id: u64,
    /// `sign` or `key_info`.
    work: &'static str,
    /// `kk`, `ru` or `en`.
    locale: &'static str,
    /// The data to be signed, as far as they are text.
    text: Option<String>,
    /// Bytes to be signed.
    size: usize,
    /// NCALayer's names; `null` for any.
    storages: Option<Vec<String>>,
    keys: Vec<ShownKey>,
}

#[derive(Serialize)]
struct ShownKey {
    id: String,
    label: String,
    /// Whether it can be chosen.
    fits: bool,
}

async fn list(State(simulator): State<NcaLayer>) -> Json<Vec<Shown>> {
    let script = simulator.script();
    let open = simulator.dialogs().lock();
    Json(
        open.windows
            .iter()
            .map(|window| show(window.id, &window.job, simulator.keys().keys(), &script))
            .collect(),
    )
}

fn show(id: u64, job: &Job, keys: &[DemoKey], script: &Script) -> Shown {
    let documents: &[Vec<u8>] = match &job.work {
        Work::Sign { documents, .. } => documents,
        Work::KeyInfo => &[],
    };
    let text = documents
        .first()
        .and_then(|document| std::str::from_utf8(document).ok());
    Shown {
        id,
        work: match job.work {
            Work::Sign { .. } => "sign",
            Work::KeyInfo => "key_info",
        },
        locale: match job.locale.as_str() {
            "kk" | "kz" => "kk",
            "en" => "en",
            _ => "ru",
        },
        text: text.map(|text| text.chars().take(SHOWN).collect()),
        size: documents.iter().map(Vec::len).sum(),
        storages: job.wanted.storages.clone(),
        keys: keys
            .iter()
            .map(|key| ShownKey {
                id: key.id.clone(),
                label: key.label.clone(),
                fits: job.wanted.fits(key, script),
            })
            .collect(),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Decision {
    id: u64,
    /// Absent to cancel.
    key: Option<String>,
    #[serde(default)]
    password: String,
}

async fn decide(State(simulator): State<NcaLayer>, Json(decision): Json<Decision>) -> Response {
    let refused = |status: StatusCode, why: &'static str| {
        (status, Json(serde_json::json!({ "error": why }))).into_response()
    };
    let Some(job) = simulator.dialogs().job(decision.id) else {
        return refused(StatusCode::NOT_FOUND, "no_window");
    };
    if let Some(id) = &decision.key {
        let script = simulator.script();
        let fits = simulator
            .keys()
            .find(id)
            .is_ok_and(|key| job.wanted.fits(key, &script));
        if !fits {
            return refused(StatusCode::UNPROCESSABLE_ENTITY, "key_does_not_fit");
        }
        if decision.password != PASSWORD {
            return refused(StatusCode::UNPROCESSABLE_ENTITY, "wrong_password");
        }
    }
    let window = simulator.dialogs().take(decision.id);
    // The receiver is gone only if the connection closed this very moment.
    if window.is_some_and(|window| window.decided.send(decision.key).is_ok()) {
        StatusCode::NO_CONTENT.into_response()
    } else {
        refused(StatusCode::NOT_FOUND, "no_window")
    }
}
