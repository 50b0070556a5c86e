//! Regions, districts and settlements of the KATO classifier: brought in by `cabinet import-kato`, kept in the database, held
//! in memory whole (16 thousand rows) and searched there. A suggestion is only that: what a person types always stands.

pub mod classifier;
mod naming;
mod search;

pub use search::{Directory, MOST_FOUND};

use super::Core;
use super::accounts::session;
use super::registers::kazpost::{Indexed, LONGEST_ADDRESS};
use super::store::{PlaceStore, StoreError};
use crate::api::addresses::{Addresses, FoundPlace, PlaceQuery};
use crate::api::{ApiError, Caller, Nothing};
use crate::domain::address::{Address, Region};
use crate::domain::form::{Field, FieldError, Problem};
use crate::domain::lang::Lang;
use async_trait::async_trait;
use classifier::{ClassifierError, Reading};
use std::io::Read;
use std::sync::{Arc, PoisonError, RwLock};

/// A row of the classifier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Nine digits: AB region, CD district or city, EF rural district, HIJ settlement.
    pub code: String,
    /// As the classifier shortens it, `Абыралы а.`; absent in tables that have Russian names alone.
    pub name_kk: Option<String>,
    /// `с.Абралы`
    pub name_ru: String,
}

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error("this is no KATO table: {0}")]
    Classifier(#[from] ClassifierError),
    /// The first refused row stands for the others.
    #[error(
        "{refused} of {rows} rows can't be read, more than one in twenty (line {line}: {why}); nothing was changed"
    )]
    Broken {
        refused: usize,
        rows: usize,
        line: usize,
        why: classifier::RowFault,
    },
    #[error("{0}")]
    Read(#[from] std::io::Error),
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// Reads a table and puts it in the place of the one there was.
///
/// # Errors
/// [`ImportError`]; nothing is changed then.
pub async fn import(store: &(impl PlaceStore + ?Sized), mut file: impl Read) -> Result<Reading, ImportError> {
    let mut table = Vec::new();
    file.read_to_end(&mut table)?;
    let reading = classifier::read(&table)?;
    let rows = reading.places.len() + reading.refused.len();
    if let Some(first) = reading.refused.first()
        && reading.refused.len() * 20 > rows
    {
        return Err(ImportError::Broken {
            refused: reading.refused.len(),
            rows,
            line: first.line,
            why: first.why,
        });
    }
    store.replace_places(&reading.places).await?;
    Ok(reading)
}

/// The classifier in memory, read again when the database holds a newer one.
#[derive(Default)]
pub struct Places {
    held: RwLock<(i64, Arc<Directory>)>,
}

impl Places {
    /// The classifier as it stands in the database now; empty before the first import.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn current(&self, store: &(impl PlaceStore + ?Sized)) -> Result<Arc<Directory>, StoreError> {
        let version = store.places_version().await?;
        {
            // Nothing that can panic happens under the lock.
            let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
            if held.0 == version {
                return Ok(held.1.clone());
            }
        }
        let directory = Arc::new(Directory::new(store.places().await?));
        *self.held.write().unwrap_or_else(PoisonError::into_inner) = (version, directory.clone());
        Ok(directory)
    }
}

/// Holds a proposed address against the classifier: a district that is only in other regions is refused, a code that isn't
/// the place's own is dropped. What the Fund holds already, and what the classifier doesn't know, stands.
///
/// # Errors
/// [`ApiError::Invalid`] at the district.
pub async fn hold_against(core: &Core, proposed: &mut Address, held: &Address) -> Result<(), ApiError> {
    if !proposed.country.is_empty() || proposed.is_in_the_place_of(held) {
        return Ok(());
    }
    let directory = core.places.current(&*core.store).await?;
    if let Some(regions) = directory.elsewhere(proposed) {
        let wrong = FieldError {
            field: Field::District,
            problem: Problem::OtherRegion { regions },
        };
        return Err(ApiError::Invalid { fields: vec![wrong] });
    }
    if !directory.confirms(proposed) {
        proposed.kato.clear();
    }
    Ok(())
}

/// The names of ISO 3166-1 that somebody lives under, Kazakhstan apart, as the Unicode CLDR has them but for a few that are
/// called otherwise here; in the order of the alphabet.
fn countries(lang: Lang) -> impl Iterator<Item = &'static str> {
    match lang {
        Lang::Kk => include_str!("../../assets/countries/kk.txt"),
        Lang::Ru => include_str!("../../assets/countries/ru.txt"),
        Lang::En => include_str!("../../assets/countries/en.txt"),
    }
    .lines()
}

pub struct AddressesService {
    core: Arc<Core>,
}

impl AddressesService {
    #[must_use]
    pub fn new(core: Arc<Core>) -> Self {
        Self { core }
    }
}

#[async_trait]
impl Addresses for AddressesService {
    async fn suggest_places(&self, caller: &Caller, input: PlaceQuery) -> Result<Vec<FoundPlace>, ApiError> {
        session::require(&self.core, caller).await?;
        let directory = self.core.places.current(&*self.core.store).await?;
        Ok(directory.find(&input.region, &input.text, caller.lang))
    }

    async fn countries(&self, caller: &Caller, _: Nothing) -> Result<Vec<String>, ApiError> {
        session::require(&self.core, caller).await?;
        Ok(countries(caller.lang).map(str::to_owned).collect())
    }

    async fn suggest_postcodes(&self, caller: &Caller, input: PlaceQuery) -> Result<Vec<String>, ApiError> {
        session::require(&self.core, caller).await?;
        let region = Region::by_code(&input.region);
        let Some(region) = region.filter(|_| input.text.chars().count() <= LONGEST_ADDRESS) else {
            return Ok(Vec::new());
        };
        let parts = [region.kk]
            .into_iter()
            .chain(input.text.split(", ").filter(|part| !part.is_empty()));
        let found = self
            .core
            .kazpost
            .suggest(&parts.collect::<Vec<_>>().join(", "))
            .await;
        let line = |found: &Indexed| [found.postcode.as_str(), " ", found.address(caller.lang)].concat();
        Ok(found.iter().map(line).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::lang::Lang;
    use crate::samples;
    use crate::server::fixture;

    const SMALL: &str = "code;name\n100000000;область Абай\n103400000;Абайский район\n103430000;Архатский с.о.\n\
        103430100;с.Архат\n";

    #[tokio::test]
    async fn an_import_replaces_what_there_was_and_every_server_notices() {
        let house = fixture::House::new().await;
        let store = &*house.store;
        let places = Places::default();
        assert!(
            places
                .current(store)
                .await
                .unwrap()
                .find("", "архат", Lang::Ru)
                .is_empty()
        );
        let reading = import(store, SMALL.as_bytes()).await.unwrap();
        assert_eq!((reading.places.len(), reading.refused.len()), (4, 0));
        let found = places.current(store).await.unwrap().find("", "архат", Lang::Ru);
        assert_eq!(found.len(), 1);
        let other = SMALL.replace("с.Архат", "с.Дегелен");
        import(store, other.as_bytes()).await.unwrap();
        let now = places.current(store).await.unwrap();
        assert!(now.find("", "дегелен", Lang::Ru).len() == 1);
        assert!(now.find("", "архат", Lang::Ru).is_empty());
    }

    #[tokio::test]
    async fn a_broken_table_changes_nothing() {
        let house = fixture::House::new().await;
        let store = &*house.store;
        import(store, SMALL.as_bytes()).await.unwrap();
        let broken = format!("{SMALL}garbage\n");
        let refused = import(store, broken.as_bytes()).await;
        assert!(
            matches!(
                refused,
                Err(ImportError::Broken {
                    refused: 1,
                    rows: 5,
                    line: 6,
                    ..
                })
            ),
            "{refused:?}"
        );
        assert_eq!(store.places().await.unwrap().len(), 4);
        assert!(matches!(
            import(store, b"nothing".as_slice()).await,
            Err(ImportError::Classifier(ClassifierError::Heading))
        ));
    }

    #[tokio::test]
    async fn a_chosen_place_is_held_against_the_classifier_and_an_unknown_one_stands() {
        let house = fixture::House::new().await;
        let held = Address::default();
        let arkhat = Address {
            region: "10".into(),
            district: "Абайский район".into(),
            settlement: "село Архат".into(),
            kato: "103430100".into(),
            ..Address::default()
        };
        let judged = async |address: &Address, held: &Address| {
            let mut address = address.clone();
            hold_against(&house.core, &mut address, held)
                .await
                .map(|()| address.kato)
        };
        assert_eq!(
            judged(&arkhat, &held).await,
            Ok(String::new()),
            "nothing to confirm it with"
        );
        import(&*house.store, SMALL.as_bytes()).await.unwrap();
        assert_eq!(judged(&arkhat, &held).await, Ok("103430100".into()));
        let other = Address {
            settlement: "село Дегелен".into(),
            ..arkhat.clone()
        };
        assert_eq!(
            judged(&other, &held).await,
            Ok(String::new()),
            "another place's code"
        );
        let elsewhere = Address {
            region: "35".into(),
            kato: String::new(),
            ..arkhat.clone()
        };
        let wrong = FieldError {
            field: Field::District,
            problem: Problem::OtherRegion {
                regions: vec!["10".into()],
            },
        };
        let refused = Err(ApiError::Invalid { fields: vec![wrong] });
        assert_eq!(judged(&elsewhere, &held).await, refused);
        assert_eq!(
            judged(&elsewhere, &elsewhere).await,
            Ok(String::new()),
            "the Fund holds it"
        );
        let unknown = Address {
            district: "Ескі ауданы".into(),
            ..elsewhere
        };
        assert_eq!(judged(&unknown, &held).await, Ok(String::new()));
    }

    #[test]
    fn the_same_countries_stand_in_each_language_once() {
        for (lang, some) in [
            (Lang::Kk, ["Германия", "Өзбекстан"]),
            (Lang::Ru, ["Германия", "Узбекистан"]),
            (Lang::En, ["Germany", "Uzbekistan"]),
        ] {
            let names: Vec<_> = countries(lang).collect();
            assert_eq!(names.len(), 242, "{lang:?}");
            let once: std::collections::HashSet<_> = names.iter().collect();
            assert_eq!(once.len(), names.len(), "{lang:?}");
            assert!(some.iter().all(|name| names.contains(name)), "{lang:?}");
            assert!(
                !names
                    .iter()
                    .any(|name| ["Қазақстан", "Казахстан", "Kazakhstan"].contains(name))
            );
        }
    }

    #[tokio::test]
    async fn the_whole_classifier_is_taken() {
        let Some(file) = samples::data("kato-2022-10-17.csv") else {
            return;
        };
        let house = fixture::House::new().await;
        let store = &*house.store;
        let reading = import(store, file.as_slice()).await.unwrap();
        assert_eq!(reading.places.len(), 16_264);
        assert_eq!(reading.refused, []);
        let directory = Places::default().current(store).await.unwrap();
        let found = directory.find("", "жамбыл", Lang::Ru);
        assert_eq!(found.len(), MOST_FOUND);
        let paths: std::collections::BTreeSet<&str> = found.iter().map(|place| place.path.as_str()).collect();
        assert_eq!(
            paths.len(),
            MOST_FOUND,
            "one name, many places: the path tells them apart"
        );
    }
}
