//! What the address asks for.

use crate::domain::lang::Lang;
use leptos::prelude::*;

/// The value of a knob; empty when the address doesn't name it.
pub(super) fn knob(name: &str) -> String {
    let query = window().location().search().unwrap_or_default();
    let pairs = query
        .trim_start_matches('?')
        .split('&')
        .filter_map(|pair| pair.split_once('='));
    pairs
        .into_iter()
        .find(|(known, _)| *known == name)
        .map(|(_, value)| value.to_owned())
        .unwrap_or_default()
}

pub(super) fn lang() -> Lang {
    Lang::from_tag(&knob("lang")).unwrap_or_default()
}

/// The address with one knob set otherwise.
pub(super) fn with_knob(name: &str, value: &str) -> String {
    let query = window().location().search().unwrap_or_default();
    let others = query
        .trim_start_matches('?')
        .split('&')
        .filter(|pair| !pair.is_empty());
    let mut pairs: Vec<String> = others
        .filter(|pair| pair.split('=').next() != Some(name))
        .map(str::to_owned)
        .collect();
    if !value.is_empty() {
        pairs.push(format!("{name}={value}"));
    }
    format!("?{}", pairs.join("&"))
}

/// A sample text in the language of the address; twice as long when it asks for long texts.
#[must_use]
pub fn say(kk: &'static str, ru: &'static str, en: &'static str) -> &'static str {
    let text = match lang() {
        Lang::Kk => kk,
        Lang::Ru => ru,
        Lang::En => en,
    };
    // Leaked: the gallery says few things, and components take what lives as long as the page.
    if knob("long").is_empty() {
        text
    } else {
        Box::leak(format!("{text} {text}").into_boxed_str())
    }
}
