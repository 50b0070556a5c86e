//! Receipts: the code each bears, the PDF, and the public check by that code or by the bundle of evidence. A code has 128
//! bits and comes from the application's id and a key in the server's files; it stands in the QR's link behind `#`, so
//! that it reaches no log. Whoever has neither learns nothing: one answer for every unknown code and every false bundle.

use super::Core;
use super::accounts::session;
use super::document::receipt::{self, Receipt};
use super::questions::{RequestId, caller, refuse};
use super::same_origin::{self, Fault};
use super::store::applications::{Document, Found, hex};
use super::suspensions::admit;
use super::world::sha256;
use crate::api::checks::{BUNDLE_PATH, CheckAnswer, Checks, Genuine, LARGEST_BUNDLE, ReceiptCode};
use crate::api::{ApiError, Caller};
use crate::pki::evidence;
use async_trait::async_trait;
use axum::body::Body;
use axum::extract::{ConnectInfo, Extension, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use axum::{Json, Router};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Crockford's base 32: no letter looks like a digit.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// 128 bits in digits of five.
const DIGITS: usize = 26;
/// So many bundles are looked at at once: each may fill [`LARGEST_BUNDLE`] twice.
const BUNDLES_AT_ONCE: usize = 2;

/// The code of an application's receipt, 26 digits of base 32.
#[must_use]
pub fn code(core: &Core, application: &str) -> String {
    // HMAC takes a key of any length.
    let mut mac = Hmac::<Sha256>::new_from_slice(&core.keys.receipts).expect("any length of key is fine");
    mac.update(b"receipt of ");
    mac.update(application.as_bytes());
    let bytes = mac.finalize().into_bytes();
    let mut number = bytes
        .iter()
        .take(16)
        .fold(0_u128, |number, byte| number << 8 | u128::from(*byte));
    let mut digits = [0_u8; DIGITS];
    for digit in digits.iter_mut().rev() {
        *digit = ALPHABET[(number & 31) as usize];
        number >>= 5;
    }
    digits.iter().copied().map(char::from).collect()
}

/// The code in groups, as it is printed.
fn printed(code: &str) -> String {
    let mut grouped = String::with_capacity(code.len() + 6);
    for (index, digit) in code.chars().enumerate() {
        // Two groups of five at the ends of four of four: 5-4-4-4-4-5.
        if matches!(index, 5 | 9 | 13 | 17 | 21) {
            grouped.push('-');
        }
        grouped.push(digit);
    }
    grouped
}

/// The code out of what was typed or scanned. `None` when it can't be one.
fn typed(text: &str) -> Option<String> {
    let mut digits = String::with_capacity(DIGITS);
    for c in text.chars().filter(|c| *c != '-' && !c.is_whitespace()) {
        let digit = match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        };
        if !digit.is_ascii() || !ALPHABET.contains(&(digit as u8)) || digits.len() == DIGITS {
            return None;
        }
        digits.push(digit);
    }
    (digits.len() == DIGITS).then_some(digits)
}

/// The receipt of a signed application as PDF; its code can be checked from now on.
///
/// # Errors
/// `NotFound` for an application that wasn't signed; `Unavailable`; `Internal` when it can't be made.
pub async fn pdf(core: &Core, caller: &Caller, document: Document) -> Result<Vec<u8>, ApiError> {
    let Some(signed) = document.signed.clone() else {
        return Err(ApiError::NotFound);
    };
    let code = code(core, &document.application);
    core.store
        .put_receipt(&document.application, &sha256(&code))
        .await?;
    let page = format!("{}/check", core.config.public_url.trim_end_matches('/'));
    let rendered = tokio::task::spawn_blocking(move || {
        let content = &document.content;
        receipt::render(&Receipt {
            number: &content.number,
            lang: content.lang,
            full_name: content.person.full_name(),
            iin_masked: document.iin.masked(),
            changes: &content.changes,
            state: document.state,
            state_at: document.state_at,
            signed_at: signed.at,
            way: signed.way,
            certificate: &signed.certificate.serial,
            issuer: signed.certificate.issuer.as_deref().unwrap_or_default(),
            sha256: &hex(&document.sha256),
            check_page: &page,
            code: &printed(&code),
            check_link: &format!("{page}#{code}"),
        })
    })
    .await;
    match rendered {
        Ok(Ok(rendered)) => Ok(rendered.pdf),
        Ok(Err(error)) => Err(super::applications::internal(caller, &error.to_string())),
        Err(_) => Err(super::applications::internal(caller, "rendering ended")),
    }
}

pub struct ChecksService {
    core: Arc<Core>,
}

impl ChecksService {
    #[must_use]
    pub fn new(core: Arc<Core>) -> Self {
        Self { core }
    }
}

#[async_trait]
impl Checks for ChecksService {
    async fn code(&self, caller: &Caller, input: ReceiptCode) -> Result<CheckAnswer, ApiError> {
        admit(&self.core, caller).await?;
        // What can't be a code is looked for all the same: the answer takes its time either way.
        let code = typed(&input.code).unwrap_or_default();
        let found = self.core.store.by_receipt(&sha256(code)).await?;
        Ok(told(found))
    }
}

fn told(found: Option<Found>) -> CheckAnswer {
    CheckAnswer {
        genuine: found.map(|found| Genuine {
            number: found.number,
            state: found.state,
            signed_at: found.signed_at,
            state_at: found.state_at,
            sha256: hex(&found.document_sha256),
        }),
    }
}

/// The route of bundles.
pub fn router(core: Arc<Core>) -> Router {
    let bundles = Arc::new(Bundles {
        core,
        looking: Semaphore::new(BUNDLES_AT_ONCE),
    });
    Router::new().route(BUNDLE_PATH, post(bundle)).with_state(bundles)
}

struct Bundles {
    core: Arc<Core>,
    looking: Semaphore,
}

/// `POST /check/bundle`: the archive itself, so that a large one isn't a third larger in base64.
async fn bundle(
    State(bundles): State<Arc<Bundles>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Extension(RequestId(request_id)): Extension<RequestId>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let core = &bundles.core;
    let origin = core.config.origin().unwrap_or_default();
    if same_origin::judge(&headers, &origin) == Err(Fault::CrossSite) {
        return refuse(&ApiError::CrossSite, None);
    }
    let is_zip = headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind == "application/zip");
    if !is_zip {
        return refuse(&ApiError::Malformed, Some(StatusCode::UNSUPPORTED_MEDIA_TYPE));
    }
    let caller = caller(&core.config, peer.ip(), &headers, request_id);
    if let Err(error) = admit(core, &caller).await {
        return refuse(&error, None);
    }
    // Before the body is read: those who wait hold nothing.
    let Ok(_permit) = bundles.looking.acquire().await else {
        return refuse(&ApiError::Unavailable, None);
    };
    let Ok(archive) = axum::body::to_bytes(body, LARGEST_BUNDLE).await else {
        return refuse(&ApiError::Malformed, Some(StatusCode::PAYLOAD_TOO_LARGE));
    };
    let anchors = core.anchors.clone();
    let looked = tokio::task::spawn_blocking(move || {
        evidence::reverify(&archive, Some(&anchors), &|_| None).map_err(|error| error.code())
    })
    .await;
    let found = match looked {
        Ok(Ok(again)) if again.verdict.is_ok() => {
            match (digest(&again.document_sha256), digest(&again.signature_sha256)) {
                (Some(document), Some(signature)) => core.store.by_signature(&document, &signature).await,
                _ => Ok(None),
            }
        }
        Ok(Ok(_)) => Ok(None),
        Ok(Err(why)) => {
            tracing::info!(why, "a bundle isn't genuine");
            Ok(None)
        }
        Err(_) => {
            tracing::error!("the verifier ended");
            return refuse(&ApiError::Unavailable, None);
        }
    };
    match found {
        Ok(found) => Json(told(found)).into_response(),
        Err(error) => refuse(&error.into(), None),
    }
}

/// 64 hexadecimal digits as bytes.
fn digest(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    (text.len() == 64).then_some(bytes)
}

/// The caller's own application.
///
/// # Errors
/// `SignedOut`, `NotFound`, `Unavailable`.
pub async fn own(core: &Core, caller: &Caller, application: &str) -> Result<Document, ApiError> {
    let session = session::require(core, caller).await?;
    core.store
        .document(&session.person_iin, application)
        .await?
        .ok_or(ApiError::NotFound)
}

#[cfg(test)]
mod tests;
