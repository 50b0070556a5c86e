//! Events for the Fund's own systems: `POST {url}` with the event as JSON, `Idempotency-Key: {id}`, `Cabinet-Event: {name}` and
//! `Cabinet-Signature: t={seconds},v1={HMAC-SHA-256 of "{t}.{body}" in hexadecimal}`. 2xx: taken; anything else: later,
//! however long it takes, for an event lost is a change the Fund never hears of. The same id is the same event.

use super::{Gateway, SendError};
use crate::domain::time::Timestamp;
use crate::server::config::{Secret, Webhook};
use crate::server::outbox::{Channel, Due};
use crate::server::outgoing::{Outgoing, System};
use crate::server::store::applications::hex;
use async_trait::async_trait;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

pub struct BackOffice {
    url: String,
    secret: Secret,
    http: Outgoing,
}

impl BackOffice {
    #[must_use]
    pub fn new(settings: &Webhook, http: Outgoing) -> Self {
        Self {
            url: settings.url.clone(),
            secret: settings.secret.clone(),
            http,
        }
    }
}

/// The value of `Cabinet-Signature`: who holds the secret made this body, at that moment.
fn signature(secret: &Secret, at: Timestamp, body: &str) -> String {
    let seconds = at.0.div_euclid(1000);
    // HMAC takes a key of any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.expose().as_bytes()) else {
        return String::new();
    };
    mac.update(format!("{seconds}.{body}").as_bytes());
    format!("t={seconds},v1={}", hex(&mac.finalize().into_bytes()))
}

#[async_trait]
impl Gateway for BackOffice {
    fn channel(&self) -> Channel {
        Channel::Webhook
    }

    async fn send(&self, event: &Due, now: Timestamp) -> Result<(), SendError> {
        let asked = self
            .http
            .post(&self.url)
            .header("content-type", "application/json")
            .header("idempotency-key", &event.id)
            .header("cabinet-event", &event.subject)
            .header("cabinet-signature", signature(&self.secret, now, &event.body))
            .body(event.body.clone());
        let answer = self
            .http
            .send(System::Webhook, asked)
            .await
            .map_err(|error| SendError::ForNow(error.without_url().to_string()))?;
        let status = answer.status();
        if status.is_success() {
            Ok(())
        } else {
            Err(SendError::ForNow(format!("the receiver answers {status}")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_of_this_body_at_this_moment_by_this_secret() {
        // By openssl dgst -sha256 -hmac, of `1795420800.{"id":"a"}`.
        let at = Timestamp(1_795_420_800_999);
        let signed = |secret: &str, at, body| signature(&Secret::new(secret), at, body);
        let right = signed("0123456789abcdef", at, "{\"id\":\"a\"}");
        assert_eq!(
            right,
            "t=1795420800,v1=2a4a7924a6900ab0fe361144f8d2dccd5186029a657047360733164c27e18368"
        );
        assert_ne!(right, signed("0123456789abcdeg", at, "{\"id\":\"a\"}"));
        assert_ne!(
            right,
            signed("0123456789abcdef", at.plus_seconds(1), "{\"id\":\"a\"}")
        );
        assert_ne!(right, signed("0123456789abcdef", at, "{\"id\":\"b\"}"));
    }
}
