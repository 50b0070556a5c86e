//! The draft: consent before the first look into GBD FL, the form as it opens, saving version by version. One draft a
//! person; the same one on every device.

use super::Core;
use super::accounts::session;
use super::document::Consent;
use super::eligibility::{self, Eligible};
use super::registers::REMEMBERED_SECONDS;
use super::store::applications::{Open, Saved};
use crate::api::drafts::{CONSENT_VERSION, ConsentGiven, Draft, DraftChanged, DraftSaved, Drafts};
use crate::api::{ApiError, Caller, Nothing};
use crate::domain::application::ApplicationState;
use crate::domain::form::{FormInput, prefill};
use crate::domain::iin::Iin;
use async_trait::async_trait;
use std::sync::Arc;

/// Every field of ten thousand characters, however they are written, is still a draft that the check says no to field by
/// field; more is no form.
const MAX_INPUT_BYTES: usize = 1024 * 1024;

pub struct DraftsService {
    core: Arc<Core>,
}

impl DraftsService {
    #[must_use]
    pub fn new(core: Arc<Core>) -> Self {
        Self { core }
    }

    /// Consent and eligibility, as needed before the form is shown.
    async fn eligible(&self, iin: &Iin) -> Result<(String, Eligible), ApiError> {
        let (consent, _) = consent(&self.core, iin).await?;
        let since = self.core.world.now().plus_seconds(-REMEMBERED_SECONDS);
        Ok((consent, eligibility::decided(&self.core, iin, since).await?))
    }
}

#[async_trait]
impl Drafts for DraftsService {
    async fn give_consent(&self, caller: &Caller, input: ConsentGiven) -> Result<Nothing, ApiError> {
        let session = session::require(&self.core, caller).await?;
        // Consent to a text that isn't in force is none: the page shows the new one.
        if input.text_version != CONSENT_VERSION {
            return Err(ApiError::Conflict);
        }
        let consent = Consent {
            text_version: input.text_version,
            lang: caller.lang,
            given_at: self.core.world.now(),
        };
        self.core
            .store
            .give_consent(&session.person_iin, &consent, &caller.request_id)
            .await?;
        Ok(Nothing {})
    }

    async fn open(&self, caller: &Caller, _: Nothing) -> Result<Draft, ApiError> {
        let session = session::require(&self.core, caller).await?;
        let iin = &session.person_iin;
        let (consent, eligible) = self.eligible(iin).await?;
        let mut open = match self.core.store.open_application(iin).await? {
            Some(open) => open,
            None => {
                let input = prefill(&eligible.known);
                self.core.store.make_draft(iin, &consent, &input).await?
            }
        };
        // Back from the page to check and sign: the form is open again, the document ends.
        if open.state == ApplicationState::Frozen {
            self.core.store.thaw(iin, &open.id, self.core.world.now()).await?;
            self.core.waiting.nudge();
            open = self
                .core
                .store
                .open_application(iin)
                .await?
                .ok_or(ApiError::WrongState)?;
        }
        Ok(shown(open, eligible))
    }

    async fn save(&self, caller: &Caller, input: DraftChanged) -> Result<DraftSaved, ApiError> {
        let session = session::require(&self.core, caller).await?;
        if size(&input.input) > MAX_INPUT_BYTES {
            return Err(ApiError::Malformed);
        }
        let at = self.core.world.now();
        let saved = self
            .core
            .store
            .save_draft(
                &session.person_iin,
                &input.application,
                input.version,
                &input.input,
                at,
            )
            .await?;
        match saved {
            Saved::Saved(version) => Ok(DraftSaved { version, at }),
            Saved::Conflict => Err(ApiError::Conflict),
            Saved::WrongState => Err(ApiError::WrongState),
            Saved::NotFound => Err(ApiError::NotFound),
        }
    }

    async fn start_over(&self, caller: &Caller, _: Nothing) -> Result<Draft, ApiError> {
        let session = session::require(&self.core, caller).await?;
        let iin = &session.person_iin;
        let (consent, eligible) = self.eligible(iin).await?;
        let input = prefill(&eligible.known);
        let at = self.core.world.now();
        if !self.core.store.restart_draft(iin, &input, at).await? {
            self.core.store.make_draft(iin, &consent, &input).await?;
        }
        self.core.waiting.nudge();
        let open = self
            .core
            .store
            .open_application(iin)
            .await?
            .ok_or(ApiError::WrongState)?;
        Ok(shown(open, eligible))
    }
}

/// The consent in force, with its id.
///
/// # Errors
/// [`ApiError::NoConsent`] without one to the text of today.
pub(crate) async fn consent(core: &Core, iin: &Iin) -> Result<(String, Consent), ApiError> {
    let given = core.store.consent(iin).await?;
    given
        .filter(|(_, consent)| consent.text_version == CONSENT_VERSION)
        .ok_or(ApiError::NoConsent)
}

fn size(input: &FormInput) -> usize {
    serde_json::to_string(input).map_or(usize::MAX, |text| text.len())
}

fn shown(open: Open, eligible: Eligible) -> Draft {
    let Eligible { held, answer, known } = eligible;
    Draft {
        application: open.id,
        version: open.version,
        input: open.input,
        known,
        full_name: held.person.full_name(),
        birth_date: held.person.birth_date,
        accounts: held.accounts,
        registered_address: answer.registered_address,
        register_read_at: answer.read_at,
        saved_at: open.saved_at,
    }
}
