//! Help: NCALayer's own windows, the QR, what only a branch changes, and whom to ask.

use crate::browser::components::{Block, Page};
use crate::browser::texts::{key, t};
use leptos::prelude::*;

#[must_use]
pub fn page() -> AnyView {
    view! {
        <Page title=t(key::HELP_TITLE).to_owned() brand=t(key::BRAND)>
            <div class="stack">
                <Block id="eds" title=t(key::HELP_EDS)>
                    <div class="prose"><ol>
                        <li>{t(key::HELP_EDS_1)}</li>
                        <li>{t(key::HELP_EDS_2)}</li>
                        <li>{t(key::HELP_EDS_3)}</li>
                        <li>{t(key::HELP_EDS_4)}</li>
                    </ol></div>
                    <p>
                        <a href="https://pki.gov.kz/ncalayer/" rel="external noopener">{t(key::EDS_INSTALL)}</a> " · "
                        <a href="https://pki.gov.kz/ncalayer/" rel="external noopener">{t(key::EDS_MANUAL)}</a>
                    </p>
                </Block>
                <Block id="qr" title=t(key::HELP_QR)><p class="prose">{t(key::HELP_QR_TEXT)}</p></Block>
                <Block id="branch" title=t(key::HELP_WHO)><p class="prose">{t(key::HELP_WHO_TEXT)}</p></Block>
                <Block id="contact" title=t(key::HELP_CONTACT)>
                    <p class="prose">{t(key::HELP_CONTACT_TEXT)}</p>
                    <div class="prose"><ul>
                        <li><a href="tel:1418">{t(key::FOOTER_CALL)} " 1418"</a></li>
                        <li>
                            <a href="https://wa.me/77770001418" rel="external noopener">"WhatsApp +7 777 000 1418"</a>
                        </li>
                        <li>
                            <a href="https://www.enpf.kz/" rel="external noopener">{t(key::FOOTER_BRANCH_LINK)}</a>
                        </li>
                    </ul></div>
                </Block>
            </div>
        </Page>
    }
    .into_any()
}
