//! «Рақмет!»: number, time, what was changed, from when the Fund uses it, that the ten-day duty is met. Its address stays
//! valid.

use super::applications::state;
use crate::api::ApiError;
use crate::api::applications::{ApplicationId, SignedReceipt, SigningWay};
use crate::browser::blocks::changes;
use crate::browser::blocks::trouble::{Loaded, load, show};
use crate::browser::calls::calls;
use crate::browser::components::{
    Block, Button, ButtonKind, ButtonLink, ChangeList, Fact, Facts, Notice, NoticeKind, Page,
};
use crate::browser::pages::steps;
use crate::browser::texts::{date, key, moment, t};
use crate::browser::window;
use crate::domain::application::ApplicationState;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_params_map};

/// While the signature is being checked the page asks so often.
const AGAIN_MS: u64 = 10_000;

#[must_use]
pub fn page() -> AnyView {
    let calls = calls();
    let params = use_params_map();
    let application = params.with_untracked(|params| params.get("id").unwrap_or_default());
    let (receipt, again) = {
        let application = application.clone();
        load(move || {
            (calls.receipt)(ApplicationId {
                application: application.clone(),
            })
        })
    };
    let navigate = use_navigate();
    Effect::new(move |_| {
        if receipt.with(|receipt| matches!(receipt, Loaded::Failed(ApiError::WrongState))) {
            let options = NavigateOptions {
                replace: true,
                ..Default::default()
            };
            navigate("/applications", options);
        }
    });
    window::every(AGAIN_MS, move || {
        let checking = receipt.with_untracked(|receipt| {
            matches!(receipt, Loaded::Ready(receipt)
                if matches!(receipt.state, ApplicationState::Checking | ApplicationState::Signed))
        });
        if checking && window::visible() {
            again.run(());
        }
    });
    let title = Signal::derive(move || {
        let refused = receipt.with(
            |receipt| matches!(receipt, Loaded::Ready(receipt) if receipt.state == ApplicationState::Refused),
        );
        t(if refused {
            key::STATE_REFUSED
        } else {
            key::DONE_TITLE
        })
        .to_owned()
    });
    view! {
        <Page title=title brand=t(key::BRAND) below_title=steps(2)>{show(receipt, again, whole)}</Page>
    }
    .into_any()
}

fn whole(receipt: SignedReceipt) -> AnyView {
    let way = match receipt.signed_by_way {
        SigningWay::Eds => key::DONE_WAY_EDS,
        SigningWay::EgovMobile => key::DONE_WAY_MOBILE,
    };
    let at = [
        &date(receipt.signed_at.date_kz()),
        ", ",
        &receipt.signed_at.clock_kz(),
    ]
    .concat();
    let facts = vec![
        Fact::new(t(key::DONE_NUMBER), receipt.number.clone()),
        Fact::new(t(key::DONE_TIME), at),
        Fact::new(t(key::DONE_WAY), t(way)),
        Fact::new(t(key::DONE_STATE), t(state(receipt.state))),
    ];
    let (kind, title, text) = match (receipt.state, receipt.applied_at) {
        (ApplicationState::Applied, Some(at)) => (
            NoticeKind::Success,
            key::DONE_SIGNED,
            moment(key::DONE_APPLIED, at),
        ),
        (ApplicationState::Refused, _) => (
            NoticeKind::Error,
            key::STATE_REFUSED,
            t(key::DONE_REFUSED).to_owned(),
        ),
        (ApplicationState::Checking | ApplicationState::Signed, _) => (
            NoticeKind::Warning,
            key::DONE_SIGNED,
            t(key::DONE_CHECKING).to_owned(),
        ),
        (other, _) => (NoticeKind::Info, key::DONE_STATE, t(state(other)).to_owned()),
    };
    let duty = matches!(
        receipt.state,
        ApplicationState::Applied | ApplicationState::Checking | ApplicationState::Signed
    );
    let print = Callback::new(|()| {
        let _ = window().print();
    });
    view! {
        <div class="stack">
            <Notice kind=kind title=t(title)>
                <p>{text}</p>
                {duty.then(|| view! { <p>{t(key::DONE_DUTY)}</p> })}
            </Notice>
            <Block id="receipt" title=t(key::START_TITLE)><Facts facts=facts/></Block>
            <Block id="changed" title=t(key::DONE_CHANGED)>
                <div class="stack">
                    <ChangeList
                        changes=changes::lines(&receipt.changes)
                        before_word=t(key::CHANGE_BEFORE)
                        after_word=t(key::CHANGE_AFTER)
                        none=t(key::CHANGES_NONE)
                    />
                    <p>
                        <a href=receipt.document_path target="_blank" rel="external noopener">
                            {t(key::DONE_DOCUMENT)}
                        </a>
                    </p>
                </div>
            </Block>
            <p>{t(key::DONE_KEEP)}</p>
            <div class="actions">
                <ButtonLink href="/record">{t(key::DONE_TO_RECORD)}</ButtonLink>
                <Button kind=ButtonKind::Secondary on_press=print>{t(key::DONE_PRINT)}</Button>
            </div>
        </div>
    }
    .into_any()
}
