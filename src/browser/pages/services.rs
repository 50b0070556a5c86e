//! «Қызметтер»: the service's tab as the guide names it, what it doesn't change, and the self-check «Сізге қажет», which
//! reminds and never locks.

use super::frame;
use crate::browser::blocks::plain::{block, division, link, links, notice, paragraph};
use crate::browser::blocks::trouble::way;
use crate::browser::components::{ButtonKind, Checkbox, NoticeKind, Tab, TabPanel, Tabs};
use crate::browser::markup::{IntoMarkup, Markup, all};
use crate::browser::session::Session;
use crate::browser::signals::RwSignal;
use crate::browser::texts::{key, t};
use crate::browser::window;
use leptos::prelude::*;

const TAB: &str = "requisites";

#[must_use]
pub fn page() -> Markup {
    // The form is next.
    window::fetch_ahead();
    let current = RwSignal::new(TAB);
    let bank = paragraph("", t(key::SERVICES_BANK).to_owned());
    let store = |href: &str, words| link(href.to_owned(), t(words).to_owned(), true);
    let need = vec![
        remind(
            "need-eds",
            t(key::SERVICES_NEED_EDS),
            t(key::SERVICES_NEED_EDS_TEXT),
        ),
        remind(
            "need-app",
            t(key::SERVICES_NEED_APP),
            t(key::SERVICES_NEED_APP_TEXT),
        ),
        links(vec![
            store(
                "https://play.google.com/store/apps/details?id=kz.mobile.mgov",
                key::SERVICES_STORE_GOOGLE,
            ),
            store(
                "https://apps.apple.com/kz/app/egov-mobile/id1476128386",
                key::SERVICES_STORE_APPLE,
            ),
        ]),
    ];
    // Without the consent the form would only lead back to it.
    let agreed = expect_context::<Session>()
        .identity
        .with_untracked(|identity| identity.as_ref().is_some_and(|identity| identity.consent_given));
    let first = if agreed { "/form" } else { "/consent" };
    let begin = way(first.to_owned(), t(key::SERVICES_BEGIN), ButtonKind::Primary);
    let inside = division(
        "stack",
        vec![
            block(
                "about",
                t(key::FORM_TITLE),
                t(key::SERVICES_ABOUT).to_owned(),
                vec![notice(NoticeKind::Info, "", false, vec![bank])],
            ),
            block(
                "need",
                t(key::SERVICES_NEED),
                t(key::SERVICES_NEED_NOTE).to_owned(),
                vec![division("fields", need)],
            ),
            division("actions", vec![begin]),
        ],
    );
    let tab = Tab {
        id: TAB,
        label: t(key::SERVICES_TAB),
    };
    let tabs = view! { <Tabs label=t(key::SERVICES_TITLE) tabs=vec![tab] current=current/> };
    let inside = inside.view();
    let panel = view! { <TabPanel id=TAB current=current>{inside}</TabPanel> };
    let content = all(vec![tabs.markup(), panel.markup()]);
    frame(t(key::SERVICES_TITLE), "", content)
}

/// A box to tick for oneself: nothing depends on it.
fn remind(id: &'static str, words: &'static str, hint: &'static str) -> Markup {
    let ticked = RwSignal::new(false);
    view! { <Checkbox id=id value=ticked hint=hint>{words}</Checkbox> }.markup()
}
