//! The individual identification number (ЖСН / ИИН): twelve digits, the last of them a control digit (law 223-III of
//! 12.01.2007, art. 1). Since resolution 853 of 26.08.2013 the digits say nothing binding about birth date or sex, so
//! neither is checked here.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;

/// Twelve digits. Prints masked; the digits come out only through [`Iin::digits`] and JSON.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Iin(String);

/// Why typed text is no IIN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IinError {
    #[error("the IIN is empty")]
    Empty,
    #[error("an IIN holds digits only, {0:?} is none")]
    NotADigit(char),
    #[error("an IIN has 12 digits, not {0}")]
    Length(usize),
    #[error("the control digit doesn't fit")]
    ControlDigit,
}

impl Iin {
    /// What a person typed: white space is passed over, the control digit must fit.
    ///
    /// # Errors
    /// [`IinError`] names what is wrong.
    pub fn typed(text: &str) -> Result<Self, IinError> {
        let compact: String = text.chars().filter(|c| !c.is_whitespace()).take(64).collect();
        if compact.is_empty() {
            return Err(IinError::Empty);
        }
        let iin = Self::from_authority(&compact)?;
        let digits: Vec<u32> = iin.0.bytes().map(|b| u32::from(b - b'0')).collect();
        if control_digit(&digits[..11]) != Some(digits[11]) {
            return Err(IinError::ControlDigit);
        }
        Ok(iin)
    }

    /// Twelve digits as a certificate or register gives them; the control digit isn't judged, since an authority's word
    /// stands above it (the national test certificates carry numbers with a wrong one).
    ///
    /// # Errors
    /// [`IinError::NotADigit`] or [`IinError::Length`].
    pub fn from_authority(text: &str) -> Result<Self, IinError> {
        if let Some(odd) = text.chars().find(|c| !c.is_ascii_digit()) {
            return Err(IinError::NotADigit(odd));
        }
        if text.len() != 12 {
            return Err(IinError::Length(text.len()));
        }
        Ok(Self(text.to_owned()))
    }

    /// The digits themselves: for the wire and the database, never for a log.
    #[must_use]
    pub fn digits(&self) -> &str {
        &self.0
    }

    /// `•••• •••• 0009`: the last four digits, for the screen.
    #[must_use]
    pub fn masked(&self) -> String {
        format!("•••• •••• {}", &self.0[8..])
    }
}

/// Weights 1..11 modulo 11; where that gives 10, weights 3..11,1,2; where that gives 10 again, no such IIN is issued.
fn control_digit(body: &[u32]) -> Option<u32> {
    let sum = |shift: u32| {
        body.iter()
            .zip(0..)
            .map(|(d, i)| d * ((i + shift) % 11 + 1))
            .sum::<u32>()
            % 11
    };
    match sum(0) {
        10 => Some(sum(2)).filter(|digit| *digit < 10),
        digit => Some(digit),
    }
}

impl fmt::Debug for Iin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Iin(masked)")
    }
}

impl fmt::Display for Iin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

impl Serialize for Iin {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Iin {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::from_authority(&String::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_passes_of_the_control_digit_are_known() {
        assert!(Iin::typed("990101390009").is_ok());
        assert!(
            Iin::typed(" 990101 391804 ").is_ok(),
            "the second pass, with spaces"
        );
        for body in ["99010139183", "99010139264"] {
            for last in 0..10 {
                assert_eq!(
                    Iin::typed(&format!("{body}{last}")),
                    Err(IinError::ControlDigit),
                    "no digit fits {body}"
                );
            }
        }
    }

    #[test]
    fn each_way_to_be_wrong_has_its_name() {
        assert_eq!(Iin::typed("  "), Err(IinError::Empty));
        assert_eq!(Iin::typed("99010139000O"), Err(IinError::NotADigit('O')));
        assert_eq!(Iin::typed("99010139000"), Err(IinError::Length(11)));
        assert_eq!(Iin::typed("990101390008"), Err(IinError::ControlDigit));
        assert!(Iin::from_authority("123456789011").is_ok());
        assert_eq!(Iin::typed("123456789011"), Err(IinError::ControlDigit));
    }

    #[test]
    fn neither_debug_nor_display_tells_the_number() {
        let iin = Iin::typed("990101390009").unwrap();
        assert!(!format!("{iin:?} {iin}").contains("99010139"));
    }
}
