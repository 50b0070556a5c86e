//! Whatever is typed, page and server say the same: the verdict of `domain` on the page's side, and the answer of the server
//! functions as the page reads it, over the wire's JSON.

use super::fixture::{ALIYA, House, aliya, fund_record, iin};
use super::questions::Questions;
use super::services;
use crate::api::applications::Frozen;
use crate::api::drafts::{Draft, DraftSaved};
use crate::api::records::{Account, Contribution};
use crate::api::{ApiError, Caller};
use crate::domain::form::{FormInput, Known, check};
use crate::domain::reading::{Read, read};
use crate::domain::requisites::difference;
use crate::domain::time::Date;
use axum::body::Body;
use axum::extract::Request;
use proptest::prelude::*;
use proptest::test_runner::{Config as Cases, TestRunner};
use serde_json::json;

/// The page's side of the wire.
struct Page {
    questions: Questions,
    caller: Caller,
}

impl Page {
    async fn new(house: &House) -> Self {
        crate::api::register();
        let caller = house.signed_in(&iin(ALIYA)).await;
        house.consent(&caller).await;
        Self {
            questions: Questions::new(house.core.clone(), services(&house.core)),
            caller,
        }
    }

    async fn ask<T: Read>(&self, path: &str, input: serde_json::Value) -> Result<T, ApiError> {
        let session = self.caller.session.as_deref().unwrap();
        let request = Request::post(format!("/api/{path}"))
            .header("content-type", "application/json")
            .header("sec-fetch-site", "same-origin")
            .header("cookie", format!("session={session}"))
            .body(Body::from(json!({ "input": input }).to_string()))
            .unwrap();
        let answer = self
            .questions
            .answer("127.0.0.1:9".parse().unwrap(), request)
            .await;
        let fine = answer.status().is_success();
        let body = axum::body::to_bytes(answer.into_body(), 16 << 20).await.unwrap();
        let text = std::str::from_utf8(&body).unwrap();
        if fine {
            Ok(read(text).expect("an answer of the agreed shape"))
        } else {
            Err(read(text).expect("an error of the agreed shape"))
        }
    }

    /// Saves, freezes, and opens the form again: what the server says of this input, and the draft as it comes back.
    async fn judged(&self, input: &FormInput) -> (Result<Frozen, ApiError>, Draft) {
        let draft: Draft = self.ask("drafts/open", json!({})).await.unwrap();
        let application = &draft.application;
        let change = json!({ "application": application, "version": draft.version, "input": input });
        let saved: DraftSaved = self.ask("drafts/save", change).await.unwrap();
        let frozen = json!({ "application": application, "version": saved.version });
        let verdict = self.ask("applications/freeze", frozen).await;
        let draft = self.ask("drafts/open", json!({})).await.unwrap();
        (verdict, draft)
    }

    async fn known(&self) -> Known {
        self.ask::<Draft>("drafts/open", json!({})).await.unwrap().known
    }
}

/// The page's verdict, as the server must answer.
fn expected(input: &FormInput, known: &Known) -> Result<(), ApiError> {
    match check(input, known) {
        Err(fields) => Err(ApiError::Invalid { fields }),
        Ok(proposed) if difference(&known.current, &proposed).is_empty() => Err(ApiError::NothingChanges),
        Ok(_) => Ok(()),
    }
}

const ODD: &[&str] = &[
    "",
    " ",
    "\0",
    "Аб\0ай",
    "\u{1b}[2J",
    "🙂",
    "👩‍👩‍👧‍👦",
    "\u{202e}йабА",
    "\u{200f}Абай\u{feff}",
    "<b>Абай</b>",
    "<img src=x onerror=alert(1)>",
    "' OR 1=1 --",
    "и\u{306}",
    "é\u{301}\u{301}",
    "Lenina",
    "Бeйбiтшiлiк",
    "{name}",
    "\\u0000",
    "ﷺ",
    "𝔄𝔅",
];

const PHONES: &[&str] = &[
    "8 701 234 56 79",
    "+7 (777) 000-14-18",
    "7010000000",
    "8 703 123 45 67",
    "+7 999 123 45 67",
    "+49 30 901820",
    "+0",
    "8 7172 55 01 02",
    "+7701234567",
    "++77012345678",
    "٠١٢٣٤٥٦٧٨٩",
];

fn field(good: &'static [&'static str]) -> impl Strategy<Value = String> {
    prop_oneof![
        6 => prop::sample::select(good).prop_map(str::to_owned),
        2 => prop::sample::select(ODD).prop_map(str::to_owned),
        1 => any::<String>(),
        1 => prop::sample::select(&['а', 'a', '9', '🙂', '\0', '\u{202e}'][..])
            .prop_map(|letter| letter.to_string().repeat(10_000)),
    ]
}

prop_compose! {
    fn inputs()(
        document in field(&["051234567", "N12345678"]),
        (lives_abroad, country, abroad) in (any::<bool>(), field(&["Германия", "DE"]), field(&["Berlin, Unter den Linden 1"])),
        (region, district, settlement) in (field(&["35", "75", "99"]), field(&["Теміртау қаласы", "Абай ауданы"]), field(&["Ақсу"])),
        kato in field(&["", "110000000"]),
        (street, house, flat, postcode) in (field(&["Абай"]), field(&["14/2", "5"]), field(&["", "38"]), field(&["", "101400", "A15G7T4", "М03А5В9"])),
        (mobile, home, work) in (field(PHONES), field(PHONES), field(PHONES)),
        work_extension in field(&["", "118"]),
        email in field(&["new@example.kz", "old@example.kz", "әлия@example.kz", "a@b"]),
        flags in any::<[bool; 6]>(),
    ) -> FormInput {
        let [no_street, no_house, mobile_is_mine, no_email, mobile_later, email_later] = flags;
        FormInput {
            document, lives_abroad, country, abroad, region, district, settlement, kato, street, no_street, house, no_house,
            flat, postcode, mobile, mobile_is_mine, home, work, work_extension, email, no_email, mobile_later, email_later,
        }
    }
}

#[test]
fn whatever_is_typed_page_and_server_say_the_same_and_the_draft_comes_back_as_it_was() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let house = runtime.block_on(House::new());
    let page = runtime.block_on(Page::new(&house));
    let known = runtime.block_on(page.known());
    let mut runner = TestRunner::new(Cases {
        cases: 150,
        failure_persistence: None,
        ..Cases::default()
    });
    let ran = runner.run(&inputs(), |input| {
        let (verdict, draft) = runtime.block_on(page.judged(&input));
        prop_assert_eq!(
            verdict.as_ref().map(|_| ()).map_err(Clone::clone),
            expected(&input, &known)
        );
        if let (Ok(frozen), Ok(proposed)) = (verdict, check(&input, &known)) {
            prop_assert_eq!(frozen.changes, difference(&known.current, &proposed));
        }
        prop_assert_eq!(draft.input, input);
        Ok(())
    });
    ran.unwrap();
}

#[tokio::test]
async fn every_field_of_ten_thousand_characters_is_saved_and_named() {
    let house = House::new().await;
    let page = Page::new(&house).await;
    for letter in ["а", "🙂", "\0", "<"] {
        let long = letter.repeat(10_000);
        let mut input = serde_json::to_value(FormInput::default()).unwrap();
        for (_, value) in input.as_object_mut().unwrap() {
            if value.is_string() {
                *value = long.clone().into();
            }
        }
        let input: FormInput = serde_json::from_value(input).unwrap();
        let (verdict, draft) = page.judged(&input).await;
        assert_eq!(draft.input, input);
        let fields = check(&input, &draft.known).unwrap_err();
        assert!(fields.len() >= 12, "{fields:?}");
        assert_eq!(verdict, Err(ApiError::Invalid { fields }));
    }
}

#[tokio::test]
async fn a_thousand_accounts_are_shown_and_signed_for() {
    let house = House::new().await;
    let mut record = fund_record(aliya(), "051234567");
    record.accounts = (0..1000)
        .map(|number| Account {
            number: format!("KZ-{number:04}"),
            contribution: Contribution::Voluntary,
            basis_name: None,
            basis_number: None,
            notification_kind: None,
            opened_on: Date::new(2018, 1, 9).unwrap(),
        })
        .collect();
    super::store::FundStore::put_fund_record(&*house.store, &record)
        .await
        .unwrap();
    let page = Page::new(&house).await;
    let draft: Draft = page.ask("drafts/open", json!({})).await.unwrap();
    assert_eq!(draft.accounts.len(), 1000);
    let input = FormInput {
        flat: "38".into(),
        ..draft.input
    };
    let (verdict, _) = page.judged(&input).await;
    let frozen = verdict.unwrap();
    assert_eq!(frozen.changes.len(), 1);
    assert!(frozen.size < 2_000_000, "{}", frozen.size);
}
