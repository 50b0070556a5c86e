//! Waiting: how far, or the outline of what will stand here.

#[cfg(feature = "preview")]
pub mod stories;

use leptos::prelude::*;

/// `<Progress id="sending" label=t(key::SENDING) share=share/>`; `share` in per cent, `None` while it can't be told.
#[component]
pub fn Progress(
    id: &'static str,
    #[prop(into)] label: Signal<String>,
    #[prop(optional, into)] share: Signal<Option<u8>>,
) -> impl IntoView {
    view! {
        <div class="progress">
            <label class="progress__label" for=id role="status">{label}</label>
            <progress class="progress__bar" id=id max="100" value=move || share.get().map(|share| share.to_string())/>
        </div>
    }
}

/// `<Skeleton lines=3 label=t(key::LOADING)/>`: grey lines where text will stand; screen readers hear the label.
#[component]
pub fn Skeleton(#[prop(default = 3)] lines: u8, label: &'static str) -> impl IntoView {
    view! {
        <div class="skeleton" role="status">
            <span class="visually-hidden">{label}</span>
            {(0..lines).map(|_| view! { <span class="skeleton__line" aria-hidden="true"></span> }).collect_view()}
        </div>
    }
}
