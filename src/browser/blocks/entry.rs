//! A line of the form: a text field with its rule, judged when it is left; a Cyrillic one repairs Latin look-alikes before
//! the person's eyes.

use super::places::Suggest;
use crate::browser::components::{
    Checkbox, Combobox, ComboboxProps, FieldKind, RepairNotice, TextField, TextFieldProps,
};
use crate::browser::form::{Checked, Repair};
use crate::browser::markup::{IntoMarkup, Markup};
use crate::browser::signals::{RwSignal, Signal};
use crate::browser::texts::{key, t, tf};
use crate::domain::form::Field;
use crate::texts::screen::Key;
use leptos::prelude::*;

/// What is asked. Its HTML id is the field's.
pub struct Entry {
    pub field: Field,
    pub label: &'static str,
    pub value: RwSignal<String>,
    pub kind: FieldKind,
    pub hint: &'static str,
    /// May stay empty, and says so.
    pub optional: bool,
    pub cyrillic: bool,
    pub autocomplete: Option<&'static str>,
    /// Stands under the field.
    pub notice: Option<Markup>,
    /// What the field suggests.
    pub suggest: Option<Suggest>,
    /// After each change by the person.
    pub typed: Option<Callback<()>>,
}

impl Entry {
    #[must_use]
    pub fn new(field: Field, label: Key, value: RwSignal<String>, kind: FieldKind) -> Self {
        Self {
            field,
            label: t(label),
            value,
            kind,
            hint: "",
            optional: false,
            cyrillic: false,
            autocomplete: None,
            notice: None,
            suggest: None,
            typed: None,
        }
    }

    /// A part of an address, in Cyrillic letters.
    #[must_use]
    pub fn cyrillic(field: Field, label: Key, value: RwSignal<String>, kind: FieldKind) -> Self {
        Self {
            cyrillic: true,
            ..Self::new(field, label, value, kind)
        }
    }

    #[must_use]
    pub fn view(self, checked: Checked) -> Markup {
        let repair = self.cyrillic.then(|| Repair::of(self.value));
        let (touch, also) = (checked.typed(self.field), self.typed);
        let typed = Callback::new(move |()| {
            touch.run(());
            if let Some(repair) = repair {
                repair.typed();
            }
            if let Some(also) = also {
                also.run(());
            }
            if let Some(suggest) = self.suggest {
                suggest.typed.run(());
            }
        });
        let notice = self.notice.or_else(|| repair.map(repaired));
        // The new postal index has letters.
        let inputmode = (self.field == Field::Postcode).then_some("text");
        let mark = if self.optional { t(key::OPTIONAL) } else { "" };
        if let Some(suggest) = self.suggest {
            return Combobox(ComboboxProps {
                id: self.field.id(),
                label: self.label.to_owned(),
                value: self.value,
                suggestions: suggest.lines,
                count: Callback::new(|count: usize| tf(key::PLACES_FOUND, &[("count", &count.to_string())])),
                hint: self.hint.to_owned(),
                error: checked.error(self.field),
                optional_mark: mark.to_owned(),
                autocomplete: self.autocomplete,
                maxlength: None,
                notice: notice.map(Markup::view),
                on_type: Some(typed),
                on_pick: Some(suggest.pick),
                on_leave: Some(checked.left(self.field)),
            })
            .markup();
        }
        TextField(TextFieldProps {
            id: self.field.id(),
            label: self.label.to_owned(),
            value: self.value,
            kind: self.kind,
            hint: self.hint.to_owned(),
            error: checked.error(self.field),
            optional_mark: mark.to_owned(),
            prefix: String::new(),
            suffix: String::new(),
            autocomplete: self.autocomplete,
            inputmode,
            maxlength: None,
            inactive: Signal::default(),
            notice: notice.map(Markup::view),
            on_type: Some(typed),
            on_leave: Some(checked.left(self.field)),
        })
        .markup()
    }
}

/// A box to tick.
#[must_use]
pub fn tick(id: &'static str, value: RwSignal<bool>, words: Key) -> Markup {
    view! { <Checkbox id=id value=value>{t(words)}</Checkbox> }.markup()
}

fn repaired(repair: Repair) -> Markup {
    view! {
        <RepairNotice
            letters=repair.letters
            words=t(key::REPAIR_NOTICE)
            undo=t(key::REPAIR_UNDO)
            on_undo=repair.undo()
        />
    }
    .markup()
}
