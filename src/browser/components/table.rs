//! A table that becomes a list of cards on a phone, each value under its column's name.

#[cfg(feature = "preview")]
pub mod stories;

use leptos::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cell {
    pub text: String,
    /// Empty for plain text.
    pub href: String,
}

impl Cell {
    pub fn text(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            href: String::new(),
        }
    }

    pub fn link(text: impl Into<String>, href: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            href: href.into(),
        }
    }
}

/// `<Table caption=t(key::APPLICATIONS) columns=vec![…] rows=rows/>`; the first cell of a row is its heading.
#[component]
pub fn Table(
    #[prop(into)] caption: String,
    /// The heading above says the same: the caption is for screen readers only.
    #[prop(optional)]
    hide_caption: bool,
    columns: Vec<&'static str>,
    #[prop(into)] rows: Signal<Vec<Vec<Cell>>>,
    /// Shown while there are no rows.
    #[prop(optional, into)]
    empty: String,
) -> impl IntoView {
    let names = StoredValue::new(columns.clone());
    let content = |Cell { text, href }: Cell| {
        if href.is_empty() {
            text.into_any()
        } else {
            view! { <a href=href>{text}</a> }.into_any()
        }
    };
    let cell = move |(index, cell): (usize, Cell)| {
        let name = names.with_value(|names| names.get(index).copied().unwrap_or_default());
        if index == 0 {
            view! { <th scope="row" role="rowheader" data-column=name>{content(cell)}</th> }.into_any()
        } else {
            view! { <td role="cell" data-column=name>{content(cell)}</td> }.into_any()
        }
    };
    let row = move |cells: Vec<Cell>| {
        view! { <tr role="row">{cells.into_iter().enumerate().map(cell).collect_view()}</tr> }
    };
    // The roles are the elements' own: said again because a changed `display` (cards on a phone) would take them away.
    view! {
        {move || {
            (rows.with(Vec::is_empty) && !empty.is_empty()).then(|| view! { <p class="table__empty">{empty.clone()}</p> })
        }}
        <table class="table" role="table" hidden=move || rows.with(Vec::is_empty)>
            <caption class="table__caption" class:visually-hidden=hide_caption>{caption}</caption>
            <thead role="rowgroup">
                <tr role="row">
                    {columns
                        .into_iter()
                        .map(|name| view! { <th scope="col" role="columnheader">{name}</th> })
                        .collect_view()}
                </tr>
            </thead>
            <tbody role="rowgroup">{move || rows.get().into_iter().map(row).collect_view()}</tbody>
        </table>
    }
}
