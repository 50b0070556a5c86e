//! What is told to whom when an application is signed, applied or refused. New contacts and old ones both hear of it; the
//! message to an old one carries neither name nor IIN nor the new contact, since it may be in other hands now.

use crate::api::ApiError;
use crate::domain::requisites::{Change, Requisites};
use crate::server::Core;
use crate::server::notice::{Notice, contact};
use crate::server::outbox::Channel;
use crate::server::store::applications::Document;
use crate::texts::fill;
use crate::texts::outgoing::{Key, key, text};

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

fn notice(core: &Core, document: &Document, channel: Channel, recipient: &str, body: Key) -> Option<Notice> {
    let lang = document.content.lang;
    let body = fill(text(lang, body), &[("number", &document.content.number)]);
    Notice::new(
        &core.world,
        channel,
        recipient,
        text(lang, key::MSG_SUBJECT),
        body,
    )
}
