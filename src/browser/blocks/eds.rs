//! Signing with NCALayer as the person sees it, for sign-in and for the application alike: where the key is, what to do now,
//! what went wrong and the one next step. The socket opens only after a press.

use super::plain::{button, division, link, links, notice, numbered, paragraph, points};
use super::trouble::{ErrorCode, trouble};
use super::windows;
use crate::api::{ApiError, SignatureTrouble};
use crate::browser::calls::{Answer, Calls, calls};
use crate::browser::components::{ButtonKind, Choice, NoticeKind, Progress, Select, announce};
use crate::browser::errors::{self, Next};
use crate::browser::markup::{IntoMarkup, Markup, live, maybe, nothing, tag};
use crate::browser::ncalayer::{AgentTrouble, Ask, Cancel, Carrier, Step};
use crate::browser::session::Session;
use crate::browser::signals::{Memo, RwSignal, StoredValue, spawn};
use crate::browser::texts::{key, lang, t};
use leptos::prelude::*;

pub use crate::browser::ncalayer::{Purpose, is_phone};

/// Where an attempt stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EdsStep {
    Ready,
    /// What is to be signed is on its way, or the socket opens.
    Connecting,
    /// The browser may be asking for permission.
    Permission,
    Dialog,
    /// The signature is on its way to the server, which verifies it.
    Checking,
    Failed(EdsTrouble),
    Done,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EdsTrouble {
    Agent(AgentTrouble),
    Server(ApiError),
}

/// One place of the page where NCALayer is used.
#[derive(Clone, Copy)]
pub struct Eds {
    pub step: RwSignal<EdsStep>,
    purpose: Purpose,
    carrier: RwSignal<String>,
    cancel: StoredValue<Cancel>,
    calls: Calls,
}

impl Eds {
    #[must_use]
    pub fn new(purpose: Purpose) -> Self {
        let eds = Self {
            step: RwSignal::new(EdsStep::Ready),
            purpose,
            carrier: RwSignal::new("0".to_owned()),
            cancel: StoredValue::new(Cancel::new()),
            calls: calls(),
        };
        // Leaving the page ends the attempt.
        let cancel = eds.cancel;
        on_cleanup(move || {
            let _ = cancel.try_with_value(Cancel::cancel);
        });
        eds
    }

    /// No attempt is under way.
    #[must_use]
    pub fn idle(self) -> bool {
        self.step
            .with(|step| matches!(step, EdsStep::Ready | EdsStep::Failed(_)))
    }

    /// Fetches what is to be signed, has it signed, sends it. The waiting counts as activity of the session.
    pub fn run(
        self,
        session: Session,
        fetch: impl FnOnce() -> Answer<String> + 'static,
        send: impl FnOnce(String) -> Answer<()> + 'static,
    ) {
        if !untrack(|| self.idle()) {
            return;
        }
        let cancel = Cancel::new();
        self.cancel.set_value(cancel.clone());
        self.step.set(EdsStep::Connecting);
        spawn(async move {
            let _activity = session.waiting();
            let outcome = self.attempt(cancel, fetch, send).await;
            let step = match outcome {
                Ok(()) => EdsStep::Done,
                Err(why) => {
                    if let EdsTrouble::Server(error) = &why {
                        session.heed(error);
                    }
                    EdsStep::Failed(why)
                }
            };
            let _ = self.step.try_set(step);
        });
    }

    async fn attempt(
        self,
        cancel: Cancel,
        fetch: impl FnOnce() -> Answer<String>,
        send: impl FnOnce(String) -> Answer<()>,
    ) -> Result<(), EdsTrouble> {
        let data_base64 = fetch().await.map_err(EdsTrouble::Server)?;
        let ask = Ask {
            data_base64,
            purpose: self.purpose,
            lang: lang(),
            storages: Some(self.storages()),
        };
        let show = move |step| {
            let step = match step {
                Step::Connecting => EdsStep::Connecting,
                Step::AskingPermission => EdsStep::Permission,
                Step::DialogOpen => EdsStep::Dialog,
            };
            let _ = self.step.try_set(step);
        };
        let cms = (self.calls.ncalayer)(ask, cancel, Box::new(show))
            .await
            .map_err(EdsTrouble::Agent)?;
        let _ = self.step.try_set(EdsStep::Checking);
        send(cms).await.map_err(EdsTrouble::Server)
    }

    fn storages(self) -> Vec<&'static str> {
        let chosen = self.carrier.get_untracked().parse::<usize>().unwrap_or_default();
        let carrier = Carrier::ALL.get(chosen).copied().unwrap_or(Carrier::Computer);
        carrier.storages().to_vec()
    }
}

/// «ЭЦҚ қайда сақталған?» and the button, while no attempt is under way.
#[must_use]
pub fn start(eds: Eds, words: &'static str, act: Callback<()>) -> Markup {
    let idle = Memo::new(move |_| eds.idle());
    maybe(move || {
        idle.get().then(|| {
            let choices: Vec<Choice> = Carrier::ALL
                .iter()
                .enumerate()
                .map(|(index, carrier)| {
                    let label = match carrier {
                        Carrier::Computer => key::STORAGE_COMPUTER,
                        Carrier::IdentityCard => key::STORAGE_IDCARD,
                        Carrier::Kaztoken => key::STORAGE_KAZTOKEN,
                        Carrier::Other => key::STORAGE_OTHER,
                    };
                    Choice::new(index.to_string(), t(label), "")
                })
                .collect();
            let storage = view! {
                <Select id="eds-storage" label=t(key::EDS_STORAGE) choices=choices value=eds.carrier/>
            };
            let act = button(ButtonKind::Primary, words, act);
            division("stack", vec![storage.markup(), division("actions", vec![act])])
        })
    })
}

/// What the person sees of the attempt.
#[must_use]
pub fn states(eds: Eds) -> Markup {
    let code = use_context::<ErrorCode>();
    let stop = Callback::new(move |()| eds.cancel.with_value(Cancel::cancel));
    let stop_button = move || {
        let stop = button(ButtonKind::Secondary, t(key::EDS_CANCEL), stop);
        division("actions", vec![stop])
    };
    let waiting = move |title, text, drawing| {
        announce(&[t(title), ". ", t(text)].concat());
        let inside = vec![paragraph("", t(text).to_owned()), drawing, stop_button()];
        notice(NoticeKind::Warning, t(title), false, inside)
    };
    let progress = |words| view! { <Progress id="eds-progress" label=t(words).to_owned()/> }.markup();
    live(move || match eds.step.get() {
        EdsStep::Ready | EdsStep::Done => nothing(),
        EdsStep::Connecting => division("stack", vec![progress(key::EDS_CONNECTING), stop_button()]),
        EdsStep::Permission => waiting(key::EDS_PERMISSION, key::EDS_PERMISSION_TEXT, windows::question()),
        EdsStep::Dialog => waiting(key::EDS_WAITING, key::EDS_WAITING_TEXT, windows::password()),
        EdsStep::Checking => progress(key::EDS_CHECKING),
        EdsStep::Failed(why) => failed(&why, eds.purpose, code),
    })
}

/// Where NCALayer is to be had, and its manual.
const NCALAYER: &str = "https://pki.gov.kz/ncalayer/";
/// NCALayer's page about itself opens when the browser trusts its certificate.
const AGENT_PAGE: &str = "https://127.0.0.1:13579/";

fn failed(why: &EdsTrouble, purpose: Purpose, code: Option<ErrorCode>) -> Markup {
    let mut told = match why {
        EdsTrouble::Server(error) => errors::api(error),
        EdsTrouble::Agent(trouble) => errors::agent(trouble),
    };
    let to_read_out = match why {
        EdsTrouble::Server(
            ApiError::Internal { reference: code }
            | ApiError::Signature {
                trouble: SignatureTrouble::Damaged { code },
            },
        )
        | EdsTrouble::Agent(AgentTrouble::Technical { code }) => Some(code),
        _ => None,
    };
    if let (Some(shown), Some(found)) = (code, to_read_out) {
        shown.0.set(found.clone());
    }
    // Only a document is kept; whoever signs in has given nothing yet.
    if purpose == Purpose::Document
        && matches!(
            why,
            EdsTrouble::Agent(_) | EdsTrouble::Server(ApiError::Signature { .. })
        )
    {
        told.text = [&told.text, " ", t(key::EDS_KEPT)].concat();
    }
    // The button that starts the attempt stands above and repeats it.
    if told.next == Next::Retry {
        told.next = Next::None;
    }
    let mut inside = vec![trouble(told, None)];
    if let EdsTrouble::Agent(trouble) = why {
        inside.extend(way_out(trouble));
    }
    division("stack", inside)
}

/// What the person can do about NCALayer, step by step.
fn way_out(trouble: &AgentTrouble) -> Option<Markup> {
    let install = link(NCALAYER.to_owned(), t(key::EDS_INSTALL).to_owned(), true);
    let manual = link("/help#eds".to_owned(), t(key::EDS_MANUAL).to_owned(), false);
    match trouble {
        AgentTrouble::PermissionDenied => Some(points(
            true,
            vec![
                t(key::AGENT_DENIED_1),
                t(key::AGENT_DENIED_2),
                t(key::AGENT_DENIED_3),
            ],
        )),
        AgentTrouble::NotReachable => {
            let line = |words| tag("p").text(words);
            let steps = vec![
                line(t(key::AGENT_UNREACHABLE_1)),
                line(t(key::AGENT_UNREACHABLE_2)),
                with_agent_page(t(key::AGENT_UNREACHABLE_3)),
            ];
            Some(division(
                "stack",
                vec![numbered(steps), links(vec![install, manual])],
            ))
        }
        AgentTrouble::OldVersion => Some(links(vec![install, manual])),
        _ => None,
    }
}

/// The sentence with NCALayer's own page as a link; it opens beside this one, which keeps what was typed.
fn with_agent_page(sentence: &'static str) -> Markup {
    let (before, after) = sentence.split_once("{address}").unwrap_or((sentence, ""));
    let page = link(AGENT_PAGE.to_owned(), AGENT_PAGE.to_owned(), true).set("target", "_blank");
    tag("p").text(before).child(page).text(after)
}
