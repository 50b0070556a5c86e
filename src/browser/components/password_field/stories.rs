//! States of this component for the gallery.

use super::PasswordField;
use crate::browser::gallery::{Chapter, Story, say};
use crate::browser::signals::RwSignal;
use leptos::prelude::*;

pub static CHAPTER: Chapter = Chapter {
    id: "password-field",
    title: "Password field",
    criteria: &[
        "The button says what it will do and for which field",
        "The browser may keep and fill the password",
    ],
    source: include_str!("stories.rs"),
    stories: &[
        Story {
            id: "hidden",
            render: hidden,
        },
        Story {
            id: "wrong",
            render: wrong,
        },
    ],
};

fn hidden() -> AnyView {
    view! {
        <PasswordField id="password" label=say("Пароль", "Пароль", "Password") show=say("Көрсету", "Показать", "Show") hide=say("Жасыру", "Скрыть", "Hide") value=RwSignal::new("Qwerty12".to_owned())/>
    }
    .into_any()
}

fn wrong() -> AnyView {
    view! {
        <PasswordField
            id="password-wrong"
            label=say("Пароль", "Пароль", "Password")
            show=say("Көрсету", "Показать", "Show")
            hide=say("Жасыру", "Скрыть", "Hide")
            value=RwSignal::new(String::new())
            error=say("Парольді енгізіңіз.", "Введите пароль.", "Enter your password.")
        />
    }
    .into_any()
}
