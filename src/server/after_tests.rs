//! What follows a signature, over services and store: new contacts and the link that suspends them, cancelling, receipt,
//! evidence, and the public check.

use super::config::{Config, Secret, Webhook};
use super::fixture::{ALIYA, House, iin, signed_by};
use super::flow_tests::id;
use super::outbox::Channel;
use super::places;
use super::receipts;
use super::revocation::Revocation;
use super::signing::{evidence, settling};
use super::store::ContactStore as _;
use super::suspensions::usable_for_codes;
use super::world::sha256;
use crate::api::accounts::Way;
use crate::api::applications::{Frozen, SignedReceipt};
use crate::api::checks::{CheckAnswer, ReceiptCode};
use crate::api::suspensions::{SuspendLink, Suspended};
use crate::api::{ApiError, Caller, Nothing};
use crate::domain::application::ApplicationState;
use crate::domain::form::FormInput;
use crate::domain::lang::Lang;
use crate::pki::command::{self, Outcome, VerifyArgs};
use std::net::{IpAddr, Ipv4Addr};
use std::sync::atomic::Ordering;

pub(super) const NEW_MOBILE: &str = "+77770001418";
const NEW_EMAIL: &str = "new@example.kz";

/// A browser of somebody unknown.
fn anyone() -> Caller {
    Caller::new(
        IpAddr::V4(Ipv4Addr::new(192, 0, 2, 7)),
        Lang::Kk,
        "request-2".to_owned(),
    )
}

impl House {
    async fn applied(&self, caller: &Caller) -> (Frozen, SignedReceipt) {
        let frozen = self.frozen(caller).await;
        let cms = self.cms(ALIYA, &frozen);
        let receipt = self.sign(caller, &frozen.application, cms).await.unwrap();
        (frozen, receipt)
    }

    /// Signed while revocation can't be told.
    async fn checking(&self, caller: &Caller) -> Frozen {
        *self.responder.0.lock().unwrap() = Revocation::Unknown;
        let (frozen, receipt) = self.applied(caller).await;
        assert_eq!(receipt.state, ApplicationState::Checking);
        frozen
    }

    /// The secret of the link that the contact before was sent.
    async fn link(&self) -> String {
        let body = &self
            .rows("SELECT body FROM outbox WHERE recipient = '+77012345678' ORDER BY created_at DESC")
            .await[0][0];
        let (_, rest) = body.split_once("/suspend#").expect("a link");
        rest.chars().take_while(|c| !c.is_whitespace()).collect()
    }

    async fn press(&self, secret: &str) -> Result<Suspended, ApiError> {
        let secret = secret.to_owned();
        self.services
            .suspensions
            .suspend(&anyone(), SuspendLink { secret })
            .await
    }

    async fn check(&self, code: &str) -> Result<CheckAnswer, ApiError> {
        let code = code.to_owned();
        self.services.checks.code(&anyone(), ReceiptCode { code }).await
    }

    async fn usable(&self, channel: Channel, value: &str) -> bool {
        let contact = self.store.contact(&iin(ALIYA), channel, value).await.unwrap();
        usable_for_codes(&contact, self.core.world.now())
    }
}

#[tokio::test]
async fn new_contacts_serve_codes_once_proven_and_after_their_first_hours() {
    let house = House::with(Config {
        new_contact_hours: 5,
        ..Config::default()
    })
    .await;
    let caller = house.signed_in(&iin(ALIYA)).await;
    // The e-mail was confirmed in the form, the mobile number wasn't.
    house
        .sql(&format!(
            "INSERT INTO contacts (iin, kind, value, proven_at) VALUES ('{ALIYA}', 'email', '{NEW_EMAIL}', 5)"
        ))
        .await;
    assert!(
        house.usable(Channel::Sms, "+77012345678").await,
        "held from the start"
    );
    let (frozen, receipt) = house.applied(&caller).await;
    let from = receipt.applied_at.unwrap().plus_seconds(5 * 3600);
    assert_eq!(receipt.codes_from, Some(from));
    let rows = house
        .rows("SELECT kind, value, proven_at, codes_from, application FROM contacts ORDER BY kind")
        .await;
    let from = from.0.to_string();
    assert_eq!(
        rows,
        [
            ["email", NEW_EMAIL, "5", &from, &*frozen.application],
            ["mobile", NEW_MOBILE, "", &from, &*frozen.application],
        ]
    );
    house.clock.advance_seconds(5 * 3600 - 1);
    assert!(
        !house.usable(Channel::Email, NEW_EMAIL).await,
        "a second too early"
    );
    house.clock.advance_seconds(1);
    assert!(house.usable(Channel::Email, NEW_EMAIL).await);
    assert!(!house.usable(Channel::Sms, NEW_MOBILE).await, "never proven");
}

#[tokio::test]
async fn the_letter_to_a_confirmed_address_leads_to_the_receipt_and_no_other_does() {
    for proven in [false, true] {
        let house = House::new().await;
        let caller = house.signed_in(&iin(ALIYA)).await;
        if proven {
            house
                .sql(&format!(
                    "INSERT INTO contacts (iin, kind, value, proven_at) VALUES ('{ALIYA}', 'email', '{NEW_EMAIL}', 5)"
                ))
                .await;
        }
        let (frozen, _) = house.applied(&caller).await;
        let link = format!("/done/{}", frozen.application);
        let sent = house.rows("SELECT recipient, body FROM outbox").await;
        for row in sent {
            let leads = row[1].contains(&link);
            assert_eq!(leads, proven && row[0] == NEW_EMAIL, "{row:?}");
        }
    }
}

#[tokio::test]
async fn the_link_suspends_what_the_application_brought_in_and_only_once() {
    let house = House::new().await;
    let caller = house.signed_in(&iin(ALIYA)).await;
    house.applied(&caller).await;
    let secret = house.link().await;
    assert_eq!(secret.len(), 43, "256 bits");
    let kept = house.rows("SELECT hex(secret_hash) FROM suspensions").await;
    assert_eq!(
        kept,
        [[super::store::applications::hex(&sha256(&secret)).to_uppercase()]]
    );
    let suspended = || async {
        house
            .rows("SELECT value FROM contacts WHERE suspended_at IS NOT NULL ORDER BY value")
            .await
    };
    assert!(suspended().await.is_empty(), "nobody pressed");
    assert_eq!(house.press("x").await, Err(ApiError::NotFound));
    assert_eq!(house.press(&secret).await, Ok(Suspended { before: false }));
    assert_eq!(suspended().await, [[NEW_MOBILE], [NEW_EMAIL]]);
    house.clock.advance_seconds(13 * 3600);
    assert!(!house.usable(Channel::Sms, NEW_MOBILE).await);
    assert!(house.usable(Channel::Sms, "+77012345678").await);
    let by_password = house.signed_in_by(&iin(ALIYA), Way::Password).await;
    let record = house
        .services
        .records
        .my_record(&by_password, Nothing {})
        .await
        .unwrap();
    assert!(record.contacts_suspended);
    assert_eq!(record.requisites.mobile, NEW_MOBILE, "the change itself stands");
    let contacts = &house.services.suspensions;
    assert_eq!(
        contacts.lift(&by_password, Nothing {}).await.err(),
        Some(ApiError::EdsNeeded)
    );
    assert_eq!(suspended().await.len(), 2);
    assert_eq!(
        contacts.lift(&anyone(), Nothing {}).await.err(),
        Some(ApiError::SignedOut)
    );
    let by_eds = house.signed_in_by(&iin(ALIYA), Way::Eds).await;
    contacts.lift(&by_eds, Nothing {}).await.unwrap();
    assert!(suspended().await.is_empty());
    assert_eq!(
        house.press(&secret).await,
        Ok(Suspended { before: true }),
        "good once per application"
    );
    assert!(suspended().await.is_empty());
    let audited = house
        .rows("SELECT event, details FROM audit WHERE event LIKE 'contacts.%' ORDER BY id")
        .await;
    assert_eq!(
        audited,
        [
            ["contacts.suspended", "{\"contacts\":2}"],
            ["contacts.lifted", "{\"contacts\":2}"]
        ]
    );
}

#[tokio::test]
async fn the_link_ends_after_thirty_days_and_isnt_tried_without_end() {
    let house = House::new().await;
    let caller = house.signed_in(&iin(ALIYA)).await;
    house.applied(&caller).await;
    let secret = house.link().await;
    house.clock.advance_seconds(30 * 24 * 3600);
    assert_eq!(house.press(&secret).await, Err(ApiError::NotFound));
    for _ in 1..20 {
        assert_eq!(house.press("x").await, Err(ApiError::NotFound));
    }
    assert!(matches!(
        house.press(&secret).await,
        Err(ApiError::TooMany { .. })
    ));
    assert!(matches!(house.check("x").await, Err(ApiError::TooMany { .. })));
}

#[tokio::test]
async fn a_sent_application_can_be_cancelled_until_it_is_applied() {
    let house = House::new().await;
    let caller = house.signed_in(&iin(ALIYA)).await;
    let applications = &house.services.applications;
    let frozen = house.checking(&caller).await;
    let told = house.rows("SELECT id FROM outbox").await.len();
    let receipt = applications
        .cancel(&caller, id(&frozen.application))
        .await
        .unwrap();
    assert_eq!(receipt.state, ApplicationState::Cancelled);
    assert_eq!(receipt.evidence_path, "");
    assert_eq!(
        applications
            .cancel(&caller, id(&frozen.application))
            .await
            .unwrap(),
        receipt,
        "the same answer again"
    );
    assert_eq!(
        house.rows("SELECT id FROM outbox").await.len(),
        told + 2,
        "both contacts, once"
    );
    assert_eq!(
        house
            .rows("SELECT 1 FROM audit WHERE event = 'application.cancelled'")
            .await
            .len(),
        1
    );
    *house.responder.0.lock().unwrap() = Revocation::Good;
    house.clock.advance_seconds(600);
    assert_eq!(
        settling::round(&house.core).await,
        Ok(0),
        "nothing is left to settle"
    );
    let record = house
        .services
        .records
        .my_record(&caller, Nothing {})
        .await
        .unwrap();
    assert_eq!(record.requisites.mobile, "+77012345678");
    let history = applications.history(&caller, Nothing {}).await.unwrap();
    assert_eq!(history[0].state, ApplicationState::Cancelled);
    assert!(!history[0].receipt_path.is_empty() && history[0].evidence_path.is_empty());
    let (again, _) = house.applied(&caller).await;
    assert_eq!(
        applications.cancel(&caller, id(&again.application)).await,
        Err(ApiError::WrongState),
        "applied is applied"
    );
}

#[tokio::test]
async fn cancelling_and_settling_at_once_leave_one_of_the_two() {
    let (mut cancelled, mut applied) = (0, 0);
    for round in 0..12 {
        let house = std::sync::Arc::new(House::new().await);
        let caller = house.signed_in(&iin(ALIYA)).await;
        let frozen = house.checking(&caller).await;
        *house.responder.0.lock().unwrap() = Revocation::Good;
        house.clock.advance_seconds(60);
        let settled = {
            let house = house.clone();
            tokio::spawn(async move {
                // Which of the two begins is turned about.
                for _ in 0..(round % 4) * 20 {
                    tokio::task::yield_now().await;
                }
                settling::round(&house.core).await.unwrap()
            })
        };
        let answer = house
            .services
            .applications
            .cancel(&caller, id(&frozen.application))
            .await;
        let settled = settled.await.unwrap();
        let state = &house
            .rows("SELECT state FROM applications WHERE state <> 'draft'")
            .await[0][0];
        let history = house
            .rows("SELECT 1 FROM requisites_history WHERE source = 'application'")
            .await;
        match answer {
            Ok(receipt) => {
                cancelled += 1;
                assert_eq!(receipt.state, ApplicationState::Cancelled);
                assert_eq!((settled, &**state, history.len()), (0, "cancelled", 0));
            }
            Err(error) => {
                applied += 1;
                assert_eq!(error, ApiError::WrongState);
                assert_eq!((settled, &**state, history.len()), (1, "applied", 1));
            }
        }
    }
    assert_eq!(cancelled + applied, 12);
}

#[tokio::test]
async fn a_receipts_code_tells_anyone_its_state_and_nothing_of_the_person() {
    let house = House::new().await;
    let caller = house.signed_in(&iin(ALIYA)).await;
    let frozen = house.checking(&caller).await;
    let code = receipts::code(&house.core, &frozen.application);
    let none = CheckAnswer { genuine: None };
    assert_eq!(
        house.check(&code).await.unwrap(),
        none,
        "no receipt was given out yet"
    );
    let pdf = || async {
        let document = receipts::own(&house.core, &caller, &frozen.application)
            .await
            .unwrap();
        receipts::pdf(&house.core, &caller, document).await.unwrap()
    };
    let first = pdf().await;
    house.clock.advance_seconds(30);
    assert_eq!(
        pdf().await,
        first,
        "the same receipt as long as the state is the same"
    );
    let found = house.check(&code.to_lowercase()).await.unwrap().genuine.unwrap();
    assert_eq!(
        (&*found.number, found.state, &*found.sha256),
        ("2026-000001", ApplicationState::Checking, &*frozen.sha256)
    );
    house
        .services
        .applications
        .cancel(&caller, id(&frozen.application))
        .await
        .unwrap();
    let found = house.check(&code).await.unwrap();
    assert_eq!(found.genuine.as_ref().unwrap().state, ApplicationState::Cancelled);
    assert_ne!(pdf().await, first);
    let told = serde_json::to_string(&found).unwrap();
    for secret in [
        "Серікқызы",
        "Әлия",
        ALIYA,
        "0009",
        NEW_MOBILE,
        NEW_EMAIL,
        &frozen.application,
    ] {
        assert!(!told.contains(secret), "{told} tells {secret}");
    }
    for unknown in [
        "",
        "x",
        &code[1..],
        &receipts::code(&house.core, "another"),
        "🙂",
        &"0".repeat(100_000),
    ] {
        assert_eq!(house.check(unknown).await.unwrap(), none);
    }
}

#[tokio::test]
async fn the_bundle_of_evidence_is_accepted_by_the_command_without_us() {
    let house = House::new().await;
    house.responder.1.store(true, Ordering::SeqCst);
    let caller = house.signed_in(&iin(ALIYA)).await;
    let (frozen, receipt) = house.applied(&caller).await;
    assert_eq!(
        receipt.evidence_path,
        format!("/documents/{}/evidence.zip", frozen.application)
    );
    let (number, bundle) = evidence::bundle(&house.core, &iin(ALIYA), &frozen.application)
        .await
        .unwrap();
    assert_eq!(number, frozen.number);
    house.clock.advance_seconds(3600);
    let again = evidence::bundle(&house.core, &iin(ALIYA), &frozen.application)
        .await
        .unwrap();
    assert_eq!(again.1, bundle, "the same bytes whenever it is asked for");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("evidence.zip");
    let verified = |bytes: &[u8]| {
        std::fs::write(&file, bytes).unwrap();
        let args = VerifyArgs::Bundle {
            file: file.clone(),
            authorities: None,
        };
        let mut said = Vec::new();
        let outcome = command::run(&args, &mut said, &mut Vec::new()).unwrap();
        (outcome, String::from_utf8(said).unwrap())
    };
    let (outcome, said) = verified(&bundle);
    assert_eq!(outcome, Outcome::Accepted, "{said}");
    assert!(said.contains(ALIYA), "{said}");
    // One byte of the document.
    let mut bent = bundle.clone();
    let at = bent.windows(5).position(|window| window == b"%PDF-").unwrap();
    bent[at + 5] ^= 1;
    let (outcome, said) = verified(&bent);
    assert_eq!(outcome, Outcome::Refused, "{said}");
}

#[tokio::test]
async fn without_an_applied_application_there_is_no_bundle() {
    let house = House::new().await;
    let caller = house.signed_in(&iin(ALIYA)).await;
    let frozen = house.checking(&caller).await;
    let bundle = evidence::bundle(&house.core, &iin(ALIYA), &frozen.application).await;
    assert_eq!(bundle.err(), Some(ApiError::NotFound));
    // Evidence that doesn't say what was decided isn't handed out.
    *house.responder.0.lock().unwrap() = Revocation::Good;
    house.clock.advance_seconds(60);
    assert_eq!(settling::round(&house.core).await, Ok(1));
    let bundle = evidence::bundle(&house.core, &iin(ALIYA), &frozen.application).await;
    assert_eq!(bundle.err(), Some(ApiError::Unavailable));
}

#[tokio::test]
async fn a_signature_of_another_moment_makes_no_second_receipt() {
    let house = House::new().await;
    let caller = house.signed_in(&iin(ALIYA)).await;
    let (frozen, first) = house.applied(&caller).await;
    use base64::Engine as _;
    let pdf = base64::engine::general_purpose::STANDARD
        .decode(&frozen.document_base64)
        .unwrap();
    let later = signed_by(ALIYA, &pdf, house.core.world.now().plus_seconds(-1));
    assert_eq!(
        house.sign(&caller, &frozen.application, later).await.unwrap(),
        first
    );
    assert_eq!(house.rows("SELECT 1 FROM contacts").await.len(), 2);
    assert_eq!(house.rows("SELECT 1 FROM suspensions").await.len(), 1);
}

/// A request from somebody's browser, as the router hands it on.
fn request(method: &str, path: &str, kind: &str, body: Vec<u8>) -> axum::extract::Request {
    let mut request = axum::extract::Request::builder()
        .method(method)
        .uri(path)
        .header("sec-fetch-site", "same-origin")
        .header("content-type", kind)
        .body(axum::body::Body::from(body))
        .unwrap();
    let peer: std::net::SocketAddr = "192.0.2.7:4000".parse().unwrap();
    let extensions = request.extensions_mut();
    extensions.insert(axum::extract::ConnectInfo(peer));
    extensions.insert(super::questions::RequestId("request-3".to_owned()));
    request
}

async fn answer(router: axum::Router, request: axum::extract::Request) -> (u16, Vec<u8>) {
    use tower::ServiceExt as _;
    let answer = router.oneshot(request).await.unwrap();
    let status = answer.status().as_u16();
    let body = axum::body::to_bytes(answer.into_body(), usize::MAX)
        .await
        .unwrap();
    (status, body.to_vec())
}

#[tokio::test]
async fn a_bundle_is_told_genuine_only_if_it_is_whole_ours_and_known_here() {
    let house = House::new().await;
    house.responder.1.store(true, Ordering::SeqCst);
    let caller = house.signed_in(&iin(ALIYA)).await;
    let (frozen, _) = house.applied(&caller).await;
    let (_, bundle) = evidence::bundle(&house.core, &iin(ALIYA), &frozen.application)
        .await
        .unwrap();
    let ask = |kind: &'static str, body: Vec<u8>| {
        answer(
            receipts::router(house.core.clone()),
            request("POST", "/check/bundle", kind, body),
        )
    };
    let told = |body: &[u8]| serde_json::from_slice::<CheckAnswer>(body).unwrap().genuine;
    let (status, body) = ask("application/zip", bundle.clone()).await;
    assert_eq!(status, 200);
    let found = told(&body).unwrap();
    assert_eq!(
        (&*found.number, found.state, &*found.sha256),
        (&*frozen.number, ApplicationState::Applied, &*frozen.sha256)
    );
    for secret in ["Серікқызы", ALIYA, NEW_MOBILE] {
        assert!(!String::from_utf8_lossy(&body).contains(secret));
    }
    for false_one in [Vec::new(), b"PK".to_vec(), bundle[..bundle.len() - 9].to_vec()] {
        let (status, body) = ask("application/zip", false_one).await;
        assert_eq!((status, told(&body)), (200, None));
    }
    // Sound in itself, of another house.
    house.sql("UPDATE signatures SET cms_sha256 = zeroblob(32)").await;
    let (status, body) = ask("application/zip", bundle.clone()).await;
    assert_eq!((status, told(&body)), (200, None));
    assert_eq!(ask("application/json", bundle.clone()).await.0, 415);
    let too_large = vec![0; crate::api::checks::LARGEST_BUNDLE + 1];
    assert_eq!(ask("application/zip", too_large).await.0, 413);
    let mut foreign = request("POST", "/check/bundle", "application/zip", bundle);
    foreign
        .headers_mut()
        .insert("sec-fetch-site", "cross-site".parse().unwrap());
    assert_eq!(answer(receipts::router(house.core.clone()), foreign).await.0, 403);
}

#[tokio::test]
async fn the_files_are_served_to_their_owner_alone() {
    let house = House::new().await;
    house.responder.1.store(true, Ordering::SeqCst);
    let caller = house.signed_in(&iin(ALIYA)).await;
    let (_, receipt) = house.applied(&caller).await;
    let other = house.signed_in(&iin(super::fixture::BOLAT)).await;
    for (path, begins) in [
        (&receipt.document_path, &b"%PDF-"[..]),
        (&receipt.receipt_path, &b"%PDF-"[..]),
        (&receipt.evidence_path, &b"PK"[..]),
    ] {
        for (session, expected) in [(Some(&caller), 200), (Some(&other), 404), (None, 401)] {
            let mut request = request("GET", path, "text/plain", Vec::new());
            if let Some(secret) = session.and_then(|caller| caller.session.clone()) {
                let name = super::cookies::Cookie::Session.name(&house.core.config);
                let cookie = format!("{name}={secret}").parse().unwrap();
                request.headers_mut().insert("cookie", cookie);
            }
            let (status, body) = answer(super::applications::router(house.core.clone()), request).await;
            assert_eq!(status, expected, "{path}");
            assert_eq!(body.starts_with(begins), expected == 200, "{path}");
        }
    }
}

#[tokio::test]
async fn a_change_leaves_as_an_event_with_what_was_and_what_is() {
    let house = House::with(Config {
        webhook: Some(Webhook {
            url: "https://office.example/".into(),
            secret: Secret::new("0123456789abcdef"),
        }),
        ..Config::default()
    })
    .await;
    let arkhat = "code;name\n100000000;область Абай\n103400000;Абайский район\n103430100;с.Архат\n";
    places::import(&*house.store, arkhat.as_bytes()).await.unwrap();
    let caller = house.signed_in(&iin(ALIYA)).await;
    house.consent(&caller).await;
    let draft = house.open(&caller).await;
    let input = FormInput {
        region: "10".into(),
        district: "Абайский район".into(),
        settlement: "село Архат".into(),
        kato: "103430100".into(),
        mobile: NEW_MOBILE.into(),
        mobile_is_mine: true,
        mobile_later: true,
        ..draft.input.clone()
    };
    let version = house.save(&caller, &draft, input).await;
    let frozen = house.freeze(&caller, &draft.application, version).await.unwrap();
    for _ in 0..2 {
        let cms = house.cms(ALIYA, &frozen);
        house.sign(&caller, &frozen.application, cms).await.unwrap();
    }
    let rows = house
        .rows("SELECT id, recipient, subject, body FROM outbox WHERE channel = 'webhook'")
        .await;
    assert_eq!(rows.len(), 1, "signed again it is no other change");
    let [id, recipient, subject, body] = rows[0].as_slice() else {
        panic!("{rows:?}")
    };
    assert_eq!((recipient.as_str(), subject.as_str()), ("", "requisites.changed"));
    let event: serde_json::Value = serde_json::from_str(body).unwrap();
    assert_eq!(event["id"], **id);
    assert_eq!(event["event"], "requisites.changed");
    assert_eq!(event["iin"], ALIYA);
    assert_eq!(event["version"], 2);
    assert_eq!(event["application"]["number"], *frozen.number);
    assert_eq!(event["application"]["document_sha256"], *frozen.sha256);
    assert_eq!(event["changes"], serde_json::to_value(&frozen.changes).unwrap());
    let [address, mobile] = &event["changes"].as_array().unwrap()[..] else {
        panic!("{event}")
    };
    assert_eq!(address["before"]["district"], "Теміртау қаласы");
    assert_eq!(address["after"]["kato"], "103430100");
    assert_eq!(mobile["before"], "+77012345678");
    assert_eq!(mobile["after"], NEW_MOBILE);
    assert_eq!(event["unconfirmed"], serde_json::json!(["mobile"]));
}

#[tokio::test]
async fn without_a_receiver_no_event_waits_and_an_undecided_change_is_none() {
    let house = House::new().await;
    let caller = house.signed_in(&iin(ALIYA)).await;
    house.applied(&caller).await;
    let events = "SELECT id FROM outbox WHERE channel = 'webhook'";
    assert_eq!(house.rows(events).await.len(), 0);

    let house = House::with(Config {
        webhook: Some(Webhook {
            url: "https://office.example/".into(),
            secret: Secret::new("0123456789abcdef"),
        }),
        ..Config::default()
    })
    .await;
    let caller = house.signed_in(&iin(ALIYA)).await;
    house.checking(&caller).await;
    assert_eq!(house.rows(events).await.len(), 0);
    *house.responder.0.lock().unwrap() = Revocation::Good;
    house.clock.advance_seconds(61);
    settling::round(&house.core).await.unwrap();
    assert_eq!(house.rows(events).await.len(), 1);
}
