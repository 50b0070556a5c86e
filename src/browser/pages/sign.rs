//! Check and sign, on one page: what changes block by block with a way back to each field, the document, both ways to sign,
//! the hash. Made from the same frozen data as the PDF.

use crate::api::ApiError;
use crate::api::applications::{ApplicationId, Frozen};
use crate::api::signing::EdsSignature;
use crate::browser::blocks::changes;
use crate::browser::blocks::eds::{self, Eds, Purpose};
use crate::browser::blocks::qr;
use crate::browser::blocks::trouble::{Loaded, api_trouble, load, show};
use crate::browser::calls::calls;
use crate::browser::components::{Block, Button, ButtonKind, ChangeList, Notice, Page};
use crate::browser::draft::DraftKeeper;
use crate::browser::pages::steps;
use crate::browser::session::Session;
use crate::browser::texts::{key, t, tf};
use crate::domain::application::ApplicationState;
use crate::domain::form::Field;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_params_map};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Choose,
    Eds,
    Qr,
}

#[must_use]
pub fn page() -> AnyView {
    let calls = calls();
    let params = use_params_map();
    let application = params.with_untracked(|params| params.get("id").unwrap_or_default());
    let way = RwSignal::new(Way::Choose);
    let (frozen, again) = {
        let application = application.clone();
        load(move || {
            (calls.review)(ApplicationId {
                application: application.clone(),
            })
        })
    };
    // Signed already (another tab, the phone): the thanks are there. Taken back to the form: so is the form.
    let navigate = use_navigate();
    Effect::new(move |_| {
        let elsewhere = frozen.with(|frozen| match frozen {
            Loaded::Ready(frozen) => match frozen.state {
                ApplicationState::Frozen => None,
                ApplicationState::Draft => Some("/form".to_owned()),
                _ => Some(["/done/", &application].concat()),
            },
            Loaded::Failed(ApiError::WrongState) => Some(["/done/", &application].concat()),
            _ => None,
        });
        if let Some(elsewhere) = elsewhere {
            let options = NavigateOptions {
                replace: true,
                ..Default::default()
            };
            navigate(&elsewhere, options);
        }
    });
    let title = Signal::derive(move || {
        t(if way.get() == Way::Qr {
            key::QR_TITLE
        } else {
            key::SIGN_TITLE
        })
        .to_owned()
    });
    view! {
        <Page title=title brand=t(key::BRAND) below_title=steps(1)>
            {show(frozen, again, move |frozen| whole(&frozen, way))}
        </Page>
    }
    .into_any()
}

fn whole(frozen: &Frozen, way: RwSignal<Way>) -> AnyView {
    let navigate = use_navigate();
    let done = {
        let navigate = navigate.clone();
        let path = ["/done/", &frozen.application].concat();
        StoredValue::new_local(move || {
            navigate(
                &path,
                NavigateOptions {
                    replace: true,
                    ..Default::default()
                },
            );
        })
    };
    let on_signed = Callback::new(move |()| done.with_value(|done| done()));
    let by_eds = Callback::new(move |()| way.set(Way::Eds));
    let by_qr = Callback::new(move |()| way.set(Way::Qr));
    let back = Callback::new(move |()| way.set(Way::Choose));
    let kept = StoredValue::new(frozen.clone());
    let signing = move || match way.get() {
        Way::Qr => kept.with_value(|frozen| qr::view(frozen, on_signed, by_eds, back)),
        chosen => {
            let way = if chosen == Way::Eds {
                kept.with_value(|frozen| with_eds(frozen, on_signed, by_qr, back))
            } else {
                choose(by_eds, by_qr)
            };
            let checked = kept.with_value(check);
            view! { <div class="stack">{checked} {way}</div> }.into_any()
        }
    };
    signing.into_any()
}

/// What is going to be signed.
fn check(frozen: &Frozen) -> AnyView {
    let size = frozen.size.div_ceil(1024).to_string();
    let lead = tf(key::SIGN_LEAD, &[("number", &frozen.number)]);
    let person = [
        &frozen.full_name,
        ", ",
        t(key::IIN_SHORT),
        " ",
        &frozen.iin_masked,
    ]
    .concat();
    let (rows, path, hash) = (rows(frozen), frozen.document_path.clone(), frozen.sha256.clone());
    view! {
        <p>{lead}</p>
        <Block id="check-changes" title=t(key::SIGN_CHANGES) why=[t(key::SIGN_APPLICANT), ": ", &person].concat()>
            {rows}
        </Block>
        <Block id="check-document" title=t(key::SIGN_DOCUMENT) why=t(key::SIGN_DOCUMENT_SAME).to_owned()>
            <div class="stack">
                <p>
                    <a href=path target="_blank" rel="external noopener">
                        {tf(key::SIGN_DOCUMENT_OPEN, &[("size", &size)])}
                    </a>
                </p>
                <details>
                    <summary>{t(key::MORE)}</summary>
                    <p>{t(key::SIGN_HASH)}</p>
                    <p class="hash"><code>{hash}</code></p>
                </details>
            </div>
        </Block>
    }
    .into_any()
}

/// Change by change, each with its way back to the form.
fn rows(frozen: &Frozen) -> AnyView {
    let keeper = expect_context::<DraftKeeper>();
    let failed = RwSignal::new(None::<ApiError>);
    let navigate = StoredValue::new_local(use_navigate());
    let application = StoredValue::new(frozen.application.clone());
    let change = Callback::new(move |field: Field| {
        spawn_local(async move {
            match keeper.thaw(application.get_value()).await {
                Ok(()) => {
                    let path = ["/form#", field.id()].concat();
                    navigate.with_value(|navigate| {
                        navigate(
                            &path,
                            NavigateOptions {
                                scroll: false,
                                ..Default::default()
                            },
                        );
                    });
                }
                Err(error) => {
                    let _ = failed.try_set(Some(error));
                }
            }
        });
    });
    let row = move |one: &crate::domain::requisites::Change| {
        let (label, _, _, field) = changes::words(one);
        let line = changes::lines(std::slice::from_ref(one));
        let press = Callback::new(move |()| change.run(field));
        view! {
            <div class="check-row">
                <ChangeList
                    changes=line
                    before_word=t(key::CHANGE_BEFORE)
                    after_word=t(key::CHANGE_AFTER)
                    none=t(key::CHANGES_NONE)
                />
                <Button kind=ButtonKind::Link on_press=press about=t(label).to_lowercase()>{t(key::CHANGE_FIELD)}</Button>
            </div>
        }
    };
    view! {
        {move || failed.get().map(|error| api_trouble(&error, None))}
        <div class="stack">{frozen.changes.iter().map(row).collect_view()}</div>
    }
    .into_any()
}

fn choose(by_eds: Callback<()>, by_qr: Callback<()>) -> AnyView {
    let phone = eds::is_phone();
    let eds_way = move || {
        view! {
            <div>
                <Button id="sign-eds" on_press=by_eds>{t(key::SIGN_EDS)}</Button>
                <p class="field__hint">{t(key::SIGN_EDS_HINT)}</p>
            </div>
        }
    };
    let kind = if phone {
        ButtonKind::Primary
    } else {
        ButtonKind::Secondary
    };
    view! {
        <Block id="sign-how" title=t(key::SIGN_HOW)>
            <div class="stack">
                {phone.then(|| view! { <Notice>{t(key::EDS_PHONE_SIGN)}</Notice> })}
                <div class="actions">
                    {(!phone).then(eds_way)}
                    <div>
                        <Button id="sign-qr" kind=kind on_press=by_qr>{t(key::SIGN_QR)}</Button>
                        <p class="field__hint">{t(key::SIGN_QR_HINT)}</p>
                    </div>
                </div>
            </div>
        </Block>
    }
    .into_any()
}

fn with_eds(frozen: &Frozen, on_signed: Callback<()>, by_qr: Callback<()>, back: Callback<()>) -> AnyView {
    let calls = calls();
    let session = expect_context::<Session>();
    let eds = Eds::new(Purpose::Document);
    let application = StoredValue::new(frozen.application.clone());
    let document = StoredValue::new(frozen.document_base64.clone());
    let start = Callback::new(move |()| {
        eds.run(
            session,
            move || {
                let document = document.get_value();
                Box::pin(async move { Ok(document) })
            },
            move |cms| {
                let signature = EdsSignature {
                    application: application.get_value(),
                    cms,
                };
                Box::pin(async move {
                    (calls.sign_by_eds)(signature).await?;
                    on_signed.run(());
                    Ok(())
                })
            },
        );
    });
    let other = move || {
        eds.idle().then(|| {
            view! {
                <div class="actions">
                    <Button kind=ButtonKind::Secondary on_press=by_qr>{t(key::SIGN_QR)}</Button>
                    <Button kind=ButtonKind::Link on_press=back>{t(key::BACK)}</Button>
                </div>
            }
        })
    };
    view! {
        <Block id="sign-how" title=t(key::SIGN_EDS) why=t(key::SIGN_EDS_TEXT).to_owned()>
            <div class="stack">
                {eds::start(eds, t(key::SIGN_EDS), start)}
                {eds::states(eds, None)}
                {other}
            </div>
        </Block>
    }
    .into_any()
}
