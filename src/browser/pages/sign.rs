//! Check and sign, on one page: what changes block by block with a way back to each field, the document, both ways to sign,
//! the hash. Made from the same frozen data as the PDF.

use super::{framed, navigator};
use crate::api::ApiError;
use crate::api::applications::{ApplicationId, Frozen};
use crate::api::signing::EdsSignature;
use crate::browser::blocks::eds::{self, Eds, Purpose};
use crate::browser::blocks::plain::{block, button, division, links, notice, paragraph};
use crate::browser::blocks::qr;
use crate::browser::blocks::trouble::{Loaded, load, may_fail, show};
use crate::browser::blocks::{changes, panel};
use crate::browser::calls::inside_calls;
use crate::browser::components::{Button, ButtonKind, NoticeKind};
use crate::browser::draft::DraftKeeper;
use crate::browser::markup::{IntoMarkup, Markup, live, maybe, nothing, tag};
use crate::browser::session::Session;
use crate::browser::signals::{RwSignal, Signal, StoredValue, effect, spawn};
use crate::browser::texts::{key, t, tf};
use crate::browser::window;
use crate::domain::application::ApplicationState;
use crate::domain::form::Field;
use crate::domain::letters::lower_case;
use leptos::prelude::*;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Choose,
    Eds,
    Qr,
}

/// Stands in the address while signing by QR.
const QR: &str = "qr";

#[must_use]
pub fn page(application: String) -> Markup {
    let calls = inside_calls();
    // A reload while the phone signs comes back to the code.
    let way = RwSignal::new(if window::hash() == QR {
        Way::Qr
    } else {
        Way::Choose
    });
    let (frozen, again) = {
        let application = application.clone();
        load(move || {
            (calls.review)(ApplicationId {
                application: application.clone(),
            })
        })
    };
    // Signed already (another tab, the phone): the thanks are there. Taken back to the form: so is the form.
    let go = navigator();
    effect(move || {
        let elsewhere = frozen.with(|frozen| match frozen {
            Loaded::Ready(frozen) => match frozen.state {
                ApplicationState::Frozen => None,
                ApplicationState::Draft => Some("/form".to_owned()),
                _ => Some(["/done/", &application].concat()),
            },
            Loaded::Failed(ApiError::WrongState) => Some(["/done/", &application].concat()),
            _ => None,
        });
        if let Some(elsewhere) = elsewhere {
            go.run((elsewhere, true));
        }
    });
    let title = Signal::derive(move || {
        t(if way.get() == Way::Qr {
            key::QR_TITLE
        } else {
            key::SIGN_TITLE
        })
        .to_owned()
    });
    framed(
        title,
        "",
        Some(1),
        show(frozen, again, move |frozen| whole(frozen, way)),
    )
}

fn whole(frozen: Frozen, way: RwSignal<Way>) -> Markup {
    let go = navigator();
    let done = StoredValue::new(["/done/", &frozen.application].concat());
    let on_signed = Callback::new(move |()| go.run((done.get_value(), true)));
    let turn = move |to: Way| {
        way.set(to);
        window::note_hash(if to == Way::Qr { QR } else { "" });
        request_animation_frame(window::to_heading);
    };
    let by_eds = Callback::new(move |()| way.set(Way::Eds));
    let by_qr = Callback::new(move |()| turn(Way::Qr));
    let back = Callback::new(move |()| turn(Way::Choose));
    let from_qr_to_eds = Callback::new(move |()| turn(Way::Eds));
    live(move || {
        let signing = match way.get() {
            Way::Qr => return qr::view(&frozen, on_signed, from_qr_to_eds, back),
            Way::Eds => with_eds(&frozen, on_signed, by_qr, back),
            Way::Choose => choose(by_eds, by_qr),
        };
        division("stack", vec![check(&frozen), signing])
    })
}

/// What is going to be signed.
fn check(frozen: &Frozen) -> Markup {
    let size = frozen.size.div_ceil(1024).to_string();
    let lead = tf(key::SIGN_LEAD, &[("number", &frozen.number)]);
    let person = [
        &frozen.full_name,
        ", ",
        t(key::IIN_SHORT),
        " ",
        &frozen.iin_masked,
    ]
    .concat();
    let more = tag("details")
        .child(tag("summary").text(t(key::MORE)))
        .child(tag("p").text(t(key::SIGN_HASH)))
        .child(tag("p").class("hash").text(&frozen.sha256));
    let open = tf(key::SIGN_DOCUMENT_OPEN, &[("size", &size)]);
    let document = vec![
        links(vec![document_link(frozen.document_path.clone(), open)]),
        more,
    ];
    let who = [t(key::SIGN_APPLICANT), ": ", &person].concat();
    division(
        "stack",
        vec![
            paragraph("", lead),
            block(
                "check-changes",
                t(key::SIGN_CHANGES),
                who,
                vec![division("stack", vec![rows(frozen), unproven(frozen)])],
            ),
            block(
                "check-document",
                t(key::SIGN_DOCUMENT),
                t(key::SIGN_DOCUMENT_SAME).to_owned(),
                vec![division("stack", document)],
            ),
        ],
    )
}

/// Opens the very bytes beside the page, whose state stays.
#[must_use]
pub fn document_link(path: String, words: String) -> Markup {
    tag("a")
        .set("href", &path)
        .set("target", "_blank")
        .set("rel", "external noopener")
        .text(&words)
}

/// New contacts that no code has come back from.
fn unproven(frozen: &Frozen) -> Markup {
    if frozen.unproven.is_empty() {
        return nothing();
    }
    let names: Vec<String> = frozen
        .unproven
        .iter()
        .map(|field| lower_case(t(panel::name(*field))))
        .collect();
    let text = tf(key::SIGN_UNPROVEN, &[("contacts", &names.join(", "))]);
    notice(NoticeKind::Info, "", false, vec![paragraph("", text)])
}

/// Change by change, each with its way back to the form.
fn rows(frozen: &Frozen) -> Markup {
    let keeper = expect_context::<DraftKeeper>();
    let failed = RwSignal::new(None::<ApiError>);
    let go = navigator();
    let application = StoredValue::new(frozen.application.clone());
    let change = Callback::new(move |field: Field| {
        spawn(async move {
            match keeper.thaw(application.get_value()).await {
                Ok(()) => {
                    go.try_run((["/form#", field.id()].concat(), false));
                }
                Err(error) => {
                    let _ = failed.try_set(Some(error));
                }
            }
        });
    });
    let mut all = vec![may_fail(failed, None)];
    all.extend(frozen.changes.iter().map(|one| {
        let (label, _, _, field) = changes::words(one);
        let press = Callback::new(move |()| change.run(field));
        let back = view! {
            <Button kind=ButtonKind::Link on_press=press about=lower_case(t(label))>{t(key::CHANGE_FIELD)}</Button>
        };
        division(
            "check-row",
            vec![changes::list(std::slice::from_ref(one)), back.markup()],
        )
    }));
    division("stack", all)
}

fn choose(by_eds: Callback<()>, by_qr: Callback<()>) -> Markup {
    let phone = eds::is_phone();
    let way = |id: &'static str, kind, words, hint, act: Callback<()>| {
        let button = view! { <Button id=id kind=kind on_press=act>{t(words)}</Button> };
        let hint = paragraph("field__hint", t(hint).to_owned());
        division("", vec![button.markup(), hint])
    };
    let mut ways = Vec::new();
    let mut qr_kind = ButtonKind::Primary;
    let mut inside = Vec::new();
    if phone {
        let why = paragraph("", t(key::EDS_PHONE_SIGN).to_owned());
        inside.push(notice(NoticeKind::Info, "", false, vec![why]));
    } else {
        qr_kind = ButtonKind::Secondary;
        ways.push(way(
            "sign-eds",
            ButtonKind::Primary,
            key::SIGN_EDS,
            key::SIGN_EDS_HINT,
            by_eds,
        ));
    }
    ways.push(way("sign-qr", qr_kind, key::SIGN_QR, key::SIGN_QR_HINT, by_qr));
    inside.push(division("actions", ways));
    block(
        "sign-how",
        t(key::SIGN_HOW),
        String::new(),
        vec![division("stack", inside)],
    )
}

fn with_eds(frozen: &Frozen, on_signed: Callback<()>, by_qr: Callback<()>, back: Callback<()>) -> Markup {
    let calls = inside_calls();
    let session = expect_context::<Session>();
    let eds = Eds::new(Purpose::Document);
    let application = StoredValue::new(frozen.application.clone());
    let document = StoredValue::new(frozen.document_base64.clone());
    let start = Callback::new(move |()| {
        eds.run(
            session,
            move || {
                let document = document.get_value();
                Box::pin(async move { Ok(document) })
            },
            move |cms| {
                let signature = EdsSignature {
                    application: application.get_value(),
                    cms,
                };
                Box::pin(async move {
                    (calls.sign_by_eds)(signature).await?;
                    on_signed.try_run(());
                    Ok(())
                })
            },
        );
    });
    let other = maybe(move || {
        eds.idle().then(|| {
            let ways = vec![
                button(ButtonKind::Secondary, t(key::SIGN_QR), by_qr),
                button(ButtonKind::Link, t(key::BACK), back),
            ];
            division("actions", ways)
        })
    });
    let inside = vec![eds::start(eds, t(key::SIGN_EDS), start), eds::states(eds), other];
    block(
        "sign-how",
        t(key::SIGN_EDS),
        t(key::SIGN_EDS_TEXT).to_owned(),
        vec![division("stack", inside)],
    )
}
