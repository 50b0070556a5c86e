//! The accessibility statement: what a person can set, how it is checked, what isn't ours, and whom to tell.

use super::frame;
use crate::browser::blocks::plain::{block, division, link, links, paragraph, points};
use crate::browser::markup::Markup;
use crate::browser::texts::{key, t};

#[must_use]
pub fn page() -> Markup {
    let none = String::new;
    let prose = |text| paragraph("prose", t(text).to_owned());
    let can = points(
        false,
        vec![
            t(key::ACCESS_CAN_1),
            t(key::ACCESS_CAN_2),
            t(key::ACCESS_CAN_3),
            t(key::ACCESS_CAN_4),
        ],
    );
    let tell = vec![
        prose(key::ACCESS_TELL_TEXT),
        links(vec![
            link("tel:1418".to_owned(), "1418".to_owned(), false),
            link(
                "https://wa.me/77770001418".to_owned(),
                "WhatsApp".to_owned(),
                true,
            ),
        ]),
    ];
    frame(
        t(key::ACCESS_TITLE),
        t(key::ACCESS_LEAD),
        division(
            "stack",
            vec![
                block("can", t(key::ACCESS_CAN), none(), vec![can]),
                block(
                    "how",
                    t(key::ACCESS_HOW),
                    none(),
                    vec![prose(key::ACCESS_HOW_TEXT)],
                ),
                block(
                    "limits",
                    t(key::ACCESS_LIMITS),
                    none(),
                    vec![prose(key::ACCESS_LIMITS_TEXT)],
                ),
                block("tell", t(key::ACCESS_TELL), none(), tell),
            ],
        ),
    )
}
