//! The same socket over TLS. The real program brings a certificate of the national CA for 127.0.0.1; this one makes its own.

use crate::server::tls::Connections;
use std::io;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};

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

/// Connections to the one who holds this identity.
pub(super) fn listener(tcp: TcpListener, identity: &Identity) -> io::Result<Connections> {
    let address = tcp.local_addr()?;
    let acceptor = TlsAcceptor::from(Arc::clone(&identity.config));
    Ok(Connections::new(tcp, address, acceptor))
}
