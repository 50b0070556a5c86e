//! «Не өзгереді»: the review, the progress and the button in one place, beside the form. The button is there from the start;
//! while something is missing it says what, when pressed too early it leads there.

use super::changes;
use crate::browser::components::{ChangeList, Panel, focus_field};
use crate::browser::draft::{DraftKeeper, SaveStatus};
use crate::browser::form::Checked;
use crate::browser::texts::{key, t, tf};
use crate::domain::form::{Field, FieldError, Problem};
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
        Field::Home => key::FIELD_HOME,
        Field::Work => key::FIELD_WORK,
        Field::WorkExtension => key::FIELD_EXTENSION,
        Field::Email => key::FIELD_EMAIL,
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
) -> AnyView {
    let errors = Memo::new(move |_| checked.errors());
    let changes = Memo::new(move |_| {
        let input = keeper.fields.gather();
        checked
            .known
            .with(|known| errors.with(|errors| changes::so_far(&input, known, errors)))
    });
    let nothing = Memo::new(move |_| changes.with(Vec::is_empty));
    let blocked = Signal::derive(move || {
        nothing.get() || !errors.with(Vec::is_empty) || keeper.status.get() == SaveStatus::Conflict
    });
    let press = move |_| {
        if freezing.get_untracked() {
            return;
        }
        if blocked.get_untracked() {
            on_early.run(());
        } else {
            on_ready.run(());
        }
    };
    let why = move || {
        let errors = errors.get();
        if !errors.is_empty() {
            list(&errors)
        } else if nothing.get() {
            t(key::CHANGES_NONE_WHY).into_any()
        } else {
            ().into_any()
        }
    };
    // A button that can't be pressed yet still takes the press, to say what is missing: so not the component's
    // `inactive`, which swallows it.
    view! {
        <Panel id="changes" title=t(key::CHANGES_TITLE)>
            <ChangeList
                changes=changes
                before_word=t(key::CHANGE_BEFORE)
                after_word=t(key::CHANGE_AFTER)
                none=t(key::CHANGES_NONE)
            />
            <hr class="panel__line"/>
            {saved(keeper)}
            <button
                type="button"
                id="to-sign"
                class="button button--wide"
                class:button--busy=freezing
                aria-disabled=move || (blocked.get() || freezing.get()).then_some("true")
                aria-busy=move || freezing.get().then_some("true")
                aria-describedby="to-sign-why"
                on:click=press
            >
                <span class="button__words">
                    {move || if freezing.get() { t(key::PANEL_FREEZING) } else { t(key::PANEL_BUTTON) }}
                </span>
            </button>
            <p class="panel__missing" id="to-sign-why">{why}</p>
        </Panel>
    }
    .into_any()
}

/// «Тағы түзетілуі керек: ұялы телефон», each name a way to its field.
fn list(errors: &[FieldError]) -> AnyView {
    let any_wrong = errors
        .iter()
        .any(|error| !matches!(error.problem, Problem::Missing | Problem::NotConfirmed));
    let words = if any_wrong {
        key::PANEL_WRONG
    } else {
        key::PANEL_MISSING
    };
    let links = errors.iter().enumerate().map(|(index, error)| {
        let field = error.field;
        view! {
            {(index > 0).then_some(", ")}
            <a
                href=["#", field.id()].concat()
                on:click=move |event| {
                    event.prevent_default();
                    focus_field(field.id());
                }
            >
                {t(name(field)).to_lowercase()}
            </a>
        }
    });
    view! { {t(words)} " " {links.collect_view()} }.into_any()
}

/// Whether the draft is safe.
fn saved(keeper: DraftKeeper) -> AnyView {
    let line = move || {
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
        view! { <p class=class>{text}</p> }
    };
    view! { <div id="save-status" role="status">{line}</div> }.into_any()
}
