//! Something to know, in its place: inside a block, at a field, above a page.

#[cfg(feature = "preview")]
pub mod stories;

use super::button::{Button, ButtonKind};
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
    view! {
        <div class=class id=id role=role>
            {(!title.is_empty()).then(|| view! { <p class="notice__title">{title}</p> })}
            <div class="notice__words">{children()}</div>
        </div>
    }
}

/// Above a page, over its whole width: works on the service, a demo. `<Banner label=t(key::NEWS)>…</Banner>`
#[component]
pub fn Banner(
    /// What a screen reader calls it in its list of landmarks.
    label: &'static str,
    children: Children,
) -> impl IntoView {
    view! {
        <section class="banner" aria-label=label>
            <div class="banner__words">{children()}</div>
        </section>
    }
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
    let marks = |of: fn(&(char, char)) -> char, letters: &Letters| {
        let marks = letters.iter().map(of).enumerate().map(|(index, letter)| {
            view! { {(index > 0).then_some(", ")} <mark class="repair__letter">{letter.to_string()}</mark> }
        });
        marks.collect_view().into_any()
    };
    let sentence = move |letters: &Letters| {
        let mut pieces = Vec::new();
        let mut rest = words;
        while let Some((before, after)) = rest.split_once('{') {
            pieces.push(before.into_any());
            let (place, tail) = after.split_once('}').unwrap_or((after, ""));
            pieces.push(match place {
                "latin" => marks(|pair| pair.0, letters),
                _ => marks(|pair| pair.1, letters),
            });
            rest = tail;
        }
        pieces.push(rest.into_any());
        pieces
    };
    view! {
        <div class="repair" role="status">
            {move || {
                let letters = letters.get();
                (!letters.is_empty())
                    .then(|| {
                        view! {
                            <p class="repair__words">
                                {sentence(&letters)} " " <Button kind=ButtonKind::Link on_press=on_undo>{undo}</Button>
                            </p>
                        }
                    })
            }}
        </div>
    }
}
