//! XML from outside as a tree, within bounds: no document type, no entities but the five of XML itself, limits on bytes,
//! depth and elements. Prefixes are dropped: names here are local ones.

use quick_xml::Reader;
use quick_xml::events::Event;

/// An answer about one person is some ten kilobytes.
pub(super) const MAX_BYTES: usize = 1024 * 1024;
const MAX_DEPTH: usize = 32;
const MAX_ELEMENTS: usize = 20_000;

/// An element: its local name, the text directly in it (trimmed), its children in order.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Element {
    pub(super) name: String,
    pub(super) text: String,
    pub(super) children: Vec<Element>,
}

/// Why bytes aren't taken for XML.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum XmlError {
    #[error("more than a mebibyte")]
    TooLarge,
    #[error("nested too deeply")]
    TooDeep,
    #[error("too many elements")]
    TooMany,
    #[error("a document type")]
    DocumentType,
    #[error("an entity of one's own")]
    Entity,
    #[error("not UTF-8")]
    Encoding,
    #[error("not well-formed")]
    NotWellFormed,
}

impl Element {
    /// The first child of this name.
    pub(super) fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The element at the end of these names, one level each.
    pub(super) fn at(&self, path: &[&str]) -> Option<&Self> {
        path.iter().try_fold(self, |element, name| element.child(name))
    }

    /// The first element of this name at any depth, itself included.
    pub(super) fn find(&self, name: &str) -> Option<&Self> {
        if self.name == name {
            return Some(self);
        }
        self.children.iter().find_map(|child| child.find(name))
    }

    /// The text of a child; absent and empty are the same.
    pub(super) fn text_of(&self, name: &str) -> Option<&str> {
        self.child(name)
            .map(|child| child.text.as_str())
            .filter(|text| !text.is_empty())
    }
}

/// Reads a whole document.
pub(super) fn read(bytes: &[u8]) -> Result<Element, XmlError> {
    if bytes.len() > MAX_BYTES {
        return Err(XmlError::TooLarge);
    }
    let text = std::str::from_utf8(bytes).map_err(|_| XmlError::Encoding)?;
    let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}'));
    reader.config_mut().enable_all_checks(true);
    // The bottom of the stack is no element: it receives the root.
    let mut open = vec![Element::default()];
    let mut count = 0_usize;
    loop {
        let event = reader.read_event().map_err(|_| XmlError::NotWellFormed)?;
        match event {
            Event::Start(start) => {
                count += 1;
                if open.len() > MAX_DEPTH {
                    return Err(XmlError::TooDeep);
                }
                open.push(Element {
                    name: start.local_name().into_inner().to_owned(),
                    ..Element::default()
                });
            }
            Event::Empty(start) => {
                count += 1;
                let element = Element {
                    name: start.local_name().into_inner().to_owned(),
                    ..Element::default()
                };
                parent(&mut open)?.children.push(element);
            }
            Event::End(_) => {
                let mut element = open.pop().ok_or(XmlError::NotWellFormed)?;
                element.text = element.text.trim().to_owned();
                parent(&mut open)?.children.push(element);
            }
            Event::Text(text) => parent(&mut open)?.text.push_str(&text.xml10_content()),
            Event::CData(data) => parent(&mut open)?.text.push_str(&data.xml10_content()),
            Event::GeneralRef(reference) => {
                let character = match reference.resolve_char_ref() {
                    Ok(Some(character)) => character,
                    Ok(None) => match &*reference.into_inner() {
                        "amp" => '&',
                        "lt" => '<',
                        "gt" => '>',
                        "quot" => '"',
                        "apos" => '\'',
                        _ => return Err(XmlError::Entity),
                    },
                    Err(_) => return Err(XmlError::NotWellFormed),
                };
                parent(&mut open)?.text.push(character);
            }
            Event::DocType(_) => return Err(XmlError::DocumentType),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            Event::Eof => break,
        }
        if count > MAX_ELEMENTS {
            return Err(XmlError::TooMany);
        }
    }
    match (open.pop(), open.is_empty()) {
        (Some(mut bottom), true) if bottom.children.len() == 1 && bottom.text.trim().is_empty() => {
            bottom.children.pop().ok_or(XmlError::NotWellFormed)
        }
        _ => Err(XmlError::NotWellFormed),
    }
}

fn parent(open: &mut [Element]) -> Result<&mut Element, XmlError> {
    open.last_mut().ok_or(XmlError::NotWellFormed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_read_by_local_name_with_their_text() {
        let root = read(
            b"<?xml version='1.0'?><a:r xmlns:a='u'><b> x&amp;&#1178; </b><c><![CDATA[<d>]]></c><e/></a:r>",
        )
        .unwrap();
        assert_eq!(root.name, "r");
        assert_eq!(root.text_of("b"), Some("x&Қ"));
        assert_eq!(root.text_of("c"), Some("<d>"));
        assert_eq!(root.text_of("e"), None);
        assert!(root.find("e").is_some());
    }

    #[test]
    fn a_document_type_and_entities_are_refused() {
        assert_eq!(
            read(b"<!DOCTYPE r [<!ENTITY x 'y'>]><r>&x;</r>"),
            Err(XmlError::DocumentType)
        );
        assert_eq!(read(b"<r>&x;</r>"), Err(XmlError::Entity));
    }

    #[test]
    fn bounds_hold() {
        let deep = "<a>".repeat(100) + &"</a>".repeat(100);
        assert_eq!(read(deep.as_bytes()), Err(XmlError::TooDeep));
        let wide = format!("<r>{}</r>", "<a/>".repeat(30_000));
        assert_eq!(read(wide.as_bytes()), Err(XmlError::TooMany));
        assert_eq!(read(&vec![b' '; MAX_BYTES + 1]), Err(XmlError::TooLarge));
    }

    #[test]
    fn what_isnt_one_well_formed_document_is_refused() {
        for text in [
            "",
            "text",
            "<a>",
            "<a></b>",
            "<a/><b/>",
            "<a/>x",
            "</a>",
            "<a>&#0;</a>",
            "<a>&#xD800;</a>",
        ] {
            assert!(read(text.as_bytes()).is_err(), "{text}");
        }
        assert_eq!(read(b"<a>\xff</a>"), Err(XmlError::Encoding));
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_give_a_verdict(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..400)) {
            let _ = read(&bytes);
        }

        #[test]
        fn any_markup_gives_a_verdict(text in "(<[/!?]?[a-c]{0,2}[ />]?|&[a-z#0-9]{0,3};|[a-z ]){0,40}") {
            let _ = read(text.as_bytes());
        }
    }
}
