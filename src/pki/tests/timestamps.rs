//! Time stamps beside a signature: reported for what they are worth, and never decisive.

use super::super::{
    fixture::*,
    timestamp::{self, TimestampFault},
    *,
};
use crate::{demo::mint::*, samples};

fn authority(bend: impl FnOnce(Template) -> Template) -> Credential {
    let key = Key::gost("time stamping");
    let template = Template::time_stamping(
        "TIME-STAMPING AUTHORITY",
        &key,
        now().plus_seconds(-YEAR),
        now().plus_seconds(YEAR),
    );
    World::gost().authority.credential(&bend(template), key)
}

/// The report on a sound signature with a token over it, bent.
fn report(authority: &Credential, bend: impl FnOnce(&mut TimeStamp)) -> TimestampReport {
    let world = World::gost();
    let mut cms = world.cms(&world.aliya);
    let mut stamp = TimeStamp::new(authority, &cms.signer().signature(), now());
    bend(&mut stamp);
    let token = stamp.sign(authority);
    cms.signer().unsigned_attributes = vec![time_stamp_attribute(&token)];
    let verified = world.verdict(&cms.encode()).unwrap();
    assert_eq!(
        verified.signer.iin, ALIYA.iin,
        "whatever the token is, the verdict stands"
    );
    verified.timestamp
}

fn fault(authority: &Credential, bend: impl FnOnce(&mut TimeStamp)) -> TimestampFault {
    match report(authority, bend) {
        TimestampReport::Invalid(fault) => fault,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_sound_time_stamp_is_reported_with_its_time() {
    let TimestampReport::Valid(stamp) =
        report(&authority(|t| t), |stamp| stamp.time = now().plus_seconds(-60))
    else {
        panic!("not valid");
    };
    assert_eq!(stamp.time, now().plus_seconds(-60));
    assert_eq!(stamp.policy, "1.2.398.3.3.2.6.4");
    assert_eq!(stamp.serial_hex, "be5d2174");
    assert_eq!(stamp.authority, "TIME-STAMPING AUTHORITY");
}

#[test]
fn an_rsa_authority_s_stamp_over_a_gost_signature_is_sound() {
    let world = World::rsa();
    let key = Key::rsa(0);
    let template = Template::time_stamping("TSA", &key, now().plus_seconds(-YEAR), now().plus_seconds(YEAR));
    let tsa = world.authority.credential(&template, key);
    let token = TimeStamp::new(&tsa, b"stamped", now()).sign(&tsa);
    assert!(timestamp::check(&token, b"stamped", now(), &world.anchors).is_ok());
    assert_eq!(
        timestamp::check(&token, b"other", now(), &world.anchors),
        Err(TimestampFault::Imprint)
    );
}

#[test]
fn a_token_over_another_signature_proves_nothing() {
    let tsa = authority(|t| t);
    let imprint = tsa.key.digest().hash(b"another signature");
    assert_eq!(
        fault(&tsa, |stamp| stamp.imprint = imprint),
        TimestampFault::Imprint
    );
}

#[test]
fn a_token_with_sha_1_proves_nothing() {
    let tsa = authority(|t| t);
    let weak = fault(&tsa, |stamp| stamp.imprint_algorithm = algorithm(SHA_1, &null()));
    assert_eq!(weak, TimestampFault::Signature(Refusal::Sha1));
}

#[test]
fn a_time_stamping_authority_is_certified_for_that_alone() {
    let any = |t: Template| t.with_purposes(&[TIME_STAMPING]);
    assert_eq!(
        fault(&authority(any), |_| {}),
        TimestampFault::Purpose,
        "not critical"
    );
    let both = sequence(&[&oid(TIME_STAMPING), &oid(EMAIL_PROTECTION)]);
    let both = authority(|t| t.with_extension(EXTENDED_KEY_USAGE, true, &both));
    assert_eq!(fault(&both, |_| {}), TimestampFault::Purpose, "not alone");
    let none = authority(|t| t.without_extension(EXTENDED_KEY_USAGE));
    assert_eq!(fault(&none, |_| {}), TimestampFault::Purpose);
}

#[test]
fn a_person_is_no_time_stamping_authority() {
    let aliya = Credential {
        key: Key::gost("aliya"),
        certificate: World::gost().aliya.certificate.clone(),
    };
    assert_eq!(fault(&aliya, |_| {}), TimestampFault::Purpose);
}

#[test]
fn an_unknown_or_forged_authority_proves_nothing() {
    let key = Key::gost("time stamping");
    let template = Template::time_stamping("TSA", &key, now().plus_seconds(-YEAR), now().plus_seconds(YEAR));
    let own = Credential {
        certificate: template.sign(&key, &template.subject),
        key,
    };
    assert_eq!(
        fault(&own, |_| {}),
        TimestampFault::UnknownIssuer { claimed: now() }
    );
    let impostor = World::impostor()
        .authority
        .credential(&template, Key::gost("time stamping"));
    assert_eq!(
        fault(&impostor, |_| {}),
        TimestampFault::Certificate(Refusal::IssuerSignatureInvalid)
    );
    let forged = Credential {
        key: Key::gost("somebody"),
        ..authority(|t| t)
    };
    assert_eq!(
        fault(&forged, |_| {}),
        TimestampFault::Signature(Refusal::SignatureInvalid)
    );
}

#[test]
fn the_authority_was_valid_at_the_time_it_names() {
    let ended = authority(|t| Template {
        not_after: now().plus_seconds(-10),
        ..t
    });
    assert!(matches!(
        fault(&ended, |_| {}),
        TimestampFault::Certificate(Refusal::Expired(_))
    ));
    assert!(matches!(
        report(&ended, |stamp| stamp.time = now().plus_seconds(-20)),
        TimestampReport::Valid(_)
    ));
}

#[test]
fn a_stamp_from_the_future_proves_nothing() {
    let tsa = authority(|t| t);
    let claimed = now().plus_seconds(301);
    assert_eq!(
        fault(&tsa, |stamp| stamp.time = claimed),
        TimestampFault::Future { claimed }
    );
    assert!(matches!(
        report(&tsa, |stamp| stamp.time = now().plus_seconds(300)),
        TimestampReport::Valid(_)
    ));
}

#[test]
fn tokens_that_are_none_change_no_verdict() {
    let world = World::gost();
    let with = |attributes: Vec<Vec<u8>>| {
        let mut cms = world.cms(&world.aliya);
        cms.signer().unsigned_attributes = attributes;
        world.verdict(&cms.encode()).unwrap().timestamp
    };
    assert!(matches!(
        with(vec![time_stamp_attribute(&null())]),
        TimestampReport::Invalid(_)
    ));
    assert_eq!(
        with(vec![attribute(TIME_STAMP_TOKEN, &[])]),
        TimestampReport::Absent
    );
    let two = with(vec![attribute(TIME_STAMP_TOKEN, &[null(), octets(b"x")])]);
    assert_eq!(two, TimestampReport::Invalid(TimestampFault::Several));
    assert_eq!(with(vec![octets(b"not an attribute")]), TimestampReport::Absent);
    // A document's signature passed off as a token.
    let plain = attribute(TIME_STAMP_TOKEN, &[world.cms(&world.aliya).encode()]);
    assert_eq!(
        with(vec![plain]),
        TimestampReport::Invalid(TimestampFault::Malformed("content type"))
    );
    // A detached token carries no time.
    let tsa = authority(|t| t);
    let mut token = Cms::new(&tsa, b"", false, now());
    token.content_type = TST_INFO;
    let report = with(vec![time_stamp_attribute(&token.encode())]);
    assert_eq!(
        report,
        TimestampReport::Invalid(TimestampFault::Malformed("no TSTInfo"))
    );
}

#[test]
fn every_recorded_token_is_read() {
    let Some(_) = samples::nuc_rk() else { return };
    let anchors = &World::gost().anchors;
    let verdict = |name: &str, stamped: &[u8]| {
        timestamp::check(
            &samples::bytes(name).unwrap(),
            stamped,
            at("2026-10-01T00:00:00Z"),
            anchors,
        )
        .unwrap_err()
    };
    let production = "tsp/tst_prod_gost2015_from_skarm_individual.der";
    assert_eq!(verdict(production, b"something"), TimestampFault::Imprint);
    // The signature it was taken over is in the attached sample, of which it is a part.
    let cms = samples::bytes("cms/gost512_tsp_individual_attached.cms").unwrap();
    let signed = cms::SignedData::read(&cms).unwrap();
    let unknown = TimestampFault::UnknownIssuer {
        claimed: at("2026-07-20T09:08:07Z"),
    };
    assert_eq!(verdict(production, signed.signature()), unknown);
    assert_eq!(signed.time_stamp_tokens(), [samples::bytes(production).unwrap()]);
    let old = verdict("tsp/tsp_token_gost2004.der", b"");
    assert_eq!(old, TimestampFault::Signature(Refusal::Sha1), "its imprint");
    // A whole response rather than a token is not SignedData.
    let response = verdict("tsp/tsp_response_gost2004_policy1_sha1.der", b"");
    assert!(
        matches!(response, TimestampFault::Signature(Refusal::NotSignedData(_))),
        "{response:?}"
    );
}
