//! Electronic signatures (EDS) of Kazakhstan's national certification authority: whether a CMS signature is a given
//! person's, over a given document, by a key they still held. A library of its own: it knows nothing of the cabinet, has
//! no clock and no network, and answers every input with a verdict or a named reason.
//!
//! The way through: [`verify`] decides everything but revocation; [`revocation`] decides that from OCSP responses and
//! CRLs the caller fetched; [`evidence`] keeps what both rested on. `docs/pki.md` lists the checks and their tests.

pub mod algorithm;
pub mod anchors;
pub mod armor;
pub mod ber;
pub mod certificate;
pub mod command;
pub mod evidence;
pub mod gost;
pub mod revocation;
pub mod timestamp;

pub(crate) mod asn1;
pub(crate) mod cms;
pub(crate) mod oid;

#[cfg(test)]
pub(crate) mod fixture;
mod instant;
mod name;
mod path;
mod policy;
mod refusal;
#[cfg(test)]
mod tests;

pub use self::{
    anchors::Anchors,
    certificate::Certificate,
    instant::Instant,
    policy::{KeyKind, Purpose, Signer, VERSION as POLICY_VERSION},
    refusal::Refusal,
    revocation::Revocation,
    timestamp::TimestampReport,
};

/// What the signature must be over.
#[derive(Clone, Copy, Debug)]
pub enum Content<'a> {
    /// The signature must carry the document, and it must be these bytes.
    Attached(&'a [u8]),
    /// The signature must not carry the document; it must be over these bytes.
    Detached(&'a [u8]),
    /// The signature must carry a document, whatever it is; [`Verified::content`] returns it.
    AttachedAny,
}

/// A signature that passed every check but revocation.
#[derive(Clone, Debug)]
pub struct Verified {
    pub signer: Signer,
    pub key_kind: KeyKind,
    /// When the signer's own clock says it was made; a claim, never used in a decision.
    pub signing_time: Option<Instant>,
    pub timestamp: TimestampReport,
    /// The document inside, for [`Content::AttachedAny`] only.
    pub content: Option<Vec<u8>>,
    /// Whether the signature came as BER and was normalised before the checks. Keep the original bytes in any case.
    pub normalised: bool,
    /// The signer's certificate, the pinned authority that issued it and its pinned root.
    pub chain: Chain,
}

/// From the person to the root, each link verified by key.
#[derive(Clone, Debug)]
pub struct Chain {
    pub leaf: Certificate,
    pub issuer: Certificate,
    pub root: Certificate,
}

/// The document inside a signature, before anything was verified: enough to look up which question it answers, no more.
pub fn unverified_content(cms: &[u8]) -> Result<Vec<u8>, Refusal> {
    let der = cms::to_strict_der(cms)?;
    let signed = cms::SignedData::read(&der)?;
    signed
        .content()
        .map(<[u8]>::to_vec)
        .ok_or(Refusal::ContentMissing)
}

/// Decides everything about a signature (DER or BER, see [`armor::decode`] for text) but whether the certificate was
/// revoked: at most one mebibyte, one signer, over `content`, by a certificate that at `at` was valid for `purpose`,
/// belonged to a natural person with an IIN and stood under the pinned `anchors`. Whose signature is wanted is the
/// caller's to compare with [`Signer::iin`].
pub fn verify(
    cms: &[u8],
    content: Content<'_>,
    purpose: Purpose,
    at: Instant,
    anchors: &Anchors,
) -> Result<Verified, Refusal> {
    let der = cms::to_strict_der(cms)?;
    let signed = cms::SignedData::read(&der)?;
    let document = match (content, signed.content()) {
        (Content::Attached(document), Some(_)) | (Content::Detached(document), None) => document,
        (Content::AttachedAny, Some(attached)) => attached,
        (Content::Attached(_) | Content::AttachedAny, None) => return Err(Refusal::ContentMissing),
        (Content::Detached(_), Some(_)) => return Err(Refusal::ContentUnexpected),
    };
    let checked = signed.check(oid::DATA, document)?;
    let path = path::validate(&checked.certificate, anchors.paths(), at, &path::ByKey)?;
    let key_kind = policy::check(&checked.certificate, purpose)?;
    let signer = policy::signer(&checked.certificate, checked.algorithm)?;
    Ok(Verified {
        signer,
        key_kind,
        signing_time: checked.signing_time,
        timestamp: timestamp::report(&signed, at, anchors),
        content: matches!(content, Content::AttachedAny).then(|| document.to_vec()),
        normalised: matches!(der, std::borrow::Cow::Owned(_)),
        chain: Chain {
            leaf: checked.certificate,
            issuer: path.issuer().as_ref().clone(),
            root: path.root().as_ref().clone(),
        },
    })
}
