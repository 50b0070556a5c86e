//! Signing in by EDS, with a certification authority of the test's own.

use crate::accounts::join_all;
use crate::house::{ALIYA, ALIYAS_PASSWORD, Answer, BOLAT, House, NOBODY, iin};
use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cabinet::demo::mint::{Authority, Cms, Credential, Key, Person, Template, Urls};
use cabinet::domain::requisites::Requisites;
use cabinet::domain::time::Timestamp;
use cabinet::pki::{Anchors, Chain, Instant};
use cabinet::server::outbox::Channel;
use cabinet::server::revocation::{Asked, Revocation, RevocationCheck};
use cabinet::server::store::fund::FundRecord;
use cabinet::server::world::sha256;
use serde_json::{Value, json};
use std::sync::Arc;

const FIRST: &str = "2026-01-01T00:00:00Z";
/// Ten days after the house's clock.
const LAST: &str = "2026-12-03T00:00:00Z";
const NOW: &str = "2026-11-23T07:00:00Z";

fn at(text: &str) -> Instant {
    Instant::from_rfc3339(text).unwrap()
}

struct Fixed(Revocation);

#[async_trait]
impl RevocationCheck for Fixed {
    async fn ask(&self, _: &Chain, _: Timestamp) -> Asked {
        Asked {
            revocation: self.0,
            evidence: Vec::new(),
        }
    }
}

struct Eds {
    house: House,
    authority: Authority,
}

impl Eds {
    async fn new(revocation: Revocation) -> Self {
        let root = Authority::root("TEST ROOT", Key::rsa(0), at(FIRST), at("2036-01-01T00:00:00Z"));
        let authority = root.subordinate("TEST ISSUING", Key::rsa(1), at(FIRST), at("2035-01-01T00:00:00Z"));
        let anchors = Anchors::from_der(&[root.certificate, authority.certificate.clone()]).unwrap();
        let house = House::with(
            |config| {
                config.limits.challenges_per_address = 1000;
                config.limits.sign_ins_per_address = 1000;
            },
            |opened| {
                opened.core.anchors = Arc::new(anchors);
                opened.core.revocation = Arc::new(Fixed(revocation));
            },
        )
        .await;
        Self { house, authority }
    }

    fn key_of(&self, iin: &str) -> Credential {
        let person = Person {
            surname: "СЫНАҚОВА",
            given_name: "ӘЛИЯ",
            patronymic: None,
            iin,
        };
        let key = Key::gost(iin);
        let template = Template::person(&person, &key, at(FIRST), at(LAST), Urls::default());
        Credential {
            certificate: self.authority.issue(&template),
            key,
        }
    }

    /// A challenge for a new browser: its text and the browser's cookie.
    async fn challenge(&self) -> (Vec<u8>, String) {
        let answer = self.house.ask("accounts/eds_challenge", json!({})).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let data = answer.json()["data_base64"].as_str().unwrap().to_owned();
        (STANDARD.decode(data).unwrap(), answer.cookie("__Host-pre-login"))
    }

    fn signed(&self, content: &[u8], iin: &str) -> Value {
        let key = self.key_of(iin);
        json!({ "cms": STANDARD.encode(Cms::new(&key, content, true, at(NOW)).encode()) })
    }

    async fn answer(&self, signed: &Value, cookies: &str) -> Answer {
        self.house
            .ask_with("accounts/eds_sign_in", signed.clone(), cookies)
            .await
    }
}

fn trouble(answer: &Answer) -> String {
    answer.json()["trouble"]["trouble"]
        .as_str()
        .unwrap_or_default()
        .to_owned()
}

#[tokio::test]
async fn a_signed_challenge_signs_in_its_signer() {
    let eds = Eds::new(Revocation::Good).await;
    let (content, browser) = eds.challenge().await;
    let text = String::from_utf8(content.clone()).unwrap();
    assert!(text.contains("cabinet.example"), "the site is named: {text}");
    assert!(text.contains("23.11.2026 12:00"), "and the time: {text}");
    let answer = eds.answer(&eds.signed(&content, ALIYA), &browser).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let identity = answer.json();
    assert_eq!(identity["way"], "eds");
    assert_eq!(identity["iin_masked"], "•••• •••• 0009");
    assert_eq!(
        identity["certificate_ends"], "2026-12-03",
        "it ends within thirty days"
    );
    let session = answer.cookie("__Host-session");
    assert_eq!(
        eds.house
            .ask_with("accounts/me", json!({}), &session)
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn t01_a_signature_signs_in_once() {
    let eds = Eds::new(Revocation::Good).await;
    let (content, browser) = eds.challenge().await;
    let signed = eds.signed(&content, ALIYA);
    assert_eq!(eds.answer(&signed, &browser).await.status, 200);
    let again = eds.answer(&signed, &browser).await;
    assert_eq!(
        (again.status, trouble(&again).as_str()),
        (422, "challenge_unknown")
    );
}

#[tokio::test]
async fn t01_of_fifty_copies_sent_at_once_one_signs_in() {
    let eds = Eds::new(Revocation::Good).await;
    let (content, browser) = eds.challenge().await;
    let signed = eds.signed(&content, ALIYA);
    let answers = join_all((0..50).map(|_| eds.answer(&signed, &browser))).await;
    let let_in = answers.iter().filter(|answer| answer.status == 200).count();
    let unknown = answers
        .iter()
        .filter(|answer| answer.status == 422 && trouble(answer) == "challenge_unknown")
        .count();
    assert_eq!((let_in, unknown), (1, 49));
}

#[tokio::test]
async fn t02_t03_a_challenge_serves_only_the_browser_that_asked() {
    let eds = Eds::new(Revocation::Good).await;
    let (content, browser) = eds.challenge().await;
    let (_, another) = eds.challenge().await;
    let signed = eds.signed(&content, ALIYA);
    for cookies in ["", another.as_str()] {
        let refused = eds.answer(&signed, cookies).await;
        assert_eq!(trouble(&refused), "challenge_unknown");
        assert!(refused.cookies().is_empty());
    }
    assert_eq!(
        eds.answer(&signed, &browser).await.status,
        200,
        "its own browser still may"
    );
}

#[tokio::test]
async fn t02_a_challenge_is_good_for_three_minutes() {
    let eds = Eds::new(Revocation::Good).await;
    let (content, browser) = eds.challenge().await;
    eds.house.clock.advance_seconds(181);
    let late = eds.answer(&eds.signed(&content, ALIYA), &browser).await;
    assert_eq!((late.status, trouble(&late).as_str()), (422, "challenge_expired"));
}

#[tokio::test]
async fn what_was_signed_must_be_the_challenge() {
    let eds = Eds::new(Revocation::Good).await;
    let (_, browser) = eds.challenge().await;
    let other = eds.answer(&eds.signed(b"another text", ALIYA), &browser).await;
    assert_eq!(trouble(&other), "challenge_unknown");
    let nothing = eds.answer(&json!({ "cms": "no signature" }), &browser).await;
    assert_eq!((nothing.status, trouble(&nothing).as_str()), (422, "damaged"));
}

#[tokio::test]
async fn revocation_decides_and_an_unknown_person_is_told() {
    for (revocation, expected) in [
        (Revocation::Revoked, "revoked"),
        (Revocation::Unknown, "revocation_unknown"),
    ] {
        let eds = Eds::new(revocation).await;
        let (content, browser) = eds.challenge().await;
        let refused = eds.answer(&eds.signed(&content, ALIYA), &browser).await;
        assert_eq!(trouble(&refused), expected);
    }
    let eds = Eds::new(Revocation::Good).await;
    let (content, browser) = eds.challenge().await;
    let nobody = eds.answer(&eds.signed(&content, NOBODY), &browser).await;
    assert_eq!((nobody.status, nobody.error().as_str()), (404, "unknown_person"));
}

/// What was put into the outbox since this was asked last: recipients and texts.
async fn told(eds: &Eds) -> Vec<(String, String)> {
    let core = &eds.house.running.core;
    let now = core.world.now();
    let channels = [Channel::Sms, Channel::Email];
    let mut told: Vec<_> = core
        .store
        .lease_messages(&channels, now, now.plus_seconds(400 * 86_400), 100)
        .await
        .unwrap()
        .into_iter()
        .map(|message| (message.recipient, message.body))
        .collect();
    told.sort();
    told
}

#[tokio::test]
async fn t02_a_sign_in_from_a_new_device_is_told_to_the_contacts_the_fund_holds() {
    let eds = Eds::new(Revocation::Good).await;
    let core = &eds.house.running.core;
    for (digits, mobile) in [(ALIYA, "+77010000001"), (BOLAT, "+77010000002")] {
        let record = FundRecord {
            requisites: Requisites {
                mobile: mobile.to_owned(),
                email: "own@example.kz".to_owned(),
                ..Requisites::default()
            },
            person: core.store.person(&iin(digits)).await.unwrap().unwrap(),
            version: 0,
            changed_at: None,
            accounts: Vec::new(),
            bank_account_masked: None,
        };
        core.store.put_fund_record(&record).await.unwrap();
    }
    let sign_in = async |digits: &str, device: &str| {
        let (content, browser) = eds.challenge().await;
        let cookies = format!("{browser}; {device}");
        let answer = eds.answer(&eds.signed(&content, digits), &cookies).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.cookie("__Host-device")
    };

    let device = sign_in(ALIYA, "").await;
    let first = told(&eds).await;
    let to: Vec<_> = first.iter().map(|(recipient, _)| recipient.as_str()).collect();
    assert_eq!(to, ["+77010000001", "own@example.kz"]);
    for (_, body) in &first {
        assert!(body.contains("23.11.2026 12:00"), "{body}");
        for secret in [ALIYA, "Әлия", "Сынақова", "own@", "7010000001"] {
            assert!(!body.contains(secret), "{body} tells {secret}");
        }
    }

    assert_eq!(
        sign_in(ALIYA, &device).await,
        device,
        "the browser keeps its name"
    );
    assert_eq!(told(&eds).await, [], "the same browser is known");
    sign_in(BOLAT, &device).await;
    assert_eq!(told(&eds).await.len(), 2, "but not for somebody else");
    sign_in(ALIYA, "").await;
    assert_eq!(told(&eds).await.len(), 2, "another browser isn't");
    eds.house.clock.advance_seconds(90 * 86_400 + 1);
    let known = core.world.secret();
    let now = core.world.now();
    core.store
        .remember(&iin(ALIYA), &sha256(&known), None, now)
        .await
        .unwrap();
    let credentials = json!({ "iin": ALIYA, "password": ALIYAS_PASSWORD });
    let cookies = format!("{device}; __Host-remembered={known}");
    let late = eds
        .house
        .ask_with("accounts/sign_in", credentials, &cookies)
        .await;
    assert_eq!(late.status, 200, "{}", late.text());
    assert_eq!(told(&eds).await.len(), 2, "nor is one not used for three months");
}

#[tokio::test]
async fn t23_passwords_guessed_wrong_never_lock_out_a_key() {
    let eds = Eds::new(Revocation::Good).await;
    for iin in [BOLAT, ALIYA] {
        for _ in 0..40 {
            eds.house.try_password(iin, "wrong").await;
            eds.house.clock.advance_seconds(1);
        }
    }
    let locked = eds.house.try_password(ALIYA, ALIYAS_PASSWORD).await;
    assert_eq!(locked.status, 429);
    let (content, browser) = eds.challenge().await;
    assert_eq!(
        eds.answer(&eds.signed(&content, ALIYA), &browser).await.status,
        200
    );
}
