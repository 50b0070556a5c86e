//! Stands in for a subject whose service isn't put in: every question is answered with [`ApiError::Unavailable`].

use crate::api::applications::{ApplicationId, Applications, DraftToFreeze, Frozen, SignedReceipt, Summary};
use crate::api::drafts::{ConsentGiven, Draft, DraftChanged, DraftSaved, Drafts};
use crate::api::records::{Record, Records};
use crate::api::signing::{EdsSignature, QrId, QrQuestion, QrSession, Signing};
use crate::api::{ApiError, Caller, Nothing};
use async_trait::async_trait;

pub struct Unavailable;

#[async_trait]
impl Records for Unavailable {
    async fn my_record(&self, _: &Caller, _: Nothing) -> Result<Record, ApiError> {
        Err(ApiError::Unavailable)
    }
}

#[async_trait]
impl Drafts for Unavailable {
    async fn give_consent(&self, _: &Caller, _: ConsentGiven) -> Result<Nothing, ApiError> {
        Err(ApiError::Unavailable)
    }
    async fn open(&self, _: &Caller, _: Nothing) -> Result<Draft, ApiError> {
        Err(ApiError::Unavailable)
    }
    async fn save(&self, _: &Caller, _: DraftChanged) -> Result<DraftSaved, ApiError> {
        Err(ApiError::Unavailable)
    }
    async fn start_over(&self, _: &Caller, _: Nothing) -> Result<Draft, ApiError> {
        Err(ApiError::Unavailable)
    }
}

#[async_trait]
impl Applications for Unavailable {
    async fn freeze(&self, _: &Caller, _: DraftToFreeze) -> Result<Frozen, ApiError> {
        Err(ApiError::Unavailable)
    }
    async fn thaw(&self, _: &Caller, _: ApplicationId) -> Result<Nothing, ApiError> {
        Err(ApiError::Unavailable)
    }
    async fn review(&self, _: &Caller, _: ApplicationId) -> Result<Frozen, ApiError> {
        Err(ApiError::Unavailable)
    }
    async fn receipt(&self, _: &Caller, _: ApplicationId) -> Result<SignedReceipt, ApiError> {
        Err(ApiError::Unavailable)
    }
    async fn history(&self, _: &Caller, _: Nothing) -> Result<Vec<Summary>, ApiError> {
        Err(ApiError::Unavailable)
    }
}

#[async_trait]
impl Signing for Unavailable {
    async fn sign_by_eds(&self, _: &Caller, _: EdsSignature) -> Result<SignedReceipt, ApiError> {
        Err(ApiError::Unavailable)
    }
    async fn start_qr(&self, _: &Caller, _: ApplicationId) -> Result<QrSession, ApiError> {
        Err(ApiError::Unavailable)
    }
    async fn qr_status(&self, _: &Caller, _: QrQuestion) -> Result<QrSession, ApiError> {
        Err(ApiError::Unavailable)
    }
    async fn cancel_qr(&self, _: &Caller, _: QrId) -> Result<QrSession, ApiError> {
        Err(ApiError::Unavailable)
    }
}
