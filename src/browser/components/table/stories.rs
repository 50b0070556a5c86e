//! States of this component for the gallery.

use super::{Cell, Table};
use crate::browser::gallery::{Chapter, Story, say};
use leptos::prelude::*;

pub static CHAPTER: Chapter = Chapter {
    id: "table",
    title: "Table",
    criteria: &[
        "On a phone each row is a card, each value under its column's name",
        "Stays a table for screen readers",
    ],
    source: include_str!("stories.rs"),
    stories: &[
        Story {
            id: "applications",
            render: applications,
        },
        Story {
            id: "empty",
            render: empty,
        },
    ],
};

fn applications() -> AnyView {
    let rows = vec![
        vec![
            Cell::link("№ 2026-000184", "#table"),
            Cell::text("23.11.2026, 09:52"),
            Cell::text(say("Орындалды", "Исполнено", "Applied")),
        ],
        vec![
            Cell::link("№ 2026-000171", "#table"),
            Cell::text("02.10.2026, 18:05"),
            Cell::text(say("Мерзімі өтті", "Срок истёк", "Expired")),
        ],
    ];
    view! {
        <Table
            caption=say("Өтініштер", "Заявления", "Applications")
            columns=vec![say("Нөмірі", "Номер", "Number"), say("Уақыты", "Время", "Time"), say("Күйі", "Состояние", "State")]
            rows=rows
        />
    }
    .into_any()
}

fn empty() -> AnyView {
    view! {
        <Table
            caption=say("Өтініштер", "Заявления", "Applications")
            columns=vec![say("Нөмірі", "Номер", "Number"), say("Уақыты", "Время", "Time"), say("Күйі", "Состояние", "State")]
            rows=Vec::new()
            empty=say("Сізде әзірге өтініш жоқ.", "У вас пока нет заявлений.", "You have no applications yet.")
        />
    }
    .into_any()
}
