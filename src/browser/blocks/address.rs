//! «Мекенжай»: region, district or city, settlement where there is one, street, house; in Cyrillic, with Latin look-alikes
//! repaired before the person's eyes; ways out for those who have no street name or house number, or live abroad.

use crate::browser::components::{
    Block, Button, ButtonKind, Checkbox, Choice, FieldKind, Notice, RepairNotice, Select, TextField,
};
use crate::browser::draft::DraftKeeper;
use crate::browser::form::{Checked, Repair};
use crate::browser::texts::{key, lang, t};
use crate::domain::address::{Address, REGIONS, Region};
use crate::domain::form::{Field, asks_settlement};
use leptos::prelude::*;

#[must_use]
pub fn view(keeper: DraftKeeper, checked: Checked, registered: Option<Address>) -> AnyView {
    let fields = keeper.fields;
    let from_register = registered.map(|registered| {
        let fill = Callback::new(move |()| take(keeper, &registered));
        view! {
            <div class="actions">
                <Button kind=ButtonKind::Link on_press=fill>{t(key::ADDRESS_REGISTERED)}</Button>
            </div>
        }
    });
    let abroad = Memo::new(move |_| fields.lives_abroad.get());
    let body = move || {
        if abroad.get() {
            abroad_fields(keeper, checked)
        } else {
            fields_at_home(keeper, checked)
        }
    };
    view! {
        <Block id="block-address" title=t(key::BLOCK_ADDRESS) why=t(key::BLOCK_ADDRESS_TEXT).to_owned()>
            <div class="fields">
                {from_register}
                {body}
                <Checkbox id="lives-abroad" value=fields.lives_abroad>{t(key::ADDRESS_ABROAD)}</Checkbox>
            </div>
        </Block>
    }
    .into_any()
}

/// GBD FL's registered address into the fields.
fn take(keeper: DraftKeeper, registered: &Address) {
    let mut input = keeper.fields.gather_untracked();
    input.lives_abroad = false;
    input.region.clone_from(&registered.region);
    input.district.clone_from(&registered.district);
    input.settlement.clone_from(&registered.settlement);
    input.street.clone_from(&registered.street);
    input.no_street = registered.street.is_empty() && !registered.house.is_empty();
    input.house.clone_from(&registered.house);
    input.no_house = registered.house.is_empty() && !registered.street.is_empty();
    input.flat.clone_from(&registered.flat);
    if !registered.postcode.is_empty() {
        input.postcode.clone_from(&registered.postcode);
    }
    keeper.fields.fill(input);
}

fn abroad_fields(keeper: DraftKeeper, checked: Checked) -> AnyView {
    let fields = keeper.fields;
    view! {
        <TextField
            id="country"
            label=t(key::FIELD_COUNTRY)
            value=fields.country
            autocomplete="country-name"
            error=checked.error(Field::Country)
            on_type=checked.typed(Field::Country)
            on_leave=checked.left(Field::Country)
        />
        <TextField
            id="abroad"
            kind=FieldKind::Address
            label=t(key::FIELD_ABROAD)
            hint=t(key::FIELD_ABROAD_HINT)
            value=fields.abroad
            autocomplete="street-address"
            error=checked.error(Field::Abroad)
            on_type=checked.typed(Field::Abroad)
            on_leave=checked.left(Field::Abroad)
        />
    }
    .into_any()
}

fn fields_at_home(keeper: DraftKeeper, checked: Checked) -> AnyView {
    let fields = keeper.fields;
    let regions: Vec<Choice> = REGIONS
        .iter()
        .map(|region| Choice::new(region.code, region.name(lang()), ""))
        .collect();
    let is_city = Memo::new(move |_| {
        fields
            .region
            .with(|code| Region::by_code(code).is_some_and(Region::is_city))
    });
    let with_settlement = Memo::new(move |_| {
        let asked = fields
            .region
            .with(|region| fields.district.with(|district| asks_settlement(region, district)));
        // What stands there must stay visible, or it couldn't be removed.
        asked || !fields.settlement.with(String::is_empty)
    });
    // District and settlement belong to the region: after another region is chosen the person is asked to look.
    let moved = RwSignal::new(false);
    let region_chosen = Callback::new(move |()| {
        checked.typed(Field::Region).run(());
        checked.left(Field::Region).run(());
        moved.set(!fields.district.with_untracked(String::is_empty));
    });
    let district = move || {
        let label = if is_city.get() {
            key::FIELD_DISTRICT_CITY
        } else {
            key::FIELD_DISTRICT
        };
        let mark = if is_city.get() { t(key::OPTIONAL) } else { "" };
        let hint = if is_city.get() {
            ""
        } else {
            t(key::FIELD_DISTRICT_HINT)
        };
        cyrillic(
            checked,
            Cyrillic {
                id: "district",
                label: t(label),
                hint,
                mark,
                value: fields.district,
                field: Field::District,
                kind: FieldKind::Address,
                typed: Some(Callback::new(move |()| moved.set(false))),
            },
        )
    };
    let settlement = move || {
        with_settlement.get().then(|| {
            let needed = fields.region.with_untracked(|region| {
                fields
                    .district
                    .with_untracked(|district| asks_settlement(region, district))
            });
            let mark = if needed { "" } else { t(key::OPTIONAL) };
            cyrillic(
                checked,
                Cyrillic {
                    mark,
                    ..Cyrillic::of(
                        "settlement",
                        key::FIELD_SETTLEMENT,
                        fields.settlement,
                        Field::Settlement,
                    )
                },
            )
        })
    };
    let street = move || {
        (!fields.no_street.get()).then(|| {
            cyrillic(
                checked,
                Cyrillic::of("street", key::FIELD_STREET, fields.street, Field::Street),
            )
        })
    };
    let house = move || {
        (!fields.no_house.get()).then(|| {
            let house = Cyrillic::of("house", key::FIELD_HOUSE, fields.house, Field::House);
            cyrillic(
                checked,
                Cyrillic {
                    kind: FieldKind::Short,
                    ..house
                },
            )
        })
    };
    let flat = Cyrillic::of("flat", key::FIELD_FLAT, fields.flat, Field::Flat);
    let postcode_mark = Signal::derive(move || fields.no_email.get());
    view! {
        <div class="fields__pair">
            <Select
                id="region"
                label=t(key::FIELD_REGION)
                choices=regions
                value=fields.region
                empty=t(key::FIELD_REGION_CHOOSE)
                error=checked.error(Field::Region)
                on_choose=region_chosen
            />
            {district}
        </div>
        {move || moved.get().then(|| view! { <Notice spoken=true>{t(key::FIELD_DISTRICT_CHECK)}</Notice> })}
        {settlement}
        {street}
        <Checkbox id="no-street" value=fields.no_street>{t(key::NO_STREET)}</Checkbox>
        <div class="fields__pair">
            {house}
            {cyrillic(checked, Cyrillic { kind: FieldKind::Short, mark: t(key::OPTIONAL), ..flat })}
        </div>
        <Checkbox id="no-house" value=fields.no_house>{t(key::NO_HOUSE)}</Checkbox>
        {move || {
            let mark = if postcode_mark.get() { "" } else { t(key::OPTIONAL) };
            view! {
                <TextField
                    id="postcode"
                    kind=FieldKind::Digits
                    // The new index has letters.
                    inputmode="text"
                    autocomplete="postal-code"
                    label=t(key::FIELD_POSTCODE)
                    hint=t(key::FIELD_POSTCODE_HINT)
                    optional_mark=mark
                    value=fields.postcode
                    error=checked.error(Field::Postcode)
                    on_type=checked.typed(Field::Postcode)
                    on_leave=checked.left(Field::Postcode)
                />
            }
        }}
    }
    .into_any()
}

/// A field of Cyrillic text, with its repair.
struct Cyrillic {
    id: &'static str,
    label: &'static str,
    hint: &'static str,
    mark: &'static str,
    value: RwSignal<String>,
    field: Field,
    kind: FieldKind,
    typed: Option<Callback<()>>,
}

impl Cyrillic {
    fn of(id: &'static str, label: crate::texts::screen::Key, value: RwSignal<String>, field: Field) -> Self {
        Self {
            id,
            label: t(label),
            hint: "",
            mark: "",
            value,
            field,
            kind: FieldKind::Address,
            typed: None,
        }
    }
}

fn cyrillic(checked: Checked, of: Cyrillic) -> AnyView {
    let repair = Repair::of(of.value);
    let touch = checked.typed(of.field);
    let also = of.typed;
    let typed = Callback::new(move |()| {
        touch.run(());
        repair.typed();
        if let Some(also) = also {
            also.run(());
        }
    });
    let notice = view! {
        <RepairNotice
            letters=repair.letters
            words=t(key::REPAIR_NOTICE)
            undo=t(key::REPAIR_UNDO)
            on_undo=repair.undo()
        />
    }
    .into_any();
    view! {
        <TextField
            id=of.id
            kind=of.kind
            label=of.label
            hint=of.hint
            optional_mark=of.mark
            value=of.value
            notice=notice
            error=checked.error(of.field)
            on_type=typed
            on_leave=checked.left(of.field)
        />
    }
    .into_any()
}
