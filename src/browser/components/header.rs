//! The head of every page: the name, the way around, the person, the languages, the display.

#[cfg(feature = "preview")]
pub mod stories;

use super::display_settings::{DisplaySettings, DisplaySettingsProps, DisplayTexts};
use super::language_switch::{LanguageSwitch, LanguageSwitchProps};
use crate::browser::markup::{Markup, all, drawing, live, maybe, tag};
use crate::browser::signals::{RwSignal, Signal, StoredValue};
use crate::domain::lang::Lang;
use leptos::prelude::*;

/// A link of the header's navigation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NavLink {
    pub href: &'static str,
    pub label: &'static str,
    /// The page shown now, or one below it.
    pub current: bool,
}

/// `<Header brand=t(key::BRAND) menu=t(key::MENU) language=t(key::LANGUAGE) lang=lang() display=display_texts()
/// links=links person=person on_language=change_language/>`. `person`: name and masked IIN, `None` before sign-in.
#[component]
pub fn Header(
    brand: &'static str,
    /// The button that opens the navigation on a phone, and the navigation's name.
    menu: &'static str,
    language: &'static str,
    lang: Lang,
    display: DisplayTexts,
    #[prop(optional, into)] links: Signal<Vec<NavLink>>,
    #[prop(optional, into)] person: Signal<Option<(String, String)>>,
    /// Beside the person: the button «Шығу».
    #[prop(optional, into)]
    sign_out: Option<ViewFn>,
    #[prop(optional, into)] on_language: Option<Callback<Lang>>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let has_menu = Signal::derive(move || person.with(Option::is_some) || !links.with(Vec::is_empty));
    let sign_out = StoredValue::new(sign_out);
    let navigation = maybe(move || {
        has_menu.get().then(|| {
            let button = tag("button")
                .set("type", "button")
                .class("header__menu")
                .live("aria-expanded", move || Some(open.get().to_string()))
                .set("aria-controls", "header-nav")
                .on_press(move || open.update(|open| *open = !*open))
                .text(menu);
            let link = move |link: NavLink| {
                let anchor = tag("a")
                    .class("header__link")
                    .set("href", link.href)
                    .set_some("aria-current", link.current.then_some("page"))
                    .on_press(move || open.set(false))
                    .text(link.label);
                tag("li").child(anchor)
            };
            let links = live(move || all(links.get().into_iter().map(link).collect()));
            let badge = maybe(move || {
                person.get().map(|(name, iin)| {
                    let who = tag("div")
                        .class("header__person")
                        .child(tag("span").class("header__name").text(&name))
                        .child(tag("span").class("header__iin").text(&iin));
                    let way_out = sign_out.with_value(|sign_out| sign_out.as_ref().map(ViewFn::run));
                    all(vec![who]).maybe(way_out.map(Markup::from))
                })
            });
            let ways = tag("nav")
                .set("aria-label", menu)
                .child(tag("ul").class("header__links").child(links));
            let sheet = tag("div")
                .class("header__nav")
                .live_class("header__nav--open", move || open.get())
                .id("header-nav")
                .child(ways)
                .child(tag("div").class("header__who").child(badge));
            all(vec![button, sheet])
        })
    });
    let brand = tag("a")
        .class("header__brand")
        .set("href", "/")
        .child(mark())
        .child(tag("span").class("header__title").text(brand));
    let languages = LanguageSwitch(
        LanguageSwitchProps::builder()
            .label(language)
            .current(lang)
            .on_choose(on_language)
            .build(),
    );
    let tools = tag("div")
        .class("header__tools")
        .inset(DisplaySettings(DisplaySettingsProps::builder().texts(display).build()).into_any())
        .inset(languages.into_any());
    let row = tag("div")
        .class("header__row")
        .child(brand)
        .child(navigation)
        .child(tools);
    tag("header").class("header").child(row).view()
}

/// The product's sign.
fn mark() -> Markup {
    drawing(
        "svg",
        &[
            ("class", "header__mark"),
            ("viewBox", "0 0 36 36"),
            ("aria-hidden", "true"),
        ],
    )
    .child(drawing(
        "rect",
        &[
            ("class", "header__mark-sea"),
            ("y", "2"),
            ("width", "34"),
            ("height", "34"),
            ("rx", "9"),
        ],
    ))
    .child(drawing(
        "path",
        &[
            ("class", "header__mark-lines"),
            ("d", "M9 13.5h11M9 19h16M9 24.5h16"),
        ],
    ))
    .child(drawing(
        "circle",
        &[
            ("class", "header__mark-sun"),
            ("cx", "29"),
            ("cy", "7"),
            ("r", "6"),
        ],
    ))
}
