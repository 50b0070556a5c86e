//! Whole pages made of the components, as the sketches show them.

use super::Page;
use crate::browser::components::{
    Block, Button, ButtonKind, Change, ChangeList, Choice, Columns, Fact, Facts, FieldKind, Instructions,
    Notice, NoticeKind, Panel, QrCard, QrMatrix, RadioCards, RepairNotice, Select, Steps, TextField,
};
use crate::browser::gallery::{Chapter, Story, say};
use crate::browser::signals::RwSignal;
use leptos::prelude::*;

pub static CHAPTER: Chapter = Chapter {
    id: "page",
    title: "Page",
    criteria: &[
        "One h1, which takes the focus on navigation",
        "The browser's title is the heading's",
    ],
    source: include_str!("stories.rs"),
    stories: &[
        Story {
            id: "form",
            render: form,
        },
        Story {
            id: "signing",
            render: signing,
        },
    ],
};

fn steps(current: usize) -> AnyView {
    view! {
        <Steps
            label=say("Өтініш қадамдары", "Шаги заявления", "Steps of the application")
            steps=vec![
                say("Өтінішті толтыру", "Заполнение заявления", "Fill in the application"),
                say("Тексеру және қол қою", "Проверка и подписание", "Check and sign"),
                say("Дайын", "Готово", "Done"),
            ]
            current=current
            done=say("орындалды", "выполнено", "done")
        />
    }
    .into_any()
}

fn form() -> AnyView {
    view! {
        <Page
            title=say(
                "Деректемелерге өзгерістер және (немесе) толықтырулар енгізу",
                "Внесение изменений и (или) дополнений в реквизиты",
                "Changes and (or) additions to your requisites",
            )
            brand=say("Жеке кабинет", "Личный кабинет", "Personal cabinet")
            below_title=steps(0)
        >
            <Columns side=panel()>{document()} {address()} {phones()}</Columns>
        </Page>
    }
    .into_any()
}

fn document() -> AnyView {
    let documents = vec![
        Choice::new(
            "id",
            say("Жеке куәлік", "Удостоверение личности", "Identity card"),
            say(
                "№ 051234567 · 14.03.2034 дейін",
                "№ 051234567 · до 14.03.2034",
                "No. 051234567 · until 14.03.2034",
            ),
        ),
        Choice::new(
            "passport",
            say("Паспорт", "Паспорт", "Passport"),
            say(
                "№ N12345678 · 02.09.2031 дейін",
                "№ N12345678 · до 02.09.2031",
                "No. N12345678 · until 02.09.2031",
            ),
        ),
    ];
    let facts = vec![
        Fact::new(say("Құжат нөмірі", "Номер документа", "Number"), "051234567"),
        Fact::new(say("Берілген күні", "Дата выдачи", "Issued on"), "15.03.2024"),
        Fact::new(
            say("Қолданыс мерзімі", "Срок действия", "Valid until"),
            "14.03.2034",
        ),
        Fact::new(
            say("Кім берді", "Кем выдан", "Issued by"),
            say(
                "ҚР Ішкі істер министрлігі",
                "МВД Республики Казахстан",
                "Ministry of Internal Affairs",
            ),
        ),
    ];
    view! {
        <Block
            id="document-block"
            title=say("Жеке басты куәландыратын құжат", "Документ, удостоверяющий личность", "Identity document")
            why=say(
                "Екі құжатыңыз жарамды. Өтініш үшін біреуін таңдаңыз.",
                "Действительны два ваших документа. Выберите один для заявления.",
                "Two of your documents are valid. Choose one for the application.",
            )
            stamp=say("ЖТ МДБ, бүгін 09:41", "ГБД ФЛ, сегодня 09:41", "GBD FL, today 09:41")
        >
            <RadioCards
                id="page-document"
                legend=say("Құжат", "Документ", "Document")
                hide_legend=true
                choices=documents
                value=RwSignal::new("id".to_owned())
            />
            <Facts facts=facts/>
            <Notice kind=NoticeKind::Warning>
                {say(
                    "Қорда ескі құжатыңыз тұр (№ 038765432). Қол қойған кезде ол осы құжатпен ауыстырылады.",
                    "В Фонде указан ваш прежний документ (№ 038765432). При подписании он заменится этим.",
                    "The Fund holds your old document (No. 038765432). When you sign, this one takes its place.",
                )}
            </Notice>
        </Block>
    }
    .into_any()
}

fn address() -> AnyView {
    let regions = vec![Choice::new(
        "35",
        say("Қарағанды облысы", "Карагандинская область", "Karaganda region"),
        "",
    )];
    let districts = vec![Choice::new(
        "3523",
        say("Теміртау қаласы", "город Темиртау", "Temirtau city"),
        "",
    )];
    let notice = view! {
        <RepairNotice
            letters=vec![('i', 'і')]
            words=say(
                "Латын {latin} әрпі кирилл {cyrillic} әрпімен ауыстырылды.",
                "Латинская {latin} заменена на кириллическую {cyrillic}.",
                "The Latin {latin} was replaced by the Cyrillic {cyrillic}.",
            )
            undo=say("Қайтару", "Вернуть", "Undo")
            on_undo=Callback::new(|()| ())
        />
    };
    let fill = view! {
        <Button kind=ButtonKind::Link>
            {say("Тіркелген мекенжайым бойынша толтыру", "Заполнить по адресу регистрации", "Fill in my registered address")}
        </Button>
    };
    view! {
        <Block
            id="address-block"
            title=say("Мекенжай", "Адрес", "Address")
            why=say("Қор хаттарды осы мекенжайға жібереді.", "Фонд отправляет письма по этому адресу.", "The Fund sends letters to this address.")
            action=fill.into_any()
        >
            <div class="fields">
                <div class="fields__pair">
                    <Select id="page-region" label=say("Облыс", "Область", "Region") choices=regions value=RwSignal::new("35".to_owned())/>
                    <Select
                        id="page-district"
                        label=say("Аудан немесе қала", "Район или город", "District or city")
                        choices=districts
                        value=RwSignal::new("3523".to_owned())
                    />
                </div>
                <TextField
                    id="page-street"
                    kind=FieldKind::Address
                    label=say("Көше / шағын аудан / даңғыл", "Улица / микрорайон / проспект", "Street / district / avenue")
                    value=RwSignal::new("Бейбітшілік даңғылы".to_owned())
                    notice=notice.into_any()
                />
                <div class="fields__pair">
                    <TextField id="page-house" kind=FieldKind::Short label=say("Үй", "Дом", "House") value=RwSignal::new("14/2".to_owned())/>
                    <TextField
                        id="page-flat"
                        kind=FieldKind::Short
                        label=say("Пәтер", "Квартира", "Flat")
                        optional_mark=say("(болса)", "(если есть)", "(if any)")
                        value=RwSignal::new("38".to_owned())
                    />
                </div>
            </div>
        </Block>
    }
    .into_any()
}

fn phones() -> AnyView {
    view! {
        <Block
            id="phones-block"
            title=say("Байланыс телефондары", "Контактные телефоны", "Telephones")
            why=say(
                "Қор сізге осы нөмірге хабарлайды, сондықтан ол өзіңіздікі болуы керек.",
                "Фонд сообщает вам на этот номер, поэтому он должен быть вашим.",
                "The Fund writes to this number, so it must be your own.",
            )
        >
            <div class="fields">
                <TextField
                    id="page-mobile"
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
            </div>
        </Block>
    }
    .into_any()
}

fn panel() -> AnyView {
    let change = |label: &str, before: &str, after: &str, unfinished| Change {
        label: label.to_owned(),
        before: before.to_owned(),
        after: after.to_owned(),
        unfinished,
    };
    let changes = vec![
        change(
            say("Құжат", "Документ", "Document"),
            "№ 038765432",
            "№ 051234567",
            false,
        ),
        change(
            say("Мекенжай", "Адрес", "Address"),
            "Теміртау, Металлургтер д-лы, 5",
            "Теміртау, Бейбітшілік даңғылы, 14/2, 38-пәтер",
            false,
        ),
        change(
            say("Ұялы телефон", "Мобильный телефон", "Mobile phone"),
            "+7 701 ••• •• 45",
            say("нөмірді түзетіңіз", "исправьте номер", "correct the number"),
            true,
        ),
    ];
    view! {
        <Panel id="page-changes" title=say("Не өзгереді", "Что изменится", "What will change")>
            <ChangeList
                changes=changes
                before_word=say("Бұрын", "Было", "Before")
                after_word=say("Енді", "Станет", "After")
                none=""
            />
            <hr class="panel__line"/>
            <p class="panel__saved">{say("Жоба сақталды, 09:44", "Черновик сохранён, 09:44", "Draft saved, 09:44")}</p>
            <Button wide=true>{say("Тексеру және қол қою", "Проверить и подписать", "Check and sign")}</Button>
            <p class="panel__missing">
                {say("Тағы бір өріс түзетілуі керек: ", "Осталось исправить одно поле: ", "One field is still to be corrected: ")}
                <a href="#page-mobile">{say("ұялы телефон", "мобильный телефон", "mobile phone")}</a>
            </p>
        </Panel>
    }
    .into_any()
}

fn signing() -> AnyView {
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
    view! {
        <Page
            title=say("eGov mobile арқылы қол қою", "Подписание через eGov mobile", "Sign with eGov mobile")
            brand=say("Жеке кабинет", "Личный кабинет", "Personal cabinet")
            below_title=steps(1)
        >
            <div class="signing">
                <QrCard
                    code=QrMatrix::of("mobileSign:https://cabinet.example/api/egov-mobile/documents/J2hK0pXvT5mQ3sYb8wZr1A")
                    label=say("QR-код", "QR-код", "QR code")
                >
                    <span>{say("Код жарамды", "Код действует", "The code is valid")}</span>
                    <span class="countdown">"4:32"</span>
                </QrCard>
                <div class="signing__side">
                    <Instructions lines=lines/>
                    <p class="compare">
                        <strong class="compare__number">"47 19"</strong>
                        <span>
                            {say(
                                "Телефонда дәл осы сан тұруы керек. Басқа сан болса, қол қоймаңыз.",
                                "На телефоне должно быть это же число. Если другое, не подписывайте.",
                                "Your phone must show this number. If it shows another, don’t sign.",
                            )}
                        </span>
                    </p>
                    <div class="actions">
                        <Button kind=ButtonKind::Secondary>{say("ЭЦҚ-мен қол қою", "Подписать ЭЦП", "Sign with EDS")}</Button>
                        <Button kind=ButtonKind::Link>{say("Бас тарту", "Отказаться", "Cancel")}</Button>
                    </div>
                </div>
            </div>
        </Page>
    }
    .into_any()
}
