//! Whether a certificate that passed every other check was revoked. Asked at sign-in and at signing; each decides for
//! itself what to do when that can't be told. [`National`] asks the configured OCSP responder, then the lists at hand.

mod national;

pub use national::National;
pub(super) use national::OverHttp;

use super::Core;
use crate::domain::time::Timestamp;
use crate::pki::Chain;
use async_trait::async_trait;
use std::sync::Arc;
use std::time::Duration;

/// How often is looked for lists that are due.
const REFRESH_EVERY: Duration = Duration::from_secs(60);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Revocation {
    Good,
    Revoked,
    /// Neither OCSP nor a fresh list could be had.
    Unknown,
}

/// What an answer rested on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// `ocsp`, `ocsp_nonce` or `crl`.
    pub kind: &'static str,
    /// The response or the list in DER; the nonce as sent.
    pub content: Vec<u8>,
}

/// An answer with what it rested on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    pub revocation: Revocation,
    pub evidence: Vec<Evidence>,
}

#[async_trait]
pub trait RevocationCheck: Send + Sync {
    /// Whether the certificate was good at `as_of`: now, or when a document's signature arrived.
    async fn ask(&self, chain: &Chain, as_of: Timestamp) -> Asked;

    async fn check(&self, chain: &Chain, as_of: Timestamp) -> Revocation {
        self.ask(chain, as_of).await.revocation
    }

    /// Fetches the lists that are due.
    async fn refresh(&self) {}
}

/// Keeps the lists fresh until the server stops.
pub async fn keep_fresh(core: Arc<Core>) {
    let mut stopping = core.stopping.clone();
    let work = async {
        loop {
            core.revocation.refresh().await;
            tokio::time::sleep(REFRESH_EVERY).await;
        }
    };
    tokio::select! {
        () = work => {}
        // An error means that the server is gone.
        _ = stopping.wait_for(|stop| *stop) => {}
    }
}
