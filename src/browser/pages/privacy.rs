//! Privacy and cookies: which data, by whom, what the person may ask for, and what the browser keeps.

use super::frame;
use crate::browser::blocks::plain::{block, division, paragraph, points};
use crate::browser::markup::Markup;
use crate::browser::texts::{key, t};

#[must_use]
pub fn page() -> Markup {
    let none = String::new;
    let lines = |keys: &[_]| points(false, keys.iter().map(|text| t(*text)).collect());
    let data = [key::PRIVACY_DATA_1, key::PRIVACY_DATA_2, key::PRIVACY_DATA_3];
    let rights = [
        key::PRIVACY_RIGHTS_1,
        key::PRIVACY_RIGHTS_2,
        key::PRIVACY_RIGHTS_3,
    ];
    let cookies = [
        key::PRIVACY_COOKIE_SESSION,
        key::PRIVACY_COOKIE_PRE_LOGIN,
        key::PRIVACY_COOKIE_CODE,
        key::PRIVACY_COOKIE_DEVICE,
        key::PRIVACY_COOKIE_CHOICE,
        key::PRIVACY_COOKIE_WORKS,
    ];
    let who = paragraph("prose", t(key::PRIVACY_WHO_TEXT).to_owned());
    frame(
        t(key::PRIVACY_TITLE),
        t(key::PRIVACY_LEAD),
        division(
            "stack",
            vec![
                block("data", t(key::PRIVACY_DATA), none(), vec![lines(&data)]),
                block("who", t(key::PRIVACY_WHO), none(), vec![who]),
                block("rights", t(key::PRIVACY_RIGHTS), none(), vec![lines(&rights)]),
                block(
                    "cookies",
                    t(key::PRIVACY_COOKIES),
                    t(key::PRIVACY_COOKIES_TEXT).to_owned(),
                    vec![lines(&cookies)],
                ),
            ],
        ),
    )
}
