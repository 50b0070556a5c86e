//! The second step over services and store. Threats keep their numbers (T04, T21, T23, T31).

use super::*;
use crate::api::Nothing;
use crate::api::accounts::Credentials;
use crate::api::settings::{NewPassword, PasswordSet, SessionsToEnd};
use crate::domain::lang::Lang;
use crate::server::accounts::password;
use crate::server::fixture::{ALIYA, BOLAT, House, iin};
use crate::server::store::AccountStore as _;
use std::net::{IpAddr, Ipv4Addr};

const MOBILE: &str = "+77012345678";
const OLD: &str = "ескі құпия сөйлем";

fn browser() -> Caller {
    Caller::new(IpAddr::V4(Ipv4Addr::LOCALHOST), Lang::Ru, "request-1".to_owned())
}

/// Takes the cookies along, as a browser does.
fn keep_cookies(caller: &mut Caller) {
    for cookie in caller.take_cookies() {
        let (name, rest) = cookie.split_once('=').unwrap();
        let value = rest
            .split(';')
            .next()
            .filter(|value| !value.is_empty())
            .map(str::to_owned);
        match name {
            "session" => caller.session = value,
            "second-step" => caller.second_step = value,
            "remembered" => caller.remembered = value,
            _ => {}
        }
    }
}

fn step(code: &str, remember: bool) -> StepTyped {
    StepTyped {
        number: HeldNumber::Mobile,
        code: code.to_owned(),
        remember,
    }
}

impl House {
    async fn with_passwords() -> Self {
        let house = Self::new().await;
        let phc = password::hash(OLD, &[1; 16], &house.core.keys.pepper).unwrap();
        for who in [ALIYA, BOLAT] {
            house.store.set_password(&iin(who), &phc).await.unwrap();
        }
        house
    }

    async fn enters(&self, caller: &mut Caller, who: &str) -> Result<Entry, ApiError> {
        let credentials = Credentials {
            iin: who.to_owned(),
            password: OLD.to_owned(),
        };
        let entry = self.services.accounts.sign_in(caller, credentials).await;
        keep_cookies(caller);
        entry
    }

    async fn sends(&self, caller: &Caller) -> Result<CodeSent, ApiError> {
        let number = HeldNumber::Mobile;
        self.services
            .accounts
            .send_code(caller, StepCode { number })
            .await
    }

    async fn confirms(&self, caller: &mut Caller, code: &str, remember: bool) -> Result<Entry, ApiError> {
        let entry = self
            .services
            .accounts
            .confirm_code(caller, step(code, remember))
            .await;
        keep_cookies(caller);
        entry
    }

    /// Password, code, and the browser remembered or not.
    async fn comes_in(&self, who: &str, remember: bool) -> Caller {
        let mut caller = browser();
        self.enters(&mut caller, who).await.unwrap();
        self.sends(&caller).await.unwrap();
        let code = self.code(MOBILE).await;
        self.confirms(&mut caller, &code, remember).await.unwrap();
        self.clock.advance_seconds(61);
        caller
    }

    async fn is_in(&self, caller: &Caller) -> bool {
        self.services.accounts.me(caller, Nothing {}).await.is_ok()
    }
}

fn asks(entry: &Result<Entry, ApiError>) -> bool {
    matches!(entry, Ok(Entry::Code { .. }))
}

#[tokio::test]
async fn a_password_alone_opens_nothing_and_the_code_opens_it_once() {
    let house = House::with_passwords().await;
    let mut caller = browser();
    let entry = house.enters(&mut caller, ALIYA).await.unwrap();
    let numbers = vec![OfferedNumber {
        number: HeldNumber::Mobile,
        masked: "+7 ••• ••• •• 78".to_owned(),
    }];
    assert_eq!(entry, Entry::Code { numbers });
    assert!(caller.session.is_none() && house.rows("SELECT 1 FROM sessions").await.is_empty());
    house.sends(&caller).await.unwrap();
    let code = house.code(MOBILE).await;
    let before = caller.clone();
    let entry = house.confirms(&mut caller, &code, false).await;
    assert!(matches!(entry, Ok(Entry::Open { .. })), "{entry:?}");
    assert!(house.is_in(&caller).await);
    assert!(caller.remembered.is_none(), "nobody asked for it");
    let again = house
        .services
        .accounts
        .confirm_code(&before, step(&code, false))
        .await;
    assert_eq!(again, Err(ApiError::SignedOut));
}

#[tokio::test]
async fn a_remembered_browser_is_spared_the_code_for_ninety_days_from_its_last_use() {
    let house = House::with_passwords().await;
    let mut caller = house.comes_in(ALIYA, true).await;
    for _ in 0..3 {
        house.clock.advance_seconds(80 * 86_400);
        let entry = house.enters(&mut caller, ALIYA).await;
        assert!(matches!(entry, Ok(Entry::Open { .. })), "{entry:?}");
    }
    assert!(
        asks(&house.enters(&mut caller, BOLAT).await),
        "not for others of the family"
    );
    house.clock.advance_seconds(90 * 86_400 + 1);
    assert!(asks(&house.enters(&mut caller, ALIYA).await));
    let rows = house.rows("SELECT hex(secret_hash) FROM remembered").await;
    let secret = caller.remembered.clone().unwrap();
    assert!(
        !rows.iter().flatten().any(|hash| secret.contains(hash)),
        "kept hashed"
    );
}

#[tokio::test]
async fn two_people_of_one_browser_are_remembered_each_and_the_secret_before_dies() {
    let house = House::with_passwords().await;
    let mut caller = house.comes_in(ALIYA, true).await;
    let copied = caller.clone();
    house.enters(&mut caller, BOLAT).await.unwrap();
    house.sends(&caller).await.unwrap();
    let code = house.code(MOBILE).await;
    house.confirms(&mut caller, &code, true).await.unwrap();
    for who in [ALIYA, BOLAT] {
        assert!(!asks(&house.enters(&mut caller, who).await), "{who}");
    }
    assert!(
        asks(&house.enters(&mut copied.clone(), ALIYA).await),
        "a copy of the old cookie"
    );
}

#[tokio::test]
async fn t04_a_new_password_and_ending_all_sessions_forget_every_browser() {
    let house = House::with_passwords().await;
    let settings = &house.services.settings;
    let mut caller = house.comes_in(ALIYA, true).await;
    let password = NewPassword {
        current: OLD.to_owned(),
        new: OLD.to_owned(),
    };
    assert_eq!(
        settings.set_password(&caller, password).await,
        Ok(PasswordSet::Done)
    );
    assert!(asks(&house.enters(&mut caller, ALIYA).await));

    let mut caller = house.comes_in(ALIYA, true).await;
    let other = house.signed_in(&iin(ALIYA)).await;
    let all = SessionsToEnd { id: String::new() };
    settings.end_sessions(&other, all).await.unwrap();
    assert!(asks(&house.enters(&mut caller, ALIYA).await));
}

#[tokio::test]
async fn t21_a_wrong_code_is_counted_and_another_purposes_code_does_not_fit() {
    let house = House::with_passwords().await;
    let mut caller = browser();
    house.enters(&mut caller, ALIYA).await.unwrap();
    house.sends(&caller).await.unwrap();
    let code = house.code(MOBILE).await;
    let wrong = format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000);
    for left in [4, 3, 2, 1] {
        let trouble = CodeTrouble::Wrong { left };
        assert_eq!(
            house.confirms(&mut caller, &wrong, false).await,
            Err(ApiError::Code { trouble })
        );
    }
    let trouble = CodeTrouble::Ended;
    for code in [&wrong, &code] {
        assert_eq!(
            house.confirms(&mut caller, code, false).await,
            Err(ApiError::Code { trouble })
        );
    }
    assert!(!house.is_in(&caller).await);
}

#[tokio::test]
async fn t31_the_step_belongs_to_the_browser_the_password_was_typed_in() {
    let house = House::with_passwords().await;
    let mut caller = browser();
    house.enters(&mut caller, ALIYA).await.unwrap();
    assert_eq!(house.sends(&browser()).await, Err(ApiError::SignedOut));
    house.sends(&caller).await.unwrap();
    let code = house.code(MOBILE).await;
    assert_eq!(
        house.confirms(&mut browser(), &code, false).await,
        Err(ApiError::SignedOut)
    );
    house.clock.advance_seconds(16 * 60);
    assert_eq!(
        house.confirms(&mut caller, &code, false).await,
        Err(ApiError::SignedOut),
        "too late"
    );
}

#[tokio::test]
async fn who_has_no_number_for_codes_is_offered_none_and_comes_in_by_key_alone() {
    let house = House::with_passwords().await;
    house
        .sql(&format!(
            "INSERT INTO contacts (iin, kind, value, proven_at, codes_from)
             VALUES ('{ALIYA}', 'mobile', '{MOBILE}', 1, {})",
            house.core.world.now().plus_seconds(12 * 3600).0
        ))
        .await;
    let mut caller = browser();
    let entry = house.enters(&mut caller, ALIYA).await;
    assert_eq!(entry, Ok(Entry::Code { numbers: Vec::new() }));
    let trouble = CodeTrouble::NotSendable;
    assert_eq!(house.sends(&caller).await, Err(ApiError::Code { trouble }));
    assert!(house.rows("SELECT 1 FROM outbox").await.is_empty());
}
