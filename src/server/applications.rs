//! Freezing the document for signature, the page to check it, the receipt, the history, and the very bytes under an address
//! of their own.

mod serve;

pub use serve::router;

use super::Core;
use super::accounts::session;
use super::document::{self, Content};
use super::drafts;
use super::eligibility;
use super::places;
use super::signing::notices;
use super::store::applications::{Document, Freezing, hex};
use crate::api::applications::{ApplicationId, Applications, DraftToFreeze, Frozen, SignedReceipt, Summary};
use crate::api::{ApiError, Caller, Nothing};
use crate::domain::application::ApplicationState;
use crate::domain::form::{Field, check};
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
            return Ok(shown(&document));
        }
        let (consent_id, consent) = drafts::consent(core, iin).await?;
        let now = core.world.now();
        let eligible = eligibility::decided(core, iin, now.plus_seconds(-ELIGIBLE_FOR_SECONDS)).await?;
        let mut proposed =
            check(&open.input, &eligible.known).map_err(|fields| ApiError::Invalid { fields })?;
        places::hold_against(core, &mut proposed.address, &eligible.held.requisites.address).await?;
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
            unproven: unproven(&changes, &core.store.proven_contacts(iin).await?),
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
        Ok(shown(&self.found(caller, &open.id).await?))
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
            found => Ok(shown(&found?)),
        }
    }

    async fn receipt(&self, caller: &Caller, input: ApplicationId) -> Result<SignedReceipt, ApiError> {
        let document = self.found(caller, &input.application).await?;
        receipt(&document).ok_or(ApiError::WrongState)
    }

    async fn cancel(&self, caller: &Caller, input: ApplicationId) -> Result<SignedReceipt, ApiError> {
        let core = &self.core;
        let mut document = self.found(caller, &input.application).await?;
        if matches!(
            document.state,
            ApplicationState::Signed | ApplicationState::Checking
        ) {
            let now = core.world.now();
            let notices = notices::cancelled(core, &document).await?;
            let messages: Vec<_> = notices.iter().map(|notice| notice.message(now)).collect();
            let (iin, application) = (&document.iin, &document.application);
            core.store
                .cancel(iin, application, now, &messages, &caller.request_id)
                .await?;
            // Settled meanwhile or cancelled: what stands there now is the answer.
            document = self.found(caller, &input.application).await?;
        }
        match document.state {
            ApplicationState::Cancelled => receipt(&document).ok_or(ApiError::WrongState),
            _ => Err(ApiError::WrongState),
        }
    }

    async fn history(&self, caller: &Caller, _: Nothing) -> Result<Vec<Summary>, ApiError> {
        let session = session::require(&self.core, caller).await?;
        let lines = self.core.store.history(&session.person_iin).await?;
        let summary = lines.into_iter().map(|line| Summary {
            document_path: line
                .document
                .map_or_else(String::new, |start| path(&line.id, &format!("{start}.pdf"))),
            receipt_path: if line.is_signed {
                path(&line.id, RECEIPT)
            } else {
                String::new()
            },
            evidence_path: evidence_path(&line.id, line.state),
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

/// The new contacts among the changes that are none of those proven.
fn unproven(changes: &[Change], proven: &[String]) -> Vec<Field> {
    let new = changes.iter().filter_map(Change::new_contact);
    new.filter(|(_, contact)| proven.iter().all(|proven| proven != contact))
        .map(|(field, _)| field)
        .collect()
}

/// Where the document's very bytes are.
fn document_path(document: &Document) -> String {
    let sha256 = hex(&document.sha256);
    path(&document.application, &format!("{}.pdf", &sha256[..16]))
}

/// The receipt's name among an application's documents.
const RECEIPT: &str = "receipt.pdf";
/// And that of the bundle of evidence.
const EVIDENCE: &str = "evidence.zip";

fn path(application: &str, name: &str) -> String {
    format!("/documents/{application}/{name}")
}

/// Empty unless the application is applied: before, nothing is decided that could be proven.
fn evidence_path(application: &str, state: ApplicationState) -> String {
    if state == ApplicationState::Applied {
        path(application, EVIDENCE)
    } else {
        String::new()
    }
}

fn shown(document: &Document) -> Frozen {
    Frozen {
        application: document.application.clone(),
        number: document.content.number.clone(),
        state: document.state,
        full_name: document.content.person.full_name(),
        iin_masked: document.iin.masked(),
        unproven: document.content.unproven.clone(),
        changes: document.content.changes.clone(),
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
    let signed = document.signed.as_ref()?;
    Some(SignedReceipt {
        application: document.application.clone(),
        number: document.content.number.clone(),
        state: document.state,
        signed_at: signed.at,
        applied_at: signed.applied_at,
        codes_from: signed.codes_from,
        signed_by_way: signed.way,
        changes: document.content.changes.clone(),
        document_path: document_path(document),
        receipt_path: path(&document.application, RECEIPT),
        evidence_path: evidence_path(&document.application, document.state),
        sha256: hex(&document.sha256),
    })
}
