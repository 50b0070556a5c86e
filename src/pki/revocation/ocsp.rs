//! OCSP requests and responses (RFC 6960), with the national responder's habits: a delegated responder whose certificate
//! goes along, the nonce as an OCTET STRING within the extension's value, no nextUpdate, and an unknown number answered
//! as revoked on hold in 1970.

use der::{Tag, asn1::ObjectIdentifier};
use subtle::ConstantTimeEq;

use super::{Reason, Revoked, SKEW, When};
use crate::pki::{
    Certificate, Instant, Refusal,
    algorithm::{self, AlgorithmIdentifier, Digest, SignatureAlgorithm},
    asn1::{self, Element, NotDer, Parsed, context, context_primitive, wrap},
    certificate::{KeyUsage, RawExtension, raw_extensions},
    oid,
};

/// Responses have two kilobytes.
pub const MAX_LENGTH: usize = 64 * 1024;
/// What the national responder is known to echo.
pub const NONCE_LENGTH: usize = 8;
const MAX_CERTIFICATES: usize = 4;
/// The errors by which a responder says that it can't answer now (RFC 6960, 4.2.1): they are not signed, and are worth as
/// much as silence. The others are an answer, of a kind.
pub(super) const INTERNAL_ERROR: u8 = 2;
pub(super) const TRY_LATER: u8 = 3;
/// How long before the moment in question a response may have been made, when it names no end itself.
const MAX_AGE: i64 = 15 * 60;

/// Why a response says nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OcspFault {
    #[error("the response is larger than 64 KiB")]
    TooLarge,
    #[error("malformed response: {0}")]
    Malformed(&'static str),
    #[error("the responder answered with error {0}")]
    Status(u8),
    #[error("unknown critical extension {0} in the response")]
    UnknownCriticalExtension(ObjectIdentifier),
    #[error("the response is about more than one certificate, or none")]
    SeveralAnswers,
    #[error("the response is about another certificate")]
    AnotherCertificate,
    #[error("the response does not repeat the nonce")]
    Nonce,
    #[error("the responder's certificate is missing or not the only one that fits")]
    ResponderMissing,
    #[error("the responder's certificate is refused: {0}")]
    Responder(Refusal),
    #[error("the responder's certificate is not meant for answering")]
    ResponderPurpose,
    #[error("the responder's certificate does not say that its own status need not be asked")]
    ResponderStatus,
    #[error("the responder's certificate was not valid when it answered")]
    ResponderExpired,
    #[error("the response's signature is refused: {0}")]
    Signature(Refusal),
    #[error("the response is from the future")]
    Future,
    #[error("the response is too old (of {0})")]
    Stale(Instant),
}

impl OcspFault {
    /// A stable name for logs and the command line.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLarge => "ocsp_too_large",
            Self::Malformed(_) => "ocsp_malformed",
            Self::Status(_) => "ocsp_status",
            Self::UnknownCriticalExtension(_) => "ocsp_unknown_critical_extension",
            Self::SeveralAnswers => "ocsp_several_answers",
            Self::AnotherCertificate => "ocsp_another_certificate",
            Self::Nonce => "ocsp_nonce",
            Self::ResponderMissing => "ocsp_responder_missing",
            Self::Responder(_) => "ocsp_responder",
            Self::ResponderPurpose => "ocsp_responder_purpose",
            Self::ResponderStatus => "ocsp_responder_status",
            Self::ResponderExpired => "ocsp_responder_expired",
            Self::Signature(_) => "ocsp_signature",
            Self::Future => "ocsp_future",
            Self::Stale(_) => "ocsp_stale",
        }
    }
}

/// What the responder says of the certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    Good,
    Revoked(Revoked),
    Unknown,
}

/// A verified answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    pub status: Status,
    /// When this was true.
    pub this_update: Instant,
    pub produced_at: Instant,
}

/// The names a certificate goes by in OCSP: hashes of its issuer's name and key, and its number.
struct CertId {
    issuer_name_hash: Vec<u8>,
    issuer_key_hash: Vec<u8>,
}

impl CertId {
    fn of(issuer: &Certificate) -> Parsed<Self> {
        Ok(Self {
            issuer_name_hash: Digest::Sha256.hash(issuer.subject()),
            issuer_key_hash: Digest::Sha256.hash(algorithm::key_octets(issuer.spki())?),
        })
    }
}

/// The DER of a request about one certificate. `None` if the issuer's key can't be read, which a pinned one's always can.
pub fn request(leaf: &Certificate, issuer: &Certificate, nonce: &[u8]) -> Option<Vec<u8>> {
    let id = CertId::of(issuer).ok()?;
    let sha256 = asn1::sequence(&[&asn1::object_identifier(oid::SHA256), &wrap(Tag::Null, &[])]);
    let octets = |contents: &[u8]| wrap(Tag::OctetString, &[contents]);
    let cert_id = asn1::sequence(&[
        &sha256,
        &octets(&id.issuer_name_hash),
        &octets(&id.issuer_key_hash),
        &wrap(Tag::Integer, &[leaf.serial()]),
    ]);
    let list = asn1::sequence(&[&asn1::sequence(&[&cert_id])]);
    let extension = asn1::sequence(&[&asn1::object_identifier(oid::OCSP_NONCE), &octets(&octets(nonce))]);
    let extensions = wrap(context(2), &[&asn1::sequence(&[&extension])]);
    Some(asn1::sequence(&[&asn1::sequence(&[&list, &extensions])]))
}

/// Verifies a response about `leaf`: the one it is about, who signed it, and whether it speaks of the right time. The
/// `nonce` is the one that was sent; without it none is asked for.
pub fn verify(
    response: &[u8],
    nonce: Option<&[u8]>,
    leaf: &Certificate,
    issuer: &Certificate,
    when: When,
) -> Result<Answer, OcspFault> {
    if response.len() > MAX_LENGTH {
        return Err(OcspFault::TooLarge);
    }
    let basic = basic_response(response)?;
    asn1::check_tree(basic).map_err(|NotDer| OcspFault::Malformed("not DER"))?;
    let basic = Basic::read(basic)?;
    let data = ResponseData::read(basic.data)?;
    let single = match data.singles.as_slice() {
        [single] => single,
        _ => return Err(OcspFault::SeveralAnswers),
    };
    if !single.is_about(leaf, issuer) {
        return Err(OcspFault::AnotherCertificate);
    }
    if let Some(sent) = nonce {
        let echoed = data.nonce.ok_or(OcspFault::Nonce)?;
        if !bool::from(echoed.ct_eq(sent)) {
            return Err(OcspFault::Nonce);
        }
    }
    check_signature(&basic, &data, issuer)?;
    check_times(single, data.produced_at, when)?;
    Ok(Answer {
        status: single.status,
        this_update: single.this_update,
        produced_at: data.produced_at,
    })
}

fn check_times(single: &Single<'_>, produced_at: Instant, when: When) -> Result<(), OcspFault> {
    if single.this_update.seconds_since(when.now) > SKEW || produced_at.seconds_since(when.now) > SKEW {
        return Err(OcspFault::Future);
    }
    let still_said = match single.next_update {
        Some(next) => next >= when.as_of,
        None => when.as_of.seconds_since(single.this_update) <= MAX_AGE,
    };
    if still_said {
        Ok(())
    } else {
        Err(OcspFault::Stale(single.this_update))
    }
}

fn check_signature(
    basic: &Basic<'_>,
    data: &ResponseData<'_>,
    issuer: &Certificate,
) -> Result<(), OcspFault> {
    let algorithm = SignatureAlgorithm::from_identifier(&basic.algorithm).map_err(OcspFault::Signature)?;
    let verify = |certificate: &Certificate| {
        let key = certificate.public_key().map_err(OcspFault::Responder)?;
        key.verify(algorithm, basic.data, basic.signature)
            .map_err(OcspFault::Signature)
    };
    // The authority may answer itself; its certificate need not come along.
    if data.responder.is(issuer) {
        return verify(issuer);
    }
    let mut fitting = basic
        .certificates
        .iter()
        .filter_map(|der| Certificate::from_der(der).ok())
        .filter(|certificate| data.responder.is(certificate));
    let responder = fitting.next().ok_or(OcspFault::ResponderMissing)?;
    if fitting.next().is_some() {
        return Err(OcspFault::ResponderMissing);
    }
    check_responder(&responder, issuer, data.produced_at)?;
    verify(&responder)
}

/// RFC 6960, 4.2.2.2: issued by the very authority it answers for, marked for answering, and valid when it did.
fn check_responder(
    responder: &Certificate,
    issuer: &Certificate,
    produced_at: Instant,
) -> Result<(), OcspFault> {
    if responder.issuer() != issuer.subject() {
        return Err(OcspFault::Responder(Refusal::UnknownIssuer));
    }
    let algorithm = SignatureAlgorithm::from_identifier(&responder.signature_algorithm())
        .map_err(OcspFault::Responder)?;
    let key = issuer.public_key().map_err(OcspFault::Responder)?;
    key.verify(algorithm, responder.signed_bytes(), responder.signature())
        .map_err(|_| OcspFault::Responder(Refusal::IssuerSignatureInvalid))?;
    let extensions = responder.extensions();
    if let Some(unknown) = extensions.unknown_critical {
        return Err(OcspFault::Responder(Refusal::UnknownCriticalExtension(unknown)));
    }
    let for_answering = extensions
        .extended_key_usage
        .as_ref()
        .is_some_and(|usage| usage.has(oid::OCSP_SIGNING));
    let may_sign = extensions
        .key_usage
        .is_none_or(|usage| usage.has(KeyUsage::DIGITAL_SIGNATURE));
    if !for_answering || !may_sign {
        return Err(OcspFault::ResponderPurpose);
    }
    if !extensions.ocsp_no_check {
        return Err(OcspFault::ResponderStatus);
    }
    if responder.is_valid_at(produced_at) {
        Ok(())
    } else {
        Err(OcspFault::ResponderExpired)
    }
}

/// The octets of the BasicOCSPResponse inside.
fn basic_response(response: &[u8]) -> Result<&[u8], OcspFault> {
    let malformed = |NotDer| OcspFault::Malformed("OCSPResponse");
    asn1::check_tree(response).map_err(|NotDer| OcspFault::Malformed("not DER"))?;
    let whole = Element::only(response).and_then(|element| element.expect(Tag::Sequence));
    let mut fields = whole.and_then(Element::open).map_err(malformed)?;
    match fields.expect(Tag::Enumerated).map_err(malformed)?.contents {
        [0] => {}
        [status] => return Err(OcspFault::Status(*status)),
        _ => return Err(OcspFault::Malformed("responseStatus")),
    }
    let mut explicit = fields
        .expect(context(0))
        .and_then(Element::open)
        .map_err(malformed)?;
    fields.finish().map_err(malformed)?;
    let mut bytes = explicit.sequence().map_err(malformed)?;
    explicit.finish().map_err(malformed)?;
    if bytes.object_identifier() != Ok(oid::OCSP_BASIC) {
        return Err(OcspFault::Malformed("responseType"));
    }
    let basic = bytes.octets().map_err(malformed)?;
    bytes.finish().map_err(malformed)?;
    Ok(basic)
}

struct Basic<'a> {
    data: &'a [u8],
    algorithm: AlgorithmIdentifier<'a>,
    signature: &'a [u8],
    certificates: Vec<&'a [u8]>,
}

impl<'a> Basic<'a> {
    fn read(der: &'a [u8]) -> Result<Self, OcspFault> {
        Self::parse(der).map_err(|NotDer| OcspFault::Malformed("BasicOCSPResponse"))
    }

    fn parse(der: &'a [u8]) -> Parsed<Self> {
        let mut fields = Element::only(der)?.expect(Tag::Sequence)?.open()?;
        let data = fields.expect(Tag::Sequence)?.bytes;
        let algorithm = AlgorithmIdentifier::read(&mut fields)?;
        let signature = fields.any()?.whole_bits()?;
        let mut certificates = Vec::new();
        if let Some(explicit) = fields.optional_context(0)? {
            let mut explicit = explicit.open()?;
            let mut list = explicit.sequence()?;
            explicit.finish()?;
            while !list.is_finished() {
                certificates.push(list.expect(Tag::Sequence)?.bytes);
                if certificates.len() > MAX_CERTIFICATES {
                    return Err(NotDer);
                }
            }
        }
        fields.finish()?;
        Ok(Self {
            data,
            algorithm,
            signature,
            certificates,
        })
    }
}

/// Who says that they answered.
enum Responder<'a> {
    Name(&'a [u8]),
    /// SHA-1 of the key's octets; a name, not a proof.
    KeyHash(&'a [u8]),
}

impl Responder<'_> {
    fn is(&self, certificate: &Certificate) -> bool {
        match self {
            Self::Name(name) => *name == certificate.subject(),
            Self::KeyHash(hash) => algorithm::key_octets(certificate.spki()).is_ok_and(|octets| {
                ring::digest::digest(&ring::digest::SHA1_FOR_LEGACY_USE_ONLY, octets).as_ref() == *hash
            }),
        }
    }
}

struct ResponseData<'a> {
    responder: Responder<'a>,
    produced_at: Instant,
    singles: Vec<Single<'a>>,
    nonce: Option<&'a [u8]>,
}

impl<'a> ResponseData<'a> {
    fn read(der: &'a [u8]) -> Result<Self, OcspFault> {
        let malformed = |what: &'static str| move |NotDer| OcspFault::Malformed(what);
        let whole = Element::only(der).and_then(|element| element.expect(Tag::Sequence));
        let mut fields = whole.and_then(Element::open).map_err(malformed("ResponseData"))?;
        // version [0] is 1 by default, which DER leaves out; there is no other.
        let place = fields.any().map_err(malformed("responderID"))?;
        let inner = Element::only(place.contents).map_err(malformed("responderID"))?;
        let responder = match (place.tag, inner.tag) {
            (tag, Tag::Sequence) if tag == context(1) => Responder::Name(inner.bytes),
            (tag, Tag::OctetString) if tag == context(2) => Responder::KeyHash(inner.contents),
            _ => return Err(OcspFault::Malformed("responderID")),
        };
        let produced_at = fields
            .expect(Tag::GeneralizedTime)
            .and_then(Element::time)
            .map_err(malformed("producedAt"))?;
        let mut list = fields.sequence().map_err(malformed("responses"))?;
        let mut singles = Vec::new();
        // One is wanted; a second is enough to refuse.
        while !list.is_finished() && singles.len() < 2 {
            singles.push(Single::read(
                list.expect(Tag::Sequence).map_err(malformed("responses"))?,
            )?);
        }
        let mut nonce = None;
        if let Some(explicit) = fields
            .optional_context(1)
            .map_err(malformed("responseExtensions"))?
        {
            for extension in raw_extensions(explicit).map_err(malformed("responseExtensions"))? {
                match extension.oid {
                    oid::OCSP_NONCE => nonce = Some(nonce_octets(&extension)),
                    unknown if extension.critical => {
                        return Err(OcspFault::UnknownCriticalExtension(unknown));
                    }
                    _ => {}
                }
            }
        }
        fields.finish().map_err(malformed("unexpected field"))?;
        Ok(Self {
            responder,
            produced_at,
            singles,
            nonce,
        })
    }
}

/// RFC 8954 wraps the nonce in an OCTET STRING, as the national responder does; older ones put the octets in as they are.
fn nonce_octets<'a>(extension: &RawExtension<'a>) -> &'a [u8] {
    let wrapped = Element::only(extension.value).and_then(|element| element.expect(Tag::OctetString));
    wrapped.map_or(extension.value, |octets| octets.contents)
}

struct Single<'a> {
    hash_algorithm: AlgorithmIdentifier<'a>,
    issuer_name_hash: &'a [u8],
    issuer_key_hash: &'a [u8],
    serial: &'a [u8],
    status: Status,
    this_update: Instant,
    next_update: Option<Instant>,
}

impl<'a> Single<'a> {
    fn read(element: Element<'a>) -> Result<Self, OcspFault> {
        let (single, extensions) =
            Self::parse(element).map_err(|NotDer| OcspFault::Malformed("SingleResponse"))?;
        match extensions.iter().find(|extension| extension.critical) {
            Some(unknown) => Err(OcspFault::UnknownCriticalExtension(unknown.oid)),
            None => Ok(single),
        }
    }

    fn parse(element: Element<'a>) -> Parsed<(Self, Vec<RawExtension<'a>>)> {
        let mut fields = element.open()?;
        let mut id = fields.sequence()?;
        let hash_algorithm = AlgorithmIdentifier::read(&mut id)?;
        let (issuer_name_hash, issuer_key_hash) = (id.octets()?, id.octets()?);
        let serial = id.any()?.integer()?;
        id.finish()?;
        let status = read_status(fields.any()?)?;
        let this_update = fields.expect(Tag::GeneralizedTime)?.time()?;
        let next_update = match fields.optional_context(0)? {
            Some(explicit) => Some(
                Element::only(explicit.contents)?
                    .expect(Tag::GeneralizedTime)?
                    .time()?,
            ),
            None => None,
        };
        let extensions = match fields.optional_context(1)? {
            Some(explicit) => raw_extensions(explicit)?,
            None => Vec::new(),
        };
        fields.finish()?;
        let single = Self {
            hash_algorithm,
            issuer_name_hash,
            issuer_key_hash,
            serial,
            status,
            this_update,
            next_update,
        };
        Ok((single, extensions))
    }

    fn is_about(&self, leaf: &Certificate, issuer: &Certificate) -> bool {
        CertId::of(issuer).is_ok_and(|id| {
            self.hash_algorithm.oid == oid::SHA256
                && self.issuer_name_hash == id.issuer_name_hash
                && self.issuer_key_hash == id.issuer_key_hash
                && self.serial == leaf.serial()
        })
    }
}

fn read_status(element: Element<'_>) -> Parsed<Status> {
    if element.tag == context_primitive(0) && element.contents.is_empty() {
        return Ok(Status::Good);
    }
    if element.tag == context_primitive(2) && element.contents.is_empty() {
        return Ok(Status::Unknown);
    }
    let mut fields = element.expect(context(1))?.open()?;
    let at = fields.expect(Tag::GeneralizedTime)?.time()?;
    let reason = match fields.optional_context(0)? {
        Some(explicit) => match Element::only(explicit.contents)?
            .expect(Tag::Enumerated)?
            .contents
        {
            [code] => Reason::from_code(*code).ok_or(NotDer)?,
            _ => return Err(NotDer),
        },
        None => Reason::Unspecified,
    };
    fields.finish()?;
    // RFC 6960, 2.2: how a responder says that this number was never issued.
    if at.unix() == 0 && reason == Reason::Hold {
        return Ok(Status::Unknown);
    }
    Ok(Status::Revoked(Revoked { at, reason }))
}
