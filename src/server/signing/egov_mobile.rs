//! Signing by QR with eGov Mobile. The page's side ([`EgovMobile::start`], `status`, `cancel`) stands behind the cabinet's
//! session; the phone's side ([`routes`]) is open to the network and guarded by the secrets in its addresses. What may
//! happen when is [`session`]'s to say; the database holds the state, so any server answers either side.
//!
//! Against a relayed code: only a signed-in owner starts a session, only the owner's signature is taken, the code is
//! replaced every minute and dies with the first opening, and four digits on both screens tie page, phone and document
//! together (RFC 10027, 6.1).

pub mod papers;
pub mod routes;
pub mod secrets;
pub mod session;
pub mod waiting;

use self::papers::Papers;
use self::secrets::{Secrets, lookup};
use self::session::{Link, QrState, TURNS, Way, is_end};
use crate::api::ApiError;
use crate::api::signing::{QrQuestion, QrSession};
use crate::domain::iin::Iin;
use crate::domain::time::Timestamp;
use crate::server::Core;
use crate::server::store::qr::{Circumstances, NewQr, QrRow, Started};
use crate::wire::egov_mobile::{APP_PAGE, app_link, qr_payload};
use std::sync::Arc;
use std::time::Duration;

/// How long the page's question waits for news.
pub const LONG_POLL: Duration = Duration::from_secs(25);
/// Several may race for one step; the loser looks again, and finds an end after few rounds.
const ROUNDS: usize = 8;

/// The room's service. Cheap to make: all state is in the database and in [`Core`].
pub struct EgovMobile {
    core: Arc<Core>,
    papers: Arc<dyn Papers>,
}

impl EgovMobile {
    #[must_use]
    pub fn new(core: Arc<Core>, papers: Arc<dyn Papers>) -> Self {
        Self { core, papers }
    }

    /// Starts a session for a frozen application of this person, or gives back its live one. `by`: the browser, for the
    /// audit.
    ///
    /// # Errors
    /// [`ApiError::NotFound`], [`ApiError::WrongState`], [`ApiError::TooMany`], [`ApiError::Unavailable`].
    pub async fn start(
        &self,
        owner: &Iin,
        application: &str,
        by: Circumstances<'_>,
    ) -> Result<QrSession, ApiError> {
        let paper = self.papers.frozen(owner, application).await?;
        let seed: [u8; 16] = self.core.world.bytes();
        let secrets = Secrets::new(&self.core.keys.phones, &seed);
        let links = [Way::Screen, Way::SamePhone]
            .into_iter()
            .flat_map(|way| (0..TURNS).map(move |turn| Link { way, turn }))
            .map(|link| (lookup(&secrets.link(link)), link))
            .collect();
        let new = NewQr {
            id: self.core.world.id(),
            seed,
            application: application.to_owned(),
            iin: owner.clone(),
            document_sha256: paper.sha256,
            document_lookup: lookup(&secrets.document()),
            links,
        };
        let now = self.core.world.now();
        match self.core.store.start_qr(new, now, by).await? {
            Started::New(row) | Started::Live(row) => {
                self.core.waiting.nudge();
                Ok(self.view(&row, now))
            }
            Started::TooMany { retry_after_seconds } => Err(ApiError::TooMany { retry_after_seconds }),
        }
    }

    /// The session as it is, as soon as it is other than what the page shows, or after 25 seconds.
    ///
    /// # Errors
    /// [`ApiError::NotFound`] for a session that isn't this person's.
    pub async fn status(&self, owner: &Iin, question: &QrQuestion) -> Result<QrSession, ApiError> {
        let give_up = tokio::time::Instant::now() + LONG_POLL;
        let mut stopping = self.core.stopping.clone();
        // Before the first look, so that no change falls between looking and waiting.
        let mut news = self.core.waiting.subscribe(&question.session);
        let mut row = self.own(owner, &question.session).await?;
        loop {
            let now = self.core.world.now();
            let view = self.view(&row, now);
            if view.state != question.seen || view.payload != question.payload_seen {
                return Ok(view);
            }
            let turn = row.session.next_turn_at(now).map(|at| at.0 - now.0);
            let turn = turn
                .and_then(|ms| u64::try_from(ms).ok())
                .map(Duration::from_millis);
            tokio::select! {
                () = tokio::time::sleep_until(give_up) => return Ok(self.view(&row, self.core.world.now())),
                () = tokio::time::sleep(turn.unwrap_or(LONG_POLL)) => {}
                changed = news.changed() => {
                    let newer = news.borrow_and_update().clone();
                    match newer {
                        Some(newer) if changed.is_ok() => {
                            // What the sweep read before this row was read may be told after it.
                            if newer.change > row.change {
                                row = (*newer).clone();
                            }
                        }
                        // Nobody sweeps: the database still knows.
                        _ => row = self.own(owner, &question.session).await?,
                    }
                }
                // The block lets go of the guard, which mustn't be held while waiting.
                () = async { let _ = stopping.wait_for(|stop| *stop).await; } => return Ok(view),
            }
        }
    }

    /// Ends a live session; an ended one stays as it is. `by`: the browser, for the audit.
    ///
    /// # Errors
    /// [`ApiError::NotFound`] for a session that isn't this person's.
    pub async fn cancel(
        &self,
        owner: &Iin,
        session: &str,
        by: Circumstances<'_>,
    ) -> Result<QrSession, ApiError> {
        for _ in 0..ROUNDS {
            let row = self.own(owner, session).await?;
            let now = self.core.world.now();
            let Some(next) = row.session.cancelled() else {
                return Ok(self.view(&row, now));
            };
            if self.core.store.step_qr(&row, &next, now, by).await? {
                self.core.waiting.nudge();
                return Ok(self.view(&QrRow { session: next, ..row }, now));
            }
        }
        Err(ApiError::Unavailable)
    }

    async fn own(&self, owner: &Iin, session: &str) -> Result<QrRow, ApiError> {
        let row = self.core.store.qr(session).await?;
        row.filter(|row| row.iin == *owner).ok_or(ApiError::NotFound)
    }

    /// The session as the page needs it. Once it is opened, or over, there is no code to show: the texts are empty.
    fn view(&self, row: &QrRow, now: Timestamp) -> QrSession {
        let secrets = Secrets::new(&self.core.keys.phones, &row.seed);
        let link = |way| {
            let turn = row.session.turn_at(now)?;
            Some(self.api_1(&secrets.link(Link { way, turn })))
        };
        QrSession {
            session: row.id.clone(),
            state: self.shown_state(row, now),
            payload: link(Way::Screen).map_or_else(String::new, |api_1| qr_payload(&api_1)),
            app_link: link(Way::SamePhone).map_or_else(String::new, |api_1| {
                let page = self.core.config.egov_mobile.app_page.as_deref();
                app_link(page.unwrap_or(APP_PAGE), &api_1)
            }),
            code: secrets.code(&row.document_sha256),
            now,
            deadline: row.session.deadline,
        }
    }

    /// While a signature that came in time may still be judged, the page isn't told that time is up.
    fn shown_state(&self, row: &QrRow, now: Timestamp) -> QrState {
        match row.session.state {
            QrState::Reading => row
                .session
                .expired(now)
                .map_or(QrState::Reading, |next| next.state),
            state if is_end(state) => state,
            _ => row.session.state_at(now),
        }
    }

    /// The address of API №1: a path and nothing behind it, since nobody agrees on how to escape a query.
    fn api_1(&self, link: &str) -> String {
        format!("{}/s/{link}/mgovSign", self.public_url())
    }

    fn api_2(&self, document: &str) -> String {
        format!("{}/d/{document}/mgovSign", self.public_url())
    }

    /// Where phones reach us, without a slash at the end.
    fn public_url(&self) -> &str {
        let config = &self.core.config;
        let url = config
            .egov_mobile
            .public_url
            .as_deref()
            .unwrap_or(&config.public_url);
        url.trim_end_matches('/')
    }
}

#[cfg(test)]
mod golden_tests;
#[cfg(test)]
mod race_tests;
#[cfg(test)]
mod route_tests;
#[cfg(test)]
pub(in crate::server) mod scene;
