//! The time-stamping authority (RFC 3161) of the test authority: a request over Streebog-512 gets a stamp of the GOST
//! authority, one over SHA-256 a stamp of the RSA authority, as with the national one.

use super::authority::{TestAuthority, instant, policy};
use super::clock::DemoClock;
use super::keys::KeyAlgorithm;
use super::mint::{SHA_256, STREEBOG_512, TimeStamp, number, sequence};
use crate::pki::asn1::{Element, NotDer, Parsed};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

/// PKIStatus.
const GRANTED: u64 = 0;
const REJECTION: u64 = 2;

/// Cloned freely: all clones are one authority.
#[derive(Clone)]
pub struct TimeStamps {
    authority: Arc<TestAuthority>,
    clock: DemoClock,
    count: Arc<AtomicU32>,
    is_down: Arc<AtomicBool>,
}

impl TimeStamps {
    #[must_use]
    pub fn new(authority: Arc<TestAuthority>, clock: DemoClock) -> Self {
        Self {
            authority,
            clock,
            count: Arc::default(),
            is_down: Arc::default(),
        }
    }

    pub fn set_down(&self, is_down: bool) {
        self.is_down.store(is_down, Ordering::Relaxed);
    }

    pub fn router(self) -> Router {
        Router::new()
            .route("/", post(answer))
            .layer(DefaultBodyLimit::max(16 * 1024))
            .with_state(self)
    }

    fn respond(&self, request: &[u8]) -> Vec<u8> {
        let Ok(question) = Question::read(request) else {
            return sequence(&[&sequence(&[&number(REJECTION)])]);
        };
        let authority = &self.authority.family(question.algorithm).stamper;
        // A quarter of the serials is negative, as the national authority's are.
        let serial = (self.count.fetch_add(1, Ordering::Relaxed) | 0x4000_0000)
            .rotate_left(2)
            .to_be_bytes();
        let stamp = TimeStamp {
            policy: policy(question.algorithm),
            imprint_algorithm: question.imprint_algorithm.to_vec(),
            imprint: question.imprint.to_vec(),
            serial: shortest(&serial).to_vec(),
            time: instant(self.clock.now()),
            nonce: question.nonce.map(<[u8]>::to_vec),
        };
        sequence(&[&sequence(&[&number(GRANTED)]), &stamp.sign(authority)])
    }
}

/// Two's complement without octets that say nothing.
fn shortest(mut contents: &[u8]) -> &[u8] {
    while let [0x00, 0x00..=0x7f, ..] | [0xff, 0x80..=0xff, ..] = contents {
        contents = &contents[1..];
    }
    contents
}

async fn answer(State(stamps): State<TimeStamps>, body: Bytes) -> Response {
    if stamps.is_down.load(Ordering::Relaxed) {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    (
        [(header::CONTENT_TYPE, "application/timestamp-reply")],
        stamps.respond(&body),
    )
        .into_response()
}

struct Question<'a> {
    algorithm: KeyAlgorithm,
    /// The whole AlgorithmIdentifier, given back as it came.
    imprint_algorithm: &'a [u8],
    imprint: &'a [u8],
    /// INTEGER contents.
    nonce: Option<&'a [u8]>,
}

impl<'a> Question<'a> {
    fn read(request: &'a [u8]) -> Parsed<Self> {
        let mut fields = Element::only(request)?.open()?;
        fields.any()?.integer()?;
        let mut imprint = fields.sequence()?;
        let identifier = imprint.any()?;
        let algorithm = match identifier.open()?.object_identifier()?.to_string().as_str() {
            STREEBOG_512 => KeyAlgorithm::Gost512,
            SHA_256 => KeyAlgorithm::Rsa2048,
            _ => return Err(NotDer),
        };
        let hash = imprint.octets()?;
        let length = match algorithm {
            KeyAlgorithm::Gost512 => 64,
            KeyAlgorithm::Rsa2048 => 32,
        };
        if hash.len() != length {
            return Err(NotDer);
        }
        fields.optional(der::Tag::ObjectIdentifier)?;
        let nonce = fields.optional(der::Tag::Integer)?;
        Ok(Self {
            algorithm,
            imprint_algorithm: identifier.bytes,
            imprint: hash,
            nonce: nonce.map(Element::integer).transpose()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::mint::{algorithm, boolean, integer, null, octets};
    use crate::demo::people;
    use crate::domain::time::Timestamp;
    use crate::server::world::SystemRandom;

    #[test]
    fn both_hashes_are_stamped_and_others_rejected() {
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
        let stamps = TimeStamps::new(Arc::new(authority), clock);
        let request = |name: &str, length: usize| {
            sequence(&[
                &number(1),
                &sequence(&[&algorithm(name, &null()), &octets(&vec![7; length])]),
                &integer(&[0x9a, 0x55]),
                &boolean(true),
            ])
        };
        let status = |response: &[u8]| {
            let mut fields = Element::only(response).unwrap().open().unwrap();
            let status = fields.sequence().unwrap().any().unwrap().contents.to_vec();
            (status, !fields.is_finished())
        };
        assert_eq!(
            status(&stamps.respond(&request(STREEBOG_512, 64))),
            (vec![0], true)
        );
        assert_eq!(status(&stamps.respond(&request(SHA_256, 32))), (vec![0], true));
        assert_eq!(status(&stamps.respond(&request(SHA_256, 31))), (vec![2], false));
        assert_eq!(status(&stamps.respond(b"no request")), (vec![2], false));
    }

    #[test]
    fn serials_are_in_their_shortest_form() {
        assert_eq!(shortest(&[0, 0, 1]), [1]);
        assert_eq!(shortest(&[0, 0x80]), [0, 0x80]);
        assert_eq!(shortest(&[0xff, 0x80]), [0x80]);
        assert_eq!(shortest(&[0]), [0]);
    }
}
