//! A table that becomes a list of cards on a phone, each value under its column's name.

#[cfg(feature = "preview")]
pub mod stories;

use crate::browser::markup::{Markup, all, live, maybe, tag};
use crate::browser::signals::Signal;
use leptos::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cell {
    pub text: String,
    /// Empty for plain text.
    pub href: String,
    /// A link behind the text: words and address.
    pub next: Option<(&'static str, String)>,
    /// Files to open or to keep: words and path each.
    pub files: Vec<(&'static str, String)>,
}

impl Cell {
    pub fn text(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            ..Self::default()
        }
    }

    pub fn link(text: impl Into<String>, href: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            href: href.into(),
            ..Self::default()
        }
    }

    /// With a link behind it.
    #[must_use]
    pub fn and(mut self, words: &'static str, href: String) -> Self {
        self.next = Some((words, href));
        self
    }

    /// Those without a path are left out.
    pub fn files(mut files: Vec<(&'static str, String)>) -> Self {
        files.retain(|(_, path)| !path.is_empty());
        Self {
            files,
            ..Self::default()
        }
    }
}

/// Opens a file of the server beside the page, whose state stays; an archive is kept. `about` is said by screen readers.
#[must_use]
pub fn file_link(words: &str, path: &str, about: &str) -> Markup {
    let link = tag("a").set("href", path).set("rel", "external noopener");
    let link = if path.ends_with(".zip") {
        link.set("download", "")
    } else {
        link.set("target", "_blank")
    };
    let about =
        (!about.is_empty()).then(|| tag("span").class("visually-hidden").text(&[" ", about].concat()));
    link.text(words).maybe(about)
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
    let heads = columns
        .iter()
        .map(|name| {
            tag("th")
                .set("scope", "col")
                .set("role", "columnheader")
                .text(name)
        })
        .collect();
    let row = move |cells: Vec<Cell>| {
        let names = columns.iter().copied().chain(std::iter::repeat(""));
        let heading = cells.first().map(|cell| cell.text.clone()).unwrap_or_default();
        let cells = cells.iter().zip(names).enumerate();
        tag("tr").set("role", "row").children(
            cells
                .map(|(index, (cell, name))| cell.drawn(index == 0, name, &heading))
                .collect(),
        )
    };
    let empty = maybe(move || {
        (rows.with(Vec::is_empty) && !empty.is_empty()).then(|| tag("p").class("table__empty").text(&empty))
    });
    let body = live(move || all(rows.get().into_iter().map(&row).collect()));
    let caption = tag("caption")
        .class("table__caption")
        .with_class("visually-hidden", hide_caption)
        .text(&caption);
    // The roles are the elements' own: said again because a changed `display` (cards on a phone) would take them away.
    let table = tag("table")
        .class("table")
        .set("role", "table")
        .live_flag("hidden", move || rows.with(Vec::is_empty))
        .child(caption)
        .child(
            tag("thead")
                .set("role", "rowgroup")
                .child(tag("tr").set("role", "row").children(heads)),
        )
        .child(tag("tbody").set("role", "rowgroup").child(body));
    all(vec![empty, table]).view()
}

impl Cell {
    fn drawn(&self, heading: bool, column: &str, row: &str) -> Markup {
        let cell = if heading {
            tag("th").set("scope", "row").set("role", "rowheader")
        } else {
            tag("td").set("role", "cell")
        };
        let mut cell = cell.set("data-column", column);
        for (index, (words, path)) in self.files.iter().enumerate() {
            if index > 0 {
                cell = cell.text(", ");
            }
            cell = cell.child(file_link(words, path, row));
        }
        if let Some((words, href)) = &self.next {
            let about = tag("span").class("visually-hidden").text(&[" ", row].concat());
            let next = tag("a").set("href", href).text(words).child(about);
            return cell.text(&self.text).text(". ").child(next);
        }
        if self.href.is_empty() {
            cell.text(&self.text)
        } else {
            cell.child(tag("a").set("href", &self.href).text(&self.text))
        }
    }
}
