//! The bundle of evidence of an applied application, made anew from what was kept when it was decided: whoever has it
//! reaches the verdict again without us (`docs/evidence-bundle.md`, `cabinet verify --bundle`).

use super::verified;
use crate::api::ApiError;
use crate::domain::iin::Iin;
use crate::domain::time::Timestamp;
use crate::pki::evidence::{Evidence, sha256_hex};
use crate::pki::revocation::client::{Checked, Used};
use crate::pki::revocation::{OcspMaterial, RevocationList, When, decide};
use crate::pki::{Instant, Purpose, Verified};
use crate::server::Core;
use crate::server::store::receipts::Decided;
use std::sync::Arc;

/// The bundle, and the application's number.
///
/// # Errors
/// `NotFound` unless the application is this person's and applied; `Unavailable` when what was kept no longer gives the
/// verdict, which is an operator's matter.
pub async fn bundle(core: &Core, owner: &Iin, application: &str) -> Result<(String, Vec<u8>), ApiError> {
    let Some(decided) = core.store.decided(owner, application).await? else {
        return Err(ApiError::NotFound);
    };
    let number = decided.number.clone();
    let cms = Arc::new(decided.cms.clone());
    let signed_at = decided.signed_at;
    let verified = verified(core, cms, &decided.document, owner, signed_at)
        .await
        .map_err(|_| {
            tracing::error!(application, "a stored signature is no longer verified");
            ApiError::Unavailable
        })?;
    let made = tokio::task::spawn_blocking(move || make(&decided, &verified));
    match made.await {
        Ok(Some(bundle)) => Ok((number, bundle)),
        _ => {
            tracing::error!(application, "stored evidence no longer gives its verdict");
            Err(ApiError::Unavailable)
        }
    }
}

/// `None` when the evidence doesn't say that the certificate was good.
fn make(decided: &Decided, verified: &Verified) -> Option<Vec<u8>> {
    use crate::pki::revocation::Revocation;
    let of = |kind: &str| -> Vec<Vec<u8>> {
        let pieces = decided.evidence.iter().filter(|(of, _)| of == kind);
        pieces.map(|(_, content)| content.clone()).collect()
    };
    let ocsp = of("ocsp").pop().zip(of("ocsp_nonce").pop());
    let lists: Vec<Arc<[u8]>> = of("crl").into_iter().map(Into::into).collect();
    let when = When {
        as_of: instant(decided.signed_at),
        now: instant(decided.decided_at),
    };
    let issuer = &verified.chain.issuer;
    let read: Vec<RevocationList> = lists
        .iter()
        .filter_map(|list| RevocationList::verify(list.clone(), issuer).ok())
        .collect();
    let material = ocsp.as_ref().map(|(response, nonce)| OcspMaterial {
        response,
        nonce: Some(nonce),
    });
    let revocation = decide(
        &verified.chain.leaf,
        issuer,
        when,
        material,
        &read.iter().collect::<Vec<_>>(),
    );
    if !matches!(revocation, Revocation::Good { .. }) {
        return None;
    }
    let checked = Checked {
        revocation,
        used: Used {
            ocsp,
            lists: lists.clone(),
        },
        when,
        ocsp_failure: None,
    };
    let evidence = Evidence::new(
        &decided.cms,
        &decided.document,
        true,
        Purpose::Document,
        verified,
        &checked,
    );
    let find = |name: &str| lists.iter().find(|list| sha256_hex(list) == name).cloned();
    evidence.to_bundle(&find).ok()
}

fn instant(at: Timestamp) -> Instant {
    Instant::from_unix(at.0.div_euclid(1000))
}
