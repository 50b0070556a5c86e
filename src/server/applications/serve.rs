//! `GET /documents/{application}/{name}`: for the owner alone the very bytes that are or were signed (`name` is the beginning
//! of their SHA-256), the receipt (`receipt.pdf`) and the bundle of evidence (`evidence.zip`). For anybody else there is no
//! such document.

use super::{EVIDENCE, RECEIPT};
use crate::api::{ApiError, Caller};
use crate::server::Core;
use crate::server::accounts::session;
use crate::server::questions::{RequestId, caller};
use crate::server::receipts;
use crate::server::signing::evidence;
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
        Ok(Served { file, kind, bytes }) => {
            // A number is digits and a hyphen.
            let file = HeaderValue::from_str(&file).unwrap_or(HeaderValue::from_static("inline"));
            let headers = [
                (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
                (header::CONTENT_DISPOSITION, file),
                (
                    header::CACHE_CONTROL,
                    HeaderValue::from_static("private, no-store"),
                ),
            ];
            (headers, bytes).into_response()
        }
        Err(ApiError::SignedOut) => StatusCode::UNAUTHORIZED.into_response(),
        Err(ApiError::NotFound) => StatusCode::NOT_FOUND.into_response(),
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

/// What is sent, and as what.
struct Served {
    /// Content-Disposition.
    file: String,
    kind: &'static str,
    bytes: Vec<u8>,
}

async fn bytes(core: &Core, caller: &Caller, application: &str, name: &str) -> Result<Served, ApiError> {
    let shown = |file: String, bytes| Served {
        file: format!("inline; filename=\"{file}.pdf\""),
        kind: "application/pdf",
        bytes,
    };
    if name == RECEIPT {
        let document = receipts::own(core, caller, application).await?;
        let file = format!("{}-receipt", document.content.number);
        return Ok(shown(file, receipts::pdf(core, caller, document).await?));
    }
    let session = session::require(core, caller).await?;
    if name == EVIDENCE {
        let (number, bytes) = evidence::bundle(core, &session.person_iin, application).await?;
        return Ok(Served {
            file: format!("attachment; filename=\"{number}-evidence.zip\""),
            kind: "application/zip",
            bytes,
        });
    }
    let start = name
        .strip_suffix(".pdf")
        .filter(|start| start.len() == 16 && start.bytes().all(|b| b.is_ascii_hexdigit()))
        .ok_or(ApiError::NotFound)?;
    let found = core
        .store
        .document_bytes(&session.person_iin, application, start)
        .await?;
    let (number, pdf) = found.ok_or(ApiError::NotFound)?;
    Ok(shown(number, pdf))
}
