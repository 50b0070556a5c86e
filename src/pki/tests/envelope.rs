//! The envelope and its attributes: threats T08 to T13, T16, T18 and T19, each a signature that is sound but for one thing.

use super::super::{fixture::*, *};
use super::strictness::one_more_everywhere;
use crate::demo::mint::*;

fn gost() -> &'static World {
    World::gost()
}

#[test]
fn a_sound_signature_is_accepted_in_both_algorithms_and_both_modes() {
    for world in [World::gost(), World::rsa()] {
        let verified = world.verdict(&world.cms(&world.aliya).encode()).unwrap();
        assert_eq!(verified.signer.iin, ALIYA.iin);
        assert_eq!(verified.signer.given_name.as_deref(), Some("ӘЛИЯ"));
        assert_eq!(verified.chain.issuer.der(), world.authority.certificate);
        assert_eq!(verified.chain.root.der(), world.root.certificate);
        let detached = Cms::new(&world.aliya, DOCUMENT, false, now()).encode();
        assert!(
            verify(
                &detached,
                Content::Detached(DOCUMENT),
                Purpose::Document,
                now(),
                &world.anchors
            )
            .is_ok()
        );
    }
}

#[test]
fn plain_rsa_encryption_as_the_signature_algorithm_is_the_same_signature() {
    let world = World::rsa();
    let mut cms = world.cms(&world.aliya);
    cms.signer().signature_algorithm = algorithm(RSA_ENCRYPTION, &null());
    assert!(world.verdict(&cms.encode()).is_ok());
}

#[test]
fn a_signer_named_by_the_key_s_identifier_is_found() {
    let world = gost();
    let aliya = world.aliya_with(|template| {
        template.with_extension(SUBJECT_KEY_IDENTIFIER, false, &octets(b"aliya's key"))
    });
    let mut cms = world.cms(&aliya);
    cms.signer().version = 3;
    cms.signer().identifier = context_primitive(0, b"aliya's key");
    assert!(world.verdict(&cms.encode()).is_ok());
    cms.signer().identifier = context_primitive(0, b"another key");
    assert_eq!(
        world.verdict(&cms.encode()).unwrap_err(),
        Refusal::SignerCertificateMissing
    );
}

// T08: the signed document is not the shown one.

#[test]
fn t08_a_signature_over_another_document_is_refused() {
    let world = gost();
    let other = "Заявление: другое".as_bytes();
    let attached = Cms::new(&world.aliya, other, true, now()).encode();
    assert_eq!(world.verdict(&attached).unwrap_err(), Refusal::DocumentMismatch);
    let detached = Cms::new(&world.aliya, other, false, now()).encode();
    let verdict = verify(
        &detached,
        Content::Detached(DOCUMENT),
        Purpose::Document,
        now(),
        &world.anchors,
    );
    assert_eq!(verdict.unwrap_err(), Refusal::DocumentMismatch);
}

#[test]
fn t08_content_swapped_after_signing_is_refused() {
    let refusal = gost().refusal(|cms| cms.content = Some("Заявление: подменённое".into()));
    assert_eq!(refusal, Refusal::ContentMismatch);
    // And where the caller has no document of its own, the digest speaks.
    let mut cms = gost().cms(&gost().aliya);
    cms.content = Some("Заявление: подменённое".into());
    let verdict = verify(
        &cms.encode(),
        Content::AttachedAny,
        Purpose::Document,
        now(),
        &gost().anchors,
    );
    assert_eq!(verdict.unwrap_err(), Refusal::DocumentMismatch);
}

// T09: exactly one signer.

#[test]
fn t09_two_signers_are_refused() {
    let bolat_key = Key::gost("bolat");
    let bolat = gost()
        .authority
        .credential(&person(&BOLAT, &bolat_key), bolat_key);
    let mut cms = gost().cms(&gost().aliya);
    cms.certificates.push(bolat.certificate.clone());
    cms.signers.push(SignerInfo::new(&bolat, DOCUMENT, now()));
    assert_eq!(
        gost().verdict(&cms.encode()).unwrap_err(),
        Refusal::SeveralSigners
    );
}

#[test]
fn t09_the_same_signer_twice_is_refused() {
    let refusal = gost().refusal(|cms| cms.signers.push(cms.signers[0].clone()));
    assert_eq!(refusal, Refusal::SeveralSigners);
}

#[test]
fn t09_a_signature_without_signers_is_refused() {
    assert_eq!(gost().refusal(|cms| cms.signers.clear()), Refusal::NoSigner);
}

// T10: attached and detached.

#[test]
fn t10_the_caller_says_whether_the_document_is_attached() {
    let world = gost();
    let attached = world.cms(&world.aliya).encode();
    let detached = Cms::new(&world.aliya, DOCUMENT, false, now()).encode();
    let verdict = |cms: &[u8], content| {
        verify(cms, content, Purpose::Document, now(), &world.anchors).map(|verified| verified.signer.iin)
    };
    assert_eq!(
        verdict(&attached, Content::Detached(DOCUMENT)),
        Err(Refusal::ContentUnexpected)
    );
    assert_eq!(
        verdict(&detached, Content::Attached(DOCUMENT)),
        Err(Refusal::ContentMissing)
    );
    assert_eq!(
        verdict(&detached, Content::AttachedAny),
        Err(Refusal::ContentMissing)
    );
}

#[test]
fn t10_an_empty_attached_document_is_still_attached() {
    let world = gost();
    let mut cms = world.cms(&world.aliya);
    cms.content = Some(Vec::new());
    let encoded = cms.encode();
    assert_eq!(world.verdict(&encoded).unwrap_err(), Refusal::ContentMismatch);
    let verdict = verify(
        &encoded,
        Content::Detached(DOCUMENT),
        Purpose::Document,
        now(),
        &world.anchors,
    );
    assert_eq!(verdict.unwrap_err(), Refusal::ContentUnexpected);
}

// T11: signed attributes.

#[test]
fn t11_a_signature_without_signed_attributes_is_refused() {
    // The signature itself is over the document and sound.
    assert_eq!(
        gost().refusal(|cms| cms.signer().signed_attributes = None),
        Refusal::NoSignedAttributes
    );
}

#[test]
fn t11_signed_attributes_passed_off_as_the_document_are_refused() {
    let world = gost();
    // An honest signature over a document gives the bytes of its signed attributes and a signature over them.
    let honest = SignerInfo::new(&world.aliya, DOCUMENT, now());
    let mut attributes = honest.signed_attributes.clone().unwrap();
    attributes.sort();
    let forged_document = set(&attributes.iter().map(Vec::as_slice).collect::<Vec<_>>());
    let mut cms = world.cms(&world.aliya);
    cms.content = Some(forged_document.clone());
    cms.signer().signature = Some(honest.signature());
    cms.signer().signed_attributes = None;
    let verdict = verify(
        &cms.encode(),
        Content::AttachedAny,
        Purpose::Document,
        now(),
        &world.anchors,
    );
    assert_eq!(verdict.unwrap_err(), Refusal::NoSignedAttributes);
}

// T12: games with attributes.

#[test]
fn t12_attributes_that_must_be_there_are_missed() {
    let missing = |name| gost().refusal(|cms| cms.signer().remove_attribute(name));
    assert_eq!(missing(CONTENT_TYPE), Refusal::ContentTypeAttributeMissing);
    assert_eq!(missing(MESSAGE_DIGEST), Refusal::MessageDigestMissing);
}

#[test]
fn t12_an_attribute_stands_once() {
    for name in [CONTENT_TYPE, MESSAGE_DIGEST, SIGNING_TIME, SIGNING_CERTIFICATE_V2] {
        let refusal = gost().refusal(|cms| {
            let list = cms.signer().signed_attributes.as_mut().unwrap();
            let again = list
                .iter()
                .find(|one| one.windows(oid(name).len()).any(|w| w == oid(name)))
                .unwrap()
                .clone();
            list.push(again);
        });
        assert!(
            matches!(refusal, Refusal::AttributeRepeated(oid) if oid.to_string() == name),
            "{refusal:?}"
        );
    }
}

#[test]
fn t12_an_attribute_has_one_value() {
    let digest = octets(&gost().aliya.key.digest().hash(DOCUMENT));
    let other = octets(&gost().aliya.key.digest().hash(b"other"));
    for (name, values) in [
        (MESSAGE_DIGEST, vec![digest.clone(), other]),
        (MESSAGE_DIGEST, vec![]),
        (MESSAGE_DIGEST, vec![null()]),
        (CONTENT_TYPE, vec![oid(DATA), oid(TST_INFO)]),
        (SIGNING_TIME, vec![time(now()), time(now().plus_seconds(1))]),
        (SIGNING_TIME, vec![utf8("yesterday")]),
        (SIGNING_CERTIFICATE_V2, vec![]),
        (SIGNING_CERTIFICATE_V2, vec![sequence(&[])]),
    ] {
        let refusal = gost().refusal(|cms| cms.signer().set_attribute(name, &values));
        assert!(
            matches!(refusal, Refusal::AttributeValue(oid) if oid.to_string() == name),
            "{name} {refusal:?}"
        );
    }
}

#[test]
fn t12_the_content_type_is_data_inside_and_out() {
    assert_eq!(
        gost().refusal(|cms| cms.content_type = TST_INFO),
        Refusal::ContentType
    );
    let refusal = gost().refusal(|cms| cms.signer().set_attribute(CONTENT_TYPE, &[oid(TST_INFO)]));
    assert_eq!(refusal, Refusal::ContentTypeAttributeMismatch);
}

#[test]
fn t12_a_digest_changed_after_signing_breaks_the_signature() {
    let other = gost().aliya.key.digest().hash(b"another document");
    let refusal = gost().refusal(|cms| cms.signer().set_attribute(MESSAGE_DIGEST, &[octets(&other)]));
    assert_eq!(refusal, Refusal::DocumentMismatch);
    // The other way round: the digest is right, the signature was made over a set with another time.
    let refusal = gost().refusal(|cms| {
        let signature = cms.signer().signature();
        cms.signer()
            .set_attribute(SIGNING_TIME, &[time(now().plus_seconds(60))]);
        cms.signer().signature = Some(signature);
    });
    assert_eq!(refusal, Refusal::SignatureInvalid);
}

#[test]
fn t12_signed_attributes_out_of_order_are_refused() {
    let refusal = gost().refusal(|cms| {
        let signer = cms.signer();
        signer
            .signed_attributes
            .as_mut()
            .unwrap()
            .sort_by(|a, b| b.cmp(a));
        signer.keep_order = true;
    });
    assert_eq!(refusal, Refusal::SignedAttributesOrder);
}

#[test]
fn t12_the_certificate_s_hash_must_be_the_signer_s() {
    let named = |hash: &[u8]| sequence(&[&sequence(&[&sequence(&[&octets(hash)])])]);
    let refusal = gost().refusal(|cms| {
        cms.signer()
            .set_attribute(SIGNING_CERTIFICATE_V2, &[named(&[7; 32])]);
    });
    assert_eq!(refusal, Refusal::SigningCertificateMismatch);
    let refusal = gost().refusal(|cms| {
        cms.signer()
            .set_attribute(SIGNING_CERTIFICATE, &[named(&[7; 20])])
    });
    assert_eq!(
        refusal,
        Refusal::SigningCertificateMismatch,
        "version 1 is looked at too"
    );
}

#[test]
fn t12_the_certificate_s_issuer_and_number_must_be_the_signer_s_where_they_are_named() {
    let world = gost();
    let certificate = Certificate::from_der(&world.aliya.certificate).unwrap();
    let hash = algorithm::Digest::Streebog512.hash(&world.aliya.certificate);
    let named = |issuer: &[u8], serial: &[u8]| {
        let pair = sequence(&[&sequence(&[&context(4, &[issuer])]), &integer(serial)]);
        sequence(&[&sequence(&[&sequence(&[
            &algorithm(STREEBOG_512, &null()),
            &octets(&hash),
            &pair,
        ])])])
    };
    let verdict = |value: Vec<u8>| {
        let mut cms = world.cms(&world.aliya);
        cms.signer().set_attribute(SIGNING_CERTIFICATE_V2, &[value]);
        world.verdict(&cms.encode()).map(|verified| verified.signer.iin)
    };
    for bent in one_more_everywhere(&named(certificate.issuer(), certificate.serial())) {
        assert!(verdict(bent.clone()).is_err(), "{}", certificate::hex(&bent));
    }
    assert!(
        verdict(named(certificate.issuer(), certificate.serial())).is_ok(),
        "another hash and the pair are fine"
    );
    assert_eq!(
        verdict(named(certificate.issuer(), &[7])),
        Err(Refusal::SigningCertificateMismatch)
    );
    assert_eq!(
        verdict(named(certificate.subject(), certificate.serial())),
        Err(Refusal::SigningCertificateMismatch)
    );
}

#[test]
fn a_signature_without_a_certificate_s_hash_is_still_one() {
    let mut cms = gost().cms(&gost().aliya);
    cms.signer().remove_attribute(SIGNING_CERTIFICATE_V2);
    cms.signer().remove_attribute(SIGNING_TIME);
    let verified = gost().verdict(&cms.encode()).unwrap();
    assert_eq!(verified.signing_time, None);
}

// T13: another person.

#[test]
fn t13_the_signer_s_iin_is_the_certificate_s() {
    let bolat_key = Key::gost("bolat");
    let bolat = gost()
        .authority
        .credential(&person(&BOLAT, &bolat_key), bolat_key);
    let verified = gost().verdict(&gost().cms(&bolat).encode()).unwrap();
    assert_eq!(verified.signer.iin, BOLAT.iin);
    assert_eq!(verified.signer.patronymic, None);
}

#[test]
fn t13_another_person_s_certificate_does_not_fit_the_signature() {
    let bolat_key = Key::gost("bolat");
    let bolat = gost()
        .authority
        .credential(&person(&BOLAT, &bolat_key), bolat_key);
    let refusal = gost().refusal(|cms| {
        let donor = SignerInfo::new(&bolat, DOCUMENT, now());
        cms.certificates = vec![bolat.certificate.clone()];
        cms.signer().identifier = donor.identifier;
        cms.signer().signed_attributes = donor.signed_attributes;
    });
    assert_eq!(refusal, Refusal::SignatureInvalid);
}

#[test]
fn t13_the_signer_s_certificate_is_brought_along_once() {
    assert_eq!(
        gost().refusal(|cms| cms.certificates.clear()),
        Refusal::SignerCertificateMissing
    );
    let refusal = gost().refusal(|cms| cms.certificates = vec![gost().authority.certificate.clone()]);
    assert_eq!(refusal, Refusal::SignerCertificateMissing);
    let refusal = gost().refusal(|cms| cms.certificates.push(cms.certificates[0].clone()));
    assert_eq!(refusal, Refusal::SignerCertificateAmbiguous);
}

// T16: algorithms.

#[test]
fn t16_sha_1_is_refused_by_name() {
    let world = World::rsa();
    let refusal = world.refusal(|cms| {
        let sha1 = algorithm(SHA_1, &null());
        cms.digest_algorithms = vec![sha1.clone()];
        let digest = ring::digest::digest(&ring::digest::SHA1_FOR_LEGACY_USE_ONLY, DOCUMENT);
        cms.signer().digest_algorithm = sha1;
        cms.signer()
            .set_attribute(MESSAGE_DIGEST, &[octets(digest.as_ref())]);
        cms.signer().signature_algorithm = algorithm(SHA1_WITH_RSA, &null());
    });
    assert_eq!(refusal, Refusal::Sha1);
    let refusal = world.refusal(|cms| cms.signer().signature_algorithm = algorithm(SHA1_WITH_RSA, &null()));
    assert_eq!(refusal, Refusal::Sha1);
}

#[test]
fn t16_digest_and_signature_algorithm_belong_together() {
    let world = World::rsa();
    for other in [
        "1.2.840.113549.1.1.12",
        "1.2.840.113549.1.1.13",
        GOST_2015_SIGNATURE,
    ] {
        let refusal = world.refusal(|cms| cms.signer().signature_algorithm = algorithm(other, &null()));
        assert_eq!(refusal, Refusal::AlgorithmMismatch, "{other}");
    }
    let refusal = gost().refusal(|cms| cms.signer().signature_algorithm = algorithm(RSA_ENCRYPTION, &null()));
    assert_eq!(refusal, Refusal::AlgorithmMismatch, "RSA over Streebog");
    // Consistent with itself, but not with the certificate's key.
    let refusal = gost().refusal(|cms| {
        let signer = cms.signer();
        signer.digest_algorithm = algorithm(SHA_256, &null());
        signer.signature_algorithm = algorithm(SHA256_WITH_RSA, &null());
        signer.set_attribute(
            MESSAGE_DIGEST,
            &[octets(&algorithm::Digest::Sha256.hash(DOCUMENT))],
        );
        cms.digest_algorithms = vec![algorithm(SHA_256, &null())];
    });
    assert_eq!(refusal, Refusal::AlgorithmMismatch);
}

#[test]
fn t16_unknown_algorithms_and_parameters_are_refused() {
    let refusal =
        gost().refusal(|cms| cms.signer().digest_algorithm = algorithm("1.2.398.3.10.1.3.2", &null()));
    assert!(matches!(refusal, Refusal::Algorithm(_)));
    let refusal =
        gost().refusal(|cms| cms.signer().signature_algorithm = algorithm("1.2.840.10045.4.3.2", &[]));
    assert!(matches!(refusal, Refusal::Algorithm(_)));
    let pss = World::rsa()
        .refusal(|cms| cms.signer().signature_algorithm = algorithm("1.2.840.113549.1.1.10", &sequence(&[])));
    assert!(matches!(pss, Refusal::Algorithm(_)));
    let odd = gost()
        .refusal(|cms| cms.signer().signature_algorithm = algorithm(GOST_2015_SIGNATURE, &octets(b"x")));
    assert_eq!(odd, Refusal::AlgorithmParameters);
    let old =
        gost().refusal(|cms| cms.signer().signature_algorithm = algorithm("1.2.398.3.10.1.1.1.2", &null()));
    assert_eq!(old, Refusal::Gost2004);
}

#[test]
fn t16_the_signer_s_digest_is_among_those_announced() {
    let refusal = gost().refusal(|cms| cms.digest_algorithms = vec![algorithm(SHA_256, &null())]);
    assert_eq!(refusal, Refusal::DigestNotAnnounced);
    assert_eq!(
        gost().refusal(|cms| cms.digest_algorithms.clear()),
        Refusal::DigestNotAnnounced
    );
}

// T18: one signature, one encoding.

#[test]
fn t18_nothing_may_follow_or_be_cut_off() {
    let world = gost();
    let sound = world.cms(&world.aliya).encode();
    let longer = [sound.as_slice(), &[0]].concat();
    assert_eq!(world.verdict(&longer).unwrap_err(), Refusal::NotDer);
    assert_eq!(
        world.verdict(&[sound.as_slice(), &sound].concat()).unwrap_err(),
        Refusal::NotDer
    );
    for length in (0..sound.len()).step_by(97) {
        assert_eq!(
            world.verdict(&sound[..length]).unwrap_err(),
            Refusal::NotDer,
            "{length}"
        );
    }
}

#[test]
fn t18_ber_is_read_by_way_of_der_and_says_so() {
    let world = gost();
    let sound = world.cms(&world.aliya).encode();
    // The outer three levels rewritten with indefinite lengths.
    let ber = indefinite(&sound, 3);
    assert_ne!(ber, sound);
    let verified = world.verdict(&ber).unwrap();
    assert!(verified.normalised);
    assert!(!world.verdict(&sound).unwrap().normalised);
    assert_eq!(world.verdict(&ber[..ber.len() - 2]).unwrap_err(), Refusal::NotDer);
}

#[test]
fn t18_a_flipped_bit_anywhere_that_matters_is_refused() {
    let world = gost();
    let sound = world.cms(&world.aliya).encode();
    let mut accepted = Vec::new();
    for index in (0..sound.len()).step_by(3) {
        let mut flipped = sound.clone();
        flipped[index] ^= 1 << (index % 8);
        if world.verdict(&flipped).is_ok() {
            accepted.push(index);
        }
    }
    // SignedData's version may be 1 or 3, and neither is signed; nothing else may change.
    assert!(accepted.len() <= 1, "{accepted:?}");
}

// T19: bombs.

#[test]
fn t19_what_is_too_large_is_not_read() {
    assert_eq!(
        gost().verdict(&vec![0x30; 1024 * 1024 + 1]).unwrap_err(),
        Refusal::TooLarge
    );
}

#[test]
fn t19_deep_nesting_and_huge_lengths_end_early() {
    let deep = (0..100_000).fold(Vec::new(), |mut bytes, _| {
        bytes.extend([0x30, 0x80]);
        bytes
    });
    assert_eq!(gost().verdict(&deep).unwrap_err(), Refusal::NotDer);
    for huge in [
        &[0x30, 0x84, 0xff, 0xff, 0xff, 0xff][..],
        &[0x30, 0x84, 0x7f, 0xff, 0xff, 0xff, 0],
        &[0x30, 0x88, 1],
    ] {
        assert_eq!(gost().verdict(huge).unwrap_err(), Refusal::NotDer);
    }
}

#[test]
fn t19_more_certificates_than_anybody_needs_are_refused() {
    let refusal = gost().refusal(|cms| cms.certificates = vec![gost().authority.certificate.clone(); 17]);
    assert_eq!(refusal, Refusal::NotSignedData("certificates"));
}

#[test]
fn what_is_not_signed_data_is_refused() {
    let world = gost();
    assert_eq!(
        world
            .verdict(&sequence(&[&oid(DATA), &context(0, &[&octets(b"x")])]))
            .unwrap_err()
            .code(),
        "not_signed_data"
    );
    assert_eq!(
        world.verdict(&world.aliya.certificate).unwrap_err().code(),
        "not_signed_data"
    );
    assert_eq!(
        world.refusal(|cms| cms.version = 2),
        Refusal::NotSignedData("version")
    );
    assert_eq!(
        world.refusal(|cms| cms.signer().version = 3),
        Refusal::NotSignedData("signerInfo")
    );
}

/// The first `levels` constructed elements, each the first or last child of the one before, with indefinite lengths.
fn indefinite(der: &[u8], levels: usize) -> Vec<u8> {
    let element = asn1::Element::only(der).unwrap();
    if levels == 0 || !element.tag.is_constructed() {
        return der.to_vec();
    }
    let mut out = vec![der[0], 0x80];
    let mut children = element.open().unwrap();
    while !children.is_finished() {
        out.extend(indefinite(children.any().unwrap().bytes, levels - 1));
    }
    out.extend([0, 0]);
    out
}
