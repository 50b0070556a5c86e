//! The application's document: the PDF a person signs. The same data give the same bytes (no clock, no chance); the language
//! is the application's, with Kazakh always first; tagged, PDF/A-2a and PDF/UA-1, fonts embedded as subsets. What is signed
//! is exactly these bytes.

mod font;
mod layout;
mod paint;
pub mod receipt;

use crate::api::records::{Account, Contribution};
use crate::domain::address::Address;
use crate::domain::form::Field;
use crate::domain::identity_document::{DocumentKind, IdentityDocument};
use crate::domain::lang::Lang;
use crate::domain::person::Person;
use crate::domain::requisites::Change;
use crate::domain::time::Timestamp;
use crate::texts::fill;
use crate::texts::outgoing::{Key, key, text};
use layout::{Piece, Words};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// Everything the document says. Kept beside the frozen bytes: the page to check is made from it too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// `2026-000184`
    pub number: String,
    pub lang: Lang,
    pub made_at: Timestamp,
    pub person: Person,
    pub accounts: Vec<Account>,
    pub changes: Vec<Change>,
    /// The person ticked that the new mobile number is their own.
    pub own_mobile: bool,
    /// New contacts that no code has come back from («расталмаған»): mobile, e-mail.
    #[serde(default)]
    pub unproven: Vec<Field>,
    pub consent: Consent,
}

/// The consent as it was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    pub text_version: String,
    pub lang: Lang,
    pub given_at: Timestamp,
}

/// The consent's paragraphs, the same as on the screen.
const CONSENT: [Key; 6] = [
    key::CONSENT_1,
    key::CONSENT_2,
    key::CONSENT_3,
    key::CONSENT_4,
    key::CONSENT_5,
    key::CONSENT_LAW,
];

/// A rendered document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    pub pdf: Vec<u8>,
    pub sha256: [u8; 32],
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RenderError {
    #[error("the document's fonts are damaged")]
    Fonts,
    #[error("the document doesn't meet its standard: {0}")]
    Standard(String),
}

/// Makes the document.
///
/// # Errors
/// [`RenderError`]: a fault of the program, not of the data.
pub fn render(content: &Content) -> Result<Rendered, RenderError> {
    let sheet = Sheet {
        lang: content.lang,
        number: &content.number,
        title: key::PDF_TITLE,
        made_at: content.made_at,
        id: &content.number,
    };
    rendered(&sheet, &pieces(content))
}

/// What is said of a document beside its pieces: in its foot and its metadata.
struct Sheet<'a> {
    lang: Lang,
    /// Of the application.
    number: &'a str,
    title: Key,
    made_at: Timestamp,
    /// Names the document among all others.
    id: &'a str,
}

fn rendered(sheet: &Sheet<'_>, pieces: &[Piece]) -> Result<Rendered, RenderError> {
    let pdf = paint::paint(sheet, pieces)?;
    let sha256 = Sha256::digest(&pdf).into();
    Ok(Rendered { pdf, sha256 })
}

/// The document from top to bottom.
fn pieces(content: &Content) -> Vec<Piece> {
    let lang = content.lang;
    let both = |key| beside(lang, |lang| text(lang, key).to_owned());
    let row = |label, value: Words| Piece::Row {
        label: both(label),
        value,
    };
    let mut pieces = vec![
        Piece::Paragraph(both(key::PDF_ADDRESSEE)),
        Piece::Title(both(key::PDF_TITLE)),
        Piece::Paragraph(both(key::PDF_SUBJECT)),
        row(key::PDF_NUMBER, plain(&content.number)),
        row(key::PDF_MADE_AT, time(lang, content.made_at)),
        Piece::Heading(both(key::PDF_APPLICANT)),
        row(key::PDF_FULL_NAME, plain(&content.person.full_name())),
        row(key::PDF_IIN, plain(content.person.iin.digits())),
        row(key::PDF_BIRTH_DATE, plain(&content.person.birth_date.dotted())),
        Piece::Heading(both(key::PDF_REQUEST)),
    ];
    let mut block = None;
    for change in &content.changes {
        pieces.extend(change_pieces(change, lang, &mut block));
        if matches!(change, Change::Document { .. }) {
            pieces.push(Piece::Paragraph(both(key::PDF_OVERWRITE)));
        }
        if change
            .new_contact()
            .is_some_and(|(field, _)| content.unproven.contains(&field))
        {
            pieces.push(Piece::Paragraph(both(key::PDF_UNPROVEN)));
        }
    }
    if !content.accounts.is_empty() {
        pieces.push(Piece::Heading(both(key::PDF_ACCOUNTS)));
        pieces.extend(
            content
                .accounts
                .iter()
                .map(|account| Piece::Paragraph(account_line(account, lang))),
        );
    }
    if content.own_mobile {
        pieces.push(Piece::Heading(both(key::PDF_STATEMENTS)));
        pieces.push(Piece::Paragraph(both(key::PDF_OWN_MOBILE)));
    }
    let consent = &content.consent;
    let name = content.person.full_name();
    let read = |key| beside(consent.lang, |lang| fill(text(lang, key), &[("name", &name)]));
    pieces.push(Piece::Heading(read(key::PDF_CONSENT_HEADING)));
    pieces.extend(CONSENT.map(|key| Piece::Paragraph(read(key))));
    pieces.push(Piece::Paragraph(beside(consent.lang, |lang| {
        let values = [
            ("time", &*at(lang, consent.given_at)),
            ("version", &consent.text_version),
        ];
        fill(text(lang, key::PDF_CONSENT_GIVEN), &values)
    })));
    pieces
}

/// One change from what to what; the block's heading where another block begins.
fn change_pieces(change: &Change, lang: Lang, block: &mut Option<Key>) -> Vec<Piece> {
    let both = |key| beside(lang, |lang| text(lang, key).to_owned());
    let (heading, field, before, after) = said(change, lang);
    let mut pieces = Vec::new();
    if block.replace(heading) != Some(heading) {
        pieces.push(Piece::Subheading(both(heading)));
    }
    if field != heading {
        pieces.push(Piece::Label(both(field)));
    }
    for (label, value) in [(key::PDF_BEFORE, before), (key::PDF_AFTER, after)] {
        pieces.push(Piece::Row {
            label: both(label),
            value,
        });
    }
    pieces
}

/// Kazakh, and the application's language beside it where that says something else.
fn beside(lang: Lang, say: impl Fn(Lang) -> String) -> Words {
    let kazakh = say(Lang::Kk);
    let other = say(lang);
    if other == kazakh {
        vec![(Lang::Kk, kazakh)]
    } else {
        vec![(Lang::Kk, kazakh), (lang, other)]
    }
}

fn plain(value: &str) -> Words {
    vec![(Lang::Kk, value.to_owned())]
}

fn at(lang: Lang, time: Timestamp) -> String {
    let values = [("date", &*time.date_kz().dotted()), ("clock", &time.clock_kz())];
    fill(text(lang, key::PDF_TIME), &values)
}

fn time(lang: Lang, time: Timestamp) -> Words {
    beside(lang, |lang| at(lang, time))
}

/// Field, before and after of a change in one language, for those who show it outside the document.
#[must_use]
pub fn told(change: &Change, lang: Lang) -> (Key, String, String) {
    // Kazakh comes first, the language itself last; where they say the same there is one.
    let own = |words: Words| {
        words
            .into_iter()
            .next_back()
            .map_or_else(String::new, |(_, text)| text)
    };
    let (_, field, before, after) = said(change, lang);
    (field, own(before), own(after))
}

/// Block, field, before and after of a change.
fn said(change: &Change, lang: Lang) -> (Key, Key, Words, Words) {
    let absent = || beside(lang, |lang| text(lang, key::PDF_ABSENT).to_owned());
    let removed = || beside(lang, |lang| text(lang, key::PDF_REMOVED).to_owned());
    let or = |value: &str, otherwise: fn(Lang) -> Words| {
        if value.is_empty() {
            otherwise(lang)
        } else {
            plain(value)
        }
    };
    let texts = |before: &str, after: &str| {
        (
            or(before, |lang| {
                beside(lang, |l| text(l, key::PDF_ABSENT).to_owned())
            }),
            or(after, |lang| {
                beside(lang, |l| text(l, key::PDF_REMOVED).to_owned())
            }),
        )
    };
    let (block, field, (before, after)) = match change {
        Change::Document { before, after } => (
            key::PDF_BLOCK_DOCUMENT,
            key::PDF_BLOCK_DOCUMENT,
            (
                before
                    .as_deref()
                    .map_or_else(absent, |document| document_line(document, lang)),
                document_line(after, lang),
            ),
        ),
        Change::Address { before, after } => {
            let line = |address: &Address, otherwise: Words| {
                if address.is_empty() {
                    otherwise
                } else {
                    beside(lang, |lang| address.line(lang))
                }
            };
            (
                key::PDF_BLOCK_ADDRESS,
                key::PDF_POSTAL_ADDRESS,
                (line(before, absent()), line(after, removed())),
            )
        }
        Change::Mobile { before, after } => (key::PDF_BLOCK_PHONES, key::PDF_MOBILE, texts(before, after)),
        Change::Home { before, after } => (key::PDF_BLOCK_PHONES, key::PDF_HOME, texts(before, after)),
        Change::Work { before, after } => (key::PDF_BLOCK_PHONES, key::PDF_WORK, texts(before, after)),
        Change::Email { before, after } => (key::PDF_BLOCK_CONTRACT, key::PDF_EMAIL, texts(before, after)),
    };
    (block, field, before, after)
}

fn document_line(document: &IdentityDocument, lang: Lang) -> Words {
    beside(lang, |lang| {
        let kind = match &document.kind {
            DocumentKind::IdentityCard => key::PDF_IDENTITY_CARD,
            DocumentKind::Passport => key::PDF_PASSPORT,
            DocumentKind::ResidencePermit => key::PDF_RESIDENCE_PERMIT,
            DocumentKind::StatelessCard => key::PDF_STATELESS_CARD,
            DocumentKind::Other(_) => key::PDF_OTHER_DOCUMENT,
        };
        let number = match &document.series {
            Some(series) => format!("{series} {}", document.number),
            None => document.number.clone(),
        };
        let until = document
            .valid_until
            .map_or_else(|| text(lang, key::PDF_NO_END).to_owned(), |end| end.dotted());
        let values = [
            ("kind", text(lang, kind)),
            ("number", &number),
            ("issued", &document.issued_on.dotted()),
            ("until", &until),
            ("issuer", document.issued_by.name(lang)),
        ];
        fill(text(lang, key::PDF_DOCUMENT_LINE), &values)
    })
}

fn account_line(account: &Account, lang: Lang) -> Words {
    let contribution = match account.contribution {
        Contribution::Mandatory => key::PDF_CONTRIBUTION_MANDATORY,
        Contribution::MandatoryOccupational => key::PDF_CONTRIBUTION_MANDATORY_OCCUPATIONAL,
        Contribution::Voluntary => key::PDF_CONTRIBUTION_VOLUNTARY,
        Contribution::EmployersMandatory => key::PDF_CONTRIBUTION_EMPLOYERS_MANDATORY,
    };
    beside(lang, |lang| {
        let values = [
            ("number", account.number.as_str()),
            ("contribution", text(lang, contribution)),
        ];
        fill(text(lang, key::PDF_ACCOUNT_LINE), &values)
    })
}

#[cfg(test)]
mod tests;
