//! TLS of our own, for who runs no proxy: rustls on ring, 1.2 and 1.3, HTTP/2 and HTTP/1.1 by ALPN. Certificate and key are
//! read again when their files change, or when asked (SIGHUP): new connections see the new ones, connections that stand go
//! on. Files that give no pair keep the pair there was.

use super::config;
use super::world::sha256;
use crate::pki::{Certificate, Instant, Refusal};
use axum::serve::Listener;
use rustls::ServerConfig;
use rustls::crypto::ring::default_provider;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

/// How often the files are looked at.
const LOOK: Duration = Duration::from_secs(5);
/// Whoever takes longer is no browser.
const LONGEST_HANDSHAKE: Duration = Duration::from_secs(10);

/// Why there is no certificate to show.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    #[error("{} can't be read: {error}", .file.display())]
    Unreadable { file: PathBuf, error: io::Error },
    #[error("{} holds no certificate in PEM", .0.display())]
    NoCertificate(PathBuf),
    #[error("{} holds no private key in PEM", .0.display())]
    NoKey(PathBuf),
    #[error("certificate and key don't make a pair: {0}")]
    NoPair(rustls::Error),
    #[error("rustls: {0}")]
    Library(rustls::Error),
}

/// Certificate and key as they are in the files.
pub struct Pair {
    key: Arc<CertifiedKey>,
    /// SHA-256 of both files.
    files: [u8; 32],
}

impl Pair {
    /// # Errors
    /// [`TlsError`]
    pub fn read(settings: &config::Tls) -> Result<Self, TlsError> {
        let read = |file: &PathBuf| {
            std::fs::read(file).map_err(|error| TlsError::Unreadable {
                file: file.clone(),
                error,
            })
        };
        let (certificate, key) = (read(&settings.certificate)?, read(&settings.key)?);
        let files = sha256([sha256(&certificate), sha256(&key)].concat());
        let chain: Result<Vec<_>, pem::Error> = CertificateDer::pem_slice_iter(&certificate).collect();
        let chain = chain
            .ok()
            .filter(|chain| !chain.is_empty())
            .ok_or_else(|| TlsError::NoCertificate(settings.certificate.clone()))?;
        let key = PrivateKeyDer::from_pem_slice(&key).map_err(|_| TlsError::NoKey(settings.key.clone()))?;
        let key = CertifiedKey::from_der(chain, key, &default_provider()).map_err(TlsError::NoPair)?;
        Ok(Self {
            key: Arc::new(key),
            files,
        })
    }

    /// The last moment of the first certificate to end, of those shown.
    ///
    /// # Errors
    /// [`Refusal`]: one isn't read by us, though rustls takes it.
    pub fn ends(&self) -> Result<Instant, Refusal> {
        let mut ends = Vec::new();
        for certificate in &self.key.cert {
            ends.push(Certificate::from_der(certificate)?.not_after());
        }
        ends.into_iter()
            .min()
            .ok_or(Refusal::CertificateMalformed("none"))
    }
}

/// The pair that is shown now.
#[derive(Debug)]
struct Shown(RwLock<Arc<CertifiedKey>>);

impl ResolvesServerCert for Shown {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        // A change is one assignment.
        Some(self.0.read().unwrap_or_else(PoisonError::into_inner).clone())
    }
}

/// TLS as configured.
pub struct Tls {
    settings: config::Tls,
    shown: Arc<Shown>,
    /// What the files were when they were looked at last; `None` when they gave no pair.
    seen: Mutex<Option<[u8; 32]>>,
    acceptor: TlsAcceptor,
}

impl Tls {
    /// # Errors
    /// [`TlsError`]
    pub fn open(settings: &config::Tls) -> Result<Arc<Self>, TlsError> {
        let pair = Pair::read(settings)?;
        let shown = Arc::new(Shown(RwLock::new(pair.key)));
        let mut config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(TlsError::Library)?
            .with_no_client_auth()
            .with_cert_resolver(shown.clone());
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Arc::new(Self {
            settings: settings.clone(),
            shown,
            seen: Mutex::new(Some(pair.files)),
            acceptor: TlsAcceptor::from(Arc::new(config)),
        }))
    }

    /// Takes what the files hold now, if they give a pair and it is another one.
    pub fn reload(&self) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        match Pair::read(&self.settings) {
            Ok(pair) if *seen == Some(pair.files) => {}
            Ok(pair) => {
                *seen = Some(pair.files);
                *self.shown.0.write().unwrap_or_else(PoisonError::into_inner) = pair.key;
                tracing::info!("another certificate is shown from now on");
            }
            // Told once: it is looked at every few seconds.
            Err(error) if seen.is_some() => {
                *seen = None;
                tracing::error!(%error, "the certificate files give no pair: the one before is kept");
            }
            Err(_) => {}
        }
    }

    /// Connections to this certificate's holder.
    #[must_use]
    pub fn listener(&self, tcp: TcpListener, address: SocketAddr) -> Connections {
        Connections::new(tcp, address, self.acceptor.clone())
    }
}

/// Looks at the files until the server stops.
pub async fn keep_fresh(tls: Arc<Tls>, mut stopping: watch::Receiver<bool>) {
    loop {
        tokio::select! {
            () = tokio::time::sleep(LOOK) => tls.reload(),
            // An error means that the server is gone.
            _ = stopping.wait_for(|stop| *stop) => return,
        }
    }
}

/// Connections whose handshake is done. A handshake that hangs holds up nobody else.
pub struct Connections {
    ready: mpsc::Receiver<(TlsStream<TcpStream>, SocketAddr)>,
    address: SocketAddr,
    accepting: tokio::task::JoinHandle<()>,
}

impl Connections {
    #[must_use]
    pub fn new(mut tcp: TcpListener, address: SocketAddr, acceptor: TlsAcceptor) -> Self {
        let (done, ready) = mpsc::channel(64);
        let accepting = tokio::spawn(async move {
            loop {
                let (tcp, from) = Listener::accept(&mut tcp).await;
                let (acceptor, done) = (acceptor.clone(), done.clone());
                tokio::spawn(async move {
                    let handshake = tokio::time::timeout(LONGEST_HANDSHAKE, acceptor.accept(tcp));
                    // Who doesn't trust the certificate, or speaks no TLS, goes away: nothing to tell anybody.
                    if let Ok(Ok(tls)) = handshake.await {
                        let _ = done.send((tls, from)).await;
                    }
                });
            }
        });
        Self {
            ready,
            address,
            accepting,
        }
    }
}

impl Drop for Connections {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl Listener for Connections {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        match self.ready.recv().await {
            Some(connection) => connection,
            // The accepting task ends only together with this listener.
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        Ok(self.address)
    }
}
