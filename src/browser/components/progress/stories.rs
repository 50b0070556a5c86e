//! States of this component for the gallery.

use super::{Progress, Skeleton};
use crate::browser::gallery::{Chapter, Story, say};
use leptos::prelude::*;

pub static CHAPTER: Chapter = Chapter {
    id: "progress",
    title: "Progress and skeleton",
    criteria: &["The label is spoken", "Still when motion is unwanted"],
    source: include_str!("stories.rs"),
    stories: &[
        Story {
            id: "half",
            render: half,
        },
        Story {
            id: "unknown",
            render: unknown,
        },
        Story {
            id: "skeleton",
            render: skeleton,
        },
    ],
};

fn half() -> AnyView {
    view! { <Progress id="half" label=say("Жіберіліп жатыр…", "Отправляется…", "Sending…") share=Some(50_u8)/> }
        .into_any()
}

fn unknown() -> AnyView {
    view! { <Progress id="unknown" label=say("Қолтаңбаны тексеріп жатырмыз…", "Проверяем подпись…", "Checking the signature…")/> }
    .into_any()
}

fn skeleton() -> AnyView {
    view! { <Skeleton lines=4 label=say("Жүктелуде…", "Загружается…", "Loading…")/> }.into_any()
}
