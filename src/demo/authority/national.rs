//! The national test keys, from a folder laid out like `vectors/nuc-rk`: `ca/test`, `p12/gost512_2026`, `crl`. Without the
//! folder there are none; when their revocation list has ended they can no longer be checked and aren't offered.

use super::kept::label;
use crate::demo::keys::{DemoKey, KeyKind, KeyOrigin};
use crate::demo::p12;
use crate::domain::iin::Iin;
use crate::domain::time::{Date, Timestamp};
use crate::pki::asn1::{Element, Parsed};
use crate::pki::{Certificate, Instant};
use std::path::Path;

/// The published password of the key files.
const PASSWORD: &str = "Qwerty12";
const AUTHORITIES: [&str; 2] = ["root_test_gost_2022.cer", "nca_gost2022_test.cer"];

/// What of the national test authority can be used.
#[derive(Debug, Default)]
pub struct National {
    pub keys: Vec<DemoKey>,
    /// File names and DER of root and issuing authority.
    pub certificates: Vec<(String, Vec<u8>)>,
    /// DER of the newest revocation list.
    pub list: Option<Vec<u8>>,
    pub state: NationalState,
}

#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub enum NationalState {
    /// There is no such folder.
    #[default]
    Absent,
    /// Until this day, when the revocation list ends.
    Until(Date),
    /// Since this day.
    Ended(Date),
    /// The folder is there and isn't what it should be.
    Unusable(String),
}

/// As the operator reads it at start.
impl std::fmt::Display for NationalState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Absent => f.write_str("no national test keys here; the minted ones serve"),
            Self::Until(day) => write!(f, "national test keys too, until {}", day.dotted()),
            Self::Ended(day) => write!(
                f,
                "the national test keys are expired: their revocation list ended on {}; use the minted ones",
                day.dotted()
            ),
            Self::Unusable(why) => write!(
                f,
                "the national test keys can't be used: {why}; the minted ones serve"
            ),
        }
    }
}

impl National {
    /// Reads the folder, if there is one.
    #[must_use]
    pub fn open(folder: &Path, now: Timestamp) -> Self {
        if !folder.is_dir() {
            return Self::default();
        }
        read(folder, now).unwrap_or_else(|why| Self {
            state: NationalState::Unusable(why),
            ..Self::default()
        })
    }
}

fn read(folder: &Path, now: Timestamp) -> Result<National, String> {
    let file = |path: &Path| std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()));
    let mut certificates = Vec::new();
    for name in AUTHORITIES {
        certificates.push((
            format!("national_{name}"),
            file(&folder.join("ca/test").join(name))?,
        ));
    }
    let lists = files(&folder.join("crl"), |name| {
        // Base lists end in their date; a delta has `_d_` in its name.
        name.starts_with("nca_gost2022_test_") && name.ends_with(".crl")
    })?;
    let newest = lists.last().ok_or("there is no revocation list in crl")?;
    let list = file(newest)?;
    let ends = next_update(&list)
        .ok()
        .flatten()
        .ok_or_else(|| format!("{} isn't a revocation list with an end", newest.display()))?;
    let end = Timestamp(ends.unix().saturating_mul(1000));
    if end <= now {
        return Ok(National {
            state: NationalState::Ended(end.date_kz()),
            ..National::default()
        });
    }
    let mut keys = Vec::new();
    for path in files(&folder.join("p12/gost512_2026"), |name| name.ends_with(".p12"))? {
        let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
        if let Some(key) = key(&stem.unwrap_or_default(), &file(&path)?)? {
            keys.push(key);
        }
    }
    Ok(National {
        keys,
        certificates,
        list: Some(list),
        state: NationalState::Until(end.date_kz()),
    })
}

/// Files whose name fits, in the order of names.
fn files(folder: &Path, fits: impl Fn(&str) -> bool) -> Result<Vec<std::path::PathBuf>, String> {
    let entries = std::fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut found: Vec<_> = entries
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .filter(|path| path.file_name().is_some_and(|name| fits(&name.to_string_lossy())))
        .collect();
    found.sort();
    Ok(found)
}

/// `None` for a certificate without a person (an information system's).
fn key(stem: &str, file: &[u8]) -> Result<Option<DemoKey>, String> {
    let opened = p12::open(file, PASSWORD).map_err(|error| format!("{stem}.p12: {error}"))?;
    let certificate = Certificate::from_der(&opened.certificate_der)
        .map_err(|refusal| format!("{stem}.p12: {refusal:?}"))?;
    let Some(iin) = iin(certificate.subject()) else {
        return Ok(None);
    };
    let kind = match stem {
        _ if stem.ends_with("_revoked") => KeyKind::Revoked,
        "individual_valid" => KeyKind::Individual,
        _ => KeyKind::Organisation,
    };
    let usages = certificate.extensions().extended_key_usage.iter();
    let usages = usages
        .flat_map(|usage| usage.purposes.iter().map(ToString::to_string))
        .collect();
    Ok(Some(DemoKey {
        id: format!("national-{}", stem.replace('_', "-")),
        label: label(
            &certificate.common_name().unwrap_or_default(),
            "",
            &opened.key,
            kind,
        ),
        iin,
        kind,
        origin: KeyOrigin::National,
        serial_hex: certificate.serial_hex(),
        usages,
        private: opened.key,
        certificate: opened.certificate_der,
    }))
}

/// `IIN` and twelve digits, somewhere in the subject's name.
fn iin(subject: &[u8]) -> Option<Iin> {
    let at = subject.windows(3).position(|window| window == b"IIN")?;
    let digits = std::str::from_utf8(subject.get(at + 3..at + 15)?).ok()?;
    Iin::from_authority(digits).ok()
}

fn next_update(list: &[u8]) -> Parsed<Option<Instant>> {
    let mut signed = Element::only(list)?.open()?.sequence()?;
    signed.optional(der::Tag::Integer)?;
    signed.sequence()?;
    signed.sequence()?;
    signed.time()?;
    let next = signed.any()?;
    // Without nextUpdate the entries or extensions stand here.
    Ok(next.time().ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    #[test]
    fn national_keys_are_offered_until_their_list_ends() {
        let Some(folder) = samples::nuc_rk() else { return };
        let at = |text| Timestamp::parse_rfc3339(text).unwrap();
        let now = National::open(&folder, at("2026-11-23T08:00:00Z"));
        assert_eq!(now.state, NationalState::Until(Date::new(2027, 2, 7).unwrap()));
        let valid = now
            .keys
            .iter()
            .find(|key| key.id == "national-individual-valid")
            .unwrap();
        assert_eq!(valid.iin.digits(), "123456789011");
        assert_eq!(valid.kind, KeyKind::Individual);
        assert!(valid.usages.iter().any(|usage| usage == "1.3.6.1.5.5.7.3.4"));
        let later = National::open(&folder, at("2027-02-07T04:00:00Z"));
        assert_eq!(later.state, NationalState::Ended(Date::new(2027, 2, 7).unwrap()));
        assert!(later.keys.is_empty() && later.certificates.is_empty());
        let told = later.state.to_string();
        assert!(
            told.contains("expired") && told.contains("07.02.2027") && told.contains("minted"),
            "{told}"
        );
    }

    #[test]
    fn a_folder_that_is_no_such_folder_is_told() {
        let now = Timestamp(0);
        assert_eq!(
            National::open(Path::new("/nowhere"), now).state,
            NationalState::Absent
        );
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(
            National::open(folder.path(), now).state,
            NationalState::Unusable(_)
        ));
    }
}
