//! A phone with eGov Mobile on it: scans a code (from a picture, or as a link), checks what the real app checks, shows what
//! it is asked to sign, and signs with a key of the demo or refuses. It can also misbehave in every way a phone or a network
//! was seen to. [`Phone`] is for programs; [`page`] lets a person hold it.
//!
//! The control port's `POST /control/phone/scan` is [`Phone::scan`]: JSON of [`Scan`] in, of [`Outcome`] out.

pub mod camera;
pub mod page;
pub mod reading;
mod slow;
pub mod words;

use self::reading::{Described, Document, Refusal};
use self::words::{Words, words};
use super::keys::{KeyError, KeyStore};
use crate::domain::lang::Lang;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::{Method, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::time::Duration;

/// One phone. Cloned freely.
#[derive(Clone)]
pub struct Phone {
    keys: KeyStore,
    http: reqwest::Client,
    allowed: Vec<String>,
    /// Another `User-Agent` than usual.
    agent: Option<String>,
    /// What [`Behaviour::SendSlowly`] waits.
    pause: Duration,
}

/// What a phone is asked to do, from first to last.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Scan {
    /// What stands in the code, or the link of the button.
    pub link: Option<String>,
    /// Or a picture with the code in it: PNG, base64.
    pub png_base64: Option<String>,
    /// Id of the key to sign with. Another person's, one for signing in, an ended one: as the test wants.
    pub key: Option<String>,
    /// What is asked for in `Accept-Language`; the phone's own words follow it.
    pub lang: Lang,
    pub behaviour: Behaviour,
}

/// How the phone behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Behaviour {
    /// Opens, takes the document, signs, sends.
    #[default]
    Sign,
    /// «Отказать»: sends the unsigned document with `"status": "CANCELED"`.
    Refuse,
    /// Opens the code and does nothing more.
    OpenOnly,
    /// Opens the code, takes the document and does nothing more.
    TakeOnly,
    /// Asks API №1 and API №2 three times each, then signs: answers were lost.
    AskThrice,
    /// Sends the same signed document twice.
    SendTwice,
    /// After success, signs anew and sends that.
    SendAnother,
    /// Signs, then the demo's clock passes the end by a minute before it sends.
    SendLate,
    /// Sends the first half, and the second one only after 35 seconds. Only to a server on this machine.
    SendSlowly,
    /// Sends JSON that ends in the middle.
    BrokenJson,
    /// Sends ten megabytes.
    TenMegabytes,
    /// Sends no `version`, as phones of older editions.
    NoVersion,
    /// Writes `@file/pdf`, as phones of older editions.
    OldMime,
    /// Shows no token.
    NoToken,
    /// Shows a token of its own making.
    WrongToken,
    /// Signs other bytes than it was given.
    AnotherDocument,
}

/// How it came out.
#[derive(Debug, Clone, Serialize)]
pub struct Outcome {
    pub result: End,
    /// What the phone shows in the end.
    pub message: String,
    /// HTTP statuses of all answers, in order.
    pub statuses: Vec<u16>,
    /// What was shown before signing, as far as it came.
    pub shown: Option<Shown>,
    /// Where «Назад» leads.
    pub back_url: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum End {
    /// The last answer was success: signed, refused, opened or taken, as was asked.
    Done,
    /// The server said no; `message` is its text.
    Complaint,
    /// The app itself refuses what the server wrote.
    RefusedByApp,
    /// No picture, no code, no key, no network.
    Trouble,
}

/// What the app shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Shown {
    #[serde(flatten)]
    pub described: Described,
    pub documents: Vec<Document>,
}

/// A code opened and its document taken: what stands on the phone while the person reads.
#[derive(Debug, Clone)]
pub struct Taken {
    pub shown: Shown,
    /// API №2's JSON as it came: it goes back with the signature in it.
    json: Value,
}

/// Why the phone can't go on.
#[derive(Debug, thiserror::Error)]
pub enum PhoneError {
    #[error("neither a link nor a picture was given")]
    NothingToScan,
    #[error("png_base64 isn't base64")]
    NotBase64,
    #[error(transparent)]
    Camera(#[from] camera::CameraError),
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error("{0}")]
    Complaint(String),
    #[error("no key was chosen")]
    NoKey,
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error("the server can't be reached: {0}")]
    Network(#[from] reqwest::Error),
    #[error("the slow line broke: {0}")]
    SlowLine(#[from] std::io::Error),
}

/// Sends requests and remembers the statuses of the answers.
struct Line<'a> {
    phone: &'a Phone,
    lang: Lang,
    behaviour: Behaviour,
    statuses: Vec<u16>,
}

impl Phone {
    /// A phone that finds these hosts connected to signing.
    ///
    /// # Errors
    /// The HTTP client can't be made.
    pub fn new(keys: KeyStore, allowed_hosts: Vec<String>) -> Result<Self, reqwest::Error> {
        // Fails only where one is installed already: then that one is used.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(Duration::from_secs(60))
            .user_agent("eGov Mobile (demo)")
            .build()?;
        Ok(Self {
            keys,
            http,
            allowed: allowed_hosts,
            agent: None,
            pause: Duration::from_secs(35),
        })
    }

    /// Another phone with the same keys: servers see another device.
    #[must_use]
    pub fn another(&self, agent: &str) -> Self {
        Self {
            agent: Some(agent.to_owned()),
            ..self.clone()
        }
    }

    /// The same phone with another pause between the halves of a slow body.
    #[must_use]
    pub fn pausing(&self, pause: Duration) -> Self {
        Self {
            pause,
            ..self.clone()
        }
    }

    #[must_use]
    pub fn keys(&self) -> &KeyStore {
        &self.keys
    }

    /// Does all that is asked, from the code to the last answer.
    pub async fn scan(&self, scan: Scan) -> Outcome {
        let mut line = self.line(scan.lang, scan.behaviour);
        let mut shown = None;
        let ended = line.whole(&scan, &mut shown).await;
        line.outcome(ended, shown)
    }

    /// What stands in the code or behind the button.
    ///
    /// # Errors
    /// [`PhoneError`].
    pub fn read(link: Option<&str>, png_base64: Option<&str>) -> Result<String, PhoneError> {
        match (link, png_base64) {
            (Some(link), _) => Ok(link.to_owned()),
            (None, Some(picture)) => {
                let png = STANDARD
                    .decode(picture.trim())
                    .map_err(|_| PhoneError::NotBase64)?;
                Ok(camera::read_png(&png)?)
            }
            (None, None) => Err(PhoneError::NothingToScan),
        }
    }

    /// Opens a code and takes its document.
    ///
    /// # Errors
    /// [`PhoneError`].
    pub async fn take(&self, scanned: &str, lang: Lang) -> Result<Taken, PhoneError> {
        let mut line = self.line(lang, Behaviour::Sign);
        let described = line.open(scanned).await?;
        line.take(described).await
    }

    /// Signs or refuses what was taken.
    pub async fn answer(
        &self,
        taken: &Taken,
        key: Option<&str>,
        lang: Lang,
        behaviour: Behaviour,
    ) -> Outcome {
        let mut line = self.line(lang, behaviour);
        let ended = line.answer(taken, key).await;
        line.outcome(ended, None)
    }

    /// Sends these signatures back in place of what was taken, one for each document. The same ones again are the same
    /// answer: a phone whose line broke sends once more.
    pub async fn send(&self, taken: &Taken, signatures: &[Vec<u8>], lang: Lang) -> Outcome {
        let mut json = taken.json.clone();
        for (index, cms) in signatures.iter().enumerate() {
            json["documentsToSign"][index]["document"]["file"]["data"] = STANDARD.encode(cms).into();
        }
        let mut line = self.line(lang, Behaviour::Sign);
        let ended = line.put(taken, json.to_string().into_bytes()).await;
        line.outcome(ended, None)
    }

    /// What the phone says of trouble.
    #[must_use]
    pub fn says(error: &PhoneError, lang: Lang) -> String {
        let words: &Words = words(lang);
        match error {
            PhoneError::Complaint(message) => message.clone(),
            PhoneError::Refused(Refusal::Host(_)) => words.not_connected.to_owned(),
            PhoneError::Camera(_) => format!("{} ({error})", words.no_code),
            PhoneError::Network(_) => format!("{} ({error})", words.no_network),
            other => other.to_string(),
        }
    }

    fn line(&self, lang: Lang, behaviour: Behaviour) -> Line<'_> {
        Line {
            phone: self,
            lang,
            behaviour,
            statuses: Vec::new(),
        }
    }
}

/// What the last answer was.
struct Done {
    message: String,
    back_url: Option<String>,
}

impl Line<'_> {
    fn outcome(self, ended: Result<Done, PhoneError>, shown: Option<Shown>) -> Outcome {
        let (result, message, back_url) = match ended {
            Ok(done) => (End::Done, done.message, done.back_url),
            Err(error) => {
                let result = match &error {
                    PhoneError::Complaint(_) => End::Complaint,
                    PhoneError::Refused(_) => End::RefusedByApp,
                    _ => End::Trouble,
                };
                (result, Phone::says(&error, self.lang), None)
            }
        };
        Outcome {
            result,
            message,
            statuses: self.statuses,
            shown,
            back_url,
        }
    }

    async fn whole(&mut self, scan: &Scan, shown: &mut Option<Shown>) -> Result<Done, PhoneError> {
        let scanned = Phone::read(scan.link.as_deref(), scan.png_base64.as_deref())?;
        let asked = |text: &str| Done {
            message: text.to_owned(),
            back_url: None,
        };
        let times = if scan.behaviour == Behaviour::AskThrice {
            3
        } else {
            1
        };
        let mut described = self.open(&scanned).await?;
        for _ in 1..times {
            described = self.open(&scanned).await?;
        }
        *shown = Some(Shown {
            described: described.clone(),
            documents: Vec::new(),
        });
        if scan.behaviour == Behaviour::OpenOnly {
            return Ok(asked(words(self.lang).opened));
        }
        let mut taken = self.take(described.clone()).await?;
        for _ in 1..times {
            taken = self.take(described.clone()).await?;
        }
        *shown = Some(taken.shown.clone());
        if scan.behaviour == Behaviour::TakeOnly {
            return Ok(asked(words(self.lang).opened));
        }
        self.answer(&taken, scan.key.as_deref()).await
    }

    /// API №1.
    async fn open(&mut self, scanned: &str) -> Result<Described, PhoneError> {
        let url = reading::api_1(scanned, &self.phone.allowed)?;
        let json = self.get(url.as_str(), None).await?;
        Ok(reading::described(&json, &self.phone.allowed)?)
    }

    /// API №2, GET.
    async fn take(&mut self, described: Described) -> Result<Taken, PhoneError> {
        let token = described.token.clone();
        let json = self.get(&described.api_2, token.as_deref()).await?;
        let documents = reading::documents(&json)?;
        Ok(Taken {
            shown: Shown { described, documents },
            json,
        })
    }

    /// API №2, PUT, once or more.
    async fn answer(&mut self, taken: &Taken, key: Option<&str>) -> Result<Done, PhoneError> {
        if self.behaviour == Behaviour::Refuse {
            let mut json = taken.json.clone();
            json["status"] = "CANCELED".into();
            let done = self.put(taken, json.to_string().into_bytes()).await?;
            return Ok(Done {
                message: words(self.lang).refused.to_owned(),
                ..done
            });
        }
        let body = self.signed(taken, key)?;
        match self.behaviour {
            Behaviour::BrokenJson => {
                let half = body.len() / 2;
                self.put(taken, body[..half].to_vec()).await
            }
            Behaviour::TenMegabytes => {
                let mut json: Value = taken.json.clone();
                json["padding"] = "A".repeat(10 * 1024 * 1024).into();
                self.put(taken, json.to_string().into_bytes()).await
            }
            Behaviour::SendTwice => {
                self.put(taken, body.clone()).await?;
                self.put(taken, body).await
            }
            Behaviour::SendAnother => {
                self.put(taken, body).await?;
                // A second later the signing time differs, and with it the bytes.
                self.phone.keys.clock().advance_seconds(1);
                let another = self.signed(taken, key)?;
                self.put(taken, another).await
            }
            Behaviour::SendLate => {
                self.phone.keys.clock().advance_seconds(16 * 60);
                self.put(taken, body).await
            }
            _ => self.put(taken, body).await,
        }
    }

    /// The JSON that goes back.
    fn signed(&self, taken: &Taken, key: Option<&str>) -> Result<Vec<u8>, PhoneError> {
        let key = key.ok_or(PhoneError::NoKey)?;
        let mut json = taken.json.clone();
        for (index, document) in taken.shown.documents.iter().enumerate() {
            let mut content = document.bytes.clone();
            if self.behaviour == Behaviour::AnotherDocument {
                content.extend_from_slice(b"\n% changed\n");
            }
            let cms = self.phone.keys.sign_cms(key, &content, true, true)?;
            let file = &mut json["documentsToSign"][index]["document"]["file"];
            file["data"] = STANDARD.encode(cms).into();
            if self.behaviour == Behaviour::OldMime {
                file["mime"] = "@file/pdf".into();
            }
        }
        if self.behaviour == Behaviour::NoVersion
            && let Some(fields) = json.as_object_mut()
        {
            fields.remove("version");
        }
        Ok(json.to_string().into_bytes())
    }

    async fn get(&mut self, url: &str, token: Option<&str>) -> Result<Value, PhoneError> {
        let answer = self.request(Method::GET, url, token).send().await?;
        self.heard(answer).await
    }

    async fn put(&mut self, taken: &Taken, body: Vec<u8>) -> Result<Done, PhoneError> {
        let described = &taken.shown.described;
        let request = self
            .request(Method::PUT, &described.api_2, described.token.as_deref())
            .header("Content-Type", "application/json")
            .body(body);
        let json = if self.behaviour == Behaviour::SendSlowly {
            let (status, json) = slow::send(request.build()?, self.phone.pause).await?;
            self.judged(status, json)?
        } else {
            self.heard(request.send().await?).await?
        };
        Ok(Done {
            message: words(self.lang).signed.to_owned(),
            back_url: json["backUrl"].as_str().map(str::to_owned),
        })
    }

    fn request(&self, method: Method, url: &str, token: Option<&str>) -> reqwest::RequestBuilder {
        let mut request = self
            .phone
            .http
            .request(method, url)
            .header("Accept-Language", self.lang.tag());
        if let Some(agent) = &self.phone.agent {
            request = request.header("User-Agent", agent);
        }
        match (self.behaviour, token) {
            (Behaviour::NoToken, _) | (_, None) => request,
            (Behaviour::WrongToken, Some(_)) => request.bearer_auth("AAAA"),
            (_, Some(token)) => request.bearer_auth(token),
        }
    }

    async fn heard(&mut self, answer: reqwest::Response) -> Result<Value, PhoneError> {
        let status = answer.status();
        let json = answer.json().await.ok();
        self.judged(status, json)
    }

    /// The JSON of a good answer, or the server's words.
    fn judged(&mut self, status: StatusCode, json: Option<Value>) -> Result<Value, PhoneError> {
        self.statuses.push(status.as_u16());
        if status == StatusCode::OK {
            return json.ok_or_else(|| Refusal::Shape("the answer isn't JSON".to_owned()).into());
        }
        let message = json.as_ref().and_then(|json| json["message"].as_str());
        // Without a message the app has nothing to show but its own general words.
        Err(PhoneError::Complaint(match message {
            Some(message) => message.to_owned(),
            None => format!("{} ({status})", words(self.lang).failed),
        }))
    }
}
