//! «Менің деректемелерім»: what the Fund holds now.

use super::{ApiError, Nothing};
#[cfg(feature = "ssr")]
use super::{Caller, services::here};
use crate::domain::reading::reads;
use crate::domain::requisites::Requisites;
use crate::domain::time::{Date, Timestamp};
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use serde::{Deserialize, Serialize};

/// The Fund's record of the person signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    pub full_name: String,
    pub iin_masked: String,
    pub birth_date: Date,
    pub requisites: Requisites,
    /// When the requisites were last changed; absent if never.
    pub changed_at: Option<Timestamp>,
    pub accounts: Vec<Account>,
    /// The bank details the Fund holds (account number masked), which this service doesn't change.
    pub bank_account_masked: Option<String>,
    /// A new contact is suspended for codes; the owner lifts that by EDS.
    pub contacts_suspended: bool,
    /// The time of this answer.
    pub as_of: Timestamp,
}

reads!(Record {
    full_name,
    iin_masked,
    birth_date,
    requisites,
    changed_at,
    accounts,
    bank_account_masked,
    contacts_suspended,
    as_of,
});

/// An individual pension account: the guide's «Хабарландыру атауы, нөмірі және түрі», each as the Fund's system gives it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    pub number: String,
    pub contribution: Contribution,
    pub basis_name: Option<String>,
    pub basis_number: Option<String>,
    pub notification_kind: Option<String>,
    pub opened_on: Date,
}

reads!(Account {
    number,
    contribution,
    basis_name,
    basis_number,
    notification_kind,
    opened_on,
});

/// The kind of contributions: МЗЖ, МКЗЖ, ЕЗЖ, ЖМЗЖ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Contribution {
    Mandatory,
    MandatoryOccupational,
    Voluntary,
    EmployersMandatory,
}

reads!(Contribution:
    "mandatory" => Mandatory,
    "mandatory_occupational" => MandatoryOccupational,
    "voluntary" => Voluntary,
    "employers_mandatory" => EmployersMandatory,
);

#[server(name = MyRecord, prefix = "/api", endpoint = "records/my_record", input = Json, output = Json)]
pub async fn my_record(input: Nothing) -> Result<Record, ApiError> {
    let (services, caller) = here()?;
    services.records.my_record(&caller, input).await
}

#[cfg(feature = "ssr")]
#[async_trait::async_trait]
pub trait Records: Send + Sync {
    async fn my_record(&self, caller: &Caller, input: Nothing) -> Result<Record, ApiError>;
}
