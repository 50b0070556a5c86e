//! What is minted at first start: the two families of authorities, then a key for each person and, for the first person,
//! one of every kind that must be refused.

use super::kept::{AuthorityError, Kept, KeptFamily, KeptKey};
use crate::demo::gost_sign;
use crate::demo::keys::{KeyAlgorithm, KeyKind, PrivateKey};
use crate::demo::mint;
use crate::demo::mint::{
    Authority, CERTIFICATE_POLICIES, CLIENT_AUTH, EMAIL_PROTECTION, FIRST_HEAD, INDIVIDUAL, KEY_USAGE, Key,
    LEGAL_ENTITY, Person, Template, Urls, named_bits, oid, sequence,
};
use crate::demo::people::{DemoPerson, RegisterPerson};
use crate::pki::Instant;
use crate::server::world::Random;
use rsa::pkcs8::EncodePrivateKey as _;
use std::cell::Cell;
use std::convert::Infallible;

const DAY: i64 = 86_400;

/// A key a person shall have.
pub(super) struct Planned<'a> {
    pub id: String,
    pub person: &'a DemoPerson,
    pub kind: KeyKind,
    pub algorithm: KeyAlgorithm,
}

/// Everybody has a GOST key; the first person has one of every kind beside it.
pub(super) fn plan(people: &[DemoPerson]) -> Vec<Planned<'_>> {
    use KeyAlgorithm::{Gost512, Rsa2048};
    let particular = [
        ("rsa", KeyKind::Individual, Rsa2048),
        ("rsa-auth", KeyKind::AuthenticationOnly, Rsa2048),
        ("org", KeyKind::Organisation, Gost512),
        ("expired", KeyKind::Expired, Gost512),
        ("revoked", KeyKind::Revoked, Gost512),
    ];
    let mut planned = Vec::new();
    for (index, person) in people.iter().enumerate() {
        let usual = ("gost", KeyKind::Individual, Gost512);
        let more = if index == 0 { particular.as_slice() } else { &[] };
        for (suffix, kind, algorithm) in std::iter::once(&usual).chain(more) {
            planned.push(Planned {
                id: format!("{}-{suffix}", person.id),
                person,
                kind: *kind,
                algorithm: *algorithm,
            });
        }
    }
    planned
}

/// Both families, without people.
pub(super) fn authority(now: Instant, random: &dyn Random) -> Result<Kept, AuthorityError> {
    let gost = || Ok(gost_key(random));
    let rsa = || rsa_key(random);
    Ok(Kept {
        gost: family("GOST", now, gost)?,
        rsa: family("RSA", now, rsa)?,
        people: Vec::new(),
    })
}

/// Both families, by keys that cost nothing to make.
pub(super) fn seeded(now: Instant, random: &dyn Random) -> Result<Kept, AuthorityError> {
    let gost = || Ok(gost_key(random));
    let turn = Cell::new(0);
    let rsa = || {
        Ok(PrivateKey::Rsa2048(
            mint::rsa_pkcs8(turn.replace(turn.get() + 1)).to_vec(),
        ))
    };
    Ok(Kept {
        gost: family("GOST", now, gost)?,
        rsa: family("RSA", now, rsa)?,
        people: Vec::new(),
    })
}

fn family(
    suffix: &str,
    now: Instant,
    key: impl Fn() -> Result<PrivateKey, AuthorityError>,
) -> Result<KeptFamily, AuthorityError> {
    // As the national test authorities are called, with a word that tells this one from them.
    let root_name = format!("НЕГІЗГІ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ ({suffix}) DEMO");
    let issuer_name = format!("ҰЛТТЫҚ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ ({suffix}) DEMO");
    let begin = now.plus_seconds(-3 * 365 * DAY);
    let (root_key, issuer_key, responder_key, stamper_key) = (key()?, key()?, key()?, key()?);
    let root = Authority::root(
        &root_name,
        open(&root_key)?,
        begin,
        now.plus_seconds(17 * 365 * DAY),
    );
    let issuer = root.subordinate(
        &issuer_name,
        open(&issuer_key)?,
        begin,
        now.plus_seconds(7 * 365 * DAY),
    );
    let end = now.plus_seconds(3 * 365 * DAY);
    let yesterday = now.plus_seconds(-DAY);
    let responder = Template::responder("OCSP RESPONDER", &open(&responder_key)?, yesterday, end);
    let stamper = Template::time_stamping("TIME-STAMPING AUTHORITY", &open(&stamper_key)?, yesterday, end);
    Ok(KeptFamily {
        root: KeptKey::new("", &root_key, &root.certificate, &[]),
        responder: KeptKey::new("", &responder_key, &issuer.issue(&responder), &[]),
        stamper: KeptKey::new("", &stamper_key, &issuer.issue(&stamper), &[]),
        issuer: KeptKey::new("", &issuer_key, &issuer.certificate, &[]),
    })
}

/// Mints what the plan has and the file hasn't, or has only for another fortnight. Whether anything changed.
pub(super) fn people(
    kept: &mut Kept,
    people: &[DemoPerson],
    outside: &str,
    now: Instant,
    random: &dyn Random,
) -> Result<bool, AuthorityError> {
    let damaged = |why: String| AuthorityError::Damaged {
        file: "authority.json".into(),
        why,
    };
    let issuers = [
        kept.gost.issuer.authority().map_err(damaged)?,
        kept.rsa.issuer.authority().map_err(damaged)?,
    ];
    let mut changed = false;
    for planned in plan(people) {
        let lasts = kept.people.iter().any(|key| {
            let fits = key.certificate().is_ok_and(|c| {
                c.not_after() > now.plus_seconds(14 * DAY) || planned.kind == KeyKind::Expired
            });
            key.id == planned.id && fits
        });
        if lasts {
            continue;
        }
        let (issuer, private) = match planned.algorithm {
            KeyAlgorithm::Gost512 => (&issuers[0], gost_key(random)),
            KeyAlgorithm::Rsa2048 => (&issuers[1], rsa_key(random)?),
        };
        let of = (&planned.person.register, planned.kind, planned.algorithm);
        let (template, usages) = template(of, &open(&private)?, outside, now);
        let certificate = issuer.issue(&template);
        kept.people.retain(|key| key.id != planned.id);
        kept.people
            .push(KeptKey::new(&planned.id, &private, &certificate, &usages));
        changed = true;
    }
    Ok(changed)
}

/// A signing key of somebody, and the certificate to be issued for it; an RSA one is one of the repository's.
pub(super) fn individual(
    register: &RegisterPerson,
    algorithm: KeyAlgorithm,
    random: &dyn Random,
    outside: &str,
    now: Instant,
) -> Result<(PrivateKey, Template, Vec<&'static str>), AuthorityError> {
    let private = match algorithm {
        KeyAlgorithm::Gost512 => gost_key(random),
        KeyAlgorithm::Rsa2048 => {
            let mut which = [0];
            random.fill(&mut which);
            PrivateKey::Rsa2048(mint::rsa_pkcs8(which[0].into()).to_vec())
        }
    };
    let of = (register, KeyKind::Individual, algorithm);
    let (template, usages) = template(of, &open(&private)?, outside, now);
    Ok((private, template, usages))
}

fn template(
    (register, kind, algorithm): (&RegisterPerson, KeyKind, KeyAlgorithm),
    key: &Key,
    outside: &str,
    now: Instant,
) -> (Template, Vec<&'static str>) {
    let person = Person {
        surname: &register.surname,
        given_name: &register.given_name,
        patronymic: register.patronymic.as_deref(),
        iin: register.iin.digits(),
    };
    let family = match algorithm {
        KeyAlgorithm::Gost512 => "gost",
        KeyAlgorithm::Rsa2048 => "rsa",
    };
    let urls = [
        format!("{outside}/ocsp"),
        format!("{outside}/crl/{family}.crl"),
        format!("{outside}/crl/{family}_d.crl"),
        format!("{outside}/ca/{family}.cer"),
    ];
    let urls = Urls {
        ocsp: &urls[0],
        crl: &urls[1],
        delta_crl: &urls[2],
        issuer: &urls[3],
    };
    let (from, until) = if kind == KeyKind::Expired {
        (now.plus_seconds(-400 * DAY), now.plus_seconds(-35 * DAY))
    } else {
        (now.plus_seconds(-30 * DAY), now.plus_seconds(335 * DAY))
    };
    let mut template = Template::person(&person, key, from, until, urls);
    let mut usages = vec![EMAIL_PROTECTION, INDIVIDUAL];
    if algorithm == KeyAlgorithm::Rsa2048 {
        // The RSA era's own policies and usages: .3 a person signing, .4 a person signing in.
        let signs = kind != KeyKind::AuthenticationOnly;
        let (policy, bits): (_, &[u8]) = if signs {
            ("1.2.398.3.3.2.3", &[0, 1])
        } else {
            ("1.2.398.3.3.2.4", &[0, 2])
        };
        template = template
            .with_extension(
                CERTIFICATE_POLICIES,
                false,
                &sequence(&[&sequence(&[&oid(policy)])]),
            )
            .with_extension(KEY_USAGE, true, &named_bits(bits));
        if !signs {
            usages[0] = CLIENT_AUTH;
        }
    }
    if kind == KeyKind::Organisation {
        template.subject = person.subject_in("АО \"ДЕМО\"", "990140000012");
        usages = vec![EMAIL_PROTECTION, LEGAL_ENTITY, FIRST_HEAD];
    }
    (template.with_purposes(&usages), usages)
}

fn open(private: &PrivateKey) -> Result<Key, AuthorityError> {
    private.open().map_err(AuthorityError::Rsa)
}

fn gost_key(random: &dyn Random) -> PrivateKey {
    loop {
        let mut scalar = [0; 64];
        random.fill(&mut scalar);
        if gost_sign::PrivateKey::from_bytes(&scalar).is_some() {
            return PrivateKey::Gost512(scalar);
        }
    }
}

fn rsa_key(random: &dyn Random) -> Result<PrivateKey, AuthorityError> {
    let failed = |error: &dyn std::fmt::Display| AuthorityError::Rsa(error.to_string());
    let key = rsa::RsaPrivateKey::new(&mut WorldRng(random), 2048).map_err(|error| failed(&error))?;
    let pkcs8 = key.to_pkcs8_der().map_err(|error| failed(&error))?;
    Ok(PrivateKey::Rsa2048(pkcs8.as_bytes().to_vec()))
}

/// The world's random source in the shape the RSA package asks for.
struct WorldRng<'a>(&'a dyn Random);

impl rsa::rand_core::TryRng for WorldRng<'_> {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.0.fill(&mut bytes);
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        self.0.fill(bytes);
        Ok(())
    }
}

impl rsa::rand_core::TryCryptoRng for WorldRng<'_> {}
