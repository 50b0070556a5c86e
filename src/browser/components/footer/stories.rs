//! States of this component for the gallery.

use super::{Footer, FooterTexts};
use crate::browser::gallery::{Chapter, Story, say};
use leptos::prelude::*;

pub static CHAPTER: Chapter = Chapter {
    id: "footer",
    title: "Footer",
    criteria: &[
        "Help on every page: 1418, WhatsApp, the nearest branch",
        "The page's error code, to read out",
    ],
    source: include_str!("stories.rs"),
    stories: &[
        Story {
            id: "plain",
            render: plain,
        },
        Story {
            id: "with_error_code",
            render: with_error_code,
        },
    ],
};

fn plain() -> AnyView {
    view! { <Footer texts=texts() links=links() version="0.1.0 (a1b2c3d4e5)"/> }.into_any()
}

fn with_error_code() -> AnyView {
    view! { <Footer texts=texts() links=links() version="0.1.0 (a1b2c3d4e5)" error_code="K7F-2M9"/> }
        .into_any()
}

fn links() -> Vec<(&'static str, &'static str)> {
    vec![
        ("#footer", say("Құпиялылық", "Конфиденциальность", "Privacy")),
        (
            "#footer/plain",
            say("Қолжетімділік", "Доступность", "Accessibility"),
        ),
    ]
}

fn texts() -> FooterTexts {
    FooterTexts {
        title: say("Көмек керек пе?", "Нужна помощь?", "Need help?"),
        call: say("Байланыс орталығы", "Контакт-центр", "Call centre"),
        call_note: say("Қазақстан ішінен", "По Казахстану", "From within Kazakhstan"),
        whatsapp: "WhatsApp",
        branch: say("Бөлімше", "Отделение", "Branch"),
        branch_link: say(
            "Ең жақын бөлімшені табу",
            "Найти ближайшее отделение",
            "Find the nearest branch",
        ),
        branch_href: "#footer",
        error_code: say("Қате коды", "Код ошибки", "Error code"),
        version: say("Нұсқа", "Версия", "Version"),
    }
}
