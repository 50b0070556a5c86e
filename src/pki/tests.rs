//! The national authority's own test material, file by file, with the verdict each must get.

use super::*;
use crate::samples;

mod certificates;
mod corpus;
mod envelope;
mod limbo;
#[cfg(feature = "demo")]
mod national_keys;
mod strictness;
mod timestamps;
mod wycheproof;

fn at(text: &str) -> Instant {
    Instant::from_rfc3339(text).unwrap()
}

fn test_anchors() -> Option<Anchors> {
    let folder = samples::nuc_rk()?.join("ca/test");
    Some(Anchors::load(&folder).unwrap())
}

const OCTOBER: &str = "2026-10-01T00:00:00Z";

#[test]
fn an_attached_gost_signature_is_accepted_with_its_signer() {
    let (Some(anchors), Some(cms)) = (
        test_anchors(),
        samples::bytes("cms/gost512_tsp_individual_attached.cms"),
    ) else {
        return;
    };
    let document = samples::bytes("cms/gost512_tsp_individual_document.txt").unwrap();
    for purpose in [Purpose::Document, Purpose::SignIn] {
        let verified = verify(&cms, Content::Attached(&document), purpose, at(OCTOBER), &anchors).unwrap();
        assert_eq!(verified.signer.iin, "123456789011");
        assert_eq!(verified.signer.surname.as_deref(), Some("ТЕСТОВ"));
        assert_eq!(verified.signer.given_name.as_deref(), Some("ТЕСТ"));
        assert_eq!(verified.signer.patronymic.as_deref(), Some("ТЕСТОВИЧ"));
        assert_eq!(verified.signer.common_name, "ТЕСТОВ ТЕСТ");
        assert_eq!(
            verified.signer.serial_hex,
            "6c425659bd2fc6dc587b871aede1857727cf8451"
        );
        assert_eq!(verified.signer.algorithm.to_string(), "GOST 34.10-2015 (512)");
        assert_eq!(verified.key_kind, KeyKind::Signature);
        assert_eq!(verified.signing_time, Some(at("2026-07-20T09:08:06Z")));
        assert_eq!(verified.content, None);
        assert!(!verified.normalised);
        assert_eq!(
            verified.timestamp,
            TimestampReport::Invalid(timestamp::TimestampFault::UnknownIssuer {
                claimed: at("2026-07-20T09:08:07Z")
            })
        );
    }
    let any = verify(
        &cms,
        Content::AttachedAny,
        Purpose::Document,
        at(OCTOBER),
        &anchors,
    )
    .unwrap();
    assert_eq!(any.content, Some(document));
}

#[test]
fn a_detached_gost_signature_is_accepted_with_its_document() {
    let (Some(anchors), Some(cms)) = (
        test_anchors(),
        samples::bytes("cms/gost512_tsp_individual_detached.cms"),
    ) else {
        return;
    };
    let document = samples::bytes("cms/gost512_tsp_individual_document.txt").unwrap();
    let verdict = |content| {
        verify(&cms, content, Purpose::Document, at(OCTOBER), &anchors).map(|verified| verified.signer.iin)
    };
    assert_eq!(
        verdict(Content::Detached(&document)).as_deref(),
        Ok("123456789011")
    );
    assert_eq!(
        verdict(Content::Detached(b"another document")),
        Err(Refusal::DocumentMismatch)
    );
    assert_eq!(
        verdict(Content::Attached(&document)),
        Err(Refusal::ContentMissing)
    );
    assert_eq!(verdict(Content::AttachedAny), Err(Refusal::ContentMissing));
}

#[test]
fn an_attached_signature_is_refused_where_none_may_be_attached() {
    let (Some(anchors), Some(cms)) = (
        test_anchors(),
        samples::bytes("cms/gost512_tsp_individual_attached.cms"),
    ) else {
        return;
    };
    let document = samples::bytes("cms/gost512_tsp_individual_document.txt").unwrap();
    let verdict = verify(
        &cms,
        Content::Detached(&document),
        Purpose::Document,
        at(OCTOBER),
        &anchors,
    );
    assert_eq!(verdict.unwrap_err(), Refusal::ContentUnexpected);
}

#[test]
fn one_changed_byte_of_the_content_is_another_document() {
    let (Some(anchors), Some(mut cms)) = (
        test_anchors(),
        samples::bytes("cms/gost512_tsp_individual_attached.cms"),
    ) else {
        return;
    };
    let document = samples::bytes("cms/gost512_tsp_individual_document.txt").unwrap();
    let place = cms
        .windows(document.len())
        .position(|window| window == document)
        .unwrap();
    cms[place + 10] ^= 1;
    let verdict = |content| verify(&cms, content, Purpose::Document, at(OCTOBER), &anchors).unwrap_err();
    assert_eq!(verdict(Content::AttachedAny), Refusal::DocumentMismatch);
    assert_eq!(verdict(Content::Attached(&document)), Refusal::ContentMismatch);
}

#[test]
fn the_certificate_s_dates_bound_the_verdict() {
    let (Some(anchors), Some(cms)) = (
        test_anchors(),
        samples::bytes("cms/gost512_tsp_individual_attached.cms"),
    ) else {
        return;
    };
    let verdict =
        |when| verify(&cms, Content::AttachedAny, Purpose::Document, at(when), &anchors).map(|_| ());
    assert_eq!(
        verdict("2026-05-08T06:45:12Z"),
        Err(Refusal::NotYetValid(at("2026-05-08T06:45:13Z")))
    );
    assert_eq!(verdict("2026-05-08T06:45:13Z"), Ok(()));
    assert_eq!(verdict("2027-05-08T06:45:13Z"), Ok(()));
    assert_eq!(
        verdict("2027-05-08T06:45:14Z"),
        Err(Refusal::Expired(at("2027-05-08T06:45:13Z")))
    );
    assert_eq!(verdict("2040-01-01T00:00:00Z"), Err(Refusal::IssuerNotValidNow));
}

#[test]
fn an_rsa_signature_is_accepted_at_its_time() {
    let (Some(anchors), Some(cms)) = (test_anchors(), samples::bytes("cms/rsa_one_signer_attached.cms"))
    else {
        return;
    };
    let verdict = |when| {
        verify(
            &cms,
            Content::Attached(b"test123"),
            Purpose::Document,
            at(when),
            &anchors,
        )
    };
    let verified = verdict("2021-06-01T00:00:00Z").unwrap();
    assert_eq!(verified.signer.algorithm.to_string(), "RSA SHA-256");
    assert_eq!(verified.timestamp, TimestampReport::Absent);
    assert!(
        matches!(verdict(OCTOBER), Err(Refusal::IssuerNotValidNow)),
        "that authority ended in 2024"
    );
}

#[test]
fn two_signers_are_refused() {
    let (Some(anchors), Some(cms)) = (
        test_anchors(),
        samples::bytes("cms/gost512_plus_rsa_two_signers_attached.cms"),
    ) else {
        return;
    };
    let verdict = verify(
        &cms,
        Content::Attached(b"test123"),
        Purpose::Document,
        at(OCTOBER),
        &anchors,
    );
    assert_eq!(verdict.unwrap_err(), Refusal::SeveralSigners);
}

#[test]
fn gost_2004_is_refused_by_name() {
    let (Some(anchors), Some(pem)) = (test_anchors(), samples::bytes("cms/gost2004_detached.cms.pem")) else {
        return;
    };
    let cms = armor::decode(&pem).unwrap();
    let verdict = verify(
        &cms,
        Content::Detached(b"unknown"),
        Purpose::Document,
        at(OCTOBER),
        &anchors,
    );
    assert_eq!(verdict.unwrap_err(), Refusal::Gost2004);
}

#[test]
fn other_people_s_authorities_are_not_ours() {
    let (Some(folder), Some(cms)) = (
        samples::nuc_rk(),
        samples::bytes("cms/gost512_tsp_individual_attached.cms"),
    ) else {
        return;
    };
    // The production folder holds authorities that ended in 2025, none of them the issuer of this certificate.
    let anchors = Anchors::load(&folder.join("ca/prod")).unwrap();
    let verdict = verify(
        &cms,
        Content::AttachedAny,
        Purpose::Document,
        at(OCTOBER),
        &anchors,
    );
    assert_eq!(verdict.unwrap_err(), Refusal::UnknownIssuer);
}

#[test]
fn the_folders_of_authorities_are_read_as_far_as_they_can_be() {
    let (Some(test), Some(folder)) = (test_anchors(), samples::nuc_rk()) else {
        return;
    };
    let aside = |anchors: &Anchors| {
        anchors
            .set_aside()
            .iter()
            .map(|aside| (aside.name.clone(), aside.why.code()))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        aside(&test),
        [
            ("root_gost_test_2004.cer".to_owned(), "gost_2004"),
            ("nca_gost_test_2004.cer".to_owned(), "unknown_issuer")
        ]
    );
    assert_eq!(test.issuers().count(), 2);
    let ending = test.ending_before(at(OCTOBER));
    assert_eq!(ending.len(), 1);
    assert_eq!(ending[0].common_name, "ҰКО 3.0 (RSA TEST)");

    let production = Anchors::load(&folder.join("ca/prod")).unwrap();
    assert_eq!(production.issuers().count(), 1);
    assert!(aside(&production).contains(&("tsa_gost_2022_prod.cer".to_owned(), "issuer_not_authority")));
}

#[test]
fn every_sample_certificate_gets_its_verdict() {
    let Some(anchors) = test_anchors() else { return };
    let verdict = |name: &str, purpose: Purpose, when: &str| {
        let der = samples::bytes(&format!("certs/{name}.cer")).unwrap();
        let certificate = Certificate::from_der(&der).unwrap();
        path::validate(&certificate, anchors.paths(), at(when), &path::ByKey)?;
        policy::check(&certificate, purpose)
    };
    let (sign_in, document) = (Purpose::SignIn, Purpose::Document);
    assert_eq!(
        verdict("gost512_individual_2026", document, OCTOBER),
        Ok(KeyKind::Signature)
    );
    assert_eq!(
        verdict("gost512_individual_2026", sign_in, OCTOBER),
        Ok(KeyKind::Signature)
    );
    assert_eq!(
        verdict("gost512_individual_2024", document, "2025-01-01T00:00:00Z"),
        Ok(KeyKind::Signature)
    );
    assert!(matches!(
        verdict("gost512_individual_2024", document, OCTOBER),
        Err(Refusal::Expired(_))
    ));
    assert_eq!(
        verdict("gost512_legal_ceo_2026", document, OCTOBER),
        Err(Refusal::Organisation)
    );
    assert_eq!(
        verdict("gost512_legal_ceo_2026", sign_in, OCTOBER),
        Err(Refusal::Organisation)
    );
    let spring = "2022-03-01T00:00:00Z";
    assert_eq!(
        verdict("rsa_individual_auth_2022", sign_in, spring),
        Ok(KeyKind::Authentication)
    );
    assert_eq!(
        verdict("rsa_individual_auth_2022", document, spring),
        Err(Refusal::KeyUsage)
    );
    assert_eq!(
        verdict("rsa_individual_sign_2022", document, spring),
        Ok(KeyKind::Signature)
    );
    assert_eq!(
        verdict("rsa_individual_sign_2022", sign_in, spring),
        Ok(KeyKind::Signature)
    );
    assert_eq!(
        verdict("gost2004_ceo_2022", document, spring),
        Err(Refusal::UnknownIssuer)
    );
    let old = Certificate::from_der(&samples::bytes("certs/gost2004_ceo_2022.cer").unwrap()).unwrap();
    assert_eq!(old.public_key().unwrap_err(), Refusal::Gost2004);
}

/// Which tests look at the files of each folder, one by one; a file that is added has to be added to them.
#[test]
fn no_sample_is_without_a_test() {
    let Some(folder) = samples::nuc_rk() else { return };
    let mut counts = Vec::new();
    let mut folders = vec![folder.clone()];
    while let Some(inner) = folders.pop() {
        let entries: Vec<_> = std::fs::read_dir(&inner)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        let files = entries.iter().filter(|path| path.is_file()).count();
        let name = inner.strip_prefix(&folder).unwrap().to_str().unwrap().to_owned();
        counts.push((name, files));
        folders.extend(entries.into_iter().filter(|path| path.is_dir()));
    }
    counts.retain(|(name, files)| *files > 0 && !name.is_empty());
    counts.sort();
    let counts: Vec<_> = counts
        .iter()
        .map(|(name, files)| (name.as_str(), *files))
        .collect();
    assert_eq!(
        counts,
        [
            ("ca/prod", 6),                // the_folders_of_authorities_are_read_as_far_as_they_can_be
            ("ca/test", 6),                // the same
            ("certs", 6),                  // every_sample_certificate_gets_its_verdict
            ("cms", 7),                    // here, each by name; two are documents
            ("crl", 6),                    // every_national_list_gets_its_verdict
            ("frames", 2),                 // recorded_answers…, recorded_requests…, second_verifier
            ("ocsp", 4),                   // every_recorded_response_gets_its_verdict
            ("p12/gost2004", 4),           // every_gost512_and_rsa_file_opens_and_the_older_gost_is_named
            ("p12/gost512_2022", 3),       // every_older_national_key_gets_its_verdict
            ("p12/gost512_2026", 12),      // national_keys
            ("p12/rsa_test_2021_2022", 3), // every_older_national_key_gets_its_verdict
            ("tsp", 3),                    // every_recorded_token_is_read
            ("vectors", 1),                // the_recorded_vector_of_the_national_library_verifies
        ]
    );
}
