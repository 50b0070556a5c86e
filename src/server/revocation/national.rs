//! The national responder and lists, over HTTP. Which answer counts is `pki::revocation`'s to say; here are the network, the
//! clock and the nonce.

use super::{Asked, Evidence, Revocation, RevocationCheck};
use crate::domain::time::Timestamp;
use crate::pki::revocation::client::{
    Checker, Fetch, FetchError, Fetched, Refreshed, Request, Response, Sources,
};
use crate::pki::revocation::{Revocation as Verdict, When};
use crate::pki::{Anchors, Chain, Instant};
use crate::server::config::Config;
use crate::server::outgoing::{Outgoing, System};
use crate::server::world::World;
use async_trait::async_trait;

/// Asks whom the configuration names.
pub struct National {
    checker: Checker<OverHttp>,
    world: World,
}

impl National {
    #[must_use]
    pub fn new(config: &Config, http: Outgoing, anchors: &Anchors, world: World) -> Self {
        let sources = Sources {
            ocsp: config.ocsp_url.clone(),
            lists: config.crl_urls.clone(),
        };
        Self {
            checker: Checker::new(OverHttp(http), sources, anchors),
            world,
        }
    }
}

#[async_trait]
impl RevocationCheck for National {
    async fn ask(&self, chain: &Chain, as_of: Timestamp) -> Asked {
        let when = When {
            as_of: instant(as_of),
            now: instant(self.world.now()),
        };
        let nonce = self.world.bytes();
        let checked = self.checker.check(&chain.leaf, &chain.issuer, nonce, when).await;
        if let Some(failure) = &checked.ocsp_failure {
            tracing::warn!(%failure, "OCSP gave no answer");
        }
        let revocation = match checked.revocation {
            Verdict::Good { .. } => Revocation::Good,
            Verdict::Revoked { .. } => Revocation::Revoked,
            Verdict::Undecided { why } => {
                tracing::warn!(why = why.code(), "revocation undecided");
                Revocation::Unknown
            }
        };
        let mut evidence = Vec::new();
        let mut add = |kind, content| evidence.push(Evidence { kind, content });
        if let Some((response, nonce)) = checked.used.ocsp {
            add("ocsp", response);
            add("ocsp_nonce", nonce);
        }
        for list in checked.used.lists {
            add("crl", list.to_vec());
        }
        Asked { revocation, evidence }
    }

    async fn refresh(&self) {
        for (url, outcome) in self.checker.refresh(instant(self.world.now())).await {
            match outcome {
                Refreshed::NotDue => {}
                Refreshed::Updated { entries, .. } => tracing::info!(url, entries, "revocation list fetched"),
                Refreshed::Failed(why) => tracing::warn!(url, %why, "revocation list not fetched"),
            }
        }
    }
}

fn instant(at: Timestamp) -> Instant {
    Instant::from_unix(at.0.div_euclid(1000))
}

/// The server's HTTP client: it follows no redirects.
pub struct OverHttp(pub Outgoing);

impl Fetch for OverHttp {
    fn fetch<'a>(&'a self, request: Request<'a>) -> Fetched<'a> {
        Box::pin(async move {
            let (system, mut asked) = match request.body {
                None => (System::Crl, self.0.get(request.url)),
                Some((content_type, body)) => {
                    let asked = self.0.post(request.url);
                    let asked = asked.header("content-type", content_type);
                    (System::Ocsp, asked.body(body.to_vec()))
                }
            };
            asked = asked
                .header("user-agent", request.user_agent)
                .timeout(request.timeout);
            let mut answer = self.0.send(system, asked).await.map_err(failure)?;
            let mut body = Vec::new();
            while let Some(chunk) = answer.chunk().await.map_err(failure)? {
                if body.len() + chunk.len() > request.max_length {
                    return Err(FetchError::TooLong);
                }
                body.extend_from_slice(&chunk);
            }
            Ok(Response {
                status: answer.status().as_u16(),
                body,
            })
        })
    }
}

fn failure(error: reqwest::Error) -> FetchError {
    if error.is_timeout() {
        FetchError::Timeout
    } else {
        // The address is the operator's own, configured one.
        FetchError::Unreachable(error.to_string())
    }
}
