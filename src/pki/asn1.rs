//! Reading and writing DER, over the types of `der`. Reading is a cursor over borrowed bytes, so nothing is allocated by
//! a length that the input merely claims, and what was signed stays available as the very bytes that came.

use der::{
    Decode, Encode, Header, Length, Reader, SliceReader, Tag, TagNumber,
    asn1::{GeneralizedTime, ObjectIdentifier, UtcTime},
};

use super::Instant;

/// The input isn't the DER that was expected at this place. Which field it was is added by whoever was reading it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NotDer;

impl From<der::Error> for NotDer {
    fn from(_: der::Error) -> Self {
        Self
    }
}

pub(crate) type Parsed<T> = Result<T, NotDer>;

/// One tag, its contents, and the bytes of the whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Element<'a> {
    pub(crate) tag: Tag,
    pub(crate) contents: &'a [u8],
    pub(crate) bytes: &'a [u8],
}

impl<'a> Element<'a> {
    /// The one element these bytes are, with nothing after it.
    pub(crate) fn only(bytes: &'a [u8]) -> Parsed<Self> {
        let mut cursor = Cursor::new(bytes)?;
        let element = cursor.any()?;
        cursor.finish()?;
        Ok(element)
    }

    pub(crate) fn expect(self, tag: Tag) -> Parsed<Self> {
        if self.tag == tag { Ok(self) } else { Err(NotDer) }
    }

    /// A cursor over the contents.
    pub(crate) fn open(self) -> Parsed<Cursor<'a>> {
        Cursor::new(self.contents)
    }

    pub(crate) fn object_identifier(self) -> Parsed<ObjectIdentifier> {
        self.expect(Tag::ObjectIdentifier)?;
        ObjectIdentifier::from_bytes(self.contents).map_err(|_| NotDer)
    }

    /// The contents of a whole number in its shortest form; the sign is the first bit.
    pub(crate) fn integer(self) -> Parsed<&'a [u8]> {
        self.expect(Tag::Integer)?;
        match self.contents {
            [] | [0x00, 0x00..=0x7f, ..] | [0xff, 0x80..=0xff, ..] => Err(NotDer),
            contents => Ok(contents),
        }
    }

    pub(crate) fn small_number(self) -> Parsed<u8> {
        match self.integer()? {
            [value @ 0..=0x7f] => Ok(*value),
            _ => Err(NotDer),
        }
    }

    pub(crate) fn boolean(self) -> Parsed<bool> {
        self.expect(Tag::Boolean)?;
        match self.contents {
            [0x00] => Ok(false),
            [0xff] => Ok(true),
            _ => Err(NotDer),
        }
    }

    /// The octets of a BIT STRING that leaves no bit unused, as keys and signatures are.
    pub(crate) fn whole_bits(self) -> Parsed<&'a [u8]> {
        self.expect(Tag::BitString)?;
        match self.contents {
            [0, octets @ ..] => Ok(octets),
            _ => Err(NotDer),
        }
    }

    /// A BIT STRING of named bits (X.690, 11.2.2): no trailing zero bit, unused bits zero. The first bit is number 0.
    pub(crate) fn named_bits(self) -> Parsed<u32> {
        self.expect(Tag::BitString)?;
        let (unused, octets) = self.contents.split_first().ok_or(NotDer)?;
        if octets.len() > 4 || *unused > 7 {
            return Err(NotDer);
        }
        match octets.last() {
            None if *unused == 0 => Ok(0),
            Some(last) if last.trailing_zeros() == u32::from(*unused) => {
                let mut bits = 0;
                for (index, octet) in octets.iter().enumerate() {
                    bits |= u32::from(octet.reverse_bits()) << (8 * index);
                }
                Ok(bits)
            }
            _ => Err(NotDer),
        }
    }

    /// A UTCTime or GeneralizedTime as RFC 5280 writes them: seconds present, Z, no fraction.
    pub(crate) fn time(self) -> Parsed<Instant> {
        let time = match self.tag {
            Tag::UtcTime => UtcTime::from_der(self.bytes)?.to_date_time(),
            Tag::GeneralizedTime => GeneralizedTime::from_der(self.bytes)?.to_date_time(),
            _ => return Err(NotDer),
        };
        Ok(Instant::from_der_time(time))
    }

    /// The text of one of ASN.1's string types that certificates use; `None` for other types and broken text.
    pub(crate) fn text(self) -> Option<String> {
        match self.tag {
            Tag::Utf8String => std::str::from_utf8(self.contents).ok().map(str::to_owned),
            Tag::PrintableString | Tag::Ia5String | Tag::NumericString | Tag::VisibleString => self
                .contents
                .is_ascii()
                .then(|| self.contents.iter().map(|byte| char::from(*byte)).collect()),
            Tag::BmpString if self.contents.len().is_multiple_of(2) => {
                let units = self
                    .contents
                    .chunks_exact(2)
                    .map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
                char::decode_utf16(units).collect::<Result<String, _>>().ok()
            }
            _ => None,
        }
    }
}

/// Reads one element after another.
#[derive(Clone)]
pub(crate) struct Cursor<'a>(SliceReader<'a>);

impl<'a> Cursor<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Parsed<Self> {
        Ok(Self(SliceReader::new(bytes)?))
    }

    pub(crate) fn is_finished(&self) -> bool {
        self.0.is_finished()
    }

    /// Refuses anything left unread.
    pub(crate) fn finish(self) -> Parsed<()> {
        if self.is_finished() { Ok(()) } else { Err(NotDer) }
    }

    pub(crate) fn any(&mut self) -> Parsed<Element<'a>> {
        let mut ahead = self.0.clone();
        let header = Header::decode(&mut ahead)?;
        let header_length = (ahead.position() - self.0.position())?;
        let bytes = self.0.read_slice((header_length + header.length())?)?;
        let contents = bytes.get(usize::try_from(header_length)?..).ok_or(NotDer)?;
        Ok(Element {
            tag: header.tag(),
            contents,
            bytes,
        })
    }

    pub(crate) fn expect(&mut self, tag: Tag) -> Parsed<Element<'a>> {
        self.any()?.expect(tag)
    }

    pub(crate) fn sequence(&mut self) -> Parsed<Cursor<'a>> {
        self.expect(Tag::Sequence)?.open()
    }

    pub(crate) fn set(&mut self) -> Parsed<Cursor<'a>> {
        self.expect(Tag::Set)?.open()
    }

    pub(crate) fn object_identifier(&mut self) -> Parsed<ObjectIdentifier> {
        self.any()?.object_identifier()
    }

    pub(crate) fn octets(&mut self) -> Parsed<&'a [u8]> {
        Ok(self.expect(Tag::OctetString)?.contents)
    }

    pub(crate) fn time(&mut self) -> Parsed<Instant> {
        self.any()?.time()
    }

    /// The next element, if it has this tag.
    pub(crate) fn optional(&mut self, tag: Tag) -> Parsed<Option<Element<'a>>> {
        if self.is_finished() || Tag::peek(&self.0)? != tag {
            Ok(None)
        } else {
            self.any().map(Some)
        }
    }

    /// The next element, if it is the constructed `[number]`.
    pub(crate) fn optional_context(&mut self, number: u8) -> Parsed<Option<Element<'a>>> {
        self.optional(context(number))
    }
}

/// The constructed context-specific tag `[number]`.
pub(crate) const fn context(number: u8) -> Tag {
    Tag::ContextSpecific {
        constructed: true,
        number: TagNumber(number as u32),
    }
}

/// The primitive context-specific tag `[number]`.
pub(crate) const fn context_primitive(number: u8) -> Tag {
    Tag::ContextSpecific {
        constructed: false,
        number: TagNumber(number as u32),
    }
}

/// How deep elements may be nested; a signature with a time stamp reaches fourteen.
const MAX_DEPTH: usize = 32;

/// Walks the whole tree without recursion: every constructed element must be filled exactly by elements with shortest
/// lengths, at most thirty-two deep. The parsers above it read only what they need; this leaves no unread corner where
/// the same meaning could hide under other bytes.
pub(crate) fn check_tree(bytes: &[u8]) -> Parsed<()> {
    let mut open = vec![Cursor::new(bytes)?];
    let mut top_level = 0;
    while let Some(cursor) = open.last_mut() {
        if cursor.is_finished() {
            open.pop();
            continue;
        }
        let element = cursor.any()?;
        if open.len() == 1 {
            top_level += 1;
        }
        if element.tag.is_constructed() {
            if open.len() >= MAX_DEPTH {
                return Err(NotDer);
            }
            open.push(element.open()?);
        }
    }
    if top_level == 1 { Ok(()) } else { Err(NotDer) }
}

/// An element of this tag around the parts, joined.
pub(crate) fn wrap(tag: Tag, parts: &[&[u8]]) -> Vec<u8> {
    let contents = parts.concat();
    let mut out = Vec::with_capacity(contents.len() + 6);
    // Nothing in this room comes near four gigabytes, and a tag and a length always fit a vector.
    let length = Length::try_from(contents.len()).unwrap_or(Length::MAX);
    Header::new(tag, length)
        .encode_to_vec(&mut out)
        .unwrap_or_default();
    out.extend_from_slice(&contents);
    out
}

pub(crate) fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    wrap(Tag::Sequence, parts)
}

pub(crate) fn object_identifier(oid: ObjectIdentifier) -> Vec<u8> {
    wrap(Tag::ObjectIdentifier, &[oid.as_bytes()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_one_form() {
        for long in [&[2, 2, 0, 1][..], &[2, 2, 0xff, 0x80], &[2, 0]] {
            assert_eq!(Element::only(long).and_then(Element::integer), Err(NotDer));
        }
        assert_eq!(
            Element::only(&[2, 2, 0, 0x80]).and_then(Element::integer),
            Ok(&[0, 0x80][..])
        );
    }

    #[test]
    fn a_length_has_one_form_and_is_never_believed() {
        for bytes in [
            &[4, 0x81, 1, 7][..],
            &[4, 0x80, 0, 0],
            &[4, 0x84, 0xff, 0xff, 0xff, 0xff],
            &[4, 2, 1],
            &[4],
        ] {
            assert_eq!(Element::only(bytes), Err(NotDer));
        }
    }

    #[test]
    fn the_tree_is_walked_into_every_corner() {
        assert_eq!(check_tree(&[0x30, 2, 5, 0]), Ok(()));
        assert_eq!(check_tree(&[0x30, 2, 5, 0, 5, 0]), Err(NotDer), "trailing data");
        assert_eq!(
            check_tree(&[0x30, 3, 4, 0x81, 0]),
            Err(NotDer),
            "a long length inside"
        );
        assert_eq!(check_tree(&[]), Err(NotDer));
    }

    #[test]
    fn nesting_ends_at_thirty_two() {
        let nested = |depth: usize| (0..depth).fold(vec![5, 0], |inner, _| sequence(&[&inner]));
        assert_eq!(check_tree(&nested(31)), Ok(()));
        assert_eq!(check_tree(&nested(32)), Err(NotDer));
        assert_eq!(check_tree(&nested(5_000)), Err(NotDer));
    }

    #[test]
    fn named_bits_have_one_form() {
        assert_eq!(
            Element::only(&[3, 2, 6, 0xc0]).and_then(Element::named_bits),
            Ok(0b11)
        );
        assert_eq!(
            Element::only(&[3, 3, 7, 0x06, 0x80]).and_then(Element::named_bits),
            Ok(0b1_0110_0000)
        );
        for bytes in [
            &[3, 2, 5, 0xc0][..],
            &[3, 2, 0, 0],
            &[3, 1, 1],
            &[3, 0],
            &[3, 2, 6, 0xe0],
        ] {
            assert_eq!(Element::only(bytes).and_then(Element::named_bits), Err(NotDer));
        }
    }
}
