//! Which address leads where, and what stands around every answer: an id and a line in the log, the headers, and an answer
//! even to a panic. Order: rooms' own addresses, the API, the page's files, the page.

use super::config::Config;
use super::questions::{LARGEST_QUESTION, Questions, RequestId};
use super::shell::Shells;
use super::signing::{self, egov_mobile};
use super::static_files::{self, Content, StaticFiles};
use super::traces::{self, Kind, Told};
use super::{Core, StartError, applications, headers, health, receipts, security_txt, services};
use crate::api::ApiError;
use crate::api::checks::BUNDLE_PATH;
use axum::body::Bytes;
use axum::extract::{ConnectInfo, DefaultBodyLimit, MatchedPath, Request, State};
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{any, get};
use axum::{Router, http};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;
use tower_http::catch_panic::CatchPanicLayer;
use tracing::Instrument as _;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// The browser of the person who signed out keeps nothing of ours. Not `cache`: answers are `no-store` anyway, and emptying
/// it keeps the person waiting for seconds.
const CLEAR_SITE_DATA: (HeaderName, HeaderValue) = (
    HeaderName::from_static("clear-site-data"),
    HeaderValue::from_static("\"storage\""),
);

/// The whole application.
///
/// # Errors
/// [`StartError::Page`].
pub fn build(core: &Arc<Core>) -> Result<Router, StartError> {
    let page = Arc::new(Page::open(core)?);
    let questions = Arc::new(Questions::new(core.clone(), services(core)));
    let around_each = Around {
        core: core.clone(),
        questions: questions.clone(),
        build: page.build.clone(),
    };
    let answering = questions.clone();
    let answer = move |ConnectInfo(peer): ConnectInfo<SocketAddr>, request: Request| {
        let questions = answering.clone();
        async move { questions.answer(peer, request).await }
    };
    let app = Router::new()
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready).with_state(core.clone()))
        .route(
            security_txt::PATH,
            get(security_txt::serve).with_state(core.clone()),
        )
        .route(
            "/.well-known/change-password",
            get(|| async { Redirect::to("/settings") }),
        )
        .route("/api", any(answer.clone()))
        .route("/api/", any(answer.clone()))
        .route(UNKNOWN_QUESTION, any(answer))
        .merge(rooms(core))
        .fallback(move |request: Request| {
            let page = page.clone();
            async move { page.respond(&request) }
        })
        .layer(DefaultBodyLimit::max(LARGEST_QUESTION))
        .layer(CatchPanicLayer::custom(|_| {
            super::questions::refuse(&ApiError::Unavailable, Some(StatusCode::INTERNAL_SERVER_ERROR))
        }))
        .layer(middleware::from_fn_with_state(around_each, around));
    Ok(app)
}

/// The addresses that rooms answer themselves (documents, eGov Mobile), one line each.
fn rooms(core: &Arc<Core>) -> Router {
    Router::new()
        .merge(applications::router(core.clone()))
        .merge(receipts::router(core.clone()))
        .merge(egov_mobile::routes::router(signing::phones(core)))
}

/// The addresses of this router, as they are told in log, metrics and traces.
const TEMPLATES: [&str; 10] = [
    "/healthz",
    "/readyz",
    security_txt::PATH,
    "/.well-known/change-password",
    "/api",
    "/api/",
    BUNDLE_PATH,
    "/documents/{application}/{name}",
    "/s/{link}/mgovSign",
    "/d/{document}/mgovSign",
];
/// What no server function answers to.
const UNKNOWN_QUESTION: &str = "/api/{*question}";

/// Addresses may hold secrets (of a signing session, say): what is told of one is the template it fits, a text of this
/// program, whatever was asked.
fn template(request: &Request, questions: &Questions) -> &'static str {
    let Some(matched) = request.extensions().get::<MatchedPath>() else {
        return "page";
    };
    if matched.as_str() == UNKNOWN_QUESTION {
        return questions.known(request.uri().path()).unwrap_or(UNKNOWN_QUESTION);
    }
    let known = TEMPLATES.into_iter().find(|known| *known == matched.as_str());
    known.unwrap_or("other")
}

/// Methods by their names; callers may invent others.
fn method_name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

fn class(status: StatusCode) -> &'static str {
    match status.as_u16() {
        100..200 => "1xx",
        200..300 => "2xx",
        300..400 => "3xx",
        400..500 => "4xx",
        _ => "5xx",
    }
}

/// What stands around every answer has in hand.
#[derive(Clone)]
struct Around {
    core: Arc<Core>,
    questions: Arc<Questions>,
    build: HeaderValue,
}

async fn around(
    State(Around {
        core,
        questions,
        build,
    }): State<Around>,
    mut request: Request,
    next: Next,
) -> Response {
    let id = core.world.id();
    request.extensions_mut().insert(RequestId(id.clone()));
    let method = method_name(request.method());
    let route = template(&request, &questions);
    let signs_out = route == "/api/accounts/sign_out";
    let span = tracing::info_span!("request", id = %id);
    // Balancers ask for these every second.
    let traced = match route {
        "/healthz" | "/readyz" => None,
        _ => core.traces.begin(Kind::Server),
    };
    let begun = Instant::now();
    let answered = traces::within(traced.as_ref(), next.run(request));
    let mut response = answered.instrument(span.clone()).await;
    let status = response.status();
    if let Some(traced) = traced {
        let facts = vec![
            ("http.request.method", Told::Word(method)),
            ("http.route", Told::Word(route)),
            ("http.response.status_code", Told::Number(status.as_u16())),
            ("cabinet.request_id", Told::RequestId(id.clone())),
        ];
        traced.end([method, route], facts, status.is_server_error());
    }
    let took = begun.elapsed();
    let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    core.metrics
        .requests
        .observe([route, method, class(status)], took);
    span.in_scope(|| match status.is_server_error() {
        true => tracing::warn!(%method, ?route, status = status.as_u16(), ms, "answered"),
        false => tracing::info!(%method, ?route, status = status.as_u16(), ms, "answered"),
    });
    if signs_out && status == StatusCode::OK {
        let (name, value) = CLEAR_SITE_DATA;
        response.headers_mut().insert(name, value);
    }
    headers::put(response.headers_mut(), &core.config);
    response.headers_mut().insert(headers::BUILD, build);
    // An id is base64url.
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

/// The page: its files and its shells.
struct Page {
    files: StaticFiles,
    shells: Shells,
    build: HeaderValue,
    core: Arc<Core>,
}

impl Page {
    fn open(core: &Arc<Core>) -> Result<Self, StartError> {
        let (folder, files) = page_files(&core.config)?;
        let mut contents = static_files::pair(files);
        let unfit = |why| StartError::Page {
            folder: folder.clone(),
            why,
        };
        let shells = Shells::take(&mut contents, &core.config).map_err(unfit)?;
        let build = take_build(&mut contents).map_err(unfit)?;
        if let Some(folder) = &core.config.assets_dir {
            core.other_builds
                .look(folder)
                .map_err(|error| unreadable(folder, &error))?;
        }
        tracing::info!(?build, "page");
        Ok(Self {
            files: StaticFiles::new(contents),
            shells,
            build,
            core: core.clone(),
        })
    }

    fn respond(&self, request: &Request) -> Response {
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            return (
                StatusCode::METHOD_NOT_ALLOWED,
                [(http::header::ALLOW, "GET, HEAD")],
            )
                .into_response();
        }
        let path = request.uri().path();
        let of_ours = self.files.respond(path, request.headers());
        if let Some(file) = of_ours.or_else(|| self.core.other_builds.respond(path, request.headers())) {
            return file;
        }
        // Never HTML for a file that isn't there: a browser would take it for the script it asked for.
        if path.rsplit('/').next().is_some_and(|name| name.contains('.')) {
            return (StatusCode::NOT_FOUND, "not found\n").into_response();
        }
        let core = &self.core;
        let mut shell = self
            .shells
            .respond(request.uri(), request.headers(), &core.config);
        let works = core
            .works
            .cookie(request.headers(), core.world.now(), core.config.is_https());
        if let Some(cookie) = works {
            shell.headers_mut().append(SET_COOKIE, cookie);
        }
        shell
    }
}

/// The build that `hooks/name-build.mjs` has written beside the shells, which tell the page the same.
fn take_build(files: &mut BTreeMap<String, Content>) -> Result<HeaderValue, String> {
    let content = files
        .remove(BUILD_FILE)
        .ok_or_else(|| format!("{BUILD_FILE} is missing; has the page been built?"))?;
    let build = content.text().map(str::trim).unwrap_or_default();
    let fits = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
    match HeaderValue::from_str(build) {
        Ok(value) if !build.is_empty() && build.bytes().all(fits) => Ok(value),
        _ => Err(format!("{BUILD_FILE} names no build")),
    }
}

const BUILD_FILE: &str = "build.txt";

fn unreadable(folder: &Path, error: &std::io::Error) -> StartError {
    StartError::Page {
        folder: folder.to_owned(),
        why: error.to_string(),
    }
}

/// Where the page's files come from, and each with its path.
type PageFiles = (PathBuf, Vec<(String, Bytes)>);

/// The files of `page_dir`, or those inside the program.
///
/// # Errors
/// [`StartError::Page`].
pub fn page_files(config: &Config) -> Result<PageFiles, StartError> {
    match &config.page_dir {
        Some(folder) => {
            let files = static_files::read_folder(folder).map_err(|error| unreadable(folder, &error))?;
            Ok((folder.clone(), files))
        }
        None => embedded(),
    }
}

#[cfg(feature = "embed")]
fn embedded() -> Result<PageFiles, StartError> {
    #[derive(rust_embed::Embed)]
    #[folder = "dist"]
    struct Built;

    let files = Built::iter()
        .filter_map(|name| {
            Some((
                name.to_string(),
                Bytes::from(Built::get(&name)?.data.into_owned()),
            ))
        })
        .collect();
    Ok((PathBuf::from("(this program)"), files))
}

#[cfg(not(feature = "embed"))]
fn embedded() -> Result<PageFiles, StartError> {
    // The configuration was checked: without the page inside, a folder is named.
    Err(StartError::Page {
        folder: PathBuf::new(),
        why: "no folder is named".to_owned(),
    })
}
