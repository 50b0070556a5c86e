//! A moment in whole seconds of UTC. The room has no clock: every moment is the caller's, or is read from what was signed.

use std::{fmt, time::Duration};

use der::DateTime;

/// Seconds since 1970-01-01T00:00:00Z, never negative, up to the end of the year 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(i64);

/// 9999-12-31T23:59:59Z.
const LAST: i64 = 253_402_300_799;

impl Instant {
    /// The moment `seconds` after the epoch, held between the epoch and the end of the year 9999.
    pub const fn from_unix(seconds: i64) -> Self {
        Self(if seconds < 0 {
            0
        } else if seconds > LAST {
            LAST
        } else {
            seconds
        })
    }

    /// Seconds since the epoch.
    pub const fn unix(self) -> i64 {
        self.0
    }

    /// Reads RFC 3339, such as `2026-10-01T00:00:00Z` or `2026-10-01T05:00:00+05:00`; fractions of a second are cut off.
    pub fn from_rfc3339(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let shape = b"dddd-dd-ddTdd:dd:dd";
        if bytes.len() <= shape.len() || !text.is_ascii() {
            return None;
        }
        for (byte, expected) in bytes.iter().zip(shape) {
            let fits = match expected {
                b'd' => byte.is_ascii_digit(),
                b'T' => matches!(byte, b'T' | b't' | b' '),
                other => byte == other,
            };
            if !fits {
                return None;
            }
        }
        let number =
            |range: std::ops::Range<usize>| text.get(range).and_then(|digits| digits.parse::<u16>().ok());
        let small = |from: usize| number(from..from + 2).and_then(|value| u8::try_from(value).ok());
        let local = DateTime::new(
            number(0..4)?,
            small(5)?,
            small(8)?,
            small(11)?,
            small(14)?,
            small(17)?,
        )
        .ok()?;
        let mut rest = &text[19..];
        if let Some(fraction) = rest.strip_prefix('.') {
            let digits = fraction.bytes().take_while(u8::is_ascii_digit).count();
            if digits == 0 {
                return None;
            }
            rest = &fraction[digits..];
        }
        let offset = match rest.as_bytes() {
            b"Z" | b"z" => 0,
            [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2]
                if [h1, h2, m1, m2].iter().all(|d| d.is_ascii_digit()) =>
            {
                let digit = |d: &u8| i64::from(d - b'0');
                let (hours, minutes) = (digit(h1) * 10 + digit(h2), digit(m1) * 10 + digit(m2));
                if hours > 23 || minutes > 59 {
                    return None;
                }
                (hours * 60 + minutes) * 60 * if *sign == b'+' { 1 } else { -1 }
            }
            _ => return None,
        };
        let seconds = i64::try_from(local.unix_duration().as_secs()).ok()? - offset;
        (0..=LAST).contains(&seconds).then_some(Self(seconds))
    }

    /// `seconds` later (earlier when negative), held within the range of the type.
    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self::from_unix(self.0.saturating_add(seconds))
    }

    /// Seconds from `earlier` to this moment; negative when this one comes first.
    pub const fn seconds_since(self, earlier: Self) -> i64 {
        self.0 - earlier.0
    }

    pub(crate) fn from_der_time(time: DateTime) -> Self {
        Self::from_unix(i64::try_from(time.unix_duration().as_secs()).unwrap_or(LAST))
    }

    pub(crate) fn to_date_time(self) -> Option<DateTime> {
        DateTime::from_unix_duration(Duration::from_secs(u64::try_from(self.0).ok()?)).ok()
    }
}

/// RFC 3339 with the letter Z.
impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.to_date_time() {
            Some(t) => write!(
                f,
                "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z",
                t.year(),
                t.month(),
                t.day(),
                t.hour(),
                t.minutes(),
                t.seconds()
            ),
            None => write!(f, "@{}", self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_two_ways_of_writing_a_moment_agree() {
        let moment = Instant::from_rfc3339("2026-10-01T00:00:00Z").unwrap();
        assert_eq!(moment.unix(), 1_790_812_800);
        assert_eq!(moment.to_string(), "2026-10-01T00:00:00Z");
        assert_eq!(
            Instant::from_rfc3339("2026-10-01T05:00:00.25+05:00"),
            Some(moment)
        );
    }

    #[test]
    fn what_is_not_rfc_3339_is_no_moment() {
        for text in [
            "",
            "2026-10-01",
            "2026-10-01T00:00:00",
            "2026-13-01T00:00:00Z",
            "2026-10-01T00:00:00.Z",
            "é026-10-01T00:00:00Z",
            "2026-10-01T00:00:00+25:00",
            "1969-12-31T23:59:59Z",
            "2026-10-01T00:00:00Zz",
        ] {
            assert_eq!(Instant::from_rfc3339(text), None, "{text}");
        }
    }
}
