//! Time stamps (RFC 3161) found beside a signature. A token is verified by itself — signature, chain to the pinned
//! authorities at the time it names, sole critical purpose, imprint of this very signature — and reported. It never turns
//! a verdict: whoever carries a signature can add or drop one.

use der::{Tag, asn1::ObjectIdentifier};

use super::{
    Instant, Refusal,
    algorithm::{AlgorithmIdentifier, Digest},
    anchors::Anchors,
    asn1::{Element, NotDer, Parsed, context},
    certificate::{Certificate, hex},
    cms::{self, SignedData},
    oid,
    path::{self, PinnedPath},
};

/// What the signature's time stamp is worth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TimestampReport {
    /// None was brought.
    Absent,
    /// The token proves that the signature existed at this time.
    Valid(Box<Timestamp>),
    /// The token proves nothing here.
    Invalid(TimestampFault),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timestamp {
    pub time: Instant,
    /// The authority's policy, dotted.
    pub policy: String,
    /// The token's own number, as two's complement hexadecimal: the national authority also gives negative ones.
    pub serial_hex: String,
    pub authority: String,
    pub token: Vec<u8>,
    /// The pinned authority that certified the time-stamping one, and its root; they need not be the signer's.
    pub issuer: Certificate,
    pub root: Certificate,
}

/// Why a token proves nothing. The claimed time is worth no more than the signer's own clock.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TimestampFault {
    #[error("not a time-stamp token: {0}")]
    Malformed(&'static str),
    #[error("the token's signature is refused: {0}")]
    Signature(Refusal),
    #[error("the token is for another signature")]
    Imprint,
    #[error("the time-stamping authority is unknown here")]
    UnknownIssuer { claimed: Instant },
    #[error("the time-stamping authority's certificate is refused: {0}")]
    Certificate(Refusal),
    #[error("the certificate is not a time-stamping authority's alone")]
    Purpose,
    #[error("the time named lies in the future")]
    Future { claimed: Instant },
    #[error("more than one token")]
    Several,
}

impl TimestampFault {
    /// A stable name for logs and the command line.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Malformed(_) => "malformed",
            Self::Signature(_) => "signature",
            Self::Imprint => "imprint",
            Self::UnknownIssuer { .. } => "unknown_issuer",
            Self::Certificate(_) => "certificate",
            Self::Purpose => "purpose",
            Self::Future { .. } => "future",
            Self::Several => "several",
        }
    }
}

/// Clocks of the server and of the national authority may differ by this much, in seconds.
const SKEW: i64 = 300;

/// Looks at the tokens of one signature, `at` being the time of the verdict.
pub(crate) fn report(signed: &SignedData<'_>, at: Instant, anchors: &Anchors) -> TimestampReport {
    match signed.time_stamp_tokens().as_slice() {
        [] => TimestampReport::Absent,
        [token] => match check(token, signed.signature(), at, anchors) {
            Ok(timestamp) => TimestampReport::Valid(Box::new(timestamp)),
            Err(fault) => TimestampReport::Invalid(fault),
        },
        _ => TimestampReport::Invalid(TimestampFault::Several),
    }
}

/// Verifies one token over `stamped`.
pub fn check(
    token: &[u8],
    stamped: &[u8],
    at: Instant,
    anchors: &Anchors,
) -> Result<Timestamp, TimestampFault> {
    let der = cms::to_strict_der(token).map_err(TimestampFault::Signature)?;
    let signed = SignedData::read(&der).map_err(TimestampFault::Signature)?;
    let content = signed.content().ok_or(TimestampFault::Malformed("no TSTInfo"))?;
    if signed.content_type() != oid::TST_INFO {
        return Err(TimestampFault::Malformed("content type"));
    }
    let info = TstInfo::read(content).map_err(|NotDer| TimestampFault::Malformed("TSTInfo"))?;
    let digest = Digest::from_identifier(&info.imprint_algorithm).map_err(TimestampFault::Signature)?;
    if digest.hash(stamped) != info.imprint {
        return Err(TimestampFault::Imprint);
    }
    let checked = signed
        .check(oid::TST_INFO, content)
        .map_err(TimestampFault::Signature)?;
    let path = check_authority(&checked.certificate, info.time, anchors)?;
    if info.time.seconds_since(at) > SKEW {
        return Err(TimestampFault::Future { claimed: info.time });
    }
    Ok(Timestamp {
        time: info.time,
        policy: info.policy.to_string(),
        serial_hex: hex(info.serial),
        authority: checked.certificate.common_name().unwrap_or_default(),
        token: token.to_vec(),
        issuer: path.issuer().as_ref().clone(),
        root: path.root().as_ref().clone(),
    })
}

fn check_authority<'p>(
    certificate: &Certificate,
    time: Instant,
    anchors: &'p Anchors,
) -> Result<&'p PinnedPath, TimestampFault> {
    let path =
        path::validate(certificate, anchors.paths(), time, &path::ByKey).map_err(|reason| match reason {
            Refusal::UnknownIssuer => TimestampFault::UnknownIssuer { claimed: time },
            other => TimestampFault::Certificate(other),
        })?;
    // RFC 3161, 2.3: the purpose stands alone and is critical.
    match &certificate.extensions().extended_key_usage {
        Some(usage) if usage.critical && usage.purposes == [oid::TIME_STAMPING] => Ok(path),
        _ => Err(TimestampFault::Purpose),
    }
}

struct TstInfo<'a> {
    policy: ObjectIdentifier,
    imprint_algorithm: AlgorithmIdentifier<'a>,
    imprint: &'a [u8],
    serial: &'a [u8],
    time: Instant,
}

impl<'a> TstInfo<'a> {
    fn read(der: &'a [u8]) -> Parsed<Self> {
        let mut fields = Element::only(der)?.expect(Tag::Sequence)?.open()?;
        if fields.any()?.small_number()? != 1 {
            return Err(NotDer);
        }
        let policy = fields.object_identifier()?;
        let mut imprint_fields = fields.sequence()?;
        let imprint_algorithm = AlgorithmIdentifier::read(&mut imprint_fields)?;
        let imprint = imprint_fields.octets()?;
        imprint_fields.finish()?;
        let serial = fields.any()?.integer()?;
        let time = generalized_time(fields.expect(Tag::GeneralizedTime)?)?;
        // accuracy, ordering, nonce, tsa, extensions: in this order, each optional.
        fields.optional(Tag::Sequence)?;
        fields.optional(Tag::Boolean)?.map(Element::boolean).transpose()?;
        fields.optional(Tag::Integer)?.map(Element::integer).transpose()?;
        fields.optional_context(0)?;
        fields.optional(context(1))?;
        fields.finish()?;
        Ok(Self {
            policy,
            imprint_algorithm,
            imprint,
            serial,
            time,
        })
    }
}

/// RFC 3161 allows a fraction of a second here, which is cut off.
fn generalized_time(element: Element<'_>) -> Parsed<Instant> {
    let text = std::str::from_utf8(element.contents).map_err(|_| NotDer)?;
    match text.split_once('.') {
        None => element.time(),
        Some((whole, fraction)) => {
            let digits = fraction.strip_suffix('Z').ok_or(NotDer)?;
            if digits.is_empty() || digits.ends_with('0') || !digits.bytes().all(|byte| byte.is_ascii_digit())
            {
                return Err(NotDer);
            }
            let whole = format!("{whole}Z");
            Element {
                contents: whole.as_bytes(),
                bytes: &super::asn1::wrap(Tag::GeneralizedTime, &[whole.as_bytes()]),
                ..element
            }
            .time()
        }
    }
}
