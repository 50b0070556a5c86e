//! The names of the classifier in whole words: `с.Абралы` is «село Абралы», «Абралы ауылы»; `Семей Г.А.` is the city's
//! administration. What isn't known stays as the classifier writes it. The words follow the classifier's own list of types.

/// A type of place: how the classifier's Russian and Kazakh tables shorten it, and its word in both languages.
struct Type {
    /// In lower case.
    short_ru: &'static [&'static str],
    short_kk: &'static [&'static str],
    ru: &'static str,
    kk: &'static str,
    /// In Russian the word stands after the name («Абайский район»). In Kazakh it always does.
    after: bool,
}

const TYPES: &[Type] = &[
    one(
        &["г.а."],
        &["қ.ә.", "қ. ә."],
        "городская администрация",
        "қалалық әкімдігі",
        true,
    ),
    one(
        &["с.о.", "с.о", "с/о"],
        &["а.о.", "а.о", "а/о", "с.о."],
        "сельский округ",
        "ауылдық округі",
        true,
    ),
    one(
        &["п.а."],
        &["к.ә."],
        "поселковая администрация",
        "кенттік әкімдігі",
        true,
    ),
    one(
        &["с.а."],
        &["а.ә."],
        "сельская администрация",
        "ауылдық әкімдігі",
        true,
    ),
    one(&["г."], &["қ."], "город", "қаласы", false),
    one(&["с."], &["а."], "село", "ауылы", false),
    one(&["п."], &["к."], "посёлок", "кенті", false),
    one(&["ст."], &["ст."], "станция", "станциясы", false),
    one(&["рзд."], &["рзд.", "раз."], "разъезд", "разъезі", false),
    one(&["уч."], &["уч."], "участок", "учаскесі", false),
    one(&["отг."], &["шғл."], "отгон", "шалғайы", false),
    one(
        &["кр.хоз.", "крес.хоз."],
        &["ш.қ."],
        "крестьянское хозяйство",
        "шаруа қожалығы",
        false,
    ),
];

const fn one(
    short_ru: &'static [&'static str],
    short_kk: &'static [&'static str],
    ru: &'static str,
    kk: &'static str,
    after: bool,
) -> Type {
    Type {
        short_ru,
        short_kk,
        ru,
        kk,
        after,
    }
}

/// `с.Абралы` → `село Абралы`, `Абралинский с.о.` → `Абралинский сельский округ`.
#[must_use]
pub fn whole_ru(name: &str) -> String {
    match parted(name, |kind| kind.short_ru) {
        Some((kind, bare)) if kind.after => format!("{bare} {}", kind.ru),
        Some((kind, bare)) => format!("{} {bare}", kind.ru),
        None => name.to_owned(),
    }
}

/// `Абыралы а.` → `Абыралы ауылы`.
#[must_use]
pub fn whole_kk(name: &str) -> String {
    match parted(name, |kind| kind.short_kk) {
        Some((kind, bare)) => format!("{bare} {}", kind.kk),
        None => name.to_owned(),
    }
}

/// Whether the name is a city's administration: its places have the city, not a district, above them.
#[must_use]
pub fn is_city_administration(name_ru: &str) -> bool {
    parted(name_ru, |kind| kind.short_ru).is_some_and(|(kind, _)| kind.short_ru[0] == "г.а.")
}

/// Whether the name is a city's own.
#[must_use]
pub fn is_city(name_ru: &str) -> bool {
    parted(name_ru, |kind| kind.short_ru).is_some_and(|(kind, _)| kind.short_ru[0] == "г.")
}

/// The city an administration is named after, as the classifier would write it: `Семей Г.А.` → `Семей`.
#[must_use]
pub fn bare_ru(name: &str) -> &str {
    parted(name, |kind| kind.short_ru).map_or(name, |(_, bare)| bare)
}

/// As [`bare_ru`], of a Kazakh name.
#[must_use]
pub fn bare_kk(name: &str) -> &str {
    parted(name, |kind| kind.short_kk).map_or(name, |(_, bare)| bare)
}

/// The type a name says, before or behind it, and the rest of it.
fn parted(name: &str, short: fn(&Type) -> &'static [&'static str]) -> Option<(&'static Type, &str)> {
    TYPES.iter().find_map(|kind| {
        short(kind).iter().find_map(|mark| {
            let behind = cut(name, mark.chars().count(), mark, false);
            behind
                .or_else(|| cut(name, mark.chars().count(), mark, true))
                .map(|bare| (kind, bare))
        })
    })
}

/// The name without the mark, where it stands in front (or behind, after a space).
fn cut<'a>(name: &'a str, length: usize, mark: &str, in_front: bool) -> Option<&'a str> {
    let same = |part: &str| crate::domain::letters::lower_case(part) == mark;
    let rest = if in_front {
        let (at, _) = name.char_indices().nth(length)?;
        same(&name[..at]).then(|| &name[at..])?
    } else {
        let (at, _) = name.char_indices().rev().nth(length.checked_sub(1)?)?;
        let before = &name[..at];
        (same(&name[at..]) && before.ends_with(' ')).then_some(before)?
    };
    Some(rest.trim()).filter(|rest| !rest.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn russian_names_are_written_whole() {
        for (short, whole) in [
            ("с.Абралы", "село Абралы"),
            ("с. Құрылысшы", "село Құрылысшы"),
            ("Абралинский с.о.", "Абралинский сельский округ"),
            ("Жиеналинский с.о", "Жиеналинский сельский округ"),
            ("Семей Г.А.", "Семей городская администрация"),
            ("Аягоз г.а.", "Аягоз городская администрация"),
            ("г.Семей", "город Семей"),
            ("рзд.18 км", "разъезд 18 км"),
            ("Чаганская п.а.", "Чаганская поселковая администрация"),
            ("п.Чаган", "посёлок Чаган"),
            ("кр.хоз.Арман", "крестьянское хозяйство Арман"),
            ("зимовка Жанабаз", "зимовка Жанабаз"),
            ("Абайский район", "Абайский район"),
            ("область Абай", "область Абай"),
            ("с.", "с."),
            ("", ""),
        ] {
            assert_eq!(whole_ru(short), whole);
        }
    }

    #[test]
    fn kazakh_names_are_written_whole() {
        for (short, whole) in [
            ("Абыралы а.", "Абыралы ауылы"),
            ("Абыралы а.о.", "Абыралы ауылдық округі"),
            ("Семей қ.ә.", "Семей қалалық әкімдігі"),
            ("Семей қ.", "Семей қаласы"),
            ("Абай ауданы", "Абай ауданы"),
        ] {
            assert_eq!(whole_kk(short), whole);
        }
    }

    #[test]
    fn a_city_and_its_administration_are_told_apart() {
        assert!(is_city_administration("Семей Г.А.") && !is_city("Семей Г.А."));
        assert!(is_city("г.Семей") && !is_city_administration("г.Семей"));
        assert_eq!(bare_ru("Семей Г.А."), "Семей");
        assert_eq!(bare_kk("Семей қ.ә."), "Семей");
        assert_eq!(bare_ru("Абайский район"), "Абайский район");
    }
}
