//! «Бұл әлі де сіздің мекенжайыңыз ба?»: asked at sign-in when a letter came back or a message could not be delivered. It
//! can be skipped, and is asked again at the next sign-in.

use super::plain::{block, button, division, paragraph};
use super::trouble::may_fail;
use crate::api::ApiError;
use crate::api::contacts::{StillMine, Unreached, UnreachedKind};
use crate::browser::calls::calls;
use crate::browser::components::ButtonKind;
use crate::browser::markup::Markup;
use crate::browser::session::Session;
use crate::browser::signals::{RwSignal, spawn};
use crate::browser::texts::{key, lang, t, tf};
use leptos::prelude::*;

/// `update` leads to the form.
#[must_use]
pub fn view(session: Session, unreached: Vec<Unreached>, update: Callback<()>) -> Markup {
    let calls = calls();
    let failed = RwSignal::new(None::<ApiError>);
    let kinds: Vec<UnreachedKind> = unreached.iter().map(|one| one.kind).collect();
    let mine = Callback::new(move |()| {
        let said = StillMine { kinds: kinds.clone() };
        spawn(async move {
            match (calls.still_mine)(said).await {
                Ok(_) => session.reached(),
                Err(error) => {
                    session.heed(&error);
                    let _ = failed.try_set(Some(error));
                }
            }
        });
    });
    let skip = Callback::new(move |()| session.reached());
    let mut lines: Vec<Markup> = unreached.iter().map(|one| paragraph("", words(one))).collect();
    lines.push(may_fail(failed, None));
    lines.push(division(
        "actions",
        vec![
            button(ButtonKind::Primary, t(key::REACH_UPDATE), update),
            button(ButtonKind::Secondary, t(key::REACH_MINE), mine),
            button(ButtonKind::Link, t(key::REACH_SKIP), skip),
        ],
    ));
    let why = t(key::REACH_WHY).to_owned();
    block("reach", t(key::REACH_WHAT), why, vec![division("stack", lines)])
}

fn words(one: &Unreached) -> String {
    match &one.address {
        Some(address) => tf(key::REACH_POST, &[("address", &address.line(lang()))]),
        None => tf(key::REACH_MESSAGE, &[("contact", &one.value)]),
    }
}
