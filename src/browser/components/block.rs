//! The white sheets a page is made of.

#[cfg(feature = "preview")]
pub mod stories;

use crate::browser::markup::{Markup, maybe, tag};
use crate::browser::signals::Signal;
use leptos::prelude::*;

/// A sheet with a heading, the sentence that says why it is asked, and where its data come from:
/// `<Block id="address" title=t(key::ADDRESS) why=t(key::WHY_ADDRESS)>…</Block>`
#[component]
pub fn Block(
    id: &'static str,
    #[prop(into)] title: String,
    #[prop(optional, into)] why: Signal<String>,
    /// «ЖТ МДБ, бүгін 09:41»: source and time of what can't be changed here.
    #[prop(optional, into)]
    stamp: Signal<String>,
    /// Beside the sentence: a link or a link-like button.
    #[prop(optional, into)]
    action: Option<AnyView>,
    children: Children,
) -> impl IntoView {
    let stamp = maybe(move || {
        let stamp = stamp.get();
        (!stamp.is_empty()).then(|| tag("p").class("block__stamp").text(&stamp))
    });
    let has_action = action.is_some();
    let why = maybe(move || {
        let why = why.get();
        (has_action || !why.is_empty()).then(|| tag("p").class("block__why").text(&why))
    });
    let title_id = [id, "-title"].concat();
    tag("section")
        .class("block")
        .id(id)
        .set("aria-labelledby", &title_id)
        .child(
            tag("div")
                .class("block__head")
                .child(heading("block__title", &title_id, &title))
                .child(stamp),
        )
        .child(why)
        .maybe(action.map(|action| tag("div").class("block__action").inset(action)))
        .inset(children())
        .view()
}

/// A smaller sheet beside the form (below it on a phone), which stays in view: «Не өзгереді».
/// `<Panel id="changes" title=t(key::WHAT_CHANGES)>…</Panel>`
#[component]
pub fn Panel(id: &'static str, #[prop(into)] title: String, children: Children) -> impl IntoView {
    let title_id = [id, "-title"].concat();
    tag("aside")
        .class("panel")
        .id(id)
        .set("aria-labelledby", &title_id)
        .child(heading("panel__title", &title_id, &title))
        .inset(children())
        .view()
}

/// The form and what stands beside it (below it on a phone): `<Columns side=panel>…blocks…</Columns>`
#[component]
pub fn Columns(side: AnyView, children: Children) -> impl IntoView {
    tag("div")
        .class("columns")
        .child(tag("div").class("columns__main").inset(children()))
        .inset(side)
        .view()
}

fn heading(class: &str, id: &str, title: &str) -> Markup {
    tag("h2").class(class).id(id).text(title)
}
