//! A choice of few, each a card to press: the identity document, the contact a code is sent to, the way to sign.

#[cfg(feature = "preview")]
pub mod stories;

use super::field::{error_line, hint_line};
use crate::browser::markup::{all, live, tag};
use crate::browser::signals::{RwSignal, Signal};
use leptos::prelude::*;

/// One thing to choose, for radio cards and selects.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Choice {
    /// What the signal holds when it is chosen.
    pub value: String,
    pub label: String,
    /// Second line of a card; selects don't show it.
    pub note: String,
}

impl Choice {
    pub fn new(value: impl Into<String>, label: impl Into<String>, note: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            label: label.into(),
            note: note.into(),
        }
    }
}

/// `<RadioCards id="document" legend=t(key::WHICH_DOCUMENT) choices=documents value=chosen/>`; the buttons' ids are
/// `document-0`, `document-1`…
#[component]
pub fn RadioCards(
    id: &'static str,
    #[prop(into)] legend: String,
    /// The block's heading says the same: the legend is for screen readers only.
    #[prop(optional)]
    hide_legend: bool,
    #[prop(into)] choices: Signal<Vec<Choice>>,
    value: RwSignal<String>,
    #[prop(optional, into)] hint: String,
    #[prop(optional, into)] error: Signal<String>,
    #[prop(optional, into)] on_choose: Option<Callback<()>>,
) -> impl IntoView {
    let card = move |(index, choice): (usize, Choice)| {
        let button = format!("{id}-{index}");
        let note_id = [&button, "-note"].concat();
        let has_note = !choice.note.is_empty();
        let (of_card, chosen_value) = (choice.value.clone(), choice.value.clone());
        let input = tag("input")
            .class("card__button")
            .set("type", "radio")
            .id(&button)
            .set("name", id)
            .set("value", &choice.value)
            .set_some("aria-describedby", has_note.then_some(note_id.as_str()))
            .property("checked", move || value.with(|value| *value == of_card).into())
            .on("change", move |_| {
                value.set(chosen_value.clone());
                if let Some(on_choose) = on_choose {
                    on_choose.run(());
                }
            });
        let note = has_note.then(|| tag("span").class("card__note").id(&note_id).text(&choice.note));
        let words = tag("span")
            .class("card__words")
            .child(tag("span").class("card__label").text(&choice.label))
            .maybe(note);
        tag("label")
            .class("card")
            .set("for", &button)
            .child(input)
            .child(words)
    };
    let legend = tag("legend")
        .class("field__label")
        .with_class("visually-hidden", hide_legend)
        .text(&legend);
    let cards = live(move || all(choices.get().into_iter().enumerate().map(card).collect()));
    tag("fieldset")
        .class("choices")
        .wrong_while(error)
        .id(id)
        .tied(id, !hint.is_empty(), false, error)
        .child(legend)
        .maybe(hint_line(id, "field__hint", &hint))
        .child(tag("div").class("choices__cards").child(cards))
        .child(error_line(id, error))
        .view()
}
