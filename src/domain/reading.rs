//! Reading an answer of the server from JSON. serde's derived readers are compiled anew for every type and weigh more than
//! all pages together; here the text becomes one tree, and each type takes its parts from it. What is written by serde is
//! what is read here: a test holds the two together. Questions, which the server reads, keep serde's strictness.

use super::json::Json;

/// Takes itself from a tree. Where the tree is of another shape `sound` becomes false, and the value means nothing: one
/// check at the end instead of a way out at every part.
pub trait Read: Sized {
    fn read(from: &Json, sound: &mut bool) -> Self;
}

/// The value this JSON text holds; parts it doesn't know are passed over. `None` when it is of another shape.
#[must_use]
pub fn read<T: Read>(json: &str) -> Option<T> {
    let mut sound = true;
    let value = T::read(&Json::parse(json)?, &mut sound);
    sound.then_some(value)
}

/// A part by its name; an absent one reads as `null`.
pub fn part<T: Read>(of: &Json, name: &str, sound: &mut bool) -> T {
    T::read(of.get(name).unwrap_or(&Json::Null), sound)
}

/// The name of the variant, for enums told apart by `tag`, or by being that text.
#[must_use]
pub fn variant<'a>(from: &'a Json, tag: &str) -> &'a str {
    let name = if tag.is_empty() { Some(from) } else { from.get(tag) };
    name.and_then(Json::as_str).unwrap_or_default()
}

/// A struct by its parts, or an enum by the names of its variants as serde writes them; the first variant stands for what
/// can't be read.
///
/// `reads!(DraftSaved { version, at })`, `reads!(Way: "eds" => Eds, "password" => Password)`,
/// `reads!(Problem by "problem": "missing" => Missing {}, "phone_code" => PhoneCode { code })`
macro_rules! reads {
    ($type:ident { $($part:ident),* $(,)? }) => {
        impl $crate::domain::reading::Read for $type {
            fn read(from: &$crate::domain::json::Json, sound: &mut bool) -> Self {
                *sound &= from.is_object();
                Self { $($part: $crate::domain::reading::part(from, stringify!($part), sound)),* }
            }
        }
    };
    ($type:ident: $first:literal => $if_first:ident $(, $name:literal => $variant:ident)* $(,)?) => {
        reads!($type by "": $first => $if_first {} $(, $name => $variant {})*);
    };
    (
        $type:ident by $tag:literal:
        $first:literal => $if_first:ident { $($first_part:ident),* }
        $(, $name:literal => $variant:ident { $($part:ident),* })* $(,)?
    ) => {
        impl $crate::domain::reading::Read for $type {
            fn read(from: &$crate::domain::json::Json, sound: &mut bool) -> Self {
                match $crate::domain::reading::variant(from, $tag) {
                    $($name => Self::$variant {
                        $($part: $crate::domain::reading::part(from, stringify!($part), sound)),*
                    },)*
                    name => {
                        *sound &= name == $first;
                        Self::$if_first {
                            $($first_part: $crate::domain::reading::part(from, stringify!($first_part), sound)),*
                        }
                    }
                }
            }
        }
    };
}
pub(crate) use reads;

impl Read for String {
    fn read(from: &Json, sound: &mut bool) -> Self {
        let text = from.as_str();
        *sound &= text.is_some();
        text.unwrap_or_default().to_owned()
    }
}

impl Read for bool {
    fn read(from: &Json, sound: &mut bool) -> Self {
        let truth = from.as_bool();
        *sound &= truth.is_some();
        truth.unwrap_or_default()
    }
}

impl Read for i64 {
    fn read(from: &Json, sound: &mut bool) -> Self {
        let number = from.as_whole();
        *sound &= number.is_some();
        number.unwrap_or_default()
    }
}

impl Read for u32 {
    fn read(from: &Json, sound: &mut bool) -> Self {
        let number = Self::try_from(i64::read(from, sound));
        *sound &= number.is_ok();
        number.unwrap_or_default()
    }
}

impl Read for usize {
    fn read(from: &Json, sound: &mut bool) -> Self {
        let number = Self::try_from(i64::read(from, sound));
        *sound &= number.is_ok();
        number.unwrap_or_default()
    }
}

impl Read for char {
    fn read(from: &Json, sound: &mut bool) -> Self {
        let text = from.as_str().unwrap_or_default();
        let mut letters = text.chars();
        let letter = letters.next();
        *sound &= letter.is_some() && letters.next().is_none();
        letter.unwrap_or_default()
    }
}

impl<T: Read> Read for Option<T> {
    fn read(from: &Json, sound: &mut bool) -> Self {
        (!from.is_null()).then(|| T::read(from, sound))
    }
}

impl<T: Read> Read for Box<T> {
    fn read(from: &Json, sound: &mut bool) -> Self {
        Self::new(T::read(from, sound))
    }
}

impl<T: Read> Read for Vec<T> {
    fn read(from: &Json, sound: &mut bool) -> Self {
        let list = from.as_list();
        *sound &= list.is_some();
        list.map(|list| list.iter().map(|one| T::read(one, sound)).collect())
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests;
