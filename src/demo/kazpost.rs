//! The postal directory `api.post.kz` as a server: `GET /api/byAddress/{text}?from=0` in the shapes public clients meet, an
//! empty item first. It knows two streets.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    #[default]
    Ok,
    /// Answers 503.
    Down,
    /// Answers after half a minute.
    Slow,
}

/// Cloned freely: all clones are one directory.
#[derive(Clone, Default)]
pub struct Kazpost {
    mode: Arc<Mutex<Mode>>,
}

impl Kazpost {
    pub fn behave(&self, mode: Mode) {
        *self.mode.lock().unwrap_or_else(PoisonError::into_inner) = mode;
    }

    fn mode(&self) -> Mode {
        *self.mode.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn router(self) -> Router {
        Router::new()
            .route("/api/byAddress/{text}", get(by_address))
            .with_state(self)
    }
}

async fn by_address(State(directory): State<Kazpost>, Path(text): Path<String>) -> Response {
    match directory.mode() {
        Mode::Ok => {}
        Mode::Down => return (StatusCode::SERVICE_UNAVAILABLE, "down").into_response(),
        Mode::Slow => tokio::time::sleep(Duration::from_secs(30)).await,
    }
    let mut data = vec![item("", "", None, "")];
    if text.contains("Бейбітшілік") {
        data.push(item(
            "M03A5B9",
            "Карагандинская область, г. Темиртау, проспект Бейбитшилик, 14/2",
            Some("Қарағанды облысы, Теміртау қаласы, Бейбітшілік даңғылы, 14/2"),
            "101400",
        ));
        data.push(item(
            "",
            "Карагандинская область, г. Темиртау, проспект Бейбитшилик",
            None,
            "101400",
        ));
    }
    if text.contains("Мәңгілік") {
        data.push(item(
            "Z05T3F8",
            "г. Астана, район Есиль, проспект Мәңгілік Ел, 20",
            Some("Астана қаласы, Есіл ауданы, Мәңгілік Ел даңғылы, 20"),
            "010000",
        ));
    }
    let total = data.len();
    Json(json!({ "data": data, "total": total, "from": 0 })).into_response()
}

fn item(postcode: &str, address_ru: &str, address_kk: Option<&str>, old: &str) -> Value {
    let mut item = json!({
        "postcode": postcode,
        "addressRus": address_ru,
        "fullAddress": { "oldPostcode": old },
    });
    if let Some(address_kk) = address_kk {
        item["addressKaz"] = address_kk.into();
    }
    item
}
