//! What the texts have in common in three languages: each is used, in its own language and letters, and speaks to the
//! person as «Сіз» and «Вы». That none is missing and that placeholders agree, `build.rs` sees to.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

type Texts = BTreeMap<String, String>;

/// Rightly the same in Kazakh and Russian: names, loan words, patterns.
const SAME_IN_KAZAKH_AND_RUSSIAN: &[&str] = &[
    "account_basis",
    "application_line",
    "display_contrast",
    "document_series",
    "done_way_mobile",
    "footer_whatsapp",
    "help_password",
    "kind_passport",
    "pdf_account_line",
    "pdf_passport",
    "services_store_apple",
    "services_store_google",
    "settings_password",
    "signin_iin_hint",
    "signin_password",
    "storage_kaztoken",
];
/// Names that have no Cyrillic form, and patterns.
const WITHOUT_CYRILLIC: &[&str] = &[
    "account_basis",
    "application_line",
    "done_way_mobile",
    "footer_whatsapp",
    "pdf_account_line",
    "services_store_apple",
    "services_store_google",
    "storage_kaztoken",
];
/// English sentences that show what is to be typed in Cyrillic.
const CYRILLIC_IN_ENGLISH: &[&str] = &["field_district_hint"];
const KAZAKH_LETTERS: &str = "әіңғүұқөһӘІҢҒҮҰҚӨҺ";
/// A Kazakh sentence of this length has a letter that Russian lacks; shorter ones may do without.
const SENTENCE: usize = 60;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn texts(folder: &str, lang: &str) -> Texts {
    let path = root().join("src/texts").join(folder).join(format!("{lang}.txt"));
    let content = fs::read_to_string(path).expect("the build has read it");
    let entries = content
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once('='));
    entries
        .map(|(key, text)| (key.trim().to_owned(), text.trim().to_owned()))
        .collect()
}

/// Every text with the folder and language it is from.
fn all(check: impl Fn(&str, &str, &str, &str) -> bool) -> Vec<String> {
    let mut wrong = Vec::new();
    for folder in ["screen", "outgoing"] {
        for lang in ["kk", "ru", "en"] {
            for (key, text) in texts(folder, lang) {
                if !check(folder, lang, &key, &text) {
                    wrong.push(format!("{folder}/{lang} {key} = {text}"));
                }
            }
        }
    }
    wrong
}

fn is_cyrillic(letter: char) -> bool {
    ('\u{400}'..='\u{52f}').contains(&letter)
}

/// Without `{placeholders}`.
fn words(text: &str) -> Vec<String> {
    let mut outside = String::new();
    let mut depth = 0_u8;
    for letter in text.chars() {
        match letter {
            '{' => depth = 1,
            '}' => depth = 0,
            _ if depth == 0 => outside.push(letter),
            _ => {}
        }
    }
    let parts = outside.split(|c: char| !c.is_alphabetic());
    parts.filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

fn sources(folder: &Path, found: &mut String) {
    for entry in fs::read_dir(folder).expect("a folder of ours") {
        let path = entry.expect("readable").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push_str(&fs::read_to_string(&path).expect("a source"));
            found.push('\n');
        }
    }
}

#[test]
fn every_text_is_used() {
    let mut code = String::new();
    sources(&root().join("src"), &mut code);
    let named: std::collections::BTreeSet<&str> = code
        .split("key::")
        .skip(1)
        .map(|rest| {
            let end = rest.find(|c: char| !(c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_'));
            &rest[..end.unwrap_or(rest.len())]
        })
        .collect();
    let shell = fs::read_to_string(root().join("public/index.html")).expect("the shell");
    let unused = all(|_, lang, key, _| {
        lang != "kk"
            || named.contains(key.to_uppercase().as_str())
            || shell.contains(&["{{", key, "}}"].concat())
    });
    assert_eq!(unused, Vec::<String>::new());
}

#[test]
fn every_text_is_in_its_own_language() {
    let wrong = all(|_, lang, key, text| {
        let cyrillic = text.chars().any(is_cyrillic);
        let kazakh = text.contains(|letter| KAZAKH_LETTERS.contains(letter));
        match lang {
            "kk" => {
                (cyrillic || WITHOUT_CYRILLIC.contains(&key)) && (kazakh || text.chars().count() < SENTENCE)
            }
            "ru" => (cyrillic || WITHOUT_CYRILLIC.contains(&key)) && !kazakh,
            _ => !cyrillic || CYRILLIC_IN_ENGLISH.contains(&key),
        }
    });
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn russian_is_no_copy_of_kazakh_but_where_listed() {
    let same: Vec<String> = ["screen", "outgoing"]
        .into_iter()
        .flat_map(|folder| {
            let russian = texts(folder, "ru");
            texts(folder, "kk")
                .into_iter()
                .filter(move |(key, text)| russian.get(key) == Some(text))
        })
        .map(|(key, _)| key)
        .collect();
    let mut sorted = same.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, SAME_IN_KAZAKH_AND_RUSSIAN);
}

#[test]
fn no_word_mixes_latin_and_cyrillic_letters() {
    let wrong = all(|_, _, _, text| {
        words(text).iter().all(|word| {
            let latin = word.chars().any(|letter| letter.is_ascii_alphabetic());
            !(latin && word.chars().any(is_cyrillic))
        })
    });
    assert_eq!(wrong, Vec::<String>::new());
}

/// Keys of today have one file for signing in and for signing, and no AUTH_RSA among them.
#[test]
fn nobody_is_sent_to_look_for_auth_rsa_alone() {
    let named = all(|_, _, _, text| !text.contains("AUTH_RSA"));
    assert!(!named.is_empty(), "the name is explained somewhere");
    let wrong: Vec<_> = named
        .into_iter()
        .filter(|line| !line.contains("GOST512"))
        .collect();
    assert_eq!(wrong, Vec::<String>::new());
}

/// The screen writes «сіз» and «вы» small, as a conversation does; letters and SMS write them large.
#[test]
fn the_person_is_spoken_to_formally() {
    const TOO_NEAR: [&str; 14] = [
        "сен",
        "сенің",
        "саған",
        "сені",
        "сенде",
        "ты",
        "тебя",
        "тебе",
        "тобой",
        "твой",
        "твоя",
        "твои",
        "твоё",
        "твоего",
    ];
    const POLITE: [&str; 12] = [
        "Сіз",
        "Сізге",
        "Сізді",
        "Сізде",
        "Сіздің",
        "Вы",
        "Вас",
        "Вам",
        "Вами",
        "Ваш",
        "Ваша",
        "Ваши",
    ];
    let wrong = all(|folder, lang, key, text| {
        if lang == "en" {
            return true;
        }
        let near = words(text)
            .iter()
            .any(|word| TOO_NEAR.contains(&word.to_lowercase().as_str()));
        let letter = folder == "outgoing" && key.starts_with("msg_");
        // The first word of a sentence is large anyway.
        let begun: Vec<&str> = text
            .split(['.', '!', '?', ':', '«'])
            .map(|sentence| sentence.trim_start().split(' ').next().unwrap_or_default())
            .collect();
        let large = words(text)
            .iter()
            .filter(|word| POLITE.contains(&word.as_str()))
            .count();
        let first = begun.iter().filter(|word| POLITE.contains(word)).count();
        !near && (letter || large == first)
    });
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn quotes_spaces_and_dots_are_set_as_print_sets_them() {
    let wrong = all(|folder, _, key, text| {
        let quotes = folder == "outgoing" || !text.contains(['"', '\'']);
        quotes
            && !text.contains("  ")
            && !text.contains("...")
            && (key == "wrong_cyrillic" || !text.contains(" - "))
    });
    assert_eq!(wrong, Vec::<String>::new());
}
