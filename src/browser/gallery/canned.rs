//! What the server would answer: one made-up person, an application from draft to thanks, and each thing that may go wrong.

use crate::api::accounts::{ChallengeIssued, Identity, Way};
use crate::api::applications::{Frozen, SignedReceipt, SigningWay, Summary};
use crate::api::checks::{CheckAnswer, Genuine};
use crate::api::contacts::Suspended;
use crate::api::drafts::{Draft, DraftSaved};
use crate::api::records::{Account, Contribution, Record};
use crate::api::signing::{QrSession, QrState};
use crate::api::{ApiError, Nothing};
use crate::browser::calls::{AfterCalls, Answer, Calls, InsideCalls};
use crate::browser::ncalayer::AgentTrouble;
use crate::domain::address::Address;
use crate::domain::application::ApplicationState;
use crate::domain::form::{FormInput, Known, prefill};
use crate::domain::identity_document::{DocumentKind, IdentityDocument, Named};
use crate::domain::requisites::{Requisites, difference};
use crate::domain::time::{Date, Timestamp};

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

/// Everything goes well.
pub(super) fn fine() -> Calls {
    Calls {
        sign_in: |_| now(identity()),
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
        ncalayer: |_, _, _| Box::pin(async { Err(AgentTrouble::NotReachable) }),
    }
}

/// The same for people signed in.
pub(super) fn fine_inside() -> InsideCalls {
    InsideCalls {
        my_record: |_| now(record()),
        give_consent: |_| now(Nothing {}),
        open_draft: |_| now(draft()),
        save_draft: |changed| {
            now(DraftSaved {
                version: changed.version + 1,
                at: NOW.plus_seconds(180),
            })
        },
        start_over: |_| now(draft()),
        freeze: |_| now(frozen()),
        thaw: |_| now(Nothing {}),
        review: |_| now(frozen()),
        lift: |_| now(Nothing {}),
        sign_by_eds: |_| now(receipt(ApplicationState::Applied)),
        start_qr: |_| now(qr(QrState::New)),
        // A long poll that brings no news.
        qr_status: |_| Box::pin(std::future::pending()),
        cancel_qr: |_| now(qr(QrState::Cancelled)),
    }
}

/// The same after signing.
pub(super) fn fine_after() -> AfterCalls {
    AfterCalls {
        receipt: |_| now(receipt(ApplicationState::Applied)),
        cancel: |_| now(receipt(ApplicationState::Cancelled)),
        history: |_| now(history()),
        check_code: |_| now(genuine()),
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

fn identity() -> Identity {
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

pub(super) fn frozen() -> Frozen {
    Frozen {
        application: APPLICATION.to_owned(),
        number: "2026-000184".to_owned(),
        state: ApplicationState::Frozen,
        full_name: "НҰРҒАЛИЕВА ӘЛИЯ СЕРІКҚЫЗЫ".to_owned(),
        iin_masked: "•••• •••• 0009".to_owned(),
        changes: difference(&current(), &proposed()),
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
