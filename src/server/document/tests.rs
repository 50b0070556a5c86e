//! The document against what other programs read out of it.

use super::*;
use crate::api::drafts::CONSENT_VERSION;
use crate::domain::identity_document::Named;
use crate::domain::iin::Iin;
use crate::domain::time::Date;
use std::io::Write as _;
use std::process::{Command, Stdio};

fn document(number: &str) -> IdentityDocument {
    IdentityDocument {
        kind: DocumentKind::IdentityCard,
        series: None,
        number: number.into(),
        issued_on: Date::new(2024, 3, 15).unwrap(),
        valid_until: Date::new(2034, 3, 14),
        issued_by: Named {
            code: "002".into(),
            kk: "ҚР ІШКІ ІСТЕР МИНИСТРЛІГІ".into(),
            ru: "МИНИСТЕРСТВО ВНУТРЕННИХ ДЕЛ РК".into(),
        },
    }
}

fn address(house: &str) -> Address {
    Address {
        region: "35".into(),
        district: "Теміртау қаласы".into(),
        street: "Бейбітшілік даңғылы".into(),
        house: house.into(),
        ..Address::default()
    }
}

fn content(lang: Lang) -> Content {
    Content {
        number: "2026-000184".into(),
        lang,
        made_at: Timestamp::parse_rfc3339("2026-11-23T08:30:05Z").unwrap(),
        person: Person {
            iin: Iin::typed("990101390009").unwrap(),
            surname: "Серікқызы".into(),
            given_name: "Әлия".into(),
            patronymic: None,
            birth_date: Date::new(1999, 1, 1).unwrap(),
        },
        accounts: vec![Account {
            number: "KZ-0001".into(),
            contribution: Contribution::Mandatory,
            basis_name: None,
            basis_number: None,
            notification_kind: None,
            opened_on: Date::new(2018, 1, 9).unwrap(),
        }],
        changes: vec![
            Change::Document {
                before: None,
                after: Box::new(document("051234567")),
            },
            Change::Address {
                before: Box::new(address("14/2")),
                after: Box::new(address("16")),
            },
            Change::Mobile {
                before: "+77012345678".into(),
                after: "+77770001418".into(),
            },
            Change::Home {
                before: "+77272720505".into(),
                after: String::new(),
            },
            Change::Email {
                before: String::new(),
                after: "aliya@example.kz".into(),
            },
        ],
        own_mobile: true,
        unproven: vec![Field::Email],
        consent: Consent {
            text_version: CONSENT_VERSION.into(),
            lang,
            given_at: Timestamp::parse_rfc3339("2026-11-23T08:00:00Z").unwrap(),
        },
    }
}

#[test]
fn the_same_data_give_the_same_bytes_and_other_data_others() {
    let first = render(&content(Lang::Ru)).unwrap();
    assert_eq!(first, render(&content(Lang::Ru)).unwrap());
    let mut other = content(Lang::Ru);
    other.made_at = other.made_at.plus_seconds(1);
    assert_ne!(first.sha256, render(&other).unwrap().sha256);
}

#[test]
fn it_is_small_and_says_which_standards_it_meets() {
    for lang in Lang::ALL {
        let pdf = render(&content(lang)).unwrap().pdf;
        assert!(pdf.starts_with(b"%PDF-1."));
        assert!(pdf.len() <= 200_000, "{} bytes", pdf.len());
        eprintln!("{lang:?}: {} bytes", pdf.len());
        let text = String::from_utf8_lossy(&pdf);
        assert!(text.contains("pdfaid:part"), "PDF/A");
        assert!(text.contains("pdfuaid:part"), "PDF/UA");
    }
}

/// The text as Poppler reads it, white space made one; `None` when Poppler isn't installed.
pub(super) fn extracted(pdf: &[u8]) -> Option<String> {
    let mut reader = Command::new("pdftotext")
        .args(["-enc", "UTF-8", "-", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    reader.stdin.take().unwrap().write_all(pdf).unwrap();
    let output = reader.wait_with_output().unwrap();
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).unwrap();
    Some(text.split_whitespace().collect::<Vec<_>>().join(" "))
}

#[test]
fn every_value_can_be_read_out_in_the_order_of_the_screen() {
    for lang in Lang::ALL {
        let Some(text) = extracted(&render(&content(lang)).unwrap().pdf) else {
            eprintln!("pdftotext isn't installed: what other programs read was not checked");
            return;
        };
        let mut from = 0;
        for value in [
            "2026-000184",
            "Серікқызы Әлия",
            "990101390009",
            "01.01.1999",
            "Жеке куәлік № 051234567",
            "Қарағанды облысы, Теміртау қаласы, Бейбітшілік даңғылы, 14/2",
            "Бейбітшілік даңғылы, 16",
            "+77012345678",
            "+77770001418",
            "+77272720505",
            "алып тасталады",
            "aliya@example.kz",
            "Кодпен расталмаған",
            "KZ-0001",
            "Дербес деректерді жинауға",
            "13:00",
        ] {
            let found = text.get(from..).and_then(|rest| rest.find(value));
            let Some(at) = found else {
                panic!("{value} isn't there or out of order ({lang:?}): {text}");
            };
            from += at;
        }
        let beside = match lang {
            Lang::Kk => "Өтініш",
            Lang::Ru => "область, Теміртау қаласы",
            Lang::En => "Karaganda Region, Теміртау қаласы",
        };
        assert!(text.contains(beside), "{beside}");
    }
}

#[test]
fn a_checker_finds_no_fault_in_its_structure() {
    checked(&render(&content(Lang::En)).unwrap().pdf);
}

/// Has qpdf look at the structure, if it is installed.
pub(super) fn checked(bytes: &[u8]) {
    let mut pdf = tempfile::NamedTempFile::new().unwrap();
    pdf.write_all(bytes).unwrap();
    match Command::new("qpdf").arg("--check").arg(pdf.path()).output() {
        Ok(output) => assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        ),
        Err(_) => eprintln!("qpdf isn't installed: the structure was not checked"),
    }
}

#[test]
fn odd_data_and_a_thousand_accounts_still_make_a_document() {
    let mut content = content(Lang::Ru);
    content.accounts = vec![content.accounts[0].clone(); 1000];
    let odd = "\0\u{202e}中🙂<b>e\u{301}".to_owned() + &"ұ".repeat(5000);
    content.changes.push(Change::Address {
        before: Box::new(Address::default()),
        after: Box::new(Address {
            country: "CN".into(),
            abroad: odd,
            ..Address::default()
        }),
    });
    let pdf = render(&content).unwrap().pdf;
    assert!(pdf.len() < 1_000_000, "{} bytes", pdf.len());
    if let Some(text) = extracted(&pdf) {
        assert!(text.contains("[U+4E2D][U+1F642]<b>é"));
    }
}

#[test]
fn the_consent_is_the_very_text_of_the_screen() {
    let screen = [
        include_str!("../../texts/screen/kk.txt"),
        include_str!("../../texts/screen/ru.txt"),
        include_str!("../../texts/screen/en.txt"),
    ];
    for (lang, source) in Lang::ALL.into_iter().zip(screen) {
        let read: Vec<_> = source
            .lines()
            .filter_map(|line| line.split_once('='))
            .map(|(key, text)| (key.trim(), text.trim()))
            .filter(|(key, _)| {
                let part = key.strip_prefix("consent_").unwrap_or_default();
                part == "law" || part.parse::<u8>().is_ok()
            })
            .map(|(_, text)| text)
            .collect();
        assert_eq!(read, CONSENT.map(|key| text(lang, key)), "{lang:?}");
    }
}
