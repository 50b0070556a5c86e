//! The start page: what the service is, when it may be used (the guide's four conditions), what can be changed, and the two
//! ways to sign in.

use super::frame;
use crate::browser::blocks::plain::{block, division, paragraph, points};
use crate::browser::blocks::trouble::way;
use crate::browser::components::ButtonKind;
use crate::browser::markup::{Markup, live};
use crate::browser::session::Session;
use crate::browser::texts::{key, t};
use leptos::prelude::*;

#[must_use]
pub fn page() -> Markup {
    let session = expect_context::<Session>();
    let ways = live(move || {
        let ways = if session.identity.with(Option::is_some) {
            vec![way(
                "/services".to_owned(),
                t(key::START_CONTINUE),
                ButtonKind::Primary,
            )]
        } else {
            vec![
                way("/sign-in#eds".to_owned(), t(key::WAY_EDS), ButtonKind::Primary),
                way(
                    "/sign-in#iin".to_owned(),
                    t(key::WAY_PASSWORD),
                    ButtonKind::Secondary,
                ),
            ]
        };
        division("actions", ways)
    });
    let none = String::new;
    frame(
        t(key::START_TITLE),
        t(key::START_LEAD),
        division(
            "stack",
            vec![
                block("ways", t(key::START_WAYS), none(), vec![ways]),
                block(
                    "what",
                    t(key::START_WHAT),
                    none(),
                    vec![points(
                        false,
                        vec![t(key::START_WHAT_ADDRESS), t(key::START_WHAT_PHONES)],
                    )],
                ),
                block(
                    "when",
                    t(key::START_WHEN),
                    t(key::START_OFFICIAL).to_owned(),
                    vec![points(
                        true,
                        vec![
                            t(key::START_WHEN_1),
                            t(key::START_WHEN_2),
                            t(key::START_WHEN_3),
                            t(key::START_WHEN_4),
                        ],
                    )],
                ),
                block(
                    "always",
                    t(key::START_ALWAYS),
                    t(key::START_EXCEPT).to_owned(),
                    vec![paragraph("prose", t(key::START_DUTY).to_owned())],
                ),
            ],
        ),
    )
}
