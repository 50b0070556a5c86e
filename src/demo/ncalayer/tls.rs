//! The same socket over TLS. The real program brings a certificate of the national CA for 127.0.0.1; this one makes its own.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use tokio_rustls::server::TlsStream;

/// A key and a self-signed certificate for 127.0.0.1 and localhost.
pub struct Identity {
    certificate: CertificateDer<'static>,
    config: Arc<ServerConfig>,
}

impl Identity {
    /// # Errors
    /// When no key can be made.
    pub fn new() -> io::Result<Self> {
        let names = ["127.0.0.1".to_owned(), "localhost".to_owned()];
        let made = rcgen::generate_simple_self_signed(names).map_err(io::Error::other)?;
        let certificate = made.cert.der().clone();
        let key = PrivatePkcs8KeyDer::from(made.signing_key.serialize_der());
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .and_then(|builder| {
                builder
                    .with_no_client_auth()
                    .with_single_cert(vec![certificate.clone()], key.into())
            })
            .map_err(io::Error::other)?;
        Ok(Self {
            certificate,
            config: Arc::new(config),
        })
    }

    /// What a client has to trust, in DER.
    #[must_use]
    pub fn certificate(&self) -> &[u8] {
        &self.certificate
    }
}

/// Connections whose handshake is done. A handshake that hangs holds up nobody else.
pub(super) struct Listener {
    ready: mpsc::Receiver<(TlsStream<TcpStream>, SocketAddr)>,
    address: SocketAddr,
    accepting: tokio::task::JoinHandle<()>,
}

impl Listener {
    pub(super) fn new(mut tcp: TcpListener, identity: &Identity) -> io::Result<Self> {
        let address = tcp.local_addr()?;
        let acceptor = TlsAcceptor::from(Arc::clone(&identity.config));
        let (done, ready) = mpsc::channel(16);
        let accepting = tokio::spawn(async move {
            loop {
                let (tcp, from) = axum::serve::Listener::accept(&mut tcp).await;
                let (acceptor, done) = (acceptor.clone(), done.clone());
                tokio::spawn(async move {
                    // A browser that doesn't trust the certificate ends the handshake: nothing to tell anybody.
                    if let Ok(tls) = acceptor.accept(tcp).await {
                        let _ = done.send((tls, from)).await;
                    }
                });
            }
        });
        Ok(Self {
            ready,
            address,
            accepting,
        })
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl axum::serve::Listener for Listener {
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
