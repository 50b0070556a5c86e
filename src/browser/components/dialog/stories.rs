//! States of this component for the gallery.

use super::Dialog;
use crate::browser::components::{Button, ButtonKind};
use crate::browser::gallery::{Chapter, Story, say};
use crate::browser::signals::RwSignal;
use leptos::prelude::*;

pub static CHAPTER: Chapter = Chapter {
    id: "dialog",
    title: "Dialog",
    criteria: &["Holds the focus, closes with Escape, gives the focus back"],
    source: include_str!("stories.rs"),
    stories: &[Story {
        id: "to_open",
        render: to_open,
    }],
};

fn to_open() -> AnyView {
    let open = RwSignal::new(false);
    view! {
        <Button kind=ButtonKind::Secondary on_press=Callback::new(move |()| open.set(true))>
            {say("Басынан бастау", "Начать заново", "Start over")}
        </Button>
        <Dialog id="start-over" title=say("Басынан бастайсыз ба?", "Начать заново?", "Start over?") open=open close=say("Жабу", "Закрыть", "Close")>
            <p>
                {say(
                    "Осы жобада жазғаныңыз өшіп, форма Қордағы деректермен қайта толады.",
                    "Написанное в этом черновике удалится, форма снова заполнится данными Фонда.",
                    "What you wrote in this draft is deleted; the form is filled again with the Fund’s data.",
                )}
            </p>
            <div class="actions">
                <Button kind=ButtonKind::Danger on_press=Callback::new(move |()| open.set(false))>
                    {say("Иә, басынан бастау", "Да, начать заново", "Yes, start over")}
                </Button>
                <Button kind=ButtonKind::Link on_press=Callback::new(move |()| open.set(false))>
                    {say("Жоқ, жалғастыру", "Нет, продолжить", "No, go on")}
                </Button>
            </div>
        </Dialog>
    }
    .into_any()
}
