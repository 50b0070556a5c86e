//! A choice of many, the browser's own: every phone and every screen reader knows it.

#[cfg(feature = "preview")]
pub mod stories;

use super::field::{Frame, described_by, invalid};
use super::radio_cards::Choice;
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
    let described = described_by(id, !hint.is_empty(), notice.is_some(), error);
    let option = move |Choice {
                           value: of_option,
                           label,
                           ..
                       }: Choice| {
        let selected = value.with_untracked(|value| *value == of_option);
        view! { <option value=of_option selected=selected>{label}</option> }
    };
    let first = (!empty.is_empty()).then(|| view! { <option value="">{empty}</option> });
    let control = view! {
        <div class="field__box field__box--select">
            <select
                class="field__input"
                id=id
                name=id
                autocomplete=autocomplete
                disabled=inactive
                aria-describedby=described
                aria-invalid=invalid(error)
                prop:value=move || {
                    choices.track();
                    value.get()
                }
                on:change:target=move |event| {
                    value.set(event.target().value());
                    if let Some(on_choose) = on_choose {
                        on_choose.run(());
                    }
                }
            >
                {first}
                {move || choices.get().into_iter().map(option).collect_view()}
            </select>
        </div>
    }
    .into_any();
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
