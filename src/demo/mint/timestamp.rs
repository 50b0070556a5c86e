//! Time stamps (RFC 3161).

use super::{
    Credential,
    cms::{Cms, attribute},
    encoding::*,
};
use crate::pki::Instant;

/// A token to be.
#[derive(Clone)]
pub struct TimeStamp {
    pub policy: &'static str,
    /// AlgorithmIdentifier and hash of what is stamped.
    pub imprint_algorithm: Vec<u8>,
    pub imprint: Vec<u8>,
    /// INTEGER contents; the national authority gives negative ones too.
    pub serial: Vec<u8>,
    pub time: Instant,
    /// INTEGER contents.
    pub nonce: Option<Vec<u8>>,
}

impl TimeStamp {
    /// A stamp over `stamped` with the hash that goes with the authority's key.
    pub fn new(authority: &Credential, stamped: &[u8], time: Instant) -> Self {
        let key = &authority.key;
        Self {
            policy: "1.2.398.3.3.2.6.4",
            imprint_algorithm: key.digest_algorithm(),
            imprint: key.digest().hash(stamped),
            serial: vec![0xbe, 0x5d, 0x21, 0x74],
            time,
            nonce: None,
        }
    }

    /// The DER of TSTInfo.
    pub fn info(&self) -> Vec<u8> {
        sequence(&[
            &number(1),
            &oid(self.policy),
            &sequence(&[&self.imprint_algorithm, &octets(&self.imprint)]),
            &integer(&self.serial),
            &generalized_time(self.time),
            &self.nonce.as_deref().map(integer).unwrap_or_default(),
        ])
    }

    /// The token: SignedData over TSTInfo, with the authority's certificate and signingCertificate of version 1.
    pub fn sign(&self, authority: &Credential) -> Vec<u8> {
        let info = self.info();
        let mut cms = Cms::new(authority, &info, true, self.time);
        cms.version = 3;
        cms.content_type = TST_INFO;
        cms.signer().set_attribute(CONTENT_TYPE, &[oid(TST_INFO)]);
        cms.signer().remove_attribute(SIGNING_CERTIFICATE_V2);
        let sha1 = ring::digest::digest(&ring::digest::SHA1_FOR_LEGACY_USE_ONLY, &authority.certificate);
        let identifier = sequence(&[&octets(sha1.as_ref())]);
        cms.signer()
            .set_attribute(SIGNING_CERTIFICATE, &[sequence(&[&sequence(&[&identifier])])]);
        cms.encode()
    }
}

/// The unsigned attribute that carries a token beside a signature.
pub fn time_stamp_attribute(token: &[u8]) -> Vec<u8> {
    attribute(TIME_STAMP_TOKEN, &[token.to_vec()])
}
