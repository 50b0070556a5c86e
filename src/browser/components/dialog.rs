//! The browser's own dialog: it holds the focus, closes with Escape, and gives the focus back to where it was.

#[cfg(feature = "preview")]
pub mod stories;

use crate::browser::markup::tag;
use crate::browser::signals::{RwSignal, effect};
use leptos::prelude::*;
use leptos::web_sys::HtmlDialogElement;

/// `<Dialog id="leave" title=t(key::LEAVE_TITLE) open=leaving close=t(key::CLOSE)>…buttons…</Dialog>`: opens when `open`
/// becomes true; closing it by any way sets `open` to false.
#[component]
pub fn Dialog(
    id: &'static str,
    #[prop(into)] title: String,
    open: RwSignal<bool>,
    /// Word of the button in the corner.
    close: &'static str,
    #[prop(optional, into)] on_close: Option<Callback<()>>,
    children: Children,
) -> impl IntoView {
    let closed = move |_| {
        open.set(false);
        if let Some(on_close) = on_close {
            on_close.run(());
        }
    };
    let title_id = [id, "-title"].concat();
    let corner = tag("button")
        .set("type", "button")
        .class("button button--link dialog__close")
        .on_press(move || open.set(false))
        .text(close);
    let head = tag("div")
        .class("dialog__head")
        .child(tag("h2").class("dialog__title").id(&title_id).text(&title))
        .child(corner);
    let dialog = tag("dialog")
        .class("dialog")
        .id(id)
        .set("aria-labelledby", &title_id)
        .on("close", closed)
        .child(head)
        .inset(children());
    let element = dialog.as_element::<HtmlDialogElement>();
    effect(move || {
        let wanted = open.get();
        if wanted && !element.open() {
            let _ = element.show_modal();
        } else if !wanted && element.open() {
            element.close();
        }
    });
    dialog.view()
}
