//! Answers what comes in at one address until the server stops, and then what was asked before. `axum::serve` does so too,
//! but lets a caller take all the time there is over the head of a request.

use super::tls::Connections;
use axum::Router;
use axum::serve::Listener;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::service::TowerToHyperService;
use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tower::Service as _;

/// For the head of a request, and between two requests of one connection.
const LONGEST_SILENCE: Duration = Duration::from_secs(30);
/// Of one connection over HTTP/2: a page asks for a dozen things at once.
const MOST_AT_ONCE: u32 = 100;

/// What a connection speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    One,
    Two,
    /// The first bytes tell.
    Either,
}

/// A listener whose connections may have agreed on a version.
pub trait Agreeing: Listener<Addr = SocketAddr, Io: AsyncRead + AsyncWrite> {
    fn agreed(connection: &Self::Io) -> Version;
}

impl Agreeing for TcpListener {
    fn agreed(_: &Self::Io) -> Version {
        Version::Either
    }
}

impl Agreeing for Connections {
    fn agreed(connection: &Self::Io) -> Version {
        match connection.get_ref().1.alpn_protocol() {
            Some(b"h2") => Version::Two,
            _ => Version::One,
        }
    }
}

fn speaker() -> Builder<TokioExecutor> {
    let mut http = Builder::new(TokioExecutor::new());
    http.http1()
        .timer(TokioTimer::new())
        .header_read_timeout(LONGEST_SILENCE);
    http.http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(LONGEST_SILENCE)
        .keep_alive_timeout(LONGEST_SILENCE)
        .max_concurrent_streams(MOST_AT_ONCE);
    http
}

/// Returns when the last connection has ended.
pub async fn answer<L: Agreeing>(mut listener: L, app: Router, stopping: watch::Receiver<bool>) {
    let (one, two, either) = (speaker().http1_only(), speaker().http2_only(), speaker());
    let mut to_whom = app.into_make_service_with_connect_info::<SocketAddr>();
    let mut stop = stopping.clone();
    let mut open = JoinSet::new();
    loop {
        let (connection, peer) = tokio::select! {
            accepted = listener.accept() => accepted,
            Some(_) = open.join_next() => continue,
            // An error means the sender is gone, and with it the server.
            _ = stop.wait_for(|stop| *stop) => break,
        };
        let Ok(service) = to_whom.call(peer).await;
        let http = match L::agreed(&connection) {
            Version::One => one.clone(),
            Version::Two => two.clone(),
            Version::Either => either.clone(),
        };
        let mut stop = stopping.clone();
        open.spawn(async move {
            let service = TowerToHyperService::new(service);
            let mut talk = pin!(http.serve_connection(TokioIo::new(connection), service));
            // How a connection ends is the caller's matter.
            tokio::select! {
                _ = talk.as_mut() => {}
                () = async { drop(stop.wait_for(|stop| *stop).await) } => {
                    talk.as_mut().graceful_shutdown();
                    let _ = talk.await;
                }
            }
        });
    }
    drop(listener);
    while open.join_next().await.is_some() {}
}
