//! What changes from what to what, in words: while typing (as far as it can be told) and as frozen.

use crate::browser::components::{Change as Shown, ChangeList};
use crate::browser::markup::{IntoMarkup, Markup};
use crate::browser::signals::Signal;
use crate::browser::texts::{date, key, lang, t, tf};
use crate::domain::address::Address;
use crate::domain::form::{Field, FieldError, FormInput, Known, is_held};
use crate::domain::identity_document::{DocumentKind, IdentityDocument};
use crate::domain::phone::Phone;
use crate::domain::requisites::{Change, Requisites, difference};
use crate::texts::screen::Key;
use leptos::prelude::*;

/// The name of a kind of document.
#[must_use]
pub fn kind(kind: &DocumentKind) -> &'static str {
    t(match kind {
        DocumentKind::IdentityCard => key::KIND_IDENTITY_CARD,
        DocumentKind::Passport => key::KIND_PASSPORT,
        DocumentKind::ResidencePermit => key::KIND_RESIDENCE_PERMIT,
        DocumentKind::StatelessCard => key::KIND_STATELESS_CARD,
        DocumentKind::Other(_) => key::KIND_OTHER,
    })
}

/// `Жеке куәлік № 051234567`, with the series where there is one.
#[must_use]
pub fn document(document: &IdentityDocument) -> String {
    [kind(&document.kind), " ", &number(document)].concat()
}

/// `№ 051234567`
#[must_use]
pub fn number(document: &IdentityDocument) -> String {
    match document.series.as_deref() {
        Some(series) if !series.is_empty() => ["№ ", series, " ", &document.number].concat(),
        _ => ["№ ", &document.number].concat(),
    }
}

/// `14.03.2034 дейін`
#[must_use]
pub fn until(document: &IdentityDocument) -> String {
    document.valid_until.map_or_else(
        || t(key::DOCUMENT_NO_END).to_owned(),
        |end| tf(key::DOCUMENT_UNTIL_SHORT, &[("date", &date(end))]),
    )
}

/// A number as it is read: groups for Kazakhstan's, as kept for what the Fund holds from former days.
#[must_use]
pub fn phone(number: &str) -> String {
    match number.split_once(", ") {
        Some((main, extension)) => [&phone(main), ", ", extension].concat(),
        None => Phone::parse(number).map_or_else(|_| number.to_owned(), |phone| phone.spaced()),
    }
}

/// One change in words: label, before, after, and the field to go to.
#[must_use]
pub fn words(change: &Change) -> (Key, String, String, Field) {
    let phones = |label, before: &str, after: &str, field| (label, phone(before), phone(after), field);
    match change {
        Change::Document { before, after } => (
            key::CHANGE_DOCUMENT,
            before.as_deref().map(document).unwrap_or_default(),
            document(after),
            Field::Document,
        ),
        Change::Address { before, after } => {
            let field = if after.country.is_empty() {
                Field::Region
            } else {
                Field::Country
            };
            (
                key::CHANGE_ADDRESS,
                before.line(lang()),
                after.line(lang()),
                field,
            )
        }
        Change::Mobile { before, after } => phones(key::FIELD_MOBILE, before, after, Field::Mobile),
        Change::Home { before, after } => phones(key::FIELD_HOME, before, after, Field::Home),
        Change::Work { before, after } => phones(key::FIELD_WORK, before, after, Field::Work),
        Change::Email { before, after } => (key::FIELD_EMAIL, before.clone(), after.clone(), Field::Email),
    }
}

/// Changes as they stand, nothing of them unfinished.
#[must_use]
pub fn list(changes: &[Change]) -> Markup {
    let lines: Vec<Shown> = changes.iter().map(|change| line(change, false)).collect();
    shown(lines.into())
}

/// «Не өзгереді» as a list.
#[must_use]
pub fn shown(lines: Signal<Vec<Shown>>) -> Markup {
    view! {
        <ChangeList
            changes=lines
            before_word=t(key::CHANGE_BEFORE)
            after_word=t(key::CHANGE_AFTER)
            none=t(key::CHANGES_NONE)
        />
    }
    .markup()
}

fn line(change: &Change, unfinished: bool) -> Shown {
    let (label, before, after, _) = words(change);
    Shown {
        label: t(label).to_owned(),
        before,
        after: if unfinished {
            t(key::CHANGE_CORRECT).to_owned()
        } else if after.is_empty() {
            t(key::CHANGE_REMOVED).to_owned()
        } else {
            after
        },
        unfinished,
    }
}

/// The panel's lines while the form is being filled: what can't be told yet says so.
#[must_use]
pub fn so_far(input: &FormInput, known: &Known, errors: &[FieldError]) -> Vec<Shown> {
    let wrong = |fields: &[Field]| errors.iter().any(|error| fields.contains(&error.field));
    difference(&known.current, &as_typed(input, known))
        .iter()
        .map(|change| {
            let unfinished = match change {
                Change::Document { .. } => wrong(&[Field::Document]),
                Change::Address { .. } => wrong(&[
                    Field::Country,
                    Field::Abroad,
                    Field::Region,
                    Field::District,
                    Field::Settlement,
                    Field::Street,
                    Field::House,
                    Field::Flat,
                    Field::Postcode,
                ]),
                Change::Mobile { .. } => wrong(&[Field::Mobile]),
                Change::Home { .. } => wrong(&[Field::Home]),
                Change::Work { .. } => wrong(&[Field::Work, Field::WorkExtension]),
                Change::Email { .. } => wrong(&[Field::Email]),
            };
            line(change, unfinished)
        })
        .collect()
}

/// The requisites the form means, right or wrong; [`crate::domain::form::check`] alone decides what may be sent.
fn as_typed(input: &FormInput, known: &Known) -> Requisites {
    let tidy = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let number = |typed: &str, held: &str| {
        let typed = typed.trim();
        if is_held(typed, held) {
            return held.to_owned();
        }
        Phone::parse(typed).map_or_else(|_| typed.to_owned(), |phone| phone.e164().to_owned())
    };
    let unless = |absent: bool, text: &str| if absent { String::new() } else { tidy(text) };
    let held = &known.current;
    let home = !input.lives_abroad;
    let postcode = input.postcode.trim();
    Requisites {
        address: Address {
            country: unless(home, &input.country),
            abroad: unless(home, &input.abroad),
            region: unless(!home, &input.region),
            district: unless(!home, &input.district),
            settlement: unless(!home, &input.settlement),
            // A code alone changes nothing.
            kato: String::new(),
            street: unless(!home || input.no_street, &input.street),
            house: unless(!home || input.no_house, &input.house),
            flat: unless(!home, &input.flat),
            postcode: if !home {
                String::new()
            } else if postcode == held.address.postcode {
                postcode.to_owned()
            } else {
                crate::domain::postcode::Postcode::parse(postcode)
                    .map_or_else(|_| postcode.to_owned(), |code| code.as_str().to_owned())
            },
        },
        mobile: number(&input.mobile, &held.mobile),
        home: number(&input.home, &held.home),
        work: number(&input.work, &held.work),
        work_extension: unless(input.work.trim().is_empty(), &input.work_extension),
        email: if input.no_email {
            String::new()
        } else if is_held(&input.email, &held.email) {
            held.email.clone()
        } else {
            let typed = input.email.trim();
            crate::domain::email::Email::parse(typed)
                .map_or_else(|_| typed.to_owned(), |email| email.as_str().to_owned())
        },
        document: known
            .documents
            .iter()
            .find(|document| document.number == input.document)
            .cloned(),
    }
}
