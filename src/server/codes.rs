//! Codes sent to a contact: six digits that live five minutes, one per person, purpose and contact, tried five times at
//! most. They are counted before they are compared, and the counts survive a new code (NIST SP 800-63B-4, 3.1.3.2; ASVS
//! 5.0, 6.6.3). Sending has limits of its own: messages cost money, and strangers' telephones (T21, T22). What is kept is
//! an HMAC under a key that isn't in the database; a code stands in its message alone, which is emptied once it was sent.

use super::Core;
use super::limits::{self, Limit, Rule};
use super::outbox::{Channel, Message};
use super::store::codes::{Issued, NewCode, Trial, Tried};
use crate::api::contacts::{CodeSent, CodeTrouble, ContactKind};
use crate::api::openings::HeldNumber;
use crate::api::{ApiError, Caller};
use crate::domain::email::Email;
use crate::domain::iin::Iin;
use crate::domain::phone::Phone;
use crate::texts::fill;
use crate::texts::outgoing::{Key, key, text};

pub const DIGITS: usize = 6;
pub(super) const LIFE_MS: i64 = 5 * 60 * 1000;
/// Before another code may be sent to the same contact.
pub(super) const GAP_MS: i64 = 60 * 1000;
pub(super) const HOUR_MS: i64 = 3600 * 1000;
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
    pub(super) const fn words(self) -> Key {
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
            in_all: in_all(core),
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
                warn_of_pumping();
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
    let slot = slot(core, iin, purpose, to);
    let trial = Trial {
        slot,
        hash: hash(core, &slot, &digits(typed)?),
        at: core.world.now(),
        failures: failures(core, &[iin.digits(), &to.value]),
        iin,
        purpose: purpose.as_str(),
        kind: to.kind,
        contact: &to.value,
        opening: None,
        request_id: &caller.request_id,
    };
    judged(core, trial).await
}

/// A code of an opening, as typed.
pub(super) struct OpeningTrial<'a> {
    pub iin: &'a Iin,
    pub number: HeldNumber,
    pub purpose: Purpose,
    /// Empty where no code went.
    pub recipient: &'a str,
    /// SHA-256 of the cookie's secret.
    pub secret_hash: [u8; 32],
    pub typed: &'a str,
}

/// Tries the code of an opening; the right one proves the opening too. Wrong ones are counted by the number's kind, which is
/// the same for every IIN.
///
/// # Errors
/// As [`check`].
pub(super) async fn check_opening(
    core: &Core,
    caller: &Caller,
    tried: OpeningTrial<'_>,
) -> Result<(), ApiError> {
    let slot = opening_slot(core, tried.purpose, &tried.secret_hash);
    let trial = Trial {
        slot,
        hash: hash(core, &slot, &digits(tried.typed)?),
        at: core.world.now(),
        failures: failures(core, &["opening", tried.iin.digits(), tried.number.as_str()]),
        iin: tried.iin,
        purpose: tried.purpose.as_str(),
        kind: ContactKind::Mobile,
        contact: tried.recipient,
        opening: Some(tried.secret_hash),
        request_id: &caller.request_id,
    };
    judged(core, trial).await
}

/// The digits of a code as people type them.
fn digits(typed: &str) -> Result<String, ApiError> {
    let typed: String = typed
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .collect();
    if typed.len() != DIGITS || !typed.bytes().all(|b| b.is_ascii_digit()) {
        return Err(ApiError::Malformed);
    }
    Ok(typed)
}

fn failures(core: &Core, subject: &[&str]) -> Limit {
    Limit {
        key: limits::key(&core.keys, "wrong codes", subject),
        rule: window(FAILURES, HOUR_MS),
    }
}

async fn judged(core: &Core, trial: Trial<'_>) -> Result<(), ApiError> {
    let tried = core.store.try_code(trial).await?;
    let trouble = match tried {
        Tried::Right => return Ok(()),
        Tried::TooMany { retry_after_seconds } => return Err(ApiError::TooMany { retry_after_seconds }),
        Tried::Wrong { left: 0 } | Tried::None => CodeTrouble::Ended,
        Tried::Wrong { left } => CodeTrouble::Wrong { left },
    };
    Err(ApiError::Code { trouble })
}

/// A 64-bit number taken modulo a million: no digit is likelier than another by more than 10⁻¹³.
pub(super) fn new_code(core: &Core) -> String {
    let number = u64::from_be_bytes(core.world.bytes()) % 1_000_000;
    format!("{number:06}")
}

fn slot(core: &Core, iin: &Iin, purpose: Purpose, to: &Recipient) -> [u8; 32] {
    let parts = [purpose.as_str(), iin.digits(), to.kind.as_str(), &to.value];
    limits::keyed(&core.keys.codes, parts.map(str::as_bytes))
}

/// Of an opening: of the browser that asked, whoever it asked for.
pub(super) fn opening_slot(core: &Core, purpose: Purpose, secret_hash: &[u8; 32]) -> [u8; 32] {
    limits::keyed(
        &core.keys.codes,
        [b"opening".as_slice(), purpose.as_str().as_bytes(), secret_hash],
    )
}

pub(super) fn hash(core: &Core, slot: &[u8; 32], code: &str) -> [u8; 32] {
    limits::keyed(&core.keys.codes, [slot.as_slice(), code.as_bytes()])
}

pub(super) const fn window(most: u32, ms: i64) -> Rule {
    Rule::Window { most, ms }
}

fn limit(core: &Core, kind: &str, subject: &str, rule: Rule) -> Limit {
    Limit {
        key: limits::key(&core.keys, kind, &[subject]),
        rule,
    }
}

/// Over everybody.
pub(super) fn in_all(core: &Core) -> Limit {
    let rule = window(core.config.limits.codes_in_all, 10 * 60 * 1000);
    limit(core, "codes in all", "", rule)
}

pub(super) fn warn_of_pumping() {
    tracing::error!(
        "more codes are asked for than may be sent in all: somebody is pumping, or limits.codes_in_all is low"
    );
}

/// Of a contact, whoever asks.
pub(super) fn contact_limits(core: &Core, value: &str) -> [Limit; 3] {
    [
        limit(core, "code to contact, gap", value, window(1, GAP_MS)),
        limit(core, "codes to contact, hour", value, window(5, HOUR_MS)),
        limit(core, "codes to contact, day", value, window(10, 24 * HOUR_MS)),
    ]
}

/// Of a network address. Carriers share addresses: beyond the number it goes on, one at a time.
pub(super) fn address_limit(core: &Core, caller: &Caller) -> Limit {
    let rule = Rule::Slowing {
        most: core.config.limits.codes_per_address,
        ms: HOUR_MS,
        then_ms: 12_000,
    };
    limit(core, "codes from address", &limits::network(caller.address), rule)
}

/// Per contact, person and network address.
fn send_limits(core: &Core, caller: &Caller, iin: &Iin, to: &Recipient) -> Vec<Limit> {
    let mut all = contact_limits(core, &to.value).to_vec();
    all.extend([
        limit(core, "codes of person, hour", iin.digits(), window(10, HOUR_MS)),
        limit(
            core,
            "codes of person, day",
            iin.digits(),
            window(20, 24 * HOUR_MS),
        ),
        address_limit(core, caller),
    ]);
    all
}

#[cfg(test)]
mod tests;
