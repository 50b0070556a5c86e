//! Signatures made here with the national authority's published test keys, under its own certificates and lists: the one
//! thing no minted authority can show.

use std::fs;

use super::super::{
    fixture::at,
    revocation::{Reason, RevocationList, Source, When, decide},
    *,
};
use crate::{
    demo::{gost_sign::PrivateKey as GostKey, keys::PrivateKey, mint, p12},
    samples,
};

const DOCUMENT: &[u8] = b"a document for national keys";

struct National {
    anchors: Anchors,
    list: RevocationList,
    issuer: Certificate,
}

fn national() -> Option<National> {
    let folder = samples::nuc_rk()?.join("ca/test");
    let issuer = Certificate::from_der(&samples::bytes("ca/test/nca_gost2022_test.cer")?).unwrap();
    let list = samples::bytes("crl/nca_gost2022_test_20260811.crl")?;
    Some(National {
        anchors: Anchors::load(&folder).unwrap(),
        list: RevocationList::verify(list.into(), &issuer).unwrap(),
        issuer,
    })
}

/// A signature over the document with the key file of this name.
fn signed_with(name: &str) -> Vec<u8> {
    signed_with_file(&format!("gost512_2026/{name}.p12"), "Qwerty12")
}

fn signed_with_file(name: &str, password: &str) -> Vec<u8> {
    let file = samples::bytes(&format!("p12/{name}")).unwrap();
    let opened = p12::open(&file, password).unwrap();
    let key = match opened.key {
        PrivateKey::Gost512(scalar) => mint::Key::Gost(GostKey::from_bytes(&scalar).unwrap()),
        PrivateKey::Rsa2048(pkcs8) => {
            mint::Key::Rsa(Box::new(ring::signature::RsaKeyPair::from_pkcs8(&pkcs8).unwrap()))
        }
    };
    let signer = mint::Credential {
        key,
        certificate: opened.certificate_der,
    };
    mint::Cms::new(&signer, DOCUMENT, true, at("2026-09-30T12:00:00Z")).encode()
}

fn verdict(national: &National, name: &str) -> Result<Revocation, Refusal> {
    let moment = at("2026-10-01T00:00:00Z");
    let content = Content::Attached(DOCUMENT);
    let verified = verify(
        &signed_with(name),
        content,
        Purpose::Document,
        moment,
        &national.anchors,
    )?;
    assert_eq!(verified.signer.iin, "123456789011");
    assert_eq!(verified.chain.issuer, national.issuer);
    Ok(decide(
        &verified.chain.leaf,
        &verified.chain.issuer,
        When::at(moment),
        None,
        &[&national.list],
    ))
}

#[test]
fn a_revoked_national_key_is_refused_for_that_and_a_good_one_is_not() {
    let Some(national) = national() else { return };
    let good = verdict(&national, "individual_valid").unwrap();
    assert_eq!(
        good,
        Revocation::Good {
            by: Source::Crl,
            at: at("2026-08-11T03:49:19Z")
        }
    );
    let revoked = verdict(&national, "individual_revoked").unwrap();
    assert!(
        matches!(revoked, Revocation::Revoked { by: Source::Crl, .. }),
        "{revoked:?}"
    );
    assert!(!matches!(
        revoked,
        Revocation::Revoked {
            reason: Reason::RemoveFromList,
            ..
        }
    ));
}

#[test]
fn no_national_key_of_an_organisation_signs_for_a_person() {
    let Some(national) = national() else { return };
    let folder = samples::nuc_rk().unwrap().join("p12/gost512_2026");
    let mut seen = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let name = entry
            .unwrap()
            .path()
            .file_stem()
            .unwrap()
            .to_str()
            .unwrap()
            .to_owned();
        if name.starts_with("legal_") {
            let refusal = verdict(&national, &name).unwrap_err();
            assert!(
                matches!(
                    refusal,
                    Refusal::Organisation
                        | Refusal::ExtendedKeyUsage
                        | Refusal::KeyUsage
                        | Refusal::UnknownCriticalExtension(_)
                ),
                "{name}: {refusal:?}"
            );
            seen += 1;
        }
    }
    assert_eq!(seen, 10);
}

#[test]
fn every_older_national_key_gets_its_verdict() {
    let Some(National { anchors, .. }) = national() else {
        return;
    };
    let verdict = |file: &str, purpose, as_of: &str, decided: &str, list: &str| {
        let password = if file.contains("Aa123456") {
            "Aa123456"
        } else {
            "Qwerty12"
        };
        let cms = signed_with_file(file, password);
        let verified = match verify(&cms, Content::Attached(DOCUMENT), purpose, at(as_of), &anchors) {
            Ok(verified) => verified,
            Err(refusal) => return refusal.code(),
        };
        let issuer = &verified.chain.issuer;
        let list = samples::bytes(&format!("crl/{list}.crl")).unwrap();
        let list = RevocationList::verify(list.into(), issuer).unwrap();
        let when = When {
            as_of: at(as_of),
            now: at(decided),
        };
        match decide(&verified.chain.leaf, issuer, when, None, &[&list]) {
            Revocation::Good { .. } => "good",
            Revocation::Revoked { .. } => "revoked",
            Revocation::Undecided { why } => why.code(),
        }
    };
    let (sign_in, document) = (Purpose::SignIn, Purpose::Document);
    let (spring, april) = ("2022-03-29T12:00:00Z", "2022-04-01T00:00:00Z");
    let (august, years_later) = ("2022-08-01T00:00:00Z", "2025-05-01T00:00:00Z");
    let (rsa, first, later) = (
        "nca_rsa_test_20220329",
        "nca_gost2022_test_20220727",
        "nca_gost2022_test_20250429",
    );
    for (file, purpose, as_of, decided, list, expected) in [
        (
            "rsa_test_2021_2022/AUTH_RSA256_individual_revoked_2022.p12",
            sign_in,
            spring,
            april,
            rsa,
            "revoked",
        ),
        (
            "rsa_test_2021_2022/AUTH_RSA256_individual_revoked_2022.p12",
            document,
            spring,
            april,
            rsa,
            "key_usage",
        ),
        (
            "rsa_test_2021_2022/RSA256_individual_sign_revoked_2022.p12",
            document,
            spring,
            april,
            rsa,
            "revoked",
        ),
        (
            "rsa_test_2021_2022/RSA256_individual_sign_2021.p12",
            document,
            "2021-06-01T00:00:00Z",
            april,
            rsa,
            "crl_after_the_end",
        ),
        (
            "rsa_test_2021_2022/RSA256_individual_sign_2021.p12",
            document,
            spring,
            april,
            rsa,
            "expired",
        ),
        (
            "gost512_2022/individual_valid_2022_pwAa123456.p12",
            document,
            august,
            august,
            first,
            "good",
        ),
        (
            "gost512_2022/individual_revoked_2022_pwAa123456.p12",
            document,
            august,
            august,
            first,
            "good",
        ),
        // It was revoked, as its file's name says; the later list has dropped it.
        (
            "gost512_2022/individual_revoked_2022_pwAa123456.p12",
            document,
            august,
            years_later,
            later,
            "crl_after_the_end",
        ),
        (
            "gost512_2022/ceo_revoked_2022_pwAa123456.p12",
            document,
            august,
            august,
            first,
            "organisation",
        ),
    ] {
        assert_eq!(verdict(file, purpose, as_of, decided, list), expected, "{file}");
    }
}
