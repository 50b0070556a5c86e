//! Whether the database holds exactly what was answered: everything noted once, nothing half-done, every signature valid over
//! its stored document. Read behind the program's back, on either engine; the rules are written here anew, apart from
//! the program's own.

use super::DriverError;
use super::ledger::Noted;
use super::visitor::hex;
use crate::api::applications::SigningWay;
use crate::domain::requisites::{Change, Requisites};
use crate::pki::{self, Anchors, Content, Instant, Purpose};
use crate::server::store::sql::{Connection, Row, query};
use crate::server::world::sha256;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use sqlx::Error;
use std::collections::{BTreeMap, HashMap, HashSet};

struct Application {
    iin: String,
    number: String,
    state: String,
    signed_at: Option<i64>,
    way: String,
    version: i64,
}

struct StoredDocument {
    sha256: String,
    content: String,
    proposed: String,
    is_live: bool,
}

struct StoredSignature {
    document_sha256: String,
    cms_sha256: String,
    revocation: String,
}

struct Step {
    version: i64,
    application: String,
    before: String,
    after: String,
}

#[derive(Deserialize)]
struct DocumentContent {
    changes: Vec<Change>,
}

/// Everything the rules need, of one moment; bytes of documents and signatures apart.
pub struct Snapshot {
    applications: BTreeMap<String, Application>,
    documents: HashMap<String, Vec<StoredDocument>>,
    signatures: HashMap<String, StoredSignature>,
    /// By person, in the order of the versions.
    history: HashMap<String, Vec<Step>>,
    /// By person: version and content.
    requisites: HashMap<String, (i64, String)>,
    /// By application: event and details.
    audited: HashMap<String, Vec<(String, Value)>>,
    /// Channel and recipient at a moment.
    outbox: HashMap<(String, String, i64), usize>,
    events: usize,
    /// By application: how many signed.
    signed_by_phone: HashMap<String, usize>,
    live_phone_sessions: HashSet<String>,
    evidence: HashMap<String, usize>,
    sign_ins: HashMap<String, usize>,
    accounts: HashSet<String>,
}

impl Snapshot {
    /// On a connection of one moment. Of the people who have an application: the others of ten million are nobody's matter
    /// here.
    ///
    /// # Errors
    /// [`DriverError::Database`].
    pub async fn read(on: &mut Connection) -> Result<Self, DriverError> {
        let mut applications = BTreeMap::new();
        let sql = "SELECT id, iin, number, state, signed_at, signed_by_way, version FROM applications";
        for row in query(sql).fetch_all(on).await? {
            let application = Application {
                iin: row.try_get(1)?,
                number: text(&row, 2)?,
                state: row.try_get(3)?,
                signed_at: row.try_get(4)?,
                way: text(&row, 5)?,
                version: row.try_get(6)?,
            };
            applications.insert(row.try_get(0)?, application);
        }
        let mut documents: HashMap<String, Vec<StoredDocument>> = HashMap::new();
        let sql = "SELECT application, sha256, content, proposed, ended_at FROM documents";
        for row in query(sql).fetch_all(on).await? {
            documents
                .entry(row.try_get(0)?)
                .or_default()
                .push(StoredDocument {
                    sha256: hex(row.try_get(1)?),
                    content: row.try_get(2)?,
                    proposed: row.try_get(3)?,
                    is_live: row.try_get::<Option<i64>>(4)?.is_none(),
                });
        }
        let mut signatures = HashMap::new();
        let sql = "SELECT application, document_sha256, cms_sha256, revocation FROM signatures";
        for row in query(sql).fetch_all(on).await? {
            let signature = StoredSignature {
                document_sha256: hex(row.try_get(1)?),
                cms_sha256: hex(row.try_get(2)?),
                revocation: row.try_get(3)?,
            };
            signatures.insert(row.try_get(0)?, signature);
        }
        let mut history: HashMap<String, Vec<Step>> = HashMap::new();
        let sql = "SELECT iin, version, application, before, after FROM requisites_history
                   WHERE iin IN (SELECT iin FROM applications) ORDER BY iin, version";
        for row in query(sql).fetch_all(on).await? {
            history.entry(row.try_get(0)?).or_default().push(Step {
                version: row.try_get(1)?,
                application: text(&row, 2)?,
                before: row.try_get(3)?,
                after: row.try_get(4)?,
            });
        }
        let mut requisites = HashMap::new();
        let sql = "SELECT iin, version, content FROM requisites WHERE iin IN (SELECT iin FROM applications)";
        for row in query(sql).fetch_all(on).await? {
            requisites.insert(row.try_get(0)?, (row.try_get(1)?, row.try_get(2)?));
        }
        let mut audited: HashMap<String, Vec<(String, Value)>> = HashMap::new();
        let sql = "SELECT subject, event, details FROM audit
                   WHERE event IN ('application.applied', 'application.signed') ORDER BY id";
        for row in query(sql).fetch_all(on).await? {
            let details = serde_json::from_str(row.try_get(2)?).unwrap_or_default();
            let of = audited.entry(text(&row, 0)?).or_default();
            of.push((row.try_get(1)?, details));
        }
        let mut outbox: HashMap<_, usize> = HashMap::new();
        let mut events = 0;
        let sql = "SELECT channel, recipient, created_at FROM outbox";
        for row in query(sql).fetch_all(on).await? {
            let channel: String = row.try_get(0)?;
            events += usize::from(channel == "webhook");
            let key = (channel, row.try_get(1)?, row.try_get(2)?);
            *outbox.entry(key).or_default() += 1;
        }
        let mut signed_by_phone: HashMap<String, usize> = HashMap::new();
        let mut live_phone_sessions = HashSet::new();
        let sql = "SELECT application, state FROM qr_sessions";
        for row in query(sql).fetch_all(on).await? {
            match row.try_get(1)? {
                "signed" => *signed_by_phone.entry(row.try_get(0)?).or_default() += 1,
                "new" | "opened" | "reading" => {
                    live_phone_sessions.insert(row.try_get(0)?);
                }
                _ => {}
            }
        }
        let evidence = counted(
            on,
            "SELECT application, COUNT(*) FROM evidence JOIN evidence_contents USING (sha256) GROUP BY application",
        )
        .await?;
        let sign_ins = counted(on, "SELECT iin, COUNT(*) FROM sign_ins GROUP BY iin").await?;
        let accounts = "SELECT iin, 1 FROM accounts WHERE iin IN (SELECT iin FROM sign_ins)";
        let accounts = query(accounts).fetch_all(on).await?;
        let accounts = accounts
            .iter()
            .map(|row| row.try_get(0))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            applications,
            documents,
            signatures,
            history,
            requisites,
            audited,
            outbox,
            events,
            signed_by_phone,
            live_phone_sessions,
            evidence,
            sign_ins,
            accounts,
        })
    }

    /// How many applications are signed.
    #[must_use]
    pub fn signed(&self) -> usize {
        self.signatures.len()
    }

    /// Ids of the signed ones.
    pub fn signed_ones(&self) -> impl Iterator<Item = &str> {
        self.signatures.keys().map(String::as_str)
    }

    /// What is half-done, doubled or torn, whoever made it; nothing, as it should be.
    #[must_use]
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        for (id, application) in &self.applications {
            let mut fault = |why: &str| {
                faults.push(format!(
                    "{} ({id}, {}): {why}",
                    application.number, application.state
                ));
            };
            self.judge(id, application, &mut fault);
        }
        for id in self.signatures.keys() {
            if !self.applications.contains_key(id) {
                faults.push(format!("{id}: a signature of no application"));
            }
        }
        let applied = self
            .applications
            .values()
            .filter(|a| a.state == "applied")
            .count();
        if self.events != applied {
            faults.push(format!("{applied} applied, {} events", self.events));
        }
        for (iin, steps) in &self.history {
            // Synthetic people: their number may be told.
            self.judge_history(iin, steps, &mut faults);
        }
        faults
    }

    fn judge(&self, id: &str, application: &Application, fault: &mut impl FnMut(&str)) {
        let state = application.state.as_str();
        let signed = matches!(state, "signed" | "checking" | "applied");
        let signature = self.signatures.get(id);
        if signed != signature.is_some() && !matches!(state, "cancelled" | "refused") {
            fault("state and signature don't agree");
        }
        let live: Vec<_> = self
            .documents
            .get(id)
            .into_iter()
            .flatten()
            .filter(|document| document.is_live)
            .collect();
        if live.len() != usize::from(signed || state == "frozen") && !matches!(state, "cancelled" | "refused")
        {
            fault(&format!("{} live documents", live.len()));
        }
        if self.live_phone_sessions.contains(id) && state != "frozen" {
            fault("a phone is still waited for");
        }
        let by_phone = self.signed_by_phone.get(id).copied().unwrap_or_default();
        if by_phone != usize::from(application.way == "egov_mobile") {
            fault(&format!("{by_phone} phones have signed"));
        }
        let of = |event: &str| {
            let told = self.audited.get(id).into_iter().flatten();
            told.filter(|(found, _)| found == event).count()
        };
        let steps: Vec<&Step> = self
            .history
            .get(&application.iin)
            .into_iter()
            .flatten()
            .filter(|step| step.application == id)
            .collect();
        let applied = usize::from(state == "applied");
        if steps.len() != applied {
            fault(&format!("{} times in the history of the requisites", steps.len()));
        }
        if of("application.applied") != applied {
            fault(&format!(
                "{} times applied in the audit",
                of("application.applied")
            ));
        }
        let (Some(signature), [document]) = (signature, live.as_slice()) else {
            return;
        };
        if signature.document_sha256 != document.sha256 {
            fault("signed is another document than the live one");
        }
        if signature.revocation == "good" && !self.evidence.contains_key(id) {
            fault("no evidence");
        }
        let told = self.audited.get(id).into_iter().flatten();
        let told: Vec<_> = told
            .filter(|(_, details)| details["signature"].is_string())
            .collect();
        match told.as_slice() {
            [(_, details)]
                if details["signature"] == signature.cms_sha256.as_str()
                    && details["document"] == document.sha256.as_str()
                    && details["number"] == application.number.as_str() => {}
            _ => fault("the audit doesn't tell of this signature once"),
        }
        if let [step] = steps.as_slice() {
            self.judge_applied(application, document, step, fault);
        }
    }

    /// What an applied application must have brought about.
    fn judge_applied(
        &self,
        application: &Application,
        document: &StoredDocument,
        step: &Step,
        fault: &mut impl FnMut(&str),
    ) {
        let (Some(content), Some(proposed), Some(before), Some(after)) = (
            read::<DocumentContent>(&document.content),
            read::<Requisites>(&document.proposed),
            read::<Requisites>(&step.before),
            read::<Requisites>(&step.after),
        ) else {
            fault("what it holds can't be read");
            return;
        };
        if after != with(&before, &content.changes, &proposed) {
            fault("the requisites aren't what the document says");
        }
        let at = application.signed_at.unwrap_or_default();
        let mut expected: Vec<(&str, &str)> = Vec::new();
        for (channel, held, change) in [
            ("sms", &before.mobile, content.changes.iter().find_map(mobile)),
            ("email", &before.email, content.changes.iter().find_map(email)),
        ] {
            match change {
                Some((before, after)) => expected.extend([(channel, before), (channel, after)]),
                None => expected.push((channel, held)),
            }
        }
        for (channel, recipient) in expected.into_iter().filter(|(_, to)| !to.is_empty()) {
            let key = (channel.to_owned(), recipient.to_owned(), at);
            let sent = self.outbox.get(&key).copied().unwrap_or_default();
            if sent != 1 {
                fault(&format!("{sent} messages by {channel} to one contact"));
            }
        }
    }

    fn judge_history(&self, iin: &str, steps: &[Step], faults: &mut Vec<String>) {
        for (index, step) in steps.iter().enumerate() {
            if usize::try_from(step.version) != Ok(index + 1) {
                faults.push(format!("{iin}: version {} stands at {}", step.version, index + 1));
            }
            if index > 0 && read::<Value>(&step.before) != read::<Value>(&steps[index - 1].after) {
                faults.push(format!("{iin}: version {} doesn't follow", step.version));
            }
        }
        let held = self.requisites.get(iin);
        let last = steps
            .last()
            .map(|step| (step.version, read::<Value>(&step.after)));
        if held.map(|(version, content)| (*version, read::<Value>(content))) != last {
            faults.push(format!("{iin}: what is held isn't the end of the history"));
        }
    }

    /// What was noted and isn't there.
    #[must_use]
    pub fn missing(&self, noted: &[Noted]) -> Vec<String> {
        let mut missing = Vec::new();
        let mut sign_ins: HashMap<&str, usize> = HashMap::new();
        for one in noted {
            let is_there = match one {
                Noted::SignedIn { iin } => {
                    let count = sign_ins.entry(iin).or_default();
                    *count += 1;
                    self.sign_ins.get(iin).is_some_and(|held| held >= count)
                }
                Noted::Registered { iin } => self.accounts.contains(iin),
                Noted::Saved {
                    iin,
                    application,
                    version,
                } => self
                    .of(application, iin)
                    .is_some_and(|held| u64::try_from(held.version).is_ok_and(|held| held >= *version)),
                Noted::Frozen {
                    iin,
                    application,
                    number,
                    document_sha256,
                } => {
                    self.of(application, iin)
                        .is_some_and(|held| held.number == *number)
                        && self.documents.get(application).is_some_and(|documents| {
                            documents.iter().any(|held| held.sha256 == *document_sha256)
                        })
                }
                Noted::Signed {
                    iin,
                    application,
                    number,
                    document_sha256,
                    cms_sha256,
                    way,
                } => {
                    let way = match way {
                        SigningWay::Eds => "eds",
                        SigningWay::EgovMobile => "egov_mobile",
                    };
                    self.of(application, iin).is_some_and(|held| {
                        held.number == *number
                            && held.way == way
                            && matches!(held.state.as_str(), "applied" | "checking")
                    }) && self.signatures.get(application).is_some_and(|held| {
                        held.document_sha256 == *document_sha256 && held.cms_sha256 == *cms_sha256
                    })
                }
            };
            if !is_there {
                missing.push(format!("lost: {one:?}"));
            }
        }
        missing
    }

    fn of(&self, application: &str, iin: &str) -> Option<&Application> {
        self.applications.get(application).filter(|held| held.iin == iin)
    }
}

/// Verifies the stored signature of an application anew, over the stored bytes; what is wrong with it.
///
/// # Errors
/// [`DriverError::Database`].
pub async fn verify(
    on: &mut Connection,
    application: &str,
    anchors: &Anchors,
) -> Result<Option<String>, DriverError> {
    let rows = query(
        "SELECT pdf, document_sha256, cms, cms_sha256, verified_at, iin FROM signatures
         JOIN documents ON documents.application = signatures.application AND sha256 = document_sha256
         JOIN applications ON applications.id = signatures.application
         WHERE signatures.application = ?",
    )
    .bind(application)
    .fetch_all(on)
    .await?;
    let [row] = rows.as_slice() else {
        return Ok(Some(format!("{application}: {} stored signatures", rows.len())));
    };
    let (pdf, cms): (&[u8], &[u8]) = (row.try_get(0)?, row.try_get(2)?);
    let hashes: [&[u8]; 2] = [row.try_get(1)?, row.try_get(3)?];
    let as_stored = [sha256(pdf).as_slice(), sha256(cms).as_slice()] == hashes;
    let owner: &str = row.try_get(5)?;
    let at = Instant::from_unix(row.try_get::<i64>(4)?.div_euclid(1000));
    let verdict = pki::verify(cms, Content::Attached(pdf), Purpose::Document, at, anchors);
    Ok(match verdict {
        _ if !as_stored => Some(format!("{application}: the bytes haven't the stored hash")),
        Err(refusal) => Some(format!("{application}: {}", refusal.code())),
        Ok(verified) if verified.signer.iin != owner => Some(format!("{application}: another's")),
        Ok(_) => None,
    })
}

/// Empty where there is none.
fn text(row: &Row, column: usize) -> Result<String, Error> {
    Ok(row.try_get::<Option<String>>(column)?.unwrap_or_default())
}

async fn counted(on: &mut Connection, sql: &'static str) -> Result<HashMap<String, usize>, Error> {
    let rows = query(sql).fetch_all(on).await?;
    rows.iter()
        .map(|row| {
            let count: u32 = row.try_get(1)?;
            Ok((row.try_get(0)?, usize::try_from(count).unwrap_or(usize::MAX)))
        })
        .collect()
}

fn read<T: DeserializeOwned>(json: &str) -> Option<T> {
    serde_json::from_str(json).ok()
}

fn mobile(change: &Change) -> Option<(&str, &str)> {
    match change {
        Change::Mobile { before, after } => Some((before, after)),
        _ => None,
    }
}

fn email(change: &Change) -> Option<(&str, &str)> {
    match change {
        Change::Email { before, after } => Some((before, after)),
        _ => None,
    }
}

/// Requisites with what the document changes, and nothing else.
fn with(before: &Requisites, changes: &[Change], proposed: &Requisites) -> Requisites {
    let mut after = before.clone();
    for change in changes {
        match change {
            Change::Document { after: document, .. } => after.document = Some((**document).clone()),
            Change::Address { after: address, .. } => after.address = (**address).clone(),
            Change::Mobile { after: mobile, .. } => after.mobile.clone_from(mobile),
            Change::Home { after: home, .. } => after.home.clone_from(home),
            Change::Email { after: email, .. } => after.email.clone_from(email),
            // Number and extension stand in one text there.
            Change::Work { .. } => {
                after.work.clone_from(&proposed.work);
                after.work_extension.clone_from(&proposed.work_extension);
            }
        }
    }
    after
}
