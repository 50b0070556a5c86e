//! The applications as the room of eGov Mobile sees them: the frozen document, and the judgement of what a phone sends.

use super::egov_mobile::papers::{Paper, Papers, Verdict};
use super::{Brought, accept};
use crate::api::ApiError;
use crate::domain::application::ApplicationState;
use crate::domain::iin::Iin;
use crate::server::Core;
use crate::server::store::applications::PhoneAnswer;
use crate::server::store::qr::{Circumstances, QrRow};
use async_trait::async_trait;
use std::sync::Arc;

pub(super) struct Applications {
    core: Arc<Core>,
}

impl Applications {
    pub(super) const fn new(core: Arc<Core>) -> Self {
        Self { core }
    }
}

#[async_trait]
impl Papers for Applications {
    async fn frozen(&self, owner: &Iin, application: &str) -> Result<Paper, ApiError> {
        let document = self
            .core
            .store
            .document(owner, application)
            .await?
            .ok_or(ApiError::NotFound)?;
        if document.state != ApplicationState::Frozen {
            return Err(ApiError::WrongState);
        }
        Ok(Paper {
            number: document.content.number,
            pdf: document.pdf,
            sha256: document.sha256,
            changes: document.content.changes,
        })
    }

    async fn judge(
        &self,
        row: &QrRow,
        cms: Vec<u8>,
        answer: [u8; 32],
        circumstances: Circumstances<'_>,
    ) -> Verdict {
        let brought = Brought {
            owner: &row.iin,
            application: &row.application,
            cms,
            request_id: circumstances.request_id.unwrap_or_default(),
            phone: Some(PhoneAnswer {
                session: &row.id,
                document_sha256: &row.document_sha256,
                answer,
                circumstances,
            }),
        };
        match accept(&self.core, brought).await {
            Ok(_) => Verdict::Accepted,
            Err(ApiError::Signature { trouble }) => Verdict::Refused(trouble),
            // Refused: the service may no longer be given to this person; the page says why at the next start.
            Err(
                ApiError::NotFound | ApiError::WrongState | ApiError::Conflict | ApiError::Refused { .. },
            ) => Verdict::TooLate,
            Err(error) => {
                tracing::warn!(%error, "a signature from a phone could not be judged");
                Verdict::Unavailable
            }
        }
    }
}
