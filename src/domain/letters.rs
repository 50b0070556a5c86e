//! Letters of our three languages: upper and lower case, and base letters with a combining mark composed. Unicode's full
//! tables would do the same and weigh 75 kB in the page.

/// The lower-case letter of Latin (ASCII), Russian and Kazakh ones; anything else stays.
#[must_use]
pub const fn lower(c: char) -> char {
    match c {
        'A'..='Z' => c.to_ascii_lowercase(),
        'А'..='Я' => shifted(c, 32),
        'Ѐ'..='Џ' => shifted(c, 80),
        'Ҋ'..='ҿ' | 'Ӑ'..='ԯ' if c as u32 & 1 == 0 => shifted(c, 1),
        _ => c,
    }
}

/// The upper-case letter, the other way round.
#[must_use]
pub const fn upper(c: char) -> char {
    match c {
        'a'..='z' => c.to_ascii_uppercase(),
        'а'..='я' => shifted(c, -32),
        'ѐ'..='џ' => shifted(c, -80),
        'Ҋ'..='ҿ' | 'Ӑ'..='ԯ' if c as u32 & 1 == 1 => shifted(c, -1),
        _ => c,
    }
}

const fn shifted(c: char, by: i32) -> char {
    match char::from_u32((c as u32).wrapping_add_signed(by)) {
        Some(shifted) => shifted,
        None => c,
    }
}

/// The text in lower case.
#[must_use]
pub fn lower_case(text: &str) -> String {
    text.chars().map(lower).collect()
}

/// Cyrillic letters typed as a base and a combining breve, diaeresis or acute become the one letter they are. All other
/// characters stay as they came.
#[must_use]
pub fn composed(text: &str) -> String {
    let mut composed = String::with_capacity(text.len());
    for c in text.chars() {
        let whole = composed.chars().next_back().and_then(|base| whole(base, c));
        if let Some(whole) = whole {
            composed.pop();
            composed.push(whole);
        } else {
            composed.push(c);
        }
    }
    composed
}

const fn whole(base: char, mark: char) -> Option<char> {
    Some(match (base, mark) {
        ('и', '\u{306}') => 'й',
        ('И', '\u{306}') => 'Й',
        ('у', '\u{306}') => 'ў',
        ('У', '\u{306}') => 'Ў',
        ('е', '\u{308}') => 'ё',
        ('Е', '\u{308}') => 'Ё',
        ('і', '\u{308}') => 'ї',
        ('І', '\u{308}') => 'Ї',
        ('к', '\u{301}') => 'ќ',
        ('К', '\u{301}') => 'Ќ',
        ('г', '\u{301}') => 'ѓ',
        ('Г', '\u{301}') => 'Ѓ',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use unicode_normalization::UnicodeNormalization;

    const LETTERS: &str = "AZazАЯЁЙЪЫЬЭЮабвгдеёжзийклмнопрстуфхцчшщъыьэюяӘәҒғҚқҢңӨөҰұҮүҺһІі09 -«»№";

    #[test]
    fn our_letters_change_case_as_unicode_says() {
        for c in LETTERS.chars() {
            assert_eq!(Some(lower(c)), c.to_lowercase().next(), "{c}");
            assert_eq!(Some(upper(c)), c.to_uppercase().next(), "{c}");
        }
    }

    #[test]
    fn cyrillic_letters_are_composed_as_unicode_says() {
        for letter in "йЙўЎёЁїЇќЌѓЃқҰӘ".chars() {
            let parted: String = letter.to_string().nfd().collect();
            assert_eq!(composed(&parted), letter.to_string());
        }
        assert_eq!(composed("Мари\u{306}ям"), "Марйям");
        assert_eq!(composed("\u{306}а"), "\u{306}а");
    }
}
