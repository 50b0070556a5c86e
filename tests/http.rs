//! The server over HTTP: started whole, in a folder of its own, on a port of its own, with a clock the test holds.
//! Threats of `docs/security.md` stand in the tests' names by number.

#[path = "http/house.rs"]
mod house;

#[path = "http/accounts.rs"]
mod accounts;
#[path = "http/delivery.rs"]
mod delivery;
#[path = "http/doctor.rs"]
mod doctor;
#[cfg(feature = "demo")]
#[path = "http/eds.rs"]
mod eds;
#[path = "http/events.rs"]
mod events;
#[path = "http/metrics.rs"]
mod metrics;
#[path = "http/page.rs"]
mod page;
#[path = "http/program.rs"]
mod program;
#[path = "http/questions.rs"]
mod questions;
#[path = "http/threats.rs"]
mod threats;
#[cfg(feature = "demo")]
#[path = "http/tls.rs"]
mod tls;
#[path = "http/traces.rs"]
mod traces;
