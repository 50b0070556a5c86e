//! States of this component for the gallery.

use super::{Change, ChangeList};
use crate::browser::gallery::{Chapter, Story, say};
use leptos::prelude::*;

pub static CHAPTER: Chapter = Chapter {
    id: "change-list",
    title: "Change list",
    criteria: &["A screen reader hears «before» and «after», which the eye sees as struck and bold"],
    source: include_str!("stories.rs"),
    stories: &[
        Story {
            id: "three_changes",
            render: three_changes,
        },
        Story {
            id: "nothing",
            render: nothing,
        },
    ],
};

fn three_changes() -> AnyView {
    let change = |label: &str, before: &str, after: &str, unfinished| Change {
        label: label.to_owned(),
        before: before.to_owned(),
        after: after.to_owned(),
        unfinished,
    };
    let changes = vec![
        change(
            say("Құжат", "Документ", "Document"),
            "№ 038765432",
            "№ 051234567",
            false,
        ),
        change(
            say("Мекенжай", "Адрес", "Address"),
            "Теміртау, Металлургтер д-лы, 5",
            "Теміртау, Бейбітшілік даңғылы, 14/2, 38-пәтер",
            false,
        ),
        change(
            say("Ұялы телефон", "Мобильный телефон", "Mobile phone"),
            "+7 701 ••• •• 45",
            say("нөмірді түзетіңіз", "исправьте номер", "correct the number"),
            true,
        ),
        change(
            say("Электрондық пошта", "Электронная почта", "E-mail"),
            "",
            "aliya@example.kz",
            false,
        ),
    ];
    view! { <ChangeList changes=changes before_word=say("Бұрын", "Было", "Before") after_word=say("Енді", "Станет", "After") none=""/> }
    .into_any()
}

fn nothing() -> AnyView {
    view! {
        <ChangeList changes=Vec::new() before_word="" after_word="" none=say("Әзірге ештеңе өзгермейді.", "Пока ничего не изменится.", "Nothing will change yet.")/>
    }
    .into_any()
}
