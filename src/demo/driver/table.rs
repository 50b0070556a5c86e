//! Figures beside each other: how long questions took, how they failed.

use super::browser::{Failure, Watcher};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

#[derive(Default)]
struct Row {
    took: Vec<Duration>,
    /// By kind.
    failed: BTreeMap<String, usize>,
}

/// By question. Cloned freely: all clones count together.
#[derive(Clone, Default)]
pub struct Times(Arc<Mutex<BTreeMap<&'static str, Row>>>);

impl Times {
    fn rows(&self) -> MutexGuard<'_, BTreeMap<&'static str, Row>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn note(&self, question: &'static str, took: Duration, failure: Option<&Failure>) {
        let mut rows = self.rows();
        let row = rows.entry(question).or_default();
        row.took.push(took);
        if let Some(failure) = failure {
            *row.failed.entry(failure.kind().to_owned()).or_default() += 1;
        }
    }

    pub fn watcher(&self) -> Watcher {
        let times = self.clone();
        Arc::new(move |question, took, failure| times.note(question, took, failure))
    }

    /// What was noted so far goes: the beginning isn't measured.
    pub fn forget(&self) {
        self.rows().clear();
    }

    pub fn count(&self) -> usize {
        self.rows().values().map(|row| row.took.len()).sum()
    }

    /// How often it failed so.
    pub fn failed(&self, kind: &str) -> usize {
        let rows = self.rows();
        rows.values().filter_map(|row| row.failed.get(kind)).sum()
    }

    /// p95 in milliseconds of every question asked.
    pub fn p95(&self) -> BTreeMap<&'static str, f64> {
        let rows = self.rows();
        rows.iter()
            .map(|(question, row)| (*question, percentile(95, &sorted(&row.took))))
            .collect()
    }

    pub fn table(&self, seconds: f64) -> String {
        let mut text = format!(
            "{:<26} {:>7} {:>7} {:>8} {:>8} {:>8} {:>8}  failed\n",
            "ms", "asked", "a s", "p50", "p95", "p99", "at most"
        );
        for (question, row) in self.rows().iter() {
            let took = sorted(&row.took);
            let failed: Vec<String> = row.failed.iter().map(|(kind, n)| format!("{n} {kind}")).collect();
            // Writing to a String never fails.
            let _ = writeln!(
                text,
                "{question:<26} {:>7} {:>7.1} {:>8.1} {:>8.1} {:>8.1} {:>8.1}  {}",
                took.len(),
                took.len() as f64 / seconds,
                percentile(50, &took),
                percentile(95, &took),
                percentile(99, &took),
                percentile(100, &took),
                failed.join(", ")
            );
        }
        text
    }
}

/// Milliseconds.
fn sorted(took: &[Duration]) -> Vec<f64> {
    let mut took: Vec<f64> = took.iter().map(|took| took.as_secs_f64() * 1e3).collect();
    took.sort_by(f64::total_cmp);
    took
}

fn percentile(percent: usize, sorted: &[f64]) -> f64 {
    let last = sorted.len().saturating_sub(1);
    sorted.get(last * percent / 100).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_and_failures_are_told_by_question() {
        let times = Times::default();
        for ms in 1..=100 {
            times.note("a", Duration::from_millis(ms), None);
        }
        let failure = Failure::Cut("x".to_owned());
        times.note("b", Duration::from_millis(5), Some(&failure));
        assert_eq!(times.p95()["a"], 95.0);
        assert_eq!((times.count(), times.failed("cut")), (101, 1));
        let table = times.table(10.0);
        assert!(table.contains("1 cut") && table.contains("10.0"), "{table}");
    }
}
