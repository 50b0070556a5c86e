//! What can't be changed here, read as text; and the list of answers with a way back to each.

#[cfg(feature = "preview")]
pub mod stories;

use crate::browser::markup::{all, live, tag};
use crate::browser::signals::Signal;
use leptos::prelude::*;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    pub label: String,
    pub value: String,
}

impl Fact {
    pub fn new(label: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            value: value.into(),
        }
    }
}

/// A value of more characters gets a line of its own.
const SHORT: usize = 20;

/// `<Facts facts=document_facts/>`: labels over values, in columns as the width allows.
#[component]
pub fn Facts(#[prop(into)] facts: Signal<Vec<Fact>>) -> impl IntoView {
    let fact = |Fact { label, value }: Fact| {
        let long = value.chars().count() > SHORT;
        tag("div")
            .class("facts__fact")
            .with_class("facts__fact--long", long)
            .child(tag("dt").text(&label))
            .child(tag("dd").text(&value))
    };
    let facts = live(move || all(facts.get().into_iter().map(fact).collect()));
    tag("dl").class("facts").child(facts).view()
}

/// One answer in a [`SummaryList`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SummaryRow {
    pub label: String,
    /// Several lines are parted by `\n`.
    pub value: String,
    /// Where it can be changed; empty when it can't.
    pub href: String,
}

/// `<SummaryList rows=answers change=t(key::CHANGE)/>`: a line per answer with a link «Өзгерту».
#[component]
pub fn SummaryList(
    #[prop(into)] rows: Signal<Vec<SummaryRow>>,
    /// The link's word; a screen reader hears the label after it.
    #[prop(optional)]
    change: &'static str,
) -> impl IntoView {
    let row = move |SummaryRow { label, value, href }: SummaryRow| {
        let action = (!href.is_empty()).then(|| {
            let about = tag("span")
                .class("visually-hidden")
                .text(&[" (", &label, ")"].concat());
            let link = tag("a").set("href", &href).text(change).child(about);
            tag("dd").class("summary__action").child(link)
        });
        tag("div")
            .class("summary__row")
            .child(tag("dt").text(&label))
            .child(tag("dd").class("summary__value").text(&value))
            .maybe(action)
    };
    let rows = live(move || all(rows.get().into_iter().map(row).collect()));
    tag("dl").class("summary").child(rows).view()
}
