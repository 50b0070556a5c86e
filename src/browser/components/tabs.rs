//! Tabs: arrows move between them, the chosen one alone is in the order of the Tab key.

#[cfg(feature = "preview")]
pub mod stories;

use super::focus::focus_id;
use crate::browser::markup::tag;
use crate::browser::signals::{RwSignal, StoredValue};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::KeyboardEvent;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tab {
    /// Id of the tab's panel; the tab itself is `{id}-tab`.
    pub id: &'static str,
    pub label: &'static str,
}

/// `<Tabs label=t(key::SERVICES) tabs=vec![Tab { id: "requisites", label }] current=tab/>`, and after it one [`TabPanel`]
/// per tab. `current` holds the id of the chosen one.
#[component]
pub fn Tabs(label: &'static str, tabs: Vec<Tab>, current: RwSignal<&'static str>) -> impl IntoView {
    let order = StoredValue::new(tabs.iter().map(|tab| tab.id).collect::<Vec<_>>());
    let step = move |event: web_sys::Event| {
        let order = order.get_value();
        let at = order
            .iter()
            .position(|id| *id == current.get_untracked())
            .unwrap_or(0);
        let to = match event.unchecked_ref::<KeyboardEvent>().key().as_str() {
            "ArrowRight" | "ArrowDown" => (at + 1) % order.len(),
            "ArrowLeft" | "ArrowUp" => (at + order.len() - 1) % order.len(),
            "Home" => 0,
            "End" => order.len() - 1,
            _ => return,
        };
        event.prevent_default();
        current.set(order[to]);
        focus_id(&format!("{}-tab", order[to]));
    };
    let tab = move |Tab { id, label }: Tab| {
        let chosen = move || current.get() == id;
        tag("button")
            .set("type", "button")
            .set("role", "tab")
            .class("tabs__tab")
            .id(&[id, "-tab"].concat())
            .set("aria-controls", id)
            .live("aria-selected", move || Some(chosen().to_string()))
            .live("tabindex", move || {
                Some(if chosen() { "0" } else { "-1" }.to_owned())
            })
            .on_press(move || current.set(id))
            .text(label)
    };
    tag("div")
        .class("tabs")
        .set("role", "tablist")
        .set("aria-label", label)
        .on("keydown", step)
        .children(tabs.into_iter().map(tab).collect())
        .view()
}

/// `<TabPanel id="requisites" current=tab>…</TabPanel>`
#[component]
pub fn TabPanel(id: &'static str, current: RwSignal<&'static str>, children: Children) -> impl IntoView {
    tag("div")
        .class("tabs__panel")
        .id(id)
        .set("role", "tabpanel")
        .set("tabindex", "0")
        .set("aria-labelledby", &[id, "-tab"].concat())
        .live_flag("hidden", move || current.get() != id)
        .inset(children())
        .view()
}
