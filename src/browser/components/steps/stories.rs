//! States of this component for the gallery.

use super::{Instructions, Steps};
use crate::browser::gallery::{Chapter, Story, say};
use leptos::prelude::*;

pub static CHAPTER: Chapter = Chapter {
    id: "steps",
    title: "Steps and instructions",
    criteria: &[
        "A list; the present step is marked for screen readers",
        "On a phone the others keep their names for those who listen",
    ],
    source: include_str!("stories.rs"),
    stories: &[
        Story {
            id: "step_1",
            render: step_1,
        },
        Story {
            id: "step_2",
            render: step_2,
        },
        Story {
            id: "step_3",
            render: step_3,
        },
        Story {
            id: "instructions",
            render: instructions,
        },
    ],
};

fn step_1() -> AnyView {
    view! {
        <Steps
            label=say("Өтініш қадамдары", "Шаги заявления", "Steps of the application")
            steps=vec![
                say("Өтінішті толтыру", "Заполнение", "Fill in"),
                say("Тексеру және қол қою", "Проверка и подписание", "Check and sign"),
                say("Дайын", "Готово", "Done"),
            ]
            current=0
            done=say("орындалды", "выполнено", "done")
        />
    }
    .into_any()
}

fn step_2() -> AnyView {
    view! {
        <Steps
            label=say("Өтініш қадамдары", "Шаги заявления", "Steps of the application")
            steps=vec![
                say("Өтінішті толтыру", "Заполнение", "Fill in"),
                say("Тексеру және қол қою", "Проверка и подписание", "Check and sign"),
                say("Дайын", "Готово", "Done"),
            ]
            current=1
            done=say("орындалды", "выполнено", "done")
        />
    }
    .into_any()
}

fn step_3() -> AnyView {
    view! {
        <Steps
            label=say("Өтініш қадамдары", "Шаги заявления", "Steps of the application")
            steps=vec![
                say("Өтінішті толтыру", "Заполнение", "Fill in"),
                say("Тексеру және қол қою", "Проверка и подписание", "Check and sign"),
                say("Дайын", "Готово", "Done"),
            ]
            current=2
            done=say("орындалды", "выполнено", "done")
        />
    }
    .into_any()
}

fn instructions() -> AnyView {
    let lines = vec![
        (
            say(
                "Телефоныңызда eGov mobile қосымшасын ашыңыз",
                "Откройте на телефоне eGov mobile",
                "Open eGov mobile on your phone",
            ),
            say(
                "Қосымшаға кіріп тұруыңыз керек",
                "Вы должны в него войти",
                "You need to be signed in to it",
            )
            .to_owned(),
        ),
        (
            say(
                "Жоғарғы оң жақтағы QR белгісін басып, кодты сканерлеңіз",
                "Нажмите знак QR вверху справа и отсканируйте код",
                "Press the QR sign at the top right and scan the code",
            ),
            String::new(),
        ),
        (
            say(
                "Құжатты қарап шығып, «Қол қою» батырмасын басыңыз",
                "Просмотрите документ и нажмите «Подписать»",
                "Look at the document and press “Sign”",
            ),
            say(
                "Өтініш № 2026-000184 · 1 құжат, 84 КБ",
                "Заявление № 2026-000184 · 1 документ, 84 КБ",
                "Application No. 2026-000184 · 1 document, 84 KB",
            )
            .to_owned(),
        ),
    ];
    view! { <Instructions lines=lines/> }.into_any()
}
