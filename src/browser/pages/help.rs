//! Help: NCALayer's own windows, the QR, what only a branch changes, the password, and whom to ask.

use super::frame;
use crate::browser::blocks::plain::{block, division, link, links, paragraph};
use crate::browser::blocks::windows;
use crate::browser::markup::{Markup, tag};
use crate::browser::texts::{key, t};
use crate::browser::window;
use leptos::prelude::*;

#[must_use]
pub fn page() -> Markup {
    let away = |href: &str, words: &str| link(href.to_owned(), words.to_owned(), true);
    let prose = |text| paragraph("prose", t(text).to_owned());
    let step = |words, window: Option<Markup>| {
        tag("li")
            .class("instructions__line")
            .child(paragraph("", t(words).to_owned()))
            .maybe(window)
    };
    let steps = vec![
        step(key::HELP_EDS_1, None),
        step(key::HELP_EDS_2, Some(windows::question())),
        step(key::HELP_EDS_3, Some(windows::key_file())),
        step(key::HELP_EDS_4, Some(windows::password())),
    ];
    let eds = vec![
        division("stack", vec![tag("ol").class("instructions").children(steps)]),
        links(vec![
            away("https://ncl.pki.gov.kz/", t(key::EDS_INSTALL)),
            away("https://pki.gov.kz/ncalayer/", t(key::EDS_MANUAL)),
        ]),
    ];
    let contact = vec![
        prose(key::HELP_CONTACT_TEXT),
        links(vec![
            link(
                "tel:1418".to_owned(),
                [t(key::FOOTER_CALL), " 1418"].concat(),
                false,
            ),
            away("https://wa.me/77770001418", "WhatsApp +7 777 000 1418"),
            away("https://www.enpf.kz/", t(key::FOOTER_BRANCH_LINK)),
        ]),
    ];
    // An address may name a block: browsers' own way to «change the password» does. They look for it before it stands.
    request_animation_frame(|| {
        if let Some(block) = document().get_element_by_id(&window::hash()) {
            block.scroll_into_view();
        }
    });
    let none = String::new;
    frame(
        t(key::HELP_TITLE),
        "",
        division(
            "stack",
            vec![
                block("eds", t(key::HELP_EDS), none(), eds),
                block("qr", t(key::HELP_QR), none(), vec![prose(key::HELP_QR_TEXT)]),
                block(
                    "branch",
                    t(key::HELP_WHO),
                    none(),
                    vec![prose(key::HELP_WHO_TEXT)],
                ),
                block(
                    "password",
                    t(key::HELP_PASSWORD),
                    none(),
                    vec![prose(key::HELP_PASSWORD_TEXT)],
                ),
                block("contact", t(key::HELP_CONTACT), none(), contact),
            ],
        ),
    )
}
