//! The page's shell: one HTML per language, painted before WASM is there. Which language: the address (`?lang=`), the
//! cookie, what the browser prefers, Kazakh.

use super::config::Config;
use super::cookies;
use super::headers::page_policy;
use super::static_files::Content;
use crate::domain::lang::Lang;
use axum::http::header::{ACCEPT_LANGUAGE, CONTENT_SECURITY_POLICY, SET_COOKIE, VARY};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::response::Response;
use std::collections::BTreeMap;

/// The page's addresses where the first of its three programs stands, the way in. Its shell is sent for unknown addresses
/// too, so that the page can say in the person's language that there is nothing, but with status 404.
pub const DOOR: &[&str] = &[
    "/",
    "/sign-in",
    "/register",
    "/reset",
    "/help",
    "/privacy",
    "/accessibility",
];

/// Those of the second, the room of a person signed in; `{}` stands for one step.
pub const ROOM: &[&str] = &[
    "/settings",
    "/record",
    "/services",
    "/consent",
    "/check",
    "/suspend",
    "/done/{}",
    "/applications",
];

/// Those of the third, the form and its signature.
pub const INSIDE: &[&str] = &["/form", "/sign/{}"];

/// Where the page always looks for NCALayer.
const AGENT: &str = "wss://127.0.0.1:13579/";
/// A choice of language is remembered for a year. The page reads and writes this cookie too.
const LANG_COOKIE: &str = "lang";
const YEAR_SECONDS: u32 = 365 * 24 * 3600;

pub struct Shells {
    door: [Shell; 3],
    room: [Shell; 3],
    inside: [Shell; 3],
}

struct Shell {
    content: Content,
    policy: HeaderValue,
}

impl Shells {
    /// Takes the shells out of the page's files: `door.kk.html`, `room.kk.html` and `index.kk.html`, and so on for each language.
    ///
    /// # Errors
    /// Which file is missing or no text.
    pub fn take(files: &mut BTreeMap<String, Content>, config: &Config) -> Result<Self, String> {
        let mut take = |program: &str, lang: Lang| -> Result<Shell, String> {
            let name = format!("{program}.{}.html", lang.tag());
            let content = files
                .remove(&name)
                .ok_or_else(|| format!("{name} is missing; has the page been built?"))?;
            let content = with_agent(content, config);
            let html = content.text().ok_or_else(|| format!("{name} isn't UTF-8"))?;
            let policy = page_policy(html, &agents(config));
            let policy = HeaderValue::from_str(&policy).map_err(|_| format!("{name} gives no policy"))?;
            Ok(Shell { content, policy })
        };
        let mut three = |program: &str| -> Result<[Shell; 3], String> {
            Ok([
                take(program, Lang::Kk)?,
                take(program, Lang::Ru)?,
                take(program, Lang::En)?,
            ])
        };
        Ok(Self {
            door: three("door")?,
            room: three("room")?,
            inside: three("index")?,
        })
    }

    /// The shell for this address.
    #[must_use]
    pub fn respond(&self, uri: &Uri, headers: &HeaderMap, config: &Config) -> Response {
        let (shells, status) = if is_among(INSIDE, uri.path()) {
            (&self.inside, StatusCode::OK)
        } else if is_among(ROOM, uri.path()) {
            (&self.room, StatusCode::OK)
        } else if is_among(DOOR, uri.path()) {
            (&self.door, StatusCode::OK)
        } else {
            (&self.door, StatusCode::NOT_FOUND)
        };
        let chosen = in_address(uri);
        let shell = match chosen.unwrap_or_else(|| language(headers)) {
            Lang::Kk => &shells[0],
            Lang::Ru => &shells[1],
            Lang::En => &shells[2],
        };
        let mut response = shell.content.respond(headers, status, "text/html; charset=utf-8");
        let headers = response.headers_mut();
        headers.insert(CONTENT_SECURITY_POLICY, shell.policy.clone());
        headers.append(VARY, HeaderValue::from_static("cookie, accept-language"));
        if let Some(lang) = chosen {
            let secure = if config.is_https() { "; Secure" } else { "" };
            let cookie = format!(
                "{LANG_COOKIE}={}; Path=/; SameSite=Lax; Max-Age={YEAR_SECONDS}{secure}",
                lang.tag()
            );
            // Made of the letters above.
            headers.append(SET_COOKIE, HeaderValue::from_str(&cookie).expect("plain letters"));
        }
        response
    }
}

/// The language of a caller: the cookie, what the browser prefers, Kazakh.
#[must_use]
pub fn language(headers: &HeaderMap) -> Lang {
    let preferred = || {
        let header = headers.get(ACCEPT_LANGUAGE)?.to_str().ok()?;
        Lang::from_accept_language(header)
    };
    cookies::value(headers, LANG_COOKIE)
        .and_then(|tag| Lang::from_tag(&tag))
        .or_else(preferred)
        .unwrap_or_default()
}

fn in_address(uri: &Uri) -> Option<Lang> {
    let pairs = uri.query()?.split('&');
    pairs
        .filter_map(|pair| pair.strip_prefix("lang="))
        .find_map(Lang::from_tag)
}

fn is_among(routes: &[&str], path: &str) -> bool {
    let path = match path {
        "/" => path,
        longer => match longer.strip_suffix('/') {
            Some(bare) if !bare.ends_with('/') => bare,
            _ => longer,
        },
    };
    routes.iter().any(|route| {
        let mut steps = path.split('/');
        route.split('/').all(|expected| {
            steps
                .next()
                .is_some_and(|step| expected == step || (expected == "{}" && !step.is_empty()))
        }) && steps.next().is_none()
    })
}

fn agents(config: &Config) -> Vec<String> {
    let origin = |url: &str| {
        let url = reqwest::Url::parse(url).ok()?;
        let host = url.host_str()?;
        let port = url.port_or_known_default()?;
        Some(format!("{}://{host}:{port}", url.scheme()))
    };
    let mut agents: Vec<String> = origin(AGENT).into_iter().collect();
    if cfg!(feature = "demo")
        && let Some(simulated) = config.ncalayer_url.as_deref().and_then(origin)
        && !agents.contains(&simulated)
    {
        agents.push(simulated);
    }
    agents
}

/// With the demo, the page is told where the simulator listens, and to let the person choose keys of any issuer: NCALayer
/// lets nobody choose test keys otherwise. `browser::ncalayer` reads both metas.
#[cfg(feature = "demo")]
fn with_agent(content: Content, config: &Config) -> Content {
    match (&config.ncalayer_url, content.text().and_then(around_agent)) {
        (Some(url), Some((before, after))) if !url.contains(['"', '<', '>', '&']) => Content::plain(format!(
            "{before}<meta name=\"cabinet-ncalayer\" content=\"{url}\">\
             <meta name=\"cabinet-ncalayer-chain\" content=\"any\">{after}"
        )),
        _ => content,
    }
}

/// What stands before and after the meta of the agent. The build may leave its quotes out and turn its attributes round.
#[cfg(feature = "demo")]
fn around_agent(html: &str) -> Option<(&str, &str)> {
    let name = html.find("cabinet-ncalayer")?;
    let start = html[..name].rfind("<meta")?;
    let end = name + html[name..].find('>')? + 1;
    Some((&html[..start], &html[end..]))
}

#[cfg(not(feature = "demo"))]
fn with_agent(content: Content, _: &Config) -> Content {
    content
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::header::COOKIE;

    #[test]
    fn the_page_and_the_server_know_the_same_addresses() {
        let source = include_str!("../browser/routes.rs");
        let (door, later) = source.split_once("pub static ROOM").unwrap();
        let (room, inside) = later.split_once("pub static INSIDE").unwrap();
        for (of_page, known) in [(door, DOOR), (room, ROOM), (inside, INSIDE)] {
            let mut of_page: Vec<String> = of_page
                .split("path: \"")
                .skip(1)
                .filter_map(|rest| rest.split('"').next())
                .map(|path| path.replace(":id", "{}"))
                .collect();
            let mut known: Vec<&str> = known.to_vec();
            of_page.sort_unstable();
            known.sort_unstable();
            assert_eq!(of_page, known);
        }
    }

    #[test]
    fn addresses_of_the_page_are_told_from_others() {
        for path in ["/", "/sign-in", "/sign-in/"] {
            assert!(is_among(DOOR, path), "{path}");
            assert!(!is_among(INSIDE, path), "{path}");
        }
        assert!(is_among(ROOM, "/done/2hZ"));
        assert!(is_among(INSIDE, "/sign/2hZ"));
        for path in ["/sign-inn", "/done", "/done/", "/done/a/b", "//", "/sign-in//"] {
            assert!(
                [DOOR, ROOM, INSIDE].iter().all(|known| !is_among(known, path)),
                "{path}"
            );
        }
    }

    #[test]
    fn only_a_demo_tells_the_page_of_another_agent_and_of_test_keys() {
        for meta in [
            "<meta name=\"cabinet-ncalayer\" content=\"wss://127.0.0.1:13579/\" />",
            "<meta content=wss://127.0.0.1:13579/ name=cabinet-ncalayer>",
        ] {
            let shell = || Content::plain(format!("<title>x</title>{meta}<link>"));
            let told = with_agent(shell(), &Config::default());
            assert_eq!(told.text(), shell().text());
            let config = Config {
                ncalayer_url: Some("ws://127.0.0.1:7/".to_owned()),
                ..Config::default()
            };
            let told = with_agent(shell(), &config);
            if cfg!(feature = "demo") {
                assert_eq!(
                    told.text(),
                    Some(
                        "<title>x</title><meta name=\"cabinet-ncalayer\" content=\"ws://127.0.0.1:7/\">\
                         <meta name=\"cabinet-ncalayer-chain\" content=\"any\"><link>"
                    )
                );
            } else {
                assert_eq!(told.text(), shell().text());
            }
        }
    }

    #[test]
    fn the_address_goes_before_the_cookie_and_the_cookie_before_the_browser() {
        let mut headers = HeaderMap::new();
        assert_eq!(language(&headers), Lang::Kk);
        headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_static("de, en;q=0.5"));
        assert_eq!(language(&headers), Lang::En);
        headers.insert(COOKIE, HeaderValue::from_static("a=b; lang=ru"));
        assert_eq!(language(&headers), Lang::Ru);
        assert_eq!(in_address(&Uri::from_static("/?a=1&lang=kk")), Some(Lang::Kk));
        assert_eq!(in_address(&Uri::from_static("/?lang=de")), None);
    }
}
