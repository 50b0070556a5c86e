//! States of this component for the gallery.

use super::{FieldKind, TextField};
use crate::browser::components::RepairNotice;
use crate::browser::gallery::{Chapter, Story, say};
use crate::browser::signals::RwSignal;
use leptos::prelude::*;

pub static CHAPTER: Chapter = Chapter {
    id: "text-field",
    title: "Text field",
    criteria: &[
        "Label, hint, error and notice are tied to the field by ids",
        "No mask: what is typed stays as typed",
        "An error is spoken when the person leaves the field",
    ],
    source: include_str!("stories.rs"),
    stories: &[
        Story {
            id: "plain",
            render: plain,
        },
        Story {
            id: "with_hint",
            render: with_hint,
        },
        Story {
            id: "with_error",
            render: with_error,
        },
        Story {
            id: "optional",
            render: optional,
        },
        Story {
            id: "repaired",
            render: repaired,
        },
        Story {
            id: "code",
            render: code,
        },
        Story {
            id: "with_prefix_and_suffix",
            render: with_prefix_and_suffix,
        },
        Story {
            id: "inactive",
            render: inactive,
        },
    ],
};

fn plain() -> AnyView {
    view! {
        <TextField id="plain" kind=FieldKind::Address label=say("Көше / шағын аудан / даңғыл", "Улица / микрорайон / проспект", "Street / district / avenue") value=RwSignal::new(String::new())/>
    }
    .into_any()
}

fn with_hint() -> AnyView {
    view! {
        <TextField
            id="mobile"
            kind=FieldKind::Phone
            label=say("Ұялы телефон", "Мобильный телефон", "Mobile phone")
            hint=say("Мысалы, 8 701 234 56 78", "Например, 8 701 234 56 78", "For example, 8 701 234 56 78")
            value=RwSignal::new(String::new())
        />
    }
    .into_any()
}

fn with_error() -> AnyView {
    view! {
        <TextField
            id="mobile-wrong"
            kind=FieldKind::Phone
            label=say("Ұялы телефон", "Мобильный телефон", "Mobile phone")
            hint=say("Мысалы, 8 701 234 56 78", "Например, 8 701 234 56 78", "For example, 8 701 234 56 78")
            value=RwSignal::new("8 703 555 12".to_owned())
            error=say(
                "Нөмірде 11 цифр болуы керек, сізде 9. 703 коды ұялы байланыста жоқ.",
                "В номере должно быть 11 цифр, у вас 9. Кода 703 у мобильной связи нет.",
                "The number must have 11 digits, yours has 9. No mobile provider has the code 703.",
            )
        />
    }
    .into_any()
}

fn optional() -> AnyView {
    view! {
        <TextField id="flat" kind=FieldKind::Short label=say("Пәтер", "Квартира", "Flat") optional_mark=say("(болса)", "(если есть)", "(if any)") value=RwSignal::new("38".to_owned())/>
    }
    .into_any()
}

fn repaired() -> AnyView {
    let letters = RwSignal::new(vec![('i', 'і')]);
    let notice = view! {
        <RepairNotice
            letters=letters
            words=say(
                "Латын {latin} әрпі кирилл {cyrillic} әрпімен ауыстырылды.",
                "Латинская {latin} заменена на кириллическую {cyrillic}.",
                "The Latin {latin} was replaced by the Cyrillic {cyrillic}.",
            )
            undo=say("Қайтару", "Вернуть", "Undo")
            on_undo=Callback::new(move |()| letters.set(Vec::new()))
        />
    };
    view! {
        <TextField
            id="street"
            kind=FieldKind::Address
            label=say("Көше / шағын аудан / даңғыл", "Улица / микрорайон / проспект", "Street / district / avenue")
            value=RwSignal::new("Бейбітшілік даңғылы".to_owned())
            notice=notice.into_any()
        />
    }
    .into_any()
}

fn code() -> AnyView {
    view! {
        <TextField id="code" kind=FieldKind::Code maxlength=6 label=say("SMS-тегі код", "Код из SMS", "Code from the SMS") value=RwSignal::new("471903".to_owned())/>
    }
    .into_any()
}

fn with_prefix_and_suffix() -> AnyView {
    view! {
        <div class="fields__pair">
            <TextField id="prefixed" label=say("Телефон", "Телефон", "Telephone") prefix="+7" kind=FieldKind::Phone value=RwSignal::new("701 234 56 78".to_owned())/>
            <TextField id="suffixed" label=say("Сома", "Сумма", "Amount") suffix="₸" kind=FieldKind::Digits value=RwSignal::new("12 500".to_owned())/>
        </div>
    }
    .into_any()
}

fn inactive() -> AnyView {
    view! {
        <TextField id="inactive" label=say("Үй", "Дом", "House") inactive=true kind=FieldKind::Short value=RwSignal::new("14/2".to_owned())/>
    }
    .into_any()
}
