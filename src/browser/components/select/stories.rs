//! States of this component for the gallery.

use super::Select;
use crate::browser::components::Choice;
use crate::browser::gallery::{Chapter, Story, say};
use crate::browser::signals::RwSignal;
use leptos::prelude::*;

pub static CHAPTER: Chapter = Chapter {
    id: "select",
    title: "Select",
    criteria: &["The browser's own list, on every device"],
    source: include_str!("stories.rs"),
    stories: &[
        Story {
            id: "chosen",
            render: chosen,
        },
        Story {
            id: "nothing_chosen",
            render: nothing_chosen,
        },
    ],
};

fn chosen() -> AnyView {
    let regions = vec![
        Choice::new(
            "35",
            say("Қарағанды облысы", "Карагандинская область", "Karaganda region"),
            "",
        ),
        Choice::new("75", say("Алматы қаласы", "город Алматы", "Almaty city"), ""),
    ];
    view! { <Select id="region" label=say("Облыс", "Область", "Region") choices=regions value=RwSignal::new("35".to_owned())/> }
    .into_any()
}

fn nothing_chosen() -> AnyView {
    let regions = vec![Choice::new(
        "75",
        say("Алматы қаласы", "город Алматы", "Almaty city"),
        "",
    )];
    view! {
        <Select
            id="region-empty"
            label=say("Облыс", "Область", "Region")
            empty=say("Облысты таңдаңыз", "Выберите область", "Choose a region")
            choices=regions
            value=RwSignal::new(String::new())
            error=say("Облысты таңдаңыз.", "Выберите область.", "Choose a region.")
        />
    }
    .into_any()
}
