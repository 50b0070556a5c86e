//! Asking the national responder and fetching its lists, without a network of its own: the caller brings a [`Fetch`].
//! Addresses come from configuration alone; whatever a certificate or list says of addresses is never read (SSRF).
//!
//! OCSP is asked during a check, within its time-out and behind a circuit breaker; lists are fetched by a background task
//! calling [`Checker::refresh`], so that a check never waits for twenty megabytes.

use std::{
    collections::HashMap,
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use super::{
    CrlFault, OcspFault, OcspMaterial, Revocation, RevocationList, Undecided, When, crl, decide, ocsp,
};
use crate::pki::{Anchors, Certificate, Instant, algorithm::Digest};

/// The national responder redirects clients without a name to an advertisement.
pub const USER_AGENT: &str = "cabinet-pki/1";
const OCSP_TIMEOUT: Duration = Duration::from_secs(5);
const LIST_TIMEOUT: Duration = Duration::from_secs(120);
/// Failures in a row after which an address is left alone for a while.
const BREAKER_FAILURES: u32 = 3;
/// Seconds an address is left alone; one trial follows.
const BREAKER_REST: i64 = 30;
/// Seconds a response answers for the same certificate again.
const CACHE_AGE: i64 = 60;
const CACHE_SIZE: usize = 4_096;
/// A list is fetched again when half its life has passed, and an address that failed after this many seconds.
const LIST_RETRY: i64 = 5 * 60;

/// One request, to be sent as it is.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    pub url: &'a str,
    /// `Some` is a POST with this content type and body, `None` a GET.
    pub body: Option<(&'static str, &'a [u8])>,
    pub user_agent: &'static str,
    pub timeout: Duration,
    /// A longer response must be broken off.
    pub max_length: usize,
}

#[derive(Clone, Debug)]
pub struct Response {
    /// HTTP's own; anything but 200 is a failure here, a redirect among them.
    pub status: u16,
    pub body: Vec<u8>,
}

/// Why nothing came back.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    #[error("no answer in time")]
    Timeout,
    #[error("the answer is longer than allowed")]
    TooLong,
    #[error("the address cannot be reached: {0}")]
    Unreachable(String),
    #[error("HTTP status {0}")]
    Status(u16),
    #[error("the responder can't answer now (OCSP status {0})")]
    NotNow(u8),
    #[error("left alone after repeated failures")]
    BreakerOpen,
}

pub type Fetched<'a> = Pin<Box<dyn Future<Output = Result<Response, FetchError>> + Send + 'a>>;

/// The network, as far as this room needs one. An implementation must follow no redirects, break off at `max_length`, and
/// keep to `timeout` for the whole exchange.
pub trait Fetch: Send + Sync {
    fn fetch<'a>(&'a self, request: Request<'a>) -> Fetched<'a>;
}

/// The configured addresses.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sources {
    /// `http://ocsp.pki.gov.kz/`: it answers for every national authority.
    pub ocsp: Option<String>,
    /// Lists, complete and delta alike; whose a list is, is read from it and verified.
    pub lists: Vec<String>,
}

/// What an answer rested on, for the evidence.
#[derive(Clone, Debug, Default)]
pub struct Used {
    /// The response and the nonce that was sent for it.
    pub ocsp: Option<(Vec<u8>, Vec<u8>)>,
    /// Every list of the issuer that was at hand when no response was.
    pub lists: Vec<Arc<[u8]>>,
}

/// The answer about one certificate.
#[derive(Clone, Debug)]
pub struct Checked {
    pub revocation: Revocation,
    pub used: Used,
    pub when: When,
    /// What went wrong on the way, when the responder could not be asked; for the log.
    pub ocsp_failure: Option<FetchError>,
}

/// How one list fared, for the log and the health page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refreshed {
    /// The list at hand is fresh enough, or its address rests after a failure.
    NotDue,
    /// A newer list is in use.
    Updated { entries: usize, next_update: Instant },
    /// The last good list stays in use until its own nextUpdate.
    Failed(ListFailure),
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ListFailure {
    #[error(transparent)]
    Fetch(#[from] FetchError),
    #[error(transparent)]
    List(#[from] CrlFault),
}

/// Decides revocation for a running server: asks, remembers, and falls back.
pub struct Checker<F> {
    fetch: F,
    sources: Sources,
    issuers: Vec<Certificate>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// By the SHA-256 of the certificate.
    responses: HashMap<Vec<u8>, CachedResponse>,
    lists: HashMap<String, ListState>,
    /// The highest number seen, by the issuer's certificate and whether the list is a delta: an address that once gave
    /// another authority's list must not give an older one of this authority's afterwards.
    highest: HashMap<(Vec<u8>, bool), crl::Number>,
    breakers: HashMap<String, Breaker>,
}

#[derive(Clone)]
struct CachedResponse {
    response: Vec<u8>,
    nonce: Vec<u8>,
    at: Instant,
}

#[derive(Default)]
struct ListState {
    list: Option<RevocationList>,
    tried: Option<Instant>,
}

#[derive(Clone, Copy, Default)]
struct Breaker {
    failures: u32,
    rests_until: Option<Instant>,
}

impl<F: Fetch> Checker<F> {
    /// For certificates issued by the pinned authorities.
    pub fn new(fetch: F, sources: Sources, anchors: &Anchors) -> Self {
        Self {
            fetch,
            sources,
            issuers: anchors.issuers().cloned().collect(),
            state: Mutex::default(),
        }
    }

    /// Asks about a certificate that was verified under `issuer`. `nonce` must be fresh random bytes. OCSP first; when it
    /// can't be reached, the lists at hand; when neither speaks, undecided.
    pub async fn check(
        &self,
        leaf: &Certificate,
        issuer: &Certificate,
        nonce: [u8; ocsp::NONCE_LENGTH],
        when: When,
    ) -> Checked {
        let key = Digest::Sha256.hash(leaf.der());
        let cached = self.state().responses.get(&key).cloned();
        let cached = cached.filter(|known| {
            (0..=CACHE_AGE).contains(&when.now.seconds_since(known.at))
                && known.at >= when.as_of.plus_seconds(-CACHE_AGE)
        });
        let mut ocsp_failure = None;
        let response = match cached {
            Some(known) => Some((known.response, known.nonce)),
            None => match self.ask(leaf, issuer, &nonce, when.now).await {
                Ok(asked) => asked.map(|response| (response, nonce.to_vec())),
                Err(failure) => {
                    ocsp_failure = Some(failure);
                    None
                }
            },
        };
        let response = response.map(|(response, nonce)| {
            let material = OcspMaterial {
                response: &response,
                nonce: Some(&nonce),
            };
            (decide(leaf, issuer, when, Some(material), &[]), response, nonce)
        });
        if let Some((
            Revocation::Undecided {
                why: Undecided::Ocsp(OcspFault::Status(status @ (ocsp::INTERNAL_ERROR | ocsp::TRY_LATER))),
            },
            ..,
        )) = response
        {
            ocsp_failure = Some(FetchError::NotNow(status));
        } else if let Some((revocation, response, nonce)) = response {
            if matches!(revocation, Revocation::Good { .. } | Revocation::Revoked { .. }) {
                self.remember(
                    key,
                    CachedResponse {
                        response: response.clone(),
                        nonce: nonce.clone(),
                        at: when.now,
                    },
                );
            }
            let used = Used {
                ocsp: Some((response, nonce)),
                lists: Vec::new(),
            };
            return Checked {
                revocation,
                used,
                when,
                ocsp_failure,
            };
        }
        let lists = self.lists_of(issuer);
        let revocation = decide(leaf, issuer, when, None, &lists.iter().collect::<Vec<_>>());
        let lists = match revocation {
            Revocation::Undecided {
                why: Undecided::Nothing,
            } => Vec::new(),
            _ => lists.iter().map(|list| list.der().clone()).collect(),
        };
        Checked {
            revocation,
            used: Used { ocsp: None, lists },
            when,
            ocsp_failure,
        }
    }

    /// Fetches every list that is due. To be called about once a minute; returns what happened to each address.
    pub async fn refresh(&self, now: Instant) -> Vec<(String, Refreshed)> {
        let mut outcomes = Vec::new();
        for url in &self.sources.lists {
            let outcome = if self.is_due(url, now) {
                self.state().lists.entry(url.clone()).or_default().tried = Some(now);
                match self.fetch_list(url, now).await {
                    Ok((entries, next_update)) => Refreshed::Updated { entries, next_update },
                    Err(failure) => Refreshed::Failed(failure),
                }
            } else {
                Refreshed::NotDue
            };
            outcomes.push((url.clone(), outcome));
        }
        outcomes
    }

    /// Puts a list that was kept from an earlier run in place of its address' own; the same checks as for a fetched one.
    pub fn restore(&self, url: &str, der: Arc<[u8]>, now: Instant) -> Result<(), CrlFault> {
        self.take_list(url, der, now).map(|_| ())
    }

    /// The lists in use, by address, for keeping and for the health page.
    pub fn lists(&self) -> Vec<(String, RevocationList)> {
        let state = self.state();
        state
            .lists
            .iter()
            .filter_map(|(url, known)| Some((url.clone(), known.list.clone()?)))
            .collect()
    }

    fn lists_of(&self, issuer: &Certificate) -> Vec<RevocationList> {
        let state = self.state();
        state
            .lists
            .values()
            .filter_map(|known| known.list.clone())
            .filter(|list| list.issuer() == issuer)
            .collect()
    }

    async fn ask(
        &self,
        leaf: &Certificate,
        issuer: &Certificate,
        nonce: &[u8],
        now: Instant,
    ) -> Result<Option<Vec<u8>>, FetchError> {
        let Some(url) = &self.sources.ocsp else {
            return Ok(None);
        };
        let Some(body) = ocsp::request(leaf, issuer, nonce) else {
            return Ok(None);
        };
        let request = Request {
            url,
            body: Some(("application/ocsp-request", &body)),
            user_agent: USER_AGENT,
            timeout: OCSP_TIMEOUT,
            max_length: ocsp::MAX_LENGTH,
        };
        self.send(request, now).await.map(Some)
    }

    async fn fetch_list(&self, url: &str, now: Instant) -> Result<(usize, Instant), ListFailure> {
        let request = Request {
            url,
            body: None,
            user_agent: USER_AGENT,
            timeout: LIST_TIMEOUT,
            max_length: crl::MAX_LENGTH,
        };
        let der = self.send(request, now).await?;
        Ok(self.take_list(url, der.into(), now)?)
    }

    /// Verifies a list under the pinned authority whose name it bears, and puts it in use if it is fresh and no older than
    /// the one known.
    fn take_list(&self, url: &str, der: Arc<[u8]>, now: Instant) -> Result<(usize, Instant), CrlFault> {
        let mut fault = CrlFault::AnotherIssuer;
        for issuer in &self.issuers {
            match RevocationList::verify(der.clone(), issuer) {
                Ok(list) => {
                    list.check_dates(When::at(now))?;
                    let outcome = (list.entries(), list.next_update());
                    let place = (Digest::Sha256.hash(issuer.der()), list.is_delta());
                    let mut state = self.state();
                    let highest = state.highest.get(&place);
                    if highest.is_some_and(|highest| list.number() < highest) {
                        return Err(CrlFault::Older);
                    }
                    state.highest.insert(place, list.number().clone());
                    state.lists.entry(url.to_owned()).or_default().list = Some(list);
                    return Ok(outcome);
                }
                Err(CrlFault::AnotherIssuer) => {}
                Err(reason) => fault = reason,
            }
        }
        Err(fault)
    }

    fn is_due(&self, url: &str, now: Instant) -> bool {
        let state = self.state();
        let Some(known) = state.lists.get(url) else {
            return true;
        };
        if known
            .tried
            .is_some_and(|tried| now.seconds_since(tried) < LIST_RETRY)
        {
            return false;
        }
        known.list.as_ref().is_none_or(|list| {
            let life = list.next_update().seconds_since(list.this_update());
            now.seconds_since(list.this_update()) >= life / 2
        })
    }

    /// Sends a request unless its address rests, and keeps count of failures.
    async fn send(&self, request: Request<'_>, now: Instant) -> Result<Vec<u8>, FetchError> {
        {
            let mut state = self.state();
            let breaker = state.breakers.entry(request.url.to_owned()).or_default();
            if breaker.rests_until.is_some_and(|until| now < until) {
                return Err(FetchError::BreakerOpen);
            }
            // The one trial after the rest: until it ends, others go on resting.
            if breaker.rests_until.is_some() {
                breaker.rests_until = Some(now.plus_seconds(BREAKER_REST));
            }
        }
        let outcome = match self.fetch.fetch(request).await {
            Ok(Response { status: 200, body }) if body.len() <= request.max_length => Ok(body),
            Ok(Response { status: 200, .. }) => Err(FetchError::TooLong),
            Ok(Response { status, .. }) => Err(FetchError::Status(status)),
            Err(failure) => Err(failure),
        };
        let mut state = self.state();
        let breaker = state.breakers.entry(request.url.to_owned()).or_default();
        match outcome {
            Ok(_) => *breaker = Breaker::default(),
            Err(_) => {
                breaker.failures = breaker.failures.saturating_add(1);
                if breaker.failures >= BREAKER_FAILURES {
                    breaker.rests_until = Some(now.plus_seconds(BREAKER_REST));
                }
            }
        }
        outcome
    }

    fn remember(&self, key: Vec<u8>, response: CachedResponse) {
        let mut state = self.state();
        if state.responses.len() >= CACHE_SIZE {
            let now = response.at;
            state
                .responses
                .retain(|_, known| now.seconds_since(known.at) <= CACHE_AGE);
            if state.responses.len() >= CACHE_SIZE {
                state.responses.clear();
            }
        }
        // An answer that came from the cache keeps its age.
        state
            .responses
            .entry(key)
            .and_modify(|known| {
                if known.response != response.response {
                    *known = response.clone()
                }
            })
            .or_insert(response);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // What is held is only ever replaced whole, so a panic elsewhere leaves it sound.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
