//! Certificates in the national layout.

use sha2::{Digest as _, Sha256};

use super::{Key, encoding::*};
use crate::pki::Instant;

/// A synthetic person, as a certificate names people.
#[derive(Clone, Debug)]
pub struct Person<'a> {
    pub surname: &'a str,
    pub given_name: &'a str,
    pub patronymic: Option<&'a str>,
    /// Twelve digits.
    pub iin: &'a str,
}

impl Person<'_> {
    /// The subject of a natural person's certificate, attributes in the national order.
    pub fn subject(&self) -> Vec<u8> {
        let common_name = format!("{} {}", self.surname, self.given_name);
        let iin = format!("IIN{}", self.iin);
        let mut attributes = vec![
            (COMMON_NAME, common_name.as_str()),
            (SURNAME, self.surname),
            (SERIAL_NUMBER, iin.as_str()),
            (COUNTRY, "KZ"),
        ];
        attributes.extend(self.patronymic.map(|patronymic| (GIVEN_NAME, patronymic)));
        name(&attributes)
    }

    /// The same with an organisation.
    pub fn subject_in(&self, organisation: &str, bin: &str) -> Vec<u8> {
        let common_name = format!("{} {}", self.surname, self.given_name);
        let (iin, bin) = (format!("IIN{}", self.iin), format!("BIN{bin}"));
        name(&[
            (COMMON_NAME, &common_name),
            (SURNAME, self.surname),
            (SERIAL_NUMBER, &iin),
            (COUNTRY, "KZ"),
            (ORGANIZATION, organisation),
            (ORGANIZATIONAL_UNIT, &bin),
        ])
    }
}

/// A distinguished name; countries and serial numbers are PrintableString, the rest UTF8String.
pub fn name(attributes: &[(&str, &str)]) -> Vec<u8> {
    let sets: Vec<Vec<u8>> = attributes
        .iter()
        .map(|(attribute, text)| {
            let value = if [COUNTRY, SERIAL_NUMBER].contains(attribute) {
                printable(text)
            } else {
                utf8(text)
            };
            set(&[&sequence(&[&oid(attribute), &value])])
        })
        .collect();
    sequence(&sets.iter().map(Vec::as_slice).collect::<Vec<_>>())
}

/// One Extension; FALSE is left out as DER wants.
pub fn extension(dotted: &str, critical: bool, value: &[u8]) -> Vec<u8> {
    let flag = if critical { boolean(true) } else { Vec::new() };
    sequence(&[&oid(dotted), &flag, &octets(value)])
}

/// What an authority's certificate says: CA:TRUE, keyCertSign and cRLSign, both critical.
pub fn authority_extensions(path_length: Option<u8>) -> Vec<Vec<u8>> {
    let length = path_length
        .map(|length| number(length.into()))
        .unwrap_or_default();
    vec![
        extension(BASIC_CONSTRAINTS, true, &sequence(&[&boolean(true), &length])),
        extension(KEY_USAGE, true, &named_bits(&[5, 6])),
    ]
}

/// Where a certificate says its status is published.
#[derive(Clone, Copy, Debug)]
pub struct Urls<'a> {
    pub ocsp: &'a str,
    pub crl: &'a str,
    pub delta_crl: &'a str,
    pub issuer: &'a str,
}

impl Default for Urls<'_> {
    fn default() -> Self {
        Self {
            ocsp: "http://ocsp.test.invalid/",
            crl: "http://crl.test.invalid/nca.crl",
            delta_crl: "http://crl.test.invalid/nca_d.crl",
            issuer: "http://ca.test.invalid/nca.cer",
        }
    }
}

/// A certificate to be, every field open.
#[derive(Clone)]
pub struct Template {
    /// The number inside `[0]`; 2 is version 3. `None` leaves the field out, which is version 1.
    pub version: Option<u64>,
    /// INTEGER contents.
    pub serial: Vec<u8>,
    /// What the certificate calls its signature algorithm inside; the issuer's own when `None`.
    pub inner_algorithm: Option<Vec<u8>>,
    pub outer_algorithm: Option<Vec<u8>>,
    pub issuer: Option<Vec<u8>>,
    pub subject: Vec<u8>,
    pub not_before: Instant,
    pub not_after: Instant,
    pub spki: Vec<u8>,
    pub extensions: Vec<Vec<u8>>,
}

impl Template {
    /// No extension at all.
    pub fn bare(subject: Vec<u8>, spki: Vec<u8>, not_before: Instant, not_after: Instant) -> Self {
        // Twenty octets, positive, the same for the same subject, key and dates.
        let digest = Sha256::new()
            .chain_update(&subject)
            .chain_update(&spki)
            .chain_update(not_before.unix().to_be_bytes())
            .chain_update(not_after.unix().to_be_bytes())
            .finalize();
        let mut serial = digest[..20].to_vec();
        serial[0] = serial[0] & 0x3f | 0x40;
        Self {
            version: Some(2),
            serial,
            inner_algorithm: None,
            outer_algorithm: None,
            issuer: None,
            subject,
            not_before,
            not_after,
            spki,
            extensions: Vec::new(),
        }
    }

    /// A natural person's signature certificate of today: emailProtection and the individual's role, keyUsage
    /// digitalSignature, nonRepudiation and keyAgreement.
    pub fn person(
        person: &Person<'_>,
        key: &Key,
        not_before: Instant,
        not_after: Instant,
        urls: Urls<'_>,
    ) -> Self {
        let mut template = Self::bare(person.subject(), key.spki(), not_before, not_after);
        template.extensions = vec![
            extension(
                CERTIFICATE_POLICIES,
                false,
                &sequence(&[&sequence(&[&oid("1.2.398.3.3.2")])]),
            ),
            extension(AUTHORITY_INFO_ACCESS, false, &access(urls)),
            extension(CRL_DISTRIBUTION_POINTS, false, &distribution_point(urls.crl)),
            extension(FRESHEST_CRL, false, &distribution_point(urls.delta_crl)),
            purposes(&[EMAIL_PROTECTION, INDIVIDUAL], false),
            extension(KEY_USAGE, true, &named_bits(&[0, 1, 4])),
            extension(KEY_STORE_TYPE, false, &sequence(&[&oid("1.2.398.3.3.5.1.1")])),
        ];
        template
    }

    /// An OCSP responder's: its purpose, and the mark that its own status need not be asked.
    pub fn responder(common_name: &str, key: &Key, not_before: Instant, not_after: Instant) -> Self {
        let subject = name(&[(COMMON_NAME, common_name), (COUNTRY, "KZ")]);
        let mut template = Self::bare(subject, key.spki(), not_before, not_after);
        template.extensions = vec![
            purposes(&[OCSP_SIGNING], false),
            extension(KEY_USAGE, true, &named_bits(&[0])),
            extension(OCSP_NO_CHECK, false, &null()),
        ];
        template
    }

    /// A time-stamping authority's: its purpose critical and alone.
    pub fn time_stamping(common_name: &str, key: &Key, not_before: Instant, not_after: Instant) -> Self {
        let subject = name(&[(COMMON_NAME, common_name), (COUNTRY, "KZ")]);
        let mut template = Self::bare(subject, key.spki(), not_before, not_after);
        template.extensions = vec![
            purposes(&[TIME_STAMPING], true),
            extension(KEY_USAGE, true, &named_bits(&[0])),
        ];
        template
    }

    /// Replaces the extension of the same name, or adds it.
    #[must_use]
    pub fn with_extension(mut self, dotted: &str, critical: bool, value: &[u8]) -> Self {
        self = self.without_extension(dotted);
        self.extensions.push(extension(dotted, critical, value));
        self
    }

    #[must_use]
    pub fn without_extension(mut self, dotted: &str) -> Self {
        let name = oid(dotted);
        // An Extension begins with a short tag and length, then its name.
        self.extensions
            .retain(|extension| !extension.windows(name.len()).take(5).any(|window| window == name));
        self
    }

    /// Replaces the purposes, not critical.
    #[must_use]
    pub fn with_purposes(self, dotted: &[&str]) -> Self {
        let list: Vec<Vec<u8>> = dotted.iter().map(|purpose| oid(purpose)).collect();
        self.with_extension(EXTENDED_KEY_USAGE, false, &sequence(&slices(&list)))
    }

    /// The DER, signed by `issuer` whose name is `issuer_name` unless the template says another.
    pub fn sign(&self, issuer: &Key, issuer_name: &[u8]) -> Vec<u8> {
        let algorithm = issuer.signature_algorithm();
        let version = self
            .version
            .map(|version| context(0, &[&number(version)]))
            .unwrap_or_default();
        let extensions = if self.extensions.is_empty() {
            Vec::new()
        } else {
            context(3, &[&sequence(&slices(&self.extensions))])
        };
        let signed = sequence(&[
            &version,
            &integer(&self.serial),
            self.inner_algorithm.as_ref().unwrap_or(&algorithm),
            self.issuer.as_deref().unwrap_or(issuer_name),
            &sequence(&[&time(self.not_before), &time(self.not_after)]),
            &self.subject,
            &self.spki,
            &extensions,
        ]);
        let signature = issuer.sign(&signed);
        sequence(&[
            &signed,
            self.outer_algorithm.as_ref().unwrap_or(&algorithm),
            &bits(&signature),
        ])
    }
}

fn slices(parts: &[Vec<u8>]) -> Vec<&[u8]> {
    parts.iter().map(Vec::as_slice).collect()
}

fn purposes(dotted: &[&str], critical: bool) -> Vec<u8> {
    let list: Vec<Vec<u8>> = dotted.iter().map(|purpose| oid(purpose)).collect();
    extension(EXTENDED_KEY_USAGE, critical, &sequence(&slices(&list)))
}

fn distribution_point(url: &str) -> Vec<u8> {
    let full_name = context(0, &[&context_primitive(6, url.as_bytes())]);
    sequence(&[&sequence(&[&context(0, &[&full_name])])])
}

fn access(urls: Urls<'_>) -> Vec<u8> {
    sequence(&[
        &sequence(&[&oid(OCSP), &context_primitive(6, urls.ocsp.as_bytes())]),
        &sequence(&[
            &oid("1.3.6.1.5.5.7.48.2"),
            &context_primitive(6, urls.issuer.as_bytes()),
        ]),
    ])
}

/// A key with the certificate that names it.
pub struct Credential {
    pub key: Key,
    /// DER.
    pub certificate: Vec<u8>,
}

/// An authority: its key, its certificate and the name it issues under.
pub struct Authority {
    pub key: Key,
    /// DER.
    pub certificate: Vec<u8>,
    pub name: Vec<u8>,
}

impl Authority {
    /// A self-signed root.
    pub fn root(common_name: &str, key: Key, not_before: Instant, not_after: Instant) -> Self {
        let name = name(&[(COMMON_NAME, common_name), (COUNTRY, "KZ")]);
        let mut template = Template::bare(name.clone(), key.spki(), not_before, not_after);
        template.extensions = authority_extensions(None);
        template.extensions.push(extension(
            SUBJECT_KEY_IDENTIFIER,
            false,
            &octets(&key_identifier(&key)),
        ));
        let certificate = template.sign(&key, &name);
        Self {
            key,
            certificate,
            name,
        }
    }

    /// An authority under this one.
    pub fn subordinate(&self, common_name: &str, key: Key, not_before: Instant, not_after: Instant) -> Self {
        let name = name(&[(COMMON_NAME, common_name), (COUNTRY, "KZ")]);
        let mut template = Template::bare(name.clone(), key.spki(), not_before, not_after);
        template.extensions = authority_extensions(None);
        template.extensions.push(extension(
            SUBJECT_KEY_IDENTIFIER,
            false,
            &octets(&key_identifier(&key)),
        ));
        let certificate = self.issue(&template);
        Self {
            key,
            certificate,
            name,
        }
    }

    /// Signs a template as it is, adding only the identifier of this authority's key.
    pub fn issue(&self, template: &Template) -> Vec<u8> {
        let identifier = sequence(&[&context_primitive(0, &key_identifier(&self.key))]);
        template
            .clone()
            .with_extension(AUTHORITY_KEY_IDENTIFIER, false, &identifier)
            .sign(&self.key, &self.name)
    }

    /// Issues `template` for `key`.
    pub fn credential(&self, template: &Template, key: Key) -> Credential {
        Credential {
            certificate: self.issue(template),
            key,
        }
    }
}

fn key_identifier(key: &Key) -> Vec<u8> {
    Sha256::digest(key.octets())[..20].to_vec()
}
