//! What the pages need of the browser's window, in the few forms they use.

use crate::domain::time::Timestamp;
use leptos::leptos_dom::helpers::{set_interval_with_handle, window_event_listener_untyped};
use leptos::prelude::*;
use std::time::Duration;

pub use leptos::prelude::{document, window};

/// The content of `<meta name=…>`.
#[must_use]
pub fn meta(name: &str) -> Option<String> {
    let selector = ["meta[name=\"", name, "\"]"].concat();
    document()
        .query_selector(&selector)
        .ok()??
        .get_attribute("content")
}

/// This computer's clock, which may be wrong: only differences are used.
#[must_use]
pub fn local_now() -> Timestamp {
    #[expect(clippy::cast_possible_truncation, reason = "whole milliseconds")]
    let ms = js_sys::Date::now() as i64;
    Timestamp(ms)
}

/// Resolves after this many milliseconds.
pub async fn sleep(ms: i32) {
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, ms);
    });
    let _ = wasm_bindgen_futures::JsFuture::from(promise).await;
}

/// Calls back on every `event` that reaches the window, until the owner is gone.
pub fn on_event(event: &'static str, callback: impl Fn(web_sys::Event) + 'static) {
    let listener = window_event_listener_untyped(event, callback);
    on_cleanup(move || listener.remove());
}

/// Calls back every so often, until the owner is gone.
pub fn every(ms: u64, callback: impl Fn() + 'static) {
    if let Ok(interval) = set_interval_with_handle(callback, Duration::from_millis(ms)) {
        on_cleanup(move || interval.clear());
    }
}

/// Whether the page is in front.
#[must_use]
pub fn visible() -> bool {
    document().visibility_state() == web_sys::VisibilityState::Visible
}

/// Puts the keyboard on an element, scrolled into view with its label.
pub fn focus(id: &str) {
    use wasm_bindgen::JsCast;
    if let Some(element) = document()
        .get_element_by_id(id)
        .and_then(|found| found.dyn_into::<web_sys::HtmlElement>().ok())
    {
        let options = web_sys::ScrollIntoViewOptions::new();
        options.set_behavior(web_sys::ScrollBehavior::Auto);
        let label = document()
            .query_selector(&["label[for=\"", id, "\"]"].concat())
            .ok()
            .flatten();
        label
            .as_ref()
            .unwrap_or(&element)
            .scroll_into_view_with_scroll_into_view_options(&options);
        let _ = element.focus();
    }
}

/// Loads this page anew.
pub fn reload() {
    let _ = window().location().reload();
}

/// Leaves for an address by a full load: what the page's memory held is gone.
pub fn leave_for(address: &str) {
    let _ = window().location().assign(address);
}
