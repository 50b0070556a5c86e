//! The page's files, its shells, and the headers around everything.

use crate::house::{BUILD, House};
use serde_json::json;

#[tokio::test]
async fn t25_every_answer_carries_the_headers() {
    let house = House::new().await;
    for (method, path) in [
        ("GET", "/"),
        ("GET", "/no-such-page"),
        ("GET", "/app-0123456789abcdef.js"),
        ("GET", "/no-such-file.js"),
        ("POST", "/"),
        ("GET", "/healthz"),
        ("GET", "/readyz"),
        ("POST", "/api/accounts/me"),
        ("GET", "/api/no-such-question"),
        ("GET", "/.well-known/change-password"),
        ("GET", "/s/no-such-session/mgovSign"),
    ] {
        let answer = house.send(house.request(method, path)).await;
        let header = |name: &str| {
            let value = answer.headers.get(name);
            value.map_or(String::new(), |value| value.to_str().unwrap().to_owned())
        };
        let place = format!("{method} {path}");
        assert!(
            header("content-security-policy").contains("frame-ancestors 'none'"),
            "{place}"
        );
        assert!(
            header("content-security-policy").starts_with("default-src 'none'"),
            "{place}"
        );
        assert!(
            !header("content-security-policy").contains("unsafe-inline"),
            "{place}"
        );
        assert_eq!(header("x-content-type-options"), "nosniff", "{place}");
        assert_eq!(header("referrer-policy"), "no-referrer", "{place}");
        assert_eq!(header("cross-origin-opener-policy"), "same-origin", "{place}");
        assert_eq!(header("cross-origin-resource-policy"), "same-origin", "{place}");
        assert!(
            header("strict-transport-security").contains("max-age=63072000"),
            "{place}"
        );
        assert!(
            header("permissions-policy").contains("loopback-network=(self)"),
            "{place}"
        );
        assert_eq!(header("x-request-id").len(), 22, "{place}");
        assert_eq!(header("cabinet-build"), BUILD, "{place}");
        let expected = match path {
            "/app-0123456789abcdef.js" => "public, max-age=31536000, immutable",
            _ => "no-store",
        };
        assert_eq!(header("cache-control"), expected, "{place}");
    }
}

#[tokio::test]
async fn over_plain_http_on_this_machine_nothing_demands_tls() {
    let house = House::with(
        |config| config.public_url = "http://127.0.0.1:8080".to_owned(),
        |_| {},
    )
    .await;
    let answer = house.send(house.request("GET", "/")).await;
    assert!(answer.headers.get("strict-transport-security").is_none());
    let challenge = house.ask("accounts/eds_challenge", json!({})).await;
    let set = challenge.headers["set-cookie"].to_str().unwrap();
    assert!(set.starts_with("pre-login=") && !set.contains("Secure"), "{set}");
}

#[tokio::test]
async fn the_shell_comes_in_the_persons_language() {
    let house = House::new().await;
    for (path, name, value, lang) in [
        ("/", "x-nothing", "", "kk"),
        ("/", "accept-language", "ru-RU,ru;q=0.9", "ru"),
        ("/", "cookie", "lang=en", "en"),
        ("/form?lang=ru", "cookie", "lang=en", "ru"),
    ] {
        let answer = house.send(house.request("GET", path).header(name, value)).await;
        assert_eq!(answer.status, 200);
        assert!(
            answer.text().contains(&format!("lang=\"{lang}\"")),
            "{path} {value}"
        );
        let chosen = answer.headers.get("set-cookie").is_some();
        assert_eq!(chosen, path.contains("lang="), "{path}");
        let policy = answer.headers["content-security-policy"].to_str().unwrap();
        assert!(policy.contains("'sha256-"), "the inline script may run: {policy}");
        assert!(
            policy.contains("connect-src 'self' wss://127.0.0.1:13579"),
            "{policy}"
        );
    }
}

#[tokio::test]
async fn an_unknown_address_is_the_page_with_404_and_a_missing_file_is_no_page() {
    let house = House::new().await;
    let page = house.send(house.request("GET", "/no-such-page")).await;
    assert_eq!(page.status, 404);
    assert!(page.text().contains("shell"));
    for path in [
        "/no-such-file.js",
        "/index.kk.html",
        "/..%2f..%2fdata/keys.pepper",
        "/fonts/x.woff2",
    ] {
        let file = house.send(house.request("GET", path)).await;
        assert_eq!(file.status, 404, "{path}");
        assert!(!file.text().contains("shell"), "{path}");
    }
    assert_eq!(house.send(house.request("POST", "/form")).await.status, 405);
}

/// A release puts its assets into the folder first: a page of any build finds its files at a server of any other.
#[tokio::test]
async fn files_of_other_builds_are_served_as_its_own_are() {
    let folder = tempfile::tempdir().unwrap();
    let assets = folder.path().join("assets");
    std::fs::create_dir(&assets).unwrap();
    let put = |name: &str, content: &str| std::fs::write(assets.join(name), content).unwrap();
    put("../outside-0123456789abcdef.js", "what lies before the folder");
    put("app-fedcba9876543210.js", "let before");
    put("app-fedcba9876543210.js.br", "brotli");
    put("app-fedcba9876543210.js.gz", "gzip");
    put(
        "app-0123456789abcdef.js",
        "another build's word for a file of ours",
    );
    put("door.kk.html", "shell of the build before");
    put("index.html", "shell of the build before");
    put("build.txt", "20200101T000000-00000000");
    put("secrets.txt", "nobody's");
    let house = House::with(|config| config.assets_dir = Some(assets), |_| {}).await;
    for (accept, coding, body) in [
        ("br, gzip", Some("br"), "brotli"),
        ("gzip", Some("gzip"), "gzip"),
        ("identity", None, "let before"),
    ] {
        let request = house.request("GET", "/app-fedcba9876543210.js");
        let answer = house.send(request.header("accept-encoding", accept)).await;
        assert_eq!((answer.status, answer.text().as_str()), (200, body));
        let header = |name: &str| answer.headers.get(name).map(|value| value.to_str().unwrap());
        assert_eq!(header("content-encoding"), coding);
        assert_eq!(
            header("cache-control"),
            Some("public, max-age=31536000, immutable")
        );
        assert_eq!(header("content-type"), Some("text/javascript; charset=utf-8"));
        assert_eq!(
            header("cabinet-build"),
            Some(BUILD),
            "the answer is this server's"
        );
    }
    let ours = house.send(house.request("GET", "/app-0123456789abcdef.js")).await;
    assert_eq!(ours.text(), "let app");
    for path in [
        "/door.kk.html",
        "/index.html",
        "/build.txt",
        "/secrets.txt",
        "/app-fedcba9876543210.js.br",
        "/..%2foutside-0123456789abcdef.js",
        "/outside-0123456789abcdef.js",
        "/assets/app-fedcba9876543210.js",
    ] {
        let answer = house.send(house.request("GET", path)).await;
        assert_eq!(answer.status, 404, "{path}");
        assert!(!answer.text().contains("before"), "{path}");
    }
}

#[tokio::test]
async fn health_and_readiness_are_told_apart() {
    let house = House::new().await;
    assert_eq!(house.send(house.request("GET", "/healthz")).await.status, 200);
    let ready = house.send(house.request("GET", "/readyz")).await;
    assert_eq!((ready.status, &ready.json()["ready"]), (200, &json!(true)));
}

/// The simulator's address is a matter of the demo: another build leaves the page and its policy as they are.
#[tokio::test]
async fn the_address_of_ncalayer_is_the_pages_own_without_the_demo() {
    let house = House::with(
        |config| config.ncalayer_url = Some("ws://127.0.0.1:13999/".to_owned()),
        |_| {},
    )
    .await;
    let answer = house.send(house.request("GET", "/")).await;
    let policy = answer.headers["content-security-policy"].to_str().unwrap();
    let told = answer.text().contains("content=\"ws://127.0.0.1:13999/\"");
    assert_eq!(told, cfg!(feature = "demo"));
    assert_eq!(
        policy.contains("ws://127.0.0.1:13999"),
        cfg!(feature = "demo"),
        "{policy}"
    );
}

#[tokio::test]
async fn password_managers_are_led_to_the_settings() {
    let house = House::new().await;
    let request = house.request("GET", "/.well-known/change-password");
    let answer = house.send(request).await;
    assert_eq!(answer.status, 303);
    assert_eq!(answer.headers.get("location").unwrap(), "/settings");
}
