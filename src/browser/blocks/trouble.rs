//! A trouble on the screen: its text, the one action, and where needed the ways to a person. And what a page shows while
//! its answer is on the way.

use super::plain::{button, division, links, notice, paragraph, whom_to_ask};
use crate::api::ApiError;
use crate::browser::app::sign_in_path;
use crate::browser::calls::Answer;
use crate::browser::components::{ButtonKind, ButtonLink, NoticeKind, Skeleton};
use crate::browser::errors::{self, Next, Told};
use crate::browser::markup::{IntoMarkup, Markup, live, maybe};
use crate::browser::session::Session;
use crate::browser::signals::{RwSignal, spawn};
use crate::browser::texts::{key, t};
use crate::browser::update;
use crate::texts::screen::Key;
use leptos::prelude::*;

/// The code of the error shown on this page, which the footer repeats.
#[derive(Clone, Copy)]
pub struct ErrorCode(pub RwSignal<String>);

/// A link to another page that looks like a button.
#[must_use]
pub fn way(href: String, words: &'static str, kind: ButtonKind) -> Markup {
    view! { <ButtonLink href=href kind=kind>{words}</ButtonLink> }.markup()
}

/// Shows this trouble. `retry` is offered where trying again makes sense.
#[must_use]
pub fn trouble(told: Told, retry: Option<Callback<()>>) -> Markup {
    let to = |href: &str, words: Key| Some(way(href.to_owned(), t(words), ButtonKind::Primary));
    let again = |act| button(ButtonKind::Primary, t(key::RETRY), act);
    let action = match told.next {
        Next::Retry => retry.map(again),
        Next::Reload => {
            let anew = Callback::new(|()| update::reload());
            Some(button(ButtonKind::Primary, t(key::UPDATE_NOW), anew))
        }
        Next::SignIn => to(&sign_in_path(), key::SIGN_IN),
        Next::Consent => to("/consent", key::CONSENT_TITLE),
        Next::Services => to("/services", key::NAV_SERVICES),
        Next::Applications => to("/applications", key::NAV_APPLICATIONS),
        Next::None => None,
    };
    let mut inside = vec![paragraph("", told.text)];
    if told.contacts {
        inside.push(links(whom_to_ask()));
    }
    inside.extend(action.map(|action| division("actions", vec![action])));
    notice(NoticeKind::Error, told.title, true, inside)
}

/// Shows what an answer said; the code to read out goes to the footer too.
#[must_use]
pub fn api_trouble(error: &ApiError, retry: Option<Callback<()>>) -> Markup {
    if let (ApiError::Internal { reference }, Some(code)) = (error, use_context::<ErrorCode>()) {
        code.0.set(reference.clone());
    }
    trouble(errors::api(error), retry)
}

/// The place of an error that may come: nothing until then.
#[must_use]
pub fn may_fail(failed: RwSignal<Option<ApiError>>, retry: Option<Callback<()>>) -> Markup {
    maybe(move || failed.get().map(|error| api_trouble(&error, retry)))
}

/// What a page asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Loaded<T> {
    Waiting,
    Ready(T),
    Failed(ApiError),
}

/// Asks now, and again when told to.
#[must_use]
pub fn load<T: Clone + Send + Sync + 'static>(
    ask: impl Fn() -> Answer<T> + Send + Sync + 'static,
) -> (RwSignal<Loaded<T>>, Callback<()>) {
    let session = expect_context::<Session>();
    let state = RwSignal::new(Loaded::Waiting);
    let again = Callback::new(move |()| {
        state.set(Loaded::Waiting);
        let answer = ask();
        spawn(async move {
            let loaded = match answer.await {
                Ok(value) => Loaded::Ready(value),
                Err(error) => {
                    session.heed(&error);
                    Loaded::Failed(error)
                }
            };
            // The page may be gone by now.
            let _ = state.try_set(loaded);
        });
    });
    again.run(());
    (state, again)
}

/// Draws what was asked for, or its waiting, or its trouble.
#[must_use]
pub fn show<T: Clone + Send + Sync + 'static>(
    state: RwSignal<Loaded<T>>,
    again: Callback<()>,
    ready: impl Fn(T) -> Markup + Send + Sync + 'static,
) -> Markup {
    live(move || match state.get() {
        Loaded::Waiting => skeleton(6),
        Loaded::Ready(value) => ready(value),
        Loaded::Failed(error) => api_trouble(&error, Some(again)),
    })
}

/// Grey lines where an answer will stand.
#[must_use]
pub fn skeleton(lines: u8) -> Markup {
    view! { <Skeleton lines=lines label=t(key::LOADING)/> }.markup()
}
