//! The second step of signing in by password: a code to a mobile number the Fund holds, in every browser that the person
//! hasn't had remembered and used within 90 days. A password of eight characters is enough with it alone (NIST
//! SP 800-63B-4, 3.1.1.2), so who has no number that codes may go to comes in by EDS. E-mail is no second factor (3.1.3.1;
//! ASVS 5.0, 6.3.6).

use super::AccountsService;
use super::openings::held_value;
use super::session::{self, Begin, KNOWN_DEVICE_MS, Session};
use crate::api::accounts::{Entry, OfferedNumber, StepCode, StepTyped, Way};
use crate::api::contacts::{CodeSent, CodeTrouble, ContactKind};
use crate::api::openings::HeldNumber;
use crate::api::{ApiError, Caller};
use crate::domain::iin::Iin;
use crate::server::Core;
use crate::server::codes::{self, Purpose, Recipient};
use crate::server::cookies::Cookie;
use crate::server::outbox::Channel;
use crate::server::suspensions::usable_for_codes;
use crate::server::world::sha256;

/// From the password to the code.
const LIFE_MS: i64 = 15 * 60 * 1000;

/// The numbers that codes may go to now, each once.
async fn usable_numbers(core: &Core, iin: &Iin) -> Result<Vec<(HeldNumber, Recipient)>, ApiError> {
    let Some(held) = core.store.fund_record(iin).await? else {
        return Ok(Vec::new());
    };
    let mut found: Vec<(HeldNumber, Recipient)> = Vec::new();
    for number in HeldNumber::ALL {
        let value = held_value(&held.requisites, number);
        if value.is_empty() || found.iter().any(|(_, to)| to.value == value) {
            continue;
        }
        let contact = core.store.contact(iin, Channel::Sms, &value).await?;
        if usable_for_codes(&contact, core.world.now()) {
            let kind = ContactKind::Mobile;
            found.push((number, Recipient { kind, value }));
        }
    }
    Ok(found)
}

/// `+7 ••• ••• •• 45`
fn masked(e164: &str) -> String {
    format!("+7 ••• ••• •• {}", &e164[e164.len().saturating_sub(2)..])
}

impl AccountsService {
    /// The password is right: the session begins, or the code is asked for.
    pub(super) async fn after_password(
        &self,
        caller: &Caller,
        iin: &Iin,
        forgiven: &[[u8; 32]],
    ) -> Result<Entry, ApiError> {
        let core = &self.core;
        let now = core.world.now();
        if let Some(secret) = &caller.remembered {
            let since = now.plus_ms(-KNOWN_DEVICE_MS);
            if core.store.is_remembered(iin, &sha256(secret), since, now).await? {
                keep(core, caller, secret);
                let session = self.begin_by_password(caller, iin, forgiven).await?;
                return self.entry(&session).await;
            }
        }
        let secret = core.world.secret();
        core.store
            .begin_second_step(
                iin,
                &sha256(&secret),
                now.plus_ms(LIFE_MS),
                forgiven,
                &caller.request_id,
            )
            .await?;
        Cookie::SecondStep.set(&core.config, caller, &secret, None);
        let numbers = usable_numbers(core, iin).await?;
        Ok(Entry::Code {
            numbers: numbers
                .into_iter()
                .map(|(number, to)| OfferedNumber {
                    number,
                    masked: masked(&to.value),
                })
                .collect(),
        })
    }

    async fn begin_by_password(
        &self,
        caller: &Caller,
        iin: &Iin,
        forgiven: &[[u8; 32]],
    ) -> Result<Session, ApiError> {
        let begin = Begin {
            iin,
            way: Way::Password,
            certificate_ends: None,
            forgiven,
        };
        session::begin(&self.core, caller, begin).await
    }

    pub(super) async fn entry(&self, session: &Session) -> Result<Entry, ApiError> {
        let identity = Box::new(session::identity(&self.core, session).await?);
        Ok(Entry::Open { identity })
    }

    /// Whose step this browser has under way, and the number chosen of theirs.
    async fn stepping(
        &self,
        caller: &Caller,
        number: HeldNumber,
    ) -> Result<([u8; 32], Iin, Recipient), ApiError> {
        let hash = caller
            .second_step
            .as_ref()
            .map(sha256)
            .ok_or(ApiError::SignedOut)?;
        let iin = self
            .core
            .store
            .second_step(&hash, self.core.world.now())
            .await?
            .ok_or(ApiError::SignedOut)?;
        let chosen = usable_numbers(&self.core, &iin)
            .await?
            .into_iter()
            .find(|(found, _)| *found == number);
        let trouble = CodeTrouble::NotSendable;
        let (_, to) = chosen.ok_or(ApiError::Code { trouble })?;
        Ok((hash, iin, to))
    }

    pub(super) async fn send_step_code(
        &self,
        caller: &Caller,
        input: StepCode,
    ) -> Result<CodeSent, ApiError> {
        let (_, iin, to) = self.stepping(caller, input.number).await?;
        codes::send(&self.core, caller, &iin, Purpose::SignIn, &to).await
    }

    pub(super) async fn confirm_step(&self, caller: &Caller, input: StepTyped) -> Result<Session, ApiError> {
        let core = &self.core;
        let (hash, iin, to) = self.stepping(caller, input.number).await?;
        codes::check(core, caller, &iin, Purpose::SignIn, &to, &input.code).await?;
        let now = core.world.now();
        core.store
            .take_second_step(&hash, now)
            .await?
            .ok_or(ApiError::SignedOut)?;
        Cookie::SecondStep.clear(&core.config, caller);
        let session = self.begin_by_password(caller, &iin, &[]).await?;
        if input.remember {
            let secret = core.world.secret();
            let before = caller.remembered.as_ref().map(sha256);
            core.store.remember(&iin, &sha256(&secret), before, now).await?;
            keep(core, caller, &secret);
        }
        Ok(session)
    }
}

/// Until it hasn't been used for 90 days.
fn keep(core: &Core, caller: &Caller, secret: &str) {
    let seconds = u32::try_from(KNOWN_DEVICE_MS / 1000).ok();
    Cookie::Remembered.set(&core.config, caller, secret, seconds);
}

#[cfg(test)]
mod tests;
