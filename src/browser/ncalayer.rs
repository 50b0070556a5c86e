//! The client of NCALayer: a signature by the key on the person's own computer, over a WebSocket that opens after a click
//! and closes after one signature. What is said stands in `wire::ncalayer`; here are the socket, the time and the ways in
//! which a person's attempt ends. The answer is no proof of anything: the server verifies it.

mod cancel;
mod line;
mod surroundings;

pub use self::cancel::Cancel;
pub use self::surroundings::{Permission, is_phone, loopback_permission};
pub use crate::wire::ncalayer::{Carrier, Purpose};

use self::line::{Heard, Line, Timer};
use self::surroundings::meta;
use crate::domain::lang::Lang;
use crate::wire::ncalayer::{ADDRESS, Chain, SignRequest, Talk, Trouble, Turn};

/// What is to be signed. The data will stand inside the signature.
#[derive(Clone)]
pub struct Ask {
    pub data_base64: String,
    pub purpose: Purpose,
    /// Of NCALayer's dialog.
    pub lang: Lang,
    /// NCALayer's names of storages ([`Carrier::storages`]); `None` offers all of them.
    pub storages: Option<Vec<&'static str>>,
}

/// Where the attempt stands, for the page to say what to do now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Connecting,
    /// The socket doesn't open at once and the browser may be asking the person for permission.
    AskingPermission,
    /// NCALayer has answered: its dialog is open, perhaps behind the browser's window.
    DialogOpen,
}

/// Why there is no signature, told apart as far as the person can act on it. What is wrong with a key is told by the
/// server, which verifies the signature.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AgentTrouble {
    /// The browser doesn't let the page reach programs on this computer.
    #[error("the browser has no permission for loopback")]
    PermissionDenied,
    /// Not running, not installed, its certificate not trusted, or the question about permission dismissed: a browser
    /// tells none of these apart.
    #[error("nothing answers at NCALayer's address")]
    NotReachable,
    #[error("NCALayer is too old")]
    OldVersion,
    /// By the person, in NCALayer's dialog or on the page.
    #[error("cancelled")]
    Cancelled,
    /// `code` is ASCII letters, digits, `.`, `_`, `-`, at most 40 long.
    #[error("technical error {code}")]
    Technical { code: String },
    /// Something answers at NCALayer's address, but not as NCALayer.
    #[error("the answer can't be used: {0}")]
    BadAnswer(String),
    /// The connection ended before the answer came.
    #[error("the connection was closed")]
    ClosedEarly,
    /// The dialog stayed open for ten minutes.
    #[error("no answer in time")]
    TimedOut,
}

impl From<Trouble> for AgentTrouble {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::OldVersion => Self::OldVersion,
            Trouble::Cancelled => Self::Cancelled,
            Trouble::Technical { code } => Self::Technical { code },
            Trouble::BadAnswer(error) => Self::BadAnswer(error.to_string()),
        }
    }
}

/// The browser's question is modal and a person may take a while to read it.
const OPENING_WITH_QUESTION_MS: i32 = 120_000;
const OPENING_MS: i32 = 10_000;
/// Long enough for a connection that needs no question; after that the page explains the question.
const QUESTION_LIKELY_MS: i32 = 700;
/// NCALayer greets at once.
const GREETING_MS: i32 = 5_000;
/// Finding the key file, the token, the password.
const DIALOG_MS: i32 = 600_000;

/// Has the data signed: the CMS in base64, on one line, without armour. Call it from a click only.
///
/// # Errors
/// [`AgentTrouble`].
pub async fn sign(ask: Ask, cancel: Cancel) -> Result<String, AgentTrouble> {
    sign_showing(ask, cancel, |_| {}).await
}

/// As [`sign`], and tells where the attempt stands. If the future is dropped, the socket closes.
///
/// # Errors
/// [`AgentTrouble`].
pub async fn sign_showing(ask: Ask, cancel: Cancel, show: impl Fn(Step)) -> Result<String, AgentTrouble> {
    show(Step::Connecting);
    let permission = loopback_permission().await;
    let attempt = async {
        let line = open(permission, &cancel, &show).await?;
        talk(&line, &ask, &cancel, &show).await
    };
    match attempt.await {
        // A refusal looks like a dead agent, so the browser is asked once more: the person may have just refused.
        Err(AgentTrouble::NotReachable) if loopback_permission().await == Permission::Denied => {
            Err(AgentTrouble::PermissionDenied)
        }
        other => other,
    }
}

async fn open(permission: Permission, cancel: &Cancel, show: &impl Fn(Step)) -> Result<Line, AgentTrouble> {
    let address = meta("cabinet-ncalayer").unwrap_or_else(|| ADDRESS.to_owned());
    let line = Line::open(&address).ok_or(AgentTrouble::NotReachable)?;
    let may_ask = matches!(permission, Permission::Prompt | Permission::Unknown);
    let mut timer = Timer::after(if may_ask { QUESTION_LIKELY_MS } else { OPENING_MS });
    let mut asking = false;
    loop {
        match line.hear(&timer, cancel).await {
            Heard::Opened => return Ok(line),
            Heard::TimeOver if may_ask && !asking => {
                asking = true;
                show(Step::AskingPermission);
                timer = Timer::after(OPENING_WITH_QUESTION_MS);
            }
            Heard::Cancelled => return Err(AgentTrouble::Cancelled),
            Heard::Closed | Heard::TimeOver => return Err(AgentTrouble::NotReachable),
            // Nothing can come before the opening.
            Heard::Text(_) | Heard::Unreadable => {}
        }
    }
}

async fn talk(line: &Line, ask: &Ask, cancel: &Cancel, show: &impl Fn(Step)) -> Result<String, AgentTrouble> {
    let mut talk = Talk::new(SignRequest {
        data_base64: &ask.data_base64,
        purpose: ask.purpose,
        lang: ask.lang,
        storages: ask.storages.as_deref(),
        chain: chain(),
    });
    let mut timer = Timer::after(GREETING_MS);
    let mut greeted = false;
    loop {
        line.limit_frames(talk.limit());
        let turn = match line.hear(&timer, cancel).await {
            Heard::Text(frame) => talk.hear(&frame),
            Heard::Unreadable => Talk::refuse(),
            Heard::Opened => Turn::Wait,
            Heard::Closed => return Err(AgentTrouble::ClosedEarly),
            Heard::Cancelled => return Err(AgentTrouble::Cancelled),
            Heard::TimeOver if greeted => return Err(AgentTrouble::TimedOut),
            Heard::TimeOver => return Err(AgentTrouble::BadAnswer("no greeting".to_owned())),
        };
        if talk.is_greeted() && !greeted {
            greeted = true;
            show(Step::DialogOpen);
            timer = Timer::after(DIALOG_MS);
        }
        match turn {
            Turn::Wait => {}
            Turn::Say(frame) => line.say(&frame),
            Turn::Over(result) => return Ok(result?),
        }
    }
}

/// Keys of the national CA alone, unless the server is a demo's and says otherwise: its keys are test keys, which NCALayer
/// lets nobody choose under the national chain. A server without the feature `demo` never writes this meta.
fn chain() -> Chain {
    match meta("cabinet-ncalayer-chain").as_deref() {
        Some("any") => Chain::Any,
        _ => Chain::National,
    }
}
