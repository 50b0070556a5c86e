//! The cabinet: one package, both sides of the wire. Which room holds what, and who may lean on whom: `ARCHITECTURE.md`.

#[cfg(all(feature = "csr", feature = "ssr"))]
compile_error!("`csr` (the page) and `ssr` (the server) are two programs: build them one at a time");

#[cfg(any(feature = "csr", feature = "ssr"))]
pub mod api;
#[cfg(feature = "csr")]
pub mod browser;
#[cfg(any(feature = "demo", all(test, feature = "pki")))]
pub mod demo;
pub mod domain;
#[cfg(feature = "pki")]
pub mod pki;
#[cfg(test)]
pub(crate) mod samples;
#[cfg(feature = "ssr")]
pub mod server;
pub mod texts;
pub mod wire;
