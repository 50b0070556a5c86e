//! States of this component for the gallery.

use super::toast;
use crate::browser::components::Button;
use crate::browser::gallery::{Chapter, Story, say};
use leptos::prelude::*;

pub static CHAPTER: Chapter = Chapter {
    id: "live",
    title: "Toast",
    criteria: &[
        "Seen for six seconds, and spoken",
        "Never for errors or for what must be read",
    ],
    source: include_str!("stories.rs"),
    stories: &[Story {
        id: "to_show",
        render: to_show,
    }],
};

fn to_show() -> AnyView {
    view! {
        <Button on_press=Callback::new(|()| toast(say("Жоба сақталды", "Черновик сохранён", "Draft saved")))>
            {say("Хабарды көрсету", "Показать сообщение", "Show the message")}
        </Button>
    }
    .into_any()
}
