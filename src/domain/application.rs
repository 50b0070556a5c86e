//! The life of an application: `draft → frozen → signed → (checking →) applied`, or `cancelled`, `expired`, `refused`.

use super::reading::reads;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ApplicationState {
    /// Өтініш жобасы: being filled in.
    Draft,
    /// The document's bytes and hash stand; it waits for a signature.
    Frozen,
    /// A verified signature is stored, the Fund's record not yet changed.
    Signed,
    /// Тексерілуде: signed, but whether the certificate was revoked can't be told yet.
    Checking,
    /// Орындалды: the Fund's record is changed.
    Applied,
    Cancelled,
    Expired,
    /// Бас тартылды.
    Refused,
}

reads!(ApplicationState:
    "draft" => Draft,
    "frozen" => Frozen,
    "signed" => Signed,
    "checking" => Checking,
    "applied" => Applied,
    "cancelled" => Cancelled,
    "expired" => Expired,
    "refused" => Refused,
);

impl ApplicationState {
    pub const ALL: [Self; 8] = [
        Self::Draft,
        Self::Frozen,
        Self::Signed,
        Self::Checking,
        Self::Applied,
        Self::Cancelled,
        Self::Expired,
        Self::Refused,
    ];

    /// The name in the database and on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Frozen => "frozen",
            Self::Signed => "signed",
            Self::Checking => "checking",
            Self::Applied => "applied",
            Self::Cancelled => "cancelled",
            Self::Expired => "expired",
            Self::Refused => "refused",
        }
    }

    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }

    /// Whether one step leads from here to there.
    #[must_use]
    pub const fn may_become(self, next: Self) -> bool {
        use ApplicationState::{Applied, Cancelled, Checking, Draft, Expired, Frozen, Refused, Signed};
        matches!(
            (self, next),
            (Draft, Frozen | Cancelled | Expired)
                // Editing after freezing takes the application back; the old document's signing sessions die.
                | (Frozen, Draft | Signed | Checking | Applied | Cancelled | Expired | Refused)
                | (Signed, Checking | Applied | Cancelled | Refused)
                | (Checking, Applied | Cancelled | Refused)
        )
    }

    /// No step leads further.
    #[must_use]
    pub fn is_final(self) -> bool {
        Self::ALL.into_iter().all(|next| !self.may_become(next))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back() {
        for state in ApplicationState::ALL {
            assert_eq!(ApplicationState::parse(state.as_str()), Some(state));
        }
    }

    #[test]
    fn what_was_applied_stays_and_a_signature_is_never_undone_into_a_draft() {
        let finals: Vec<_> = ApplicationState::ALL
            .into_iter()
            .filter(|s| s.is_final())
            .collect();
        use ApplicationState::{Applied, Cancelled, Checking, Draft, Expired, Refused, Signed};
        assert_eq!(finals, [Applied, Cancelled, Expired, Refused]);
        assert!(!Signed.may_become(Draft) && !Checking.may_become(Draft) && !Draft.may_become(Signed));
    }
}
