//! The only way from the pages to the server and to NCALayer: a struct of functions in the context, so that the gallery and
//! tests can give canned answers.

use crate::api::accounts::{
    self, ChallengeIssued, Credentials, Entry, Identity, SignedChallenge, StepCode, StepTyped,
};
use crate::api::addresses::{self, FoundPlace, PlaceQuery};
use crate::api::applications::{self, ApplicationId, DraftToFreeze, Frozen, SignedReceipt, Summary};
use crate::api::checks::{self, CheckAnswer, ReceiptCode};
use crate::api::contacts::{self, CodeSent, CodeTyped, CodeWanted, StillMine};
use crate::api::drafts::{self, ConsentGiven, Draft, DraftChanged, DraftSaved};
use crate::api::openings::{self, OpeningWanted, PasswordOpened, UnderWay};
use crate::api::records::{self, Record};
use crate::api::settings::{self, NewPassword, PasswordSet, SessionsToEnd, Settings};
use crate::api::signing::{self, EdsSignature, QrId, QrQuestion, QrSession};
use crate::api::suspensions::{self, SuspendLink, Suspended};
use crate::api::{ApiError, Nothing};
use crate::browser::ncalayer::{self, AgentTrouble, Ask, Cancel, Step};
use crate::browser::update;
use crate::domain::reading::{Read, read};
use gloo_net::http::Request;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use serde::Serialize;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};
use wasm_bindgen::JsValue;

/// An answer on its way.
pub type Answer<T> = Pin<Box<dyn Future<Output = Result<T, ApiError>>>>;

/// A CMS from NCALayer on its way.
pub type Signature = Pin<Box<dyn Future<Output = Result<String, AgentTrouble>>>>;

macro_rules! calls {
    (
        $(#[$doc:meta])*
        $calls:ident {
            $($name:ident: $room:ident::$function:ident($input:ty) -> $output:ty;)+
        }
        $($(#[$also_doc:meta])* $also:ident: $also_type:ty = $also_real:expr;)?
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy)]
        pub struct $calls {
            $(pub $name: fn($input) -> Answer<$output>,)+
            $($(#[$also_doc])* pub $also: $also_type,)?
        }

        impl $calls {
            /// The real ones.
            #[must_use]
            pub fn server() -> Self {
                Self {
                    $($name: |input: $input| ask(<$room::$function as ServerFn>::PATH, &input),)+
                    $($also: $also_real,)?
                }
            }
        }
    };
}

calls! {
    /// What any page may ask, as the server functions of `api` have it, and NCALayer.
    Calls {
        sign_in: accounts::SignIn(Credentials) -> Entry;
        send_step_code: accounts::SendStepCode(StepCode) -> CodeSent;
        confirm_step: accounts::ConfirmStep(StepTyped) -> Entry;
        eds_challenge: accounts::EdsChallenge(Nothing) -> ChallengeIssued;
        eds_sign_in: accounts::EdsSignIn(SignedChallenge) -> Identity;
        me: accounts::Me(Nothing) -> Identity;
        stay: accounts::Stay(Nothing) -> Identity;
        sign_out: accounts::SignOut(Nothing) -> Nothing;
        my_record: records::MyRecord(Nothing) -> Record;
        still_mine: contacts::StillReached(StillMine) -> Nothing;
    }
    /// The signature, and where the attempt stands meanwhile.
    ncalayer: fn(Ask, Cancel, Box<dyn Fn(Step)>) -> Signature
        = |ask, cancel, show| Box::pin(ncalayer::sign_showing(ask, cancel, show));
}

calls! {
    /// What the pages for people signed in may ask.
    InsideCalls {
        open_draft: drafts::OpenDraft(Nothing) -> Draft;
        save_draft: drafts::SaveDraft(DraftChanged) -> DraftSaved;
        start_over: drafts::StartOver(Nothing) -> Draft;
        send_code: contacts::SendCode(CodeWanted) -> CodeSent;
        confirm_code: contacts::ConfirmCode(CodeTyped) -> Nothing;
        freeze: applications::Freeze(DraftToFreeze) -> Frozen;
        thaw: applications::Thaw(ApplicationId) -> Nothing;
        review: applications::Review(ApplicationId) -> Frozen;
        suggest_places: addresses::SuggestPlaces(PlaceQuery) -> Vec<FoundPlace>;
        suggest_postcodes: addresses::SuggestPostcodes(PlaceQuery) -> Vec<String>;
        countries: addresses::Countries(Nothing) -> Vec<String>;
        sign_by_eds: signing::SignByEds(EdsSignature) -> SignedReceipt;
        start_qr: signing::StartQr(ApplicationId) -> QrSession;
        qr_status: signing::QrStatus(QrQuestion) -> QrSession;
        cancel_qr: signing::CancelQr(QrId) -> QrSession;
    }
}

calls! {
    /// What the page of settings may ask.
    SettingsCalls {
        my_settings: settings::MySettings(Nothing) -> Settings;
        end_sessions: settings::EndSessions(SessionsToEnd) -> Settings;
        set_password: settings::SetPassword(NewPassword) -> PasswordSet;
        withdraw_consent: settings::WithdrawConsent(Nothing) -> Settings;
    }
}

calls! {
    /// What the pages for a password without a session may ask.
    OpeningCalls {
        start: openings::StartOpening(OpeningWanted) -> CodeSent;
        again: openings::SendAgain(Nothing) -> CodeSent;
        under_way: openings::OpeningUnderWay(Nothing) -> UnderWay;
        finish: openings::FinishOpening(PasswordOpened) -> PasswordSet;
    }
}

/// The calls of the pages for a password without a session.
#[must_use]
pub fn opening_calls() -> OpeningCalls {
    use_context().unwrap_or_else(OpeningCalls::server)
}

/// The calls of the page of settings.
#[must_use]
pub fn settings_calls() -> SettingsCalls {
    use_context().unwrap_or_else(SettingsCalls::server)
}

calls! {
    /// What the pages of the room may ask: before the form, after its signature, and about a receipt or a link.
    RoomCalls {
        give_consent: drafts::GiveConsent(ConsentGiven) -> Nothing;
        receipt: applications::Receipt(ApplicationId) -> SignedReceipt;
        cancel: applications::Cancel(ApplicationId) -> SignedReceipt;
        history: applications::History(Nothing) -> Vec<Summary>;
        check_code: checks::CheckCode(ReceiptCode) -> CheckAnswer;
        lift: suspensions::Lift(Nothing) -> Nothing;
        suspend: suspensions::Suspend(SuspendLink) -> Suspended;
    }
    /// About the bundle of evidence that this file of the browser is.
    check_bundle: fn(JsValue) -> Answer<CheckAnswer>
        = |file| answered(send(checks::BUNDLE_PATH, "application/zip", file));
}

/// The calls of this page.
#[must_use]
pub fn calls() -> Calls {
    use_context().unwrap_or_else(Calls::server)
}

/// The calls of this page for a person signed in.
#[must_use]
pub fn inside_calls() -> InsideCalls {
    use_context().unwrap_or_else(InsideCalls::server)
}

/// The calls of this page about what was signed.
#[must_use]
pub fn room_calls() -> RoomCalls {
    use_context().unwrap_or_else(RoomCalls::server)
}

/// Asks a server function by its path. The client that Leptos would derive for each of them weighs more than all pages'
/// questions together; the shapes are the same, since both sides compile them.
fn ask<Input: Serialize, Output: Read + 'static>(path: &'static str, input: &Input) -> Answer<Output> {
    answered(post(path, serde_json::to_string(input).ok()))
}

fn answered<Output: Read + 'static>(answer: Text) -> Answer<Output> {
    Box::pin(Asked {
        answer,
        reads: PhantomData,
    })
}

/// The text of an answer on its way.
type Text = Pin<Box<dyn Future<Output = Result<String, ApiError>>>>;

/// A question on its way: what comes back as text, read when it is there.
struct Asked<Output> {
    answer: Text,
    reads: PhantomData<fn() -> Output>,
}

impl<Output: Read> Future for Asked<Output> {
    type Output = Result<Output, ApiError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.answer
            .as_mut()
            .poll(context)
            .map(|answer| answer.and_then(|text| read(&text).ok_or(ApiError::Malformed)))
    }
}

/// The same for every question, so that it is compiled once.
fn post(path: &'static str, input: Option<String>) -> Text {
    // Nothing that a page asks fails to be written: no map with odd keys, no number that isn't one.
    let body = ["{\"input\":", &input.unwrap_or_default(), "}"].concat();
    send(path, "application/json", body.into())
}

fn send(path: &'static str, kind: &'static str, body: JsValue) -> Text {
    Box::pin(async move {
        let request = Request::post(path)
            .header("content-type", kind)
            .header("accept", "application/json")
            .body(body)
            .map_err(|_| ApiError::Offline)?;
        let answer = request.send().await.map_err(|_| ApiError::Offline)?;
        let content = answer.text().await.map_err(|_| ApiError::Offline)?;
        update::heard(answer.headers().get("cabinet-build"));
        if answer.ok() {
            return Ok(content);
        }
        Err(read(&content).unwrap_or(ApiError::Unavailable))
    })
}
