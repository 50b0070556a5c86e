//! Dates and instants without a time-zone database: Kazakhstan is one zone, UTC+5, since 1 March 2024.
//! Days are counted by the civil calendar algorithm of H. Hinnant; nothing here reads a clock.

use super::json::Json;
use super::reading::Read;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;

/// Kazakhstan's offset from UTC, in milliseconds.
const KZ_OFFSET_MS: i64 = 5 * 3_600_000;
const DAY_MS: i64 = 86_400_000;

/// An instant: milliseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

impl Timestamp {
    #[must_use]
    pub const fn plus_ms(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        self.plus_ms(seconds.saturating_mul(1000))
    }

    /// The calendar day in Kazakhstan.
    #[must_use]
    pub fn date_kz(self) -> Date {
        Date::from_days((self.0 + KZ_OFFSET_MS).div_euclid(DAY_MS))
    }

    /// Hour and minute in Kazakhstan, `09:41`.
    #[must_use]
    pub fn clock_kz(self) -> String {
        let minutes = (self.0 + KZ_OFFSET_MS).rem_euclid(DAY_MS) / 60_000;
        format!("{:02}:{:02}", minutes / 60, minutes % 60)
    }

    /// `2026-08-14T15:52:24.138+0500`: the shape of eGov Mobile's `expiry_date` (three fractional digits, offset without
    /// colon, Kazakhstan's time).
    #[must_use]
    pub fn egov_mobile(self) -> String {
        format!("{}+0500", Self(self.0 + KZ_OFFSET_MS).naive(true))
    }

    /// RFC 3339 in UTC with seconds: `2026-08-14T10:52:24Z`.
    #[must_use]
    pub fn rfc3339(self) -> String {
        format!("{}Z", self.naive(false))
    }

    /// Reads RFC 3339 (`Z` or a numeric offset, fraction allowed).
    #[must_use]
    pub fn parse_rfc3339(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        if bytes.len() < 20 || !matches!(bytes[10], b'T' | b't' | b' ') {
            return None;
        }
        let date = Date::parse_iso(text.get(..10)?)?;
        let number = |range: std::ops::Range<usize>| -> Option<i64> {
            let digits = text.get(range)?;
            digits
                .bytes()
                .all(|b| b.is_ascii_digit())
                .then(|| digits.parse().ok())
                .flatten()
        };
        if bytes[13] != b':' || bytes[16] != b':' {
            return None;
        }
        let (hour, minute, second) = (number(11..13)?, number(14..16)?, number(17..19)?);
        if hour > 23 || minute > 59 || second > 60 {
            return None;
        }
        let mut at = 19;
        let mut ms = 0;
        if bytes.get(at) == Some(&b'.') {
            at += 1;
            let start = at;
            while bytes.get(at).is_some_and(u8::is_ascii_digit) {
                if at - start < 3 {
                    ms = ms * 10 + i64::from(bytes[at] - b'0');
                }
                at += 1;
            }
            if at == start {
                return None;
            }
            for _ in at - start..3 {
                ms *= 10;
            }
        }
        let offset_minutes = match text.get(at..)? {
            "Z" | "z" => 0,
            zone if zone.len() == 6 && zone.as_bytes()[3] == b':' => {
                let sign = match zone.as_bytes()[0] {
                    b'+' => 1,
                    b'-' => -1,
                    _ => return None,
                };
                let (hours, minutes) = (
                    zone.get(1..3)?.parse::<i64>().ok()?,
                    zone.get(4..6)?.parse::<i64>().ok()?,
                );
                sign * (hours * 60 + minutes)
            }
            _ => return None,
        };
        let seconds = hour * 3600 + minute * 60 + second - offset_minutes * 60;
        Some(Self(date.days() * DAY_MS + seconds * 1000 + ms))
    }

    fn naive(self, with_ms: bool) -> String {
        let date = Date::from_days(self.0.div_euclid(DAY_MS));
        let ms = self.0.rem_euclid(DAY_MS);
        let (h, m, s) = (ms / 3_600_000, ms / 60_000 % 60, ms / 1000 % 60);
        if with_ms {
            format!("{date}T{h:02}:{m:02}:{s:02}.{:03}", ms % 1000)
        } else {
            format!("{date}T{h:02}:{m:02}:{s:02}")
        }
    }
}

/// A calendar day. Text form (also in JSON): `YYYY-MM-DD`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: i16,
    month: u8,
    day: u8,
}

impl Date {
    /// `None` for a day the calendar doesn't have.
    #[must_use]
    pub fn new(year: i16, month: u8, day: u8) -> Option<Self> {
        let ok = (1..=9999).contains(&year)
            && (1..=12).contains(&month)
            && day >= 1
            && day <= days_in(year, month);
        ok.then_some(Self { year, month, day })
    }

    /// Reads `YYYY-MM-DD` exactly.
    #[must_use]
    pub fn parse_iso(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
            return None;
        }
        let digits = |from: usize, to: usize| -> Option<u16> {
            bytes[from..to].iter().try_fold(0_u16, |sum, b| {
                b.is_ascii_digit().then(|| sum * 10 + u16::from(b - b'0'))
            })
        };
        Self::new(
            i16::try_from(digits(0, 4)?).ok()?,
            u8::try_from(digits(5, 7)?).ok()?,
            u8::try_from(digits(8, 10)?).ok()?,
        )
    }

    /// `14.03.2034`: the way dates are written in Kazakh and Russian documents.
    #[must_use]
    pub fn dotted(self) -> String {
        format!("{:02}.{:02}.{:04}", self.day, self.month, self.year)
    }

    #[must_use]
    pub const fn year(self) -> i16 {
        self.year
    }

    #[must_use]
    pub const fn month(self) -> u8 {
        self.month
    }

    #[must_use]
    pub const fn day(self) -> u8 {
        self.day
    }

    /// Days since 1970-01-01.
    #[must_use]
    pub fn days(self) -> i64 {
        let y = i64::from(self.year) - i64::from(self.month <= 2);
        let era = y.div_euclid(400);
        let year_of_era = y.rem_euclid(400);
        let month = (i64::from(self.month) + 9) % 12;
        let day_of_year = (153 * month + 2) / 5 + i64::from(self.day) - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        era * 146_097 + day_of_era - 719_468
    }

    /// The day this many days after 1970-01-01.
    #[must_use]
    pub fn from_days(days: i64) -> Self {
        let z = days + 719_468;
        let era = z.div_euclid(146_097);
        let doe = z.rem_euclid(146_097);
        let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
        let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
        let mp = (5 * doy + 2) / 153;
        let day = doy - (153 * mp + 2) / 5 + 1;
        let month = if mp < 10 { mp + 3 } else { mp - 9 };
        let year = yoe + era * 400 + i64::from(month <= 2);
        // The arithmetic above yields month 1..=12 and day 1..=31; years outside 1..=9999 are clamped.
        Self {
            year: year.clamp(1, 9999) as i16,
            month: month as u8,
            day: day as u8,
        }
    }

    /// Its first moment in Kazakhstan.
    #[must_use]
    pub fn begins_kz(self) -> Timestamp {
        Timestamp(self.days() * DAY_MS - KZ_OFFSET_MS)
    }

    #[must_use]
    pub fn plus_days(self, days: i64) -> Self {
        Self::from_days(self.days() + days)
    }
}

const fn days_in(year: i16, month: u8) -> u8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse_iso(&text).ok_or_else(|| de::Error::custom("a date is YYYY-MM-DD"))
    }
}

impl Read for Date {
    fn read(from: &Json, sound: &mut bool) -> Self {
        let date = from.as_str().and_then(Self::parse_iso);
        *sound &= date.is_some();
        date.unwrap_or_else(|| Self::from_days(0))
    }
}

impl Read for Timestamp {
    fn read(from: &Json, sound: &mut bool) -> Self {
        Self(i64::read(from, sound))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_dates_are_inverse_for_four_centuries() {
        for days in -36_525..=109_575 {
            assert_eq!(Date::from_days(days).days(), days);
        }
        assert_eq!(Date::new(1970, 1, 1).map(Date::days), Some(0));
    }

    #[test]
    fn a_day_the_calendar_lacks_is_no_date() {
        assert_eq!(Date::parse_iso("2026-02-29"), None);
        assert!(Date::parse_iso("2024-02-29").is_some());
        assert_eq!(Date::parse_iso("2026-2-1"), None);
        assert_eq!(Date::parse_iso("20\u{661}6-02-1"), None);
    }

    #[test]
    fn the_phone_gets_three_fractional_digits_and_an_offset_without_colon() {
        let at = Timestamp::parse_rfc3339("2026-08-14T10:52:24.138Z").unwrap();
        assert_eq!(at.egov_mobile(), "2026-08-14T15:52:24.138+0500");
        assert_eq!(
            Timestamp::parse_rfc3339("2026-08-14T15:52:24.1+05:00")
                .unwrap()
                .egov_mobile(),
            "2026-08-14T15:52:24.100+0500"
        );
        assert_eq!(at.rfc3339(), "2026-08-14T10:52:24Z");
        assert_eq!(Timestamp::parse_rfc3339("2026-08-14T10:52:24"), None);
    }

    #[test]
    fn the_day_turns_at_midnight_in_kazakhstan() {
        let before = Timestamp::parse_rfc3339("2026-11-22T18:59:59Z").unwrap();
        assert_eq!(before.date_kz().dotted(), "22.11.2026");
        assert_eq!(before.plus_seconds(1).date_kz().dotted(), "23.11.2026");
        assert_eq!(before.clock_kz(), "23:59");
    }
}
