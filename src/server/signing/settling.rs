//! Settles by itself what could not be told at signing: whether the certificate was revoked. Asked again after a minute,
//! then ever more seldom, up to every hour; the answer applies or refuses the application and tells the person.

use super::{Unverified, notices, verified};
use crate::api::ApiError;
use crate::domain::time::Timestamp;
use crate::server::Core;
use crate::server::revocation::{Asked, Revocation};
use crate::server::store::applications::{Settled, ToSettle, Verdict};
use std::sync::Arc;
use std::time::Duration;

/// How often is looked for what is due.
const LOOK_EVERY: Duration = Duration::from_secs(5);
const AT_ONCE: u32 = 20;

/// When to ask again after so many questions: 1, 2, 4 … minutes, at most an hour.
pub(super) fn ask_again(now: Timestamp, asked: u32) -> Timestamp {
    let minutes = 1_i64 << asked.saturating_sub(1).min(6);
    now.plus_seconds(60 * minutes.min(60))
}

/// Works until the server stops.
pub async fn run(core: Arc<Core>) {
    let mut stopping = core.stopping.clone();
    while !*stopping.borrow() {
        if let Err(error) = round(&core).await {
            tracing::warn!(%error, "undecided signatures could not be settled now");
        }
        tokio::select! {
            () = tokio::time::sleep(LOOK_EVERY) => {}
            // An error means that the server is gone.
            _ = stopping.wait_for(|stop| *stop) => break,
        }
    }
}

/// Asks once for everything that is due; how many were ended.
///
/// # Errors
/// [`ApiError`] of the first that could not be asked for.
pub async fn round(core: &Core) -> Result<usize, ApiError> {
    let due = core.store.to_settle(core.world.now(), AT_ONCE).await?;
    let mut ended = 0;
    for one in due {
        ended += usize::from(settle(core, &one).await?);
    }
    Ok(ended)
}

async fn settle(core: &Core, one: &ToSettle) -> Result<bool, ApiError> {
    let document = core
        .store
        .document(&one.iin, &one.application)
        .await?
        .ok_or(ApiError::NotFound)?;
    let now = core.world.now();
    // Its checks passed when it was signed: the certificate is judged as of then, even if it has ended since.
    let asked = match verified(
        core,
        Arc::new(one.cms.clone()),
        &document.pdf,
        &one.iin,
        one.signed_at,
    )
    .await
    {
        Ok(verified) => core.revocation.ask(&verified.chain, one.signed_at).await,
        Err(unverified) => {
            // The authorities changed under it, or the verifier fails: an operator's matter, the application waits.
            let reason = match &unverified {
                Unverified::Refused(refusal) => refusal.code(),
                Unverified::VerifierEnded => "verifier_ended",
            };
            tracing::error!(
                reason,
                application = one.application,
                "a stored signature is no longer verified"
            );
            Asked {
                revocation: Revocation::Unknown,
                evidence: Vec::new(),
            }
        }
    };
    let mut follows = notices::nothing_follows(core, now);
    let (verdict, notices) = match asked.revocation {
        Revocation::Unknown => (Verdict::Unknown(ask_again(now, one.asked + 1)), Vec::new()),
        Revocation::Good => {
            let applied = notices::applied(core, &document, now).await?;
            follows = applied.follows;
            (Verdict::Good, applied.notices)
        }
        Revocation::Revoked => (Verdict::Revoked, notices::refused(core, &document).await?),
    };
    let messages: Vec<_> = notices.iter().map(|notice| notice.message(now)).collect();
    let settled = Settled {
        application: &one.application,
        iin: &one.iin,
        at: now,
        verdict,
        evidence: &asked.evidence,
        follows,
        messages: &messages,
    };
    let done = core.store.settle(&settled).await?;
    Ok(done && !matches!(verdict, Verdict::Unknown(_)))
}
