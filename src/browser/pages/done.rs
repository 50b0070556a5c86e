//! «Рақмет!»: number, time, what was changed, from when the Fund uses it, that the ten-day duty is met. Its address stays
//! valid.

use super::applications::state;
use super::sign::document_link;
use super::{framed, navigator};
use crate::api::ApiError;
use crate::api::applications::{ApplicationId, SignedReceipt, SigningWay};
use crate::browser::blocks::changes;
use crate::browser::blocks::plain::{block, button, division, links, notice, paragraph};
use crate::browser::blocks::trouble::{Loaded, load, show, way};
use crate::browser::calls::inside_calls;
use crate::browser::components::{ButtonKind, Fact, Facts, NoticeKind};
use crate::browser::markup::{IntoMarkup, Markup};
use crate::browser::signals::{Signal, effect};
use crate::browser::texts::{date, key, moment, t};
use crate::browser::window;
use crate::domain::application::ApplicationState;
use leptos::prelude::*;

/// While the signature is being checked the page asks so often.
const AGAIN_MS: u64 = 10_000;

#[must_use]
pub fn page(application: String) -> Markup {
    let calls = inside_calls();
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
        if checking && window::visible() {
            again.run(());
        }
    });
    let title = Signal::derive(move || {
        let refused = receipt.with(
            |receipt| matches!(receipt, Loaded::Ready(receipt) if receipt.state == ApplicationState::Refused),
        );
        t(if refused {
            key::STATE_REFUSED
        } else {
            key::DONE_TITLE
        })
        .to_owned()
    });
    framed(title, "", Some(2), show(receipt, again, whole))
}

fn whole(receipt: SignedReceipt) -> Markup {
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
    let document = document_link(receipt.document_path, t(key::DONE_DOCUMENT).to_owned());
    let changed = vec![changes::list(&receipt.changes), links(vec![document])];
    let next = vec![
        way("/record".to_owned(), t(key::DONE_TO_RECORD), ButtonKind::Primary),
        button(ButtonKind::Secondary, t(key::DONE_PRINT), print),
    ];
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
