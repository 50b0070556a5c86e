//! The rows of each table, read out of their cells. What is wrong with one is told without what stands in it.

use super::{Kind, LONGEST_ROW, LONGEST_VALUE, RowFault};
use crate::api::contacts::UnreachedKind;
use crate::api::records::{Account, Contribution};
use crate::domain::address::{Address, REGIONS, is_kato_of};
use crate::domain::identity_document::{DocumentKind, IdentityDocument, Named};
use crate::domain::iin::Iin;
use crate::domain::letters::lower_case;
use crate::domain::person::Person;
use crate::domain::requisites::Requisites;
use crate::domain::time::Date;
use crate::server::store::fund::{RequisitesRow, ReturnReason, ReturnedRow};
use crate::server::table::Heading;

pub(super) enum Parsed {
    Person(Person),
    Account(Iin, Account),
    Requisites(Box<RequisitesRow>),
    Returned(ReturnedRow),
}

/// What a row is judged against beside itself.
pub(super) struct Judge {
    /// Of the row before: accounts stand in the order of the IIN.
    pub last_iin: Option<Iin>,
    pub today: Date,
}

pub(super) fn parse(
    kind: Kind,
    heading: &Heading,
    line: &[u8],
    judge: &mut Judge,
) -> Result<Parsed, RowFault> {
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
            if judge.last_iin.as_ref().is_some_and(|last| *last > iin) {
                return Err(RowFault::Order);
            }
            judge.last_iin = Some(iin.clone());
            Parsed::Account(iin, account(&row)?)
        }
        Kind::Requisites => Parsed::Requisites(Box::new(RequisitesRow {
            iin,
            requisites: requisites(&row)?,
            bank_account_masked: row.some("bank_account_masked")?,
        })),
        Kind::Returned => Parsed::Returned(returned(iin, &row, judge.today)?),
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
    let region = region(row.value("region")?)?;
    Ok(Requisites {
        address: Address {
            kato: kato(row.value("kato")?, &region)?,
            country: text("country")?,
            abroad: text("abroad")?,
            region,
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

/// Of a letter the contact is passed over: it went to the address the Fund held then.
fn returned(iin: Iin, row: &Row<'_>, today: Date) -> Result<ReturnedRow, RowFault> {
    let kind = match row.needed("channel")? {
        "post" => UnreachedKind::Post,
        "sms" => UnreachedKind::Mobile,
        "email" => UnreachedKind::Email,
        _ => return Err(RowFault::Word("channel")),
    };
    let contact = match kind {
        UnreachedKind::Post => String::new(),
        UnreachedKind::Mobile | UnreachedKind::Email => row.needed("contact")?.to_owned(),
    };
    let on = row.date("returned_on")?.ok_or(RowFault::Missing("returned_on"))?;
    if on > today {
        return Err(RowFault::Future("returned_on"));
    }
    let reason = row.needed("reason")?;
    Ok(ReturnedRow {
        iin,
        kind,
        contact,
        at: on.begins_kz(),
        reason: ReturnReason::named(reason).ok_or(RowFault::Word("reason"))?,
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

/// Of a place of the region, or none.
fn kato(code: &str, region: &str) -> Result<String, RowFault> {
    if code.is_empty() || is_kato_of(code, region) {
        Ok(code.to_owned())
    } else {
        Err(RowFault::Kato)
    }
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
