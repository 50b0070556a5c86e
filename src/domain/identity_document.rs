//! Identity documents as GBD FL («Жеке тұлғалар» мемлекеттік деректер базасы) and the Fund hold them. Codes and names of
//! kinds, issuers and states are the register's own dictionaries.

use super::json::Json;
use super::lang::Lang;
use super::reading::{Read, part, reads};
use super::time::Date;
use serde::{Deserialize, Serialize};

/// The kinds an adult may hold. `Other` keeps the register's code of a kind not listed here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    /// 002, жеке куәлік / удостоверение личности
    IdentityCard,
    /// 001, паспорт
    Passport,
    /// тұруға ықтиярхат / вид на жительство
    ResidencePermit,
    /// азаматтығы жоқ адамның куәлігі / удостоверение лица без гражданства
    StatelessCard,
    Other(String),
}

impl Read for DocumentKind {
    fn read(from: &Json, sound: &mut bool) -> Self {
        match from.as_str() {
            Some("identity_card") => Self::IdentityCard,
            Some("passport") => Self::Passport,
            Some("residence_permit") => Self::ResidencePermit,
            Some("stateless_card") => Self::StatelessCard,
            _ => Self::Other(part(from, "other", sound)),
        }
    }
}

/// A dictionary value with its Kazakh and Russian name; there is no English one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    pub code: String,
    pub kk: String,
    pub ru: String,
}

reads!(Named { code, kk, ru });

impl Named {
    /// Kazakh for Kazakh readers, else Russian (the register has no English names).
    #[must_use]
    pub fn name(&self, lang: Lang) -> &str {
        match lang {
            Lang::Kk => &self.kk,
            Lang::Ru | Lang::En => &self.ru,
        }
    }
}

/// One document. `series` is absent for most.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdentityDocument {
    pub kind: DocumentKind,
    pub series: Option<String>,
    pub number: String,
    pub issued_on: Date,
    /// Absent for documents without an end.
    pub valid_until: Option<Date>,
    pub issued_by: Named,
}

reads!(IdentityDocument {
    kind,
    series,
    number,
    issued_on,
    valid_until,
    issued_by,
});

/// A document with what the register says of its state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegisteredDocument {
    pub document: IdentityDocument,
    /// The register's status code; `00` means «ҚҰЖАТ ЖАРАМДЫ».
    pub status: String,
    pub invalidated_on: Option<Date>,
}

impl RegisteredDocument {
    /// Status 00, begun, not past its end, not invalidated: the list also holds old documents.
    #[must_use]
    pub fn valid_on(&self, day: Date) -> bool {
        self.status == "00"
            && self.invalidated_on.is_none()
            && self.document.issued_on <= day
            && self.document.valid_until.is_none_or(|end| end >= day)
    }
}
