//! Pure rules: no I/O, no clock of their own, compiled for the browser and for the server, so that both say the same.
//! Sources are named at each rule: the official guide of the service, laws, numbering plans, classifiers.

pub mod address;
pub mod application;
pub mod cyrillic;
pub mod eligibility;
pub mod email;
pub mod form;
pub mod identity_document;
pub mod iin;
pub mod json;
pub mod lang;
pub mod letters;
pub mod person;
pub mod phone;
pub mod postcode;
pub mod puzzle;
pub mod reading;
pub mod requisites;
pub mod time;
