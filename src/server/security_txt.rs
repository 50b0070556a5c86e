//! `GET /.well-known/security.txt` (RFC 9116): whom to tell of a weakness of this very service. The operator says it in the
//! settings; without that there is no such file, rather than one that leads nowhere.

use super::Core;
use super::config::Config;
use crate::domain::time::Timestamp;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse as _, Response};
use std::sync::Arc;

/// The address of the file.
pub const PATH: &str = "/.well-known/security.txt";

/// The file is made at each question, so its end always lies ahead; RFC 9116 advises less than a year.
const HOLDS_DAYS: i64 = 180;

pub async fn serve(State(core): State<Arc<Core>>) -> Response {
    match text(&core.config, core.world.now()) {
        Some(text) => ([(CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response(),
        None => (StatusCode::NOT_FOUND, "not found\n").into_response(),
    }
}

fn text(config: &Config, now: Timestamp) -> Option<String> {
    let contact = config.security_contact.as_deref()?;
    let origin = config.origin()?;
    let ends = now.plus_seconds(HOLDS_DAYS * 24 * 3600).date_kz();
    let (year, month, day) = (ends.year(), ends.month(), ends.day());
    Some(format!(
        "Contact: {contact}\nExpires: {year:04}-{month:02}-{day:02}T00:00:00Z\nPreferred-Languages: kk, ru, en\n\
         Canonical: {origin}{PATH}\n"
    ))
}

/// Whether it is an address as the file wants it: `mailto:`, `tel:` or `https://`, on one line.
#[must_use]
pub fn is_contact(address: &str) -> bool {
    let rest = ["mailto:", "tel:", "https://"]
        .iter()
        .find_map(|scheme| address.strip_prefix(scheme));
    rest.is_some_and(|rest| !rest.is_empty())
        && address.chars().all(|c| c.is_ascii_graphic())
        && (!address.starts_with("mailto:") || address.contains('@'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_leads_to_whom_the_operator_names_and_never_ends_in_the_past() {
        let now = Timestamp::parse_rfc3339("2026-11-23T08:00:00Z").unwrap();
        let mut config = Config {
            public_url: "https://cabinet.example".to_owned(),
            ..Config::default()
        };
        assert_eq!(text(&config, now), None);
        config.security_contact = Some("mailto:security@fund.example".to_owned());
        assert_eq!(
            text(&config, now).unwrap(),
            "Contact: mailto:security@fund.example\nExpires: 2027-05-22T00:00:00Z\nPreferred-Languages: kk, ru, en\n\
             Canonical: https://cabinet.example/.well-known/security.txt\n"
        );
    }

    #[test]
    fn a_contact_is_an_address_on_one_line() {
        for good in [
            "mailto:a@fund.example",
            "https://fund.example/report",
            "tel:+77270000000",
        ] {
            assert!(is_contact(good), "{good}");
        }
        for bad in [
            "a@fund.example",
            "mailto:",
            "mailto:somebody",
            "http://fund.example/",
            "mailto:a@fund.example\nExpires: 1999-01-01T00:00:00Z",
        ] {
            assert!(!is_contact(bad), "{bad}");
        }
    }
}
