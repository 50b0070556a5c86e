//! Components in a real browser: what the keyboard and a screen reader meet.
#![cfg(all(target_arch = "wasm32", feature = "csr"))]

use cabinet::browser::components::{
    Button, Checkbox, Choice, Dialog, ErrorSummary, FieldKind, PasswordField, Problem, QrMatrix, RadioCards,
    Select, Tab, TabPanel, Tabs, TextField,
};
use cabinet::browser::markup::{live, tag};
use cabinet::browser::signals::{RwSignal, StoredValue};
use cabinet::domain::json::Json;
use leptos::prelude::*;
use leptos::task::tick;
use leptos::wasm_bindgen::JsCast;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{Element, Event, HtmlElement, HtmlInputElement, HtmlSelectElement};

wasm_bindgen_test_configure!(run_in_browser);

/// A place of its own for each test, taken away at its end.
struct Stage {
    place: HtmlElement,
    _mounted: Box<dyn std::any::Any>,
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.place.remove();
    }
}

fn stage(draw: impl FnOnce() -> AnyView + 'static) -> Stage {
    let place: HtmlElement = document()
        .create_element("div")
        .expect("an element")
        .unchecked_into();
    document()
        .body()
        .expect("a body")
        .append_child(&place)
        .expect("appended");
    let mounted = mount_to(place.clone(), draw);
    Stage {
        place,
        _mounted: Box::new(mounted),
    }
}

fn by_id(id: &str) -> Element {
    document()
        .get_element_by_id(id)
        .unwrap_or_else(|| panic!("no #{id}"))
}

fn input(id: &str) -> HtmlInputElement {
    by_id(id).unchecked_into()
}

fn focused() -> String {
    document()
        .active_element()
        .map(|element| element.id())
        .unwrap_or_default()
}

fn type_into(id: &str, text: &str) {
    input(id).set_value(text);
    input(id)
        .dispatch_event(&Event::new("input").expect("an event"))
        .expect("dispatched");
}

/// web-sys's own constructor of keyboard events is left out of the page's features.
fn press(element: &Element, key: &str) {
    let dispatch = js_sys::Function::new_with_args(
        "element, key",
        "element.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))",
    );
    dispatch
        .call2(&wasm_bindgen::JsValue::NULL, element, &key.into())
        .expect("dispatched");
}

#[wasm_bindgen_test]
async fn a_field_names_its_hint_and_its_error_while_there_is_one() {
    let error = RwSignal::new(String::new());
    let _stage = stage(move || {
        view! {
            <TextField id="t1" kind=FieldKind::Phone label="Телефон" hint="Мысалы, 8 701 234 56 78" error=error value=RwSignal::new(String::new())/>
        }
        .into_any()
    });
    tick().await;
    assert_eq!(
        by_id("t1").get_attribute("aria-describedby").as_deref(),
        Some("t1-hint")
    );
    assert_eq!(by_id("t1").get_attribute("aria-invalid"), None);
    error.set("Нөмірде 11 цифр болуы керек".to_owned());
    tick().await;
    assert_eq!(
        by_id("t1").get_attribute("aria-describedby").as_deref(),
        Some("t1-hint t1-error")
    );
    assert_eq!(by_id("t1").get_attribute("aria-invalid").as_deref(), Some("true"));
    assert_eq!(
        by_id("t1-error").text_content().as_deref(),
        Some("Нөмірде 11 цифр болуы керек")
    );
    error.set(String::new());
    tick().await;
    assert!(document().get_element_by_id("t1-error").is_none());
}

#[wasm_bindgen_test]
async fn a_field_and_its_signal_are_one() {
    let value = RwSignal::new("а".to_owned());
    let _stage = stage(move || view! { <TextField id="t2" label="x" value=value/> }.into_any());
    tick().await;
    assert_eq!(input("t2").value(), "а");
    type_into("t2", "аб");
    assert_eq!(value.get_untracked(), "аб");
    value.set("в".to_owned());
    tick().await;
    assert_eq!(input("t2").value(), "в");
}

#[wasm_bindgen_test]
async fn the_error_summary_takes_the_focus_and_leads_to_the_field() {
    let problems = RwSignal::new(Vec::new());
    let attempt = RwSignal::new(0_u32);
    let _stage = stage(move || {
        view! {
            <ErrorSummary title="Түзету керек" problems=problems attempt=attempt/>
            <TextField id="t3" label="Үй" value=RwSignal::new(String::new())/>
        }
        .into_any()
    });
    tick().await;
    assert!(
        document()
            .query_selector(".error-summary")
            .expect("a selector")
            .is_none()
    );
    problems.set(vec![Problem {
        field: "t3",
        text: "Үй нөмірін жазыңыз".to_owned(),
    }]);
    attempt.set(1);
    tick().await;
    tick().await;
    let summary = document()
        .query_selector(".error-summary")
        .expect("a selector")
        .expect("a summary");
    assert!(
        document()
            .active_element()
            .is_some_and(|active| active == summary)
    );
    let link: HtmlElement = summary
        .query_selector("a")
        .expect("a selector")
        .expect("a link")
        .unchecked_into();
    link.click();
    assert_eq!(focused(), "t3");
}

#[wasm_bindgen_test]
async fn a_button_that_is_not_ready_is_reached_but_does_nothing() {
    let pressed = RwSignal::new(0);
    let inactive = RwSignal::new(true);
    let _stage = stage(move || {
        view! {
            <Button id="b1" inactive=inactive on_press=Callback::new(move |()| pressed.update(|n| *n += 1))>"Қол қою"</Button>
        }
        .into_any()
    });
    tick().await;
    let button: HtmlElement = by_id("b1").unchecked_into();
    button.focus().expect("focusable");
    assert_eq!(focused(), "b1");
    assert_eq!(button.get_attribute("aria-disabled").as_deref(), Some("true"));
    button.click();
    assert_eq!(pressed.get_untracked(), 0);
    inactive.set(false);
    tick().await;
    assert_eq!(button.get_attribute("aria-disabled"), None);
    button.click();
    assert_eq!(pressed.get_untracked(), 1);
}

#[wasm_bindgen_test]
async fn a_select_shows_what_its_signal_holds_also_when_the_choices_come_later() {
    let choices = RwSignal::new(Vec::new());
    let value = RwSignal::new("75".to_owned());
    let _stage =
        stage(move || view! { <Select id="s1" label="Облыс" choices=choices value=value/> }.into_any());
    tick().await;
    choices.set(vec![
        Choice::new("35", "Қарағанды облысы", ""),
        Choice::new("75", "Алматы қаласы", ""),
    ]);
    tick().await;
    tick().await;
    let select: HtmlSelectElement = by_id("s1").unchecked_into();
    assert_eq!(select.value(), "75");
    select.set_value("35");
    select
        .dispatch_event(&Event::new("change").expect("an event"))
        .expect("dispatched");
    assert_eq!(value.get_untracked(), "35");
}

#[wasm_bindgen_test]
async fn a_card_is_chosen_by_its_label() {
    let value = RwSignal::new("id".to_owned());
    let choices = vec![
        Choice::new("id", "Жеке куәлік", "№ 051234567"),
        Choice::new("passport", "Паспорт", ""),
    ];
    let _stage =
        stage(move || view! { <RadioCards id="r1" legend="Құжат" choices=choices value=value/> }.into_any());
    tick().await;
    assert!(input("r1-0").checked());
    assert_eq!(
        input("r1-0").get_attribute("aria-describedby").as_deref(),
        Some("r1-0-note")
    );
    let label: HtmlElement = document()
        .query_selector("label[for='r1-1']")
        .expect("a selector")
        .expect("a label")
        .unchecked_into();
    label.click();
    assert_eq!(value.get_untracked(), "passport");
    tick().await;
    assert!(input("r1-1").checked() && !input("r1-0").checked());
}

#[wasm_bindgen_test]
async fn a_tick_is_kept() {
    let value = RwSignal::new(false);
    let _stage = stage(move || view! { <Checkbox id="c1" value=value>"Келісемін"</Checkbox> }.into_any());
    tick().await;
    input("c1").click();
    assert!(value.get_untracked());
}

#[wasm_bindgen_test]
async fn a_password_is_shown_only_while_asked() {
    let _stage = stage(|| {
        view! { <PasswordField id="p1" label="Пароль" show="Көрсету" hide="Жасыру" value=RwSignal::new("құпия".to_owned())/> }
            .into_any()
    });
    tick().await;
    assert_eq!(input("p1").type_(), "password");
    let button: HtmlElement = document()
        .query_selector("[aria-controls='p1']")
        .expect("a selector")
        .expect("a button")
        .unchecked_into();
    assert_eq!(button.text_content().as_deref(), Some("Көрсету (Пароль)"));
    button.click();
    tick().await;
    assert_eq!(input("p1").type_(), "text");
    assert_eq!(input("p1").value(), "құпия");
    assert_eq!(button.text_content().as_deref(), Some("Жасыру (Пароль)"));
}

#[wasm_bindgen_test]
async fn a_dialog_gives_the_focus_back() {
    let open = RwSignal::new(false);
    let _stage = stage(move || {
        view! {
            <Button id="d-open" on_press=Callback::new(move |()| open.set(true))>"Ашу"</Button>
            <Dialog id="d1" title="Басынан бастайсыз ба?" open=open close="Жабу"><p>"…"</p></Dialog>
        }
        .into_any()
    });
    tick().await;
    let opener: HtmlElement = by_id("d-open").unchecked_into();
    opener.focus().expect("focusable");
    opener.click();
    tick().await;
    assert!(by_id("d1").has_attribute("open"));
    assert!(by_id("d1").contains(document().active_element().as_deref()));
    open.set(false);
    tick().await;
    assert!(!by_id("d1").has_attribute("open"));
    assert_eq!(focused(), "d-open");
}

#[wasm_bindgen_test]
async fn arrows_move_between_tabs() {
    let current = RwSignal::new("one");
    let _stage = stage(move || {
        view! {
            <Tabs label="Қызметтер" tabs=vec![Tab { id: "one", label: "Бір" }, Tab { id: "two", label: "Екі" }] current=current/>
            <TabPanel id="one" current=current>"1"</TabPanel>
            <TabPanel id="two" current=current>"2"</TabPanel>
        }
        .into_any()
    });
    tick().await;
    by_id("one-tab")
        .unchecked_ref::<HtmlElement>()
        .focus()
        .expect("focusable");
    press(&by_id("one-tab"), "ArrowRight");
    tick().await;
    assert_eq!(current.get_untracked(), "two");
    assert_eq!(focused(), "two-tab");
    assert!(by_id("one").has_attribute("hidden") && !by_id("two").has_attribute("hidden"));
}

#[wasm_bindgen_test]
fn a_scanner_reads_the_drawn_code() {
    const LINK: &str = "mobileSign:https://cabinet.example/api/egov-mobile/documents/J2hK0pXvT5mQ3sYb8wZr1A";
    let matrix = QrMatrix::of(LINK).expect("short enough");
    let side = matrix.side() * 4;
    let mut pixels = vec![255_u8; side * side];
    for rectangle in matrix.path().split('M').skip(1) {
        let numbers: Vec<usize> = rectangle
            .split(|c: char| !c.is_ascii_digit())
            .filter_map(|n| n.parse().ok())
            .collect();
        let [x, y, length, ..] = numbers[..] else {
            panic!("not a rectangle: {rectangle}")
        };
        for row in y * 4..(y + 1) * 4 {
            pixels[row * side + x * 4..row * side + (x + length) * 4].fill(0);
        }
    }
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(side, side, |x, y| pixels[y * side + x]);
    let grids = image.detect_grids();
    assert_eq!(grids.len(), 1);
    assert_eq!(grids[0].decode().expect("readable").1, LINK);
    assert_eq!(QrMatrix::of(&"x".repeat(3000)), None);
}

#[wasm_bindgen_test]
async fn what_is_drawn_anew_keeps_the_keyboard_where_it_was() {
    let drawn = RwSignal::new(0_u32);
    let _stage = stage(move || {
        live(move || {
            let count = drawn.get().to_string();
            tag("p").child(tag("input").id("redrawn").set("data-count", &count))
        })
        .view()
    });
    tick().await;
    input("redrawn").focus().expect("focused");
    drawn.set(1);
    tick().await;
    assert_eq!(by_id("redrawn").get_attribute("data-count").as_deref(), Some("1"));
    assert_eq!(focused(), "redrawn");
}

#[wasm_bindgen_test]
async fn what_reacts_ends_with_what_it_belongs_to() {
    let shown = RwSignal::new(true);
    let heard = RwSignal::new(0_u32);
    let runs = StoredValue::new(0_u32);
    let _stage = stage(move || {
        live(move || {
            if !shown.get() {
                return tag("p").id("gone");
            }
            tag("p").id("reacting").live_text(move || {
                runs.update_value(|runs| *runs += 1);
                heard.get().to_string()
            })
        })
        .view()
    });
    tick().await;
    heard.set(7);
    tick().await;
    assert_eq!(by_id("reacting").text_content().as_deref(), Some("7"));
    assert_eq!(runs.get_value(), 2);
    shown.set(false);
    tick().await;
    by_id("gone");
    heard.set(8);
    tick().await;
    assert_eq!(runs.get_value(), 2, "nothing listens for what is gone");
}

#[wasm_bindgen_test]
fn the_browser_reads_json_as_serde_does() {
    let whole =
        Json::parse(r#" {"a":[1,-2.5,true,null,"ә\n\u0456"],"b":{},"c":1795408860000} "#).expect("JSON");
    let list = vec![
        Json::Number(1.0),
        Json::Number(-2.5),
        Json::Bool(true),
        Json::Null,
        Json::Text("ә\nі".to_owned()),
    ];
    assert_eq!(whole.get("a"), Some(&Json::List(list)));
    assert_eq!(whole.get("b"), Some(&Json::Parts(Vec::new())));
    assert_eq!(whole.get("c").and_then(Json::as_whole), Some(1_795_408_860_000));
    for broken in ["", "{", "[1,]", "{a:1}", "'a'", "NaN", "\"cut"] {
        assert_eq!(Json::parse(broken), None, "{broken}");
    }
    assert_eq!(Json::parse(&"[".repeat(5_000)), None);
    let deep = ["[".repeat(200), "]".repeat(200)].concat();
    assert_eq!(Json::parse(&deep), None, "nested deeper than anything of ours");
}
