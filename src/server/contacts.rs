//! New contacts are proven by a code while the form is filled; contacts that something came back from are asked about at
//! sign-in.

use super::Core;
use super::accounts::session;
use super::codes::{self, Purpose, Recipient};
use crate::api::contacts::{CodeSent, CodeTrouble, CodeTyped, CodeWanted, ContactKind, Contacts, StillMine};
use crate::api::{ApiError, Caller, Nothing};
use crate::domain::application::ApplicationState;
use crate::domain::iin::Iin;
use async_trait::async_trait;
use std::sync::Arc;

pub struct ContactsService {
    core: Arc<Core>,
}

impl ContactsService {
    #[must_use]
    pub fn new(core: Arc<Core>) -> Self {
        Self { core }
    }

    /// Whose draft it is and where the code goes: only a person who may be given the service has a draft.
    async fn asked(
        &self,
        caller: &Caller,
        application: &str,
        kind: ContactKind,
        value: &str,
    ) -> Result<(Iin, Recipient), ApiError> {
        let session = session::require(&self.core, caller).await?;
        let open = self.core.store.open_application(&session.person_iin).await?;
        let open = open
            .filter(|open| open.id == application)
            .ok_or(ApiError::NotFound)?;
        if open.state != ApplicationState::Draft {
            return Err(ApiError::WrongState);
        }
        let to = Recipient::parse(kind, value).map_err(|trouble| ApiError::Code { trouble })?;
        Ok((session.person_iin, to))
    }
}

#[async_trait]
impl Contacts for ContactsService {
    async fn send_code(&self, caller: &Caller, input: CodeWanted) -> Result<CodeSent, ApiError> {
        let (iin, to) = self
            .asked(caller, &input.application, input.kind, &input.value)
            .await?;
        codes::send(&self.core, caller, &iin, Purpose::Contact, &to).await
    }

    async fn confirm(&self, caller: &Caller, input: CodeTyped) -> Result<Nothing, ApiError> {
        let (iin, to) = self
            .asked(caller, &input.application, input.kind, &input.value)
            .await?;
        match codes::check(&self.core, caller, &iin, Purpose::Contact, &to, &input.code).await {
            // Asked again after an answer that was lost: the contact is proven all the same.
            Err(ApiError::Code {
                trouble: CodeTrouble::Ended,
            }) if self.core.store.proven_contacts(&iin).await?.contains(&to.value) => Ok(Nothing {}),
            checked => checked.map(|()| Nothing {}),
        }
    }

    async fn still_mine(&self, caller: &Caller, input: StillMine) -> Result<Nothing, ApiError> {
        let session = session::require(&self.core, caller).await?;
        let at = self.core.world.now();
        self.core
            .store
            .still_reached(&session.person_iin, &input.kinds, at, &caller.request_id)
            .await?;
        Ok(Nothing {})
    }
}
