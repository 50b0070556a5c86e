//! Calls of outside systems. One client for all of them (no redirects, ten seconds at most), and one place that notes how
//! each call went: its system, its outcome, its time. Never its address or what it carried.

use super::metrics::Metrics;
use super::traces::{Kind, Span, Told, Traces};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Whom we call. Each has one name, in metrics and traces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum System {
    GbdFl,
    GbdFlSigner,
    Ocsp,
    Crl,
    SecondVerifier,
    Kazpost,
    Sms,
    Smtp,
    Webhook,
}

impl System {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::GbdFl => "gbd_fl",
            Self::GbdFlSigner => "gbd_fl_signer",
            Self::Ocsp => "ocsp",
            Self::Crl => "crl",
            Self::SecondVerifier => "second_verifier",
            Self::Kazpost => "kazpost",
            Self::Sms => "sms",
            Self::Smtp => "smtp",
            Self::Webhook => "webhook",
        }
    }
}

/// Cloned freely: all clones are one client.
#[derive(Clone)]
pub struct Outgoing {
    client: reqwest::Client,
    metrics: Arc<Metrics>,
    traces: Traces,
}

impl Outgoing {
    /// # Errors
    /// When the client can't be made.
    pub fn new(metrics: Arc<Metrics>, traces: Traces) -> reqwest::Result<Self> {
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(Duration::from_secs(10))
            .connect_timeout(Duration::from_secs(5))
            .build()?;
        Ok(Self {
            client,
            metrics,
            traces,
        })
    }

    pub fn get(&self, url: impl reqwest::IntoUrl) -> reqwest::RequestBuilder {
        self.client.get(url)
    }

    pub fn head(&self, url: impl reqwest::IntoUrl) -> reqwest::RequestBuilder {
        self.client.head(url)
    }

    pub fn post(&self, url: impl reqwest::IntoUrl) -> reqwest::RequestBuilder {
        self.client.post(url)
    }

    /// Sends it and notes how it went.
    ///
    /// # Errors
    /// No answer: as `reqwest` tells it.
    pub async fn send(
        &self,
        to: System,
        request: reqwest::RequestBuilder,
    ) -> reqwest::Result<reqwest::Response> {
        let span = self.traces.begin(Kind::Client);
        let request = match &span {
            // To our own alone: others learn nothing of how our calls hang together.
            Some(span) if to == System::Webhook => {
                request.header("traceparent", span.context().traceparent())
            }
            _ => request,
        };
        self.noted(to, span, request.send(), outcome).await
    }

    /// Awaits a call and notes how it went.
    pub async fn measured<T>(
        &self,
        to: System,
        call: impl Future<Output = T>,
        outcome: impl FnOnce(&T) -> &'static str,
    ) -> T {
        self.noted(to, self.traces.begin(Kind::Client), call, outcome)
            .await
    }

    async fn noted<T>(
        &self,
        to: System,
        span: Option<Span>,
        call: impl Future<Output = T>,
        outcome: impl FnOnce(&T) -> &'static str,
    ) -> T {
        let begun = Instant::now();
        let answer = call.await;
        let (system, outcome) = (to.as_str(), outcome(&answer));
        self.metrics.outgoing.observe([system, outcome], begun.elapsed());
        if let Some(span) = span {
            let facts = vec![
                ("peer.service", Told::Word(system)),
                ("cabinet.outcome", Told::Word(outcome)),
            ];
            span.end(["call", system], facts, outcome != "ok");
        }
        answer
    }
}

/// How an exchange over HTTP ended.
fn outcome(answer: &reqwest::Result<reqwest::Response>) -> &'static str {
    match answer {
        Ok(answer) => match answer.status().as_u16() {
            200..300 => "ok",
            500.. => "failed",
            _ => "refused",
        },
        Err(error) if error.is_timeout() => "timeout",
        Err(_) => "unreachable",
    }
}

#[cfg(test)]
impl Outgoing {
    /// Whose calls nobody reads about.
    pub(crate) fn for_tests() -> Self {
        // Fails where another test has installed it.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Self::new(Arc::default(), Traces::default()).unwrap()
    }
}
