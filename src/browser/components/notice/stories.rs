//! States of this component for the gallery.

use super::{Banner, Notice, NoticeKind};
use crate::browser::gallery::{Chapter, Story, say};
use leptos::prelude::*;

pub static CHAPTER: Chapter = Chapter {
    id: "notice",
    title: "Notice",
    criteria: &[
        "The kind is told by words too",
        "An error that appears is spoken at once, the rest when the reader is idle",
    ],
    source: include_str!("stories.rs"),
    stories: &[
        Story {
            id: "info",
            render: info,
        },
        Story {
            id: "warning",
            render: warning,
        },
        Story {
            id: "success",
            render: success,
        },
        Story {
            id: "error",
            render: error,
        },
        Story {
            id: "banner",
            render: banner,
        },
    ],
};

fn info() -> AnyView {
    view! { <Notice>{say("Банктік деректемелер бұл өтінішпен өзгертілмейді.", "Банковские реквизиты этим заявлением не изменяются.", "This application doesn’t change bank details.")}</Notice> }
    .into_any()
}

fn warning() -> AnyView {
    view! {
        <Notice kind=NoticeKind::Warning>
            {say(
                "Қорда ескі құжатыңыз тұр (№ 038765432). Қол қойған кезде ол осы құжатпен ауыстырылады.",
                "В Фонде указан ваш прежний документ (№ 038765432). При подписании он заменится этим.",
                "The Fund holds your old document (No. 038765432). When you sign, this one takes its place.",
            )}
        </Notice>
    }
    .into_any()
}

fn success() -> AnyView {
    view! { <Notice kind=NoticeKind::Success title=say("Қол қою сәтті аяқталды", "Подписание успешно завершено", "Signed successfully")>{say("Қор жаңа деректеріңізді пайдаланады.", "Фонд пользуется вашими новыми данными.", "The Fund now uses your new details.")}</Notice> }
    .into_any()
}

fn error() -> AnyView {
    view! {
        <Notice kind=NoticeKind::Error title=say("NCALayer табылмады", "NCALayer не найден", "NCALayer wasn’t found")>
            <p>{say("Ол іске қосылмаған немесе орнатылмаған болуы мүмкін.", "Возможно, он не запущен или не установлен.", "It may not be running or not be installed.")}</p>
        </Notice>
    }
    .into_any()
}

fn banner() -> AnyView {
    view! {
        <Banner label=say("Хабарландыру", "Объявление", "Notice")>
            <p>
                {say(
                    "Бүгін 22:00–23:00 аралығында техникалық жұмыстар жүреді. Жазғаныңыз сақталады.",
                    "Сегодня с 22:00 до 23:00 идут технические работы. Написанное сохранится.",
                    "Works on the service today from 22:00 to 23:00. What you write is kept.",
                )}
            </p>
        </Banner>
    }
    .into_any()
}
