//! «Кабинет баптаулары»: where the person is signed in and was, the password, the consent. Everything here can be ended by a
//! press, and says what follows before it is.

use super::frame;
use crate::api::accounts::Way;
use crate::api::settings::{NewPassword, OpenSession, PasswordSet, SessionsToEnd, Settings};
use crate::api::{ApiError, Nothing};
use crate::browser::blocks::plain::{block, button, division, notice, paragraph};
use crate::browser::blocks::trouble::{load, may_fail, show};
use crate::browser::calls::{Answer, settings_calls};
use crate::browser::components::{
    Button, ButtonKind, Cell, Dialog, NoticeKind, PasswordField, Table, focus_field, toast,
};
use crate::browser::errors;
use crate::browser::markup::{IntoMarkup, Markup, all, live, maybe, nothing, tag};
use crate::browser::session::Session;
use crate::browser::signals::{RwSignal, Signal, spawn};
use crate::browser::texts::{date, key, t, tf};
use crate::domain::time::Timestamp;
use crate::texts::screen::Key;
use leptos::prelude::*;

/// What stands on the page now, and what went wrong with the last press.
#[derive(Clone, Copy)]
struct Room {
    session: Session,
    settings: RwSignal<Settings>,
    failed: RwSignal<Option<ApiError>>,
}

impl Room {
    /// Does what was pressed; the answer is what stands now.
    fn press(self, asked: Answer<Settings>, said: Key) {
        self.failed.set(None);
        spawn(async move {
            match asked.await {
                Ok(settings) => {
                    if self.settings.try_set(settings).is_none() {
                        toast(t(said));
                    }
                }
                Err(error) => {
                    self.session.heed(&error);
                    let _ = self.failed.try_set(Some(error));
                }
            }
        });
    }
}

#[must_use]
pub fn page() -> Markup {
    let session = expect_context::<Session>();
    let calls = settings_calls();
    let (loaded, again) = load(move || (calls.my_settings)(Nothing {}));
    let whole = move |settings: Settings| {
        let room = Room {
            session,
            settings: RwSignal::new(settings),
            failed: RwSignal::new(None),
        };
        let parts = vec![
            may_fail(room.failed, None),
            sessions(room),
            password(room),
            consents(room),
            sign_ins(room),
        ];
        division("stack", parts)
    };
    frame(
        t(key::SETTINGS_TITLE),
        t(key::SETTINGS_LEAD),
        show(loaded, again, whole),
    )
}

fn moment(at: Timestamp) -> String {
    [&date(at.date_kz()), ", ", &at.clock_kz()].concat()
}

const fn way(way: Way) -> Key {
    match way {
        Way::Eds => key::WAY_EDS,
        Way::Password => key::WAY_PASSWORD,
    }
}

fn device(browser: &str, address: &str) -> String {
    if browser.is_empty() {
        address.to_owned()
    } else {
        [browser, " · ", address].concat()
    }
}

fn sessions(room: Room) -> Markup {
    let calls = settings_calls();
    let end = move |id: String| room.press((calls.end_sessions)(SessionsToEnd { id }), key::SETTINGS_ENDED);
    let line = move |open: OpenSession| {
        let since = tf(key::SETTINGS_SINCE, &[("time", &moment(open.began_at))]);
        let what = tag("div")
            .child(tag("strong").text(&device(&open.browser, &open.address)))
            .child(paragraph(
                "block__why",
                [t(way(open.way)), " · ", &since].concat(),
            ));
        let right = if open.this {
            paragraph("", t(key::SETTINGS_THIS).to_owned())
        } else {
            let id = open.id;
            button(
                ButtonKind::Secondary,
                t(key::SETTINGS_END),
                Callback::new(move |()| end(id.clone())),
            )
        };
        tag("li").class("session").child(what).child(right)
    };
    let list = live(move || {
        tag("ul")
            .class("sessions")
            .children(room.settings.get().sessions.into_iter().map(line).collect())
    });
    let others = maybe(move || {
        (room.settings.with(|settings| settings.sessions.len()) > 1).then(|| {
            let all_others = Callback::new(move |()| end(String::new()));
            division(
                "actions",
                vec![button(
                    ButtonKind::Secondary,
                    t(key::SETTINGS_END_ALL),
                    all_others,
                )],
            )
        })
    });
    let stranger = notice(
        NoticeKind::Info,
        t(key::SETTINGS_NOT_ME),
        false,
        vec![paragraph("", t(key::SETTINGS_NOT_ME_TEXT).to_owned())],
    );
    block(
        "sessions",
        t(key::SETTINGS_SESSIONS),
        t(key::SETTINGS_SESSIONS_TEXT).to_owned(),
        vec![division("stack", vec![list, others, stranger])],
    )
}

fn sign_ins(room: Room) -> Markup {
    let rows = Signal::derive(move || {
        room.settings
            .get()
            .sign_ins
            .into_iter()
            .map(|past| {
                vec![
                    Cell::text(moment(past.at)),
                    Cell::text(t(way(past.way))),
                    Cell::text(device(&past.browser, &past.address)),
                ]
            })
            .collect::<Vec<_>>()
    });
    let table = view! {
        <Table
            caption=t(key::SETTINGS_SIGN_INS)
            hide_caption=true
            columns=vec![t(key::APPLICATIONS_AT), t(key::SETTINGS_WAY), t(key::SETTINGS_DEVICE)]
            rows=rows
        />
    };
    block(
        "sign-ins",
        t(key::SETTINGS_SIGN_INS),
        String::new(),
        vec![table.markup()],
    )
}

fn password(room: Room) -> Markup {
    let calls = settings_calls();
    let current = RwSignal::new(String::new());
    let new = RwSignal::new(String::new());
    let current_error = RwSignal::new(String::new());
    let new_error = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let failed = RwSignal::new(None::<ApiError>);
    let (has, by_eds) = room
        .settings
        .with_untracked(|settings| (settings.has_password, settings.by_eds));
    if !has && !by_eds {
        return nothing();
    }
    let told = move |set: PasswordSet| {
        let (field, wrong, id) = match errors::password(set) {
            Some(wrong) => (new_error, wrong, "new-password"),
            None if set == PasswordSet::WrongCurrent => {
                (current_error, key::SETTINGS_PASSWORD_WRONG, "current-password")
            }
            None => {
                current.set(String::new());
                new.set(String::new());
                toast(t(key::SETTINGS_PASSWORD_DONE));
                return;
            }
        };
        field.set(t(wrong).to_owned());
        focus_field(id);
    };
    let submit = move |event: web_sys::Event| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        failed.set(None);
        let asked = (calls.set_password)(NewPassword {
            current: current.get_untracked(),
            new: new.get_untracked(),
        });
        spawn(async move {
            let answer = asked.await;
            if busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(set) => told(set),
                Err(error) => {
                    room.session.heed(&error);
                    failed.set(Some(error));
                }
            }
        });
    };
    let current_field = (!by_eds).then(|| {
        view! {
            <PasswordField
                id="current-password"
                label=t(key::SETTINGS_PASSWORD_CURRENT)
                value=current
                show=t(key::SIGNIN_SHOW)
                hide=t(key::SIGNIN_HIDE)
                error=current_error
                on_type=Callback::new(move |()| current_error.set(String::new()))
            />
        }
        .markup()
    });
    let new_field = view! {
        <PasswordField
            id="new-password"
            label=t(key::SETTINGS_PASSWORD_NEW)
            hint=t(key::SETTINGS_PASSWORD_HINT)
            new=true
            value=new
            show=t(key::SIGNIN_SHOW)
            hide=t(key::SIGNIN_HIDE)
            error=new_error
            on_type=Callback::new(move |()| new_error.set(String::new()))
        />
    };
    let button = view! { <Button submit=true busy=busy>{t(key::SETTINGS_PASSWORD_SET)}</Button> };
    let form = tag("form")
        .class("fields")
        .set("novalidate", "")
        .on("submit", submit)
        .child(may_fail(failed, None))
        .maybe(current_field)
        .child(new_field.markup())
        .child(division("actions", vec![button.markup()]));
    let why = if has {
        key::SETTINGS_PASSWORD_TEXT
    } else {
        key::SETTINGS_PASSWORD_NONE
    };
    block(
        "password",
        t(key::SETTINGS_PASSWORD),
        t(why).to_owned(),
        vec![form],
    )
}

fn consents(room: Room) -> Markup {
    let calls = settings_calls();
    let asking = RwSignal::new(false);
    let lines = live(move || {
        let consents = room.settings.get().consents;
        if consents.is_empty() {
            return paragraph("", t(key::SETTINGS_CONSENT_NONE).to_owned());
        }
        let stands = consents.iter().any(|consent| consent.withdrawn_at.is_none());
        let mut lines: Vec<Markup> = consents
            .into_iter()
            .map(|consent| {
                let given = tf(
                    key::SETTINGS_CONSENT_GIVEN,
                    &[("time", &moment(consent.given_at))],
                );
                let text = match consent.withdrawn_at {
                    None => given,
                    Some(at) => {
                        let withdrawn = tf(key::SETTINGS_CONSENT_WITHDRAWN, &[("time", &moment(at))]);
                        [&given, " ", withdrawn.as_str()].concat()
                    }
                };
                paragraph("", text)
            })
            .collect();
        if stands {
            let ask = Callback::new(move |()| asking.set(true));
            lines.push(division(
                "actions",
                vec![button(
                    ButtonKind::Secondary,
                    t(key::SETTINGS_CONSENT_WITHDRAW),
                    ask,
                )],
            ));
        }
        division("stack", lines)
    });
    let yes = Callback::new(move |()| {
        asking.set(false);
        room.press((calls.withdraw_consent)(Nothing {}), key::SETTINGS_CONSENT_DONE);
        room.session.withdrew();
    });
    let no = Callback::new(move |()| asking.set(false));
    let choice = vec![
        button(ButtonKind::Danger, t(key::SETTINGS_CONSENT_WITHDRAW), yes),
        button(ButtonKind::Secondary, t(key::CLOSE), no),
    ];
    let inside = all(vec![
        paragraph("", t(key::SETTINGS_CONSENT_ASK_TEXT).to_owned()),
        division("actions", choice),
    ])
    .view();
    let dialog = view! {
        <Dialog id="withdraw" title=t(key::SETTINGS_CONSENT_ASK) open=asking close=t(key::CLOSE)>
            {inside}
        </Dialog>
    };
    block(
        "consent",
        t(key::CONSENT_TITLE),
        t(key::SETTINGS_CONSENT_TEXT).to_owned(),
        vec![lines, dialog.markup()],
    )
}
