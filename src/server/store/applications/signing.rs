//! The signature and everything that follows from it, in one transaction: signature, evidence, requisites with their
//! history, audit, messages, state. None of it stands without the rest.

use super::{document, hex};
use crate::domain::iin::Iin;
use crate::domain::requisites::{Change, Requisites};
use crate::domain::time::Timestamp;
use crate::server::audit;
use crate::server::outbox::{self, Message};
use crate::server::revocation::Evidence;
use crate::server::store::StoreError;
use crate::server::store::contacts::{self, Follows};
use crate::server::store::fund;
use crate::server::store::qr::{self, Circumstances};
use crate::server::store::sql::{self, Connection};
use crate::server::world::sha256;
use serde_json::{Value, json};

/// What revocation said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Good,
    /// It is asked again at this time.
    Unknown(Timestamp),
    Revoked,
}

/// A verified signature to store.
pub struct SignedDocument<'a> {
    pub application: &'a str,
    pub document_sha256: &'a [u8; 32],
    /// As received.
    pub cms: &'a [u8],
    pub cms_sha256: &'a [u8; 32],
    pub at: Timestamp,
    pub policy_version: u32,
    /// What the verifier reported of signer and time stamp.
    pub report: Value,
    /// Never [`Verdict::Revoked`]: such a signature isn't stored.
    pub verdict: Verdict,
    pub evidence: &'a [Evidence],
    /// If it is applied at once.
    pub follows: Follows,
    pub messages: &'a [Message<'a>],
    pub request_id: &'a str,
    /// Of the session on the phone it came by, ended in the same transaction; none for NCALayer.
    pub phone: Option<PhoneAnswer<'a>>,
}

/// The answer that ends a session on the phone.
#[derive(Clone, Copy)]
pub struct PhoneAnswer<'a> {
    pub session: &'a str,
    /// The document the session is for.
    pub document_sha256: &'a [u8; 32],
    /// SHA-256 of what the phone sent.
    pub answer: [u8; 32],
    pub circumstances: Circumstances<'a>,
}

/// What came of storing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    Now,
    /// A signature is there already.
    Before,
    /// The application isn't frozen with this document (any more).
    WrongState,
    /// The Fund's record has changed since the document was made.
    Outdated,
}

pub(super) async fn sign(
    tx: &mut Connection,
    iin: &Iin,
    signed: &SignedDocument<'_>,
) -> Result<Written, StoreError> {
    let SignedDocument { application, at, .. } = *signed;
    let Some(found) = document(tx, iin, application).await? else {
        return Ok(Written::WrongState);
    };
    if found.signed.is_some() {
        return Ok(Written::Before);
    }
    let for_this = |phone: PhoneAnswer<'_>| *phone.document_sha256 == found.sha256;
    if found.sha256 != *signed.document_sha256 || !signed.phone.is_none_or(for_this) {
        return Ok(Written::WrongState);
    }
    let (held, version) = fund::requisites(tx, iin).await?;
    if version != found.requisites_version {
        return Ok(Written::Outdated);
    }
    let applies = signed.verdict == Verdict::Good;
    let done = sql::query(
        "UPDATE applications SET state = ?, state_at = ?, signed_at = ?, signed_by_way = ?, applied_at = ?
         WHERE id = ? AND iin = ? AND state = 'frozen'",
    )
    .bind(if applies { "applied" } else { "checking" })
    .bind(at.0)
    .bind(at.0)
    .bind(if signed.phone.is_some() {
        "egov_mobile"
    } else {
        "eds"
    })
    .bind(applies.then_some(at.0))
    .bind(application)
    .bind(iin.digits())
    .execute(&mut *tx)
    .await?;
    if done.rows_affected() != 1 {
        return Ok(Written::WrongState);
    }
    match signed.phone {
        None => qr::cancel_of(tx, application, at).await?,
        Some(phone) => {
            if !qr::sign(tx, phone.session, &phone.answer, at, phone.circumstances).await? {
                return Ok(Written::WrongState);
            }
        }
    }
    let (revocation, ask_again_at) = match signed.verdict {
        Verdict::Good => ("good", None),
        Verdict::Unknown(at) => ("unknown", Some(at.0)),
        Verdict::Revoked => return Err(StoreError::Damaged("a revoked signature to store")),
    };
    sql::query(
        "INSERT INTO signatures (application, document_sha256, cms, cms_sha256, verified_at, policy_version, report,
             revocation, ask_again_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(application)
    .bind(signed.document_sha256.as_slice())
    .bind(signed.cms)
    .bind(signed.cms_sha256.as_slice())
    .bind(at.0)
    .bind(signed.policy_version)
    .bind(signed.report.to_string())
    .bind(revocation)
    .bind(ask_again_at)
    .execute(&mut *tx)
    .await?;
    add_evidence(tx, application, signed.evidence, at).await?;
    if applies {
        let after = changed(&held, &found.content.changes, &found.proposed);
        fund::change_requisites(tx, iin, at, application, &after).await?;
        let changes = &found.content.changes;
        contacts::bring_in(tx, iin, application, changes, &after, &signed.follows).await?;
    }
    let entry = audit::Entry {
        at,
        event: if applies {
            "application.applied"
        } else {
            "application.signed"
        },
        iin: Some(iin),
        subject: Some(application),
        request_id: Some(signed.request_id),
        details: json!({
            "number": found.content.number,
            "document": hex(signed.document_sha256),
            "signature": hex(signed.cms_sha256),
            "revocation": revocation,
        }),
    };
    audit::insert(tx, entry).await?;
    for message in signed.messages {
        outbox::insert(tx, *message).await?;
    }
    Ok(Written::Now)
}

async fn add_evidence(
    tx: &mut Connection,
    application: &str,
    evidence: &[Evidence],
    at: Timestamp,
) -> Result<(), StoreError> {
    for piece in evidence {
        let sha256 = sha256(&piece.content);
        sql::query("INSERT INTO evidence_contents (sha256, content) VALUES (?, ?) ON CONFLICT DO NOTHING")
            .bind(sha256.as_slice())
            .bind(&piece.content)
            .execute(&mut *tx)
            .await?;
        sql::query(
            "INSERT INTO evidence (application, kind, sha256, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        )
        .bind(application)
        .bind(piece.kind)
        .bind(sha256.as_slice())
        .bind(at.0)
        .execute(&mut *tx)
        .await?;
    }
    Ok(())
}

/// What the Fund holds after the changes the document names, and only those.
pub(super) fn changed(held: &Requisites, changes: &[Change], proposed: &Requisites) -> Requisites {
    let mut after = held.clone();
    for change in changes {
        match change {
            Change::Document { .. } => after.document.clone_from(&proposed.document),
            Change::Address { .. } => after.address.clone_from(&proposed.address),
            Change::Mobile { .. } => after.mobile.clone_from(&proposed.mobile),
            Change::Home { .. } => after.home.clone_from(&proposed.home),
            Change::Work { .. } => {
                after.work.clone_from(&proposed.work);
                after.work_extension.clone_from(&proposed.work_extension);
            }
            Change::Email { .. } => after.email.clone_from(&proposed.email),
        }
    }
    after
}

/// An undecided signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToSettle {
    pub application: String,
    pub iin: Iin,
    pub cms: Vec<u8>,
    pub signed_at: Timestamp,
    /// How often was asked.
    pub asked: u32,
}

pub(super) async fn to_settle(
    connection: &mut Connection,
    at: Timestamp,
    limit: u32,
) -> Result<Vec<ToSettle>, StoreError> {
    let rows = sql::query(
        "SELECT id, iin, cms, signed_at, asked FROM signatures JOIN applications ON id = application
         WHERE ask_again_at <= ? AND state = 'checking' ORDER BY ask_again_at LIMIT ?",
    )
    .bind(at.0)
    .bind(limit)
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(ToSettle {
                application: row.try_get("id")?,
                iin: Iin::from_authority(row.try_get("iin")?).map_err(|_| StoreError::Damaged("an IIN"))?,
                cms: row.try_get("cms")?,
                signed_at: Timestamp(row.try_get("signed_at")?),
                asked: row.try_get("asked")?,
            })
        })
        .collect()
}

/// What became of an undecided signature.
pub struct Settled<'a> {
    pub application: &'a str,
    pub iin: &'a Iin,
    pub at: Timestamp,
    pub verdict: Verdict,
    pub evidence: &'a [Evidence],
    /// If it is applied.
    pub follows: Follows,
    pub messages: &'a [Message<'a>],
}

pub(super) async fn settle(tx: &mut Connection, settled: &Settled<'_>) -> Result<bool, StoreError> {
    let Settled {
        application, iin, at, ..
    } = *settled;
    let (state, revocation, event) = match settled.verdict {
        Verdict::Unknown(again) => {
            let done = sql::query(
                "UPDATE signatures SET ask_again_at = ?, asked = asked + 1
                 WHERE application = ? AND revocation = 'unknown'",
            )
            .bind(again.0)
            .bind(application)
            .execute(tx)
            .await?;
            return Ok(done.rows_affected() == 1);
        }
        Verdict::Good => ("applied", "good", "application.applied"),
        Verdict::Revoked => ("refused", "revoked", "application.refused"),
    };
    let done = sql::query(
        "UPDATE applications SET state = ?, state_at = ?, applied_at = ?
         WHERE id = ? AND iin = ? AND state = 'checking'",
    )
    .bind(state)
    .bind(at.0)
    .bind((settled.verdict == Verdict::Good).then_some(at.0))
    .bind(application)
    .bind(iin.digits())
    .execute(&mut *tx)
    .await?;
    if done.rows_affected() != 1 {
        return Ok(false);
    }
    sql::query(
        "UPDATE signatures SET revocation = ?, ask_again_at = NULL, asked = asked + 1 WHERE application = ?",
    )
    .bind(revocation)
    .bind(application)
    .execute(&mut *tx)
    .await?;
    add_evidence(tx, application, settled.evidence, at).await?;
    if settled.verdict == Verdict::Good {
        let found = document(tx, iin, application)
            .await?
            .ok_or(StoreError::Damaged("a signed document"))?;
        let (held, _) = fund::requisites(tx, iin).await?;
        let after = changed(&held, &found.content.changes, &found.proposed);
        fund::change_requisites(tx, iin, at, application, &after).await?;
        let changes = &found.content.changes;
        contacts::bring_in(tx, iin, application, changes, &after, &settled.follows).await?;
    }
    let entry = audit::Entry {
        at,
        event,
        iin: Some(iin),
        subject: Some(application),
        request_id: None,
        details: json!({ "revocation": revocation }),
    };
    audit::insert(tx, entry).await?;
    for message in settled.messages {
        outbox::insert(tx, *message).await?;
    }
    Ok(true)
}

/// Whoever writes first, this or [`settle`], decides: both leave the same state.
pub(super) async fn cancel(
    tx: &mut Connection,
    iin: &Iin,
    application: &str,
    at: Timestamp,
    messages: &[Message<'_>],
    request_id: &str,
) -> Result<bool, StoreError> {
    let done = sql::query(
        "UPDATE applications SET state = 'cancelled', state_at = ?
         WHERE id = ? AND iin = ? AND state IN ('signed', 'checking')",
    )
    .bind(at.0)
    .bind(application)
    .bind(iin.digits())
    .execute(&mut *tx)
    .await?;
    if done.rows_affected() != 1 {
        return Ok(false);
    }
    sql::query("UPDATE signatures SET ask_again_at = NULL WHERE application = ?")
        .bind(application)
        .execute(&mut *tx)
        .await?;
    let entry = audit::Entry {
        at,
        event: "application.cancelled",
        iin: Some(iin),
        subject: Some(application),
        request_id: Some(request_id),
        details: json!({}),
    };
    audit::insert(tx, entry).await?;
    for message in messages {
        outbox::insert(tx, *message).await?;
    }
    Ok(true)
}
