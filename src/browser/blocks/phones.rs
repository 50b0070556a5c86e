//! «Байланыс телефондары»: the mobile number must be the person's own; home and work may be left empty, and emptied.

use super::entry::Entry;
use super::plain::{block, division};
use super::proof;
use crate::api::contacts::ContactKind;
use crate::browser::components::{Checkbox, FieldKind};
use crate::browser::draft::DraftKeeper;
use crate::browser::form::Checked;
use crate::browser::markup::{IntoMarkup, Markup, maybe};
use crate::browser::signals::{Memo, StoredValue};
use crate::browser::texts::{key, t};
use crate::domain::form::Field;
use crate::domain::phone::Phone;
use leptos::prelude::*;

#[must_use]
pub fn view(keeper: DraftKeeper, checked: Checked) -> Markup {
    let fields = keeper.fields;
    let held = StoredValue::new(checked.known.with_untracked(|known| known.current.mobile.clone()));
    // Asked only of a number the Fund doesn't hold yet.
    let is_new = Memo::new(move |_| {
        fields.mobile.with(|typed| {
            let typed = typed.trim();
            let e164 = Phone::parse(typed).map_or_else(|_| typed.to_owned(), |phone| phone.e164().to_owned());
            !typed.is_empty() && held.with_value(|held| *held != typed && *held != e164)
        })
    });
    let mine = maybe(move || {
        is_new.get().then(|| {
            let mine = view! {
                <Checkbox
                    id="mobile-is-mine"
                    value=fields.mobile_is_mine
                    error=checked.error(Field::MobileIsMine)
                    on_change=checked.typed(Field::MobileIsMine)
                >
                    {t(key::MOBILE_IS_MINE)}
                </Checkbox>
            };
            mine.markup()
        })
    });
    let mobile = Entry {
        hint: t(key::FIELD_MOBILE_HINT),
        // Put off is one number and not the next.
        typed: Some(Callback::new(move |()| fields.mobile_later.set(false))),
        ..Entry::new(Field::Mobile, key::FIELD_MOBILE, fields.mobile, FieldKind::Phone)
    };
    let may_stay_empty = |field, label, value, kind, autocomplete| {
        let entry = Entry {
            optional: true,
            autocomplete: Some(autocomplete),
            ..Entry::new(field, label, value, kind)
        };
        entry.view(checked)
    };
    let home = may_stay_empty(
        Field::Home,
        key::FIELD_HOME,
        fields.home,
        FieldKind::Phone,
        "home tel",
    );
    let work = may_stay_empty(
        Field::Work,
        key::FIELD_WORK,
        fields.work,
        FieldKind::Phone,
        "work tel",
    );
    let extension = may_stay_empty(
        Field::WorkExtension,
        key::FIELD_EXTENSION,
        fields.work_extension,
        FieldKind::Digits,
        "work tel-extension",
    );
    let lines = vec![
        mobile.view(checked),
        mine,
        proof::view(keeper, checked, ContactKind::Mobile),
        home,
        division("fields__pair", vec![work, extension]),
    ];
    block(
        "block-phones",
        t(key::BLOCK_PHONES),
        t(key::BLOCK_PHONES_TEXT).to_owned(),
        vec![division("fields", lines)],
    )
}
