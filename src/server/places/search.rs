//! Finds places by any part of their names, letters folded: a person who types «каскелен» means Қаскелең. Everything is
//! compared in memory; what begins as typed comes first, wider places before narrower ones.

use super::{Place, naming};
use crate::api::addresses::FoundPlace;
use crate::domain::address::{Address, Region};
use crate::domain::lang::Lang;
use crate::domain::letters::lower;
use std::collections::HashMap;

/// As many as a person reads.
pub const MOST_FOUND: usize = 10;
/// Longer questions are cut: no name is.
const LONGEST_QUESTION: usize = 100;

/// The classifier, ready to be searched.
#[derive(Default)]
pub struct Directory {
    entries: Vec<Entry>,
}

struct Entry {
    code: String,
    /// In Kazakh and in Russian.
    shown: [Shown; 2],
    /// The own names in both languages, folded: `село абралы`.
    own: [String; 2],
    /// The whole paths, folded.
    paths: [String; 2],
    /// 2 districts and cities, 4 settlements.
    level: u8,
}

#[derive(Clone, Default)]
struct Shown {
    district: String,
    settlement: String,
    path: String,
}

impl Directory {
    /// Of the rows of a classifier, in the order of their codes.
    #[must_use]
    pub fn new(places: Vec<Place>) -> Self {
        let by_code: HashMap<&str, &Place> =
            places.iter().map(|place| (place.code.as_str(), place)).collect();
        let entries = places.iter().filter_map(|place| entry(place, &by_code)).collect();
        Self { entries }
    }

    /// The places that fit, at most [`MOST_FOUND`], of one region or (empty) of all. Every word must stand in the path and
    /// at least one in the place's own name; an empty text finds the districts and cities.
    #[must_use]
    pub fn find(&self, region: &str, text: &str, lang: Lang) -> Vec<FoundPlace> {
        let question: String = text.chars().take(LONGEST_QUESTION).collect();
        let question = folded(&question);
        let words: Vec<&str> = question.split_whitespace().collect();
        let language = usize::from(lang != Lang::Kk);
        let mut found: Vec<((u8, u8, usize), &Entry)> = self
            .entries
            .iter()
            .filter(|entry| entry.code.starts_with(region))
            .filter_map(|entry| Some((entry.rank(&words)?, entry)))
            .collect();
        let order = |(rank, entry): &((u8, u8, usize), &Entry)| (*rank, entry.code.clone());
        if found.len() > MOST_FOUND {
            found.select_nth_unstable_by_key(MOST_FOUND, order);
            found.truncate(MOST_FOUND);
        }
        found.sort_by_key(order);
        found
            .into_iter()
            .map(|(_, entry)| {
                let shown = entry.shown[language].clone();
                FoundPlace {
                    code: entry.code.clone(),
                    region: entry.code[..2].to_owned(),
                    district: shown.district,
                    settlement: shown.settlement,
                    path: shown.path,
                }
            })
            .collect()
    }
}

impl Directory {
    /// The regions in which districts or cities of this name are, when the region chosen isn't among them. A name the
    /// classifier doesn't have says nothing.
    #[must_use]
    pub fn elsewhere(&self, address: &Address) -> Option<Vec<String>> {
        let district = folded(&address.district);
        let mut regions: Vec<&str> = self
            .entries
            .iter()
            .filter(|entry| entry.level == 2 && entry.own.contains(&district))
            .map(|entry| &entry.code[..2])
            .collect();
        regions.dedup();
        let is_elsewhere = !regions.is_empty() && !regions.contains(&address.region.as_str());
        is_elsewhere.then(|| regions.into_iter().map(ToOwned::to_owned).collect())
    }

    /// Whether the code is of the very place that district and settlement name, in either language.
    #[must_use]
    pub fn confirms(&self, address: &Address) -> bool {
        let found = self
            .entries
            .binary_search_by(|entry| entry.code.as_str().cmp(&address.kato));
        found.is_ok_and(|at| {
            self.entries[at]
                .shown
                .iter()
                .any(|shown| shown.district == address.district && shown.settlement == address.settlement)
        })
    }
}

impl Entry {
    /// The lower the better: how the name was met, how wide the place is, how long its name.
    fn rank(&self, words: &[&str]) -> Option<(u8, u8, usize)> {
        if words.is_empty() {
            return (self.level == 2).then_some((0, 0, 0));
        }
        (0..2)
            .filter_map(|language| {
                let (own, path) = (&self.own[language], &self.paths[language]);
                if !words.iter().all(|word| path.contains(word)) {
                    return None;
                }
                let met = words.iter().filter_map(|word| met(own, word)).min()?;
                Some((met, self.level, own.len()))
            })
            .min()
    }
}

/// 0 a whole word of the name, 1 the beginning of one, 2 a part inside one.
fn met(own: &str, word: &str) -> Option<u8> {
    let mut best = None;
    for part in own.split(' ') {
        let rank = if part == word {
            0
        } else if part.starts_with(word) {
            1
        } else if part.contains(word) {
            2
        } else {
            continue;
        };
        best = Some(best.map_or(rank, |best: u8| best.min(rank)));
    }
    best
}

fn entry(place: &Place, by_code: &HashMap<&str, &Place>) -> Option<Entry> {
    let code = &place.code;
    let region = Region::by_code(code.get(..2)?)?;
    let above = |length: usize| {
        let above = format!("{:0<9}", &code[..length]);
        (above != *code)
            .then(|| by_code.get(above.as_str()).copied())
            .flatten()
    };
    if code.ends_with("0000000") {
        return None;
    }
    let wide = code.ends_with("00000");
    let (district, rural) = (
        above(4),
        above(6).filter(|rural| !wide && !naming::is_city_administration(&rural.name_ru)),
    );
    let administration = naming::is_city_administration(&place.name_ru);
    let rural_level = !wide && code.ends_with("000");
    let city = naming::is_city(&place.name_ru);
    // The city itself stands a level below its administration, and is what people live in; of a rural district only the
    // settlements are. The districts of Astana, Almaty and Shymkent are numbered like rural ones.
    if (rural_level && !city && !region.is_city()) || (administration && has_city(code, by_code)) {
        return None;
    }
    let shown = [Lang::Kk, Lang::Ru].map(|lang| {
        let whole = |place: &Place| match (&place.name_kk, lang) {
            (Some(kk), Lang::Kk) => naming::whole_kk(kk),
            _ => naming::whole_ru(&place.name_ru),
        };
        let city_of = |place: &Place| match (&place.name_kk, lang) {
            (Some(kk), Lang::Kk) => naming::whole_kk(&format!("{} қ.", naming::bare_kk(kk))),
            _ => naming::whole_ru(&format!("г.{}", naming::bare_ru(&place.name_ru))),
        };
        let of_city = district.filter(|district| naming::is_city_administration(&district.name_ru));
        let (district, settlement) = match (district, of_city) {
            _ if administration => (city_of(place), String::new()),
            (Some(_), Some(_)) if rural_level && city => (whole(place), String::new()),
            (Some(_), Some(administration)) => (city_of(administration), whole(place)),
            (Some(district), None) => (whole(district), whole(place)),
            (None, _) => (whole(place), String::new()),
        };
        let rural = rural
            .map(whole)
            .filter(|rural| *rural != settlement && *rural != district);
        let parts = [
            Some(region.name(lang).to_owned()),
            Some(district.clone()),
            rural,
            Some(settlement.clone()).filter(|name| !name.is_empty()),
        ];
        let path = parts.into_iter().flatten().collect::<Vec<_>>().join(", ");
        Shown {
            district,
            settlement,
            path,
        }
    });
    let own = [0, 1].map(|language: usize| {
        let shown = &shown[language];
        folded(if shown.settlement.is_empty() {
            &shown.district
        } else {
            &shown.settlement
        })
    });
    let paths = [0, 1].map(|language: usize| folded(&shown[language].path));
    let level = if shown[0].settlement.is_empty() { 2 } else { 4 };
    Some(Entry {
        code: code.clone(),
        shown,
        own,
        paths,
        level,
    })
}

/// Whether a city stands right below this administration.
fn has_city(code: &str, by_code: &HashMap<&str, &Place>) -> bool {
    (1..=99).any(|rural| {
        let below = format!("{}{rural:02}000", &code[..4]);
        by_code
            .get(below.as_str())
            .is_some_and(|place| naming::is_city(&place.name_ru))
    })
}

/// In lower case, Kazakh letters as people without a Kazakh keyboard type them, marks between words as spaces.
fn folded(text: &str) -> String {
    let folded: String = text
        .chars()
        .map(|c| match lower(c) {
            'ә' => 'а',
            'ғ' => 'г',
            'қ' | 'ќ' => 'к',
            'ң' => 'н',
            'ө' => 'о',
            'ұ' | 'ү' | 'ў' => 'у',
            'һ' => 'х',
            'і' | 'ї' => 'и',
            'ё' => 'е',
            '-' | '.' | ',' | '"' | '«' | '»' | '(' | ')' => ' ',
            other => other,
        })
        .collect();
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn directory() -> Directory {
        let place = |code: &str, name_kk: Option<&str>, name_ru: &str| Place {
            code: code.into(),
            name_kk: name_kk.map(Into::into),
            name_ru: name_ru.into(),
        };
        Directory::new(vec![
            place("100000000", Some("Абай облысы"), "область Абай"),
            place("101000000", Some("Семей қ.ә."), "Семей Г.А."),
            place("101010000", Some("Семей қ."), "г.Семей"),
            place("101033000", Some("Абыралы а.о."), "Абралинский с.о."),
            place("101033100", Some("Абыралы а."), "с.Абралы"),
            place("103400000", Some("Абай ауданы"), "Абайский район"),
            place("103430000", Some("Архат а.о."), "Архатский с.о."),
            place("103430100", Some("Архат а."), "с.Архат"),
            place("190000000", None, "Алматинская область"),
            place("195200000", None, "Карасайский район"),
            place("195220000", None, "г.Каскелен"),
            place("195233000", None, "Жамбылский с.о."),
            place("195233100", None, "с.Абай"),
            place("710000000", Some("Астана қ."), "г.Астана"),
            place("711210000", Some("Есіл ауданы"), "район Есиль"),
        ])
    }

    fn paths(region: &str, text: &str, lang: Lang) -> Vec<String> {
        directory()
            .find(region, text, lang)
            .into_iter()
            .map(|place| place.path)
            .collect()
    }

    #[test]
    fn a_settlement_shows_its_whole_path_in_the_language_asked_for() {
        assert_eq!(
            paths("", "архат", Lang::Kk),
            ["Абай облысы, Абай ауданы, Архат ауылдық округі, Архат ауылы"]
        );
        assert_eq!(
            paths("", "архат", Lang::Ru),
            ["область Абай, Абайский район, Архатский сельский округ, село Архат"]
        );
    }

    #[test]
    fn a_city_stands_where_the_form_asks_for_district_or_city() {
        let found = directory().find("10", "семей", Lang::Kk);
        let city = found.first().expect("found");
        assert_eq!(
            (
                city.code.as_str(),
                city.district.as_str(),
                city.settlement.as_str()
            ),
            ("101010000", "Семей қаласы", "")
        );
        let village = directory().find("10", "абыралы", Lang::Kk);
        assert_eq!(
            village.len(),
            1,
            "the administration and the rural district aren't lived in"
        );
        assert_eq!(
            (village[0].district.as_str(), village[0].settlement.as_str()),
            ("Семей қаласы", "Абыралы ауылы")
        );
        let in_district = directory().find("19", "каскелен", Lang::Ru);
        assert_eq!(
            (
                in_district[0].district.as_str(),
                in_district[0].settlement.as_str()
            ),
            ("Карасайский район", "город Каскелен")
        );
    }

    #[test]
    fn kazakh_letters_may_be_typed_either_way() {
        assert_eq!(paths("", "Қаскелең", Lang::Kk).len(), 1);
        assert_eq!(paths("", "ЕСИЛЬ", Lang::Ru), ["город Астана, район Есиль"]);
        assert_eq!(paths("71", "есіл", Lang::Kk), ["Астана қаласы, Есіл ауданы"]);
    }

    #[test]
    fn what_begins_as_typed_comes_before_what_contains_it() {
        let found = paths("", "абай", Lang::Ru);
        assert_eq!(
            found,
            [
                "область Абай, Абайский район",
                "Алматинская область, Карасайский район, Жамбылский сельский округ, село Абай",
            ]
        );
        assert_eq!(
            paths("", "кас", Lang::Ru),
            ["Алматинская область, Карасайский район, город Каскелен"]
        );
        assert_eq!(
            paths("", "келен", Lang::Ru).len(),
            1,
            "a part inside a word is found too"
        );
    }

    #[test]
    fn words_of_the_path_narrow_the_search() {
        assert_eq!(paths("", "абай карасай", Lang::Ru).len(), 1);
        assert_eq!(paths("", "абай жетісу", Lang::Kk), [""; 0]);
        assert_eq!(paths("10", "каскелен", Lang::Ru), [""; 0]);
    }

    #[test]
    fn no_text_finds_districts_and_cities() {
        assert_eq!(
            paths("10", " ", Lang::Kk),
            ["Абай облысы, Семей қаласы", "Абай облысы, Абай ауданы"]
        );
        assert_eq!(paths("10", "%_'\"", Lang::Kk), [""; 0]);
    }
}
