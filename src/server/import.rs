//! `cabinet import`: people, pension accounts and requisites of the Fund's own system, from CSV. A row that can't be taken is
//! told with its line and reason (never with what stands in it) and left out; the others are taken, a thousand to a
//! transaction. Bringing the same file in again changes nothing.

use super::store::fund::RequisitesRow;
use super::store::{FundStore, StoreError};
use super::table::Heading;
use crate::api::records::{Account, Contribution};
use crate::domain::address::{Address, REGIONS};
use crate::domain::identity_document::{DocumentKind, IdentityDocument, Named};
use crate::domain::iin::Iin;
use crate::domain::letters::lower_case;
use crate::domain::person::Person;
use crate::domain::requisites::Requisites;
use crate::domain::time::Date;
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
    /// Columns: iin, mobile, home, work, work_extension, email, country, abroad, region, district, settlement, street,
    /// house, flat, postcode, bank_account_masked, document_kind (identity_card, passport, residence_permit,
    /// stateless_card), document_series, document_number, document_issued_on, document_valid_until,
    /// document_issuer_code, document_issuer_kk, document_issuer_ru.
    Requisites,
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
    #[error("{0} is none of the words allowed there")]
    Word(&'static str),
    #[error("region is none of the twenty, neither by code nor by name")]
    Region,
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

impl Kind {
    /// All its columns, and how many of the first must be there.
    const fn columns(self) -> (&'static [&'static str], usize) {
        match self {
            Self::People => (PEOPLE, 4),
            Self::Accounts => (ACCOUNTS, 4),
            Self::Requisites => (REQUISITES, 1),
        }
    }
}

/// Reads a table to its end.
///
/// # Errors
/// [`ImportError`]; refused rows stand in the report.
pub async fn import(
    store: &(impl FundStore + ?Sized),
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
    let mut last_iin = None;
    for number in 2.. {
        line.clear();
        if file.read_until(b'\n', &mut line)? == 0 {
            break;
        }
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        match parse(kind, &heading, &line, &mut last_iin) {
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

enum Parsed {
    Person(Person),
    Account(Iin, Account),
    Requisites(Box<RequisitesRow>),
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

    async fn write(
        &mut self,
        store: &(impl FundStore + ?Sized),
        report: &mut Report,
    ) -> Result<(), ImportError> {
        let rows = std::mem::take(&mut self.rows);
        self.rows = std::mem::take(&mut self.kept);
        let (mut people, mut accounts, mut requisites) = (Vec::new(), Vec::new(), Vec::new());
        let mut lines: Vec<Vec<usize>> = Vec::new();
        for (line, row) in rows {
            match row {
                Parsed::Person(person) => people.push(person),
                Parsed::Requisites(row) => requisites.push(*row),
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

fn parse(kind: Kind, heading: &Heading, line: &[u8], last_iin: &mut Option<Iin>) -> Result<Parsed, RowFault> {
    if line.len() > LONGEST_ROW {
        return Err(RowFault::TooLong);
    }
    let line = std::str::from_utf8(line).map_err(|_| RowFault::NotText)?;
    let row = Row {
        heading,
        cells: heading.cells(line).ok_or(RowFault::Short)?,
    };
    let iin = Iin::from_authority(row.value("iin")?).map_err(|_| RowFault::Iin)?;
    Ok(match kind {
        Kind::People => Parsed::Person(Person {
            iin,
            surname: row.value("surname")?.to_owned(),
            given_name: row.needed("given_name")?.to_owned(),
            patronymic: row.some("patronymic")?,
            birth_date: row.date("birth_date")?.ok_or(RowFault::Missing("birth_date"))?,
        }),
        Kind::Accounts => {
            if last_iin.as_ref().is_some_and(|last| *last > iin) {
                return Err(RowFault::Order);
            }
            *last_iin = Some(iin.clone());
            Parsed::Account(iin, account(&row)?)
        }
        Kind::Requisites => Parsed::Requisites(Box::new(RequisitesRow {
            iin,
            requisites: requisites(&row)?,
            bank_account_masked: row.some("bank_account_masked")?,
        })),
    })
}

fn account(row: &Row<'_>) -> Result<Account, RowFault> {
    Ok(Account {
        number: row.needed("number")?.to_owned(),
        contribution: match row.needed("contribution")? {
            "mandatory" => Contribution::Mandatory,
            "mandatory_occupational" => Contribution::MandatoryOccupational,
            "voluntary" => Contribution::Voluntary,
            "employers_mandatory" => Contribution::EmployersMandatory,
            _ => return Err(RowFault::Word("contribution")),
        },
        basis_name: row.some("basis_name")?,
        basis_number: row.some("basis_number")?,
        notification_kind: row.some("notification_kind")?,
        opened_on: row.date("opened_on")?.ok_or(RowFault::Missing("opened_on"))?,
    })
}

fn requisites(row: &Row<'_>) -> Result<Requisites, RowFault> {
    let text = |name| row.value(name).map(ToOwned::to_owned);
    Ok(Requisites {
        address: Address {
            country: text("country")?,
            abroad: text("abroad")?,
            region: region(row.value("region")?)?,
            district: text("district")?,
            settlement: text("settlement")?,
            street: text("street")?,
            house: text("house")?,
            flat: text("flat")?,
            postcode: text("postcode")?,
        },
        mobile: text("mobile")?,
        home: text("home")?,
        work: text("work")?,
        work_extension: text("work_extension")?,
        email: text("email")?,
        document: document(row)?,
    })
}

/// By its code, or by its name in any of the three languages.
fn region(text: &str) -> Result<String, RowFault> {
    if text.is_empty() {
        return Ok(String::new());
    }
    let name = lower_case(text);
    REGIONS
        .iter()
        .find(|region| {
            region.code == text
                || [region.kk, region.ru, region.en]
                    .into_iter()
                    .any(|known| lower_case(known) == name)
        })
        .map(|region| region.code.to_owned())
        .ok_or(RowFault::Region)
}

/// Absent when no kind is given; then number and date are needed.
fn document(row: &Row<'_>) -> Result<Option<IdentityDocument>, RowFault> {
    let kind = match row.value("document_kind")? {
        "" => return Ok(None),
        "identity_card" => DocumentKind::IdentityCard,
        "passport" => DocumentKind::Passport,
        "residence_permit" => DocumentKind::ResidencePermit,
        "stateless_card" => DocumentKind::StatelessCard,
        _ => return Err(RowFault::Word("document_kind")),
    };
    Ok(Some(IdentityDocument {
        kind,
        series: row.some("document_series")?,
        number: row.needed("document_number")?.to_owned(),
        issued_on: row
            .date("document_issued_on")?
            .ok_or(RowFault::Missing("document_issued_on"))?,
        valid_until: row.date("document_valid_until")?,
        issued_by: Named {
            code: row.value("document_issuer_code")?.to_owned(),
            kk: row.value("document_issuer_kk")?.to_owned(),
            ru: row.value("document_issuer_ru")?.to_owned(),
        },
    }))
}

struct Row<'a> {
    heading: &'a Heading,
    cells: Vec<String>,
}

impl Row<'_> {
    /// Empty where the table has no such column.
    fn value(&self, name: &'static str) -> Result<&str, RowFault> {
        let Some(at) = self.heading.position(name) else {
            return Ok("");
        };
        let cell = self.cells.get(at).ok_or(RowFault::Short)?;
        if cell.chars().count() > LONGEST_VALUE || cell.chars().any(char::is_control) {
            return Err(RowFault::Value(name));
        }
        Ok(cell)
    }

    fn some(&self, name: &'static str) -> Result<Option<String>, RowFault> {
        Ok(Some(self.value(name)?.to_owned()).filter(|value| !value.is_empty()))
    }

    fn needed(&self, name: &'static str) -> Result<&str, RowFault> {
        Some(self.value(name)?)
            .filter(|value| !value.is_empty())
            .ok_or(RowFault::Missing(name))
    }

    fn date(&self, name: &'static str) -> Result<Option<Date>, RowFault> {
        match self.value(name)? {
            "" => Ok(None),
            text => Date::parse_iso(text).map(Some).ok_or(RowFault::Date(name)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::fixture::{ALIYA, BOLAT, House, iin};

    const ANOTHER: &str = "850101300010";

    async fn brought(house: &House, kind: Kind, file: &str) -> Report {
        import(&*house.store, kind, file.as_bytes()).await.unwrap()
    }

    fn faults(report: &Report) -> Vec<(usize, RowFault)> {
        report
            .told
            .iter()
            .map(|refused| (refused.line, refused.why))
            .collect()
    }

    #[tokio::test]
    async fn a_person_comes_in_with_accounts_and_requisites() {
        let house = House::new().await;
        let people =
            format!("iin;surname;given_name;patronymic;birth_date\n{ANOTHER};Әлиев;Нұрлан;;1985-01-01\n");
        assert_eq!(brought(&house, Kind::People, &people).await.taken, 1);
        let accounts = format!(
            "iin,number,contribution,opened_on\n{ANOTHER},1,mandatory,2005-03-01\n{ANOTHER},2,voluntary,2010-03-01\n"
        );
        assert_eq!(brought(&house, Kind::Accounts, &accounts).await.taken, 2);
        let requisites = format!(
            "iin,mobile,region,district,document_kind,document_number,document_issued_on\n\
             {ANOTHER},+77010000000,Карагандинская область,Теміртау қаласы,identity_card,051234567,2020-01-02\n"
        );
        assert_eq!(brought(&house, Kind::Requisites, &requisites).await.taken, 1);
        let held = house
            .store
            .fund_record(&Iin::from_authority(ANOTHER).unwrap())
            .await
            .unwrap()
            .expect("known");
        assert_eq!(held.person.full_name(), "Әлиев Нұрлан");
        assert_eq!(held.accounts.len(), 2);
        assert_eq!(held.requisites.address.region, "35");
        assert_eq!(
            held.requisites.document.as_ref().expect("one").number,
            "051234567"
        );
        assert_eq!(held.version, 1);
        for (kind, file) in [
            (Kind::People, people),
            (Kind::Accounts, accounts),
            (Kind::Requisites, requisites),
        ] {
            brought(&house, kind, &file).await;
        }
        assert_eq!(
            house
                .store
                .fund_record(&Iin::from_authority(ANOTHER).unwrap())
                .await
                .unwrap(),
            Some(held),
            "again changes nothing"
        );
    }

    #[tokio::test]
    async fn refused_rows_are_told_by_line_and_reason_alone() {
        let house = House::new().await;
        let long = "ұ".repeat(301);
        let file = format!(
            "iin;surname;given_name;birth_date\n123;А;Б;1990-01-01\n{ANOTHER};А;;1990-01-01\n{ANOTHER};А;Б;01.01.1990\n\
             \n{ANOTHER};{long};Б;1990-01-01\n{ANOTHER};А\u{7};Б;1990-01-01\n{ANOTHER};А\n{ANOTHER};А;Б;1990-01-01\n"
        );
        let report = brought(&house, Kind::People, &file).await;
        assert_eq!((report.taken, report.refused), (1, 6));
        assert_eq!(
            faults(&report),
            [
                (2, RowFault::Iin),
                (3, RowFault::Missing("given_name")),
                (4, RowFault::Date("birth_date")),
                (6, RowFault::Value("surname")),
                (7, RowFault::Value("surname")),
                (8, RowFault::Short),
            ]
        );
        let report = brought(
            &house,
            Kind::Requisites,
            &format!("iin,region\n{ALIYA},Атлантида\n{ANOTHER}5,\n"),
        )
        .await;
        assert_eq!(faults(&report), [(2, RowFault::Region), (3, RowFault::Iin)]);
    }

    #[tokio::test]
    async fn whom_the_fund_does_not_know_gets_nothing() {
        let house = House::new().await;
        let unknown = "990101391000";
        let file = format!("iin,mobile\n{unknown},+77010000000\n{ALIYA},+77010000001\n");
        let report = brought(&house, Kind::Requisites, &file).await;
        assert_eq!((report.taken, faults(&report)), (1, vec![(2, RowFault::Unknown)]));
        let file = format!(
            "iin,number,contribution,opened_on\n{ALIYA},1,mandatory,2005-03-01\n{ALIYA},2,x,2005-03-01\n{unknown},1,mandatory,2005-03-01\n{BOLAT},1,mandatory,2005-03-01\n"
        );
        let report = brought(&house, Kind::Accounts, &file).await;
        assert_eq!(
            faults(&report),
            [(3, RowFault::Word("contribution")), (4, RowFault::Unknown)]
        );
    }

    #[tokio::test]
    async fn a_persons_accounts_are_never_split() {
        let house = House::new().await;
        let mut file = String::from("iin,number,contribution,opened_on\n");
        for number in 0..BATCH + 10 {
            file.push_str(&format!("{ALIYA},{number},voluntary,2005-03-01\n"));
        }
        file.push_str(&format!(
            "{BOLAT},1,voluntary,2005-03-01\n{ALIYA},9,voluntary,2005-03-01\n"
        ));
        let report = brought(&house, Kind::Accounts, &file).await;
        assert_eq!(faults(&report), [(BATCH + 13, RowFault::Order)]);
        let held = house
            .store
            .fund_record(&iin(ALIYA))
            .await
            .unwrap()
            .expect("known");
        assert_eq!(held.accounts.len(), BATCH + 10);
    }

    #[tokio::test]
    async fn a_table_of_another_kind_is_refused_whole() {
        let house = House::new().await;
        let refused = import(&*house.store, Kind::People, b"iin,surname\n".as_slice()).await;
        assert!(matches!(refused, Err(ImportError::Column("given_name"))));
        let refused = import(&*house.store, Kind::Requisites, b"iin,mobil\n".as_slice()).await;
        assert!(matches!(refused, Err(ImportError::Unknown(name)) if name == "mobil"));
    }
}
