//! A password without a session: registering, and a new password in place of a forgotten one. Three steps, each an address of
//! its own for the browser's «back»: who, which number, code and password. Loaded anew, the last step is taken up again by
//! the cookie; what is typed stays in this page's memory alone. The page says the same whoever the IIN belongs to.

use super::{framed, navigator};
use crate::api::contacts::{CodeSent, CodeTrouble};
use crate::api::openings::{HeldNumber, Opening, OpeningWanted, PasswordOpened, UnderWay};
use crate::api::settings::PasswordSet;
use crate::api::{ApiError, Nothing};
use crate::browser::blocks::again::again;
use crate::browser::blocks::plain::{
    block, button, division, link, links, notice, paragraph, points, whom_to_ask,
};
use crate::browser::blocks::second_step;
use crate::browser::blocks::trouble::{may_fail, skeleton};
use crate::browser::calls::{OpeningCalls, calls, opening_calls};
use crate::browser::components::{
    Button, ButtonKind, Choice, FieldKind, NoticeKind, PasswordField, RadioCards, TextField, announce,
    focus_field,
};
use crate::browser::errors;
use crate::browser::markup::{IntoMarkup, Markup, live, maybe, tag};
use crate::browser::robots;
use crate::browser::session::Session;
use crate::browser::signals::{Memo, RwSignal, Signal, effect, spawn};
use crate::browser::texts::{key, t, tf};
use crate::domain::iin::Iin;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Who,
    Number,
    Code,
    /// Whether a code was asked for isn't known yet.
    Asking,
}

#[derive(Clone, Copy)]
struct Way {
    opening: Opening,
    calls: OpeningCalls,
    /// To the step of this name, which «back» leads away from.
    go: Callback<&'static str>,
    iin: RwSignal<String>,
    number: RwSignal<String>,
    password: RwSignal<String>,
    sent: RwSignal<Option<CodeSent>>,
    proven: RwSignal<bool>,
    busy: RwSignal<bool>,
    failed: RwSignal<Option<ApiError>>,
}

#[must_use]
pub fn page(opening: Opening) -> Markup {
    let session = expect_context::<Session>();
    let navigate = navigator();
    let path = match opening {
        Opening::Registration => "/register",
        Opening::PasswordReset => "/reset",
    };
    let way = Way {
        opening,
        calls: opening_calls(),
        go: Callback::new(move |step: &str| navigate.run(([path, "?step=", step].concat(), false))),
        iin: RwSignal::new(String::new()),
        number: RwSignal::new(HeldNumber::Mobile.as_str().to_owned()),
        password: RwSignal::new(String::new()),
        sent: RwSignal::new(None),
        proven: RwSignal::new(false),
        busy: RwSignal::new(false),
        failed: RwSignal::new(None),
    };
    // Signed in now, or before: the page of signing in knows where to go on.
    effect(move || {
        if session.identity.with(Option::is_some) {
            navigate.run(("/sign-in".to_owned(), true));
        }
    });
    let query = use_query_map();
    let wanted = Memo::new(move |_| query.with(|query| query.get("step").unwrap_or_default()));
    let asking = RwSignal::new(wanted.with_untracked(|step| step == "code"));
    if asking.get_untracked() {
        spawn(async move {
            let under_way = (way.calls.under_way)(Nothing {}).await;
            if let Ok(UnderWay {
                opening: Some(found),
                sent,
                proven,
            }) = under_way
                && found == opening
            {
                way.sent.try_set(sent);
                way.proven.try_set(proven);
            }
            asking.try_set(false);
        });
    }
    let step = Memo::new(move |_| match wanted.get().as_str() {
        "code" if asking.get() => Step::Asking,
        "code" if way.sent.with(Option::is_some) => Step::Code,
        "number" | "code" if way.iin.with(|iin| Iin::typed(iin).is_ok()) => Step::Number,
        _ => Step::Who,
    });
    // The next step's first field takes the keyboard, as a new page's heading would.
    let first = RwSignal::new(true);
    effect(move || {
        let field = match step.get() {
            Step::Who => "iin",
            Step::Number => "number",
            Step::Code if way.proven.with_untracked(|proven| *proven) => "own-password",
            Step::Code => "code",
            Step::Asking => return,
        };
        if first.get_untracked() {
            return first.set(false);
        }
        way.failed.set(None);
        request_animation_frame(move || focus_field(field));
    });
    let content = live(move || match step.get() {
        Step::Who => who(way),
        Step::Number => number(way),
        Step::Code => code(way, session),
        Step::Asking => skeleton(4),
    });
    let (title, lead) = match opening {
        Opening::Registration => (key::REGISTER_TITLE, key::REGISTER_LEAD),
        Opening::PasswordReset => (key::RESET_TITLE, key::RESET_LEAD),
    };
    framed(
        Signal::derive(move || t(title).to_owned()),
        t(lead),
        None,
        division("stack", vec![content]),
    )
}

/// A form of these parts and its button.
fn form(way: Way, submit: impl Fn() + 'static, parts: Vec<Markup>, words: &'static str) -> Markup {
    let button = view! { <Button submit=true busy=way.busy>{words}</Button> };
    tag("form")
        .class("fields")
        .set("novalidate", "")
        .on("submit", move |event| {
            event.prevent_default();
            if !way.busy.get_untracked() {
                submit();
            }
        })
        .child(may_fail(way.failed, None))
        .children(parts)
        .child(division("actions", vec![button.markup()]))
}

fn who(way: Way) -> Markup {
    let error = RwSignal::new(String::new());
    let problem = move || {
        way.iin
            .with_untracked(|iin| Iin::typed(iin).err().map(errors::iin))
    };
    let check = Callback::new(move |()| {
        if !way.iin.with_untracked(String::is_empty) {
            error.set(problem().unwrap_or_default());
        }
    });
    let retype = Callback::new(move |()| {
        if !error.with_untracked(String::is_empty) {
            error.set(problem().unwrap_or_default());
        }
    });
    let submit = move || match problem() {
        Some(words) => {
            error.set(words);
            focus_field("iin");
        }
        None => way.go.run("number"),
    };
    let field = view! {
        <TextField
            id="iin"
            kind=FieldKind::Iin
            label=t(key::SIGNIN_IIN)
            hint=t(key::SIGNIN_IIN_HINT)
            value=way.iin
            error=error
            on_leave=check
            on_type=retype
        />
    };
    let parts = vec![
        form(way, submit, vec![field.markup()], t(key::OPENING_NEXT)),
        elsewhere(),
    ];
    block(
        "who",
        t(key::OPENING_WHO),
        String::new(),
        vec![division("stack", parts)],
    )
}

fn number(way: Way) -> Markup {
    let cards = HeldNumber::ALL.map(|number| {
        let note = match number {
            HeldNumber::Mobile => "",
            HeldNumber::Home | HeldNumber::Work => t(key::OPENING_IF_MOBILE),
        };
        Choice::new(number.as_str(), t(second_step::label(number)), note)
    });
    let checking = RwSignal::new(false);
    let submit = move || {
        let chosen = way.number.get_untracked();
        let number = HeldNumber::ALL
            .into_iter()
            .find(|number| number.as_str() == chosen);
        let mut wanted = OpeningWanted {
            opening: way.opening,
            iin: way.iin.get_untracked().split_whitespace().collect(),
            number: number.unwrap_or(HeldNumber::Mobile),
            proof: String::new(),
        };
        way.busy.set(true);
        way.failed.set(None);
        spawn(async move {
            let mut answer = (way.calls.start)(wanted.clone()).await;
            if let Err(ApiError::Puzzle {
                puzzle,
                bits,
                wait_seconds,
            }) = answer
            {
                announce(t(key::OPENING_CHECKING));
                checking.try_set(true);
                wanted.proof = robots::solve(puzzle, bits, wait_seconds).await;
                answer = (way.calls.start)(wanted).await;
                checking.try_set(false);
            }
            if way.busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(sent) => {
                    way.proven.set(false);
                    way.sent.set(Some(sent));
                    way.go.run("code");
                }
                Err(error) => way.failed.set(Some(error)),
            }
        });
    };
    let choice = view! {
        <RadioCards
            id="number"
            legend=t(key::OPENING_WHICH)
            hide_legend=true
            choices=cards.to_vec()
            value=way.number
        />
    };
    let parts = vec![
        form(
            way,
            submit,
            vec![
                choice.markup(),
                maybe(move || {
                    checking
                        .get()
                        .then(|| paragraph("field__hint", t(key::OPENING_CHECKING).to_owned()))
                }),
            ],
            t(key::CODE_SEND),
        ),
        elsewhere(),
    ];
    let why = t(key::OPENING_WHICH_HINT).to_owned();
    block(
        "which",
        t(key::OPENING_WHICH),
        why,
        vec![division("stack", parts)],
    )
}

fn code(way: Way, session: Session) -> Markup {
    let calls = calls();
    let code = RwSignal::new(String::new());
    let code_error = RwSignal::new(String::new());
    let password_error = RwSignal::new(String::new());
    let refused = move |error: ApiError| match error {
        ApiError::Code { trouble } => {
            let words = match trouble {
                CodeTrouble::Wrong { left } => tf(key::CODE_WRONG, &[("left", &left.to_string())]),
                CodeTrouble::Ended | CodeTrouble::NotSendable => t(key::OPENING_ENDED).to_owned(),
            };
            way.proven.set(false);
            code_error.set(words);
            focus_field("code");
        }
        other => way.failed.set(Some(other)),
    };
    let submit = move || {
        let digits: String = code.with_untracked(|code| code.chars().filter(char::is_ascii_digit).collect());
        let proven = way.proven.get_untracked();
        let code_lacks = !proven && digits.len() != 6;
        let password_lacks = way.password.with_untracked(String::is_empty);
        code_error.set(if code_lacks {
            t(key::CODE_LENGTH).to_owned()
        } else {
            String::new()
        });
        password_error.set(if password_lacks {
            t(key::PASSWORD_MISSING).to_owned()
        } else {
            String::new()
        });
        if code_lacks || password_lacks {
            return focus_field(if code_lacks { "code" } else { "own-password" });
        }
        let opened = PasswordOpened {
            code: digits,
            password: way.password.get_untracked(),
        };
        way.busy.set(true);
        way.failed.set(None);
        spawn(async move {
            let answer = (way.calls.finish)(opened).await;
            let identity = match answer {
                // The cookie is there: who it is of, the server says.
                Ok(PasswordSet::Done) => Some((calls.me)(Nothing {}).await),
                _ => None,
            };
            if way.busy.try_set(false).is_some() {
                return;
            }
            match (answer, identity) {
                (_, Some(Ok(identity))) => {
                    way.password.set(String::new());
                    session.begin(identity);
                }
                (_, Some(Err(error))) | (Err(error), None) => refused(error),
                (Ok(set), None) => {
                    if set == PasswordSet::Personal {
                        // Judged by what the Fund holds, and so after the code: that one is used up.
                        way.proven.set(true);
                    }
                    password_error
                        .set(errors::password(set).map_or_else(String::new, |why| t(why).to_owned()));
                    focus_field("own-password");
                }
            }
        });
    };
    let send = Callback::new(move |()| {
        if way.busy.get_untracked() {
            return;
        }
        way.busy.set(true);
        way.failed.set(None);
        spawn(async move {
            let answer = (way.calls.again)(Nothing {}).await;
            if way.busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(sent) => {
                    code.set(String::new());
                    code_error.set(String::new());
                    announce(t(key::OPENING_SENT));
                    way.sent.set(Some(sent));
                }
                Err(error) => refused(error),
            }
        });
    });
    let entry = live(move || {
        if way.proven.get() {
            let text = paragraph("", t(key::OPENING_PROVEN).to_owned());
            return notice(NoticeKind::Success, "", true, vec![text]);
        }
        view! {
            <TextField
                id="code"
                kind=FieldKind::Code
                label=t(key::CODE_FIELD)
                hint=t(key::OPENING_SENT)
                value=code
                error=code_error
                on_type=Callback::new(move |()| code_error.set(String::new()))
            />
        }
        .markup()
    });
    let own = view! {
        <PasswordField
            id="own-password"
            label=t(key::OPENING_PASSWORD)
            hint=t(key::SETTINGS_PASSWORD_HINT)
            new=true
            value=way.password
            show=t(key::SIGNIN_SHOW)
            hide=t(key::SIGNIN_HIDE)
            error=password_error
            on_type=Callback::new(move |()| password_error.set(String::new()))
        />
    };
    // The browser keeps the password under the IIN, where the page still knows it.
    let username = tag("input")
        .set("type", "text")
        .set("name", "username")
        .set("autocomplete", "username")
        .set("hidden", "")
        .set("value", &way.iin.get_untracked());
    let words = match way.opening {
        Opening::Registration => key::OPENING_REGISTER,
        Opening::PasswordReset => key::SETTINGS_PASSWORD_SET,
    };
    let parts = vec![
        form(way, submit, vec![username, entry, own.markup()], t(words)),
        maybe(move || (!way.proven.get()).then(|| none(way, send))),
    ];
    block(
        "code-and-password",
        t(key::OPENING_CODE_TITLE),
        String::new(),
        vec![division("stack", parts)],
    )
}

/// «Код келмеді ме?»
fn none(way: Way, send: Callback<()>) -> Markup {
    let other = Callback::new(move |()| way.go.run("number"));
    let title = tag("h3").text(t(key::OPENING_NONE));
    let lines = vec![
        t(key::OPENING_NONE_OTHER),
        t(key::OPENING_NONE_WORD),
        t(key::OPENING_NONE_EDS),
        t(key::OPENING_NONE_CALL),
    ];
    let back = button(ButtonKind::Link, t(key::OPENING_BACK), other);
    division(
        "stack",
        vec![
            title,
            points(false, lines),
            division("actions", vec![again(way.sent, send), back]),
            elsewhere(),
        ],
    )
}

/// The ways that need no code.
fn elsewhere() -> Markup {
    let mut ways = vec![link(
        "/sign-in".to_owned(),
        t(key::SIGNIN_EDS_BUTTON).to_owned(),
        false,
    )];
    ways.extend(whom_to_ask());
    links(ways)
}
