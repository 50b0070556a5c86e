//! States of this component for the gallery.

use super::{Block, Panel};
use crate::browser::components::{Button, Change, ChangeList, FieldKind, TextField};
use crate::browser::gallery::{Chapter, Story, say};
use crate::browser::signals::RwSignal;
use leptos::prelude::*;

pub static CHAPTER: Chapter = Chapter {
    id: "block",
    title: "Block and panel",
    criteria: &[
        "The heading names the section",
        "The sentence under it says why it is asked",
    ],
    source: include_str!("stories.rs"),
    stories: &[
        Story {
            id: "block",
            render: block,
        },
        Story {
            id: "block_with_stamp",
            render: block_with_stamp,
        },
        Story {
            id: "panel",
            render: panel,
        },
    ],
};

fn block() -> AnyView {
    view! {
        <Block
            id="phones"
            title=say("Байланыс телефондары", "Контактные телефоны", "Telephones")
            why=say("Қор сізге осы нөмірге хабарлайды, сондықтан ол өзіңіздікі болуы керек.", "Фонд сообщает вам на этот номер, поэтому он должен быть вашим.", "The Fund writes to this number, so it must be your own.")
        >
            <div class="fields">
                <TextField id="block-mobile" kind=FieldKind::Phone label=say("Ұялы телефон", "Мобильный телефон", "Mobile phone") value=RwSignal::new("8 701 234 56 78".to_owned())/>
            </div>
        </Block>
    }
    .into_any()
}

fn block_with_stamp() -> AnyView {
    view! {
        <Block
            id="identity"
            title=say("Жеке басты куәландыратын құжат", "Документ, удостоверяющий личность", "Identity document")
            why=say("Екі құжатыңыз жарамды. Өтініш үшін біреуін таңдаңыз.", "Действительны два документа. Выберите один для заявления.", "Two of your documents are valid. Choose one for the application.")
            stamp=say("ЖТ МДБ, бүгін 09:41", "ГБД ФЛ, сегодня 09:41", "GBD FL, today 09:41")
        >
            ""
        </Block>
    }
    .into_any()
}

fn panel() -> AnyView {
    let changes = vec![Change {
        label: say("Ұялы телефон", "Мобильный телефон", "Mobile phone").to_owned(),
        before: "+7 701 ••• •• 45".to_owned(),
        after: "+7 701 234 56 78".to_owned(),
        unfinished: false,
    }];
    view! {
        <Panel id="changes" title=say("Не өзгереді", "Что изменится", "What will change")>
            <ChangeList changes=changes before_word=say("Бұрын", "Было", "Before") after_word=say("Енді", "Станет", "After") none=""/>
            <hr class="panel__line"/>
            <p class="panel__saved">{say("Жоба сақталды, 09:44", "Черновик сохранён, 09:44", "Draft saved, 09:44")}</p>
            <Button wide=true>{say("Тексеру және қол қою", "Проверить и подписать", "Check and sign")}</Button>
        </Panel>
    }
    .into_any()
}
