//! Text size, contrast and theme, for people who don't find them in their system. Kept in cookies that hold nothing
//! else, read by the shell before the first paint (`public/index.html`).

use crate::browser::markup::{Markup, drawing, tag};
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
    let sign = drawing(
        "svg",
        &[
            ("class", "display__sign"),
            ("viewBox", "0 0 20 20"),
            ("aria-hidden", "true"),
        ],
    )
    .child(drawing(
        "path",
        &[("d", "M10 2a8 8 0 1 0 0 16V2Z"), ("fill", "currentColor")],
    ))
    .child(drawing(
        "circle",
        &[
            ("cx", "10"),
            ("cy", "10"),
            ("r", "7.25"),
            ("fill", "none"),
            ("stroke", "currentColor"),
            ("stroke-width", "1.5"),
        ],
    ));
    let button = tag("summary")
        .class("display__button")
        .child(sign)
        .child(tag("span").class("display__word").text(texts.title));
    let sizes = [
        ("", texts.text_normal),
        ("150", texts.text_large),
        ("200", texts.text_largest),
    ];
    let contrasts = [("", texts.contrast_normal), ("more", texts.contrast_more)];
    let themes = [
        ("", texts.theme_system),
        ("light", texts.theme_light),
        ("dark", texts.theme_dark),
    ];
    let sheet = tag("div")
        .class("display__sheet")
        .child(group("text", texts.text_size, &sizes))
        .child(group("contrast", texts.contrast, &contrasts))
        .child(group("theme", texts.theme, &themes));
    tag("details").class("display").child(button).child(sheet).view()
}

fn group(name: &'static str, legend: &str, choices: &[(&'static str, &str)]) -> Markup {
    let chosen = root_attribute(name).unwrap_or_default();
    let choice = |(index, (value, label)): (usize, &(&'static str, &str))| {
        let (id, value) = (format!("display-{name}-{index}"), *value);
        let input = tag("input")
            .set("type", "radio")
            .id(&id)
            .set("name", &["display-", name].concat())
            .set_some("checked", (value == chosen).then_some(""))
            .on("change", move |_| keep(name, value));
        tag("label")
            .class("display__choice")
            .set("for", &id)
            .child(input)
            .child(tag("span").text(label))
    };
    let choices = tag("div")
        .class("display__choices")
        .children(choices.iter().enumerate().map(choice).collect());
    tag("fieldset")
        .class("display__group")
        .child(tag("legend").text(legend))
        .child(choices)
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
