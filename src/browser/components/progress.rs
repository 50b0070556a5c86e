//! Waiting: how far, or the outline of what will stand here.

#[cfg(feature = "preview")]
pub mod stories;

use crate::browser::markup::tag;
use crate::browser::signals::Signal;
use leptos::prelude::*;

/// `<Progress id="sending" label=t(key::SENDING) share=share/>`; `share` in per cent, `None` while it can't be told.
#[component]
pub fn Progress(
    id: &'static str,
    #[prop(into)] label: Signal<String>,
    #[prop(optional, into)] share: Signal<Option<u8>>,
) -> impl IntoView {
    let words = tag("label")
        .class("progress__label")
        .set("for", id)
        .set("role", "status")
        .live_text(move || label.get());
    let bar = tag("progress")
        .class("progress__bar")
        .id(id)
        .set("max", "100")
        .live("value", move || share.get().map(|share| share.to_string()));
    tag("div").class("progress").child(words).child(bar).view()
}

/// `<Skeleton lines=3 label=t(key::LOADING)/>`: grey lines where text will stand; screen readers hear the label.
#[component]
pub fn Skeleton(#[prop(default = 3)] lines: u8, label: &'static str) -> impl IntoView {
    let line = |_| tag("span").class("skeleton__line").set("aria-hidden", "true");
    tag("div")
        .class("skeleton")
        .set("role", "status")
        .child(tag("span").class("visually-hidden").text(label))
        .children((0..lines).map(line).collect())
        .view()
}
