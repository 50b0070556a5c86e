//! What stands before every server function.

use crate::house::{ALIYA, ALIYAS_PASSWORD, House};
use cabinet::server::questions::LARGEST_QUESTION;
use serde_json::json;

fn paths() -> Vec<&'static str> {
    cabinet::api::register();
    let mut paths: Vec<&str> = leptos::server_fn::axum::server_fn_paths()
        .map(|(path, method)| {
            assert_eq!(method, "POST", "{path} changes nothing by GET");
            path
        })
        .collect();
    paths.sort_unstable();
    paths
}

#[test]
fn every_server_function_of_the_source_is_registered() {
    let sources = [
        include_str!("../../src/api/accounts.rs"),
        include_str!("../../src/api/addresses.rs"),
        include_str!("../../src/api/applications.rs"),
        include_str!("../../src/api/checks.rs"),
        include_str!("../../src/api/contacts.rs"),
        include_str!("../../src/api/drafts.rs"),
        include_str!("../../src/api/openings.rs"),
        include_str!("../../src/api/records.rs"),
        include_str!("../../src/api/settings.rs"),
        include_str!("../../src/api/signing.rs"),
        include_str!("../../src/api/suspensions.rs"),
    ];
    let mut declared: Vec<String> = sources
        .iter()
        .flat_map(|source| source.split("#[server(").skip(1))
        .map(|rest| {
            let endpoint = rest.split("endpoint = \"").nth(1).unwrap();
            format!("/api/{}", endpoint.split('"').next().unwrap())
        })
        .collect();
    declared.sort_unstable();
    assert_eq!(paths(), declared);
}

/// Every function × method × Origin × Sec-Fetch-Site × content type: only what our own page sends comes through.
#[tokio::test]
async fn t24_no_server_function_listens_to_another_site() {
    let house = House::with(|config| config.limits.challenges_per_address = 10_000, |_| {}).await;
    let own = "https://cabinet.example";
    let mut through = 0;
    for path in paths() {
        for method in ["POST", "GET", "PUT", "DELETE"] {
            for origin in [None, Some(own), Some("https://evil.example"), Some("null")] {
                for site in [
                    None,
                    Some("same-origin"),
                    Some("same-site"),
                    Some("cross-site"),
                    Some("none"),
                ] {
                    for kind in [
                        Some("application/json"),
                        Some("text/plain"),
                        Some("application/x-www-form-urlencoded"),
                        None,
                    ] {
                        let mut request = house.request(method, path).body(r#"{"input":{}}"#);
                        for (name, value) in [
                            ("origin", origin),
                            ("sec-fetch-site", site),
                            ("content-type", kind),
                        ] {
                            if let Some(value) = value {
                                request = request.header(name, value);
                            }
                        }
                        let answer = house.send(request).await;
                        let ours = match site {
                            Some(site) => site == "same-origin",
                            None => origin == Some(own),
                        };
                        let place =
                            format!("{method} {path} {origin:?} {site:?} {kind:?}: {}", answer.text());
                        match (method, ours, kind) {
                            ("POST", true, Some("application/json")) => {
                                assert!(![403, 404, 405, 415].contains(&answer.status), "{place}");
                                through += 1;
                            }
                            ("POST", true, _) => assert_eq!(answer.status, 415, "{place}"),
                            ("POST", false, _) => assert_eq!(answer.status, 403, "{place}"),
                            _ => assert_eq!(answer.status, 405, "{place}"),
                        }
                    }
                }
            }
        }
    }
    assert_eq!(
        through,
        paths().len() * 5,
        "four with the header, one by its origin alone"
    );
}

#[tokio::test]
async fn t03_another_sites_sign_in_gives_no_cookie() {
    let house = House::new().await;
    let request = house
        .request("POST", "/api/accounts/sign_in")
        .header("sec-fetch-site", "cross-site")
        .header("origin", "https://cabinet.example")
        .json(&json!({ "input": { "iin": ALIYA, "password": ALIYAS_PASSWORD } }));
    let answer = house.send(request).await;
    assert_eq!((answer.status, answer.error().as_str()), (403, "cross_site"));
    assert!(answer.cookies().is_empty());
}

#[tokio::test]
async fn t24_nobody_is_sent_back_to_where_they_came_from() {
    let house = House::new().await;
    let request = house
        .request("POST", "/api/accounts/sign_out")
        .header("sec-fetch-site", "same-origin")
        .header("accept", "text/html")
        .header("referer", "https://evil.example/")
        .json(&json!({ "input": {} }));
    let answer = house.send(request).await;
    assert_eq!(answer.status, 415);
    assert!(answer.headers.get("location").is_none());
}

#[tokio::test]
async fn t40_what_isnt_in_the_agreed_shape_is_refused() {
    let house = House::new().await;
    let credentials = json!({ "iin": ALIYA, "password": ALIYAS_PASSWORD });
    let mut more = credentials.clone();
    more["owner_iin"] = json!(ALIYA);
    let bodies = [
        json!({ "input": more }).to_string(),
        json!({ "input": credentials, "state": "signed" }).to_string(),
        credentials.to_string(),
        "{\"input\":".to_owned(),
        "null".to_owned(),
        String::new(),
        "[".repeat(100_000),
    ];
    for body in bodies {
        let request = house
            .request("POST", "/api/accounts/sign_in")
            .header("sec-fetch-site", "same-origin")
            .header("content-type", "application/json")
            .body(body.clone());
        let answer = house.send(request).await;
        let start: String = body.chars().take(80).collect();
        assert_eq!(
            (answer.status, answer.error().as_str()),
            (400, "malformed"),
            "{start}"
        );
        assert!(answer.cookies().is_empty());
    }
}

#[tokio::test]
async fn a_question_too_large_is_told_so() {
    let house = House::new().await;
    let body = format!("{{\"input\":{{\"cms\":\"{}\"}}}}", "A".repeat(LARGEST_QUESTION));
    let request = house
        .request("POST", "/api/accounts/eds_sign_in")
        .header("sec-fetch-site", "same-origin")
        .header("content-type", "application/json")
        .body(body);
    assert_eq!(house.send(request).await.status, 413);
}

#[tokio::test]
async fn an_unknown_question_is_answered_as_json() {
    let house = House::new().await;
    for path in ["/api/accounts/sign_up", "/api/", "/api"] {
        let answer = house
            .send(house.request("POST", path).json(&json!({ "input": {} })))
            .await;
        assert_eq!(
            (answer.status, answer.error().as_str()),
            (404, "malformed"),
            "{path}"
        );
        assert_eq!(answer.headers["content-type"], "application/json");
    }
}

#[tokio::test]
async fn without_a_session_nothing_of_a_person_is_answered() {
    let house = House::new().await;
    let open = [
        "/api/accounts/sign_in",
        "/api/accounts/eds_challenge",
        "/api/accounts/eds_sign_in",
        "/api/openings/under_way",
        "/api/openings/again",
    ];
    let planted = format!("__Host-session={}", "A".repeat(43));
    for path in paths() {
        if open.contains(&path) || path == "/api/accounts/sign_out" {
            continue;
        }
        let question = path.strip_prefix("/api/").unwrap();
        let answer = house.ask_with(question, json!({}), &planted).await;
        // Malformed: the question has more to it than this one.
        assert!(
            [400, 401, 503].contains(&answer.status),
            "{path}: {}",
            answer.text()
        );
    }
}
