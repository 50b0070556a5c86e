//! How long it takes to find a place among those of the KATO classifier: each question asked of the whole classifier, in turns,
//! the slowest of the best told. Reads `CABINET_VECTORS/../data`; without it, names made up in the same number.

use cabinet::domain::lang::Lang;
use cabinet::server::places::{Directory, Place, classifier};
use std::hint::black_box;
use std::path::PathBuf;
use std::time::{Duration, Instant};

const ROWS: usize = 16_264;
const ROUNDS: usize = 20;
/// What is asked for at most.
const LIMIT: Duration = Duration::from_millis(20);
const QUESTIONS: [&str; 8] = [
    "",
    "а",
    "аб",
    "жамбыл",
    "Каскелең",
    "көл",
    "абай карасай",
    "такого нет",
];

fn main() {
    let vectors =
        std::env::var_os("CABINET_VECTORS").map_or_else(|| PathBuf::from("../shared/vectors"), PathBuf::from);
    let places = match std::fs::read(vectors.join("../data/kato-2022-10-17.csv")) {
        Ok(file) => classifier::read(&file).expect("the classifier").places,
        Err(_) => made_up(),
    };
    let rows = places.len();
    let started = Instant::now();
    let directory = Directory::new(places);
    println!(
        "{:<44} {:>9.2?}",
        format!("{rows} places made ready"),
        started.elapsed()
    );
    let mut slowest = Duration::ZERO;
    for question in QUESTIONS {
        let best = (0..ROUNDS)
            .map(|_| {
                let started = Instant::now();
                black_box(directory.find("", black_box(question), Lang::Ru));
                started.elapsed()
            })
            .min()
            .unwrap_or_default();
        println!("{:<44} {best:>9.2?}", format!("«{question}» found"));
        slowest = slowest.max(best);
    }
    println!(
        "{:<44} {slowest:>9.2?} (at most {LIMIT:?})",
        "the slowest of them"
    );
    assert!(slowest <= LIMIT, "a place is found in {slowest:?}");
}

/// As many rows as the classifier has, of one region.
fn made_up() -> Vec<Place> {
    (0..ROWS)
        .map(|number| Place {
            code: format!("10{:07}", number * 100 + 1),
            name_kk: Some(format!("Ауыл-{number} а.")),
            name_ru: format!("с.Жамбыл-{number}"),
        })
        .collect()
}
