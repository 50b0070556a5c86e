use super::{Read, read};
use crate::domain::address::Address;
use crate::domain::application::ApplicationState;
use crate::domain::eligibility::{ComparedField, Refusal};
use crate::domain::form::{Field, FieldError, FormInput, Known, Problem};
use crate::domain::identity_document::{DocumentKind, IdentityDocument, Named};
use crate::domain::requisites::{Change, Requisites};
use crate::domain::time::{Date, Timestamp};
use serde::Serialize;
use std::fmt::Debug;

fn as_serde_wrote_it<T: Serialize + Read + PartialEq + Debug>(value: T) {
    let json = serde_json::to_string(&value).unwrap();
    assert_eq!(read::<T>(&json).as_ref(), Some(&value), "{json}");
}

fn document(kind: DocumentKind) -> IdentityDocument {
    IdentityDocument {
        kind,
        series: Some("А".to_owned()),
        number: "012345678".to_owned(),
        issued_on: Date::parse_iso("2024-03-15").unwrap(),
        valid_until: None,
        issued_by: Named {
            code: "002".to_owned(),
            kk: "ҚР ІІМ".to_owned(),
            ru: "МВД РК".to_owned(),
        },
    }
}

fn address() -> Address {
    Address {
        region: "35".to_owned(),
        street: "Бейбітшілік «даңғылы»\n".to_owned(),
        ..Address::default()
    }
}

#[test]
fn every_kind_of_document_and_change_is_read_as_written() {
    let kinds = [
        DocumentKind::IdentityCard,
        DocumentKind::Passport,
        DocumentKind::ResidencePermit,
        DocumentKind::StatelessCard,
        DocumentKind::Other("077".to_owned()),
    ];
    for kind in kinds {
        as_serde_wrote_it(document(kind));
    }
    let (before, after) = (String::new(), "+77010000000".to_owned());
    let changes = vec![
        Change::Document {
            before: None,
            after: Box::new(document(DocumentKind::Passport)),
        },
        Change::Address {
            before: Box::new(Address::default()),
            after: Box::new(address()),
        },
        Change::Mobile {
            before: before.clone(),
            after: after.clone(),
        },
        Change::Home {
            before: before.clone(),
            after: after.clone(),
        },
        Change::Work {
            before: before.clone(),
            after: after.clone(),
        },
        Change::Email { before, after },
    ];
    as_serde_wrote_it(changes);
}

#[test]
fn every_problem_field_and_refusal_is_read_as_written() {
    let code = "703".to_owned();
    let problems = [
        Problem::Missing,
        Problem::Character { found: 'Ў' },
        Problem::TooLong {
            found: 10_000,
            at_most: 100,
        },
        Problem::PhoneLength {
            found: 9,
            expected: 11,
        },
        Problem::PhoneCode { code: code.clone() },
        Problem::PhoneNotMobile { code },
        Problem::EmailAt,
        Problem::EmailName,
        Problem::EmailDomain,
        Problem::PostcodeShape { found: 5 },
        Problem::NotInList,
        Problem::NotConfirmed,
    ];
    for (problem, field) in problems.into_iter().cycle().zip(Field::ALL) {
        as_serde_wrote_it(FieldError { field, problem });
    }
    for refusal in [
        Refusal::NoConsent,
        Refusal::LifeNotConfirmed,
        Refusal::Incapable,
        Refusal::LimitedCapacity,
        Refusal::CapacityNotConfirmed,
        Refusal::Excluded,
        Refusal::NoValidDocument,
        Refusal::Mismatch {
            fields: vec![
                ComparedField::Surname,
                ComparedField::GivenName,
                ComparedField::Patronymic,
                ComparedField::BirthDate,
                ComparedField::Iin,
            ],
        },
    ] {
        as_serde_wrote_it(refusal);
    }
    for state in ApplicationState::ALL {
        as_serde_wrote_it(state);
    }
}

#[test]
fn the_form_and_what_is_known_are_read_as_written() {
    as_serde_wrote_it(FormInput {
        document: "012345678".to_owned(),
        mobile_is_mine: true,
        no_email: true,
        work_extension: "12".to_owned(),
        ..FormInput::default()
    });
    as_serde_wrote_it(Known {
        current: Requisites {
            address: address(),
            document: Some(document(DocumentKind::IdentityCard)),
            email: "a@example.kz".to_owned(),
            ..Requisites::default()
        },
        documents: vec![document(DocumentKind::Passport)],
        proven: vec!["+77012345678".to_owned()],
    });
    as_serde_wrote_it(Timestamp(1_795_408_860_000));
}

#[test]
fn another_shape_is_no_value() {
    assert_eq!(read::<Timestamp>("\"soon\""), None);
    assert_eq!(read::<Date>("\"2026-02-30\""), None);
    assert_eq!(read::<Field>("\"Document\""), None);
    assert_eq!(read::<Refusal>("{\"why\":\"unheard_of\"}"), None);
    assert_eq!(read::<Vec<Field>>("{}"), None);
    assert_eq!(read::<char>("\"ab\""), None);
    assert_eq!(read::<u32>("-1"), None);
    assert_eq!(read::<u32>("1.5"), None);
    assert_eq!(read::<DocumentKind>("{\"other\":7}"), None);
    assert_eq!(read::<Named>("{\"code\":\"1\",\"kk\":\"а\"}"), None);
    assert_eq!(read::<Named>("[\"1\",\"а\",\"б\"]"), None);
    assert_eq!(read::<String>("\"cut"), None);
}

#[test]
fn a_part_of_a_later_build_is_passed_over() {
    let read = read::<Named>("{\"code\":\"1\",\"kk\":\"а\",\"ru\":\"б\",\"en\":\"c\"}");
    assert_eq!(read.map(|named| named.kk).as_deref(), Some("а"));
}
