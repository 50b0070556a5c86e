//! Whom the Fund knows, and what it holds of them: names, requisites with their history, accounts.

use super::sql::{self, Connection};
use super::{Database, StoreError};
use crate::api::contacts::UnreachedKind;
use crate::api::records::Account;
use crate::domain::iin::Iin;
use crate::domain::person::Person;
use crate::domain::requisites::Requisites;
use crate::domain::time::{Date, Timestamp};
use crate::server::audit;
use async_trait::async_trait;
use serde::de::DeserializeOwned;

/// Everything the Fund holds of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FundRecord {
    pub person: Person,
    pub requisites: Requisites,
    /// Grows with each change; 0 when the Fund holds no requisites yet.
    pub version: u32,
    pub changed_at: Option<Timestamp>,
    pub accounts: Vec<Account>,
    /// `•••• 1234`
    pub bank_account_masked: Option<String>,
}

/// Requisites as an import brings them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequisitesRow {
    pub iin: Iin,
    pub requisites: Requisites,
    /// `•••• 1234`
    pub bank_account_masked: Option<String>,
}

/// Something the Fund sent came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReturnedRow {
    pub iin: Iin,
    pub kind: UnreachedKind,
    /// The number or the e-mail address written to; empty of a letter.
    pub contact: String,
    pub at: Timestamp,
    pub reason: ReturnReason,
}

/// Why it came back: the marks of the Universal Postal Union's form CN 15.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReturnReason {
    Unknown,
    Moved,
    Refused,
    Unclaimed,
    InsufficientAddress,
    Other,
}

impl ReturnReason {
    /// As tables and the database have it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Moved => "moved",
            Self::Refused => "refused",
            Self::Unclaimed => "unclaimed",
            Self::InsufficientAddress => "insufficient_address",
            Self::Other => "other",
        }
    }

    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [
            Self::Unknown,
            Self::Moved,
            Self::Refused,
            Self::Unclaimed,
            Self::InsufficientAddress,
            Self::Other,
        ]
        .into_iter()
        .find(|reason| reason.as_str() == name)
    }
}

#[async_trait]
pub trait FundStore: Send + Sync {
    /// The person as the Fund writes them; `None` if the Fund knows nobody with this IIN.
    async fn person(&self, iin: &Iin) -> Result<Option<Person>, StoreError>;
    /// Adds or replaces a person.
    async fn put_person(&self, person: &Person) -> Result<(), StoreError>;
    /// The whole record.
    async fn fund_record(&self, iin: &Iin) -> Result<Option<FundRecord>, StoreError>;
    /// Brings a record in, as an import from the Fund's system does: what is there is replaced, a change of requisites
    /// goes into the history. `version` is passed over. Repeating it changes nothing.
    async fn put_fund_record(&self, record: &FundRecord) -> Result<(), StoreError>;
    /// Adds or replaces people, all at once.
    async fn import_people(&self, people: &[Person]) -> Result<(), StoreError>;
    /// Puts these accounts in the place of the ones held, all at once; whom the Fund knows, in the same order.
    async fn import_accounts(&self, accounts: &[(Iin, Vec<Account>)]) -> Result<Vec<bool>, StoreError>;
    /// Brings requisites in, all at once: a change goes into the history. Whom the Fund knows, in the same order.
    async fn import_requisites(&self, rows: &[RequisitesRow]) -> Result<Vec<bool>, StoreError>;
    /// Notes what came back, all at once; the person is asked about it at sign-in. Whom the Fund knows, in the same order.
    async fn import_returned(&self, rows: &[ReturnedRow]) -> Result<Vec<bool>, StoreError>;
}

#[async_trait]
impl FundStore for Database {
    async fn person(&self, iin: &Iin) -> Result<Option<Person>, StoreError> {
        person(&mut *self.read().await?, iin).await
    }

    async fn put_person(&self, person: &Person) -> Result<(), StoreError> {
        self.again(|| async {
            let mut tx = self.write().await?;
            put_person(&mut tx, person).await?;
            tx.commit().await?;
            Ok(())
        })
        .await
    }

    async fn fund_record(&self, iin: &Iin) -> Result<Option<FundRecord>, StoreError> {
        // One transaction, so that the parts are of one moment.
        fund_record(&mut *self.read_at_once().await?, iin).await
    }

    async fn put_fund_record(&self, record: &FundRecord) -> Result<(), StoreError> {
        self.again(|| async {
            let iin = &record.person.iin;
            let mut tx = self.write().await?;
            put_person(&mut tx, &record.person).await?;
            let now = self.world.now();
            let row = RequisitesRow {
                iin: iin.clone(),
                requisites: record.requisites.clone(),
                bank_account_masked: record.bank_account_masked.clone(),
            };
            import_requisites(&mut tx, now, &row, record.changed_at).await?;
            put_accounts(&mut tx, iin, &record.accounts).await?;
            tx.commit().await?;
            Ok(())
        })
        .await
    }

    async fn import_people(&self, people: &[Person]) -> Result<(), StoreError> {
        self.again(|| async {
            let mut tx = self.write().await?;
            for person in people {
                put_person(&mut tx, person).await?;
            }
            tx.commit().await?;
            Ok(())
        })
        .await
    }

    async fn import_accounts(&self, accounts: &[(Iin, Vec<Account>)]) -> Result<Vec<bool>, StoreError> {
        self.again(|| async {
            let mut tx = self.write().await?;
            let mut known = Vec::with_capacity(accounts.len());
            for (iin, accounts) in accounts {
                let is_known = is_known(&mut tx, iin).await?;
                if is_known {
                    put_accounts(&mut tx, iin, accounts).await?;
                }
                known.push(is_known);
            }
            tx.commit().await?;
            Ok(known)
        })
        .await
    }

    async fn import_requisites(&self, rows: &[RequisitesRow]) -> Result<Vec<bool>, StoreError> {
        self.again(|| async {
            let mut tx = self.write().await?;
            let now = self.world.now();
            let mut known = Vec::with_capacity(rows.len());
            for row in rows {
                let is_known = is_known(&mut tx, &row.iin).await?;
                if is_known {
                    import_requisites(&mut tx, now, row, Some(now)).await?;
                }
                known.push(is_known);
            }
            tx.commit().await?;
            Ok(known)
        })
        .await
    }

    async fn import_returned(&self, rows: &[ReturnedRow]) -> Result<Vec<bool>, StoreError> {
        self.again(|| async {
            let mut tx = self.write().await?;
            let now = self.world.now();
            let mut known = Vec::with_capacity(rows.len());
            for row in rows {
                let is_known = is_known(&mut tx, &row.iin).await?;
                if is_known {
                    note_returned(&mut tx, now, row).await?;
                }
                known.push(is_known);
            }
            tx.commit().await?;
            Ok(known)
        })
        .await
    }
}

/// What is noted already isn't noted again.
async fn note_returned(
    connection: &mut Connection,
    now: Timestamp,
    row: &ReturnedRow,
) -> Result<(), StoreError> {
    let noted = sql::query(
        "INSERT INTO returned_mail (iin, kind, contact, at, reason) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
    )
    .bind(row.iin.digits())
    .bind(row.kind.as_str())
    .bind(&row.contact)
    .bind(row.at.0)
    .bind(row.reason.as_str())
    .execute(&mut *connection)
    .await?
    .rows_affected();
    if noted == 1 {
        let entry = audit::Entry {
            at: now,
            event: "contact.returned",
            iin: Some(&row.iin),
            subject: None,
            request_id: None,
            details: serde_json::json!({ "kind": row.kind.as_str(), "reason": row.reason.as_str() }),
        };
        audit::insert(connection, entry).await?;
    }
    Ok(())
}

async fn is_known(connection: &mut Connection, iin: &Iin) -> Result<bool, StoreError> {
    Ok(
        sql::query_scalar("SELECT EXISTS (SELECT 1 FROM people WHERE iin = ?)")
            .bind(iin.digits())
            .fetch_one(connection)
            .await?,
    )
}

/// What is the same already isn't written.
async fn import_requisites(
    connection: &mut Connection,
    now: Timestamp,
    row: &RequisitesRow,
    changed_at: Option<Timestamp>,
) -> Result<(), StoreError> {
    let iin = &row.iin;
    let (held, version) = requisites(connection, iin).await?;
    let mut wanted = row.requisites.clone();
    // A table may lack the codes: they stay with the address they were chosen with.
    if wanted.address.kato.is_empty() && wanted.address.says_the_same(&held.address) {
        wanted.address.kato.clone_from(&held.address.kato);
    }
    if version == 0 || held != wanted {
        let next = version + 1;
        sql::query(
            "INSERT INTO requisites (iin, version, content, changed_at) VALUES (?, ?, ?, ?)
             ON CONFLICT (iin) DO UPDATE SET version = excluded.version, content = excluded.content,
                 changed_at = excluded.changed_at",
        )
        .bind(iin.digits())
        .bind(next)
        .bind(json(&wanted)?)
        .bind(changed_at.map(|at| at.0))
        .execute(&mut *connection)
        .await?;
        add_history(connection, iin, next, now, None, (&held, &wanted)).await?;
    }
    sql::query("UPDATE requisites SET bank_account_masked = ? WHERE iin = ?")
        .bind(&row.bank_account_masked)
        .bind(iin.digits())
        .execute(connection)
        .await?;
    Ok(())
}

async fn put_accounts(
    connection: &mut Connection,
    iin: &Iin,
    accounts: &[Account],
) -> Result<(), StoreError> {
    sql::query("DELETE FROM pension_accounts WHERE iin = ?")
        .bind(iin.digits())
        .execute(&mut *connection)
        .await?;
    for (position, account) in (0_i64..).zip(accounts) {
        sql::query("INSERT INTO pension_accounts (iin, position, content) VALUES (?, ?, ?)")
            .bind(iin.digits())
            .bind(position)
            .bind(json(account)?)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

async fn person(connection: &mut Connection, iin: &Iin) -> Result<Option<Person>, StoreError> {
    let row = sql::query("SELECT surname, given_name, patronymic, birth_date FROM people WHERE iin = ?")
        .bind(iin.digits())
        .fetch_optional(connection)
        .await?;
    row.map(|row| {
        Ok(Person {
            iin: iin.clone(),
            surname: row.try_get("surname")?,
            given_name: row.try_get("given_name")?,
            patronymic: row.try_get("patronymic")?,
            birth_date: Date::parse_iso(row.try_get("birth_date")?)
                .ok_or(StoreError::Damaged("a birth date"))?,
        })
    })
    .transpose()
}

async fn put_person(connection: &mut Connection, person: &Person) -> Result<(), StoreError> {
    sql::query(
        "INSERT INTO people (iin, surname, given_name, patronymic, birth_date) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (iin) DO UPDATE SET surname = excluded.surname, given_name = excluded.given_name,
             patronymic = excluded.patronymic, birth_date = excluded.birth_date",
    )
    .bind(person.iin.digits())
    .bind(&person.surname)
    .bind(&person.given_name)
    .bind(&person.patronymic)
    .bind(person.birth_date.to_string())
    .execute(connection)
    .await?;
    Ok(())
}

async fn fund_record(connection: &mut Connection, iin: &Iin) -> Result<Option<FundRecord>, StoreError> {
    let Some(person) = person(connection, iin).await? else {
        return Ok(None);
    };
    let (requisites, version) = requisites(connection, iin).await?;
    let row = sql::query("SELECT changed_at, bank_account_masked FROM requisites WHERE iin = ?")
        .bind(iin.digits())
        .fetch_optional(&mut *connection)
        .await?;
    let (changed_at, bank_account_masked) = match row {
        Some(row) => (row.try_get::<Option<i64>>(0)?.map(Timestamp), row.try_get(1)?),
        None => (None, None),
    };
    let accounts = sql::query_scalar("SELECT content FROM pension_accounts WHERE iin = ? ORDER BY position")
        .bind(iin.digits())
        .fetch_all(&mut *connection)
        .await?
        .into_iter()
        .map(|content: String| from_json(&content, "a pension account"))
        .collect::<Result<_, _>>()?;
    Ok(Some(FundRecord {
        person,
        requisites,
        version,
        changed_at,
        accounts,
        bank_account_masked,
    }))
}

/// The requisites held and their version; empty ones of version 0 when there are none.
pub(super) async fn requisites(
    connection: &mut Connection,
    iin: &Iin,
) -> Result<(Requisites, u32), StoreError> {
    let row = sql::query("SELECT content, version FROM requisites WHERE iin = ?")
        .bind(iin.digits())
        .fetch_optional(connection)
        .await?;
    match row {
        None => Ok((Requisites::default(), 0)),
        Some(row) => Ok((
            from_json(row.try_get("content")?, "requisites")?,
            row.try_get("version")?,
        )),
    }
}

/// Changes the requisites by an application, inside its transaction.
pub(super) async fn change_requisites(
    connection: &mut Connection,
    iin: &Iin,
    at: Timestamp,
    application: &str,
    after: &Requisites,
) -> Result<(), StoreError> {
    let (before, version) = requisites(connection, iin).await?;
    let next = version + 1;
    sql::query(
        "INSERT INTO requisites (iin, version, content, changed_at) VALUES (?, ?, ?, ?)
         ON CONFLICT (iin) DO UPDATE SET version = excluded.version, content = excluded.content,
             changed_at = excluded.changed_at",
    )
    .bind(iin.digits())
    .bind(next)
    .bind(json(after)?)
    .bind(at.0)
    .execute(&mut *connection)
    .await?;
    add_history(connection, iin, next, at, Some(application), (&before, after)).await
}

async fn add_history(
    connection: &mut Connection,
    iin: &Iin,
    version: u32,
    at: Timestamp,
    application: Option<&str>,
    (before, after): (&Requisites, &Requisites),
) -> Result<(), StoreError> {
    sql::query(
        "INSERT INTO requisites_history (iin, version, at, source, application, before, after)
         VALUES (?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(iin.digits())
    .bind(version)
    .bind(at.0)
    .bind(if application.is_some() {
        "application"
    } else {
        "import"
    })
    .bind(application)
    .bind(json(before)?)
    .bind(json(after)?)
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) fn json(value: &impl serde::Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|_| StoreError::Damaged("a value to keep"))
}

pub(super) fn from_json<T: DeserializeOwned>(text: &str, what: &'static str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|_| StoreError::Damaged(what))
}
