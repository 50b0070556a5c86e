//! What this room asks of the applications: the frozen document, and a judgement of what a phone sends back.

use crate::api::{ApiError, SignatureTrouble};
use crate::domain::iin::Iin;
use crate::domain::requisites::Change;
use crate::server::store::qr::{Circumstances, QrRow};
use async_trait::async_trait;

/// A frozen document.
#[derive(Clone)]
pub struct Paper {
    /// `2026-000184`
    pub number: String,
    /// The very bytes to be signed.
    pub pdf: Vec<u8>,
    pub sha256: [u8; 32],
    pub changes: Vec<Change>,
}

/// What became of a signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Stored, with the change it asks for and the session's end, in one transaction. Also while it can't be told yet
    /// whether the certificate was revoked.
    Accepted,
    /// It isn't the owner's good signature over this document.
    Refused(SignatureTrouble),
    /// The session or the application is no longer to be signed: somebody was faster.
    TooLate,
    /// Nothing is decided: the verifier or the database can't work now.
    Unavailable,
}

#[async_trait]
pub trait Papers: Send + Sync {
    /// The document of this person's application.
    ///
    /// # Errors
    /// [`ApiError::NotFound`], [`ApiError::WrongState`] if it isn't frozen, [`ApiError::Unavailable`].
    async fn frozen(&self, owner: &Iin, application: &str) -> Result<Paper, ApiError>;

    /// Judges a CMS that came for `row`, and if it is good, stores it and ends the session with `answer` at once.
    async fn judge(
        &self,
        row: &QrRow,
        cms: Vec<u8>,
        answer: [u8; 32],
        circumstances: Circumstances<'_>,
    ) -> Verdict;
}
