//! Accounts: signing in by EDS or by IIN and password, sessions, and the limits that keep guessers out. An IIN nobody
//! registered is answered with the same bytes, after the same work, as a wrong password.

pub mod eds;
pub mod openings;
pub mod password;
pub mod password_rules;
mod second_step;
pub mod session;
mod settings;

use super::Core;
use super::cookies::Cookie;
use super::limits::{self, Limit, Rule};
use super::metrics;
use super::store::accounts::Try;
use crate::api::accounts::{
    Accounts, ChallengeIssued, Credentials, Entry, Identity, SignedChallenge, StepCode, StepTyped,
};
use crate::api::contacts::CodeSent;
use crate::api::{ApiError, Caller, Nothing};
use crate::domain::iin::Iin;
use async_trait::async_trait;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;

/// Longer ones aren't looked at: hashing a book is work for us, not for the guesser.
const LONGEST_PASSWORD: usize = 1024;

pub struct AccountsService {
    core: Arc<Core>,
    /// Each hash fills 19 MiB and a core: so many at a time, the others wait.
    hashing: Arc<Semaphore>,
    /// Compared with where there is no account.
    nobodys_hash: String,
}

impl AccountsService {
    #[must_use]
    pub fn new(core: Arc<Core>) -> Self {
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        // Should hashing fail here, it fails everywhere and nobody comes in.
        let nobodys_hash = password::hash(&core.world.secret(), &core.world.bytes(), &core.keys.pepper);
        Self {
            hashing: Arc::new(Semaphore::new(2 * cores)),
            nobodys_hash: nobodys_hash.unwrap_or_default(),
            core,
        }
    }

    async fn password_fits(&self, password: String, phc: Option<String>) -> Result<bool, ApiError> {
        let permit = self
            .hashing
            .clone()
            .acquire_owned()
            .await
            .map_err(|_| ApiError::Unavailable)?;
        let known = phc.is_some();
        let phc = phc.unwrap_or_else(|| self.nobodys_hash.clone());
        let core = self.core.clone();
        tokio::task::spawn_blocking(move || {
            let fits = password::verify(&password, &phc, &core.keys.pepper);
            drop(permit);
            fits && known
        })
        .await
        .map_err(|_| ApiError::Unavailable)
    }

    /// Counts an attempt to sign in.
    fn counted(&self, way: &'static str, attempt: Result<&'static str, &ApiError>) {
        let outcome = attempt.unwrap_or_else(metrics::outcome);
        self.core.metrics.sign_ins.count([way, outcome]);
    }

    /// Of the network address, of the IIN from it, of the IIN from anywhere.
    fn password_limits(&self, iin: &Iin, caller: &Caller) -> [Limit; 3] {
        let keys = &self.core.keys;
        let network = limits::network(caller.address);
        [
            Limit {
                key: limits::key(keys, "passwords from address", &[&network]),
                rule: Rule::Window {
                    most: self.core.config.limits.sign_ins_per_address,
                    ms: 60_000,
                },
            },
            Limit {
                key: limits::key(
                    keys,
                    "password of account from address",
                    &[iin.digits(), &network],
                ),
                rule: Rule::Growing { free: 3 },
            },
            // From anywhere: looser, so that a stranger's guesses don't at once keep the owner waiting.
            Limit {
                key: limits::key(keys, "password of account", &[iin.digits()]),
                rule: Rule::Growing { free: 10 },
            },
        ]
    }

    async fn password_sign_in(&self, caller: &Caller, input: Credentials) -> Result<Entry, ApiError> {
        let iin = Iin::typed(&input.iin).map_err(|_| ApiError::Credentials)?;
        if input.password.is_empty() || input.password.len() > LONGEST_PASSWORD {
            return Err(ApiError::Credentials);
        }
        let core = &self.core;
        let limits = self.password_limits(&iin, caller);
        let [_, of_both, of_account] = limits;
        let begun = core
            .store
            .begin_password_try(&iin, &limits, core.world.now())
            .await?;
        let phc = match begun {
            Try::Admitted { phc } => phc,
            Try::TooMany { retry_after_seconds } => {
                return Err(ApiError::TooMany { retry_after_seconds });
            }
        };
        if !self.password_fits(input.password, phc).await? {
            core.store
                .password_failed(&iin, &caller.request_id, core.world.now())
                .await?;
            return Err(ApiError::Credentials);
        }
        self.after_password(caller, &iin, &[of_account.key, of_both.key])
            .await
    }
}

#[async_trait]
impl Accounts for AccountsService {
    async fn sign_in(&self, caller: &Caller, input: Credentials) -> Result<Entry, ApiError> {
        let entry = self.password_sign_in(caller, input).await;
        self.counted(
            "password",
            entry.as_ref().map(|entry| match entry {
                Entry::Open { .. } => "in",
                Entry::Code { .. } => "code_asked",
            }),
        );
        entry
    }

    async fn send_code(&self, caller: &Caller, input: StepCode) -> Result<CodeSent, ApiError> {
        self.send_step_code(caller, input).await
    }

    async fn confirm_code(&self, caller: &Caller, input: StepTyped) -> Result<Entry, ApiError> {
        let session = self.confirm_step(caller, input).await;
        self.counted("password_code", session.as_ref().map(|_| "in"));
        self.entry(&session?).await
    }

    async fn eds_challenge(&self, caller: &Caller, _: Nothing) -> Result<ChallengeIssued, ApiError> {
        eds::challenge(&self.core, caller).await
    }

    async fn eds_sign_in(&self, caller: &Caller, input: SignedChallenge) -> Result<Identity, ApiError> {
        let session = eds::sign_in(&self.core, caller, &input).await;
        self.counted("eds", session.as_ref().map(|_| "in"));
        session::identity(&self.core, &session?).await
    }

    async fn me(&self, caller: &Caller, _: Nothing) -> Result<Identity, ApiError> {
        let session = session::look(&self.core, caller).await?;
        session::identity(&self.core, &session).await
    }

    async fn stay(&self, caller: &Caller, _: Nothing) -> Result<Identity, ApiError> {
        let session = session::stay(&self.core, caller).await?;
        session::identity(&self.core, &session).await
    }

    async fn sign_out(&self, caller: &Caller, _: Nothing) -> Result<Nothing, ApiError> {
        let core = &self.core;
        if let Some(secret) = &caller.session {
            core.store
                .end_session(
                    &super::world::sha256(secret),
                    &caller.request_id,
                    core.world.now(),
                )
                .await?;
        }
        Cookie::Session.clear(&core.config, caller);
        Ok(Nothing {})
    }
}

/// Removes what has ended, every ten minutes.
pub async fn sweep(core: Arc<Core>) {
    let mut stopping = core.stopping.clone();
    while !*stopping.borrow() {
        let now = core.world.now();
        let swept = core
            .store
            .sweep_accounts(
                now,
                now.plus_ms(-session::IDLE_MS),
                now.plus_ms(-session::ABSOLUTE_MS),
                now.plus_ms(-session::KNOWN_DEVICE_MS),
            )
            .await;
        if let Err(error) = swept {
            tracing::error!(%error, "ended sessions can't be removed");
        }
        // Either ends the wait; the loop looks which it was.
        let _ = tokio::time::timeout(Duration::from_secs(600), stopping.changed()).await;
    }
}
