//! Nothing unread: an element too many at the end of any constructed element, at any depth, is refused, also where no
//! signature covers it or the signature was made over it (T18).

use super::super::{
    asn1::{self, Element, wrap},
    fixture::*,
    revocation::{RevocationList, When, ocsp},
    *,
};
use crate::demo::mint::*;

/// The element with a NULL added at the end of one of its constructed parts, once for each.
pub(super) fn one_more_everywhere(der: &[u8]) -> Vec<Vec<u8>> {
    let element = Element::only(der).unwrap();
    if !element.tag.is_constructed() {
        return Vec::new();
    }
    let mut cursor = element.open().unwrap();
    let mut parts = Vec::new();
    while !cursor.is_finished() {
        parts.push(cursor.any().unwrap().bytes);
    }
    let mut variants = vec![wrap(element.tag, &[element.contents, &null()])];
    for (index, part) in parts.iter().enumerate() {
        for variant in one_more_everywhere(part) {
            let mut parts = parts.clone();
            parts[index] = &variant;
            variants.push(wrap(element.tag, &parts));
        }
    }
    variants
}

/// The parts of a SEQUENCE.
fn parts(der: &[u8]) -> Vec<&[u8]> {
    let mut cursor = Element::only(der).unwrap().open().unwrap();
    let mut parts = Vec::new();
    while !cursor.is_finished() {
        parts.push(cursor.any().unwrap().bytes);
    }
    parts
}

/// One more everywhere in a SEQUENCE of what is signed, algorithm, signature and the rest; signed again where need be.
fn signed_again(der: &[u8], key: &Key) -> Vec<Vec<u8>> {
    let original = parts(der)[0];
    let variants = one_more_everywhere(der).into_iter();
    variants
        .map(|variant| {
            let mut parts = parts(&variant);
            if parts[0] == original {
                return variant;
            }
            let signature = bits(&key.sign(parts[0]));
            parts[2] = &signature;
            sequence(&parts)
        })
        .collect()
}

#[test]
fn t18_one_element_too_many_anywhere_in_an_envelope_is_refused() {
    let world = World::gost();
    let aliya = world.aliya_with(|t| t.with_extension(SUBJECT_KEY_IDENTIFIER, false, &octets(b"key")));
    let by_key = {
        let mut cms = world.cms(&aliya);
        let signer = cms.signer();
        (signer.version, signer.identifier) = (3, context_primitive(0, b"key"));
        cms.encode()
    };
    let mut tried = 0;
    for cms in [world.cms(&world.aliya).encode(), by_key] {
        assert!(world.verdict(&cms).is_ok());
        for variant in one_more_everywhere(&cms) {
            assert!(asn1::check_tree(&variant).is_ok());
            assert!(world.verdict(&variant).is_err(), "{}", hex(&variant));
            tried += 1;
        }
    }
    assert!(tried > 80, "{tried}");
}

#[test]
fn t18_one_element_too_many_in_a_signed_attribute_is_refused_though_it_was_signed() {
    let world = World::gost();
    let attributes = world
        .cms(&world.aliya)
        .signer()
        .signed_attributes
        .clone()
        .unwrap();
    assert_eq!(attributes.len(), 4);
    for (place, attribute) in attributes.iter().enumerate() {
        for variant in one_more_everywhere(attribute) {
            let mut cms = world.cms(&world.aliya);
            cms.signer().signed_attributes.as_mut().unwrap()[place] = variant.clone();
            assert!(world.verdict(&cms.encode()).is_err(), "{}", hex(&variant));
        }
    }
}

#[test]
fn t18_one_element_too_many_in_an_rsa_key_is_refused() {
    let world = World::rsa();
    let key = parts(&Key::rsa(2).spki())[1].to_vec();
    // Behind the count of unused bits.
    let numbers = &Element::only(&key).unwrap().contents[1..];
    for longer in one_more_everywhere(numbers) {
        let spki = sequence(&[&algorithm(RSA_ENCRYPTION, &null()), &bits(&longer)]);
        let aliya = world.aliya_with(|t| Template { spki, ..t });
        let refusal = world.refusal_of(&aliya);
        assert!(matches!(refusal, Refusal::Key(_)), "{refusal:?}");
    }
}

#[test]
fn t18_one_element_too_many_anywhere_in_a_certificate_is_refused() {
    let world = World::gost();
    let variants = signed_again(&world.aliya.certificate, &world.authority.key);
    assert!(variants.len() > 30, "{}", variants.len());
    for certificate in variants {
        // Some are no certificate at all, so that the signature can't name them; the others must not be believed.
        let Ok(read) = Certificate::from_der(&certificate) else {
            continue;
        };
        let path = path::validate(&read, world.anchors.paths(), now(), &path::ByKey);
        let believed = path.is_ok() && read.public_key().is_ok();
        assert!(!believed, "{}", hex(&certificate));
    }
}

#[test]
fn t18_one_element_too_many_anywhere_in_a_list_is_refused() {
    let world = World::gost();
    let issuer = Certificate::from_der(&world.authority.certificate).unwrap();
    let crl = Crl {
        entries: vec![RevokedEntry::of(&world.aliya.certificate, now(), Some(1))],
        delta_of: Some(1),
        ..Crl::new(&world.authority, 2, now(), now().plus_seconds(DAY))
    };
    let list = crl.sign(&world.authority.key);
    assert!(RevocationList::verify(list.as_slice().into(), &issuer).is_ok());
    let variants = signed_again(&list, &world.authority.key);
    assert!(variants.len() > 15);
    for list in variants {
        assert!(
            RevocationList::verify(list.as_slice().into(), &issuer).is_err(),
            "{}",
            hex(&list)
        );
    }
}

#[test]
fn t18_one_element_too_many_anywhere_in_a_response_is_refused() {
    let world = World::gost();
    let leaf = Certificate::from_der(&world.aliya.certificate).unwrap();
    let issuer = Certificate::from_der(&world.authority.certificate).unwrap();
    let key = Key::gost("responder");
    let template = Template::responder(
        "OCSP RESPONDER",
        &key,
        now().plus_seconds(-DAY),
        now().plus_seconds(DAY),
    );
    let responder = world.authority.credential(&template, key);
    let id = cert_id(&world.aliya.certificate, &world.authority);
    let verdict = |response: &[u8]| ocsp::verify(response, None, &leaf, &issuer, When::at(now()));
    for status in [
        CertificateStatus::Good,
        CertificateStatus::Revoked {
            at: now(),
            reason: Some(1),
        },
    ] {
        let mut response = OcspResponse::new(id.clone(), status, now(), Some(b"a nonce!".to_vec()));
        response.singles[0].next_update = Some(now().plus_seconds(HOUR));
        let response = response.sign(&responder);
        assert!(verdict(&response).is_ok());
        for variant in one_more_everywhere(&response) {
            assert!(verdict(&variant).is_err(), "{}", hex(&variant));
        }
        // The octets inside are DER again.
        let inner = parts(parts(parts(&response)[1])[0])[1];
        let basic = Element::only(inner).unwrap().contents;
        let variants = signed_again(basic, &responder.key);
        assert!(variants.len() > 40);
        for basic in variants {
            let response = sequence(&[
                &enumerated(0),
                &context(0, &[&sequence(&[&oid(OCSP_BASIC), &octets(&basic)])]),
            ]);
            assert!(verdict(&response).is_err(), "{}", hex(&response));
        }
    }
}

#[test]
fn one_element_too_many_anywhere_in_a_time_stamp_proves_nothing() {
    let world = World::gost();
    let key = Key::gost("time stamping");
    let template = Template::time_stamping("TSA", &key, now().plus_seconds(-DAY), now().plus_seconds(DAY));
    let tsa = world.authority.credential(&template, key);
    let stamp = TimeStamp::new(&tsa, b"stamped", now());
    let token = |info: &[u8]| {
        let mut cms = Cms::new(&tsa, info, true, now());
        cms.content_type = TST_INFO;
        cms.signer().set_attribute(CONTENT_TYPE, &[oid(TST_INFO)]);
        cms.encode()
    };
    let verdict = |info: &[u8]| timestamp::check(&token(info), b"stamped", now(), &world.anchors);
    assert!(verdict(&stamp.info()).is_ok());
    for info in one_more_everywhere(&stamp.info()) {
        assert!(verdict(&info).is_err(), "{}", hex(&info));
    }
}

#[test]
fn octets_after_a_value_or_one_element_too_many_inside_an_extension_are_refused() {
    let world = World::gost();
    for (oid, value) in [
        (KEY_USAGE, vec![3, 2, 6, 0xc0]),
        (
            EXTENDED_KEY_USAGE,
            sequence(&[&oid(EMAIL_PROTECTION), &oid(INDIVIDUAL)]),
        ),
        (BASIC_CONSTRAINTS, sequence(&[])),
        (SUBJECT_KEY_IDENTIFIER, octets(b"key")),
    ] {
        let sound = world.aliya_with(|t| t.with_extension(oid, false, &value));
        assert!(world.verdict(&world.cms(&sound).encode()).is_ok(), "{oid}");
        let mut longer = one_more_everywhere(&value);
        longer.push([value.as_slice(), &null()].concat());
        for longer in longer {
            let bent = world.aliya_with(|t| t.with_extension(oid, false, &longer));
            let refusal = world.refusal_of(&bent);
            assert!(
                matches!(refusal, Refusal::CertificateMalformed(_)),
                "{oid}: {refusal:?}"
            );
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    certificate::hex(bytes)
}
