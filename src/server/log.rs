//! The log: lines on standard error, as text or JSON. Types keep IINs and contacts masked; as a second wall nothing leaves
//! here with a control character or with a stretch of digits as long as an IIN or a telephone number.

use super::config::LogFormat;
use std::io::{self, Write};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

/// Starts the log. `RUST_LOG` chooses what is told; by default what the cabinet says from `info` on,
/// and what others say from `warn` on.
pub fn start(format: LogFormat) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn,cabinet=info"));
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(false)
        .with_writer(Careful(io::stderr));
    // Fails where a log is running already, in a test: then that one stays.
    let _ = match format {
        LogFormat::Text => builder.try_init(),
        LogFormat::Json => builder.json().try_init(),
    };
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        let why = panic.payload_as_str().unwrap_or("(no text)");
        tracing::error!(place, why, "panic");
    }));
}

/// A writer whose lines were gone over.
pub struct Careful<M>(pub M);

pub struct CarefulWriter<W: Write>(W);

impl<'a, M: MakeWriter<'a>> MakeWriter<'a> for Careful<M> {
    type Writer = CarefulWriter<M::Writer>;

    fn make_writer(&'a self) -> Self::Writer {
        CarefulWriter(self.0.make_writer())
    }
}

impl<W: Write> Write for CarefulWriter<W> {
    /// One call is one whole event, ending with a line feed.
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(event);
        self.0.write_all(careful(&text).as_bytes())?;
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// The same line without control characters (but its own end) and without long numbers.
fn careful(event: &str) -> String {
    let (line, end) = match event.strip_suffix('\n') {
        Some(line) => (line, "\n"),
        None => (event, ""),
    };
    let mut clean = String::with_capacity(event.len());
    let mut digits = String::new();
    for c in line.chars() {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        put_number(&mut clean, &mut digits);
        match c {
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') => {
                clean.extend(c.escape_unicode());
            }
            c => clean.push(c),
        }
    }
    put_number(&mut clean, &mut digits);
    clean.push_str(end);
    clean
}

/// An IIN has twelve digits, a national number ten, with its country eleven and more. A number of JSON stays one, and a
/// fraction of a second stays.
fn put_number(clean: &mut String, digits: &mut String) {
    let mut before = clean.chars().rev();
    let (last, last_but_one) = (before.next(), before.next());
    let is_fraction = last == Some('.') && last_but_one.is_some_and(|c| c.is_ascii_digit());
    match (digits.len(), last) {
        (0..10, _) => clean.push_str(digits),
        _ if is_fraction => clean.push_str(digits),
        (_, Some(':')) => clean.push('0'),
        _ => clean.push('•'),
    }
    digits.clear();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t35_no_event_breaks_its_line_and_none_tells_a_number() {
        let line =
            careful("name=\"a\nFORGED\u{1b}[31m\u{2028}\" iin=990101390009 to=+77012345678 ms=1234 ok\n");
        assert_eq!(
            careful("{\"seconds\":0.00012345678901,\"at\":1795417200000,\"a\":\"1795417200000\"}"),
            "{\"seconds\":0.00012345678901,\"at\":0,\"a\":\"•\"}"
        );
        assert_eq!(
            line,
            "name=\"a\\u{a}FORGED\\u{1b}[31m\\u{2028}\" iin=• to=+• ms=1234 ok\n"
        );
    }
}
