//! `GET /healthz`: the program runs. `GET /readyz`: it can do its work; a balancer sends nobody here before.

use super::{Core, VERSION};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::{Value, json};
use std::sync::Arc;

pub async fn alive() -> &'static str {
    "ok\n"
}

pub async fn ready(State(core): State<Arc<Core>>) -> (StatusCode, Json<Value>) {
    let stopping = *core.stopping.borrow();
    let database = core.store.is_ready().await;
    if let Err(error) = &database {
        tracing::error!(%error, "not ready");
    }
    let ready = !stopping && database.is_ok();
    let status = match ready {
        true => StatusCode::OK,
        false => StatusCode::SERVICE_UNAVAILABLE,
    };
    let database = if database.is_ok() { "ok" } else { "unavailable" };
    let answer = json!({ "ready": ready, "stopping": stopping, "database": database, "version": VERSION });
    (status, Json(answer))
}
