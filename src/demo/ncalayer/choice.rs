//! Which keys can be chosen for a request: all are listed, those that fit are active.

use super::Script;
use crate::demo::keys::{DemoKey, KeyKind};

pub(super) const EMAIL_PROTECTION: &str = "1.3.6.1.5.5.7.3.4";
pub(super) const CLIENT_AUTH: &str = "1.3.6.1.5.5.7.3.2";

/// Whose certificates count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Issuers {
    /// The national CA's in force, among which is no key of a demo.
    National,
    /// Anybody's.
    Any,
    /// Of given authorities. The cabinet never gives any, and here nobody's key fits.
    Given,
}

/// What a request asks of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wanted {
    /// `None` for any storage.
    pub(super) storages: Option<Vec<String>>,
    /// All of them must be in the certificate.
    pub(super) usages: Vec<String>,
    pub(super) issuers: Issuers,
    pub(super) iin: Option<String>,
    pub(super) allow_expired: bool,
    pub(super) allow_revoked: bool,
}

impl Wanted {
    pub(super) fn fits(&self, key: &DemoKey, script: &Script) -> bool {
        if script.unfiltered {
            return true;
        }
        let is_at_hand = |storage: &String| storage == "PKCS12" || script.tokens.contains(storage);
        let storage = self
            .storages
            .as_ref()
            .is_none_or(|list| list.iter().any(is_at_hand));
        let person = self.iin.as_ref().is_none_or(|iin| iin == key.iin.digits());
        let usages = self.usages.iter().all(|usage| key.usages.contains(usage));
        let state = match key.kind {
            KeyKind::Expired => self.allow_expired,
            KeyKind::Revoked => self.allow_revoked,
            KeyKind::Individual | KeyKind::AuthenticationOnly | KeyKind::Organisation => true,
        };
        storage && person && usages && state && self.issuers == Issuers::Any
    }
}
