//! What is wrong, all in one place above the form. It takes the focus when it appears, so that it is heard; its links
//! lead to the fields.

#[cfg(feature = "preview")]
pub mod stories;

use super::focus::{focus_field, focus_id};
use crate::browser::markup::{maybe, tag};
use crate::browser::signals::{Signal, StoredValue, effect};
use leptos::prelude::*;

/// One thing to correct.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Id of the field, or of the group.
    pub field: &'static str,
    /// The same sentence that stands at the field.
    pub text: String,
}

/// `<ErrorSummary title=t(key::CORRECT_THIS) problems=problems attempt=attempt/>`: shows nothing while `problems` is
/// empty, takes the focus each time `attempt` (how often the form was sent) grows and something is wrong.
#[component]
pub fn ErrorSummary(
    title: &'static str,
    #[prop(into)] problems: Signal<Vec<Problem>>,
    #[prop(into)] attempt: Signal<u32>,
) -> impl IntoView {
    let focused_for = StoredValue::new(attempt.get_untracked());
    effect(move || {
        let now = attempt.get();
        if problems.with(Vec::is_empty) || focused_for.get_value() == now {
            return;
        }
        focused_for.set_value(now);
        focus_id("error-summary");
    });
    let line = |Problem { field, text }: Problem| {
        let link = tag("a")
            .set("href", &["#", field].concat())
            .on("click", move |event| {
                event.prevent_default();
                focus_field(field);
            })
            .text(&text);
        tag("li").child(link)
    };
    maybe(move || {
        let problems = problems.get();
        (!problems.is_empty()).then(|| {
            let heading = tag("h2")
                .class("error-summary__title")
                .id("error-summary-title")
                .text(title);
            let list = tag("ul")
                .class("error-summary__list")
                .children(problems.into_iter().map(line).collect());
            tag("div")
                .class("error-summary")
                .id("error-summary")
                .set("tabindex", "-1")
                .set("role", "group")
                .set("aria-labelledby", "error-summary-title")
                .child(heading)
                .child(list)
        })
    })
    .view()
}
