//! Tables that operators bring in: CSV in UTF-8 with a line of column names, cells set apart by comma, semicolon or tab. Each
//! line stands for itself (RFC 4180 without line breaks inside a cell), so that a broken one spoils no other.

/// The columns of a table by their names in lower case.
pub struct Heading {
    separator: u8,
    names: Vec<String>,
}

impl Heading {
    /// Of the first line. Whatever of the three separators stands in it most often is the separator.
    #[must_use]
    pub fn of(line: &str) -> Self {
        let line = line.strip_prefix('\u{feff}').unwrap_or(line);
        let count = |separator: &u8| line.bytes().filter(|byte| byte == separator).count();
        let separator = b";\t,".iter().copied().max_by_key(count).unwrap_or(b',');
        let names = cells(line, separator).unwrap_or_default();
        Self {
            separator,
            names: names.iter().map(|name| name.to_ascii_lowercase()).collect(),
        }
    }

    /// Where the column of this name stands.
    #[must_use]
    pub fn position(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|found| found == name)
    }

    /// The columns that aren't among these: a misspelt one must not be passed over.
    #[must_use]
    pub fn unknown<'a>(&'a self, known: &[&str]) -> Vec<&'a str> {
        self.names
            .iter()
            .map(String::as_str)
            .filter(|name| !known.contains(name))
            .collect()
    }

    /// The cells of a later line, trimmed; `None` for an empty one.
    #[must_use]
    pub fn cells(&self, line: &str) -> Option<Vec<String>> {
        cells(line, self.separator)
    }
}

fn cells(line: &str, separator: u8) -> Option<Vec<String>> {
    let line = line.trim_end_matches(['\r', '\n']);
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .trim(csv::Trim::All)
        .from_reader(line.as_bytes());
    let record = reader.records().next()?.ok()?;
    Some(record.iter().map(ToOwned::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quote_inside_a_cell_is_a_plain_character() {
        let heading = Heading::of("code;name");
        assert_eq!(heading.cells("1;с.\"Бай\"\r").unwrap(), ["1", "с.\"Бай\""]);
        assert_eq!(
            heading.cells("1;\"a;\"\"b\"\"\";c").unwrap(),
            ["1", "a;\"b\"", "c"]
        );
        assert_eq!(heading.cells(" 1 ; ").unwrap(), ["1", ""]);
        assert_eq!(heading.cells(""), None);
    }

    #[test]
    fn a_quoted_cell_that_never_ends_swallows_its_own_line_alone() {
        let heading = Heading::of("code,name");
        assert_eq!(heading.cells("1,\"a,b,c").unwrap(), ["1", "a,b,c"]);
    }

    #[test]
    fn columns_are_found_by_name_and_strangers_named() {
        let heading = Heading::of("\u{feff}IIN;Mobile;e-mail");
        assert_eq!(heading.position("mobile"), Some(1));
        assert_eq!(heading.position("email"), None);
        assert_eq!(heading.unknown(&["iin", "mobile", "email"]), ["e-mail"]);
    }
}
