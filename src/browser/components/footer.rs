//! The foot of every page: who helps, by telephone, WhatsApp or in a branch, and what to read out to them.

#[cfg(feature = "preview")]
pub mod stories;

use crate::browser::markup::{Markup, maybe, tag};
use crate::browser::signals::Signal;
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
    let code = maybe(move || {
        let code = error_code.get();
        (!code.is_empty()).then(|| {
            tag("p")
                .class("footer__code")
                .text(texts.error_code)
                .text(": ")
                .child(tag("strong").text(&code))
        })
    });
    let whatsapp = way("https://wa.me/77770001418", "+7 777 000 1418").set("rel", "external noopener");
    let call = help(texts.call)
        .child(way("tel:1418", "1418"))
        .child(tag("span").class("footer__note").text(texts.call_note));
    let ways = tag("ul")
        .class("footer__ways")
        .child(call)
        .child(help(texts.whatsapp).child(whatsapp))
        .child(help(texts.branch).child(way(texts.branch_href, texts.branch_link)));
    let link = |(href, label)| tag("li").child(tag("a").set("href", href).text(label));
    let version = tag("p")
        .class("footer__version")
        .text(texts.version)
        .text(" ")
        .text(version);
    let last = tag("div")
        .class("footer__last")
        .child(
            tag("ul")
                .class("footer__links")
                .children(links.into_iter().map(link).collect()),
        )
        .child(version);
    let row = tag("div")
        .class("footer__row")
        .child(tag("h2").class("footer__title").text(texts.title))
        .child(code)
        .child(ways)
        .child(last);
    tag("footer").class("footer").child(row).view()
}

/// A way to help, after what it is called.
fn help(label: &str) -> Markup {
    tag("li").child(tag("span").class("footer__label").text(label))
}

fn way(href: &str, words: &str) -> Markup {
    tag("a").class("footer__way").set("href", href).text(words)
}
