//! Another code: how long until it may be asked for, then the button.

use super::plain::button;
use crate::api::contacts::CodeSent;
use crate::browser::components::{ButtonKind, Countdown};
use crate::browser::markup::{IntoMarkup, Markup, live, nothing, tag};
use crate::browser::signals::RwSignal;
use crate::browser::texts::{key, t};
use leptos::prelude::*;

/// Nothing while no code was sent.
#[must_use]
pub fn again(sent: RwSignal<Option<CodeSent>>, send: Callback<()>) -> Markup {
    // Of which code the wait is over.
    let waited = RwSignal::new(0_i64);
    live(move || {
        let Some(sent) = sent.get() else {
            return nothing();
        };
        let until = sent.again_at.0;
        if waited.get() == until {
            return button(ButtonKind::Secondary, t(key::CODE_AGAIN), send);
        }
        let on_end = Callback::new(move |()| waited.set(until));
        let left = view! { <Countdown deadline=until server_now=sent.now.0 on_end=on_end/> };
        let wait = tag("span").class("field__hint").text(t(key::CODE_WAIT)).text(" ");
        wait.child(left.markup())
    })
}
