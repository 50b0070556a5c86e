//! The plain parts every page is made of. Each is one kind of view to the compiler: a page then weighs its words and not
//! its types (ARCHITECTURE.md, «Weight»).

use crate::browser::components::{Block, Button, ButtonKind, Notice, NoticeKind};
use leptos::prelude::*;

/// Redraws when what it reads changes. All such places share one machinery.
#[must_use]
pub fn live(draw: impl Fn() -> AnyView + Send + 'static) -> AnyView {
    fn shared(draw: Box<dyn Fn() -> AnyView + Send>) -> AnyView {
        (move || draw()).into_any()
    }
    shared(Box::new(draw))
}

/// As [`live`], for what isn't always there.
#[must_use]
pub fn maybe(draw: impl Fn() -> Option<AnyView> + Send + 'static) -> AnyView {
    live(move || draw().unwrap_or_else(nothing))
}

#[must_use]
pub fn nothing() -> AnyView {
    ().into_any()
}

/// Children one after another in a `div` of this class: `stack`, `fields`, `actions`, `prose`.
#[must_use]
pub fn division(class: &'static str, children: Vec<AnyView>) -> AnyView {
    view! { <div class=class>{children}</div> }.into_any()
}

/// A paragraph; the class may be empty.
#[must_use]
pub fn paragraph(class: &'static str, text: String) -> AnyView {
    view! { <p class=class>{text}</p> }.into_any()
}

/// A list of sentences, numbered or not.
#[must_use]
pub fn points(numbered: bool, lines: Vec<&'static str>) -> AnyView {
    let items: Vec<AnyView> = lines
        .into_iter()
        .map(|line| view! { <li>{line}</li> }.into_any())
        .collect();
    let list = if numbered {
        view! { <ol>{items}</ol> }.into_any()
    } else {
        view! { <ul>{items}</ul> }.into_any()
    };
    division("prose", vec![list])
}

/// A link; `away` leaves the cabinet.
#[must_use]
pub fn link(href: String, words: String, away: bool) -> AnyView {
    view! { <a href=href rel=away.then_some("external noopener")>{words}</a> }.into_any()
}

/// Links in one line.
#[must_use]
pub fn links(all: Vec<AnyView>) -> AnyView {
    let mut line = Vec::new();
    for one in all {
        if !line.is_empty() {
            line.push(" · ".into_any());
        }
        line.push(one);
    }
    view! { <p>{line}</p> }.into_any()
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
