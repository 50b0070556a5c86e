//! What every test starts from: a server with two people, and a browser to ask with.

use cabinet::domain::iin::Iin;
use cabinet::domain::person::Person;
use cabinet::domain::time::{Date, Timestamp};
use cabinet::server::config::Config;
use cabinet::server::world::{Clock, SystemRandom, World, sha256};
use cabinet::server::{Opened, Running, accounts::password, open};
use reqwest::header::{HeaderMap, SET_COOKIE};
use serde_json::{Value, json};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use tempfile::TempDir;

pub const ALIYA: &str = "990101390009";
pub const ALIYAS_PASSWORD: &str = "кілт сөз 2026";
/// Known to the Fund, without a password.
pub const BOLAT: &str = "990101391804";
/// Known to nobody; the control digit fits.
pub const NOBODY: &str = "850412300016";

pub struct House {
    pub running: Running,
    pub clock: Arc<TestClock>,
    pub folder: TempDir,
    client: reqwest::Client,
    /// Of a browser that Aliya had remembered.
    pub remembered: String,
}

pub struct TestClock(AtomicI64);

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}

impl TestClock {
    pub fn advance_seconds(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1000, Ordering::SeqCst);
    }
}

/// An answer, read to its end.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("{} is no JSON", self.text()))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// `error` of an [`cabinet::api::ApiError`].
    pub fn error(&self) -> String {
        self.json()["error"].as_str().unwrap_or_default().to_owned()
    }

    /// `name=value` of each cookie set.
    pub fn cookies(&self) -> Vec<String> {
        self.headers
            .get_all(SET_COOKIE)
            .iter()
            .map(|value| value.to_str().unwrap().split(';').next().unwrap().to_owned())
            .collect()
    }

    pub fn cookie(&self, name: &str) -> String {
        let prefix = format!("{name}=");
        self.cookies()
            .into_iter()
            .find(|cookie| cookie.starts_with(&prefix))
            .unwrap_or_else(|| panic!("no cookie {name} in {:?}", self.headers))
    }
}

/// The build of that page.
pub const BUILD: &str = "20261123T070000-0123abcd";

/// The page as the build leaves it, as far as the server looks at it.
pub fn lay_page(folder: &Path) {
    std::fs::create_dir_all(folder).unwrap();
    for lang in ["kk", "ru", "en"] {
        let html = format!(
            "<!doctype html><html lang=\"{lang}\"><meta name=\"cabinet-ncalayer\" content=\"wss://127.0.0.1:13579/\">\
             <script type=\"module\">let {lang}</script><p>shell"
        );
        for program in ["door", "room", "index"] {
            std::fs::write(folder.join(format!("{program}.{lang}.html")), &html).unwrap();
        }
    }
    std::fs::write(folder.join("build.txt"), format!("{BUILD}\n")).unwrap();
    std::fs::write(folder.join("app-0123456789abcdef.js"), "let app").unwrap();
    std::fs::write(folder.join("robots.txt"), "User-agent: *").unwrap();
}

pub fn iin(text: &str) -> Iin {
    Iin::from_authority(text).unwrap()
}

impl House {
    /// As in production: people reach it by https, through nothing.
    pub async fn new() -> Self {
        Self::with(|_| {}, |_| {}).await
    }

    pub async fn with(configure: impl FnOnce(&mut Config), exchange: impl FnOnce(&mut Opened)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let page = folder.path().join("page");
        lay_page(&page);
        let mut config = Config {
            listen: "127.0.0.1:0".parse().unwrap(),
            data: folder.path().join("data"),
            public_url: "https://cabinet.example".to_owned(),
            page_dir: Some(page),
            ca_dir: Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/authorities"),
            ..Config::default()
        };
        configure(&mut config);
        // 23 November 2026, noon in Kazakhstan.
        let clock = Arc::new(TestClock(AtomicI64::new(1_795_417_200_000)));
        let world = World {
            clock: clock.clone(),
            random: Arc::new(SystemRandom),
        };
        let mut opened = open(config, world).await.unwrap();
        exchange(&mut opened);
        let running = opened.serve().await.unwrap();
        let mut house = Self {
            remembered: String::new(),
            running,
            clock,
            folder,
            client: reqwest::Client::builder()
                .redirect(reqwest::redirect::Policy::none())
                .build()
                .unwrap(),
        };
        for (digits, name) in [(ALIYA, "Әлия"), (BOLAT, "Болат")] {
            house.meet(digits, name).await;
        }
        let core = &house.running.core;
        let phc = password::hash(ALIYAS_PASSWORD, &[1; 16], &core.keys.pepper).unwrap();
        core.store.set_password(&iin(ALIYA), &phc).await.unwrap();
        let secret = core.world.secret();
        let now = core.world.now();
        core.store
            .remember(&iin(ALIYA), &sha256(&secret), None, now)
            .await
            .unwrap();
        house.remembered = format!("__Host-remembered={secret}");
        house
    }

    /// Makes a person known to the Fund.
    pub async fn meet(&self, digits: &str, given_name: &str) {
        let person = Person {
            iin: iin(digits),
            surname: "Сынақова".to_owned(),
            given_name: given_name.to_owned(),
            patronymic: None,
            birth_date: Date::new(1999, 1, 1).unwrap(),
        };
        self.running.core.store.put_person(&person).await.unwrap();
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.running.address)
    }

    pub fn request(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        self.client.request(method.parse().unwrap(), self.url(path))
    }

    pub async fn send(&self, request: reqwest::RequestBuilder) -> Answer {
        let response = request.send().await.unwrap();
        Answer {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body: response.bytes().await.unwrap().to_vec(),
        }
    }

    /// A question as our page sends it, with these cookies.
    pub async fn ask_with(&self, question: &str, input: Value, cookies: &str) -> Answer {
        let mut request = self
            .request("POST", &format!("/api/{question}"))
            .header("sec-fetch-site", "same-origin")
            .json(&json!({ "input": input }));
        if !cookies.is_empty() {
            request = request.header("cookie", cookies);
        }
        self.send(request).await
    }

    pub async fn ask(&self, question: &str, input: Value) -> Answer {
        self.ask_with(question, input, "").await
    }

    /// In the browser that Aliya had remembered.
    pub async fn try_password(&self, iin: &str, password: &str) -> Answer {
        let input = json!({ "iin": iin, "password": password });
        self.ask_with("accounts/sign_in", input, &self.remembered).await
    }

    /// Signs Aliya in; returns her cookie.
    pub async fn sign_in(&self) -> String {
        let answer = self.try_password(ALIYA, ALIYAS_PASSWORD).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.cookie("__Host-session")
    }

    /// Every text and blob of the database file and its log, as bytes.
    pub fn database_bytes(&self) -> Vec<u8> {
        let data = self.folder.path().join("data");
        ["cabinet.sqlite", "cabinet.sqlite-wal"]
            .iter()
            .flat_map(|name| std::fs::read(data.join(name)).unwrap_or_default())
            .collect()
    }
}

/// Waits ten seconds at most for what happens elsewhere.
pub async fn until(what: &str, mut happened: impl FnMut() -> bool) {
    for _ in 0..100 {
        if happened() {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("never: {what}");
}
