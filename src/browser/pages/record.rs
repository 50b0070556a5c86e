//! «Менің деректемелерім»: what the Fund holds now, dated.

use super::frame;
use crate::api::accounts::Way;
use crate::api::records::Record;
use crate::api::{ApiError, Nothing};
use crate::browser::blocks::changes;
use crate::browser::blocks::contract::accounts;
use crate::browser::blocks::plain::{block, button, division, link, links, notice, paragraph};
use crate::browser::blocks::trouble::{load, may_fail, show, way};
use crate::browser::calls::{calls, room_calls};
use crate::browser::components::{Block, ButtonKind, Fact, Facts, NoticeKind};
use crate::browser::markup::{IntoMarkup, Markup, all, maybe};
use crate::browser::session::Session;
use crate::browser::signals::{RwSignal, spawn};
use crate::browser::texts::{date, key, lang, moment, t, tf};
use leptos::prelude::*;

#[must_use]
pub fn page() -> Markup {
    let calls = calls();
    let (record, again) = load(move || (calls.my_record)(Nothing {}));
    let shown = show(record, again, move |record| {
        let suspended = record.contacts_suspended.then(|| suspended(again));
        division("stack", suspended.into_iter().chain([whole(record)]).collect())
    });
    let settings = link("/settings".to_owned(), t(key::SETTINGS_TITLE).to_owned(), false);
    let content = division("stack", vec![notices(), shown, links(vec![settings])]);
    frame(t(key::RECORD_TITLE), "", content)
}

/// The previous sign-in, and a certificate about to end.
fn notices() -> Markup {
    let session = expect_context::<Session>();
    maybe(move || {
        let identity = session.identity.get()?;
        let mut lines = Vec::new();
        if let Some(at) = identity.previous_sign_in {
            lines.push(paragraph("page__lead", moment(key::SESSION_PREVIOUS, at)));
        }
        if let Some(day) = identity.certificate_ends {
            let text = tf(key::SESSION_CERTIFICATE, &[("date", &date(day))]);
            lines.push(notice(NoticeKind::Warning, "", false, vec![paragraph("", text)]));
        }
        Some(division("stack", lines))
    })
}

/// Codes don't go to the new contact; who came in by EDS may let them.
fn suspended(again: Callback<()>) -> Markup {
    let session = expect_context::<Session>();
    let lift = room_calls().lift;
    let failed = RwSignal::new(None::<ApiError>);
    let press = Callback::new(move |()| {
        spawn(async move {
            match lift(Nothing {}).await {
                Ok(_) => {
                    again.try_run(());
                }
                Err(error) => {
                    session.heed(&error);
                    let _ = failed.try_set(Some(error));
                }
            }
        });
    });
    let by_eds = session
        .identity
        .with_untracked(|identity| identity.as_ref().is_some_and(|identity| identity.way == Way::Eds));
    let next = if by_eds {
        button(ButtonKind::Secondary, t(key::SUSPENDED_LIFT), press)
    } else {
        paragraph("", t(key::SUSPENDED_EDS).to_owned())
    };
    let text = paragraph("", t(key::SUSPENDED_TEXT).to_owned());
    let inside = vec![text, may_fail(failed, None), next];
    notice(NoticeKind::Warning, t(key::SUSPENDED_TITLE), false, inside)
}

fn whole(record: Record) -> Markup {
    let held = record.requisites;
    let or_none = |text: String| {
        if text.is_empty() {
            t(key::NOT_GIVEN).to_owned()
        } else {
            text
        }
    };
    let person = vec![
        Fact::new(t(key::RECORD_FULL_NAME), record.full_name),
        Fact::new(t(key::IIN_SHORT), record.iin_masked),
        Fact::new(t(key::RECORD_BIRTH_DATE), date(record.birth_date)),
        Fact::new(
            t(key::BLOCK_DOCUMENT),
            or_none(held.document.as_ref().map(changes::document).unwrap_or_default()),
        ),
    ];
    let work = match held.work_extension.as_str() {
        "" => changes::phone(&held.work),
        extension => [&changes::phone(&held.work), ", ", extension].concat(),
    };
    let contacts = vec![
        Fact::new(t(key::BLOCK_ADDRESS), or_none(held.address.line(lang()))),
        Fact::new(t(key::FIELD_MOBILE), or_none(changes::phone(&held.mobile))),
        Fact::new(t(key::FIELD_HOME), or_none(changes::phone(&held.home))),
        Fact::new(t(key::FIELD_WORK), or_none(work)),
        Fact::new(t(key::FIELD_EMAIL), or_none(held.email.clone())),
    ];
    let changed = record.changed_at.map_or_else(
        || t(key::RECORD_NEVER_CHANGED).to_owned(),
        |at| moment(key::RECORD_CHANGED, at),
    );
    let bank = record
        .bank_account_masked
        .unwrap_or_else(|| t(key::RECORD_BANK_NONE).to_owned());
    let facts = |facts: Vec<Fact>| view! { <Facts facts=facts/> }.markup();
    let change = way("/services".to_owned(), t(key::RECORD_CHANGE), ButtonKind::Primary);
    let inside = all(vec![facts(contacts), division("actions", vec![change])]).view();
    let contacts = view! {
        <Block id="contacts" title=t(key::RECORD_CONTACTS) stamp=changed>
            {inside}
        </Block>
    };
    let none = String::new;
    division(
        "stack",
        vec![
            paragraph("", moment(key::RECORD_AS_OF, record.as_of)),
            contacts.markup(),
            block("person", t(key::RECORD_PERSON), none(), vec![facts(person)]),
            block(
                "accounts",
                t(key::RECORD_ACCOUNTS),
                none(),
                vec![accounts(record.accounts)],
            ),
            block(
                "bank",
                t(key::RECORD_BANK),
                t(key::SERVICES_BANK).to_owned(),
                vec![paragraph("prose", bank)],
            ),
        ],
    )
}
