//! The words of what leaves the server: SMS, e-mail, the PDF and what eGov Mobile shows.

use crate::domain::lang::Lang;

/// An outgoing text; the constants below carry the Kazakh text as their documentation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Key(u16);

/// The keys and the three tables.
pub mod key {
    use super::Key;
    include!(concat!(env!("OUT_DIR"), "/outgoing.rs"));
}

/// The text in this language.
#[must_use]
pub fn text(lang: Lang, key: Key) -> &'static str {
    let table = match lang {
        Lang::Kk => &key::KK,
        Lang::Ru => &key::RU,
        Lang::En => &key::EN,
    };
    table[usize::from(key.0)]
}
