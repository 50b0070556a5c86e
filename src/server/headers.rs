//! The headers every answer carries, errors and files included (ASVS 5.0, chapter 3.4). A room that must say otherwise
//! sets the header itself; what is there already stays.

use super::config::Config;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// For everything that is no page: nothing may be loaded, framed or sent from it.
const NOTHING: &str = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const ALWAYS: [(HeaderName, &str); 7] = [
    (CONTENT_SECURITY_POLICY, NOTHING),
    (REFERRER_POLICY, "no-referrer"),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (CACHE_CONTROL, "no-store"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
    // Our own page, and nobody in a frame, may ask to reach NCALayer on this machine.
    (
        HeaderName::from_static("permissions-policy"),
        "loopback-network=(self), local-network=(), camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    ),
];

/// Which build of the page the server speaks for: `20261129T174500-3fa9c2d1`, the moment it was built in UTC and a hash of
/// its files' names. Later builds are greater as text. The page compares it with its own (`browser::update`).
pub const BUILD: HeaderName = HeaderName::from_static("cabinet-build");

/// Two years, as the preload list wants it.
const HSTS: &str = "max-age=63072000; includeSubDomains";

/// Puts on what isn't there.
pub fn put(headers: &mut HeaderMap, config: &Config) {
    for (name, value) in ALWAYS {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if config.is_https() {
        headers
            .entry(STRICT_TRANSPORT_SECURITY)
            .or_insert(HeaderValue::from_static(HSTS));
    }
}

/// The policy of a page: its own files, the inline scripts and styles it was built with (by hash), WASM, and NCALayer at
/// these origins.
#[must_use]
pub fn page_policy(html: &str, agents: &[String]) -> String {
    let hashes = |element: &str| -> String {
        inline(html, element)
            .map(|text| {
                let hash = super::world::sha256(text);
                format!(" 'sha256-{}'", STANDARD.encode(hash))
            })
            .collect()
    };
    let agents: String = agents.iter().map(|origin| format!(" {origin}")).collect();
    [
        "default-src 'none'".to_owned(),
        "base-uri 'none'".to_owned(),
        "object-src 'none'".to_owned(),
        "frame-src 'none'".to_owned(),
        "frame-ancestors 'none'".to_owned(),
        "form-action 'self'".to_owned(),
        format!("script-src 'self' 'wasm-unsafe-eval'{}", hashes("script")),
        format!("style-src 'self'{}", hashes("style")),
        "img-src 'self' data:".to_owned(),
        "font-src 'self'".to_owned(),
        "manifest-src 'self'".to_owned(),
        format!("connect-src 'self'{agents}"),
    ]
    .join("; ")
}

/// The texts inside elements of this name that don't point elsewhere by `src`.
fn inline<'h>(html: &'h str, element: &str) -> impl Iterator<Item = &'h str> {
    let opening = format!("<{element}");
    let closing = format!("</{element}>");
    let mut rest = html;
    std::iter::from_fn(move || {
        loop {
            let (_, after) = rest.split_once(opening.as_str())?;
            let (attributes, after) = after.split_once('>')?;
            let (text, after) = after.split_once(closing.as_str())?;
            rest = after;
            let own_element = attributes.is_empty() || attributes.starts_with(char::is_whitespace);
            let elsewhere = attributes
                .split_whitespace()
                .any(|attribute| attribute.starts_with("src="));
            if own_element && !elsewhere {
                return Some(text);
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inline_scripts_are_let_run_by_their_hash_and_others_are_not_named() {
        let html = "<style>a{}</style><script src=\"/a.js\"></script><script type=module>alert(1)</script>";
        let policy = page_policy(html, &["wss://127.0.0.1:13579".to_owned()]);
        // echo -n 'alert(1)' | openssl dgst -sha256 -binary | base64
        assert!(
            policy.contains(
                "script-src 'self' 'wasm-unsafe-eval' 'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI=';"
            ),
            "{policy}"
        );
        assert_eq!(policy.matches("sha256-").count(), 2, "one script, one style");
        assert!(policy.ends_with("connect-src 'self' wss://127.0.0.1:13579"));
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"));
    }
}
