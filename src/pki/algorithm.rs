//! The few algorithms that are accepted, as types: a digest, a signature and a key that don't belong together can't be
//! asked to verify anything. RSA is ring's, GOST our own.

use std::fmt;

use der::{Tag, asn1::ObjectIdentifier};
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512};
use sha2::Digest as _;

use super::{
    Refusal,
    asn1::{Cursor, Element, NotDer, Parsed},
    gost, oid,
};

/// A hash that is accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Digest {
    Sha256,
    Sha384,
    Sha512,
    /// GOST R 34.11-2012, 512 bits.
    Streebog512,
}

impl Digest {
    pub(crate) fn from_identifier(identifier: &AlgorithmIdentifier<'_>) -> Result<Self, Refusal> {
        let digest = match identifier.oid {
            oid::SHA256 => Self::Sha256,
            oid::SHA384 => Self::Sha384,
            oid::SHA512 => Self::Sha512,
            oid::STREEBOG_512 => Self::Streebog512,
            other => return Err(Refusal::algorithm(other)),
        };
        identifier.without_parameters()?;
        Ok(digest)
    }

    /// The hash of these bytes: 32, 48 or 64 octets.
    pub fn hash(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha256 => sha2::Sha256::digest(bytes).to_vec(),
            Self::Sha384 => sha2::Sha384::digest(bytes).to_vec(),
            Self::Sha512 => sha2::Sha512::digest(bytes).to_vec(),
            Self::Streebog512 => streebog::Streebog512::digest(bytes).to_vec(),
        }
    }
}

/// A way of signing that is accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignatureAlgorithm {
    /// GOST 34.10-2015 with a 512-bit key over Streebog-512.
    Gost2015,
    /// RSA PKCS#1 v1.5.
    Rsa(Digest),
}

impl SignatureAlgorithm {
    /// As certificates, CRLs and OCSP responses name it.
    pub(crate) fn from_identifier(identifier: &AlgorithmIdentifier<'_>) -> Result<Self, Refusal> {
        let algorithm = match identifier.oid {
            oid::GOST_2015_512_SIGNATURE => Self::Gost2015,
            oid::SHA256_WITH_RSA => Self::Rsa(Digest::Sha256),
            oid::SHA384_WITH_RSA => Self::Rsa(Digest::Sha384),
            oid::SHA512_WITH_RSA => Self::Rsa(Digest::Sha512),
            other => return Err(Refusal::algorithm(other)),
        };
        identifier.without_parameters()?;
        Ok(algorithm)
    }

    /// As a SignerInfo names it beside its digest; plain `rsaEncryption` takes the digest from there (RFC 3370, 3.2).
    pub(crate) fn of_signer(identifier: &AlgorithmIdentifier<'_>, digest: Digest) -> Result<Self, Refusal> {
        let algorithm = if identifier.oid == oid::RSA_KEY {
            identifier.without_parameters()?;
            Self::Rsa(digest)
        } else {
            Self::from_identifier(identifier)?
        };
        let expected = match algorithm {
            Self::Gost2015 => Digest::Streebog512,
            Self::Rsa(digest) => digest,
        };
        if digest == expected {
            Ok(algorithm)
        } else {
            Err(Refusal::AlgorithmMismatch)
        }
    }
}

/// The name people know it by.
impl fmt::Display for SignatureAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Gost2015 => "GOST 34.10-2015 (512)",
            Self::Rsa(Digest::Sha256) => "RSA SHA-256",
            Self::Rsa(Digest::Sha384) => "RSA SHA-384",
            Self::Rsa(_) => "RSA SHA-512",
        })
    }
}

/// A public key that is accepted.
#[derive(Clone, Debug)]
pub enum PublicKey {
    Gost2015(gost::PublicKey),
    /// Big-endian, without leading zeros; 2048 to 8192 bits and an odd exponent of at least 65537.
    Rsa {
        modulus: Vec<u8>,
        exponent: Vec<u8>,
    },
}

impl PublicKey {
    /// Reads a SubjectPublicKeyInfo.
    pub(crate) fn from_spki(spki: &[u8]) -> Result<Self, Refusal> {
        const MALFORMED: Refusal = Refusal::Key("not a SubjectPublicKeyInfo");
        let (identifier, bits) = split_spki(spki).map_err(|NotDer| MALFORMED)?;
        match identifier.oid {
            oid::GOST_2015_512_KEY => {
                let (curve, hash) =
                    gost_parameters(&identifier).map_err(|NotDer| Refusal::AlgorithmParameters)?;
                if (curve, hash) != (oid::GOST_2015_512_PARAMETERS, oid::STREEBOG_512) {
                    return Err(Refusal::AlgorithmParameters);
                }
                let octets = Element::only(bits).and_then(|element| element.expect(Tag::OctetString));
                let point: &[u8; 128] = octets
                    .ok()
                    .and_then(|octets| octets.contents.try_into().ok())
                    .ok_or(Refusal::Key("GOST length"))?;
                gost::PublicKey::from_bytes(point)
                    .map(Self::Gost2015)
                    .ok_or(Refusal::Key("not a point of the curve"))
            }
            oid::RSA_KEY => {
                identifier.without_parameters()?;
                let (modulus, exponent) = rsa_numbers(bits).map_err(|NotDer| Refusal::Key("RSA encoding"))?;
                check_rsa(&modulus, &exponent)?;
                Ok(Self::Rsa { modulus, exponent })
            }
            other => Err(Refusal::algorithm(other)),
        }
    }

    /// Whether this key made `signature` over `message`. A key of the other kind is a mismatch, not a bad signature.
    pub(crate) fn verify(
        &self,
        algorithm: SignatureAlgorithm,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), Refusal> {
        let verified = match (self, algorithm) {
            (Self::Gost2015(key), SignatureAlgorithm::Gost2015) => key.verifies(message, signature),
            (Self::Rsa { modulus, exponent }, SignatureAlgorithm::Rsa(digest)) => {
                let parameters = match digest {
                    Digest::Sha256 => &RSA_PKCS1_2048_8192_SHA256,
                    Digest::Sha384 => &RSA_PKCS1_2048_8192_SHA384,
                    Digest::Sha512 => &RSA_PKCS1_2048_8192_SHA512,
                    Digest::Streebog512 => return Err(Refusal::AlgorithmMismatch),
                };
                let key = ring::signature::RsaPublicKeyComponents {
                    n: modulus,
                    e: exponent,
                };
                key.verify(parameters, message, signature).is_ok()
            }
            _ => return Err(Refusal::AlgorithmMismatch),
        };
        if verified {
            Ok(())
        } else {
            Err(Refusal::SignatureInvalid)
        }
    }
}

fn split_spki(spki: &[u8]) -> Parsed<(AlgorithmIdentifier<'_>, &[u8])> {
    let mut fields = Element::only(spki)?.expect(Tag::Sequence)?.open()?;
    let identifier = AlgorithmIdentifier::read(&mut fields)?;
    let bits = fields.any()?.whole_bits()?;
    fields.finish()?;
    Ok((identifier, bits))
}

/// The octets of the key itself, which OCSP's issuerKeyHash is taken over.
pub(crate) fn key_octets(spki: &[u8]) -> Parsed<&[u8]> {
    split_spki(spki).map(|(_, bits)| bits)
}

fn gost_parameters(identifier: &AlgorithmIdentifier<'_>) -> Parsed<(ObjectIdentifier, ObjectIdentifier)> {
    let mut fields = identifier
        .parameters
        .ok_or(NotDer)?
        .expect(Tag::Sequence)?
        .open()?;
    let parameters = (fields.object_identifier()?, fields.object_identifier()?);
    fields.finish()?;
    Ok(parameters)
}

fn rsa_numbers(bits: &[u8]) -> Parsed<(Vec<u8>, Vec<u8>)> {
    let mut fields = Element::only(bits)?.expect(Tag::Sequence)?.open()?;
    let numbers = (positive(fields.any()?)?, positive(fields.any()?)?);
    fields.finish()?;
    Ok(numbers)
}

fn positive(element: Element<'_>) -> Parsed<Vec<u8>> {
    match element.integer()? {
        [0] | [0x80..=0xff, ..] => Err(NotDer),
        [0, rest @ ..] | rest => Ok(rest.to_vec()),
    }
}

fn check_rsa(modulus: &[u8], exponent: &[u8]) -> Result<(), Refusal> {
    let bits =
        |number: &[u8]| number.len() * 8 - number.first().map_or(0, |first| first.leading_zeros() as usize);
    if bits(modulus) < 2048 {
        return Err(Refusal::Key("RSA modulus below 2048 bits"));
    }
    if bits(modulus) > 8192 {
        return Err(Refusal::Key("RSA modulus above 8192 bits"));
    }
    let odd = |number: &[u8]| number.last().is_some_and(|last| last & 1 == 1);
    if !odd(modulus) {
        return Err(Refusal::Key("RSA modulus is even"));
    }
    // Above 2³³ ring refuses; nobody issues such exponents.
    if !odd(exponent) || bits(exponent) < 17 || bits(exponent) > 33 {
        return Err(Refusal::Key(
            "RSA exponent is not an odd number from 65537 to 2³³",
        ));
    }
    Ok(())
}

/// An algorithm's name with its parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct AlgorithmIdentifier<'a> {
    pub(crate) oid: ObjectIdentifier,
    pub(crate) parameters: Option<Element<'a>>,
}

impl<'a> AlgorithmIdentifier<'a> {
    pub(crate) fn read(cursor: &mut Cursor<'a>) -> Parsed<Self> {
        let mut fields = cursor.sequence()?;
        let oid = fields.object_identifier()?;
        let parameters = if fields.is_finished() {
            None
        } else {
            Some(fields.any()?)
        };
        fields.finish()?;
        Ok(Self { oid, parameters })
    }

    /// NULL or nothing: the national authority writes both, sometimes in one CRL.
    pub(crate) fn without_parameters(&self) -> Result<(), Refusal> {
        match self.parameters {
            None => Ok(()),
            Some(Element {
                tag: Tag::Null,
                contents: [],
                ..
            }) => Ok(()),
            Some(_) => Err(Refusal::AlgorithmParameters),
        }
    }

    /// Whether both say the same, NULL and nothing being the same.
    pub(crate) fn agrees_with(&self, other: &Self) -> bool {
        let parameters = |identifier: &Self| {
            identifier
                .parameters
                .filter(|p| p.tag != Tag::Null)
                .map(|p| p.bytes.to_vec())
        };
        self.oid == other.oid && parameters(self) == parameters(other)
    }
}
