//! From the register's `person` to the domain's record. Dictionary values are `{code, nameRu, nameKz, changeDate}`; codes not
//! documented are never guessed: life, capacity and a document's state count as confirmed only by what is known to confirm.

use super::super::RegisterTrouble;
use super::super::xml::Element;
use crate::domain::address::{Address, REGIONS, Region};
use crate::domain::eligibility::{Capacity, Life, RegisterRecord};
use crate::domain::form::asks_settlement;
use crate::domain::identity_document::{DocumentKind, IdentityDocument, Named, RegisteredDocument};
use crate::domain::iin::Iin;
use crate::domain::person::Person;
use crate::domain::time::{Date, Timestamp};

pub(super) fn record(person: &Element, iin: &Iin, today: Date) -> Result<RegisterRecord, RegisterTrouble> {
    let missing = RegisterTrouble::Shape;
    let birth_date = person
        .text_of("birthDate")
        .and_then(date)
        .ok_or(missing("birthDate"))?;
    let surname = person.text_of("surname").unwrap_or_default().to_owned();
    let given_name = person.text_of("name").unwrap_or_default().to_owned();
    if surname.is_empty() && given_name.is_empty() {
        return Err(missing("name"));
    }
    Ok(RegisterRecord {
        person: Person {
            iin: iin.clone(),
            surname,
            given_name,
            patronymic: person.text_of("patronymic").map(str::to_owned),
            birth_date,
        },
        documents: person
            .child("documents")
            .map(|list| list.children.iter().filter_map(document).collect())
            .unwrap_or_default(),
        life: life(person).ok_or(missing("lifeStatus"))?,
        capacity: person
            .child("personCapableStatus")
            .map_or(Capacity::Full, |status| capacity(status, today)),
        excluded: excluded(person),
    })
}

/// `None` when the register says nothing: then the answer isn't whole, and nobody is refused for it.
fn life(person: &Element) -> Option<Life> {
    let status = person.child("lifeStatus")?;
    let dead = |name: &str| {
        person
            .child(name)
            .is_some_and(|mark| !mark.text.is_empty() || !mark.children.is_empty())
    };
    let alive = code(status) == "0" && !dead("deathDate") && !dead("deathCertificate");
    Some(if alive { Life::Alive } else { Life::NotConfirmed })
}

/// The dictionary's codes aren't published, its names are the law's words: «недееспособный», «ограниченно дееспособный».
fn capacity(status: &Element, today: Date) -> Capacity {
    let ended = status
        .text_of("capableEndDate")
        .and_then(date)
        .is_some_and(|end| end < today);
    let Some(value) = status.child("capableStatus") else {
        return if status.children.is_empty() {
            Capacity::Full
        } else {
            Capacity::NotConfirmed
        };
    };
    let ru = value.text_of("nameRu").unwrap_or_default().to_lowercase();
    let kk = value.text_of("nameKz").unwrap_or_default().to_lowercase();
    if value.children.is_empty() && value.text.is_empty() || ended {
        Capacity::Full
    } else if ru.contains("недееспособ") || kk.contains("қабілетсіз") {
        Capacity::Incapable
    } else if ru.contains("огранич") || kk.contains("шекте") {
        Capacity::Limited
    } else if ru.contains("дееспособ") || kk.contains("қабілетті") || code(value) == "0" {
        Capacity::Full
    } else {
        Capacity::NotConfirmed
    }
}

fn excluded(person: &Element) -> bool {
    let removed = person
        .text_of("removed")
        .is_some_and(|text| matches!(text.to_ascii_lowercase().as_str(), "true" | "1"));
    let status = person.child("excludeStatus").map(code).unwrap_or_default();
    removed || !matches!(status, "" | "0")
}

/// A document without kind, number or day of issue can't be shown or signed for, and is passed over.
fn document(element: &Element) -> Option<RegisteredDocument> {
    let kind = element.child("type")?;
    let issuer = element.child("issueOrganization");
    Some(RegisteredDocument {
        document: IdentityDocument {
            kind: document_kind(kind),
            series: element.text_of("series").map(str::to_owned),
            number: element.text_of("number")?.to_owned(),
            issued_on: element.text_of("beginDate").and_then(date)?,
            valid_until: match element.text_of("endDate") {
                None => None,
                // An end that can't be read is an end: the document isn't valid for ever.
                Some(text) => Some(date(text)?),
            },
            issued_by: issuer.map_or_else(
                || Named {
                    code: String::new(),
                    kk: String::new(),
                    ru: String::new(),
                },
                named,
            ),
        },
        status: element.child("status").map(code).unwrap_or_default().to_owned(),
        invalidated_on: element
            .text_of("invalidityDate")
            .map(|text| date(text).unwrap_or_else(|| Date::from_days(0))),
    })
}

fn document_kind(value: &Element) -> DocumentKind {
    let ru = value.text_of("nameRu").unwrap_or_default().to_lowercase();
    match code(value) {
        "001" => DocumentKind::Passport,
        "002" => DocumentKind::IdentityCard,
        _ if ru.contains("вид на жительство") => DocumentKind::ResidencePermit,
        _ if ru.contains("без гражданства") => DocumentKind::StatelessCard,
        other => DocumentKind::Other(other.to_owned()),
    }
}

fn named(value: &Element) -> Named {
    let name = |tag| value.text_of(tag).unwrap_or_default().to_owned();
    Named {
        code: code(value).to_owned(),
        kk: name("nameKz"),
        ru: name("nameRu"),
    }
}

/// The code of a dictionary value; some gateways give the bare code.
fn code(value: &Element) -> &str {
    value.text_of("code").unwrap_or(&value.text)
}

/// `2034-03-14`, with or without a time and an offset. Midnight in Kazakhstan written in UTC is the day in Kazakhstan.
fn date(text: &str) -> Option<Date> {
    let day = Date::parse_iso(text.get(..10)?)?;
    match text.get(10..)? {
        "" | "Z" => Some(day),
        rest if rest.starts_with('T') && rest.ends_with('Z') => {
            let at = Timestamp::parse_rfc3339(text)?;
            Some(if at.0 % 86_400_000 == 0 { day } else { at.date_kz() })
        }
        rest if rest.starts_with(['T', '+', '-']) => Some(day),
        _ => None,
    }
}

/// The address in Kazakhstan as the form's fields. In the register's schema `district` is the region and `region` the
/// district; records the other way round exist: the one that names one of the twenty regions is the region.
pub(super) fn registered_address(person: &Element) -> Option<Address> {
    let address = person.child("regAddress")?;
    if !matches!(address.child("country").map(code), None | Some("" | "398")) {
        return None;
    }
    let (first, second) = (address.child("district"), address.child("region"));
    let (region, district) = match (first.and_then(region), second.and_then(region)) {
        (Some(region), _) => (region, second),
        (None, Some(region)) => (region, first),
        // A city of republican significance may stand in `city` alone.
        (None, None) => (
            address
                .child("city")
                .and_then(region)
                .filter(|region| region.is_city())?,
            second.or(first),
        ),
    };
    let place = |element: Option<&Element>| element.map(kazakh_name).unwrap_or_default();
    let city = address
        .child("city")
        .filter(|city| !region.is_city() || self::region(city).is_none_or(|found| found.code != region.code));
    let mut district = place(district);
    let mut settlement = place(city);
    if district.is_empty() || (!settlement.is_empty() && !asks_settlement(region.code, &district)) {
        // A city of the region stands where the form asks «Аудан немесе қала».
        if !region.is_city() || district.is_empty() {
            district = std::mem::take(&mut settlement);
        } else {
            settlement.clear();
        }
    }
    let text = |tag| address.text_of(tag).unwrap_or_default();
    let house = match (text("building"), text("corpus")) {
        (building, "") => building.to_owned(),
        (building, corpus) => format!("{building}/{corpus}"),
    };
    Some(Address {
        region: region.code.to_owned(),
        district,
        settlement,
        street: place(address.child("street")),
        house,
        flat: text("flat").to_owned(),
        ..Address::default()
    })
}

/// The region a dictionary value names, in either language, whatever its own code is. Almaty is a region and a city that is
/// a region itself, Turkistan a region and a city within it: the word beside the name tells them apart. Without a word the
/// city is meant.
fn region(value: &Element) -> Option<&'static Region> {
    let names = [
        value.text_of("nameKz"),
        value.text_of("nameRu"),
        Some(value.text.as_str()),
    ];
    names.into_iter().flatten().find_map(|name| {
        let (kind, name) = parted(name);
        let named = |region: &&Region| parted(region.kk).1 == name || parted(region.ru).1 == name;
        let mut found = REGIONS.iter().filter(named);
        match kind {
            Some(Kind::Region) => found.find(|region| !region.is_city()),
            Some(Kind::City) => found.find(|region| region.is_city()),
            None => found.max_by_key(|region| region.is_city()),
        }
    })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Region,
    City,
}

/// A region's name in lower case, apart from the word that says what it is. A district («ауданы», «район») keeps its word,
/// so that Алматы district isn't Алматы city.
fn parted(name: &str) -> (Option<Kind>, String) {
    let lower = name.to_lowercase();
    let mut kind = None;
    let mut rest = Vec::new();
    for word in lower.split(|c: char| c.is_whitespace() || c == '.') {
        match word {
            "" => {}
            "область" | "обл" | "облысы" => kind = Some(Kind::Region),
            "город" | "г" | "қаласы" | "қ" => kind = Some(Kind::City),
            word => rest.push(word),
        }
    }
    (kind, rest.join(" "))
}

/// The Kazakh name, else the Russian one, else the text itself; capitals throughout become a capital at the start.
fn kazakh_name(value: &Element) -> String {
    let name = value
        .text_of("nameKz")
        .or(value.text_of("nameRu"))
        .unwrap_or(&value.text);
    if name.chars().any(char::is_lowercase) {
        return name.to_owned();
    }
    const COMMON: [&str; 26] = [
        "ауданы",
        "район",
        "қаласы",
        "город",
        "ауылы",
        "село",
        "кенті",
        "посёлок",
        "поселок",
        "көшесі",
        "улица",
        "даңғылы",
        "проспект",
        "шағын",
        "микрорайон",
        "ауылдық",
        "округі",
        "сельский",
        "округ",
        "станция",
        "станциясы",
        "тұйығы",
        "переулок",
        "бульвар",
        "бульвары",
        "учаскесі",
    ];
    let words = name.split_whitespace().map(|word| {
        let lower = word.to_lowercase();
        if COMMON.contains(&lower.as_str()) {
            return lower;
        }
        // Each part of a double name has its own capital.
        let parts = lower.split('-').map(|part| {
            let mut letters = part.chars();
            letters
                .next()
                .map(|first| first.to_uppercase().chain(letters).collect::<String>())
                .unwrap_or_default()
        });
        parts.collect::<Vec<_>>().join("-")
    });
    words.collect::<Vec<_>>().join(" ")
}
