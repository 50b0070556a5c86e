//! The consent before the first question to GBD FL: the whole text, a box nobody ticked, and a way out.

use super::{frame, navigator};
use crate::api::ApiError;
use crate::api::drafts::{CONSENT_VERSION, ConsentGiven};
use crate::browser::blocks::plain::{block, division, paragraph};
use crate::browser::blocks::trouble::{may_fail, way};
use crate::browser::calls::room_calls;
use crate::browser::components::{Button, ButtonKind, Checkbox, focus_field};
use crate::browser::markup::{IntoMarkup, Markup, live};
use crate::browser::session::Session;
use crate::browser::signals::{RwSignal, spawn};
use crate::browser::texts::{key, t, tf};
use leptos::prelude::*;

#[must_use]
pub fn page() -> Markup {
    let calls = room_calls();
    let session = expect_context::<Session>();
    let go = navigator();
    let agreed = RwSignal::new(false);
    let error = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let failed = RwSignal::new(None::<ApiError>);
    let name = move || {
        let name = session
            .identity
            .with(|identity| identity.as_ref().map(|identity| identity.full_name.clone()));
        tf(key::CONSENT_1, &[("name", &name.unwrap_or_default())])
    };
    let send = move || {
        busy.set(true);
        failed.set(None);
        spawn(async move {
            let given = ConsentGiven {
                text_version: CONSENT_VERSION.to_owned(),
            };
            let answer = (calls.give_consent)(given).await;
            busy.try_set(false);
            match answer {
                Ok(_) => {
                    session.agreed();
                    go.try_run(("/form".to_owned(), true));
                }
                Err(error) => {
                    session.heed(&error);
                    failed.try_set(Some(error));
                }
            }
        });
    };
    let agree = Callback::new(move |()| {
        if agreed.get_untracked() {
            send();
        } else {
            error.set(t(key::CONSENT_MISSING).to_owned());
            focus_field("consent");
        }
    });
    let tick = Callback::new(move |()| error.set(String::new()));
    let text = [
        key::CONSENT_2,
        key::CONSENT_3,
        key::CONSENT_4,
        key::CONSENT_5,
        key::CONSENT_LAW,
    ];
    let mut paragraphs = vec![live(move || paragraph("", name()))];
    paragraphs.extend(text.into_iter().map(|text| paragraph("", t(text).to_owned())));
    let consent = view! {
        <Checkbox id="consent" value=agreed error=error on_change=tick>{t(key::CONSENT_BOX)}</Checkbox>
    };
    let yes = view! { <Button on_press=agree busy=busy>{t(key::CONSENT_AGREE)}</Button> };
    let no = way(
        "/services".to_owned(),
        t(key::CONSENT_DECLINE),
        ButtonKind::Secondary,
    );
    let content = block(
        "consent-text",
        t(key::CONSENT_TEXT),
        String::new(),
        vec![
            division("prose", paragraphs),
            division(
                "stack",
                vec![
                    may_fail(failed, Some(agree)),
                    consent.markup(),
                    division("actions", vec![yes.markup(), no]),
                ],
            ),
        ],
    );
    frame(t(key::CONSENT_TITLE), t(key::CONSENT_LEAD), content)
}
