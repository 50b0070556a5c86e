//! Settles by itself what could not be told at signing: whether the certificate was revoked. Asked again after a minute,
//! then ever more seldom, up to every hour; the answer applies or refuses the application and tells the person.

use super::notices;
use crate::api::ApiError;
use crate::api::applications::SigningWay;
use crate::domain::time::Timestamp;
use crate::pki::{self, Content, Instant, Purpose};
use crate::server::Core;
use crate::server::revocation::Revocation;
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
    let (cms, pdf, anchors) = (one.cms.clone(), document.pdf.clone(), core.anchors.clone());
    // Its checks passed when it was signed: the certificate is judged as of then, even if it has ended since.
    let at = Instant::from_unix(one.signed_at.0 / 1000);
    let attached = one.way == SigningWay::Eds;
    let verified = tokio::task::spawn_blocking(move || {
        let content = if attached {
            Content::Attached(&pdf)
        } else {
            Content::Detached(&pdf)
        };
        pki::verify(&cms, content, Purpose::Document, at, &anchors)
    })
    .await
    .map_err(|_| ApiError::Unavailable)?;
    let revocation = match verified {
        Ok(verified) => core.revocation.check(&verified.chain, now).await,
        Err(refusal) => {
            // The authorities changed under it: an operator's matter, the application waits.
            tracing::error!(
                reason = refusal.code(),
                "a stored signature is no longer verified"
            );
            Revocation::Unknown
        }
    };
    let (verdict, notices) = match revocation {
        Revocation::Unknown => (Verdict::Unknown(ask_again(now, one.asked + 1)), Vec::new()),
        Revocation::Good => (Verdict::Good, notices::applied(core, &document).await?),
        Revocation::Revoked => (Verdict::Revoked, notices::refused(core, &document).await?),
    };
    let messages: Vec<_> = notices.iter().map(|notice| notice.message(now)).collect();
    let settled = Settled {
        application: &one.application,
        iin: &one.iin,
        at: now,
        verdict,
        evidence: &[],
        messages: &messages,
    };
    let done = core.store.settle(&settled).await?;
    Ok(done && !matches!(verdict, Verdict::Unknown(_)))
}
