//! Revocation: what responders and lists may say, and who may say it (threats T14, T29, T30).

use super::*;
use crate::{
    demo::mint::*,
    pki::{Anchors, fixture::*},
    samples,
};

mod asking;
mod lists;
mod responses;

/// A person, her issuer and a moment.
pub(super) struct Case {
    pub(super) world: &'static World,
    pub(super) leaf: Certificate,
    pub(super) issuer: Certificate,
}

impl Case {
    pub(super) fn gost() -> Self {
        Self::of(World::gost())
    }

    pub(super) fn of(world: &'static World) -> Self {
        Self {
            world,
            leaf: Certificate::from_der(&world.aliya.certificate).unwrap(),
            issuer: Certificate::from_der(&world.authority.certificate).unwrap(),
        }
    }

    pub(super) fn cert_id(&self) -> Vec<u8> {
        cert_id(&self.world.aliya.certificate, &self.world.authority)
    }
}

pub(super) const NONCE: [u8; 8] = *b"a nonce!";

#[test]
fn nothing_at_hand_is_undecided() {
    let case = Case::gost();
    let revocation = decide(&case.leaf, &case.issuer, When::at(now()), None, &[]);
    assert_eq!(
        revocation,
        Revocation::Undecided {
            why: Undecided::Nothing
        }
    );
}

#[test]
fn a_later_revocation_undoes_an_earlier_signature_only_when_the_key_was_not_sound() {
    let as_of = now();
    let later = Revoked {
        at: now().plus_seconds(600),
        reason: Reason::Unspecified,
    };
    for (reason, counts) in [
        (Reason::Unspecified, true),
        (Reason::KeyCompromise, true),
        (Reason::AuthorityCompromise, true),
        (Reason::Hold, true),
        (Reason::AttributeAuthorityCompromise, true),
        (Reason::AffiliationChanged, false),
        (Reason::Superseded, false),
        (Reason::CessationOfOperation, false),
        (Reason::PrivilegeWithdrawn, false),
    ] {
        assert_eq!(
            Revoked { reason, ..later }.counts_as_of(as_of),
            counts,
            "{reason:?}"
        );
        assert!(
            Revoked { reason, at: as_of }.counts_as_of(as_of),
            "{reason:?} at the very moment"
        );
    }
}
