//! One signature's conversation, without the socket: what to say after which frame. One request is in flight at a time,
//! since answers of `basics` carry no mark of their request.

use super::answer::{
    FrameError, Outcome, active_tokens_answer, answer_limit, greeting, probe_answer, signature,
};
use super::request::{SignRequest, active_tokens, change_locale, probe};
use super::{HEARTBEAT, SHORT_FRAME_LIMIT, Version};

/// More than an agent sends while the longest dialog is open. After so many it gets no answer, so that two sides that
/// answer each other's heartbeats come to rest.
const MOST_HEARTBEATS: u16 = 600;

/// Why there is no signature, as far as frames tell.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    #[error("the agent is too old")]
    OldVersion,
    #[error("the person closed the dialog")]
    Cancelled,
    #[error("technical error {code}")]
    Technical { code: String },
    #[error("the agent's answer can't be used: {0}")]
    BadAnswer(#[from] FrameError),
}

/// What to do after a frame.
#[derive(Debug, PartialEq, Eq)]
pub enum Turn {
    Say(String),
    Wait,
    /// The end: the CMS in base64 without armour, or why there is none. The socket is to be closed.
    Over(Result<String, Trouble>),
}

/// Whose answer is awaited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Greeting,
    Probe,
    Basics,
    Locale,
    Tokens,
    CommonUtils,
}

/// The agent speaks first: begin by waiting.
pub struct Talk<'a> {
    request: SignRequest<'a>,
    stage: Stage,
    heartbeats: u16,
}

impl<'a> Talk<'a> {
    #[must_use]
    pub const fn new(request: SignRequest<'a>) -> Self {
        Self {
            request,
            stage: Stage::Greeting,
            heartbeats: 0,
        }
    }

    /// Whether the agent has greeted. From then on a person may be at work in its dialog.
    #[must_use]
    pub fn is_greeted(&self) -> bool {
        self.stage != Stage::Greeting
    }

    /// The longest frame that may come now, in UTF-16 units. Longer ones needn't be looked at.
    #[must_use]
    pub const fn limit(&self) -> usize {
        match self.stage {
            Stage::Basics | Stage::CommonUtils => answer_limit(self.request.data_base64.len()),
            _ => SHORT_FRAME_LIMIT,
        }
    }

    /// Takes a frame longer than [`Self::limit`] or not of text.
    #[must_use]
    pub const fn refuse() -> Turn {
        Turn::Over(Err(Trouble::BadAnswer(FrameError::TooLong)))
    }

    /// Takes a frame of text.
    #[must_use]
    pub fn hear(&mut self, frame: &str) -> Turn {
        if frame == HEARTBEAT {
            self.heartbeats = self.heartbeats.saturating_add(1);
            return if self.heartbeats <= MOST_HEARTBEATS {
                Turn::Say(HEARTBEAT.to_owned())
            } else {
                Turn::Wait
            };
        }
        // Some versions answer a heartbeat with the greeting.
        if self.is_greeted() && greeting(frame).is_ok() {
            return Turn::Wait;
        }
        self.step(frame)
            .unwrap_or_else(|trouble| Turn::Over(Err(trouble)))
    }

    fn step(&mut self, frame: &str) -> Result<Turn, Trouble> {
        match self.stage {
            Stage::Greeting if greeting(frame)? < Version::OLDEST => Err(Trouble::OldVersion),
            Stage::Greeting => Ok(self.say(Stage::Probe, probe())),
            Stage::Probe => {
                // Either agent signs by `basics`. The question is asked before the person's data are handed over:
                // what can't answer it won't get them.
                probe_answer(frame)?;
                Ok(self.say(Stage::Basics, self.request.basics()))
            }
            Stage::Basics => match signature(frame, self.limit())? {
                Outcome::NoModule => Ok(self.say(Stage::Locale, change_locale(self.request.lang))),
                outcome => Ok(Turn::Over(finished(outcome))),
            },
            Stage::Locale => {
                // A language that isn't taken over is no reason to stop.
                Ok(self.say(Stage::Tokens, active_tokens()))
            }
            Stage::Tokens => {
                let plugged_in = match active_tokens_answer(frame)? {
                    Outcome::Done(tokens) => tokens,
                    Outcome::NoModule => return Err(Trouble::OldVersion),
                    Outcome::Cancelled | Outcome::Failed { .. } => Vec::new(),
                };
                let storage = self.request.storage(&plugged_in);
                Ok(self.say(Stage::CommonUtils, self.request.common_utils(storage)))
            }
            Stage::CommonUtils => Ok(Turn::Over(finished(signature(frame, self.limit())?))),
        }
    }

    fn say(&mut self, next: Stage, request: String) -> Turn {
        self.stage = next;
        Turn::Say(request)
    }
}

fn finished(outcome: Outcome<String>) -> Result<String, Trouble> {
    match outcome {
        Outcome::Done(cms) => Ok(cms),
        Outcome::Cancelled => Err(Trouble::Cancelled),
        Outcome::NoModule => Err(Trouble::OldVersion),
        Outcome::Failed { code } => Err(Trouble::Technical { code }),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Chain, Purpose};
    use super::*;
    use crate::domain::lang::Lang;

    const NO_MODULE: &str = r#"{"success":false,"errorCode":"MODULE_NOT_FOUND"}"#;

    fn talk() -> Talk<'static> {
        Talk::new(SignRequest {
            data_base64: "MTEK",
            purpose: Purpose::SignIn,
            lang: Lang::Kk,
            storages: None,
            chain: Chain::National,
        })
    }

    fn said(turn: Turn) -> String {
        match turn {
            Turn::Say(frame) => frame,
            other => panic!("nothing was said: {other:?}"),
        }
    }

    #[test]
    fn nothing_is_asked_before_the_greeting_and_no_data_before_the_probe() {
        let mut talk = talk();
        assert!(!talk.is_greeted());
        let first = said(talk.hear(r#"{"result":{"version":"1.4"}}"#));
        assert!(talk.is_greeted());
        assert!(first.contains("getVersion") && !first.contains("MTEK"));
        let second = said(talk.hear(NO_MODULE));
        assert!(second.contains("kz.gov.pki.knca.basics") && second.contains("MTEK"));
        assert_eq!(
            talk.hear(r#"{"body":{},"status":true}"#),
            Turn::Over(Err(Trouble::Cancelled))
        );
    }

    #[test]
    fn the_old_module_is_asked_where_the_new_one_is_missing() {
        let mut talk = talk();
        for (heard, then) in [
            (r#"{"result":{"version":"1.2"}}"#, "getVersion"),
            (NO_MODULE, "basics"),
            (NO_MODULE, "changeLocale"),
            (r#"{"code":"500"}"#, "getActiveTokens"),
            (
                r#"{"code":"200","responseObject":["AKKaztokenStore"]}"#,
                r#"createCAdESFromBase64","args":["AKKaztokenStore","","MTEK",true]"#,
            ),
        ] {
            let frame = said(talk.hear(heard));
            assert!(frame.contains(then), "{frame}");
        }
        assert_eq!(
            talk.hear(r#"{"code":"500","message":"storage.empty"}"#),
            Turn::Over(Err(Trouble::Technical {
                code: "storage.empty".to_owned()
            }))
        );
    }

    #[test]
    fn an_agent_with_neither_module_or_an_old_greeting_is_old() {
        let mut talk = talk();
        assert_eq!(
            talk.hear(r#"{"result":{"version":"1.1"}}"#),
            Turn::Over(Err(Trouble::OldVersion))
        );
        for heard in [r#"{"result":{"version":"1.3"}}"#, NO_MODULE, NO_MODULE, NO_MODULE] {
            said(talk.hear(heard));
        }
        assert_eq!(talk.hear(NO_MODULE), Turn::Over(Err(Trouble::OldVersion)));
    }

    #[test]
    fn heartbeats_are_answered_at_any_time_but_not_for_ever() {
        let mut talk = talk();
        assert_eq!(said(talk.hear(HEARTBEAT)), HEARTBEAT);
        said(talk.hear(r#"{"result":{"version":"1.4"}}"#));
        assert_eq!(talk.hear(r#"{"result":{"version":"1.4"}}"#), Turn::Wait);
        let answered = (0..10_000).filter(|_| talk.hear(HEARTBEAT) != Turn::Wait).count();
        assert_eq!(answered, usize::from(MOST_HEARTBEATS) - 1);
    }

    #[test]
    fn what_is_no_frame_ends_the_talk() {
        for nonsense in ["<html></html>", "null", "{}"] {
            assert!(matches!(
                talk().hear(nonsense),
                Turn::Over(Err(Trouble::BadAnswer(_)))
            ));
        }
    }
}
