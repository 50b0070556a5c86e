//! «Шарт деректемелері»: the accounts as the Fund's system gives them («Хабарландыру атауы, нөмірі және түрі»), read-only,
//! and the e-mail address.

use super::entry::{Entry, tick};
use super::plain::{block, button, division, notice, paragraph};
use super::proof;
use crate::api::contacts::ContactKind;
use crate::api::records::{Account, Contribution};
use crate::browser::components::{Button, ButtonKind, Fact, Facts, FieldKind, NoticeKind};
use crate::browser::draft::DraftKeeper;
use crate::browser::form::Checked;
use crate::browser::markup::{IntoMarkup, Markup, live, maybe, tag};
use crate::browser::signals::{Memo, RwSignal};
use crate::browser::texts::{date, key, t, tf};
use crate::domain::email::Email;
use crate::domain::form::Field;
use leptos::prelude::*;

/// More accounts than this are shown when asked for.
const AT_FIRST: usize = 5;

#[must_use]
pub fn view(keeper: DraftKeeper, checked: Checked, held: Vec<Account>) -> Markup {
    let fields = keeper.fields;
    let meant = Memo::new(move |_| {
        fields
            .email
            .with(|typed| Email::parse(typed).ok().and_then(|email| email.likely_meant()))
    });
    let correct = Callback::new(move |()| {
        if let Some(better) = meant.get_untracked() {
            fields.email_later.set(false);
            fields.email.set(better);
        }
    });
    let slip = maybe(move || {
        meant.get().map(|address| {
            let question = paragraph("", tf(key::EMAIL_MEANT, &[("address", &address)]));
            let yes = button(ButtonKind::Link, t(key::EMAIL_MEANT_YES), correct);
            division("actions", vec![question, yes])
        })
    });
    let slip = tag("div").set("role", "status").child(slip);
    let email = Entry {
        hint: t(key::FIELD_EMAIL_HINT),
        notice: Some(slip),
        // Put off is one address and not the next.
        typed: Some(Callback::new(move |()| fields.email_later.set(false))),
        ..Entry::new(Field::Email, key::FIELD_EMAIL, fields.email, FieldKind::Email)
    };
    let email = email.view(checked);
    let email = tag("div")
        .live_flag("hidden", move || fields.no_email.get())
        .child(email);
    let letters = maybe(move || {
        fields.no_email.get().then(|| {
            let text = paragraph("", t(key::NO_EMAIL_NOTE).to_owned());
            notice(NoticeKind::Info, "", true, vec![text])
        })
    });
    let code = proof::view(keeper, checked, ContactKind::Email);
    let lines = vec![
        email,
        code,
        tick("no-email", fields.no_email, key::NO_EMAIL),
        letters,
    ];
    block(
        "block-contract",
        t(key::BLOCK_CONTRACT),
        t(key::BLOCK_CONTRACT_TEXT).to_owned(),
        vec![division("fields", lines), accounts(held)],
    )
}

/// The accounts, the first few at once.
#[must_use]
pub fn accounts(held: Vec<Account>) -> Markup {
    let all = RwSignal::new(held.len() <= AT_FIRST);
    let rest = held.len().saturating_sub(AT_FIRST);
    let more = Callback::new(move |()| all.set(true));
    live(move || {
        let shown = if all.get() { held.len() } else { AT_FIRST };
        let mut lines: Vec<Markup> = held.iter().take(shown).map(account).collect();
        if !all.get() {
            let words = tf(key::ACCOUNTS_MORE, &[("count", &rest.to_string())]);
            let more = view! { <Button kind=ButtonKind::Link on_press=more>{words}</Button> };
            lines.push(more.markup());
        }
        division("stack", lines)
    })
}

fn account(account: &Account) -> Markup {
    let contribution = t(match account.contribution {
        Contribution::Mandatory => key::CONTRIBUTION_MANDATORY,
        Contribution::MandatoryOccupational => key::CONTRIBUTION_OCCUPATIONAL,
        Contribution::Voluntary => key::CONTRIBUTION_VOLUNTARY,
        Contribution::EmployersMandatory => key::CONTRIBUTION_EMPLOYER,
    });
    let opened = tf(key::ACCOUNT_OPENED, &[("date", &date(account.opened_on))]);
    let basis = match (&account.basis_name, &account.basis_number) {
        (Some(name), Some(number)) => tf(key::ACCOUNT_BASIS, &[("name", name), ("number", number)]),
        (Some(only), None) | (None, Some(only)) => only.clone(),
        (None, None) => String::new(),
    };
    let kind = account.notification_kind.clone().unwrap_or_default();
    let notification: Vec<String> = [basis, kind]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect();
    let mut facts = vec![Fact::new(
        t(key::ACCOUNT_NUMBER),
        [&account.number, ", ", &opened].concat(),
    )];
    if !notification.is_empty() {
        facts.push(Fact::new(t(key::ACCOUNT_NOTIFICATION), notification.join(", ")));
    }
    let facts = view! { <Facts facts=facts/> };
    tag("div")
        .child(tag("h3").text(contribution))
        .child(facts.markup())
}
