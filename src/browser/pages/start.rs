//! The start page: what the service is, when it may be used (the guide's four conditions), what can be changed, and the two
//! ways to sign in.

use crate::browser::components::{Block, ButtonKind, ButtonLink, Page};
use crate::browser::session::Session;
use crate::browser::texts::{key, t};
use leptos::prelude::*;

#[must_use]
pub fn page() -> AnyView {
    let session = expect_context::<Session>();
    let ways = move || {
        if session.identity.with(Option::is_some) {
            view! { <ButtonLink href="/services">{t(key::START_CONTINUE)}</ButtonLink> }.into_any()
        } else {
            view! {
                <ButtonLink href="/sign-in#eds">{t(key::WAY_EDS)}</ButtonLink>
                <ButtonLink href="/sign-in#iin" kind=ButtonKind::Secondary>{t(key::WAY_PASSWORD)}</ButtonLink>
            }
            .into_any()
        }
    };
    view! {
        <Page title=t(key::START_TITLE).to_owned() brand=t(key::BRAND) lead=t(key::START_LEAD)>
            <div class="stack">
                <Block id="ways" title=t(key::START_WAYS)>
                    <div class="actions">{ways}</div>
                </Block>
                <Block id="what" title=t(key::START_WHAT) why=t(key::START_OFFICIAL).to_owned()>
                    <div class="prose"><ul>
                        <li>{t(key::START_WHAT_ADDRESS)}</li>
                        <li>{t(key::START_WHAT_PHONES)}</li>
                    </ul></div>
                </Block>
                <Block id="when" title=t(key::START_WHEN)>
                    <div class="prose"><ol>
                        <li>{t(key::START_WHEN_1)}</li>
                        <li>{t(key::START_WHEN_2)}</li>
                        <li>{t(key::START_WHEN_3)}</li>
                        <li>{t(key::START_WHEN_4)}</li>
                    </ol></div>
                </Block>
                <Block id="always" title=t(key::START_ALWAYS) why=t(key::START_EXCEPT).to_owned()>
                    <p class="prose">{t(key::START_DUTY)}</p>
                </Block>
            </div>
        </Page>
    }
    .into_any()
}
