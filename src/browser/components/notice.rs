//! Something to know, in its place: inside a block, at a field, above a page.

#[cfg(feature = "preview")]
pub mod stories;

use super::button::{Button, ButtonKind, ButtonProps};
use crate::browser::markup::{Markup, all, maybe, tag, words as text};
use crate::browser::signals::Signal;
use leptos::prelude::*;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum NoticeKind {
    #[default]
    Info,
    Warning,
    Success,
    Error,
}

/// `<Notice kind=NoticeKind::Warning>{t(key::OLD_DOCUMENT)}</Notice>`. With `spoken`, a screen reader says it when it
/// appears: an error at once, the others when it is idle. Leave it out for what stands there from the start.
#[component]
pub fn Notice(
    #[prop(optional)] kind: NoticeKind,
    #[prop(optional, into)] title: String,
    #[prop(optional)] spoken: bool,
    #[prop(optional)] id: Option<&'static str>,
    children: Children,
) -> impl IntoView {
    let class = match kind {
        NoticeKind::Info => "notice",
        NoticeKind::Warning => "notice notice--warning",
        NoticeKind::Success => "notice notice--success",
        NoticeKind::Error => "notice notice--error",
    };
    let role = spoken.then_some(if kind == NoticeKind::Error {
        "alert"
    } else {
        "status"
    });
    tag("div")
        .class(class)
        .set_some("id", id)
        .set_some("role", role)
        .maybe((!title.is_empty()).then(|| tag("p").class("notice__title").text(&title)))
        .child(tag("div").class("notice__words").inset(children()))
        .view()
}

/// Above a page, over its whole width: works on the service, a demo. `<Banner label=t(key::NEWS)>…</Banner>`
#[component]
pub fn Banner(
    /// What a screen reader calls it in its list of landmarks.
    label: &'static str,
    children: Children,
) -> impl IntoView {
    tag("section")
        .class("banner")
        .set("aria-label", label)
        .child(tag("div").class("banner__words").inset(children()))
        .view()
}

/// Letters that were replaced: Latin, and the Cyrillic one that stands there now.
pub type Letters = Vec<(char, char)>;

/// «Латын i әрпі кирилл і әрпімен ауыстырылды. Қайтару», for a field's `notice`; nothing while `letters` is empty:
/// `<RepairNotice letters=letters words=t(key::REPAIRED) undo=t(key::UNDO) on_undo=undo/>`. `words` holds the places
/// `{latin}` and `{cyrillic}`.
#[component]
pub fn RepairNotice(
    #[prop(into)] letters: Signal<Letters>,
    words: &'static str,
    undo: &'static str,
    #[prop(into)] on_undo: Callback<()>,
) -> impl IntoView {
    let sentence = move |letters: &Letters| {
        let mut pieces = tag("p").class("repair__words");
        let mut rest = words;
        while let Some((before, after)) = rest.split_once('{') {
            let (place, tail) = after.split_once('}').unwrap_or((after, ""));
            pieces = pieces.text(before).child(match place {
                "latin" => marks(letters, |pair| pair.0),
                _ => marks(letters, |pair| pair.1),
            });
            rest = tail;
        }
        let undo = Button(
            ButtonProps::builder()
                .kind(ButtonKind::Link)
                .on_press(on_undo)
                .children(Box::new(move || undo.into_any()))
                .build(),
        );
        pieces.text(rest).text(" ").inset(undo.into_any())
    };
    let line = maybe(move || {
        let letters = letters.get();
        (!letters.is_empty()).then(|| sentence(&letters))
    });
    tag("div")
        .class("repair")
        .set("role", "status")
        .child(line)
        .view()
}

fn marks(letters: &Letters, of: fn(&(char, char)) -> char) -> Markup {
    let mut pieces = Vec::new();
    for letter in letters.iter().map(of) {
        if !pieces.is_empty() {
            pieces.push(text(", "));
        }
        pieces.push(tag("mark").class("repair__letter").text(&letter.to_string()));
    }
    all(pieces)
}
