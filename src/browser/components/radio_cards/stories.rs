//! States of this component for the gallery.

use super::{Choice, RadioCards};
use crate::browser::gallery::{Chapter, Story, say};
use crate::browser::signals::RwSignal;
use leptos::prelude::*;

pub static CHAPTER: Chapter = Chapter {
    id: "radio-cards",
    title: "Radio cards",
    criteria: &[
        "The whole card is pressed; the group has a legend",
        "What is chosen is told by more than colour",
    ],
    source: include_str!("stories.rs"),
    stories: &[
        Story {
            id: "documents",
            render: documents,
        },
        Story {
            id: "nothing_chosen",
            render: nothing_chosen,
        },
    ],
};

fn documents() -> AnyView {
    let documents = vec![
        Choice::new(
            "id",
            say("Жеке куәлік", "Удостоверение личности", "Identity card"),
            say(
                "№ 051234567 · 14.03.2034 дейін",
                "№ 051234567 · до 14.03.2034",
                "No. 051234567 · until 14.03.2034",
            ),
        ),
        Choice::new(
            "passport",
            say("Паспорт", "Паспорт", "Passport"),
            say(
                "№ N12345678 · 02.09.2031 дейін",
                "№ N12345678 · до 02.09.2031",
                "No. N12345678 · until 02.09.2031",
            ),
        ),
    ];
    view! {
        <RadioCards id="document" legend=say("Құжат", "Документ", "Document") choices=documents value=RwSignal::new("id".to_owned())/>
    }
    .into_any()
}

fn nothing_chosen() -> AnyView {
    let ways = vec![
        Choice::new(
            "eds",
            say("ЭЦҚ-мен", "ЭЦП", "By EDS"),
            say(
                "Осы компьютердегі NCALayer арқылы",
                "Через NCALayer на этом компьютере",
                "With NCALayer on this computer",
            ),
        ),
        Choice::new(
            "qr",
            say("QR-мен", "По QR", "By QR"),
            say(
                "Телефондағы eGov mobile арқылы",
                "Через eGov mobile на телефоне",
                "With eGov mobile on the phone",
            ),
        ),
    ];
    view! {
        <RadioCards
            id="way"
            legend=say("Қол қою тәсілін таңдаңыз", "Выберите способ подписания", "Choose how to sign")
            choices=ways
            value=RwSignal::new(String::new())
            error=say("Тәсілді таңдаңыз.", "Выберите способ.", "Choose a way.")
        />
    }
    .into_any()
}
