//! States of this component for the gallery.

use super::Combobox;
use crate::browser::gallery::{Chapter, Story, say};
use crate::browser::signals::RwSignal;
use leptos::prelude::*;

pub static CHAPTER: Chapter = Chapter {
    id: "combobox",
    title: "Combobox",
    criteria: &[
        "Arrows, Enter and Escape; the number of suggestions is spoken",
        "What is typed may stay, also when nothing is picked",
    ],
    source: include_str!("stories.rs"),
    stories: &[Story {
        id: "with_suggestions",
        render: with_suggestions,
    }],
};

fn with_suggestions() -> AnyView {
    let found = RwSignal::new(vec![
        "Бейбітшілік даңғылы".to_owned(),
        "Бейбітшілік көшесі".to_owned(),
    ]);
    view! {
        <Combobox
            id="street-combobox"
            label=say("Көше", "Улица", "Street")
            hint=say("Жаза бастаңыз: тізім шығады", "Начните писать: появится список", "Start writing: a list appears")
            value=RwSignal::new("Бейб".to_owned())
            suggestions=found
            count=Callback::new(|count: usize| format!("{count}"))
        />
    }
    .into_any()
}
