//! The history of applications, newest first.

use super::frame;
use crate::api::Nothing;
use crate::api::applications::Summary;
use crate::browser::blocks::plain::{block, division};
use crate::browser::blocks::trouble::{load, show, way};
use crate::browser::calls::room_calls;
use crate::browser::components::{ButtonKind, Cell, Table};
use crate::browser::markup::{IntoMarkup, Markup};
use crate::browser::texts::{date, key, t, tf};
use crate::domain::application::ApplicationState;
use crate::texts::screen::Key;
use leptos::prelude::*;

#[must_use]
pub fn page() -> Markup {
    let calls = room_calls();
    let (history, again) = load(move || (calls.history)(Nothing {}));
    frame(t(key::APPLICATIONS_TITLE), "", show(history, again, list))
}

/// The state as people read it.
#[must_use]
pub const fn state(state: ApplicationState) -> Key {
    match state {
        ApplicationState::Draft => key::STATE_DRAFT,
        ApplicationState::Frozen => key::STATE_FROZEN,
        ApplicationState::Signed => key::STATE_SIGNED,
        ApplicationState::Checking => key::STATE_CHECKING,
        ApplicationState::Applied => key::STATE_APPLIED,
        ApplicationState::Cancelled => key::STATE_CANCELLED,
        ApplicationState::Expired => key::STATE_EXPIRED,
        ApplicationState::Refused => key::STATE_REFUSED,
    }
}

fn list(history: Vec<Summary>) -> Markup {
    if history.is_empty() {
        let services = way("/services".to_owned(), t(key::NAV_SERVICES), ButtonKind::Primary);
        let actions = division("actions", vec![services]);
        return block("none", t(key::APPLICATIONS_NONE), String::new(), vec![actions]);
    }
    let rows: Vec<Vec<Cell>> = history
        .into_iter()
        .map(|summary| {
            let name = tf(key::APPLICATION_LINE, &[("number", &summary.number)]);
            let first = match summary.state {
                ApplicationState::Frozen => Cell::link(name, ["/sign/", &summary.application].concat()),
                _ if !summary.receipt_path.is_empty() => {
                    Cell::link(name, ["/done/", &summary.application].concat())
                }
                ApplicationState::Draft => Cell::link(name, "/form"),
                _ => Cell::text(name),
            };
            let cancel = matches!(
                summary.state,
                ApplicationState::Signed | ApplicationState::Checking
            );
            let state = t(state(summary.state));
            let files = Cell::files(vec![
                (t(key::FILE_DOCUMENT), summary.document_path),
                (t(key::FILE_RECEIPT), summary.receipt_path),
                (t(key::FILE_EVIDENCE), summary.evidence_path),
            ]);
            // The question is asked on the application's own page, which says what it is about.
            let state = if cancel {
                let there = ["/done/", &summary.application, "#cancel"].concat();
                Cell::text(state).and(t(key::CANCEL_BUTTON), there)
            } else {
                Cell::text(state)
            };
            let at = [&date(summary.at.date_kz()), ", ", &summary.at.clock_kz()].concat();
            vec![first, Cell::text(at), state, files]
        })
        .collect();
    view! {
        <Table
            caption=t(key::APPLICATIONS_TITLE)
            hide_caption=true
            columns=vec![
                t(key::APPLICATIONS_NUMBER),
                t(key::APPLICATIONS_AT),
                t(key::APPLICATIONS_STATE),
                t(key::APPLICATIONS_FILES),
            ]
            rows=rows
        />
    }
    .markup()
}
