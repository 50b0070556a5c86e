//! Receipts by their codes, and what a bundle of evidence is made of.

use super::applications::{Found, found};
use super::sql::{self};
use super::{Database, StoreError};
use crate::domain::iin::Iin;
use crate::domain::time::Timestamp;
use async_trait::async_trait;

/// A signature that was decided, with all the decision rested on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    /// As received.
    pub cms: Vec<u8>,
    pub document: Vec<u8>,
    pub number: String,
    pub signed_at: Timestamp,
    pub decided_at: Timestamp,
    /// Kind (`ocsp`, `ocsp_nonce`, `crl`) and content.
    pub evidence: Vec<(String, Vec<u8>)>,
}

#[async_trait]
pub trait ReceiptStore: Send + Sync {
    /// Keeps a code of the application's receipt, if it isn't kept yet.
    async fn put_receipt(&self, application: &str, code_hash: &[u8; 32]) -> Result<(), StoreError>;
    /// The application a receipt's code is of.
    async fn by_receipt(&self, code_hash: &[u8; 32]) -> Result<Option<Found>, StoreError>;
    /// The application signed with exactly these bytes over exactly this document.
    async fn by_signature(
        &self,
        document_sha256: &[u8; 32],
        cms_sha256: &[u8; 32],
    ) -> Result<Option<Found>, StoreError>;
    /// The signature of an applied application; `None` for any other.
    async fn decided(&self, iin: &Iin, application: &str) -> Result<Option<Decided>, StoreError>;
}

#[async_trait]
impl ReceiptStore for Database {
    async fn put_receipt(&self, application: &str, code_hash: &[u8; 32]) -> Result<(), StoreError> {
        self.again(|| async {
            let kept: bool = sql::query_scalar("SELECT EXISTS (SELECT 1 FROM receipts WHERE code_hash = ?)")
                .bind(code_hash.as_slice())
                .fetch_one(&mut *self.read().await?)
                .await?;
            if kept {
                return Ok(());
            }
            let mut tx = self.write().await?;
            sql::query("INSERT INTO receipts (code_hash, application) VALUES (?, ?) ON CONFLICT DO NOTHING")
                .bind(code_hash.as_slice())
                .bind(application)
                .execute(&mut tx)
                .await?;
            tx.commit().await?;
            Ok(())
        })
        .await
    }

    async fn by_receipt(&self, code_hash: &[u8; 32]) -> Result<Option<Found>, StoreError> {
        let row = sql::query(
            "SELECT number, state, signed_at, state_at, document_sha256 FROM receipts
             JOIN applications ON applications.id = receipts.application
             JOIN signatures ON signatures.application = applications.id
             WHERE code_hash = ?",
        )
        .bind(code_hash.as_slice())
        .fetch_optional(&mut *self.read().await?)
        .await?;
        row.map(|row| found(&row)).transpose()
    }

    async fn by_signature(
        &self,
        document_sha256: &[u8; 32],
        cms_sha256: &[u8; 32],
    ) -> Result<Option<Found>, StoreError> {
        let row = sql::query(
            "SELECT number, state, signed_at, state_at, document_sha256 FROM signatures
             JOIN applications ON applications.id = signatures.application
             WHERE cms_sha256 = ? AND document_sha256 = ?",
        )
        .bind(cms_sha256.as_slice())
        .bind(document_sha256.as_slice())
        .fetch_optional(&mut *self.read().await?)
        .await?;
        row.map(|row| found(&row)).transpose()
    }

    async fn decided(&self, iin: &Iin, application: &str) -> Result<Option<Decided>, StoreError> {
        let mut connection = self.read().await?;
        let row = sql::query(
            "SELECT cms, pdf, number, signed_at, applied_at FROM applications
             JOIN signatures ON signatures.application = applications.id
             JOIN documents ON documents.application = applications.id
                 AND documents.sha256 = signatures.document_sha256
             WHERE id = ? AND iin = ? AND state = 'applied' AND revocation = 'good'",
        )
        .bind(application)
        .bind(iin.digits())
        .fetch_optional(&mut connection)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let decided_at: i64 = row.try_get("applied_at")?;
        // What was asked before, and left it undecided, is kept but decided nothing.
        let evidence = sql::query(
            "SELECT kind, content FROM evidence
             JOIN evidence_contents ON evidence_contents.sha256 = evidence.sha256
             WHERE application = ? AND at = ? ORDER BY kind, evidence.sha256",
        )
        .bind(application)
        .bind(decided_at)
        .fetch_all(&mut connection)
        .await?
        .iter()
        .map(|row| Ok((row.try_get("kind")?, row.try_get("content")?)))
        .collect::<Result<_, StoreError>>()?;
        Ok(Some(Decided {
            cms: row.try_get("cms")?,
            document: row.try_get("pdf")?,
            number: row.try_get("number")?,
            signed_at: Timestamp(row.try_get("signed_at")?),
            decided_at: Timestamp(decided_at),
            evidence,
        }))
    }
}
