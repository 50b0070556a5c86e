//! X.509 certificates (RFC 5280), read strictly and kept with the bytes they were read from. What a certificate is
//! allowed to do is decided in `path` and `policy`; here is only what it says.

use std::{fmt, ops::Range, sync::Arc};

use der::{Tag, asn1::ObjectIdentifier};

use super::{
    Instant, Refusal,
    algorithm::{AlgorithmIdentifier, PublicKey},
    asn1::{self, Cursor, Element, NotDer, Parsed},
    name::Name,
    oid,
};

/// Certificates of the national authority have one to two kilobytes.
pub(crate) const MAX_LENGTH: usize = 16 * 1024;
/// RFC 5280, 4.1.2.2.
const MAX_SERIAL_LENGTH: usize = 20;
const MAX_EXTENSIONS: usize = 32;
/// 2050-01-01: dates before it are UTCTime, later ones GeneralizedTime (RFC 5280, 4.1.2.5).
const YEAR_2050: i64 = 2_524_608_000;

/// A certificate that is well formed; nothing is said of who signed it.
#[derive(Clone)]
pub struct Certificate {
    der: Arc<[u8]>,
    signed: Range<usize>,
    signature_algorithm: Range<usize>,
    signature: Range<usize>,
    serial: Range<usize>,
    issuer: Range<usize>,
    subject: Range<usize>,
    key: Range<usize>,
    not_before: Instant,
    not_after: Instant,
    extensions: Extensions,
}

/// Two certificates are the same when their bytes are.
impl PartialEq for Certificate {
    fn eq(&self, other: &Self) -> bool {
        self.der == other.der
    }
}
impl Eq for Certificate {}

/// The serial number alone: logs are no place for people's names and numbers.
impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Certificate({})", self.serial_hex())
    }
}

/// What the extensions say, of those that a decision depends on.
#[derive(Clone, Debug, Default)]
pub(crate) struct Extensions {
    pub(crate) key_usage: Option<KeyUsage>,
    pub(crate) extended_key_usage: Option<ExtendedKeyUsage>,
    pub(crate) basic_constraints: Option<BasicConstraints>,
    pub(crate) subject_key_identifier: Option<Vec<u8>>,
    /// The national authority uses none; a certificate that restricts names below it is not understood here.
    pub(crate) name_constraints: bool,
    /// OCSP responders carry it (RFC 6960, 4.2.2.2.1); older ones with an empty value, so the value is not read.
    pub(crate) ocsp_no_check: bool,
    pub(crate) unknown_critical: Option<ObjectIdentifier>,
}

/// The bits of keyUsage, numbered as RFC 5280, 4.2.1.3 does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct KeyUsage(u32);

impl KeyUsage {
    pub(crate) const DIGITAL_SIGNATURE: u32 = 1;
    pub(crate) const NON_REPUDIATION: u32 = 1 << 1;
    pub(crate) const KEY_CERT_SIGN: u32 = 1 << 5;
    pub(crate) const CRL_SIGN: u32 = 1 << 6;

    pub(crate) fn has(self, bits: u32) -> bool {
        self.0 & bits == bits
    }
}

#[derive(Clone, Debug)]
pub(crate) struct ExtendedKeyUsage {
    pub(crate) purposes: Vec<ObjectIdentifier>,
    pub(crate) critical: bool,
}

impl ExtendedKeyUsage {
    pub(crate) fn has(&self, purpose: ObjectIdentifier) -> bool {
        self.purposes.contains(&purpose)
    }
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct BasicConstraints {
    pub(crate) authority: bool,
    /// How many authorities may stand between this one and the leaf.
    pub(crate) path_length: Option<u8>,
    pub(crate) critical: bool,
}

impl Certificate {
    /// Reads one DER certificate of at most 16 KiB, version 3, with nothing after it.
    pub fn from_der(der: &[u8]) -> Result<Self, Refusal> {
        if der.len() > MAX_LENGTH {
            return Err(Refusal::CertificateTooLarge);
        }
        asn1::check_tree(der).map_err(|NotDer| Refusal::CertificateMalformed("not DER"))?;
        Reading { der: der.into() }.certificate()
    }

    /// The bytes the certificate was read from.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The serial number as INTEGER contents: big-endian, positive, at most 20 octets.
    pub fn serial(&self) -> &[u8] {
        &self.der[self.serial.clone()]
    }

    /// The serial number in lower-case hexadecimal, without a leading zero octet.
    pub fn serial_hex(&self) -> String {
        let digits = self.serial();
        hex(if digits.len() > 1 && digits[0] == 0 {
            &digits[1..]
        } else {
            digits
        })
    }

    pub fn not_before(&self) -> Instant {
        self.not_before
    }

    pub fn not_after(&self) -> Instant {
        self.not_after
    }

    /// The subject's common name, when it has a readable one.
    pub fn common_name(&self) -> Option<String> {
        self.subject_name().single_text(oid::COMMON_NAME).ok().flatten()
    }

    /// The key, if it is of an accepted kind and strength.
    pub fn public_key(&self) -> Result<PublicKey, Refusal> {
        PublicKey::from_spki(self.spki())
    }

    /// Whether the certificate names itself as its issuer, which says nothing of who signed it.
    pub(crate) fn is_self_issued(&self) -> bool {
        self.issuer() == self.subject()
    }

    pub(crate) fn signed_bytes(&self) -> &[u8] {
        &self.der[self.signed.clone()]
    }

    pub(crate) fn signature(&self) -> &[u8] {
        &self.der[self.signature.clone()]
    }

    pub(crate) fn signature_algorithm(&self) -> AlgorithmIdentifier<'_> {
        // These very bytes were read as an AlgorithmIdentifier when the certificate was.
        let read = Cursor::new(&self.der[self.signature_algorithm.clone()])
            .and_then(|mut cursor| AlgorithmIdentifier::read(&mut cursor));
        read.unwrap_or(AlgorithmIdentifier {
            oid: oid::DATA,
            parameters: None,
        })
    }

    /// The DER of the issuer's name.
    pub(crate) fn issuer(&self) -> &[u8] {
        &self.der[self.issuer.clone()]
    }

    /// The DER of the subject's name.
    pub(crate) fn subject(&self) -> &[u8] {
        &self.der[self.subject.clone()]
    }

    pub(crate) fn subject_name(&self) -> Name<'_> {
        // Read once already; an unreadable name never becomes a certificate.
        Name::read(self.subject()).unwrap_or_else(|NotDer| Name::empty())
    }

    pub(crate) fn spki(&self) -> &[u8] {
        &self.der[self.key.clone()]
    }

    pub(crate) fn extensions(&self) -> &Extensions {
        &self.extensions
    }

    /// Whether `at` lies between the two dates, both included.
    pub(crate) fn is_valid_at(&self, at: Instant) -> bool {
        self.not_before <= at && at <= self.not_after
    }
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            // Writing to a String never fails.
            let _ = write!(text, "{byte:02x}");
            text
        })
}

/// The issuer's name and the serial number of a certificate that may otherwise be unreadable: enough to see whether a
/// signer means it.
pub(crate) fn issuer_and_serial(der: &[u8]) -> Parsed<(&[u8], &[u8])> {
    let mut signed = Element::only(der)?.expect(Tag::Sequence)?.open()?.sequence()?;
    signed.optional_context(0)?;
    let serial = signed.any()?.integer()?;
    signed.expect(Tag::Sequence)?;
    let issuer = signed.expect(Tag::Sequence)?.bytes;
    Ok((issuer, serial))
}

struct Reading {
    der: Arc<[u8]>,
}

impl Reading {
    fn range(&self, part: &[u8]) -> Range<usize> {
        // `part` is always borrowed from `self.der`, so the difference of the addresses is its place there.
        let start = part.as_ptr().addr() - self.der.as_ptr().addr();
        start..start + part.len()
    }

    fn certificate(self) -> Result<Certificate, Refusal> {
        let malformed = |what: &'static str| move |NotDer| Refusal::CertificateMalformed(what);
        let whole = Element::only(&self.der).and_then(|element| element.expect(Tag::Sequence));
        let mut outer = whole
            .and_then(Element::open)
            .map_err(malformed("outer sequence"))?;
        let signed = outer.expect(Tag::Sequence).map_err(malformed("tbsCertificate"))?;
        let algorithm_place = outer.clone().any().map_err(malformed("signatureAlgorithm"))?;
        let algorithm = AlgorithmIdentifier::read(&mut outer).map_err(malformed("signatureAlgorithm"))?;
        let signature = outer
            .any()
            .and_then(Element::whole_bits)
            .map_err(malformed("signatureValue"))?;
        outer.finish().map_err(malformed("trailing data"))?;

        let mut fields = signed.open().map_err(malformed("tbsCertificate"))?;
        let version = fields
            .optional_context(0)
            .map_err(malformed("version"))?
            .map(|explicit| {
                let mut cursor = explicit.open()?;
                let version = cursor.any()?.small_number()?;
                cursor.finish().map(|()| version)
            });
        if version != Some(Ok(2)) {
            return Err(Refusal::CertificateMalformed("version"));
        }
        let serial = fields
            .any()
            .and_then(Element::integer)
            .map_err(malformed("serialNumber"))?;
        if serial.len() > MAX_SERIAL_LENGTH
            || serial == [0]
            || serial.first().is_some_and(|first| *first >= 0x80)
        {
            return Err(Refusal::CertificateMalformed("serialNumber"));
        }
        let inner_algorithm = AlgorithmIdentifier::read(&mut fields).map_err(malformed("signature"))?;
        if !inner_algorithm.agrees_with(&algorithm) {
            return Err(Refusal::CertificateMalformed("two signature algorithms"));
        }
        let issuer = fields.expect(Tag::Sequence).map_err(malformed("issuer"))?.bytes;
        let issuer_name = Name::read(issuer).map_err(malformed("issuer"))?;
        if issuer_name.is_empty() {
            return Err(Refusal::CertificateMalformed("issuer"));
        }
        let mut validity = fields.sequence().map_err(malformed("validity"))?;
        let not_before = validity_date(&mut validity).map_err(malformed("notBefore"))?;
        let not_after = validity_date(&mut validity).map_err(malformed("notAfter"))?;
        validity.finish().map_err(malformed("validity"))?;
        let subject = fields.expect(Tag::Sequence).map_err(malformed("subject"))?.bytes;
        Name::read(subject).map_err(malformed("subject"))?;
        let key = fields
            .expect(Tag::Sequence)
            .map_err(malformed("subjectPublicKeyInfo"))?
            .bytes;
        let extensions = match fields.optional_context(3).map_err(malformed("extensions"))? {
            Some(explicit) => read_extensions(explicit)?,
            None => Extensions::default(),
        };
        // The two unique identifiers of X.509 version 2, [1] and [2], would stand before the extensions and end up here.
        fields.finish().map_err(malformed("unexpected field"))?;

        Ok(Certificate {
            signed: self.range(signed.bytes),
            signature_algorithm: self.range(algorithm_place.bytes),
            signature: self.range(signature),
            serial: self.range(serial),
            issuer: self.range(issuer),
            subject: self.range(subject),
            key: self.range(key),
            not_before,
            not_after,
            extensions,
            der: self.der.clone(),
        })
    }
}

fn validity_date(cursor: &mut Cursor<'_>) -> Parsed<Instant> {
    let element = cursor.any()?;
    let time = element.time()?;
    // UTCTime can't reach 2050, so only the other direction is left to check.
    if element.tag == Tag::GeneralizedTime && time.unix() < YEAR_2050 {
        Err(NotDer)
    } else {
        Ok(time)
    }
}

/// One extension as RFC 5280 frames it; the framing is shared by certificates, CRLs and OCSP.
pub(crate) struct RawExtension<'a> {
    pub(crate) oid: ObjectIdentifier,
    pub(crate) critical: bool,
    pub(crate) value: &'a [u8],
}

/// Reads a SEQUENCE OF Extension inside its explicit tag, refusing doubles.
pub(crate) fn raw_extensions(explicit: Element<'_>) -> Parsed<Vec<RawExtension<'_>>> {
    let mut cursor = explicit.open()?;
    let mut list = cursor.sequence()?;
    cursor.finish()?;
    let mut extensions: Vec<RawExtension<'_>> = Vec::new();
    while !list.is_finished() {
        let mut fields = list.sequence()?;
        let oid = fields.object_identifier()?;
        let critical = match fields.optional(Tag::Boolean)? {
            // FALSE is the default, which DER leaves out.
            Some(flag) => flag.boolean()?.then_some(true).ok_or(NotDer)?,
            None => false,
        };
        let value = fields.octets()?;
        fields.finish()?;
        if extensions.len() >= MAX_EXTENSIONS || extensions.iter().any(|known| known.oid == oid) {
            return Err(NotDer);
        }
        extensions.push(RawExtension { oid, critical, value });
    }
    Ok(extensions)
}

fn read_extensions(explicit: Element<'_>) -> Result<Extensions, Refusal> {
    let malformed = |what: &'static str| move |NotDer| Refusal::CertificateMalformed(what);
    let mut extensions = Extensions::default();
    for RawExtension { oid, critical, value } in raw_extensions(explicit).map_err(malformed("extensions"))? {
        match oid {
            oid::KEY_USAGE => {
                let bits = Element::only(value)
                    .and_then(Element::named_bits)
                    .map_err(malformed("keyUsage"))?;
                extensions.key_usage = Some(KeyUsage(bits));
            }
            oid::EXTENDED_KEY_USAGE => {
                let purposes = read_purposes(value).map_err(malformed("extKeyUsage"))?;
                extensions.extended_key_usage = Some(ExtendedKeyUsage { purposes, critical });
            }
            oid::BASIC_CONSTRAINTS => {
                let constraints =
                    read_basic_constraints(value, critical).map_err(malformed("basicConstraints"))?;
                extensions.basic_constraints = Some(constraints);
            }
            oid::SUBJECT_KEY_IDENTIFIER => {
                let identifier = Element::only(value).and_then(|element| element.expect(Tag::OctetString));
                let identifier = identifier.map_err(malformed("subjectKeyIdentifier"))?;
                extensions.subject_key_identifier = Some(identifier.contents.to_vec());
            }
            oid::NAME_CONSTRAINTS => extensions.name_constraints = true,
            oid::OCSP_NO_CHECK => extensions.ocsp_no_check = true,
            // Neither decides anything here; marked critical they are still understood.
            oid::SUBJECT_ALT_NAME | oid::CERTIFICATE_POLICIES => {}
            unknown if critical => extensions.unknown_critical = Some(unknown),
            _ => {}
        }
    }
    Ok(extensions)
}

fn read_purposes(value: &[u8]) -> Parsed<Vec<ObjectIdentifier>> {
    let mut list = Element::only(value)?.expect(Tag::Sequence)?.open()?;
    let mut purposes = Vec::new();
    while !list.is_finished() {
        purposes.push(list.object_identifier()?);
    }
    if purposes.is_empty() {
        Err(NotDer)
    } else {
        Ok(purposes)
    }
}

fn read_basic_constraints(value: &[u8], critical: bool) -> Parsed<BasicConstraints> {
    let mut fields = Element::only(value)?.expect(Tag::Sequence)?.open()?;
    let authority = match fields.optional(Tag::Boolean)? {
        Some(flag) => flag.boolean()?.then_some(true).ok_or(NotDer)?,
        None => false,
    };
    let path_length = match fields.optional(Tag::Integer)? {
        Some(number) => Some(number.small_number()?),
        None => None,
    };
    fields.finish()?;
    if path_length.is_some() && !authority {
        return Err(NotDer);
    }
    Ok(BasicConstraints {
        authority,
        path_length,
        critical,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{demo::mint, pki::fixture::now};

    #[test]
    fn dates_before_2050_are_utc_time() {
        let date = |der: &[u8]| validity_date(&mut Cursor::new(der).unwrap());
        let later = Instant::from_unix(YEAR_2050);
        assert_eq!(date(&mint::time(now())), Ok(now()));
        assert_eq!(date(&mint::generalized_time(now())), Err(NotDer));
        assert_eq!(date(&mint::generalized_time(later)), Ok(later));
        assert_eq!(date(&mint::generalized_time(later.plus_seconds(-1))), Err(NotDer));
    }
}
