//! A password that may be looked at: people who see what they type make fewer mistakes and choose longer ones.

#[cfg(feature = "preview")]
pub mod stories;

use super::field::Frame;
use super::live::announce;
use crate::browser::markup::{tag, value_of};
use crate::browser::signals::{RwSignal, Signal};
use leptos::prelude::*;

/// `<PasswordField id="password" label=t(key::PASSWORD) value=password show=t(key::SHOW) hide=t(key::HIDE)/>`
#[component]
pub fn PasswordField(
    id: &'static str,
    #[prop(into)] label: String,
    value: RwSignal<String>,
    /// «Көрсету», and «Жасыру» once it is shown.
    show: &'static str,
    hide: &'static str,
    /// A new password, which the browser may offer to make up and keep.
    #[prop(optional)]
    new: bool,
    #[prop(optional, into)] hint: String,
    #[prop(optional, into)] error: Signal<String>,
    #[prop(optional, into)] on_type: Option<Callback<()>>,
    #[prop(optional, into)] on_leave: Option<Callback<()>>,
) -> impl IntoView {
    let shown = RwSignal::new(false);
    let typed = move |event: web_sys::Event| {
        value.set(value_of(&event));
        if let Some(on_type) = on_type {
            on_type.run(());
        }
    };
    let left = move |_| {
        if on_leave.is_some_and(|on_leave| on_leave.try_run(()).is_some()) {
            error.try_with_untracked(|error| announce(error));
        }
    };
    let input = tag("input")
        .class("field__input")
        .id(id)
        .set("name", id)
        .live("type", move || {
            Some(if shown.get() { "text" } else { "password" }.to_owned())
        })
        .set(
            "autocomplete",
            if new { "new-password" } else { "current-password" },
        )
        .set("autocapitalize", "off")
        .set("spellcheck", "false")
        .tied(id, !hint.is_empty(), false, error)
        .live_value(value.into())
        .on("input", typed)
        .on("blur", left);
    let look = tag("button")
        .set("type", "button")
        .class("field__button")
        .set("aria-controls", id)
        .live_text(move || if shown.get() { hide } else { show }.to_owned())
        .child(
            tag("span")
                .class("visually-hidden")
                .text(&[" (", &label, ")"].concat()),
        )
        .on_press(move || shown.update(|shown| *shown = !*shown));
    let control = tag("div").class("field__box").child(input).child(look);
    Frame {
        id,
        class: "field field--password",
        label,
        optional_mark: String::new(),
        hint,
        error,
        notice: None,
        control,
    }
    .render()
}
