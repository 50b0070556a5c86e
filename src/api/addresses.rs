//! Suggestions while an address is typed: places of the KATO classifier, postal indexes of «Қазпошта».

use super::{ApiError, Nothing};
#[cfg(feature = "ssr")]
use super::{Caller, services::here};
use crate::domain::reading::reads;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlaceQuery {
    /// [`crate::domain::address::Region::code`]; empty for all.
    pub region: String,
    /// Of places: any part of a name, in Kazakh or Russian.
    pub text: String,
}

/// A place, ready for the fields of the form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FoundPlace {
    /// Nine digits of KATO.
    pub code: String,
    pub region: String,
    pub district: String,
    /// Empty for a district or a city.
    pub settlement: String,
    /// From the region down, for people to tell equal names apart.
    pub path: String,
}

reads!(FoundPlace {
    code,
    region,
    district,
    settlement,
    path,
});

/// At most ten; none where the operator has imported no classifier.
#[server(name = SuggestPlaces, prefix = "/api", endpoint = "addresses/suggest_places", input = Json, output = Json)]
pub async fn suggest_places(input: PlaceQuery) -> Result<Vec<FoundPlace>, ApiError> {
    let (services, caller) = here()?;
    services.addresses.suggest_places(&caller, input).await
}

/// The postal indexes an address may have, `M03A5B9 Қарағанды облысы, …`: the index, a space, whose it is. `text` is the address
/// from the district down. At most five; none where the directory isn't connected or doesn't answer.
#[server(name = SuggestPostcodes, prefix = "/api", endpoint = "addresses/suggest_postcodes", input = Json, output = Json)]
pub async fn suggest_postcodes(input: PlaceQuery) -> Result<Vec<String>, ApiError> {
    let (services, caller) = here()?;
    services.addresses.suggest_postcodes(&caller, input).await
}

/// The countries and territories a person may live in, Kazakhstan apart, by their names in the page's language, in its
/// alphabet's order.
#[server(name = Countries, prefix = "/api", endpoint = "addresses/countries", input = Json, output = Json)]
pub async fn countries(input: Nothing) -> Result<Vec<String>, ApiError> {
    let (services, caller) = here()?;
    services.addresses.countries(&caller, input).await
}

#[cfg(feature = "ssr")]
#[async_trait::async_trait]
pub trait Addresses: Send + Sync {
    async fn suggest_places(&self, caller: &Caller, input: PlaceQuery) -> Result<Vec<FoundPlace>, ApiError>;
    async fn suggest_postcodes(&self, caller: &Caller, input: PlaceQuery) -> Result<Vec<String>, ApiError>;
    async fn countries(&self, caller: &Caller, input: Nothing) -> Result<Vec<String>, ApiError>;
}
