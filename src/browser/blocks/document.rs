//! «Жеке басты куәландыратын құжат»: read-only, from GBD FL; a choice when several are valid; a notice when signing will
//! overwrite what the Fund holds.

use super::changes;
use super::plain::{notice, paragraph};
use crate::browser::components::{Block, Choice, Fact, Facts, NoticeKind, RadioCards};
use crate::browser::draft::DraftKeeper;
use crate::browser::form::Checked;
use crate::browser::markup::{IntoMarkup, Markup, all, maybe, nothing};
use crate::browser::session::Session;
use crate::browser::signals::{Memo, Signal};
use crate::browser::texts::{date, key, lang, moment, t, tf};
use crate::domain::form::{Field, Known};
use crate::domain::identity_document::IdentityDocument;
use crate::domain::time::Timestamp;
use leptos::prelude::*;

#[must_use]
pub fn view(keeper: DraftKeeper, checked: Checked, known: &Known, read_at: Timestamp) -> Markup {
    let session = expect_context::<Session>();
    let documents = known.documents.clone();
    let held = known.current.document.clone();
    let number = keeper.fields.document;
    let many = documents.len() > 1;
    let choices: Vec<Choice> = documents
        .iter()
        .map(|document| {
            let note = [&changes::number(document), " · ", &changes::until(document)].concat();
            Choice::new(document.number.clone(), changes::kind(&document.kind), note)
        })
        .collect();
    let chosen = Memo::new(move |_| {
        number.with(|number| {
            documents
                .iter()
                .find(|document| document.number == *number)
                .cloned()
        })
    });
    let stamp = if read_at.date_kz() == session.now().date_kz() {
        tf(key::DOCUMENT_TODAY, &[("time", &read_at.clock_kz())])
    } else {
        moment(key::DOCUMENT_READ, read_at)
    };
    let facts = Signal::derive(move || {
        chosen.with(|document| document.as_ref().map(|d| facts(d, many)).unwrap_or_default())
    });
    let difference = maybe(move || {
        let document = chosen.get()?;
        let text = match &held {
            Some(held) if *held == document => return None,
            Some(held) => tf(key::DOCUMENT_DIFFERS, &[("number", &changes::number(held))]),
            None => t(key::DOCUMENT_FIRST).to_owned(),
        };
        Some(notice(NoticeKind::Warning, "", false, vec![paragraph("", text)]))
    });
    let choice = if many {
        view! {
            <RadioCards
                id="document"
                legend=t(key::BLOCK_DOCUMENT)
                hide_legend=true
                choices=choices
                value=number
                error=checked.error(Field::Document)
                on_choose=checked.typed(Field::Document)
            />
        }
        .markup()
    } else {
        nothing()
    };
    let why = if many {
        key::BLOCK_DOCUMENT_MANY
    } else {
        key::BLOCK_DOCUMENT_ONE
    };
    let facts = view! { <Facts facts=facts/> };
    let inside = all(vec![choice, facts.markup(), difference]).view();
    view! {
        <Block id="block-document" title=t(key::BLOCK_DOCUMENT) why=t(why).to_owned() stamp=stamp>
            {inside}
        </Block>
    }
    .markup()
}

fn facts(document: &IdentityDocument, kind_stands_above: bool) -> Vec<Fact> {
    let mut facts = Vec::new();
    if !kind_stands_above {
        facts.push(Fact::new(t(key::DOCUMENT_KIND), changes::kind(&document.kind)));
    }
    if let Some(series) = document.series.as_deref().filter(|series| !series.is_empty()) {
        facts.push(Fact::new(t(key::DOCUMENT_SERIES), series));
    }
    facts.push(Fact::new(t(key::DOCUMENT_NUMBER), document.number.clone()));
    facts.push(Fact::new(t(key::DOCUMENT_ISSUED), date(document.issued_on)));
    let until = document
        .valid_until
        .map_or_else(|| t(key::DOCUMENT_NO_END).to_owned(), date);
    facts.push(Fact::new(t(key::DOCUMENT_UNTIL), until));
    facts.push(Fact::new(t(key::DOCUMENT_BY), document.issued_by.name(lang())));
    facts
}
