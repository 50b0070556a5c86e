//! Freezing the document for signature, the page to check it, the receipt, the history, and the very bytes under an address
//! of their own.

mod serve;

pub use serve::router;

use super::Core;
use super::accounts::session;
use super::document::{self, Content};
use super::drafts;
use super::eligibility;
use super::store::applications::{Document, Freezing, hex};
use crate::api::applications::{ApplicationId, Applications, DraftToFreeze, Frozen, SignedReceipt, Summary};
use crate::api::{ApiError, Caller, Nothing};
use crate::domain::application::ApplicationState;
use crate::domain::form::check;
use crate::domain::requisites::{Change, difference};
use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::sync::Arc;

/// GBD FL's word may be this old when a document is frozen.
const ELIGIBLE_FOR_SECONDS: i64 = 60;

pub struct ApplicationsService {
    core: Arc<Core>,
}

impl ApplicationsService {
    #[must_use]
    pub fn new(core: Arc<Core>) -> Self {
        Self { core }
    }

    async fn found(&self, caller: &Caller, application: &str) -> Result<Document, ApiError> {
        let session = session::require(&self.core, caller).await?;
        self.core
            .store
            .document(&session.person_iin, application)
            .await?
            .ok_or(ApiError::NotFound)
    }

    async fn shown(&self, document: &Document) -> Result<Frozen, ApiError> {
        let proven = self.core.store.proven_contacts(&document.iin).await?;
        Ok(shown(document, &proven))
    }

    async fn is_draft(&self, caller: &Caller, application: &str) -> Result<bool, ApiError> {
        let session = session::require(&self.core, caller).await?;
        let open = self.core.store.open_application(&session.person_iin).await?;
        Ok(open.is_some_and(|open| open.id == application))
    }
}

#[async_trait]
impl Applications for ApplicationsService {
    async fn freeze(&self, caller: &Caller, input: DraftToFreeze) -> Result<Frozen, ApiError> {
        let core = &self.core;
        let session = session::require(core, caller).await?;
        let iin = &session.person_iin;
        let open = core
            .store
            .open_application(iin)
            .await?
            .filter(|open| open.id == input.application)
            .ok_or(ApiError::NotFound)?;
        if open.version != input.version {
            return Err(ApiError::Conflict);
        }
        if open.state == ApplicationState::Frozen {
            // Asked again: the answer that was lost, if it is still the whole truth.
            let document = core
                .store
                .document(iin, &open.id)
                .await?
                .ok_or(ApiError::WrongState)?;
            return self.shown(&document).await;
        }
        let (consent_id, consent) = drafts::consent(core, iin).await?;
        let now = core.world.now();
        let eligible = eligibility::decided(core, iin, now.plus_seconds(-ELIGIBLE_FOR_SECONDS)).await?;
        let proposed = check(&open.input, &eligible.known).map_err(|fields| ApiError::Invalid { fields })?;
        let changes = difference(&eligible.held.requisites, &proposed);
        if changes.is_empty() {
            return Err(ApiError::NothingChanges);
        }
        let number = core
            .store
            .number(iin, &open.id, now.date_kz().year())
            .await?
            .ok_or(ApiError::WrongState)?;
        let content = Content {
            number,
            lang: caller.lang,
            made_at: now,
            person: eligible.held.person,
            accounts: eligible.held.accounts,
            own_mobile: changes
                .iter()
                .any(|change| matches!(change, Change::Mobile { .. })),
            changes,
            consent,
        };
        let (content, rendered) = tokio::task::spawn_blocking(move || {
            let rendered = document::render(&content);
            (content, rendered)
        })
        .await
        .map_err(|_| internal(caller, "rendering ended"))?;
        let rendered = rendered.map_err(|error| internal(caller, &error.to_string()))?;
        let freezing = Freezing {
            application: &open.id,
            version: open.version,
            consent: &consent_id,
            content: &content,
            proposed: &proposed,
            requisites_version: eligible.held.version,
            pdf: &rendered.pdf,
            sha256: &rendered.sha256,
            at: now,
            eligible_at: eligible.answer.read_at,
            request_id: &caller.request_id,
        };
        if !core.store.freeze(iin, freezing).await? {
            // Saved or frozen by another device between reading and now.
            return Err(ApiError::Conflict);
        }
        self.shown(&self.found(caller, &open.id).await?).await
    }

    async fn thaw(&self, caller: &Caller, input: ApplicationId) -> Result<Nothing, ApiError> {
        let session = session::require(&self.core, caller).await?;
        let iin = &session.person_iin;
        let at = self.core.world.now();
        if self.core.store.thaw(iin, &input.application, at).await? {
            self.core.waiting.nudge();
            return Ok(Nothing {});
        }
        // Thawed before: the same answer. Signed or another's: not.
        match self.core.store.open_application(iin).await? {
            Some(open) if open.id == input.application => Ok(Nothing {}),
            _ if self.core.store.document(iin, &input.application).await?.is_some() => {
                Err(ApiError::WrongState)
            }
            _ => Err(ApiError::NotFound),
        }
    }

    async fn review(&self, caller: &Caller, input: ApplicationId) -> Result<Frozen, ApiError> {
        match self.found(caller, &input.application).await {
            // Taken back to the form by the back button or in another tab: the document is no more, the application is.
            Err(ApiError::NotFound) if self.is_draft(caller, &input.application).await? => {
                Err(ApiError::Conflict)
            }
            found => self.shown(&found?).await,
        }
    }

    async fn receipt(&self, caller: &Caller, input: ApplicationId) -> Result<SignedReceipt, ApiError> {
        let document = self.found(caller, &input.application).await?;
        receipt(&document).ok_or(ApiError::WrongState)
    }

    async fn history(&self, caller: &Caller, _: Nothing) -> Result<Vec<Summary>, ApiError> {
        let session = session::require(&self.core, caller).await?;
        let lines = self.core.store.history(&session.person_iin).await?;
        let summary = lines.into_iter().map(|line| Summary {
            application: line.id,
            number: line.number,
            state: line.state,
            at: line.at,
        });
        Ok(summary.collect())
    }
}

/// The fault is ours: its place goes into the log under the request's id, which the person can read out.
pub(crate) fn internal(caller: &Caller, what: &str) -> ApiError {
    tracing::error!(request = caller.request_id, what, "internal error");
    ApiError::Internal {
        reference: caller.request_id.clone(),
    }
}

/// Where the document's very bytes are.
fn document_path(document: &Document) -> String {
    let sha256 = hex(&document.sha256);
    format!("/documents/{}/{}.pdf", document.application, &sha256[..16])
}

fn shown(document: &Document, proven: &[String]) -> Frozen {
    let changes = document.content.changes.clone();
    let new = changes.iter().filter_map(Change::new_contact);
    let unproven = new.filter(|(_, contact)| proven.iter().all(|proven| proven != contact));
    Frozen {
        application: document.application.clone(),
        number: document.content.number.clone(),
        state: document.state,
        full_name: document.content.person.full_name(),
        iin_masked: document.iin.masked(),
        unproven: unproven.map(|(field, _)| field).collect(),
        changes,
        frozen_at: document.frozen_at,
        document_path: document_path(document),
        document_base64: STANDARD.encode(&document.pdf),
        sha256: hex(&document.sha256),
        // A rendered document has some hundred kilobytes at most.
        size: u32::try_from(document.pdf.len()).unwrap_or(u32::MAX),
    }
}

/// The receipt of a signed application.
pub(crate) fn receipt(document: &Document) -> Option<SignedReceipt> {
    let signed = document.signed?;
    Some(SignedReceipt {
        application: document.application.clone(),
        number: document.content.number.clone(),
        state: document.state,
        signed_at: signed.at,
        applied_at: signed.applied_at,
        signed_by_way: signed.way,
        changes: document.content.changes.clone(),
        document_path: document_path(document),
        sha256: hex(&document.sha256),
    })
}
