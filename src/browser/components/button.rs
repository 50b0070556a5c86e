//! Buttons. One that can't be pressed yet stays focusable and says why (`described_by`), as an inactive one would be
//! skipped by the keyboard and by screen readers.

#[cfg(feature = "preview")]
pub mod stories;

use crate::browser::markup::tag;
use crate::browser::signals::Signal;
use leptos::prelude::*;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ButtonKind {
    /// The one thing the page is for.
    #[default]
    Primary,
    Secondary,
    /// Looks like a link, acts here: «Қайтару», «Бас тарту».
    Link,
    /// What can't be taken back.
    Danger,
}

impl ButtonKind {
    const fn class(self) -> &'static str {
        match self {
            Self::Primary => "button",
            Self::Secondary => "button button--secondary",
            Self::Link => "button button--link",
            Self::Danger => "button button--danger",
        }
    }
}

/// `<Button on_press=save busy=saving>{t(key::SAVE)}</Button>`; `submit=true` inside a form.
#[component]
pub fn Button(
    #[prop(optional)] kind: ButtonKind,
    #[prop(optional)] id: Option<&'static str>,
    /// Submits the form it stands in.
    #[prop(optional)]
    submit: bool,
    /// Over the whole width of its place.
    #[prop(optional)]
    wide: bool,
    /// Work is under way: presses are ignored, the words stay.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// Can't be pressed yet; `described_by` names the element that says why.
    #[prop(optional, into)]
    inactive: Signal<bool>,
    #[prop(optional)] described_by: Option<&'static str>,
    /// What a screen reader says after the words («ұялы телефон»), when several buttons have the same ones.
    #[prop(optional, into)]
    about: String,
    #[prop(optional, into)] on_press: Option<Callback<()>>,
    children: Children,
) -> impl IntoView {
    let press = move |event: web_sys::Event| {
        if busy.get_untracked() || inactive.get_untracked() {
            event.prevent_default();
        } else if let Some(on_press) = on_press {
            on_press.run(());
        }
    };
    let about = (!about.is_empty()).then(|| tag("span").class("visually-hidden").text(" ").text(&about));
    tag("button")
        .set("type", if submit { "submit" } else { "button" })
        .set_some("id", id)
        .class(kind.class())
        .with_class("button--wide", wide)
        .live_class("button--busy", move || busy.get())
        .live_true("aria-disabled", move || busy.get() || inactive.get())
        .live_true("aria-busy", move || busy.get())
        .set_some("aria-describedby", described_by)
        .on("click", press)
        .child(tag("span").class("button__words").inset(children()))
        .maybe(about)
        .view()
}

/// A link that looks like a button: `<ButtonLink href="/sign-in">{t(key::SIGN_IN)}</ButtonLink>`.
#[component]
pub fn ButtonLink(
    #[prop(into)] href: String,
    #[prop(optional)] kind: ButtonKind,
    #[prop(optional)] id: Option<&'static str>,
    #[prop(optional)] wide: bool,
    /// Leaves the cabinet (a store, a document): not the router's business.
    #[prop(optional)]
    external: bool,
    children: Children,
) -> impl IntoView {
    tag("a")
        .set("href", &href)
        .set_some("id", id)
        .class(kind.class())
        .with_class("button--wide", wide)
        .set_some("rel", external.then_some("external noopener"))
        .child(tag("span").class("button__words").inset(children()))
        .view()
}
