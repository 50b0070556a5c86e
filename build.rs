//! Turns the vocabularies of `src/texts` into Rust: one constant per key, the texts of outgoing messages as static tables.
//! A text that is missing, doubled, out of order or with other placeholders than its Kazakh twin fails the build.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, process};

const LANGUAGES: [&str; 3] = ["kk", "ru", "en"];

fn main() {
    println!("cargo:rerun-if-changed=src/texts");
    println!("cargo:rerun-if-env-changed=CABINET_BUILD");
    println!("cargo:rerun-if-env-changed=SOURCE_DATE_EPOCH");
    let build = env::var("CABINET_BUILD").unwrap_or_else(|_| "dev".to_owned());
    println!("cargo:rustc-env=CABINET_BUILD={build}");
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    for (name, with_tables) in [("screen", false), ("outgoing", true)] {
        match vocabulary(&Path::new("src/texts").join(name), with_tables) {
            Ok(code) => {
                if let Err(error) = fs::write(out.join(format!("{name}.rs")), code) {
                    fail(&format!("{name}.rs can't be written: {error}"));
                }
            }
            Err(problem) => fail(&problem),
        }
    }
}

fn fail(problem: &str) {
    println!("cargo::error={problem}");
    process::exit(1);
}

fn vocabulary(folder: &Path, with_tables: bool) -> Result<String, String> {
    let languages = LANGUAGES
        .iter()
        .map(|tag| read(&folder.join(format!("{tag}.txt"))))
        .collect::<Result<Vec<_>, _>>()?;
    let first = &languages[0];
    for (tag, entries) in LANGUAGES.iter().zip(&languages).skip(1) {
        for (index, (key, text)) in first.iter().enumerate() {
            let Some((other_key, other)) = entries.get(index) else {
                return Err(format!("{}: {tag} ends before {key}", folder.display()));
            };
            if other_key != key {
                return Err(format!(
                    "{}: {tag} has {other_key} where kk has {key}",
                    folder.display()
                ));
            }
            if placeholders(text) != placeholders(other) {
                return Err(format!(
                    "{}: {tag} {key} has other placeholders than kk",
                    folder.display()
                ));
            }
        }
        if let Some((key, _)) = entries.get(first.len()) {
            return Err(format!("{}: {tag} has {key}, kk doesn't", folder.display()));
        }
    }
    let mut code = String::new();
    for (index, (key, text)) in first.iter().enumerate() {
        let _ = writeln!(
            code,
            "/// {}\npub const {}: Key = Key({index});",
            text.replace(['[', ']', '`'], ""),
            key.to_uppercase()
        );
    }
    let _ = writeln!(
        code,
        "/// How many keys there are.\npub const COUNT: usize = {};",
        first.len()
    );
    if with_tables {
        for (tag, entries) in LANGUAGES.iter().zip(&languages) {
            let _ = writeln!(
                code,
                "pub(super) static {}: [&str; COUNT] = [",
                tag.to_uppercase()
            );
            for (_, text) in entries {
                let _ = writeln!(code, "    {text:?},");
            }
            code.push_str("];\n");
        }
    }
    Ok(code)
}

fn read(path: &Path) -> Result<Vec<(String, String)>, String> {
    let content = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut seen = HashSet::new();
    let mut entries = Vec::new();
    for (number, line) in content.lines().enumerate() {
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        let place = format!("{}:{}", path.display(), number + 1);
        let (key, text) = line
            .split_once('=')
            .ok_or_else(|| format!("{place}: a line is `key = text`"))?;
        let (key, text) = (key.trim().to_owned(), text.trim().to_owned());
        if key.is_empty()
            || !key
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        {
            return Err(format!("{place}: a key is made of a-z, 0-9 and _"));
        }
        if text.is_empty() {
            return Err(format!("{place}: {key} has no text"));
        }
        if !seen.insert(key.clone()) {
            return Err(format!("{place}: {key} stands twice"));
        }
        entries.push((key, text));
    }
    Ok(entries)
}

fn placeholders(text: &str) -> Vec<&str> {
    let mut found: Vec<&str> = text
        .split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}'))
        .map(|(name, _)| name)
        .collect();
    found.sort_unstable();
    found
}
