//! What may go to a contact: mailings always, codes and password reset only once it is proven, its first hours are over
//! and nobody suspended it. The link in the message to the contact before it suspends; the owner lifts that by EDS.

use super::Core;
use super::accounts::session;
use super::limits::{self, Limit, Rule};
use super::outbox::Channel;
use super::store::contacts::Pressed;
use super::world::sha256;
use crate::api::accounts::Way;
use crate::api::suspensions::{SuspendLink, Suspended, Suspensions};
use crate::api::{ApiError, Caller, Nothing};
use crate::domain::time::Timestamp;
use async_trait::async_trait;
use std::sync::Arc;

/// The link in the message to an old contact is good for so long.
pub const LINK_MS: i64 = 30 * 24 * 3600 * 1000;

/// What is known of a person's mobile number or e-mail. One the Fund held from the start has nothing but its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    pub channel: Channel,
    /// E.164, or an e-mail address.
    pub value: String,
    /// When a code sent there was typed in.
    pub proven_at: Option<Timestamp>,
    /// It serves no codes before.
    pub codes_from: Option<Timestamp>,
    /// The application that brought it in.
    pub application: Option<String>,
    /// By the link in the message to the contact before it.
    pub suspended_at: Option<Timestamp>,
}

impl Contact {
    /// One of which nothing is noted.
    #[must_use]
    pub fn held_from_the_start(channel: Channel, value: &str) -> Self {
        Self {
            channel,
            value: value.to_owned(),
            proven_at: None,
            codes_from: None,
            application: None,
            suspended_at: None,
        }
    }

    /// «Расталмаған» is who came in by an application and was never proven by a code.
    #[must_use]
    pub const fn is_confirmed(&self) -> bool {
        self.proven_at.is_some() || self.application.is_none()
    }
}

/// Whether codes (of signing in, of a new password) may be sent to this contact now. The caller makes sure that it is the
/// one the Fund holds.
#[must_use]
pub fn usable_for_codes(contact: &Contact, now: Timestamp) -> bool {
    contact.is_confirmed()
        && contact.suspended_at.is_none()
        && contact.codes_from.is_none_or(|from| from <= now)
}

/// From when a contact that is applied now serves codes.
#[must_use]
pub(super) fn codes_from(core: &Core, applied: Timestamp) -> Timestamp {
    applied.plus_seconds(i64::from(core.config.new_contact_hours) * 3600)
}

/// Counts one more try of somebody unknown: a receipt's code, a bundle, a suspending link.
///
/// # Errors
/// [`ApiError::TooMany`]
pub(super) async fn admit(core: &Core, caller: &Caller) -> Result<(), ApiError> {
    let limit = Limit {
        key: limits::key(
            &core.keys,
            "checks of address",
            &[&limits::network(caller.address)],
        ),
        rule: Rule::Window {
            most: core.config.limits.checks_per_address,
            ms: 60_000,
        },
    };
    match core.store.admit(limit, core.world.now()).await? {
        Some(retry_after_seconds) => Err(ApiError::TooMany { retry_after_seconds }),
        None => Ok(()),
    }
}

pub struct SuspensionsService {
    core: Arc<Core>,
}

impl SuspensionsService {
    #[must_use]
    pub fn new(core: Arc<Core>) -> Self {
        Self { core }
    }
}

#[async_trait]
impl Suspensions for SuspensionsService {
    async fn suspend(&self, caller: &Caller, input: SuspendLink) -> Result<Suspended, ApiError> {
        let core = &self.core;
        admit(core, caller).await?;
        let pressed = core
            .store
            .suspend(&sha256(&input.secret), core.world.now(), &caller.request_id)
            .await?;
        match pressed {
            Pressed::Now => Ok(Suspended { before: false }),
            Pressed::Before => Ok(Suspended { before: true }),
            Pressed::Unknown => Err(ApiError::NotFound),
        }
    }

    async fn lift(&self, caller: &Caller, _: Nothing) -> Result<Nothing, ApiError> {
        let session = session::require(&self.core, caller).await?;
        if session.way != Way::Eds {
            return Err(ApiError::EdsNeeded);
        }
        let now = self.core.world.now();
        self.core
            .store
            .lift(&session.person_iin, now, &caller.request_id)
            .await?;
        Ok(Nothing {})
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_795_417_200_000);

    #[test]
    fn codes_go_to_who_was_there_from_the_start_and_to_the_proven_after_their_first_hours() {
        let held = Contact::held_from_the_start(Channel::Sms, "+77012345678");
        assert!(usable_for_codes(&held, NOW));
        let new = Contact {
            proven_at: Some(NOW),
            codes_from: Some(NOW.plus_seconds(3600)),
            application: Some("A".into()),
            ..held.clone()
        };
        assert!(!usable_for_codes(&new, NOW), "too early");
        assert!(usable_for_codes(&new, NOW.plus_seconds(3600)));
        let later = NOW.plus_seconds(7200);
        let unproven = Contact {
            proven_at: None,
            ..new.clone()
        };
        assert!(!usable_for_codes(&unproven, later), "расталмаған");
        for contact in [held, new] {
            let suspended = Contact {
                suspended_at: Some(NOW),
                ..contact
            };
            assert!(!usable_for_codes(&suspended, later));
        }
    }
}
