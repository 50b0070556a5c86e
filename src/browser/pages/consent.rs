//! The consent before the first question to GBD FL: the whole text, a box nobody ticked, and a way out.

use crate::api::ApiError;
use crate::api::drafts::{CONSENT_VERSION, ConsentGiven};
use crate::browser::blocks::trouble::api_trouble;
use crate::browser::calls::calls;
use crate::browser::components::{Block, Button, ButtonKind, ButtonLink, Checkbox, Page, focus_field};
use crate::browser::session::Session;
use crate::browser::texts::{key, t, tf};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_navigate;

#[must_use]
pub fn page() -> AnyView {
    let calls = calls();
    let session = expect_context::<Session>();
    let navigate = use_navigate();
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
    let send = StoredValue::new_local(move || {
        let navigate = navigate.clone();
        busy.set(true);
        failed.set(None);
        spawn_local(async move {
            let given = ConsentGiven {
                text_version: CONSENT_VERSION.to_owned(),
            };
            let answer = (calls.give_consent)(given).await;
            busy.try_set(false);
            match answer {
                Ok(_) => navigate(
                    "/form",
                    leptos_router::NavigateOptions {
                        replace: true,
                        ..Default::default()
                    },
                ),
                Err(error) => {
                    session.heed(&error);
                    failed.try_set(Some(error));
                }
            }
        });
    });
    let agree = Callback::new(move |()| {
        if agreed.get_untracked() {
            send.with_value(|send| send());
        } else {
            error.set(t(key::CONSENT_MISSING).to_owned());
            focus_field("consent");
        }
    });
    let tick = Callback::new(move |()| error.set(String::new()));
    view! {
        <Page title=t(key::CONSENT_TITLE).to_owned() brand=t(key::BRAND) lead=t(key::CONSENT_LEAD)>
            <Block id="consent-text" title=t(key::CONSENT_TITLE)>
                <div class="prose">
                    <p>{name}</p>
                    <p>{t(key::CONSENT_2)}</p>
                    <p>{t(key::CONSENT_3)}</p>
                    <p>{t(key::CONSENT_4)}</p>
                    <p>{t(key::CONSENT_5)}</p>
                    <p>{t(key::CONSENT_LAW)}</p>
                </div>
                <div class="stack">
                    {move || failed.get().map(|error| api_trouble(&error, Some(agree)))}
                    <Checkbox id="consent" value=agreed error=error on_change=tick>{t(key::CONSENT_BOX)}</Checkbox>
                    <div class="actions">
                        <Button on_press=agree busy=busy>{t(key::CONSENT_AGREE)}</Button>
                        <ButtonLink href="/services" kind=ButtonKind::Secondary>{t(key::CONSENT_DECLINE)}</ButtonLink>
                    </div>
                </div>
            </Block>
        </Page>
    }
    .into_any()
}
