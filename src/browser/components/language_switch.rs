//! The three languages, one press away on every page.

use crate::domain::lang::Lang;
use leptos::prelude::*;

/// `<LanguageSwitch label=t(key::LANGUAGE) current=lang() on_choose=change_language/>`. Without `on_choose` the links
/// themselves (`?lang=ru`) let the server change it.
#[component]
pub fn LanguageSwitch(
    label: &'static str,
    current: Lang,
    #[prop(optional, into)] on_choose: Option<Callback<Lang>>,
) -> impl IntoView {
    let link = move |lang: Lang| {
        let (short, full) = match lang {
            Lang::Kk => ("Қаз", "Қазақша"),
            Lang::Ru => ("Рус", "Русский"),
            Lang::En => ("Eng", "English"),
        };
        let choose = move |event: leptos::ev::MouseEvent| {
            if let Some(on_choose) = on_choose {
                event.prevent_default();
                on_choose.run(lang);
            }
        };
        view! {
            <li>
                <a
                    class="languages__link"
                    href=format!("?lang={}", lang.tag())
                    rel="external"
                    lang=lang.tag()
                    hreflang=lang.tag()
                    title=full
                    aria-current=(lang == current).then_some("true")
                    on:click=choose
                >
                    {short}
                </a>
            </li>
        }
    };
    view! { <ul class="languages" aria-label=label>{Lang::ALL.map(link).into_iter().collect_view()}</ul> }
}
