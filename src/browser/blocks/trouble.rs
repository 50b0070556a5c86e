//! A trouble on the screen: its text, the one action, and where needed the ways to a person. And what a page shows while
//! its answer is on the way.

use crate::api::ApiError;
use crate::browser::app::sign_in_path;
use crate::browser::calls::Answer;
use crate::browser::components::{Button, ButtonLink, Notice, NoticeKind, Skeleton};
use crate::browser::errors::{self, Next, Told};
use crate::browser::session::Session;
use crate::browser::texts::{key, t};
use crate::browser::window;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The code of the error shown on this page, which the footer repeats.
#[derive(Clone, Copy)]
pub struct ErrorCode(pub RwSignal<String>);

/// Shows this trouble. `retry` is offered where trying again makes sense.
#[must_use]
pub fn trouble(told: Told, retry: Option<Callback<()>>) -> AnyView {
    let link =
        |href: &str, words| view! { <ButtonLink href=href.to_owned()>{t(words)}</ButtonLink> }.into_any();
    let button = |act: Callback<()>, words| view! { <Button on_press=act>{t(words)}</Button> }.into_any();
    let action = match told.next {
        Next::Retry => retry.map(|retry| button(retry, key::RETRY)),
        Next::Reload => Some(button(Callback::new(|()| window::reload()), key::RETRY)),
        Next::SignIn => Some(link(&sign_in_path(), key::SIGN_IN)),
        Next::Consent => Some(link("/consent", key::CONSENT_TITLE)),
        Next::Services => Some(link("/services", key::NAV_SERVICES)),
        Next::Applications => Some(link("/applications", key::NAV_APPLICATIONS)),
        Next::None => None,
    };
    let contacts = told.contacts.then(|| {
        view! {
            <p>
                <a href="tel:1418">{t(key::FOOTER_CALL)} " 1418"</a> " · "
                <a href="https://www.enpf.kz/" rel="external noopener">{t(key::FOOTER_BRANCH_LINK)}</a>
            </p>
        }
    });
    view! {
        <Notice kind=NoticeKind::Error title=told.title spoken=true>
            <p>{told.text}</p>
            {contacts}
            {action.map(|action| view! { <div class="actions">{action}</div> })}
        </Notice>
    }
    .into_any()
}

/// Shows what an answer said; the code to read out goes to the footer too.
#[must_use]
pub fn api_trouble(error: &ApiError, retry: Option<Callback<()>>) -> AnyView {
    if let (ApiError::Internal { reference }, Some(code)) = (error, use_context::<ErrorCode>()) {
        code.0.set(reference.clone());
    }
    trouble(errors::api(error), retry)
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
        spawn_local(async move {
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
    ready: impl Fn(T) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    (move || match state.get() {
        Loaded::Waiting => view! { <Skeleton lines=6 label=t(key::LOADING)/> }.into_any(),
        Loaded::Ready(value) => ready(value),
        Loaded::Failed(error) => api_trouble(&error, Some(again)),
    })
    .into_any()
}
