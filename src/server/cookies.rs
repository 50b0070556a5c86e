//! The cookies. Over https they carry the prefix `__Host-`: set by this very host, over TLS, for every path. Plain http
//! is for this very machine only (the configuration sees to it); not every browser keeps `Secure` cookies there, so they
//! go by their bare names.

use super::config::Config;
use crate::api::Caller;
use axum::http::HeaderMap;
use axum::http::header::COOKIE;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cookie {
    /// The session's secret.
    Session,
    /// Binds a sign-in challenge to the browser that asked for it.
    PreLogin,
    /// Binds a code for a password to the browser that asked for it.
    Opening,
    /// Binds the second step to the browser the password was typed in.
    SecondStep,
    /// Spares the person that wanted it the second step.
    Remembered,
    /// Names the browser, so that signing in from another one is noticed. Opens nothing.
    Device,
}

impl Cookie {
    const fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Session => ("__Host-session", "session"),
            Self::PreLogin => ("__Host-pre-login", "pre-login"),
            Self::Opening => ("__Host-opening", "opening"),
            Self::SecondStep => ("__Host-second-step", "second-step"),
            Self::Remembered => ("__Host-remembered", "remembered"),
            Self::Device => ("__Host-device", "device"),
        }
    }

    #[must_use]
    pub fn name(self, config: &Config) -> &'static str {
        let (secure, plain) = self.names();
        if config.is_https() { secure } else { plain }
    }

    /// Puts the cookie on the answer. Without `max_age` it ends with the browser.
    pub fn set(self, config: &Config, caller: &Caller, value: &str, max_age_seconds: Option<u32>) {
        let name = self.name(config);
        let secure = if config.is_https() { "; Secure" } else { "" };
        let age = max_age_seconds.map_or_else(String::new, |seconds| format!("; Max-Age={seconds}"));
        caller.set_cookie(format!(
            "{name}={value}; Path=/; HttpOnly; SameSite=Strict{secure}{age}"
        ));
    }

    /// Takes the cookie away.
    pub fn clear(self, config: &Config, caller: &Caller) {
        self.set(config, caller, "", Some(0));
    }

    /// The value of this cookie in a request, if it has the shape of a secret of ours.
    #[must_use]
    pub fn read(self, config: &Config, headers: &HeaderMap) -> Option<String> {
        let name = self.name(config);
        let of_secret = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
        value(headers, name).filter(|value| value.len() == 43 && value.bytes().all(of_secret))
    }
}

/// The first cookie of this name.
#[must_use]
pub fn value(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|header| header.to_str().ok())
        .flat_map(|header| header.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(found, _)| *found == name)
        .map(|(_, value)| value.to_owned())
}
