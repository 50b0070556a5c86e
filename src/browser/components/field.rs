//! What surrounds every field: label, hint, error and the place for a notice, tied to it by ids.

use leptos::prelude::*;

/// The value of `aria-describedby`: hint, error and notice, as far as they are there. GOV.UK's order: what is asked
/// before what is wrong.
pub(super) fn described_by(
    id: &'static str,
    has_hint: bool,
    has_notice: bool,
    error: Signal<String>,
) -> Signal<Option<String>> {
    Signal::derive(move || {
        let mut ids = String::new();
        let parts = [
            ("-hint", has_hint),
            ("-error", !error.with(String::is_empty)),
            ("-notice", has_notice),
        ];
        for (part, _) in parts.into_iter().filter(|(_, there)| *there) {
            if !ids.is_empty() {
                ids.push(' ');
            }
            ids.push_str(id);
            ids.push_str(part);
        }
        (!ids.is_empty()).then_some(ids)
    })
}

/// `aria-invalid`, present only when something is wrong.
pub(super) fn invalid(error: Signal<String>) -> Signal<Option<&'static str>> {
    Signal::derive(move || (!error.with(String::is_empty)).then_some("true"))
}

/// The error's line; absent while there is none.
pub(super) fn error_line(id: &'static str, error: Signal<String>) -> AnyView {
    let line = move || {
        let text = error.get();
        (!text.is_empty()).then(|| view! { <p class="field__error" id=format!("{id}-error")>{text}</p> })
    };
    line.into_any()
}

/// The hint's line, between label and field; absent when empty.
pub(super) fn hint_line(id: &'static str, hint: String) -> AnyView {
    (!hint.is_empty())
        .then(|| view! { <p class="field__hint" id=format!("{id}-hint")>{hint}</p> })
        .into_any()
}

/// A field with everything around it. `control` is the input itself, already bound.
pub(super) struct Frame {
    pub id: &'static str,
    pub class: &'static str,
    pub label: String,
    pub optional_mark: String,
    pub hint: String,
    pub error: Signal<String>,
    pub notice: Option<AnyView>,
    pub control: AnyView,
}

impl Frame {
    pub fn render(self) -> AnyView {
        let Self {
            id,
            class,
            label,
            optional_mark,
            hint,
            error,
            notice,
            control,
        } = self;
        let mark = (!optional_mark.is_empty())
            .then(|| view! { <span class="field__optional">{" "}{optional_mark}</span> });
        let wrong = move || !error.with(String::is_empty);
        view! {
            <div class=class class:field--wrong=wrong>
                <label class="field__label" id=format!("{id}-label") for=id>{label}{mark}</label>
                {hint_line(id, hint)}
                {control}
                {error_line(id, error)}
                {notice.map(|notice| view! { <div class="field__notice" id=format!("{id}-notice")>{notice}</div> })}
            </div>
        }
        .into_any()
    }
}
