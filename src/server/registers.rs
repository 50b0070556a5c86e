//! The state's registers the form is filled from. GBD FL («Жеке тұлғалар» мемлекеттік деректер базасы) stands behind
//! [`GbdFl`]; [`Registers`] adds what a slow and sometimes absent register needs: retries, a breaker, a short memory. The
//! postal directory, which only suggests, is [`kazpost`].

#[cfg(all(test, feature = "demo"))]
mod contract_tests;
pub mod gbd_fl;
pub mod kazpost;
mod steady;
mod xml;

pub use steady::{REMEMBERED_SECONDS, Registers};
pub use xml::XmlError;

use crate::domain::address::Address;
use crate::domain::eligibility::RegisterRecord;
use crate::domain::iin::Iin;
use crate::domain::time::Timestamp;
use gbd_fl::signer::Unsigned;

/// What GBD FL holds of a person, and when it said so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterAnswer {
    pub record: RegisterRecord,
    /// The registered address in Kazakhstan; absent when there is none, or when its region can't be told.
    pub registered_address: Option<Address>,
    pub read_at: Timestamp,
}

/// Why there is no answer. Nothing of the person stands in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RegisterTrouble {
    #[error("not reachable")]
    Unreachable,
    #[error("no answer in time")]
    TimedOut,
    #[error("HTTP status {0}")]
    Http(u16),
    #[error("the answer is larger than agreed")]
    TooLarge,
    #[error("the answer is no XML: {0}")]
    Xml(#[from] XmlError),
    #[error("the answer isn't in the agreed shape: {0}")]
    Shape(&'static str),
    /// The bus or the register names a fault.
    #[error("fault {0}")]
    Fault(String),
    #[error("the register knows nobody with this IIN")]
    NotFound,
    /// Not asked: our question couldn't be signed.
    #[error("our question isn't signed: {0}")]
    Unsigned(#[from] Unsigned),
    /// Not asked: it failed too often just now.
    #[error("resting after failures")]
    Resting,
}

impl RegisterTrouble {
    /// Whether asking again may help.
    #[must_use]
    pub const fn is_passing(&self) -> bool {
        match self {
            Self::Unreachable | Self::TimedOut => true,
            Self::Http(status) => *status >= 500 || *status == 429,
            _ => false,
        }
    }
}

/// The register of persons: one question, one answer.
#[async_trait::async_trait]
pub trait GbdFl: Send + Sync {
    async fn person(&self, iin: &Iin) -> Result<RegisterAnswer, RegisterTrouble>;
}
