//! CMS SignedData (RFC 5652) with exactly one signer, and the checks that make its signature mean what it seems to:
//! everything a general library leaves to the caller. The order of the checks is that of `Refusal`.

use std::borrow::Cow;

use der::{Tag, asn1::ObjectIdentifier};
use subtle::ConstantTimeEq;

use super::{
    Instant, Refusal,
    algorithm::{AlgorithmIdentifier, Digest, SignatureAlgorithm},
    asn1::{self, Cursor, Element, NotDer, Parsed, context, context_primitive},
    ber,
    certificate::{self, Certificate},
    oid,
};

/// A form with an attached PDF has some hundred kilobytes.
pub(crate) const MAX_LENGTH: usize = 1024 * 1024;
const MAX_CERTIFICATES: usize = 16;
const MAX_ATTRIBUTES: usize = 32;

/// The bytes as strict DER: themselves, or what the bounded normaliser makes of BER.
pub(crate) fn to_strict_der(cms: &[u8]) -> Result<Cow<'_, [u8]>, Refusal> {
    if cms.len() > MAX_LENGTH {
        return Err(Refusal::TooLarge);
    }
    if asn1::check_tree(cms).is_ok() {
        return Ok(Cow::Borrowed(cms));
    }
    let der = ber::to_der(cms).ok_or(Refusal::NotDer)?;
    asn1::check_tree(&der).map_err(|NotDer| Refusal::NotDer)?;
    Ok(Cow::Owned(der))
}

/// A SignedData whose one signer has been found and nothing verified.
#[derive(Debug)]
pub(crate) struct SignedData<'a> {
    digest_algorithms: Vec<AlgorithmIdentifier<'a>>,
    content_type: ObjectIdentifier,
    content: Option<&'a [u8]>,
    certificates: Vec<&'a [u8]>,
    signer: SignerInfo<'a>,
}

#[derive(Debug)]
struct SignerInfo<'a> {
    identifier: SignerIdentifier<'a>,
    digest_algorithm: AlgorithmIdentifier<'a>,
    /// The contents of `[0]`, which are those of the SET that was signed.
    signed_attributes: Option<&'a [u8]>,
    signature_algorithm: AlgorithmIdentifier<'a>,
    signature: &'a [u8],
    unsigned_attributes: Option<&'a [u8]>,
}

#[derive(Debug)]
enum SignerIdentifier<'a> {
    IssuerAndSerial { issuer: &'a [u8], serial: &'a [u8] },
    SubjectKey(&'a [u8]),
}

/// What the verified signature says.
#[derive(Debug)]
pub(crate) struct Checked {
    pub(crate) certificate: Certificate,
    pub(crate) algorithm: SignatureAlgorithm,
    pub(crate) signing_time: Option<Instant>,
}

impl<'a> SignedData<'a> {
    /// Reads a ContentInfo that is strict DER already.
    pub(crate) fn read(der: &'a [u8]) -> Result<Self, Refusal> {
        let malformed = |what: &'static str| move |NotDer| Refusal::NotSignedData(what);
        let outer = Element::only(der).and_then(|element| element.expect(Tag::Sequence));
        let mut outer = outer.and_then(Element::open).map_err(malformed("ContentInfo"))?;
        if outer.object_identifier() != Ok(oid::SIGNED_DATA) {
            return Err(Refusal::NotSignedData("content type"));
        }
        let explicit = outer
            .expect(context(0))
            .and_then(Element::open)
            .map_err(malformed("content"))?;
        outer.finish().map_err(malformed("trailing data"))?;
        let mut explicit = explicit;
        let mut fields = explicit.sequence().map_err(malformed("SignedData"))?;
        explicit.finish().map_err(malformed("trailing data"))?;

        if !matches!(fields.any().and_then(Element::small_number), Ok(1 | 3)) {
            return Err(Refusal::NotSignedData("version"));
        }
        let digest_algorithms = read_all(&mut fields).map_err(malformed("digestAlgorithms"))?;
        let (content_type, content) = read_content(&mut fields).map_err(malformed("encapContentInfo"))?;
        let certificates = read_certificates(&mut fields).map_err(malformed("certificates"))?;
        // Revocation lists that come along decide nothing.
        fields.optional_context(1).map_err(malformed("crls"))?;
        let mut signers = fields.set().map_err(malformed("signerInfos"))?;
        fields.finish().map_err(malformed("trailing data"))?;
        if signers.is_finished() {
            return Err(Refusal::NoSigner);
        }
        let first = signers.sequence().map_err(malformed("signerInfo"))?;
        if !signers.is_finished() {
            return Err(Refusal::SeveralSigners);
        }
        let signer = SignerInfo::read(first).map_err(malformed("signerInfo"))?;
        Ok(Self {
            digest_algorithms,
            content_type,
            content,
            certificates,
            signer,
        })
    }

    /// The content inside, when it is attached.
    pub(crate) fn content(&self) -> Option<&'a [u8]> {
        self.content
    }

    pub(crate) fn content_type(&self) -> ObjectIdentifier {
        self.content_type
    }

    /// The value of the signature itself, which a time stamp is taken over.
    pub(crate) fn signature(&self) -> &'a [u8] {
        self.signer.signature
    }

    /// The time-stamp tokens among the unsigned attributes, each a ContentInfo of its own. Anybody can add, change or
    /// remove them: they are reported and decide nothing.
    pub(crate) fn time_stamp_tokens(&self) -> Vec<&'a [u8]> {
        let attributes = self
            .signer
            .unsigned_attributes
            .and_then(|contents| Attributes::read(contents).ok());
        let tokens = attributes.into_iter().flat_map(|attributes| attributes.0);
        tokens
            .filter(|attribute| attribute.oid == oid::TIME_STAMP_TOKEN)
            .flat_map(|attribute| attribute.values)
            .map(|value| value.bytes)
            .collect()
    }

    /// Verifies the one signature over `document`, whose type must be `content_type`, with the key of the certificate
    /// that the signer names. Whether that certificate is to be trusted is another question.
    pub(crate) fn check(&self, content_type: ObjectIdentifier, document: &[u8]) -> Result<Checked, Refusal> {
        if self.content_type != content_type {
            return Err(Refusal::ContentType);
        }
        let contents = self.signer.signed_attributes.ok_or(Refusal::NoSignedAttributes)?;
        let attributes =
            Attributes::read(contents).map_err(|NotDer| Refusal::NotSignedData("signedAttrs"))?;
        attributes.check_order()?;
        match attributes.single(oid::CONTENT_TYPE)? {
            None => return Err(Refusal::ContentTypeAttributeMissing),
            Some(value) if value.object_identifier() != Ok(content_type) => {
                return Err(Refusal::ContentTypeAttributeMismatch);
            }
            Some(_) => {}
        }
        let message_digest = attributes
            .single(oid::MESSAGE_DIGEST)?
            .ok_or(Refusal::MessageDigestMissing)?
            .expect(Tag::OctetString)
            .map_err(|NotDer| Refusal::AttributeValue(oid::MESSAGE_DIGEST))?
            .contents;
        let signing_time = attributes
            .single(oid::SIGNING_TIME)?
            .map(|value| {
                value
                    .time()
                    .map_err(|NotDer| Refusal::AttributeValue(oid::SIGNING_TIME))
            })
            .transpose()?;

        let digest = Digest::from_identifier(&self.signer.digest_algorithm)?;
        if !self
            .digest_algorithms
            .iter()
            .any(|announced| announced.agrees_with(&self.signer.digest_algorithm))
        {
            return Err(Refusal::DigestNotAnnounced);
        }
        let algorithm = SignatureAlgorithm::of_signer(&self.signer.signature_algorithm, digest)?;

        if !bool::from(digest.hash(document).ct_eq(message_digest)) {
            return Err(Refusal::DocumentMismatch);
        }
        if self.content.is_some_and(|content| content != document) {
            return Err(Refusal::ContentMismatch);
        }

        let certificate = Certificate::from_der(self.signer_certificate()?)?;
        attributes.check_signing_certificate(&certificate)?;
        let signed = asn1::wrap(Tag::Set, &[contents]);
        certificate
            .public_key()?
            .verify(algorithm, &signed, self.signer.signature)?;
        Ok(Checked {
            certificate,
            algorithm,
            signing_time,
        })
    }

    /// The one embedded certificate that the signer's identifier fits.
    fn signer_certificate(&self) -> Result<&'a [u8], Refusal> {
        let mut fitting = self
            .certificates
            .iter()
            .filter(|der| match &self.signer.identifier {
                SignerIdentifier::IssuerAndSerial { issuer, serial } => {
                    certificate::issuer_and_serial(der) == Ok((*issuer, *serial))
                }
                SignerIdentifier::SubjectKey(identifier) => Certificate::from_der(der).is_ok_and(|known| {
                    known.extensions().subject_key_identifier.as_deref() == Some(*identifier)
                }),
            });
        let certificate = fitting.next().ok_or(Refusal::SignerCertificateMissing)?;
        if fitting.next().is_some() {
            Err(Refusal::SignerCertificateAmbiguous)
        } else {
            Ok(certificate)
        }
    }
}

fn read_all<'a>(fields: &mut Cursor<'a>) -> Parsed<Vec<AlgorithmIdentifier<'a>>> {
    let mut set = fields.set()?;
    let mut algorithms = Vec::new();
    while !set.is_finished() {
        algorithms.push(AlgorithmIdentifier::read(&mut set)?);
        if algorithms.len() > MAX_ATTRIBUTES {
            return Err(NotDer);
        }
    }
    Ok(algorithms)
}

fn read_content<'a>(fields: &mut Cursor<'a>) -> Parsed<(ObjectIdentifier, Option<&'a [u8]>)> {
    let mut encapsulated = fields.sequence()?;
    let content_type = encapsulated.object_identifier()?;
    let content = match encapsulated.optional_context(0)? {
        Some(explicit) => {
            let mut explicit = explicit.open()?;
            let octets = explicit.octets()?;
            explicit.finish()?;
            Some(octets)
        }
        None => None,
    };
    encapsulated.finish()?;
    Ok((content_type, content))
}

fn read_certificates<'a>(fields: &mut Cursor<'a>) -> Parsed<Vec<&'a [u8]>> {
    let mut certificates = Vec::new();
    if let Some(implicit) = fields.optional_context(0)? {
        let mut set = implicit.open()?;
        while !set.is_finished() {
            let choice = set.any()?;
            match choice.tag {
                Tag::Sequence => certificates.push(choice.bytes),
                // The other choices (attribute certificates) have no one here to use them.
                Tag::ContextSpecific { .. } => {}
                _ => return Err(NotDer),
            }
            if certificates.len() > MAX_CERTIFICATES {
                return Err(NotDer);
            }
        }
    }
    Ok(certificates)
}

impl<'a> SignerInfo<'a> {
    fn read(mut fields: Cursor<'a>) -> Parsed<Self> {
        let version = fields.any()?.small_number()?;
        let place = fields.any()?;
        // RFC 5652, 5.3: version 1 goes with issuer and serial number, 3 with the key's identifier.
        let identifier = match (version, place.tag) {
            (1, Tag::Sequence) => {
                let mut pair = place.open()?;
                let issuer = pair.expect(Tag::Sequence)?.bytes;
                let serial = pair.any()?.integer()?;
                pair.finish()?;
                SignerIdentifier::IssuerAndSerial { issuer, serial }
            }
            (3, tag) if tag == context_primitive(0) => SignerIdentifier::SubjectKey(place.contents),
            _ => return Err(NotDer),
        };
        let digest_algorithm = AlgorithmIdentifier::read(&mut fields)?;
        let signed_attributes = fields.optional_context(0)?.map(|element| element.contents);
        let signature_algorithm = AlgorithmIdentifier::read(&mut fields)?;
        let signature = fields.octets()?;
        let unsigned_attributes = fields.optional_context(1)?.map(|element| element.contents);
        fields.finish()?;
        Ok(Self {
            identifier,
            digest_algorithm,
            signed_attributes,
            signature_algorithm,
            signature,
            unsigned_attributes,
        })
    }
}

struct Attribute<'a> {
    oid: ObjectIdentifier,
    values: Vec<Element<'a>>,
    bytes: &'a [u8],
}

struct Attributes<'a>(Vec<Attribute<'a>>);

impl<'a> Attributes<'a> {
    fn read(contents: &'a [u8]) -> Parsed<Self> {
        let mut cursor = Cursor::new(contents)?;
        let mut attributes = Vec::new();
        while !cursor.is_finished() {
            let place = cursor.expect(Tag::Sequence)?;
            let mut fields = place.open()?;
            let oid = fields.object_identifier()?;
            let mut set = fields.set()?;
            fields.finish()?;
            let mut values = Vec::new();
            while !set.is_finished() {
                values.push(set.any()?);
            }
            attributes.push(Attribute {
                oid,
                values,
                bytes: place.bytes,
            });
            if attributes.len() > MAX_ATTRIBUTES {
                return Err(NotDer);
            }
        }
        Ok(Self(attributes))
    }

    /// A SET OF stands in the order of its encodings (X.690, 11.6). Signed in any other order, the bytes that were signed
    /// would have to be guessed.
    fn check_order(&self) -> Result<(), Refusal> {
        for (index, attribute) in self.0.iter().enumerate() {
            if self.0[..index].iter().any(|before| before.oid == attribute.oid) {
                return Err(Refusal::AttributeRepeated(attribute.oid));
            }
        }
        if self.0.is_sorted_by(|one, next| one.bytes <= next.bytes) {
            Ok(())
        } else {
            Err(Refusal::SignedAttributesOrder)
        }
    }

    /// The attribute's only value; an error when it has none or several.
    fn single(&self, oid: ObjectIdentifier) -> Result<Option<Element<'a>>, Refusal> {
        match self
            .0
            .iter()
            .find(|attribute| attribute.oid == oid)
            .map(|attribute| attribute.values.as_slice())
        {
            None => Ok(None),
            Some([value]) => Ok(Some(*value)),
            Some(_) => Err(Refusal::AttributeValue(oid)),
        }
    }

    /// The certificate's hash in the signed attributes (RFC 5035), in either version, if there is one.
    fn check_signing_certificate(&self, certificate: &Certificate) -> Result<(), Refusal> {
        for oid in [oid::SIGNING_CERTIFICATE_V2, oid::SIGNING_CERTIFICATE] {
            let Some(value) = self.single(oid)? else { continue };
            let named = NamedCertificate::read(value, oid).map_err(|NotDer| Refusal::AttributeValue(oid))?;
            let hash = match named.digest {
                Some(identifier) => Digest::from_identifier(&identifier)?.hash(certificate.der()),
                None if oid == oid::SIGNING_CERTIFICATE_V2 => Digest::Sha256.hash(certificate.der()),
                // Version 1 knows only SHA-1. It can't weaken the signature, which covers the certificate's key anyway.
                None => {
                    let sha1 = &ring::digest::SHA1_FOR_LEGACY_USE_ONLY;
                    ring::digest::digest(sha1, certificate.der()).as_ref().to_vec()
                }
            };
            let issuer_fits = named.issuer_and_serial.is_none_or(|(issuer, serial)| {
                issuer == certificate.issuer() && serial == certificate.serial()
            });
            if !bool::from(hash.ct_eq(named.hash)) || !issuer_fits {
                return Err(Refusal::SigningCertificateMismatch);
            }
        }
        Ok(())
    }
}

/// The first ESSCertID of a SigningCertificate: the signer's own.
struct NamedCertificate<'a> {
    digest: Option<AlgorithmIdentifier<'a>>,
    hash: &'a [u8],
    issuer_and_serial: Option<(&'a [u8], &'a [u8])>,
}

impl<'a> NamedCertificate<'a> {
    fn read(value: Element<'a>, oid: ObjectIdentifier) -> Parsed<Self> {
        let mut attribute = value.expect(Tag::Sequence)?.open()?;
        let mut list = attribute.sequence()?;
        let mut fields = list.sequence()?;
        let mut ahead = fields.clone();
        let digest = if oid == oid::SIGNING_CERTIFICATE_V2 && ahead.optional(Tag::Sequence)?.is_some() {
            Some(AlgorithmIdentifier::read(&mut fields)?)
        } else {
            None
        };
        let hash = fields.octets()?;
        let issuer_and_serial = match fields.optional(Tag::Sequence)? {
            Some(pair) => {
                let mut pair = pair.open()?;
                let mut names = pair.sequence()?;
                let mut directory_name = names.expect(context(4))?.open()?;
                names.finish()?;
                let issuer = directory_name.expect(Tag::Sequence)?.bytes;
                directory_name.finish()?;
                let serial = pair.any()?.integer()?;
                pair.finish()?;
                Some((issuer, serial))
            }
            None => None,
        };
        fields.finish()?;
        // More certificates of the path, and policies: nobody's business here, but nothing else may stand there.
        while !list.is_finished() {
            list.sequence()?;
        }
        attribute.optional(Tag::Sequence)?;
        attribute.finish()?;
        Ok(Self {
            digest,
            hash,
            issuer_and_serial,
        })
    }
}
