//! The outside world on loopback: registers, signing agents, message gateways, a test authority, and the people who use the
//! cabinet at a demonstration and in tests. Never part of the server's own binary: `tests/release_has_no_demo.rs` looks.

#[cfg(feature = "demo")]
pub mod clock;
#[cfg(feature = "demo")]
pub mod keys;
#[cfg(feature = "demo")]
pub mod people;
