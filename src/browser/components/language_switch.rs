//! The three languages, one press away on every page.

#[cfg(feature = "preview")]
pub mod stories;

use crate::browser::markup::tag;
use crate::domain::lang::Lang;
use leptos::prelude::*;

/// `<LanguageSwitch label=t(key::LANGUAGE) current=lang() on_choose=change_language/>`. Without `on_choose` the links
/// themselves (`?lang=ru`) let the server change it.
#[component]
pub fn LanguageSwitch(
    label: &'static str,
    current: Lang,
    #[prop(default = None)] on_choose: Option<Callback<Lang>>,
) -> impl IntoView {
    let link = move |lang: Lang| {
        let (short, full) = match lang {
            Lang::Kk => ("Қаз", "Қазақша"),
            Lang::Ru => ("Рус", "Русский"),
            Lang::En => ("Eng", "English"),
        };
        let choose = move |event: web_sys::Event| {
            if let Some(on_choose) = on_choose {
                event.prevent_default();
                on_choose.run(lang);
            }
        };
        let anchor = tag("a")
            .class("languages__link")
            .set("href", &["?lang=", lang.tag()].concat())
            .set("rel", "external")
            .set("lang", lang.tag())
            .set("hreflang", lang.tag())
            .set("title", full)
            .set_some("aria-current", (lang == current).then_some("true"))
            .on("click", choose)
            .text(short);
        tag("li").child(anchor)
    };
    tag("ul")
        .class("languages")
        .set("aria-label", label)
        .children(Lang::ALL.into_iter().map(link).collect())
        .view()
}
