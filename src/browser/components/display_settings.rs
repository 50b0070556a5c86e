//! Text size, contrast and theme, for people who don't find them in their system. Kept in cookies that hold nothing
//! else, read by the shell before the first paint (`public/index.html`).

use super::radio_cards::Choice;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::HtmlDocument;

/// The words of [`DisplaySettings`].
#[derive(Debug, Clone, Copy)]
pub struct DisplayTexts {
    /// The button: «Көрініс».
    pub title: &'static str,
    pub text_size: &'static str,
    pub text_normal: &'static str,
    pub text_large: &'static str,
    pub text_largest: &'static str,
    pub contrast: &'static str,
    pub contrast_normal: &'static str,
    pub contrast_more: &'static str,
    pub theme: &'static str,
    pub theme_system: &'static str,
    pub theme_light: &'static str,
    pub theme_dark: &'static str,
}

const YEAR_IN_SECONDS: u32 = 31_536_000;

/// `<DisplaySettings texts=display_texts()/>`: a disclosure with three choices that act at once.
#[component]
pub fn DisplaySettings(texts: DisplayTexts) -> impl IntoView {
    let group = |name: &'static str, legend: &'static str, choices: Vec<Choice>| {
        let chosen = root_attribute(name).unwrap_or_default();
        let choice = move |(index, Choice { value, label, .. }): (usize, Choice)| {
            let id = format!("display-{name}-{index}");
            let checked = value == chosen;
            view! {
                <label class="display__choice" for=id.clone()>
                    <input
                        type="radio"
                        id=id.clone()
                        name=format!("display-{name}")
                        checked=checked
                        on:change=move |_| keep(name, &value)
                    />
                    <span>{label}</span>
                </label>
            }
        };
        view! {
            <fieldset class="display__group">
                <legend>{legend}</legend>
                <div class="display__choices">{choices.into_iter().enumerate().map(choice).collect_view()}</div>
            </fieldset>
        }
        .into_any()
    };
    let plain = |value: &str, label: &str| Choice::new(value, label, "");
    view! {
        <details class="display">
            <summary class="display__button">
                <svg class="display__sign" viewBox="0 0 20 20" aria-hidden="true">
                    <path d="M10 2a8 8 0 1 0 0 16V2Z" fill="currentColor"/>
                    <circle cx="10" cy="10" r="7.25" fill="none" stroke="currentColor" stroke-width="1.5"/>
                </svg>
                <span class="display__word">{texts.title}</span>
            </summary>
            <div class="display__sheet">
                {group(
                    "text",
                    texts.text_size,
                    vec![plain("", texts.text_normal), plain("150", texts.text_large), plain("200", texts.text_largest)],
                )}
                {group(
                    "contrast",
                    texts.contrast,
                    vec![plain("", texts.contrast_normal), plain("more", texts.contrast_more)],
                )}
                {group(
                    "theme",
                    texts.theme,
                    vec![
                        plain("", texts.theme_system),
                        plain("light", texts.theme_light),
                        plain("dark", texts.theme_dark),
                    ],
                )}
            </div>
        </details>
    }
}

fn root_attribute(name: &str) -> Option<String> {
    document()
        .document_element()?
        .get_attribute(&format!("data-{name}"))
}

fn keep(name: &str, value: &str) {
    if let Some(root) = document().document_element() {
        let attribute = format!("data-{name}");
        let _ = if value.is_empty() {
            root.remove_attribute(&attribute)
        } else {
            root.set_attribute(&attribute, value)
        };
    }
    if let Ok(document) = document().dyn_into::<HtmlDocument>() {
        let age = if value.is_empty() { 0 } else { YEAR_IN_SECONDS };
        let _ = document.set_cookie(&format!("{name}={value}; Path=/; Max-Age={age}; SameSite=Lax"));
    }
}
