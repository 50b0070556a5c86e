//! States of this component for the gallery.

use super::{Button, ButtonKind, ButtonLink};
use crate::browser::gallery::{Chapter, Story, say};
use leptos::prelude::*;

pub static CHAPTER: Chapter = Chapter {
    id: "button",
    title: "Button and link",
    criteria: &[
        "A button that can't be pressed yet stays in the order of the Tab key and says why",
        "Busy: the words stay, further presses are ignored",
        "48 px high, 44 px at least as a link on touch",
        "A link within a sentence is told by more than its colour",
    ],
    source: include_str!("stories.rs"),
    stories: &[
        Story {
            id: "primary",
            render: primary,
        },
        Story {
            id: "secondary",
            render: secondary,
        },
        Story {
            id: "link",
            render: link,
        },
        Story {
            id: "danger",
            render: danger,
        },
        Story {
            id: "busy",
            render: busy,
        },
        Story {
            id: "inactive",
            render: inactive,
        },
        Story {
            id: "wide",
            render: wide,
        },
        Story {
            id: "as_a_link",
            render: as_a_link,
        },
        Story {
            id: "links",
            render: links,
        },
        Story {
            id: "in_a_row",
            render: in_a_row,
        },
    ],
};

fn primary() -> AnyView {
    view! { <Button>{say("Тексеру және қол қою", "Проверить и подписать", "Check and sign")}</Button> }
        .into_any()
}

fn secondary() -> AnyView {
    view! { <Button kind=ButtonKind::Secondary>{say("ЭЦҚ-мен қол қою", "Подписать ЭЦП", "Sign with EDS")}</Button> }
    .into_any()
}

fn link() -> AnyView {
    view! { <Button kind=ButtonKind::Link>{say("Қайтару", "Вернуть", "Undo")}</Button> }.into_any()
}

fn danger() -> AnyView {
    view! { <Button kind=ButtonKind::Danger>{say("Жобаны жою", "Удалить черновик", "Delete the draft")}</Button> }
    .into_any()
}

fn busy() -> AnyView {
    view! { <Button busy=true>{say("Құжат дайындалып жатыр…", "Документ готовится…", "Preparing the document…")}</Button> }
    .into_any()
}

fn inactive() -> AnyView {
    view! {
        <div class="actions">
            <Button inactive=true described_by="why-not">{say("Тексеру және қол қою", "Проверить и подписать", "Check and sign")}</Button>
        </div>
        <p id="why-not">{say("Тағы бір өріс түзетілуі керек.", "Осталось исправить одно поле.", "One field is still to be corrected.")}</p>
    }
    .into_any()
}

fn wide() -> AnyView {
    view! { <Button wide=true>{say("Жалғастыру", "Продолжить", "Continue")}</Button> }.into_any()
}

fn as_a_link() -> AnyView {
    view! { <ButtonLink href="#button">{say("Қызметке өту", "Перейти к услуге", "Go to the service")}</ButtonLink> }
    .into_any()
}

fn links() -> AnyView {
    view! {
        <p>
            {say("Анықтама", "Справка", "Help")} ": "
            <a href="#button">{say("Пайдаланушы нұсқаулығы", "Руководство пользователя", "User manual")}</a> " · "
            <a href="https://pki.gov.kz/ncalayer/" rel="external noopener">
                {say("NCALayer жүктеу", "Скачать NCALayer", "Download NCALayer")}
            </a>
        </p>
    }
    .into_any()
}

fn in_a_row() -> AnyView {
    view! {
        <div class="actions">
            <Button>{say("Жалғастыру", "Продолжить", "Continue")}</Button>
            <Button kind=ButtonKind::Secondary>{say("ЭЦҚ-мен қол қою", "Подписать ЭЦП", "Sign with EDS")}</Button>
            <Button kind=ButtonKind::Link>{say("Бас тарту", "Отказаться", "Cancel")}</Button>
        </div>
    }
    .into_any()
}
