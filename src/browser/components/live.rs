//! What is said without being asked: a live region for screen readers, and the short messages («Жоба сақталды») that
//! everyone sees. One region per page, since regions that come and go aren't heard.

#[cfg(feature = "preview")]
pub mod stories;

use crate::browser::markup::{all, maybe, tag};
use crate::browser::signals::{RwSignal, StoredValue};
use leptos::prelude::*;
use std::cell::Cell;
use std::time::Duration;

const TOAST_STAYS: Duration = Duration::from_secs(6);
/// A region that is emptied and filled in one go is not heard when the words are the same.
const PAUSE: Duration = Duration::from_millis(60);

#[derive(Clone, Copy)]
struct Live {
    said: RwSignal<String>,
    toast: RwSignal<String>,
    shown: StoredValue<u32>,
}

thread_local! {
    /// Not in the context: event handlers, which speak most often, have none.
    static LIVE: Cell<Option<Live>> = const { Cell::new(None) };
}

/// Makes [`announce`] and [`toast`] work below the caller: once, in the app's root, beside [`LiveRegion`].
pub fn provide_live() {
    LIVE.set(Some(Live {
        said: RwSignal::new(String::new()),
        toast: RwSignal::new(String::new()),
        shown: StoredValue::new(0),
    }));
}

/// Lets a screen reader say this when it is idle. Nothing happens for an empty text.
pub fn announce(text: &str) {
    let Some(live) = LIVE.get() else { return };
    if text.is_empty() {
        return;
    }
    let text = text.to_owned();
    live.said.set(String::new());
    set_timeout(move || live.said.set(text), PAUSE);
}

/// Shows a short message for six seconds, and says it. Never for errors or for what must be read.
pub fn toast(text: &str) {
    let Some(live) = LIVE.get() else { return };
    announce(text);
    live.toast.set(text.to_owned());
    live.shown.update_value(|count| *count += 1);
    let mine = live.shown.get_value();
    set_timeout(
        move || {
            if live.shown.get_value() == mine {
                live.toast.set(String::new());
            }
        },
        TOAST_STAYS,
    );
}

/// `<LiveRegion/>`, once per page, after [`provide_live`].
#[component]
pub fn LiveRegion() -> impl IntoView {
    let live = LIVE.get();
    let said = tag("div")
        .class("visually-hidden")
        .set("role", "status")
        .set("aria-live", "polite")
        .live_text(move || live.map(|live| live.said.get()).unwrap_or_default());
    let toast = maybe(move || {
        let text = live.map(|live| live.toast.get()).unwrap_or_default();
        (!text.is_empty()).then(|| tag("p").class("toast").set("aria-hidden", "true").text(&text))
    });
    all(vec![said, toast]).view()
}
