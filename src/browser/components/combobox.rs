//! A text field that suggests: after the ARIA pattern «combobox with list autocomplete». What is typed stays allowed.

#[cfg(feature = "preview")]
pub mod stories;

use super::field::{Frame, described_by, invalid};
use super::live::announce;
use leptos::prelude::*;

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
    let described = described_by(id, !hint.is_empty(), notice.is_some(), error);
    let open = RwSignal::new(false);
    let active = RwSignal::new(None::<usize>);
    let shown = Signal::derive(move || open.get() && !suggestions.with(Vec::is_empty));
    Effect::new(move |before: Option<usize>| {
        let now = if open.get() { suggestions.with(Vec::len) } else { 0 };
        active.set(None);
        if now > 0 && before != Some(now) {
            announce(&count.run(now));
        }
        now
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
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        let length = suggestions.with_untracked(Vec::len);
        match (event.key().as_str(), active.get_untracked()) {
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
    let suggestion = move |(index, text): (usize, String)| {
        let marked = move || active.get() == Some(index);
        view! {
            <li
                class="combobox__option"
                role="option"
                id=format!("{id}-option-{index}")
                aria-selected=move || if marked() { "true" } else { "false" }
                // Before the field loses the focus, which would close the list.
                on:mousedown=move |event| {
                    event.prevent_default();
                    pick(index);
                }
            >
                {text}
            </li>
        }
    };
    let control = view! {
        <div class="field__box combobox">
            <input
                class="field__input"
                id=id
                name=id
                type="text"
                role="combobox"
                aria-autocomplete="list"
                aria-expanded=move || if shown.get() { "true" } else { "false" }
                aria-controls=format!("{id}-options")
                aria-activedescendant=move || active.get().map(|index| format!("{id}-option-{index}"))
                autocomplete=autocomplete.unwrap_or("off")
                spellcheck="false"
                maxlength=maxlength
                aria-describedby=described
                aria-invalid=invalid(error)
                prop:value=value
                on:input:target=move |event| {
                    value.set(event.target().value());
                    open.set(true);
                    if let Some(on_type) = on_type {
                        on_type.run(());
                    }
                }
                on:keydown=on_key
                on:blur=move |_| {
                    let _ = open.try_set(false);
                    if on_leave.is_some_and(|on_leave| on_leave.try_run(()).is_some()) {
                        error.try_with_untracked(|error| announce(error));
                    }
                }
            />
            <ul
                class="combobox__options"
                id=format!("{id}-options")
                role="listbox"
                aria-labelledby=format!("{id}-label")
                hidden=move || !shown.get()
            >
                {move || suggestions.get().into_iter().enumerate().map(suggestion).collect_view()}
            </ul>
        </div>
    }
    .into_any();
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
