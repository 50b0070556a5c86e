//! The outside world on loopback: registers, signing agents, message gateways, a test authority, and the people who use the
//! cabinet at a demonstration and in tests. Never part of the server's own binary: `tests/release_has_no_demo.rs` looks.

#[cfg(feature = "demo")]
pub mod authority;
#[cfg(feature = "demo")]
pub mod back_office;
#[cfg(feature = "demo")]
pub mod clock;
#[cfg(feature = "demo")]
pub mod control;
#[cfg(feature = "demo")]
pub mod crl;
#[cfg(feature = "demo")]
pub mod driver;
#[cfg(feature = "demo")]
pub mod gbd_fl;
// These two are also what `pki`'s tests are made of.
pub mod gost_sign;
#[cfg(feature = "demo")]
pub mod inbox;
#[cfg(feature = "demo")]
pub mod kazpost;
#[cfg(feature = "demo")]
pub mod keys;
pub mod mint;
#[cfg(feature = "demo")]
pub mod ncalayer;
#[cfg(feature = "demo")]
pub mod ocsp;
#[cfg(feature = "demo")]
pub mod p12;
#[cfg(feature = "demo")]
pub mod people;
#[cfg(feature = "demo")]
pub mod phone;
#[cfg(feature = "demo")]
mod seed;
#[cfg(feature = "demo")]
mod start;
#[cfg(feature = "demo")]
pub mod tsp;

#[cfg(feature = "demo")]
pub use start::{Agent, Demo, DemoConfig, DemoError, national_folder, start};
