//! What drives the real program from outside, as many people at once would: the outside world it needs ([`outside`]), the
//! program itself, which may be killed at any moment ([`program`]), a person's browser, key and phone ([`browser`],
//! [`visitor`]), what was answered with success ([`ledger`]), and whether the database holds exactly that ([`check`]). The
//! crash test and the load driver ([`load`]) are made of it; [`fill`] puts millions of people in. Of the engine it knows a
//! line of the settings at most.

pub mod browser;
pub mod check;
pub mod dice;
pub mod fill;
pub mod ledger;
pub mod load;
pub mod outside;
pub mod program;
pub mod table;
pub mod visitor;

use super::authority::AuthorityError;

/// Why the driver itself can't go on; not a failure of the server's.
#[derive(Debug, thiserror::Error)]
pub enum DriverError {
    #[error("{what}: {error}")]
    Io { what: String, error: std::io::Error },
    #[error(transparent)]
    Authority(#[from] AuthorityError),
    #[error("the HTTP client can't be made: {0}")]
    Http(#[from] reqwest::Error),
    #[error("the database: {0}")]
    Database(#[from] sqlx::Error),
    #[error("the database: {0}")]
    Store(#[from] crate::server::store::StoreError),
    /// The program ended, or didn't become ready; its last words.
    #[error("the program: {0}")]
    Program(String),
    #[error("{0}")]
    Other(String),
}

impl DriverError {
    pub(crate) fn io(what: impl std::fmt::Display) -> impl FnOnce(std::io::Error) -> Self {
        move |error| Self::Io {
            what: what.to_string(),
            error,
        }
    }
}
