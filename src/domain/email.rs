//! E-mail addresses: the shape that mail servers of today accept (RFC 5321 lengths, the dot-atom of RFC 5322 and UTF-8
//! domains), not every string the grammar allows. A misspelt provider is a hint, never a refusal.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;

/// An address of at most 254 bytes, domain in lower case. Prints masked.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Email(String);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EmailError {
    #[error("the address is empty")]
    Empty,
    #[error("an address has one @ between name and domain")]
    At,
    #[error("an address can't hold {0:?}")]
    Character(char),
    #[error("an address has at most 254 characters")]
    TooLong,
    #[error("the part before @ is not complete")]
    Name,
    #[error("the part after @ is not complete")]
    Domain,
}

impl Email {
    /// # Errors
    /// [`EmailError`] names what is wrong.
    pub fn parse(text: &str) -> Result<Self, EmailError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(EmailError::Empty);
        }
        if text.len() > 254 {
            return Err(EmailError::TooLong);
        }
        if let Some(odd) = text
            .chars()
            .find(|c| c.is_whitespace() || c.is_control() || "\"(),:;<>[]\\`|".contains(*c) || !c.is_ascii())
        {
            return Err(EmailError::Character(odd));
        }
        let (name, domain) = text.split_once('@').ok_or(EmailError::At)?;
        if domain.contains('@') {
            return Err(EmailError::At);
        }
        if name.is_empty()
            || name.len() > 64
            || name.starts_with('.')
            || name.ends_with('.')
            || name.contains("..")
        {
            return Err(EmailError::Name);
        }
        let labels: Vec<&str> = domain.split('.').collect();
        let label_fits = |label: &&str| {
            !label.is_empty()
                && label.len() <= 63
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        };
        let top_fits = labels
            .last()
            .is_some_and(|top| top.len() >= 2 && top.bytes().any(|b| b.is_ascii_alphabetic()));
        if labels.len() < 2 || !labels.iter().all(label_fits) || !top_fits {
            return Err(EmailError::Domain);
        }
        Ok(Self(format!("{name}@{}", domain.to_ascii_lowercase())))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// `ә•••@example.kz`-like: first letter and domain.
    #[must_use]
    pub fn masked(&self) -> String {
        let (name, domain) = self.0.split_once('@').unwrap_or((&self.0, ""));
        format!("{}•••@{domain}", name.chars().take(1).collect::<String>())
    }

    /// The provider the person may have meant, where the domain is one slip away from a common one.
    #[must_use]
    pub fn likely_meant(&self) -> Option<String> {
        const COMMON: [&str; 8] = [
            "gmail.com",
            "mail.ru",
            "yandex.ru",
            "yandex.kz",
            "inbox.ru",
            "list.ru",
            "icloud.com",
            "outlook.com",
        ];
        let (name, domain) = self.0.split_once('@')?;
        if COMMON.contains(&domain) {
            return None;
        }
        COMMON
            .iter()
            .find(|known| one_slip(domain, known))
            .map(|known| format!("{name}@{known}"))
    }
}

/// One letter added, left out, changed, or two neighbours swapped.
fn one_slip(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let head = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (ra, rb) = (&a[head..], &b[head..]);
    match (ra.len(), rb.len()) {
        (x, y) if x == y && x > 0 => {
            ra[1..] == rb[1..] || (x > 1 && ra[0] == rb[1] && ra[1] == rb[0] && ra[2..] == rb[2..])
        }
        (x, y) if x == y + 1 => &ra[1..] == rb,
        (x, y) if y == x + 1 => ra == &rb[1..],
        _ => false,
    }
}

impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Email(masked)")
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

impl Serialize for Email {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Email {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_taken_and_its_domain_lowered() {
        assert_eq!(
            Email::parse(" Aliya.S+bjzq@Example.KZ ").map(|e| e.as_str().to_owned()),
            Ok("Aliya.S+bjzq@example.kz".to_owned())
        );
    }

    #[test]
    fn each_way_to_be_wrong_has_its_name() {
        assert_eq!(Email::parse(""), Err(EmailError::Empty));
        assert_eq!(Email::parse("aliya.example.kz"), Err(EmailError::At));
        assert_eq!(Email::parse("a@b@c.kz"), Err(EmailError::At));
        assert_eq!(Email::parse("әлия@example.kz"), Err(EmailError::Character('ә')));
        assert_eq!(Email::parse("a b@example.kz"), Err(EmailError::Character(' ')));
        assert_eq!(Email::parse(".a@example.kz"), Err(EmailError::Name));
        assert_eq!(Email::parse("a@example"), Err(EmailError::Domain));
        assert_eq!(Email::parse("a@-example.kz"), Err(EmailError::Domain));
        assert_eq!(
            Email::parse(&format!("{}@example.kz", "a".repeat(250))),
            Err(EmailError::TooLong)
        );
    }

    #[test]
    fn a_misspelt_provider_is_hinted_at() {
        let hint = |text: &str| Email::parse(text).unwrap().likely_meant();
        assert_eq!(hint("a@gmial.com").as_deref(), Some("a@gmail.com"));
        assert_eq!(hint("a@maill.ru").as_deref(), Some("a@mail.ru"));
        assert_eq!(hint("a@gmail.com"), None);
        assert_eq!(hint("a@enpf.kz"), None);
    }
}
