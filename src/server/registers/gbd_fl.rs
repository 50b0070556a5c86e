//! The GBD FL client over SHEP, the state's bus: SOAP `SendMessage`, synchronous. The question and the reading of the answer
//! are in [`envelope`], its signature, where one is wanted, in [`signer`]; here is the way there and back.

pub mod envelope;
mod reading;
pub mod signer;

use super::xml::MAX_BYTES;
use super::{GbdFl, RegisterAnswer, RegisterTrouble};
use crate::domain::iin::Iin;
use crate::server::config::Secret;
use crate::server::outgoing::{Outgoing, System};
use crate::server::world::World;
use signer::EnvelopeSigner;
use std::time::Duration;

/// Where the bus is and who we are to it.
#[derive(Clone)]
pub struct Endpoint {
    pub url: String,
    pub service_id: String,
    pub sender_id: String,
    pub sender_password: Secret,
    /// For one attempt.
    pub time_out: Duration,
}

pub struct ShepGbdFl {
    endpoint: Endpoint,
    http: Outgoing,
    world: World,
    signer: Option<Box<dyn EnvelopeSigner>>,
}

impl ShepGbdFl {
    #[must_use]
    pub fn new(
        endpoint: Endpoint,
        http: Outgoing,
        world: World,
        signer: Option<Box<dyn EnvelopeSigner>>,
    ) -> Self {
        Self {
            endpoint,
            http,
            world,
            signer,
        }
    }
}

#[async_trait::async_trait]
impl GbdFl for ShepGbdFl {
    async fn person(&self, iin: &Iin) -> Result<RegisterAnswer, RegisterTrouble> {
        let now = self.world.clock.now();
        let mut random = [0; 16];
        self.world.random.fill(&mut random);
        let mut body = envelope::question(&self.endpoint, iin, &envelope::message_id(random), now);
        if let Some(signer) = &self.signer {
            body = signer.sign(body).await?;
        }
        let asked = self
            .http
            .post(&self.endpoint.url)
            .header("content-type", "text/xml; charset=utf-8")
            .header("soapaction", "\"SendMessage\"")
            .timeout(self.endpoint.time_out)
            .body(body);
        let answer = self.http.send(System::GbdFl, asked).await.map_err(trouble)?;
        let status = answer.status().as_u16();
        // SOAP 1.1 sends faults with status 500: their body says more than the status.
        if !matches!(status, 200 | 500) {
            return Err(RegisterTrouble::Http(status));
        }
        let bytes = bounded(answer).await?;
        match envelope::answer(&bytes, iin, now) {
            Err(RegisterTrouble::Xml(_) | RegisterTrouble::Shape(_)) if status == 500 => {
                Err(RegisterTrouble::Http(status))
            }
            verdict => verdict,
        }
    }
}

async fn bounded(mut answer: reqwest::Response) -> Result<Vec<u8>, RegisterTrouble> {
    let mut bytes = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(trouble)? {
        if bytes.len() + chunk.len() > MAX_BYTES {
            return Err(RegisterTrouble::TooLarge);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

fn trouble(error: reqwest::Error) -> RegisterTrouble {
    if error.is_timeout() {
        RegisterTrouble::TimedOut
    } else {
        RegisterTrouble::Unreachable
    }
}
