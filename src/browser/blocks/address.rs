//! «Мекенжай»: region, district or city, settlement where there is one, street, house; in Cyrillic, with Latin look-alikes
//! repaired before the person's eyes; ways out for those who have no street name or house number, or live abroad.

use super::entry::{Entry, tick};
use super::places::suggest;
use super::plain::{block, button, division, notice, paragraph};
use super::postcode;
use crate::api::Nothing;
use crate::browser::calls::inside_calls;
use crate::browser::components::{ButtonKind, Choice, FieldKind, NoticeKind, Select};
use crate::browser::draft::DraftKeeper;
use crate::browser::form::Checked;
use crate::browser::markup::{IntoMarkup, Markup, live, maybe};
use crate::browser::signals::{Memo, RwSignal, spawn};
use crate::browser::texts::{key, lang, t};
use crate::domain::address::{Address, REGIONS, Region};
use crate::domain::form::{Field, asks_settlement};
use leptos::prelude::*;

#[must_use]
pub fn view(keeper: DraftKeeper, checked: Checked, registered: Option<Address>) -> Markup {
    let fields = keeper.fields;
    let mut lines = Vec::new();
    if let Some(registered) = registered {
        let fill = Callback::new(move |()| take(keeper, &registered));
        let fill = button(ButtonKind::Link, t(key::ADDRESS_REGISTERED), fill);
        lines.push(division("actions", vec![fill]));
    }
    let abroad = Memo::new(move |_| fields.lives_abroad.get());
    lines.push(live(move || {
        let lines = if abroad.get() {
            abroad_lines(keeper, checked)
        } else {
            lines_at_home(keeper, checked)
        };
        division("fields", lines)
    }));
    lines.push(tick("lives-abroad", fields.lives_abroad, key::ADDRESS_ABROAD));
    block(
        "block-address",
        t(key::BLOCK_ADDRESS),
        t(key::BLOCK_ADDRESS_TEXT).to_owned(),
        vec![division("fields", lines)],
    )
}

/// GBD FL's registered address into the fields.
fn take(keeper: DraftKeeper, registered: &Address) {
    let mut input = keeper.fields.gather_untracked();
    input.lives_abroad = false;
    input.region.clone_from(&registered.region);
    input.district.clone_from(&registered.district);
    input.settlement.clone_from(&registered.settlement);
    input.kato.clone_from(&registered.kato);
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

fn abroad_lines(keeper: DraftKeeper, checked: Checked) -> Vec<Markup> {
    let fields = keeper.fields;
    let country = country(fields.country, checked);
    let abroad = Entry {
        hint: t(key::FIELD_ABROAD_HINT),
        autocomplete: Some("street-address"),
        ..Entry::new(
            Field::Abroad,
            key::FIELD_ABROAD,
            fields.abroad,
            FieldKind::Address,
        )
    };
    vec![country, abroad.view(checked)]
}

/// Chosen from the list; what stands there already and isn't in it stays a line to write in, and so does the field while there
/// is no list.
fn country(value: RwSignal<String>, checked: Checked) -> Markup {
    let calls = inside_calls();
    let names = RwSignal::new(Vec::<String>::new());
    spawn(async move {
        let found = (calls.countries)(Nothing {}).await.unwrap_or_default();
        let fits = |typed: &String| typed.is_empty() || found.contains(typed);
        if value.try_with_untracked(fits) == Some(true) {
            names.try_set(found);
        }
    });
    live(move || {
        let choices: Vec<Choice> = names.with(|names| {
            let choice = |name: &String| Choice::new(name, name, "");
            names.iter().map(choice).collect()
        });
        if choices.is_empty() {
            let by_hand = Entry::new(Field::Country, key::FIELD_COUNTRY, value, FieldKind::Text);
            let autocomplete = Some("country-name");
            return Entry {
                autocomplete,
                ..by_hand
            }
            .view(checked);
        }
        let chosen = Callback::new(move |()| {
            checked.typed(Field::Country).run(());
            checked.left(Field::Country).run(());
        });
        view! {
            <Select
                id=Field::Country.id()
                label=t(key::FIELD_COUNTRY)
                choices=choices
                value=value
                empty=t(key::FIELD_COUNTRY_CHOOSE)
                error=checked.error(Field::Country)
                autocomplete="country-name"
                on_choose=chosen
            />
        }
        .markup()
    })
}

fn lines_at_home(keeper: DraftKeeper, checked: Checked) -> Vec<Markup> {
    let fields = keeper.fields;
    let is_city = Memo::new(move |_| {
        fields
            .region
            .with(|code| Region::by_code(code).is_some_and(Region::is_city))
    });
    let needs_settlement = Memo::new(move |_| {
        fields
            .region
            .with(|region| fields.district.with(|district| asks_settlement(region, district)))
    });
    // What stands there must stay visible, or it couldn't be removed.
    let has_settlement = Memo::new(move |_| !fields.settlement.with(String::is_empty));
    // District and settlement belong to the region: after another one is chosen the person is asked to look.
    let moved = RwSignal::new(false);
    let district = live(move || {
        let label = if is_city.get() {
            key::FIELD_DISTRICT_CITY
        } else {
            key::FIELD_DISTRICT
        };
        let district = Entry {
            hint: if is_city.get() {
                ""
            } else {
                t(key::FIELD_DISTRICT_HINT)
            },
            optional: is_city.get(),
            suggest: Some(suggest(keeper, fields.district)),
            typed: Some(Callback::new(move |()| moved.set(false))),
            ..Entry::cyrillic(Field::District, label, fields.district, FieldKind::Address)
        };
        district.view(checked)
    });
    let look_again = maybe(move || {
        moved.get().then(|| {
            let text = paragraph("", t(key::FIELD_DISTRICT_CHECK).to_owned());
            notice(NoticeKind::Info, "", true, vec![text])
        })
    });
    let settlement_shown = Memo::new(move |_| needs_settlement.get() || has_settlement.get());
    let settlement = maybe(move || {
        settlement_shown.get().then(|| {
            let settlement = Entry {
                optional: !needs_settlement.get(),
                suggest: Some(suggest(keeper, fields.settlement)),
                ..Entry::cyrillic(
                    Field::Settlement,
                    key::FIELD_SETTLEMENT,
                    fields.settlement,
                    FieldKind::Address,
                )
            };
            settlement.view(checked)
        })
    });
    let street = maybe(move || {
        (!fields.no_street.get()).then(|| {
            Entry::cyrillic(
                Field::Street,
                key::FIELD_STREET,
                fields.street,
                FieldKind::Address,
            )
            .view(checked)
        })
    });
    let house = maybe(move || {
        (!fields.no_house.get()).then(|| {
            Entry::cyrillic(Field::House, key::FIELD_HOUSE, fields.house, FieldKind::Short).view(checked)
        })
    });
    let flat = Entry {
        optional: true,
        ..Entry::cyrillic(Field::Flat, key::FIELD_FLAT, fields.flat, FieldKind::Short)
    };
    let postcode = live(move || {
        let postcode = Entry {
            hint: t(key::FIELD_POSTCODE_HINT),
            optional: !fields.no_email.get(),
            autocomplete: Some("postal-code"),
            ..Entry::new(
                Field::Postcode,
                key::FIELD_POSTCODE,
                fields.postcode,
                FieldKind::Digits,
            )
        };
        postcode.view(checked)
    });
    vec![
        division("fields__pair", vec![region(keeper, checked, moved), district]),
        look_again,
        settlement,
        street,
        tick("no-street", fields.no_street, key::NO_STREET),
        division("fields__pair", vec![house, flat.view(checked)]),
        tick("no-house", fields.no_house, key::NO_HOUSE),
        postcode,
        postcode::offered(keeper),
    ]
}

fn region(keeper: DraftKeeper, checked: Checked, moved: RwSignal<bool>) -> Markup {
    let fields = keeper.fields;
    let regions: Vec<Choice> = REGIONS
        .iter()
        .map(|region| Choice::new(region.code, region.name(lang()), ""))
        .collect();
    let chosen = Callback::new(move |()| {
        checked.typed(Field::Region).run(());
        checked.left(Field::Region).run(());
        fields.kato.set(String::new());
        moved.set(!fields.district.with_untracked(String::is_empty));
    });
    view! {
        <Select
            id="region"
            label=t(key::FIELD_REGION)
            choices=regions
            value=fields.region
            empty=t(key::FIELD_REGION_CHOOSE)
            error=checked.error(Field::Region)
            on_choose=chosen
        />
    }
    .markup()
}
