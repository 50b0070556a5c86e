//! Parts of pages: the form's four blocks, the panel of changes, signing by EDS and by QR, and how a trouble is shown.

pub mod address;
pub mod again;
pub mod changes;
pub mod contract;
pub mod document;
pub mod eds;
pub mod entry;
pub mod panel;
pub mod phones;
pub mod places;
pub mod plain;
pub mod postcode;
pub mod proof;
pub mod qr;
pub mod reach;
pub mod second_step;
pub mod trouble;
pub mod windows;
