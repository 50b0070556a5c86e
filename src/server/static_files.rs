//! The built page's files, read and held in memory (a few megabytes): no path of a request ever reaches the file system. `name.br`
//! and `name.gz` beside a file are its compressed forms. Names that carry a hash of their content are kept for ever by
//! browsers.

use super::world::sha256;
use axum::body::{Body, Bytes};
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

/// Larger pages are a mistake in `page_dir` (somebody's home, say).
const MOST_FILES: usize = 2000;
const MOST_BYTES: usize = 128 << 20;

/// One content in up to three forms.
#[derive(Debug, Clone)]
pub struct Content {
    plain: Bytes,
    br: Option<Bytes>,
    gz: Option<Bytes>,
}

/// Files by their path below the address, without the leading slash.
#[derive(Debug, Default)]
pub struct StaticFiles {
    files: BTreeMap<String, File>,
}

#[derive(Debug, Clone)]
struct File {
    content: Content,
    kind: &'static str,
    immutable: bool,
    tag: HeaderValue,
}

impl Content {
    #[must_use]
    pub fn plain(text: impl Into<Bytes>) -> Self {
        Self {
            plain: text.into(),
            br: None,
            gz: None,
        }
    }

    #[must_use]
    pub fn text(&self) -> Option<&str> {
        std::str::from_utf8(&self.plain).ok()
    }

    /// The answer in the best form the caller takes.
    pub fn respond(&self, headers: &HeaderMap, status: StatusCode, kind: &'static str) -> Response {
        let takes = |coding: &str| {
            headers.get_all(ACCEPT_ENCODING).iter().any(|value| {
                value.to_str().unwrap_or_default().split(',').any(|part| {
                    let (name, quality) = part.split_once(';').unwrap_or((part, ""));
                    name.trim() == coding && !matches!(quality.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000")
                })
            })
        };
        let (body, coding) = match (&self.br, &self.gz) {
            (Some(br), _) if takes("br") => (br, Some("br")),
            (_, Some(gz)) if takes("gzip") => (gz, Some("gzip")),
            _ => (&self.plain, None),
        };
        let mut response = Response::new(Body::from(body.clone()));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
        headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
        if let Some(coding) = coding {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static(coding));
        }
        response
    }
}

/// Every file below the folder, with its path relative to it.
///
/// # Errors
/// What the file system says.
pub fn read_folder(folder: &Path) -> io::Result<Vec<(String, Bytes)>> {
    read(list(folder)?)
}

/// The files below the folder: the path relative to it, and where it stands. A link that leads out of the folder is passed
/// over.
///
/// # Errors
/// What the file system says.
pub fn list(folder: &Path) -> io::Result<Vec<(String, PathBuf)>> {
    let root = folder.canonicalize()?;
    let mut found = Vec::new();
    let mut waiting = vec![(folder.to_owned(), String::new())];
    while let Some((folder, prefix)) = waiting.pop() {
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            let Ok(name) = entry.file_name().into_string() else {
                continue;
            };
            // Traces of the build. Of names with a dot only the registered one is the web's.
            if name.starts_with('.') && name != ".well-known" {
                continue;
            }
            let name = format!("{prefix}{name}");
            let (kind, path) = (entry.file_type()?, entry.path());
            if kind.is_dir() {
                waiting.push((path, format!("{name}/")));
                continue;
            }
            if kind.is_symlink() && !path.canonicalize()?.starts_with(&root) {
                continue;
            }
            found.push((name, path));
            if found.len() > MOST_FILES {
                return Err(too_much());
            }
        }
    }
    Ok(found)
}

/// Reads these files.
///
/// # Errors
/// What the file system says.
pub fn read(files: Vec<(String, PathBuf)>) -> io::Result<Vec<(String, Bytes)>> {
    let mut bytes = 0;
    let mut contents = Vec::new();
    for (name, path) in files {
        let content = std::fs::read(path)?;
        bytes += content.len();
        if bytes > MOST_BYTES {
            return Err(too_much());
        }
        contents.push((name, Bytes::from(content)));
    }
    Ok(contents)
}

fn too_much() -> io::Error {
    io::Error::other("it holds far more than a page does")
}

/// Pairs each file with its compressed forms.
#[must_use]
pub fn pair(files: Vec<(String, Bytes)>) -> BTreeMap<String, Content> {
    let mut all: BTreeMap<String, Bytes> = files.into_iter().collect();
    let names: Vec<String> = all
        .keys()
        .filter(|name| !is_compressed_form(name, &all))
        .cloned()
        .collect();
    names
        .into_iter()
        .filter_map(|name| {
            let content = Content {
                br: all.remove(&format!("{name}.br")),
                gz: all.remove(&format!("{name}.gz")),
                plain: all.remove(&name)?,
            };
            Some((name, content))
        })
        .collect()
}

fn is_compressed_form(name: &str, all: &BTreeMap<String, Bytes>) -> bool {
    let plain = plain_name(name);
    plain != name && all.contains_key(plain)
}

/// The name without the ending of a compressed form.
#[must_use]
pub fn plain_name(name: &str) -> &str {
    [".br", ".gz"]
        .iter()
        .find_map(|ending| name.strip_suffix(ending))
        .unwrap_or(name)
}

impl StaticFiles {
    #[must_use]
    pub fn new(contents: BTreeMap<String, Content>) -> Self {
        let files = contents.into_iter().map(|(name, content)| {
            let hash: String = sha256(&content.plain)[..12]
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect();
            let file = File {
                kind: kind(&name),
                immutable: carries_hash(&name),
                // Quotes and hexadecimal digits are always a header's value.
                tag: HeaderValue::from_str(&format!("\"{hash}\"")).expect("hexadecimal digits"),
                content,
            };
            (name, file)
        });
        Self {
            files: files.collect(),
        }
    }

    /// The names held.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// Of these files those with such a name, and others that come in beside them.
    #[must_use]
    pub fn kept(&self, names: &BTreeSet<String>, others: BTreeMap<String, Content>) -> Self {
        let mut kept = Self::new(others);
        let held = self.files.iter().filter(|(name, _)| names.contains(*name));
        kept.files
            .extend(held.map(|(name, file)| (name.clone(), file.clone())));
        kept
    }

    /// The answer for a path (with its leading slash), if there is such a file.
    #[must_use]
    pub fn respond(&self, path: &str, headers: &HeaderMap) -> Option<Response> {
        let file = self.files.get(path.strip_prefix('/')?)?;
        let known = headers.get(IF_NONE_MATCH) == Some(&file.tag);
        let mut response = match known {
            true => {
                let mut unchanged = Response::new(Body::empty());
                *unchanged.status_mut() = StatusCode::NOT_MODIFIED;
                unchanged
            }
            false => file.content.respond(headers, StatusCode::OK, file.kind),
        };
        let caching = match file.immutable {
            true => "public, max-age=31536000, immutable",
            false => "no-cache",
        };
        let headers = response.headers_mut();
        headers.insert(CACHE_CONTROL, HeaderValue::from_static(caching));
        headers.insert(ETAG, file.tag.clone());
        Some(response)
    }
}

/// `cabinet-web-1f0c5a9be2d44c07_bg.wasm`, `texts-kk-77ab01c2d3e4f506.txt`: a stretch of at least eight hexadecimal
/// digits, not all of them letters.
#[must_use]
pub fn carries_hash(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or(name);
    file.split(|c: char| !c.is_ascii_alphanumeric()).any(|piece| {
        let hex = piece
            .bytes()
            .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        piece.len() >= 8 && hex && piece.bytes().any(|b| b.is_ascii_digit())
    })
}

fn kind(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "txt" => "text/plain; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "webp" => "image/webp",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderName;

    fn files() -> StaticFiles {
        let files = [
            ("app-0a1b2c3d4e5f.js", "plain"),
            ("app-0a1b2c3d4e5f.js.br", "brotli"),
            ("app-0a1b2c3d4e5f.js.gz", "gzip"),
            ("robots.txt", "all"),
            ("archive.gz", "its own"),
        ];
        StaticFiles::new(pair(
            files
                .map(|(name, content)| (name.to_owned(), Bytes::from(content)))
                .to_vec(),
        ))
    }

    fn headers(pairs: &[(HeaderName, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (name.clone(), HeaderValue::from_static(value)))
            .collect()
    }

    #[test]
    fn the_caller_chooses_the_form() {
        for (accept, coding) in [
            ("gzip, deflate, br, zstd", Some("br")),
            ("gzip", Some("gzip")),
            ("br;q=0, gzip;q=0.5", Some("gzip")),
            ("identity", None),
        ] {
            let answer = files()
                .respond("/app-0a1b2c3d4e5f.js", &headers(&[(ACCEPT_ENCODING, accept)]))
                .unwrap();
            let found = answer
                .headers()
                .get(CONTENT_ENCODING)
                .map(|value| value.to_str().unwrap());
            assert_eq!(found, coding, "{accept}");
            assert_eq!(answer.headers()[VARY], "accept-encoding");
        }
    }

    #[test]
    fn only_names_with_a_hash_are_kept_for_ever() {
        let files = files();
        let caching =
            |path: &str| files.respond(path, &HeaderMap::new()).unwrap().headers()[CACHE_CONTROL].clone();
        assert_eq!(
            caching("/app-0a1b2c3d4e5f.js"),
            "public, max-age=31536000, immutable"
        );
        assert_eq!(caching("/robots.txt"), "no-cache");
        assert!(!carries_hash("feedback-facade.css") && carries_hash("fonts/onest-0123abcd.woff2"));
    }

    #[test]
    fn compressed_forms_and_other_folders_have_no_address() {
        let files = files();
        assert!(
            files.respond("/archive.gz", &HeaderMap::new()).is_some(),
            "a file of its own"
        );
        for path in [
            "/app-0a1b2c3d4e5f.js.br",
            "/../Cargo.toml",
            "//robots.txt",
            "/",
            "",
        ] {
            assert!(files.respond(path, &HeaderMap::new()).is_none(), "{path}");
        }
    }

    #[test]
    fn what_the_browser_has_is_not_sent_again() {
        let files = files();
        let tag = files.respond("/robots.txt", &HeaderMap::new()).unwrap().headers()[ETAG].clone();
        let mut asked = HeaderMap::new();
        asked.insert(IF_NONE_MATCH, tag);
        let answer = files.respond("/robots.txt", &asked).unwrap();
        assert_eq!(answer.status(), StatusCode::NOT_MODIFIED);
    }
}
