//! The border between [`Markup`] and Leptos's views: the router takes ours as a view, and a view of theirs can stand within
//! ours.

use super::{Markup, mark, nothing};
use leptos::attr::{Attribute, any_attribute::AnyAttribute};
use leptos::prelude::*;
use leptos::tachys::hydration::Cursor;
use leptos::tachys::view::{Mountable, Position, PositionState};
use send_wrapper::SendWrapper;
use wasm_bindgen::JsCast;
use web_sys::{Element, Node};

/// A view of Leptos as markup.
impl From<AnyView> for Markup {
    fn from(view: AnyView) -> Self {
        let place = nothing();
        let mut state = view.build();
        state.mount(place.node.unchecked_ref(), None);
        let _kept = StoredValue::new_local(state);
        place
    }
}

/// A component's view as markup.
pub trait IntoMarkup {
    fn markup(self) -> Markup;
}

impl<T: IntoView> IntoMarkup for T {
    fn markup(self) -> Markup {
        self.into_any().into()
    }
}

/// Markup as a view of Leptos.
impl From<Markup> for AnyView {
    fn from(markup: Markup) -> Self {
        View(SendWrapper::new(markup.node)).into_any()
    }
}

struct View(SendWrapper<Node>);

/// What stands in the page: everything from the first node to the last, both of which stay.
struct Mounted {
    first: Node,
    last: Node,
}

impl Mounted {
    fn each(&self, mut act: impl FnMut(&Node)) {
        let mut next = Some(self.first.clone());
        while let Some(node) = next {
            next = if node == self.last {
                None
            } else {
                node.next_sibling()
            };
            act(&node);
        }
    }
}

impl Mountable for Mounted {
    fn unmount(&mut self) {
        // A fragment keeps them in a row, should they be mounted again.
        let aside = nothing();
        self.each(|node| {
            let _ = aside.node.append_child(node);
        });
    }

    fn mount(&mut self, parent: &Element, marker: Option<&Node>) {
        self.each(|node| {
            let _ = parent.insert_before(node, marker);
        });
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        let Some(parent) = self.first.parent_node() else {
            return false;
        };
        child.mount(parent.unchecked_ref(), Some(&self.first));
        true
    }

    fn elements(&self) -> Vec<Element> {
        Vec::new()
    }
}

impl Render for View {
    type State = Mounted;

    fn build(self) -> Mounted {
        let (first, last) = (mark(), mark());
        let row = nothing();
        for node in [&first, &*self.0, &last] {
            let _ = row.node.append_child(node);
        }
        Mounted { first, last }
    }

    fn rebuild(self, state: &mut Mounted) {
        let mut new = self.build();
        if state.insert_before_this(&mut new) {
            state.unmount();
        }
        *state = new;
    }
}

impl AddAnyAttr for View {
    type Output<SomeNewAttr: Attribute> = Self;

    fn add_any_attr<NewAttr: Attribute>(self, _: NewAttr) -> Self {
        self
    }
}

/// The page is never drawn by the server: there is nothing to write as HTML and nothing to take up from it.
impl RenderHtml for View {
    type AsyncOutput = Self;
    type Owned = Self;

    const MIN_LENGTH: usize = 0;

    fn dry_resolve(&mut self) {}

    async fn resolve(self) -> Self {
        self
    }

    fn to_html_with_buf(self, _: &mut String, _: &mut Position, _: bool, _: bool, _: Vec<AnyAttribute>) {}

    fn hydrate<const FROM_SERVER: bool>(self, _: &Cursor, _: &PositionState) -> Mounted {
        self.build()
    }

    fn into_owned(self) -> Self {
        self
    }
}
