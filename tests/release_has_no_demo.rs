//! Looks into the server's program for anything of the demo: names of its code, paths of its sources, its texts, its keys,
//! its authorities. Built with `--features ssr` the program must hold none; built with `demo` the demonstration must hold
//! each kind, or looking would prove nothing.

#![cfg(feature = "ssr")]

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::{Path, PathBuf};

/// What of the demo was found, by kind.
#[derive(Debug, Default)]
struct Found {
    symbols: usize,
    source_paths: usize,
    texts: Vec<String>,
    files: Vec<PathBuf>,
}

/// Shorter texts stand anywhere by chance.
const TELLING: usize = 16;

fn look(program: &Path) -> Found {
    let bytes = fs::read(program).unwrap();
    // Names are mangled with their length in front.
    let marks = ["7cabinet6server", "7cabinet4demo", "src/demo/"].map(str::as_bytes);
    let texts: Vec<String> = demo_texts().into_iter().collect();
    let files: Vec<(PathBuf, Vec<u8>)> = demo_files()
        .into_iter()
        .map(|file| {
            let content = fs::read(&file).unwrap();
            // From the middle: beginnings of keys and pages are alike.
            let middle = content.len() / 2;
            (file, content[middle..(middle + 64).min(content.len())].to_vec())
        })
        .collect();
    let texts_at = marks.len();
    let files_at = texts_at + texts.len();
    let wanted: Vec<&[u8]> = marks
        .into_iter()
        .chain(texts.iter().map(String::as_bytes))
        .chain(files.iter().map(|(_, piece)| piece.as_slice()))
        .collect();
    let counts = count(&bytes, &wanted);
    assert!(
        counts[0] > 0,
        "the program keeps its symbols, else looking for them proves nothing"
    );
    let is_there = |index: usize| counts[index] > 0;
    Found {
        symbols: counts[1],
        source_paths: counts[2],
        texts: (0..texts.len())
            .filter(|index| is_there(texts_at + index))
            .map(|index| texts[index].clone())
            .collect(),
        files: (0..files.len())
            .filter(|index| is_there(files_at + index))
            .map(|index| files[index].0.clone())
            .collect(),
    }
}

/// How often each piece (8 bytes or more) stands in the bytes, in one pass: a program has some hundred megabytes.
fn count(bytes: &[u8], wanted: &[&[u8]]) -> Vec<usize> {
    let beginning = |piece: &[u8]| u64::from_le_bytes(piece[..8].try_into().unwrap());
    let mut by_beginning: HashMap<u64, Vec<usize>> = HashMap::new();
    let mut pairs = vec![false; 1 << 16];
    for (index, piece) in wanted.iter().enumerate() {
        by_beginning.entry(beginning(piece)).or_default().push(index);
        pairs[usize::from(u16::from_le_bytes([piece[0], piece[1]]))] = true;
    }
    let mut counts = vec![0; wanted.len()];
    for at in 0..bytes.len().saturating_sub(8) {
        if !pairs[usize::from(u16::from_le_bytes([bytes[at], bytes[at + 1]]))] {
            continue;
        }
        let Some(candidates) = by_beginning.get(&beginning(&bytes[at..])) else {
            continue;
        };
        for index in candidates {
            if bytes[at..].starts_with(wanted[*index]) {
                counts[*index] += 1;
            }
        }
    }
    counts
}

/// Every text in the demo's sources that stands nowhere else in ours, tests left out.
fn demo_texts() -> BTreeSet<String> {
    let mut elsewhere = String::new();
    let mut texts = BTreeSet::new();
    for file in sources(Path::new("src")) {
        let source = fs::read_to_string(&file).unwrap();
        if is_demo(&file) {
            let source = source.split("#[cfg(test)]").next().unwrap_or_default();
            texts
                .extend(literals(source).filter(|text| text.len() >= TELLING && !text.contains(['{', '\\'])));
        } else {
            elsewhere.push_str(&source);
        }
    }
    // A single word may be any library's; the demo's own texts have Kazakh or Russian letters, or several words.
    texts.retain(|text| !elsewhere.contains(text.as_str()) && (text.contains(' ') || !text.is_ascii()));
    texts
}

/// What the demo includes as files.
fn demo_files() -> Vec<PathBuf> {
    all(Path::new("src/demo"))
        .into_iter()
        .filter(|file| file.extension().is_some_and(|extension| extension != "rs"))
        .collect()
}

fn is_demo(file: &Path) -> bool {
    file.starts_with("src/demo") || file == Path::new("src/demo.rs") || file.ends_with("cabinet_demo.rs")
}

fn sources(folder: &Path) -> impl Iterator<Item = PathBuf> {
    all(folder)
        .into_iter()
        .filter(|file| {
            file.extension()
                .is_some_and(|extension| extension == "rs" || extension == "txt")
        })
        .filter(|file| !file.to_string_lossy().ends_with("tests.rs"))
}

fn all(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(all(&path));
        } else {
            found.push(path);
        }
    }
    found
}

/// Texts between quotes, comments passed over.
fn literals(source: &str) -> impl Iterator<Item = String> {
    source
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .flat_map(|line| line.split('"').skip(1).step_by(2))
        .map(str::to_owned)
}

#[cfg(not(feature = "demo"))]
#[test]
fn the_server_holds_no_simulator_no_gost_signing_and_no_test_authority() {
    let found = look(Path::new(env!("CARGO_BIN_EXE_cabinet")));
    assert_eq!(
        (
            found.symbols,
            found.source_paths,
            found.texts.as_slice(),
            found.files.as_slice()
        ),
        (0, 0, [].as_slice(), [].as_slice())
    );
}

#[cfg(feature = "demo")]
#[test]
fn looking_finds_the_demo_where_it_is() {
    let found = look(Path::new(env!("CARGO_BIN_EXE_cabinet-demo")));
    assert!(found.symbols > 100, "{} symbols", found.symbols);
    assert!(found.texts.len() > 100, "{} texts", found.texts.len());
    assert!(found.texts.iter().any(|text| text.contains("ТЕСТОВ")));
    assert!(found.source_paths > 0);
    let window = Path::new("src/demo/ncalayer/dialog.html");
    assert!(found.files.iter().any(|file| file == window), "{:?}", found.files);
}
