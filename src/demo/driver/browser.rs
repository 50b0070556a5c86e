//! A person's browser as far as the server can tell: cookies, our own origin, JSON both ways; and how an answer failed.

use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Why a question wasn't answered with success.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// No answer, or half of one. Whether it was done isn't known: it is asked again.
    #[error("no answer ({0})")]
    Cut(String),
    /// The server's own word: HTTP status and `error` of [`crate::api::ApiError`].
    #[error("{status} {error}")]
    Refused { status: u16, error: String },
    /// An answer that isn't as agreed: a fault.
    #[error("an odd answer: {0}")]
    Odd(String),
}

impl Failure {
    /// For counting.
    #[must_use]
    pub fn kind(&self) -> &str {
        match self {
            Self::Cut(_) => "cut",
            Self::Refused { error, .. } => error,
            Self::Odd(_) => "odd",
        }
    }

    #[must_use]
    pub const fn is_cut(&self) -> bool {
        matches!(self, Self::Cut(_))
    }

    #[must_use]
    pub fn is(&self, wanted: &str) -> bool {
        matches!(self, Self::Refused { error, .. } if error == wanted)
    }
}

impl From<reqwest::Error> for Failure {
    fn from(error: reqwest::Error) -> Self {
        // Without the address: a secret may stand in it.
        Self::Cut(error.without_url().to_string())
    }
}

/// Told of every answer: the question, how long it took, how it failed.
pub type Watcher = Arc<dyn Fn(&'static str, Duration, Option<&Failure>) + Send + Sync>;

#[derive(Clone)]
pub struct Browser {
    http: reqwest::Client,
    url: String,
    cookies: BTreeMap<String, String>,
    watcher: Watcher,
}

impl Browser {
    /// A browser that was never here.
    #[must_use]
    pub fn new(http: reqwest::Client, url: &str, watcher: Watcher) -> Self {
        Self {
            http,
            url: url.to_owned(),
            cookies: BTreeMap::new(),
            watcher,
        }
    }

    pub fn put_cookie(&mut self, name: &str, value: &str) {
        self.cookies.insert(name.to_owned(), value.to_owned());
    }

    /// Forgets every cookie but this one.
    pub fn forget_all_but(&mut self, name: &str) {
        self.cookies.retain(|held, _| held == name);
    }

    /// # Errors
    /// [`Failure`].
    pub async fn ask(&mut self, question: &'static str, input: Value) -> Result<Value, Failure> {
        let begun = Instant::now();
        let answered = self.answer(question, &input).await;
        self.watched(question, begun, &answered);
        answered
    }

    /// Tells the watcher of something that was asked by other means.
    pub fn watched<T>(&self, question: &'static str, begun: Instant, answered: &Result<T, Failure>) {
        (self.watcher)(question, begun.elapsed(), answered.as_ref().err());
    }

    async fn answer(&mut self, question: &str, input: &Value) -> Result<Value, Failure> {
        let answer = self
            .http
            .post(format!("{}/api/{question}", self.url))
            .header("origin", &self.url)
            .header("accept", "application/json")
            .header("cookie", self.cookie_header())
            .json(&json!({ "input": input }))
            .send()
            .await?;
        for set in answer.headers().get_all("set-cookie") {
            let Some((name, rest)) = set.to_str().ok().and_then(|set| set.split_once('=')) else {
                continue;
            };
            let value = rest.split(';').next().unwrap_or_default();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        self.cookies.retain(|_, value| !value.is_empty());
        let status = answer.status().as_u16();
        let body = answer.bytes().await?;
        let json: Option<Value> = serde_json::from_slice(&body).ok();
        match (status, json) {
            (200, Some(json)) => Ok(json),
            (200, None) => Err(Failure::Odd(format!("no JSON to {question}"))),
            (_, json) => Err(Failure::Refused {
                status,
                error: json
                    .and_then(|json| json["error"].as_str().map(str::to_owned))
                    .unwrap_or_else(|| format!("status {status}")),
            }),
        }
    }

    /// A file of ours, by its path.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn get(&self, what: &'static str, path: &str) -> Result<Vec<u8>, Failure> {
        let begun = Instant::now();
        let got = async {
            let answer = self
                .http
                .get(format!("{}{path}", self.url))
                .header("cookie", self.cookie_header())
                .send()
                .await?;
            let status = answer.status().as_u16();
            let body = answer.bytes().await?.to_vec();
            if status == 200 {
                Ok(body)
            } else {
                Err(Failure::Refused {
                    status,
                    error: format!("status {status}"),
                })
            }
        }
        .await;
        self.watched(what, begun, &got);
        got
    }

    fn cookie_header(&self) -> String {
        let pairs: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        pairs.join("; ")
    }
}
