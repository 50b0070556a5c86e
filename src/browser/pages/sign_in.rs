//! Sign-in: by EDS through NCALayer, or by IIN and password. Leads back to the page the person came from.

use super::{framed, navigator};
use crate::api::accounts::{Credentials, Entry, OfferedNumber, SignedChallenge};
use crate::api::{ApiError, Nothing};
use crate::browser::blocks::eds::{self, Eds, Purpose};
use crate::browser::blocks::plain::{block, division, link, links, notice, paragraph};
use crate::browser::blocks::trouble::may_fail;
use crate::browser::blocks::{reach, second_step};
use crate::browser::calls::calls;
use crate::browser::components::{Button, FieldKind, NoticeKind, PasswordField, TextField, focus_field};
use crate::browser::errors;
use crate::browser::markup::{IntoMarkup, Markup, live, maybe, nothing, tag};
use crate::browser::session::Session;
use crate::browser::signals::{Memo, RwSignal, Signal, effect, spawn};
use crate::browser::texts::{key, t};
use crate::browser::window;
use crate::domain::iin::Iin;
use crate::texts::screen::Key;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

#[must_use]
pub fn page() -> Markup {
    let session = expect_context::<Session>();
    let query = use_query_map();
    let next = Memo::new(move |_| query.with(|query| after_sign_in(query.get("next"))));
    let go = navigator();
    window::fetch_ahead();
    // Also for a person who is signed in already and comes here by a bookmark.
    let unreached = Memo::new(move |_| {
        let identity = session.identity.get();
        identity.map(|identity| identity.unreached)
    });
    effect(move || {
        if unreached.with(|unreached| unreached.as_ref().is_some_and(Vec::is_empty)) {
            go.run((next.get_untracked(), true));
        }
    });
    let asked = move || unreached.get().filter(|unreached| !unreached.is_empty());
    let is_asked = Memo::new(move |_| asked().is_some());
    let returns = maybe(move || {
        (next.get() != HOME && !is_asked.get()).then(|| {
            let text = paragraph("", t(key::SIGNIN_RETURN).to_owned());
            notice(NoticeKind::Info, "", false, vec![text])
        })
    });
    let update = Callback::new(move |()| go.run(("/form".to_owned(), true)));
    // The numbers a code may go to, while one is needed after the password.
    let step = RwSignal::new(None::<Vec<OfferedNumber>>);
    let said = RwSignal::new(None::<Key>);
    let over = Callback::new(move |why: Option<Key>| {
        said.set(why);
        step.set(None);
        request_animation_frame(window::to_heading);
    });
    let content = live(move || {
        if is_asked.get() {
            return reach::view(session, untrack(asked).unwrap_or_default(), update);
        }
        match step.get() {
            Some(numbers) => second_step::view(session, numbers, over),
            None => {
                let said = said.get_untracked().map_or_else(nothing, |why| {
                    let text = paragraph("", t(why).to_owned());
                    notice(NoticeKind::Info, "", true, vec![text])
                });
                division("stack", vec![said, by_eds(session), by_password(session, step)])
            }
        }
    });
    let title = Signal::derive(move || {
        t(if is_asked.get() {
            key::REACH_TITLE
        } else {
            key::SIGNIN_TITLE
        })
        .to_owned()
    });
    framed(title, "", None, division("stack", vec![returns, content]))
}

const HOME: &str = "/record";

/// A path of our own, or the first page; never another site.
fn after_sign_in(next: Option<String>) -> String {
    next.filter(|path| path.starts_with('/') && !path.starts_with("//") && !path.contains('\\'))
        .unwrap_or_else(|| HOME.to_owned())
}

fn by_eds(session: Session) -> Markup {
    let calls = calls();
    let eds = Eds::new(Purpose::SignIn);
    let start = Callback::new(move |()| {
        eds.run(
            session,
            move || {
                Box::pin(async move {
                    let challenge = (calls.eds_challenge)(Nothing {}).await?;
                    Ok(challenge.data_base64)
                })
            },
            move |cms| {
                Box::pin(async move {
                    let identity = (calls.eds_sign_in)(SignedChallenge { cms }).await?;
                    session.begin(identity);
                    Ok(())
                })
            },
        );
    });
    let content = if eds::is_phone() {
        vec![paragraph("", t(key::EDS_PHONE_SIGNIN).to_owned())]
    } else {
        let no_eds = tag("p")
            .class("block__why")
            .child(tag("strong").text(t(key::SIGNIN_NO_EDS)))
            .text(&[" ", t(key::SIGNIN_NO_EDS_TEXT), " "].concat())
            .child(tag("a").set("href", "/help#eds").text(t(key::MORE)));
        vec![
            eds::start(eds, t(key::SIGNIN_EDS_BUTTON), start),
            eds::states(eds),
            paragraph("block__why", t(key::SIGNIN_EDS_ANY_KEY).to_owned()),
            no_eds,
        ]
    };
    block(
        "eds",
        t(key::WAY_EDS),
        t(key::SIGNIN_EDS_TEXT).to_owned(),
        vec![division("stack", content)],
    )
}

fn by_password(session: Session, step: RwSignal<Option<Vec<OfferedNumber>>>) -> Markup {
    let calls = calls();
    let iin = RwSignal::new(String::new());
    let password = RwSignal::new(String::new());
    let iin_error = RwSignal::new(String::new());
    let password_error = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let failed = RwSignal::new(None::<ApiError>);

    let iin_problem = move || {
        Iin::typed(&iin.get_untracked())
            .err()
            .map(errors::iin)
            .unwrap_or_default()
    };
    let leave_iin = Callback::new(move |()| {
        if !iin.with_untracked(String::is_empty) {
            iin_error.set(iin_problem());
        }
    });
    let retype_iin = Callback::new(move |()| {
        if !iin_error.with_untracked(String::is_empty) {
            iin_error.set(iin_problem());
        }
    });
    let retype_password = Callback::new(move |()| password_error.set(String::new()));
    let submit = move |event: web_sys::Event| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        iin_error.set(iin_problem());
        let empty = password.with_untracked(String::is_empty);
        password_error.set(if empty {
            t(key::PASSWORD_MISSING).to_owned()
        } else {
            String::new()
        });
        if !iin_error.with_untracked(String::is_empty) {
            focus_field("iin");
            return;
        }
        if empty {
            focus_field("password");
            return;
        }
        let credentials = Credentials {
            iin: iin.get_untracked().split_whitespace().collect(),
            password: password.get_untracked(),
        };
        busy.set(true);
        failed.set(None);
        spawn(async move {
            let answer = (calls.sign_in)(credentials).await;
            busy.try_set(false);
            match answer {
                Ok(Entry::Open { identity }) => {
                    password.try_set(String::new());
                    session.begin(*identity);
                }
                Ok(Entry::Code { numbers }) => {
                    let none = numbers.is_empty();
                    step.try_set(Some(numbers));
                    request_animation_frame(move || {
                        if none {
                            window::to_heading();
                        } else {
                            focus_field("step-number");
                        }
                    });
                }
                Err(error) => {
                    failed.try_set(Some(error));
                }
            }
        });
    };
    let iin = view! {
        <TextField
            id="iin"
            kind=FieldKind::Iin
            label=t(key::SIGNIN_IIN)
            hint=t(key::SIGNIN_IIN_HINT)
            value=iin
            error=iin_error
            on_leave=leave_iin
            on_type=retype_iin
        />
    };
    let password = view! {
        <PasswordField
            id="password"
            label=t(key::SIGNIN_PASSWORD)
            value=password
            show=t(key::SIGNIN_SHOW)
            hide=t(key::SIGNIN_HIDE)
            error=password_error
            on_type=retype_password
        />
    };
    let button = view! { <Button submit=true busy=busy>{t(key::SIGNIN_BUTTON)}</Button> };
    let form = tag("form")
        .class("fields")
        .set("novalidate", "")
        .on("submit", submit)
        .child(may_fail(failed, None))
        .child(iin.markup())
        .child(password.markup())
        .child(division("actions", vec![button.markup()]))
        .child(without());
    block("by-password", t(key::WAY_PASSWORD), String::new(), vec![form])
}

/// For who has no password, or no longer knows it.
fn without() -> Markup {
    links(vec![
        link("/reset".to_owned(), t(key::SIGNIN_FORGOT).to_owned(), false),
        link(
            "/register".to_owned(),
            [t(key::SIGNIN_NONE), " ", t(key::REGISTER_TITLE)].concat(),
            false,
        ),
    ])
}

#[cfg(test)]
mod tests {
    use super::after_sign_in;

    #[test]
    fn only_paths_of_our_own_are_returned_to() {
        assert_eq!(after_sign_in(Some("/form".into())), "/form");
        for foreign in ["//evil.example", "https://evil.example", "/\\evil.example", ""] {
            assert_eq!(after_sign_in(Some(foreign.into())), "/record");
        }
        assert_eq!(after_sign_in(None), "/record");
    }
}
