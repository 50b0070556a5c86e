//! The foot of every page: who helps, by telephone, WhatsApp or in a branch, and what to read out to them.

#[cfg(feature = "preview")]
pub mod stories;

use leptos::prelude::*;

/// The words of [`Footer`].
#[derive(Debug, Clone, Copy)]
pub struct FooterTexts {
    /// «Көмек керек пе?»
    pub title: &'static str,
    /// «Байланыс орталығы», before 1418.
    pub call: &'static str,
    /// «Жеке нөмірден тегін», or the hours.
    pub call_note: &'static str,
    pub whatsapp: &'static str,
    pub branch: &'static str,
    /// «Ең жақын бөлімше»: the link's words.
    pub branch_link: &'static str,
    pub branch_href: &'static str,
    /// «Қате коды», before the code to read out.
    pub error_code: &'static str,
    /// «Нұсқа», before version and build.
    pub version: &'static str,
}

/// `<Footer texts=footer_texts() links=vec![("/privacy", t(key::PRIVACY))] version="0.1.0 (a1b2c3)" error_code=code/>`
#[component]
pub fn Footer(
    texts: FooterTexts,
    links: Vec<(&'static str, &'static str)>,
    version: &'static str,
    /// Of the error shown on this page, to be read out to 1418; empty when there is none.
    #[prop(optional, into)]
    error_code: Signal<String>,
) -> impl IntoView {
    let code = move || {
        let code = error_code.get();
        (!code.is_empty()).then(|| {
            view! { <p class="footer__code">{texts.error_code}": "<strong>{code}</strong></p> }
        })
    };
    view! {
        <footer class="footer">
            <div class="footer__row">
                <h2 class="footer__title">{texts.title}</h2>
                {code}
                <ul class="footer__ways">
                    <li>
                        <span class="footer__label">{texts.call}</span>
                        <a class="footer__way" href="tel:1418">"1418"</a>
                        <span class="footer__note">{texts.call_note}</span>
                    </li>
                    <li>
                        <span class="footer__label">{texts.whatsapp}</span>
                        <a class="footer__way" href="https://wa.me/77770001418" rel="external noopener">
                            "+7 777 000 1418"
                        </a>
                    </li>
                    <li>
                        <span class="footer__label">{texts.branch}</span>
                        <a class="footer__way" href=texts.branch_href>{texts.branch_link}</a>
                    </li>
                </ul>
                <div class="footer__last">
                    <ul class="footer__links">
                        {links
                            .into_iter()
                            .map(|(href, label)| view! { <li><a href=href>{label}</a></li> })
                            .collect_view()}
                    </ul>
                    <p class="footer__version">{texts.version}" "{version}</p>
                </div>
            </div>
        </footer>
    }
}
