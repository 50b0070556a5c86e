//! Drafts, frozen documents, signatures. Every step of an application is one UPDATE guarded by the state it leaves; rows
//! are asked for with the owner's IIN, so that another's application is one that isn't there.

mod signing;

pub use signing::{PhoneAnswer, Settled, SignedDocument, ToSettle, Verdict, Written};

use super::fund::{from_json, json};
use super::sql::{self, Connection, Row};
use super::{Database, StoreError};
use crate::api::applications::SigningWay;
use crate::domain::application::ApplicationState;
use crate::domain::form::FormInput;
use crate::domain::iin::Iin;
use crate::domain::lang::Lang;
use crate::domain::requisites::Requisites;
use crate::domain::time::Timestamp;
use crate::server::audit;
use crate::server::document::{Consent, Content};
use crate::server::outbox::Message;
use async_trait::async_trait;
use serde::Deserialize;
use serde_json::json;

/// The application a person is making: a draft, or frozen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Open {
    pub id: String,
    pub state: ApplicationState,
    pub version: u32,
    pub input: FormInput,
    pub saved_at: Option<Timestamp>,
    /// Given when it was first frozen.
    pub number: Option<String>,
}

/// What came of a save.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Saved {
    /// The new version.
    Saved(u32),
    /// The draft is of another version.
    Conflict,
    /// It is no draft (any more).
    WrongState,
    NotFound,
}

/// What is frozen.
pub struct Freezing<'a> {
    pub application: &'a str,
    /// Of the draft it was made from.
    pub version: u32,
    /// Id of the consent the document repeats.
    pub consent: &'a str,
    pub content: &'a Content,
    pub proposed: &'a Requisites,
    pub requisites_version: u32,
    pub pdf: &'a [u8],
    pub sha256: &'a [u8; 32],
    pub at: Timestamp,
    pub eligible_at: Timestamp,
    pub request_id: &'a str,
}

/// A document with its application. After signing, the one that was signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    pub application: String,
    pub iin: Iin,
    pub state: ApplicationState,
    pub content: Content,
    pub proposed: Requisites,
    pub requisites_version: u32,
    pub pdf: Vec<u8>,
    pub sha256: [u8; 32],
    pub frozen_at: Timestamp,
    pub eligible_at: Timestamp,
    /// When the state was entered.
    pub state_at: Timestamp,
    pub signed: Option<Signed>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    pub at: Timestamp,
    pub way: SigningWay,
    pub applied_at: Option<Timestamp>,
    pub cms_sha256: [u8; 32],
    /// From when the contacts it brought in serve codes; none before it is applied, and where it brought in none.
    pub codes_from: Option<Timestamp>,
    pub certificate: Certificate,
}

/// What is told of the certificate a document was signed with.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
pub struct Certificate {
    /// Hexadecimal.
    pub serial: String,
    /// The authority's name.
    #[serde(default)]
    pub issuer: Option<String>,
}

/// A line of the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub id: String,
    pub number: String,
    pub state: ApplicationState,
    pub at: Timestamp,
    /// SHA-256 of its document in hexadecimal, the first 16 digits; none where the live one ended.
    pub document: Option<String>,
    pub is_signed: bool,
}

/// What anyone may know of an application whose receipt or signature they hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub number: String,
    pub state: ApplicationState,
    pub signed_at: Timestamp,
    pub state_at: Timestamp,
    pub document_sha256: [u8; 32],
}

#[async_trait]
pub trait ApplicationStore: Send + Sync {
    async fn give_consent(&self, iin: &Iin, consent: &Consent, request_id: &str) -> Result<(), StoreError>;
    /// The last consent given and not withdrawn, with its id.
    async fn consent(&self, iin: &Iin) -> Result<Option<(String, Consent)>, StoreError>;
    async fn open_application(&self, iin: &Iin) -> Result<Option<Open>, StoreError>;
    /// Makes a draft; the one there is, if another call was faster.
    async fn make_draft(&self, iin: &Iin, consent: &str, input: &FormInput) -> Result<Open, StoreError>;
    /// Keeps what is typed, over exactly the version it was made on.
    async fn save_draft(
        &self,
        iin: &Iin,
        application: &str,
        version: u32,
        input: &FormInput,
        at: Timestamp,
    ) -> Result<Saved, StoreError>;
    /// Puts another input in place, as a new version; takes a frozen application back first. False if nothing is open.
    async fn restart_draft(&self, iin: &Iin, input: &FormInput, at: Timestamp) -> Result<bool, StoreError>;
    /// The application's number, given now if it has none. `None` if it isn't this person's draft.
    async fn number(&self, iin: &Iin, application: &str, year: i16) -> Result<Option<String>, StoreError>;
    /// Freezes; false if the draft is no longer of this version or no draft.
    async fn freeze(&self, iin: &Iin, freezing: Freezing<'_>) -> Result<bool, StoreError>;
    /// Takes a frozen application back to the form; its document ends. False if it isn't frozen.
    async fn thaw(&self, iin: &Iin, application: &str, at: Timestamp) -> Result<bool, StoreError>;
    /// The live document of the application.
    async fn document(&self, iin: &Iin, application: &str) -> Result<Option<Document>, StoreError>;
    /// The bytes of the documents that ended before the live one, newest first, at most five.
    async fn ended_documents(&self, iin: &Iin, application: &str) -> Result<Vec<Vec<u8>>, StoreError>;
    /// The bytes of a document, live or ended, by the beginning of its SHA-256 in hexadecimal (16 digits), and its number.
    async fn document_bytes(
        &self,
        iin: &Iin,
        application: &str,
        sha256_start: &str,
    ) -> Result<Option<(String, Vec<u8>)>, StoreError>;
    /// Newest first, without drafts, at most 100.
    async fn history(&self, iin: &Iin) -> Result<Vec<Line>, StoreError>;
    /// Stores a verified signature and what follows from it, all or nothing.
    async fn sign(&self, iin: &Iin, signed: &SignedDocument<'_>) -> Result<Written, StoreError>;
    /// Takes a signed application back before it is applied. False if it isn't being checked (any more).
    async fn cancel(
        &self,
        iin: &Iin,
        application: &str,
        at: Timestamp,
        messages: &[Message<'_>],
        request_id: &str,
    ) -> Result<bool, StoreError>;
    /// Undecided signatures whose time to ask again has come.
    async fn to_settle(&self, at: Timestamp, limit: u32) -> Result<Vec<ToSettle>, StoreError>;
    /// Ends the checking of a signature, or puts the next question off. False if it was ended meanwhile.
    async fn settle(&self, settled: &Settled<'_>) -> Result<bool, StoreError>;
}

#[async_trait]
impl ApplicationStore for Database {
    async fn give_consent(&self, iin: &Iin, consent: &Consent, request_id: &str) -> Result<(), StoreError> {
        self.again(|| async {
            let id = self.world.id();
            let mut tx = self.write().await?;
            sql::query("INSERT INTO consents (id, iin, text_version, lang, given_at) VALUES (?, ?, ?, ?, ?)")
                .bind(&id)
                .bind(iin.digits())
                .bind(&consent.text_version)
                .bind(consent.lang.tag())
                .bind(consent.given_at.0)
                .execute(&mut tx)
                .await?;
            let entry = audit::Entry {
                at: consent.given_at,
                event: "consent.given",
                iin: Some(iin),
                subject: Some(&id),
                request_id: Some(request_id),
                details: json!({ "text_version": consent.text_version, "lang": consent.lang.tag() }),
            };
            audit::insert(&mut tx, entry).await?;
            tx.commit().await?;
            Ok(())
        })
        .await
    }

    async fn consent(&self, iin: &Iin) -> Result<Option<(String, Consent)>, StoreError> {
        let row = sql::query(
            "SELECT id AS consent, text_version, lang, given_at FROM consents
             WHERE iin = ? AND withdrawn_at IS NULL ORDER BY given_at DESC LIMIT 1",
        )
        .bind(iin.digits())
        .fetch_optional(&mut *self.read().await?)
        .await?;
        row.map(|row| Ok((row.try_get("consent")?, consent(&row)?)))
            .transpose()
    }

    async fn open_application(&self, iin: &Iin) -> Result<Option<Open>, StoreError> {
        open_application(&mut *self.read().await?, iin).await
    }

    async fn make_draft(&self, iin: &Iin, consent: &str, input: &FormInput) -> Result<Open, StoreError> {
        self.again(|| async {
            let now = self.world.now().0;
            let mut tx = self.write().await?;
            if let Some(open) = open_application(&mut tx, iin).await? {
                return Ok(open);
            }
            sql::query(
                "INSERT INTO applications (id, iin, state, version, input, consent, created_at, state_at)
             VALUES (?, ?, 'draft', 0, ?, ?, ?, ?)",
            )
            .bind(self.world.id())
            .bind(iin.digits())
            .bind(json(input)?)
            .bind(consent)
            .bind(now)
            .bind(now)
            .execute(&mut tx)
            .await?;
            let open = open_application(&mut tx, iin)
                .await?
                .ok_or(StoreError::Damaged("a new draft"))?;
            tx.commit().await?;
            Ok(open)
        })
        .await
    }

    async fn save_draft(
        &self,
        iin: &Iin,
        application: &str,
        version: u32,
        input: &FormInput,
        at: Timestamp,
    ) -> Result<Saved, StoreError> {
        self.again(|| async {
            let content = json(input)?;
            let mut tx = self.write().await?;
            let done = sql::query(
                "UPDATE applications SET version = version + 1, input = ?, saved_at = ?
             WHERE id = ? AND iin = ? AND state = 'draft' AND version = ?",
            )
            .bind(&content)
            .bind(at.0)
            .bind(application)
            .bind(iin.digits())
            .bind(version)
            .execute(&mut tx)
            .await?;
            if done.rows_affected() == 1 {
                tx.commit().await?;
                return Ok(Saved::Saved(version + 1));
            }
            let row = sql::query("SELECT state, version, input FROM applications WHERE id = ? AND iin = ?")
                .bind(application)
                .bind(iin.digits())
                .fetch_optional(&mut tx)
                .await?;
            let Some(row) = row else {
                return Ok(Saved::NotFound);
            };
            if row.try_get::<&str>("state")? != "draft" {
                return Ok(Saved::WrongState);
            }
            // The answer to this very save was lost, and it is sent again: the same answer.
            let found: u32 = row.try_get("version")?;
            if found == version.saturating_add(1) && row.try_get::<&str>("input")? == content {
                return Ok(Saved::Saved(found));
            }
            Ok(Saved::Conflict)
        })
        .await
    }

    async fn restart_draft(&self, iin: &Iin, input: &FormInput, at: Timestamp) -> Result<bool, StoreError> {
        self.again(|| async {
            let mut tx = self.write().await?;
            let Some(open) = open_application(&mut tx, iin).await? else {
                return Ok(false);
            };
            if open.state == ApplicationState::Frozen {
                thaw(&mut tx, iin, &open.id, at).await?;
            }
            sql::query(
                "UPDATE applications SET version = version + 1, input = ?, saved_at = NULL
             WHERE id = ? AND iin = ? AND state = 'draft'",
            )
            .bind(json(input)?)
            .bind(&open.id)
            .bind(iin.digits())
            .execute(&mut tx)
            .await?;
            tx.commit().await?;
            Ok(true)
        })
        .await
    }

    async fn number(&self, iin: &Iin, application: &str, year: i16) -> Result<Option<String>, StoreError> {
        self.again(|| async {
            let mut tx = self.write().await?;
            let known: Option<Option<String>> = sql::query_scalar(
                "SELECT number FROM applications WHERE id = ? AND iin = ? AND state IN ('draft', 'frozen')",
            )
            .bind(application)
            .bind(iin.digits())
            .fetch_optional(&mut tx)
            .await?;
            let number = match known {
                None => return Ok(None),
                Some(Some(number)) => return Ok(Some(number)),
                Some(None) => {
                    let last: i64 = sql::query_scalar(
                        "INSERT INTO application_numbers (year, last) VALUES (?, 1)
                     ON CONFLICT (year) DO UPDATE SET last = application_numbers.last + 1 RETURNING last",
                    )
                    .bind(i64::from(year))
                    .fetch_one(&mut tx)
                    .await?;
                    format!("{year}-{last:06}")
                }
            };
            sql::query("UPDATE applications SET number = ? WHERE id = ? AND iin = ?")
                .bind(&number)
                .bind(application)
                .bind(iin.digits())
                .execute(&mut tx)
                .await?;
            tx.commit().await?;
            Ok(Some(number))
        })
        .await
    }

    async fn freeze(&self, iin: &Iin, freezing: Freezing<'_>) -> Result<bool, StoreError> {
        self.again(|| async {
        let Freezing { application, at, .. } = freezing;
        let mut tx = self.write().await?;
        let done = sql::query(
            "UPDATE applications SET state = 'frozen', state_at = ?, consent = ?
             WHERE id = ? AND iin = ? AND state = 'draft' AND version = ? AND number = ?",
        )
        .bind(at.0)
        .bind(freezing.consent)
        .bind(application)
        .bind(iin.digits())
        .bind(freezing.version)
        .bind(&freezing.content.number)
        .execute(&mut tx)
        .await?;
        if done.rows_affected() != 1 {
            return Ok(false);
        }
        // The same data at the same moment make the same document: then the one that ended lives again.
        sql::query(
            "INSERT INTO documents (application, sha256, pdf, content, proposed, requisites_version, frozen_at, eligible_at)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?)
             ON CONFLICT (application, sha256) DO UPDATE SET ended_at = NULL, frozen_at = excluded.frozen_at,
                 eligible_at = excluded.eligible_at, requisites_version = excluded.requisites_version",
        )
        .bind(application)
        .bind(freezing.sha256.as_slice())
        .bind(freezing.pdf)
        .bind(json(freezing.content)?)
        .bind(json(freezing.proposed)?)
        .bind(freezing.requisites_version)
        .bind(at.0)
        .bind(freezing.eligible_at.0)
        .execute(&mut tx)
        .await?;
        let entry = audit::Entry {
            at,
            event: "application.frozen",
            iin: Some(iin),
            subject: Some(application),
            request_id: Some(freezing.request_id),
            details: json!({ "number": freezing.content.number, "sha256": hex(freezing.sha256) }),
        };
        audit::insert(&mut tx, entry).await?;
        tx.commit().await?;
        Ok(true)
        })
        .await
    }

    async fn thaw(&self, iin: &Iin, application: &str, at: Timestamp) -> Result<bool, StoreError> {
        self.again(|| async {
            let mut tx = self.write().await?;
            let done = thaw(&mut tx, iin, application, at).await?;
            if done {
                tx.commit().await?;
            }
            Ok(done)
        })
        .await
    }

    async fn document(&self, iin: &Iin, application: &str) -> Result<Option<Document>, StoreError> {
        document(&mut *self.read().await?, iin, application).await
    }

    async fn ended_documents(&self, iin: &Iin, application: &str) -> Result<Vec<Vec<u8>>, StoreError> {
        let documents = sql::query_scalar(
            "SELECT pdf FROM documents JOIN applications ON id = application
             WHERE id = ? AND iin = ? AND ended_at IS NOT NULL ORDER BY ended_at DESC LIMIT 5",
        )
        .bind(application)
        .bind(iin.digits())
        .fetch_all(&mut *self.read().await?)
        .await?;
        Ok(documents)
    }

    async fn document_bytes(
        &self,
        iin: &Iin,
        application: &str,
        sha256_start: &str,
    ) -> Result<Option<(String, Vec<u8>)>, StoreError> {
        let Some((first, last)) = beginning_with(sha256_start) else {
            return Ok(None);
        };
        let row = sql::query(
            "SELECT number, pdf FROM documents JOIN applications ON applications.id = documents.application
             WHERE id = ? AND iin = ? AND sha256 BETWEEN ? AND ?",
        )
        .bind(application)
        .bind(iin.digits())
        .bind(first.as_slice())
        .bind(last.as_slice())
        .fetch_optional(&mut *self.read().await?)
        .await?;
        row.map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).transpose()
    }

    async fn history(&self, iin: &Iin) -> Result<Vec<Line>, StoreError> {
        let rows = sql::query(
            "SELECT id, number, state, COALESCE(signed_at, state_at) AS at, signed_at IS NOT NULL AS is_signed, sha256
             FROM applications LEFT JOIN documents ON documents.application = id AND ended_at IS NULL
             WHERE iin = ? AND state <> 'draft' AND number IS NOT NULL ORDER BY at DESC, number DESC LIMIT 100",
        )
        .bind(iin.digits())
        .fetch_all(&mut *self.read().await?)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(Line {
                    id: row.try_get("id")?,
                    number: row.try_get("number")?,
                    state: state(row)?,
                    at: Timestamp(row.try_get("at")?),
                    document: row
                        .try_get::<Option<&[u8]>>("sha256")?
                        .map(|sha256| hex(&sha256[..sha256.len().min(8)])),
                    is_signed: row.try_get("is_signed")?,
                })
            })
            .collect()
    }

    async fn sign(&self, iin: &Iin, signed: &SignedDocument<'_>) -> Result<Written, StoreError> {
        self.again(|| async {
            let mut tx = self.write().await?;
            let written = signing::sign(&mut tx, iin, signed).await?;
            if written == Written::Now {
                tx.commit().await?;
            }
            Ok(written)
        })
        .await
    }

    async fn cancel(
        &self,
        iin: &Iin,
        application: &str,
        at: Timestamp,
        messages: &[Message<'_>],
        request_id: &str,
    ) -> Result<bool, StoreError> {
        self.again(|| async {
            let mut tx = self.write().await?;
            let done = signing::cancel(&mut tx, iin, application, at, messages, request_id).await?;
            if done {
                tx.commit().await?;
            }
            Ok(done)
        })
        .await
    }

    async fn to_settle(&self, at: Timestamp, limit: u32) -> Result<Vec<ToSettle>, StoreError> {
        signing::to_settle(&mut *self.read().await?, at, limit).await
    }

    async fn settle(&self, settled: &Settled<'_>) -> Result<bool, StoreError> {
        self.again(|| async {
            let mut tx = self.write().await?;
            let done = signing::settle(&mut tx, settled).await?;
            if done {
                tx.commit().await?;
            }
            Ok(done)
        })
        .await
    }
}

async fn open_application(connection: &mut Connection, iin: &Iin) -> Result<Option<Open>, StoreError> {
    let row = sql::query(
        "SELECT id, state, version, input, saved_at, number FROM applications
         WHERE iin = ? AND state IN ('draft', 'frozen')",
    )
    .bind(iin.digits())
    .fetch_optional(connection)
    .await?;
    row.map(|row| {
        Ok(Open {
            id: row.try_get("id")?,
            state: state(&row)?,
            version: row.try_get("version")?,
            input: from_json(row.try_get("input")?, "a draft")?,
            saved_at: row.try_get::<Option<i64>>("saved_at")?.map(Timestamp),
            number: row.try_get("number")?,
        })
    })
    .transpose()
}

async fn thaw(
    connection: &mut Connection,
    iin: &Iin,
    application: &str,
    at: Timestamp,
) -> Result<bool, StoreError> {
    let done = sql::query(
        "UPDATE applications SET state = 'draft', state_at = ? WHERE id = ? AND iin = ? AND state = 'frozen'",
    )
    .bind(at.0)
    .bind(application)
    .bind(iin.digits())
    .execute(&mut *connection)
    .await?;
    if done.rows_affected() != 1 {
        return Ok(false);
    }
    sql::query("UPDATE documents SET ended_at = ? WHERE application = ? AND ended_at IS NULL")
        .bind(at.0)
        .bind(application)
        .execute(&mut *connection)
        .await?;
    super::qr::cancel_of(connection, application, at).await?;
    let entry = audit::Entry {
        at,
        event: "application.thawed",
        iin: Some(iin),
        subject: Some(application),
        request_id: None,
        details: json!({}),
    };
    audit::insert(connection, entry).await?;
    Ok(true)
}

pub(super) async fn document(
    connection: &mut Connection,
    iin: &Iin,
    application: &str,
) -> Result<Option<Document>, StoreError> {
    let row = sql::query(
        "SELECT id, state, content, proposed, requisites_version, pdf, sha256, frozen_at, eligible_at, state_at,
                signed_at, applied_at, signed_by_way, cms_sha256, report,
                (SELECT max(codes_from) FROM contacts WHERE contacts.application = id) AS codes_from
         FROM applications JOIN documents ON documents.application = id AND ended_at IS NULL
         LEFT JOIN signatures ON signatures.application = id
         WHERE id = ? AND iin = ?",
    )
    .bind(application)
    .bind(iin.digits())
    .fetch_optional(connection)
    .await?;
    row.map(|row| {
        let signed = match row.try_get::<Option<i64>>("signed_at")? {
            None => None,
            Some(at) => Some(Signed {
                at: Timestamp(at),
                way: way(row.try_get("signed_by_way")?)?,
                applied_at: row.try_get::<Option<i64>>("applied_at")?.map(Timestamp),
                cms_sha256: digest(row.try_get("cms_sha256")?)?,
                codes_from: row.try_get::<Option<i64>>("codes_from")?.map(Timestamp),
                certificate: from_json(row.try_get("report")?, "a verifier's report")?,
            }),
        };
        Ok(Document {
            application: row.try_get("id")?,
            iin: iin.clone(),
            state: state(&row)?,
            content: from_json(row.try_get("content")?, "a document's content")?,
            proposed: from_json(row.try_get("proposed")?, "proposed requisites")?,
            requisites_version: row.try_get("requisites_version")?,
            pdf: row.try_get("pdf")?,
            sha256: digest(row.try_get("sha256")?)?,
            frozen_at: Timestamp(row.try_get("frozen_at")?),
            eligible_at: Timestamp(row.try_get("eligible_at")?),
            state_at: Timestamp(row.try_get("state_at")?),
            signed,
        })
    })
    .transpose()
}

/// `number`, `state`, `signed_at`, `state_at` and `document_sha256` of a signed application.
pub(super) fn found(row: &Row) -> Result<Found, StoreError> {
    Ok(Found {
        number: row.try_get("number")?,
        state: state(row)?,
        signed_at: Timestamp(row.try_get("signed_at")?),
        state_at: Timestamp(row.try_get("state_at")?),
        document_sha256: digest(row.try_get("document_sha256")?)?,
    })
}

fn state(row: &Row) -> Result<ApplicationState, StoreError> {
    ApplicationState::parse(row.try_get("state")?).ok_or(StoreError::Damaged("an application's state"))
}

fn consent(row: &Row) -> Result<Consent, StoreError> {
    Ok(Consent {
        text_version: row.try_get("text_version")?,
        lang: Lang::from_tag(row.try_get("lang")?).ok_or(StoreError::Damaged("a consent's language"))?,
        given_at: Timestamp(row.try_get("given_at")?),
    })
}

fn way(text: &str) -> Result<SigningWay, StoreError> {
    match text {
        "eds" => Ok(SigningWay::Eds),
        "egov_mobile" => Ok(SigningWay::EgovMobile),
        _ => Err(StoreError::Damaged("a way of signing")),
    }
}

fn digest(bytes: &[u8]) -> Result<[u8; 32], StoreError> {
    bytes.try_into().map_err(|_| StoreError::Damaged("a digest"))
}

/// The first and the last digest whose hexadecimal begins with these 16 digits.
fn beginning_with(digits: &str) -> Option<([u8; 32], [u8; 32])> {
    let lower = |digit: u8| digit.is_ascii_digit() || (b'a'..=b'f').contains(&digit);
    if digits.len() != 16 || !digits.bytes().all(lower) {
        return None;
    }
    let beginning = u64::from_str_radix(digits, 16).ok()?.to_be_bytes();
    let (mut first, mut last) = ([0; 32], [0xff; 32]);
    first[..8].copy_from_slice(&beginning);
    last[..8].copy_from_slice(&beginning);
    Some((first, last))
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
