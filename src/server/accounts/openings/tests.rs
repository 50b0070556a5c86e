//! Registering and a forgotten password, over services and store. Threats keep their numbers (T20, T21, T22, T31).

use super::*;
use crate::api::accounts::Credentials;
use crate::api::contacts::CodeTrouble;
use crate::domain::lang::Lang;
use crate::server::fixture::{ALIYA, BOLAT, House, iin};
use crate::server::store::AccountStore as _;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

/// Known to nobody; the control digit fits.
const NOBODY: &str = "850412300016";
const MOBILE: &str = "+77012345678";
const GOOD: &str = "төрт көк түйе жолда";

fn browser() -> Caller {
    Caller::new(IpAddr::V4(Ipv4Addr::LOCALHOST), Lang::Ru, "request-1".to_owned())
}

fn wanted(opening: Opening, iin: &str, number: HeldNumber) -> OpeningWanted {
    OpeningWanted {
        opening,
        iin: iin.to_owned(),
        number,
        proof: String::new(),
    }
}

fn typed(code: &str, password: &str) -> PasswordOpened {
    PasswordOpened {
        code: code.to_owned(),
        password: password.to_owned(),
    }
}

fn trouble(trouble: CodeTrouble) -> Result<PasswordSet, ApiError> {
    Err(ApiError::Code { trouble })
}

impl House {
    /// Asks for a code to the mobile; the browser keeps the cookie.
    async fn opens(&self, opening: Opening, iin: &str) -> Result<(Caller, CodeSent), ApiError> {
        let mut caller = browser();
        let sent = self
            .services
            .openings
            .start(&caller, wanted(opening, iin, HeldNumber::Mobile))
            .await?;
        let cookie = caller.take_cookies().remove(0);
        caller.opening = cookie.split(['=', ';']).nth(1).map(str::to_owned);
        Ok((caller, sent))
    }

    async fn finishes(&self, caller: &Caller, code: &str, password: &str) -> Result<PasswordSet, ApiError> {
        self.services.openings.finish(caller, typed(code, password)).await
    }

    async fn has_a_password(&self, who: &str) {
        let phc = password::hash("ескі құпия сөйлем", &[1; 16], &self.core.keys.pepper).unwrap();
        self.store.set_password(&iin(who), &phc).await.unwrap();
    }

    async fn signs_in(&self, who: &str, password: &str) -> bool {
        let credentials = Credentials {
            iin: who.to_owned(),
            password: password.to_owned(),
        };
        self.services
            .accounts
            .sign_in(&browser(), credentials)
            .await
            .is_ok()
    }

    /// What went out, as recipient and text.
    async fn messages(&self) -> Vec<Vec<String>> {
        self.rows("SELECT recipient, body FROM outbox WHERE recipient <> '' ORDER BY created_at, id")
            .await
    }
}

fn wrong(code: &str) -> String {
    let number: u32 = code.parse().unwrap();
    format!("{:06}", (number + 1) % 1_000_000)
}

#[tokio::test]
async fn a_person_registers_by_a_code_to_the_mobile_the_fund_holds_and_is_signed_in() {
    let house = House::new().await;
    let (caller, sent) = house.opens(Opening::Registration, ALIYA).await.unwrap();
    assert_eq!(sent.expires_at, sent.now.plus_seconds(300));
    let code = house.code(MOBILE).await;
    assert_eq!(
        house.finishes(&caller, &wrong(&code), GOOD).await,
        trouble(CodeTrouble::Wrong { left: 4 })
    );
    assert_eq!(
        house.finishes(&caller, &code, "12345678").await,
        Ok(PasswordSet::Common),
        "judged before the code, which stays good"
    );
    assert_eq!(house.finishes(&caller, &code, GOOD).await, Ok(PasswordSet::Done));
    let cookies = caller.take_cookies();
    assert!(
        cookies.iter().any(|cookie| cookie.starts_with("session=")),
        "{cookies:?}"
    );
    assert!(
        cookies.iter().any(|cookie| cookie.starts_with("opening=;")),
        "{cookies:?}"
    );
    assert_eq!(
        house.finishes(&caller, &code, GOOD).await,
        trouble(CodeTrouble::Ended),
        "once"
    );
    assert!(house.rows("SELECT 1 FROM accounts").await.len() == 1);
    let told = house.messages().await;
    assert!(
        told.iter()
            .any(|message| message[1].contains("задан новый пароль")),
        "{told:?}"
    );
}

#[tokio::test]
async fn t20_whoever_it_is_the_answer_and_the_rows_written_are_the_same() {
    for opening in [Opening::Registration, Opening::PasswordReset] {
        let mut all = Vec::new();
        for who in [ALIYA, BOLAT, NOBODY] {
            let house = House::new().await;
            house.has_a_password(BOLAT).await;
            let before = house.everything().await;
            let (caller, sent) = house.opens(opening, who).await.unwrap();
            let written: Vec<(String, usize)> = house
                .everything()
                .await
                .into_iter()
                .zip(before)
                .map(|((table, after), (_, before))| (table, after.len() - before.len()))
                .collect();
            let mut answers = Vec::new();
            for _ in 0..6 {
                // Chance is the fixture's own: no code of this test is this one.
                answers.push(house.finishes(&caller, "000000", GOOD).await);
            }
            let under_way = house
                .services
                .openings
                .under_way(&caller, Nothing {})
                .await
                .unwrap();
            assert!(under_way.opening == Some(opening) && !under_way.proven);
            let life = sent.expires_at.0 - sent.now.0;
            all.push((written, life, sent.again_at.0 - sent.now.0, answers));
        }
        assert_eq!(all[0], all[1], "{opening:?}");
        assert_eq!(all[0], all[2], "{opening:?}");
        let answers: Vec<_> = [4, 3, 2, 1]
            .map(|left| trouble(CodeTrouble::Wrong { left }))
            .into_iter()
            .chain([trouble(CodeTrouble::Ended), trouble(CodeTrouble::Ended)])
            .collect();
        assert_eq!(all[0].3, answers);
    }
}

#[tokio::test]
async fn t20_who_has_a_password_or_none_is_told_by_message_alone() {
    let house = House::new().await;
    house.has_a_password(BOLAT).await;
    house.opens(Opening::Registration, BOLAT).await.unwrap();
    assert!(house.messages().await[0][1].contains("у Вас уже есть"));
    house.clock.advance_seconds(61);
    house.opens(Opening::PasswordReset, ALIYA).await.unwrap();
    assert!(house.messages().await[1][1].contains("ещё нет"));
    house.opens(Opening::Registration, NOBODY).await.unwrap();
    assert_eq!(house.messages().await.len(), 2);
    // What goes to nobody isn't tried to be sent.
    let now = house.core.world.now();
    let due = house
        .core
        .store
        .lease_messages(&[Channel::Sms], now, now.plus_seconds(60), 10)
        .await
        .unwrap();
    assert!(due.iter().all(|message| !message.recipient.is_empty()));
    assert_eq!(due.len(), 2);
}

#[tokio::test]
async fn t20_a_number_that_was_written_to_lately_is_passed_over_in_silence() {
    let house = House::new().await;
    house.opens(Opening::Registration, ALIYA).await.unwrap();
    // The fixture's people share their number: who asks for Bolat learns nothing from Aliya's code.
    assert!(house.opens(Opening::Registration, BOLAT).await.is_ok());
    assert_eq!(house.messages().await.len(), 1);
    assert!(matches!(
        house.opens(Opening::Registration, BOLAT).await,
        Err(ApiError::TooMany { .. })
    ));
    assert!(
        house.opens(Opening::Registration, NOBODY).await.is_ok(),
        "others don't wait"
    );
    assert!(matches!(
        house.opens(Opening::Registration, NOBODY).await,
        Err(ApiError::TooMany { .. })
    ));
}

#[tokio::test]
async fn t22_openings_count_against_what_is_sent_in_all_and_per_number() {
    let house = House::new().await;
    for hour in 0..24 {
        for _ in 0..12 {
            let _ = house.opens(Opening::Registration, ALIYA).await;
            let _ = house.opens(Opening::Registration, BOLAT).await;
            house.clock.advance_seconds(300);
        }
        if hour == 0 {
            assert_eq!(house.messages().await.len(), 5);
        }
    }
    assert_eq!(
        house.messages().await.len(),
        10,
        "to one number in a day, whoever is named"
    );

    let mut config = crate::server::config::Config::default();
    config.limits.codes_in_all = 1;
    let house = House::with(config).await;
    house.opens(Opening::Registration, NOBODY).await.unwrap();
    let refused = house.opens(Opening::Registration, ALIYA).await.err();
    assert!(matches!(refused, Some(ApiError::TooMany { .. })), "{refused:?}");
}

#[tokio::test]
async fn a_forgotten_password_is_set_anew_ends_every_session_and_is_told() {
    let house = House::new().await;
    house.has_a_password(ALIYA).await;
    let other = house.signed_in(&iin(ALIYA)).await;
    let stranger = house.signed_in(&iin(BOLAT)).await;
    let (caller, _) = house.opens(Opening::PasswordReset, ALIYA).await.unwrap();
    let code = house.code(MOBILE).await;
    assert_eq!(house.finishes(&caller, &code, GOOD).await, Ok(PasswordSet::Done));
    let me = |caller| house.services.accounts.me(caller, Nothing {});
    assert_eq!(me(&other).await.err(), Some(ApiError::SignedOut));
    assert!(me(&stranger).await.is_ok());
    assert!(!house.signs_in(ALIYA, "ескі құпия сөйлем").await);
    let told: Vec<String> = house
        .rows("SELECT channel FROM outbox WHERE body LIKE '%задан новый пароль%' ORDER BY channel")
        .await
        .into_iter()
        .flatten()
        .collect();
    assert_eq!(told, ["email", "sms"]);
}

#[tokio::test]
async fn a_contact_changed_lately_or_suspended_gets_no_code() {
    let house = House::new().await;
    house.has_a_password(ALIYA).await;
    house
        .sql(&format!(
            "INSERT INTO contacts (iin, kind, value, proven_at, codes_from)
             VALUES ('{ALIYA}', 'mobile', '{MOBILE}', 1, {})",
            house.core.world.now().plus_seconds(12 * 3600).0
        ))
        .await;
    house.opens(Opening::PasswordReset, ALIYA).await.unwrap();
    assert_eq!(house.messages().await.len(), 0, "its first hours");
    house.clock.advance_seconds(12 * 3600);
    house.opens(Opening::PasswordReset, ALIYA).await.unwrap();
    assert_eq!(house.messages().await.len(), 1);
    house.sql("UPDATE contacts SET suspended_at = 1").await;
    house.clock.advance_seconds(3600);
    house.opens(Opening::PasswordReset, ALIYA).await.unwrap();
    assert_eq!(house.messages().await.len(), 1, "suspended");
}

#[tokio::test]
async fn what_only_the_fund_knows_is_judged_after_the_code_alone() {
    let house = House::new().await;
    let (caller, _) = house.opens(Opening::Registration, ALIYA).await.unwrap();
    let code = house.code(MOBILE).await;
    let personal = "серікқызы-қызыл-алма";
    assert_eq!(
        house.finishes(&caller, &wrong(&code), personal).await,
        trouble(CodeTrouble::Wrong { left: 4 }),
        "a name isn't told to who doesn't have the code"
    );
    assert_eq!(
        house.finishes(&caller, &code, personal).await,
        Ok(PasswordSet::Personal)
    );
    let under_way = house
        .services
        .openings
        .under_way(&caller, Nothing {})
        .await
        .unwrap();
    assert!(under_way.proven);
    assert_eq!(house.finishes(&caller, "", GOOD).await, Ok(PasswordSet::Done));
}

#[tokio::test]
async fn t31_a_code_fits_in_the_browser_that_asked_for_it_alone() {
    let house = House::new().await;
    house.opens(Opening::Registration, ALIYA).await.unwrap();
    let code = house.code(MOBILE).await;
    house.clock.advance_seconds(61);
    let (stranger, _) = house.opens(Opening::Registration, NOBODY).await.unwrap();
    assert_eq!(
        house.finishes(&stranger, &code, GOOD).await,
        trouble(CodeTrouble::Wrong { left: 4 })
    );
    let mut planted = browser();
    planted.opening = Some("A".repeat(43));
    assert_eq!(
        house.finishes(&planted, &code, GOOD).await,
        trouble(CodeTrouble::Ended)
    );
    assert_eq!(
        house.finishes(&browser(), &code, GOOD).await,
        trouble(CodeTrouble::Ended)
    );
}

#[tokio::test]
async fn t21_of_two_hundred_tries_at_once_five_are_compared() {
    let mut config = crate::server::config::Config::default();
    config.limits.sign_ins_per_address = 1000;
    let house = Arc::new(House::with(config).await);
    let (caller, _) = house.opens(Opening::Registration, ALIYA).await.unwrap();
    let code = wrong(&house.code(MOBILE).await);
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..200 {
        let (house, caller, code) = (house.clone(), caller.clone(), code.clone());
        tasks.spawn(async move { house.finishes(&caller, &code, GOOD).await });
    }
    let answers = tasks.join_all().await;
    assert!(answers.iter().all(Result::is_err));
    let compared = house
        .rows("SELECT 1 FROM audit WHERE event = 'code.refused'")
        .await;
    assert_eq!(compared.len(), 5);
}

#[tokio::test]
async fn a_home_or_work_number_serves_where_it_is_a_mobile() {
    let house = House::new().await;
    house
        .sql(&format!(
            "UPDATE requisites SET content = json_set(content, '$.home', '+77213912045', '$.work', '+77770001418')
             WHERE iin = '{ALIYA}'"
        ))
        .await;
    for (number, sent) in [(HeldNumber::Home, 0), (HeldNumber::Work, 1)] {
        house
            .services
            .openings
            .start(&browser(), wanted(Opening::Registration, ALIYA, number))
            .await
            .unwrap();
        let to = house
            .rows("SELECT recipient FROM outbox WHERE recipient <> ''")
            .await;
        assert_eq!(to.len(), sent);
        assert!(to.iter().flatten().all(|to| to == "+77770001418"));
        house.clock.advance_seconds(61);
    }
    let odd = house
        .services
        .openings
        .start(
            &browser(),
            wanted(Opening::Registration, "990101390008", HeldNumber::Mobile),
        )
        .await;
    assert_eq!(odd.err(), Some(ApiError::Malformed), "the control digit");
}

#[tokio::test]
async fn t22_where_much_is_begun_a_puzzle_comes_first_each_used_once() {
    use crate::domain::puzzle::search;
    let mut config = crate::server::config::Config::default();
    config.limits.unchecked_per_address = 2;
    let house = House::with(config).await;
    house.opens(Opening::Registration, ALIYA).await.unwrap();
    house.opens(Opening::Registration, BOLAT).await.unwrap();
    let before = house.everything().await;
    let Err(ApiError::Puzzle { puzzle, bits, .. }) = house.opens(Opening::Registration, NOBODY).await else {
        panic!("no puzzle");
    };
    assert_eq!(
        house.everything().await,
        before,
        "nothing is kept of who is asked"
    );
    let number = search(&puzzle, bits, 0, u64::MAX).unwrap();
    let proven = |proof: String| OpeningWanted {
        proof,
        ..wanted(Opening::Registration, NOBODY, HeldNumber::Mobile)
    };
    let openings = &house.services.openings;
    let asked = async |caller: &Caller, proof: String| openings.start(caller, proven(proof)).await;
    let mut elsewhere = browser();
    elsewhere.address = "10.0.0.9".parse().unwrap();
    assert!(
        asked(&elsewhere, String::new()).await.is_ok(),
        "another address isn't asked"
    );
    house.clock.advance_seconds(60);
    let here = browser();
    for wrong in [
        format!("{puzzle}.x"),
        format!("A{puzzle}.{number}"),
        format!("{puzzle}{number}"),
        "..".to_owned(),
    ] {
        let answer = asked(&here, wrong.clone()).await;
        assert!(matches!(answer, Err(ApiError::Puzzle { .. })), "{wrong}");
    }
    let solved = format!("{puzzle}.{number}");
    assert!(asked(&here, solved.clone()).await.is_ok());
    house.clock.advance_seconds(61);
    let again = asked(&here, solved).await;
    assert!(matches!(again, Err(ApiError::Puzzle { .. })), "used up");
}

#[tokio::test]
async fn who_cannot_solve_waits_and_one_after_the_other() {
    let mut config = crate::server::config::Config::default();
    config.limits.unchecked_per_address = 1;
    let house = House::with(config).await;
    house.opens(Opening::Registration, BOLAT).await.unwrap();
    let openings = &house.services.openings;
    let begin = async |who: &str, proof: &str| {
        let wanted = OpeningWanted {
            proof: proof.to_owned(),
            ..wanted(Opening::Registration, who, HeldNumber::Mobile)
        };
        openings.start(&browser(), wanted).await
    };
    let mut waited = Vec::new();
    for who in [ALIYA, NOBODY] {
        let Err(ApiError::Puzzle { puzzle, .. }) = begin(who, "").await else {
            panic!("no puzzle");
        };
        waited.push(format!("{puzzle}."));
    }
    let too_early = begin(ALIYA, &waited[0]).await;
    assert!(matches!(too_early, Err(ApiError::Puzzle { .. })));
    house.clock.advance_seconds(31);
    assert!(begin(ALIYA, &waited[0]).await.is_ok());
    let other = begin(NOBODY, &waited[1]).await;
    assert!(matches!(other, Err(ApiError::Puzzle { .. })), "one at a time");
    house.clock.advance_seconds(31);
    assert!(begin(NOBODY, &waited[1]).await.is_ok());
    house.clock.advance_seconds(301);
    let too_late = begin(BOLAT, &waited[1]).await;
    assert!(matches!(too_late, Err(ApiError::Puzzle { .. })));
}
