//! `cabinet import`: people, pension accounts, requisites and returned mail of the Fund's own system, from CSV. A row that
//! can't be taken is told with its line and reason (never with what stands in it) and left out; the others are taken, a
//! thousand to a transaction. Bringing the same file in again changes nothing.

mod rows;

use super::store::{Store, StoreError};
use super::table::Heading;
use super::world::World;
use crate::api::records::Account;
use rows::{Judge, Parsed, parse};
use std::io::BufRead;

/// Rows in one transaction.
const BATCH: usize = 1000;
/// Bytes of a row.
const LONGEST_ROW: usize = 16 << 10;
/// Characters of a value.
const LONGEST_VALUE: usize = 300;
/// Refused rows that are told one by one.
const TOLD_AT_MOST: usize = 1000;

/// What a table holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Kind {
    /// Columns: iin, surname, given_name, patronymic, birth_date.
    People,
    /// Columns: iin, number, contribution (mandatory, mandatory_occupational, voluntary, employers_mandatory), basis_name,
    /// basis_number, notification_kind, opened_on. In the order of the IIN; a person's accounts are replaced by those of
    /// the file.
    Accounts,
    /// Columns: iin, mobile, home, work, work_extension, email, country, abroad, region, district, settlement, kato,
    /// street, house, flat, postcode, bank_account_masked, document_kind (identity_card, passport, residence_permit,
    /// stateless_card), document_series, document_number, document_issued_on, document_valid_until,
    /// document_issuer_code, document_issuer_kk, document_issuer_ru.
    Requisites,
    /// What the Fund sent and came back. Columns: iin, channel (post, sms, email), contact (the number or address written to;
    /// empty for a letter), returned_on, reason (unknown, moved, refused, unclaimed, insufficient_address, other).
    Returned,
}

/// What became of a table.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Report {
    pub taken: usize,
    pub refused: usize,
    /// The first of the refused.
    pub told: Vec<Refused>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// From 1, the heading counted.
    pub line: usize,
    pub why: RowFault,
}

/// Why a row isn't taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RowFault {
    #[error("it isn't UTF-8 text")]
    NotText,
    #[error("it is longer than {LONGEST_ROW} bytes")]
    TooLong,
    #[error("it has fewer cells than columns")]
    Short,
    #[error("{0} is missing")]
    Missing(&'static str),
    #[error("{0} is longer than {LONGEST_VALUE} characters, or holds control characters")]
    Value(&'static str),
    #[error("iin isn't twelve digits")]
    Iin,
    #[error("{0} is no date like 2026-11-28")]
    Date(&'static str),
    #[error("{0} is a day yet to come")]
    Future(&'static str),
    #[error("{0} is none of the words allowed there")]
    Word(&'static str),
    #[error("region is none of the twenty, neither by code nor by name")]
    Region,
    #[error("kato isn't nine digits of a place in the region")]
    Kato,
    #[error("rows of accounts must stand in the order of the IIN")]
    Order,
    #[error("the Fund knows nobody with this IIN; bring the people in first")]
    Unknown,
}

/// Why a table wasn't read to its end. What was taken before stays.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error("the first line lacks the column {0}")]
    Column(&'static str),
    #[error("the first line has columns this table doesn't know: {0}")]
    Unknown(String),
    #[error("{0}")]
    Read(#[from] std::io::Error),
    #[error("{0}")]
    Store(#[from] StoreError),
}

const PEOPLE: &[&str] = &["iin", "surname", "given_name", "birth_date", "patronymic"];
const ACCOUNTS: &[&str] = &[
    "iin",
    "number",
    "contribution",
    "opened_on",
    "basis_name",
    "basis_number",
    "notification_kind",
];
const REQUISITES: &[&str] = &[
    "iin",
    "mobile",
    "home",
    "work",
    "work_extension",
    "email",
    "country",
    "abroad",
    "region",
    "district",
    "settlement",
    "kato",
    "street",
    "house",
    "flat",
    "postcode",
    "bank_account_masked",
    "document_kind",
    "document_series",
    "document_number",
    "document_issued_on",
    "document_valid_until",
    "document_issuer_code",
    "document_issuer_kk",
    "document_issuer_ru",
];
const RETURNED: &[&str] = &["iin", "channel", "returned_on", "reason", "contact"];

impl Kind {
    /// All its columns, and how many of the first must be there.
    const fn columns(self) -> (&'static [&'static str], usize) {
        match self {
            Self::People => (PEOPLE, 4),
            Self::Accounts => (ACCOUNTS, 4),
            Self::Requisites => (REQUISITES, 1),
            Self::Returned => (RETURNED, 4),
        }
    }
}

/// Reads a table to its end.
///
/// # Errors
/// [`ImportError`]; refused rows stand in the report.
pub async fn import(
    store: &(impl Store + ?Sized),
    world: &World,
    kind: Kind,
    mut file: impl BufRead,
) -> Result<Report, ImportError> {
    let mut line = Vec::new();
    file.read_until(b'\n', &mut line)?;
    let heading = Heading::of(&String::from_utf8_lossy(&line));
    let (known, required) = kind.columns();
    if let Some(missing) = known[..required]
        .iter()
        .find(|name| heading.position(name).is_none())
    {
        return Err(ImportError::Column(missing));
    }
    let unknown = heading.unknown(known);
    if !unknown.is_empty() {
        return Err(ImportError::Unknown(unknown.join(", ")));
    }
    let mut report = Report::default();
    let mut batch = Batch::new(kind);
    let mut judge = Judge {
        last_iin: None,
        today: world.now().date_kz(),
    };
    for number in 2.. {
        line.clear();
        if file.read_until(b'\n', &mut line)? == 0 {
            break;
        }
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        match parse(kind, &heading, &line, &mut judge) {
            Ok(row) => batch.rows.push((number, row)),
            Err(why) => report.refuse(number, why),
        }
        // The rows of one person's accounts stay in one transaction.
        if batch.rows.len() >= BATCH && batch.ends_between_people() {
            batch.write(store, &mut report).await?;
        }
    }
    batch.end();
    batch.write(store, &mut report).await?;
    report.told.sort_by_key(|refused| refused.line);
    Ok(report)
}

impl Report {
    fn refuse(&mut self, line: usize, why: RowFault) {
        self.refused += 1;
        if self.told.len() < TOLD_AT_MOST {
            self.told.push(Refused { line, why });
        }
    }
}

struct Batch {
    kind: Kind,
    rows: Vec<(usize, Parsed)>,
    /// The last person's rows, whose number isn't known to be complete.
    kept: Vec<(usize, Parsed)>,
}

impl Batch {
    const fn new(kind: Kind) -> Self {
        Self {
            kind,
            rows: Vec::new(),
            kept: Vec::new(),
        }
    }

    /// Sets the last person's accounts aside: more of them may follow. False when there is nobody else's.
    fn ends_between_people(&mut self) -> bool {
        if self.kind != Kind::Accounts {
            return true;
        }
        let iin = |row: &(usize, Parsed)| match &row.1 {
            Parsed::Account(iin, _) => Some(iin.clone()),
            _ => None,
        };
        let last = self.rows.last().and_then(iin);
        let start = self.rows.iter().position(|row| iin(row) == last).unwrap_or(0);
        if start == 0 {
            return false;
        }
        self.kept = self.rows.split_off(start);
        true
    }

    fn end(&mut self) {
        self.rows.append(&mut self.kept);
    }

    async fn write(&mut self, store: &(impl Store + ?Sized), report: &mut Report) -> Result<(), ImportError> {
        let rows = std::mem::take(&mut self.rows);
        self.rows = std::mem::take(&mut self.kept);
        let (mut people, mut accounts) = (Vec::new(), Vec::new());
        let (mut requisites, mut returned) = (Vec::new(), Vec::new());
        let mut lines: Vec<Vec<usize>> = Vec::new();
        for (line, row) in rows {
            match row {
                Parsed::Person(person) => people.push(person),
                Parsed::Requisites(row) => requisites.push(*row),
                Parsed::Returned(row) => returned.push(row),
                Parsed::Account(iin, account) => match accounts.last_mut() {
                    Some((held, list)) if *held == iin => {
                        let list: &mut Vec<Account> = list;
                        list.push(account);
                        if let Some(last) = lines.last_mut() {
                            last.push(line);
                        }
                        continue;
                    }
                    _ => accounts.push((iin, vec![account])),
                },
            }
            lines.push(vec![line]);
        }
        let known = match self.kind {
            Kind::People => {
                store.import_people(&people).await?;
                vec![true; people.len()]
            }
            Kind::Accounts => store.import_accounts(&accounts).await?,
            Kind::Requisites => store.import_requisites(&requisites).await?,
            Kind::Returned => store.import_returned(&returned).await?,
        };
        for (lines, known) in lines.into_iter().zip(known) {
            for line in lines {
                if known {
                    report.taken += 1;
                } else {
                    report.refuse(line, RowFault::Unknown);
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
