//! The cabinet: one package, both sides of the wire. Which room holds what, and who may lean on whom: `ARCHITECTURE.md`.

#[cfg(all(feature = "csr", feature = "ssr"))]
compile_error!("`csr` (the page) and `ssr` (the server) are two programs: build them one at a time");

pub mod domain;
#[cfg(feature = "pki")]
pub mod pki;
