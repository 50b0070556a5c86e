//! States of this component for the gallery.

use super::LanguageSwitch;
use crate::browser::gallery::{Chapter, Story, say};
use crate::domain::lang::Lang;
use leptos::prelude::*;

pub static CHAPTER: Chapter = Chapter {
    id: "language-switch",
    title: "Language switch",
    criteria: &[
        "Each language is named in itself and spoken in it",
        "The present one is marked for the ear too",
        "Without the program the links themselves change the language",
    ],
    source: include_str!("stories.rs"),
    stories: &[
        Story {
            id: "kazakh",
            render: kazakh,
        },
        Story {
            id: "russian",
            render: russian,
        },
    ],
};

fn kazakh() -> AnyView {
    view! { <LanguageSwitch label=say("Тіл", "Язык", "Language") current=Lang::Kk/> }.into_any()
}

fn russian() -> AnyView {
    view! { <LanguageSwitch label=say("Тіл", "Язык", "Language") current=Lang::Ru/> }.into_any()
}
