//! The three programs the page consists of. A visitor first loads `cabinet-door`, the way in; `cabinet-room` is fetched while
//! the person signs in, and `cabinet-web`, the form and its signature, while the person reads there.

use super::calls::inside_calls;
use super::draft::DraftKeeper;
use super::routes::{self, Before, Program};
use super::session::Session;
use leptos::prelude::{Callback, provide_context};

/// Nothing is lost when it is left.
pub const DOOR: Program = Program {
    routes: &[routes::DOOR],
    prepare: |_| Callback::new(|()| Box::pin(async { true }) as _),
};

/// As little is lost when this one is left.
pub const ROOM: Program = Program {
    routes: &[routes::ROOM],
    prepare: |_| Callback::new(|()| Box::pin(async { true }) as _),
};

pub const INSIDE: Program = Program {
    routes: &[routes::INSIDE],
    prepare: keep_the_draft,
};

/// All pages in one, for the gallery.
#[cfg(feature = "preview")]
pub const WHOLE: Program = Program {
    routes: &[routes::DOOR, routes::ROOM, routes::INSIDE],
    prepare: keep_the_draft,
};

fn keep_the_draft(session: Session) -> Before {
    let keeper = DraftKeeper::new(inside_calls(), session);
    provide_context(keeper);
    Callback::new(move |()| Box::pin(async move { keeper.flush().await.is_ok() }) as _)
}
