//! Signing in by EDS: a text that names the site, the purpose and the time is signed in NCALayer and comes back. It is
//! bound to the browser that asked, good for three minutes and once. The agent doesn't bind it to the site, so a person
//! must be able to read what they sign (NIST SP 800-63B-4, 3.2.5).

use super::session::{self, Begin, Session};
use crate::api::accounts::{ChallengeIssued, SignedChallenge, Way};
use crate::api::{ApiError, Caller, SignatureTrouble};
use crate::domain::iin::Iin;
use crate::domain::time::Timestamp;
use crate::pki::{self, Content, Instant, Purpose, Refusal};
use crate::server::Core;
use crate::server::cookies::Cookie;
use crate::server::limits::{self, Limit, Rule};
use crate::server::revocation::Revocation;
use crate::server::world::sha256;
use crate::texts::{fill, outgoing};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::sync::Arc;

const CHALLENGE_MS: i64 = 3 * 60 * 1000;

pub(super) async fn challenge(core: &Core, caller: &Caller) -> Result<ChallengeIssued, ApiError> {
    let now = core.world.now();
    let expires_at = now.plus_ms(CHALLENGE_MS);
    let text = challenge_text(core, caller, now);
    // One browser may ask in two windows: the cookie it has stays good for both.
    let pre_login = caller.pre_login.clone().unwrap_or_else(|| core.world.secret());
    let limit = Limit {
        key: limits::key(
            &core.keys,
            "challenges of address",
            &[&limits::network(caller.address)],
        ),
        rule: Rule::Window {
            most: core.config.limits.challenges_per_address,
            ms: 60_000,
        },
    };
    let refused = core
        .store
        .put_challenge(&sha256(&text), &sha256(&pre_login), expires_at, limit, now)
        .await?;
    if let Some(retry_after_seconds) = refused {
        return Err(ApiError::TooMany { retry_after_seconds });
    }
    let seconds = u32::try_from(CHALLENGE_MS / 1000).unwrap_or(u32::MAX);
    Cookie::PreLogin.set(&core.config, caller, &pre_login, Some(seconds));
    Ok(ChallengeIssued {
        data_base64: STANDARD.encode(text),
        expires_at,
    })
}

/// What is signed, in the person's language, with 256 random bits in the last line.
fn challenge_text(core: &Core, caller: &Caller, now: Timestamp) -> String {
    let text = |key| outgoing::text(caller.lang, key);
    let url = core.config.public_url.trim_end_matches('/');
    let site = url.split_once("://").map_or(url, |(_, site)| site);
    let time = format!("{} {}", now.date_kz().dotted(), now.clock_kz());
    [
        fill(text(outgoing::key::CHALLENGE_PURPOSE), &[("site", site)]),
        fill(text(outgoing::key::CHALLENGE_WARNING), &[("site", site)]),
        fill(text(outgoing::key::CHALLENGE_TIME), &[("time", &time)]),
        core.world.secret(),
    ]
    .join("\n")
}

pub(super) async fn sign_in(
    core: &Arc<Core>,
    caller: &Caller,
    input: &SignedChallenge,
) -> Result<Session, ApiError> {
    let cms = pki::armor::decode(input.cms.as_bytes()).map_err(|refusal| refused(core, &refusal))?;
    let content = pki::unverified_content(&cms).map_err(|refusal| refused(core, &refusal))?;
    let unknown = ApiError::Signature {
        trouble: SignatureTrouble::ChallengeUnknown,
    };
    let Some(pre_login) = &caller.pre_login else {
        return Err(unknown);
    };
    // Used up before anything is verified: of many copies of one signature a single one comes further than this.
    let taken = core
        .store
        .take_challenge(&sha256(&content), &sha256(pre_login))
        .await?;
    let now = core.world.now();
    match taken {
        None => return Err(unknown),
        Some(expires_at) if now > expires_at => {
            return Err(ApiError::Signature {
                trouble: SignatureTrouble::ChallengeExpired,
            });
        }
        Some(_) => {}
    }
    let anchors = core.anchors.clone();
    let cms = Arc::new(cms);
    let verifying = cms.clone();
    let verified = tokio::task::spawn_blocking(move || {
        let at = Instant::from_unix(now.0 / 1000);
        pki::verify(
            &verifying,
            Content::Attached(&content),
            Purpose::SignIn,
            at,
            &anchors,
        )
    })
    .await
    .map_err(|_| ApiError::Unavailable)?
    .map_err(|refusal| refused(core, &refusal))?;
    core.confirmed("sign_in", &cms, &verified).await?;
    let trouble = match core.revocation.check(&verified.chain, now).await {
        Revocation::Good => None,
        Revocation::Revoked => {
            let code = Refusal::Revoked.code();
            core.metrics.signatures_refused.count(["sign_in", code]);
            Some(SignatureTrouble::Revoked)
        }
        Revocation::Unknown => Some(SignatureTrouble::RevocationUnknown),
    };
    if let Some(trouble) = trouble {
        return Err(ApiError::Signature { trouble });
    }
    // Twelve digits: the verifier has seen to it.
    let iin = Iin::from_authority(&verified.signer.iin).map_err(|_| ApiError::UnknownPerson)?;
    if core.store.person(&iin).await?.is_none() {
        return Err(ApiError::UnknownPerson);
    }
    let begin = Begin {
        iin: &iin,
        way: Way::Eds,
        certificate_ends: Some(Timestamp(verified.signer.not_after.unix() * 1000)),
        forgiven: &[],
    };
    session::begin(core, caller, begin).await
}

fn refused(core: &Core, refusal: &Refusal) -> ApiError {
    core.metrics.signatures_refused.count(["sign_in", refusal.code()]);
    tracing::info!(reason = refusal.code(), "sign-in signature refused");
    ApiError::Signature {
        trouble: trouble(refusal),
    }
}

/// The verifier's reason as far as a person can act on it.
#[must_use]
pub fn trouble(refusal: &Refusal) -> SignatureTrouble {
    match refusal {
        Refusal::AnotherPerson => SignatureTrouble::AnotherPerson,
        Refusal::Organisation => SignatureTrouble::Organisation,
        Refusal::ExtendedKeyUsage | Refusal::KeyUsage => SignatureTrouble::AuthenticationKey,
        Refusal::Expired(_) => SignatureTrouble::Expired,
        Refusal::NotYetValid(_) => SignatureTrouble::NotYetValid,
        Refusal::Revoked => SignatureTrouble::Revoked,
        Refusal::RevocationUndecided => SignatureTrouble::RevocationUnknown,
        Refusal::UnknownIssuer | Refusal::IssuerSignatureInvalid | Refusal::IssuerNotValidNow => {
            SignatureTrouble::UntrustedIssuer
        }
        Refusal::DocumentMismatch | Refusal::ContentMismatch => SignatureTrouble::AnotherDocument,
        Refusal::Gost2004 | Refusal::Sha1 => SignatureTrouble::OutdatedAlgorithm,
        other => SignatureTrouble::Damaged {
            code: other.code().to_owned(),
        },
    }
}
