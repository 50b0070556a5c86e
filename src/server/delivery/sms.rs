//! SMS through an HTTP gateway, in a plain profile that an operator's own adapter can speak: `POST {url}` with
//! `Authorization: Bearer {token}`, `Idempotency-Key: {id}` and `{"id": …, "to": "+7…", "text": …}`. 2xx: taken; 408, 429
//! and 5xx: later; anything else: never. The same id is the same message.

use super::{Gateway, SendError};
use crate::domain::time::Timestamp;
use crate::server::config::{Secret, Sms};
use crate::server::outbox::{Channel, Due};
use crate::server::outgoing::{Outgoing, System};
use async_trait::async_trait;
use serde_json::json;

pub struct HttpGateway {
    url: String,
    token: Secret,
    http: Outgoing,
}

impl HttpGateway {
    #[must_use]
    pub fn new(settings: &Sms, http: Outgoing) -> Self {
        Self {
            url: settings.url.clone(),
            token: settings.token.clone(),
            http,
        }
    }
}

#[async_trait]
impl Gateway for HttpGateway {
    fn channel(&self) -> Channel {
        Channel::Sms
    }

    async fn send(&self, message: &Due, _: Timestamp) -> Result<(), SendError> {
        let asked = self
            .http
            .post(&self.url)
            .bearer_auth(self.token.expose())
            .header("idempotency-key", &message.id)
            .json(&json!({ "id": message.id, "to": message.recipient, "text": message.body }));
        let answer = self
            .http
            .send(System::Sms, asked)
            .await
            .map_err(|error| SendError::ForNow(error.without_url().to_string()))?;
        let status = answer.status();
        match status.as_u16() {
            200..300 => Ok(()),
            408 | 429 | 500.. => Err(SendError::ForNow(format!("the gateway answers {status}"))),
            _ => Err(SendError::ForGood(format!("the gateway refuses: {status}"))),
        }
    }
}
