//! Works on the system, as the server announces them beside the shell: told on every page before and while they last.

use super::blocks::plain::{notice, paragraph};
use super::components::NoticeKind;
use super::markup::{Markup, maybe, nothing, tag};
use super::session::Session;
use super::signals::{Memo, RwSignal};
use super::texts::{date, key, t, tf};
use super::window;
use crate::domain::time::Timestamp;

/// `works=BEGINS.ENDS`, milliseconds.
const COOKIE: &str = "works";
const LOOK_EVERY_MS: u64 = 30_000;

/// The notice, while there is something to tell.
#[must_use]
pub fn view(session: Session) -> Markup {
    let Some((begins, ends)) = announced() else {
        return nothing();
    };
    let now = RwSignal::new(session.now().0);
    window::every(LOOK_EVERY_MS, move || now.set(session.now().0));
    let shown = Memo::new(move |_| {
        let now = now.get();
        (now < ends.0).then_some(now >= begins.0)
    });
    maybe(move || {
        let title = if shown.get()? {
            key::WORKS_NOW
        } else {
            key::WORKS_SOON
        };
        let day = |at: Timestamp| [&date(at.date_kz()), " ", &at.clock_kz()].concat();
        let text = tf(key::WORKS_TEXT, &[("from", &day(begins)), ("until", &day(ends))]);
        let said = notice(NoticeKind::Warning, t(title), false, vec![paragraph("", text)]);
        Some(tag("div").class("works").child(said))
    })
}

fn announced() -> Option<(Timestamp, Timestamp)> {
    let value = window::cookie(COOKIE)?;
    let (begins, ends) = value.split_once('.')?;
    Some((Timestamp(begins.parse().ok()?), Timestamp(ends.parse().ok()?)))
}
