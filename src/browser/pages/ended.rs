//! The session has ended while the page was open: what was typed is still here, sign-in leads back to it.

use super::frame;
use crate::browser::app::sign_in_path;
use crate::browser::blocks::plain::division;
use crate::browser::blocks::trouble::way;
use crate::browser::components::ButtonKind;
use crate::browser::markup::Markup;
use crate::browser::texts::{key, t};

#[must_use]
pub fn page() -> Markup {
    let back = way(sign_in_path(), t(key::SIGN_IN), ButtonKind::Primary);
    frame(
        t(key::ERR_SIGNED_OUT),
        t(key::ERR_SIGNED_OUT_TEXT),
        division("actions", vec![back]),
    )
}
