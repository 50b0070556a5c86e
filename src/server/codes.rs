//! Codes sent to a contact: six digits that live five minutes, one per person, purpose and contact, tried five times at
//! most. They are counted before they are compared, and the counts survive a new code (NIST SP 800-63B-4, 3.1.3.2; ASVS
//! 5.0, 6.6.3). Sending has limits of its own: messages cost money, and strangers' telephones (T21, T22). What is kept is
//! an HMAC under a key that isn't in the database; a code stands in its message alone, which is emptied once it was sent.

use super::Core;
use super::limits::{self, Limit, Rule};
use super::outbox::{Channel, Message};
use super::store::codes::{Issued, NewCode, Trial, Tried};
use crate::api::contacts::{CodeSent, CodeTrouble, ContactKind};
use crate::api::{ApiError, Caller};
use crate::domain::email::Email;
use crate::domain::iin::Iin;
use crate::domain::phone::Phone;
use crate::texts::fill;
use crate::texts::outgoing::{Key, key, text};

pub const DIGITS: usize = 6;
const LIFE_MS: i64 = 5 * 60 * 1000;
/// Before another code may be sent to the same contact.
const GAP_MS: i64 = 60 * 1000;
const HOUR_MS: i64 = 3600 * 1000;
/// Wrong ones of a person and contact in an hour, over all codes sent.
const FAILURES: u32 = 10;

/// What a code is for: one for another purpose doesn't fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// A contact named in an application is the person's.
    Contact,
    /// The second step in a browser not seen before.
    SignIn,
    Registration,
    PasswordReset,
}

impl Purpose {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Contact => "contact",
            Self::SignIn => "sign_in",
            Self::Registration => "registration",
            Self::PasswordReset => "password_reset",
        }
    }

    /// The message says what the code does, so that nobody talks it out of a person for something else.
    const fn words(self) -> Key {
        match self {
            Self::Contact => key::MSG_CODE_CONTACT,
            Self::SignIn => key::MSG_CODE_SIGN_IN,
            Self::Registration => key::MSG_CODE_REGISTRATION,
            Self::PasswordReset => key::MSG_CODE_RESET,
        }
    }
}

/// Where a code can be sent.
#[derive(Clone, PartialEq, Eq)]
pub struct Recipient {
    pub kind: ContactKind,
    /// As requisites are stored: E.164, or an e-mail address.
    pub value: String,
}

impl Recipient {
    /// Reads a contact as typed or as held. SMS go to mobile numbers of Kazakhstan alone.
    ///
    /// # Errors
    /// [`CodeTrouble::NotSendable`].
    pub fn parse(kind: ContactKind, typed: &str) -> Result<Self, CodeTrouble> {
        let value = match kind {
            ContactKind::Mobile => Phone::parse_kz_mobile(typed)
                .ok()
                .map(|phone| phone.e164().to_owned()),
            ContactKind::Email => Email::parse(typed).ok().map(|email| email.as_str().to_owned()),
        };
        value
            .map(|value| Self { kind, value })
            .ok_or(CodeTrouble::NotSendable)
    }

    const fn channel(&self) -> Channel {
        match self.kind {
            ContactKind::Mobile => Channel::Sms,
            ContactKind::Email => Channel::Email,
        }
    }
}

/// Sends a code, in place of the one before it.
///
/// # Errors
/// [`ApiError::TooMany`], [`ApiError::Unavailable`].
pub async fn send(
    core: &Core,
    caller: &Caller,
    iin: &Iin,
    purpose: Purpose,
    to: &Recipient,
) -> Result<CodeSent, ApiError> {
    let now = core.world.now();
    let expires_at = now.plus_ms(LIFE_MS);
    let code = new_code(core);
    let slot = slot(core, iin, purpose, to);
    let body = fill(text(caller.lang, purpose.words()), &[("code", &code)]);
    let message = Message {
        id: &core.world.id(),
        channel: to.channel(),
        recipient: &to.value,
        subject: match to.kind {
            ContactKind::Mobile => "",
            ContactKind::Email => text(caller.lang, key::MSG_CODE_SUBJECT),
        },
        body: &body,
        at: now,
        expires_at: Some(expires_at),
    };
    let issued = core
        .store
        .issue_code(NewCode {
            slot,
            hash: hash(core, &slot, &code),
            expires_at,
            iin,
            purpose: purpose.as_str(),
            kind: to.kind,
            in_all: Limit {
                key: limits::key(&core.keys, "codes in all", &[]),
                rule: window(core.config.limits.codes_in_all, 10 * 60 * 1000),
            },
            limits: &send_limits(core, caller, iin, to),
            message,
            request_id: &caller.request_id,
        })
        .await?;
    match issued {
        Issued::Sent => Ok(CodeSent {
            now,
            expires_at,
            again_at: now.plus_ms(GAP_MS),
        }),
        Issued::TooMany {
            retry_after_seconds,
            in_all,
        } => {
            if in_all {
                tracing::error!(
                    "more codes are asked for than may be sent in all: somebody is pumping, or limits.codes_in_all is low"
                );
            }
            Err(ApiError::TooMany { retry_after_seconds })
        }
    }
}

/// Tries a code. The right one is used up, and proves the contact.
///
/// # Errors
/// [`ApiError::Code`], [`ApiError::TooMany`], [`ApiError::Unavailable`].
pub async fn check(
    core: &Core,
    caller: &Caller,
    iin: &Iin,
    purpose: Purpose,
    to: &Recipient,
    typed: &str,
) -> Result<(), ApiError> {
    let typed: String = typed
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .collect();
    if typed.len() != DIGITS || !typed.bytes().all(|b| b.is_ascii_digit()) {
        return Err(ApiError::Malformed);
    }
    let slot = slot(core, iin, purpose, to);
    let failures = Limit {
        key: limits::key(&core.keys, "wrong codes", &[iin.digits(), &to.value]),
        rule: window(FAILURES, HOUR_MS),
    };
    let tried = core
        .store
        .try_code(Trial {
            slot,
            hash: hash(core, &slot, &typed),
            at: core.world.now(),
            failures,
            iin,
            purpose: purpose.as_str(),
            kind: to.kind,
            contact: &to.value,
            request_id: &caller.request_id,
        })
        .await?;
    let trouble = match tried {
        Tried::Right => return Ok(()),
        Tried::TooMany { retry_after_seconds } => return Err(ApiError::TooMany { retry_after_seconds }),
        Tried::Wrong { left: 0 } | Tried::None => CodeTrouble::Ended,
        Tried::Wrong { left } => CodeTrouble::Wrong { left },
    };
    Err(ApiError::Code { trouble })
}

/// A 64-bit number taken modulo a million: no digit is likelier than another by more than 10⁻¹³.
fn new_code(core: &Core) -> String {
    let number = u64::from_be_bytes(core.world.bytes()) % 1_000_000;
    format!("{number:06}")
}

fn slot(core: &Core, iin: &Iin, purpose: Purpose, to: &Recipient) -> [u8; 32] {
    let parts = [purpose.as_str(), iin.digits(), to.kind.as_str(), &to.value];
    limits::keyed(&core.keys.codes, parts.map(str::as_bytes))
}

fn hash(core: &Core, slot: &[u8; 32], code: &str) -> [u8; 32] {
    limits::keyed(&core.keys.codes, [slot.as_slice(), code.as_bytes()])
}

const fn window(most: u32, ms: i64) -> Rule {
    Rule::Window { most, ms }
}

/// Per contact (whoever asks), person and network address.
fn send_limits(core: &Core, caller: &Caller, iin: &Iin, to: &Recipient) -> [Limit; 6] {
    let limit = |kind: &str, subject: &str, rule| Limit {
        key: limits::key(&core.keys, kind, &[subject]),
        rule,
    };
    let network = limits::network(caller.address);
    [
        limit("code to contact, gap", &to.value, window(1, GAP_MS)),
        limit("codes to contact, hour", &to.value, window(5, HOUR_MS)),
        limit("codes to contact, day", &to.value, window(10, 24 * HOUR_MS)),
        limit("codes of person, hour", iin.digits(), window(10, HOUR_MS)),
        limit("codes of person, day", iin.digits(), window(20, 24 * HOUR_MS)),
        // Carriers share addresses: beyond the number it goes on, one at a time.
        limit(
            "codes from address",
            &network,
            Rule::Slowing {
                most: core.config.limits.codes_per_address,
                ms: HOUR_MS,
                then_ms: 12_000,
            },
        ),
    ]
}

#[cfg(test)]
mod tests;
