//! CMS signatures as NCALayer makes them, and as nobody should.

use super::{Credential, Key, encoding::*};
use crate::pki::{
    Instant,
    asn1::{Cursor, Element},
};

/// A SignedData to be.
#[derive(Clone)]
pub struct Cms<'k> {
    pub version: u64,
    /// AlgorithmIdentifiers.
    pub digest_algorithms: Vec<Vec<u8>>,
    pub content_type: &'static str,
    /// What is carried inside; `None` is a detached signature.
    pub content: Option<Vec<u8>>,
    pub certificates: Vec<Vec<u8>>,
    pub signers: Vec<SignerInfo<'k>>,
}

/// One signer of it.
#[derive(Clone)]
pub struct SignerInfo<'k> {
    pub version: u64,
    pub identifier: Vec<u8>,
    pub digest_algorithm: Vec<u8>,
    /// Attributes, sorted when they are encoded unless `keep_order`; `None` leaves the field out and signs `document`.
    pub signed_attributes: Option<Vec<Vec<u8>>>,
    pub keep_order: bool,
    pub signature_algorithm: Vec<u8>,
    pub unsigned_attributes: Vec<Vec<u8>>,
    /// What a signature without signed attributes is over.
    pub document: Vec<u8>,
    pub key: &'k Key,
    /// In place of the signature made with the key.
    pub signature: Option<Vec<u8>>,
}

/// An Attribute with these values.
pub fn attribute(dotted: &str, values: &[Vec<u8>]) -> Vec<u8> {
    sequence(&[&oid(dotted), &set_of(values)])
}

impl<'k> SignerInfo<'k> {
    /// The signer as NCALayer writes one: issuer and serial number, contentType, signingTime, signingCertificateV2 and
    /// messageDigest.
    pub fn new(signer: &'k Credential, document: &[u8], signing_time: Instant) -> Self {
        let key = &signer.key;
        Self {
            version: 1,
            identifier: issuer_and_serial(&signer.certificate),
            digest_algorithm: key.digest_algorithm(),
            signed_attributes: Some(vec![
                attribute(CONTENT_TYPE, &[oid(DATA)]),
                attribute(SIGNING_TIME, &[time(signing_time)]),
                signing_certificate_v2(&signer.certificate),
                attribute(MESSAGE_DIGEST, &[octets(&key.digest().hash(document))]),
            ]),
            keep_order: false,
            signature_algorithm: key.signature_algorithm(),
            unsigned_attributes: Vec::new(),
            document: document.to_vec(),
            key,
            signature: None,
        }
    }

    /// Replaces the signed attribute of the same name, or adds it.
    pub fn set_attribute(&mut self, dotted: &str, values: &[Vec<u8>]) {
        self.remove_attribute(dotted);
        self.signed_attributes
            .get_or_insert_default()
            .push(attribute(dotted, values));
    }

    pub fn remove_attribute(&mut self, dotted: &str) {
        let name = oid(dotted);
        if let Some(attributes) = &mut self.signed_attributes {
            attributes
                .retain(|attribute| !attribute.windows(name.len()).take(5).any(|window| window == name));
        }
    }

    fn ordered(&self) -> Option<Vec<Vec<u8>>> {
        self.signed_attributes.clone().map(|mut attributes| {
            if !self.keep_order {
                attributes.sort();
            }
            attributes
        })
    }

    /// The signature's value.
    pub fn signature(&self) -> Vec<u8> {
        if let Some(signature) = &self.signature {
            return signature.clone();
        }
        match self.ordered() {
            Some(attributes) => self
                .key
                .sign(&set(&attributes.iter().map(Vec::as_slice).collect::<Vec<_>>())),
            None => self.key.sign(&self.document),
        }
    }

    fn encode(&self) -> Vec<u8> {
        let list = |number, attributes: &[Vec<u8>]| {
            context(number, &attributes.iter().map(Vec::as_slice).collect::<Vec<_>>())
        };
        let signed = self
            .ordered()
            .map(|attributes| list(0, &attributes))
            .unwrap_or_default();
        let unsigned = if self.unsigned_attributes.is_empty() {
            Vec::new()
        } else {
            list(1, &self.unsigned_attributes)
        };
        sequence(&[
            &number(self.version),
            &self.identifier,
            &self.digest_algorithm,
            &signed,
            &self.signature_algorithm,
            &octets(&self.signature()),
            &unsigned,
        ])
    }
}

impl<'k> Cms<'k> {
    /// A signature over `document`, attached or not, as NCALayer makes it.
    pub fn new(signer: &'k Credential, document: &[u8], attached: bool, signing_time: Instant) -> Self {
        Self {
            version: 1,
            digest_algorithms: vec![signer.key.digest_algorithm()],
            content_type: DATA,
            content: attached.then(|| document.to_vec()),
            certificates: vec![signer.certificate.clone()],
            signers: vec![SignerInfo::new(signer, document, signing_time)],
        }
    }

    /// The first signer, to be bent.
    pub fn signer(&mut self) -> &mut SignerInfo<'k> {
        &mut self.signers[0]
    }

    /// The DER of the ContentInfo.
    pub fn encode(&self) -> Vec<u8> {
        let content = self
            .content
            .as_ref()
            .map(|content| context(0, &[&octets(content)]))
            .unwrap_or_default();
        let certificates = if self.certificates.is_empty() {
            Vec::new()
        } else {
            let mut sorted = self.certificates.clone();
            sorted.sort();
            context(0, &sorted.iter().map(Vec::as_slice).collect::<Vec<_>>())
        };
        let signers: Vec<Vec<u8>> = self.signers.iter().map(SignerInfo::encode).collect();
        let signed_data = sequence(&[
            &number(self.version),
            &set_of(&self.digest_algorithms),
            &sequence(&[&oid(self.content_type), &content]),
            &certificates,
            &set_of(&signers),
        ]);
        sequence(&[&oid(SIGNED_DATA), &context(0, &[&signed_data])])
    }
}

/// IssuerAndSerialNumber of a certificate.
pub(super) fn issuer_and_serial(certificate: &[u8]) -> Vec<u8> {
    let (issuer, serial) = issuer_and_serial_parts(certificate);
    sequence(&[&issuer, &serial])
}

/// The issuer's Name and the serial INTEGER of a certificate, each whole.
pub(super) fn issuer_and_serial_parts(certificate: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let fields = |bytes: &[u8]| -> Vec<Vec<u8>> {
        let contents = Element::only(bytes)
            .expect("certificates minted here are DER")
            .contents;
        let mut cursor = Cursor::new(contents).expect("certificates are short");
        let mut fields = Vec::new();
        while !cursor.is_finished() {
            fields.push(
                cursor
                    .any()
                    .expect("certificates minted here are DER")
                    .bytes
                    .to_vec(),
            );
        }
        fields
    };
    let signed = fields(&fields(certificate)[0]);
    // Version 1 leaves the first field out.
    let first = usize::from(signed[0][0] == 0xa0);
    (signed[first + 2].clone(), signed[first].clone())
}

fn signing_certificate_v2(certificate: &[u8]) -> Vec<u8> {
    use sha2::{Digest as _, Sha256};
    let identifier = sequence(&[&octets(&Sha256::digest(certificate))]);
    attribute(SIGNING_CERTIFICATE_V2, &[sequence(&[&sequence(&[&identifier])])])
}
