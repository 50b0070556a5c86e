//! Where the person is on the way, and numbered instructions.

#[cfg(feature = "preview")]
pub mod stories;

use leptos::prelude::*;

/// `<Steps label=t(key::STEPS) steps=vec![t(key::FILL), t(key::SIGN), t(key::DONE)] current=1 done=t(key::STEP_DONE)/>`;
/// `current` counts from 0. On a phone only the present step keeps its name.
#[component]
pub fn Steps(
    label: &'static str,
    steps: Vec<&'static str>,
    #[prop(into)] current: Signal<usize>,
    /// For screen readers, after the name of a step that is behind: «орындалды».
    done: &'static str,
) -> impl IntoView {
    let step = move |(index, name): (usize, &'static str)| {
        let behind = move || index < current.get();
        view! {
            <li
                class="steps__step"
                class:steps__step--done=behind
                aria-current=move || (index == current.get()).then_some("step")
            >
                <span class="steps__mark" aria-hidden="true">
                    {move || if behind() { "✓".to_owned() } else { (index + 1).to_string() }}
                </span>
                <span class="steps__name">
                    {name} {move || behind().then(|| view! { <span class="visually-hidden">" ("{done}")"</span> })}
                </span>
            </li>
        }
    };
    view! { <ol class="steps" aria-label=label>{steps.into_iter().enumerate().map(step).collect_view()}</ol> }
}

/// Large numbered lines, each with a note below (may be empty): `<Instructions lines=vec![(t(key::OPEN_APP), String::new())]/>`
#[component]
pub fn Instructions(#[prop(into)] lines: Signal<Vec<(&'static str, String)>>) -> impl IntoView {
    let line = |(words, note): (&'static str, String)| {
        view! {
            <li class="instructions__line">
                <p class="instructions__words">{words}</p>
                {(!note.is_empty()).then(|| view! { <p class="instructions__note">{note}</p> })}
            </li>
        }
    };
    view! { <ol class="instructions">{move || lines.get().into_iter().map(line).collect_view()}</ol> }
}
