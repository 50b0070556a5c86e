//! «Менің деректемелерім»: what the Fund holds of the person signed in.

use super::Core;
use super::accounts::session;
use crate::api::records::{Record, Records};
use crate::api::{ApiError, Caller, Nothing};
use async_trait::async_trait;
use std::sync::Arc;

pub struct RecordsService {
    core: Arc<Core>,
}

impl RecordsService {
    #[must_use]
    pub fn new(core: Arc<Core>) -> Self {
        Self { core }
    }
}

#[async_trait]
impl Records for RecordsService {
    async fn my_record(&self, caller: &Caller, _: Nothing) -> Result<Record, ApiError> {
        let session = session::require(&self.core, caller).await?;
        let held = self
            .core
            .store
            .fund_record(&session.person_iin)
            .await?
            .ok_or(ApiError::UnknownPerson)?;
        Ok(Record {
            full_name: held.person.full_name(),
            iin_masked: held.person.iin.masked(),
            birth_date: held.person.birth_date,
            requisites: held.requisites,
            changed_at: held.changed_at,
            accounts: held.accounts,
            bank_account_masked: held.bank_account_masked,
            contacts_suspended: self.core.store.is_suspended(&session.person_iin).await?,
            as_of: self.core.world.now(),
        })
    }
}
