//! Revocation lists of the test authority, signed when asked for, so that they are fresh by the demo's clock; and the lists
//! of the national test authority as they lie beside its keys.

use super::authority::{Family, TestAuthority, instant};
use super::clock::DemoClock;
use super::mint::{Crl, RevokedEntry};
use crate::pki::Certificate;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use serde::{Deserialize, Serialize};
use std::sync::{Arc, Mutex, PoisonError};

/// How the lists behave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    #[default]
    Ok,
    Down,
    /// The next list is a day overdue.
    Stale,
}

/// A day's base list; deltas refer to it. Numbers are those days.
const DAY: i64 = 86_400;

/// Cloned freely: all clones are one publisher.
#[derive(Clone)]
pub struct Lists {
    authority: Arc<TestAuthority>,
    /// DER of the national list, if there is one.
    national: Option<Arc<Vec<u8>>>,
    clock: DemoClock,
    mode: Arc<Mutex<Mode>>,
}

impl Lists {
    #[must_use]
    pub fn new(authority: Arc<TestAuthority>, national: Option<Vec<u8>>, clock: DemoClock) -> Self {
        Self {
            authority,
            national: national.map(Arc::new),
            clock,
            mode: Arc::default(),
        }
    }

    pub fn behave(&self, mode: Mode) {
        *self.mode.lock().unwrap_or_else(PoisonError::into_inner) = mode;
    }

    fn mode(&self) -> Mode {
        *self.mode.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Names of the base lists there are, for the server's settings.
    #[must_use]
    pub fn names(&self) -> Vec<&'static str> {
        let national = self.national.as_ref().map(|_| "national.crl");
        ["gost.crl", "rsa.crl"].into_iter().chain(national).collect()
    }

    pub fn router(self) -> Router {
        Router::new().route("/{name}", get(publish)).with_state(self)
    }

    /// The certificates of the issuing authorities, for `/ca`.
    pub fn certificates(self) -> Router {
        Router::new().route("/{name}", get(certificate)).with_state(self)
    }

    fn list(&self, name: &str, mode: Mode) -> Option<Vec<u8>> {
        let (family, is_delta) = match name {
            "gost.crl" => (&self.authority.gost, false),
            "rsa.crl" => (&self.authority.rsa, false),
            "gost_d.crl" => (&self.authority.gost, true),
            "rsa_d.crl" => (&self.authority.rsa, true),
            "national.crl" => return self.national.as_ref().map(|der| der.to_vec()),
            _ => return None,
        };
        let mut now = instant(self.clock.now());
        if mode == Mode::Stale {
            now = now.plus_seconds(-3 * DAY);
        }
        let base = u64::try_from(now.unix() / DAY).unwrap_or_default();
        let mut list = if is_delta {
            // Everything that was revoked is in the base: the delta adds nothing.
            let mut delta = Crl::new(
                &family.issuer,
                base + 1,
                now.plus_seconds(-600),
                now.plus_seconds(DAY / 4),
            );
            delta.delta_of = Some(base);
            delta
        } else {
            Crl::new(
                &family.issuer,
                base,
                now.plus_seconds(-3600),
                now.plus_seconds(DAY),
            )
        };
        if !is_delta {
            list.entries = self.entries(family);
        }
        Some(list.sign(&family.issuer.key))
    }

    fn entries(&self, family: &Family) -> Vec<RevokedEntry> {
        let of_family = |der: &[u8]| {
            let issuer = Certificate::from_der(der).map(|certificate| certificate.issuer().to_vec());
            issuer.is_ok_and(|name| name == family.issuer.name)
        };
        self.authority
            .revoked
            .iter()
            .filter(|revoked| of_family(&revoked.certificate))
            .map(|revoked| RevokedEntry::of(&revoked.certificate, revoked.at, Some(revoked.reason)))
            .collect()
    }
}

async fn publish(State(lists): State<Lists>, Path(name): Path<String>) -> Response {
    let mode = lists.mode();
    if mode == Mode::Down {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    match lists.list(&name, mode) {
        Some(der) => ([(header::CONTENT_TYPE, "application/pkix-crl")], der).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn certificate(State(lists): State<Lists>, Path(name): Path<String>) -> Response {
    let family = match name.as_str() {
        "gost.cer" => &lists.authority.gost,
        "rsa.cer" => &lists.authority.rsa,
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    let der = family.issuer.certificate.clone();
    ([(header::CONTENT_TYPE, "application/pkix-cert")], der).into_response()
}
