//! Sessions: a row per signed-in browser, found by the SHA-256 of the cookie's secret. A session ends 15 minutes after
//! the last thing the person did, and 12 hours after signing in in any case (NIST SP 800-63B-4, 5.2; ASVS 5.0, 7.3).
//! A session that begins in a browser the person hasn't used lately is told to their contacts: a challenge relayed by
//! another site can't be stopped (T02), but it doesn't stay unnoticed.

use crate::api::accounts::{Identity, Way};
use crate::api::drafts::CONSENT_VERSION;
use crate::api::{ApiError, Caller};
use crate::domain::iin::Iin;
use crate::domain::time::Timestamp;
use crate::server::Core;
use crate::server::cookies::Cookie;
use crate::server::notice::{Notice, contact};
use crate::server::outbox::{Channel, Message};
use crate::server::store::accounts::NewSession;
use crate::server::world::sha256;
use crate::texts::fill;
use crate::texts::outgoing::{key, text};

pub const IDLE_MS: i64 = 15 * 60 * 1000;
pub const ABSOLUTE_MS: i64 = 12 * 3600 * 1000;
/// A browser the person hasn't signed in from for so long is new again.
pub const KNOWN_DEVICE_MS: i64 = 90 * 24 * 3600 * 1000;
/// When the person was last there is written at most this often.
const TOUCH_MS: i64 = 60 * 1000;
/// A certificate that ends sooner than this is spoken of.
const CERTIFICATE_WARNING_MS: i64 = 30 * 24 * 3600 * 1000;

/// A live session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    pub person_iin: Iin,
    /// SHA-256 of the cookie's secret: names the session without being it.
    pub id_hash: [u8; 32],
    pub way: Way,
    pub created_at: Timestamp,
    /// Exact to a minute.
    pub seen_at: Timestamp,
    pub previous_sign_in: Option<Timestamp>,
    /// Last moment of the certificate signed in with.
    pub certificate_ends: Option<Timestamp>,
}

impl Session {
    fn idle_end(&self) -> Timestamp {
        self.seen_at.plus_ms(IDLE_MS)
    }

    fn absolute_end(&self) -> Timestamp {
        self.created_at.plus_ms(ABSOLUTE_MS)
    }
}

/// The caller's live session, which this prolongs. Every service asks this first.
///
/// # Errors
/// [`ApiError::SignedOut`] without a live one.
pub async fn require(core: &Core, caller: &Caller) -> Result<Session, ApiError> {
    prolonged(core, caller, TOUCH_MS).await
}

/// The caller's live session, prolonged to the second: the person said that they are there.
///
/// # Errors
/// [`ApiError::SignedOut`] without a live one.
pub async fn stay(core: &Core, caller: &Caller) -> Result<Session, ApiError> {
    prolonged(core, caller, 0).await
}

async fn prolonged(core: &Core, caller: &Caller, at_most_every_ms: i64) -> Result<Session, ApiError> {
    let mut session = look(core, caller).await?;
    let now = core.world.now();
    if now.0 - session.seen_at.0 >= at_most_every_ms {
        core.store.touch_session(&session.id_hash, now).await?;
        session.seen_at = now;
    }
    Ok(session)
}

/// The caller's live session as it is; doesn't prolong it.
///
/// # Errors
/// [`ApiError::SignedOut`] without a live one.
pub async fn look(core: &Core, caller: &Caller) -> Result<Session, ApiError> {
    let secret = caller.session.as_ref().ok_or(ApiError::SignedOut)?;
    let session = core
        .store
        .session(&sha256(secret))
        .await?
        .ok_or(ApiError::SignedOut)?;
    let now = core.world.now();
    if now >= session.idle_end() || now >= session.absolute_end() {
        return Err(ApiError::SignedOut);
    }
    Ok(session)
}

/// Whose session begins, and how they came in.
pub struct Begin<'a> {
    pub iin: &'a Iin,
    pub way: Way,
    pub certificate_ends: Option<Timestamp>,
    /// Counts of failures that this success takes back.
    pub forgiven: &'a [[u8; 32]],
}

/// Begins a session: a new secret, whatever the browser brought along; a session it had is ended.
///
/// # Errors
/// [`ApiError::Unavailable`].
pub async fn begin(core: &Core, caller: &Caller, begin: Begin<'_>) -> Result<Session, ApiError> {
    let secret = core.world.secret();
    let now = core.world.now();
    let id_hash = sha256(&secret);
    // Names the browser, not the person, and opens nothing.
    let device = caller.device.clone().unwrap_or_else(|| core.world.secret());
    let notices = of_new_device(core, caller, begin.iin, now).await?;
    let messages: Vec<Message<'_>> = notices.iter().map(|notice| notice.message(now)).collect();
    let previous_sign_in = core
        .store
        .start_session(NewSession {
            iin: begin.iin,
            secret_hash: id_hash,
            way: begin.way,
            at: now,
            certificate_ends: begin.certificate_ends,
            address: &caller.address.to_string(),
            user_agent: &caller.user_agent,
            request_id: &caller.request_id,
            sign_in_id: &core.world.id(),
            forgiven: begin.forgiven,
            instead_of: caller.session.as_ref().map(sha256),
            device_hash: sha256(&device),
            device_since: now.plus_ms(-KNOWN_DEVICE_MS),
            from_new_device: &messages,
        })
        .await?;
    Cookie::Session.set(&core.config, caller, &secret, None);
    let kept_seconds = u32::try_from(KNOWN_DEVICE_MS / 1000).ok();
    Cookie::Device.set(&core.config, caller, &device, kept_seconds);
    if caller.pre_login.is_some() {
        Cookie::PreLogin.clear(&core.config, caller);
    }
    Ok(Session {
        person_iin: begin.iin.clone(),
        id_hash,
        way: begin.way,
        created_at: now,
        seen_at: now,
        previous_sign_in,
        certificate_ends: begin.certificate_ends,
    })
}

/// What the person's contacts are told if the browser is a new one: neither name nor IIN.
async fn of_new_device(
    core: &Core,
    caller: &Caller,
    iin: &Iin,
    now: Timestamp,
) -> Result<Vec<Notice>, ApiError> {
    let Some(record) = core.store.fund_record(iin).await? else {
        return Ok(Vec::new());
    };
    let time = format!("{} {}", now.date_kz().dotted(), now.clock_kz());
    let body = fill(text(caller.lang, key::MSG_SIGN_IN), &[("time", &time)]);
    let subject = text(caller.lang, key::MSG_SIGN_IN_SUBJECT);
    let notices = [Channel::Sms, Channel::Email].into_iter().filter_map(|channel| {
        let recipient = contact(&record.requisites, channel);
        Notice::new(&core.world, channel, recipient, subject, body.clone())
    });
    Ok(notices.collect())
}

/// What the page is told of the session.
///
/// # Errors
/// [`ApiError::UnknownPerson`] if the Fund no longer knows the person; [`ApiError::Unavailable`].
pub async fn identity(core: &Core, session: &Session) -> Result<Identity, ApiError> {
    let person = core
        .store
        .person(&session.person_iin)
        .await?
        .ok_or(ApiError::UnknownPerson)?;
    let consent = core.store.consent(&session.person_iin).await?;
    let now = core.world.now();
    Ok(Identity {
        address_form: person.address_form(),
        full_name: person.full_name(),
        iin_masked: session.person_iin.masked(),
        way: session.way,
        now,
        idle_end: session.idle_end(),
        absolute_end: session.absolute_end(),
        certificate_ends: session
            .certificate_ends
            .filter(|end| end.0 - now.0 < CERTIFICATE_WARNING_MS)
            .map(Timestamp::date_kz),
        previous_sign_in: session.previous_sign_in,
        unreached: core.store.unreached(&session.person_iin).await?,
        consent_given: consent.is_some_and(|(_, consent)| consent.text_version == CONSENT_VERSION),
    })
}
