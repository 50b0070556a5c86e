//! A choice of few, each a card to press: the identity document, the contact a code is sent to, the way to sign.

#[cfg(feature = "preview")]
pub mod stories;

use super::field::{described_by, error_line, hint_line, invalid};
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
    let described = described_by(id, !hint.is_empty(), false, error);
    let wrong = move || !error.with(String::is_empty);
    let card = move |(
        index,
        Choice {
            value: of_card,
            label,
            note,
        },
    ): (usize, Choice)| {
        let button = format!("{id}-{index}");
        let note_id = format!("{button}-note");
        let chosen = {
            let of_card = of_card.clone();
            Signal::derive(move || value.with(|value| *value == of_card))
        };
        let has_note = !note.is_empty();
        view! {
            <label class="card" for=button.clone()>
                <input
                    class="card__button"
                    type="radio"
                    id=button.clone()
                    name=id
                    value=of_card.clone()
                    prop:checked=chosen
                    aria-describedby=has_note.then(|| note_id.clone())
                    on:change=move |_| {
                        value.set(of_card.clone());
                        if let Some(on_choose) = on_choose {
                            on_choose.run(());
                        }
                    }
                />
                <span class="card__words">
                    <span class="card__label">{label}</span>
                    {has_note.then(|| view! { <span class="card__note" id=note_id>{note}</span> })}
                </span>
            </label>
        }
    };
    view! {
        <fieldset
            class="choices"
            class:field--wrong=wrong
            id=id
            aria-describedby=described
            aria-invalid=invalid(error)
        >
            <legend class="field__label" class:visually-hidden=hide_legend>{legend}</legend>
            {hint_line(id, hint)}
            <div class="choices__cards">{move || choices.get().into_iter().enumerate().map(card).collect_view()}</div>
            {error_line(id, error)}
        </fieldset>
    }
}
