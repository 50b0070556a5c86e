//! The frame of a page: its title in the browser, its heading, and the focus on it after navigation, which a page that
//! isn't loaded anew has to do itself.

#[cfg(feature = "preview")]
pub mod stories;

use crate::browser::markup::tag;
use crate::browser::signals::{Signal, effect};
use crate::browser::window::moved;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::HtmlElement;
use std::sync::atomic::{AtomicBool, Ordering};

/// The first page leaves the focus where the browser put it, unless one of another program led there.
static NAVIGATED: AtomicBool = AtomicBool::new(false);

/// `<Page title=t(key::FORM_TITLE) brand=t(key::BRAND) above=steps>…</Page>`: `main`, an `h1` that takes the focus on
/// navigation, and the document's title «title – brand».
#[component]
pub fn Page(
    #[prop(into)] title: Signal<String>,
    brand: &'static str,
    /// Before the document's title while something is wrong: «Қате».
    #[prop(optional, into)]
    title_mark: Signal<String>,
    /// Under the heading: one sentence.
    #[prop(optional, into)]
    lead: String,
    /// Under the heading: the steps.
    #[prop(optional, into)]
    below_title: Option<AnyView>,
    /// One narrow column, for sign-in and short messages.
    #[prop(optional)]
    narrow: bool,
    children: Children,
) -> impl IntoView {
    let heading = tag("h1")
        .class("page__title")
        .set("tabindex", "-1")
        .live_text(move || title.get());
    effect(move || {
        let mark = title_mark.get();
        let separator = if mark.is_empty() { "" } else { ": " };
        document().set_title(&format!("{mark}{separator}{} – {brand}", title.get()));
    });
    let focused = heading.as_element::<HtmlElement>();
    // Once it stands in the page.
    request_animation_frame(move || {
        if NAVIGATED.swap(true, Ordering::Relaxed) || moved() {
            let _ = focused.focus();
        }
    });
    let head = tag("div")
        .class("page__head")
        .child(heading)
        .maybe((!lead.is_empty()).then(|| tag("p").class("page__lead").text(&lead)));
    let head = match below_title {
        Some(below) => head.inset(below),
        None => head,
    };
    tag("main")
        .class("page")
        .with_class("page--narrow", narrow)
        .id("main")
        .child(head)
        .inset(children())
        .view()
}

/// `<SkipLink>{t(key::SKIP)}</SkipLink>`, the first thing in the body: past the header to the heading.
#[component]
pub fn SkipLink(children: Children) -> impl IntoView {
    let skip = |event: web_sys::Event| {
        let heading = document().query_selector("#main h1").ok().flatten();
        if let Some(heading) = heading {
            event.prevent_default();
            heading.scroll_into_view();
            let _ = heading.dyn_into::<HtmlElement>().map(|heading| heading.focus());
        }
    };
    tag("a")
        .class("skip-link")
        .set("href", "#main")
        .on("click", skip)
        .inset(children())
        .view()
}
