//! Every word a person reads. Two typed vocabularies of `key = text` files, one per language in `texts/screen` and
//! `texts/outgoing`, checked against each other by `build.rs`: a missing text fails the build. Screen texts aren't compiled
//! in: the page loads one language's file (the texts alone, a line each, in the order of the keys). Outgoing texts (SMS,
//! e-mail, PDF, eGov Mobile) are.

pub mod outgoing;
pub mod screen;
#[cfg(test)]
mod wording;

use crate::domain::lang::Lang;

/// Puts values into `{name}` places. A place without a value stays, so that a test sees it.
#[must_use]
pub fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        match after.split_once('}') {
            Some((name, tail)) => {
                match values.iter().find(|(known, _)| *known == name) {
                    Some((_, value)) => filled.push_str(value),
                    None => {
                        filled.push('{');
                        filled.push_str(name);
                        filled.push('}');
                    }
                }
                rest = tail;
            }
            None => {
                filled.push('{');
                rest = after;
            }
        }
    }
    filled.push_str(rest);
    filled
}

/// Which of three forms a number takes: Russian has one, few and many; English one and many; Kazakh nouns stay singular.
#[must_use]
pub const fn plural<T: Copy>(lang: Lang, n: u32, one: T, few: T, many: T) -> T {
    match (lang, n % 10, n % 100) {
        (Lang::Kk, ..) => one,
        (Lang::En, ..) => {
            if n == 1 {
                one
            } else {
                many
            }
        }
        (Lang::Ru, 1, h) if h != 11 => one,
        (Lang::Ru, 2..=4, h) if h < 12 || h > 14 => few,
        (Lang::Ru, ..) => many,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_filled_and_unknown_ones_stay_visible() {
        assert_eq!(fill("{a}, {b} {c", &[("a", "1"), ("b", "{a}")]), "1, {a} {c");
        assert_eq!(fill("{x}", &[]), "{x}");
    }

    #[test]
    fn russian_numbers_have_three_forms() {
        let form = |n| plural(Lang::Ru, n, 'o', 'f', 'm');
        assert_eq!(
            [0, 1, 2, 5, 11, 12, 21, 22, 111].map(form),
            ['m', 'o', 'f', 'm', 'm', 'm', 'o', 'f', 'm']
        );
        assert_eq!(plural(Lang::Kk, 5, 'o', 'f', 'm'), 'o');
        assert_eq!([1, 2].map(|n| plural(Lang::En, n, 'o', 'f', 'm')), ['o', 'm']);
    }
}
