//! What NCALayer answers: two envelopes (`basics` and `commonUtils`), a refusal of unknown modules, a greeting.

use super::{SHORT_FRAME_LIMIT, Version};
use crate::domain::json::Json;

/// A text that isn't a frame of NCALayer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    #[error("longer than any answer to this request can be")]
    TooLong,
    #[error("not JSON")]
    NotJson,
    #[error("not in a known shape")]
    Shape,
    #[error("the signature isn't a CMS in base64")]
    NotCms,
}

/// Who answers on the socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Agent {
    NcaLayer,
    Kaztoken,
}

/// How a request ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome<T> {
    Done(T),
    /// The person closed the dialog.
    Cancelled,
    /// This agent doesn't have the module.
    NoModule,
    /// A technical error; `code` is a word of ASCII letters, digits, `.`, `_` and `-`, at most 40 long.
    Failed {
        code: String,
    },
}

/// The longest frame that can hold a signature over this much data, in UTF-16 units: the data stand inside it in base64,
/// lines and escapes add a little, certificate and attributes a fixed part.
#[must_use]
pub const fn answer_limit(data_base64: usize) -> usize {
    data_base64 + data_base64 / 4 + 64 * 1024
}

/// Reads the first frame, which says the version.
///
/// # Errors
/// [`FrameError`], if the text isn't a greeting.
pub fn greeting(text: &str) -> Result<Version, FrameError> {
    let frame = object(text, SHORT_FRAME_LIMIT)?;
    frame
        .get("result")
        .and_then(|result| result.get("version"))
        .and_then(Json::as_str)
        .and_then(Version::read)
        .ok_or(FrameError::Shape)
}

/// Reads the answer to [`super::probe`]. Agents that don't know the question answer it in several ways: any JSON object
/// without KAZTOKEN's name is NCALayer's.
///
/// # Errors
/// [`FrameError`], if the text isn't a JSON object.
pub fn probe_answer(text: &str) -> Result<Agent, FrameError> {
    let frame = object(text, SHORT_FRAME_LIMIT)?;
    let name = frame
        .get("responseObject")
        .and_then(|agent| agent.get("name"))
        .and_then(Json::as_str);
    Ok(match name {
        Some(name) if name.starts_with("KAZTOKEN") => Agent::Kaztoken,
        _ => Agent::NcaLayer,
    })
}

/// Reads the answer to [`super::active_tokens`]: names of storages, at most sixteen.
///
/// # Errors
/// [`FrameError`], if it isn't a list of short names.
pub fn active_tokens_answer(text: &str) -> Result<Outcome<Vec<String>>, FrameError> {
    envelope(text, SHORT_FRAME_LIMIT)?.try_map(|result| {
        let Json::List(names) = result else {
            return Err(FrameError::Shape);
        };
        names
            .into_iter()
            .take(16)
            .map(|name| match name {
                Json::Text(name) if code(&name).is_some() => Ok(name),
                _ => Err(FrameError::Shape),
            })
            .collect()
    })
}

/// Reads the answer to a request for one signature: the CMS in base64 on one line, without armour.
/// `limit` is [`answer_limit`] of the request.
///
/// # Errors
/// [`FrameError`], if the text isn't an answer or the signature can't be a CMS.
pub fn signature(text: &str, limit: usize) -> Result<Outcome<String>, FrameError> {
    envelope(text, limit)?.try_map(|result| {
        let mut result = result;
        // With the certificate beside it: {signatures, certificate}.
        if result.is_object() {
            result = result.take("signatures").ok_or(FrameError::Shape)?;
        }
        // One document was sent, so one signature comes back, alone or in a list.
        if let Json::List(list) = &mut result {
            result = match list.pop() {
                Some(only) if list.is_empty() => only,
                _ => return Err(FrameError::Shape),
            };
        }
        match result {
            Json::Text(text) => cms(&text),
            _ => Err(FrameError::Shape),
        }
    })
}

impl<T> Outcome<T> {
    fn try_map<U>(self, map: impl FnOnce(T) -> Result<U, FrameError>) -> Result<Outcome<U>, FrameError> {
        Ok(match self {
            Self::Done(value) => Outcome::Done(map(value)?),
            Self::Cancelled => Outcome::Cancelled,
            Self::NoModule => Outcome::NoModule,
            Self::Failed { code } => Outcome::Failed { code },
        })
    }
}

fn object(text: &str, limit: usize) -> Result<Json, FrameError> {
    // Bytes are at least as many as UTF-16 units; real frames are nearly all ASCII.
    if text.len() > limit {
        return Err(FrameError::TooLong);
    }
    let frame = Json::parse(text).ok_or(FrameError::NotJson)?;
    if frame.is_object() {
        Ok(frame)
    } else {
        Err(FrameError::Shape)
    }
}

/// Opens either envelope. The two can be told apart: only `basics` has a flag `status`.
fn envelope(text: &str, limit: usize) -> Result<Outcome<Json>, FrameError> {
    let mut frame = object(text, limit)?;
    match frame.get("status") {
        Some(Json::Bool(true)) => {
            let mut body = frame.take("body").unwrap_or_default();
            if !body.is_object() {
                return Err(FrameError::Shape);
            }
            Ok(match body.take("result") {
                None | Some(Json::Null) => Outcome::Cancelled,
                Some(result) => Outcome::Done(result),
            })
        }
        Some(Json::Bool(false)) => failed(frame.get("code")),
        Some(_) => Err(FrameError::Shape),
        None if frame.get("success") == Some(&Json::Bool(false)) => {
            let reason = frame.get("errorCode").or_else(|| frame.get("code"));
            match reason.and_then(Json::as_str) {
                Some("MODULE_NOT_FOUND") => Ok(Outcome::NoModule),
                _ => failed(reason),
            }
        }
        None => common_envelope(&mut frame),
    }
}

fn common_envelope(frame: &mut Json) -> Result<Outcome<Json>, FrameError> {
    let number = match frame.get("code") {
        Some(Json::Text(text)) => text.clone(),
        Some(Json::Number(_)) => number(frame.get("code")).ok_or(FrameError::Shape)?,
        _ => return Err(FrameError::Shape),
    };
    if number == "200" {
        // A command without a result (`changeLocale`) has no responseObject.
        return Ok(Outcome::Done(frame.take("responseObject").unwrap_or_default()));
    }
    match frame.get("message").and_then(Json::as_str) {
        Some("action.canceled") => Ok(Outcome::Cancelled),
        // Reasons are either a word («storage.empty») or a sentence of a Java exception, which helps nobody.
        Some(message) if code(message).is_some() => Ok(Outcome::Failed {
            code: message.to_owned(),
        }),
        _ => failed(frame.get("code")),
    }
}

fn failed<T>(reason: Option<&Json>) -> Result<Outcome<T>, FrameError> {
    let code = match reason {
        Some(Json::Text(text)) => code(text).map(str::to_owned),
        Some(Json::Number(_)) => number(reason),
        None => Some("UNKNOWN".to_owned()),
        _ => None,
    };
    code.map(|code| Outcome::Failed { code }).ok_or(FrameError::Shape)
}

/// A whole number, as it would be written.
fn number(json: Option<&Json>) -> Option<String> {
    json.and_then(Json::as_whole).map(|number| number.to_string())
}

/// A word that may be shown and logged as it is.
fn code(text: &str) -> Option<&str> {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    (!text.is_empty() && text.len() <= 40 && text.chars().all(fits)).then_some(text)
}

/// Takes armour and line ends off and looks at the rest as far as that needs no ASN.1: base64, whole, and the first bytes
/// those of a long sequence (30 8x, in base64 always `MI`).
fn cms(text: &str) -> Result<String, FrameError> {
    let text = text.trim();
    let inner = if let Some(rest) = text.strip_prefix("-----BEGIN ") {
        let (label, rest) = rest.split_once("-----").ok_or(FrameError::NotCms)?;
        let end = rest.find("-----END ").ok_or(FrameError::NotCms)?;
        if !matches!(label, "CMS" | "PKCS7") || rest[end + 9..] != format!("{label}-----") {
            return Err(FrameError::NotCms);
        }
        &rest[..end]
    } else {
        text
    };
    let base64: String = inner.split_ascii_whitespace().collect();
    let digits = base64.trim_end_matches('=');
    let whole = base64.len().is_multiple_of(4) && base64.len() - digits.len() <= 2;
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/');
    if whole && digits.len() > 64 && digits.starts_with("MI") && digits.chars().all(fits) {
        Ok(base64)
    } else {
        Err(FrameError::NotCms)
    }
}

#[cfg(test)]
mod tests;
