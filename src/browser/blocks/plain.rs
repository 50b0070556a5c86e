//! The plain parts every page is made of. Each is one kind of view to the compiler: a page then weighs its words and not
//! its types (ARCHITECTURE.md, «Weight»).

use crate::browser::components::{Block, Button, ButtonKind, Notice, NoticeKind};
use crate::browser::markup::{IntoMarkup, Markup, all, tag, words};
use crate::browser::texts::{key, t};
use leptos::prelude::*;

/// Children one after another in a `div` of this class: `stack`, `fields`, `actions`, `prose`.
#[must_use]
pub fn division(class: &'static str, children: Vec<Markup>) -> Markup {
    let division = tag("div").class(class);
    children.into_iter().fold(division, Markup::child)
}

/// A paragraph; the class may be empty.
#[must_use]
pub fn paragraph(class: &'static str, text: String) -> Markup {
    tag("p").class(class).text(&text)
}

/// A list of sentences, numbered or not.
#[must_use]
pub fn points(numbered: bool, lines: Vec<&'static str>) -> Markup {
    let items = lines.into_iter().map(words).collect();
    list(if numbered { "ol" } else { "ul" }, items)
}

/// Steps that hold more than words, numbered.
#[must_use]
pub fn numbered(steps: Vec<Markup>) -> Markup {
    list("ol", steps)
}

fn list(kind: &str, items: Vec<Markup>) -> Markup {
    let items = items.into_iter().map(|item| tag("li").child(item)).collect();
    tag("div").class("prose").child(tag(kind).children(items))
}

/// A link; `away` leaves the cabinet.
#[must_use]
pub fn link(href: String, words: String, away: bool) -> Markup {
    tag("a")
        .set("href", &href)
        .set_some("rel", away.then_some("external noopener"))
        .text(&words)
}

/// The ways to a person: 1418 and the nearest branch.
#[must_use]
pub fn whom_to_ask() -> Vec<Markup> {
    let call = [t(key::FOOTER_CALL), " 1418"].concat();
    let branch = t(key::FOOTER_BRANCH_LINK).to_owned();
    vec![
        link("tel:1418".to_owned(), call, false),
        link("https://www.enpf.kz/".to_owned(), branch, true),
    ]
}

/// Links in one line.
#[must_use]
pub fn links(all: Vec<Markup>) -> Markup {
    let mut line = tag("p");
    for (index, one) in all.into_iter().enumerate() {
        if index > 0 {
            line = line.child(words(" · "));
        }
        line = line.child(one);
    }
    line
}

#[must_use]
pub fn button(kind: ButtonKind, words: &'static str, act: Callback<()>) -> Markup {
    view! { <Button kind=kind on_press=act>{words}</Button> }.markup()
}

/// A sheet; `why` may be empty.
#[must_use]
pub fn block(id: &'static str, title: &'static str, why: String, children: Vec<Markup>) -> Markup {
    let children = all(children).view();
    view! { <Block id=id title=title why=why>{children}</Block> }.markup()
}

/// Something to know; the title may be empty.
#[must_use]
pub fn notice(kind: NoticeKind, title: &'static str, spoken: bool, children: Vec<Markup>) -> Markup {
    let children = all(children).view();
    view! { <Notice kind=kind title=title spoken=spoken>{children}</Notice> }.markup()
}
