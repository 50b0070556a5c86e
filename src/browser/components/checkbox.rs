//! One thing to agree to, or to leave.

#[cfg(feature = "preview")]
pub mod stories;

use super::field::{described_by, error_line, invalid};
use leptos::prelude::*;

/// `<Checkbox id="consent" value=consent error=consent_error>{t(key::CONSENT_WORDS)}</Checkbox>`
#[component]
pub fn Checkbox(
    id: &'static str,
    value: RwSignal<bool>,
    #[prop(optional, into)] hint: String,
    #[prop(optional, into)] error: Signal<String>,
    #[prop(optional, into)] on_change: Option<Callback<()>>,
    children: Children,
) -> impl IntoView {
    let described = described_by(id, !hint.is_empty(), false, error);
    let wrong = move || !error.with(String::is_empty);
    view! {
        <div class="check" class:field--wrong=wrong>
            <label class="check__row" for=id id=format!("{id}-label")>
                <input
                    class="check__box"
                    type="checkbox"
                    id=id
                    name=id
                    aria-describedby=described
                    aria-invalid=invalid(error)
                    prop:checked=value
                    on:change:target=move |event| {
                        value.set(event.target().checked());
                        if let Some(on_change) = on_change {
                            on_change.run(());
                        }
                    }
                />
                <span class="check__words">{children()}</span>
            </label>
            {(!hint.is_empty()).then(|| view! { <p class="field__hint check__hint" id=format!("{id}-hint")>{hint}</p> })}
            {error_line(id, error)}
        </div>
    }
}
