//! The public check: whoever holds a receipt's code or a bundle of evidence sees whether it is genuine. The code comes behind
//! `#` of the QR's link, or is typed; the bundle is chosen or dropped.

use super::applications::state;
use super::frame;
use crate::api::checks::{CheckAnswer, Genuine, LARGEST_BUNDLE, ReceiptCode};
use crate::browser::blocks::plain::{block, division, notice, paragraph};
use crate::browser::blocks::trouble::{Loaded, api_trouble, skeleton};
use crate::browser::calls::{Answer, room_calls};
use crate::browser::components::{Button, Fact, Facts, NoticeKind, TextField, focus_field};
use crate::browser::markup::{IntoMarkup, Markup, live, nothing, tag};
use crate::browser::signals::{RwSignal, spawn};
use crate::browser::texts::{date, key, t};
use crate::browser::window;
use crate::domain::time::Timestamp;
use js_sys::Reflect;
use leptos::prelude::*;
use wasm_bindgen::JsValue;

/// What was looked for, and what came of it.
type Checked = RwSignal<Option<Loaded<CheckAnswer>>>;

#[must_use]
pub fn page() -> Markup {
    let checked: Checked = RwSignal::new(None);
    let calls = room_calls();
    let code = RwSignal::new(window::hash());
    let error = RwSignal::new(String::new());
    let look = move || {
        if code.with_untracked(|code| code.trim().is_empty()) {
            error.set(t(key::CHECK_CODE_MISSING).to_owned());
            focus_field("code");
            return;
        }
        let code = code.get_untracked();
        ask(checked, (calls.check_code)(ReceiptCode { code }));
    };
    if !code.with_untracked(String::is_empty) {
        look();
    }
    let field = view! {
        <TextField
            id="code"
            label=t(key::CHECK_CODE)
            hint=t(key::CHECK_CODE_HINT)
            value=code
            error=error
            on_type=Callback::new(move |()| error.set(String::new()))
        />
    };
    let button = view! { <Button submit=true>{t(key::CHECK_BUTTON)}</Button> };
    let form = tag("form")
        .class("fields")
        .set("novalidate", "")
        .on("submit", move |event| {
            event.prevent_default();
            look();
        })
        .child(field.markup())
        .child(division("actions", vec![button.markup()]));
    let bundle = move |file: JsValue| {
        let size = Reflect::get(&file, &"size".into())
            .ok()
            .and_then(|size| size.as_f64());
        if size.is_none_or(|size| size > LARGEST_BUNDLE as f64) {
            checked.set(Some(Loaded::Ready(CheckAnswer { genuine: None })));
        } else {
            ask(checked, (calls.check_bundle)(file));
        }
    };
    let blocks = vec![
        block("by-code", t(key::CHECK_BY_CODE), String::new(), vec![form]),
        block(
            "by-bundle",
            t(key::CHECK_BY_BUNDLE),
            t(key::CHECK_BUNDLE_TEXT).to_owned(),
            vec![place_for_a_file(bundle)],
        ),
        result(checked),
    ];
    frame(t(key::CHECK_TITLE), t(key::CHECK_LEAD), division("stack", blocks))
}

fn ask(checked: Checked, answer: Answer<CheckAnswer>) {
    checked.set(Some(Loaded::Waiting));
    spawn(async move {
        let loaded = match answer.await {
            Ok(answer) => Loaded::Ready(answer),
            Err(error) => Loaded::Failed(error),
        };
        let _ = checked.try_set(Some(loaded));
    });
}

/// Takes the first file that is chosen or dropped.
fn place_for_a_file(take: impl Fn(JsValue) + Copy + 'static) -> Markup {
    let first = |of: &JsValue| {
        let files = Reflect::get(of, &"files".into()).ok()?;
        Reflect::get(&files, &0.into()).ok().filter(JsValue::is_object)
    };
    let input = tag("input")
        .set("type", "file")
        .set("accept", ".zip,application/zip")
        .id("bundle")
        .on("change", move |event| {
            if let Some(file) = event.target().and_then(|input| first(&input)) {
                take(file);
            }
        });
    tag("div")
        .class("drop")
        .on("dragover", |event| event.prevent_default())
        .on("drop", move |event| {
            event.prevent_default();
            let dropped = Reflect::get(&event, &"dataTransfer".into()).unwrap_or_default();
            if let Some(file) = first(&dropped) {
                take(file);
            }
        })
        .child(tag("label").set("for", "bundle").text(t(key::CHECK_BUNDLE)))
        .child(input)
}

fn result(checked: Checked) -> Markup {
    let place = live(move || match checked.get() {
        None => nothing(),
        Some(Loaded::Waiting) => skeleton(3),
        Some(Loaded::Failed(error)) => api_trouble(&error, None),
        Some(Loaded::Ready(CheckAnswer { genuine: None })) => notice(
            NoticeKind::Error,
            t(key::CHECK_FALSE),
            true,
            vec![paragraph("", t(key::CHECK_FALSE_TEXT).to_owned())],
        ),
        Some(Loaded::Ready(CheckAnswer { genuine: Some(found) })) => genuine(found),
    });
    tag("div").id("result").set("aria-live", "polite").child(place)
}

fn genuine(found: Genuine) -> Markup {
    let moment = |at: Timestamp| [&date(at.date_kz()), ", ", &at.clock_kz()].concat();
    let facts = vec![
        Fact::new(t(key::DONE_NUMBER), found.number),
        Fact::new(t(key::DONE_TIME), moment(found.signed_at)),
        Fact::new(t(key::DONE_STATE), t(state(found.state))),
        Fact::new(t(key::CHECK_STATE_AT), moment(found.state_at)),
        Fact::new(t(key::CHECK_SHA256), found.sha256),
    ];
    division(
        "stack",
        vec![
            notice(
                NoticeKind::Success,
                t(key::CHECK_TRUE),
                true,
                vec![paragraph("", t(key::CHECK_TRUE_TEXT).to_owned())],
            ),
            view! { <Facts facts=facts/> }.markup(),
        ],
    )
}
