//! The postal index: the old one (six digits) and Kazpost's new one (a letter, two digits, four letters or digits, as
//! `A15G7T4`). The one address field that isn't Cyrillic.

use super::letters;
use serde::{Deserialize, Serialize};

/// Old or new index, upper case, no spaces.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Postcode(String);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PostcodeError {
    #[error("the index is empty")]
    Empty,
    #[error("an index can't hold {0:?}")]
    Character(char),
    /// Neither shape; the number of characters found.
    #[error("six digits, or a letter and six letters or digits, not {0} characters")]
    Shape(usize),
}

impl Postcode {
    /// Spaces are passed over, Cyrillic look-alikes become Latin letters.
    ///
    /// # Errors
    /// [`PostcodeError`].
    pub fn parse(text: &str) -> Result<Self, PostcodeError> {
        let mut code = String::new();
        for c in text.chars().filter(|c| !c.is_whitespace()).take(64) {
            let upper = letters::upper(c);
            let latin = "АВЕКМНОРСТХУ"
                .chars()
                .zip("ABEKMHOPCTXY".chars())
                .find(|(from, _)| *from == upper)
                .map_or(upper, |(_, to)| to);
            if !latin.is_ascii_alphanumeric() {
                return Err(PostcodeError::Character(c));
            }
            code.push(latin);
        }
        let b = code.as_bytes();
        let old = b.len() == 6 && b.iter().all(u8::is_ascii_digit);
        let new = b.len() == 7 && b[0].is_ascii_uppercase() && b[1..3].iter().all(u8::is_ascii_digit);
        match (b.len(), old || new) {
            (0, _) => Err(PostcodeError::Empty),
            (_, true) => Ok(Self(code)),
            (n, false) => Err(PostcodeError::Shape(n)),
        }
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Postcode {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_and_new_indices_are_read() {
        assert_eq!(
            Postcode::parse("040 900").map(|p| p.as_str().to_owned()),
            Ok("040900".to_owned())
        );
        assert_eq!(
            Postcode::parse("а15g7т4").map(|p| p.as_str().to_owned()),
            Ok("A15G7T4".to_owned())
        );
    }

    #[test]
    fn what_is_neither_is_refused_with_its_length() {
        assert_eq!(Postcode::parse("0500135"), Err(PostcodeError::Shape(7)));
        assert_eq!(Postcode::parse("05001"), Err(PostcodeError::Shape(5)));
        assert_eq!(Postcode::parse("05001-"), Err(PostcodeError::Character('-')));
        assert_eq!(Postcode::parse(""), Err(PostcodeError::Empty));
    }
}
