//! «Не өзгереді»: the review, the progress and the button in one place, beside the form. The button is there from the start;
//! while something is missing it says what, when pressed too early it leads there.

use super::changes;
use super::plain::paragraph;
use crate::browser::components::{Panel, focus_field};
use crate::browser::draft::{DraftKeeper, SaveStatus};
use crate::browser::form::Checked;
use crate::browser::markup::{IntoMarkup, Markup, all, live, nothing, tag, words};
use crate::browser::signals::{Memo, Signal};
use crate::browser::texts::{key, t, tf};
use crate::domain::form::{Field, FieldError, FormInput, Problem, asks_settlement, requires_district};
use crate::domain::letters::lower_case;
use crate::texts::screen::Key;
use leptos::prelude::*;

/// How a field is called in the list of what is missing.
#[must_use]
pub const fn name(field: Field) -> Key {
    match field {
        Field::Document => key::CHANGE_DOCUMENT,
        Field::Country => key::FIELD_COUNTRY,
        Field::Abroad => key::FIELD_ABROAD,
        Field::Region => key::FIELD_REGION,
        Field::District => key::FIELD_DISTRICT,
        Field::Settlement => key::FIELD_SETTLEMENT,
        Field::Street => key::FIELD_STREET,
        Field::House => key::FIELD_HOUSE,
        Field::Flat => key::FIELD_FLAT,
        Field::Postcode => key::FIELD_POSTCODE,
        Field::Mobile => key::FIELD_MOBILE,
        Field::MobileIsMine => key::MOBILE_IS_MINE,
        Field::MobileCode => key::NAME_MOBILE_CODE,
        Field::Home => key::FIELD_HOME,
        Field::Work => key::FIELD_WORK,
        Field::WorkExtension => key::FIELD_EXTENSION,
        Field::Email => key::FIELD_EMAIL,
        Field::EmailCode => key::NAME_EMAIL_CODE,
    }
}

/// `on_ready` goes on to signing; `on_early` was pressed while something is missing.
#[must_use]
pub fn view(
    keeper: DraftKeeper,
    checked: Checked,
    freezing: Signal<bool>,
    on_ready: Callback<()>,
    on_early: Callback<()>,
) -> Markup {
    let errors = Memo::new(move |_| checked.errors());
    let shown = Memo::new(move |_| {
        let input = keeper.fields.gather();
        checked
            .known
            .with(|known| errors.with(|errors| changes::so_far(&input, known, errors)))
    });
    let no_change = Memo::new(move |_| shown.with(Vec::is_empty));
    let blocked = Signal::derive(move || {
        no_change.get() || !errors.with(Vec::is_empty) || keeper.status.get() == SaveStatus::Conflict
    });
    let press = move || {
        if freezing.get_untracked() {
            return;
        }
        if blocked.get_untracked() {
            on_early.run(());
        } else {
            on_ready.run(());
        }
    };
    let why = live(move || {
        let errors = errors.get();
        if !errors.is_empty() {
            list(&errors)
        } else if no_change.get() {
            words(t(key::CHANGES_NONE_WHY))
        } else {
            nothing()
        }
    });
    let progress = live(move || {
        let (done, all) = progress(&keeper.fields.gather(), &errors.get());
        let text = tf(
            key::PANEL_PROGRESS,
            &[("done", &done.to_string()), ("all", &all.to_string())],
        );
        paragraph("panel__missing", text)
    });
    // A button that can't be pressed yet still takes the press, to say what is missing: so not the component's
    // `inactive`, which swallows it.
    let words = tag("span").class("button__words").live_text(move || {
        let words = if freezing.get() {
            key::PANEL_FREEZING
        } else {
            key::PANEL_BUTTON
        };
        t(words).to_owned()
    });
    let button = tag("button")
        .set("type", "button")
        .id("to-sign")
        .class("button button--wide")
        .live_class("button--busy", move || freezing.get())
        .live_true("aria-disabled", move || blocked.get() || freezing.get())
        .live_true("aria-busy", move || freezing.get())
        .set("aria-describedby", "to-sign-why")
        .on_press(press)
        .child(words);
    let inside = all(vec![
        changes::shown(shown.into()),
        tag("hr").class("panel__line"),
        progress,
        saved(keeper),
        button,
        tag("p").class("panel__missing").id("to-sign-why").child(why),
    ]);
    view! { <Panel id="changes" title=t(key::CHANGES_TITLE)>{inside.view()}</Panel> }.markup()
}

/// «Тағы түзетілуі керек: ұялы телефон», each name a way to its field.
fn list(errors: &[FieldError]) -> Markup {
    let any_wrong = errors
        .iter()
        .any(|error| !matches!(error.problem, Problem::Missing | Problem::NotConfirmed));
    let lead = if any_wrong {
        key::PANEL_WRONG
    } else {
        key::PANEL_MISSING
    };
    let mut line = vec![words(t(lead)), words(" ")];
    for (index, error) in errors.iter().enumerate() {
        if index > 0 {
            line.push(words(", "));
        }
        line.push(to_field(error.field));
    }
    all(line)
}

fn to_field(field: Field) -> Markup {
    let go = move |event: web_sys::Event| {
        event.prevent_default();
        focus_field(field.id());
    };
    tag("a")
        .set("href", &["#", field.id()].concat())
        .on("click", go)
        .text(&lower_case(t(name(field))))
}

/// How many of the fields that must be filled are.
fn progress(input: &FormInput, errors: &[FieldError]) -> (usize, usize) {
    let mut required = vec![Field::Document, Field::Mobile];
    if input.lives_abroad {
        required.extend([Field::Country, Field::Abroad]);
    } else {
        let asked = [
            (Field::Region, true),
            (Field::District, requires_district(&input.region)),
            (Field::Settlement, asks_settlement(&input.region, &input.district)),
            (Field::Street, !input.no_street),
            (Field::House, !input.no_house),
            (Field::Postcode, input.no_email),
        ];
        required.extend(
            asked
                .into_iter()
                .filter(|(_, asked)| *asked)
                .map(|(field, _)| field),
        );
    }
    if !input.no_email {
        required.push(Field::Email);
    }
    let wrong = |field: &Field| errors.iter().any(|error| error.field == *field);
    // Asked only while they are missing.
    required.extend(
        [Field::MobileIsMine, Field::MobileCode, Field::EmailCode]
            .into_iter()
            .filter(&wrong),
    );
    let done = required.iter().filter(|field| !wrong(field)).count();
    (done, required.len())
}

/// Whether the draft is safe.
fn saved(keeper: DraftKeeper) -> Markup {
    let line = live(move || {
        let (class, text) = match keeper.status.get() {
            SaveStatus::Saved(Some(at)) => ("panel__saved", tf(key::SAVE_SAVED, &[("time", &at.clock_kz())])),
            SaveStatus::Saved(None) => ("panel__missing", t(key::SAVE_NOTHING).to_owned()),
            SaveStatus::Pending => ("panel__missing", t(key::SAVE_PENDING).to_owned()),
            SaveStatus::Saving => ("panel__missing", t(key::SAVE_SAVING).to_owned()),
            SaveStatus::Offline => ("panel__missing", t(key::SAVE_OFFLINE).to_owned()),
            SaveStatus::Failed => ("panel__missing", t(key::SAVE_FAILED).to_owned()),
            SaveStatus::Ended => ("panel__missing", t(key::SAVE_ENDED).to_owned()),
            SaveStatus::Conflict => ("panel__missing", t(key::ERR_CONFLICT).to_owned()),
        };
        paragraph(class, text)
    });
    tag("div").id("save-status").set("role", "status").child(line)
}
