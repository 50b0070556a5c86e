//! The phone as a web page: `/phone`, in the middle of it the very [`Phone`] that programs use. With `?link=…` it is what
//! stands where `m.egov.kz` stands in earnest: the button on the cabinet's page leads here.

use super::words::{Words, words};
use super::{Behaviour, Outcome, Phone, Scan, Shown, Taken};
use crate::demo::keys::{KeyKind, KeyStore};
use crate::domain::lang::Lang;
use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

const TEMPLATE: &str = include_str!("page.html");
const SCRIPT: &str = include_str!("page.js");
const STYLE: &str = include_str!("page.css");
/// A screenshot as base64 inside JSON.
const PICTURE_LIMIT: usize = 32 * 1024 * 1024;
/// So many opened codes are remembered; the oldest goes first.
const MOST_TAKEN: usize = 64;

/// The behaviours offered on the page; the others need a program.
const OFFERED: [(&str, &str); 13] = [
    ("sign", "1 ✓"),
    ("ask_thrice", "GET × 3"),
    ("send_twice", "PUT × 2"),
    ("send_another", "PUT, PUT ≠"),
    ("send_late", "PUT + 16 min"),
    ("send_slowly", "PUT 35 s"),
    ("broken_json", "JSON ½"),
    ("ten_megabytes", "10 MB"),
    ("no_version", "no version"),
    ("old_mime", "@file/pdf"),
    ("no_token", "no token"),
    ("wrong_token", "≠ token"),
    ("another_document", "≠ PDF"),
];

#[derive(Clone)]
struct Held {
    phone: Phone,
    taken: Arc<Mutex<BTreeMap<u64, Taken>>>,
}

impl Held {
    fn taken(&self) -> MutexGuard<'_, BTreeMap<u64, Taken>> {
        // Every change to the map is one call: a panic leaves it whole.
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Everything under `/phone`, for the demo to mount.
pub fn router(phone: Phone) -> Router {
    let held = Held {
        phone,
        taken: Arc::default(),
    };
    Router::new()
        .route("/phone", get(page))
        .route("/phone/", get(page))
        .route(
            "/phone/page.js",
            get(([(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], SCRIPT)),
        )
        .route(
            "/phone/page.css",
            get(([(header::CONTENT_TYPE, "text/css; charset=utf-8")], STYLE)),
        )
        .route("/phone/open", post(open))
        .route("/phone/answer", post(answer))
        .route("/phone/document/{ticket}/{index}", get(document))
        .layer(DefaultBodyLimit::max(PICTURE_LIMIT))
        .with_state(held)
}

/// `POST /control/phone/scan`, for the demo to mount.
pub fn control(phone: Phone) -> Router {
    async fn scan(State(phone): State<Phone>, Json(scan): Json<Scan>) -> Json<Outcome> {
        Json(phone.scan(scan).await)
    }
    Router::new()
        .route("/control/phone/scan", post(scan))
        .layer(DefaultBodyLimit::max(PICTURE_LIMIT))
        .with_state(phone)
}

#[derive(Deserialize)]
struct Arrival {
    link: Option<String>,
    lang: Option<Lang>,
}

async fn page(State(held): State<Held>, Query(arrival): Query<Arrival>) -> Html<String> {
    let lang = arrival.lang.unwrap_or_default();
    let mut keys = String::new();
    for key in held.phone.keys().keys() {
        let (id, label) = (escape(&key.id), escape(&key.label));
        // Writing into a String can't fail.
        let _ = write!(keys, "<option value=\"{id}\">{label} · {id}</option>");
    }
    let mut behaviours = String::new();
    for (value, label) in OFFERED {
        let _ = write!(behaviours, "<option value=\"{value}\">{label}</option>");
    }
    let mut languages = String::new();
    for other in Lang::ALL {
        let current = if other == lang {
            " aria-current=\"true\""
        } else {
            ""
        };
        let tag = other.tag();
        let _ = write!(
            languages,
            "<a href=\"?lang={tag}\" lang=\"{tag}\"{current}>{tag}</a> "
        );
    }
    let link = escape(arrival.link.as_deref().unwrap_or_default());
    let mut html = TEMPLATE.to_owned();
    for (name, value) in named(words(lang)) {
        html = html.replace(&format!("{{{{{name}}}}}"), &escape(value));
    }
    // What the person brought comes last, so that nothing in it is taken for a place.
    Html(
        html.replace("{{lang}}", lang.tag())
            .replace("{{languages}}", &languages)
            .replace("{{keys}}", &keys)
            .replace("{{behaviours}}", &behaviours)
            .replace("{{link_value}}", &link),
    )
}

fn named(words: &Words) -> [(&'static str, &'static str); 15] {
    [
        ("title", words.title),
        ("intro", words.intro),
        ("picture", words.picture),
        ("link", words.link),
        ("open", words.open),
        ("organisation", words.organisation),
        ("valid_until", words.valid_until),
        ("documents", words.documents),
        ("show_document", words.show_document),
        ("key", words.key),
        ("behaviour", words.behaviour),
        ("sign", words.sign),
        ("refuse", words.refuse),
        ("back", words.back),
        ("wait", words.wait),
    ]
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Opening {
    link: Option<String>,
    png_base64: Option<String>,
    #[serde(default)]
    lang: Lang,
}

#[derive(Serialize)]
struct Opened {
    ticket: u64,
    shown: Shown,
    /// The key of the person whose IIN is shown, masked: a real phone holds no other.
    own_key: Option<String>,
}

#[derive(Serialize)]
struct Trouble {
    error: String,
}

async fn open(State(held): State<Held>, Json(opening): Json<Opening>) -> Response {
    let taken = match Phone::read(opening.link.as_deref(), opening.png_base64.as_deref()) {
        Ok(scanned) => held.phone.take(&scanned, opening.lang).await,
        Err(error) => Err(error),
    };
    match taken {
        Ok(taken) => {
            let shown = taken.shown.clone();
            let own_key = own_key(held.phone.keys(), &shown);
            let mut all = held.taken();
            let ticket = all.last_key_value().map_or(1, |(last, _)| last + 1);
            all.insert(ticket, taken);
            if all.len() > MOST_TAKEN {
                all.pop_first();
            }
            let opened = Opened {
                ticket,
                shown,
                own_key,
            };
            Json(opened).into_response()
        }
        Err(error) => {
            let error = Phone::says(&error, opening.lang);
            (StatusCode::UNPROCESSABLE_ENTITY, Json(Trouble { error })).into_response()
        }
    }
}

fn own_key(keys: &KeyStore, shown: &Shown) -> Option<String> {
    let rows: Vec<_> = shown
        .documents
        .iter()
        .flat_map(|document| &document.meta)
        .collect();
    keys.keys()
        .iter()
        .filter(|key| key.kind == KeyKind::Individual)
        .find(|key| rows.iter().any(|(_, value)| *value == key.iin.masked()))
        .map(|key| key.id.clone())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Answering {
    ticket: u64,
    key: Option<String>,
    #[serde(default)]
    lang: Lang,
    behaviour: Behaviour,
}

async fn answer(State(held): State<Held>, Json(answering): Json<Answering>) -> Response {
    let taken = held.taken().get(&answering.ticket).cloned();
    match taken {
        Some(taken) => {
            let key = answering.key.as_deref();
            let outcome = held
                .phone
                .answer(&taken, key, answering.lang, answering.behaviour);
            Json(outcome.await).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn document(State(held): State<Held>, Path((ticket, index)): Path<(u64, usize)>) -> Response {
    let taken = held.taken().get(&ticket).cloned();
    let document = taken.and_then(|taken| taken.shown.documents.into_iter().nth(index));
    match document {
        Some(document) => ([(header::CONTENT_TYPE, "application/pdf")], document.bytes).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
