//! `GET /documents/{application}/{beginning of the SHA-256}.pdf`: the very bytes that are or were signed, for their owner
//! alone. For anybody else there is no such document.

use crate::api::{ApiError, Caller};
use crate::server::Core;
use crate::server::accounts::session;
use crate::server::questions::{RequestId, caller};
use axum::Router;
use axum::extract::{ConnectInfo, Extension, Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use std::net::SocketAddr;
use std::sync::Arc;

/// The route.
pub fn router(core: Arc<Core>) -> Router {
    Router::new()
        .route("/documents/{application}/{name}", get(document))
        .with_state(core)
}

async fn document(
    State(core): State<Arc<Core>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Extension(RequestId(request_id)): Extension<RequestId>,
    headers: HeaderMap,
    Path((application, name)): Path<(String, String)>,
) -> Response {
    let caller = caller(&core.config, peer.ip(), &headers, request_id);
    match bytes(&core, &caller, &application, &name).await {
        Ok((number, pdf)) => {
            let file = format!("inline; filename=\"{number}.pdf\"");
            // A number is digits and a hyphen.
            let file = HeaderValue::from_str(&file).unwrap_or(HeaderValue::from_static("inline"));
            let headers = [
                (header::CONTENT_TYPE, HeaderValue::from_static("application/pdf")),
                (header::CONTENT_DISPOSITION, file),
                (
                    header::CACHE_CONTROL,
                    HeaderValue::from_static("private, no-store"),
                ),
            ];
            (headers, pdf).into_response()
        }
        Err(ApiError::SignedOut) => StatusCode::UNAUTHORIZED.into_response(),
        Err(ApiError::NotFound) => StatusCode::NOT_FOUND.into_response(),
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

async fn bytes(
    core: &Core,
    caller: &Caller,
    application: &str,
    name: &str,
) -> Result<(String, Vec<u8>), ApiError> {
    let session = session::require(core, caller).await?;
    let start = name
        .strip_suffix(".pdf")
        .filter(|start| start.len() == 16 && start.bytes().all(|b| b.is_ascii_hexdigit()))
        .ok_or(ApiError::NotFound)?;
    core.store
        .document_bytes(&session.person_iin, application, start)
        .await?
        .ok_or(ApiError::NotFound)
}
