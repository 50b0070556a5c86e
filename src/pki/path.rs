//! From a leaf over a pinned authority to a pinned root (RFC 5280, 6, without what the national authority doesn't use).
//! Every link is verified by key; names must agree besides, but prove nothing. Certificates that came with a signature
//! are never authorities here, so there is no search to bound: a leaf is tried against each pinned path once.

use std::sync::Arc;

use super::{
    Instant, Refusal,
    algorithm::SignatureAlgorithm,
    certificate::{Certificate, KeyUsage},
};

/// Verifies that a certificate (or list) was signed with the issuer's key. The one real implementation is [`ByKey`];
/// tests of the path alone plug in algorithms that people's certificates never use.
pub(crate) trait Verifier {
    fn verify(&self, issuer: &Certificate, subject: &Certificate) -> Result<(), Refusal>;
}

/// The accepted algorithms and nothing else.
pub(crate) struct ByKey;

impl Verifier for ByKey {
    fn verify(&self, issuer: &Certificate, subject: &Certificate) -> Result<(), Refusal> {
        let algorithm = SignatureAlgorithm::from_identifier(&subject.signature_algorithm())?;
        issuer
            .public_key()?
            .verify(algorithm, subject.signed_bytes(), subject.signature())
    }
}

/// A pinned way up: the authority that issues leaves first, the root last. Its links were verified when it was pinned;
/// its dates are checked every time.
#[derive(Clone, Debug)]
pub(crate) struct PinnedPath(Vec<Arc<Certificate>>);

impl PinnedPath {
    /// Verifies every link by key and that each certificate may issue certificates at its place in the path.
    pub(crate) fn new(certificates: Vec<Arc<Certificate>>, verifier: &dyn Verifier) -> Result<Self, Refusal> {
        for (below, certificate) in certificates.iter().enumerate() {
            may_issue(certificate, below)?;
            // The last one is the root: it must have signed itself.
            let issuer = certificates.get(below + 1).unwrap_or(certificate);
            signed_by(certificate, issuer, verifier)?;
        }
        if certificates.is_empty() {
            Err(Refusal::UnknownIssuer)
        } else {
            Ok(Self(certificates))
        }
    }

    /// The authority that issues leaves.
    pub(crate) fn issuer(&self) -> &Arc<Certificate> {
        // `new` refuses an empty path.
        &self.0[0]
    }

    pub(crate) fn root(&self) -> &Arc<Certificate> {
        &self.0[self.0.len() - 1]
    }

    fn check_dates(&self, at: Instant) -> Result<(), Refusal> {
        if self.0.iter().all(|authority| authority.is_valid_at(at)) {
            Ok(())
        } else {
            Err(Refusal::IssuerNotValidNow)
        }
    }
}

/// Finds the pinned path whose authority signed the leaf, and checks the leaf's and the path's dates and form. When none
/// fits, the reason is the one that came closest.
pub(crate) fn validate<'p>(
    leaf: &Certificate,
    paths: &'p [PinnedPath],
    at: Instant,
    verifier: &dyn Verifier,
) -> Result<&'p PinnedPath, Refusal> {
    check_leaf(leaf)?;
    let mut closest = Refusal::UnknownIssuer;
    for path in paths
        .iter()
        .filter(|path| path.issuer().subject() == leaf.issuer())
    {
        match signed_by(leaf, path.issuer(), verifier).and_then(|()| path.check_dates(at)) {
            Ok(()) => {
                check_dates(leaf, at)?;
                return Ok(path);
            }
            // A path that did sign but is out of date says more than one that did not sign.
            Err(reason) if closest != Refusal::IssuerNotValidNow => closest = reason,
            Err(_) => {}
        }
    }
    Err(closest)
}

fn signed_by(subject: &Certificate, issuer: &Certificate, verifier: &dyn Verifier) -> Result<(), Refusal> {
    if subject.issuer() != issuer.subject() {
        return Err(Refusal::UnknownIssuer);
    }
    verifier.verify(issuer, subject).map_err(|reason| match reason {
        Refusal::SignatureInvalid | Refusal::AlgorithmMismatch => Refusal::IssuerSignatureInvalid,
        other => other,
    })
}

fn check_dates(leaf: &Certificate, at: Instant) -> Result<(), Refusal> {
    if at < leaf.not_before() {
        return Err(Refusal::NotYetValid(leaf.not_before()));
    }
    if at > leaf.not_after() {
        return Err(Refusal::Expired(leaf.not_after()));
    }
    Ok(())
}

fn check_leaf(leaf: &Certificate) -> Result<(), Refusal> {
    let extensions = leaf.extensions();
    if let Some(unknown) = extensions.unknown_critical {
        return Err(Refusal::UnknownCriticalExtension(unknown));
    }
    if extensions.name_constraints {
        return Err(Refusal::CertificateMalformed("nameConstraints in a leaf"));
    }
    if extensions
        .basic_constraints
        .is_some_and(|constraints| constraints.authority)
        || extensions
            .key_usage
            .is_some_and(|usage| usage.has(KeyUsage::KEY_CERT_SIGN))
    {
        return Err(Refusal::LeafIsAuthority);
    }
    Ok(())
}

/// Whether the certificate is an authority's that may stand with `below` authorities between it and the leaf.
fn may_issue(certificate: &Certificate, below: usize) -> Result<(), Refusal> {
    let extensions = certificate.extensions();
    if let Some(unknown) = extensions.unknown_critical {
        return Err(Refusal::UnknownCriticalExtension(unknown));
    }
    let not_authority = |why| Err(Refusal::IssuerNotAuthority(why));
    match extensions.basic_constraints {
        None => return not_authority("basicConstraints missing"),
        Some(constraints) if !constraints.authority => return not_authority("not CA:TRUE"),
        Some(constraints) if !constraints.critical => return not_authority("basicConstraints not critical"),
        Some(constraints)
            if constraints
                .path_length
                .is_some_and(|length| usize::from(length) < below) =>
        {
            return not_authority("path too long");
        }
        Some(_) => {}
    }
    match extensions.key_usage {
        None => return not_authority("keyUsage missing"),
        Some(usage) if !usage.has(KeyUsage::KEY_CERT_SIGN) => return not_authority("keyCertSign missing"),
        Some(_) => {}
    }
    if extensions.name_constraints {
        return not_authority("nameConstraints are not supported");
    }
    Ok(())
}
