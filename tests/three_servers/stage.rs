//! What every test starts from: the servers and a person's browser.

use crate::balancer::Balancer;
use crate::page::lay_page;
use crate::postgres::{Fresh, fresh};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cabinet::api::drafts::CONSENT_VERSION;
use cabinet::demo::phone::Phone;
use cabinet::demo::{Demo, DemoConfig, start};
use cabinet::server::config::Secret;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

pub struct Stage {
    pub demo: Demo,
    pub balancer: Balancer,
    pub phone: Phone,
    /// The two beside the demo's own; killed when dropped.
    pub others: Vec<Server>,
    pub http: reqwest::Client,
    pub folder: TempDir,
    pub database: Fresh,
}

impl Stage {
    /// `None` where there is no PostgreSQL.
    pub async fn new() -> Option<Self> {
        let database = fresh().await?;
        // Fails where another test of this process has installed it.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let folder = tempfile::tempdir().unwrap();
        let page = folder.path().join("page");
        lay_page(&page);
        let balancer = Balancer::start().await;
        let config = DemoConfig {
            national: folder.path().join("none"),
            database: Some(Secret::new(&database.url)),
            public_url: Some(balancer.url.clone()),
            ..DemoConfig::anywhere(folder.path().join("data"), page)
        };
        let demo = start(config).await.unwrap();
        let others: Vec<_> = ["second", "third"]
            .into_iter()
            .map(|name| Server::start(&demo, &folder.path().join(name)))
            .collect();
        let mut servers = vec![demo.cabinet_address];
        servers.extend(others.iter().map(|server| server.address));
        balancer.stands_before(servers);
        Some(Self {
            phone: Phone::new(demo.keys.clone(), vec!["127.0.0.1".to_owned()]).unwrap(),
            demo,
            balancer,
            others,
            http: reqwest::Client::new(),
            folder,
            database,
        })
    }

    /// Tells the outside world how to behave.
    pub async fn control(&self, what: &str, body: Value) -> Value {
        let url = format!("{}/control/{what}", self.demo.outside_url);
        let answer = self.http.post(url).json(&body).send().await.unwrap();
        assert!(answer.status().is_success(), "{what}: {}", answer.status());
        answer.json().await.unwrap()
    }

    pub fn iin(&self, id: &str) -> String {
        let person = self.demo.people.iter().find(|person| person.id == id).unwrap();
        person.iin().digits().to_owned()
    }

    /// All that came to the inbox, newest first.
    pub async fn inbox(&self) -> Vec<Value> {
        let url = format!("{}/inbox/messages.json", self.demo.outside_url);
        self.http.get(url).send().await.unwrap().json().await.unwrap()
    }

    /// The code that is sent to this number, sooner or later; only ever one is.
    pub async fn code_at(&self, number: &str) -> String {
        for _ in 0..100 {
            for message in self.inbox().await {
                let text = message["text"].as_str().unwrap();
                let digits = text
                    .split(|c: char| !c.is_ascii_digit())
                    .find(|part| part.len() == 6);
                if message["to"] == number
                    && let Some(code) = digits
                {
                    return code.to_owned();
                }
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("no code came to {number}");
    }

    /// Each request since the last look went to another server than the one before, and all three were asked.
    pub fn all_took_part(&self) {
        let answered = self.balancer.answered();
        for two in answered.windows(2) {
            assert_ne!(two[0].1, two[1].1, "{two:?}");
        }
        let mut servers: Vec<_> = answered.iter().map(|(_, server)| *server).collect();
        servers.sort_unstable();
        servers.dedup();
        assert_eq!(servers.len(), 3, "{answered:?}");
    }

    /// The audit is whole, with the rows of all servers in one chain.
    pub async fn the_audit_is_whole(&self) {
        for _ in 0..200 {
            let report = self.demo.core().store.verify_audit().await.unwrap();
            assert_eq!(report.broken, None);
            if report.unlinked == 0 && report.sound > 0 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("rows stay unlinked");
    }

    /// The program with the settings of the others, for a command of its own.
    pub fn program(&self) -> Command {
        Server::command(&self.demo, &self.folder.path().join("operator"))
    }
}

/// A process of the real program, killed when dropped.
pub struct Server {
    process: Child,
    pub address: SocketAddr,
    /// Its log is read to the end, or it would stop writing.
    _log: std::thread::JoinHandle<()>,
}

impl Server {
    /// With the settings of the demo's own cabinet, a folder of its own, and the same keys.
    fn command(demo: &Demo, folder: &Path) -> Command {
        let config = &demo.core().config;
        let limits = &config.limits;
        std::fs::create_dir_all(folder).unwrap();
        let file = folder.join("cabinet.toml");
        let text = format!(
            "[limits]\nsign_ins_per_address = {}\nchallenges_per_address = {}\nchecks_per_address = {}\n\
             phones_per_address = {}\ncodes_per_address = {}\ncodes_in_all = {}\n",
            limits.sign_ins_per_address,
            limits.challenges_per_address,
            limits.checks_per_address,
            limits.phones_per_address,
            limits.codes_per_address,
            limits.codes_in_all,
        );
        std::fs::write(&file, text).unwrap();
        let (gbd_fl, sms) = (config.gbd_fl.as_ref().unwrap(), config.sms.as_ref().unwrap());
        let (smtp, webhook) = (config.smtp.as_ref().unwrap(), config.webhook.as_ref().unwrap());
        let mut command = Command::new(env!("CARGO_BIN_EXE_cabinet"));
        command
            .env_clear()
            .env("CABINET_CONFIG", file)
            .env("CABINET_DATA", folder.join("data"))
            .env("CABINET_DATABASE", config.database.as_ref().unwrap().expose())
            .env("CABINET_KEYS_DIR", config.keys_folder())
            .env("CABINET_LISTEN", "127.0.0.1:0")
            .env("CABINET_PUBLIC_URL", &config.public_url)
            .env("CABINET_PROXIES", config.proxies.to_string())
            .env("CABINET_PAGE_DIR", config.page_dir.as_ref().unwrap())
            .env("CABINET_CA_DIR", &config.ca_dir)
            .env("CABINET_OCSP_URL", config.ocsp_url.as_ref().unwrap())
            .env("CABINET_CRL_URLS", config.crl_urls.join(","))
            .env("CABINET_GBD_FL_URL", &gbd_fl.url)
            .env("CABINET_GBD_FL_SERVICE_ID", &gbd_fl.service_id)
            .env("CABINET_GBD_FL_SENDER_ID", &gbd_fl.sender_id)
            .env("CABINET_GBD_FL_SENDER_PASSWORD", gbd_fl.sender_password.expose())
            .env("CABINET_SMS_URL", &sms.url)
            .env("CABINET_SMS_TOKEN", sms.token.expose())
            .env("CABINET_SMTP_URL", smtp.url.expose())
            .env("CABINET_SMTP_FROM", &smtp.from)
            .env("CABINET_WEBHOOK_URL", &webhook.url)
            .env("CABINET_WEBHOOK_SECRET", webhook.secret.expose())
            .env("CABINET_LOG", "json");
        command
    }

    fn start(demo: &Demo, folder: &Path) -> Self {
        let mut process = Self::command(demo, folder)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut log = BufReader::new(process.stderr.take().unwrap()).lines();
        let address = loop {
            let line = log.next().expect("it listens").unwrap();
            if let Some((_, after)) = line.split_once("\"address\":\"") {
                break after.split('"').next().unwrap().parse().unwrap();
            }
        };
        let log = std::thread::spawn(move || log.for_each(drop));
        Self {
            process,
            address,
            _log: log,
        }
    }

    /// SIGKILL: nothing is finished, nothing is said.
    pub fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Fails where it is gone already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A browser as far as the servers can tell: cookies, our own origin.
#[derive(Clone)]
pub struct Browser {
    http: reqwest::Client,
    url: String,
    cookies: BTreeMap<String, String>,
}

/// What came back.
pub struct Answer {
    pub status: u16,
    pub body: Vec<u8>,
}

impl Browser {
    pub fn at(stage: &Stage) -> Self {
        Self {
            http: stage.http.clone(),
            url: stage.balancer.url.clone(),
            cookies: BTreeMap::new(),
        }
    }

    /// In which this person is signed in by a password that no code was asked for with.
    pub async fn of(stage: &Stage, id: &str) -> Self {
        let iin = stage.iin(id);
        let known = stage.control("remember", json!({ "iin": iin })).await;
        let text = |name: &str| known[name].as_str().unwrap().to_owned();
        let mut browser = Self::at(stage);
        browser.cookies.insert(text("name"), text("value"));
        let credentials = json!({ "iin": iin, "password": cabinet::demo::people::PASSWORD });
        let entry = browser.get("accounts/sign_in", credentials).await;
        assert_eq!(entry["entry"], "open", "{entry}");
        browser
    }

    /// Sends it with the cookies, and keeps those that come back.
    pub async fn send(&mut self, request: reqwest::RequestBuilder) -> Answer {
        let cookies: Vec<_> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let answer = request
            .header("origin", &self.url)
            .header("cookie", cookies.join("; "))
            .send()
            .await
            .unwrap();
        for set in answer.headers().get_all("set-cookie") {
            let (name, rest) = set.to_str().unwrap().split_once('=').unwrap();
            let value = rest.split(';').next().unwrap_or_default();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        Answer {
            status: answer.status().as_u16(),
            body: answer.bytes().await.unwrap().to_vec(),
        }
    }

    /// The answer's status and JSON. What a dying server left unanswered is asked again, as the person would.
    pub async fn ask(&mut self, question: &str, input: Value) -> (u16, Value) {
        for _ in 0..5 {
            let url = format!("{}/api/{question}", self.url);
            let request = self
                .http
                .post(url)
                .header("accept", "application/json")
                .json(&json!({ "input": input }));
            let answer = self.send(request).await;
            if answer.status != 502 {
                let json = serde_json::from_slice(&answer.body).unwrap_or_default();
                return (answer.status, json);
            }
        }
        panic!("{question}: nobody answers");
    }

    pub async fn get(&mut self, question: &str, input: Value) -> Value {
        let (status, answer) = self.ask(question, input).await;
        assert_eq!(status, 200, "{question}: {answer}");
        answer
    }

    /// A path of the cabinet's, as a link opens it.
    pub async fn open(&mut self, path: &str) -> Answer {
        let request = self.http.get(format!("{}{path}", self.url));
        self.send(request).await
    }

    pub async fn post(&mut self, path: &str, kind: &str, body: Vec<u8>) -> Answer {
        let request = self
            .http
            .post(format!("{}{path}", self.url))
            .header("content-type", kind)
            .body(body);
        self.send(request).await
    }

    pub async fn sign_in_with_key(&mut self, stage: &Stage, key: &str) -> (u16, Value) {
        let challenge = self.get("accounts/eds_challenge", json!({})).await;
        let data = STANDARD
            .decode(challenge["data_base64"].as_str().unwrap())
            .unwrap();
        let cms = stage.demo.keys.sign_cms(key, &data, true, false).unwrap();
        self.ask("accounts/eds_sign_in", json!({ "cms": STANDARD.encode(cms) }))
            .await
    }

    /// Consent, and the form as it opens.
    pub async fn open_draft(&mut self) -> Value {
        self.get("drafts/give_consent", json!({ "text_version": CONSENT_VERSION }))
            .await;
        self.get("drafts/open", json!({})).await
    }

    /// The form with a new mobile number in it, to be proven later.
    pub fn changed(draft: &Value) -> Value {
        let mut input = draft["input"].clone();
        input["mobile"] = "+77770001418".into();
        input["mobile_is_mine"] = true.into();
        input["mobile_later"] = true.into();
        input
    }

    /// Saves the form over the draft's version; the frozen document.
    pub async fn freeze(&mut self, draft: &Value, input: &Value) -> Value {
        let application = &draft["application"];
        let change = json!({ "application": application, "version": draft["version"], "input": input });
        let saved = self.get("drafts/save", change).await;
        self.get(
            "applications/freeze",
            json!({ "application": application, "version": saved["version"] }),
        )
        .await
    }

    /// The signature of this key over the frozen document, as a question.
    pub fn signature(stage: &Stage, frozen: &Value, key: &str) -> Value {
        let document = STANDARD
            .decode(frozen["document_base64"].as_str().unwrap())
            .unwrap();
        let cms = stage.demo.keys.sign_cms(key, &document, true, true).unwrap();
        json!({ "application": frozen["application"], "cms": STANDARD.encode(cms) })
    }
}
