//! States of this component for the gallery.

use super::{QrCard, QrMatrix};
use crate::browser::gallery::{Chapter, Story, say};
use leptos::prelude::*;

pub static CHAPTER: Chapter = Chapter {
    id: "qr-card",
    title: "QR card",
    criteria: &[
        "Dark on white in every theme, quiet zone of four modules",
        "A scanner reads it: tested",
    ],
    source: include_str!("stories.rs"),
    stories: &[
        Story {
            id: "valid",
            render: valid,
        },
        Story {
            id: "stale",
            render: stale,
        },
        Story {
            id: "waiting",
            render: waiting,
        },
    ],
};

fn valid() -> AnyView {
    view! {
        <QrCard
            code=QrMatrix::of("mobileSign:https://cabinet.example/api/egov-mobile/documents/J2hK0pXvT5mQ3sYb8wZr1A")
            label=say("eGov mobile арқылы қол қоюға арналған QR-код", "QR-код для подписания в eGov mobile", "QR code for signing in eGov mobile")
        >
            <span>{say("Код жарамды", "Код действует", "The code is valid")}</span>
            <span class="countdown">"4:32"</span>
        </QrCard>
    }
    .into_any()
}

fn stale() -> AnyView {
    view! {
        <QrCard code=QrMatrix::of("mobileSign:https://cabinet.example/old") label=say("Ескірген QR-код", "Устаревший QR-код", "Expired QR code") stale=true>
            <span>{say("Кодтың уақыты бітті", "Время кода истекло", "The code has expired")}</span>
        </QrCard>
    }
    .into_any()
}

fn waiting() -> AnyView {
    view! { <QrCard code=None label="">{say("Код дайындалып жатыр…", "Код готовится…", "Preparing the code…")}</QrCard> }
    .into_any()
}
