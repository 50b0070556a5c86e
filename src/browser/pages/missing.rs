//! No such page.

use crate::browser::components::{ButtonLink, Page};
use crate::browser::texts::{key, t};
use leptos::prelude::*;

#[must_use]
pub fn page() -> AnyView {
    view! {
        <Page title=t(key::MISSING_TITLE).to_owned() brand=t(key::BRAND) lead=t(key::MISSING_TEXT) narrow=true>
            <ButtonLink href="/">{t(key::MISSING_HOME)}</ButtonLink>
        </Page>
    }
    .into_any()
}
