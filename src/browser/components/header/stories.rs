//! States of this component for the gallery.

use super::{Header, NavLink};
use crate::browser::components::{Button, ButtonKind, DisplayTexts};
use crate::browser::gallery::{Chapter, Story, say};
use crate::domain::lang::Lang;
use leptos::prelude::*;

pub static CHAPTER: Chapter = Chapter {
    id: "header",
    title: "Header",
    criteria: &[
        "Landmark, navigation with a name, the languages in their own words",
        "Text size, contrast and theme on every page",
    ],
    source: include_str!("stories.rs"),
    stories: &[
        Story {
            id: "signed_out",
            render: signed_out,
        },
        Story {
            id: "signed_in",
            render: signed_in,
        },
        Story {
            id: "long_name",
            render: long_name,
        },
    ],
};

fn signed_out() -> AnyView {
    view! {
        <Header
            brand=say("Жеке кабинет", "Личный кабинет", "Personal cabinet")
            menu=say("Мәзір", "Меню", "Menu")
            language=say("Тіл", "Язык", "Language")
            lang=Lang::Kk
            display=display_texts()
        />
    }
    .into_any()
}

fn signed_in() -> AnyView {
    header_of("Әлия Серікқызы")
}

fn long_name() -> AnyView {
    header_of("Қаһарман Әбілғазыұлы")
}

fn header_of(name: &str) -> AnyView {
    let links = vec![
        NavLink {
            href: "#header",
            label: say("Менің деректемелерім", "Мои реквизиты", "My requisites"),
            current: true,
        },
        NavLink {
            href: "#header/signed_in",
            label: say("Қызметтер", "Услуги", "Services"),
            current: false,
        },
        NavLink {
            href: "#header/signed_out",
            label: say("Өтініштер", "Заявления", "Applications"),
            current: false,
        },
        NavLink {
            href: "#header/long_name",
            label: say("Көмек", "Помощь", "Help"),
            current: false,
        },
    ];
    let person = Some((
        name.to_owned(),
        say("ЖСН •••• •••• 0009", "ИИН •••• •••• 0009", "IIN •••• •••• 0009").to_owned(),
    ));
    view! {
        <Header
            brand=say("Жеке кабинет", "Личный кабинет", "Personal cabinet")
            menu=say("Мәзір", "Меню", "Menu")
            language=say("Тіл", "Язык", "Language")
            lang=Lang::Kk
            display=display_texts()
            links=links
            person=person
            sign_out=ViewFn::from(|| view! { <Button kind=ButtonKind::Link>{say("Шығу", "Выйти", "Sign out")}</Button> })
        />
    }
    .into_any()
}

fn display_texts() -> DisplayTexts {
    DisplayTexts {
        title: say("Көрініс", "Вид", "Display"),
        text_size: say("Мәтін өлшемі", "Размер текста", "Text size"),
        text_normal: say("Әдеттегі", "Обычный", "Normal"),
        text_large: say("Үлкен", "Крупный", "Large"),
        text_largest: say("Өте үлкен", "Очень крупный", "Very large"),
        contrast: say("Контраст", "Контраст", "Contrast"),
        contrast_normal: say("Әдеттегі", "Обычный", "Normal"),
        contrast_more: say("Жоғары", "Высокий", "High"),
        theme: say("Түсі", "Цвет", "Colour"),
        theme_system: say("Құрылғыдағыдай", "Как на устройстве", "As on the device"),
        theme_light: say("Ашық", "Светлый", "Light"),
        theme_dark: say("Күңгірт", "Тёмный", "Dark"),
    }
}
