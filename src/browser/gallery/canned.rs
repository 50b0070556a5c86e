//! What the server would answer: one made-up person, an application from draft to thanks, and each thing that may go wrong.

use crate::api::accounts::{ChallengeIssued, Entry, Identity, OfferedNumber, Way};
use crate::api::addresses::FoundPlace;
use crate::api::applications::{Frozen, SignedReceipt, SigningWay, Summary};
use crate::api::checks::{CheckAnswer, Genuine};
use crate::api::contacts::{CodeSent, CodeTrouble, Unreached, UnreachedKind};
use crate::api::drafts::{Draft, DraftSaved};
use crate::api::openings::{HeldNumber, Opening, UnderWay};
use crate::api::records::{Account, Contribution, Record};
use crate::api::settings::{GivenConsent, OpenSession, PasswordSet, PastSignIn, Settings};
use crate::api::signing::{QrSession, QrState};
use crate::api::suspensions::Suspended;
use crate::api::{ApiError, Nothing};
use crate::browser::calls::Signature;
use crate::browser::calls::{Answer, Calls, InsideCalls, OpeningCalls, RoomCalls, SettingsCalls};
use crate::browser::ncalayer::{AgentTrouble, Cancel, Step};
use crate::domain::address::Address;
use crate::domain::application::ApplicationState;
use crate::domain::form::{Field, FormInput, Known, prefill};
use crate::domain::identity_document::{DocumentKind, IdentityDocument, Named};
use crate::domain::requisites::{Requisites, difference};
use crate::domain::time::{Date, Timestamp};
use std::future::poll_fn;
use std::task::Poll;

const APPLICATION: &str = "J2hK0pXvT5mQ3sYb8wZr1A";
const LINK: &str = "mobileSign:https://cabinet.example/api/egov-mobile/documents/J2hK0pXvT5mQ3sYb8wZr1A";
/// 23.11.2026, 09:41 in Kazakhstan.
const NOW: Timestamp = Timestamp(1_795_408_860_000);

pub(super) fn now<T: 'static>(value: T) -> Answer<T> {
    Box::pin(async { Ok(value) })
}

pub(super) fn fail<T: 'static>(error: ApiError) -> Answer<T> {
    Box::pin(async { Err(error) })
}

/// NCALayer stays at this step until the person stops it.
pub(super) fn stays_at(step: Step, cancel: Cancel, show: &dyn Fn(Step)) -> Signature {
    show(step);
    Box::pin(poll_fn(move |context| {
        if cancel.is_asked() {
            return Poll::Ready(Err(AgentTrouble::Cancelled));
        }
        cancel.wake(context.waker());
        Poll::Pending
    }))
}

/// Everything goes well.
pub(super) fn fine() -> Calls {
    Calls {
        sign_in: |_| {
            now(Entry::Open {
                identity: Box::new(identity()),
            })
        },
        send_step_code: |_| now(code_sent()),
        confirm_step: |_| {
            fail(ApiError::Code {
                trouble: CodeTrouble::Wrong { left: 4 },
            })
        },
        eds_challenge: |_| {
            now(ChallengeIssued {
                data_base64: "YQ==".to_owned(),
                expires_at: NOW.plus_seconds(180),
            })
        },
        eds_sign_in: |_| now(identity()),
        me: |_| now(identity()),
        stay: |_| now(identity()),
        sign_out: |_| now(Nothing {}),
        my_record: |_| now(record()),
        still_mine: |_| now(Nothing {}),
        ncalayer: |_, _, _| Box::pin(async { Err(AgentTrouble::NotReachable) }),
    }
}

/// The same for people signed in.
pub(super) fn fine_inside() -> InsideCalls {
    InsideCalls {
        open_draft: |_| now(draft()),
        save_draft: |changed| {
            now(DraftSaved {
                version: changed.version + 1,
                at: NOW.plus_seconds(180),
            })
        },
        start_over: |_| now(draft()),
        send_code: |_| now(code_sent()),
        confirm_code: |_| {
            fail(ApiError::Code {
                trouble: CodeTrouble::Wrong { left: 4 },
            })
        },
        freeze: |_| now(frozen()),
        thaw: |_| now(Nothing {}),
        review: |_| now(frozen()),
        suggest_places: |_| now(places()),
        suggest_postcodes: |_| now(Vec::new()),
        countries: |_| now(vec!["Германия".into(), "Түркия".into(), "Өзбекстан".into()]),
        sign_by_eds: |_| now(receipt(ApplicationState::Applied)),
        start_qr: |_| now(qr(QrState::New)),
        // A long poll that brings no news.
        qr_status: |_| Box::pin(std::future::pending()),
        cancel_qr: |_| now(qr(QrState::Cancelled)),
    }
}

/// Two of one name: the paths tell them apart.
fn places() -> Vec<FoundPlace> {
    [
        (
            "11",
            "115647600",
            "Ақмола облысы",
            "Зеренді ауданы",
            "Жамбыл ауылы",
        ),
        ("19", "194200000", "Алматы облысы", "Жамбыл ауданы", ""),
    ]
    .into_iter()
    .map(|(region, code, name, district, settlement)| FoundPlace {
        code: code.to_owned(),
        region: region.to_owned(),
        district: district.to_owned(),
        settlement: settlement.to_owned(),
        path: [
            name,
            ", ",
            district,
            if settlement.is_empty() { "" } else { ", " },
            settlement,
        ]
        .concat(),
    })
    .collect()
}

/// The same in the room.
pub(super) fn fine_after() -> RoomCalls {
    RoomCalls {
        give_consent: |_| now(Nothing {}),
        receipt: |_| now(receipt(ApplicationState::Applied)),
        cancel: |_| now(receipt(ApplicationState::Cancelled)),
        history: |_| now(history()),
        check_code: |_| now(genuine()),
        lift: |_| now(Nothing {}),
        suspend: |_| now(Suspended { before: false }),
        check_bundle: |_| now(genuine()),
    }
}

fn genuine() -> CheckAnswer {
    let receipt = receipt(ApplicationState::Applied);
    CheckAnswer {
        genuine: Some(Genuine {
            number: receipt.number,
            state: receipt.state,
            signed_at: receipt.signed_at,
            state_at: receipt.signed_at.plus_seconds(1),
            sha256: receipt.sha256,
        }),
    }
}

/// The same without a session. What is typed decides what goes wrong: `111111` is a wrong code, `222222` one whose time is over.
pub(super) fn fine_opening() -> OpeningCalls {
    OpeningCalls {
        start: |wanted| match wanted.number {
            HeldNumber::Work => fail(ApiError::TooMany {
                retry_after_seconds: 840,
            }),
            // Never solved: the page stays at it.
            HeldNumber::Home if wanted.proof.is_empty() => fail(ApiError::Puzzle {
                puzzle: "gallery".to_owned(),
                bits: 200,
                wait_seconds: 3600,
            }),
            _ => now(code_sent()),
        },
        again: |_| now(code_sent()),
        under_way: |_| {
            now(UnderWay {
                opening: Some(Opening::Registration),
                sent: Some(code_sent()),
                proven: false,
            })
        },
        finish: |opened| {
            let left = 4;
            match &*opened.code {
                "111111" => fail(ApiError::Code {
                    trouble: CodeTrouble::Wrong { left },
                }),
                "222222" => fail(ApiError::Code {
                    trouble: CodeTrouble::Ended,
                }),
                _ if opened.password.contains("Әлия") => now(PasswordSet::Personal),
                _ if opened.password.chars().count() < 8 => now(PasswordSet::Short),
                _ => now(PasswordSet::Done),
            }
        },
    }
}

fn code_sent() -> CodeSent {
    CodeSent {
        now: NOW,
        expires_at: NOW.plus_seconds(300),
        again_at: NOW.plus_seconds(60),
    }
}

/// The same on the page of settings.
pub(super) fn fine_settings() -> SettingsCalls {
    SettingsCalls {
        my_settings: |_| now(settings()),
        end_sessions: |_| {
            let mut left = settings();
            left.sessions.truncate(1);
            now(left)
        },
        set_password: |password| {
            now(if password.new.chars().count() < 8 {
                PasswordSet::Short
            } else {
                PasswordSet::Done
            })
        },
        withdraw_consent: |_| {
            let mut withdrawn = settings();
            for consent in &mut withdrawn.consents {
                consent.withdrawn_at = Some(NOW);
            }
            now(withdrawn)
        },
    }
}

/// Two sessions, one of them on a phone.
pub(super) fn settings() -> Settings {
    let session = |id: &str, way, ago: i64, browser: &str, this| OpenSession {
        id: id.to_owned(),
        way,
        began_at: NOW.plus_seconds(-ago),
        seen_at: NOW,
        address: "192.0.2.17".to_owned(),
        browser: browser.to_owned(),
        this,
    };
    let past = |way, ago: i64, browser: &str| PastSignIn {
        way,
        at: NOW.plus_seconds(-ago),
        address: "192.0.2.17".to_owned(),
        browser: browser.to_owned(),
    };
    Settings {
        sessions: vec![
            session("1", Way::Password, 300, "Chrome, Windows", true),
            session("2", Way::Eds, 4000, "Samsung Internet, Android", false),
        ],
        sign_ins: vec![
            past(Way::Password, 300, "Chrome, Windows"),
            past(Way::Eds, 4000, "Samsung Internet, Android"),
            past(Way::Password, 86_400 * 12, ""),
        ],
        consents: vec![GivenConsent {
            given_at: NOW.plus_seconds(-86_400 * 12),
            withdrawn_at: None,
        }],
        has_password: true,
        by_eds: false,
    }
}

pub(super) fn identity() -> Identity {
    Identity {
        address_form: "Әлия Серікқызы".to_owned(),
        full_name: "НҰРҒАЛИЕВА ӘЛИЯ СЕРІКҚЫЗЫ".to_owned(),
        iin_masked: "•••• •••• 0009".to_owned(),
        way: Way::Eds,
        now: NOW,
        idle_end: NOW.plus_seconds(1800),
        absolute_end: NOW.plus_seconds(43_200),
        certificate_ends: None,
        previous_sign_in: Some(NOW.plus_seconds(-86_400 * 12)),
        consent_given: true,
        unreached: Vec::new(),
    }
}

/// The numbers a code may go to in a browser that isn't remembered.
pub(super) fn second_step(numbers: &[(HeldNumber, &str)]) -> Entry {
    let offered = |(number, masked): &(HeldNumber, &str)| OfferedNumber {
        number: *number,
        masked: (*masked).to_owned(),
    };
    Entry::Code {
        numbers: numbers.iter().map(offered).collect(),
    }
}

/// A letter came back, and a message wasn't delivered.
pub(super) fn unreached() -> Identity {
    let held = current();
    let post = Unreached {
        kind: UnreachedKind::Post,
        value: String::new(),
        address: Some(held.address),
    };
    let email = Unreached {
        kind: UnreachedKind::Email,
        value: held.email,
        address: None,
    };
    Identity {
        unreached: vec![post, email],
        ..identity()
    }
}

/// The session ends in a minute and a half.
pub(super) fn leaving() -> Identity {
    Identity {
        idle_end: NOW.plus_seconds(90),
        ..identity()
    }
}

/// The certificate ends within thirty days.
pub(super) fn with_an_old_certificate() -> Identity {
    Identity {
        certificate_ends: Some(NOW.plus_seconds(86_400 * 19).date_kz()),
        ..identity()
    }
}

fn day(text: &str) -> Date {
    Date::parse_iso(text).unwrap_or_else(|| Date::from_days(0))
}

fn document(kind: DocumentKind, number: &str, issued: &str, until: &str) -> IdentityDocument {
    IdentityDocument {
        kind,
        series: None,
        number: number.to_owned(),
        issued_on: day(issued),
        valid_until: Some(day(until)),
        issued_by: Named {
            code: "002".to_owned(),
            kk: "ҚР Ішкі істер министрлігі".to_owned(),
            ru: "МВД Республики Казахстан".to_owned(),
        },
    }
}

fn address(street: &str, house: &str, flat: &str) -> Address {
    Address {
        region: "35".to_owned(),
        district: "Теміртау қаласы".to_owned(),
        street: street.to_owned(),
        house: house.to_owned(),
        flat: flat.to_owned(),
        postcode: "101400".to_owned(),
        ..Address::default()
    }
}

fn current() -> Requisites {
    Requisites {
        address: address("Металлургтер даңғылы", "5", ""),
        mobile: "+77015550145".to_owned(),
        home: "+77213912045".to_owned(),
        email: "aliya@example.kz".to_owned(),
        document: Some(document(
            DocumentKind::IdentityCard,
            "038765432",
            "2014-03-16",
            "2024-03-15",
        )),
        ..Requisites::default()
    }
}

fn proposed() -> Requisites {
    Requisites {
        address: address("Бейбітшілік даңғылы", "14/2", "38"),
        mobile: "+77012345678".to_owned(),
        document: Some(document(
            DocumentKind::IdentityCard,
            "051234567",
            "2024-03-15",
            "2034-03-14",
        )),
        ..current()
    }
}

fn accounts() -> Vec<Account> {
    let account = |number: &str, contribution, opened: &str| Account {
        number: number.to_owned(),
        contribution,
        basis_name: Some("Қосылу шарты".to_owned()),
        basis_number: Some(number[2..].to_owned()),
        notification_kind: Some("Электрондық хабарландыру".to_owned()),
        opened_on: day(opened),
    };
    vec![
        account("KZ0009-1001234", Contribution::Mandatory, "2006-09-01"),
        account("KZ0009-3004321", Contribution::Voluntary, "2019-02-11"),
    ]
}

pub(super) fn record() -> Record {
    Record {
        full_name: "НҰРҒАЛИЕВА ӘЛИЯ СЕРІКҚЫЗЫ".to_owned(),
        iin_masked: "•••• •••• 0009".to_owned(),
        birth_date: day("1987-05-14"),
        requisites: current(),
        changed_at: Some(NOW.plus_seconds(-86_400 * 400)),
        accounts: accounts(),
        bank_account_masked: Some("KZ•• •••• •••• •••• 4471".to_owned()),
        contacts_suspended: false,
        as_of: NOW,
    }
}

pub(super) fn draft() -> Draft {
    let known = Known {
        current: current(),
        documents: vec![
            document(
                DocumentKind::IdentityCard,
                "051234567",
                "2024-03-15",
                "2034-03-14",
            ),
            document(DocumentKind::Passport, "N12345678", "2021-09-03", "2031-09-02"),
        ],
        proven: Vec::new(),
    };
    Draft {
        application: APPLICATION.to_owned(),
        version: 1,
        input: prefill(&known),
        known,
        full_name: "НҰРҒАЛИЕВА ӘЛИЯ СЕРІКҚЫЗЫ".to_owned(),
        birth_date: day("1987-05-14"),
        accounts: accounts(),
        registered_address: Some(address("Бейбітшілік даңғылы", "14/2", "38")),
        register_read_at: NOW,
        saved_at: None,
    }
}

/// As the person left it: a new address, a mobile number that is too short.
pub(super) fn begun() -> Draft {
    let fresh = draft();
    let input = FormInput {
        document: "051234567".to_owned(),
        street: "Бейбітшілік даңғылы".to_owned(),
        house: "14/2".to_owned(),
        flat: "38".to_owned(),
        mobile: "8 703 555 12".to_owned(),
        mobile_is_mine: true,
        ..fresh.input.clone()
    };
    Draft {
        input,
        version: 7,
        saved_at: Some(NOW.plus_seconds(180)),
        ..fresh
    }
}

/// With a new mobile number that a code has come back from.
pub(super) fn proven() -> Draft {
    let mut draft = draft();
    draft.input.mobile = "8 701 234 56 78".to_owned();
    draft.input.mobile_is_mine = true;
    draft.known.proven.push("+77012345678".to_owned());
    draft
}

pub(super) fn frozen() -> Frozen {
    Frozen {
        application: APPLICATION.to_owned(),
        number: "2026-000184".to_owned(),
        state: ApplicationState::Frozen,
        full_name: "НҰРҒАЛИЕВА ӘЛИЯ СЕРІКҚЫЗЫ".to_owned(),
        iin_masked: "•••• •••• 0009".to_owned(),
        changes: difference(&current(), &proposed()),
        unproven: vec![Field::Mobile],
        frozen_at: NOW.plus_seconds(240),
        document_path: "/documents/J2hK0pXvT5mQ3sYb8wZr1A/3f1c9a7be0d24568.pdf".to_owned(),
        document_base64: "JVBERi0=".to_owned(),
        sha256: "3f1c9a7be0d24568a1b2c3d4e5f60718293a4b5c6d7e8f9011223344556677aa".to_owned(),
        size: 86_016,
    }
}

pub(super) fn receipt(state: ApplicationState) -> SignedReceipt {
    let frozen = frozen();
    SignedReceipt {
        application: frozen.application,
        number: frozen.number,
        state,
        signed_at: NOW.plus_seconds(660),
        applied_at: (state == ApplicationState::Applied).then(|| NOW.plus_seconds(661)),
        codes_from: (state == ApplicationState::Applied).then(|| NOW.plus_seconds(661 + 12 * 3600)),
        signed_by_way: SigningWay::EgovMobile,
        changes: frozen.changes,
        document_path: frozen.document_path,
        receipt_path: file("receipt.pdf"),
        evidence_path: if state == ApplicationState::Applied {
            file("evidence.zip")
        } else {
            String::new()
        },
        sha256: frozen.sha256,
    }
}

fn file(name: &str) -> String {
    ["/documents/", APPLICATION, "/", name].concat()
}

fn history() -> Vec<Summary> {
    let line = |number: &str, state, days: i64| Summary {
        application: APPLICATION.to_owned(),
        number: number.to_owned(),
        state,
        at: NOW.plus_seconds(-86_400 * days),
        document_path: file("3f1c9a7be0d24568.pdf"),
        receipt_path: if state == ApplicationState::Expired {
            String::new()
        } else {
            file("receipt.pdf")
        },
        evidence_path: if state == ApplicationState::Applied {
            file("evidence.zip")
        } else {
            String::new()
        },
    };
    vec![
        line("2026-000184", ApplicationState::Applied, 0),
        line("2026-000171", ApplicationState::Checking, 3),
        line("2026-000093", ApplicationState::Expired, 140),
        line("2025-004410", ApplicationState::Refused, 400),
    ]
}

pub(super) fn qr(state: QrState) -> QrSession {
    QrSession {
        session: "q7Xn2LmR4tUv6WyZ8aBcDe".to_owned(),
        state,
        payload: LINK.to_owned(),
        app_link: "https://mgovsign.page.link/".to_owned(),
        code: "4719".to_owned(),
        now: NOW,
        deadline: NOW.plus_seconds(272),
    }
}
