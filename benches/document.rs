//! How long the document and the receipt take to make, in each language: the best of several rounds, and how large they are.
//! A piece must take no more than 20 ms, on any machine we would run on.

use cabinet::api::applications::SigningWay;
use cabinet::domain::address::Address;
use cabinet::domain::application::ApplicationState;
use cabinet::domain::identity_document::{DocumentKind, IdentityDocument, Named};
use cabinet::domain::iin::Iin;
use cabinet::domain::lang::Lang;
use cabinet::domain::person::Person;
use cabinet::domain::requisites::Change;
use cabinet::domain::time::{Date, Timestamp};
use cabinet::server::document::receipt::{self, Receipt};
use cabinet::server::document::{self, Consent, Content, Rendered};
use std::hint::black_box;
use std::time::{Duration, Instant};

const ROUNDS: usize = 20;
const LIMIT: Duration = Duration::from_millis(20);

fn main() {
    for lang in Lang::ALL {
        let content = content(lang);
        measured("document", lang, || {
            document::render(black_box(&content)).expect("a document")
        });
        measured("receipt", lang, || {
            receipt::render(black_box(&of(&content))).expect("a receipt")
        });
    }
}

fn measured(what: &str, lang: Lang, make: impl Fn() -> Rendered) {
    // The first one reads the fonts.
    let size = make().pdf.len();
    let best = (0..ROUNDS)
        .map(|_| {
            let begun = Instant::now();
            black_box(make());
            begun.elapsed()
        })
        .min()
        .unwrap_or_default();
    let ms = best.as_secs_f64() * 1000.0;
    println!("{what} ({}): {ms:>6.2} ms, {size} bytes", lang.tag());
    assert!(best <= LIMIT, "a {what} takes {ms:.2} ms");
}

/// Everything the form can change, changed.
fn content(lang: Lang) -> Content {
    let day = |year, month, day| Date::new(year, month, day).expect("a day");
    let made_at = Timestamp::parse_rfc3339("2026-11-23T08:30:05Z").expect("a moment");
    let address = |house: &str| {
        Box::new(Address {
            region: "35".into(),
            district: "Теміртау қаласы".into(),
            street: "Бейбітшілік даңғылы".into(),
            house: house.into(),
            ..Address::default()
        })
    };
    Content {
        number: "2026-000184".into(),
        lang,
        made_at,
        person: Person {
            iin: Iin::typed("990101390009").expect("an IIN"),
            surname: "Серікқызы".into(),
            given_name: "Әлия".into(),
            patronymic: None,
            birth_date: day(1999, 1, 1),
        },
        accounts: Vec::new(),
        changes: vec![
            Change::Document {
                before: None,
                after: Box::new(IdentityDocument {
                    kind: DocumentKind::IdentityCard,
                    series: None,
                    number: "051234567".into(),
                    issued_on: day(2024, 3, 15),
                    valid_until: Some(day(2034, 3, 14)),
                    issued_by: Named {
                        code: "002".into(),
                        kk: "ҚР ІШКІ ІСТЕР МИНИСТРЛІГІ".into(),
                        ru: "МИНИСТЕРСТВО ВНУТРЕННИХ ДЕЛ РК".into(),
                    },
                }),
            },
            Change::Address {
                before: address("14/2"),
                after: address("16"),
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
        unproven: Vec::new(),
        consent: Consent {
            text_version: "2026-11-1".into(),
            lang,
            given_at: made_at,
        },
    }
}

fn of(content: &Content) -> Receipt<'_> {
    Receipt {
        number: &content.number,
        lang: content.lang,
        full_name: content.person.full_name(),
        iin_masked: content.person.iin.masked(),
        changes: &content.changes,
        state: ApplicationState::Applied,
        state_at: content.made_at,
        signed_at: content.made_at,
        way: SigningWay::Eds,
        certificate: "3f1c9a7be0d24568a1b2c3d4e5f60718293a4b5c",
        issuer: "ҰЛТТЫҚ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (GOST)",
        sha256: "3f1c9a7be0d24568a1b2c3d4e5f60718293a4b5c6d7e8f9011223344556677aa",
        check_page: "https://cabinet.example/check",
        code: "01234-5678-9ABC-DEFG-HJKM-NPQRS",
        check_link: "https://cabinet.example/check#0123456789ABCDEFGHJKMNPQRS",
    }
}
