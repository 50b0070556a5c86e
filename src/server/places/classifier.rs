//! Reads the KATO classifier from its files: the official table (columns `te,ab,cd,ef,hij,k,name_kaz,name_rus,nn`) or
//! `id;parent_id;code;name` with Russian names alone. A row that can't be read is refused with its line and reason, the
//! others are taken; letters that faulty encodings left behind are mended.

use super::Place;
use crate::domain::address::Region;
use crate::domain::cyrillic::repair;
use crate::server::table::Heading;
use std::collections::BTreeMap;

/// More than three times the classifier.
const ROWS_AT_MOST: usize = 60_000;
const LONGEST_NAME: usize = 200;

/// What became of a file.
#[derive(Debug, PartialEq, Eq)]
pub struct Reading {
    /// In the order of their codes.
    pub places: Vec<Place>,
    pub refused: Vec<Refused>,
    /// Names in which letters were mended.
    pub mended: usize,
}

/// A row that isn't taken.
#[derive(Debug, PartialEq, Eq)]
pub struct Refused {
    /// From 1, the heading counted.
    pub line: usize,
    pub why: RowFault,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RowFault {
    #[error("a column is missing")]
    Short,
    #[error("the code isn't nine digits")]
    Code,
    #[error("the code belongs to none of the twenty regions")]
    Region,
    #[error("the code stood in an earlier row")]
    Twice,
    #[error("no name, or one of over {LONGEST_NAME} characters")]
    Name,
}

/// A file that is no classifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ClassifierError {
    #[error("it isn't UTF-8 text; save the table as CSV in UTF-8")]
    NotText,
    #[error("the first line names neither the columns te, name_kaz, name_rus nor code, name")]
    Heading,
    #[error("over {ROWS_AT_MOST} rows")]
    TooLong,
    #[error("no row could be taken")]
    Empty,
}

/// Which column holds what.
struct Columns {
    heading: Heading,
    code: usize,
    name_kk: Option<usize>,
    name_ru: usize,
}

/// Reads a whole file.
///
/// # Errors
/// [`ClassifierError`] when nothing of it can be used; refused rows stand in [`Reading::refused`].
pub fn read(file: &[u8]) -> Result<Reading, ClassifierError> {
    let text = std::str::from_utf8(file).map_err(|_| ClassifierError::NotText)?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut lines = text.lines();
    let columns = columns(lines.next().unwrap_or_default()).ok_or(ClassifierError::Heading)?;
    let mut places = BTreeMap::new();
    let mut refused = Vec::new();
    let mut mended = 0;
    for (index, line) in lines.enumerate() {
        if index == ROWS_AT_MOST {
            return Err(ClassifierError::TooLong);
        }
        if line.trim().is_empty() {
            continue;
        }
        let taken = row(line, &columns).and_then(|(place, mends)| {
            if places.contains_key(&place.code) {
                return Err(RowFault::Twice);
            }
            mended += usize::from(mends);
            places.insert(place.code.clone(), place);
            Ok(())
        });
        if let Err(why) = taken {
            refused.push(Refused { line: index + 2, why });
        }
    }
    if places.is_empty() {
        return Err(ClassifierError::Empty);
    }
    Ok(Reading {
        places: places.into_values().collect(),
        refused,
        mended,
    })
}

fn columns(heading: &str) -> Option<Columns> {
    let heading = Heading::of(heading);
    let at = |name: &str| heading.position(name);
    Some(Columns {
        code: at("te").or_else(|| at("code"))?,
        name_kk: at("name_kaz"),
        name_ru: at("name_rus").or_else(|| at("name"))?,
        heading,
    })
}

fn row(line: &str, columns: &Columns) -> Result<(Place, bool), RowFault> {
    let cells = columns.heading.cells(line).ok_or(RowFault::Short)?;
    let cell = |index: usize| cells.get(index).map(String::as_str).ok_or(RowFault::Short);
    let code = cell(columns.code)?;
    if code.len() != 9 || !code.bytes().all(|digit| digit.is_ascii_digit()) {
        return Err(RowFault::Code);
    }
    if Region::by_code(&code[..2]).is_none() {
        return Err(RowFault::Region);
    }
    let (name_ru, mended_ru) = name(cell(columns.name_ru)?);
    let (name_kk, mended_kk) = columns
        .name_kk
        .map(|index| cell(index).map(name))
        .transpose()?
        .unwrap_or_default();
    let fits = |name: &str| !name.is_empty() && name.chars().count() <= LONGEST_NAME;
    if !fits(&name_ru) || !(name_kk.is_empty() || fits(&name_kk)) {
        return Err(RowFault::Name);
    }
    let place = Place {
        code: code.to_owned(),
        name_kk: Some(name_kk).filter(|name| !name.is_empty()),
        name_ru,
    };
    Ok((place, mended_ru || mended_kk))
}

/// A name in single spaces, without quotes around it, stray letters mended; and whether any was.
fn name(text: &str) -> (String, bool) {
    let bare: String = text
        .chars()
        .map(|c| if matches!(c, '"' | '«' | '»') { ' ' } else { c })
        .collect();
    let spaced = bare.split_whitespace().collect::<Vec<_>>().join(" ");
    let repaired = repair(&spaced);
    let mended = !repaired.replaced.is_empty();
    (repaired.text, mended)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(file: &str) -> Vec<(String, Option<String>, String)> {
        let reading = read(file.as_bytes()).expect("a classifier");
        reading
            .places
            .into_iter()
            .map(|place| (place.code, place.name_kk, place.name_ru))
            .collect()
    }

    #[test]
    fn the_official_table_is_read_in_both_languages() {
        let file = "te,ab,cd,ef,hij,k,name_kaz,name_rus,nn\r\n\
            350000000,35,00,00,000,0,Қарағанды облысы,Карагандинская область,\r\n\
            351000000,35,10,00,000,1,\"Қарағанды қ.ә.\",\"Караганда Г.А.\",2\r\n";
        assert_eq!(
            names(file),
            [
                (
                    "350000000".into(),
                    Some("Қарағанды облысы".into()),
                    "Карагандинская область".into()
                ),
                (
                    "351000000".into(),
                    Some("Қарағанды қ.ә.".into()),
                    "Караганда Г.А.".into()
                ),
            ]
        );
    }

    #[test]
    fn stray_letters_are_mended_and_quotes_inside_a_name_go() {
        let file = "\u{feff}id;parent_id;code;name\n1;0;552244500;с.\"Ќўрылысшы\"\n2;0;635239705;Застава \" Кокжота\"\n";
        let reading = read(file.as_bytes()).unwrap();
        let names: Vec<&str> = reading
            .places
            .iter()
            .map(|place| place.name_ru.as_str())
            .collect();
        assert_eq!(names, ["с. Құрылысшы", "Застава Кокжота"]);
        assert_eq!(reading.mended, 1);
    }

    #[test]
    fn a_bad_row_is_refused_by_line_and_the_others_are_taken() {
        let file = "id;parent_id;code;name\n1;0;100000000;область Абай\n2;1;10100;Семей\n3;1;101010000\n4;1;990000000;X\n\
            5;1;101000000;\n6;0;100000000;область Абай\n\n7;1;102000000;Курчатов Г.А.\n";
        let reading = read(file.as_bytes()).unwrap();
        assert_eq!(reading.places.len(), 2);
        let refused: Vec<(usize, RowFault)> = reading.refused.iter().map(|row| (row.line, row.why)).collect();
        assert_eq!(
            refused,
            [
                (3, RowFault::Code),
                (4, RowFault::Short),
                (5, RowFault::Region),
                (6, RowFault::Name),
                (7, RowFault::Twice),
            ]
        );
    }

    #[test]
    fn a_file_that_is_no_classifier_says_why() {
        assert_eq!(read(b"\xff\xfe\x31"), Err(ClassifierError::NotText));
        assert_eq!(read(b"one;two\n1;2\n"), Err(ClassifierError::Heading));
        assert_eq!(read(b""), Err(ClassifierError::Heading));
        assert_eq!(read(b"code;name\nx;y\n"), Err(ClassifierError::Empty));
        let long = format!("code;name\n{}", "1;x\n".repeat(ROWS_AT_MOST + 1));
        assert_eq!(read(long.as_bytes()), Err(ClassifierError::TooLong));
    }

    proptest::proptest! {
        #[test]
        fn no_file_makes_it_panic(file in proptest::collection::vec(proptest::num::u8::ANY, 0..400)) {
            let _ = read(&file);
            let _ = read(&[b"te;name_kaz;name_rus\n".as_slice(), &file].concat());
        }
    }
}
