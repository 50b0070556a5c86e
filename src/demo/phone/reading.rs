//! How the real app reads: letter for letter. Written from the protocol's description and from what integrators saw the app
//! refuse, by code of its own, so that server and phone can't share one misreading.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::Url;
use serde::Serialize;
use serde_json::Value;

/// What the app refuses before it shows anything. The text is for whoever mends the server.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("the QR code doesn't begin with mobileSign:")]
    Prefix,
    #[error("white space in the address")]
    WhiteSpace,
    #[error("not an https address: {0}")]
    Address(String),
    #[error("mgovSign is missing in the address {0}")]
    NoMgovSign(String),
    /// What the app tells of a system that isn't connected.
    #[error("the host {0} isn't connected to signing")]
    Host(String),
    #[error("{0}")]
    Shape(String),
}

fn shape(text: impl Into<String>) -> Refusal {
    Refusal::Shape(text.into())
}

/// The address of API №1 in what was scanned (`mobileSign:…`) or tapped (`https://m.egov.kz/mobileSign/?link=…`, or a page
/// of the demo in its place).
///
/// # Errors
/// [`Refusal`].
pub fn api_1(scanned: &str, allowed: &[String]) -> Result<Url, Refusal> {
    if scanned.chars().any(char::is_whitespace) {
        return Err(Refusal::WhiteSpace);
    }
    let address = match scanned.strip_prefix("mobileSign:") {
        Some(address) => address,
        None => scanned
            .split_once("?link=")
            .filter(|(page, _)| page.starts_with("https://") || page.starts_with("http://127.0.0.1"))
            .map(|(_, link)| link)
            .ok_or(Refusal::Prefix)?,
    };
    let url = self::address(address, allowed)?;
    if url.path().contains("mgovSign") || url.query().is_some_and(|query| query.contains("mgovSign")) {
        Ok(url)
    } else {
        Err(Refusal::NoMgovSign(address.to_owned()))
    }
}

/// An https address (http on this very machine) of a host that is connected.
///
/// # Errors
/// [`Refusal`].
pub fn address(text: &str, allowed: &[String]) -> Result<Url, Refusal> {
    let wrong = || Refusal::Address(text.to_owned());
    let url = Url::parse(text).map_err(|_| wrong())?;
    let host = url.host_str().ok_or_else(wrong)?;
    let here = matches!(host, "127.0.0.1" | "localhost");
    if url.scheme() != "https" && !(url.scheme() == "http" && here) {
        return Err(wrong());
    }
    if !allowed.iter().any(|known| known == host) {
        return Err(Refusal::Host(host.to_owned()));
    }
    Ok(url)
}

/// API №1, as the app shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Described {
    pub description: String,
    /// As written by the server.
    pub expiry_date: String,
    pub organisation_kz: String,
    pub organisation_ru: String,
    pub organisation_en: String,
    pub bin: String,
    #[serde(skip)]
    pub api_2: String,
    /// `None` asks for no authentication.
    #[serde(skip)]
    pub token: Option<String>,
}

/// Reads API №1.
///
/// # Errors
/// [`Refusal`].
pub fn described(json: &Value, allowed: &[String]) -> Result<Described, Refusal> {
    let organisation = &json["organisation"];
    let document = &json["document"];
    let expiry_date = text(json, "expiry_date")?;
    if !is_date(&expiry_date) {
        return Err(shape(format!(
            "expiry_date {expiry_date} isn't yyyy-MM-dd'T'HH:mm:ss.SSSz"
        )));
    }
    let bin = text(organisation, "bin")?;
    if bin.len() != 12 || !bin.bytes().all(|b| b.is_ascii_digit()) {
        return Err(shape("bin isn't twelve digits"));
    }
    let api_2 = text(document, "uri")?;
    address(&api_2, allowed)?;
    let token = document["auth_token"]
        .as_str()
        .ok_or_else(|| shape("auth_token isn't there"))?;
    let token = match (document["auth_type"].as_str(), token) {
        (Some("Token"), "") => return Err(shape("auth_token is empty")),
        (Some("Token"), token) => Some(token.to_owned()),
        (Some("None"), _) => None,
        (Some("Eds"), _) => return Err(shape("auth_type Eds isn't played by this phone")),
        (other, _) => return Err(shape(format!("auth_type is {other:?}"))),
    };
    Ok(Described {
        description: text(json, "description")?,
        expiry_date,
        organisation_kz: text(organisation, "nameKz")?,
        organisation_ru: text(organisation, "nameRu")?,
        organisation_en: text(organisation, "nameEn")?,
        bin,
        api_2,
        token,
    })
}

/// One document of API №2.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Document {
    pub id: i64,
    pub name_kz: String,
    pub name_ru: String,
    pub name_en: String,
    /// Label and value.
    pub meta: Vec<(String, String)>,
    pub mime: String,
    /// Bytes.
    pub size: usize,
    #[serde(skip)]
    pub bytes: Vec<u8>,
}

/// Reads API №2. Only documents to be signed as CMS with the data inside are played.
///
/// # Errors
/// [`Refusal`].
pub fn documents(json: &Value) -> Result<Vec<Document>, Refusal> {
    match json["signMethod"].as_str() {
        Some("CMS_WITH_DATA") => {}
        Some(known @ ("XML" | "CMS_SIGN_ONLY" | "SIGN_BYTES_ARRAY" | "MIX_SIGN")) => {
            return Err(shape(format!("signMethod {known} isn't played by this phone")));
        }
        other => return Err(shape(format!("signMethod is {other:?}"))),
    }
    // Older servers leave it out, and the app lets them.
    if !matches!(&json["version"], Value::Null) && json["version"].as_i64() != Some(1) {
        return Err(shape("version isn't 1"));
    }
    let list = json["documentsToSign"].as_array().filter(|list| !list.is_empty());
    list.ok_or_else(|| shape("documentsToSign is empty"))?
        .iter()
        .map(document)
        .collect()
}

fn document(json: &Value) -> Result<Document, Refusal> {
    let file = &json["document"]["file"];
    let mime = text(file, "mime")?;
    if !matches!(mime.as_str(), "application/pdf" | "@file/pdf") {
        return Err(shape(format!(
            "the app would show nothing of a document of {mime}"
        )));
    }
    let bytes = STANDARD
        .decode(text(file, "data")?)
        .map_err(|_| shape("data isn't base64"))?;
    if !bytes.starts_with(b"%PDF-") {
        return Err(shape("data isn't a PDF"));
    }
    let meta = match &json["meta"] {
        Value::Null => Vec::new(),
        Value::Array(rows) => rows
            .iter()
            .map(|row| Ok((text(row, "name")?, text(row, "value")?)))
            .collect::<Result<_, Refusal>>()?,
        _ => return Err(shape("meta isn't a list")),
    };
    Ok(Document {
        id: json["id"]
            .as_i64()
            .ok_or_else(|| shape("id isn't a whole number"))?,
        name_kz: text(json, "nameKz")?,
        name_ru: text(json, "nameRu")?,
        name_en: text(json, "nameEn")?,
        meta,
        mime,
        size: bytes.len(),
        bytes,
    })
}

fn text(json: &Value, name: &str) -> Result<String, Refusal> {
    let found = json[name].as_str().filter(|text| !text.is_empty());
    found
        .map(str::to_owned)
        .ok_or_else(|| shape(format!("{name} isn't there")))
}

/// `2026-08-14T15:52:24.138+0500`: three digits of the second's fraction, an offset without colon.
fn is_date(text: &str) -> bool {
    const PATTERN: &[u8] = b"dddd-dd-ddTdd:dd:dd.ddd+dddd";
    text.len() == PATTERN.len()
        && text.bytes().zip(PATTERN).all(|(byte, pattern)| match pattern {
            b'd' => byte.is_ascii_digit(),
            b'+' => matches!(byte, b'+' | b'-'),
            other => byte == *other,
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn allowed() -> Vec<String> {
        vec!["qr.example.kz".to_owned(), "127.0.0.1".to_owned()]
    }

    #[test]
    fn prefix_case_scheme_and_host_are_looked_at() {
        let read = |text: &str| api_1(text, &allowed()).map(|url| url.to_string());
        let good = "https://qr.example.kz/s/A/mgovSign";
        assert_eq!(read(&format!("mobileSign:{good}")).as_deref(), Ok(good));
        assert_eq!(
            read(&format!("https://m.egov.kz/mobileSign/?link={good}")).as_deref(),
            Ok(good)
        );
        assert!(read("mobileSign:http://127.0.0.1:8080/s/A/mgovSign").is_ok());
        for (text, refusal) in [
            (format!("mobilesign:{good}"), Refusal::Prefix),
            (
                format!("mobileSign://{}", &good[8..]),
                Refusal::Address("//qr.example.kz/s/A/mgovSign".into()),
            ),
            (good.to_owned(), Refusal::Prefix),
            (format!("mobileSign: {good}"), Refusal::WhiteSpace),
            (
                "mobileSign:http://qr.example.kz/mgovSign".into(),
                Refusal::Address("http://qr.example.kz/mgovSign".into()),
            ),
            (
                "mobileSign:https://other.example/mgovSign".into(),
                Refusal::Host("other.example".into()),
            ),
            (
                "mobileSign:https://qr.example.kz/s/A/mgovsign".into(),
                Refusal::NoMgovSign("https://qr.example.kz/s/A/mgovsign".into()),
            ),
        ] {
            assert_eq!(read(&text), Err(refusal), "{text}");
        }
    }

    fn api_1_json() -> Value {
        json!({
            "description": "Код 4719", "expiry_date": "2026-08-14T15:52:24.138+0500",
            "organisation": {"nameRu": "Ф", "nameKz": "Қ", "nameEn": "F", "bin": "000740000728"},
            "document": {"uri": "https://qr.example.kz/d/B/mgovSign", "auth_type": "Token", "auth_token": "t"},
        })
    }

    #[test]
    fn api_1_is_read_letter_for_letter() {
        let good = api_1_json();
        assert_eq!(described(&good, &allowed()).unwrap().token.as_deref(), Some("t"));
        let broken: [(&str, Value); 9] = [
            ("/expiry_date", json!("2026-08-14T15:52:24+0500")),
            ("/expiry_date", json!("2026-08-14T15:52:24.138+05:00")),
            ("/expiry_date", json!(1_790_000_000)),
            ("/organisation/nameKz", json!(null)),
            ("/organisation/bin", json!("12345")),
            ("/document/auth_type", json!("token")),
            ("/document/auth_type", json!("Bearer")),
            ("/document/auth_token", json!(null)),
            ("/document/uri", json!("https://other.example/d")),
        ];
        for (place, value) in broken {
            let mut json = good.clone();
            *json.pointer_mut(place).unwrap() = value;
            assert!(described(&json, &allowed()).is_err(), "{place}");
        }
    }

    #[test]
    fn api_2_is_read_letter_for_letter() {
        let good = json!({"signMethod": "CMS_WITH_DATA", "version": 1, "documentsToSign": [{
            "id": 1, "nameRu": "З", "nameKz": "Ө", "nameEn": "A", "meta": [{"name": "a", "value": "b"}],
            "document": {"file": {"mime": "application/pdf", "data": STANDARD.encode("%PDF-1.7")}},
        }]});
        assert_eq!(
            documents(&good).unwrap()[0].meta,
            [("a".to_owned(), "b".to_owned())]
        );
        let broken: [(&str, Value); 8] = [
            ("/signMethod", json!("cms_with_data")),
            ("/version", json!("1")),
            ("/documentsToSign", json!([])),
            ("/documentsToSign/0/id", json!("1")),
            ("/documentsToSign/0/nameKz", json!("")),
            ("/documentsToSign/0/meta", json!([{"name": "a"}])),
            ("/documentsToSign/0/document/file/mime", json!("application/PDF")),
            ("/documentsToSign/0/document/file/data", json!("JVBERi0")),
        ];
        for (place, value) in broken {
            let mut json = good.clone();
            *json.pointer_mut(place).unwrap() = value;
            assert!(documents(&json).is_err(), "{place}");
        }
    }
}
