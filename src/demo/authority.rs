//! The demo's certification authority: a root and an issuing authority each for GOST 34.10-2015 (512) and for RSA-2048, an
//! OCSP responder and a time-stamping authority under each, and the people's keys. Minted at first start with names, roles
//! and policies laid out as the National Certifying Centre lays them out, and kept in the data folder: private keys too,
//! since nobody but this demo believes them.

mod kept;
mod minting;
pub mod national;

pub use kept::AuthorityError;

use super::clock::DemoClock;
use super::keys::{DemoKey, KeyAlgorithm, KeyKind, KeyOrigin, Stamper};
use super::mint::{self, Credential, TimeStamp};
use super::people::{DemoPerson, RegisterPerson};
use crate::domain::time::Timestamp;
use crate::pki::Instant;
use crate::server::world::Random;
use std::collections::HashSet;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// One algorithm's authorities.
pub struct Family {
    pub root: mint::Authority,
    pub issuer: mint::Authority,
    /// Signs OCSP responses.
    pub responder: Credential,
    /// Signs time stamps.
    pub stamper: Credential,
}

/// A certificate that was revoked.
#[derive(Debug, Clone)]
pub struct Revoked {
    /// DER of the certificate.
    pub certificate: Vec<u8>,
    pub at: Instant,
    /// CRLReason.
    pub reason: u8,
}

pub struct TestAuthority {
    pub gost: Family,
    pub rsa: Family,
    /// The people's keys.
    pub keys: Vec<DemoKey>,
    pub revoked: Vec<Revoked>,
    /// INTEGER contents of every serial number given to a person.
    serials: Mutex<HashSet<Vec<u8>>>,
    clock: DemoClock,
}

impl TestAuthority {
    /// Reads the authority from the folder, or mints it there. Keys of new people and certificates about to end are minted
    /// anew. `outside` is the address certificates name for OCSP and revocation lists, such as `http://127.0.0.1:8081`.
    ///
    /// # Errors
    /// [`AuthorityError`]: the folder can't be used or holds something else.
    pub fn open(
        folder: &Path,
        people: &[DemoPerson],
        outside: &str,
        clock: &DemoClock,
        random: &dyn Random,
    ) -> Result<Self, AuthorityError> {
        let file = folder.join("authority.json");
        let now = instant(clock.now());
        let mut kept = match kept::read(&file)? {
            Some(kept) if kept.lasts(now) => kept,
            _ => minting::authority(now, random)?,
        };
        let changed = minting::people(&mut kept, people, outside, now, random)?;
        if changed {
            kept::write(&file, &kept)?;
        }
        kept.open(people, clock)
            .map_err(|why| AuthorityError::Damaged { file, why })
    }

    /// An authority that a seed gives, without people: minted in no time, since its RSA keys are those of the repository.
    ///
    /// # Errors
    /// [`AuthorityError`].
    pub fn seeded(random: &dyn Random, clock: &DemoClock) -> Result<Self, AuthorityError> {
        let kept = minting::seeded(instant(clock.now()), random)?;
        kept.open(&[], clock).map_err(|why| AuthorityError::Damaged {
            file: "authority.json".into(),
            why,
        })
    }

    fn serials(&self) -> MutexGuard<'_, HashSet<Vec<u8>>> {
        self.serials.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A signing key of somebody, answered for from now on. An RSA one is one of the repository's three.
    ///
    /// # Errors
    /// [`AuthorityError`].
    pub fn key_of(
        &self,
        register: &RegisterPerson,
        algorithm: KeyAlgorithm,
        outside: &str,
        random: &dyn Random,
    ) -> Result<DemoKey, AuthorityError> {
        let now = instant(self.clock.now());
        let (private, template, usages) = minting::individual(register, algorithm, random, outside, now)?;
        self.serials().insert(template.serial.clone());
        Ok(DemoKey {
            label: kept::label(
                &register.surname,
                &register.given_name,
                &private,
                KeyKind::Individual,
            ),
            iin: register.iin.clone(),
            kind: KeyKind::Individual,
            origin: KeyOrigin::Minted,
            certificate: self.family(algorithm).issuer.issue(&template),
            serial_hex: template.serial.iter().map(|byte| format!("{byte:02x}")).collect(),
            usages: usages.into_iter().map(str::to_owned).collect(),
            private,
            id: "own".to_owned(),
        })
    }

    #[must_use]
    pub fn family(&self, algorithm: KeyAlgorithm) -> &Family {
        match algorithm {
            KeyAlgorithm::Gost512 => &self.gost,
            KeyAlgorithm::Rsa2048 => &self.rsa,
        }
    }

    #[must_use]
    pub fn families(&self) -> [&Family; 2] {
        [&self.gost, &self.rsa]
    }

    /// Roots and issuing authorities by file name, for the folder of authorities the server believes.
    #[must_use]
    pub fn certificates(&self) -> [(&'static str, &[u8]); 4] {
        [
            ("demo_root_gost.cer", &self.gost.root.certificate),
            ("demo_nca_gost.cer", &self.gost.issuer.certificate),
            ("demo_root_rsa.cer", &self.rsa.root.certificate),
            ("demo_nca_rsa.cer", &self.rsa.issuer.certificate),
        ]
    }

    /// Revocation date and reason, if the certificate of this serial (INTEGER contents) was revoked.
    #[must_use]
    pub fn revocation(&self, serial: &[u8]) -> Option<(Instant, u8)> {
        self.revoked.iter().find_map(|revoked| {
            let certificate = crate::pki::Certificate::from_der(&revoked.certificate).ok()?;
            (certificate.serial() == serial).then_some((revoked.at, revoked.reason))
        })
    }

    /// Whether this authority issued a certificate of this serial.
    #[must_use]
    pub fn has_issued(&self, serial: &[u8]) -> bool {
        self.serials().contains(serial)
    }
}

impl Stamper for TestAuthority {
    fn stamp(&self, signature: &[u8], algorithm: KeyAlgorithm) -> Result<Vec<u8>, String> {
        let authority = &self.family(algorithm).stamper;
        let mut stamp = TimeStamp::new(authority, signature, instant(self.clock.now()));
        stamp.policy = policy(algorithm);
        Ok(stamp.sign(authority))
    }
}

impl std::fmt::Debug for TestAuthority {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "TestAuthority({} keys)", self.keys.len())
    }
}

/// The time-stamping policy of the national authority for this kind of key.
#[must_use]
pub fn policy(algorithm: KeyAlgorithm) -> &'static str {
    match algorithm {
        KeyAlgorithm::Gost512 => "1.2.398.3.3.2.6.4",
        KeyAlgorithm::Rsa2048 => "1.2.398.3.3.2.6.2",
    }
}

/// Whole seconds for certificates.
#[must_use]
pub fn instant(at: Timestamp) -> Instant {
    Instant::from_unix(at.0.div_euclid(1000))
}

#[cfg(test)]
mod tests {
    use super::super::keys::KeyStore;
    use super::super::people;
    use super::*;
    use crate::pki::{Anchors, Content, Purpose};
    use crate::server::world::SystemRandom;
    use std::sync::Arc;

    fn clock() -> DemoClock {
        DemoClock::over(|| Timestamp::parse_rfc3339("2026-11-23T08:00:00Z").unwrap())
    }

    fn open(folder: &Path) -> TestAuthority {
        let people = people::everybody();
        TestAuthority::open(folder, &people, "http://127.0.0.1:8081", &clock(), &SystemRandom).unwrap()
    }

    #[test]
    fn the_authority_is_minted_once_and_its_signatures_are_believed() {
        let folder = tempfile::tempdir().unwrap();
        let first = open(folder.path());
        let authority = Arc::new(open(folder.path()));
        assert_eq!(
            authority.keys[0].certificate, first.keys[0].certificate,
            "kept, not minted anew"
        );

        let pinned: Vec<Vec<u8>> = authority
            .certificates()
            .iter()
            .map(|(_, der)| der.to_vec())
            .collect();
        let anchors = Anchors::from_der(&pinned).unwrap();
        let store = KeyStore::new(authority.keys.clone(), clock(), authority.clone());
        let at = instant(clock().now());
        let verdict = |id: &str, purpose: Purpose| {
            let cms = store.sign_cms(id, b"document", true, true).unwrap();
            crate::pki::verify(&cms, Content::Attached(b"document"), purpose, at, &anchors)
        };
        for id in ["aliya-gost", "aliya-rsa"] {
            let verified = verdict(id, Purpose::Document).unwrap();
            assert_eq!(verified.signer.iin, "990101390009", "{id}");
        }
        assert!(verdict("aliya-rsa-auth", Purpose::SignIn).is_ok());
        assert!(verdict("aliya-rsa-auth", Purpose::Document).is_err());
        assert!(verdict("aliya-org", Purpose::Document).is_err());
        assert!(verdict("aliya-expired", Purpose::Document).is_err());
        assert!(
            verdict("aliya-revoked", Purpose::Document).is_ok(),
            "only OCSP and the list tell"
        );
        let revoked = store.find("aliya-revoked").unwrap();
        let certificate = crate::pki::Certificate::from_der(&revoked.certificate).unwrap();
        assert!(authority.revocation(certificate.serial()).is_some());
        for person in people::everybody() {
            let own = store.of(person.iin()).find(|key| key.kind == KeyKind::Individual);
            assert!(own.is_some(), "{} can sign", person.id);
        }
    }

    #[test]
    fn a_damaged_file_is_told_and_not_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("authority.json");
        std::fs::write(&file, "{").unwrap();
        let people = people::everybody();
        let opened = TestAuthority::open(
            folder.path(),
            &people,
            "http://127.0.0.1:1",
            &clock(),
            &SystemRandom,
        );
        assert!(opened.unwrap_err().to_string().contains("authority.json"));
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "{");
    }
}
