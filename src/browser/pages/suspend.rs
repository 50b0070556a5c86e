//! Where the link in the message to an old contact leads: one press, and codes no longer go to the contacts that came in its
//! place. Opening the page does nothing by itself.

use super::frame;
use crate::api::ApiError;
use crate::api::suspensions::{SuspendLink, Suspended};
use crate::browser::blocks::plain::{block, button, division, notice, paragraph};
use crate::browser::blocks::trouble::api_trouble;
use crate::browser::calls::room_calls;
use crate::browser::components::{ButtonKind, NoticeKind};
use crate::browser::markup::{Markup, live};
use crate::browser::signals::{RwSignal, spawn};
use crate::browser::texts::{key, t};
use crate::browser::window;
use leptos::prelude::*;

#[must_use]
pub fn page() -> Markup {
    let calls = room_calls();
    let answer = RwSignal::new(None::<Result<Suspended, ApiError>>);
    let press = Callback::new(move |()| {
        let secret = window::hash();
        spawn(async move {
            let _ = answer.try_set(Some((calls.suspend)(SuspendLink { secret }).await));
        });
    });
    let said = |kind, title, text| notice(kind, t(title), true, vec![paragraph("", t(text).to_owned())]);
    let place = live(move || match answer.get() {
        Some(Ok(Suspended { before: false })) => {
            said(NoticeKind::Success, key::SUSPEND_DONE, key::SUSPEND_DONE_TEXT)
        }
        Some(Ok(Suspended { before: true })) => {
            said(NoticeKind::Info, key::SUSPEND_BEFORE, key::SUSPEND_DONE_TEXT)
        }
        Some(Err(ApiError::NotFound)) => said(NoticeKind::Error, key::SUSPEND_NONE, key::SUSPEND_NONE_TEXT),
        Some(Err(error)) => api_trouble(&error, Some(press)),
        None => division(
            "actions",
            vec![button(ButtonKind::Danger, t(key::SUSPEND_BUTTON), press)],
        ),
    });
    let inside = block(
        "suspend",
        t(key::SUSPEND_HEADING),
        t(key::SUSPEND_TEXT).to_owned(),
        vec![place],
    );
    frame(t(key::SUSPEND_TITLE), t(key::SUSPEND_LEAD), inside)
}
