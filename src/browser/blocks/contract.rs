//! «Шарт деректемелері»: the accounts as the Fund's system gives them («Хабарландыру атауы, нөмірі және түрі»), read-only,
//! and the e-mail address.

use crate::api::records::{Account, Contribution};
use crate::browser::components::{
    Block, Button, ButtonKind, Checkbox, Fact, Facts, FieldKind, Notice, TextField,
};
use crate::browser::draft::DraftKeeper;
use crate::browser::form::Checked;
use crate::browser::texts::{date, key, t, tf};
use crate::domain::email::Email;
use crate::domain::form::Field;
use leptos::prelude::*;

/// More accounts than this are shown when asked for.
const AT_FIRST: usize = 5;

#[must_use]
pub fn view(keeper: DraftKeeper, checked: Checked, held: Vec<Account>) -> AnyView {
    let fields = keeper.fields;
    let meant = Memo::new(move |_| {
        fields
            .email
            .with(|typed| Email::parse(typed).ok().and_then(|email| email.likely_meant()))
    });
    let correct = Callback::new(move |()| {
        if let Some(better) = meant.get_untracked() {
            fields.email.set(better);
        }
    });
    let hint_of_slip = view! {
        <div role="status">
            {move || {
                meant
                    .get()
                    .map(|address| {
                        view! {
                            {tf(key::EMAIL_MEANT, &[("address", &address)])}
                            " "
                            <Button kind=ButtonKind::Link on_press=correct>{t(key::EMAIL_MEANT_YES)}</Button>
                        }
                    })
            }}
        </div>
    }
    .into_any();
    let email = view! {
        <div hidden=move || fields.no_email.get()>
            <TextField
                id="email"
                kind=FieldKind::Email
                label=t(key::FIELD_EMAIL)
                hint=t(key::FIELD_EMAIL_HINT)
                value=fields.email
                notice=hint_of_slip
                error=checked.error(Field::Email)
                on_type=checked.typed(Field::Email)
                on_leave=checked.left(Field::Email)
            />
        </div>
    };
    view! {
        <Block id="block-contract" title=t(key::BLOCK_CONTRACT) why=t(key::BLOCK_CONTRACT_TEXT).to_owned()>
            <div class="fields">
                {email}
                <Checkbox id="no-email" value=fields.no_email>{t(key::NO_EMAIL)}</Checkbox>
                {move || fields.no_email.get().then(|| view! { <Notice spoken=true>{t(key::NO_EMAIL_NOTE)}</Notice> })}
            </div>
            {accounts(held)}
        </Block>
    }
    .into_any()
}

/// The accounts, the first few at once.
#[must_use]
pub fn accounts(held: Vec<Account>) -> AnyView {
    let all = RwSignal::new(held.len() <= AT_FIRST);
    let rest = held.len().saturating_sub(AT_FIRST);
    let more = Callback::new(move |()| all.set(true));
    let list = move || {
        let shown = if all.get() { held.len() } else { AT_FIRST };
        held.iter().take(shown).map(account).collect_view()
    };
    view! {
        <div class="stack">
            {list}
            {move || {
                (!all.get())
                    .then(|| {
                        view! {
                            <Button kind=ButtonKind::Link on_press=more>
                                {tf(key::ACCOUNTS_MORE, &[("count", &rest.to_string())])}
                            </Button>
                        }
                    })
            }}
        </div>
    }
    .into_any()
}

fn account(account: &Account) -> AnyView {
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
    view! { <div><h3>{contribution}</h3><Facts facts=facts/></div> }.into_any()
}
