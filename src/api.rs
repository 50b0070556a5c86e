//! What the browser may ask: data types, one trait per subject, and server functions whose body is one line. Both halves
//! compile this room; the traits and [`Services`] only the server. JSON both ways, exactly one argument `input`, unknown
//! fields refused, errors of one type ([`ApiError`]).

pub mod accounts;
pub mod addresses;
pub mod applications;
pub mod checks;
pub mod contacts;
pub mod drafts;
pub mod error;
pub mod openings;
pub mod records;
#[cfg(feature = "ssr")]
pub mod services;
pub mod settings;
pub mod signing;
pub mod suspensions;

pub use error::{ApiError, SignatureTrouble};
#[cfg(feature = "ssr")]
pub use services::{Caller, Services};

use crate::domain::reading::reads;
use serde::{Deserialize, Serialize};

/// The argument of a question that has none.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

reads!(Nothing {});

/// Registers every server function by name, so that the linker can't drop one. A test holds the list against the source.
#[cfg(feature = "ssr")]
pub fn register() {
    use leptos::server_fn::axum::register_explicit as register;
    register::<accounts::SignIn>();
    register::<accounts::SendStepCode>();
    register::<accounts::ConfirmStep>();
    register::<accounts::EdsChallenge>();
    register::<accounts::EdsSignIn>();
    register::<accounts::Me>();
    register::<accounts::Stay>();
    register::<accounts::SignOut>();
    register::<openings::StartOpening>();
    register::<openings::SendAgain>();
    register::<openings::OpeningUnderWay>();
    register::<openings::FinishOpening>();
    register::<records::MyRecord>();
    register::<drafts::GiveConsent>();
    register::<drafts::OpenDraft>();
    register::<drafts::SaveDraft>();
    register::<drafts::StartOver>();
    register::<contacts::SendCode>();
    register::<contacts::ConfirmCode>();
    register::<contacts::StillReached>();
    register::<applications::Freeze>();
    register::<applications::Thaw>();
    register::<applications::Review>();
    register::<applications::Receipt>();
    register::<applications::History>();
    register::<addresses::SuggestPlaces>();
    register::<addresses::SuggestPostcodes>();
    register::<addresses::Countries>();
    register::<settings::MySettings>();
    register::<settings::EndSessions>();
    register::<settings::SetPassword>();
    register::<settings::WithdrawConsent>();
    register::<applications::Cancel>();
    register::<checks::CheckCode>();
    register::<suspensions::Suspend>();
    register::<suspensions::Lift>();
    register::<signing::SignByEds>();
    register::<signing::StartQr>();
    register::<signing::QrStatus>();
    register::<signing::CancelQr>();
}
