//! Moving the focus, as GOV.UK's error summary does: the field gets it, its label comes into view with it.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, HtmlElement};

/// Focuses the element with this id. `false` when there is none.
pub fn focus_id(id: &str) -> bool {
    let element = document()
        .get_element_by_id(id)
        .and_then(|element| element.dyn_into::<HtmlElement>().ok());
    element.is_some_and(|element| element.focus().is_ok())
}

/// Focuses a field and brings its label (or the legend of its group) into view, so that the person sees what is asked.
/// `id` may also be that of a group of radio buttons, whose buttons are `id-0`, `id-1` and so on.
pub fn focus_field(id: &str) {
    let first_of_group = format!("{id}-0");
    let Some(target) = [id, first_of_group.as_str()].into_iter().find_map(focusable) else {
        return;
    };
    let _ = target.focus();
    if let Some(words) = words_of(&target) {
        words.scroll_into_view();
    }
}

fn focusable(id: &str) -> Option<HtmlElement> {
    let element = document().get_element_by_id(id)?;
    let can = matches!(
        element.tag_name().as_str(),
        "INPUT" | "SELECT" | "TEXTAREA" | "BUTTON" | "A"
    ) || element.has_attribute("tabindex");
    if can { element.dyn_into().ok() } else { None }
}

/// The legend, when the field stands so near below it that both fit on the screen; else the field's label.
fn words_of(field: &Element) -> Option<Element> {
    let legend = field
        .closest("fieldset")
        .ok()?
        .and_then(|group| group.query_selector("legend").ok()?);
    if let Some(legend) = legend {
        let window = window()
            .inner_height()
            .ok()
            .and_then(|height| height.as_f64())
            .unwrap_or(0.0);
        let distance = field.get_bounding_client_rect().bottom() - legend.get_bounding_client_rect().top();
        if window == 0.0 || distance < window / 2.0 {
            return Some(legend);
        }
    }
    let label = document().get_element_by_id(&format!("{}-label", field.id()));
    label
        .or_else(|| field.closest("label").ok()?)
        .or_else(|| Some(field.clone()))
}
