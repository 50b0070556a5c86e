//! Sends what waits in the outbox, each channel by itself: a gateway that hangs holds no other up. Any number of servers may do
//! so at once: a message is leased before it is sent. It may still be sent twice, when a server dies between sending and
//! noting it, so gateways are told its id.

pub mod mail;
pub mod sms;
pub mod webhook;

use super::Core;
use super::outbox::{Channel, Due, Outcome};
use crate::domain::time::Timestamp;
use async_trait::async_trait;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;

/// Longer than all that are taken at a time may take, ten seconds each.
const LEASE_MS: i64 = 60 * 1000;
const AT_A_TIME: u32 = 5;
const PAUSE: Duration = Duration::from_millis(500);
const LONGEST_WAIT_MS: i64 = 3600 * 1000;
/// A message to a person that found nobody for so long is given up; an event never.
const GIVE_UP_AFTER_MS: i64 = 24 * 3600 * 1000;

/// Why a message didn't leave. The text is kept for the operator; it never holds the recipient or the message.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// May go better later.
    #[error("{0}")]
    ForNow(String),
    /// Never will: the gateway refuses this message.
    #[error("{0}")]
    ForGood(String),
}

/// Takes messages of one channel.
#[async_trait]
pub trait Gateway: Send + Sync {
    fn channel(&self) -> Channel;
    async fn send(&self, message: &Due, now: Timestamp) -> Result<(), SendError>;
}

/// The gateways that are configured.
fn gateways(core: &Core) -> Vec<Box<dyn Gateway>> {
    let mut gateways: Vec<Box<dyn Gateway>> = Vec::new();
    match &core.config.sms {
        Some(settings) => gateways.push(Box::new(sms::HttpGateway::new(settings, core.http.clone()))),
        None => tracing::warn!("no SMS gateway is configured: SMS wait"),
    }
    let mail = core
        .config
        .smtp
        .as_ref()
        .map(|settings| mail::MailServer::new(settings, core.http.clone()));
    match mail {
        Some(Ok(server)) => gateways.push(Box::new(server)),
        // The settings were checked before.
        Some(Err(error)) => tracing::error!(%error, "the mail server can't be used: e-mail waits"),
        None => tracing::warn!("no mail server is configured: e-mail waits"),
    }
    if let Some(settings) = &core.config.webhook {
        gateways.push(Box::new(webhook::BackOffice::new(settings, core.http.clone())));
    }
    gateways
}

/// Sends until the server stops.
pub async fn run(core: Arc<Core>) {
    let mut channels = JoinSet::new();
    for gateway in gateways(&core) {
        channels.spawn(send_all(core.clone(), gateway));
    }
    while channels.join_next().await.is_some() {}
}

async fn send_all(core: Arc<Core>, gateway: Box<dyn Gateway>) {
    let mut stopping = core.stopping.clone();
    while !*stopping.borrow() {
        if send_waiting(&core, &*gateway).await == AT_A_TIME as usize {
            // There may be more.
            continue;
        }
        // Either ends the wait; the loop looks which it was.
        let _ = tokio::time::timeout(PAUSE, stopping.changed()).await;
    }
}

/// Tries the next few; how many there were.
async fn send_waiting(core: &Core, gateway: &dyn Gateway) -> usize {
    let now = core.world.now();
    let due = match core
        .store
        .lease_messages(&[gateway.channel()], now, now.plus_ms(LEASE_MS), AT_A_TIME)
        .await
    {
        Ok(due) => due,
        Err(error) => {
            tracing::error!(%error, "the outbox can't be read");
            return 0;
        }
    };
    for message in &due {
        let sent = gateway.send(message, core.world.now()).await;
        let now = core.world.now();
        let (outcome, problem) = match sent {
            Ok(()) => (Outcome::Sent, String::new()),
            Err(error) => (after_failure(&error, message, now), error.to_string()),
        };
        match outcome {
            Outcome::Sent => {
                tracing::info!(id = %message.id, channel = message.channel.as_str(), "message sent")
            }
            _ => {
                tracing::warn!(id = %message.id, channel = message.channel.as_str(), ?outcome, %problem, "message not sent");
            }
        }
        if let Err(error) = core
            .store
            .message_tried(&message.id, now, outcome, &problem)
            .await
        {
            // It will be sent again when the lease has ended; the gateway knows its id.
            tracing::error!(%error, id = %message.id, "what became of a message can't be noted");
        }
    }
    due.len()
}

fn after_failure(error: &SendError, message: &Due, now: Timestamp) -> Outcome {
    let age_ms = now.0 - message.created_at.0;
    match error {
        SendError::ForGood(_) => Outcome::GivenUp,
        SendError::ForNow(_) if age_ms >= GIVE_UP_AFTER_MS && message.channel != Channel::Webhook => {
            Outcome::GivenUp
        }
        SendError::ForNow(_) => {
            let wait = 2000_i64 << message.tries.min(12);
            Outcome::Again {
                at: now.plus_ms(wait.min(LONGEST_WAIT_MS)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_doubles_up_to_an_hour_and_ends_after_a_day() {
        let of = |channel, tries| Due {
            id: "id".into(),
            channel,
            recipient: String::new(),
            subject: String::new(),
            body: String::new(),
            created_at: Timestamp(0),
            tries,
        };
        let message = |tries| of(Channel::Sms, tries);
        let later = SendError::ForNow("busy".into());
        let wait = |tries| after_failure(&later, &message(tries), Timestamp(0));
        assert_eq!(wait(0), Outcome::Again { at: Timestamp(2000) });
        assert_eq!(
            wait(3),
            Outcome::Again {
                at: Timestamp(16_000)
            }
        );
        assert_eq!(
            wait(40),
            Outcome::Again {
                at: Timestamp(LONGEST_WAIT_MS)
            }
        );
        assert_eq!(
            after_failure(&later, &message(9), Timestamp(GIVE_UP_AFTER_MS)),
            Outcome::GivenUp
        );
        let at = Timestamp(100 * GIVE_UP_AFTER_MS);
        let again = Outcome::Again {
            at: at.plus_ms(LONGEST_WAIT_MS),
        };
        assert_eq!(
            after_failure(&later, &of(Channel::Webhook, 2000), at),
            again,
            "an event is never given up"
        );
        let refused = SendError::ForGood("no such number".into());
        assert_eq!(
            after_failure(&refused, &message(0), Timestamp(0)),
            Outcome::GivenUp
        );
    }
}
