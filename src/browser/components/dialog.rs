//! The browser's own dialog: it holds the focus, closes with Escape, and gives the focus back to where it was.

#[cfg(feature = "preview")]
pub mod stories;

use leptos::html;
use leptos::prelude::*;

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
    let dialog: NodeRef<html::Dialog> = NodeRef::new();
    Effect::new(move |_| {
        let wanted = open.get();
        if let Some(dialog) = dialog.get() {
            if wanted && !dialog.open() {
                let _ = dialog.show_modal();
            } else if !wanted && dialog.open() {
                dialog.close();
            }
        }
    });
    let closed = move |_| {
        open.set(false);
        if let Some(on_close) = on_close {
            on_close.run(());
        }
    };
    view! {
        <dialog class="dialog" id=id node_ref=dialog aria-labelledby=format!("{id}-title") on:close=closed>
            <div class="dialog__head">
                <h2 class="dialog__title" id=format!("{id}-title")>{title}</h2>
                <button type="button" class="button button--link dialog__close" on:click=move |_| open.set(false)>
                    {close}
                </button>
            </div>
            {children()}
        </dialog>
    }
}
