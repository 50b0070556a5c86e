//! The cabinet is updated while this page stands. Every answer names the build it comes from; a page of an earlier one
//! offers to be loaded anew, and what is typed is saved before. Only a later build counts: of two servers in the middle of
//! an update neither takes the offer back, nor asks a new page to become an old one.

use super::blocks::plain::{button, division, notice};
use super::components::{ButtonKind, NoticeKind, announce};
use super::markup::{Markup, live_words, maybe, nothing, tag};
use super::routes::Before;
use super::signals::{Memo, RwSignal, StoredValue, spawn};
use super::texts::{key, t};
use super::window;
use crate::texts::screen::Key;
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use std::cell::Cell;

/// Where a signature may be under way, or something is typed that no draft keeps: nothing is offered there. Most of these
/// pages lead to another program, which is loaded anew by itself.
const NOT_HERE: &[&str] = &["/sign", "/register", "/reset", "/settings", "/check", "/suspend"];

#[derive(Clone, Copy)]
struct Update {
    /// What is said of it, while it is offered.
    said: RwSignal<Option<Key>>,
    own: StoredValue<String>,
    /// The latest build that was heard of.
    latest: StoredValue<String>,
    /// Whether the last answer came from another build, later or earlier.
    differs: StoredValue<bool>,
    before: Before,
}

thread_local! {
    /// Not in the context: answers come where there is none.
    static UPDATE: Cell<Option<Update>> = const { Cell::new(None) };
}

/// Once, in the app's root. `before` is what is done before the page is left, and tells whether nothing is lost.
pub fn provide(before: Before) {
    let own = window::meta("cabinet-build").unwrap_or_default();
    UPDATE.set(Some(Update {
        said: RwSignal::new(None),
        own: StoredValue::new(own.clone()),
        latest: StoredValue::new(own),
        differs: StoredValue::new(false),
        before,
    }));
}

/// An answer came from this build; a proxy's own names none.
pub fn heard(build: Option<String>) {
    let (Some(update), Some(build)) = (UPDATE.get(), build) else {
        return;
    };
    update
        .differs
        .set_value(update.own.with_value(|own| *own != build));
    if update.latest.with_value(|latest| build > *latest) {
        update.latest.set_value(build);
        update.said.set(Some(key::UPDATE_TEXT));
    }
}

/// Whether page and server are of different builds: what the one asks the other may not understand.
#[must_use]
pub fn differs() -> bool {
    UPDATE.get().is_some_and(|update| update.differs.get_value())
}

/// Saves what is typed, then loads this page anew, with the keyboard on the same field. What can't be saved isn't lost: the
/// page stays and says so.
pub fn reload() {
    let Some(update) = UPDATE.get() else { return };
    let field = document().query_selector("#main :is(input,select):focus");
    spawn(async move {
        if update.before.run(()).await {
            if let Ok(Some(field)) = field {
                window::note_hash(&field.id());
            }
            window::reload();
        } else {
            announce(t(key::UPDATE_UNSAVED));
            update.said.set(Some(key::UPDATE_UNSAVED));
        }
    });
}

/// The offer, while there is one.
#[must_use]
pub fn view() -> Markup {
    let Some(update) = UPDATE.get() else {
        return nothing();
    };
    let path = use_location().pathname;
    let there = Memo::new(move |_| {
        let here = path.with(|path| !NOT_HERE.iter().any(|start| path.starts_with(start)));
        here && update.said.with(Option::is_some)
    });
    let text = move || update.said.get().map_or("", t).to_owned();
    maybe(move || {
        there.get().then(|| {
            announce(&[t(key::UPDATE_TITLE), ". ", t(key::UPDATE_TEXT)].concat());
            let now = Callback::new(|()| reload());
            let later = Callback::new(move |()| update.said.set(None));
            let choice = vec![
                button(ButtonKind::Primary, t(key::UPDATE_NOW), now),
                button(ButtonKind::Link, t(key::UPDATE_LATER), later),
            ];
            let inside = vec![tag("p").child(live_words(text)), division("actions", choice)];
            tag("section")
                .class("update")
                .set("aria-label", t(key::UPDATE_TITLE))
                // A press leaves the keyboard in its field.
                .on("mousedown", |event| event.prevent_default())
                .child(notice(NoticeKind::Info, t(key::UPDATE_TITLE), false, inside))
        })
    })
}
