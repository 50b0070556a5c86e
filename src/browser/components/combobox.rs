//! A text field that suggests: after the ARIA pattern «combobox with list autocomplete». What is typed stays allowed.

#[cfg(feature = "preview")]
pub mod stories;

use super::field::Frame;
use super::live::announce;
use crate::browser::markup::{all, live, tag, value_of};
use crate::browser::signals::{RwSignal, Signal, StoredValue, effect};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::KeyboardEvent;

/// `<Combobox id="street" label=t(key::STREET) value=street suggestions=found count=count_words on_pick=picked/>`: the
/// page fills `suggestions` (at most ten) as `value` changes.
#[component]
pub fn Combobox(
    id: &'static str,
    #[prop(into)] label: String,
    value: RwSignal<String>,
    #[prop(into)] suggestions: Signal<Vec<String>>,
    /// Said when suggestions appear: «3 ұсыныс бар».
    #[prop(into)]
    count: Callback<usize, String>,
    #[prop(optional, into)] hint: String,
    #[prop(optional, into)] error: Signal<String>,
    #[prop(optional, into)] optional_mark: String,
    #[prop(optional)] autocomplete: Option<&'static str>,
    #[prop(optional)] maxlength: Option<u32>,
    #[prop(optional, into)] notice: Option<AnyView>,
    #[prop(optional, into)] on_type: Option<Callback<()>>,
    /// The index of what was picked; `value` already holds its text.
    #[prop(optional, into)]
    on_pick: Option<Callback<usize>>,
    #[prop(optional, into)] on_leave: Option<Callback<()>>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let active = RwSignal::new(None::<usize>);
    let shown = Signal::derive(move || open.get() && !suggestions.with(Vec::is_empty));
    let said = StoredValue::new(0);
    effect(move || {
        suggestions.track();
        active.set(None);
    });
    effect(move || {
        let now = if open.get() { suggestions.with(Vec::len) } else { 0 };
        if now > 0 && said.get_value() != now {
            announce(&count.run(now));
        }
        said.set_value(now);
    });
    let pick = move |index: usize| {
        if let Some(text) = suggestions.with_untracked(|all| all.get(index).cloned()) {
            value.set(text);
            open.set(false);
            if let Some(on_pick) = on_pick {
                on_pick.run(index);
            }
        }
    };
    let on_key = move |event: web_sys::Event| {
        let length = suggestions.with_untracked(Vec::len);
        match (
            event.unchecked_ref::<KeyboardEvent>().key().as_str(),
            active.get_untracked(),
        ) {
            ("ArrowDown", at) if length > 0 => {
                open.set(true);
                active.set(Some(at.map_or(0, |at| (at + 1) % length)));
            }
            ("ArrowUp", at) if length > 0 => {
                open.set(true);
                active.set(Some(at.map_or(length - 1, |at| (at + length - 1) % length)));
            }
            ("Enter", Some(at)) if shown.get_untracked() => pick(at),
            ("Escape", _) if shown.get_untracked() => open.set(false),
            _ => return,
        }
        event.prevent_default();
    };
    let option_id = move |index: usize| format!("{id}-option-{index}");
    let suggestion = move |(index, text): (usize, String)| {
        tag("li")
            .class("combobox__option")
            .set("role", "option")
            .id(&option_id(index))
            .live("aria-selected", move || {
                Some((active.get() == Some(index)).to_string())
            })
            // Before the field loses the focus, which would close the list.
            .on("mousedown", move |event| {
                event.prevent_default();
                pick(index);
            })
            .text(&text)
    };
    let typed = move |event: web_sys::Event| {
        value.set(value_of(&event));
        open.set(true);
        if let Some(on_type) = on_type {
            on_type.run(());
        }
    };
    let left = move |_| {
        let _ = open.try_set(false);
        if on_leave.is_some_and(|on_leave| on_leave.try_run(()).is_some()) {
            error.try_with_untracked(|error| announce(error));
        }
    };
    let options_id = [id, "-options"].concat();
    let input = tag("input")
        .class("field__input")
        .id(id)
        .set("name", id)
        .set("type", "text")
        .set("role", "combobox")
        .set("aria-autocomplete", "list")
        .live("aria-expanded", move || Some(shown.get().to_string()))
        .set("aria-controls", &options_id)
        .live("aria-activedescendant", move || active.get().map(option_id))
        .set("autocomplete", autocomplete.unwrap_or("off"))
        .set("spellcheck", "false")
        .set_some("maxlength", maxlength.map(|length| length.to_string()).as_deref())
        .tied(id, !hint.is_empty(), notice.is_some(), error)
        .live_value(value.into())
        .on("input", typed)
        .on("keydown", on_key)
        .on("blur", left);
    let options = tag("ul")
        .class("combobox__options")
        .id(&options_id)
        .set("role", "listbox")
        .set("aria-labelledby", &[id, "-label"].concat())
        .live_flag("hidden", move || !shown.get())
        .child(live(move || {
            all(suggestions
                .get()
                .into_iter()
                .enumerate()
                .map(suggestion)
                .collect())
        }));
    let control = tag("div")
        .class("field__box combobox")
        .child(input)
        .child(options);
    Frame {
        id,
        class: "field",
        label,
        optional_mark,
        hint,
        error,
        notice,
        control,
    }
    .render()
}
