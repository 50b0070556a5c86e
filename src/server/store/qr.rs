//! Signing sessions on the phone. The rules are [`session`]'s; here each step is one UPDATE guarded by exactly the session
//! that the rules saw, with its audit row in the same transaction.

use super::accounts::{count, counted};
use super::sql::{self, Connection, Row};
use super::{Database, StoreError};
use crate::domain::iin::Iin;
use crate::domain::time::Timestamp;
use crate::server::audit;
use crate::server::limits::Limit;
use crate::server::signing::egov_mobile::session::{self, Answer, Link, QrState, Session, Way};
use async_trait::async_trait;

/// A stored session.
#[derive(Clone, PartialEq, Eq)]
pub struct QrRow {
    pub id: String,
    pub seed: [u8; 16],
    pub application: String,
    pub iin: Iin,
    pub document_sha256: [u8; 32],
    pub session: Session,
    /// The phone that opened it.
    pub phone: Option<Device>,
    /// Number of its last change.
    pub change: i64,
}

/// A phone, or a browser, as the network shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    pub address: String,
    /// At most 200 characters.
    pub agent: String,
}

/// A session to be started; `links` and `document_lookup` are SHA-256 of its secrets.
pub struct NewQr {
    pub id: String,
    pub seed: [u8; 16],
    pub application: String,
    pub iin: Iin,
    pub document_sha256: [u8; 32],
    pub document_lookup: [u8; 32],
    pub links: Vec<([u8; 32], Link)>,
}

/// What became of a wish to start.
pub enum Started {
    /// A new session.
    New(QrRow),
    /// The live one of this application and document.
    Live(QrRow),
    /// The person started too many within an hour.
    TooMany { retry_after_seconds: u32 },
}

/// So many sessions may a person start within an hour.
pub const STARTS_PER_HOUR: i64 = 30;
/// So often may a phone ask within a session.
pub const FETCHES: i64 = 100;
/// Ended sessions are kept this long, so that a late phone hears what became of its session; the audit keeps the rest.
const KEPT_MS: i64 = 24 * 3_600_000;
const HOUR_MS: i64 = 3_600_000;

/// For the audit, beside the step itself.
#[derive(Clone, Copy, Default)]
pub struct Circumstances<'a> {
    pub request_id: Option<&'a str>,
    /// Of the one who asks; kept with the session when it is opened.
    pub phone: Option<&'a Device>,
    /// Of the page that asks, if it isn't a phone that does.
    pub browser: Option<&'a Device>,
    /// Why a signature was refused: the verifier's code.
    pub reason: Option<&'a str>,
}

#[async_trait]
pub trait QrStore: Send + Sync {
    /// Counts a request of a phone. `Some`: one too many, wait so many seconds. What is refused costs no write.
    async fn admit(&self, limit: Limit, now: Timestamp) -> Result<Option<u32>, StoreError>;
    /// Starts a session, or finds the live one. One of another document is cancelled first.
    async fn start_qr(
        &self,
        new: NewQr,
        now: Timestamp,
        by: Circumstances<'_>,
    ) -> Result<Started, StoreError>;
    async fn qr(&self, id: &str) -> Result<Option<QrRow>, StoreError>;
    /// By SHA-256 of the secret of API №1.
    async fn qr_by_link(&self, lookup: &[u8; 32]) -> Result<Option<(QrRow, Link)>, StoreError>;
    /// By SHA-256 of the secret of API №2.
    async fn qr_by_document(&self, lookup: &[u8; 32]) -> Result<Option<QrRow>, StoreError>;
    /// Stores the next session if the present one still is `row`'s; `false` if somebody was faster.
    async fn step_qr(
        &self,
        row: &QrRow,
        next: &Session,
        now: Timestamp,
        why: Circumstances<'_>,
    ) -> Result<bool, StoreError>;
    /// Counts a question of the phone that changes nothing, and notes one that comes from elsewhere than the first;
    /// `false` if there were too many.
    async fn count_qr_fetch(
        &self,
        row: &QrRow,
        now: Timestamp,
        why: Circumstances<'_>,
    ) -> Result<bool, StoreError>;
    /// What changed after this number, oldest first; at most 1000.
    async fn qr_changes(&self, after: i64) -> Result<Vec<QrRow>, StoreError>;
    /// The number of the last change.
    async fn last_qr_change(&self) -> Result<i64, StoreError>;
    /// Writes down the ends that time made, and forgets what ended a day ago. Writes nothing when there is nothing.
    async fn sweep_qr(&self, now: Timestamp) -> Result<(), StoreError>;
}

const LIVE: &str = "state IN ('new', 'opened', 'reading')";

/// Signs a session inside the transaction that stores the signature. `false` if it is no longer to be signed: the
/// transaction must not be committed then.
///
/// # Errors
/// [`StoreError`]; the transaction must not be committed then.
pub async fn sign(
    tx: &mut Connection,
    id: &str,
    answer: &Answer,
    now: Timestamp,
    why: Circumstances<'_>,
) -> Result<bool, StoreError> {
    let Some(row) = find(tx, id).await? else {
        return Ok(false);
    };
    let Some(next) = row.session.answered(QrState::Signed, *answer) else {
        return Ok(false);
    };
    swap(tx, &row, &next, now, why).await
}

/// Cancels the live session of an application that leaves the state in which it can be signed (taken back to the form,
/// cancelled, signed in another way), inside the transaction that does so.
///
/// # Errors
/// [`StoreError`]; the transaction must not be committed then.
pub async fn cancel_of(tx: &mut Connection, application: &str, now: Timestamp) -> Result<(), StoreError> {
    if let Some(row) = live_of(tx, application).await?
        && let Some(next) = row.session.cancelled()
    {
        swap(tx, &row, &next, now, Circumstances::default()).await?;
    }
    Ok(())
}

async fn find(tx: &mut Connection, id: &str) -> Result<Option<QrRow>, StoreError> {
    sql::query("SELECT * FROM qr_sessions WHERE id = ?")
        .bind(id)
        .fetch_optional(tx)
        .await?
        .map(|row| read(&row))
        .transpose()
}

async fn live_of(tx: &mut Connection, application: &str) -> Result<Option<QrRow>, StoreError> {
    let sql = format!("SELECT * FROM qr_sessions WHERE application = ? AND {LIVE}");
    sql::query(sqlx::AssertSqlSafe(sql))
        .bind(application)
        .fetch_optional(tx)
        .await?
        .map(|row| read(&row))
        .transpose()
}

async fn next_change(tx: &mut Connection) -> Result<i64, StoreError> {
    Ok(
        sql::query_scalar("UPDATE qr_changes SET number = number + 1 RETURNING number")
            .fetch_one(tx)
            .await?,
    )
}

/// The guarded UPDATE.
async fn swap(
    tx: &mut Connection,
    row: &QrRow,
    next: &Session,
    now: Timestamp,
    why: Circumstances<'_>,
) -> Result<bool, StoreError> {
    let seen = &row.session;
    let opening = seen.opened_by.is_none() && next.opened_by.is_some();
    let phone = if opening { why.phone } else { row.phone.as_ref() };
    let change = next_change(tx).await?;
    let done = sql::query(
        "UPDATE qr_sessions SET state = ?, deadline = ?, opened_way = ?, opened_turn = ?, answer = ?, bad_puts = ?,
             phone_address = ?, phone_agent = ?, change = ?, ended_at = ?, fetches = fetches + 1
         WHERE id = ? AND state = ? AND bad_puts = ?",
    )
    .bind(session::name(next.state))
    .bind(next.deadline.0)
    .bind(next.opened_by.map(|link| link.way.as_str()))
    .bind(next.opened_by.map(|link| i64::from(link.turn)))
    .bind(next.answer.as_ref().map(<[u8; 32]>::as_slice))
    .bind(i64::from(next.bad_puts))
    .bind(phone.map(|phone| &phone.address))
    .bind(phone.map(|phone| &phone.agent))
    .bind(change)
    .bind(session::is_end(next.state).then_some(now.0))
    .bind(&row.id)
    .bind(session::name(seen.state))
    .bind(i64::from(seen.bad_puts))
    .execute(&mut *tx)
    .await?
    .rows_affected();
    if done == 0 {
        return Ok(false);
    }
    let event = if next.bad_puts > seen.bad_puts && !session::is_end(next.state) {
        "qr.useless_answer"
    } else {
        event_of(next.state)
    };
    note(tx, row, event, now, why).await?;
    Ok(true)
}

const fn event_of(state: QrState) -> &'static str {
    match state {
        QrState::New => "qr.started",
        QrState::Opened => "qr.opened",
        QrState::Reading => "qr.document_taken",
        QrState::Signed => "qr.signed",
        QrState::Refused => "qr.refused",
        QrState::WrongSigner => "qr.wrong_signer",
        QrState::Failed => "qr.failed",
        QrState::Expired => "qr.expired",
        QrState::Cancelled => "qr.cancelled",
    }
}

/// The audit row of a step, and one more if the phone isn't the one that opened the session.
async fn note(
    tx: &mut Connection,
    row: &QrRow,
    event: &'static str,
    now: Timestamp,
    why: Circumstances<'_>,
) -> Result<(), StoreError> {
    let mut details = serde_json::Map::new();
    details.insert("application".to_owned(), row.application.clone().into());
    if let Some(asker) = why.phone.or(why.browser) {
        details.insert("address".to_owned(), asker.address.clone().into());
        details.insert("user_agent".to_owned(), asker.agent.clone().into());
    }
    if let Some(reason) = why.reason {
        details.insert("reason".to_owned(), reason.into());
    }
    let entry = |event, details| audit::Entry {
        at: now,
        event,
        iin: Some(&row.iin),
        subject: Some(&row.id),
        request_id: why.request_id,
        details,
    };
    if let (Some(first), Some(phone)) = (&row.phone, why.phone)
        && first != phone
    {
        let moved = serde_json::json!({
            "address": phone.address,
            "user_agent": phone.agent,
            "first_address": first.address,
            "first_user_agent": first.agent,
        });
        audit::insert(tx, entry("qr.another_phone_or_address", moved)).await?;
    }
    audit::insert(tx, entry(event, details.into())).await
}

fn read(row: &Row) -> Result<QrRow, StoreError> {
    const DAMAGED: StoreError = StoreError::Damaged("a signing session");
    fn bytes<const N: usize>(row: &Row, column: &str) -> Result<[u8; N], StoreError> {
        row.try_get::<&[u8]>(column)?.try_into().map_err(|_| DAMAGED)
    }
    let opened_by = match row.try_get::<Option<&str>>("opened_way")? {
        None => None,
        Some(way) => Some(read_link(way, row.try_get("opened_turn")?)?),
    };
    let phone = match row.try_get::<Option<String>>("phone_address")? {
        None => None,
        Some(address) => Some(Device {
            address,
            agent: row.try_get::<Option<String>>("phone_agent")?.unwrap_or_default(),
        }),
    };
    Ok(QrRow {
        id: row.try_get("id")?,
        seed: bytes(row, "seed")?,
        application: row.try_get("application")?,
        iin: Iin::from_authority(row.try_get("iin")?).map_err(|_| DAMAGED)?,
        document_sha256: bytes(row, "document_sha256")?,
        session: Session {
            started: Timestamp(row.try_get("started_at")?),
            state: session::parse(row.try_get("state")?).ok_or(DAMAGED)?,
            deadline: Timestamp(row.try_get("deadline")?),
            opened_by,
            answer: row
                .try_get::<Option<&[u8]>>("answer")?
                .map(|answer| answer.try_into().map_err(|_| DAMAGED))
                .transpose()?,
            bad_puts: u32::try_from(row.try_get::<i64>("bad_puts")?).map_err(|_| DAMAGED)?,
        },
        phone,
        change: row.try_get("change")?,
    })
}

fn read_link(way: &str, turn: i64) -> Result<Link, StoreError> {
    match (Way::parse(way), u8::try_from(turn)) {
        (Some(way), Ok(turn)) => Ok(Link { way, turn }),
        _ => Err(StoreError::Damaged("a link of a signing session")),
    }
}

#[async_trait]
impl QrStore for Database {
    async fn admit(&self, limit: Limit, now: Timestamp) -> Result<Option<u32>, StoreError> {
        self.again(|| async {
            let so_far = counted(&mut *self.read().await?, &limit.key).await?;
            if let Err(seconds) = limit.rule.admit(so_far, now) {
                return Ok(Some(seconds));
            }
            let mut tx = self.write().await?;
            let refused = count(&mut tx, &[limit], now).await?;
            if refused.is_none() {
                tx.commit().await?;
            }
            Ok(refused)
        })
        .await
    }

    async fn start_qr(
        &self,
        new: NewQr,
        now: Timestamp,
        by: Circumstances<'_>,
    ) -> Result<Started, StoreError> {
        self.again(|| async {
        let mut tx = self.write().await?;
        if let Some(row) = live_of(&mut tx, &new.application).await? {
            let over = row.session.state_at(now) == QrState::Expired;
            if !over && row.iin == new.iin && row.document_sha256 == new.document_sha256 {
                return Ok(Started::Live(row));
            }
            let end = if over {
                QrState::Expired
            } else {
                QrState::Cancelled
            };
            let next = Session {
                state: end,
                ..row.session.clone()
            };
            swap(&mut tx, &row, &next, now, by).await?;
        }
        let (count, oldest): (i64, Option<i64>) = sql::query_as(
            "SELECT COUNT(*), MIN(started_at) FROM qr_sessions WHERE iin = ? AND started_at > ?",
        )
        .bind(new.iin.digits())
        .bind(now.0 - HOUR_MS)
        .fetch_one(&mut tx)
        .await?;
        if count >= STARTS_PER_HOUR {
            let wait = oldest.unwrap_or(now.0) + HOUR_MS - now.0;
            tx.commit().await?;
            return Ok(Started::TooMany {
                retry_after_seconds: u32::try_from(wait / 1000 + 1).unwrap_or(1),
            });
        }
        let row = QrRow {
            id: new.id.clone(),
            seed: new.seed,
            application: new.application.clone(),
            iin: new.iin.clone(),
            document_sha256: new.document_sha256,
            session: Session::start(now),
            phone: None,
            change: next_change(&mut tx).await?,
        };
        sql::query(
            "INSERT INTO qr_sessions (id, seed, application, iin, document_sha256, document_lookup, state, started_at,
                 deadline, change)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(&row.id)
        .bind(row.seed.as_slice())
        .bind(&row.application)
        .bind(row.iin.digits())
        .bind(row.document_sha256.as_slice())
        .bind(new.document_lookup.as_slice())
        .bind(session::name(row.session.state))
        .bind(row.session.started.0)
        .bind(row.session.deadline.0)
        .bind(row.change)
        .execute(&mut tx)
        .await?;
        for (lookup, link) in &new.links {
            sql::query("INSERT INTO qr_links (lookup, session, way, turn) VALUES (?, ?, ?, ?)")
                .bind(lookup.as_slice())
                .bind(&row.id)
                .bind(link.way.as_str())
                .bind(i64::from(link.turn))
                .execute(&mut tx)
                .await?;
        }
        note(&mut tx, &row, event_of(QrState::New), now, by).await?;
        tx.commit().await?;
        Ok(Started::New(row))
        })
        .await
    }

    async fn qr(&self, id: &str) -> Result<Option<QrRow>, StoreError> {
        find(&mut *self.read().await?, id).await
    }

    async fn qr_by_link(&self, lookup: &[u8; 32]) -> Result<Option<(QrRow, Link)>, StoreError> {
        sql::query(
            "SELECT qr_sessions.*, qr_links.way, qr_links.turn FROM qr_links
             JOIN qr_sessions ON qr_sessions.id = qr_links.session WHERE qr_links.lookup = ?",
        )
        .bind(lookup.as_slice())
        .fetch_optional(&mut *self.read().await?)
        .await?
        .map(|row| {
            let link = read_link(row.try_get("way")?, row.try_get("turn")?)?;
            Ok((read(&row)?, link))
        })
        .transpose()
    }

    async fn qr_by_document(&self, lookup: &[u8; 32]) -> Result<Option<QrRow>, StoreError> {
        sql::query("SELECT * FROM qr_sessions WHERE document_lookup = ?")
            .bind(lookup.as_slice())
            .fetch_optional(&mut *self.read().await?)
            .await?
            .map(|row| read(&row))
            .transpose()
    }

    async fn step_qr(
        &self,
        row: &QrRow,
        next: &Session,
        now: Timestamp,
        why: Circumstances<'_>,
    ) -> Result<bool, StoreError> {
        self.again(|| async {
            let mut tx = self.write().await?;
            let done = swap(&mut tx, row, next, now, why).await?;
            if done {
                tx.commit().await?;
            }
            Ok(done)
        })
        .await
    }

    async fn count_qr_fetch(
        &self,
        row: &QrRow,
        now: Timestamp,
        why: Circumstances<'_>,
    ) -> Result<bool, StoreError> {
        self.again(|| async {
            let mut tx = self.write().await?;
            let counted =
                sql::query("UPDATE qr_sessions SET fetches = fetches + 1 WHERE id = ? AND fetches < ?")
                    .bind(&row.id)
                    .bind(FETCHES)
                    .execute(&mut tx)
                    .await?
                    .rows_affected()
                    == 1;
            if counted {
                note(&mut tx, row, "qr.asked_again", now, why).await?;
                tx.commit().await?;
            }
            Ok(counted)
        })
        .await
    }

    async fn qr_changes(&self, after: i64) -> Result<Vec<QrRow>, StoreError> {
        sql::query("SELECT * FROM qr_sessions WHERE change > ? ORDER BY change LIMIT 1000")
            .bind(after)
            .fetch_all(&mut *self.read().await?)
            .await?
            .iter()
            .map(read)
            .collect()
    }

    async fn last_qr_change(&self) -> Result<i64, StoreError> {
        Ok(sql::query_scalar("SELECT number FROM qr_changes")
            .fetch_one(&mut *self.read().await?)
            .await?)
    }

    async fn sweep_qr(&self, now: Timestamp) -> Result<(), StoreError> {
        self.again(|| async {
            let overdue = format!(
                "SELECT * FROM qr_sessions WHERE deadline <= ? AND {LIVE} ORDER BY deadline LIMIT 500"
            );
            let rows = {
                let mut reader = self.read().await?;
                sql::query(sqlx::AssertSqlSafe(overdue))
                    .bind(now.0)
                    .fetch_all(&mut reader)
                    .await?
            };
            for row in &rows {
                let row = read(row)?;
                if let Some(next) = row.session.expired(now) {
                    self.step_qr(&row, &next, now, Circumstances::default()).await?;
                }
            }
            let old: bool = sql::query_scalar(
                "SELECT EXISTS (SELECT 1 FROM qr_sessions WHERE ended_at IS NOT NULL AND ended_at < ?)",
            )
            .bind(now.0 - KEPT_MS)
            .fetch_one(&mut *self.read().await?)
            .await?;
            if old {
                let mut tx = self.write().await?;
                sql::query("DELETE FROM qr_sessions WHERE ended_at IS NOT NULL AND ended_at < ?")
                    .bind(now.0 - KEPT_MS)
                    .execute(&mut tx)
                    .await?;
                tx.commit().await?;
            }
            Ok(())
        })
        .await
    }
}

#[cfg(test)]
#[path = "qr_tests.rs"]
mod tests;
