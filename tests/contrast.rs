//! Reads `style/tokens.css` and holds every pair of colours that is used to its contrast: 4.5 to 1 for text, 3 to 1 for
//! edges and focus (WCAG 2.2, 1.4.3 and 1.4.11); with more contrast 7 to 1 and 4.5 to 1.

use std::collections::HashMap;

const TEXT: [(&str, &str); 27] = [
    ("ink", "paper"),
    ("ink", "ground"),
    ("ink", "sea-2"),
    ("ink", "sun-2"),
    ("ink", "ok-2"),
    ("ink", "bad-2"),
    ("ink-2", "paper"),
    ("ink-2", "ground"),
    ("ink-2", "sea-2"),
    ("ink-2", "sun-2"),
    ("sea", "paper"),
    ("sea", "ground"),
    ("sea", "sea-2"),
    ("sea", "sun-2"),
    ("sea", "ok-2"),
    ("sea", "bad-2"),
    ("sea-dark", "paper"),
    ("sea-dark", "ground"),
    ("sea-dark", "sea-2"),
    ("on-sea", "sea"),
    ("on-sea", "sea-dark"),
    ("on-bad", "bad"),
    ("ok", "paper"),
    ("ok", "ground"),
    ("bad", "paper"),
    ("bad", "ground"),
    ("paper", "ink"),
];
const EDGES: [(&str, &str); 6] = [
    ("edge", "paper"),
    ("edge", "ground"),
    ("sea", "paper"),
    ("bad", "paper"),
    ("sun", "ring"),
    ("ink", "ground"),
];

#[derive(Debug, Clone, Copy)]
struct Look {
    dark: bool,
    more: bool,
}

/// The colour a token has in this look: follows `var(--light, …) var(--dark, …)` and the same of `--plain` and `--more`.
fn colour(value: &str, look: Look) -> &str {
    let value = branch(value, look.dark, "var(--light, ", "var(--dark, ");
    branch(value, look.more, "var(--plain, ", "var(--more, ")
}

fn branch<'a>(value: &'a str, second: bool, first_mark: &str, second_mark: &str) -> &'a str {
    let Some(rest) = value.strip_prefix(first_mark) else {
        return value;
    };
    let at = rest.find(second_mark).expect("both branches");
    if second {
        rest[at + second_mark.len()..].strip_suffix(')').expect("closed")
    } else {
        rest[..at].trim_end().strip_suffix(')').expect("closed")
    }
}

fn tokens() -> HashMap<&'static str, &'static str> {
    let lines = include_str!("../style/tokens.css").lines().map(str::trim);
    let declared = lines.filter_map(|line| line.strip_prefix("--")?.strip_suffix(';')?.split_once(": "));
    declared.filter(|(_, value)| value.contains('#')).collect()
}

/// Relative luminance, WCAG 2.2.
fn luminance(hex: &str) -> f64 {
    let digits = hex
        .strip_prefix('#')
        .unwrap_or_else(|| panic!("{hex} is no colour"));
    let channel = |index: usize| {
        let pair = match digits.len() {
            3 => digits[index..=index].repeat(2),
            _ => digits[2 * index..2 * index + 2].to_owned(),
        };
        let share = f64::from(u8::from_str_radix(&pair, 16).expect("hexadecimal")) / 255.0;
        if share <= 0.04045 {
            share / 12.92
        } else {
            ((share + 0.055) / 1.055).powf(2.4)
        }
    };
    0.2126 * channel(0) + 0.7152 * channel(1) + 0.0722 * channel(2)
}

fn contrast(a: &str, b: &str) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[test]
fn every_pair_that_is_used_has_its_contrast() {
    let tokens = tokens();
    let mut faults = Vec::new();
    for (dark, more) in [(false, false), (false, true), (true, false), (true, true)] {
        let look = Look { dark, more };
        let needs: [(&[(&str, &str)], f64); 2] = if more {
            [(&TEXT, 7.0), (&EDGES, 4.5)]
        } else {
            [(&TEXT, 4.5), (&EDGES, 3.0)]
        };
        for (pairs, need) in needs {
            for (front, back) in pairs {
                let (a, b) = (colour(tokens[front], look), colour(tokens[back], look));
                let found = contrast(a, b);
                if found < need {
                    faults.push(format!(
                        "{look:?}: {front} {a} on {back} {b}: {found:.2}, needs {need}"
                    ));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn black_on_white_is_twenty_one_to_one() {
    assert!((contrast("#000", "#ffffff") - 21.0).abs() < 1e-9);
    assert!((contrast("#777", "#fff") - 4.48).abs() < 0.01);
}
