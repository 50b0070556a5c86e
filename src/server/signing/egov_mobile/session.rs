//! The life of a signing session, as rules without a database: `new → opened → reading → signed`, or one of the other ends.
//! Each rule looks at a session and a moment and says what the next session is; the store makes the step one guarded
//! UPDATE from exactly the session seen, so two that race can't both win.

pub use crate::api::signing::QrState;
use crate::domain::time::Timestamp;

/// How long a code waits to be opened.
pub const OPENING_MS: i64 = 5 * 60_000;
/// How long the document may be read and signed, from the moment the phone took it.
pub const READING_MS: i64 = 10 * 60_000;
/// The end the app is told when it opens the code (`expiry_date`): nothing lives longer.
pub const WHOLE_MS: i64 = 15 * 60_000;
/// What a phone that opened the code at the last moment gets for taking the document.
pub const TAKING_MS: i64 = 60_000;
/// While nobody has opened it, the code is replaced this often.
pub const ROTATION_MS: i64 = 60_000;
/// How long a replaced code stays good: the app asks for its own login between scanning and opening.
pub const OLD_LINK_MS: i64 = 5 * 60_000;
/// A signature that came in time may be judged this long: its session isn't closed meanwhile.
pub const JUDGING_MS: i64 = 30_000;
/// So many codes are shown one after the other until the session has waited long enough.
pub const TURNS: u8 = (OPENING_MS / ROTATION_MS) as u8;
/// So many bodies that are no signature at all are borne.
pub const BAD_PUTS: u32 = 5;

/// Which of a session's links was opened. Each has a secret of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Link {
    pub way: Way,
    /// Counts the codes shown, from 0.
    pub turn: u8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Way {
    /// Scanned from another screen.
    Screen,
    /// The button on the very phone; after signing the app may lead back.
    SamePhone,
}

impl Way {
    /// The name in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Screen => "screen",
            Self::SamePhone => "same_phone",
        }
    }

    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Screen, Self::SamePhone]
            .into_iter()
            .find(|way| way.as_str() == text)
    }
}

/// SHA-256 of what the phone sent to end the session: the CMS, or nothing for a refusal.
pub type Answer = [u8; 32];

/// A session, as far as the rules go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    pub started: Timestamp,
    pub state: QrState,
    /// Of the present state; moves with it, never past the end of the whole.
    pub deadline: Timestamp,
    /// The link that was opened first, and since then the only one.
    pub opened_by: Option<Link>,
    /// What the phone ended it with.
    pub answer: Option<Answer>,
    pub bad_puts: u32,
}

/// What a rule says to a request that may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// This is the session from now on, once it is stored.
    To(Session),
    /// Done before: the same answer again.
    Again,
}

/// Why a request may not be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Stop {
    /// The link is too old, not yet shown, or another one was opened before.
    #[error("the link is no longer good")]
    OldLink,
    /// The phone asks for API №2 before API №1, or signs what it hasn't taken.
    #[error("out of turn")]
    OutOfTurn,
    /// Signed already, with other bytes than these.
    #[error("signed already, otherwise")]
    SignedOtherwise,
    /// It ended like this.
    #[error("the session has ended")]
    Ended(QrState),
}

/// Whether a state is one of the six ends.
#[must_use]
pub const fn is_end(state: QrState) -> bool {
    !matches!(state, QrState::New | QrState::Opened | QrState::Reading)
}

/// The name in the database.
#[must_use]
pub const fn name(state: QrState) -> &'static str {
    match state {
        QrState::New => "new",
        QrState::Opened => "opened",
        QrState::Reading => "reading",
        QrState::Signed => "signed",
        QrState::Refused => "refused",
        QrState::WrongSigner => "wrong_signer",
        QrState::Failed => "failed",
        QrState::Expired => "expired",
        QrState::Cancelled => "cancelled",
    }
}

pub const STATES: [QrState; 9] = [
    QrState::New,
    QrState::Opened,
    QrState::Reading,
    QrState::Signed,
    QrState::Refused,
    QrState::WrongSigner,
    QrState::Failed,
    QrState::Expired,
    QrState::Cancelled,
];

/// Reads a [`name`].
#[must_use]
pub fn parse(text: &str) -> Option<QrState> {
    STATES.into_iter().find(|state| name(*state) == text)
}

impl Session {
    #[must_use]
    pub const fn start(now: Timestamp) -> Self {
        Self {
            started: now,
            state: QrState::New,
            deadline: now.plus_ms(OPENING_MS),
            opened_by: None,
            answer: None,
            bad_puts: 0,
        }
    }

    /// The end of the whole, whatever happens.
    #[must_use]
    pub const fn end(&self) -> Timestamp {
        self.started.plus_ms(WHOLE_MS)
    }

    /// The state at a moment, with the deadline as judge whether or not it has been written down.
    #[must_use]
    pub fn state_at(&self, now: Timestamp) -> QrState {
        if !is_end(self.state) && now >= self.deadline {
            QrState::Expired
        } else {
            self.state
        }
    }

    /// The code on the screen at a moment; `None` once somebody has opened it or nobody has in time.
    #[must_use]
    pub fn turn_at(&self, now: Timestamp) -> Option<u8> {
        if self.state_at(now) != QrState::New {
            return None;
        }
        let waited = (now.0 - self.started.0).max(0) / ROTATION_MS;
        u8::try_from(waited).ok().map(|turn| turn.min(TURNS - 1))
    }

    /// When the code on the screen is next replaced.
    #[must_use]
    pub fn next_turn_at(&self, now: Timestamp) -> Option<Timestamp> {
        let next = i64::from(self.turn_at(now)?) + 1;
        Some(self.started.plus_ms(next * ROTATION_MS))
    }

    fn link_is_good(&self, link: Link, now: Timestamp) -> bool {
        let shown = self.started.plus_ms(i64::from(link.turn) * ROTATION_MS);
        let good_until = shown.plus_ms(ROTATION_MS + OLD_LINK_MS);
        now >= shown && now < good_until && self.opened_by.is_none_or(|first| first == link)
    }

    fn live(&self, now: Timestamp) -> Result<(), Stop> {
        match self.state_at(now) {
            end if is_end(end) => Err(Stop::Ended(end)),
            _ => Ok(()),
        }
    }

    fn to(&self, state: QrState) -> Self {
        Self {
            state,
            ..self.clone()
        }
    }

    /// API №1. The first link opened becomes the only one; opening it again (the app retries) changes nothing.
    ///
    /// # Errors
    /// [`Stop::Ended`], [`Stop::OldLink`].
    pub fn open(&self, link: Link, now: Timestamp) -> Result<Step, Stop> {
        self.live(now)?;
        if !self.link_is_good(link, now) {
            return Err(Stop::OldLink);
        }
        if self.state != QrState::New {
            return Ok(Step::Again);
        }
        Ok(Step::To(Self {
            opened_by: Some(link),
            deadline: self.deadline.max(now.plus_ms(TAKING_MS)),
            ..self.to(QrState::Opened)
        }))
    }

    /// API №2, GET. Reading starts once; taking the document again gives no more time.
    ///
    /// # Errors
    /// [`Stop::Ended`], [`Stop::OutOfTurn`].
    pub fn take(&self, now: Timestamp) -> Result<Step, Stop> {
        self.live(now)?;
        match self.state {
            QrState::Opened => Ok(Step::To(Self {
                deadline: now.plus_ms(READING_MS).min(self.end()),
                ..self.to(QrState::Reading)
            })),
            QrState::Reading => Ok(Step::Again),
            _ => Err(Stop::OutOfTurn),
        }
    }

    /// API №2, PUT, before the signature is judged. [`Step::Again`] means this very answer ended the session before: the
    /// state says how.
    ///
    /// # Errors
    /// [`Stop::Ended`], [`Stop::OutOfTurn`], [`Stop::SignedOtherwise`].
    pub fn may_answer(&self, answer: &Answer, now: Timestamp) -> Result<Option<Step>, Stop> {
        if is_end(self.state) && self.answer.as_ref() == Some(answer) {
            return Ok(Some(Step::Again));
        }
        if self.state == QrState::Signed {
            return Err(Stop::SignedOtherwise);
        }
        self.live(now)?;
        match self.state {
            QrState::Reading => Ok(None),
            _ => Err(Stop::OutOfTurn),
        }
    }

    /// The session after the phone's answer was judged. `end` is `Signed`, `Refused`, `WrongSigner` or `Failed`. The
    /// deadline was asked when the answer came ([`Session::may_answer`]), so a slow judge harms nobody.
    #[must_use]
    pub fn answered(&self, end: QrState, answer: Answer) -> Option<Self> {
        let by_phone = matches!(
            end,
            QrState::Signed | QrState::Refused | QrState::WrongSigner | QrState::Failed
        );
        (by_phone && self.state == QrState::Reading).then(|| Self {
            answer: Some(answer),
            ..self.to(end)
        })
    }

    /// A body came that holds no answer. The last one borne ends the session.
    #[must_use]
    pub fn bad_put(&self) -> Option<Self> {
        let bad_puts = self.bad_puts + 1;
        (self.state == QrState::Reading).then(|| Self {
            bad_puts,
            ..self.to(if bad_puts >= BAD_PUTS {
                QrState::Failed
            } else {
                QrState::Reading
            })
        })
    }

    /// The person takes it back, or the document is no longer the one to sign.
    #[must_use]
    pub fn cancelled(&self) -> Option<Self> {
        (!is_end(self.state)).then(|| self.to(QrState::Cancelled))
    }

    /// The deadline is written down; while a signature may still be judged, not yet.
    #[must_use]
    pub fn expired(&self, now: Timestamp) -> Option<Self> {
        let grace = if self.state == QrState::Reading {
            JUDGING_MS
        } else {
            0
        };
        (!is_end(self.state) && now >= self.deadline.plus_ms(grace)).then(|| self.to(QrState::Expired))
    }
}

#[cfg(test)]
#[path = "session_tests.rs"]
mod tests;
