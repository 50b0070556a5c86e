//! Revocation lists and OCSP responses.

use sha2::{Digest as _, Sha256};

use super::{Authority, Credential, Key, certificate::extension, cms::issuer_and_serial_parts, encoding::*};
use crate::pki::Instant;

/// A revocation list to be.
#[derive(Clone)]
pub struct Crl {
    pub issuer: Vec<u8>,
    pub this_update: Instant,
    pub next_update: Option<Instant>,
    pub entries: Vec<RevokedEntry>,
    pub number: Option<u64>,
    /// The number of the base list, which makes this a delta list.
    pub delta_of: Option<u64>,
    /// Encoded Extensions, added to those above.
    pub extensions: Vec<Vec<u8>>,
}

/// One revoked certificate.
#[derive(Clone)]
pub struct RevokedEntry {
    /// INTEGER contents.
    pub serial: Vec<u8>,
    pub at: Instant,
    /// CRLReason (RFC 5280, 5.3.1); `None` leaves it out.
    pub reason: Option<u8>,
    /// Encoded Extensions, added to the reason.
    pub extensions: Vec<Vec<u8>>,
}

impl RevokedEntry {
    /// The entry for a certificate minted here.
    pub fn of(certificate: &[u8], at: Instant, reason: Option<u8>) -> Self {
        let (_, serial) = issuer_and_serial_parts(certificate);
        Self {
            serial: serial[2..].to_vec(),
            at,
            reason,
            extensions: Vec::new(),
        }
    }
}

impl Crl {
    /// An empty list of this authority.
    pub fn new(authority: &Authority, number: u64, this_update: Instant, next_update: Instant) -> Self {
        Self {
            issuer: authority.name.clone(),
            this_update,
            next_update: Some(next_update),
            entries: Vec::new(),
            number: Some(number),
            delta_of: None,
            extensions: Vec::new(),
        }
    }

    /// The DER, signed with `key`.
    pub fn sign(&self, key: &Key) -> Vec<u8> {
        let algorithm = key.signature_algorithm();
        let entries: Vec<Vec<u8>> = self
            .entries
            .iter()
            .map(|entry| {
                let mut extensions: Vec<Vec<u8>> = entry
                    .reason
                    .iter()
                    .map(|reason| extension(REASON_CODE, false, &enumerated(*reason)))
                    .collect();
                extensions.extend(entry.extensions.iter().cloned());
                let extensions = if extensions.is_empty() {
                    Vec::new()
                } else {
                    list(&extensions)
                };
                sequence(&[&integer(&entry.serial), &time(entry.at), &extensions])
            })
            .collect();
        let mut extensions = Vec::new();
        extensions.extend(
            self.delta_of
                .map(|base| extension(DELTA_CRL_INDICATOR, true, &number(base))),
        );
        extensions.extend(
            self.number
                .map(|value| extension(CRL_NUMBER, false, &number(value))),
        );
        extensions.extend(self.extensions.iter().cloned());
        let signed = sequence(&[
            &number(1),
            &algorithm,
            &self.issuer,
            &time(self.this_update),
            &self.next_update.map(time).unwrap_or_default(),
            &if entries.is_empty() {
                Vec::new()
            } else {
                list(&entries)
            },
            &if extensions.is_empty() {
                Vec::new()
            } else {
                context(0, &[&list(&extensions)])
            },
        ]);
        let signature = key.sign(&signed);
        sequence(&[&signed, &algorithm, &bits(&signature)])
    }
}

fn list(parts: &[Vec<u8>]) -> Vec<u8> {
    sequence(&parts.iter().map(Vec::as_slice).collect::<Vec<_>>())
}

/// An OCSP answer to be.
#[derive(Clone)]
pub struct OcspResponse {
    /// OCSPResponseStatus; 0 is successful, anything else goes without the rest.
    pub status: u8,
    pub singles: Vec<OcspSingle>,
    pub produced_at: Instant,
    /// The nonce's contents, framed as the national responder does: an OCTET STRING inside the extension's value.
    pub nonce: Option<Vec<u8>>,
    /// Encoded Extensions, added to the nonce.
    pub extensions: Vec<Vec<u8>>,
    /// ResponderID byName in place of the responder's subject.
    pub responder_name: Option<Vec<u8>>,
    pub certificates: Vec<Vec<u8>>,
}

/// One SingleResponse of it.
#[derive(Clone)]
pub struct OcspSingle {
    pub cert_id: Vec<u8>,
    pub status: CertificateStatus,
    pub this_update: Instant,
    pub next_update: Option<Instant>,
}

#[derive(Clone, Copy, Debug)]
pub enum CertificateStatus {
    Good,
    Revoked { at: Instant, reason: Option<u8> },
    Unknown,
}

/// CertID over SHA-256 of a certificate and its issuer.
pub fn cert_id(certificate: &[u8], issuer: &Authority) -> Vec<u8> {
    let (_, serial) = issuer_and_serial_parts(certificate);
    sequence(&[
        &algorithm(SHA_256, &null()),
        &octets(&Sha256::digest(&issuer.name)),
        &octets(&Sha256::digest(issuer.key.octets())),
        &serial,
    ])
}

impl OcspResponse {
    /// One answer about one certificate, produced and true at `at`, without nextUpdate, as the national responder gives.
    pub fn new(cert_id: Vec<u8>, status: CertificateStatus, at: Instant, nonce: Option<Vec<u8>>) -> Self {
        Self {
            status: 0,
            singles: vec![OcspSingle {
                cert_id,
                status,
                this_update: at,
                next_update: None,
            }],
            produced_at: at,
            nonce,
            extensions: vec![extension(OCSP_EXTENDED_REVOKE, false, &null())],
            responder_name: None,
            certificates: Vec::new(),
        }
    }

    /// The DER, signed by the responder whose certificate goes along first.
    pub fn sign(&self, responder: &Credential) -> Vec<u8> {
        if self.status != 0 {
            return sequence(&[&enumerated(self.status)]);
        }
        let name = self
            .responder_name
            .clone()
            .unwrap_or_else(|| subject(&responder.certificate));
        let singles: Vec<Vec<u8>> = self.singles.iter().map(OcspSingle::encode).collect();
        let mut extensions: Vec<Vec<u8>> = self
            .nonce
            .iter()
            .map(|nonce| extension(OCSP_NONCE, false, &octets(nonce)))
            .collect();
        extensions.extend(self.extensions.iter().cloned());
        let data = sequence(&[
            &context(1, &[&name]),
            &generalized_time(self.produced_at),
            &list(&singles),
            &if extensions.is_empty() {
                Vec::new()
            } else {
                context(1, &[&list(&extensions)])
            },
        ]);
        let mut certificates = vec![responder.certificate.clone()];
        certificates.extend(self.certificates.iter().cloned());
        let basic = sequence(&[
            &data,
            &responder.key.signature_algorithm(),
            &bits(&responder.key.sign(&data)),
            &context(0, &[&list(&certificates)]),
        ]);
        sequence(&[
            &enumerated(0),
            &context(0, &[&sequence(&[&oid(OCSP_BASIC), &octets(&basic)])]),
        ])
    }
}

impl OcspSingle {
    fn encode(&self) -> Vec<u8> {
        let status = match self.status {
            CertificateStatus::Good => context_primitive(0, &[]),
            CertificateStatus::Unknown => context_primitive(2, &[]),
            CertificateStatus::Revoked { at, reason } => {
                let reason = reason
                    .map(|reason| context(0, &[&enumerated(reason)]))
                    .unwrap_or_default();
                context(1, &[&generalized_time(at), &reason])
            }
        };
        let next = self
            .next_update
            .map(|next| context(0, &[&generalized_time(next)]))
            .unwrap_or_default();
        sequence(&[&self.cert_id, &status, &generalized_time(self.this_update), &next])
    }
}

fn subject(certificate: &[u8]) -> Vec<u8> {
    let certificate =
        crate::pki::Certificate::from_der(certificate).expect("responders' certificates are well formed");
    certificate.subject().to_vec()
}
