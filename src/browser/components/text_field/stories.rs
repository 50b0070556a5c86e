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
            id: "with_prefix_and_suffix",
            render: with_prefix_and_suffix,
        },
        Story {
            id: "inactive",
            render: inactive,
        },
    ],
};

pub static PHONE: Chapter = Chapter {
    id: "phone-field",
    title: "Phone field",
    criteria: &[
        "The keyboard is a telephone’s, and the browser offers the person’s own number",
        "No mask: 8, +7 and spaces are all understood",
        "An error names the person’s own digits",
    ],
    source: include_str!("stories.rs"),
    stories: &[
        Story {
            id: "phone_empty",
            render: phone_empty,
        },
        Story {
            id: "phone_filled",
            render: phone_filled,
        },
        Story {
            id: "phone_wrong",
            render: phone_wrong,
        },
    ],
};

pub static CODE: Chapter = Chapter {
    id: "code-field",
    title: "Code field",
    criteria: &[
        "One field for all six digits: a code is pasted whole, with or without a space",
        "The phone offers the code from the message; its keyboard has digits",
        "Where the code was sent stands in the hint",
    ],
    source: include_str!("stories.rs"),
    stories: &[
        Story {
            id: "code_sent",
            render: code_sent,
        },
        Story {
            id: "code_typed",
            render: code_typed,
        },
        Story {
            id: "code_wrong",
            render: code_wrong,
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
            id="email"
            kind=FieldKind::Email
            label=say("Электрондық пошта", "Электронная почта", "E-mail")
            hint=say("Мысалы, aliya@example.kz", "Например, aliya@example.kz", "For example, aliya@example.kz")
            value=RwSignal::new(String::new())
        />
    }
    .into_any()
}

fn with_error() -> AnyView {
    view! {
        <TextField
            id="email-wrong"
            kind=FieldKind::Email
            label=say("Электрондық пошта", "Электронная почта", "E-mail")
            hint=say("Мысалы, aliya@example.kz", "Например, aliya@example.kz", "For example, aliya@example.kz")
            value=RwSignal::new("aliya.example.kz".to_owned())
            error=say(
                "Мекенжайда бір @ белгісі болады: аты@сайт.kz.",
                "В адресе одна @: имя@сайт.kz.",
                "An address has one @: name@site.kz.",
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

fn phone(id: &'static str, value: &str, error: &'static str) -> AnyView {
    view! {
        <TextField
            id=id
            kind=FieldKind::Phone
            label=say("Ұялы телефон", "Мобильный телефон", "Mobile phone")
            hint=say("Мысалы, 8 701 234 56 78", "Например, 8 701 234 56 78", "For example, 8 701 234 56 78")
            value=RwSignal::new(value.to_owned())
            error=error
        />
    }
    .into_any()
}

fn phone_empty() -> AnyView {
    phone("phone-empty", "", "")
}

fn phone_filled() -> AnyView {
    phone("phone-filled", "+7 701 234 56 78", "")
}

fn phone_wrong() -> AnyView {
    phone(
        "phone-wrong",
        "8 703 555 12",
        say(
            "Нөмірде 11 цифр болуы керек, сізде 9. 703 коды ұялы байланыста жоқ.",
            "В номере должно быть 11 цифр, у вас 9. Кода 703 у мобильной связи нет.",
            "The number must have 11 digits, yours has 9. No mobile provider has the code 703.",
        ),
    )
}

fn code(id: &'static str, value: &str, error: &'static str) -> AnyView {
    view! {
        <TextField
            id=id
            kind=FieldKind::Code
            label=say("SMS-тегі код", "Код из SMS", "Code from the SMS")
            hint=say(
                "6 цифр, +7 701 ••• •• 78 нөміріне жіберілді",
                "6 цифр, отправлен на номер +7 701 ••• •• 78",
                "6 digits, sent to +7 701 ••• •• 78",
            )
            value=RwSignal::new(value.to_owned())
            error=error
        />
    }
    .into_any()
}

fn code_sent() -> AnyView {
    code("code-sent", "", "")
}

fn code_typed() -> AnyView {
    code("code-typed", "471903", "")
}

fn code_wrong() -> AnyView {
    code(
        "code-wrong",
        "4719",
        say(
            "Кодта 6 цифр болуы керек, сізде 4.",
            "В коде 6 цифр, у вас 4.",
            "The code has 6 digits, yours has 4.",
        ),
    )
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
