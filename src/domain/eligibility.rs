//! Who may use the service, by the guide: the document is valid and current, there is no record of death, incapacity or
//! limited capacity, consent is given, and names, birth date and IIN are equal in GBD FL and at the Fund. Names are never
//! "mended"; they are compared under the folding stated at [`same_name`].

use super::identity_document::RegisteredDocument;
use super::person::Person;
use super::reading::reads;
use super::time::Date;
use serde::{Deserialize, Serialize};

/// What GBD FL answered of a person, as far as the decision needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterRecord {
    pub person: Person,
    pub documents: Vec<RegisteredDocument>,
    pub life: Life,
    pub capacity: Capacity,
    /// The IIN is excluded from the register, or the record removed.
    pub excluded: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Life {
    /// `lifeStatus` 0, no death date, no death certificate.
    Alive,
    /// Anything else, an unknown code too.
    NotConfirmed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Capacity {
    Full,
    Limited,
    Incapable,
    /// An unknown code.
    NotConfirmed,
}

/// A field of the comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ComparedField {
    Surname,
    GivenName,
    Patronymic,
    BirthDate,
    Iin,
}

reads!(ComparedField:
    "surname" => Surname,
    "given_name" => GivenName,
    "patronymic" => Patronymic,
    "birth_date" => BirthDate,
    "iin" => Iin,
);

/// Why the service can't be given. Each has a text of its own that says no more than the person may know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum Refusal {
    NoConsent,
    /// GBD FL doesn't confirm life: the text never says that the reader is dead.
    LifeNotConfirmed,
    Incapable,
    LimitedCapacity,
    CapacityNotConfirmed,
    Excluded,
    NoValidDocument,
    /// The fields that differ, in the order of [`ComparedField`]; never the register's values.
    Mismatch {
        fields: Vec<ComparedField>,
    },
}

reads!(Refusal by "why":
    "no_consent" => NoConsent {},
    "life_not_confirmed" => LifeNotConfirmed {},
    "incapable" => Incapable {},
    "limited_capacity" => LimitedCapacity {},
    "capacity_not_confirmed" => CapacityNotConfirmed {},
    "excluded" => Excluded {},
    "no_valid_document" => NoValidDocument {},
    "mismatch" => Mismatch { fields },
);

/// The decision. On success the valid documents, as GBD FL orders them.
///
/// # Errors
/// The first [`Refusal`] in the order of the guide: consent, life, capacity, exclusion, identity, document.
pub fn decide(
    record: &RegisterRecord,
    fund: &Person,
    consent: bool,
    today: Date,
) -> Result<Vec<RegisteredDocument>, Refusal> {
    if !consent {
        return Err(Refusal::NoConsent);
    }
    if record.life != Life::Alive {
        return Err(Refusal::LifeNotConfirmed);
    }
    match record.capacity {
        Capacity::Full => {}
        Capacity::Limited => return Err(Refusal::LimitedCapacity),
        Capacity::Incapable => return Err(Refusal::Incapable),
        Capacity::NotConfirmed => return Err(Refusal::CapacityNotConfirmed),
    }
    if record.excluded {
        return Err(Refusal::Excluded);
    }
    let register = &record.person;
    let patronymic = |person: &Person| person.patronymic.clone().unwrap_or_default();
    let compared = [
        (
            ComparedField::Surname,
            same_name(&register.surname, &fund.surname),
        ),
        (
            ComparedField::GivenName,
            same_name(&register.given_name, &fund.given_name),
        ),
        (
            ComparedField::Patronymic,
            same_name(&patronymic(register), &patronymic(fund)),
        ),
        (ComparedField::BirthDate, register.birth_date == fund.birth_date),
        (ComparedField::Iin, register.iin == fund.iin),
    ];
    let fields: Vec<_> = compared
        .into_iter()
        .filter(|(_, same)| !same)
        .map(|(field, _)| field)
        .collect();
    if !fields.is_empty() {
        return Err(Refusal::Mismatch { fields });
    }
    let valid: Vec<_> = record
        .documents
        .iter()
        .filter(|d| d.valid_on(today))
        .cloned()
        .collect();
    if valid.is_empty() {
        Err(Refusal::NoValidDocument)
    } else {
        Ok(valid)
    }
}

/// Names are equal when they are after folding case, ё to е, every dash to a hyphen without spaces about it, and runs of
/// white space to one; an absent patronymic equals an empty one or a bare dash. Kazakh letters are letters of their own:
/// «Әлия» isn't «Алия».
#[must_use]
pub fn same_name(a: &str, b: &str) -> bool {
    fold(a) == fold(b)
}

fn fold(name: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    let mut folded = String::with_capacity(name.len());
    for c in name.nfc().flat_map(char::to_lowercase) {
        match c {
            'ё' => folded.push('е'),
            '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' => {
                folded.truncate(folded.trim_end().len());
                folded.push('-');
            }
            c if c.is_whitespace() => {
                if !folded.is_empty() && !folded.ends_with([' ', '-']) {
                    folded.push(' ');
                }
            }
            c => folded.push(c),
        }
    }
    folded.truncate(folded.trim_end().len());
    if folded == "-" { String::new() } else { folded }
}

#[cfg(test)]
mod tests {
    use super::super::identity_document::{DocumentKind, IdentityDocument, Named};
    use super::super::iin::Iin;
    use super::*;

    fn day(text: &str) -> Date {
        Date::parse_iso(text).unwrap()
    }

    fn person() -> Person {
        Person {
            iin: Iin::typed("990101390009").unwrap(),
            surname: "СЕРІКҚЫЗЫ".into(),
            given_name: "ӘЛИЯ".into(),
            patronymic: None,
            birth_date: day("1999-01-01"),
        }
    }

    fn record() -> RegisterRecord {
        let document = IdentityDocument {
            kind: DocumentKind::IdentityCard,
            series: None,
            number: "051234567".into(),
            issued_on: day("2024-03-15"),
            valid_until: Some(day("2034-03-14")),
            issued_by: Named {
                code: "002".into(),
                kk: "ҚР ІІМ".into(),
                ru: "МВД РК".into(),
            },
        };
        RegisterRecord {
            person: person(),
            documents: vec![RegisteredDocument {
                document,
                status: "00".into(),
                invalidated_on: None,
            }],
            life: Life::Alive,
            capacity: Capacity::Full,
            excluded: false,
        }
    }

    fn today() -> Date {
        day("2026-11-23")
    }

    #[test]
    fn equal_records_and_a_valid_document_are_enough() {
        assert_eq!(
            decide(&record(), &person(), true, today()).map(|d| d.len()),
            Ok(1)
        );
    }

    #[test]
    fn every_condition_of_the_guide_refuses_by_itself() {
        let refusal = |change: fn(&mut RegisterRecord)| {
            let mut changed = record();
            change(&mut changed);
            decide(&changed, &person(), true, today()).unwrap_err()
        };
        assert_eq!(
            decide(&record(), &person(), false, today()),
            Err(Refusal::NoConsent)
        );
        assert_eq!(
            refusal(|r| r.life = Life::NotConfirmed),
            Refusal::LifeNotConfirmed
        );
        assert_eq!(
            refusal(|r| r.capacity = Capacity::Limited),
            Refusal::LimitedCapacity
        );
        assert_eq!(refusal(|r| r.capacity = Capacity::Incapable), Refusal::Incapable);
        assert_eq!(
            refusal(|r| r.capacity = Capacity::NotConfirmed),
            Refusal::CapacityNotConfirmed
        );
        assert_eq!(refusal(|r| r.excluded = true), Refusal::Excluded);
        assert_eq!(refusal(|r| r.documents.clear()), Refusal::NoValidDocument);
        assert_eq!(
            refusal(|r| r.documents[0].status = "18".into()),
            Refusal::NoValidDocument
        );
        assert_eq!(
            refusal(|r| r.documents[0].invalidated_on = Some(today())),
            Refusal::NoValidDocument
        );
        assert_eq!(
            refusal(|r| r.documents[0].document.valid_until = Date::parse_iso("2026-11-22")),
            Refusal::NoValidDocument
        );
    }

    #[test]
    fn a_mismatch_names_the_fields_and_not_the_values() {
        let mut other = person();
        other.surname = "АЛИЯ".into();
        other.patronymic = Some("МАРАТҚЫЗЫ".into());
        let Err(Refusal::Mismatch { fields }) = decide(&record(), &other, true, today()) else {
            panic!("a mismatch")
        };
        assert_eq!(fields, [ComparedField::Surname, ComparedField::Patronymic]);
    }

    #[test]
    fn the_comparison_folds_what_it_says_and_nothing_more() {
        assert!(same_name("Семёнов", "СЕМЕНОВ"));
        assert!(same_name("Әбу - Бакір", "ӘБУ\u{2013}БАКІР"));
        assert!(same_name("", " - "));
        assert!(!same_name("Әлия", "Алия"));
        assert!(!same_name("Ива нов", "Иванов"));
    }
}
