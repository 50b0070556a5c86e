//! A password that may be looked at: people who see what they type make fewer mistakes and choose longer ones.

#[cfg(feature = "preview")]
pub mod stories;

use super::field::{Frame, described_by, invalid};
use super::live::announce;
use leptos::prelude::*;

/// `<PasswordField id="password" label=t(key::PASSWORD) value=password show=t(key::SHOW) hide=t(key::HIDE)/>`
#[component]
pub fn PasswordField(
    id: &'static str,
    #[prop(into)] label: String,
    value: RwSignal<String>,
    /// «Көрсету», and «Жасыру» once it is shown.
    show: &'static str,
    hide: &'static str,
    /// A new password, which the browser may offer to make up and keep.
    #[prop(optional)]
    new: bool,
    #[prop(optional, into)] hint: String,
    #[prop(optional, into)] error: Signal<String>,
    #[prop(optional, into)] on_type: Option<Callback<()>>,
    #[prop(optional, into)] on_leave: Option<Callback<()>>,
) -> impl IntoView {
    let shown = RwSignal::new(false);
    let described = described_by(id, !hint.is_empty(), false, error);
    let control = view! {
        <div class="field__box">
            <input
                class="field__input"
                id=id
                name=id
                type=move || if shown.get() { "text" } else { "password" }
                autocomplete=if new { "new-password" } else { "current-password" }
                autocapitalize="off"
                spellcheck="false"
                aria-describedby=described
                aria-invalid=invalid(error)
                prop:value=value
                on:input:target=move |event| {
                    value.set(event.target().value());
                    if let Some(on_type) = on_type {
                        on_type.run(());
                    }
                }
                on:blur=move |_| {
                    if on_leave.is_some_and(|on_leave| on_leave.try_run(()).is_some()) {
                        error.try_with_untracked(|error| announce(error));
                    }
                }
            />
            <button
                type="button"
                class="field__button"
                aria-controls=id
                on:click=move |_| shown.update(|shown| *shown = !*shown)
            >
                {move || if shown.get() { hide } else { show }}
                <span class="visually-hidden">{format!(" ({label})")}</span>
            </button>
        </div>
    };
    let control = control.into_any();
    Frame {
        id,
        class: "field field--password",
        label,
        optional_mark: String::new(),
        hint,
        error,
        notice: None,
        control,
    }
    .render()
}
