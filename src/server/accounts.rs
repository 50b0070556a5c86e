//! Accounts: signing in by EDS or by IIN and password, sessions, and the limits that keep guessers out.

pub mod password;
pub mod session;

use super::Core;
use crate::api::accounts::{Accounts, ChallengeIssued, Credentials, Identity, SignedChallenge};
use crate::api::{ApiError, Caller, Nothing};
use async_trait::async_trait;
use std::sync::Arc;

pub struct AccountsService {
    core: Arc<Core>,
}

impl AccountsService {
    #[must_use]
    pub fn new(core: Arc<Core>) -> Self {
        Self { core }
    }
}

#[async_trait]
impl Accounts for AccountsService {
    async fn sign_in(&self, _: &Caller, _: Credentials) -> Result<Identity, ApiError> {
        Err(ApiError::Unavailable)
    }
    async fn eds_challenge(&self, _: &Caller, _: Nothing) -> Result<ChallengeIssued, ApiError> {
        Err(ApiError::Unavailable)
    }
    async fn eds_sign_in(&self, _: &Caller, _: SignedChallenge) -> Result<Identity, ApiError> {
        Err(ApiError::Unavailable)
    }
    async fn me(&self, caller: &Caller, _: Nothing) -> Result<Identity, ApiError> {
        session::require(&self.core, caller).await?;
        Err(ApiError::Unavailable)
    }
    async fn stay(&self, _: &Caller, _: Nothing) -> Result<Identity, ApiError> {
        Err(ApiError::Unavailable)
    }
    async fn sign_out(&self, _: &Caller, _: Nothing) -> Result<Nothing, ApiError> {
        Err(ApiError::Unavailable)
    }
}
