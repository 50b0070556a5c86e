//! What a code does and what it never does. Threats keep their numbers (T21, T22).

use super::*;
use crate::server::config::Config;
use crate::server::fixture::{ALIYA, BOLAT, House, iin};
use std::sync::Arc;

const MOBILE: &str = "+77770001418";

fn mobile(number: &str) -> Recipient {
    Recipient::parse(ContactKind::Mobile, number).unwrap()
}

fn trouble(trouble: CodeTrouble) -> Result<(), ApiError> {
    Err(ApiError::Code { trouble })
}

impl House {
    /// The code of the newest message to this contact.
    pub(crate) async fn code(&self, recipient: &str) -> String {
        // Other messages may be of the same moment: the clock stands.
        let bodies = self
            .rows(&format!(
                "SELECT body FROM outbox WHERE recipient = '{recipient}' AND created_at = (
                     SELECT max(created_at) FROM outbox WHERE recipient = '{recipient}')"
            ))
            .await;
        let digits: Vec<&str> = bodies
            .iter()
            .flat_map(|body| body[0].split(|c: char| !c.is_ascii_digit()))
            .filter(|run| run.len() == DIGITS)
            .collect();
        assert_eq!(digits.len(), 1, "{bodies:?}");
        digits[0].to_owned()
    }

    async fn ask(&self, caller: &Caller, who: &str, to: &Recipient) -> Result<CodeSent, ApiError> {
        send(&self.core, caller, &iin(who), Purpose::Contact, to).await
    }

    async fn tried(&self, caller: &Caller, who: &str, to: &Recipient, code: &str) -> Result<(), ApiError> {
        check(&self.core, caller, &iin(who), Purpose::Contact, to, code).await
    }
}

/// Another code than this one.
fn wrong(code: &str) -> String {
    let number: u32 = code.parse().unwrap();
    format!("{:06}", (number + 1) % 1_000_000)
}

#[tokio::test]
async fn the_right_code_is_taken_once_and_proves_the_contact() {
    let house = House::new().await;
    let caller = house.signed_in(&iin(ALIYA)).await;
    let to = mobile("8 777 000 14 18");
    let sent = house.ask(&caller, ALIYA, &to).await.unwrap();
    assert_eq!(sent.expires_at, sent.now.plus_seconds(300));
    let code = house.code(MOBILE).await;
    assert_eq!(
        house.tried(&caller, ALIYA, &to, &wrong(&code)).await,
        trouble(CodeTrouble::Wrong { left: 4 })
    );
    let spaced = format!(" {} {} ", &code[..3], &code[3..]);
    assert_eq!(house.tried(&caller, ALIYA, &to, &spaced).await, Ok(()));
    assert_eq!(
        house.tried(&caller, ALIYA, &to, &code).await,
        trouble(CodeTrouble::Ended)
    );
    let proven = house.core.store.proven_contacts(&iin(ALIYA)).await.unwrap();
    assert_eq!(proven, [MOBILE]);
    assert!(
        house
            .core
            .store
            .proven_contacts(&iin(BOLAT))
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn a_code_fits_its_person_purpose_and_contact_alone() {
    let house = House::new().await;
    let caller = house.signed_in(&iin(ALIYA)).await;
    let to = mobile(MOBILE);
    house.ask(&caller, ALIYA, &to).await.unwrap();
    let code = house.code(MOBILE).await;
    for purpose in [Purpose::SignIn, Purpose::Registration, Purpose::PasswordReset] {
        let checked = check(&house.core, &caller, &iin(ALIYA), purpose, &to, &code).await;
        assert_eq!(checked, trouble(CodeTrouble::Ended), "{purpose:?}");
    }
    let other = mobile("+77770001419");
    assert_eq!(
        house.tried(&caller, ALIYA, &other, &code).await,
        trouble(CodeTrouble::Ended)
    );
    assert_eq!(
        house.tried(&caller, BOLAT, &to, &code).await,
        trouble(CodeTrouble::Ended)
    );
    assert_eq!(house.tried(&caller, ALIYA, &to, &code).await, Ok(()));
}

#[tokio::test]
async fn a_code_lives_five_minutes_and_a_new_one_takes_its_place() {
    let house = House::new().await;
    let caller = house.signed_in(&iin(ALIYA)).await;
    let to = mobile(MOBILE);
    house.ask(&caller, ALIYA, &to).await.unwrap();
    let old = house.code(MOBILE).await;
    house.clock.advance_seconds(60);
    house.ask(&caller, ALIYA, &to).await.unwrap();
    let new = house.code(MOBILE).await;
    assert_ne!(old, new);
    assert_eq!(
        house.tried(&caller, ALIYA, &to, &old).await,
        trouble(CodeTrouble::Wrong { left: 4 })
    );
    house.clock.advance_seconds(299);
    assert_eq!(
        house.tried(&caller, ALIYA, &to, &wrong(&new)).await,
        trouble(CodeTrouble::Wrong { left: 3 })
    );
    house.clock.advance_seconds(1);
    assert_eq!(
        house.tried(&caller, ALIYA, &to, &new).await,
        trouble(CodeTrouble::Ended)
    );
}

#[tokio::test]
async fn t21_after_five_wrong_ones_the_right_one_is_refused_and_ten_an_hour_are_the_end() {
    let house = House::new().await;
    let caller = house.signed_in(&iin(ALIYA)).await;
    let to = mobile(MOBILE);
    for round in 0..2 {
        house.ask(&caller, ALIYA, &to).await.unwrap();
        let code = house.code(MOBILE).await;
        for left in [4, 3, 2, 1] {
            assert_eq!(
                house.tried(&caller, ALIYA, &to, &wrong(&code)).await,
                trouble(CodeTrouble::Wrong { left })
            );
        }
        assert_eq!(
            house.tried(&caller, ALIYA, &to, &wrong(&code)).await,
            trouble(CodeTrouble::Ended)
        );
        let right = house.tried(&caller, ALIYA, &to, &code).await;
        if round == 0 {
            assert_eq!(right, trouble(CodeTrouble::Ended));
        } else {
            assert!(
                matches!(right, Err(ApiError::TooMany { .. })),
                "the count survives a new code"
            );
        }
        house.clock.advance_seconds(60);
    }
    house.ask(&caller, ALIYA, &to).await.unwrap();
    let code = house.code(MOBILE).await;
    let refused = house.tried(&caller, ALIYA, &to, &code).await;
    assert!(matches!(refused, Err(ApiError::TooMany { .. })), "{refused:?}");
    house.clock.advance_seconds(3600);
    house.ask(&caller, ALIYA, &to).await.unwrap();
    let code = house.code(MOBILE).await;
    assert_eq!(house.tried(&caller, ALIYA, &to, &code).await, Ok(()));
}

#[tokio::test]
async fn t21_of_two_hundred_tries_at_once_five_are_compared() {
    let house = Arc::new(House::new().await);
    let caller = house.signed_in(&iin(ALIYA)).await;
    let to = mobile(MOBILE);
    house.ask(&caller, ALIYA, &to).await.unwrap();
    let code = wrong(&house.code(MOBILE).await);
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..200 {
        let (house, caller, to, code) = (house.clone(), caller.clone(), to.clone(), code.clone());
        tasks.spawn(async move { house.tried(&caller, ALIYA, &to, &code).await });
    }
    let answers = tasks.join_all().await;
    let told = |left| {
        answers
            .iter()
            .filter(|answer| **answer == trouble(CodeTrouble::Wrong { left }))
            .count()
    };
    assert_eq!([told(4), told(3), told(2), told(1)], [1, 1, 1, 1]);
    assert!(answers.iter().all(Result::is_err));
    let compared = house
        .rows("SELECT 1 FROM audit WHERE event = 'code.refused'")
        .await;
    assert_eq!(compared.len(), 5);
}

#[tokio::test]
async fn t22_sms_go_to_mobile_numbers_of_kazakhstan_alone() {
    for number in [
        "+79035551234",
        "+49 30 901820",
        "8 7172 55 01 02",
        "+7 800 080 77 77",
        "1418",
        "",
    ] {
        assert!(Recipient::parse(ContactKind::Mobile, number).is_err(), "{number}");
    }
    for address in [
        "aliya",
        "a@b@c.kz",
        "Aliya <aliya@example.kz>",
        "a@example.kz\r\nBcc: b@example.kz",
    ] {
        assert!(
            Recipient::parse(ContactKind::Email, address).is_err(),
            "{address}"
        );
    }
}

#[tokio::test]
async fn t22_a_contact_gets_five_an_hour_and_ten_a_day_whoever_asks() {
    let house = House::new().await;
    let caller = house.signed_in(&iin(ALIYA)).await;
    let to = mobile(MOBILE);
    let mut sent = 0;
    // A try each minute of a day, by two people in turn.
    for minute in 0..24 * 60 {
        let who = if minute % 2 == 0 { ALIYA } else { BOLAT };
        match house.ask(&caller, who, &to).await {
            Ok(_) => sent += 1,
            Err(error) => assert!(matches!(error, ApiError::TooMany { .. }), "{error}"),
        }
        if minute == 59 {
            assert_eq!(sent, 5);
        }
        house.clock.advance_seconds(60);
    }
    assert_eq!(sent, 10);
    assert_eq!(house.rows("SELECT 1 FROM outbox").await.len(), 10);
}

#[tokio::test]
async fn t22_a_person_an_address_and_all_together_have_limits() {
    let mut config = Config::default();
    config.limits.codes_per_address = 8;
    let house = House::with(config).await;
    let mut caller = house.signed_in(&iin(ALIYA)).await;
    let number = |n: u32| mobile(&format!("+7777000{n:04}"));
    for n in 0..8 {
        house.ask(&caller, ALIYA, &number(n)).await.unwrap();
    }
    let slower = house.ask(&caller, ALIYA, &number(8)).await;
    assert_eq!(
        slower,
        Err(ApiError::TooMany {
            retry_after_seconds: 13
        })
    );
    house.clock.advance_seconds(12);
    house.ask(&caller, ALIYA, &number(8)).await.unwrap();
    caller.address = "10.0.0.2".parse().unwrap();
    house.ask(&caller, ALIYA, &number(9)).await.unwrap();
    let of_person = house.ask(&caller, ALIYA, &number(10)).await;
    assert!(
        matches!(of_person, Err(ApiError::TooMany { .. })),
        "{of_person:?}"
    );

    let mut config = Config::default();
    config.limits.codes_in_all = 3;
    let house = House::with(config).await;
    let caller = house.signed_in(&iin(ALIYA)).await;
    for n in 0..3 {
        house.ask(&caller, ALIYA, &number(n)).await.unwrap();
    }
    let in_all = house.ask(&caller, BOLAT, &number(3)).await;
    assert!(matches!(in_all, Err(ApiError::TooMany { .. })), "{in_all:?}");
    assert_eq!(house.rows("SELECT 1 FROM outbox").await.len(), 3);
    house.clock.advance_seconds(600);
    house.ask(&caller, BOLAT, &number(3)).await.unwrap();
}

#[tokio::test]
async fn the_code_stands_in_its_message_and_nowhere_else() {
    let house = House::new().await;
    let caller = house.signed_in(&iin(ALIYA)).await;
    let to = mobile(MOBILE);
    house.ask(&caller, ALIYA, &to).await.unwrap();
    let code = house.code(MOBILE).await;
    let message = house
        .rows("SELECT body, expires_at - created_at, id FROM outbox")
        .await;
    assert_eq!(message[0][1], "300000");
    assert!(message[0][0].contains("Никому"), "{}", message[0][0]);
    house.tried(&caller, ALIYA, &to, &wrong(&code)).await.unwrap_err();
    for (table, rows) in house.everything().await {
        let found = rows.iter().flatten().filter(|cell| cell.contains(&code)).count();
        assert_eq!(found, usize::from(table == "outbox"), "{table}");
    }
    let audit = house.rows("SELECT details FROM audit").await;
    assert!(
        audit
            .iter()
            .flatten()
            .all(|details| !details.contains("7770001418")),
        "{audit:?}"
    );
    // Sent, it is gone there too.
    let now = house.core.world.now();
    let outcome = crate::server::outbox::Outcome::Sent;
    house
        .core
        .store
        .message_tried(&message[0][2], now, outcome, "")
        .await
        .unwrap();
    for (table, rows) in house.everything().await {
        assert!(rows.iter().flatten().all(|cell| !cell.contains(&code)), "{table}");
    }
}
