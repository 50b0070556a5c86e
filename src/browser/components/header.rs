//! The head of every page: the name, the way around, the person, the languages, the display.

#[cfg(feature = "preview")]
pub mod stories;

use super::display_settings::{DisplaySettings, DisplayTexts};
use super::language_switch::LanguageSwitch;
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
    let link = move |NavLink { href, label, current }: NavLink| {
        view! {
            <li>
                <a class="header__link" href=href aria-current=current.then_some("page") on:click=move |_| open.set(false)>
                    {label}
                </a>
            </li>
        }
    };
    let badge = move || {
        person.get().map(|(name, iin)| {
            view! {
                <div class="header__person">
                    <span class="header__name">{name}</span>
                    <span class="header__iin">{iin}</span>
                </div>
                {sign_out.with_value(|sign_out| sign_out.as_ref().map(ViewFn::run))}
            }
        })
    };
    view! {
        <header class="header">
            <div class="header__row">
                <a class="header__brand" href="/">
                    <svg class="header__mark" viewBox="0 0 36 36" aria-hidden="true">
                        <rect class="header__mark-sea" y="2" width="34" height="34" rx="9"/>
                        <path class="header__mark-lines" d="M9 13.5h11M9 19h16M9 24.5h16"/>
                        <circle class="header__mark-sun" cx="29" cy="7" r="6"/>
                    </svg>
                    <span class="header__title">{brand}</span>
                </a>
                {move || {
                    has_menu
                        .get()
                        .then(|| {
                            view! {
                                <button
                                    type="button"
                                    class="header__menu"
                                    aria-expanded=move || if open.get() { "true" } else { "false" }
                                    aria-controls="header-nav"
                                    on:click=move |_| open.update(|open| *open = !*open)
                                >
                                    {menu}
                                </button>
                                <div class="header__nav" class:header__nav--open=open id="header-nav">
                                    <nav aria-label=menu>
                                        <ul class="header__links">
                                            {move || links.get().into_iter().map(link).collect_view()}
                                        </ul>
                                    </nav>
                                    <div class="header__who">{badge}</div>
                                </div>
                            }
                        })
                }}
                <div class="header__tools">
                    <DisplaySettings texts=display/>
                    {match on_language {
                        Some(on_language) => {
                            view! { <LanguageSwitch label=language current=lang on_choose=on_language/> }.into_any()
                        }
                        None => view! { <LanguageSwitch label=language current=lang/> }.into_any(),
                    }}
                </div>
            </div>
        </header>
    }
}
