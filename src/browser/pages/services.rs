//! «Қызметтер»: the service's tab as the guide names it, what it doesn't change, and the self-check «Сізге қажет», which
//! reminds and never locks.

use crate::browser::components::{Block, ButtonLink, Checkbox, Notice, Page, Tab, TabPanel, Tabs};
use crate::browser::texts::{key, t};
use leptos::prelude::*;

const TAB: &str = "requisites";

#[must_use]
pub fn page() -> AnyView {
    let current = RwSignal::new(TAB);
    let has_eds = RwSignal::new(false);
    let has_app = RwSignal::new(false);
    view! {
        <Page title=t(key::SERVICES_TITLE).to_owned() brand=t(key::BRAND)>
            <Tabs
                label=t(key::SERVICES_TITLE)
                tabs=vec![Tab { id: TAB, label: t(key::SERVICES_TAB) }]
                current=current
            />
            <TabPanel id=TAB current=current>
                <div class="stack">
                    <Block id="about" title=t(key::FORM_TITLE) why=t(key::SERVICES_ABOUT).to_owned()>
                        <Notice>{t(key::SERVICES_BANK)}</Notice>
                    </Block>
                    <Block id="need" title=t(key::SERVICES_NEED) why=t(key::SERVICES_NEED_NOTE).to_owned()>
                        <div class="fields">
                            <Checkbox id="need-eds" value=has_eds hint=t(key::SERVICES_NEED_EDS_TEXT)>
                                {t(key::SERVICES_NEED_EDS)}
                            </Checkbox>
                            <Checkbox id="need-app" value=has_app hint=t(key::SERVICES_NEED_APP_TEXT)>
                                {t(key::SERVICES_NEED_APP)}
                            </Checkbox>
                            <p>
                                <a href="https://play.google.com/store/apps/details?id=kz.mobile.mgov" rel="external noopener">
                                    {t(key::SERVICES_STORE_GOOGLE)}
                                </a>
                                " · "
                                <a href="https://apps.apple.com/kz/app/egov-mobile/id1476128386" rel="external noopener">
                                    {t(key::SERVICES_STORE_APPLE)}
                                </a>
                            </p>
                        </div>
                    </Block>
                    <div class="actions"><ButtonLink href="/form">{t(key::SERVICES_BEGIN)}</ButtonLink></div>
                </div>
            </TabPanel>
        </Page>
    }
    .into_any()
}
