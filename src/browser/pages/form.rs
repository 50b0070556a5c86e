//! The form: four blocks on one page, and beside them the panel «Не өзгереді».

use super::{framed, navigator};
use crate::api::ApiError;
use crate::browser::blocks::plain::{button, division, notice, paragraph};
use crate::browser::blocks::trouble::{api_trouble, may_fail, skeleton};
use crate::browser::blocks::{address, contract, document, panel, phones};
use crate::browser::components::{
    ButtonKind, Dialog, ErrorSummary, NoticeKind, Problem, announce, focus_field,
};
use crate::browser::draft::{DraftKeeper, SaveStatus};
use crate::browser::errors;
use crate::browser::form::Checked;
use crate::browser::markup::{IntoMarkup, Markup, all, live, maybe, nothing};
use crate::browser::session::Session;
use crate::browser::signals::{Memo, RwSignal, Signal, spawn};
use crate::browser::texts::{key, moment, t};
use crate::browser::window;
use crate::domain::form::Known;
use leptos::prelude::*;

#[must_use]
pub fn page() -> Markup {
    let keeper = expect_context::<DraftKeeper>();
    let failed = RwSignal::new(None::<ApiError>);
    let opened = RwSignal::new(false);
    let go = navigator();
    let open = move || {
        failed.set(None);
        spawn(async move {
            match keeper.open().await {
                Ok(()) => {
                    let _ = opened.try_set(true);
                }
                // Withdrawn meanwhile: the consent comes first, and leads back here.
                Err(ApiError::NoConsent) => {
                    go.try_run(("/consent".to_owned(), true));
                }
                Err(error) => {
                    let _ = failed.try_set(Some(error));
                }
            }
        });
    };
    let session = expect_context::<Session>();
    let agreed = session
        .identity
        .with_untracked(|identity| identity.as_ref().is_some_and(|identity| identity.consent_given));
    if agreed {
        open();
    } else {
        request_animation_frame(move || go.run(("/consent".to_owned(), true)));
    }
    let again = Callback::new(move |()| open());
    let body = live(move || match (opened.get(), failed.get()) {
        (true, _) => whole(keeper),
        (_, Some(error)) => api_trouble(&error, Some(again)),
        _ => skeleton(12),
    });
    framed(
        Signal::derive(|| t(key::FORM_TITLE).to_owned()),
        "",
        Some(0),
        body,
    )
}

fn whole(keeper: DraftKeeper) -> Markup {
    let Some(draft) = keeper.draft.get_untracked() else {
        return nothing();
    };
    // Once frozen the draft is gone, and this page follows: until then it keeps what it was checked against.
    let known = Memo::new(move |before: Option<&Known>| {
        let now = keeper
            .draft
            .with(|draft| draft.as_ref().map(|draft| draft.known.clone()));
        now.or_else(|| before.cloned()).unwrap_or_default()
    });
    let checked = Checked::new(keeper.fields, known.into());
    let freezing = RwSignal::new(false);
    let failed = RwSignal::new(None::<ApiError>);
    let attempt = RwSignal::new(0_u32);
    let go = navigator();
    let on_ready = Callback::new(move |()| {
        freezing.set(true);
        failed.set(None);
        spawn(async move {
            let answer = keeper.freeze().await;
            if freezing.try_set(false).is_some() {
                // The person has left the page meanwhile.
                return;
            }
            match answer {
                Ok(frozen) => go.run((["/sign/", &frozen.application].concat(), false)),
                Err(ApiError::Invalid { fields }) => {
                    checked.heed(fields);
                    attempt.update(|count| *count += 1);
                }
                Err(ApiError::Conflict) => keeper.status.set(SaveStatus::Conflict),
                Err(error) => failed.set(Some(error)),
            }
        });
    });
    let on_early = Callback::new(move |()| {
        let errors = untrack(|| checked.errors());
        if errors.is_empty() {
            let conflict = keeper.status.get_untracked() == SaveStatus::Conflict;
            announce(t(if conflict {
                key::ERR_CONFLICT_TEXT
            } else {
                key::CHANGES_NONE_WHY
            }));
        } else {
            checked.show_all();
            attempt.update(|count| *count += 1);
        }
    });
    // The summary stands once the person has tried to go on, and shrinks as things are put right.
    let problems = Signal::derive(move || {
        if attempt.get() == 0 {
            return Vec::new();
        }
        checked
            .errors()
            .into_iter()
            .map(|error| Problem {
                field: error.field.id(),
                text: errors::field(error.field, &error.problem),
            })
            .collect()
    });
    // A link «Өзгерту» of the next page leads to its field.
    request_animation_frame(|| {
        let field = window::hash();
        if !field.is_empty() {
            focus_field(&field);
        }
    });
    let resumed = draft.saved_at.map(|at| moment(key::FORM_RESUMED, at));
    let summary = view! { <ErrorSummary title=t(key::SUMMARY_TITLE) problems=problems attempt=attempt/> };
    let main = vec![
        resuming(keeper, checked, resumed),
        conflict(keeper),
        summary.markup(),
        may_fail(failed, Some(on_ready)),
        document::view(keeper, checked, &draft.known, draft.register_read_at),
        address::view(keeper, checked, draft.registered_address.clone()),
        phones::view(keeper, checked),
        contract::view(keeper, checked, draft.accounts.clone()),
    ];
    let beside = panel::view(keeper, checked, freezing.into(), on_ready, on_early);
    division("columns", vec![division("columns__main", main), beside])
}

/// «Бұрын толтырған жобаңыз ашылды» and the way to start over, which asks first.
fn resuming(keeper: DraftKeeper, checked: Checked, resumed: Option<String>) -> Markup {
    let asking = RwSignal::new(false);
    let failed = RwSignal::new(None::<ApiError>);
    let ask = Callback::new(move |()| asking.set(true));
    let no = Callback::new(move |()| asking.set(false));
    let yes = Callback::new(move |()| {
        asking.set(false);
        failed.set(None);
        spawn(async move {
            match keeper.start_over().await {
                Ok(()) => checked.forget(),
                Err(error) => {
                    let _ = failed.try_set(Some(error));
                }
            }
        });
    });
    let dirty = Memo::new(move |_| !matches!(keeper.status.get(), SaveStatus::Saved(None)));
    let line = maybe(move || {
        dirty.get().then(|| {
            let mut parts: Vec<Markup> = Vec::new();
            parts.extend(resumed.clone().map(|text| paragraph("", text)));
            parts.push(button(ButtonKind::Link, t(key::FORM_START_OVER), ask));
            division("actions", parts)
        })
    });
    let choice = vec![
        button(ButtonKind::Danger, t(key::FORM_START_OVER_YES), yes),
        button(ButtonKind::Secondary, t(key::FORM_START_OVER_NO), no),
    ];
    let text = paragraph("", t(key::FORM_START_OVER_TEXT).to_owned());
    let inside = all(vec![text, division("actions", choice)]).view();
    let dialog = view! {
        <Dialog id="start-over" title=t(key::FORM_START_OVER_ASK) open=asking close=t(key::CLOSE)>
            {inside}
        </Dialog>
    };
    all(vec![may_fail(failed, Some(yes)), line, dialog.markup()])
}

/// Changed elsewhere meanwhile: shown, never overwritten.
fn conflict(keeper: DraftKeeper) -> Markup {
    let there = Memo::new(move |_| keeper.status.get() == SaveStatus::Conflict);
    let mine = Callback::new(move |()| keeper.settle(true));
    let theirs = Callback::new(move |()| keeper.settle(false));
    maybe(move || {
        there.get().then(|| {
            let choice = vec![
                button(ButtonKind::Secondary, t(key::CONFLICT_MINE), mine),
                button(ButtonKind::Secondary, t(key::CONFLICT_THEIRS), theirs),
            ];
            let inside = vec![
                paragraph("", t(key::ERR_CONFLICT_TEXT).to_owned()),
                division("actions", choice),
            ];
            notice(NoticeKind::Warning, t(key::ERR_CONFLICT), true, inside)
        })
    })
}
