//! Counters and histograms in Prometheus' text format 0.0.4. Values of labels are texts of the program itself (`&'static
//! str`): nothing that came from outside can become one, so no label names a person and their number is bounded.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Upper bounds in seconds: of what a person waits for.
pub const OF_A_WAIT: &[f64] = &[
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0,
];

/// What a family is called, told of, and told apart by.
struct Head<const N: usize> {
    name: &'static str,
    help: &'static str,
    labels: [&'static str; N],
}

impl<const N: usize> Head<N> {
    fn write(&self, out: &mut String, kind: &str) {
        head(out, self.name, self.help, kind);
    }

    /// `{route="page",le="0.1"}`; nothing without labels.
    fn labelled(&self, values: &[&'static str; N], last: Option<(&str, &str)>) -> String {
        let pairs: Vec<String> = self
            .labels
            .iter()
            .copied()
            .zip(values.iter().copied())
            .chain(last)
            .map(|(name, value)| format!("{name}=\"{value}\""))
            .collect();
        match pairs.as_slice() {
            [] => String::new(),
            pairs => format!("{{{}}}", pairs.join(",")),
        }
    }
}

/// How often something happened.
pub struct Counter<const N: usize> {
    head: Head<N>,
    values: Mutex<BTreeMap<[&'static str; N], u64>>,
}

impl<const N: usize> Counter<N> {
    #[must_use]
    pub const fn new(name: &'static str, help: &'static str, labels: [&'static str; N]) -> Self {
        Self {
            head: Head { name, help, labels },
            values: Mutex::new(BTreeMap::new()),
        }
    }

    pub fn count(&self, labels: [&'static str; N]) {
        *locked(&self.values).entry(labels).or_default() += 1;
    }

    pub fn write(&self, out: &mut String) {
        self.head.write(out, "counter");
        for (values, count) in locked(&self.values).iter() {
            let labels = self.head.labelled(values, None);
            line(out, &format!("{}{labels} {count}", self.head.name));
        }
    }
}

/// How long something took, and how often.
pub struct Histogram<const N: usize> {
    head: Head<N>,
    values: Mutex<BTreeMap<[&'static str; N], Observed>>,
}

#[derive(Clone, Default)]
struct Observed {
    /// How many fell under each bound and above the one before it.
    under: [u64; OF_A_WAIT.len()],
    count: u64,
    sum: f64,
}

impl<const N: usize> Histogram<N> {
    #[must_use]
    pub const fn new(name: &'static str, help: &'static str, labels: [&'static str; N]) -> Self {
        Self {
            head: Head { name, help, labels },
            values: Mutex::new(BTreeMap::new()),
        }
    }

    pub fn observe(&self, labels: [&'static str; N], took: Duration) {
        let seconds = took.as_secs_f64();
        let mut values = locked(&self.values);
        let observed = values.entry(labels).or_default();
        observed.count += 1;
        observed.sum += seconds;
        if let Some(place) = OF_A_WAIT.iter().position(|bound| seconds <= *bound) {
            observed.under[place] += 1;
        }
    }

    pub fn write(&self, out: &mut String) {
        self.head.write(out, "histogram");
        // Written from a copy: nobody who observes waits for the text.
        let values = locked(&self.values).clone();
        let name = self.head.name;
        for (labels, observed) in &values {
            let mut below = 0;
            for (bound, under) in OF_A_WAIT.iter().zip(observed.under) {
                below += under;
                let with = self.head.labelled(labels, Some(("le", &bound.to_string())));
                line(out, &format!("{name}_bucket{with} {below}"));
            }
            let all = self.head.labelled(labels, Some(("le", "+Inf")));
            let plain = self.head.labelled(labels, None);
            line(out, &format!("{name}_bucket{all} {}", observed.count));
            line(out, &format!("{name}_sum{plain} {}", observed.sum));
            line(out, &format!("{name}_count{plain} {}", observed.count));
        }
    }
}

/// One value that goes up and down, told as it is now.
pub fn gauge(out: &mut String, name: &str, help: &str, value: f64) {
    head(out, name, help, "gauge");
    line(out, &format!("{name} {value}"));
}

/// What only grows.
pub fn total(out: &mut String, name: &str, help: &str, value: u64) {
    head(out, name, help, "counter");
    line(out, &format!("{name} {value}"));
}

/// A gauge, once for each value of one label.
pub fn gauges(out: &mut String, name: &str, help: &str, label: &str, values: &[(&'static str, f64)]) {
    head(out, name, help, "gauge");
    for (of, value) in values {
        line(out, &format!("{name}{{{label}=\"{of}\"}} {value}"));
    }
}

fn head(out: &mut String, name: &str, help: &str, kind: &str) {
    line(out, &format!("# HELP {name} {help}"));
    line(out, &format!("# TYPE {name} {kind}"));
}

fn line(out: &mut String, text: &str) {
    // Writing to a `String` doesn't fail.
    let _ = writeln!(out, "{text}");
}

fn locked<T>(values: &Mutex<T>) -> MutexGuard<'_, T> {
    // Each change is a few additions: a panic elsewhere leaves nothing half done that matters.
    values.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_counter_is_told_by_its_labels() {
        let counter = Counter::new("a_total", "How often.", ["way", "outcome"]);
        counter.count(["eds", "in"]);
        counter.count(["eds", "in"]);
        counter.count(["password", "too_many"]);
        let mut out = String::new();
        counter.write(&mut out);
        assert_eq!(
            out,
            "# HELP a_total How often.\n# TYPE a_total counter\n\
             a_total{way=\"eds\",outcome=\"in\"} 2\na_total{way=\"password\",outcome=\"too_many\"} 1\n"
        );
    }

    #[test]
    fn a_histogram_counts_below_each_bound_and_above_the_last() {
        let histogram = Histogram::new("b_seconds", "How long.", []);
        for milliseconds in [1, 2, 400, 60_000] {
            histogram.observe([], Duration::from_millis(milliseconds));
        }
        let mut out = String::new();
        histogram.write(&mut out);
        for expected in [
            "b_seconds_bucket{le=\"0.001\"} 1\n",
            "b_seconds_bucket{le=\"0.0025\"} 2\n",
            "b_seconds_bucket{le=\"0.25\"} 2\n",
            "b_seconds_bucket{le=\"0.5\"} 3\n",
            "b_seconds_bucket{le=\"30\"} 3\n",
            "b_seconds_bucket{le=\"+Inf\"} 4\n",
            "b_seconds_sum 60.40",
            "b_seconds_count 4\n",
        ] {
            assert!(out.contains(expected), "{expected} in {out}");
        }
    }
}
