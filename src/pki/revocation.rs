//! Whether a certificate was revoked as of a moment, decided from OCSP responses (RFC 6960) and revocation lists (RFC
//! 5280, 5) that were fetched before. OCSP comes first, a fresh list second; otherwise the answer is [`Undecided`], never
//! "good". Fetching is [`client`]'s, and only ever from configured addresses: what a certificate says of where its status
//! is published is not read.
//!
//! The pinned authorities themselves are not asked about: taking a file out of the folder revokes one at once.

pub mod client;
pub mod crl;
pub mod ocsp;

use super::{Certificate, Instant};
pub use crl::{CrlFault, RevocationList};
pub use ocsp::OcspFault;

/// Clocks of the server and of the national authority may differ by this much.
pub(crate) const SKEW: i64 = 5 * 60;

/// The two moments a decision depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct When {
    /// The moment the certificate must have been good: of the sign-in, or when the document's signature arrived.
    pub as_of: Instant,
    /// The moment of the decision; later than `as_of` when it is settled afterwards or looked at again.
    pub now: Instant,
}

impl When {
    /// As of the moment of the decision itself.
    pub const fn at(now: Instant) -> Self {
        Self { as_of: now, now }
    }
}

/// Why a certificate was revoked (RFC 5280, 5.3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    Unspecified,
    KeyCompromise,
    AuthorityCompromise,
    AffiliationChanged,
    Superseded,
    CessationOfOperation,
    Hold,
    RemoveFromList,
    PrivilegeWithdrawn,
    AttributeAuthorityCompromise,
}

impl Reason {
    pub(crate) fn from_code(code: u8) -> Option<Self> {
        Some(match code {
            0 => Self::Unspecified,
            1 => Self::KeyCompromise,
            2 => Self::AuthorityCompromise,
            3 => Self::AffiliationChanged,
            4 => Self::Superseded,
            5 => Self::CessationOfOperation,
            6 => Self::Hold,
            8 => Self::RemoveFromList,
            9 => Self::PrivilegeWithdrawn,
            10 => Self::AttributeAuthorityCompromise,
            _ => return None,
        })
    }

    /// The standard's own word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unspecified => "unspecified",
            Self::KeyCompromise => "keyCompromise",
            Self::AuthorityCompromise => "cACompromise",
            Self::AffiliationChanged => "affiliationChanged",
            Self::Superseded => "superseded",
            Self::CessationOfOperation => "cessationOfOperation",
            Self::Hold => "certificateHold",
            Self::RemoveFromList => "removeFromCRL",
            Self::PrivilegeWithdrawn => "privilegeWithdrawn",
            Self::AttributeAuthorityCompromise => "aACompromise",
        }
    }

    /// Whether the key was sound until the revocation. People get new keys minutes after signing, which supersedes the old
    /// one; that must not undo what the old one signed. A compromise, a hold or no reason at all reaches back.
    fn leaves_earlier_signatures(self) -> bool {
        matches!(
            self,
            Self::AffiliationChanged
                | Self::Superseded
                | Self::CessationOfOperation
                | Self::PrivilegeWithdrawn
        )
    }
}

/// A revocation as a list or responder reports it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Revoked {
    pub at: Instant,
    /// [`Reason::Unspecified`] when none is given.
    pub reason: Reason,
}

impl Revoked {
    /// Whether a signature as of this moment is lost by the revocation.
    fn counts_as_of(self, moment: Instant) -> bool {
        self.at <= moment || !self.reason.leaves_earlier_signatures()
    }
}

/// Where the answer came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Source {
    Ocsp,
    Crl,
}

/// Whether the certificate was revoked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Revocation {
    Good {
        by: Source,
        /// When the source said so.
        at: Instant,
    },
    Revoked {
        by: Source,
        at: Instant,
        reason: Reason,
    },
    Undecided {
        why: Undecided,
    },
}

/// Why it could not be found out. Nothing may be done on the strength of the signature until it is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Undecided {
    #[error("neither an OCSP response nor a revocation list is at hand")]
    Nothing,
    #[error("the responder does not know the certificate")]
    UnknownToResponder,
    #[error("the OCSP response is refused: {0}")]
    Ocsp(OcspFault),
    #[error("the revocation list is refused: {0}")]
    Crl(CrlFault),
}

impl Undecided {
    /// A stable name for logs and the command line.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Nothing => "nothing_at_hand",
            Self::UnknownToResponder => "unknown_to_responder",
            Self::Ocsp(fault) => fault.code(),
            Self::Crl(fault) => fault.code(),
        }
    }
}

/// An OCSP response with what was asked.
#[derive(Clone, Copy, Debug)]
pub struct OcspMaterial<'a> {
    pub response: &'a [u8],
    /// The nonce that was sent; `None` for a response from a file, whose freshness its dates alone vouch for.
    pub nonce: Option<&'a [u8]>,
}

/// Decides from what is at hand. An OCSP response that is there but wrong (signature, nonce, certificate, time) ends the
/// matter undecided: falling back to a list then would let whoever garbles responses choose the older source.
pub fn decide(
    leaf: &Certificate,
    issuer: &Certificate,
    when: When,
    ocsp: Option<OcspMaterial<'_>>,
    lists: &[&RevocationList],
) -> Revocation {
    if let Some(material) = ocsp {
        return match ocsp::verify(material.response, material.nonce, leaf, issuer, when) {
            Ok(answer) => match answer.status {
                ocsp::Status::Good => Revocation::Good {
                    by: Source::Ocsp,
                    at: answer.this_update,
                },
                ocsp::Status::Revoked(revoked) => {
                    from_revoked(revoked, Source::Ocsp, answer.this_update, when)
                }
                ocsp::Status::Unknown => Revocation::Undecided {
                    why: Undecided::UnknownToResponder,
                },
            },
            Err(fault) => Revocation::Undecided {
                why: Undecided::Ocsp(fault),
            },
        };
    }
    match crl::look_up(leaf, issuer, lists, when) {
        Ok(None) => Revocation::Undecided {
            why: Undecided::Nothing,
        },
        Ok(Some(found)) => match found.revoked {
            None => Revocation::Good {
                by: Source::Crl,
                at: found.this_update,
            },
            Some(revoked) => from_revoked(revoked, Source::Crl, found.this_update, when),
        },
        Err(fault) => Revocation::Undecided {
            why: Undecided::Crl(fault),
        },
    }
}

fn from_revoked(revoked: Revoked, by: Source, said_at: Instant, when: When) -> Revocation {
    if revoked.counts_as_of(when.as_of) {
        Revocation::Revoked {
            by,
            at: revoked.at,
            reason: revoked.reason,
        }
    } else {
        Revocation::Good { by, at: said_at }
    }
}

#[cfg(test)]
mod tests;
