//! A person as an authority writes them: the names are facts, never mended here.

use super::iin::Iin;
use super::time::Date;
use serde::{Deserialize, Serialize};

/// Surname, name, patronymic (absent for many), birth date and IIN, as one register holds them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    pub iin: Iin,
    pub surname: String,
    pub given_name: String,
    pub patronymic: Option<String>,
    pub birth_date: Date,
}

impl Person {
    /// `Серікқызы Әлия Маратқызы`, as far as present.
    #[must_use]
    pub fn full_name(&self) -> String {
        let patronymic = self.patronymic.as_deref().unwrap_or_default();
        [&self.surname, &self.given_name, patronymic]
            .into_iter()
            .filter(|s| !s.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// Name and patronymic: how the cabinet addresses a person.
    #[must_use]
    pub fn address_form(&self) -> String {
        match &self.patronymic {
            Some(patronymic) if !patronymic.is_empty() => format!("{} {patronymic}", self.given_name),
            _ => self.given_name.clone(),
        }
    }
}
