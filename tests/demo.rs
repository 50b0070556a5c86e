//! The demonstration in one process: the cabinet against its outside world, over the wire, from sign-in to the receipt.

#![cfg(feature = "demo")]

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cabinet::api::drafts::CONSENT_VERSION;
use cabinet::demo::authority::national::NationalState;
use cabinet::demo::people::PASSWORD;
use cabinet::demo::{Demo, DemoConfig, start};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use tempfile::TempDir;

#[path = "demo/operations.rs"]
mod operations;

const ALIYA: &str = "990101390009";

/// A demo on free ports with a page of nothing, and the folder it lives in.
async fn demo() -> (Demo, TempDir) {
    demo_with(|_| {}).await
}

async fn demo_with(configure: impl FnOnce(&mut DemoConfig)) -> (Demo, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("page");
    std::fs::create_dir(&page).unwrap();
    for lang in ["kk", "ru", "en"] {
        let html = "<!doctype html><meta name=\"cabinet-ncalayer\" content=\"wss://127.0.0.1:13579/\"><title>-</title>";
        for program in ["door", "room", "index"] {
            std::fs::write(page.join(format!("{program}.{lang}.html")), html).unwrap();
        }
    }
    std::fs::write(page.join("build.txt"), "20261123T070000-0123abcd").unwrap();
    let mut config = DemoConfig::anywhere(folder.path().join("data"), page);
    configure(&mut config);
    (start(config).await.unwrap(), folder)
}

/// A browser as far as the server can tell: cookies, our own origin.
struct Browser {
    http: reqwest::Client,
    url: String,
    cookies: BTreeMap<String, String>,
}

impl Browser {
    fn at(demo: &Demo) -> Self {
        Self {
            http: reqwest::Client::new(),
            url: demo.cabinet_url.clone(),
            cookies: BTreeMap::new(),
        }
    }

    /// The answer's status and JSON.
    async fn ask(&mut self, question: &str, input: Value) -> (u16, Value) {
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let answer = self
            .http
            .post(format!("{}/api/{question}", self.url))
            .header("origin", &self.url)
            .header("accept", "application/json")
            .header("cookie", cookies.join("; "))
            .json(&json!({ "input": input }))
            .send()
            .await
            .unwrap();
        for set in answer.headers().get_all("set-cookie") {
            let (name, rest) = set.to_str().unwrap().split_once('=').unwrap();
            let value = rest.split(';').next().unwrap_or_default();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        let status = answer.status().as_u16();
        (status, answer.json().await.unwrap_or_default())
    }

    async fn get(&mut self, question: &str, input: Value) -> Value {
        let (status, answer) = self.ask(question, input).await;
        assert_eq!(status, 200, "{question}: {answer}");
        answer
    }

    async fn sign_in_with_key(&mut self, demo: &Demo, key: &str) -> (u16, Value) {
        let challenge = self.get("accounts/eds_challenge", json!({})).await;
        let data = STANDARD
            .decode(challenge["data_base64"].as_str().unwrap())
            .unwrap();
        let cms = demo.keys.sign_cms(key, &data, true, false).unwrap();
        self.ask("accounts/eds_sign_in", json!({ "cms": STANDARD.encode(cms) }))
            .await
    }

    async fn draft(&mut self) -> Value {
        let (status, draft) = self.open_draft().await;
        assert_eq!(status, 200, "{draft}");
        draft
    }

    /// The draft with Aliya's address, made into a document.
    async fn frozen(&mut self, draft: &Value) -> Value {
        let mut input = draft["input"].clone();
        input["street"] = "Бейбітшілік даңғылы".into();
        input["house"] = "14/2".into();
        input["flat"] = "38".into();
        input["mobile_is_mine"] = true.into();
        input["mobile_later"] = true.into();
        let application = draft["application"].clone();
        let saved = self
            .get(
                "drafts/save",
                json!({ "application": application, "version": draft["version"], "input": input }),
            )
            .await;
        self.get(
            "applications/freeze",
            json!({ "application": application, "version": saved["version"] }),
        )
        .await
    }

    async fn sign(&mut self, demo: &Demo, draft: &Value, frozen: &Value, key: &str) -> (u16, Value) {
        let document = STANDARD
            .decode(frozen["document_base64"].as_str().unwrap())
            .unwrap();
        let cms = demo.keys.sign_cms(key, &document, true, true).unwrap();
        let input = json!({ "application": draft["application"], "cms": STANDARD.encode(cms) });
        self.ask("signing/eds", input).await
    }

    async fn open_draft(&mut self) -> (u16, Value) {
        self.get("drafts/give_consent", json!({ "text_version": CONSENT_VERSION }))
            .await;
        self.ask("drafts/open", json!({})).await
    }
}

/// IIN and password in a browser that this person had remembered; who is signed in.
async fn by_password(demo: &Demo, browser: &mut Browser, iin: &str) -> Value {
    let known = control(demo, "remember", json!({ "iin": iin })).await;
    let text = |name: &str| known[name].as_str().unwrap().to_owned();
    browser.cookies.insert(text("name"), text("value"));
    let credentials = json!({ "iin": iin, "password": PASSWORD });
    let entry = browser.get("accounts/sign_in", credentials).await;
    assert_eq!(entry["entry"], "open", "{entry}");
    entry["identity"].clone()
}

async fn control(demo: &Demo, path: &str, body: Value) -> Value {
    let url = format!("{}/control/{path}", demo.outside_url);
    let answer = reqwest::Client::new().post(url).json(&body).send().await.unwrap();
    assert!(answer.status().is_success(), "{path}: {}", answer.status());
    answer.json().await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn from_a_password_to_the_receipt_against_real_protocols() {
    let (demo, _folder) = demo().await;
    let mut browser = Browser::at(&demo);
    let identity = by_password(&demo, &mut browser, ALIYA).await;
    assert_eq!(identity["address_form"], "Әлия Серікқызы");

    let record = browser.get("records/my_record", json!({})).await;
    assert_eq!(record["requisites"]["document"]["number"], "038765432");
    assert_eq!(record["accounts"].as_array().unwrap().len(), 2);

    let draft = browser.draft().await;
    let documents = draft["known"]["documents"].as_array().unwrap();
    assert_eq!(documents.len(), 2, "{documents:?}");
    assert_eq!(draft["registered_address"]["district"], "Теміртау қаласы");
    assert_eq!(draft["registered_address"]["street"], "Бейбітшілік даңғылы");

    let frozen = browser.frozen(&draft).await;
    let (_, receipt) = browser.sign(&demo, &draft, &frozen, "aliya-gost").await;
    assert_eq!(receipt["number"], frozen["number"]);
    assert_eq!(receipt["state"], "applied", "{receipt}");
    let record = browser.get("records/my_record", json!({})).await;
    assert_eq!(record["requisites"]["address"]["street"], "Бейбітшілік даңғылы");
    assert_eq!(record["requisites"]["document"]["number"], "051234567");

    control(&demo, "reset", json!({})).await;
    let record = browser.get("records/my_record", json!({})).await;
    assert_eq!(
        record["requisites"]["document"]["number"], "038765432",
        "put back"
    );
    demo.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_open_the_cabinet_or_are_refused_each_with_its_reason() {
    let (demo, _folder) = demo().await;
    for key in ["erlan-gost", "aliya-rsa", "aliya-rsa-auth"] {
        let (status, answer) = Browser::at(&demo).sign_in_with_key(&demo, key).await;
        assert_eq!(status, 200, "{key}: {answer}");
    }
    for (key, trouble) in [
        ("aliya-org", "organisation"),
        ("aliya-expired", "expired"),
        ("aliya-revoked", "revoked"),
    ] {
        let (status, answer) = Browser::at(&demo).sign_in_with_key(&demo, key).await;
        assert_eq!(
            (status, &answer["trouble"]["trouble"]),
            (422, &json!(trouble)),
            "{key}: {answer}"
        );
    }
    // The national test keys, when their folder is there and their list hasn't ended: by the list beside them, no responder.
    if matches!(demo.national, NationalState::Until(_)) {
        let (status, answer) = Browser::at(&demo)
            .sign_in_with_key(&demo, "national-individual-valid")
            .await;
        assert_eq!(status, 200, "{answer}");
    }
    let (status, answer) = Browser::at(&demo).sign_in_with_key(&demo, "zhanar-gost").await;
    assert_eq!((status, &answer["error"]), (404, &json!("unknown_person")));

    control(&demo, "ocsp", json!({ "mode": "revoked" })).await;
    // The cabinet remembers the responder's good word for a minute.
    control(&demo, "clock", json!({ "advance_seconds": 120 })).await;
    let (_, answer) = Browser::at(&demo).sign_in_with_key(&demo, "erlan-gost").await;
    assert_eq!(answer["trouble"]["trouble"], "revoked", "{answer}");
    demo.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_person_is_the_case_they_stand_for() {
    let (demo, _folder) = demo().await;
    let mut answers = BTreeMap::new();
    for person in demo.people.iter().filter(|person| person.has_password) {
        answers.insert(person.id, outcome_for(&demo, person.id).await);
    }
    let expected = [
        ("aliya", "2 documents"),
        ("erlan", "1 documents"),
        ("viktoria", "1 documents"),
        ("qaharman", "1 documents"),
        ("elena", "1 documents"),
        ("nurzhan", "1 documents"),
        ("raushan", "1 documents"),
        ("alexander", "1 documents"),
        ("dauren", "life_not_confirmed"),
        ("arman", "incapable"),
        ("maqsat", "limited_capacity"),
        ("natalia", "mismatch"),
        ("marat", "excluded"),
        ("aigerim", "no_valid_document"),
    ];
    let expected: BTreeMap<_, _> = expected.map(|(id, outcome)| (id, outcome.to_owned())).into();
    assert_eq!(answers, expected);
    demo.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_trouble_of_the_register_leads_to_its_own_answer() {
    let (demo, _folder) = demo().await;
    // The refusal first: too many failures in a row and the cabinet stops asking for a while.
    for (mode, id, expected) in [
        ("contradicting", "raushan", "life_not_confirmed"),
        ("stale", "nurzhan", "register_unavailable"),
        ("partial", "elena", "register_unavailable"),
        ("malformed", "viktoria", "register_unavailable"),
        ("fault", "qaharman", "register_unavailable"),
        ("refused", "alexander", "register_unavailable"),
        ("http500", "erlan", "register_unavailable"),
    ] {
        let iin = iin_of(&demo, id);
        control(&demo, "gbdfl", json!({ "mode": mode, "for_iin": iin })).await;
        assert_eq!(outcome_for(&demo, id).await, expected, "{mode}");
    }
    demo.stop().await;
}

fn iin_of(demo: &Demo, id: &str) -> String {
    let person = demo.people.iter().find(|person| person.id == id).unwrap();
    person.iin().digits().to_owned()
}

/// How a draft opens for this person: the number of documents to choose from, or why it doesn't.
async fn outcome_for(demo: &Demo, id: &str) -> String {
    let mut browser = Browser::at(demo);
    by_password(demo, &mut browser, &iin_of(demo, id)).await;
    let (_, answer) = browser.open_draft().await;
    match answer["refusal"]["why"].as_str().or(answer["error"].as_str()) {
        Some(refusal) => refusal.to_owned(),
        None => format!(
            "{} documents",
            answer["known"]["documents"].as_array().unwrap().len()
        ),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_port_that_is_taken_is_told_in_one_line_with_the_option() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut config = DemoConfig::anywhere(folder.path().to_owned(), folder.path().to_owned());
    config.outside_port = taken.local_addr().unwrap().port();
    let Err(error) = start(config).await else {
        panic!("the port was taken")
    };
    let line = error.to_string();
    assert!(line.contains("--outside-port") && !line.contains('\n'), "{line}");
}

/// The cabinet's own program over a copy of what the demo kept, with the demo's outside world; killed when dropped.
struct Killable {
    process: std::process::Child,
    url: String,
    /// Its log is read to the end, or it would stop writing.
    _log: std::thread::JoinHandle<()>,
}

impl Killable {
    fn start(demo: &Demo, data: &std::path::Path, page: &std::path::Path) -> Self {
        use std::io::{BufRead as _, BufReader};
        let config = &demo.core().config;
        let mut process = std::process::Command::new(env!("CARGO_BIN_EXE_cabinet"))
            .env_clear()
            .env("CABINET_DATA", data)
            .env("CABINET_PAGE_DIR", page)
            .env("CABINET_CA_DIR", &config.ca_dir)
            .env("CABINET_OCSP_URL", config.ocsp_url.as_deref().unwrap())
            .env("CABINET_LISTEN", "127.0.0.1:0")
            .env("CABINET_LOG", "json")
            .stderr(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        let mut log = BufReader::new(process.stderr.take().unwrap()).lines();
        let url = loop {
            let line = log.next().expect("it listens").unwrap();
            if let Some((_, after)) = line.split_once("\"address\":\"") {
                break format!("http://{}", after.split('"').next().unwrap());
            }
        };
        let log = std::thread::spawn(move || log.for_each(drop));
        Self {
            process,
            url,
            _log: log,
        }
    }
}

impl Drop for Killable {
    fn drop(&mut self) {
        // SIGKILL: nothing is finished, nothing is said.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

async fn connected(file: &std::path::Path) -> sqlx::SqliteConnection {
    <sqlx::SqliteConnection as sqlx::Connection>::connect(&format!("sqlite://{}", file.display()))
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn t34_a_server_killed_while_signing_has_signed_whole_or_not_at_all() {
    let (demo, folder) = demo().await;
    let mut browser = Browser::at(&demo);
    by_password(&demo, &mut browser, ALIYA).await;
    let (_, draft) = browser.open_draft().await;
    let mut input = draft["input"].clone();
    input["mobile"] = "+77770001418".into();
    input["mobile_is_mine"] = true.into();
    input["mobile_later"] = true.into();
    let application = draft["application"].clone();
    let changed = json!({ "application": application, "version": draft["version"], "input": input });
    let saved = browser.get("drafts/save", changed).await;
    let frozen = browser
        .get(
            "applications/freeze",
            json!({ "application": application, "version": saved["version"] }),
        )
        .await;
    let document = STANDARD
        .decode(frozen["document_base64"].as_str().unwrap())
        .unwrap();
    let cms = demo.keys.sign_cms("aliya-gost", &document, true, true).unwrap();
    let signature = json!({ "application": application, "cms": STANDARD.encode(cms) });
    let kept = &demo.core().config.data;
    let page = folder.path().join("page");
    let mut ends = BTreeMap::new();
    for wait in [0, 3, 6, 12, 25, 50, 100, 200, 400, 3000] {
        let copy = tempfile::tempdir().unwrap();
        std::fs::create_dir(copy.path().join("keys")).unwrap();
        let file = copy.path().join("cabinet.sqlite");
        sqlx::query("VACUUM INTO ?")
            .bind(file.display().to_string())
            .execute(&mut connected(&kept.join("cabinet.sqlite")).await)
            .await
            .unwrap();
        for key in std::fs::read_dir(kept.join("keys")).unwrap() {
            let key = key.unwrap();
            std::fs::copy(key.path(), copy.path().join("keys").join(key.file_name())).unwrap();
        }
        let mut there = Browser {
            http: reqwest::Client::new(),
            url: String::new(),
            cookies: browser.cookies.clone(),
        };
        let killed = Killable::start(&demo, copy.path(), &page);
        there.url.clone_from(&killed.url);
        let request = there
            .http
            .post(format!("{}/api/signing/eds", there.url))
            .header("origin", "http://127.0.0.1:8080")
            .header("accept", "application/json")
            .header("cookie", format!("session={}", there.cookies["session"]))
            .json(&json!({ "input": signature }));
        let asked = tokio::spawn(request.send());
        tokio::time::sleep(std::time::Duration::from_millis(wait)).await;
        drop(killed);
        let answered = asked.await.unwrap().is_ok_and(|answer| answer.status() == 200);

        let again = Killable::start(&demo, copy.path(), &page);
        let mut database = connected(&file).await;
        let mut counts = Vec::new();
        for sql in [
            "SELECT COUNT(*) FROM applications WHERE state = 'applied'",
            "SELECT COUNT(*) FROM signatures",
            "SELECT COUNT(*) FROM requisites_history WHERE source = 'application'",
            "SELECT COUNT(*) FROM contacts WHERE application IS NOT NULL",
            "SELECT COUNT(*) FROM suspensions",
            "SELECT COUNT(*) FROM audit WHERE event = 'application.applied'",
        ] {
            let count: i64 = sqlx::query_scalar(sql).fetch_one(&mut database).await.unwrap();
            counts.push(count);
        }
        assert!(
            counts.iter().all(|count| *count == counts[0]),
            "after {wait} ms: {counts:?}"
        );
        assert!(!answered || counts[0] == 1, "what was answered is kept");
        *ends.entry(counts[0]).or_insert(0) += 1;
        drop(again);
    }
    assert!(ends.contains_key(&1), "the last one had time: {ends:?}");
    demo.stop().await;
}
