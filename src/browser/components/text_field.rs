//! One line of text. No masks: what the person types stays as typed, the page says what would be right.

#[cfg(feature = "preview")]
pub mod stories;

use super::field::Frame;
use super::live::announce;
use crate::browser::markup::{Markup, tag, value_of};
use crate::browser::signals::{RwSignal, Signal};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{FocusEvent, HtmlButtonElement};

/// What is asked for: decides keyboard, autofill and width.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FieldKind {
    #[default]
    Text,
    /// Text of an address: no spelling marks under Kazakh names.
    Address,
    /// A short value beside others: house, flat.
    Short,
    Phone,
    Email,
    /// Twelve digits; also the name under which a password is kept.
    Iin,
    /// Digits of a fixed count, as the postal index.
    Digits,
    /// A code from an SMS or a letter: large, evenly spaced, offered by the phone's keyboard.
    Code,
}

impl FieldKind {
    const fn input_type(self) -> &'static str {
        match self {
            Self::Phone => "tel",
            // Not `email`: the browser's own rules and messages differ from ours, and it drops spaces silently.
            _ => "text",
        }
    }

    const fn input_mode(self) -> Option<&'static str> {
        match self {
            Self::Phone => Some("tel"),
            Self::Email => Some("email"),
            Self::Iin | Self::Digits | Self::Code => Some("numeric"),
            Self::Text | Self::Address | Self::Short => None,
        }
    }

    const fn autocomplete(self) -> Option<&'static str> {
        match self {
            Self::Phone => Some("tel"),
            Self::Email => Some("email"),
            Self::Iin => Some("username"),
            Self::Code => Some("one-time-code"),
            Self::Text | Self::Address | Self::Short | Self::Digits => None,
        }
    }

    const fn class(self) -> &'static str {
        match self {
            Self::Text | Self::Address => "field",
            Self::Short => "field field--short",
            Self::Phone => "field field--phone",
            Self::Email => "field field--email",
            Self::Iin => "field field--iin",
            Self::Digits => "field field--digits",
            Self::Code => "field field--code",
        }
    }

    const fn plain(self) -> bool {
        !matches!(self, Self::Text)
    }
}

/// `<TextField id="street" label=t(key::STREET) value=street error=street_error on_leave=check_street/>`
#[component]
pub fn TextField(
    id: &'static str,
    #[prop(into)] label: String,
    value: RwSignal<String>,
    #[prop(optional)] kind: FieldKind,
    #[prop(optional, into)] hint: String,
    /// Empty while nothing is wrong.
    #[prop(optional, into)]
    error: Signal<String>,
    /// «(болса)» after the label of a field that may stay empty.
    #[prop(optional, into)]
    optional_mark: String,
    #[prop(optional, into)] prefix: String,
    #[prop(optional, into)] suffix: String,
    /// Instead of what the kind implies.
    #[prop(optional)]
    autocomplete: Option<&'static str>,
    #[prop(optional)] inputmode: Option<&'static str>,
    /// In UTF-16 units, as HTML counts.
    #[prop(optional)]
    maxlength: Option<u32>,
    #[prop(optional, into)] inactive: Signal<bool>,
    /// Under the field: the repair of Latin letters, or what belongs to it.
    #[prop(optional, into)]
    notice: Option<AnyView>,
    /// After each change by the person; `value` already holds it.
    #[prop(optional, into)]
    on_type: Option<Callback<()>>,
    /// When the person leaves the field, unless for a button (which checks all fields itself, and must not be moved away
    /// under the finger by an error that appears).
    #[prop(optional, into)]
    on_leave: Option<Callback<()>>,
) -> impl IntoView {
    let leave = move |event: web_sys::Event| {
        let to_button = event
            .unchecked_ref::<FocusEvent>()
            .related_target()
            .is_some_and(|next| next.is_instance_of::<HtmlButtonElement>());
        // A field that is taken away with the focus on it is left too, when nothing of its page is there any longer.
        if let (Some(on_leave), false) = (on_leave, to_button)
            && on_leave.try_run(()).is_some()
        {
            error.try_with_untracked(|error| announce(error));
        }
    };
    let typed = move |event: web_sys::Event| {
        value.set(value_of(&event));
        if let Some(on_type) = on_type {
            on_type.run(());
        }
    };
    let input = tag("input")
        .class("field__input")
        .id(id)
        .set("name", id)
        .set("type", kind.input_type())
        .set_some("inputmode", inputmode.or(kind.input_mode()))
        .set_some("autocomplete", autocomplete.or(kind.autocomplete()))
        .set_some("autocapitalize", kind.plain().then_some("off"))
        .set_some("spellcheck", kind.plain().then_some("false"))
        .set_some("maxlength", maxlength.map(|length| length.to_string()).as_deref())
        .live_flag("disabled", move || inactive.get())
        .tied(id, !hint.is_empty(), notice.is_some(), error)
        .live_value(value.into())
        .on("input", typed)
        .on("blur", leave);
    let control = tag("div")
        .class("field__box")
        .maybe(around("field__prefix", &prefix))
        .child(input)
        .maybe(around("field__suffix", &suffix));
    Frame {
        id,
        class: kind.class(),
        label,
        optional_mark,
        hint,
        error,
        notice,
        control,
    }
    .render()
}

/// What stands before or after the text and belongs to the value: «+7», «₸».
fn around(class: &str, text: &str) -> Option<Markup> {
    (!text.is_empty()).then(|| tag("span").class(class).set("aria-hidden", "true").text(text))
}
