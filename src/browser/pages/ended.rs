//! The session has ended while the page was open: what was typed is still here, sign-in leads back to it.

use crate::browser::app::sign_in_path;
use crate::browser::components::{ButtonLink, Page};
use crate::browser::texts::{key, t};
use leptos::prelude::*;

#[must_use]
pub fn page() -> AnyView {
    view! {
        <Page title=t(key::ERR_SIGNED_OUT).to_owned() brand=t(key::BRAND) lead=t(key::ERR_SIGNED_OUT_TEXT) narrow=true>
            <ButtonLink href=sign_in_path()>{t(key::SIGN_IN)}</ButtonLink>
        </Page>
    }
    .into_any()
}
