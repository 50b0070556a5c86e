//! Whether a certificate that passed every other check was revoked. Asked at sign-in and at signing; each decides for
//! itself what to do when that can't be told.

use crate::domain::time::Timestamp;
use crate::pki::Chain;
use async_trait::async_trait;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Revocation {
    Good,
    Revoked,
    /// Neither OCSP nor a fresh list could be had.
    Unknown,
}

#[async_trait]
pub trait RevocationCheck: Send + Sync {
    async fn check(&self, chain: &Chain, at: Timestamp) -> Revocation;
}

/// Nobody to ask is configured: nothing can be told.
pub struct NobodyToAsk;

#[async_trait]
impl RevocationCheck for NobodyToAsk {
    async fn check(&self, _: &Chain, _: Timestamp) -> Revocation {
        Revocation::Unknown
    }
}
