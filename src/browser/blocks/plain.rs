//! The plain parts every page is made of. Each is one kind of view to the compiler: a page then weighs its words and not
//! its types (ARCHITECTURE.md, «Weight»).

use crate::browser::components::{Block, Button, ButtonKind, Notice, NoticeKind};
use crate::browser::markup::{self, Markup, tag, words};
use leptos::prelude::*;

/// Redraws when what it reads changes.
#[must_use]
pub fn live(draw: impl Fn() -> AnyView + 'static) -> AnyView {
    markup::live(move || draw().into()).view()
}

/// As [`live`], for what isn't always there.
#[must_use]
pub fn maybe(draw: impl Fn() -> Option<AnyView> + 'static) -> AnyView {
    live(move || draw().unwrap_or_else(nothing))
}

#[must_use]
pub fn nothing() -> AnyView {
    markup::nothing().view()
}

/// Children one after another in a `div` of this class: `stack`, `fields`, `actions`, `prose`.
#[must_use]
pub fn division(class: &'static str, children: Vec<AnyView>) -> AnyView {
    let division = tag("div").class(class);
    children.into_iter().fold(division, Markup::add).view()
}

/// A paragraph; the class may be empty.
#[must_use]
pub fn paragraph(class: &'static str, text: String) -> AnyView {
    tag("p").class(class).text(&text).view()
}

/// A list of sentences, numbered or not.
#[must_use]
pub fn points(numbered: bool, lines: Vec<&'static str>) -> AnyView {
    let items = lines.into_iter().map(|line| tag("li").text(line)).collect();
    let list = tag(if numbered { "ol" } else { "ul" }).children(items);
    tag("div").class("prose").child(list).view()
}

/// A link; `away` leaves the cabinet.
#[must_use]
pub fn link(href: String, words: String, away: bool) -> AnyView {
    tag("a")
        .set("href", &href)
        .set_some("rel", away.then_some("external noopener"))
        .text(&words)
        .view()
}

/// Links in one line.
#[must_use]
pub fn links(all: Vec<AnyView>) -> AnyView {
    let mut line = tag("p");
    for (index, one) in all.into_iter().enumerate() {
        if index > 0 {
            line = line.child(words(" · "));
        }
        line = line.add(one);
    }
    line.view()
}

#[must_use]
pub fn button(kind: ButtonKind, words: &'static str, act: Callback<()>) -> AnyView {
    view! { <Button kind=kind on_press=act>{words}</Button> }.into_any()
}

/// A sheet; `why` may be empty.
#[must_use]
pub fn block(id: &'static str, title: &'static str, why: String, children: Vec<AnyView>) -> AnyView {
    view! { <Block id=id title=title why=why>{children}</Block> }.into_any()
}

/// Something to know; the title may be empty.
#[must_use]
pub fn notice(kind: NoticeKind, title: &'static str, spoken: bool, children: Vec<AnyView>) -> AnyView {
    view! { <Notice kind=kind title=title spoken=spoken>{children}</Notice> }.into_any()
}
