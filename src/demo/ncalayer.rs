//! NCALayer as a server on loopback: its WebSocket, the window in which a person chooses a key (a web page), and scripts
//! that make it fail in every way the real one does. It writes its frames by code of its own, held to recordings of the
//! real program, so that the cabinet's client and this simulator can't share one misreading. Keys come from the demo's
//! key store, whose files all have one password.

mod choice;
mod dialog;
mod frames;
mod modules;
mod signing;
mod socket;
#[cfg(test)]
mod tests;
mod tls;

pub use tls::Identity;

use super::keys::KeyStore;
use dialog::Dialogs;
use serde::{Deserialize, Serialize};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// The password of every key file in the window, as the national test keys have it.
pub const PASSWORD: &str = "Qwerty12";

/// How a request for a signature ends. Other requests are always answered as the real program answers them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// A person decides in the window.
    #[default]
    Dialog,
    /// The script's key signs at once, or the first that fits. If it doesn't fit, nothing happens: as in the real window,
    /// where it can't be chosen.
    Auto,
    /// Signs as `Auto`, but other data than was asked.
    AnotherDocument,
    Cancel,
    InvocationError,
    GeneralError,
    SigningFailure,
    /// `{"code":"500"}` and nothing more, as old modules do.
    ErrorWithoutMessage,
    TypeMismatch,
    /// The window stays open.
    Silent,
    /// The connection ends instead of an answer.
    Close,
    /// A text that isn't JSON.
    Garbage,
    Html,
    /// A frame of bytes.
    Binary,
    /// A frame of 50 MB.
    Huge,
    /// JSON in no known shape.
    Nonsense,
    /// The same answer twice.
    Twice,
    /// Says nothing when the connection opens.
    NoGreeting,
    /// Greets in another program's way.
    WrongGreeting,
}

/// How `basics` writes a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// Since 1.4, for one document too.
    #[default]
    Array,
    /// Before that.
    String,
    /// As if the certificate had been asked for.
    Object,
    /// Without armour.
    Bare,
}

/// What the simulator does until told otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Script {
    pub mode: Mode,
    /// The id of a key in the key store, for `auto`.
    pub key: Option<String>,
    pub shape: Shape,
    /// As greeted.
    pub version: String,
    /// Only `commonUtils` is there.
    pub without_basics: bool,
    /// Neither of the two modules is there.
    pub without_modules: bool,
    /// Any key may be chosen, whatever the page asked for: how a hostile or careless agent behaves.
    pub unfiltered: bool,
    /// Tokens plugged in, by NCALayer's names of storages. Every key is on every one of them too.
    pub tokens: Vec<String>,
    /// Before a signature's answer.
    pub delay_ms: u64,
}

impl Default for Script {
    fn default() -> Self {
        Self {
            mode: Mode::default(),
            key: None,
            shape: Shape::default(),
            version: "1.4".to_owned(),
            without_basics: false,
            without_modules: false,
            unfiltered: false,
            tokens: Vec::new(),
            delay_ms: 0,
        }
    }
}

/// The simulator. Cloned freely: all clones are one program.
#[derive(Clone)]
pub struct NcaLayer(Arc<Inner>);

struct Inner {
    keys: KeyStore,
    script: Mutex<Script>,
    dialogs: Dialogs,
    written: AtomicUsize,
}

impl NcaLayer {
    #[must_use]
    pub fn new(keys: KeyStore, script: Script) -> Self {
        Self(Arc::new(Inner {
            keys,
            script: Mutex::new(script),
            dialogs: Dialogs::default(),
            written: AtomicUsize::new(0),
        }))
    }

    /// Takes effect with the next connection and the next request.
    pub fn set_script(&self, script: Script) {
        *self.0.script.lock().unwrap_or_else(PoisonError::into_inner) = script;
    }

    #[must_use]
    pub fn script(&self) -> Script {
        self.0
            .script
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// A number that turns the order of keys in the frames: nobody may rely on it.
    fn turn(&self) -> usize {
        self.0.written.fetch_add(1, Ordering::Relaxed)
    }

    fn keys(&self) -> &KeyStore {
        &self.0.keys
    }

    fn dialogs(&self) -> &Dialogs {
        &self.0.dialogs
    }
}

/// The window, as a page and its calls; to be nested under `/ncalayer`.
pub fn router(simulator: NcaLayer) -> axum::Router {
    dialog::router(simulator)
}

/// Plain WebSockets, until the task is dropped. Browsers take them from a page on loopback.
///
/// # Errors
/// When the listener fails.
pub async fn serve(listener: tokio::net::TcpListener, simulator: NcaLayer) -> std::io::Result<()> {
    axum::serve(listener, socket::router(simulator)).await
}

/// The same over TLS, as the real program does it. Browsers close it with 1006 unless they trust the identity.
///
/// # Errors
/// When the listener fails.
pub async fn serve_tls(
    listener: tokio::net::TcpListener,
    simulator: NcaLayer,
    identity: &Identity,
) -> std::io::Result<()> {
    axum::serve(tls::listener(listener, identity)?, socket::router(simulator)).await
}
