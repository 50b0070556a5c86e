//! «Не өзгереді»: from what to what.

#[cfg(feature = "preview")]
pub mod stories;

use crate::browser::markup::{live, tag};
use crate::browser::signals::Signal;
use leptos::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Change {
    pub label: String,
    /// Empty when nothing stood there.
    pub before: String,
    /// What will stand there, or what is still to be done («нөмірді түзетіңіз»).
    pub after: String,
    /// `after` is still to be corrected.
    pub unfinished: bool,
}

/// `<ChangeList changes=changes before_word=t(key::BEFORE) after_word=t(key::AFTER) none=t(key::NOTHING_CHANGES)/>`.
/// The two words are for screen readers, which don't tell a struck line from another.
#[component]
pub fn ChangeList(
    #[prop(into)] changes: Signal<Vec<Change>>,
    before_word: &'static str,
    after_word: &'static str,
    /// Shown while nothing changes.
    #[prop(into)]
    none: String,
) -> impl IntoView {
    let unseen = |word: &str| tag("span").class("visually-hidden").text(&[word, ": "].concat());
    let change = move |change: Change| {
        let before = (!change.before.is_empty()).then(|| {
            tag("dd")
                .class("changes__before")
                .child(unseen(before_word))
                .child(tag("del").text(&change.before))
        });
        let after = tag("dd")
            .class("changes__after")
            .with_class("changes__after--unfinished", change.unfinished)
            .child(
                tag("span")
                    .class("changes__arrow")
                    .set("aria-hidden", "true")
                    .text("→ "),
            )
            .child(unseen(after_word));
        let after = if change.unfinished {
            after.text(&change.after)
        } else {
            after.child(tag("ins").text(&change.after))
        };
        tag("div")
            .class("changes__change")
            .child(tag("dt").text(&change.label))
            .maybe(before)
            .child(after)
    };
    live(move || {
        let changes = changes.get();
        if changes.is_empty() {
            tag("p").class("changes__none").text(&none)
        } else {
            tag("dl")
                .class("changes")
                .children(changes.into_iter().map(change).collect())
        }
    })
    .view()
}
