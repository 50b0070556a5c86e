//! Postal addresses: the twenty regions of the KATO classifier (their first two digits, equal to ISO 3166-2) and an address
//! as the Fund keeps it.

use super::lang::Lang;
use super::letters::lower_case;
use super::reading::reads;
use serde::{Deserialize, Serialize};

/// A region or a city of republican significance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Region {
    /// The first two digits of the KATO code.
    pub code: &'static str,
    pub kk: &'static str,
    pub ru: &'static str,
    pub en: &'static str,
}

macro_rules! regions {
    ($($code:literal $kk:literal $ru:literal $en:literal)*) => {
        /// All twenty, in the order of their codes.
        pub static REGIONS: [Region; 20] = [$(Region { code: $code, kk: $kk, ru: $ru, en: $en }),*];
    };
}

regions! {
    "10" "Абай облысы" "область Абай" "Abai Region"
    "11" "Ақмола облысы" "Акмолинская область" "Akmola Region"
    "15" "Ақтөбе облысы" "Актюбинская область" "Aktobe Region"
    "19" "Алматы облысы" "Алматинская область" "Almaty Region"
    "23" "Атырау облысы" "Атырауская область" "Atyrau Region"
    "27" "Батыс Қазақстан облысы" "Западно-Казахстанская область" "West Kazakhstan Region"
    "31" "Жамбыл облысы" "Жамбылская область" "Zhambyl Region"
    "33" "Жетісу облысы" "область Жетісу" "Zhetisu Region"
    "35" "Қарағанды облысы" "Карагандинская область" "Karaganda Region"
    "39" "Қостанай облысы" "Костанайская область" "Kostanay Region"
    "43" "Қызылорда облысы" "Кызылординская область" "Kyzylorda Region"
    "47" "Маңғыстау облысы" "Мангистауская область" "Mangystau Region"
    "55" "Павлодар облысы" "Павлодарская область" "Pavlodar Region"
    "59" "Солтүстік Қазақстан облысы" "Северо-Казахстанская область" "North Kazakhstan Region"
    "61" "Түркістан облысы" "Туркестанская область" "Turkistan Region"
    "62" "Ұлытау облысы" "область Ұлытау" "Ulytau Region"
    "63" "Шығыс Қазақстан облысы" "Восточно-Казахстанская область" "East Kazakhstan Region"
    "71" "Астана қаласы" "город Астана" "Astana city"
    "75" "Алматы қаласы" "город Алматы" "Almaty city"
    "79" "Шымкент қаласы" "город Шымкент" "Shymkent city"
}

impl Region {
    #[must_use]
    pub fn by_code(code: &str) -> Option<&'static Self> {
        REGIONS.iter().find(|region| region.code == code)
    }

    #[must_use]
    pub const fn name(&self, lang: Lang) -> &'static str {
        match lang {
            Lang::Kk => self.kk,
            Lang::Ru => self.ru,
            Lang::En => self.en,
        }
    }

    /// Astana, Almaty and Shymkent: the region is the city, nothing stands between it and the street.
    #[must_use]
    pub fn is_city(&self) -> bool {
        matches!(self.code, "71" | "75" | "79")
    }
}

/// Whether this is the KATO code of a place in the region: nine digits, of which the first two are the region's.
#[must_use]
pub fn is_kato_of(code: &str, region: &str) -> bool {
    code.len() == 9
        && code.bytes().all(|digit| digit.is_ascii_digit())
        && region.len() == 2
        && code.starts_with(region)
}

/// The region that the field «district or city» surely names, though another one was chosen: by its whole name, or one of the
/// three cities that are regions themselves. Anything else may be a district of the region chosen.
#[must_use]
pub fn names_another_region(region: &str, district: &str) -> Option<&'static Region> {
    let typed = lower_case(district.trim());
    let bare = ["город", "г."]
        .into_iter()
        .find_map(|kind| typed.strip_prefix(kind));
    let bare = bare.unwrap_or(&typed);
    let bare = ["қаласы", "қ."]
        .into_iter()
        .find_map(|kind| bare.strip_suffix(kind))
        .unwrap_or(bare)
        .trim();
    REGIONS.iter().find(|other| {
        let named = [other.kk, other.ru].into_iter().any(|name| {
            let name = lower_case(name);
            name == typed || other.is_city() && name.strip_suffix(" қаласы") == Some(bare)
        });
        named && other.code != region
    })
}

/// An address as the Fund keeps it; an empty string is an absent part. What the Fund holds from former days may break
/// today's rules; what a person sends has passed [`super::form::check`].
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Address {
    /// ISO 3166-1 alpha-2 for an address abroad; empty in Kazakhstan.
    pub country: String,
    /// The lines of an address abroad, as written there.
    pub abroad: String,
    /// [`Region::code`].
    pub region: String,
    /// District or city of the region («Аудан немесе қала»).
    pub district: String,
    /// Village or settlement within a district.
    pub settlement: String,
    /// Nine digits of KATO of the place the three above name, where it was chosen from the classifier; empty where it was
    /// typed by hand.
    pub kato: String,
    pub street: String,
    pub house: String,
    pub flat: String,
    pub postcode: String,
}

reads!(Address {
    country,
    abroad,
    region,
    district,
    settlement,
    kato,
    street,
    house,
    flat,
    postcode,
});

impl Address {
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether both say the same, the code of the place apart: a code alone is no change of address.
    #[must_use]
    pub fn says_the_same(&self, other: &Self) -> bool {
        self.is_in_the_place_of(other)
            && [
                &self.country,
                &self.abroad,
                &self.street,
                &self.house,
                &self.flat,
                &self.postcode,
            ] == [
                &other.country,
                &other.abroad,
                &other.street,
                &other.house,
                &other.flat,
                &other.postcode,
            ]
    }

    /// Whether region, district and settlement are the same.
    #[must_use]
    pub fn is_in_the_place_of(&self, other: &Self) -> bool {
        [&self.region, &self.district, &self.settlement]
            == [&other.region, &other.district, &other.settlement]
    }

    /// One line, widest part first, in the language given (names other than the region's stand as they were typed):
    /// `Қарағанды облысы, Теміртау қаласы, Бейбітшілік даңғылы, 14/2, 38-пәтер, 101400`.
    #[must_use]
    pub fn line(&self, lang: Lang) -> String {
        let region = Region::by_code(&self.region).map_or(self.region.as_str(), |region| region.name(lang));
        let flat = match lang {
            _ if self.flat.is_empty() => String::new(),
            Lang::Kk => format!("{}-пәтер", self.flat),
            Lang::Ru => format!("кв. {}", self.flat),
            Lang::En => format!("flat {}", self.flat),
        };
        let parts = [
            self.country.as_str(),
            &self.abroad,
            region,
            &self.district,
            &self.settlement,
            &self.street,
            &self.house,
            &flat,
            &self.postcode,
        ];
        parts
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_are_found_by_code_and_ordered() {
        assert!(REGIONS.is_sorted_by_key(|region| region.code));
        assert_eq!(
            Region::by_code("35").map(|r| r.name(Lang::Kk)),
            Some("Қарағанды облысы")
        );
        assert_eq!(Region::by_code("99"), None);
        assert_eq!(REGIONS.iter().filter(|r| r.is_city()).count(), 3);
    }

    #[test]
    fn a_code_of_kato_begins_with_its_region() {
        assert!(is_kato_of("352310000", "35"));
        for (code, region) in [
            ("352310000", "71"),
            ("35231000", "35"),
            ("35231000а", "35"),
            ("352310000", ""),
            ("", ""),
        ] {
            assert!(!is_kato_of(code, region), "{code} {region}");
        }
    }

    #[test]
    fn a_district_that_names_another_region_is_known() {
        let named = |region, district| names_another_region(region, district).map(|region| region.code);
        for district in [
            "Шымкент",
            "г. Шымкент",
            "г.Шымкент",
            "город Шымкент",
            "Шымкент қаласы",
            "шымкент қ.",
        ] {
            assert_eq!(named("61", district), Some("79"), "{district}");
        }
        assert_eq!(named("63", "область Абай"), Some("10"));
        assert_eq!(named("63", "Абай облысы"), Some("10"));
        for (region, district) in [
            ("79", "Шымкент қаласы"),
            ("71", "Алматы ауданы"),
            ("10", "Абай ауданы"),
            ("61", "Түркістан қаласы"),
            ("35", "Теміртау қаласы"),
            ("35", ""),
        ] {
            assert_eq!(named(region, district), None, "{district}");
        }
    }

    #[test]
    fn a_code_alone_is_no_other_address() {
        let typed = Address {
            region: "35".into(),
            district: "Теміртау қаласы".into(),
            ..Address::default()
        };
        let chosen = Address {
            kato: "352310000".into(),
            ..typed.clone()
        };
        assert!(chosen.says_the_same(&typed) && chosen != typed);
        let moved = Address {
            house: "1".into(),
            ..chosen.clone()
        };
        assert!(!moved.says_the_same(&chosen) && moved.is_in_the_place_of(&chosen));
    }

    #[test]
    fn a_line_leaves_absent_parts_out() {
        let address = Address {
            region: "35".into(),
            district: "Теміртау қаласы".into(),
            street: "Бейбітшілік даңғылы".into(),
            house: "14/2".into(),
            flat: "38".into(),
            ..Address::default()
        };
        assert_eq!(
            address.line(Lang::Kk),
            "Қарағанды облысы, Теміртау қаласы, Бейбітшілік даңғылы, 14/2, 38-пәтер"
        );
        assert_eq!(Address::default().line(Lang::Ru), "");
    }
}
