//! Whether the service may be given now: GBD FL and the Fund's record are read and `domain::eligibility` decides.

use super::Core;
use super::registers::{RegisterAnswer, RegisterTrouble};
use super::store::fund::FundRecord;
use crate::api::ApiError;
use crate::domain::eligibility::{Refusal, decide};
use crate::domain::form::Known;
use crate::domain::iin::Iin;
use crate::domain::time::Timestamp;

/// A decision in the person's favour, and what it rested on.
pub(crate) struct Eligible {
    pub(crate) held: FundRecord,
    pub(crate) answer: RegisterAnswer,
    /// What the form is checked against.
    pub(crate) known: Known,
}

/// Decides for a person who has given consent. GBD FL's word may have been read at `since` or later.
///
/// # Errors
/// [`ApiError::Refused`], [`ApiError::RegisterUnavailable`], [`ApiError::UnknownPerson`].
pub(crate) async fn decided(core: &Core, iin: &Iin, since: Timestamp) -> Result<Eligible, ApiError> {
    let held = core
        .store
        .fund_record(iin)
        .await?
        .ok_or(ApiError::UnknownPerson)?;
    let answer = match core.registers.person_since(iin, since).await {
        Ok(answer) => answer,
        // Nobody of this IIN in the register is the same to a person as being taken out of it.
        Err(RegisterTrouble::NotFound) => {
            return Err(ApiError::Refused {
                refusal: Refusal::Excluded,
            });
        }
        Err(_) => return Err(ApiError::RegisterUnavailable),
    };
    let today = core.world.now().date_kz();
    let valid =
        decide(&answer.record, &held.person, true, today).map_err(|refusal| ApiError::Refused { refusal })?;
    let known = Known {
        current: held.requisites.clone(),
        documents: valid.into_iter().map(|valid| valid.document).collect(),
        proven: core.store.proven_contacts(iin).await?,
    };
    Ok(Eligible { held, answer, known })
}
