//! The frame of a page: its title in the browser, its heading, and the focus on it after navigation, which a page that
//! isn't loaded anew has to do itself.

#[cfg(feature = "preview")]
pub mod stories;

use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::HtmlElement;
use std::sync::atomic::{AtomicBool, Ordering};

/// The first page leaves the focus where the browser put it.
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
    let heading: NodeRef<html::H1> = NodeRef::new();
    Effect::new(move |_| {
        let mark = title_mark.get();
        let separator = if mark.is_empty() { "" } else { ": " };
        document().set_title(&format!("{mark}{separator}{} – {brand}", title.get()));
    });
    Effect::new(move |_| {
        if let Some(heading) = heading.get()
            && NAVIGATED.swap(true, Ordering::Relaxed)
        {
            let _ = heading.focus();
        }
    });
    view! {
        <main class="page" class:page--narrow=narrow id="main">
            <div class="page__head">
                <h1 class="page__title" tabindex="-1" node_ref=heading>{title}</h1>
                {(!lead.is_empty()).then(|| view! { <p class="page__lead">{lead}</p> })}
                {below_title}
            </div>
            {children()}
        </main>
    }
}

/// `<SkipLink>{t(key::SKIP)}</SkipLink>`, the first thing in the body: past the header to the heading.
#[component]
pub fn SkipLink(children: Children) -> impl IntoView {
    let skip = |event: leptos::ev::MouseEvent| {
        let heading = document().query_selector("#main h1").ok().flatten();
        if let Some(heading) = heading {
            event.prevent_default();
            heading.scroll_into_view();
            let _ = heading.dyn_into::<HtmlElement>().map(|heading| heading.focus());
        }
    };
    view! { <a class="skip-link" href="#main" on:click=skip>{children()}</a> }
}
