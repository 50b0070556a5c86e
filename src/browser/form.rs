//! The form's state in the browser: one signal per field, so that a key press redraws one field; and which fields show what
//! is wrong with them: those that were wrong when they were left, until they are left right.

use crate::browser::errors;
use crate::browser::signals::{Memo, RwSignal, Signal, StoredValue};
use crate::domain::cyrillic;
use crate::domain::form::{Field, FieldError, FormInput, Known, check, in_order};
use crate::domain::requisites::Requisites;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

macro_rules! fields {
    (texts: $($text:ident),+; flags: $($flag:ident),+) => {
        /// A signal per value of [`FormInput`].
        #[derive(Clone, Copy)]
        pub struct FormSignals {
            $(pub $text: RwSignal<String>,)+
            $(pub $flag: RwSignal<bool>,)+
        }

        impl FormSignals {
            #[must_use]
            pub fn new() -> Self {
                Self { $($text: RwSignal::new(String::new()),)+ $($flag: RwSignal::new(false),)+ }
            }

            /// The form as it stands; follows every field.
            #[must_use]
            pub fn gather(&self) -> FormInput {
                FormInput { $($text: self.$text.get(),)+ $($flag: self.$flag.get(),)+ }
            }

            #[must_use]
            pub fn gather_untracked(&self) -> FormInput {
                FormInput { $($text: self.$text.get_untracked(),)+ $($flag: self.$flag.get_untracked(),)+ }
            }

            /// Puts values into the fields that differ.
            pub fn fill(&self, input: FormInput) {
                $(if self.$text.with_untracked(|now| *now != input.$text) { self.$text.set(input.$text); })+
                $(if self.$flag.get_untracked() != input.$flag { self.$flag.set(input.$flag); })+
            }
        }
    };
}

fields! {
    texts: document, country, abroad, region, district, settlement, kato, street, house, flat, postcode, mobile, home, work,
        work_extension, email;
    flags: lives_abroad, no_street, no_house, mobile_is_mine, no_email, mobile_later, email_later
}

impl Default for FormSignals {
    fn default() -> Self {
        Self::new()
    }
}

impl FormSignals {
    /// The text of a field; the statement about the mobile number has none.
    #[must_use]
    pub fn text(&self, field: Field) -> Option<RwSignal<String>> {
        Some(match field {
            Field::Document => self.document,
            Field::Country => self.country,
            Field::Abroad => self.abroad,
            Field::Region => self.region,
            Field::District => self.district,
            Field::Settlement => self.settlement,
            Field::Street => self.street,
            Field::House => self.house,
            Field::Flat => self.flat,
            Field::Postcode => self.postcode,
            Field::Mobile => self.mobile,
            Field::MobileIsMine | Field::MobileCode | Field::EmailCode => return None,
            Field::Home => self.home,
            Field::Work => self.work,
            Field::WorkExtension => self.work_extension,
            Field::Email => self.email,
        })
    }
}

/// The verdict on the form and what of it is shown.
#[derive(Clone, Copy)]
pub struct Checked {
    pub verdict: Memo<Result<Requisites, Vec<FieldError>>>,
    pub known: Signal<Known>,
    fields: FormSignals,
    /// A bit per field, in the order of [`Field::ALL`].
    shown: RwSignal<u32>,
    touched: StoredValue<u32>,
    /// What the server alone found wrong, until the field changes.
    said: RwSignal<Vec<(FieldError, String)>>,
}

impl Checked {
    #[must_use]
    pub fn new(fields: FormSignals, known: Signal<Known>) -> Self {
        Self {
            verdict: Memo::new(move |_| known.with(|known| check(&fields.gather(), known))),
            known,
            fields,
            shown: RwSignal::new(0),
            touched: StoredValue::new(0),
            said: RwSignal::new(Vec::new()),
        }
    }

    /// The errors of the form, of the server too, in the order of the screen.
    #[must_use]
    pub fn errors(self) -> Vec<FieldError> {
        let mut errors = self
            .verdict
            .with(|verdict| verdict.as_ref().err().cloned().unwrap_or_default());
        self.said.with(|said| {
            for (error, value) in said {
                let unchanged = self
                    .fields
                    .text(error.field)
                    .is_none_or(|text| text.with(|text| text == value));
                if unchanged && errors.iter().all(|known| known.field != error.field) {
                    errors.push(error.clone());
                }
            }
        });
        in_order(&mut errors);
        errors
    }

    /// The text at a field; empty while nothing is shown.
    #[must_use]
    pub fn error(self, field: Field) -> Signal<String> {
        Signal::derive(move || {
            if self.shown.get() & bit(field) == 0 {
                return String::new();
            }
            let found = self.errors().into_iter().find(|error| error.field == field);
            found
                .map(|error| errors::field(field, &error.problem))
                .unwrap_or_default()
        })
    }

    /// The field was typed in.
    #[must_use]
    pub fn typed(self, field: Field) -> Callback<()> {
        Callback::new(move |()| self.touched.update_value(|bits| *bits |= bit(field)))
    }

    /// The field was left: wrong from now on shows, right hides. One that was only passed through isn't judged.
    #[must_use]
    pub fn left(self, field: Field) -> Callback<()> {
        Callback::new(move |()| {
            let wrong = untrack(|| self.errors()).iter().any(|error| error.field == field);
            if self.touched.get_value() & bit(field) != 0 {
                self.shown.update(|bits| {
                    if wrong {
                        *bits |= bit(field);
                    } else {
                        *bits &= !bit(field);
                    }
                });
            }
        })
    }

    /// Shows everything that is wrong.
    pub fn show_all(self) {
        let _ = self.shown.try_set(u32::MAX);
    }

    /// Nothing is shown any longer, as in a form just opened.
    pub fn forget(self) {
        let _ = self.shown.try_set(0);
        self.touched.set_value(0);
        let _ = self.said.try_set(Vec::new());
    }

    /// Keeps what the server found, beside what the fields held then.
    pub fn heed(self, errors: Vec<FieldError>) {
        let with_values = errors.into_iter().map(|error| {
            let value = self.fields.text(error.field).map(|text| text.get_untracked());
            (error, value.unwrap_or_default())
        });
        self.said.set(with_values.collect());
        self.show_all();
    }
}

fn bit(field: Field) -> u32 {
    1 << Field::ALL.iter().position(|one| *one == field).unwrap_or(31)
}

/// Latin letters replaced while typing in a Cyrillic field, with the way back: what was typed is kept beside what is shown.
#[derive(Clone, Copy)]
pub struct Repair {
    pub letters: RwSignal<Vec<(char, char)>>,
    value: RwSignal<String>,
    original: StoredValue<String>,
    shown: StoredValue<String>,
    /// The person took the repair back: this text is left alone until the field is emptied.
    refused: StoredValue<bool>,
}

impl Repair {
    #[must_use]
    pub fn of(value: RwSignal<String>) -> Self {
        Self {
            letters: RwSignal::new(Vec::new()),
            value,
            original: StoredValue::new(String::new()),
            shown: StoredValue::new(String::new()),
            refused: StoredValue::new(false),
        }
    }

    /// After a change by the person: repairs what was typed, without moving the cursor.
    pub fn typed(self) {
        let typed = self.value.get_untracked();
        if typed.is_empty() {
            self.refused.set_value(false);
        }
        if self.refused.get_value() {
            return;
        }
        let repaired = cyrillic::repair(&typed);
        let original = carry_over(&self.original.get_value(), &self.shown.get_value(), &typed);
        let mut letters: Vec<(char, char)> = Vec::new();
        for pair in original.chars().zip(repaired.text.chars()) {
            if pair.0 != pair.1 && !letters.contains(&pair) {
                letters.push(pair);
            }
        }
        self.letters.set(letters);
        self.original.set_value(original);
        self.shown.set_value(repaired.text.clone());
        if repaired.text != typed {
            put(&repaired.text);
            self.value.set(repaired.text);
        }
    }

    /// Puts the letters back as they were typed.
    #[must_use]
    pub fn undo(self) -> Callback<()> {
        Callback::new(move |()| {
            self.refused.set_value(true);
            self.letters.set(Vec::new());
            self.value.set(self.original.get_value());
        })
    }
}

/// The original of `typed`: where it repeats what was shown, the original of that.
fn carry_over(original: &str, shown: &str, typed: &str) -> String {
    let (original, shown, typed): (Vec<char>, Vec<char>, Vec<char>) = (
        original.chars().collect(),
        shown.chars().collect(),
        typed.chars().collect(),
    );
    if original.len() != shown.len() {
        return typed.into_iter().collect();
    }
    let shorter = shown.len().min(typed.len());
    let head = shown.iter().zip(&typed).take_while(|(a, b)| a == b).count();
    let tail = shown
        .iter()
        .rev()
        .zip(typed.iter().rev())
        .take(shorter - head)
        .take_while(|(a, b)| a == b)
        .count();
    let kept_tail = &original[original.len() - tail..];
    original[..head]
        .iter()
        .chain(&typed[head..typed.len() - tail])
        .chain(kept_tail)
        .collect()
}

/// Writes into the field that has the focus, keeping the cursor where it is.
fn put(text: &str) {
    let field = document()
        .active_element()
        .and_then(|element| element.dyn_into::<web_sys::HtmlInputElement>().ok());
    if let Some(field) = field {
        let at = field.selection_start().ok().flatten();
        field.set_value(text);
        if let Some(at) = at {
            let _ = field.set_selection_range(at, at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::carry_over;

    #[test]
    fn an_original_follows_what_is_typed_before_within_and_after_it() {
        assert_eq!(carry_over("", "", "Ai"), "Ai");
        assert_eq!(carry_over("Ai", "Аі", "Аібк"), "Aiбк");
        assert_eq!(carry_over("Ai", "Аі", "АXі"), "AXi");
        assert_eq!(carry_over("Ai", "Аі", "і"), "i");
        assert_eq!(carry_over("Ai", "Аі", ""), "");
    }
}
