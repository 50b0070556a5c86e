//! Tabs: arrows move between them, the chosen one alone is in the order of the Tab key.

#[cfg(feature = "preview")]
pub mod stories;

use super::focus::focus_id;
use leptos::prelude::*;

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
    let step = move |event: leptos::ev::KeyboardEvent| {
        let order = order.get_value();
        let at = order
            .iter()
            .position(|id| *id == current.get_untracked())
            .unwrap_or(0);
        let to = match event.key().as_str() {
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
        view! {
            <button
                type="button"
                role="tab"
                class="tabs__tab"
                id=format!("{id}-tab")
                aria-controls=id
                aria-selected=move || if chosen() { "true" } else { "false" }
                tabindex=move || if chosen() { "0" } else { "-1" }
                on:click=move |_| current.set(id)
            >
                {label}
            </button>
        }
    };
    view! {
        <div class="tabs" role="tablist" aria-label=label on:keydown=step>{tabs.into_iter().map(tab).collect_view()}</div>
    }
}

/// `<TabPanel id="requisites" current=tab>…</TabPanel>`
#[component]
pub fn TabPanel(id: &'static str, current: RwSignal<&'static str>, children: Children) -> impl IntoView {
    view! {
        <div
            class="tabs__panel"
            id=id
            role="tabpanel"
            tabindex="0"
            aria-labelledby=format!("{id}-tab")
            hidden=move || current.get() != id
        >
            {children()}
        </div>
    }
}
