//! The screen's words in the browser: one language, loaded once before anything is drawn, from the file the shell names.

use super::window;
use crate::domain::lang::Lang;
use crate::domain::time::{Date, Timestamp};
use crate::texts::screen::{Key, Vocabulary};
use std::cell::Cell;

pub use crate::texts::screen::key;
pub use crate::texts::{fill, plural};

thread_local! {
    static LOADED: Cell<(Lang, Option<Vocabulary>)> = const { Cell::new((Lang::Kk, None)) };
}

/// The text in the language of the page; empty before the texts are loaded.
#[must_use]
pub fn t(key: Key) -> &'static str {
    LOADED.get().1.map_or("", |vocabulary| vocabulary.text(key))
}

/// The text with its places filled.
#[must_use]
pub fn tf(key: Key, values: &[(&str, &str)]) -> String {
    fill(t(key), values)
}

/// The language of the page.
#[must_use]
pub fn lang() -> Lang {
    LOADED.get().0
}

/// The language's own name for the switch, and its short form.
#[must_use]
pub const fn own_name(lang: Lang) -> (&'static str, &'static str) {
    match lang {
        Lang::Kk => ("Қаз", "Қазақша"),
        Lang::Ru => ("Рус", "Русский"),
        Lang::En => ("Eng", "English"),
    }
}

/// `15.03.2024` in Kazakh and Russian, `15 March 2024` in English.
#[must_use]
pub fn date(date: Date) -> String {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    if lang() == Lang::En {
        let month = MONTHS[usize::from(date.month() - 1)];
        [&date.day().to_string(), month, &date.year().to_string()].join(" ")
    } else {
        date.dotted()
    }
}

/// The day and the clock in Kazakhstan, for texts with `{date}` and `{time}`.
#[must_use]
pub fn moment(key: Key, at: Timestamp) -> String {
    tf(key, &[("date", &date(at.date_kz())), ("time", &at.clock_kz())])
}

/// Takes the texts of a language; for the gallery, which carries its own.
pub fn adopt(lang: Lang, vocabulary: Vocabulary) {
    LOADED.set((lang, Some(vocabulary)));
}

/// Loads the file that `<meta name="cabinet-texts">` names. `false`: it could not be had, or is of another build.
pub async fn load() -> bool {
    let language = window::document()
        .document_element()
        .and_then(|root| root.get_attribute("lang"))
        .and_then(|tag| Lang::from_tag(&tag))
        .unwrap_or_default();
    let Some(path) = window::meta("cabinet-texts") else {
        return false;
    };
    let Ok(answer) = gloo_net::http::Request::get(&path).send().await else {
        return false;
    };
    if !answer.ok() {
        return false;
    }
    match answer.text().await.ok().and_then(Vocabulary::parse) {
        Some(vocabulary) => {
            adopt(language, vocabulary);
            true
        }
        None => false,
    }
}
