//! «Байланыс телефондары»: the mobile number must be the person's own; home and work may be left empty, and emptied.

use crate::browser::components::{Block, Checkbox, FieldKind, TextField};
use crate::browser::draft::DraftKeeper;
use crate::browser::form::Checked;
use crate::browser::texts::{key, t};
use crate::domain::form::Field;
use crate::domain::phone::Phone;
use leptos::prelude::*;

#[must_use]
pub fn view(keeper: DraftKeeper, checked: Checked) -> AnyView {
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
    let mine = move || {
        is_new.get().then(|| {
            view! {
                <Checkbox
                    id="mobile-is-mine"
                    value=fields.mobile_is_mine
                    error=checked.error(Field::MobileIsMine)
                    on_change=checked.typed(Field::MobileIsMine)
                >
                    {t(key::MOBILE_IS_MINE)}
                </Checkbox>
            }
        })
    };
    let phone = move |id: &'static str, label, field: Field, value, autocomplete: &'static str| {
        view! {
            <TextField
                id=id
                kind=FieldKind::Phone
                label=t(label)
                optional_mark=t(key::OPTIONAL)
                autocomplete=autocomplete
                value=value
                error=checked.error(field)
                on_type=checked.typed(field)
                on_leave=checked.left(field)
            />
        }
        .into_any()
    };
    view! {
        <Block id="block-phones" title=t(key::BLOCK_PHONES) why=t(key::BLOCK_PHONES_TEXT).to_owned()>
            <div class="fields">
                <TextField
                    id="mobile"
                    kind=FieldKind::Phone
                    label=t(key::FIELD_MOBILE)
                    hint=t(key::FIELD_MOBILE_HINT)
                    value=fields.mobile
                    error=checked.error(Field::Mobile)
                    on_type=checked.typed(Field::Mobile)
                    on_leave=checked.left(Field::Mobile)
                />
                {mine}
                {phone("home", key::FIELD_HOME, Field::Home, fields.home, "home tel")}
                <div class="fields__pair">
                    {phone("work", key::FIELD_WORK, Field::Work, fields.work, "work tel")}
                    <TextField
                        id="work-extension"
                        kind=FieldKind::Digits
                        label=t(key::FIELD_EXTENSION)
                        optional_mark=t(key::OPTIONAL)
                        autocomplete="tel-extension"
                        value=fields.work_extension
                        error=checked.error(Field::WorkExtension)
                        on_type=checked.typed(Field::WorkExtension)
                        on_leave=checked.left(Field::WorkExtension)
                    />
                </div>
            </div>
        </Block>
    }
    .into_any()
}
