//! What surrounds every field: label, hint, error and the place for a notice, tied to it by ids.

use crate::browser::markup::{Markup, maybe, tag};
use crate::browser::signals::Signal;
use leptos::prelude::*;

/// The value of `aria-describedby`: hint, error and notice, as far as they are there. GOV.UK's order: what is asked
/// before what is wrong.
fn described_by(id: &str, has_hint: bool, has_notice: bool, wrong: bool) -> Option<String> {
    let mut ids = String::new();
    let parts = [("-hint", has_hint), ("-error", wrong), ("-notice", has_notice)];
    for (part, _) in parts.into_iter().filter(|(_, there)| *there) {
        if !ids.is_empty() {
            ids.push(' ');
        }
        ids.push_str(id);
        ids.push_str(part);
    }
    (!ids.is_empty()).then_some(ids)
}

impl Markup {
    /// Ties an input, or a group of them, to its hint, its error and its notice.
    pub(super) fn tied(
        self,
        id: &'static str,
        has_hint: bool,
        has_notice: bool,
        error: Signal<String>,
    ) -> Self {
        let wrong = move || !error.with(String::is_empty);
        self.live("aria-describedby", move || {
            described_by(id, has_hint, has_notice, wrong())
        })
        .live_true("aria-invalid", wrong)
    }

    /// Looks wrong while the error is there.
    pub(super) fn wrong_while(self, error: Signal<String>) -> Self {
        self.live_class("field--wrong", move || !error.with(String::is_empty))
    }
}

/// The error's line; absent while there is none.
pub(super) fn error_line(id: &'static str, error: Signal<String>) -> Markup {
    maybe(move || {
        let text = error.get();
        (!text.is_empty()).then(|| {
            tag("p")
                .class("field__error")
                .id(&[id, "-error"].concat())
                .text(&text)
        })
    })
}

/// The hint's line, between label and field; absent when empty.
pub(super) fn hint_line(id: &'static str, class: &str, hint: &str) -> Option<Markup> {
    (!hint.is_empty()).then(|| tag("p").class(class).id(&[id, "-hint"].concat()).text(hint))
}

/// A field with everything around it. `control` is the input itself, already bound.
pub(super) struct Frame {
    pub id: &'static str,
    pub class: &'static str,
    pub label: String,
    pub optional_mark: String,
    pub hint: String,
    pub error: Signal<String>,
    pub notice: Option<AnyView>,
    pub control: Markup,
}

impl Frame {
    pub fn render(self) -> AnyView {
        let id = self.id;
        let mark = (!self.optional_mark.is_empty()).then(|| {
            tag("span")
                .class("field__optional")
                .text(" ")
                .text(&self.optional_mark)
        });
        let label = tag("label")
            .class("field__label")
            .id(&[id, "-label"].concat())
            .set("for", id)
            .text(&self.label)
            .maybe(mark);
        let notice = self.notice.map(|notice| {
            tag("div")
                .class("field__notice")
                .id(&[id, "-notice"].concat())
                .inset(notice)
        });
        tag("div")
            .class(self.class)
            .wrong_while(self.error)
            .child(label)
            .maybe(hint_line(id, "field__hint", &self.hint))
            .child(self.control)
            .child(error_line(id, self.error))
            .maybe(notice)
            .view()
    }
}
