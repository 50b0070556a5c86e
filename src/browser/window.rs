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

/// Set for the next program: the person came there from a page of ours.
const MOVED: &str = "cabinet-moved";

/// The next page is of another program, and takes the focus as if it were of this one.
pub fn remember_move() {
    if let Ok(Some(storage)) = window().session_storage() {
        let _ = storage.set_item(MOVED, "1");
    }
}

/// Whether the person came from a page of another program; asked once.
#[must_use]
pub fn moved() -> bool {
    let Ok(Some(storage)) = window().session_storage() else {
        return false;
    };
    let moved = storage.get_item(MOVED).ok().flatten().is_some();
    let _ = storage.remove_item(MOVED);
    moved
}

/// The value of a cookie that scripts may read.
#[must_use]
pub fn cookie(name: &str) -> Option<String> {
    let document: web_sys::HtmlDocument = wasm_bindgen::JsCast::dyn_into(document()).ok()?;
    let all = document.cookie().ok()?;
    let start = [name, "="].concat();
    all.split(';')
        .find_map(|one| one.trim().strip_prefix(start.as_str()).map(ToOwned::to_owned))
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

/// Brings the page's heading into view with the keyboard on it, after its content was exchanged without navigation.
pub fn to_heading() {
    use wasm_bindgen::JsCast;
    let heading = document().query_selector("#main h1").ok().flatten();
    if let Some(heading) = heading.and_then(|found| found.dyn_into::<web_sys::HtmlElement>().ok()) {
        heading.scroll_into_view();
        let _ = heading.focus();
    }
}

/// The part of the address after `#`, without it; empty when there is none.
#[must_use]
pub fn hash() -> String {
    let hash = window().location().hash().unwrap_or_default();
    hash.strip_prefix('#').unwrap_or_default().to_owned()
}

/// Notes where on the page the person is, so that a reload leads there; the history doesn't grow.
pub fn note_hash(hash: &str) {
    let path = window().location().pathname().unwrap_or_default();
    let address = if hash.is_empty() {
        path
    } else {
        [&path, "#", hash].concat()
    };
    if let Ok(history) = window().history() {
        let _ = history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&address));
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

/// As [`leave_for`], without a trace of this page in the history.
pub fn leave_instead(address: &str) {
    let _ = window().location().replace(address);
}

/// Lets the browser fetch the other program's files when it has nothing else to do: the shell names them.
pub fn fetch_ahead() {
    let Some(head) = document().head() else { return };
    for address in meta("cabinet-ahead")
        .unwrap_or_default()
        .split(',')
        .filter(|address| !address.is_empty())
    {
        let link = crate::browser::markup::tag("link")
            .set("rel", "prefetch")
            .set("href", address);
        let _ = head.append_child(link.element());
    }
}
