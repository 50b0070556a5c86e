//! Why a signature is refused: one name per check, so that a message, a log line and a test can speak of the same thing.

use super::{Instant, oid};
use der::asn1::ObjectIdentifier;

/// The reason a signature was refused. The order is the order of the checks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    // The envelope
    #[error("the signature is larger than a mebibyte")]
    TooLarge,
    #[error("the signature is neither PEM, base64 nor DER")]
    NotArmoured,
    #[error("the signature is not well-formed DER")]
    NotDer,
    #[error("not a CMS SignedData: {0}")]
    NotSignedData(&'static str),
    #[error("nobody signed")]
    NoSigner,
    #[error("more than one signer")]
    SeveralSigners,
    #[error("what was signed is not plain data")]
    ContentType,
    #[error("the document is missing inside the signature")]
    ContentMissing,
    #[error("the signature carries a document where none belongs")]
    ContentUnexpected,

    // Signed attributes
    #[error("there are no signed attributes")]
    NoSignedAttributes,
    #[error("signed attributes are not in DER's order")]
    SignedAttributesOrder,
    #[error("signed attribute {0} stands twice")]
    AttributeRepeated(ObjectIdentifier),
    #[error("signed attribute {0} must have exactly one well-formed value")]
    AttributeValue(ObjectIdentifier),
    #[error("signed attribute contentType is missing")]
    ContentTypeAttributeMissing,
    #[error("signed attribute contentType differs from the content's type")]
    ContentTypeAttributeMismatch,
    #[error("signed attribute messageDigest is missing")]
    MessageDigestMissing,

    // Algorithms
    #[error("GOST 34.310-2004 is no longer issued and is not accepted")]
    Gost2004,
    #[error("SHA-1 is not accepted")]
    Sha1,
    #[error("algorithm {0} is not accepted")]
    Algorithm(ObjectIdentifier),
    #[error("the algorithm's parameters are not the expected ones")]
    AlgorithmParameters,
    #[error("digest, signature and key do not belong together")]
    AlgorithmMismatch,
    #[error("the signer's digest algorithm is not among those announced")]
    DigestNotAnnounced,

    // The document and the signature
    #[error("the signature belongs to another document")]
    DocumentMismatch,
    #[error("the document inside the signature is another one")]
    ContentMismatch,
    #[error("the signer's certificate is not in the signature")]
    SignerCertificateMissing,
    #[error("more than one certificate fits the signer")]
    SignerCertificateAmbiguous,
    #[error("the certificate named in the signed attributes is another one")]
    SigningCertificateMismatch,
    #[error("the signature is not made with the certificate's key")]
    SignatureInvalid,

    // The certificate
    #[error("a certificate is larger than 16 KiB")]
    CertificateTooLarge,
    #[error("malformed certificate: {0}")]
    CertificateMalformed(&'static str),
    #[error("unknown critical extension {0}")]
    UnknownCriticalExtension(ObjectIdentifier),
    #[error("the certificate's key is too weak or not a key: {0}")]
    Key(&'static str),
    #[error("the signer's certificate is a certification authority's")]
    LeafIsAuthority,

    // The path
    #[error("issued by an authority that is not trusted here")]
    UnknownIssuer,
    #[error("the certificate is not signed by the authority it names")]
    IssuerSignatureInvalid,
    #[error("the certificate is not yet valid (from {0})")]
    NotYetValid(Instant),
    #[error("the certificate expired at {0}")]
    Expired(Instant),
    #[error("the authority's certificate is not valid at this time")]
    IssuerNotValidNow,
    #[error("the authority's certificate may not issue certificates: {0}")]
    IssuerNotAuthority(&'static str),

    // Purpose and person
    #[error("the certificate does not say what its key is for")]
    KeyUsageMissing,
    #[error("the key is not meant for this use")]
    KeyUsage,
    #[error("the certificate has no extended key usage")]
    ExtendedKeyUsageMissing,
    #[error("the certificate is not meant for this purpose")]
    ExtendedKeyUsage,
    #[error("the certificate belongs to an organisation")]
    Organisation,
    #[error("the certificate is not a natural person's")]
    NotAPerson,
    #[error("the certificate has no IIN")]
    IinMissing,
    #[error("the certificate has more than one serial number in its subject")]
    IinSeveral,
    #[error("the certificate's IIN is not twelve digits")]
    IinMalformed,
    #[error("the name in the certificate cannot be read")]
    NameMalformed,

    // Revocation, when the caller asked for one verdict over everything
    #[error("the certificate was revoked")]
    Revoked,
    #[error("whether the certificate is revoked could not be found out")]
    RevocationUndecided,
    #[error("signed by another person")]
    AnotherPerson,
}

impl Refusal {
    /// The reason's stable name, for logs, messages and the command line.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLarge => "too_large",
            Self::NotArmoured => "not_armoured",
            Self::NotDer => "not_der",
            Self::NotSignedData(_) => "not_signed_data",
            Self::NoSigner => "no_signer",
            Self::SeveralSigners => "several_signers",
            Self::ContentType => "content_type",
            Self::ContentMissing => "content_missing",
            Self::ContentUnexpected => "content_unexpected",
            Self::NoSignedAttributes => "no_signed_attributes",
            Self::SignedAttributesOrder => "signed_attributes_order",
            Self::AttributeRepeated(_) => "attribute_repeated",
            Self::AttributeValue(_) => "attribute_value",
            Self::ContentTypeAttributeMissing => "content_type_attribute_missing",
            Self::ContentTypeAttributeMismatch => "content_type_attribute_mismatch",
            Self::MessageDigestMissing => "message_digest_missing",
            Self::Gost2004 => "gost_2004",
            Self::Sha1 => "sha1",
            Self::Algorithm(_) => "algorithm",
            Self::AlgorithmParameters => "algorithm_parameters",
            Self::AlgorithmMismatch => "algorithm_mismatch",
            Self::DigestNotAnnounced => "digest_not_announced",
            Self::DocumentMismatch => "document_mismatch",
            Self::ContentMismatch => "content_mismatch",
            Self::SignerCertificateMissing => "signer_certificate_missing",
            Self::SignerCertificateAmbiguous => "signer_certificate_ambiguous",
            Self::SigningCertificateMismatch => "signing_certificate_mismatch",
            Self::SignatureInvalid => "signature_invalid",
            Self::CertificateTooLarge => "certificate_too_large",
            Self::CertificateMalformed(_) => "certificate_malformed",
            Self::UnknownCriticalExtension(_) => "unknown_critical_extension",
            Self::Key(_) => "key",
            Self::LeafIsAuthority => "leaf_is_authority",
            Self::UnknownIssuer => "unknown_issuer",
            Self::IssuerSignatureInvalid => "issuer_signature_invalid",
            Self::NotYetValid(_) => "not_yet_valid",
            Self::Expired(_) => "expired",
            Self::IssuerNotValidNow => "issuer_not_valid_now",
            Self::IssuerNotAuthority(_) => "issuer_not_authority",
            Self::KeyUsageMissing => "key_usage_missing",
            Self::KeyUsage => "key_usage",
            Self::ExtendedKeyUsageMissing => "extended_key_usage_missing",
            Self::ExtendedKeyUsage => "extended_key_usage",
            Self::Organisation => "organisation",
            Self::NotAPerson => "not_a_person",
            Self::IinMissing => "iin_missing",
            Self::IinSeveral => "iin_several",
            Self::IinMalformed => "iin_malformed",
            Self::NameMalformed => "name_malformed",
            Self::Revoked => "revoked",
            Self::RevocationUndecided => "revocation_undecided",
            Self::AnotherPerson => "another_person",
        }
    }

    /// An algorithm that isn't on the list, with the two that deserve their own name.
    pub(crate) fn algorithm(oid: ObjectIdentifier) -> Self {
        match oid {
            oid::GOST_2004_KEY | oid::GOST_2004_SIGNATURE | oid::GOST_34311 => Self::Gost2004,
            oid::SHA1 | oid::SHA1_WITH_RSA => Self::Sha1,
            other => Self::Algorithm(other),
        }
    }
}
