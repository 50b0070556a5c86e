//! A new mobile number or e-mail address is proven by a code, kindly: whoever can't or won't now goes on without, after a
//! press or after two minutes, and the contact is «расталмаған» until then.

use super::changes;
use super::plain::{button, division, paragraph};
use crate::api::ApiError;
use crate::api::contacts::{CodeSent, CodeTyped, CodeWanted, ContactKind};
use crate::api::drafts::Draft;
use crate::browser::calls::inside_calls;
use crate::browser::components::{
    Button, ButtonKind, Countdown, FieldKind, TextField, announce, focus_field,
};
use crate::browser::draft::DraftKeeper;
use crate::browser::errors;
use crate::browser::form::Checked;
use crate::browser::markup::{IntoMarkup, Markup, all, live, nothing, tag};
use crate::browser::session::Session;
use crate::browser::signals::{Memo, RwSignal, spawn};
use crate::browser::texts::{key, t, tf};
use crate::browser::window;
use crate::domain::email::Email;
use crate::domain::form::{Field, gets_codes, is_held};
use crate::domain::phone::Phone;
use leptos::prelude::*;

/// So long the form waits for a code that was sent; then it goes on without.
const PATIENCE_MS: i32 = 120_000;

#[derive(Clone, PartialEq, Eq)]
enum Step {
    /// Nothing to prove: the Fund holds it, or it isn't whole yet.
    None,
    /// No code is sent there.
    Abroad,
    Ask {
        later: bool,
    },
    /// The code is on its way to this contact.
    Sent {
        contact: String,
        sent: CodeSent,
    },
    Proven,
}

/// Stands under the field of the mobile number or of the e-mail address.
#[must_use]
pub fn view(keeper: DraftKeeper, checked: Checked, kind: ContactKind) -> Markup {
    let calls = inside_calls();
    let session = expect_context::<Session>();
    let fields = keeper.fields;
    let (value, later, field) = match kind {
        ContactKind::Mobile => (fields.mobile, fields.mobile_later, Field::MobileCode),
        ContactKind::Email => (fields.email, fields.email_later, Field::EmailCode),
    };
    let sent = RwSignal::new(None::<(String, CodeSent)>);
    let code = RwSignal::new(String::new());
    let trouble = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let may_again = RwSignal::new(false);
    // Empty while there is nothing new to prove.
    let contact = Memo::new(move |_| {
        value.with(|typed| {
            checked.known.with(|known| {
                let held = match kind {
                    ContactKind::Mobile => &known.current.mobile,
                    ContactKind::Email => &known.current.email,
                };
                if is_held(typed, held) {
                    return String::new();
                }
                let now = normal(kind, typed);
                if now == *held { String::new() } else { now }
            })
        })
    });
    let step = Memo::new(move |_| {
        let now = contact.get();
        let absent = kind == ContactKind::Email && fields.no_email.get();
        let unproven = checked.known.with(|known| known.is_unproven(&now));
        match sent.get() {
            _ if absent || now.is_empty() => Step::None,
            _ if !unproven => Step::Proven,
            Some((to, sent)) if to == now => Step::Sent { contact: to, sent },
            _ if kind == ContactKind::Mobile && !gets_codes(&now) => Step::Abroad,
            _ => Step::Ask { later: later.get() },
        }
    });
    let application = move || {
        let id = keeper
            .draft
            .with_untracked(|draft| draft.as_ref().map(|draft| draft.application.clone()));
        id.unwrap_or_default()
    };
    let failed = move |error: ApiError| {
        session.heed(&error);
        let text = errors::code(&error);
        announce(&text);
        trouble.try_set(text);
    };
    let send = Callback::new(move |()| {
        let to = contact.get_untracked();
        let wanted = CodeWanted {
            application: application(),
            kind,
            value: to.clone(),
        };
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        trouble.set(String::new());
        spawn(async move {
            let answer = (calls.send_code)(wanted).await;
            if busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(on_its_way) => {
                    code.set(String::new());
                    may_again.set(false);
                    sent.set(Some((to.clone(), on_its_way)));
                    request_animation_frame(move || focus_field(field.id()));
                    window::sleep(PATIENCE_MS).await;
                    let still = contact.try_with_untracked(|now| *now == to) == Some(true);
                    let unproven = |draft: &Option<Draft>| {
                        draft.as_ref().is_some_and(|draft| draft.known.is_unproven(&to))
                    };
                    if still && keeper.draft.with_untracked(unproven) {
                        later.set(true);
                    }
                }
                Err(error) => failed(error),
            }
        });
    });
    let confirm = Callback::new(move |()| {
        let digits: String = code.with_untracked(|code| code.chars().filter(char::is_ascii_digit).collect());
        if digits.len() != 6 {
            trouble.set(t(key::CODE_LENGTH).to_owned());
            return focus_field(field.id());
        }
        if busy.get_untracked() {
            return;
        }
        let to = contact.get_untracked();
        let typed = CodeTyped {
            application: application(),
            kind,
            value: to.clone(),
            code: digits,
        };
        busy.set(true);
        spawn(async move {
            let answer = (calls.confirm_code)(typed).await;
            if busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(_) => {
                    announce(t(key::CODE_PROVEN));
                    keeper.proven(to);
                }
                Err(error) => failed(error),
            }
        });
    });
    let put_off = Callback::new(move |()| {
        later.set(true);
        trouble.set(String::new());
        sent.set(None);
    });
    live(move || match step.get() {
        Step::None => nothing(),
        Step::Abroad => paragraph("field__hint", t(key::CODE_ABROAD).to_owned()),
        Step::Proven => paragraph("panel__saved", t(key::CODE_PROVEN).to_owned()),
        Step::Ask { later } => {
            let kind = if later {
                ButtonKind::Link
            } else {
                ButtonKind::Secondary
            };
            let go = view! { <Button id=field.id() kind=kind busy=busy on_press=send>{t(key::CODE_SEND)}</Button> };
            let why = if later { key::CODE_UNPROVEN } else { key::CODE_WHY };
            let mut ways = vec![go.markup()];
            if !later {
                ways.push(button(ButtonKind::Link, t(key::CODE_LATER), put_off));
            }
            all(vec![
                paragraph("field__hint", t(why).to_owned()),
                division("actions", ways),
                problem(trouble),
            ])
        }
        Step::Sent { contact, sent } => {
            let told = tf(key::CODE_SENT, &[("contact", &changes::phone(&contact))]);
            let typed = Callback::new(move |()| trouble.set(String::new()));
            let entry = view! {
                <TextField
                    id=field.id()
                    kind=FieldKind::Code
                    label=t(key::CODE_FIELD)
                    hint=told
                    value=code
                    error=trouble
                    on_type=typed
                />
            };
            let ready = view! { <Button busy=busy on_press=confirm>{t(key::CODE_CONFIRM)}</Button> };
            let again = live(move || {
                if may_again.get() {
                    return button(ButtonKind::Link, t(key::CODE_AGAIN), send);
                }
                let on_end = Callback::new(move |()| may_again.set(true));
                let left =
                    view! { <Countdown deadline=sent.again_at.0 server_now=sent.now.0 on_end=on_end/> };
                let wait = tag("span").class("field__hint").text(t(key::CODE_WAIT)).text(" ");
                wait.child(left.markup())
            });
            let waited = live(move || {
                if later.get() {
                    return paragraph("field__hint", t(key::CODE_UNPROVEN).to_owned());
                }
                nothing()
            });
            let put_off = button(ButtonKind::Link, t(key::CODE_LATER), put_off);
            all(vec![
                entry.markup(),
                waited,
                division("actions", vec![ready.markup(), again, put_off]),
            ])
        }
    })
}

fn problem(trouble: RwSignal<String>) -> Markup {
    live(move || match trouble.get() {
        text if text.is_empty() => nothing(),
        text => paragraph("field__error", text),
    })
}

/// As requisites write it; empty while it isn't whole.
fn normal(kind: ContactKind, typed: &str) -> String {
    match kind {
        ContactKind::Mobile => {
            Phone::parse_contact_mobile(typed).map_or(String::new(), |phone| phone.e164().to_owned())
        }
        ContactKind::Email => Email::parse(typed).map_or(String::new(), |email| email.as_str().to_owned()),
    }
}
