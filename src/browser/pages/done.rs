//! «Рақмет!»: number, time, what was changed, from when the Fund uses it, that the ten-day duty is met; document, receipt and
//! evidence; taking the application back while it is being checked. Its address stays valid.

use super::applications::state;
use super::{framed, navigator};
use crate::api::ApiError;
use crate::api::applications::{ApplicationId, SignedReceipt, SigningWay};
use crate::browser::blocks::changes;
use crate::browser::blocks::plain::{block, button, division, links, notice, paragraph};
use crate::browser::blocks::trouble::{Loaded, load, may_fail, show, way};
use crate::browser::calls::{RoomCalls, room_calls};
use crate::browser::components::{Button, ButtonKind, Dialog, Fact, Facts, NoticeKind, file_link};
use crate::browser::markup::{IntoMarkup, Markup, all};
use crate::browser::session::Session;
use crate::browser::signals::{RwSignal, Signal, effect, spawn};
use crate::browser::texts::{date, key, moment, t};
use crate::browser::window;
use crate::domain::application::ApplicationState;
use leptos::prelude::*;

/// While the signature is being checked the page asks so often.
const AGAIN_MS: u64 = 10_000;

#[must_use]
pub fn page(application: String) -> Markup {
    let calls = room_calls();
    let (receipt, again) = {
        let application = application.clone();
        load(move || {
            (calls.receipt)(ApplicationId {
                application: application.clone(),
            })
        })
    };
    let go = navigator();
    effect(move || {
        if receipt.with(|receipt| matches!(receipt, Loaded::Failed(ApiError::WrongState))) {
            go.run(("/applications".to_owned(), true));
        }
    });
    window::every(AGAIN_MS, move || {
        let checking = receipt.with_untracked(|receipt| {
            matches!(receipt, Loaded::Ready(receipt)
                if matches!(receipt.state, ApplicationState::Checking | ApplicationState::Signed))
        });
        // A question being answered isn't taken away.
        let asking = document().query_selector("dialog[open]");
        if checking && window::visible() && matches!(asking, Ok(None)) {
            again.run(());
        }
    });
    let title = Signal::derive(move || {
        let state = receipt.with(|receipt| match receipt {
            Loaded::Ready(receipt) => receipt.state,
            _ => ApplicationState::Applied,
        });
        t(match state {
            ApplicationState::Refused => key::STATE_REFUSED,
            ApplicationState::Cancelled => key::STATE_CANCELLED,
            _ => key::DONE_TITLE,
        })
        .to_owned()
    });
    let content = show(receipt, again, move |loaded| whole(calls, receipt, loaded));
    framed(title, "", Some(2), content)
}

/// The button that takes the application back, and the question before.
fn cancelling(calls: RoomCalls, shown: RwSignal<Loaded<SignedReceipt>>, application: String) -> Markup {
    let session = expect_context::<Session>();
    let open = RwSignal::new(window::hash() == "cancel");
    let busy = RwSignal::new(false);
    let failed = RwSignal::new(None::<ApiError>);
    let cancel = Callback::new(move |()| {
        let application = application.clone();
        busy.set(true);
        failed.set(None);
        spawn(async move {
            let answer = (calls.cancel)(ApplicationId { application }).await;
            let _ = busy.try_set(false);
            let _ = open.try_set(false);
            match answer {
                Ok(receipt) => {
                    let _ = shown.try_set(Loaded::Ready(receipt));
                    window::to_heading();
                }
                Err(error) => {
                    session.heed(&error);
                    let _ = failed.try_set(Some(error));
                }
            }
        });
    });
    let ask = button(
        ButtonKind::Secondary,
        t(key::CANCEL_BUTTON),
        Callback::new(move |()| open.set(true)),
    );
    let yes = view! {
        <Button kind=ButtonKind::Danger busy=busy on_press=cancel>{t(key::CANCEL_YES)}</Button>
    };
    let no = button(
        ButtonKind::Secondary,
        t(key::CANCEL_NO),
        Callback::new(move |()| open.set(false)),
    );
    let inside = all(vec![
        paragraph("", t(key::CANCEL_TEXT).to_owned()),
        division("actions", vec![yes.markup(), no]),
    ])
    .view();
    let question = view! {
        <Dialog id="cancel" title=t(key::CANCEL_TITLE) open=open close=t(key::CLOSE)>{inside}</Dialog>
    };
    all(vec![may_fail(failed, None), ask, question.markup()])
}

fn whole(calls: RoomCalls, shown: RwSignal<Loaded<SignedReceipt>>, receipt: SignedReceipt) -> Markup {
    let signed_by = match receipt.signed_by_way {
        SigningWay::Eds => key::DONE_WAY_EDS,
        SigningWay::EgovMobile => key::DONE_WAY_MOBILE,
    };
    let at = [
        &date(receipt.signed_at.date_kz()),
        ", ",
        &receipt.signed_at.clock_kz(),
    ]
    .concat();
    let facts = vec![
        Fact::new(t(key::DONE_NUMBER), receipt.number.clone()),
        Fact::new(t(key::DONE_TIME), at),
        Fact::new(t(key::DONE_WAY), t(signed_by)),
        Fact::new(t(key::DONE_STATE), t(state(receipt.state))),
    ];
    let (kind, title, text) = match (receipt.state, receipt.applied_at) {
        (ApplicationState::Applied, Some(at)) => (
            NoticeKind::Success,
            key::DONE_SIGNED,
            moment(key::DONE_APPLIED, at),
        ),
        (ApplicationState::Refused, _) => (
            NoticeKind::Error,
            key::STATE_REFUSED,
            t(key::DONE_REFUSED).to_owned(),
        ),
        (ApplicationState::Checking | ApplicationState::Signed, _) => (
            NoticeKind::Warning,
            key::DONE_SIGNED,
            t(key::DONE_CHECKING).to_owned(),
        ),
        (ApplicationState::Cancelled, _) => (
            NoticeKind::Info,
            key::STATE_CANCELLED,
            t(key::DONE_CANCELLED).to_owned(),
        ),
        (other, _) => (NoticeKind::Info, key::DONE_STATE, t(state(other)).to_owned()),
    };
    let duty = matches!(
        receipt.state,
        ApplicationState::Applied | ApplicationState::Checking | ApplicationState::Signed
    );
    let print = Callback::new(|()| {
        let _ = window().print();
    });
    let mut said = vec![paragraph("", text)];
    if duty {
        said.push(paragraph("", t(key::DONE_DUTY).to_owned()));
    }
    if let Some(from) = receipt.codes_from {
        said.push(paragraph("", moment(key::DONE_CODES_FROM, from)));
    }
    let files = [
        (key::DONE_DOCUMENT, &receipt.document_path),
        (key::DONE_RECEIPT, &receipt.receipt_path),
        (key::DONE_EVIDENCE, &receipt.evidence_path),
    ];
    let files = files
        .into_iter()
        .filter(|(_, path)| !path.is_empty())
        .map(|(words, path)| file_link(t(words), path, ""))
        .collect();
    let changed = vec![changes::list(&receipt.changes), links(files)];
    let mut next = vec![
        way("/record".to_owned(), t(key::DONE_TO_RECORD), ButtonKind::Primary),
        button(ButtonKind::Secondary, t(key::DONE_PRINT), print),
    ];
    if matches!(
        receipt.state,
        ApplicationState::Checking | ApplicationState::Signed
    ) {
        next.push(cancelling(calls, shown, receipt.application));
    }
    division(
        "stack",
        vec![
            notice(kind, t(title), false, said),
            block(
                "receipt",
                t(key::START_TITLE),
                String::new(),
                vec![view! { <Facts facts=facts/> }.markup()],
            ),
            block(
                "changed",
                t(key::DONE_CHANGED),
                String::new(),
                vec![division("stack", changed)],
            ),
            paragraph("", t(key::DONE_KEEP).to_owned()),
            division("actions", next),
        ],
    )
}
