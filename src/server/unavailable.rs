//! Stands in for a way of signing whose room isn't put in: every question is answered with [`ApiError::Unavailable`].

use super::accounts::session::Session;
use super::signing::QrSigning;
use crate::api::applications::ApplicationId;
use crate::api::signing::{QrId, QrQuestion, QrSession};
use crate::api::{ApiError, Caller};
use async_trait::async_trait;

pub struct Unavailable;

#[async_trait]
impl QrSigning for Unavailable {
    async fn start(&self, _: &Caller, _: &Session, _: ApplicationId) -> Result<QrSession, ApiError> {
        Err(ApiError::Unavailable)
    }
    async fn status(&self, _: &Caller, _: &Session, _: QrQuestion) -> Result<QrSession, ApiError> {
        Err(ApiError::Unavailable)
    }
    async fn cancel(&self, _: &Caller, _: &Session, _: QrId) -> Result<QrSession, ApiError> {
        Err(ApiError::Unavailable)
    }
}
