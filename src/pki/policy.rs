//! What a person's certificate must say to be used for a purpose, and who the person is. The national layout of subjects
//! and roles: CN is surname and first name, SURNAME the surname, serialNumber `IIN` and twelve digits, GIVENNAME (!) the
//! patronymic; an organisation's certificates add O and OU=`BIN…` and stand under another role.

use std::fmt;

use super::{
    Instant, Refusal,
    algorithm::SignatureAlgorithm,
    asn1::NotDer,
    certificate::{Certificate, ExtendedKeyUsage, KeyUsage},
    oid,
};

/// Which policy a verdict followed; raised with every change that could turn a verdict.
pub const VERSION: u32 = 1;

/// What the signature is wanted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// A challenge signed to come in.
    SignIn,
    /// A document signed by hand.
    Document,
}

/// Which of the two kinds of personal keys was used. People's new GOST keys are signature keys only, so both kinds may
/// sign in; what was signed tells a challenge from a document, never this.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyKind {
    /// clientAuth ("AUTHENTICATION").
    Authentication,
    /// emailProtection ("SIGNATURE").
    Signature,
    Both,
}

/// The person whose key it is, all of it read from the verified certificate.
#[derive(Clone, PartialEq, Eq)]
pub struct Signer {
    /// Twelve digits as the authority wrote them; the control digit is not checked, the authority's word stands.
    pub iin: String,
    /// `None` for people who have a single name.
    pub surname: Option<String>,
    /// The common name without the surname before it.
    pub given_name: Option<String>,
    pub patronymic: Option<String>,
    pub common_name: String,
    pub algorithm: SignatureAlgorithm,
    /// Lower-case hexadecimal.
    pub serial_hex: String,
    pub not_before: Instant,
    pub not_after: Instant,
    pub certificate_der: Vec<u8>,
}

/// Without the person: logs are no place for names and numbers.
impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signer(certificate {}, {})", self.serial_hex, self.algorithm)
    }
}

/// Checks key usage, extended key usage and the person, in this order.
pub(crate) fn check(certificate: &Certificate, purpose: Purpose) -> Result<KeyKind, Refusal> {
    let extensions = certificate.extensions();
    let usage = extensions.key_usage.ok_or(Refusal::KeyUsageMissing)?;
    let wanted = match purpose {
        Purpose::SignIn => KeyUsage::DIGITAL_SIGNATURE,
        Purpose::Document => KeyUsage::DIGITAL_SIGNATURE | KeyUsage::NON_REPUDIATION,
    };
    if !usage.has(wanted) {
        return Err(Refusal::KeyUsage);
    }
    let purposes = extensions
        .extended_key_usage
        .as_ref()
        .ok_or(Refusal::ExtendedKeyUsageMissing)?;
    let kind = key_kind(purposes).ok_or(Refusal::ExtendedKeyUsage)?;
    if purpose == Purpose::Document && kind == KeyKind::Authentication {
        return Err(Refusal::ExtendedKeyUsage);
    }
    check_person(certificate, purposes)?;
    Ok(kind)
}

fn key_kind(purposes: &ExtendedKeyUsage) -> Option<KeyKind> {
    if purposes.has(oid::ANY_EXTENDED_KEY_USAGE) {
        return None;
    }
    match (
        purposes.has(oid::CLIENT_AUTH),
        purposes.has(oid::EMAIL_PROTECTION),
    ) {
        (true, false) => Some(KeyKind::Authentication),
        (false, true) => Some(KeyKind::Signature),
        (true, true) => Some(KeyKind::Both),
        (false, false) => None,
    }
}

fn check_person(certificate: &Certificate, purposes: &ExtendedKeyUsage) -> Result<(), Refusal> {
    let below_legal_entity =
        |purpose: &der::asn1::ObjectIdentifier| purpose.as_bytes().starts_with(oid::LEGAL_ENTITY.as_bytes());
    let subject = certificate.subject_name();
    if purposes.purposes.iter().any(below_legal_entity)
        || subject.has(oid::ORGANIZATION)
        || subject.has(oid::ORGANIZATIONAL_UNIT)
    {
        return Err(Refusal::Organisation);
    }
    if purposes.has(oid::INDIVIDUAL) {
        Ok(())
    } else {
        Err(Refusal::NotAPerson)
    }
}

/// Reads the person out of a certificate that passed every other check.
pub(crate) fn signer(certificate: &Certificate, algorithm: SignatureAlgorithm) -> Result<Signer, Refusal> {
    let subject = certificate.subject_name();
    let mut serial_numbers = subject.all(oid::SERIAL_NUMBER);
    let serial_number = serial_numbers.next().ok_or(Refusal::IinMissing)?;
    if serial_numbers.next().is_some() {
        return Err(Refusal::IinSeveral);
    }
    let serial_number = serial_number.text().ok_or(Refusal::IinMalformed)?;
    let iin = serial_number
        .strip_prefix("IIN")
        .filter(|digits| digits.len() == 12 && digits.bytes().all(|byte| byte.is_ascii_digit()))
        .ok_or(Refusal::IinMalformed)?;

    let text = |attribute| {
        subject
            .single_text(attribute)
            .map_err(|NotDer| Refusal::NameMalformed)
    };
    let common_name = text(oid::COMMON_NAME)?.ok_or(Refusal::NameMalformed)?;
    let surname = text(oid::SURNAME)?;
    let given_name = match &surname {
        Some(surname) => common_name.strip_prefix(surname.as_str()).unwrap_or(&common_name),
        None => &common_name,
    };
    let given_name = given_name.trim();
    Ok(Signer {
        iin: iin.to_owned(),
        given_name: (!given_name.is_empty()).then(|| given_name.to_owned()),
        surname,
        patronymic: text(oid::GIVEN_NAME)?,
        common_name,
        algorithm,
        serial_hex: certificate.serial_hex(),
        not_before: certificate.not_before(),
        not_after: certificate.not_after(),
        certificate_der: certificate.der().to_vec(),
    })
}
