//! The OCSP responder of the test authority, with the habits of the national one: a delegated responder's certificate goes
//! along, the nonce comes back, there is no nextUpdate, and a serial nobody issued is answered «revoked, on hold, since 1970»
//! (RFC 6960, 2.2). A client without a name in `User-Agent` is sent away as the national front door does.

use super::authority::{Family, TestAuthority, instant};
use super::clock::DemoClock;
use super::mint::{CertificateStatus, OcspResponse};
use crate::pki::Instant;
use crate::pki::asn1::{Element, NotDer, Parsed};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use ring::digest;
use serde::{Deserialize, Serialize};
use std::sync::{Arc, Mutex, PoisonError};

/// How the responder behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// The truth.
    #[default]
    Good,
    /// Everything was revoked an hour ago: the key was compromised.
    Revoked,
    /// Nothing is known: the national way of saying so.
    Unknown,
    /// No answer but status 503.
    Down,
    /// The truth of a month ago.
    Stale,
    /// The truth with somebody else's nonce.
    OtherNonce,
    /// `tryLater`.
    TryLater,
}

/// CRLReason.
const KEY_COMPROMISE: u8 = 1;
const CERTIFICATE_HOLD: u8 = 6;
/// OCSPResponseStatus.
const MALFORMED: u8 = 1;
const TRY_LATER: u8 = 3;

/// Cloned freely: all clones are one responder.
#[derive(Clone)]
pub struct Responder {
    authority: Arc<TestAuthority>,
    clock: DemoClock,
    mode: Arc<Mutex<Mode>>,
}

impl Responder {
    #[must_use]
    pub fn new(authority: Arc<TestAuthority>, clock: DemoClock) -> Self {
        Self {
            authority,
            clock,
            mode: Arc::default(),
        }
    }

    pub fn behave(&self, mode: Mode) {
        *self.mode.lock().unwrap_or_else(PoisonError::into_inner) = mode;
    }

    #[must_use]
    pub fn mode(&self) -> Mode {
        *self.mode.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn router(self) -> Router {
        Router::new()
            .route("/", post(answer))
            .layer(DefaultBodyLimit::max(16 * 1024))
            .with_state(self)
    }

    /// `None` of another authority's certificate: for it nobody responds here, and its list is what there is (the national
    /// test keys).
    fn respond(&self, mode: Mode, request: &[u8]) -> Option<Vec<u8>> {
        let failed = |status| {
            Some(status_alone(
                status,
                &self.authority.gost,
                instant(self.clock.now()),
            ))
        };
        let Ok(question) = Question::read(request) else {
            return failed(MALFORMED);
        };
        if mode == Mode::TryLater {
            return failed(TRY_LATER);
        }
        let family = self
            .authority
            .families()
            .into_iter()
            .find(|family| question.is_for(family))?;
        let mut at = instant(self.clock.now());
        if mode == Mode::Stale {
            at = at.plus_seconds(-30 * 86_400);
        }
        let nobodys = CertificateStatus::Revoked {
            at: Instant::from_unix(0),
            reason: Some(CERTIFICATE_HOLD),
        };
        let status = match (mode, self.authority.revocation(question.serial)) {
            (Mode::Revoked, _) => CertificateStatus::Revoked {
                at: at.plus_seconds(-3600),
                reason: Some(KEY_COMPROMISE),
            },
            (Mode::Unknown, _) => nobodys,
            (_, Some((revoked_at, reason))) => CertificateStatus::Revoked {
                at: revoked_at,
                reason: Some(reason),
            },
            (_, None) if self.authority.has_issued(question.serial) => CertificateStatus::Good,
            (_, None) => nobodys,
        };
        let nonce = question.nonce.map(|nonce| match mode {
            Mode::OtherNonce => nonce.iter().map(|byte| !byte).collect(),
            _ => nonce.to_vec(),
        });
        Some(OcspResponse::new(question.cert_id.to_vec(), status, at, nonce).sign(&family.responder))
    }
}

fn status_alone(status: u8, family: &Family, at: Instant) -> Vec<u8> {
    let mut response = OcspResponse::new(Vec::new(), CertificateStatus::Unknown, at, None);
    response.status = status;
    response.sign(&family.responder)
}

async fn answer(State(responder): State<Responder>, headers: HeaderMap, body: Bytes) -> Response {
    let mode = responder.mode();
    if mode == Mode::Down {
        return (StatusCode::SERVICE_UNAVAILABLE, "the responder is down").into_response();
    }
    if headers.get(header::USER_AGENT).is_none_or(|name| name.is_empty()) {
        return (StatusCode::SEE_OTHER, [(header::LOCATION, "/portal")]).into_response();
    }
    let content_type = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    if content_type != Some("application/ocsp-request") {
        return StatusCode::UNSUPPORTED_MEDIA_TYPE.into_response();
    }
    match responder.respond(mode, &body) {
        Some(response) => ([(header::CONTENT_TYPE, "application/ocsp-response")], response).into_response(),
        None => (StatusCode::NOT_FOUND, "no responder of that authority").into_response(),
    }
}

/// One certificate asked for; the first of several.
struct Question<'a> {
    /// The whole CertID, given back as it came.
    cert_id: &'a [u8],
    hash: &'static digest::Algorithm,
    name_hash: &'a [u8],
    key_hash: &'a [u8],
    /// INTEGER contents.
    serial: &'a [u8],
    nonce: Option<&'a [u8]>,
}

impl<'a> Question<'a> {
    fn read(request: &'a [u8]) -> Parsed<Self> {
        let mut signed = Element::only(request)?.open()?.sequence()?;
        signed.optional_context(0)?;
        signed.optional_context(1)?;
        let mut requests = signed.sequence()?;
        let cert_id = requests.sequence()?.any()?;
        let mut fields = cert_id.open()?;
        let hash = match fields.sequence()?.object_identifier()?.to_string().as_str() {
            super::mint::SHA_1 => &digest::SHA1_FOR_LEGACY_USE_ONLY,
            super::mint::SHA_256 => &digest::SHA256,
            _ => return Err(NotDer),
        };
        let (name_hash, key_hash) = (fields.octets()?, fields.octets()?);
        let serial = fields.any()?.integer()?;
        let mut nonce = None;
        if let Some(extensions) = signed.optional_context(2)? {
            let mut extensions = extensions.open()?.sequence()?;
            while !extensions.is_finished() {
                let mut extension = extensions.sequence()?;
                let name = extension.object_identifier()?.to_string();
                extension.optional(der::Tag::Boolean)?;
                let value = extension.octets()?;
                if name == super::mint::OCSP_NONCE {
                    nonce = Some(Element::only(value)?.expect(der::Tag::OctetString)?.contents);
                }
            }
        }
        Ok(Self {
            cert_id: cert_id.bytes,
            hash,
            name_hash,
            key_hash,
            serial,
            nonce,
        })
    }

    fn is_for(&self, family: &Family) -> bool {
        let hash = |bytes: &[u8]| digest::digest(self.hash, bytes);
        hash(&family.issuer.name).as_ref() == self.name_hash
            && hash(&family.issuer.key.octets()).as_ref() == self.key_hash
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::mint::{cert_id, context, extension, octets, sequence};
    use crate::demo::people;
    use crate::domain::time::Timestamp;
    use crate::server::world::SystemRandom;

    fn responder() -> (tempfile::TempDir, Responder) {
        let folder = tempfile::tempdir().unwrap();
        let clock = DemoClock::over(|| Timestamp::parse_rfc3339("2026-11-23T08:00:00Z").unwrap());
        let people = people::everybody();
        let authority = TestAuthority::open(
            folder.path(),
            &people,
            "http://127.0.0.1:1",
            &clock,
            &SystemRandom,
        )
        .unwrap();
        (folder, Responder::new(Arc::new(authority), clock))
    }

    fn request(responder: &Responder, id: &str) -> Vec<u8> {
        let key = responder.authority.keys.iter().find(|key| key.id == id).unwrap();
        let nonce = extension(
            crate::demo::mint::OCSP_NONCE,
            false,
            &octets(&[1, 2, 3, 4, 5, 6, 7, 8]),
        );
        sequence(&[&sequence(&[
            &sequence(&[&sequence(&[&cert_id(
                &key.certificate,
                &responder.authority.gost.issuer,
            )])]),
            &context(2, &[&sequence(&[&nonce])]),
        ])])
    }

    /// The choice of CertStatus: its tag's number, and the first octets of the time.
    fn status(response: &[u8]) -> (u8, Vec<u8>) {
        let mut fields = Element::only(response).unwrap().open().unwrap();
        assert_eq!(fields.any().unwrap().contents, [0], "successful");
        let bytes = fields.any().unwrap().open().unwrap().any().unwrap();
        let mut basic = bytes.open().unwrap();
        basic.object_identifier().unwrap();
        let basic = Element::only(basic.octets().unwrap()).unwrap();
        let mut data = basic.open().unwrap().sequence().unwrap();
        data.any().unwrap();
        data.time().unwrap();
        let mut single = data.sequence().unwrap().sequence().unwrap();
        single.any().unwrap();
        let status = single.any().unwrap();
        (status.bytes[0] & 0x1f, status.contents.to_vec())
    }

    #[test]
    fn the_truth_is_told_unless_the_script_says_otherwise() {
        let (_folder, responder) = responder();
        let (good, revoked) = (
            request(&responder, "aliya-gost"),
            request(&responder, "aliya-revoked"),
        );
        let told = |mode, request: &[u8]| status(&responder.respond(mode, request).unwrap());
        assert_eq!(told(Mode::Good, &good).0, 0);
        assert_eq!(told(Mode::Good, &revoked).0, 1);
        assert_eq!(told(Mode::Revoked, &good).0, 1);
        let (unknown, since) = told(Mode::Unknown, &good);
        assert_eq!(unknown, 1);
        assert!(since.windows(8).any(|window| window == b"19700101"));
    }

    #[test]
    fn garbage_is_refused_with_a_status_and_another_authoritys_certificate_with_silence() {
        let (_folder, responder) = responder();
        assert_eq!(
            responder.respond(Mode::Good, b"no request").unwrap(),
            [0x30, 3, 0x0a, 1, MALFORMED]
        );
        let other = crate::demo::mint::Authority::root(
            "OTHER",
            crate::demo::mint::Key::gost("other"),
            Instant::from_unix(0),
            Instant::from_unix(1),
        );
        let key = &responder.authority.keys[0];
        let foreign = sequence(&[&sequence(&[&sequence(&[&sequence(&[&cert_id(
            &key.certificate,
            &other,
        )])])])]);
        assert_eq!(responder.respond(Mode::Good, &foreign), None);
    }
}
