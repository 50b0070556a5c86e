//! The server's side of every question: one trait per subject, held together in [`Services`], and the [`Caller`] who asks.
//! The router puts both into the context of each request.

use super::ApiError;
use super::accounts::Accounts;
use super::addresses::Addresses;
use super::applications::Applications;
use super::checks::Checks;
use super::contacts::Contacts;
use super::drafts::Drafts;
use super::openings::Openings;
use super::records::Records;
use super::settings::SettingsRoom;
use super::signing::Signing;
use super::suspensions::Suspensions;
use crate::domain::lang::Lang;
use std::net::IpAddr;
use std::sync::{Arc, Mutex};

#[derive(Clone)]
pub struct Services {
    pub accounts: Arc<dyn Accounts>,
    pub openings: Arc<dyn Openings>,
    pub contacts: Arc<dyn Contacts>,
    pub records: Arc<dyn Records>,
    pub drafts: Arc<dyn Drafts>,
    pub applications: Arc<dyn Applications>,
    pub checks: Arc<dyn Checks>,
    pub suspensions: Arc<dyn Suspensions>,
    pub signing: Arc<dyn Signing>,
    pub addresses: Arc<dyn Addresses>,
    pub settings: Arc<dyn SettingsRoom>,
}

/// Who asks, as far as the request tells. The secrets are as received, not yet checked.
#[derive(Clone)]
pub struct Caller {
    /// Value of the session cookie.
    pub session: Option<String>,
    /// Value of the cookie that binds a sign-in challenge to this browser.
    pub pre_login: Option<String>,
    /// Value of the cookie of an opening under way.
    pub opening: Option<String>,
    /// Value of the cookie of a second step under way.
    pub second_step: Option<String>,
    /// Value of the cookie of a browser that is remembered.
    pub remembered: Option<String>,
    /// Value of the cookie that names the browser.
    pub device: Option<String>,
    /// The network address, after the configured number of proxies.
    pub address: IpAddr,
    /// At most 200 characters, control characters removed.
    pub user_agent: String,
    pub lang: Lang,
    /// Of this request: in our log and in [`ApiError::Internal`].
    pub request_id: String,
    set_cookies: Arc<Mutex<Vec<String>>>,
}

impl Caller {
    #[must_use]
    pub fn new(address: IpAddr, lang: Lang, request_id: String) -> Self {
        Self {
            session: None,
            pre_login: None,
            opening: None,
            second_step: None,
            remembered: None,
            device: None,
            address,
            user_agent: String::new(),
            lang,
            request_id,
            set_cookies: Arc::default(),
        }
    }

    /// Adds a `Set-Cookie` value to the answer.
    pub fn set_cookie(&self, value: String) {
        // A poisoned lock would mean a panic while pushing; the list is still whole then.
        self.set_cookies
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .push(value);
    }

    /// The `Set-Cookie` values so far; the router puts them on the answer.
    #[must_use]
    pub fn take_cookies(&self) -> Vec<String> {
        std::mem::take(
            &mut *self
                .set_cookies
                .lock()
                .unwrap_or_else(std::sync::PoisonError::into_inner),
        )
    }
}

/// The services and the caller of the request being answered.
///
/// # Errors
/// [`ApiError::Unavailable`] outside a request.
pub fn here() -> Result<(Services, Caller), ApiError> {
    let services = leptos::prelude::use_context::<Services>().ok_or(ApiError::Unavailable)?;
    let caller = leptos::prelude::use_context::<Caller>().ok_or(ApiError::Unavailable)?;
    Ok((services, caller))
}
