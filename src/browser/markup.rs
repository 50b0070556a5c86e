//! What the screen is made of: DOM nodes, put together by functions that are compiled once, whatever the page. Views of
//! Leptos are types, and each of the product's many places would be compiled anew; here a place weighs its words and not
//! its types (ARCHITECTURE.md, «Weight»). Signals, owners, the router and the server functions stay Leptos's own.
//!
//! Whatever reacts lives as long as the owner it was made under, as any effect of Leptos does.

mod mounting;

pub use mounting::IntoMarkup;

use crate::browser::signals::Signal;
use leptos::prelude::{AnyView, RenderEffect, document};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, Node};

/// A node on its way into the page, or several in a row.
pub struct Markup {
    node: Node,
}

/// An element without attributes: `tag("p").class("lead").text("…")`.
#[must_use]
pub fn tag(name: &str) -> Markup {
    made(document().create_element(name))
}

/// An element of SVG: `drawing("rect", &[("rx", "9")])`.
#[must_use]
pub fn drawing(name: &str, attributes: &[(&str, &str)]) -> Markup {
    let mut shape = made(document().create_element_ns(Some("http://www.w3.org/2000/svg"), name));
    for (attribute, value) in attributes {
        shape = shape.set(attribute, value);
    }
    shape
}

/// Text by itself.
#[must_use]
pub fn words(text: &str) -> Markup {
    Markup {
        node: document().create_text_node(text).unchecked_into(),
    }
}

/// Text that changes.
#[must_use]
pub fn live_words(text: impl Fn() -> String + 'static) -> Markup {
    let written = words("");
    let node = written.node.clone();
    effect(Box::new(move || node.set_text_content(Some(&text()))));
    written
}

/// Nothing at all.
#[must_use]
pub fn nothing() -> Markup {
    Markup {
        node: document().create_document_fragment().unchecked_into(),
    }
}

/// Several, one after another.
#[must_use]
pub fn all(children: Vec<Markup>) -> Markup {
    nothing().children(children)
}

/// Drawn anew when what it reads changes. The keyboard stays on the element of the same id, when there is one again.
#[must_use]
pub fn live(draw: impl Fn() -> Markup + 'static) -> Markup {
    redrawn(Box::new(draw))
}

/// As [`live`], for what isn't always there.
#[must_use]
pub fn maybe(draw: impl Fn() -> Option<Markup> + 'static) -> Markup {
    redrawn(Box::new(move || draw().unwrap_or_else(nothing)))
}

impl Markup {
    #[must_use]
    pub fn class(self, class: &str) -> Self {
        if class.is_empty() {
            self
        } else {
            self.set("class", class)
        }
    }

    #[must_use]
    pub fn id(self, id: &str) -> Self {
        self.set("id", id)
    }

    #[must_use]
    pub fn set(self, attribute: &str, value: &str) -> Self {
        let _ = self.element().set_attribute(attribute, value);
        self
    }

    /// An attribute that may be absent.
    #[must_use]
    pub fn set_some(self, attribute: &str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.set(attribute, value),
            None => self,
        }
    }

    /// An attribute that changes; `None` takes it away.
    #[must_use]
    pub fn live(self, attribute: &'static str, value: impl Fn() -> Option<String> + 'static) -> Self {
        attribute_effect(self.element().clone(), attribute, Box::new(value));
        self
    }

    /// An attribute that is `true` in the manner of ARIA, or absent.
    #[must_use]
    pub fn live_true(self, attribute: &'static str, there: impl Fn() -> bool + 'static) -> Self {
        self.live(attribute, move || there().then(|| "true".to_owned()))
    }

    /// One class of several, there or not.
    #[must_use]
    pub fn live_class(self, class: &'static str, there: impl Fn() -> bool + 'static) -> Self {
        let list = self.element().class_list();
        effect(Box::new(move || {
            let _ = list.toggle_with_force(class, there());
        }));
        self
    }

    /// One more class, or not.
    #[must_use]
    pub fn with_class(self, class: &str, there: bool) -> Self {
        if there {
            let _ = self.element().class_list().add_1(class);
        }
        self
    }

    /// An attribute whose presence says it all: `hidden`, `disabled`.
    #[must_use]
    pub fn live_flag(self, attribute: &'static str, there: impl Fn() -> bool + 'static) -> Self {
        self.live(attribute, move || there().then(String::new))
    }

    /// The value of a field, as the signal has it.
    #[must_use]
    pub fn live_value(self, value: Signal<String>) -> Self {
        self.property("value", move || value.get().into())
    }

    /// A property that changes: a field's `value`, a box's `checked`.
    #[must_use]
    pub fn property(self, name: &'static str, value: impl Fn() -> JsValue + 'static) -> Self {
        property_effect(self.node.clone().into(), name, Box::new(value));
        self
    }

    #[must_use]
    pub fn text(self, text: &str) -> Self {
        self.child(words(text))
    }

    #[must_use]
    pub fn live_text(self, text: impl Fn() -> String + 'static) -> Self {
        self.child(live_words(text))
    }

    #[must_use]
    pub fn child(self, child: Self) -> Self {
        let _ = self.node.append_child(&child.node);
        self
    }

    #[must_use]
    pub fn maybe(self, child: Option<Self>) -> Self {
        match child {
            Some(child) => self.child(child),
            None => self,
        }
    }

    #[must_use]
    pub fn children(mut self, children: Vec<Self>) -> Self {
        for child in children {
            self = self.child(child);
        }
        self
    }

    /// A view of Leptos as a child.
    #[must_use]
    pub fn inset(self, view: AnyView) -> Self {
        self.child(view.into())
    }

    /// As a view of Leptos.
    #[must_use]
    pub fn view(self) -> AnyView {
        self.into()
    }

    /// Calls back on this event. The handler has no owner: what it needs of the context it takes along.
    #[must_use]
    pub fn on(self, event: &str, act: impl FnMut(Event) + 'static) -> Self {
        listen(&self.node, event, Box::new(act));
        self
    }

    /// Calls back when it is pressed.
    #[must_use]
    pub fn on_press(self, mut act: impl FnMut() + 'static) -> Self {
        self.on("click", move |_| act())
    }

    /// The element itself, for what isn't an attribute: focus, a dialog's `showModal`.
    #[must_use]
    pub fn element(&self) -> &Element {
        self.node.unchecked_ref()
    }

    /// The element as what its name says it is.
    #[must_use]
    pub fn as_element<T: JsCast>(&self) -> T {
        self.node.clone().unchecked_into()
    }
}

/// The value of the field that an event came from; empty for anything else.
#[must_use]
pub fn value_of(event: &Event) -> String {
    let field = event.target().unwrap_or_else(|| JsValue::NULL.unchecked_into());
    js_sys::Reflect::get(&field, &JsValue::from_str("value"))
        .ok()
        .and_then(|value| value.as_string())
        .unwrap_or_default()
}

/// Whether the box that an event came from is ticked.
#[must_use]
pub fn checked_of(event: &Event) -> bool {
    let field = event.target().unwrap_or_else(|| JsValue::NULL.unchecked_into());
    js_sys::Reflect::get(&field, &JsValue::from_str("checked")).is_ok_and(|checked| checked.is_truthy())
}

fn made(element: Result<Element, JsValue>) -> Markup {
    match element {
        Ok(element) => Markup {
            node: element.unchecked_into(),
        },
        // Only for a name that is none.
        Err(_) => nothing(),
    }
}

/// Runs now and whenever what it reads changes, until the owner is gone.
fn effect(run: Box<dyn Fn()>) {
    let running = RenderEffect::new(move |_: Option<()>| run());
    let _kept = leptos::prelude::StoredValue::new_local(running);
}

fn attribute_effect(element: Element, attribute: &'static str, value: Box<dyn Fn() -> Option<String>>) {
    effect(Box::new(move || {
        let _ = match value() {
            Some(value) => element.set_attribute(attribute, &value),
            None => element.remove_attribute(attribute),
        };
    }));
}

fn property_effect(node: JsValue, name: &'static str, value: Box<dyn Fn() -> JsValue>) {
    effect(Box::new(move || {
        let (name, value) = (JsValue::from_str(name), value());
        // Setting the same text moves the cursor to the end.
        if js_sys::Reflect::get(&node, &name).is_ok_and(|now| now == value) {
            return;
        }
        let _ = js_sys::Reflect::set(&node, &name, &value);
    }));
}

fn listen(node: &Node, event: &str, act: Box<dyn FnMut(Event)>) {
    // Freed by the browser together with the node.
    let act = Closure::wrap(act).into_js_value();
    let _ = node.add_event_listener_with_callback(event, act.unchecked_ref());
}

fn redrawn(draw: Box<dyn Fn() -> Markup>) -> Markup {
    let place = nothing();
    let (first, last) = (mark(), mark());
    let _ = place.node.append_child(&first);
    let _ = place.node.append_child(&last);
    effect(Box::new(move || {
        let drawn = draw();
        let Some(parent) = last.parent_node() else { return };
        let keyboard = document().active_element();
        let mut lost = String::new();
        while let Some(old) = last.previous_sibling()
            && old != first
        {
            if let Some(keyboard) = &keyboard
                && old.contains(Some(keyboard))
            {
                lost = keyboard.id();
            }
            let _ = parent.remove_child(&old);
        }
        let _ = parent.insert_before(&drawn.node, Some(&last));
        if !lost.is_empty()
            && let Some(again) = document().get_element_by_id(&lost)
        {
            let _ = again.unchecked_into::<web_sys::HtmlElement>().focus();
        }
    }));
    place
}

/// A node that is not seen and not spoken: the border of what is redrawn.
fn mark() -> Node {
    document().create_comment("").unchecked_into()
}
