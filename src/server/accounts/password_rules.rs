//! Which passwords may be set (NIST SP 800-63B-4, 3.1.1.2; ASVS 5.0, 6.2): length counts, composition doesn't; what is guessed
//! first and what others know of the person is refused. zxcvbn judges, given the words of Kazakhstan beside its own.

use crate::domain::letters::lower_case;
use unicode_normalization::UnicodeNormalization as _;
use zxcvbn::{Score, zxcvbn};

pub const SHORTEST: usize = 8;
pub const LONGEST: usize = 128;

/// Words guessed here, which no list of English ones has: in Cyrillic, in Latin letters, and typed on the other layout.
const WORDS_HERE: &str = include_str!("common_words.txt");

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weakness {
    Short,
    Long,
    Personal,
    Common,
}

/// Judges a password against what is known of its owner: names, IIN, contacts.
///
/// # Errors
/// The first [`Weakness`].
pub fn judge(password: &str, known: &[&str]) -> Result<(), Weakness> {
    let password: String = password.nfkc().collect();
    match password.chars().count() {
        0..SHORTEST => return Err(Weakness::Short),
        SHORTEST..=LONGEST => {}
        _ => return Err(Weakness::Long),
    }
    let lower = lower_case(&password);
    let known: Vec<String> = known
        .iter()
        .map(|word| lower_case(word.trim_start_matches('+')))
        .filter(|word| word.chars().count() >= 4)
        .collect();
    if known.iter().any(|word| lower.contains(word.as_str())) {
        return Err(Weakness::Personal);
    }
    let words: Vec<&str> = WORDS_HERE
        .split_whitespace()
        .chain(known.iter().map(String::as_str))
        .collect();
    // Guesses below a million are made in a day even against our limits, by many machines.
    if zxcvbn(&lower, &words).score() < Score::Two {
        return Err(Weakness::Common);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_guessed_first_is_refused() {
        for weak in [
            "password",
            "12345678",
            "qwertyuiop",
            "Qwerty12",
            "йцукенгш",
            "парольпароль",
            "qazaqstan",
            "Kazakhstan1",
            "almaty2024",
            "құпиясөз",
            "gfhjkm12",
            "aaaaaaaa",
            "iloveyou",
            "астана2025",
        ] {
            assert_eq!(judge(weak, &[]), Err(Weakness::Common), "{weak}");
        }
    }

    #[test]
    fn length_counts_and_composition_does_not() {
        assert_eq!(judge("абв1234", &[]), Err(Weakness::Short));
        assert_eq!(judge(&"ұзын".repeat(40), &[]), Err(Weakness::Long));
        for good in [
            "төрт көк түйе жолда",
            "correct horse battery",
            "жеті-қарағай-мұнар",
        ] {
            assert_eq!(judge(good, &[]), Ok(()), "{good}");
        }
    }

    #[test]
    fn what_others_know_of_the_person_is_refused() {
        let known = ["АХМЕТОВА", "ӘЛИЯ", "990101390009", "+77011234567"];
        for weak in [
            "ахметова-қызыл-алма",
            "төрт түйе 990101390009",
            "k77011234567zz",
            "Бүгінгі әлия Күн",
        ] {
            assert_eq!(judge(weak, &known), Err(Weakness::Personal), "{weak}");
        }
        assert_eq!(judge("көк аспан мен жел", &known), Ok(()));
    }
}
