//! «Менің деректемелерім»: what the Fund holds now, dated.

use crate::api::Nothing;
use crate::api::records::Record;
use crate::browser::blocks::changes;
use crate::browser::blocks::contract::accounts;
use crate::browser::blocks::trouble::{load, show};
use crate::browser::calls::calls;
use crate::browser::components::{Block, ButtonLink, Fact, Facts, Notice, NoticeKind, Page};
use crate::browser::session::Session;
use crate::browser::texts::{date, key, lang, moment, t, tf};
use leptos::prelude::*;

#[must_use]
pub fn page() -> AnyView {
    let calls = calls();
    let (record, again) = load(move || (calls.my_record)(Nothing {}));
    view! {
        <Page title=t(key::RECORD_TITLE).to_owned() brand=t(key::BRAND)>
            {notices()}
            {show(record, again, whole)}
        </Page>
    }
    .into_any()
}

/// The previous sign-in, and a certificate about to end.
fn notices() -> AnyView {
    let session = expect_context::<Session>();
    (move || {
        let identity = session.identity.get()?;
        let ends = identity.certificate_ends.map(|day| {
            let text = tf(key::SESSION_CERTIFICATE, &[("date", &date(day))]);
            view! { <Notice kind=NoticeKind::Warning>{text}</Notice> }
        });
        let previous = identity
            .previous_sign_in
            .map(|at| view! { <p class="page__lead">{moment(key::SESSION_PREVIOUS, at)}</p> });
        Some(view! { <div class="stack">{previous} {ends}</div> })
    })
    .into_any()
}

fn whole(record: Record) -> AnyView {
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
    view! {
        <div class="stack">
            <p>{moment(key::RECORD_AS_OF, record.as_of)}</p>
            <Block id="contacts" title=t(key::RECORD_CONTACTS) stamp=changed>
                <Facts facts=contacts/>
                <div class="actions"><ButtonLink href="/services">{t(key::RECORD_CHANGE)}</ButtonLink></div>
            </Block>
            <Block id="person" title=t(key::RECORD_PERSON)><Facts facts=person/></Block>
            <Block id="accounts" title=t(key::RECORD_ACCOUNTS)>{accounts(record.accounts)}</Block>
            <Block id="bank" title=t(key::RECORD_BANK) why=t(key::SERVICES_BANK).to_owned()>
                <p class="prose">{bank}</p>
            </Block>
        </div>
    }
    .into_any()
}
