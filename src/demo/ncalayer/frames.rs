//! Frames as NCALayer writes them: keys in any order, and «/» after «<» escaped.

use serde_json::Value;

/// A request. Old pages leave the module out.
#[derive(Debug, Clone, Default)]
pub(super) struct Call {
    pub(super) module: String,
    pub(super) method: String,
    pub(super) args: Option<Value>,
    pub(super) uuid: Option<Value>,
}

impl Call {
    /// `None` if the text isn't a JSON object.
    pub(super) fn read(text: &str) -> Option<Self> {
        let Ok(Value::Object(mut frame)) = serde_json::from_str(text) else {
            return None;
        };
        let mut word = |name: &str| match frame.remove(name) {
            Some(Value::String(text)) => text,
            _ => String::new(),
        };
        Some(Self {
            module: word("module"),
            method: word("method"),
            args: frame.remove("args"),
            uuid: frame.remove("uuid"),
        })
    }
}

/// An answer, as its top-level entries.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Frame(Vec<(&'static str, Value)>);

impl Frame {
    pub(super) fn new<const N: usize>(entries: [(&'static str, Value); N]) -> Self {
        Self(entries.into())
    }

    pub(super) fn with(mut self, name: &'static str, value: Option<Value>) -> Self {
        self.0.extend(value.map(|value| (name, value)));
        self
    }

    /// The text; every second one has its entries the other way round.
    pub(super) fn text(&self, turn: usize) -> String {
        let mut entries: Vec<String> = self
            .0
            .iter()
            .map(|(name, value)| format!("\"{name}\":{value}"))
            .collect();
        if turn % 2 == 1 {
            entries.reverse();
        }
        format!("{{{}}}", entries.join(",")).replace("</", "<\\/")
    }
}

pub(super) fn greeting(version: &str) -> Frame {
    Frame::new([("result", serde_json::json!({ "version": version }))])
}

pub(super) fn no_module() -> Frame {
    Frame::new([
        ("success", false.into()),
        ("errorCode", "MODULE_NOT_FOUND".into()),
    ])
}

pub(super) fn not_json() -> Frame {
    Frame::new([
        ("success", false.into()),
        ("code", "COMMON_JSON_WRAPPING_EXCEPTION".into()),
    ])
}

/// Answers of `basics`.
pub(super) mod basics {
    use super::{Frame, Value};
    use serde_json::{Map, json};

    pub(crate) fn result(result: Value) -> Frame {
        Frame::new([("body", json!({ "result": result })), ("status", true.into())])
    }

    pub(crate) fn cancelled() -> Frame {
        Frame::new([("body", Map::new().into()), ("status", true.into())])
    }

    pub(crate) fn failure(code: &str, message: &str, details: &str) -> Frame {
        Frame::new([
            ("code", code.into()),
            ("details", details.into()),
            ("message", message.into()),
            ("status", false.into()),
        ])
    }

    pub(crate) fn invocation_error(details: &str) -> Frame {
        failure(
            "INVOCATION_ERROR",
            "An invoked method threw an exception.",
            details,
        )
    }

    pub(crate) fn general_error(details: &str) -> Frame {
        failure("GENERAL_ERROR", "General error.", details)
    }

    pub(crate) fn signing_failure(details: &str) -> Frame {
        failure("SIGNING_FAILURE", "Signing failure.", details)
    }
}

/// Answers of `commonUtils`.
pub(super) mod common_utils {
    use super::{Frame, Value};

    pub(crate) fn done() -> Frame {
        Frame::new([("code", "200".into())])
    }

    pub(crate) fn result(result: Value) -> Frame {
        Frame::new([("responseObject", result), ("code", "200".into())])
    }

    pub(crate) fn failure(message: &str) -> Frame {
        Frame::new([("code", "500".into()), ("message", message.into())])
    }

    pub(crate) fn failure_without_message() -> Frame {
        Frame::new([("code", "500".into())])
    }

    pub(crate) fn cancelled() -> Frame {
        failure("action.canceled")
    }

    pub(crate) fn type_mismatch(method: &str) -> Frame {
        failure(&format!(
            "java.lang.IllegalArgumentException: argument type mismatch. Method: {method}"
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_come_in_either_order_and_end_tags_are_escaped() {
        let frame = basics::result("</tag>".into());
        assert_eq!(frame.text(0), r#"{"body":{"result":"<\/tag>"},"status":true}"#);
        assert_eq!(frame.text(1), r#"{"status":true,"body":{"result":"<\/tag>"}}"#);
    }

    #[test]
    fn a_call_without_a_module_is_a_call() {
        let call = Call::read(r#"{"method":"sign","args":[]}"#).unwrap();
        assert_eq!((call.module.as_str(), call.method.as_str()), ("", "sign"));
        assert!(Call::read("[]").is_none() && Call::read("{").is_none());
    }
}
