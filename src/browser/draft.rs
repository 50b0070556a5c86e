//! The draft while the page is open. It saves itself one second after the last change, version by version; what can't be
//! saved (no network, the session's end) stays in this page's memory and goes out later; nothing is put into the browser's
//! storage. It lives above the pages, so that going to sign-in and back loses nothing.

use super::calls::InsideCalls;
use super::form::FormSignals;
use super::session::Session;
use super::window;
use crate::api::applications::{ApplicationId, DraftToFreeze, Frozen};
use crate::api::drafts::{Draft, DraftChanged};
use crate::api::{ApiError, Nothing};
use crate::browser::signals::{RwSignal, StoredValue, effect, spawn};
use crate::domain::form::FormInput;
use crate::domain::time::Timestamp;

const PAUSE_MS: i32 = 1_000;
const RETRY_MS: i32 = 5_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SaveStatus {
    /// As the server has it; when it was last saved, if ever.
    Saved(Option<Timestamp>),
    /// Changed; goes out when the person pauses.
    Pending,
    Saving,
    /// No network: goes out when it is back.
    Offline,
    /// The server is out of order: tried again.
    Failed,
    /// The session has ended: goes out after sign-in.
    Ended,
    /// Changed elsewhere meanwhile: the person chooses.
    Conflict,
}

/// The draft of the person signed in, and its way to the server.
#[derive(Clone, Copy)]
pub struct DraftKeeper {
    pub fields: FormSignals,
    pub draft: RwSignal<Option<Draft>>,
    pub status: RwSignal<SaveStatus>,
    version: StoredValue<u32>,
    /// What the server has.
    stored: StoredValue<FormInput>,
    saved_at: StoredValue<Option<Timestamp>>,
    /// Sent last without an answer: the server may have it all the same.
    unanswered: StoredValue<FormInput>,
    /// Grows with every change, so that only the last one's timer saves.
    change: StoredValue<u32>,
    busy: StoredValue<bool>,
    calls: InsideCalls,
    session: Session,
}

impl DraftKeeper {
    #[must_use]
    pub fn new(calls: InsideCalls, session: Session) -> Self {
        let keeper = Self {
            fields: FormSignals::new(),
            draft: RwSignal::new(None),
            status: RwSignal::new(SaveStatus::Saved(None)),
            version: StoredValue::new(0),
            stored: StoredValue::new(FormInput::default()),
            saved_at: StoredValue::new(None),
            unanswered: StoredValue::new(FormInput::default()),
            change: StoredValue::new(0),
            busy: StoredValue::new(false),
            calls,
            session,
        };
        effect(move || {
            let input = keeper.fields.gather();
            if keeper.draft.with_untracked(Option::is_some) {
                keeper.changed(&input);
            }
        });
        // Another person on the same page must not find the first one's draft.
        let owner = StoredValue::new(None::<(String, String)>);
        effect(move || {
            let now = keeper.session.identity.with(|identity| {
                identity
                    .as_ref()
                    .map(|identity| (identity.full_name.clone(), identity.iin_masked.clone()))
            });
            if now.is_none() {
                return;
            }
            let before = owner.get_value();
            if before.is_some() && before != now {
                keeper.drop_it();
            }
            owner.set_value(now);
        });
        window::on_event("online", move |_| keeper.save_soon());
        window::on_event("beforeunload", move |event| {
            if keeper.unsaved() {
                use wasm_bindgen::JsCast;
                event.prevent_default();
                if let Some(event) = event.dyn_ref::<web_sys::BeforeUnloadEvent>() {
                    event.set_return_value("unsaved");
                }
            }
        });
        keeper
    }

    /// Whether the server lacks something this page holds.
    #[must_use]
    pub fn unsaved(self) -> bool {
        self.draft.with_untracked(Option::is_some)
            && self
                .stored
                .with_value(|stored| *stored != self.fields.gather_untracked())
    }

    /// Reads the draft from the server. Changes this page still holds are kept and go out; when the draft was changed
    /// elsewhere meanwhile, that is a conflict to be chosen upon.
    ///
    /// # Errors
    /// As the server answers.
    pub async fn open(self) -> Result<(), ApiError> {
        let opened = (self.calls.open_draft)(Nothing {})
            .await
            .inspect_err(|error| self.session.heed(error))?;
        let same = self.draft.with_untracked(|held| {
            held.as_ref()
                .is_some_and(|held| held.application == opened.application)
        });
        if same && self.unsaved() {
            if opened.version == self.version.get_value() {
                self.draft.set(Some(opened));
                self.save_soon();
            } else {
                self.status.set(SaveStatus::Conflict);
            }
        } else {
            self.adopt(opened);
        }
        Ok(())
    }

    /// Shows this draft as the server has it.
    pub fn adopt(self, draft: Draft) {
        let input = draft.input.clone();
        self.version.set_value(draft.version);
        self.stored.set_value(input.clone());
        self.saved_at.set_value(draft.saved_at);
        self.status.set(SaveStatus::Saved(draft.saved_at));
        self.fields.fill(input);
        self.draft.set(Some(draft));
    }

    /// A code has come back from this contact.
    pub fn proven(self, contact: String) {
        self.draft.update(|draft| {
            if let Some(draft) = draft {
                draft.known.proven.push(contact);
            }
        });
    }

    /// Settles a conflict: with the other version, or with what stands here put over it.
    pub fn settle(self, keep_mine: bool) {
        spawn(async move {
            match (self.calls.open_draft)(Nothing {}).await {
                Ok(theirs) if keep_mine => {
                    self.version.set_value(theirs.version);
                    self.stored.set_value(theirs.input.clone());
                    let mine = self.fields.gather_untracked();
                    self.draft.set(Some(theirs));
                    self.fields.fill(mine);
                    self.status.set(SaveStatus::Pending);
                    let _ = self.save().await;
                }
                Ok(theirs) => self.adopt(theirs),
                Err(error) => {
                    self.session.heed(&error);
                }
            }
        });
    }

    /// Puts the form back to what the Fund holds.
    ///
    /// # Errors
    /// As the server answers.
    pub async fn start_over(self) -> Result<(), ApiError> {
        let fresh = (self.calls.start_over)(Nothing {})
            .await
            .inspect_err(|error| self.session.heed(error))?;
        self.adopt(fresh);
        Ok(())
    }

    /// Saves what isn't yet, then freezes the draft for signing.
    ///
    /// # Errors
    /// As the server answers to either.
    pub async fn freeze(self) -> Result<Frozen, ApiError> {
        self.flush().await?;
        let application = self
            .draft
            .with_untracked(|draft| draft.as_ref().map(|draft| draft.application.clone()))
            .ok_or(ApiError::NotFound)?;
        let input = DraftToFreeze {
            application,
            version: self.version.get_value(),
        };
        let frozen = (self.calls.freeze)(input)
            .await
            .inspect_err(|error| self.session.heed(error))?;
        // What follows belongs to the frozen document: the form reads the server's word when it opens again.
        self.draft.set(None);
        Ok(frozen)
    }

    /// Takes a frozen application back to the form.
    ///
    /// # Errors
    /// As the server answers.
    pub async fn thaw(self, application: String) -> Result<(), ApiError> {
        let answer = (self.calls.thaw)(ApplicationId { application }).await;
        answer.inspect_err(|error| self.session.heed(error)).map(|_| ())
    }

    /// Saves at once and waits for it: before freezing, before the language changes.
    ///
    /// # Errors
    /// As the server answers.
    pub async fn flush(self) -> Result<(), ApiError> {
        while self.busy.get_value() {
            window::sleep(50).await;
        }
        self.save().await
    }

    fn drop_it(self) {
        self.draft.set(None);
        self.fields.fill(FormInput::default());
        self.stored.set_value(FormInput::default());
        self.status.set(SaveStatus::Saved(None));
    }

    fn changed(self, input: &FormInput) {
        self.change.update_value(|count| *count = count.wrapping_add(1));
        if self.status.get_untracked() == SaveStatus::Conflict {
            return;
        }
        if self.stored.with_value(|stored| stored == input) {
            if !self.busy.get_value() {
                self.status.set(SaveStatus::Saved(self.saved_at.get_value()));
            }
            return;
        }
        if matches!(self.status.get_untracked(), SaveStatus::Saved(_)) {
            self.status.set(SaveStatus::Pending);
        }
        self.save_after(PAUSE_MS);
    }

    fn save_soon(self) {
        if self.unsaved() && self.status.get_untracked() != SaveStatus::Conflict {
            self.save_after(50);
        }
    }

    fn save_after(self, ms: i32) {
        let mine = self.change.get_value();
        spawn(async move {
            window::sleep(ms).await;
            if self.change.get_value() == mine && !self.busy.get_value() {
                let _ = self.save().await;
            }
        });
    }

    async fn save(self) -> Result<(), ApiError> {
        while self.unsaved() {
            let Some(application) = self
                .draft
                .with_untracked(|draft| draft.as_ref().map(|draft| draft.application.clone()))
            else {
                return Ok(());
            };
            let input = self.fields.gather_untracked();
            self.status.set(SaveStatus::Saving);
            self.busy.set_value(true);
            let change = DraftChanged {
                application,
                version: self.version.get_value(),
                input: input.clone(),
            };
            let answer = (self.calls.save_draft)(change).await;
            self.busy.set_value(false);
            match answer {
                Ok(saved) => {
                    self.version.set_value(saved.version);
                    self.stored.set_value(input);
                    self.saved_at.set_value(Some(saved.at));
                    self.status.set(SaveStatus::Saved(Some(saved.at)));
                }
                Err(ApiError::Conflict) if self.is_mine_after_all(&input).await => {}
                Err(error) => {
                    self.unanswered.set_value(input);
                    self.session.heed(&error);
                    self.status.set(match error {
                        ApiError::Offline => SaveStatus::Offline,
                        ApiError::SignedOut => SaveStatus::Ended,
                        ApiError::Conflict | ApiError::WrongState | ApiError::NotFound => {
                            SaveStatus::Conflict
                        }
                        _ => SaveStatus::Failed,
                    });
                    if matches!(
                        self.status.get_untracked(),
                        SaveStatus::Offline | SaveStatus::Failed
                    ) {
                        self.save_after(RETRY_MS);
                    }
                    return Err(error);
                }
            }
        }
        Ok(())
    }

    /// Whether the other version holds just what was sent, now or before: an earlier save arrived and its answer was lost.
    async fn is_mine_after_all(self, sent: &FormInput) -> bool {
        match (self.calls.open_draft)(Nothing {}).await {
            Ok(theirs)
                if theirs.input == *sent
                    || self
                        .unanswered
                        .with_value(|unanswered| theirs.input == *unanswered) =>
            {
                self.version.set_value(theirs.version);
                self.stored.set_value(theirs.input);
                self.saved_at.set_value(theirs.saved_at);
                self.status.set(SaveStatus::Saved(theirs.saved_at));
                true
            }
            _ => false,
        }
    }
}
