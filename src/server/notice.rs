//! A message with its texts, and whom it can be sent to. What happens to an account or an application is told to the
//! contacts the Fund holds, which may be in other hands by now: nothing in it may help a stranger.

use super::outbox::{Channel, Message};
use super::world::World;
use crate::domain::requisites::Requisites;
use crate::domain::time::Timestamp;

pub struct Notice {
    id: String,
    channel: Channel,
    recipient: String,
    /// Of an e-mail or an event.
    subject: &'static str,
    body: String,
}

impl Notice {
    /// None where there is nothing to send to: no contact, or one of former days that no gateway takes.
    #[must_use]
    pub fn new(
        world: &World,
        channel: Channel,
        recipient: &str,
        subject: &'static str,
        body: String,
    ) -> Option<Self> {
        let usable = match channel {
            Channel::Sms => recipient
                .strip_prefix('+')
                .is_some_and(|digits| digits.len() >= 8 && digits.bytes().all(|b| b.is_ascii_digit())),
            Channel::Email => crate::domain::email::Email::parse(recipient).is_ok(),
            Channel::Webhook => false,
        };
        usable.then(|| Self {
            id: world.id(),
            channel,
            recipient: recipient.to_owned(),
            subject,
            body,
        })
    }

    /// An event for the Fund's own systems, by its id and name.
    #[must_use]
    pub fn event(id: String, name: &'static str, body: String) -> Self {
        Self {
            id,
            channel: Channel::Webhook,
            recipient: String::new(),
            subject: name,
            body,
        }
    }

    #[must_use]
    pub fn message(&self, at: Timestamp) -> Message<'_> {
        Message {
            id: &self.id,
            channel: self.channel,
            recipient: &self.recipient,
            subject: match self.channel {
                Channel::Email | Channel::Webhook => self.subject,
                Channel::Sms => "",
            },
            body: &self.body,
            at,
            expires_at: None,
        }
    }
}

/// Where a person is reached on this channel; empty if nowhere.
#[must_use]
pub const fn contact(held: &Requisites, channel: Channel) -> &str {
    match channel {
        Channel::Sms => held.mobile.as_str(),
        Channel::Email => held.email.as_str(),
        Channel::Webhook => "",
    }
}
