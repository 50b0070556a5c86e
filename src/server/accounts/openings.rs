//! Registering and a forgotten password, by a code to a mobile number the Fund holds. Nothing that is answered tells whether the
//! Fund knows an IIN or whether it has a password: the same words, bytes, statements and hashes for each (T20; ASVS 5.0,
//! 6.3.8). Who has a password already, or none yet, is told so by message, to a number the Fund holds.

use super::password_rules::{self, Weakness};
use super::session::{self, Begin};
use super::{AccountsService, password};
use crate::api::accounts::Way;
use crate::api::contacts::{CodeSent, CodeTrouble, ContactKind};
use crate::api::openings::{HeldNumber, Opening, OpeningWanted, Openings, PasswordOpened, UnderWay};
use crate::api::settings::PasswordSet;
use crate::api::{ApiError, Caller, Nothing};
use crate::domain::iin::Iin;
use crate::domain::requisites::Requisites;
use crate::domain::time::Timestamp;
use crate::server::codes::{self, OpeningTrial, Purpose, Recipient};
use crate::server::cookies::Cookie;
use crate::server::limits::{self, Limit};
use crate::server::notice::{Notice, contact};
use crate::server::outbox::{Channel, Message};
use crate::server::robots;
use crate::server::store::fund::FundRecord;
use crate::server::store::openings::{Begun, NewAccount, NewOpening, OpeningRow, Words};
use crate::server::suspensions::{Contact, usable_for_codes};
use crate::server::world::sha256;
use crate::texts::fill;
use crate::texts::outgoing::{key, text};
use async_trait::async_trait;

/// An opening lives longer than its code, so that another can be asked for without beginning anew.
const LIFE_MS: i64 = 20 * 60 * 1000;

/// What is held of the number chosen.
pub struct Held {
    pub known: bool,
    pub has_password: bool,
    /// Of an empty value where there is none.
    pub contact: Contact,
}

/// What goes to the number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sends {
    Code,
    /// The word that the other way is the one.
    OtherWay,
    Nothing,
}

/// The number as codes are sent to it; empty where it is no mobile of Kazakhstan.
#[must_use]
pub fn held_value(held: &Requisites, number: HeldNumber) -> String {
    let written = match number {
        HeldNumber::Mobile => &held.mobile,
        HeldNumber::Home => &held.home,
        HeldNumber::Work => &held.work,
    };
    Recipient::parse(ContactKind::Mobile, written).map_or_else(|_| String::new(), |to| to.value)
}

#[must_use]
pub fn sends(way: Opening, held: &Held, now: Timestamp) -> Sends {
    let usable = held.known && !held.contact.value.is_empty() && usable_for_codes(&held.contact, now);
    match (way, held.has_password) {
        _ if !usable => Sends::Nothing,
        (Opening::Registration, false) | (Opening::PasswordReset, true) => Sends::Code,
        (Opening::Registration, true) | (Opening::PasswordReset, false) => Sends::OtherWay,
    }
}

const fn purpose(way: Opening) -> Purpose {
    match way {
        Opening::Registration => Purpose::Registration,
        Opening::PasswordReset => Purpose::PasswordReset,
    }
}

/// What a person is told of a password that doesn't do.
pub(super) const fn told(weakness: Weakness) -> PasswordSet {
    match weakness {
        Weakness::Short => PasswordSet::Short,
        Weakness::Long => PasswordSet::Long,
        Weakness::Personal => PasswordSet::Personal,
        Weakness::Common => PasswordSet::Common,
    }
}

/// What others know of a person, which a password mustn't hold.
pub(super) fn known_of(held: &FundRecord) -> [&str; 8] {
    [
        held.person.surname.as_str(),
        &held.person.given_name,
        held.person.patronymic.as_deref().unwrap_or_default(),
        held.person.iin.digits(),
        &held.requisites.mobile,
        &held.requisites.home,
        &held.requisites.work,
        &held.requisites.email,
    ]
}

/// That there is a new password, for the contacts the Fund holds: neither name nor IIN.
pub(super) fn of_new_password(
    core: &crate::server::Core,
    caller: &Caller,
    held: &Requisites,
    now: Timestamp,
) -> Vec<Notice> {
    let time = format!("{} {}", now.date_kz().dotted(), now.clock_kz());
    let body = fill(text(caller.lang, key::MSG_PASSWORD_SET), &[("time", &time)]);
    let subject = text(caller.lang, key::MSG_PASSWORD_SET_SUBJECT);
    [Channel::Sms, Channel::Email]
        .into_iter()
        .filter_map(|channel| {
            Notice::new(
                &core.world,
                channel,
                contact(held, channel),
                subject,
                body.clone(),
            )
        })
        .collect()
}

const ENDED: ApiError = ApiError::Code {
    trouble: CodeTrouble::Ended,
};

impl AccountsService {
    async fn begin(
        &self,
        caller: &Caller,
        secret: &str,
        (way, iin, number): (Opening, &Iin, HeldNumber),
        risk: &[Limit],
        proof: &str,
    ) -> Result<CodeSent, ApiError> {
        let core = &self.core;
        let now = core.world.now();
        let (secret_hash, purpose) = (sha256(secret), purpose(way));
        let code = codes::new_code(core);
        let slot = codes::opening_slot(core, purpose, &secret_hash);
        let words = Words {
            code: &fill(text(caller.lang, purpose.words()), &[("code", &code)]),
            other_way: text(
                caller.lang,
                match way {
                    Opening::Registration => key::MSG_HAS_PASSWORD,
                    Opening::PasswordReset => key::MSG_HAS_NO_PASSWORD,
                },
            ),
        };
        let expires_at = now.plus_ms(codes::LIFE_MS);
        // Where there is no number the IIN stands for it: as much is counted.
        let silent = |value: &str| {
            let subject = if value.is_empty() { iin.digits() } else { value };
            codes::contact_limits(core, subject).to_vec()
        };
        let begun = core
            .store
            .begin_opening(NewOpening {
                secret_hash,
                way,
                iin,
                number,
                at: now,
                code_until: expires_at,
                expires_at: now.plus_ms(LIFE_MS),
                risk,
                proof: robots::proof(core, caller, proof).as_deref(),
                in_all: codes::in_all(core),
                told: &told_limits(core, caller, iin),
                silent: &silent,
                slot,
                hash: codes::hash(core, &slot, &code),
                nobodys_hash: core.world.bytes(),
                message_id: &core.world.id(),
                words,
                request_id: &caller.request_id,
            })
            .await?;
        match begun {
            Begun::Begun => Ok(CodeSent {
                now,
                expires_at,
                again_at: now.plus_ms(codes::GAP_MS),
            }),
            Begun::Unproven => Err(robots::ask(core, caller)),
            Begun::TooMany {
                retry_after_seconds,
                in_all,
            } => {
                if in_all {
                    codes::warn_of_pumping();
                }
                Err(ApiError::TooMany { retry_after_seconds })
            }
        }
    }

    async fn opening_of(&self, caller: &Caller) -> Result<Option<(String, OpeningRow)>, ApiError> {
        let Some(secret) = &caller.opening else {
            return Ok(None);
        };
        let row = self
            .core
            .store
            .opening(&sha256(secret), self.core.world.now())
            .await?;
        Ok(row.map(|row| (secret.clone(), row)))
    }
}

/// Of the IIN as typed, whoever has it, and of the network address.
fn told_limits(core: &crate::server::Core, caller: &Caller, iin: &Iin) -> Vec<Limit> {
    let limit = |kind: &str, rule| Limit {
        key: limits::key(&core.keys, kind, &[iin.digits()]),
        rule,
    };
    vec![
        limit("opening of IIN, gap", codes::window(1, codes::GAP_MS)),
        limit("openings of IIN, hour", codes::window(5, codes::HOUR_MS)),
        limit("openings of IIN, day", codes::window(10, 24 * codes::HOUR_MS)),
        codes::address_limit(core, caller),
    ]
}

#[async_trait]
impl Openings for AccountsService {
    async fn start(&self, caller: &Caller, input: OpeningWanted) -> Result<CodeSent, ApiError> {
        let iin = Iin::typed(&input.iin).map_err(|_| ApiError::Malformed)?;
        let secret = self.core.world.secret();
        let sent = self
            .begin(
                caller,
                &secret,
                (input.opening, &iin, input.number),
                &robots::risk(&self.core, caller),
                &input.proof,
            )
            .await?;
        Cookie::Opening.set(&self.core.config, caller, &secret, None);
        Ok(sent)
    }

    async fn again(&self, caller: &Caller, _: Nothing) -> Result<CodeSent, ApiError> {
        let (secret, row) = self.opening_of(caller).await?.ok_or(ENDED)?;
        // Whoever began has passed already.
        self.begin(caller, &secret, (row.way, &row.iin, row.number), &[], "")
            .await
    }

    async fn under_way(&self, caller: &Caller, _: Nothing) -> Result<UnderWay, ApiError> {
        let row = self.opening_of(caller).await?.map(|(_, row)| row);
        Ok(UnderWay {
            opening: row.as_ref().map(|row| row.way),
            sent: row.as_ref().map(|row| CodeSent {
                now: self.core.world.now(),
                expires_at: row.sent_at.plus_ms(codes::LIFE_MS),
                again_at: row.sent_at.plus_ms(codes::GAP_MS),
            }),
            proven: row.is_some_and(|row| row.proven),
        })
    }

    async fn finish(&self, caller: &Caller, input: PasswordOpened) -> Result<PasswordSet, ApiError> {
        let core = &self.core;
        let (secret, row) = self.opening_of(caller).await?.ok_or(ENDED)?;
        let (secret_hash, iin) = (sha256(&secret), &row.iin);
        // Before the code is right nothing is judged by that only the Fund knows.
        if let Err(weakness) = password_rules::judge(&input.password, &[iin.digits()]) {
            return Ok(told(weakness));
        }
        let [of_address, of_both, of_account] = self.password_limits(iin, caller);
        if let Some(retry_after_seconds) = core.store.admit(of_address, core.world.now()).await? {
            return Err(ApiError::TooMany { retry_after_seconds });
        }
        // Hashed for a wrong code too: the time tells nothing.
        let phc = self.hashed(input.password.clone()).await?;
        if !row.proven {
            let tried = OpeningTrial {
                iin,
                number: row.number,
                purpose: purpose(row.way),
                recipient: &row.recipient,
                secret_hash,
                typed: &input.code,
            };
            codes::check_opening(core, caller, tried).await?;
        }
        let held = core.store.fund_record(iin).await?.ok_or(ENDED)?;
        if let Err(weakness) = password_rules::judge(&input.password, &known_of(&held)) {
            return Ok(told(weakness));
        }
        let now = core.world.now();
        let notices = of_new_password(core, caller, &held.requisites, now);
        let messages: Vec<Message<'_>> = notices.iter().map(|notice| notice.message(now)).collect();
        let account = NewAccount {
            secret_hash,
            phc: &phc,
            at: now,
            messages: &messages,
            request_id: &caller.request_id,
        };
        if !core.store.open_account(account).await? {
            return Err(ENDED);
        }
        Cookie::Opening.clear(&core.config, caller);
        let begin = Begin {
            iin,
            way: Way::Password,
            certificate_ends: None,
            forgiven: &[of_account.key, of_both.key],
        };
        session::begin(core, caller, begin).await?;
        core.metrics.sign_ins.count(["opening", "in"]);
        Ok(PasswordSet::Done)
    }
}

impl AccountsService {
    /// The hash to keep, made where blocking is allowed, so many at a time.
    pub(super) async fn hashed(&self, password: String) -> Result<String, ApiError> {
        let permit = self
            .hashing
            .clone()
            .acquire_owned()
            .await
            .map_err(|_| ApiError::Unavailable)?;
        let (salt, core) = (self.core.world.bytes(), self.core.clone());
        tokio::task::spawn_blocking(move || {
            let phc = password::hash(&password, &salt, &core.keys.pepper);
            drop(permit);
            phc
        })
        .await
        .map_err(|_| ApiError::Unavailable)?
        .map_err(|_| ApiError::Unavailable)
    }
}

#[cfg(test)]
mod tests;
