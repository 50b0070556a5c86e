//! States of this component for the gallery.

use super::Countdown;
use crate::browser::gallery::{Chapter, Story, say};
use leptos::prelude::*;

pub static CHAPTER: Chapter = Chapter {
    id: "countdown",
    title: "Countdown",
    criteria: &["By the server's clock", "Not spoken every second"],
    source: include_str!("stories.rs"),
    stories: &[Story {
        id: "running",
        render: running,
    }],
};

fn running() -> AnyView {
    view! { <p>{say("Код жарамды", "Код действует", "The code is valid")}" "<Countdown deadline=272_000_i64 server_now=0_i64/></p> }
    .into_any()
}
