//! Puts the demo's people into the Fund's record and opens their accounts: at first start, and again at the control port's
//! reset. What hasn't changed isn't written.

use super::people::{self, DemoPerson, PASSWORD};
use crate::api::contacts::UnreachedKind;
use crate::domain::iin::Iin;
use crate::server::Core;
use crate::server::accounts::password;
use crate::server::cookies::Cookie;
use crate::server::places::{self, ImportError};
use crate::server::store::StoreError;
use crate::server::store::fund::{FundRecord, ReturnReason, ReturnedRow};
use crate::server::world::sha256;
use std::sync::Arc;

#[derive(Debug, thiserror::Error)]
pub enum SeedError {
    #[error("the demo's people can't be put into the database: {0}")]
    Store(#[from] StoreError),
    #[error("the demo's places can't be put into the database: {0}")]
    Places(#[from] ImportError),
    #[error("the demo's passwords can't be hashed")]
    Password,
}

/// In the columns of the official table, Kazakh and Russian.
const PLACES: &str = include_str!("places.csv");

/// The way into the running server's store.
pub struct Seed {
    core: Arc<Core>,
}

impl Seed {
    #[must_use]
    pub fn new(core: Arc<Core>) -> Self {
        Self { core }
    }

    /// # Errors
    /// [`SeedError`].
    pub async fn plant(&self, people: &[DemoPerson]) -> Result<(), SeedError> {
        let store = &self.core.store;
        for person in people {
            let Some(fund) = &person.fund else { continue };
            let held = store.fund_record(person.iin()).await?;
            let mut record = as_stored(fund);
            record.version = held.as_ref().map_or(0, |held| held.version);
            if held.as_ref() != Some(&record) {
                store.put_fund_record(&record).await?;
            }
            // Nobody is asked about what came back in an earlier test.
            let back: Vec<_> = store
                .unreached(person.iin())
                .await?
                .into_iter()
                .map(|back| back.kind)
                .collect();
            if !back.is_empty() {
                let now = self.core.world.now();
                store.still_reached(person.iin(), &back, now, "reset").await?;
            }
            if held.is_none() && person.has_password {
                store.set_password(person.iin(), &self.hashed().await?).await?;
            }
        }
        Ok(())
    }

    /// An excerpt of the classifier, where no other was imported.
    ///
    /// # Errors
    /// [`SeedError`].
    pub async fn plant_places(&self) -> Result<(), SeedError> {
        let store = &self.core.store;
        if store.places_version().await? == 0 {
            places::import(&**store, PLACES.as_bytes()).await?;
        }
        Ok(())
    }

    /// A letter of the Fund to this person came back.
    ///
    /// # Errors
    /// [`SeedError::Store`].
    pub async fn letter_returned(&self, iin: &Iin) -> Result<(), SeedError> {
        let row = ReturnedRow {
            iin: iin.clone(),
            kind: UnreachedKind::Post,
            contact: String::new(),
            at: self.core.world.now(),
            reason: ReturnReason::Moved,
        };
        self.core.store.import_returned(&[row]).await?;
        Ok(())
    }

    /// Has the cabinet remember a browser for this person, as after a code: its cookie's name and value. Of somebody the Fund
    /// doesn't know the cookie is one that nothing fits.
    ///
    /// # Errors
    /// [`SeedError::Store`].
    pub async fn remember(&self, iin: &Iin) -> Result<(&'static str, String), SeedError> {
        let core = &self.core;
        let secret = core.world.secret();
        if core.store.person(iin).await?.is_some() {
            let now = core.world.now();
            core.store.remember(iin, &sha256(&secret), None, now).await?;
        }
        Ok((Cookie::Remembered.name(&core.config), secret))
    }

    /// What the cabinet remembers of the registers goes: between two tests nothing stays.
    pub fn forget_registers(&self) {
        self.core.registers.forget();
    }

    async fn hashed(&self) -> Result<String, SeedError> {
        let (salt, pepper) = (self.core.world.bytes::<16>(), self.core.keys.pepper);
        tokio::task::spawn_blocking(move || password::hash(PASSWORD, &salt, &pepper))
            .await
            .map_err(|_| SeedError::Password)?
            .map_err(|_| SeedError::Password)
    }
}

fn as_stored(fund: &people::FundRecord) -> FundRecord {
    // The numbers are Latin letters and digits.
    let masked = |number: &str| format!("•••• {}", &number[number.len().saturating_sub(4)..]);
    FundRecord {
        person: fund.person.clone(),
        requisites: fund.requisites.clone(),
        version: 0,
        changed_at: fund.changed_at,
        accounts: fund.accounts.clone(),
        bank_account_masked: fund.bank_account.map(masked),
    }
}
