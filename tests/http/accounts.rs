//! Password sign-in and sessions.

use crate::house::{ALIYA, ALIYAS_PASSWORD, Answer, BOLAT, House, NOBODY};
use serde_json::json;

#[tokio::test]
async fn a_person_signs_in_stays_and_signs_out() {
    let house = House::new().await;
    let answer = house.try_password("990101 390009", ALIYAS_PASSWORD).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let identity = answer.json()["identity"].clone();
    assert_eq!(identity["full_name"], "Сынақова Әлия");
    assert_eq!(identity["iin_masked"], "•••• •••• 0009");
    assert_eq!(identity["way"], "password");
    assert_eq!(identity["previous_sign_in"], json!(null));
    let cookie = answer.cookie("__Host-session");
    let cookies = answer.headers.get_all("set-cookie").iter();
    let set = cookies
        .map(|value| value.to_str().unwrap())
        .find(|value| value.starts_with("__Host-session"))
        .unwrap();
    for attribute in ["Path=/", "HttpOnly", "SameSite=Strict", "Secure"] {
        assert!(set.contains(attribute), "{set}");
    }
    assert!(!set.contains("Domain"), "{set}");

    house.clock.advance_seconds(600);
    let me = house.ask_with("accounts/me", json!({}), &cookie).await;
    assert_eq!(
        me.json()["idle_end"],
        identity["idle_end"],
        "asking doesn't prolong"
    );
    let stay = house.ask_with("accounts/stay", json!({}), &cookie).await;
    let prolonged = identity["idle_end"].as_i64().unwrap() + 600_000;
    assert_eq!(stay.json()["idle_end"], json!(prolonged));

    let out = house.ask_with("accounts/sign_out", json!({}), &cookie).await;
    assert_eq!(out.status, 200);
    assert_eq!(out.headers["clear-site-data"], "\"storage\"");
    assert_eq!(out.cookie("__Host-session"), "__Host-session=");
    let after = house.ask_with("accounts/me", json!({}), &cookie).await;
    assert_eq!((after.status, after.error().as_str()), (401, "signed_out"));

    let again = house.try_password(ALIYA, ALIYAS_PASSWORD).await;
    assert_eq!(again.json()["identity"]["previous_sign_in"], identity["now"]);
}

#[tokio::test]
async fn t04_a_session_ends_when_idle_and_after_twelve_hours_in_any_case() {
    let house = House::new().await;
    let cookie = house.sign_in().await;
    house.clock.advance_seconds(15 * 60 - 1);
    assert_eq!(
        house.ask_with("accounts/stay", json!({}), &cookie).await.status,
        200
    );
    house.clock.advance_seconds(15 * 60);
    assert_eq!(
        house.ask_with("accounts/stay", json!({}), &cookie).await.status,
        401
    );

    let cookie = house.sign_in().await;
    for _ in 0..12 * 6 {
        assert_eq!(
            house.ask_with("accounts/stay", json!({}), &cookie).await.status,
            200
        );
        house.clock.advance_seconds(600);
    }
    assert_eq!(
        house.ask_with("accounts/stay", json!({}), &cookie).await.status,
        401
    );
}

#[tokio::test]
async fn t04_signing_in_makes_a_new_secret_and_ends_the_old_session() {
    let house = House::new().await;
    let first = house.sign_in().await;
    let planted = format!("__Host-session={}", "A".repeat(43));
    for brought in [&first, &planted] {
        let input = json!({ "iin": ALIYA, "password": ALIYAS_PASSWORD });
        let cookies = format!("{brought}; {}", house.remembered);
        let answer = house.ask_with("accounts/sign_in", input, &cookies).await;
        let new = answer.cookie("__Host-session");
        assert_ne!(&new, brought);
        assert_eq!(
            house.ask_with("accounts/me", json!({}), brought).await.status,
            401
        );
        assert_eq!(house.ask_with("accounts/me", json!({}), &new).await.status, 200);
    }
}

#[tokio::test]
async fn t04_the_database_holds_nothing_to_sign_in_with() {
    let house = House::new().await;
    let cookie = house.sign_in().await;
    let secret = cookie.split_once('=').unwrap().1;
    let bytes = house.database_bytes();
    let holds = |needle: &[u8]| bytes.windows(needle.len()).any(|window| window == needle);
    assert!(holds(ALIYA.as_bytes()), "the database is what was read");
    assert!(!holds(secret.as_bytes()) && !holds(ALIYAS_PASSWORD.as_bytes()));
}

fn told(answer: &Answer) -> (u16, Vec<(String, String)>, Vec<u8>) {
    let mut headers: Vec<(String, String)> = answer
        .headers
        .iter()
        .filter(|(name, _)| !["date", "x-request-id"].contains(&name.as_str()))
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
        .collect();
    headers.sort();
    (answer.status, headers, answer.body.clone())
}

#[tokio::test]
async fn t20_an_unknown_an_unregistered_and_a_registered_iin_are_answered_with_the_same_bytes() {
    let house = House::new().await;
    let mut answers = Vec::new();
    for digits in [ALIYA, BOLAT, NOBODY] {
        let mut of_one = Vec::new();
        // Up to and over the limit.
        for _ in 0..5 {
            of_one.push(told(&house.try_password(digits, "a wrong one").await));
        }
        answers.push(of_one);
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0], answers[2]);
    let statuses: Vec<u16> = answers[0].iter().map(|(status, ..)| *status).collect();
    assert_eq!(statuses, [401, 401, 401, 429, 429]);
}

#[tokio::test]
async fn t23_guessing_waits_longer_each_time_and_success_takes_it_back() {
    let house = House::new().await;
    for _ in 0..3 {
        assert_eq!(house.try_password(ALIYA, "wrong").await.status, 401);
    }
    let refused = house.try_password(ALIYA, ALIYAS_PASSWORD).await;
    assert_eq!(refused.status, 429, "even the right one has to wait");
    let seconds = refused.json()["retry_after_seconds"].as_i64().unwrap();
    assert_eq!(refused.headers["retry-after"], seconds.to_string());
    assert_eq!(
        house.try_password(BOLAT, "wrong").await.status,
        401,
        "others don't wait"
    );
    house.clock.advance_seconds(seconds);
    house.sign_in().await;
    for _ in 0..3 {
        assert_eq!(house.try_password(ALIYA, "wrong").await.status, 401);
    }
}

#[tokio::test]
async fn t23_of_many_parallel_guesses_few_are_looked_at() {
    let house = House::with(|config| config.limits.sign_ins_per_address = 1000, |_| {}).await;
    let answers = (0..60).map(|_| house.try_password(ALIYA, "wrong"));
    let mut looked_at = 0;
    for answer in join_all(answers).await {
        match answer.status {
            401 => looked_at += 1,
            status => assert_eq!(status, 429),
        }
    }
    assert_eq!(looked_at, 3);
}

#[tokio::test]
async fn t37_addresses_claimed_by_the_caller_change_no_limit() {
    let house = House::new().await;
    let mut statuses = Vec::new();
    for n in 0..21 {
        let request = house
            .request("POST", "/api/accounts/sign_in")
            .header("sec-fetch-site", "same-origin")
            .header("x-forwarded-for", format!("10.0.0.{n}"))
            .json(&json!({ "input": { "iin": some_iin(n), "password": "wrong" } }));
        statuses.push(house.send(request).await.status);
    }
    assert_eq!(statuses[..20], [401; 20]);
    assert_eq!(statuses[20], 429);
}

/// Numbers of nobody whose control digit fits.
fn some_iin(n: u32) -> String {
    let fits = |text: &String| cabinet::domain::iin::Iin::typed(text).is_ok();
    let body = format!("8504123{n:04}");
    (0..10)
        .map(|digit| format!("{body}{digit}"))
        .find(fits)
        .unwrap_or_else(|| NOBODY.to_owned())
}

pub async fn join_all<T>(futures: impl Iterator<Item = impl Future<Output = T>>) -> Vec<T> {
    let mut waiting: Vec<_> = futures.map(|future| (Box::pin(future), None)).collect();
    std::future::poll_fn(|context| {
        let mut all = true;
        for (future, done) in &mut waiting {
            if done.is_none() {
                match future.as_mut().poll(context) {
                    std::task::Poll::Ready(value) => *done = Some(value),
                    std::task::Poll::Pending => all = false,
                }
            }
        }
        if all {
            std::task::Poll::Ready(())
        } else {
            std::task::Poll::Pending
        }
    })
    .await;
    waiting.into_iter().filter_map(|(_, done)| done).collect()
}
