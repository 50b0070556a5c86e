//! Signing a frozen application: by EDS, or by QR with eGov Mobile.

pub mod egov_mobile;
