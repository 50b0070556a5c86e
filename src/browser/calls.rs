//! The only way from the pages to the server and to NCALayer: a struct of functions in the context, so that the gallery and
//! tests can give canned answers.

use crate::api::accounts::{self, ChallengeIssued, Credentials, Identity, SignedChallenge};
use crate::api::applications::{self, ApplicationId, DraftToFreeze, Frozen, SignedReceipt, Summary};
use crate::api::drafts::{self, ConsentGiven, Draft, DraftChanged, DraftSaved};
use crate::api::records::{self, Record};
use crate::api::signing::{self, EdsSignature, QrId, QrQuestion, QrSession};
use crate::api::{ApiError, Nothing};
use crate::browser::ncalayer::{self, AgentTrouble, Ask, Cancel, Step};
use leptos::prelude::*;
use std::pin::Pin;

/// An answer on its way.
pub type Answer<T> = Pin<Box<dyn Future<Output = Result<T, ApiError>>>>;

/// A CMS from NCALayer on its way.
pub type Signature = Pin<Box<dyn Future<Output = Result<String, AgentTrouble>>>>;

macro_rules! calls {
    ($($name:ident: $room:ident($input:ty) -> $output:ty;)+) => {
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
                    $($name: |input| Box::pin($room::$name(input)),)+
                    ncalayer: |ask, cancel, show| Box::pin(ncalayer::sign_showing(ask, cancel, show)),
                }
            }
        }
    };
}

calls! {
    sign_in: accounts(Credentials) -> Identity;
    eds_challenge: accounts(Nothing) -> ChallengeIssued;
    eds_sign_in: accounts(SignedChallenge) -> Identity;
    me: accounts(Nothing) -> Identity;
    stay: accounts(Nothing) -> Identity;
    sign_out: accounts(Nothing) -> Nothing;
    my_record: records(Nothing) -> Record;
    give_consent: drafts(ConsentGiven) -> Nothing;
    open_draft: drafts(Nothing) -> Draft;
    save_draft: drafts(DraftChanged) -> DraftSaved;
    start_over: drafts(Nothing) -> Draft;
    freeze: applications(DraftToFreeze) -> Frozen;
    thaw: applications(ApplicationId) -> Nothing;
    review: applications(ApplicationId) -> Frozen;
    receipt: applications(ApplicationId) -> SignedReceipt;
    history: applications(Nothing) -> Vec<Summary>;
    sign_by_eds: signing(EdsSignature) -> SignedReceipt;
    start_qr: signing(ApplicationId) -> QrSession;
    qr_status: signing(QrQuestion) -> QrSession;
    cancel_qr: signing(QrId) -> QrSession;
}

/// The calls of this page.
#[must_use]
pub fn calls() -> Calls {
    use_context().unwrap_or_else(Calls::server)
}
