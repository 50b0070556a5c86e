//! The words of the screen. A [`Vocabulary`] is one language's file as the page loaded it.

/// A text of the screen; the constants below carry the Kazakh text as their documentation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Key(u16);

/// The keys, one constant each.
pub mod key {
    use super::Key;
    include!(concat!(env!("OUT_DIR"), "/screen.rs"));
}

/// One language's texts.
#[derive(Debug, Clone, Copy)]
pub struct Vocabulary(&'static [&'static str]);

impl Vocabulary {
    /// Takes the file's content: one text a line, in the order of the keys. `None` when it is of another build.
    #[must_use]
    pub fn parse(content: String) -> Option<Self> {
        let content: &'static str = Box::leak(content.into_boxed_str());
        let lines: Vec<&'static str> = content.lines().collect();
        (lines.len() == key::COUNT).then(|| Self(Box::leak(lines.into_boxed_slice())))
    }

    #[must_use]
    pub fn text(self, key: Key) -> &'static str {
        self.0.get(usize::from(key.0)).copied().unwrap_or_default()
    }
}

/// Where a line must not break: between a sign or a measure and its figure.
const TOGETHER: [(&str, &str); 3] = [
    ("№ {", "№\u{a0}{"),
    ("No. {", "No.\u{a0}{"),
    ("{size} ", "{size}\u{a0}"),
];

/// The texts of a source file (`key = text` lines) as the build ships them (`hooks/finish-page.mjs`): the texts alone, a
/// line each, figures bound to their signs.
#[must_use]
pub fn shipped(source: &str) -> String {
    let entries = source
        .lines()
        .filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
    let texts = entries
        .filter_map(|line| line.split_once('='))
        .map(|(_, text)| text.trim())
        .collect::<Vec<_>>()
        .join("\n");
    TOGETHER
        .iter()
        .fold(texts, |texts, (apart, together)| texts.replace(apart, together))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCES: [&str; 3] = [
        include_str!("screen/kk.txt"),
        include_str!("screen/ru.txt"),
        include_str!("screen/en.txt"),
    ];

    #[test]
    fn every_language_fits_the_keys() {
        for source in SOURCES {
            let vocabulary = Vocabulary::parse(shipped(source)).expect("as many texts as keys");
            assert!(!vocabulary.text(key::BRAND).is_empty());
        }
        assert!(Vocabulary::parse(String::new()).is_none());
    }

    #[test]
    fn a_figure_stays_on_the_line_of_its_sign() {
        for source in SOURCES {
            let vocabulary = Vocabulary::parse(shipped(source)).expect("as many texts as keys");
            for key in [key::QR_STEP_3_NOTE, key::SIGN_LEAD, key::APPLICATION_LINE] {
                let text = vocabulary.text(key);
                assert!(text.contains("\u{a0}{number}"), "{text}");
            }
            for key in [key::QR_STEP_3_NOTE, key::SIGN_DOCUMENT_OPEN] {
                let text = vocabulary.text(key);
                assert!(text.contains("{size}\u{a0}"), "{text}");
            }
        }
    }

    #[test]
    fn the_consent_a_person_reads_is_the_one_in_the_document() {
        use super::super::outgoing;
        use crate::domain::lang::Lang;
        let both = [
            (key::CONSENT_1, outgoing::key::CONSENT_1),
            (key::CONSENT_2, outgoing::key::CONSENT_2),
            (key::CONSENT_3, outgoing::key::CONSENT_3),
            (key::CONSENT_4, outgoing::key::CONSENT_4),
            (key::CONSENT_5, outgoing::key::CONSENT_5),
            (key::CONSENT_LAW, outgoing::key::CONSENT_LAW),
        ];
        for (source, lang) in SOURCES.into_iter().zip(Lang::ALL) {
            let vocabulary = Vocabulary::parse(shipped(source)).expect("as many texts as keys");
            for (screen, document) in both {
                assert_eq!(vocabulary.text(screen), outgoing::text(lang, document));
            }
        }
    }
}
