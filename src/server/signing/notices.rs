//! What is told to whom when an application is signed, applied, refused or cancelled. New contacts and old ones both hear
//! of it; the message to an old one carries neither name nor IIN nor the new contact, since it may be in other hands now,
//! and a link whose one press on the page behind it suspends the new contacts for codes.

use super::event;
use crate::api::ApiError;
use crate::domain::requisites::Change;
use crate::domain::time::Timestamp;
use crate::server::Core;
use crate::server::notice::{Notice, contact};
use crate::server::outbox::Channel;
use crate::server::store::applications::Document;
use crate::server::store::contacts::Follows;
use crate::server::store::fund::FundRecord;
use crate::server::suspensions;
use crate::server::world::sha256;
use crate::texts::fill;
use crate::texts::outgoing::{Key, key, text};

/// What is told when an application is applied, and what that rests on.
pub(super) struct Applied {
    pub(super) notices: Vec<Notice>,
    pub(super) follows: Follows,
}

/// The application is applied: to the new contacts, the old and the unchanged ones.
pub(super) async fn applied(core: &Core, document: &Document, at: Timestamp) -> Result<Applied, ApiError> {
    let record = record(core, document).await?;
    let held = &record.requisites;
    let brings_in = document.content.changes.iter().any(|change| {
        matches!(change, Change::Mobile { after, .. } | Change::Email { after, .. } if !after.is_empty())
    });
    let secret = core.world.secret();
    // Behind `#`: what stands there reaches neither a server's log nor the page before.
    let link = format!("{}/suspend#{secret}", address(core));
    let mut old_ones_told = false;
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
        let (now, body) = match change {
            Some((_, after)) => (after.as_str(), key::MSG_APPLIED_NEW),
            None => (contact(held, channel), key::MSG_APPLIED_SAME),
        };
        let mut body = said(document, body);
        if channel == Channel::Email && is_confirmed(core, document, now, change.is_some()).await? {
            // Opens to who signs in: the letter itself may be read by others.
            let receipt = format!("{}/done/{}", address(core), document.application);
            let receipt = fill(
                text(document.content.lang, key::MSG_RECEIPT),
                &[("link", &receipt)],
            );
            body = [&body, "\n\n", &receipt].concat();
        }
        notices.extend(notice(core, document, channel, now, body));
        if let Some((before, _)) = change {
            let lang = document.content.lang;
            let body = if brings_in {
                fill(text(lang, key::MSG_APPLIED_OLD_LINK), &[("link", &link)])
            } else {
                text(lang, key::MSG_APPLIED_OLD).to_owned()
            };
            let told = notice(core, document, channel, before, body);
            old_ones_told |= told.is_some();
            notices.extend(told);
        }
    }
    let suspension =
        (brings_in && old_ones_told).then(|| (sha256(&secret), at.plus_ms(suspensions::LINK_MS)));
    if core.config.webhook.is_some() {
        let version = record.version + 1;
        notices.push(event::requisites_changed(core.world.id(), document, version, at));
    }
    let codes_from = suspensions::codes_from(core, at);
    Ok(Applied {
        notices,
        follows: Follows {
            codes_from,
            suspension,
        },
    })
}

/// What follows where nothing is applied yet.
pub(super) fn nothing_follows(core: &Core, at: Timestamp) -> Follows {
    Follows {
        codes_from: suspensions::codes_from(core, at),
        suspension: None,
    }
}

/// Whether the person has shown that this e-mail address is theirs; a new one only by a code.
async fn is_confirmed(core: &Core, document: &Document, email: &str, new: bool) -> Result<bool, ApiError> {
    let contact = core.store.contact(&document.iin, Channel::Email, email).await?;
    Ok(if new {
        contact.proven_at.is_some()
    } else {
        contact.is_confirmed()
    })
}

fn address(core: &Core) -> &str {
    core.config.public_url.trim_end_matches('/')
}

/// The signature is stored and still being checked: to the contacts the Fund holds.
pub(super) async fn checking(core: &Core, document: &Document) -> Result<Vec<Notice>, ApiError> {
    to_held(core, document, key::MSG_CHECKING).await
}

/// The certificate turned out to be revoked: to the contacts the Fund holds.
pub(super) async fn refused(core: &Core, document: &Document) -> Result<Vec<Notice>, ApiError> {
    to_held(core, document, key::MSG_REFUSED).await
}

/// The person took the application back: to the contacts the Fund holds.
pub(in crate::server) async fn cancelled(core: &Core, document: &Document) -> Result<Vec<Notice>, ApiError> {
    to_held(core, document, key::MSG_CANCELLED).await
}

async fn to_held(core: &Core, document: &Document, body: Key) -> Result<Vec<Notice>, ApiError> {
    let held = record(core, document).await?.requisites;
    let notices = [Channel::Sms, Channel::Email].into_iter().filter_map(|channel| {
        notice(
            core,
            document,
            channel,
            contact(&held, channel),
            said(document, body),
        )
    });
    Ok(notices.collect())
}

async fn record(core: &Core, document: &Document) -> Result<FundRecord, ApiError> {
    let record = core.store.fund_record(&document.iin).await?;
    record.ok_or(ApiError::UnknownPerson)
}

fn said(document: &Document, body: Key) -> String {
    fill(
        text(document.content.lang, body),
        &[("number", &document.content.number)],
    )
}

fn notice(
    core: &Core,
    document: &Document,
    channel: Channel,
    recipient: &str,
    body: String,
) -> Option<Notice> {
    let subject = text(document.content.lang, key::MSG_SUBJECT);
    Notice::new(&core.world, channel, recipient, subject, body)
}
