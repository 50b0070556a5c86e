//! No such page.

use super::frame;
use crate::browser::blocks::plain::division;
use crate::browser::blocks::trouble::way;
use crate::browser::components::ButtonKind;
use crate::browser::markup::Markup;
use crate::browser::texts::{key, t};

#[must_use]
pub fn page() -> Markup {
    let home = way("/".to_owned(), t(key::MISSING_HOME), ButtonKind::Primary);
    frame(
        t(key::MISSING_TITLE),
        t(key::MISSING_TEXT),
        division("actions", vec![home]),
    )
}
