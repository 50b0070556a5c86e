//! Who is signed in, and how long: counted from the server's clock, warned of two minutes before the end. Whether there is a
//! session at all is the server's to say; a cookie without any secret (`in`) only spares visitors a question that would be
//! answered 401.

use super::calls::Calls;
use super::window;
use crate::api::accounts::Identity;
use crate::api::{ApiError, Nothing};
use crate::browser::signals::{RwSignal, StoredValue, spawn};
use crate::domain::time::Timestamp;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// How long before the end the person is warned.
const WARNING_MS: i64 = 120_000;
const LOOK_EVERY_MS: u64 = 5_000;

#[derive(Clone, Copy)]
pub struct Session {
    pub identity: RwSignal<Option<Identity>>,
    /// The server hasn't said yet whether there is a session.
    pub asking: RwSignal<bool>,
    /// There was one on this page and it has ended.
    pub ended: RwSignal<bool>,
    /// The end, by the server's clock, while the person is being warned of it.
    pub warning: RwSignal<Option<Timestamp>>,
    /// How many waits for NCALayer or the phone are under way: they count as activity.
    waiting: StoredValue<u32>,
    /// The server's clock minus this computer's.
    ahead_ms: StoredValue<i64>,
    calls: Calls,
}

impl Session {
    #[must_use]
    pub fn new(calls: Calls) -> Self {
        Self {
            identity: RwSignal::new(None),
            asking: RwSignal::new(false),
            ended: RwSignal::new(false),
            warning: RwSignal::new(None),
            waiting: StoredValue::new(0),
            ahead_ms: StoredValue::new(0),
            calls,
        }
    }

    /// Asks who is signed in, if anybody may be, and keeps an eye on the end from now on.
    pub fn watch(self) {
        if hinted() {
            self.asking.set(true);
            spawn(async move {
                let answer = (self.calls.me)(Nothing {}).await;
                if matches!(answer, Err(ApiError::SignedOut)) {
                    hint(false);
                }
                if let Ok(identity) = answer {
                    self.begin(identity);
                }
                self.asking.set(false);
            });
        }
        window::every(LOOK_EVERY_MS, move || self.look());
        window::on_event("visibilitychange", move |_| {
            if window::visible() {
                self.look();
            }
        });
    }

    /// Takes the server's word of a session.
    pub fn begin(self, identity: Identity) {
        self.ahead_ms.set_value(identity.now.0 - window::local_now().0);
        hint(true);
        self.ended.set(false);
        let end = end_of(&identity);
        if end.0 - identity.now.0 > WARNING_MS + 10_000 {
            self.warning.set(None);
        }
        self.identity.set(Some(identity));
    }

    /// Notes an answer that tells of the session's end. Pages pass every error through here.
    pub fn heed(self, error: &ApiError) {
        if matches!(error, ApiError::SignedOut) && self.identity.get_untracked().is_some() {
            hint(false);
            self.warning.set(None);
            self.identity.set(None);
            self.ended.set(true);
        }
    }

    /// The server's clock as far as this page knows it.
    #[must_use]
    pub fn now(self) -> Timestamp {
        window::local_now().plus_ms(self.ahead_ms.get_value())
    }

    /// The consent was given just now.
    pub fn agreed(self) {
        self.identity.update(|identity| {
            if let Some(identity) = identity {
                identity.consent_given = true;
            }
        });
    }

    /// The consent was withdrawn just now.
    pub fn withdrew(self) {
        self.identity.update(|identity| {
            if let Some(identity) = identity {
                identity.consent_given = false;
            }
        });
    }

    /// The person was asked about contacts that something came back from; not again in this session.
    pub fn reached(self) {
        self.identity.update(|identity| {
            if let Some(identity) = identity {
                identity.unreached.clear();
            }
        });
    }

    /// The person is there.
    pub fn stay(self) {
        spawn(async move {
            match (self.calls.stay)(Nothing {}).await {
                Ok(identity) => {
                    self.warning.set(None);
                    self.begin(identity);
                }
                Err(error) => self.heed(&error),
            }
        });
    }

    /// Ends the session and forgets what this page's memory holds.
    pub fn sign_out(self) {
        spawn(async move {
            let _ = (self.calls.sign_out)(Nothing {}).await;
            hint(false);
            window::leave_for("/");
        });
    }

    /// Counts as activity until the guard is dropped.
    #[must_use]
    pub fn waiting(self) -> Waiting {
        self.waiting.update_value(|count| *count += 1);
        Waiting(self)
    }

    fn look(self) {
        let Some(identity) = self.identity.get_untracked() else {
            return;
        };
        if end_of(&identity).0 - self.now().0 > WARNING_MS {
            return;
        }
        // What was saved meanwhile has prolonged the session on the server: ask before alarming anybody.
        let prolong = self.waiting.get_value() > 0 && identity.idle_end < identity.absolute_end;
        spawn(async move {
            let asked = if prolong { self.calls.stay } else { self.calls.me };
            match asked(Nothing {}).await {
                Ok(identity) => {
                    let end = end_of(&identity);
                    let near = end.0 - identity.now.0 <= WARNING_MS + 10_000;
                    self.begin(identity);
                    if near && self.warning.get_untracked() != Some(end) {
                        self.warning.set(Some(end));
                    }
                }
                Err(error) => self.heed(&error),
            }
        });
    }
}

/// See [`Session::waiting`].
pub struct Waiting(Session);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0
            .waiting
            .update_value(|count| *count = count.saturating_sub(1));
    }
}

fn end_of(identity: &Identity) -> Timestamp {
    identity.idle_end.min(identity.absolute_end)
}

fn cookies() -> Option<web_sys::HtmlDocument> {
    document().dyn_into().ok()
}

fn hinted() -> bool {
    window::cookie("in").is_some_and(|value| value == "1")
}

fn hint(there: bool) {
    let cookie = if there {
        "in=1; Path=/; SameSite=Strict"
    } else {
        "in=; Path=/; Max-Age=0; SameSite=Strict"
    };
    if let Some(document) = cookies() {
        let _ = document.set_cookie(cookie);
    }
}
