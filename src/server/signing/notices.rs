//! What is told to whom when an application is signed, applied or refused. New contacts and old ones both hear of it; the
//! message to an old one carries neither name nor IIN nor the new contact, since it may be in other hands now.

use crate::api::ApiError;
use crate::domain::requisites::{Change, Requisites};
use crate::domain::time::Timestamp;
use crate::server::Core;
use crate::server::outbox::{Channel, Message};
use crate::server::store::applications::Document;
use crate::texts::fill;
use crate::texts::outgoing::{Key, key, text};

/// A message with its texts.
pub(super) struct Notice {
    id: String,
    channel: Channel,
    recipient: String,
    subject: &'static str,
    body: String,
}

impl Notice {
    pub(super) fn message(&self, at: Timestamp) -> Message<'_> {
        Message {
            id: &self.id,
            channel: self.channel,
            recipient: &self.recipient,
            subject: match self.channel {
                Channel::Email => self.subject,
                Channel::Sms => "",
            },
            body: &self.body,
            at,
            expires_at: None,
        }
    }
}

/// The application is applied: to the new contacts, the old and the unchanged ones.
pub(super) async fn applied(core: &Core, document: &Document) -> Result<Vec<Notice>, ApiError> {
    let held = held(core, document).await?;
    let mut notices = Vec::new();
    for channel in [Channel::Sms, Channel::Email] {
        let change = document
            .content
            .changes
            .iter()
            .find_map(|change| match (channel, change) {
                (Channel::Sms, Change::Mobile { before, after })
                | (Channel::Email, Change::Email { before, after }) => Some((before, after)),
                _ => None,
            });
        let told = match change {
            Some((before, after)) => vec![
                (after.as_str(), key::MSG_APPLIED_NEW),
                (before.as_str(), key::MSG_APPLIED_OLD),
            ],
            None => vec![(contact(&held, channel), key::MSG_APPLIED_SAME)],
        };
        notices.extend(
            told.into_iter()
                .filter_map(|(recipient, body)| notice(core, document, channel, recipient, body)),
        );
    }
    Ok(notices)
}

/// The signature is stored and still being checked: to the contacts the Fund holds.
pub(super) async fn checking(core: &Core, document: &Document) -> Result<Vec<Notice>, ApiError> {
    to_held(core, document, key::MSG_CHECKING).await
}

/// The certificate turned out to be revoked: to the contacts the Fund holds.
pub(super) async fn refused(core: &Core, document: &Document) -> Result<Vec<Notice>, ApiError> {
    to_held(core, document, key::MSG_REFUSED).await
}

async fn to_held(core: &Core, document: &Document, body: Key) -> Result<Vec<Notice>, ApiError> {
    let held = held(core, document).await?;
    let notices = [Channel::Sms, Channel::Email]
        .into_iter()
        .filter_map(|channel| notice(core, document, channel, contact(&held, channel), body));
    Ok(notices.collect())
}

async fn held(core: &Core, document: &Document) -> Result<Requisites, ApiError> {
    let record = core.store.fund_record(&document.iin).await?;
    Ok(record.ok_or(ApiError::UnknownPerson)?.requisites)
}

const fn contact(held: &Requisites, channel: Channel) -> &str {
    match channel {
        Channel::Sms => held.mobile.as_str(),
        Channel::Email => held.email.as_str(),
    }
}

/// None where there is nothing to send to: no contact, or one of former days that no gateway takes.
fn notice(core: &Core, document: &Document, channel: Channel, recipient: &str, body: Key) -> Option<Notice> {
    let usable = match channel {
        Channel::Sms => recipient
            .strip_prefix('+')
            .is_some_and(|digits| digits.len() >= 8 && digits.bytes().all(|b| b.is_ascii_digit())),
        Channel::Email => crate::domain::email::Email::parse(recipient).is_ok(),
    };
    let lang = document.content.lang;
    usable.then(|| Notice {
        id: core.world.id(),
        channel,
        recipient: recipient.to_owned(),
        subject: text(lang, key::MSG_SUBJECT),
        body: fill(text(lang, body), &[("number", &document.content.number)]),
    })
}
