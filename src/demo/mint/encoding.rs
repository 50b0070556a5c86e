//! DER, written.

use der::{Tag, TagNumber, asn1::ObjectIdentifier};

use crate::pki::{Instant, asn1::wrap};

macro_rules! names {
    ($($name:ident = $dotted:literal;)*) => { $(pub const $name: &str = $dotted;)* };
}

names! {
    GOST_2015_KEY = "1.2.398.3.10.1.1.2.2";
    GOST_2015_PARAMETERS = "1.2.398.3.10.1.1.2.2.1";
    GOST_2015_SIGNATURE = "1.2.398.3.10.1.1.2.3.2";
    STREEBOG_512 = "1.2.398.3.10.1.3.3";
    RSA_ENCRYPTION = "1.2.840.113549.1.1.1";
    SHA256_WITH_RSA = "1.2.840.113549.1.1.11";
    SHA1_WITH_RSA = "1.2.840.113549.1.1.5";
    SHA_1 = "1.3.14.3.2.26";
    SHA_256 = "2.16.840.1.101.3.4.2.1";

    COMMON_NAME = "2.5.4.3";
    SURNAME = "2.5.4.4";
    SERIAL_NUMBER = "2.5.4.5";
    COUNTRY = "2.5.4.6";
    ORGANIZATION = "2.5.4.10";
    ORGANIZATIONAL_UNIT = "2.5.4.11";
    GIVEN_NAME = "2.5.4.42";

    SUBJECT_KEY_IDENTIFIER = "2.5.29.14";
    KEY_USAGE = "2.5.29.15";
    BASIC_CONSTRAINTS = "2.5.29.19";
    CRL_NUMBER = "2.5.29.20";
    REASON_CODE = "2.5.29.21";
    DELTA_CRL_INDICATOR = "2.5.29.27";
    ISSUING_DISTRIBUTION_POINT = "2.5.29.28";
    NAME_CONSTRAINTS = "2.5.29.30";
    CRL_DISTRIBUTION_POINTS = "2.5.29.31";
    CERTIFICATE_POLICIES = "2.5.29.32";
    AUTHORITY_KEY_IDENTIFIER = "2.5.29.35";
    EXTENDED_KEY_USAGE = "2.5.29.37";
    ANY_EXTENDED_KEY_USAGE = "2.5.29.37.0";
    FRESHEST_CRL = "2.5.29.46";
    AUTHORITY_INFO_ACCESS = "1.3.6.1.5.5.7.1.1";
    KEY_STORE_TYPE = "1.2.398.3.3.5";

    CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
    EMAIL_PROTECTION = "1.3.6.1.5.5.7.3.4";
    TIME_STAMPING = "1.3.6.1.5.5.7.3.8";
    OCSP_SIGNING = "1.3.6.1.5.5.7.3.9";
    INDIVIDUAL = "1.2.398.3.3.4.1.1";
    LEGAL_ENTITY = "1.2.398.3.3.4.1.2";
    FIRST_HEAD = "1.2.398.3.3.4.1.2.1";

    DATA = "1.2.840.113549.1.7.1";
    SIGNED_DATA = "1.2.840.113549.1.7.2";
    CONTENT_TYPE = "1.2.840.113549.1.9.3";
    MESSAGE_DIGEST = "1.2.840.113549.1.9.4";
    SIGNING_TIME = "1.2.840.113549.1.9.5";
    SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47";
    SIGNING_CERTIFICATE = "1.2.840.113549.1.9.16.2.12";
    TIME_STAMP_TOKEN = "1.2.840.113549.1.9.16.2.14";
    TST_INFO = "1.2.840.113549.1.9.16.1.4";

    OCSP = "1.3.6.1.5.5.7.48.1";
    OCSP_BASIC = "1.3.6.1.5.5.7.48.1.1";
    OCSP_NONCE = "1.3.6.1.5.5.7.48.1.2";
    OCSP_NO_CHECK = "1.3.6.1.5.5.7.48.1.5";
    OCSP_EXTENDED_REVOKE = "1.3.6.1.5.5.7.48.1.9";
}

pub fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    wrap(Tag::Sequence, parts)
}

pub fn set(parts: &[&[u8]]) -> Vec<u8> {
    wrap(Tag::Set, parts)
}

/// A SET OF in the order DER wants.
pub fn set_of(parts: &[Vec<u8>]) -> Vec<u8> {
    let mut sorted = parts.to_vec();
    sorted.sort();
    wrap(Tag::Set, &sorted.iter().map(Vec::as_slice).collect::<Vec<_>>())
}

/// `[number]`, constructed.
pub fn context(number: u8, parts: &[&[u8]]) -> Vec<u8> {
    wrap(
        Tag::ContextSpecific {
            constructed: true,
            number: TagNumber(number.into()),
        },
        parts,
    )
}

/// `[number]`, primitive.
pub fn context_primitive(number: u8, contents: &[u8]) -> Vec<u8> {
    wrap(
        Tag::ContextSpecific {
            constructed: false,
            number: TagNumber(number.into()),
        },
        &[contents],
    )
}

/// An object identifier from its dotted form.
pub fn oid(dotted: &str) -> Vec<u8> {
    let oid = ObjectIdentifier::new(dotted).expect("the dotted names in this room are well formed");
    wrap(Tag::ObjectIdentifier, &[oid.as_bytes()])
}

/// An AlgorithmIdentifier; `parameters` may be empty.
pub fn algorithm(dotted: &str, parameters: &[u8]) -> Vec<u8> {
    sequence(&[&oid(dotted), parameters])
}

pub fn null() -> Vec<u8> {
    wrap(Tag::Null, &[])
}

pub fn octets(contents: &[u8]) -> Vec<u8> {
    wrap(Tag::OctetString, &[contents])
}

/// A BIT STRING of whole octets.
pub fn bits(contents: &[u8]) -> Vec<u8> {
    wrap(Tag::BitString, &[&[0], contents])
}

/// A BIT STRING of named bits, by their numbers (at most 15).
pub fn named_bits(numbers: &[u8]) -> Vec<u8> {
    let word = numbers.iter().fold(0_u16, |word, number| word | 0x8000 >> number);
    let both = word.to_be_bytes();
    let octets = match both {
        [0, 0] => &both[..0],
        [_, 0] => &both[..1],
        _ => &both,
    };
    let unused = octets.last().map_or(0, |last| last.trailing_zeros() as u8);
    wrap(Tag::BitString, &[&[unused], octets])
}

pub fn boolean(value: bool) -> Vec<u8> {
    wrap(Tag::Boolean, &[&[if value { 0xff } else { 0 }]])
}

/// A whole number from two's complement contents.
pub fn integer(contents: &[u8]) -> Vec<u8> {
    wrap(Tag::Integer, &[contents])
}

/// A whole number that is not negative, in its shortest form.
pub fn number(value: u64) -> Vec<u8> {
    let octets = value.to_be_bytes();
    let skip = octets.iter().take_while(|octet| **octet == 0).count().min(7);
    let octets = &octets[skip..];
    if octets[0] >= 0x80 {
        wrap(Tag::Integer, &[&[0], octets])
    } else {
        integer(octets)
    }
}

pub fn enumerated(value: u8) -> Vec<u8> {
    wrap(Tag::Enumerated, &[&[value]])
}

pub fn utf8(text: &str) -> Vec<u8> {
    wrap(Tag::Utf8String, &[text.as_bytes()])
}

pub fn printable(text: &str) -> Vec<u8> {
    wrap(Tag::PrintableString, &[text.as_bytes()])
}

/// UTCTime before 2050, GeneralizedTime from then on.
pub fn time(at: Instant) -> Vec<u8> {
    let digits = digits(at);
    if digits.as_str() < "2050" {
        wrap(Tag::UtcTime, &[&digits.as_bytes()[2..]])
    } else {
        wrap(Tag::GeneralizedTime, &[digits.as_bytes()])
    }
}

pub fn generalized_time(at: Instant) -> Vec<u8> {
    wrap(Tag::GeneralizedTime, &[digits(at).as_bytes()])
}

fn digits(at: Instant) -> String {
    at.to_string()
        .chars()
        .filter(|c| c.is_ascii_digit() || *c == 'Z')
        .collect()
}
