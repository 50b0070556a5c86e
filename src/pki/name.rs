//! Distinguished names, read only as far as a decision needs them. Names are compared byte for byte: an issuer copies the
//! bytes of its own subject, and anything looser would let two spellings mean one authority.

use der::{Tag, asn1::ObjectIdentifier};

use super::asn1::{Element, NotDer, Parsed};

/// More relative names than this no certificate has.
const MAX_ATTRIBUTES: usize = 32;

/// The attributes of a name, in the order they are encoded.
#[derive(Clone, Debug)]
pub(crate) struct Name<'a>(Vec<(ObjectIdentifier, Element<'a>)>);

impl<'a> Name<'a> {
    pub(crate) fn read(bytes: &'a [u8]) -> Parsed<Self> {
        let mut relative_names = Element::only(bytes)?.expect(Tag::Sequence)?.open()?;
        let mut attributes = Vec::new();
        while !relative_names.is_finished() {
            let mut set = relative_names.set()?;
            if set.is_finished() {
                return Err(NotDer);
            }
            while !set.is_finished() {
                let mut pair = set.sequence()?;
                attributes.push((pair.object_identifier()?, pair.any()?));
                pair.finish()?;
                if attributes.len() > MAX_ATTRIBUTES {
                    return Err(NotDer);
                }
            }
        }
        Ok(Self(attributes))
    }

    pub(crate) fn empty() -> Self {
        Self(Vec::new())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Every value of this attribute.
    pub(crate) fn all(&self, oid: ObjectIdentifier) -> impl Iterator<Item = Element<'a>> + '_ {
        self.0
            .iter()
            .filter(move |(attribute, _)| *attribute == oid)
            .map(|(_, value)| *value)
    }

    pub(crate) fn has(&self, oid: ObjectIdentifier) -> bool {
        self.all(oid).next().is_some()
    }

    /// The attribute's text; `Ok(None)` when it is absent, an error when it stands twice, is no text, is empty, or
    /// hides control characters.
    pub(crate) fn single_text(&self, oid: ObjectIdentifier) -> Parsed<Option<String>> {
        let mut values = self.all(oid);
        let Some(value) = values.next() else {
            return Ok(None);
        };
        if values.next().is_some() {
            return Err(NotDer);
        }
        let text = value.text().ok_or(NotDer)?;
        if text.trim().is_empty() || text.chars().any(char::is_control) {
            Err(NotDer)
        } else {
            Ok(Some(text))
        }
    }
}
