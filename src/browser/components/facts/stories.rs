//! States of this component for the gallery.

use super::{Fact, Facts, SummaryList, SummaryRow};
use crate::browser::gallery::{Chapter, Story, say};
use leptos::prelude::*;

pub static CHAPTER: Chapter = Chapter {
    id: "facts",
    title: "Facts and summary list",
    criteria: &["Read as text, not as grey fields", "Each link «change» says what"],
    source: include_str!("stories.rs"),
    stories: &[
        Story {
            id: "document",
            render: document,
        },
        Story {
            id: "summary",
            render: summary,
        },
    ],
};

fn document() -> AnyView {
    let facts = vec![
        Fact::new(say("Құжат нөмірі", "Номер документа", "Number"), "051234567"),
        Fact::new(say("Берілген күні", "Дата выдачи", "Issued on"), "15.03.2024"),
        Fact::new(
            say("Қолданыс мерзімі", "Срок действия", "Valid until"),
            "14.03.2034",
        ),
        Fact::new(
            say("Кім берді", "Кем выдан", "Issued by"),
            say(
                "ҚР Ішкі істер министрлігі",
                "МВД Республики Казахстан",
                "Ministry of Internal Affairs",
            ),
        ),
    ];
    view! { <Facts facts=facts/> }.into_any()
}

fn summary() -> AnyView {
    let row = |label: &str, value: &str| SummaryRow {
        label: label.to_owned(),
        value: value.to_owned(),
        href: "#facts".to_owned(),
    };
    let rows = vec![
        row(
            say("Мекенжай", "Адрес", "Address"),
            "Теміртау, Бейбітшілік даңғылы, 14/2, 38-пәтер",
        ),
        row(
            say("Ұялы телефон", "Мобильный телефон", "Mobile phone"),
            "+7 701 234 56 78",
        ),
    ];
    view! { <SummaryList rows=rows change=say("Өзгерту", "Изменить", "Change")/> }.into_any()
}
