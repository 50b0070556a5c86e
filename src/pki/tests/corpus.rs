//! The fuzzer's seeds: minted here, so that the files in `fuzz/corpus` can be made again (`CABINET_MINT_CORPUS=1`), and
//! replayed on stable as the fuzz targets do, with the verdicts they must keep.

use std::{env, fs, path::PathBuf};

use super::super::{
    fixture::*,
    revocation::{RevocationList, When, ocsp},
    *,
};
use crate::demo::mint::*;

fn corpus() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus")
}

fn seeds() -> Vec<(&'static str, Vec<u8>)> {
    let world = World::gost();
    let aliya = &world.aliya;
    let rsa = World::rsa();
    let key = Key::gost("responder");
    let template = Template::responder(
        "OCSP RESPONDER",
        &key,
        now().plus_seconds(-DAY),
        now().plus_seconds(DAY),
    );
    let responder = world.authority.credential(&template, key);
    let id = cert_id(&aliya.certificate, &world.authority);
    let response = |status| OcspResponse::new(id.clone(), status, now(), None).sign(&responder);
    let list = |entries| {
        let crl = Crl::new(
            &world.authority,
            7,
            now().plus_seconds(-HOUR),
            now().plus_seconds(DAY),
        );
        Crl { entries, ..crl }
    };
    let entry = RevokedEntry::of(&aliya.certificate, now().plus_seconds(-DAY), Some(1));
    let tsa_key = Key::gost("time stamping");
    let tsa = Template::time_stamping("TSA", &tsa_key, now().plus_seconds(-DAY), now().plus_seconds(DAY));
    let tsa = world.authority.credential(&tsa, tsa_key);
    let mut stamped = world.cms(aliya);
    let token = TimeStamp::new(&tsa, &stamped.signer().signature(), now()).sign(&tsa);
    stamped.signer().unsigned_attributes = vec![time_stamp_attribute(&token)];
    vec![
        ("anchors/root.cer", world.root.certificate.clone()),
        ("anchors/authority.cer", world.authority.certificate.clone()),
        ("anchors/person.cer", aliya.certificate.clone()),
        ("anchors/document.txt", DOCUMENT.to_vec()),
        ("bench/gost_signature.bin", gost_signature(&aliya.key)),
        ("bench/rsa_signature.bin", rsa.aliya.key.sign(b"a document")),
        ("bench/rsa_root.cer", rsa.root.certificate.clone()),
        ("bench/rsa_authority.cer", rsa.authority.certificate.clone()),
        ("certificate/person.cer", aliya.certificate.clone()),
        ("certificate/authority.cer", world.authority.certificate.clone()),
        ("certificate/responder.cer", responder.certificate.clone()),
        ("certificate/time_stamping.cer", tsa.certificate.clone()),
        ("certificate/rsa.cer", rsa.aliya.certificate.clone()),
        ("cms/attached.cms", world.cms(aliya).encode()),
        (
            "cms/detached.cms",
            Cms::new(aliya, DOCUMENT, false, now()).encode(),
        ),
        ("cms/stamped.cms", stamped.encode()),
        ("cms/rsa.cms", rsa.cms(&rsa.aliya).encode()),
        ("ocsp/good.der", response(CertificateStatus::Good)),
        (
            "ocsp/revoked.der",
            response(CertificateStatus::Revoked {
                at: now(),
                reason: Some(4),
            }),
        ),
        ("ocsp/unknown.der", response(CertificateStatus::Unknown)),
        ("crl/empty.crl", list(Vec::new()).sign(&world.authority.key)),
        (
            "crl/revoked.crl",
            list(vec![entry.clone()]).sign(&world.authority.key),
        ),
        (
            "crl/delta.crl",
            Crl {
                delta_of: Some(6),
                ..list(vec![entry])
            }
            .sign(&world.authority.key),
        ),
    ]
}

/// Key, digest and signature, one after the other, as the benchmark reads them.
fn gost_signature(key: &Key) -> Vec<u8> {
    let Key::Gost(key) = key else {
        unreachable!("the GOST world's keys are GOST's")
    };
    let digest: [u8; 64] = algorithm::Digest::Streebog512
        .hash(b"a document")
        .try_into()
        .unwrap();
    [
        key.public().to_bytes().as_slice(),
        &digest,
        &key.sign_digest(&digest),
    ]
    .concat()
}

#[test]
fn the_seeds_are_the_minted_ones() {
    for (name, bytes) in seeds() {
        let path = corpus().join(name);
        if env::var_os("CABINET_MINT_CORPUS").is_some() {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, &bytes).unwrap();
        }
        assert_eq!(fs::read(&path).ok(), Some(bytes), "{name}: mint the corpus again");
    }
}

#[test]
fn every_kept_input_is_replayed_without_a_panic() {
    let world = World::gost();
    let leaf = Certificate::from_der(&world.aliya.certificate).unwrap();
    let issuer = Certificate::from_der(&world.authority.certificate).unwrap();
    let mut replayed = 0;
    for folder in ["certificate", "cms", "ocsp", "crl"] {
        for entry in fs::read_dir(corpus().join(folder)).unwrap() {
            let bytes = fs::read(entry.unwrap().path()).unwrap();
            replayed += 1;
            // Every input goes through every parser, not only the one it was made for.
            let _ = Certificate::from_der(&bytes).map(|certificate| certificate.public_key());
            let _ = ocsp::verify(&bytes, None, &leaf, &issuer, When::at(now()));
            let _ = RevocationList::verify(bytes.as_slice().into(), &issuer).map(|list| list.entries());
            for content in [Content::AttachedAny, Content::Detached(DOCUMENT)] {
                if let Ok(verified) = verify(&bytes, content, Purpose::Document, now(), &world.anchors) {
                    assert_eq!(verified.signer.iin, ALIYA.iin);
                }
            }
        }
    }
    assert!(replayed >= 15, "{replayed}");
}
