//! The Fund's side of the demo's people: who they are there, what requisites it holds of them, their accounts.

use super::{RegisterPerson, document_kind};
use crate::api::records::{Account, Contribution};
use crate::domain::address::Address;
use crate::domain::identity_document::{DocumentKind, IdentityDocument, Named};
use crate::domain::person::Person;
use crate::domain::requisites::Requisites;
use crate::domain::time::{Date, Timestamp};

#[derive(Debug, Clone)]
pub struct FundRecord {
    pub person: Person,
    pub requisites: Requisites,
    /// When the requisites were last changed.
    pub changed_at: Option<Timestamp>,
    pub accounts: Vec<Account>,
    /// The bank account for payments, whole (the cabinet shows it masked); beneficiaries have one.
    pub bank_account: Option<&'static str>,
}

/// `None` for who isn't known to the Fund.
pub(super) fn of(id: &str, register: &RegisterPerson) -> Option<FundRecord> {
    if id == "zhanar" {
        return None;
    }
    let mut record = FundRecord {
        person: Person {
            iin: register.iin.clone(),
            surname: written(&register.surname),
            given_name: written(&register.given_name),
            patronymic: register.patronymic.as_deref().map(written),
            birth_date: register.birth_date,
        },
        requisites: Requisites {
            address: registered(register),
            document: register.documents.last().map(held),
            ..Requisites::default()
        },
        changed_at: Timestamp::parse_rfc3339("2024-02-19T06:12:40Z"),
        accounts: vec![mandatory(register)],
        bank_account: None,
    };
    vary(id, &mut record);
    Some(record)
}

/// Of somebody of no particular case; short, since there may be ten million of them.
pub(super) fn of_one_of_many(register: &RegisterPerson, mobile: &str, email: &str) -> Option<FundRecord> {
    let mut record = of("", register)?;
    contacts(&mut record.requisites, mobile, "", email);
    for account in &mut record.accounts {
        account.basis_name = None;
        account.basis_number = None;
        account.notification_kind = None;
    }
    Some(record)
}

/// What is a person's own.
fn vary(id: &str, record: &mut FundRecord) {
    let requisites = &mut record.requisites;
    match id {
        "aliya" => {
            requisites.address = Address {
                street: "Металлургтер даңғылы".into(),
                house: "5".into(),
                flat: String::new(),
                postcode: "101400".into(),
                ..requisites.address.clone()
            };
            requisites.mobile = "+77012345645".into();
            requisites.email = "aliya.akhmetova@example.kz".into();
            requisites.document = requisites.document.take().map(|held| IdentityDocument {
                kind: DocumentKind::IdentityCard,
                number: "038765432".into(),
                issued_on: day("2014-03-10"),
                valid_until: Some(day("2024-03-09")),
                ..held
            });
            record.accounts.push(Account {
                number: "KZ70ENPF0002000390".into(),
                contribution: Contribution::Voluntary,
                basis_name: Some(
                    "Ерікті зейнетақы жарналары есебінен зейнетақымен қамсыздандыру туралы шарт".into(),
                ),
                basis_number: Some("ЕЗЖ-2022/004417".into()),
                notification_kind: Some("Электрондық пошта арқылы".into()),
                opened_on: day("2022-05-16"),
            });
        }
        "erlan" => contacts(requisites, "+77775550142", "", "erlan.saparov@example.kz"),
        "viktoria" => contacts(requisites, "+77071112233", "+77272720505", "v.kim@example.kz"),
        "qaharman" => {
            contacts(requisites, "+77054447788", "", "");
            record.accounts.push(Account {
                number: "KZ70ENPF0004000350".into(),
                contribution: Contribution::EmployersMandatory,
                basis_name: None,
                basis_number: None,
                notification_kind: None,
                opened_on: day("2024-01-31"),
            });
        }
        "gulnar" => contacts(requisites, "+77051902001", "", "gulnar@example.kz"),
        "timur" => contacts(requisites, "+77051902002", "", "timur@example.kz"),
        "elena" => contacts(requisites, "+77478889900", "", "elena.sokolova@example.com"),
        "nurzhan" => {
            contacts(requisites, "+77083334455", "", "nurzhan@example.kz");
            requisites.work = "+77172550102".into();
            requisites.work_extension = "118".into();
            requisites.document = requisites.document.take().map(|held| IdentityDocument {
                number: "N07654321".into(),
                issued_on: day("2015-01-12"),
                valid_until: Some(day("2025-01-11")),
                ..held
            });
        }
        "raushan" => {
            contacts(requisites, "", "+77163222345", "");
            record.bank_account = Some("KZ75125KZT1001300335");
        }
        "alexander" => {
            // Written down before today's rules: a Russian mobile, a home number without the country's code, an address
            // abroad, an e-mail with a space at its end.
            requisites.address = Address {
                country: "RU".into(),
                abroad: "644099, Омск, ул. Ленина, 10, кв. 3".into(),
                ..Address::default()
            };
            requisites.mobile = "+79035551234".into();
            requisites.home = "8 (7213) 91-23-45".into();
            requisites.email = "LI.ALEXANDR@EXAMPLE.RU ".into();
            record.changed_at = Timestamp::parse_rfc3339("2009-08-03T04:00:00Z");
        }
        "natalia" => {
            record.person.surname = "Семенова".into();
            record.person.given_name = "Наталия".into();
            contacts(requisites, "+77026667788", "", "n.semenova@example.kz");
        }
        "dauren" => record.bank_account = Some("KZ48319A010003124579"),
        "testov" => contacts(requisites, "+77010000011", "", "testov@example.kz"),
        "testtov" => contacts(requisites, "+77010000012", "", "testtov@example.kz"),
        _ => contacts(requisites, "+77019990000", "", ""),
    }
}

fn contacts(requisites: &mut Requisites, mobile: &str, home: &str, email: &str) {
    requisites.mobile = mobile.into();
    requisites.home = home.into();
    requisites.email = email.into();
}

fn day(text: &str) -> Date {
    Date::parse_iso(text).expect("a date of this file, read by a test")
}

/// The account everybody with mandatory contributions has; its number ends like the IIN's serial.
fn mandatory(register: &RegisterPerson) -> Account {
    let serial = &register.iin.digits()[6..11];
    Account {
        number: format!("KZ70ENPF00010{serial}"),
        contribution: Contribution::Mandatory,
        basis_name: Some(
            "Міндетті зейнетақы жарналары есебінен зейнетақымен қамсыздандыру туралы шарт".into(),
        ),
        basis_number: Some(format!("МЗЖ-{serial}")),
        notification_kind: Some("Жеке кабинет арқылы".into()),
        opened_on: register.birth_date.plus_days(19 * 365),
    }
}

fn held(document: &super::RegisterDocument) -> IdentityDocument {
    let kind = match document.kind.code {
        code if code == document_kind::PASSPORT.code => DocumentKind::Passport,
        code if code == document_kind::IDENTITY_CARD.code => DocumentKind::IdentityCard,
        code if code == document_kind::RESIDENCE_PERMIT.code => DocumentKind::ResidencePermit,
        other => DocumentKind::Other(other.to_owned()),
    };
    IdentityDocument {
        kind,
        series: None,
        number: document.number.clone().into_owned(),
        issued_on: document.issued_on,
        valid_until: document.valid_until,
        issued_by: Named {
            code: document.issuer.code.to_owned(),
            kk: document.issuer.kk.to_owned(),
            ru: document.issuer.ru.to_owned(),
        },
    }
}

/// The registered address as the Fund writes it.
fn registered(register: &RegisterPerson) -> Address {
    let address = &register.address;
    let district = match address.district.kk.strip_suffix(" Қ.Ә.") {
        Some(city) => format!("{} қаласы", written(city)),
        None => written(address.district.kk),
    };
    let own_city = address.district.kk.ends_with(" Қ.Ә.") || address.city.is_empty();
    Address {
        country: String::new(),
        abroad: String::new(),
        region: address.region.code[..2].to_owned(),
        district,
        settlement: if own_city {
            String::new()
        } else {
            written(address.city)
        },
        kato: String::new(),
        street: written(address.street),
        house: address.house.to_owned(),
        flat: address.flat.to_owned(),
        postcode: String::new(),
    }
}

/// GBD FL writes capitals; the Fund writes names with a capital first and kinds of places small.
fn written(capitals: &str) -> String {
    let kinds = ["ДАҢҒЫЛЫ", "КӨШЕСІ", "АУДАНЫ", "ҚАЛАСЫ"];
    let word = |word: &str| {
        let lower = word.to_lowercase();
        if kinds.contains(&word) {
            return lower;
        }
        let mut result = String::new();
        let mut at_start = true;
        for c in lower.chars() {
            if at_start {
                result.extend(c.to_uppercase());
            } else {
                result.push(c);
            }
            at_start = c == '-';
        }
        result
    };
    capitals.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capitals_become_names_and_small_kinds() {
        assert_eq!(written("ӘЛ-ФАРАБИ КӨШЕСІ"), "Әл-Фараби көшесі");
        assert_eq!(written("БЕЙБІТШІЛІК ДАҢҒЫЛЫ"), "Бейбітшілік даңғылы");
    }

    #[test]
    fn aliya_is_the_case_of_the_pictures() {
        let people = super::super::everybody();
        let aliya = people[0].fund.as_ref().unwrap();
        assert_eq!(
            aliya.requisites.address.line(crate::domain::lang::Lang::Kk),
            "Қарағанды облысы, Теміртау қаласы, Металлургтер даңғылы, 5, 101400"
        );
        assert_eq!(aliya.person.address_form(), "Әлия Серікқызы");
        assert_eq!(aliya.requisites.document.as_ref().unwrap().number, "038765432");
    }
}
