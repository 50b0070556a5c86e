//! Whether a question comes from our own page. Leptos' server functions look at nothing of this, so it is judged before
//! they run: by `Sec-Fetch-Site`, which no page can forge, or else by `Origin` (ASVS 5.0, 3.5.1–3.5.3). A request with
//! neither is no browser of today and is refused.

use axum::http::HeaderMap;
use axum::http::header::{ACCEPT, CONTENT_TYPE, ORIGIN};

/// What is wrong with the headers of a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    CrossSite,
    /// Not JSON, or somebody who wants HTML back: a form, not our page.
    NotJson,
}

/// Judges a question to the page's side of the API.
///
/// # Errors
/// [`Fault`].
pub fn judge(headers: &HeaderMap, own_origin: &str) -> Result<(), Fault> {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    let same_origin = match (text("sec-fetch-site"), text(ORIGIN.as_str())) {
        (Some(site), _) => site == "same-origin",
        (None, Some(origin)) => origin == own_origin,
        (None, None) => false,
    };
    if !same_origin || headers.get_all("sec-fetch-site").iter().count() > 1 {
        return Err(Fault::CrossSite);
    }
    let json = text(CONTENT_TYPE.as_str()).is_some_and(|kind| {
        let essence = kind.split(';').next().unwrap_or_default().trim();
        essence.eq_ignore_ascii_case("application/json")
    });
    // The handler behind would send such a caller back to whatever `Referer` says.
    let wants_html = headers
        .get_all(ACCEPT)
        .iter()
        .any(|value| value.to_str().map_or(true, |accept| accept.contains("text/html")));
    if !json || wants_html {
        return Err(Fault::NotJson);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderName;

    fn judged(pairs: &[(&str, &str)]) -> Result<(), Fault> {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, "application/json".parse().unwrap());
        for (name, value) in pairs {
            let name: HeaderName = name.parse().unwrap();
            headers.insert(name, value.parse().unwrap());
        }
        judge(&headers, "https://cabinet.example")
    }

    #[test]
    fn our_own_page_is_let_in_by_either_header() {
        assert_eq!(judged(&[("sec-fetch-site", "same-origin")]), Ok(()));
        assert_eq!(judged(&[("origin", "https://cabinet.example")]), Ok(()));
    }

    #[test]
    fn other_sites_and_unknown_callers_are_not() {
        for pairs in [
            &[][..],
            &[
                ("sec-fetch-site", "cross-site"),
                ("origin", "https://cabinet.example"),
            ],
            &[("sec-fetch-site", "same-site")],
            &[("sec-fetch-site", "none")],
            &[("origin", "https://cabinet.example.evil.example")],
            &[("origin", "http://cabinet.example")],
            &[("origin", "null")],
        ] {
            assert_eq!(judged(pairs), Err(Fault::CrossSite), "{pairs:?}");
        }
    }

    #[test]
    fn forms_are_no_questions() {
        let own = ("sec-fetch-site", "same-origin");
        for pair in [
            ("content-type", "text/plain"),
            ("content-type", "application/x-www-form-urlencoded"),
            ("content-type", "application/jsonp"),
            ("accept", "application/json, text/html"),
        ] {
            assert_eq!(judged(&[own, pair]), Err(Fault::NotJson), "{pair:?}");
        }
        assert_eq!(
            judged(&[own, ("content-type", "Application/JSON; charset=utf-8")]),
            Ok(())
        );
    }
}
