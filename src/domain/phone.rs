//! Telephone numbers: Kazakhstan's numbering plan (+7, ten national digits; ITU-T E.164 and the plan's mobile and area
//! codes as of libphonenumber metadata 9.0.43) and E.164 for numbers abroad. A brand is never judged: numbers are portable.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;

/// A telephone number in E.164 (`+77012345678`). Prints masked; [`Phone::e164`] gives the digits.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Phone(String);

/// What a number is in Kazakhstan's plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PhoneKind {
    Mobile,
    Fixed,
    /// Kazakhstan's, but neither (toll-free, VoIP, premium).
    Other,
    Abroad,
}

/// Why typed text is no telephone number, with what was found, so that the message can name it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PhoneError {
    #[error("the number is empty")]
    Empty,
    #[error("a number holds digits, not {0:?}")]
    Character(char),
    /// Digits found, counted as the person wrote them: with a leading 8 or 7 eleven are right, without it ten.
    #[error("the number has {found} digits, {expected} are right")]
    Length { found: usize, expected: usize },
    /// The three digits after +7 or 8 that the plan doesn't assign.
    #[error("no such code: {0}")]
    UnknownCode(String),
    /// A number of Kazakhstan, but not a mobile one (its code).
    #[error("{0} is not a mobile code")]
    NotMobile(String),
    /// A number of another country where one of Kazakhstan is required.
    #[error("not a number of Kazakhstan")]
    NotKazakhstan,
}

impl Phone {
    /// Reads any common way of writing: `+7 701…`, `8 (701) …`, `701…`, `+49…`, `00 49…`; spaces, hyphens, dots and
    /// brackets are passed over.
    ///
    /// # Errors
    /// [`PhoneError`] except `NotMobile` and `NotKazakhstan`.
    pub fn parse(text: &str) -> Result<Self, PhoneError> {
        let mut digits = String::new();
        let mut plus = false;
        for c in text.chars().take(64) {
            match c {
                '0'..='9' => digits.push(c),
                '+' if digits.is_empty() && !plus => plus = true,
                ' ' | '-' | '(' | ')' | '.' | '\u{a0}' | '\u{2011}' | '\u{2013}' | '\t' => {}
                other => return Err(PhoneError::Character(other)),
            }
        }
        if digits.is_empty() {
            return Err(PhoneError::Empty);
        }
        if !plus && digits.starts_with("00") && digits.len() > 4 {
            digits.drain(..2);
            plus = true;
        }
        if plus && !digits.starts_with('7') {
            // E.164: at most 15 digits; under 8 no subscriber number is left after a country code.
            if !(8..=15).contains(&digits.len()) {
                return Err(PhoneError::Length {
                    found: digits.len(),
                    expected: 11,
                });
            }
            return match digits.starts_with('0') {
                true => Err(PhoneError::UnknownCode("0".to_owned())),
                false => Ok(Self(format!("+{digits}"))),
            };
        }
        let national = match (digits.len(), digits.as_bytes()[0]) {
            (11, b'7' | b'8') => &digits[1..],
            (10, _) if !plus => digits.as_str(),
            (found, first) => {
                let with_prefix = plus || first == b'8' || (first == b'7' && found > 10);
                return Err(PhoneError::Length {
                    found,
                    expected: if with_prefix { 11 } else { 10 },
                });
            }
        };
        match national.as_bytes()[0] {
            b'6' | b'7' | b'8' => {}
            // +7 3xx, 4xx, 9xx: Russia. Typed without a plus they are taken for a slip in the code.
            b'3' | b'4' | b'9' if plus => return Ok(Self(format!("+7{national}"))),
            _ => return Err(PhoneError::UnknownCode(national[..3].to_owned())),
        }
        if kind_of_national(national).is_none() && !(plus && national.starts_with('8')) {
            return Err(PhoneError::UnknownCode(national[..3].to_owned()));
        }
        Ok(Self(format!("+7{national}")))
    }

    /// A mobile number of Kazakhstan: what registration codes are sent to.
    ///
    /// # Errors
    /// [`PhoneError`].
    pub fn parse_kz_mobile(text: &str) -> Result<Self, PhoneError> {
        let phone = Self::parse(text)?;
        match phone.kind() {
            PhoneKind::Mobile => Ok(phone),
            PhoneKind::Abroad => Err(PhoneError::NotKazakhstan),
            PhoneKind::Fixed | PhoneKind::Other => Err(PhoneError::NotMobile(phone.0[2..5].to_owned())),
        }
    }

    /// The contact mobile: Kazakhstan's mobile numbers, or any number abroad (people live abroad; the kind isn't known).
    ///
    /// # Errors
    /// [`PhoneError`].
    pub fn parse_contact_mobile(text: &str) -> Result<Self, PhoneError> {
        match Self::parse_kz_mobile(text) {
            Err(PhoneError::NotKazakhstan) => Self::parse(text),
            verdict => verdict,
        }
    }

    #[must_use]
    pub fn kind(&self) -> PhoneKind {
        match self.0.strip_prefix("+7") {
            Some(national) if national.len() == 10 => match national.as_bytes()[0] {
                b'7' => kind_of_national(national).unwrap_or(PhoneKind::Other),
                b'8' | b'6' => kind_of_national(national).unwrap_or(PhoneKind::Abroad),
                _ => PhoneKind::Abroad,
            },
            _ => PhoneKind::Abroad,
        }
    }

    /// `+77012345678`: for the wire, the database and the message gateway.
    #[must_use]
    pub fn e164(&self) -> &str {
        &self.0
    }

    /// `+7 701 234 56 78`: for the screen and the document.
    #[must_use]
    pub fn spaced(&self) -> String {
        match self.0.strip_prefix("+7") {
            Some(n) if n.len() == 10 => format!("+7 {} {} {} {}", &n[..3], &n[3..6], &n[6..8], &n[8..]),
            _ => self.0.clone(),
        }
    }

    /// `+7 701 ••• •• 45`: enough to be recognised by its owner.
    #[must_use]
    pub fn masked(&self) -> String {
        let tail = &self.0[self.0.len().saturating_sub(2)..];
        match self.0.strip_prefix("+7") {
            Some(n) if n.len() == 10 => format!("+7 {} ••• •• {tail}", &n[..3]),
            _ => format!("{} ••• {tail}", &self.0[..3]),
        }
    }
}

/// `None`: the plan doesn't assign it. Ten national digits are given.
fn kind_of_national(national: &str) -> Option<PhoneKind> {
    let code: u16 = national.get(..3)?.parse().ok()?;
    match code {
        700..=702 | 705..=708 | 747 | 760..=764 | 771 | 775..=778 | 785 => Some(PhoneKind::Mobile),
        710..=729 => Some(PhoneKind::Fixed),
        751 | 800 | 808 | 809 => Some(PhoneKind::Other),
        _ => None,
    }
}

impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Phone(masked)")
    }
}

impl fmt::Display for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

impl Serialize for Phone {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Phone {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let plain = text
            .strip_prefix('+')
            .is_some_and(|d| (8..=15).contains(&d.len()) && d.bytes().all(|b| b.is_ascii_digit()));
        plain
            .then_some(Self(text))
            .ok_or_else(|| de::Error::custom("a telephone number in E.164"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_common_way_of_writing_gives_one_number() {
        for text in [
            "+7 701 234 56 78",
            "8 (701) 234-56-78",
            "7012345678",
            "77012345678",
            "+7-701-234-5678",
            "8701 234 56 78",
        ] {
            assert_eq!(
                Phone::parse_kz_mobile(text).map(|p| p.e164().to_owned()),
                Ok("+77012345678".to_owned()),
                "{text}"
            );
        }
    }

    #[test]
    fn a_wrong_number_is_told_with_its_own_figures() {
        assert_eq!(
            Phone::parse("8 703 555 12"),
            Err(PhoneError::Length {
                found: 9,
                expected: 11
            })
        );
        assert_eq!(
            Phone::parse("8 703 555 12 34"),
            Err(PhoneError::UnknownCode("703".to_owned()))
        );
        assert_eq!(Phone::parse("8 701 234 56 7O"), Err(PhoneError::Character('O')));
        assert_eq!(Phone::parse(" "), Err(PhoneError::Empty));
        assert_eq!(
            Phone::parse_kz_mobile("8 7172 55 01 02"),
            Err(PhoneError::NotMobile("717".to_owned()))
        );
        assert_eq!(
            Phone::parse_kz_mobile("+7 912 345 67 89"),
            Err(PhoneError::NotKazakhstan)
        );
        assert_eq!(
            Phone::parse("8 912 345 67 89"),
            Err(PhoneError::UnknownCode("912".to_owned()))
        );
    }

    #[test]
    fn a_number_abroad_serves_as_contact_but_not_for_codes() {
        assert_eq!(
            Phone::parse_contact_mobile("+49 151 23456789").map(|p| p.kind()),
            Ok(PhoneKind::Abroad)
        );
        assert_eq!(
            Phone::parse_contact_mobile("00 49 151 23456789").map(|p| p.kind()),
            Ok(PhoneKind::Abroad)
        );
        assert_eq!(
            Phone::parse_kz_mobile("+49 151 23456789"),
            Err(PhoneError::NotKazakhstan)
        );
        assert_eq!(
            Phone::parse_contact_mobile("+7 7172 550102"),
            Err(PhoneError::NotMobile("717".to_owned()))
        );
    }

    #[test]
    fn fixed_lines_are_fine_for_home_and_work() {
        assert_eq!(
            Phone::parse("8 (727) 272-05-05").map(|p| p.kind()),
            Ok(PhoneKind::Fixed)
        );
    }

    #[test]
    fn debug_and_display_hide_the_number() {
        let phone = Phone::parse("87012345678").unwrap();
        assert!(!format!("{phone:?} {phone}").contains("23456"));
    }
}
