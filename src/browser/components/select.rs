//! A choice of many, the browser's own: every phone and every screen reader knows it.

#[cfg(feature = "preview")]
pub mod stories;

use super::field::Frame;
use super::radio_cards::Choice;
use crate::browser::markup::{all, live, tag, value_of};
use crate::browser::signals::{RwSignal, Signal};
use leptos::prelude::*;

/// `<Select id="region" label=t(key::REGION) choices=regions value=region empty=t(key::CHOOSE)/>`
#[component]
pub fn Select(
    id: &'static str,
    #[prop(into)] label: String,
    #[prop(into)] choices: Signal<Vec<Choice>>,
    value: RwSignal<String>,
    /// The first line while nothing is chosen («Таңдаңыз»); without it the first choice stands chosen.
    #[prop(optional, into)]
    empty: String,
    #[prop(optional, into)] hint: String,
    #[prop(optional, into)] error: Signal<String>,
    #[prop(optional, into)] optional_mark: String,
    #[prop(optional)] autocomplete: Option<&'static str>,
    #[prop(optional, into)] inactive: Signal<bool>,
    #[prop(optional, into)] notice: Option<AnyView>,
    #[prop(optional, into)] on_choose: Option<Callback<()>>,
) -> impl IntoView {
    let chosen = move |event: web_sys::Event| {
        value.set(value_of(&event));
        if let Some(on_choose) = on_choose {
            on_choose.run(());
        }
    };
    let options = live(move || {
        let option = |choice: &Choice| {
            let selected = value.with_untracked(|value| *value == choice.value);
            tag("option")
                .set("value", &choice.value)
                .set_some("selected", selected.then_some(""))
                .text(&choice.label)
        };
        all(choices.with(|choices| choices.iter().map(option).collect()))
    });
    let first = (!empty.is_empty()).then(|| tag("option").set("value", "").text(&empty));
    let select = tag("select")
        .class("field__input")
        .id(id)
        .set("name", id)
        .set_some("autocomplete", autocomplete)
        .live_flag("disabled", move || inactive.get())
        .tied(id, !hint.is_empty(), notice.is_some(), error)
        .maybe(first)
        .child(options)
        .property("value", move || {
            choices.track();
            value.get().into()
        })
        .on("change", chosen);
    let control = tag("div").class("field__box field__box--select").child(select);
    Frame {
        id,
        class: "field",
        label,
        optional_mark,
        hint,
        error,
        notice,
        control,
    }
    .render()
}
