use super::*;
use crate::{
    demo::mint::*,
    pki::{Certificate, fixture::*, revocation::client::Used, revocation::*},
};

/// A verified signature with its revocation decided by a response or a list.
struct Decided {
    signature: Vec<u8>,
    verified: Verified,
    checked: client::Checked,
}

const NONCE: &[u8] = b"a nonce!";

fn decided(ocsp: bool, stamped: bool) -> Decided {
    let world = World::gost();
    let mut cms = world.cms(&world.aliya);
    if stamped {
        // Under another authority than the signer's.
        let rsa = World::rsa();
        let key = Key::rsa(0);
        let template =
            Template::time_stamping("TSA", &key, now().plus_seconds(-DAY), now().plus_seconds(DAY));
        let tsa = rsa.authority.credential(&template, key);
        let token = TimeStamp::new(&tsa, &cms.signer().signature(), now()).sign(&tsa);
        cms.signer().unsigned_attributes = vec![time_stamp_attribute(&token)];
    }
    let signature = cms.encode();
    let rsa = World::rsa();
    let anchors = Anchors::from_der(&[
        world.root.certificate.clone(),
        world.authority.certificate.clone(),
        rsa.root.certificate.clone(),
        rsa.authority.certificate.clone(),
    ]);
    let verified = verify(
        &signature,
        Content::Attached(DOCUMENT),
        Purpose::Document,
        now(),
        &anchors.unwrap(),
    )
    .unwrap();
    let used = if ocsp {
        let id = cert_id(&world.aliya.certificate, &world.authority);
        let key = Key::gost("responder");
        let template = Template::responder(
            "OCSP RESPONDER",
            &key,
            now().plus_seconds(-DAY),
            now().plus_seconds(DAY),
        );
        let responder = world.authority.credential(&template, key);
        let response =
            OcspResponse::new(id, CertificateStatus::Good, now(), Some(NONCE.to_vec())).sign(&responder);
        Used {
            ocsp: Some((response, NONCE.to_vec())),
            lists: Vec::new(),
        }
    } else {
        Used {
            ocsp: None,
            lists: vec![list(Vec::new())],
        }
    };
    let when = When::at(now());
    let revocation = revocation(&verified, &used, when);
    assert!(matches!(revocation, Revocation::Good { .. }));
    Decided {
        signature,
        verified,
        checked: client::Checked {
            revocation,
            used,
            when,
            ocsp_failure: None,
        },
    }
}

fn list(entries: Vec<RevokedEntry>) -> Arc<[u8]> {
    let authority = &World::gost().authority;
    let crl = Crl {
        entries,
        ..Crl::new(authority, 1, now().plus_seconds(-HOUR), now().plus_seconds(DAY))
    };
    crl.sign(&authority.key).into()
}

fn revocation(verified: &Verified, used: &Used, when: When) -> Revocation {
    let lists: Vec<RevocationList> = used
        .lists
        .iter()
        .map(|list| RevocationList::verify(list.clone(), &verified.chain.issuer).unwrap())
        .collect();
    let material = used.ocsp.as_ref().map(|(response, nonce)| OcspMaterial {
        response,
        nonce: Some(nonce),
    });
    decide(
        &verified.chain.leaf,
        &verified.chain.issuer,
        when,
        material,
        &lists.iter().collect::<Vec<_>>(),
    )
}

impl Decided {
    fn evidence(&self) -> Evidence {
        Evidence::new(
            &self.signature,
            DOCUMENT,
            true,
            Purpose::Document,
            &self.verified,
            &self.checked,
        )
    }

    fn bundle(&self) -> Vec<u8> {
        self.evidence().to_bundle(&|name| self.list(name)).unwrap()
    }

    fn list(&self, name: &str) -> Option<Arc<[u8]>> {
        self.checked
            .used
            .lists
            .iter()
            .find(|list| sha256_hex(list) == name)
            .cloned()
    }
}

fn nothing(_: &str) -> Option<Arc<[u8]>> {
    None
}

#[test]
fn a_bundle_gives_the_same_verdict_again_without_anything_else() {
    for (ocsp, stamped) in [(true, false), (false, false), (true, true), (false, true)] {
        let decided = decided(ocsp, stamped);
        let again = reverify(&decided.bundle(), None, &nothing).unwrap();
        let verified = again.verdict.unwrap();
        assert_eq!(verified.signer, decided.verified.signer);
        assert_eq!(verified.timestamp, decided.verified.timestamp);
        assert_eq!(matches!(verified.timestamp, TimestampReport::Valid(_)), stamped);
        assert_eq!(again.revocation, decided.checked.revocation);
        assert_eq!(again.when, decided.checked.when);
        assert_eq!(
            again.root_sha256,
            Some(sha256_hex(&World::gost().root.certificate))
        );
        assert_eq!(again.policy_version, POLICY_VERSION);
    }
}

#[test]
fn the_same_evidence_makes_the_same_bytes() {
    let decided = decided(false, true);
    assert_eq!(decided.bundle(), decided.bundle());
}

#[test]
fn a_verdict_settled_later_is_looked_at_with_its_own_moments() {
    let mut decided = decided(false, false);
    let entry = RevokedEntry::of(&World::gost().aliya.certificate, now().plus_seconds(60), Some(4));
    decided.checked.used.lists = vec![list(vec![entry])];
    decided.checked.when = When {
        as_of: now(),
        now: now().plus_seconds(HOUR),
    };
    decided.checked.revocation = revocation(&decided.verified, &decided.checked.used, decided.checked.when);
    let again = reverify(&decided.bundle(), None, &nothing).unwrap();
    assert!(
        matches!(again.revocation, Revocation::Good { by: Source::Crl, .. }),
        "superseded after signing"
    );
}

#[test]
fn an_undecided_verdict_is_kept_as_undecided() {
    let mut decided = decided(false, false);
    decided.checked.used = Used::default();
    decided.checked.revocation = revocation(&decided.verified, &decided.checked.used, decided.checked.when);
    let again = reverify(&decided.bundle(), None, &nothing).unwrap();
    assert!(matches!(again.revocation, Revocation::Undecided { .. }));
}

#[test]
fn lists_may_be_kept_once_beside_many_bundles() {
    let decided = decided(false, false);
    let slim = decided.evidence().to_bundle(&nothing).unwrap();
    assert!(slim.len() < decided.bundle().len());
    let name = decided.evidence().lists()[0].clone();
    let missing = reverify(&slim, None, &nothing).unwrap_err();
    assert!(matches!(missing, BundleError::Missing(what) if what.contains(&name)));
    assert!(reverify(&slim, None, &|name| decided.list(name)).is_ok());
    let wrong = reverify(&slim, None, &|_| Some(b"another list".as_slice().into())).unwrap_err();
    assert!(matches!(wrong, BundleError::Changed(_)));
}

#[test]
fn the_reader_s_own_authorities_are_believed_over_the_bundle_s() {
    let bundle = decided(true, false).bundle();
    assert!(reverify(&bundle, Some(&World::gost().anchors), &nothing).is_ok());
    let others = reverify(&bundle, Some(&World::rsa().anchors), &nothing).unwrap_err();
    // The RSA world's authorities bear the same names with other keys.
    assert!(
        matches!(
            others,
            BundleError::VerdictDiffers | BundleError::OtherAuthorities
        ),
        "{others:?}"
    );
}

/// The bundle with one entry replaced, and its hash in the manifest too when `covered`.
fn tampered(bundle: &[u8], name: &str, change: impl FnOnce(&mut Vec<u8>), covered: bool) -> Vec<u8> {
    let mut entries = unpack(bundle).unwrap();
    let entry = entries.get_mut(name).unwrap();
    let before = sha256_hex(entry);
    change(entry);
    let after = sha256_hex(entry);
    if covered {
        let manifest = entries.get_mut("manifest.json").unwrap();
        *manifest = String::from_utf8(manifest.clone())
            .unwrap()
            .replace(&before, &after)
            .into_bytes();
    }
    pack(entries)
}

fn pack(entries: impl IntoIterator<Item = (String, Vec<u8>)>) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        writer
            .start_file(
                name,
                SimpleFileOptions::default().compression_method(CompressionMethod::Stored),
            )
            .unwrap();
        writer.write_all(&bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn a_changed_entry_is_seen() {
    for ocsp in [true, false] {
        let bundle = decided(ocsp, false).bundle();
        let names: Vec<String> = unpack(&bundle)
            .unwrap()
            .into_keys()
            .filter(|name| name.contains('.'))
            .collect();
        assert!(names.len() >= 6);
        for name in names
            .iter()
            .filter(|name| !["README.txt", "manifest.json"].contains(&name.as_str()))
        {
            let half = |bytes: &mut Vec<u8>| {
                let half = bytes.len() / 2;
                bytes[half] ^= 1;
            };
            let changed = reverify(&tampered(&bundle, name, half, false), None, &nothing).unwrap_err();
            assert!(matches!(changed, BundleError::Changed(_)), "{name} {changed:?}");
            // A forger would put the hash right as well; then the signatures speak.
            let forged = reverify(&tampered(&bundle, name, half, true), None, &nothing).err();
            let forged = forged.unwrap_or_else(|| panic!("{name} may be changed"));
            let seen = matches!(
                forged,
                BundleError::VerdictDiffers
                    | BundleError::Authorities
                    | BundleError::Missing(_)
                    | BundleError::Malformed(_)
            );
            assert!(seen, "{name} {forged:?}");
        }
    }
}

#[test]
fn a_manifest_that_claims_another_verdict_is_seen() {
    let mut bent = decided(false, false);
    let revoked = RevokedEntry::of(&World::gost().aliya.certificate, now().plus_seconds(-60), Some(1));
    bent.checked.used.lists = vec![list(vec![revoked])];
    // The revocation recorded is still the good one.
    assert!(matches!(
        reverify(&bent.bundle(), None, &nothing),
        Err(BundleError::VerdictDiffers)
    ));
    let bundle = decided(true, false).bundle();
    for (from, to) in [
        ("900101450001", "850202350002"),
        ("\"document\"", "\"sign-in\""),
        ("2026-10-01", "2030-10-01"),
    ] {
        let edited = tampered(
            &bundle,
            "manifest.json",
            |manifest| {
                *manifest = String::from_utf8(manifest.clone())
                    .unwrap()
                    .replace(from, to)
                    .into_bytes()
            },
            false,
        );
        let outcome = reverify(&edited, None, &nothing);
        // A sign-in asks for less than a document, so that edit alone leaves a sound verdict of another kind.
        assert_eq!(outcome.is_ok(), to.contains("sign-in"), "{from}");
    }
}

#[test]
fn what_is_no_bundle_is_refused() {
    let bundle = decided(true, false).bundle();
    for bytes in [
        &[][..],
        b"PK\x05\x06",
        &bundle[..bundle.len() / 2],
        b"not a zip at all",
    ] {
        assert!(reverify(bytes, None, &nothing).is_err());
    }
    let mut entries = unpack(&bundle).unwrap();
    entries.insert("extra.bin".into(), Vec::new());
    assert!(matches!(
        reverify(&pack(entries), None, &nothing),
        Err(BundleError::Malformed(_))
    ));
    let mut entries = unpack(&bundle).unwrap();
    entries.remove("document.bin");
    assert!(matches!(
        reverify(&pack(entries), None, &nothing),
        Err(BundleError::Missing(_))
    ));
    let many = (0..=MAX_ENTRIES).map(|index| (format!("{index}"), Vec::new()));
    assert!(matches!(
        reverify(&pack(many), None, &nothing),
        Err(BundleError::Malformed("too many entries"))
    ));
    for index in (0..bundle.len()).step_by(41) {
        let mut flipped = bundle.clone();
        flipped[index] ^= 0x55;
        // Some bytes of a ZIP mean nothing (dates, the README); what matters is that nothing panics and no person changes.
        if let Ok(again) = reverify(&flipped, None, &nothing) {
            assert_eq!(again.verdict.unwrap().signer.iin, ALIYA.iin);
        }
    }
}

#[test]
fn a_bundle_needs_its_leaf_only_inside_the_signature() {
    let decided = decided(true, false);
    let leaf = Certificate::from_der(&World::gost().aliya.certificate).unwrap();
    assert_eq!(decided.verified.chain.leaf, leaf);
    assert!(
        !decided
            .evidence()
            .authorities
            .iter()
            .any(|authority| authority == leaf.der())
    );
}
