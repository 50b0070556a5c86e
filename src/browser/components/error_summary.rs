//! What is wrong, all in one place above the form. It takes the focus when it appears, so that it is heard; its links
//! lead to the fields.

#[cfg(feature = "preview")]
pub mod stories;

use super::focus::focus_field;
use leptos::html;
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
    let frame: NodeRef<html::Div> = NodeRef::new();
    let focused_for = StoredValue::new(attempt.get_untracked());
    Effect::new(move |_| {
        let now = attempt.get();
        let shown = frame.get();
        if problems.with(Vec::is_empty) || focused_for.get_value() == now {
            return;
        }
        if let Some(shown) = shown {
            focused_for.set_value(now);
            let _ = shown.focus();
        }
    });
    let line = |Problem { field, text }: Problem| {
        view! {
            <li>
                <a
                    href=format!("#{field}")
                    on:click=move |event| {
                        event.prevent_default();
                        focus_field(field);
                    }
                >
                    {text}
                </a>
            </li>
        }
    };
    move || {
        let problems = problems.get();
        (!problems.is_empty()).then(|| {
            view! {
                <div class="error-summary" node_ref=frame tabindex="-1" role="group" aria-labelledby="error-summary-title">
                    <h2 class="error-summary__title" id="error-summary-title">{title}</h2>
                    <ul class="error-summary__list">{problems.into_iter().map(line).collect_view()}</ul>
                </div>
            }
        })
    }
}
