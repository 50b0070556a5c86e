//! Signing with eGov Mobile as the person sees it: the steps, the code and how long it lasts (by the server's clock), the
//! number to compare, and one action for each bad end. The state comes by a long poll, and at once when the page is in front
//! again: on a phone the person has just come back from the app.

use super::plain::{button, division, notice, paragraph};
use super::trouble::{may_fail, trouble};
use crate::api::ApiError;
use crate::api::applications::{ApplicationId, Frozen};
use crate::api::signing::{QrId, QrQuestion, QrSession, QrState};
use crate::browser::calls::{InsideCalls, inside_calls};
use crate::browser::components::{
    ButtonKind, ButtonLink, Countdown, Instructions, NoticeKind, QrCard, QrMatrix, announce,
};
use crate::browser::errors::{Next, Told};
use crate::browser::markup::{IntoMarkup, Markup, all, live, maybe, tag};
use crate::browser::ncalayer::is_phone;
use crate::browser::session::{Session, Waiting};
use crate::browser::signals::{Memo, RwSignal, Signal, StoredValue, spawn};
use crate::browser::texts::{key, t, tf};
use crate::browser::window;
use crate::texts::screen::Key;
use leptos::prelude::*;

/// After a lost connection the question is asked again so soon.
const AGAIN_MS: i32 = 2_000;

#[derive(Clone, Copy)]
struct Qr {
    session: RwSignal<Option<QrSession>>,
    failed: RwSignal<Option<ApiError>>,
    lost: RwSignal<bool>,
    /// Grows with every new round of questions: only the last one goes on.
    round: StoredValue<u32>,
    calls: InsideCalls,
    signed_in: Session,
    on_signed: Callback<()>,
}

/// The place where the application is signed by QR. `on_signed` leads on; `by_eds` and `back` are the other ways.
#[must_use]
pub fn view(frozen: &Frozen, on_signed: Callback<()>, by_eds: Callback<()>, back: Callback<()>) -> Markup {
    let signed_in = expect_context::<Session>();
    let qr = Qr {
        session: RwSignal::new(None),
        failed: RwSignal::new(None),
        lost: RwSignal::new(false),
        round: StoredValue::new(0),
        calls: inside_calls(),
        signed_in,
        on_signed,
    };
    let application = StoredValue::new(frozen.application.clone());
    let start = Callback::new(move |()| qr.start(application.get_value()));
    start.run(());
    window::on_event("visibilitychange", move |_| {
        if window::visible() {
            qr.follow();
        }
    });
    // Looking at the code is activity: the session doesn't end under the person's hands.
    let activity: StoredValue<Option<Waiting>> = StoredValue::new(Some(signed_in.waiting()));
    on_cleanup(move || {
        qr.round.try_update_value(|round| *round = round.wrapping_add(1));
        activity.set_value(None);
    });

    let state = Memo::new(move |_| {
        qr.session
            .with(|session| session.as_ref().map(|session| session.state))
    });
    let number = frozen.number.clone();
    let size = (frozen.size.div_ceil(1024)).to_string();
    let lines = vec![
        (t(key::QR_STEP_1), t(key::QR_STEP_1_NOTE).to_owned()),
        (t(key::QR_STEP_2), String::new()),
        (
            t(key::QR_STEP_3),
            tf(key::QR_STEP_3_NOTE, &[("number", &number), ("size", &size)]),
        ),
    ];
    let cancel = Callback::new(move |()| qr.cancel(back));
    let left = live(move || match state.get() {
        None | Some(QrState::New) => code(qr),
        Some(QrState::Opened) => on_phone(key::QR_OPENED, key::QR_OPENED_TEXT, qr),
        Some(QrState::Reading) => on_phone(key::QR_READING, key::QR_READING_TEXT, qr),
        Some(QrState::Signed) => {
            let next = paragraph("", t(key::LOADING).to_owned());
            notice(NoticeKind::Success, t(key::QR_SIGNED), false, vec![next])
        }
        Some(QrState::Refused) => ended(key::QR_REFUSED, key::QR_REFUSED_TEXT, start),
        Some(QrState::WrongSigner) => ended(key::QR_WRONG_SIGNER, key::QR_WRONG_SIGNER_TEXT, start),
        Some(QrState::Failed) => ended(key::QR_FAILED, key::QR_FAILED_TEXT, start),
        Some(QrState::Expired) => ended(key::QR_EXPIRED, key::QR_EXPIRED_TEXT, start),
        Some(QrState::Cancelled) => ended(key::QR_CANCELLED, key::QR_CANCELLED_TEXT, start),
    });
    let to_compare = maybe(move || {
        let code = qr
            .session
            .with(|session| session.as_ref().map(|session| session.code.clone()))?;
        let live = matches!(
            state.get(),
            Some(QrState::New | QrState::Opened | QrState::Reading)
        );
        live.then(|| {
            tag("div")
                .class("compare")
                .child(tag("span").class("compare__number").text(&code))
                .child(tag("span").text(t(key::QR_CODE_NOTE)))
        })
    });
    let lost = maybe(move || {
        qr.lost.get().then(|| {
            let text = paragraph("", t(key::QR_LOST).to_owned());
            notice(NoticeKind::Warning, "", true, vec![text])
        })
    });
    let other_ways = maybe(move || {
        let mut ways = Vec::new();
        if !is_phone() {
            ways.push(button(ButtonKind::Secondary, t(key::SIGN_EDS), by_eds));
        }
        ways.push(button(ButtonKind::Link, t(key::QR_CANCEL), cancel));
        (state.get() != Some(QrState::Signed)).then(|| division("actions", ways))
    });
    let steps = view! { <Instructions lines=lines/> }.markup();
    division(
        "signing",
        vec![
            division("signing__side", vec![may_fail(qr.failed, Some(start)), left]),
            division("signing__side", vec![lost, steps, to_compare, other_ways]),
        ],
    )
}

impl Qr {
    /// A new session, or the live one of this application (after a reload).
    fn start(self, application: String) {
        self.failed.set(None);
        spawn(async move {
            match (self.calls.start_qr)(ApplicationId { application }).await {
                Ok(session) => {
                    self.take(session);
                    self.follow();
                }
                Err(error) => self.fail(error),
            }
        });
    }

    /// Asks on and on, until the session has an end or the page is left.
    fn follow(self) {
        let Some(round) = self.round.try_update_value(|round| {
            *round = round.wrapping_add(1);
            *round
        }) else {
            return;
        };
        spawn(async move {
            loop {
                let Some(Some(question)) = self.session.try_with_untracked(|session| {
                    session
                        .as_ref()
                        .filter(|session| is_live(session.state))
                        .map(|session| QrQuestion {
                            session: session.session.clone(),
                            seen: session.state,
                            payload_seen: session.payload.clone(),
                        })
                }) else {
                    return;
                };
                let answer = (self.calls.qr_status)(question).await;
                if self.round.try_get_value() != Some(round) {
                    return;
                }
                match answer {
                    Ok(session) => {
                        self.lost.set(false);
                        self.take(session);
                    }
                    Err(ApiError::Offline | ApiError::Unavailable) => {
                        self.lost.set(true);
                        window::sleep(AGAIN_MS).await;
                    }
                    Err(ApiError::TooMany { retry_after_seconds }) => {
                        let ms = retry_after_seconds.clamp(1, 60).saturating_mul(1000);
                        window::sleep(i32::try_from(ms).unwrap_or(AGAIN_MS)).await;
                    }
                    Err(error) => {
                        self.fail(error);
                        return;
                    }
                }
            }
        });
    }

    fn take(self, session: QrSession) {
        let state = session.state;
        let before = self
            .session
            .try_with_untracked(|held| held.as_ref().map(|held| held.state))
            .flatten();
        let _ = self.session.try_set(Some(session));
        if before != Some(state) {
            match state {
                QrState::Opened => announce(t(key::QR_OPENED)),
                QrState::Reading => announce(t(key::QR_READING_TEXT)),
                QrState::Signed => {
                    announce(t(key::QR_SIGNED));
                    self.on_signed.try_run(());
                }
                _ => {}
            }
        }
    }

    fn fail(self, error: ApiError) {
        self.signed_in.heed(&error);
        let _ = self.failed.try_set(Some(error));
    }

    fn cancel(self, back: Callback<()>) {
        let live = self.session.with_untracked(|session| {
            session
                .as_ref()
                .filter(|session| is_live(session.state))
                .map(|session| session.session.clone())
        });
        let Some(session) = live else {
            back.run(());
            return;
        };
        self.round.update_value(|round| *round = round.wrapping_add(1));
        spawn(async move {
            match (self.calls.cancel_qr)(QrId { session }).await {
                // Too late: it was signed meanwhile.
                Ok(session) if session.state == QrState::Signed => self.take(session),
                Ok(_) => {
                    back.try_run(());
                }
                Err(error) => self.fail(error),
            }
        });
    }

    fn deadline(self) -> Signal<i64> {
        Signal::derive(move || {
            self.session
                .with(|session| session.as_ref().map_or(0, |session| session.deadline.0))
        })
    }

    fn server_now(self) -> Signal<i64> {
        Signal::derive(move || {
            self.session
                .with(|session| session.as_ref().map_or(0, |session| session.now.0))
        })
    }

    /// The time is up by the clock: the server says what that means.
    fn on_deadline(self) -> Callback<()> {
        Callback::new(move |()| {
            if self.session.with_untracked(Option::is_some) {
                self.follow();
            }
        })
    }
}

const fn is_live(state: QrState) -> bool {
    matches!(state, QrState::New | QrState::Opened | QrState::Reading)
}

/// The code; on a phone the button that opens the app stands first.
fn code(qr: Qr) -> Markup {
    let matrix = Memo::new(move |_| {
        qr.session.with(|session| {
            session
                .as_ref()
                .and_then(|session| QrMatrix::of(&session.payload))
        })
    });
    let app = maybe(move || {
        let link = qr
            .session
            .with(|session| session.as_ref().map(|session| session.app_link.clone()))?;
        is_phone().then(|| {
            let open =
                view! { <ButtonLink href=link wide=true external=true>{t(key::QR_OPEN_APP)}</ButtonLink> };
            let scan = paragraph("", t(key::QR_SCAN_INSTEAD).to_owned());
            division("stack", vec![open.markup(), scan])
        })
    });
    let below = maybe(move || {
        qr.session.with(Option::is_some).then(|| {
            let words = tag("span").text(t(key::QR_VALID));
            all(vec![words, countdown(qr)])
        })
    });
    let below = below.view();
    let card = view! { <QrCard code=matrix label=t(key::QR_ALT)>{below}</QrCard> };
    all(vec![app, card.markup()])
}

fn countdown(qr: Qr) -> Markup {
    let countdown = view! {
        <Countdown deadline=qr.deadline() server_now=qr.server_now() on_end=qr.on_deadline()/>
    };
    tag("strong").child(countdown.markup())
}

/// Scanned: the code has done its work.
fn on_phone(title: Key, text: Key, qr: Qr) -> Markup {
    let left = tag("p").text(t(key::SESSION_LEFT)).text(" ").child(countdown(qr));
    let inside = vec![paragraph("", t(text).to_owned()), left];
    notice(NoticeKind::Success, t(title), false, inside)
}

fn ended(title: Key, text: Key, start: Callback<()>) -> Markup {
    let told = Told {
        title: t(title),
        text: t(text).to_owned(),
        next: Next::None,
        contacts: false,
    };
    let again = button(ButtonKind::Primary, t(key::QR_NEW), start);
    division(
        "stack",
        vec![trouble(told, None), division("actions", vec![again])],
    )
}
