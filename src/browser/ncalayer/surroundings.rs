//! What the page can learn of its surroundings before it asks: the browser's permission, the kind of device, the metas of
//! the shell.

use js_sys::{Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Whether the browser lets the page reach programs on this computer (Chrome's local network access, since 147 for
/// WebSockets).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permission {
    Granted,
    /// The person will be asked, if the page and the program are as far apart as on a real site.
    Prompt,
    Denied,
    /// The browser doesn't know this permission; it may still ask in its own way.
    Unknown,
}

/// Asks the browser. Only this name may be queried: `local-network-access` brings the tab down in older Chrome.
pub async fn loopback_permission() -> Permission {
    let state = query("loopback-network").await.ok().flatten();
    match state.as_deref() {
        Some("granted") => Permission::Granted,
        Some("prompt") => Permission::Prompt,
        Some("denied") => Permission::Denied,
        _ => Permission::Unknown,
    }
}

/// `navigator.permissions.query` by reflection: the object is missing outside secure contexts, an unknown name throws.
async fn query(name: &str) -> Result<Option<String>, JsValue> {
    let navigator = web_sys::window().ok_or(JsValue::NULL)?.navigator();
    let permissions = Reflect::get(&navigator, &"permissions".into())?;
    let method: js_sys::Function = Reflect::get(&permissions, &"query".into())?.dyn_into()?;
    let descriptor = Object::new();
    Reflect::set(&descriptor, &"name".into(), &name.into())?;
    let promise: Promise = method.call1(&permissions, &descriptor)?.dyn_into()?;
    let status = JsFuture::from(promise).await?;
    Ok(Reflect::get(&status, &"state".into())?.as_string())
}

/// Whether this is a phone or a tablet, where NCALayer doesn't exist.
#[must_use]
pub fn is_phone() -> bool {
    let Some(window) = web_sys::window() else {
        return false;
    };
    let navigator = window.navigator();
    let agent = navigator.user_agent().unwrap_or_default();
    let named = ["Android", "iPhone", "iPad", "iPod", "Mobile"];
    // An iPad presents itself as a Macintosh, but no Macintosh has a touch screen.
    let disguised = agent.contains("Macintosh") && navigator.max_touch_points() > 1;
    disguised || named.iter().any(|name| agent.contains(name))
}

/// The content of a meta of the shell, if it isn't empty.
pub(super) fn meta(name: &str) -> Option<String> {
    let document = web_sys::window()?.document()?;
    let element = document
        .query_selector(&format!("meta[name=\"{name}\"]"))
        .ok()??;
    element
        .get_attribute("content")
        .filter(|content| !content.is_empty())
}
