//! States of this component for the gallery.

use super::Checkbox;
use crate::browser::gallery::{Chapter, Story, say};
use crate::browser::signals::RwSignal;
use leptos::prelude::*;

pub static CHAPTER: Chapter = Chapter {
    id: "checkbox",
    title: "Checkbox",
    criteria: &["Words and box are one target"],
    source: include_str!("stories.rs"),
    stories: &[
        Story {
            id: "off",
            render: off,
        },
        Story { id: "on", render: on },
        Story {
            id: "wrong",
            render: wrong,
        },
    ],
};

fn off() -> AnyView {
    view! { <Checkbox id="consent" value=RwSignal::new(false)>{say("Мәтінді оқыдым, келісемін", "Текст прочитан, я согласен (согласна)", "I have read the text and agree")}</Checkbox> }
    .into_any()
}

fn on() -> AnyView {
    view! { <Checkbox id="mine" value=RwSignal::new(true)>{say("Бұл нөмір өзімдікі", "Это мой собственный номер", "This number is my own")}</Checkbox> }
    .into_any()
}

fn wrong() -> AnyView {
    view! {
        <Checkbox
            id="consent-wrong"
            value=RwSignal::new(false)
            error=say("Жалғастыру үшін келісімді белгілеңіз.", "Чтобы продолжить, отметьте согласие.", "To continue, tick your consent.")
        >
            {say("Мәтінді оқыдым, келісемін", "Текст прочитан, я согласен (согласна)", "I have read the text and agree")}
        </Checkbox>
    }
    .into_any()
}
