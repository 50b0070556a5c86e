//! Signing by QR, over HTTP: the whole demo runs, a person is signed in as the page would have it, and the phone of the
//! demo scans, signs and misbehaves. Threats of `docs/security.md` stand in the tests' names by number.

#![cfg(feature = "demo")]

#[path = "qr/ends.rs"]
mod ends;
#[path = "qr/misbehaviour.rs"]
mod misbehaviour;
#[path = "support/page.rs"]
mod page;
#[path = "qr/stage.rs"]
mod stage;
#[path = "qr/threats.rs"]
mod threats;
#[path = "qr/way.rs"]
mod way;
