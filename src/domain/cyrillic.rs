//! Cyrillic text as the guide demands it for addresses («қатаң түрде кириллица әріптерімен толтырылады»), with all Kazakh
//! letters. The class was measured on the KATO classifier. Latin look-alikes are repaired and shown, never silently.

use super::letters::composed;
use serde::{Deserialize, Serialize};

/// The longest value of one address field, in characters: twice the longest name of the KATO classifier.
pub const MAX_CHARS: usize = 80;

/// Text that holds only Cyrillic letters (Russian and Kazakh), digits and the punctuation of addresses; NFC, single spaces.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Cyrillic(String);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CyrillicError {
    #[error("the field is empty")]
    Empty,
    /// The first character that can neither stay nor be repaired.
    #[error("{0:?} is no Cyrillic letter")]
    Character(char),
    #[error("at most {MAX_CHARS} characters, not {0}")]
    TooLong(usize),
}

/// What [`repair`] made of typed text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Repaired {
    pub text: String,
    /// Latin letters that were replaced and what by, each pair once, in order of first appearance.
    pub replaced: Vec<(char, char)>,
}

impl Cyrillic {
    /// Checks text as it stands (after NFC and trimming); repairs nothing.
    ///
    /// # Errors
    /// [`CyrillicError`].
    pub fn parse(text: &str) -> Result<Self, CyrillicError> {
        let mut clean = String::with_capacity(text.len().min(4 * MAX_CHARS));
        let mut count = 0;
        for word in text.split_whitespace() {
            if !clean.is_empty() {
                clean.push(' ');
                count += 1;
            }
            for c in composed(word).chars() {
                if !stands(c) {
                    return Err(CyrillicError::Character(c));
                }
                count += 1;
                if count <= MAX_CHARS {
                    clean.push(c);
                }
            }
        }
        match count {
            0 => Err(CyrillicError::Empty),
            n if n > MAX_CHARS => Err(CyrillicError::TooLong(n)),
            _ => Ok(Self(clean)),
        }
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Cyrillic {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

/// Replaces Latin look-alikes by their Cyrillic twins (`i` and `h` by Kazakh і and һ), and the stray letters ќ, ў and ћ
/// that faulty encodings leave for қ, ұ and һ. Everything else stays as typed.
#[must_use]
pub fn repair(text: &str) -> Repaired {
    let mut repaired = Repaired::default();
    for c in composed(text).chars() {
        match twin(c) {
            Some(better) => {
                if !repaired.replaced.contains(&(c, better)) {
                    repaired.replaced.push((c, better));
                }
                repaired.text.push(better);
            }
            None => repaired.text.push(c),
        }
    }
    repaired
}

fn stands(c: char) -> bool {
    matches!(c, 'А'..='я' | 'Ё' | 'ё' | '0'..='9') || "ӘәҒғҚқҢңӨөҰұҮүҺһІі .,-/\"«»№()".contains(c)
}

fn twin(c: char) -> Option<char> {
    const PAIRS: [(&str, &str); 2] = [
        ("AaBCcEeHhIiKkMOoPpTXxYyќЌўЎћЋ", "АаВСсЕеНһІіКкМОоРрТХхУуқҚұҰһҺ"),
        ("’`ʼ–—‑", "\"\"\"---"),
    ];
    PAIRS.iter().find_map(|(from, to)| {
        from.chars()
            .zip(to.chars())
            .find(|(f, _)| *f == c)
            .map(|(_, t)| t)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kazakh_and_russian_letters_stand() {
        for text in [
            "Бейбітшілік даңғылы",
            "Әл-Фараби",
            "ұлы Жібек жолы",
            "40-разъезд",
            "Подъёмная, 5/2",
            "«Самал-2» ш/а",
            "Һ",
        ] {
            assert_eq!(
                Cyrillic::parse(text).map(|c| c.as_str().to_owned()),
                Ok(text.to_owned())
            );
        }
    }

    #[test]
    fn the_very_character_that_is_wrong_is_named() {
        assert_eq!(Cyrillic::parse("Бейбiтшілік"), Err(CyrillicError::Character('i')));
        assert_eq!(Cyrillic::parse("Абай 🙂"), Err(CyrillicError::Character('🙂')));
        assert_eq!(
            Cyrillic::parse("Абай\u{202e}"),
            Err(CyrillicError::Character('\u{202e}'))
        );
        assert_eq!(Cyrillic::parse("Аб\0ай"), Err(CyrillicError::Character('\0')));
        assert_eq!(Cyrillic::parse(" \n "), Err(CyrillicError::Empty));
        assert_eq!(Cyrillic::parse(&"а".repeat(81)), Err(CyrillicError::TooLong(81)));
    }

    #[test]
    fn look_alikes_are_repaired_once_and_told() {
        let repaired = repair("Бeйбiтшiлiк");
        assert_eq!(repaired.text, "Бейбітшілік");
        assert_eq!(repaired.replaced, [('e', 'е'), ('i', 'і')]);
        assert!(Cyrillic::parse(&repaired.text).is_ok());
        assert_eq!(repair("Ќоянды").text, "Қоянды");
        assert_eq!(
            repair("Q").replaced,
            [],
            "what has no twin stays to be refused by name"
        );
    }

    #[test]
    fn combining_forms_are_composed() {
        assert_eq!(
            Cyrillic::parse("и\u{306}").map(|c| c.as_str().to_owned()),
            Ok("й".to_owned())
        );
    }
}
