//! Where the person is on the way, and numbered instructions.

#[cfg(feature = "preview")]
pub mod stories;

use crate::browser::markup::{all, live, maybe, tag};
use crate::browser::signals::Signal;
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
        let mark = tag("span")
            .class("steps__mark")
            .set("aria-hidden", "true")
            .live_text(move || {
                if behind() {
                    "✓".to_owned()
                } else {
                    (index + 1).to_string()
                }
            });
        let done = maybe(move || {
            behind().then(|| {
                tag("span")
                    .class("visually-hidden")
                    .text(&[" (", done, ")"].concat())
            })
        });
        tag("li")
            .class("steps__step")
            .live_class("steps__step--done", behind)
            .live("aria-current", move || {
                (index == current.get()).then(|| "step".to_owned())
            })
            .child(mark)
            .child(tag("span").class("steps__name").text(name).child(done))
    };
    tag("ol")
        .class("steps")
        .set("aria-label", label)
        .children(steps.into_iter().enumerate().map(step).collect())
        .view()
}

/// Large numbered lines, each with a note below (may be empty): `<Instructions lines=vec![(t(key::OPEN_APP), String::new())]/>`
#[component]
pub fn Instructions(#[prop(into)] lines: Signal<Vec<(&'static str, String)>>) -> impl IntoView {
    let line = |(words, note): (&'static str, String)| {
        let note = (!note.is_empty()).then(|| tag("p").class("instructions__note").text(&note));
        tag("li")
            .class("instructions__line")
            .child(tag("p").class("instructions__words").text(words))
            .maybe(note)
    };
    let lines = live(move || all(lines.get().into_iter().map(line).collect()));
    tag("ol").class("instructions").child(lines).view()
}
