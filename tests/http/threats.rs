//! Threats of `docs/security.md` that no other test stands for.

use crate::house::House;
use cabinet::domain::time::Timestamp;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else {
            found.push(path);
        }
    }
}

/// Text never becomes markup, and no script comes from anywhere but the page's own files.
#[tokio::test]
async fn t26_nothing_typed_or_received_becomes_markup_or_script() {
    let mut files = Vec::new();
    sources(&root().join("src/browser"), &mut files);
    assert!(files.len() > 50, "{files:?}");
    for file in files {
        let source = std::fs::read_to_string(&file).unwrap();
        for way in [
            "inner_html",
            "innerHTML",
            "outer_html",
            "insert_adjacent_html",
            "document_write",
            "eval(",
            "Function::new",
        ] {
            assert!(!source.contains(way), "{way} in {}", file.display());
        }
    }
    let house = House::new().await;
    let answer = house.send(house.request("GET", "/sign-in")).await;
    let policy = answer.headers["content-security-policy"].to_str().unwrap();
    for lax in ["unsafe-inline", "'unsafe-eval'", "data: 'self'", "http:", "*"] {
        assert!(!policy.contains(lax), "{policy}");
    }
    assert!(policy.contains("default-src 'none'") && policy.contains("base-uri 'none'"));
    assert_eq!(answer.headers["x-content-type-options"], "nosniff");
}

/// Everything that is built with is locked by its hash, and comes from the one registry of its kind.
#[test]
fn t38_every_dependency_is_locked_by_its_hash() {
    let lock = std::fs::read_to_string(root().join("Cargo.lock")).unwrap();
    let packages: Vec<&str> = lock.split("[[package]]").skip(1).collect();
    assert!(packages.len() > 100);
    for package in packages {
        if package.contains("\nname = \"cabinet\"\n") {
            continue;
        }
        let from = "source = \"registry+https://github.com/rust-lang/crates.io-index\"";
        assert!(package.contains(from), "{package}");
        assert!(package.contains("checksum = \""), "{package}");
    }
    let lock = std::fs::read(root().join("end2end/package-lock.json")).unwrap();
    let lock: Value = serde_json::from_slice(&lock).unwrap();
    for (name, package) in lock["packages"].as_object().unwrap() {
        if !name.is_empty() {
            assert!(package["integrity"].is_string(), "{name}");
            let from = package["resolved"].as_str();
            let is_ours = from.is_none_or(|from| from.starts_with("https://registry.npmjs.org/"));
            assert!(is_ours, "{name}: {from:?}");
        }
    }
    let deny = std::fs::read_to_string(root().join("deny.toml")).unwrap();
    for rule in ["unknown-registry = \"deny\"", "unknown-git = \"deny\""] {
        assert!(deny.contains(rule), "{rule}");
    }
}

/// The page counts from the server's clock, which is UTC; the person's own may be wrong, and so may a claimed one.
#[tokio::test]
async fn t39_every_end_is_reckoned_from_the_servers_own_clock() {
    let house = House::new().await;
    let cookie = house.sign_in().await;
    house.clock.advance_seconds(60);
    let request = house
        .request("POST", "/api/accounts/me")
        .header("sec-fetch-site", "same-origin")
        .header("date", "Thu, 01 Jan 1970 00:00:00 GMT")
        .header("cookie", &cookie)
        .json(&json!({ "input": {} }));
    let identity = house.send(request).await.json();
    let at = |name: &str| identity[name].as_i64().unwrap();
    let started = Timestamp(1_795_417_200_000);
    assert_eq!(at("now"), started.plus_seconds(60).0);
    assert_eq!(at("idle_end"), started.plus_seconds(15 * 60).0);
    assert_eq!(at("absolute_end"), started.plus_seconds(12 * 3600).0);
    house.clock.advance_seconds(12 * 3600);
    assert_eq!(
        house.ask_with("accounts/me", json!({}), &cookie).await.status,
        401
    );
}

/// The threats of accounts and of the web each have a test that bears their number.
#[test]
fn every_threat_has_a_test_with_its_number() {
    let mut files = Vec::new();
    for folder in ["src", "tests", "end2end/tests"] {
        sources(&root().join(folder), &mut files);
    }
    let all: String = files
        .into_iter()
        .filter(|file| {
            file.extension()
                .is_some_and(|ending| ending == "rs" || ending == "ts")
        })
        .map(|file| std::fs::read_to_string(file).unwrap())
        .collect();
    for number in (1..=5).chain(20..=27).chain([31, 32]).chain(35..=40) {
        let names = [
            format!("fn t{number:02}_"),
            format!("test(\"T{number:02} "),
            format!("test(\"t{number:02}: "),
        ];
        assert!(names.iter().any(|name| all.contains(name)), "T{number:02}");
    }
}
