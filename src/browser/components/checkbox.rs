//! One thing to agree to, or to leave.

#[cfg(feature = "preview")]
pub mod stories;

use super::field::{error_line, hint_line};
use crate::browser::markup::{checked_of, tag};
use crate::browser::signals::{RwSignal, Signal};
use leptos::prelude::*;

/// `<Checkbox id="consent" value=consent error=consent_error>{t(key::CONSENT_WORDS)}</Checkbox>`
#[component]
pub fn Checkbox(
    id: &'static str,
    value: RwSignal<bool>,
    #[prop(optional, into)] hint: String,
    #[prop(optional, into)] error: Signal<String>,
    #[prop(optional, into)] on_change: Option<Callback<()>>,
    children: Children,
) -> impl IntoView {
    let changed = move |event: web_sys::Event| {
        value.set(checked_of(&event));
        if let Some(on_change) = on_change {
            on_change.run(());
        }
    };
    let input = tag("input")
        .class("check__box")
        .set("type", "checkbox")
        .id(id)
        .set("name", id)
        .tied(id, !hint.is_empty(), false, error)
        .property("checked", move || value.get().into())
        .on("change", changed);
    let row = tag("label")
        .class("check__row")
        .set("for", id)
        .id(&[id, "-label"].concat())
        .child(input)
        .child(tag("span").class("check__words").inset(children()));
    tag("div")
        .class("check")
        .wrong_while(error)
        .child(row)
        .maybe(hint_line(id, "field__hint check__hint", &hint))
        .child(error_line(id, error))
        .view()
}
