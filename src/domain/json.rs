//! JSON (RFC 8259) as a tree. In the browser its own reader makes it, which is there anyway; elsewhere `serde_json` does.

/// Any JSON value. Numbers are those of JavaScript: whole ones are exact up to 2^53.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Json {
    #[default]
    Null,
    Bool(bool),
    Number(f64),
    Text(String),
    List(Vec<Self>),
    /// In no particular order; of parts with the same name the last one stays.
    Parts(Vec<(String, Self)>),
}

/// The largest whole number that an [`f64`] tells from its neighbours.
const EXACT: f64 = 9_007_199_254_740_991.0;

impl Json {
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    #[must_use]
    pub const fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(truth) => Some(*truth),
            _ => None,
        }
    }

    #[must_use]
    pub fn as_whole(&self) -> Option<i64> {
        match self {
            #[expect(clippy::cast_possible_truncation, reason = "whole and within the exact range")]
            Self::Number(number) if number.trunc() == *number && number.abs() <= EXACT => {
                Some(*number as i64)
            }
            _ => None,
        }
    }

    #[must_use]
    pub fn as_list(&self) -> Option<&[Self]> {
        match self {
            Self::List(list) => Some(list),
            _ => None,
        }
    }

    #[must_use]
    pub const fn is_object(&self) -> bool {
        matches!(self, Self::Parts(_))
    }

    #[must_use]
    pub const fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// A part by its name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Parts(parts) => parts
                .iter()
                .find(|(part, _)| part == name)
                .map(|(_, value)| value),
            _ => None,
        }
    }

    /// Takes a part out.
    pub fn take(&mut self, name: &str) -> Option<Self> {
        match self {
            Self::Parts(parts) => {
                let at = parts.iter().position(|(part, _)| part == name)?;
                Some(parts.swap_remove(at).1)
            }
            _ => None,
        }
    }

    /// `None` when the text isn't JSON.
    #[cfg(not(all(target_arch = "wasm32", feature = "csr")))]
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        use serde_json::Value;
        fn tree(value: Value) -> Json {
            match value {
                Value::Null => Json::Null,
                Value::Bool(truth) => Json::Bool(truth),
                Value::Number(number) => Json::Number(number.as_f64().unwrap_or(f64::NAN)),
                Value::String(text) => Json::Text(text),
                Value::Array(list) => Json::List(list.into_iter().map(tree).collect()),
                Value::Object(parts) => {
                    Json::Parts(parts.into_iter().map(|(name, part)| (name, tree(part))).collect())
                }
            }
        }
        serde_json::from_str(text).ok().map(tree)
    }

    /// `None` when the text isn't JSON, or nested deeper than anything of ours.
    #[cfg(all(target_arch = "wasm32", feature = "csr"))]
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        use js_sys::{Array, Object};
        use wasm_bindgen::{JsCast, JsValue};
        const DEEPEST: u32 = 64;
        fn tree(value: &JsValue, deep: u32) -> Option<Json> {
            if deep > DEEPEST {
                return None;
            }
            if let Some(text) = value.as_string() {
                return Some(Json::Text(text));
            }
            if let Some(number) = value.as_f64() {
                return Some(Json::Number(number));
            }
            if let Some(truth) = value.as_bool() {
                return Some(Json::Bool(truth));
            }
            if let Some(list) = value.dyn_ref::<Array>() {
                let mut values = Vec::new();
                for value in list.iter() {
                    values.push(tree(&value, deep + 1)?);
                }
                return Some(Json::List(values));
            }
            if let Some(object) = value.dyn_ref::<Object>() {
                let mut parts = Vec::new();
                for entry in Object::entries(object).iter() {
                    let entry: Array = entry.unchecked_into();
                    parts.push((entry.get(0).as_string()?, tree(&entry.get(1), deep + 1)?));
                }
                return Some(Json::Parts(parts));
            }
            Some(Json::Null)
        }
        tree(&js_sys::JSON::parse(text).ok()?, 0)
    }
}

#[cfg(test)]
mod tests {
    use super::Json;

    #[test]
    fn whole_numbers_are_told_from_others() {
        let whole = |text| Json::parse(text).and_then(|json| json.as_whole());
        assert_eq!(whole("1795408860000"), Some(1_795_408_860_000));
        assert_eq!(whole("-7"), Some(-7));
        for other in ["1.5", "1e300", "9007199254740993e2", "\"7\"", "null"] {
            assert_eq!(whole(other), None, "{other}");
        }
    }

    #[test]
    fn parts_are_found_and_taken_by_name() {
        let mut json = Json::parse(r#"{"a":[true,null],"b":{"c":"d"}}"#).unwrap();
        assert_eq!(
            json.get("b").and_then(|b| b.get("c")).and_then(Json::as_str),
            Some("d")
        );
        assert_eq!(
            json.take("a"),
            Some(Json::List(vec![Json::Bool(true), Json::Null]))
        );
        assert_eq!(json.take("a"), None);
        assert_eq!(Json::parse("{\"a\":"), None);
    }
}
