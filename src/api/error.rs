//! The one error type of every answer. The page turns it into a text at one place; the server into an HTTP status.

use super::contacts::CodeTrouble;
use crate::domain::eligibility::Refusal;
use crate::domain::form::FieldError;
use crate::domain::reading::reads;
use serde::{Deserialize, Serialize};

/// What went wrong, told apart as far as the person can act on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "error", rename_all = "snake_case")]
pub enum ApiError {
    /// The question isn't in the agreed shape (400).
    #[error("malformed question")]
    Malformed,
    /// No session, or it has ended (401).
    #[error("signed out")]
    SignedOut,
    /// IIN or password is wrong, or nobody has registered so: one answer for all three (401).
    #[error("wrong IIN or password")]
    Credentials,
    /// The request came from another site (403).
    #[error("cross-site request")]
    CrossSite,
    /// Only for a person signed in by EDS (403).
    #[error("sign-in by EDS needed")]
    EdsNeeded,
    /// Not there, or not this person's (404).
    #[error("not found")]
    NotFound,
    /// The Fund knows nobody with the IIN of the certificate (404).
    #[error("unknown person")]
    UnknownPerson,
    /// The draft was changed elsewhere meanwhile (409).
    #[error("changed elsewhere")]
    Conflict,
    /// The application is no longer in a state that allows this (409).
    #[error("not in this state")]
    WrongState,
    /// Nothing differs from the Fund's record (409).
    #[error("nothing changes")]
    NothingChanges,
    /// Consent to the processing of personal data is not given (409).
    #[error("no consent")]
    NoConsent,
    /// Fields are wrong (422).
    #[error("fields are wrong")]
    Invalid { fields: Vec<FieldError> },
    /// The service can't be given (422).
    #[error("refused")]
    Refused { refusal: Refusal },
    /// A signature or certificate can't be accepted (422).
    #[error("signature refused")]
    Signature { trouble: SignatureTrouble },
    /// A code isn't taken, or can't be sent (422).
    #[error("code refused")]
    Code { trouble: CodeTrouble },
    /// Much is asked from where the question came: the page is to solve this first, or to wait (428).
    #[error("a puzzle to solve")]
    Puzzle {
        puzzle: String,
        bits: u32,
        wait_seconds: u32,
    },
    /// Too many tries (429).
    #[error("too many tries")]
    TooMany { retry_after_seconds: u32 },
    /// GBD FL doesn't answer as it should (503); what was entered is kept.
    #[error("register unavailable")]
    RegisterUnavailable,
    /// Something of ours is out of order for now (503); what was entered is kept.
    #[error("unavailable")]
    Unavailable,
    /// Ours to mend (500). `reference` is in our log and can be read out to 1418.
    #[error("internal error {reference}")]
    Internal { reference: String },
    /// Made by the page alone: no answer came.
    #[error("no connection")]
    Offline,
}

reads!(ApiError by "error":
    "malformed" => Malformed {},
    "signed_out" => SignedOut {},
    "credentials" => Credentials {},
    "cross_site" => CrossSite {},
    "eds_needed" => EdsNeeded {},
    "not_found" => NotFound {},
    "unknown_person" => UnknownPerson {},
    "conflict" => Conflict {},
    "wrong_state" => WrongState {},
    "nothing_changes" => NothingChanges {},
    "no_consent" => NoConsent {},
    "invalid" => Invalid { fields },
    "refused" => Refused { refusal },
    "signature" => Signature { trouble },
    "code" => Code { trouble },
    "puzzle" => Puzzle { puzzle, bits, wait_seconds },
    "too_many" => TooMany { retry_after_seconds },
    "register_unavailable" => RegisterUnavailable {},
    "unavailable" => Unavailable {},
    "internal" => Internal { reference },
    "offline" => Offline {},
);

/// Why a CMS signature isn't accepted, as a person can act on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "trouble", rename_all = "snake_case")]
pub enum SignatureTrouble {
    /// The certificate is of another person than the owner of the application.
    AnotherPerson,
    /// The certificate is of an organisation.
    Organisation,
    /// An authentication key was used to sign a document.
    AuthenticationKey,
    Expired,
    NotYetValid,
    Revoked,
    /// Whether it was revoked can't be told now (sign-in only; a document is kept as being checked).
    RevocationUnknown,
    /// The issuer isn't the National Certifying Centre.
    UntrustedIssuer,
    /// Signed is something else than asked.
    AnotherDocument,
    /// The challenge is older than three minutes.
    ChallengeExpired,
    /// The challenge was used before, or belongs to another browser.
    ChallengeUnknown,
    /// GOST 34.310-2004 or another algorithm no longer accepted.
    OutdatedAlgorithm,
    /// Anything else; `code` is the verifier's reason.
    Damaged {
        code: String,
    },
}

reads!(SignatureTrouble by "trouble":
    "another_person" => AnotherPerson {},
    "organisation" => Organisation {},
    "authentication_key" => AuthenticationKey {},
    "expired" => Expired {},
    "not_yet_valid" => NotYetValid {},
    "revoked" => Revoked {},
    "revocation_unknown" => RevocationUnknown {},
    "untrusted_issuer" => UntrustedIssuer {},
    "another_document" => AnotherDocument {},
    "challenge_expired" => ChallengeExpired {},
    "challenge_unknown" => ChallengeUnknown {},
    "outdated_algorithm" => OutdatedAlgorithm {},
    "damaged" => Damaged { code },
);

impl ApiError {
    /// The HTTP status of the answer.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self {
            Self::Malformed => 400,
            Self::SignedOut | Self::Credentials => 401,
            Self::CrossSite | Self::EdsNeeded => 403,
            Self::NotFound | Self::UnknownPerson => 404,
            Self::Conflict | Self::WrongState | Self::NothingChanges | Self::NoConsent => 409,
            Self::Invalid { .. } | Self::Refused { .. } | Self::Signature { .. } | Self::Code { .. } => 422,
            Self::Puzzle { .. } => 428,
            Self::TooMany { .. } => 429,
            Self::Internal { .. } => 500,
            Self::RegisterUnavailable | Self::Unavailable | Self::Offline => 503,
        }
    }
}

#[cfg(any(feature = "csr", feature = "ssr"))]
impl leptos::server_fn::error::FromServerFnError for ApiError {
    type Encoder = leptos::server_fn::codec::JsonEncoding;

    fn from_server_fn_error(value: leptos::server_fn::error::ServerFnErrorErr) -> Self {
        use leptos::server_fn::error::ServerFnErrorErr as E;
        match value {
            E::Args(_) | E::MissingArg(_) | E::Deserialization(_) if cfg!(feature = "ssr") => Self::Malformed,
            E::Request(_) | E::Response(_) | E::Deserialization(_) => Self::Offline,
            E::Registration(_) => Self::NotFound,
            _ => Self::Unavailable,
        }
    }
}

/// A `Debug` that tells the type and nothing of what is in it.
macro_rules! withheld {
    ($($type:ty),+) => {$(
        impl std::fmt::Debug for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($type), "(withheld)"))
            }
        }
    )+};
}

withheld!(
    super::accounts::Credentials,
    super::accounts::SignedChallenge,
    super::accounts::StepTyped,
    super::openings::OpeningWanted,
    super::openings::PasswordOpened,
    super::settings::NewPassword,
    super::contacts::CodeTyped,
    super::contacts::CodeWanted,
    super::checks::ReceiptCode,
    super::suspensions::SuspendLink,
    super::signing::EdsSignature,
    super::signing::QrSession
);
