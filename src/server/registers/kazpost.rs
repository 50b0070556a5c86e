//! The postal directory of «Қазпошта» (`api.post.kz`), where it is connected: postal indexes for an address being typed, as
//! suggestions alone. `GET /api/byAddress/{text}?from=0` answers `{data: […], total, from}`; items hold `postcode`,
//! `addressRus`, `addressKaz` (not always) and `fullAddress.oldPostcode`; the first may be empty. Nobody waits for it long:
//! one try of two seconds, a rest after failures, answers remembered for a while.

use crate::domain::lang::Lang;
use crate::domain::postcode::Postcode;
use crate::domain::time::Timestamp;
use crate::server::outgoing::{Outgoing, System};
use crate::server::world::World;
use serde::Deserialize;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// As many as a person looks over.
pub const MOST_FOUND: usize = 5;
const TIME_OUT: Duration = Duration::from_secs(2);
const MAX_BYTES: usize = 256 * 1024;
/// Of an address; longer ones are neither asked about nor shown.
pub const LONGEST_ADDRESS: usize = 300;
const FAILURES_TO_REST: u32 = 3;
const REST_SECONDS: i64 = 60;
const REMEMBERED_SECONDS: i64 = 3600;
const REMEMBERED_AT_MOST: usize = 1000;

/// An index and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Indexed {
    pub postcode: Postcode,
    address_kk: String,
    address_ru: String,
}

impl Indexed {
    #[must_use]
    pub fn address(&self, lang: Lang) -> &str {
        match lang {
            Lang::Kk if !self.address_kk.is_empty() => &self.address_kk,
            _ if self.address_ru.is_empty() => &self.address_kk,
            _ => &self.address_ru,
        }
    }
}

/// Why there is no answer. Nothing of the address stands in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KazpostTrouble {
    #[error("not reachable, or no answer in time")]
    Unreachable,
    #[error("HTTP status {0}")]
    Http(u16),
    #[error("the answer is larger than agreed")]
    TooLarge,
    #[error("the answer isn't in the agreed shape")]
    Shape,
}

/// The directory: an address in one line, the indexes it may have.
#[async_trait::async_trait]
pub trait PostalDirectory: Send + Sync {
    async fn by_address(&self, address: &str) -> Result<Vec<Indexed>, KazpostTrouble>;
}

/// The real one.
pub struct ApiPostKz {
    base: reqwest::Url,
    http: Outgoing,
}

impl ApiPostKz {
    /// `None` for what is no address of a server.
    #[must_use]
    pub fn new(url: &str, http: Outgoing) -> Option<Self> {
        let base = reqwest::Url::parse(url)
            .ok()
            .filter(|url| !url.cannot_be_a_base())?;
        Some(Self { base, http })
    }
}

#[derive(Deserialize)]
struct Answer {
    data: Vec<Item>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Item {
    postcode: Option<String>,
    address_rus: Option<String>,
    address_kaz: Option<String>,
    full_address: Option<FullAddress>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FullAddress {
    old_postcode: Option<String>,
}

#[async_trait::async_trait]
impl PostalDirectory for ApiPostKz {
    async fn by_address(&self, address: &str) -> Result<Vec<Indexed>, KazpostTrouble> {
        let mut url = self.base.clone();
        url.path_segments_mut()
            .map_err(|()| KazpostTrouble::Unreachable)?
            .pop_if_empty()
            .extend(["api", "byAddress", address]);
        url.set_query(Some("from=0"));
        let asked = self.http.get(url).timeout(TIME_OUT);
        let answer = self.http.send(System::Kazpost, asked).await;
        let mut answer = answer.map_err(|_| KazpostTrouble::Unreachable)?;
        if answer.status() != 200 {
            return Err(KazpostTrouble::Http(answer.status().as_u16()));
        }
        let mut bytes = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(|_| KazpostTrouble::Unreachable)? {
            if bytes.len() + chunk.len() > MAX_BYTES {
                return Err(KazpostTrouble::TooLarge);
            }
            bytes.extend_from_slice(&chunk);
        }
        let answer: Answer = serde_json::from_slice(&bytes).map_err(|_| KazpostTrouble::Shape)?;
        let mut found: Vec<Indexed> = Vec::new();
        for item in answer.data.into_iter().filter_map(indexed) {
            if found.len() < MOST_FOUND && !found.contains(&item) {
                found.push(item);
            }
        }
        Ok(found)
    }
}

/// The new index of the building, else the old one of the office; nothing without an address to tell it by.
fn indexed(item: Item) -> Option<Indexed> {
    let old = item.full_address.and_then(|full| full.old_postcode);
    let codes = [item.postcode, old].into_iter().flatten();
    let postcode = codes.filter_map(|code| Postcode::parse(&code).ok()).next()?;
    let clean = |address: Option<String>| {
        let address = address.unwrap_or_default();
        let fits = address.chars().count() <= LONGEST_ADDRESS && !address.chars().any(char::is_control);
        if fits {
            address.trim().to_owned()
        } else {
            String::new()
        }
    };
    let (address_kk, address_ru) = (clean(item.address_kaz), clean(item.address_rus));
    (!address_kk.is_empty() || !address_ru.is_empty()).then_some(Indexed {
        postcode,
        address_kk,
        address_ru,
    })
}

/// The directory as the form asks it; nobody is asked where none is connected.
pub struct Kazpost {
    directory: Option<Arc<dyn PostalDirectory>>,
    world: World,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    failures: u32,
    rests_until: Option<Timestamp>,
    remembered: HashMap<String, (Timestamp, Vec<Indexed>)>,
}

impl Kazpost {
    /// As configured.
    #[must_use]
    pub fn open(url: Option<&str>, http: &Outgoing, world: &World) -> Self {
        let directory = url.and_then(|url| ApiPostKz::new(url, http.clone()));
        Self::new(directory.map(|directory| Arc::new(directory) as _), world.clone())
    }

    #[must_use]
    pub fn new(directory: Option<Arc<dyn PostalDirectory>>, world: World) -> Self {
        Self {
            directory,
            world,
            state: Mutex::default(),
        }
    }

    /// The indexes an address may have; none when the directory says nothing, for whatever reason.
    pub async fn suggest(&self, address: &str) -> Vec<Indexed> {
        let Some(directory) = &self.directory else {
            return Vec::new();
        };
        let now = self.world.now();
        {
            let state = self.state();
            if let Some((at, known)) = state.remembered.get(address)
                && *at >= now.plus_seconds(-REMEMBERED_SECONDS)
            {
                return known.clone();
            }
            if state.rests_until.is_some_and(|end| now < end) {
                return Vec::new();
            }
        }
        match directory.by_address(address).await {
            Ok(found) => {
                let mut state = self.state();
                state.failures = 0;
                if state.remembered.len() >= REMEMBERED_AT_MOST {
                    state.remembered.clear();
                }
                state.remembered.insert(address.to_owned(), (now, found.clone()));
                found
            }
            Err(trouble) => {
                tracing::warn!(%trouble, "Kazpost gave no answer");
                let mut state = self.state();
                state.failures += 1;
                if state.failures >= FAILURES_TO_REST {
                    state.failures = 0;
                    state.rests_until = Some(now.plus_seconds(REST_SECONDS));
                }
                Vec::new()
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // As in `steady`: each change is whole.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(all(test, feature = "demo"))]
mod tests;
