//! What every test starts from: the demo, a person's browser, and the phone.

use crate::page::lay_page;
use cabinet::api::drafts::CONSENT_VERSION;
use cabinet::demo::authority::TestAuthority;
use cabinet::demo::clock::DemoClock;
use cabinet::demo::people::{PASSWORD, everybody};
use cabinet::demo::phone::{Behaviour, Outcome, Phone, Scan};
use cabinet::demo::{Demo, DemoConfig, start};
use cabinet::domain::iin::Iin;
use cabinet::server::world::SystemRandom;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use tokio::sync::OnceCell;

pub struct Stage {
    pub demo: Demo,
    pub phone: Phone,
    http: reqwest::Client,
    _folder: TempDir,
}

/// The demo's authority takes seconds to mint, so all tests of a build share one.
async fn minted() -> &'static Path {
    static MINTED: OnceCell<PathBuf> = OnceCell::const_new();
    MINTED
        .get_or_init(|| async {
            let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join("qr-authority.json");
            if !kept.exists() {
                let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
                let clock = DemoClock::system();
                TestAuthority::open(
                    folder.path(),
                    &everybody(),
                    "http://127.0.0.1:1",
                    &clock,
                    &SystemRandom,
                )
                .unwrap();
                // Another process may have been faster: its file is as good.
                std::fs::rename(folder.path().join("authority.json"), &kept).unwrap();
            }
            kept
        })
        .await
}

impl Stage {
    pub async fn new() -> Self {
        Self::with(|config| config).await
    }

    /// A demo that differs from the usual one.
    pub async fn with(change: impl FnOnce(DemoConfig) -> DemoConfig) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (page, data) = (folder.path().join("page"), folder.path().join("data"));
        lay_page(&page);
        std::fs::create_dir_all(data.join("demo")).unwrap();
        std::fs::copy(minted().await, data.join("demo/authority.json")).unwrap();
        let config = DemoConfig {
            // These tests need no national keys.
            national: folder.path().join("none"),
            ..DemoConfig::anywhere(data, page)
        };
        let demo = start(change(config)).await.unwrap();
        let phone = Phone::new(demo.keys.clone(), vec!["127.0.0.1".to_owned()]).unwrap();
        Self {
            demo,
            phone,
            http: reqwest::Client::new(),
            _folder: folder,
        }
    }

    /// Tells the outside world how to behave.
    pub async fn control(&self, what: &str, body: Value) {
        let address = format!("{}/control/{what}", self.demo.outside_url);
        let answer = self.http.post(address).json(&body).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{what}");
    }

    /// A request that no phone makes of itself.
    pub async fn raw(
        &self,
        method: &str,
        url: &str,
        bearer: Option<&str>,
        body: Option<Value>,
    ) -> (u16, Value) {
        let mut request = self.http.request(method.parse().unwrap(), url);
        if let Some(bearer) = bearer {
            request = request.bearer_auth(bearer);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        (status, answer.json().await.unwrap_or(Value::Null))
    }

    pub async fn sign_in(&self, id: &str) -> Browser<'_> {
        let person = self.demo.people.iter().find(|person| person.id == id).unwrap();
        let mut browser = Browser {
            stage: self,
            cookie: String::new(),
            iin: person.iin().clone(),
            key: format!("{id}-gost"),
        };
        let remember = format!("{}/control/remember", self.demo.outside_url);
        let (_, known) = self
            .raw(
                "POST",
                &remember,
                None,
                Some(json!({ "iin": person.iin().digits() })),
            )
            .await;
        browser.cookie = format!(
            "{}={}",
            known["name"].as_str().unwrap(),
            known["value"].as_str().unwrap()
        );
        let input = json!({ "iin": person.iin().digits(), "password": PASSWORD });
        let answer = browser.post("accounts/sign_in", input).await;
        assert_eq!(answer.status(), 200);
        let cookies = answer.headers().get_all("set-cookie").iter();
        browser.cookie = cookies
            .map(|value| value.to_str().unwrap().split(';').next().unwrap())
            .collect::<Vec<_>>()
            .join("; ");
        browser
    }

    /// Up to a frozen application and a code on the screen.
    pub async fn at_the_code(&self, id: &str) -> (Browser<'_>, String, Value) {
        let browser = self.sign_in(id).await;
        let application = browser.freeze().await;
        let session = browser.start(&application).await;
        (browser, application, session)
    }

    pub async fn scan(&self, link: &str, key: &str, behaviour: Behaviour) -> Outcome {
        self.phone
            .scan(Scan {
                link: Some(link.to_owned()),
                key: Some(key.to_owned()),
                behaviour,
                ..Scan::default()
            })
            .await
    }

    /// How often an event stands in the audit.
    pub async fn audited(&self, event: &str) -> i64 {
        sqlx::query_scalar("SELECT COUNT(*) FROM audit WHERE event = ?")
            .bind(event)
            .fetch_one(&mut self.behind().await)
            .await
            .unwrap()
    }

    /// What the audit tells of the last such event.
    pub async fn told_by_audit(&self, event: &str) -> Value {
        let details: String =
            sqlx::query_scalar("SELECT details FROM audit WHERE event = ? ORDER BY id DESC LIMIT 1")
                .bind(event)
                .fetch_one(&mut self.behind().await)
                .await
                .unwrap();
        serde_json::from_str(&details).unwrap()
    }

    /// The database behind the program's back.
    async fn behind(&self) -> sqlx::SqliteConnection {
        let file = self.demo.core().config.data.join("cabinet.sqlite");
        let address = format!("sqlite://{}?mode=ro", file.display());
        <sqlx::SqliteConnection as sqlx::Connection>::connect(&address)
            .await
            .unwrap()
    }
}

/// A person's browser, signed in.
pub struct Browser<'a> {
    stage: &'a Stage,
    cookie: String,
    pub iin: Iin,
    /// The person's own signing key.
    pub key: String,
}

impl Browser<'_> {
    async fn post(&self, question: &str, input: Value) -> reqwest::Response {
        let url = &self.stage.demo.cabinet_url;
        self.stage
            .http
            .post(format!("{url}/api/{question}"))
            .header("Origin", url)
            .header("Accept", "application/json")
            .header("Cookie", &self.cookie)
            .json(&json!({ "input": input }))
            .send()
            .await
            .unwrap()
    }

    /// Status and JSON of an answer.
    pub async fn ask(&self, question: &str, input: Value) -> (u16, Value) {
        let answer = self.post(question, input).await;
        let status = answer.status().as_u16();
        (status, answer.json().await.unwrap_or(Value::Null))
    }

    async fn asked(&self, question: &str, input: Value) -> Value {
        let (status, json) = self.ask(question, input).await;
        assert_eq!(status, 200, "{question}: {json}");
        json
    }

    /// Consent, form, freezing; gives the application's id.
    pub async fn freeze(&self) -> String {
        self.asked("drafts/give_consent", json!({ "text_version": CONSENT_VERSION }))
            .await;
        let draft = self.asked("drafts/open", json!({})).await;
        let mut input = draft["input"].clone();
        input["mobile"] = "+77770001418".into();
        input["mobile_is_mine"] = true.into();
        input["mobile_later"] = true.into();
        input["email"] = "new@example.kz".into();
        input["email_later"] = true.into();
        input["no_email"] = false.into();
        let application = draft["application"].as_str().unwrap().to_owned();
        let saved = self
            .asked(
                "drafts/save",
                json!({ "application": application, "version": draft["version"], "input": input }),
            )
            .await;
        self.asked(
            "applications/freeze",
            json!({ "application": application, "version": saved["version"] }),
        )
        .await;
        application
    }

    pub async fn start(&self, application: &str) -> Value {
        self.asked("signing/qr_start", json!({ "application": application }))
            .await
    }

    /// Waits until the session is other than what `shown` shows.
    pub async fn news(&self, shown: &Value) -> Value {
        let question = json!({
            "session": shown["session"], "seen": shown["state"], "payload_seen": shown["payload"],
        });
        self.asked("signing/qr_status", question).await
    }

    /// The session as it is.
    pub async fn look(&self, shown: &Value) -> Value {
        let question =
            json!({ "session": shown["session"], "seen": "cancelled", "payload_seen": "something else" });
        self.asked("signing/qr_status", question).await
    }

    pub async fn cancel(&self, shown: &Value) -> Value {
        self.asked("signing/qr_cancel", json!({ "session": shown["session"] }))
            .await
    }

    /// The state of the application, by its receipt; `frozen` while there is none.
    pub async fn application_state(&self, application: &str) -> String {
        let input = json!({ "application": application });
        let (status, json) = self.ask("applications/receipt", input.clone()).await;
        let json = if status == 200 {
            json
        } else {
            self.asked("applications/review", input).await
        };
        json["state"].as_str().unwrap().to_owned()
    }
}

pub fn payload(session: &Value) -> &str {
    session["payload"].as_str().unwrap()
}

pub fn state(session: &Value) -> &str {
    session["state"].as_str().unwrap()
}
