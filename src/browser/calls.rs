//! The only way from the pages to the server and to NCALayer: a struct of functions in the context, so that the gallery and
//! tests can give canned answers.

use crate::api::accounts::{self, ChallengeIssued, Credentials, Identity, SignedChallenge};
use crate::api::applications::{self, ApplicationId, DraftToFreeze, Frozen, SignedReceipt, Summary};
use crate::api::drafts::{self, ConsentGiven, Draft, DraftChanged, DraftSaved};
use crate::api::records::{self, Record};
use crate::api::signing::{self, EdsSignature, QrId, QrQuestion, QrSession};
use crate::api::{ApiError, Nothing};
use crate::browser::ncalayer::{self, AgentTrouble, Ask, Cancel, Step};
use crate::domain::reading::{Read, read};
use gloo_net::http::Request;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use serde::Serialize;
use std::pin::Pin;

/// An answer on its way.
pub type Answer<T> = Pin<Box<dyn Future<Output = Result<T, ApiError>>>>;

/// A CMS from NCALayer on its way.
pub type Signature = Pin<Box<dyn Future<Output = Result<String, AgentTrouble>>>>;

macro_rules! calls {
    ($($name:ident: $room:ident::$function:ident($input:ty) -> $output:ty;)+) => {
        /// Every question a page may ask, as the server functions of `api` have it.
        #[derive(Clone, Copy)]
        pub struct Calls {
            $(pub $name: fn($input) -> Answer<$output>,)+
            /// NCALayer: the signature, and where the attempt stands meanwhile.
            pub ncalayer: fn(Ask, Cancel, Box<dyn Fn(Step)>) -> Signature,
        }

        impl Calls {
            /// The real ones.
            #[must_use]
            pub fn server() -> Self {
                Self {
                    $($name: |input: $input| ask(<$room::$function as ServerFn>::PATH, &input),)+
                    ncalayer: |ask, cancel, show| Box::pin(ncalayer::sign_showing(ask, cancel, show)),
                }
            }
        }
    };
}

calls! {
    sign_in: accounts::SignIn(Credentials) -> Identity;
    eds_challenge: accounts::EdsChallenge(Nothing) -> ChallengeIssued;
    eds_sign_in: accounts::EdsSignIn(SignedChallenge) -> Identity;
    me: accounts::Me(Nothing) -> Identity;
    stay: accounts::Stay(Nothing) -> Identity;
    sign_out: accounts::SignOut(Nothing) -> Nothing;
    my_record: records::MyRecord(Nothing) -> Record;
    give_consent: drafts::GiveConsent(ConsentGiven) -> Nothing;
    open_draft: drafts::OpenDraft(Nothing) -> Draft;
    save_draft: drafts::SaveDraft(DraftChanged) -> DraftSaved;
    start_over: drafts::StartOver(Nothing) -> Draft;
    freeze: applications::Freeze(DraftToFreeze) -> Frozen;
    thaw: applications::Thaw(ApplicationId) -> Nothing;
    review: applications::Review(ApplicationId) -> Frozen;
    receipt: applications::Receipt(ApplicationId) -> SignedReceipt;
    history: applications::History(Nothing) -> Vec<Summary>;
    sign_by_eds: signing::SignByEds(EdsSignature) -> SignedReceipt;
    start_qr: signing::StartQr(ApplicationId) -> QrSession;
    qr_status: signing::QrStatus(QrQuestion) -> QrSession;
    cancel_qr: signing::CancelQr(QrId) -> QrSession;
}

/// The calls of this page.
#[must_use]
pub fn calls() -> Calls {
    use_context().unwrap_or_else(Calls::server)
}

/// Asks a server function by its path. The client that Leptos would derive for each of them weighs more than all pages'
/// questions together; the shapes are the same, since both sides compile them.
fn ask<Input: Serialize, Output: Read + 'static>(path: &'static str, input: &Input) -> Answer<Output> {
    let body = serde_json::to_string(input);
    Box::pin(async move {
        // Nothing that a page asks fails to be written: no map with odd keys, no number that isn't one.
        let answer = post(path, body.map_err(|_| ApiError::Malformed)?).await?;
        read(&answer).ok_or(ApiError::Malformed)
    })
}

/// The same for every question, so that it is compiled once.
fn post(path: &'static str, input: String) -> Pin<Box<dyn Future<Output = Result<String, ApiError>>>> {
    Box::pin(async move {
        let body = ["{\"input\":", &input, "}"].concat();
        let request = Request::post(path)
            .header("content-type", "application/json")
            .header("accept", "application/json")
            .body(body)
            .map_err(|_| ApiError::Offline)?;
        let answer = request.send().await.map_err(|_| ApiError::Offline)?;
        let content = answer.text().await.map_err(|_| ApiError::Offline)?;
        if answer.ok() {
            return Ok(content);
        }
        Err(read(&content).unwrap_or(ApiError::Unavailable))
    })
}
