//! A balancer for tests: HTTP/1.1, each request to the next server in turn. A server that can't be connected to is passed
//! over; one that goes away in the middle of an answer is passed over for what may be asked twice, and told as 502 for the
//! rest. It adds whom it answers to `X-Forwarded-For`, as operators' proxies do.

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, Method, Response, StatusCode, Uri, header};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;

/// Answers until the test's runtime ends.
#[derive(Clone)]
pub struct Balancer {
    /// `http://127.0.0.1:…`
    pub url: String,
    shared: Arc<Shared>,
}

struct Shared {
    servers: Mutex<Vec<SocketAddr>>,
    turn: AtomicUsize,
    /// The path of each answer, and whose it is.
    answered: Mutex<Vec<(String, SocketAddr)>>,
    http: reqwest::Client,
}

/// What belongs to one connection.
const OF_CONNECTIONS: [header::HeaderName; 4] = [
    header::CONNECTION,
    header::TRANSFER_ENCODING,
    header::CONTENT_LENGTH,
    header::UPGRADE,
];

impl Balancer {
    /// Has an address at once; whom to ask is told later.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            // A kept connection might be one of a server that is gone.
            .pool_max_idle_per_host(0)
            .build()
            .unwrap();
        let shared = Arc::new(Shared {
            servers: Mutex::default(),
            turn: AtomicUsize::new(0),
            answered: Mutex::default(),
            http,
        });
        let app = Router::new().fallback(pass).with_state(shared.clone());
        let service = app.into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, service).await });
        Self { url, shared }
    }

    pub fn stands_before(&self, servers: Vec<SocketAddr>) {
        *self.shared.servers.lock().unwrap() = servers;
    }

    /// Who answered what since the last time this was asked.
    pub fn answered(&self) -> Vec<(String, SocketAddr)> {
        std::mem::take(&mut self.shared.answered.lock().unwrap())
    }
}

async fn pass(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    method: Method,
    uri: Uri,
    mut headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    for name in OF_CONNECTIONS {
        headers.remove(name);
    }
    headers.append("x-forwarded-for", peer.ip().to_string().parse().unwrap());
    let servers = shared.servers.lock().unwrap().clone();
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    for _ in 0..servers.len() {
        let server = servers[shared.turn.fetch_add(1, Ordering::SeqCst) % servers.len()];
        let asked = shared
            .http
            .request(method.clone(), format!("http://{server}{path}"))
            .headers(headers.clone())
            .body(body.clone())
            .send()
            .await;
        match whole(asked).await {
            Ok(answer) => {
                let mut answered = shared.answered.lock().unwrap();
                answered.push((uri.path().to_owned(), server));
                return answer;
            }
            Err(error) if error.is_connect() || method.is_idempotent() => {}
            Err(_) => break,
        }
    }
    let mut none = Response::new(Body::from("no server"));
    *none.status_mut() = StatusCode::BAD_GATEWAY;
    none
}

/// The answer to its end: one that breaks off is none.
async fn whole(asked: reqwest::Result<reqwest::Response>) -> reqwest::Result<Response<Body>> {
    let mut answer = asked?;
    let (status, mut headers) = (answer.status(), std::mem::take(answer.headers_mut()));
    for name in OF_CONNECTIONS {
        headers.remove(name);
    }
    let mut whole = Response::new(Body::from(answer.bytes().await?));
    *whole.status_mut() = status;
    *whole.headers_mut() = headers;
    Ok(whole)
}
