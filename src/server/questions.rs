//! Answers `POST /api/…`: judges where the question comes from and its shape, tells the services who asks, runs the server
//! function, and puts the status, the cookies and the reference of an error on the answer. Leptos alone would answer every
//! error with 500, take any origin and any shape.

use super::config::Config;
use super::cookies::Cookie;
use super::same_origin::{self, Fault};
use super::{Core, shell, traces};
use crate::api::{ApiError, Caller, Services};
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER, SET_COOKIE, USER_AGENT};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use serde::de::IgnoredAny;
use std::collections::BTreeSet;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tracing::Instrument as _;

/// A signed form with its PDF in base64 is the largest question.
pub const LARGEST_QUESTION: usize = 2 << 20;
/// Longer than the longest poll.
const LONGEST_ANSWER: Duration = Duration::from_secs(30);
const LONGEST_USER_AGENT: usize = 200;

/// What answering needs.
pub struct Questions {
    core: Arc<Core>,
    services: Services,
    paths: BTreeSet<&'static str>,
    origin: String,
}

/// Of this request, made when it arrived.
#[derive(Clone)]
pub struct RequestId(pub String);

/// Every question is exactly `{"input": …}`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Shape {
    #[expect(dead_code, reason = "read again, into its type, by the server function")]
    input: IgnoredAny,
}

impl Questions {
    #[must_use]
    pub fn new(core: Arc<Core>, services: Services) -> Self {
        Self {
            origin: core.config.origin().unwrap_or_default(),
            paths: leptos::server_fn::axum::server_fn_paths()
                .map(|(path, _)| path)
                .collect(),
            services,
            core,
        }
    }

    /// The path of a server function, out of the program's own list.
    #[must_use]
    pub fn known(&self, path: &str) -> Option<&'static str> {
        self.paths.get(path).copied()
    }

    /// The answer, always JSON: of the function, or an [`ApiError`].
    pub async fn answer(&self, peer: SocketAddr, request: Request) -> Response {
        let (parts, body) = request.into_parts();
        // A page of another build may ask what this one doesn't know: that isn't a thing that can't be found.
        if !self.paths.contains(parts.uri.path()) {
            return refuse(&ApiError::Malformed, Some(StatusCode::NOT_FOUND));
        }
        if parts.method != Method::POST {
            return refuse(&ApiError::Malformed, Some(StatusCode::METHOD_NOT_ALLOWED));
        }
        match same_origin::judge(&parts.headers, &self.origin) {
            Ok(()) => {}
            Err(Fault::CrossSite) => return refuse(&ApiError::CrossSite, None),
            Err(Fault::NotJson) => {
                return refuse(&ApiError::Malformed, Some(StatusCode::UNSUPPORTED_MEDIA_TYPE));
            }
        }
        let request_id = parts
            .extensions
            .get::<RequestId>()
            .map_or_else(String::new, |id| id.0.clone());
        let caller = caller(&self.core.config, peer.ip(), &parts.headers, request_id.clone());
        let services = self.services.clone();
        let told = caller.clone();
        let work = async move {
            let body = match read(body).await {
                Ok(body) => body,
                Err(status) => return refuse(&ApiError::Malformed, Some(status)),
            };
            if serde_json::from_slice::<Shape>(&body).is_err() {
                return refuse(&ApiError::Malformed, None);
            }
            let provide = move || {
                leptos::prelude::provide_context(services.clone());
                leptos::prelude::provide_context(told.clone());
            };
            let request = Request::from_parts(parts, Body::from(body));
            let answer = leptos_axum::handle_server_fns_with_context(provide, request).await;
            with_status(answer.into_response()).await
        };
        // A task of its own: a browser that goes away doesn't stop what was begun, and a panic ends this answer alone.
        let mut task = tokio::spawn(traces::carried(work).instrument(tracing::Span::current()));
        let mut response = match tokio::time::timeout(LONGEST_ANSWER, &mut task).await {
            Ok(Ok(response)) => response,
            Ok(Err(broken)) => {
                tracing::error!(panicked = broken.is_panic(), "a question broke off");
                let reference = request_id;
                refuse(&ApiError::Internal { reference }, None)
            }
            Err(_) => {
                task.abort();
                tracing::error!("a question took too long");
                refuse(&ApiError::Unavailable, None)
            }
        };
        for cookie in caller.take_cookies() {
            match HeaderValue::from_str(&cookie) {
                Ok(value) => {
                    response.headers_mut().append(SET_COOKIE, value);
                }
                Err(_) => tracing::error!("a cookie isn't a header's value"),
            }
        }
        response
    }
}

/// Who asks, as far as the request tells.
pub fn caller(config: &Config, peer: IpAddr, headers: &HeaderMap, request_id: String) -> Caller {
    let address = client_address(peer, headers, config.proxies);
    let mut caller = Caller::new(address, shell::language(headers), request_id);
    caller.session = Cookie::Session.read(config, headers);
    caller.pre_login = Cookie::PreLogin.read(config, headers);
    caller.opening = Cookie::Opening.read(config, headers);
    caller.second_step = Cookie::SecondStep.read(config, headers);
    caller.remembered = Cookie::Remembered.read(config, headers);
    caller.device = Cookie::Device.read(config, headers);
    caller.user_agent = headers
        .get(USER_AGENT)
        .map(|value| String::from_utf8_lossy(value.as_bytes()))
        .unwrap_or_default()
        .chars()
        .filter(|c| !c.is_control())
        .take(LONGEST_USER_AGENT)
        .collect();
    caller
}

async fn read(body: Body) -> Result<Bytes, StatusCode> {
    use std::error::Error as _;
    axum::body::to_bytes(body, LARGEST_QUESTION)
        .await
        .map_err(|error| {
            // The limit is told by its type inside; anything else is a connection that broke.
            let too_large = error
                .source()
                .is_some_and(|source| source.to_string().contains("length limit"));
            match too_large {
                true => StatusCode::PAYLOAD_TOO_LARGE,
                false => StatusCode::BAD_REQUEST,
            }
        })
}

/// An error as the page reads it.
pub fn refuse(error: &ApiError, status: Option<StatusCode>) -> Response {
    let status = status
        .or_else(|| StatusCode::from_u16(error.status()).ok())
        .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (status, axum::Json(error)).into_response();
    if let ApiError::TooMany { retry_after_seconds } = error {
        response
            .headers_mut()
            .insert(RETRY_AFTER, HeaderValue::from(*retry_after_seconds));
    }
    response
}

/// A failed function's answer, with the status of its error.
async fn with_status(response: Response) -> Response {
    if response.status() != StatusCode::INTERNAL_SERVER_ERROR {
        let (mut parts, body) = response.into_parts();
        if parts.status == StatusCode::OK {
            parts
                .headers
                .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        return Response::from_parts(parts, body);
    }
    let body = axum::body::to_bytes(response.into_body(), LARGEST_QUESTION).await;
    let error = body
        .ok()
        .and_then(|body| serde_json::from_slice(&body).ok())
        .unwrap_or(ApiError::Unavailable);
    refuse(&error, None)
}

/// Each proxy adds the address it was called from at the end of `X-Forwarded-For`; only as many entries as there are
/// proxies of ours are believed, whatever the caller wrote before them.
pub fn client_address(peer: IpAddr, headers: &HeaderMap, proxies: u8) -> IpAddr {
    if proxies == 0 {
        return peer;
    }
    let entries: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .collect();
    entries
        .len()
        .checked_sub(usize::from(proxies))
        .and_then(|place| entries.get(place))
        .and_then(|entry| entry.parse().ok())
        .unwrap_or(peer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t37_only_the_configured_proxies_are_believed() {
        let mut headers = HeaderMap::new();
        headers.append("x-forwarded-for", HeaderValue::from_static("1.1.1.1, 2.2.2.2"));
        headers.append("x-forwarded-for", HeaderValue::from_static("3.3.3.3"));
        let peer: IpAddr = "9.9.9.9".parse().unwrap();
        let client = |proxies| client_address(peer, &headers, proxies).to_string();
        assert_eq!(client(0), "9.9.9.9");
        assert_eq!(client(1), "3.3.3.3");
        assert_eq!(client(2), "2.2.2.2");
        assert_eq!(
            client(4),
            "9.9.9.9",
            "fewer entries than proxies: the header isn't ours"
        );
    }
}
