//! The form: four blocks on one page, and beside them the panel «Не өзгереді».

use crate::api::ApiError;
use crate::browser::blocks::trouble::api_trouble;
use crate::browser::blocks::{address, contract, document, panel, phones};
use crate::browser::components::{
    Button, ButtonKind, Dialog, ErrorSummary, Notice, NoticeKind, Page, Problem, Skeleton, announce,
    focus_field,
};
use crate::browser::draft::{DraftKeeper, SaveStatus};
use crate::browser::errors;
use crate::browser::form::Checked;
use crate::browser::pages::steps;
use crate::browser::texts::{key, moment, t};
use crate::domain::form::Known;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

#[must_use]
pub fn page() -> AnyView {
    let keeper = expect_context::<DraftKeeper>();
    let failed = RwSignal::new(None::<ApiError>);
    let opened = RwSignal::new(false);
    let navigate = use_navigate();
    let open = StoredValue::new_local(move || {
        let navigate = navigate.clone();
        failed.set(None);
        spawn_local(async move {
            match keeper.open().await {
                Ok(()) => {
                    let _ = opened.try_set(true);
                }
                // The consent comes first, and leads back here.
                Err(ApiError::NoConsent) => navigate("/consent", replacing()),
                Err(error) => {
                    let _ = failed.try_set(Some(error));
                }
            }
        });
    });
    open.with_value(|open| open());
    let again = Callback::new(move |()| open.with_value(|open| open()));
    let body = move || match (opened.get(), failed.get()) {
        (true, _) => whole(keeper),
        (_, Some(error)) => api_trouble(&error, Some(again)),
        _ => view! { <Skeleton lines=12 label=t(key::LOADING)/> }.into_any(),
    };
    view! {
        <Page title=t(key::FORM_TITLE).to_owned() brand=t(key::BRAND) below_title=steps(0)>{body}</Page>
    }
    .into_any()
}

fn replacing() -> NavigateOptions {
    NavigateOptions {
        replace: true,
        ..Default::default()
    }
}

fn whole(keeper: DraftKeeper) -> AnyView {
    let Some(draft) = keeper.draft.get_untracked() else {
        return ().into_any();
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
    let navigate = use_navigate();
    let go = StoredValue::new_local(move || {
        let navigate = navigate.clone();
        freezing.set(true);
        failed.set(None);
        spawn_local(async move {
            match keeper.freeze().await {
                Ok(frozen) => navigate(
                    &["/sign/", &frozen.application].concat(),
                    NavigateOptions::default(),
                ),
                Err(ApiError::Invalid { fields }) => {
                    checked.heed(fields);
                    attempt.update(|count| *count += 1);
                }
                Err(ApiError::Conflict) => keeper.status.set(SaveStatus::Conflict),
                Err(error) => {
                    let _ = failed.try_set(Some(error));
                }
            }
            let _ = freezing.try_set(false);
        });
    });
    let on_ready = Callback::new(move |()| go.with_value(|go| go()));
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
    let retry = Callback::new(move |()| on_ready.run(()));
    // A link «Өзгерту» of the next page leads to its field.
    request_animation_frame(|| {
        if let Ok(hash) = window().location().hash()
            && let Some(field) = hash.strip_prefix('#')
            && !field.is_empty()
        {
            focus_field(field);
        }
    });
    let resumed = draft.saved_at.map(|at| moment(key::FORM_RESUMED, at));
    view! {
        <div class="columns">
            <div class="columns__main">
                {resuming(keeper, checked, resumed)}
                {conflict(keeper)}
                <ErrorSummary title=t(key::SUMMARY_TITLE) problems=problems attempt=attempt/>
                {move || failed.get().map(|error| api_trouble(&error, Some(retry)))}
                {document::view(keeper, checked, &draft.known, draft.register_read_at)}
                {address::view(keeper, checked, draft.registered_address.clone())}
                {phones::view(keeper, checked)}
                {contract::view(keeper, checked, draft.accounts.clone())}
            </div>
            {panel::view(keeper, checked, freezing.into(), on_ready, on_early)}
        </div>
    }
    .into_any()
}

/// «Бұрын толтырған жобаңыз ашылды» and the way to start over, which asks first.
fn resuming(keeper: DraftKeeper, checked: Checked, resumed: Option<String>) -> AnyView {
    let asking = RwSignal::new(false);
    let failed = RwSignal::new(None::<ApiError>);
    let ask = Callback::new(move |()| asking.set(true));
    let no = Callback::new(move |()| asking.set(false));
    let yes = Callback::new(move |()| {
        asking.set(false);
        failed.set(None);
        spawn_local(async move {
            match keeper.start_over().await {
                Ok(()) => checked.forget(),
                Err(error) => {
                    let _ = failed.try_set(Some(error));
                }
            }
        });
    });
    let dirty = Memo::new(move |_| !matches!(keeper.status.get(), SaveStatus::Saved(None)));
    view! {
        {move || failed.get().map(|error| api_trouble(&error, Some(yes)))}
        {move || {
            dirty
                .get()
                .then(|| {
                    view! {
                        <div class="actions">
                            {resumed.clone().map(|text| view! { <span>{text}</span> })}
                            <Button kind=ButtonKind::Link on_press=ask>{t(key::FORM_START_OVER)}</Button>
                        </div>
                    }
                })
        }}
        <Dialog id="start-over" title=t(key::FORM_START_OVER_ASK) open=asking close=t(key::CLOSE)>
            <p>{t(key::FORM_START_OVER_TEXT)}</p>
            <div class="actions">
                <Button kind=ButtonKind::Danger on_press=yes>{t(key::FORM_START_OVER_YES)}</Button>
                <Button kind=ButtonKind::Secondary on_press=no>{t(key::FORM_START_OVER_NO)}</Button>
            </div>
        </Dialog>
    }
    .into_any()
}

/// Changed elsewhere meanwhile: shown, never overwritten.
fn conflict(keeper: DraftKeeper) -> AnyView {
    let there = Memo::new(move |_| keeper.status.get() == SaveStatus::Conflict);
    let mine = Callback::new(move |()| keeper.settle(true));
    let theirs = Callback::new(move |()| keeper.settle(false));
    (move || {
        there.get().then(|| {
            view! {
                <Notice kind=NoticeKind::Warning title=t(key::ERR_CONFLICT) spoken=true>
                    <p>{t(key::ERR_CONFLICT_TEXT)}</p>
                    <div class="actions">
                        <Button kind=ButtonKind::Secondary on_press=mine>{t(key::CONFLICT_MINE)}</Button>
                        <Button kind=ButtonKind::Secondary on_press=theirs>{t(key::CONFLICT_THEIRS)}</Button>
                    </div>
                </Notice>
            }
        })
    })
    .into_any()
}
