//! States of this component for the gallery.

use super::{ErrorSummary, Problem};
use crate::browser::gallery::{Chapter, Story, say};
use leptos::prelude::*;

pub static CHAPTER: Chapter = Chapter {
    id: "error-summary",
    title: "Error summary",
    criteria: &[
        "Takes the focus when it appears",
        "A link focuses the field and brings its label into view",
        "The same sentence stands at the field",
    ],
    source: include_str!("stories.rs"),
    stories: &[Story {
        id: "two_problems",
        render: two_problems,
    }],
};

fn two_problems() -> AnyView {
    let problems = vec![
        Problem {
            field: "mobile",
            text: say(
                "Нөмірде 11 цифр болуы керек, сізде 9.",
                "В номере должно быть 11 цифр, у вас 9.",
                "The number must have 11 digits, yours has 9.",
            )
            .to_owned(),
        },
        Problem {
            field: "region",
            text: say("Облысты таңдаңыз.", "Выберите область.", "Choose a region.").to_owned(),
        },
    ];
    view! { <ErrorSummary title=say("Мыналарды түзету керек", "Нужно исправить", "Please correct this") problems=problems attempt=0/> }
    .into_any()
}
