//! Revocation lists, complete and delta (RFC 5280, 5). The production list has 21 MB and 422,000 entries: it is read in
//! one pass without a copy, kept as the bytes it came in, and searched by reading again.

use std::{ops::Range, sync::Arc};

use der::{Tag, asn1::ObjectIdentifier};

use super::{Reason, Revoked, SKEW, When};
use crate::pki::{
    Certificate, Instant, Refusal,
    algorithm::{AlgorithmIdentifier, SignatureAlgorithm},
    asn1::{Cursor, Element, NotDer, Parsed},
    certificate::{KeyUsage, raw_extensions},
    oid,
};

/// Three times the production list.
pub const MAX_LENGTH: usize = 64 * 1024 * 1024;
const MAX_NUMBER_LENGTH: usize = 20;

/// Why a list is not used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CrlFault {
    #[error("the list is larger than 64 MiB")]
    TooLarge,
    #[error("malformed list: {0}")]
    Malformed(&'static str),
    #[error("unknown critical extension {0} in the list")]
    UnknownCriticalExtension(ObjectIdentifier),
    #[error("the list is another authority's")]
    AnotherIssuer,
    #[error("the authority's key may not sign lists")]
    MayNotSign,
    #[error("the list's signature is refused: {0}")]
    Signature(Refusal),
    #[error("the list is from the future")]
    Future,
    #[error("a newer list was due at {0}")]
    Stale(Instant),
    #[error("the list is older than one already seen")]
    Older,
    #[error("the list was made after the certificate's end and need not name it any more")]
    AfterTheEnd,
}

impl CrlFault {
    /// A stable name for logs and the command line.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLarge => "crl_too_large",
            Self::Malformed(_) => "crl_malformed",
            Self::UnknownCriticalExtension(_) => "crl_unknown_critical_extension",
            Self::AnotherIssuer => "crl_another_issuer",
            Self::MayNotSign => "crl_may_not_sign",
            Self::Signature(_) => "crl_signature",
            Self::Future => "crl_future",
            Self::Stale(_) => "crl_stale",
            Self::Older => "crl_older",
            Self::AfterTheEnd => "crl_after_the_end",
        }
    }
}

/// A list whose form and signature were verified.
#[derive(Clone, Debug)]
pub struct RevocationList {
    der: Arc<[u8]>,
    /// The issuing authority's certificate, whose key signed the list.
    issuer: Certificate,
    entries: Range<usize>,
    number: Number,
    /// The number of the complete list this one adds to.
    delta_of: Option<Number>,
    this_update: Instant,
    next_update: Instant,
}

/// A CRLNumber: up to twenty octets, compared as the number it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Number(Vec<u8>);

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        // Leading zeros are gone, so the longer number is the larger one.
        self.0
            .len()
            .cmp(&other.0.len())
            .then_with(|| self.0.cmp(&other.0))
    }
}

impl Number {
    fn read(value: &[u8]) -> Parsed<Self> {
        match Element::only(value)?.integer()? {
            [0x80..=0xff, ..] => Err(NotDer),
            contents if contents.len() > MAX_NUMBER_LENGTH => Err(NotDer),
            [0, rest @ ..] => Ok(Self(rest.to_vec())),
            contents => Ok(Self(contents.to_vec())),
        }
    }
}

impl RevocationList {
    /// Reads a list, every entry of it, and verifies that `issuer` signed it and may. Dates are looked at when it is used.
    pub fn verify(der: Arc<[u8]>, issuer: &Certificate) -> Result<Self, CrlFault> {
        Self::verify_with(der, issuer, |algorithm, message, signature| {
            let algorithm = SignatureAlgorithm::from_identifier(algorithm)?;
            issuer.public_key()?.verify(algorithm, message, signature)
        })
    }

    /// The same with the signature checked by the caller's means.
    pub(crate) fn verify_with(
        der: Arc<[u8]>,
        issuer: &Certificate,
        verify: impl FnOnce(&AlgorithmIdentifier<'_>, &[u8], &[u8]) -> Result<(), Refusal>,
    ) -> Result<Self, CrlFault> {
        if der.len() > MAX_LENGTH {
            return Err(CrlFault::TooLarge);
        }
        let parts = Parts::read(&der)?;
        if parts.issuer != issuer.subject() {
            return Err(CrlFault::AnotherIssuer);
        }
        if !issuer
            .extensions()
            .key_usage
            .is_some_and(|usage| usage.has(KeyUsage::CRL_SIGN))
        {
            return Err(CrlFault::MayNotSign);
        }
        verify(&parts.algorithm, parts.signed, parts.signature).map_err(CrlFault::Signature)?;
        // `entries` is borrowed from `der`, or empty and then anywhere.
        let start = if parts.entries.is_empty() {
            0
        } else {
            parts.entries.as_ptr().addr() - der.as_ptr().addr()
        };
        Ok(Self {
            entries: start..start + parts.entries.len(),
            number: parts.number,
            delta_of: parts.delta_of,
            this_update: parts.this_update,
            next_update: parts.next_update,
            issuer: issuer.clone(),
            der,
        })
    }

    /// The bytes the list was read from.
    pub fn der(&self) -> &Arc<[u8]> {
        &self.der
    }

    pub fn this_update(&self) -> Instant {
        self.this_update
    }

    /// When a newer list is due; this one is not used for later moments.
    pub fn next_update(&self) -> Instant {
        self.next_update
    }

    pub fn is_delta(&self) -> bool {
        self.delta_of.is_some()
    }

    pub fn number(&self) -> &Number {
        &self.number
    }

    pub(crate) fn issuer(&self) -> &Certificate {
        &self.issuer
    }

    /// How many certificates the list names.
    pub fn entries(&self) -> usize {
        self.iter().count()
    }

    pub(super) fn check_dates(&self, when: When) -> Result<(), CrlFault> {
        if self.this_update.seconds_since(when.now) > SKEW {
            return Err(CrlFault::Future);
        }
        if self.next_update < when.as_of {
            Err(CrlFault::Stale(self.next_update))
        } else {
            Ok(())
        }
    }

    /// Lists drop certificates that have ended (RFC 5280, 5; the national ones do), so that a later one is silent on them.
    fn speaks_of(&self, leaf: &Certificate) -> Result<(), CrlFault> {
        if self.this_update <= leaf.not_after() || self.find(leaf.serial()).is_some() {
            Ok(())
        } else {
            Err(CrlFault::AfterTheEnd)
        }
    }

    fn find(&self, serial: &[u8]) -> Option<Revoked> {
        self.iter()
            .find(|entry| entry.serial == serial)
            .map(|entry| entry.revoked)
    }

    fn iter(&self) -> impl Iterator<Item = Entry<'_>> {
        // Every entry was read once when the list was verified, so the iteration ends at the end, not at an error.
        let cursor = Cursor::new(&self.der[self.entries.clone()]).ok();
        cursor.into_iter().flat_map(|mut cursor| {
            std::iter::from_fn(move || {
                if cursor.is_finished() {
                    None
                } else {
                    Entry::read(&mut cursor).ok()
                }
            })
        })
    }

    /// Whether this delta list may be laid over that complete one (RFC 5280, 5.2.4): it starts at or before the complete
    /// list's number and goes beyond it.
    pub(super) fn extends(&self, complete: &Self) -> bool {
        self.delta_of
            .as_ref()
            .is_some_and(|base| *base <= complete.number)
            && self.number > complete.number
    }
}

/// What a lookup found.
pub(super) struct Found {
    pub(super) revoked: Option<Revoked>,
    pub(super) this_update: Instant,
}

/// Looks a certificate up in the newest complete list of its issuer that is fresh and speaks of it, and in a fresh delta
/// over that. `None`
/// when no complete list of the issuer is at hand; a fault when all there are can't be used.
pub(super) fn look_up(
    leaf: &Certificate,
    issuer: &Certificate,
    lists: &[&RevocationList],
    when: When,
) -> Result<Option<Found>, CrlFault> {
    let ours = || lists.iter().filter(|list| list.issuer() == issuer);
    let mut complete: Option<&RevocationList> = None;
    let mut fault = None;
    for list in ours().filter(|list| !list.is_delta()) {
        match list.check_dates(when).and_then(|()| list.speaks_of(leaf)) {
            Ok(()) if complete.is_none_or(|known| known.number < list.number) => complete = Some(list),
            Ok(()) => {}
            Err(reason) => fault = Some(reason),
        }
    }
    let Some(complete) = complete else {
        return fault.map_or(Ok(None), Err);
    };
    let delta = ours()
        .filter(|list| list.extends(complete) && list.check_dates(when).is_ok())
        .max_by(|a, b| a.number.cmp(&b.number));
    let mut found = Found {
        revoked: complete.find(leaf.serial()),
        this_update: complete.this_update,
    };
    if let Some(delta) = delta {
        found.this_update = delta.this_update;
        match delta.find(leaf.serial()) {
            Some(Revoked {
                reason: Reason::RemoveFromList,
                ..
            }) => found.revoked = None,
            Some(revoked) => found.revoked = Some(revoked),
            None => {}
        }
    }
    Ok(Some(found))
}

struct Parts<'a> {
    signed: &'a [u8],
    algorithm: AlgorithmIdentifier<'a>,
    signature: &'a [u8],
    issuer: &'a [u8],
    this_update: Instant,
    next_update: Instant,
    entries: &'a [u8],
    number: Number,
    delta_of: Option<Number>,
}

impl<'a> Parts<'a> {
    fn read(der: &'a [u8]) -> Result<Self, CrlFault> {
        let malformed = |what: &'static str| move |NotDer| CrlFault::Malformed(what);
        let whole = Element::only(der).and_then(|element| element.expect(Tag::Sequence));
        let mut outer = whole
            .and_then(Element::open)
            .map_err(malformed("outer sequence"))?;
        let signed = outer.expect(Tag::Sequence).map_err(malformed("tbsCertList"))?;
        let algorithm = AlgorithmIdentifier::read(&mut outer).map_err(malformed("signatureAlgorithm"))?;
        let signature = outer
            .any()
            .and_then(Element::whole_bits)
            .map_err(malformed("signatureValue"))?;
        outer.finish().map_err(malformed("trailing data"))?;

        let mut fields = signed.open().map_err(malformed("tbsCertList"))?;
        // Version 2, written as 1: without extensions there is no number to tell older from newer.
        if fields.any().and_then(Element::small_number) != Ok(1) {
            return Err(CrlFault::Malformed("version"));
        }
        let inner = AlgorithmIdentifier::read(&mut fields).map_err(malformed("signature"))?;
        if !inner.agrees_with(&algorithm) {
            return Err(CrlFault::Malformed("two signature algorithms"));
        }
        let issuer = fields.expect(Tag::Sequence).map_err(malformed("issuer"))?.bytes;
        let this_update = fields.time().map_err(malformed("thisUpdate"))?;
        // RFC 5280 demands nextUpdate; a list without it would be fresh for ever.
        let next_update = fields.time().map_err(malformed("nextUpdate"))?;
        let entries = fields
            .optional(Tag::Sequence)
            .map_err(malformed("revokedCertificates"))?;
        let entries = entries.map(|list| list.contents).unwrap_or_default();
        let mut cursor = Cursor::new(entries).map_err(malformed("revokedCertificates"))?;
        while !cursor.is_finished() {
            Entry::read(&mut cursor)?;
        }
        let extensions = fields.optional_context(0).map_err(malformed("crlExtensions"))?;
        fields.finish().map_err(malformed("unexpected field"))?;

        let (mut number, mut delta_of) = (None, None);
        let extensions = extensions.ok_or(CrlFault::Malformed("cRLNumber missing"))?;
        for extension in raw_extensions(extensions).map_err(malformed("crlExtensions"))? {
            match extension.oid {
                // RFC 5280, 5.2.3: never critical, and 5.2.4: always.
                oid::CRL_NUMBER if !extension.critical => {
                    number = Some(Number::read(extension.value).map_err(malformed("cRLNumber"))?);
                }
                oid::DELTA_CRL_INDICATOR if extension.critical => {
                    delta_of = Some(Number::read(extension.value).map_err(malformed("deltaCRLIndicator"))?);
                }
                oid::CRL_NUMBER | oid::DELTA_CRL_INDICATOR => return Err(CrlFault::Malformed("criticality")),
                // A list for some certificates only, or for others' certificates, says nothing of the rest.
                oid::ISSUING_DISTRIBUTION_POINT => {
                    return Err(CrlFault::UnknownCriticalExtension(extension.oid));
                }
                unknown if extension.critical => return Err(CrlFault::UnknownCriticalExtension(unknown)),
                _ => {}
            }
        }
        let number = number.ok_or(CrlFault::Malformed("cRLNumber missing"))?;
        Ok(Self {
            signed: signed.bytes,
            algorithm,
            signature,
            issuer,
            this_update,
            next_update,
            entries,
            number,
            delta_of,
        })
    }
}

struct Entry<'a> {
    serial: &'a [u8],
    revoked: Revoked,
}

impl<'a> Entry<'a> {
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, CrlFault> {
        let malformed = |NotDer| CrlFault::Malformed("entry");
        let mut fields = cursor.sequence().map_err(malformed)?;
        let serial = fields.any().and_then(Element::integer).map_err(malformed)?;
        let at = fields.time().map_err(malformed)?;
        let mut reason = Reason::Unspecified;
        if !fields.is_finished() {
            // Unlike a certificate's, these extensions have no tag of their own around them.
            let list = fields.expect(Tag::Sequence).map_err(malformed)?;
            fields.finish().map_err(malformed)?;
            let mut extensions = list.open().map_err(malformed)?;
            while !extensions.is_finished() {
                let mut extension = extensions.sequence().map_err(malformed)?;
                let oid = extension.object_identifier().map_err(malformed)?;
                let critical = extension.optional(Tag::Boolean).map_err(malformed)?.is_some();
                let value = extension.octets().map_err(malformed)?;
                extension.finish().map_err(malformed)?;
                match oid {
                    oid::CRL_REASON => {
                        let code = Element::only(value)
                            .and_then(|code| code.expect(Tag::Enumerated))
                            .map_err(malformed)?;
                        reason = match code.contents {
                            [code] => Reason::from_code(*code).ok_or(CrlFault::Malformed("reason"))?,
                            _ => return Err(CrlFault::Malformed("reason")),
                        };
                    }
                    // Such as certificateIssuer of an indirect list, where the entry isn't this issuer's at all.
                    unknown if critical => return Err(CrlFault::UnknownCriticalExtension(unknown)),
                    _ => {}
                }
            }
        }
        Ok(Self {
            serial,
            revoked: Revoked { at, reason },
        })
    }
}
