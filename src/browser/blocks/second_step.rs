//! After the password, in a browser that isn't remembered: a code to one of the numbers the Fund holds. Who no longer has any
//! of them is led to the EDS.

use super::again::again;
use super::plain::{block, button, division, paragraph};
use super::trouble::may_fail;
use crate::api::ApiError;
use crate::api::accounts::{Entry, OfferedNumber, StepCode, StepTyped};
use crate::api::contacts::{CodeSent, CodeTrouble};
use crate::api::openings::HeldNumber;
use crate::browser::calls::calls;
use crate::browser::components::{
    Button, ButtonKind, Checkbox, Choice, FieldKind, RadioCards, TextField, announce, focus_field,
};
use crate::browser::errors;
use crate::browser::markup::{IntoMarkup, Markup, all, live, tag};
use crate::browser::session::Session;
use crate::browser::signals::{RwSignal, spawn};
use crate::browser::texts::{key, t, tf};
use crate::texts::screen::Key;
use leptos::prelude::*;

/// `over`: back to the ways of signing in, saying this, if anything.
#[must_use]
pub fn view(session: Session, numbers: Vec<OfferedNumber>, over: Callback<Option<Key>>) -> Markup {
    let calls = calls();
    let chosen = RwSignal::new(
        numbers
            .first()
            .map_or("", |first| first.number.as_str())
            .to_owned(),
    );
    let sent = RwSignal::new(None::<CodeSent>);
    let code = RwSignal::new(String::new());
    let code_error = RwSignal::new(String::new());
    let remember = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let failed = RwSignal::new(None::<ApiError>);
    let number = move || {
        let chosen = chosen.get_untracked();
        let found = HeldNumber::ALL
            .into_iter()
            .find(|number| number.as_str() == chosen);
        found.unwrap_or(HeldNumber::Mobile)
    };
    let refused = move |error: ApiError| match error {
        ApiError::SignedOut => over.run(Some(key::SECOND_OVER)),
        ApiError::Code { trouble } => {
            code_error.set(match trouble {
                CodeTrouble::Wrong { left } => tf(key::CODE_WRONG, &[("left", &left.to_string())]),
                CodeTrouble::Ended => t(key::OPENING_ENDED).to_owned(),
                CodeTrouble::NotSendable => errors::code(&error),
            });
            focus_field("step-code");
        }
        other => failed.set(Some(other)),
    };
    let send = Callback::new(move |()| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        failed.set(None);
        let asked = (calls.send_step_code)(StepCode { number: number() });
        spawn(async move {
            let answer = asked.await;
            if busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(on_its_way) => {
                    code.set(String::new());
                    code_error.set(String::new());
                    sent.set(Some(on_its_way));
                    request_animation_frame(|| focus_field("step-code"));
                }
                Err(error) => refused(error),
            }
        });
    });
    let confirm = move || {
        let digits: String = code.with_untracked(|code| code.chars().filter(char::is_ascii_digit).collect());
        if digits.len() != 6 {
            code_error.set(t(key::CODE_LENGTH).to_owned());
            return focus_field("step-code");
        }
        busy.set(true);
        failed.set(None);
        let asked = (calls.confirm_step)(StepTyped {
            number: number(),
            code: digits,
            remember: remember.get_untracked(),
        });
        spawn(async move {
            let answer = asked.await;
            if busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(Entry::Open { identity }) => session.begin(*identity),
                Ok(Entry::Code { .. }) => over.run(Some(key::SECOND_OVER)),
                Err(error) => refused(error),
            }
        });
    };
    let submit = move |event: web_sys::Event| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        if sent.with_untracked(Option::is_some) {
            confirm();
        } else {
            send.run(());
        }
    };
    let cards: Vec<Choice> = numbers
        .iter()
        .map(|offered| {
            Choice::new(
                offered.number.as_str(),
                t(label(offered.number)),
                offered.masked.clone(),
            )
        })
        .collect();
    // Another number, another code.
    let change = Callback::new(move |()| sent.set(None));
    let none = cards.is_empty();
    let entry = live(move || {
        if sent.with(Option::is_none) {
            let send = view! { <Button submit=true busy=busy>{t(key::CODE_SEND)}</Button> };
            return division("actions", vec![send.markup()]);
        }
        let field = view! {
            <TextField
                id="step-code"
                kind=FieldKind::Code
                label=t(key::CODE_FIELD)
                hint=t(key::SECOND_SENT)
                value=code
                error=code_error
                on_type=Callback::new(move |()| code_error.set(String::new()))
            />
        };
        let tick = view! {
            <Checkbox id="remember" value=remember hint=t(key::SECOND_REMEMBER_HINT)>
                {t(key::SECOND_REMEMBER)}
            </Checkbox>
        };
        let ready = view! { <Button submit=true busy=busy>{t(key::SIGNIN_BUTTON)}</Button> };
        all(vec![
            field.markup(),
            tick.markup(),
            division("actions", vec![ready.markup(), again(sent, send)]),
        ])
    });
    let form = if none {
        announce(t(key::SECOND_NONE));
        paragraph("", t(key::SECOND_NONE).to_owned())
    } else {
        let choice = view! {
            <RadioCards
                id="step-number"
                legend=t(key::OPENING_WHICH)
                choices=cards
                value=chosen
                on_choose=change
            />
        };
        tag("form")
            .class("fields")
            .set("novalidate", "")
            .on("submit", submit)
            .child(may_fail(failed, None))
            .child(choice.markup())
            .child(entry)
    };
    let lost = tag("h3").text(t(key::SECOND_LOST));
    let back = button(
        ButtonKind::Secondary,
        t(key::SIGNIN_EDS_BUTTON),
        Callback::new(move |()| over.run(None)),
    );
    let parts = vec![
        form,
        lost,
        paragraph("", t(key::SECOND_LOST_TEXT).to_owned()),
        division("actions", vec![back]),
    ];
    block(
        "second-step",
        t(key::SECOND_TITLE),
        t(key::SECOND_WHY).to_owned(),
        vec![division("stack", parts)],
    )
}

/// The name of a number.
#[must_use]
pub const fn label(number: HeldNumber) -> Key {
    match number {
        HeldNumber::Mobile => key::OPENING_MOBILE,
        HeldNumber::Home => key::OPENING_HOME,
        HeldNumber::Work => key::OPENING_WORK,
    }
}
