//! Certificates and their path: threats T14, T15 and T16.

use super::super::{fixture::*, *};
use crate::demo::mint::*;

fn gost() -> &'static World {
    World::gost()
}

/// The refusal of a sound signature under a certificate bent before the authority signed it.
fn bent(bend: impl FnOnce(Template) -> Template) -> Refusal {
    gost().refusal_of(&gost().aliya_with(bend))
}

fn sign_in(bend: impl FnOnce(Template) -> Template) -> Result<KeyKind, Refusal> {
    let credential = gost().aliya_with(bend);
    gost()
        .verdict_for(&gost().cms(&credential).encode(), Purpose::SignIn)
        .map(|verified| verified.key_kind)
}

// T14: dates, purpose, person.

#[test]
fn t14_expired_and_future_certificates_are_refused() {
    let (before, after) = (now().plus_seconds(-1), now().plus_seconds(1));
    assert_eq!(
        bent(|t| Template {
            not_after: before,
            ..t
        }),
        Refusal::Expired(before)
    );
    assert_eq!(
        bent(|t| Template {
            not_before: after,
            ..t
        }),
        Refusal::NotYetValid(after)
    );
}

#[test]
fn t14_a_document_wants_both_signature_bits_of_the_key_usage() {
    assert_eq!(bent(|t| t.without_extension(KEY_USAGE)), Refusal::KeyUsageMissing);
    for bits in [&[0][..], &[1], &[4], &[0, 2], &[]] {
        assert_eq!(
            bent(|t| t.with_extension(KEY_USAGE, true, &named_bits(bits))),
            Refusal::KeyUsage,
            "{bits:?}"
        );
    }
    // Not critical is how some national test certificates have it.
    let plain = gost().aliya_with(|t| t.with_extension(KEY_USAGE, false, &named_bits(&[0, 1])));
    assert!(gost().verdict(&gost().cms(&plain).encode()).is_ok());
}

#[test]
fn t14_signing_in_wants_digital_signature() {
    assert_eq!(
        sign_in(|t| t.with_extension(KEY_USAGE, true, &named_bits(&[0, 2]))),
        Ok(KeyKind::Signature)
    );
    assert_eq!(
        sign_in(|t| t.with_extension(KEY_USAGE, true, &named_bits(&[1, 4]))),
        Err(Refusal::KeyUsage)
    );
}

#[test]
fn t14_the_purpose_must_be_named() {
    assert_eq!(
        bent(|t| t.without_extension(EXTENDED_KEY_USAGE)),
        Refusal::ExtendedKeyUsageMissing
    );
    assert_eq!(
        bent(|t| t.with_purposes(&[INDIVIDUAL])),
        Refusal::ExtendedKeyUsage
    );
    assert_eq!(
        bent(|t| t.with_purposes(&[TIME_STAMPING, INDIVIDUAL])),
        Refusal::ExtendedKeyUsage
    );
    assert_eq!(
        bent(|t| t.with_purposes(&[CLIENT_AUTH, INDIVIDUAL])),
        Refusal::ExtendedKeyUsage
    );
    let any = [ANY_EXTENDED_KEY_USAGE, EMAIL_PROTECTION, INDIVIDUAL];
    assert_eq!(bent(|t| t.with_purposes(&any)), Refusal::ExtendedKeyUsage);
}

#[test]
fn t14_both_kinds_of_keys_may_sign_in() {
    assert_eq!(
        sign_in(|t| t.with_purposes(&[CLIENT_AUTH, INDIVIDUAL])),
        Ok(KeyKind::Authentication)
    );
    assert_eq!(
        sign_in(|t| t.with_purposes(&[EMAIL_PROTECTION, INDIVIDUAL])),
        Ok(KeyKind::Signature)
    );
    assert_eq!(
        sign_in(|t| t.with_purposes(&[CLIENT_AUTH, EMAIL_PROTECTION, INDIVIDUAL])),
        Ok(KeyKind::Both)
    );
    assert_eq!(
        sign_in(|t| t.with_purposes(&[INDIVIDUAL])),
        Err(Refusal::ExtendedKeyUsage)
    );
    assert_eq!(
        sign_in(|t| t.with_purposes(&[ANY_EXTENDED_KEY_USAGE, INDIVIDUAL])),
        Err(Refusal::ExtendedKeyUsage)
    );
}

#[test]
fn t14_an_organisation_s_certificate_is_refused() {
    for role in [LEGAL_ENTITY, FIRST_HEAD] {
        assert_eq!(
            bent(|t| t.with_purposes(&[EMAIL_PROTECTION, INDIVIDUAL, role])),
            Refusal::Organisation
        );
        assert_eq!(
            sign_in(|t| t.with_purposes(&[EMAIL_PROTECTION, role])),
            Err(Refusal::Organisation)
        );
    }
    // Also when only the subject gives it away.
    let subject = ALIYA.subject_in("АО \"СЫНАҚ\"", "123456789021");
    assert_eq!(bent(|t| Template { subject, ..t }), Refusal::Organisation);
    for (attribute, value) in [(ORGANIZATION, "АО"), (ORGANIZATIONAL_UNIT, "BIN123456789021")] {
        let subject = name(&[
            (COMMON_NAME, "СЕРІКОВА ӘЛИЯ"),
            (SERIAL_NUMBER, "IIN900101450001"),
            (attribute, value),
        ]);
        assert_eq!(bent(|t| Template { subject, ..t }), Refusal::Organisation);
    }
}

#[test]
fn t14_whoever_is_not_named_a_person_is_none() {
    assert_eq!(
        bent(|t| t.with_purposes(&[EMAIL_PROTECTION])),
        Refusal::NotAPerson
    );
    assert_eq!(
        bent(|t| t.with_purposes(&[EMAIL_PROTECTION, "1.2.398.3.3.4.3.2"])),
        Refusal::NotAPerson
    );
    let also = gost().aliya_with(|t| t.with_purposes(&["1.2.398.3.3.4.3.2", EMAIL_PROTECTION, INDIVIDUAL]));
    assert!(gost().verdict(&gost().cms(&also).encode()).is_ok());
}

#[test]
fn t14_the_iin_is_the_one_serial_number_of_the_subject() {
    let subject = |serials: &[&str], common_name: &str| {
        let mut attributes = vec![(COMMON_NAME, common_name), (COUNTRY, "KZ")];
        attributes.extend(serials.iter().map(|serial| (SERIAL_NUMBER, *serial)));
        let subject = name(&attributes);
        bent(|t| Template { subject, ..t })
    };
    assert_eq!(subject(&[], "IIN900101450001"), Refusal::IinMissing);
    assert_eq!(
        subject(&["IIN900101450001", "IIN850202350002"], "СЕРІКОВА"),
        Refusal::IinSeveral
    );
    assert_eq!(
        subject(&["IIN900101450001", "IIN900101450001"], "СЕРІКОВА"),
        Refusal::IinSeveral
    );
    for malformed in [
        "900101450001",
        "IIN90010145000",
        "IIN9001014500011",
        "IIN90010145000X",
        "iin900101450001",
        "BIN900101450001",
        "IIN 900101450001",
        "IIN٩٠٠١٠١٤٥٠٠٠١",
    ] {
        assert_eq!(
            subject(&[malformed], "СЕРІКОВА"),
            Refusal::IinMalformed,
            "{malformed}"
        );
    }
}

#[test]
fn t14_serial_numbers_may_hide_in_one_relative_name() {
    // A multi-valued relative name is no way around counting.
    let pair = |attribute, value: Vec<u8>| sequence(&[&oid(attribute), &value]);
    let one = pair(SERIAL_NUMBER, printable("IIN850202350002"));
    let two = pair(SERIAL_NUMBER, printable("IIN900101450001"));
    let subject = sequence(&[
        &set(&[&pair(COMMON_NAME, utf8("СЕРІКОВА ӘЛИЯ"))]),
        &set(&[&one, &two]),
    ]);
    assert_eq!(bent(|t| Template { subject, ..t }), Refusal::IinSeveral);
}

#[test]
fn a_control_digit_is_the_authority_s_business() {
    // The national test persons have IINs whose control digit is wrong.
    let subject = Person {
        iin: "123456789011",
        ..ALIYA
    }
    .subject();
    let credential = gost().aliya_with(|t| Template { subject, ..t });
    assert_eq!(
        gost()
            .verdict(&gost().cms(&credential).encode())
            .unwrap()
            .signer
            .iin,
        "123456789011"
    );
}

#[test]
fn names_with_control_characters_or_doubles_are_refused() {
    let subject = |attributes: &[(&str, &str)]| {
        let subject = name(&[&[(SERIAL_NUMBER, "IIN900101450001")], attributes].concat());
        bent(|t| Template { subject, ..t })
    };
    assert_eq!(
        subject(&[(COMMON_NAME, "СЕРІКОВА\nӘЛИЯ")]),
        Refusal::NameMalformed
    );
    assert_eq!(subject(&[(COMMON_NAME, "  ")]), Refusal::NameMalformed);
    assert_eq!(subject(&[]), Refusal::NameMalformed);
    assert_eq!(
        subject(&[(COMMON_NAME, "СЕРІКОВА"), (COMMON_NAME, "ОМАРОВ")]),
        Refusal::NameMalformed
    );
    assert_eq!(
        subject(&[(COMMON_NAME, "СЕРІКОВА"), (SURNAME, "А"), (SURNAME, "Б")]),
        Refusal::NameMalformed
    );
}

#[test]
fn a_person_with_one_name_has_no_surname() {
    let subject = name(&[(COMMON_NAME, "ӘЛИЯ"), (SERIAL_NUMBER, "IIN900101450001")]);
    let credential = gost().aliya_with(|t| Template { subject, ..t });
    let signer = gost().verdict(&gost().cms(&credential).encode()).unwrap().signer;
    assert_eq!(
        (signer.surname, signer.given_name.as_deref()),
        (None, Some("ӘЛИЯ"))
    );
}

// T15: who may issue.

#[test]
fn t15_an_impostor_with_the_same_names_is_refused() {
    let impostor = World::impostor();
    let aliya = impostor
        .authority
        .credential(&gost().aliya_template(), Key::gost("aliya"));
    assert_eq!(gost().refusal_of(&aliya), Refusal::IssuerSignatureInvalid);
    // Bringing the impostor's authorities along changes nothing.
    let mut cms = gost().cms(&aliya);
    cms.certificates.extend([
        impostor.authority.certificate.clone(),
        impostor.root.certificate.clone(),
    ]);
    assert_eq!(
        gost().verdict(&cms.encode()).unwrap_err(),
        Refusal::IssuerSignatureInvalid
    );
}

#[test]
fn t15_certificates_that_come_along_are_ignored() {
    let impostor = World::impostor();
    let mut cms = gost().cms(&gost().aliya);
    cms.certificates.extend([
        impostor.authority.certificate.clone(),
        impostor.root.certificate.clone(),
    ]);
    assert!(gost().verdict(&cms.encode()).is_ok());
}

#[test]
fn t15_a_self_signed_person_is_refused() {
    let template = gost().aliya_template();
    let certificate = template.sign(&gost().aliya.key, &template.subject);
    assert_eq!(
        gost().refusal_of(&Credential {
            certificate,
            key: Key::gost("aliya")
        }),
        Refusal::UnknownIssuer
    );
    // Nor with the authority's name as its issuer.
    let certificate = template.sign(&gost().aliya.key, &gost().authority.name);
    assert_eq!(
        gost().refusal_of(&Credential {
            certificate,
            key: Key::gost("aliya")
        }),
        Refusal::IssuerSignatureInvalid
    );
}

#[test]
fn t15_a_person_under_a_person_is_refused() {
    let mallory_key = Key::gost("mallory");
    let certificate = person(&BOLAT, &mallory_key).sign(&gost().aliya.key, &ALIYA.subject());
    let mallory = Credential {
        certificate,
        key: mallory_key,
    };
    let mut cms = gost().cms(&mallory);
    cms.certificates.push(gost().aliya.certificate.clone());
    assert_eq!(gost().verdict(&cms.encode()).unwrap_err(), Refusal::UnknownIssuer);
}

#[test]
fn t15_a_person_directly_under_the_root_is_refused() {
    let aliya = gost()
        .root
        .credential(&gost().aliya_template(), Key::gost("aliya"));
    assert_eq!(gost().refusal_of(&aliya), Refusal::UnknownIssuer);
}

#[test]
fn t15_an_authority_that_is_not_pinned_is_unknown() {
    let other = gost().root.subordinate(
        "ТАҒЫ БІР ОРТАЛЫҚ",
        Key::gost("other"),
        now().plus_seconds(-YEAR),
        now().plus_seconds(YEAR),
    );
    let aliya = other.credential(&gost().aliya_template(), Key::gost("aliya"));
    let mut cms = gost().cms(&aliya);
    cms.certificates.push(other.certificate.clone());
    assert_eq!(gost().verdict(&cms.encode()).unwrap_err(), Refusal::UnknownIssuer);
}

#[test]
fn t15_two_certificates_with_one_number_are_refused() {
    // A forged certificate that claims the issuer and number of the real one.
    let real = Certificate::from_der(&gost().aliya.certificate).unwrap();
    let mallory_key = Key::gost("mallory");
    let template = Template {
        serial: real.serial().to_vec(),
        ..person(&BOLAT, &mallory_key)
    };
    let forged = template.sign(&mallory_key, &gost().authority.name);
    assert_eq!(
        gost().refusal(|cms| cms.certificates.push(forged)),
        Refusal::SignerCertificateAmbiguous
    );
}

#[test]
fn t15_an_authority_s_certificate_signs_no_documents() {
    let authority = authority_extensions(None);
    let both = |mut t: Template| {
        t = t.without_extension(KEY_USAGE);
        t.extensions.extend(authority.clone());
        t
    };
    assert_eq!(bent(both), Refusal::LeafIsAuthority);
    assert_eq!(
        bent(|t| t.with_extension(KEY_USAGE, true, &named_bits(&[0, 1, 5]))),
        Refusal::LeafIsAuthority
    );
    let constraints = sequence(&[&boolean(true)]);
    assert_eq!(
        bent(|t| t.with_extension(BASIC_CONSTRAINTS, true, &constraints)),
        Refusal::LeafIsAuthority
    );
    // Saying that it is none is fine.
    let plain = gost().aliya_with(|t| t.with_extension(BASIC_CONSTRAINTS, true, &sequence(&[])));
    assert!(gost().verdict(&gost().cms(&plain).encode()).is_ok());
}

/// Why an authority bent before the root signed it is not pinned.
fn authority_set_aside(bend: impl FnOnce(Template) -> Template) -> Refusal {
    let mut template = Template::bare(
        gost().authority.name.clone(),
        gost().authority.key.spki(),
        now().plus_seconds(-YEAR),
        now().plus_seconds(YEAR),
    );
    template.extensions = authority_extensions(None);
    let certificate = gost().root.issue(&bend(template));
    set_aside(&[gost().root.certificate.clone(), certificate])
}

fn set_aside(certificates: &[Vec<u8>]) -> Refusal {
    match Anchors::from_der(certificates) {
        Err(anchors::AnchorsError::Nobody(aside)) => aside.last().unwrap().why.clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn t15_an_authority_must_say_that_it_is_one() {
    let code = |bend: fn(Template) -> Template| authority_set_aside(bend);
    assert_eq!(
        code(|t| t.without_extension(BASIC_CONSTRAINTS)),
        Refusal::IssuerNotAuthority("basicConstraints missing")
    );
    assert_eq!(
        code(|t| t.with_extension(BASIC_CONSTRAINTS, true, &sequence(&[]))),
        Refusal::IssuerNotAuthority("not CA:TRUE")
    );
    assert_eq!(
        code(|t| t.with_extension(BASIC_CONSTRAINTS, false, &sequence(&[&boolean(true)]))),
        Refusal::IssuerNotAuthority("basicConstraints not critical")
    );
    assert_eq!(
        code(|t| t.without_extension(KEY_USAGE)),
        Refusal::IssuerNotAuthority("keyUsage missing")
    );
    assert_eq!(
        code(|t| t.with_extension(KEY_USAGE, true, &named_bits(&[0, 6]))),
        Refusal::IssuerNotAuthority("keyCertSign missing")
    );
    assert_eq!(
        code(|t| t.with_extension(NAME_CONSTRAINTS, true, &sequence(&[]))),
        Refusal::IssuerNotAuthority("nameConstraints are not supported")
    );
    assert!(matches!(
        code(|t| t.with_extension("2.5.29.36", true, &sequence(&[]))),
        Refusal::UnknownCriticalExtension(_)
    ));
    assert!(matches!(
        code(|t| Template { version: None, ..t }),
        Refusal::CertificateMalformed("version")
    ));
}

#[test]
fn t15_an_authority_must_be_signed_by_a_pinned_root() {
    let impostor = World::impostor();
    assert_eq!(
        set_aside(&[
            gost().root.certificate.clone(),
            impostor.authority.certificate.clone()
        ]),
        Refusal::IssuerSignatureInvalid
    );
    assert_eq!(
        set_aside(&[gost().authority.certificate.clone()]),
        Refusal::UnknownIssuer
    );
}

#[test]
fn t15_a_root_must_have_signed_itself() {
    let mut template = Template::bare(
        gost().root.name.clone(),
        gost().root.key.spki(),
        now().plus_seconds(-YEAR),
        now().plus_seconds(YEAR),
    );
    template.extensions = authority_extensions(None);
    let forged = template.sign(&Key::gost("somebody"), &gost().root.name);
    let anchors = Anchors::from_der(&[
        forged,
        gost().root.certificate.clone(),
        gost().authority.certificate.clone(),
    ])
    .unwrap();
    assert_eq!(anchors.set_aside()[0].why, Refusal::IssuerSignatureInvalid);
}

#[test]
fn t15_a_root_s_path_length_is_kept() {
    let root_with = |length| {
        let mut template = Template::bare(
            gost().root.name.clone(),
            gost().root.key.spki(),
            now().plus_seconds(-YEAR),
            now().plus_seconds(YEAR),
        );
        template.extensions = authority_extensions(Some(length));
        template.sign(&gost().root.key, &gost().root.name)
    };
    let authority = gost().authority.certificate.clone();
    assert_eq!(
        set_aside(&[root_with(0), authority.clone()]),
        Refusal::IssuerNotAuthority("path too long")
    );
    assert!(Anchors::from_der(&[root_with(1), authority]).is_ok());
}

#[test]
fn t15_an_authority_out_of_date_issues_nothing() {
    for (from, to) in [(-2 * YEAR, -1), (1, YEAR)] {
        let (from, to) = (now().plus_seconds(from), now().plus_seconds(to));
        let root = Authority::root("root", Key::gost("root"), from, to);
        let sound = (now().plus_seconds(-YEAR), now().plus_seconds(YEAR));
        let authority = root.subordinate("authority", Key::gost("authority"), sound.0, sound.1);
        let root_ended =
            Anchors::from_der(&[root.certificate.clone(), authority.certificate.clone()]).unwrap();
        let aliya = authority.credential(&gost().aliya_template(), Key::gost("aliya"));
        let cms = Cms::new(&aliya, DOCUMENT, true, now()).encode();
        let verdict = verify(
            &cms,
            Content::Attached(DOCUMENT),
            Purpose::Document,
            now(),
            &root_ended,
        );
        assert_eq!(verdict.unwrap_err(), Refusal::IssuerNotValidNow, "the root");

        let authority = gost()
            .root
            .subordinate("authority", Key::gost("authority"), from, to);
        let ended =
            Anchors::from_der(&[gost().root.certificate.clone(), authority.certificate.clone()]).unwrap();
        let aliya = authority.credential(&gost().aliya_template(), Key::gost("aliya"));
        let cms = Cms::new(&aliya, DOCUMENT, true, now()).encode();
        let verdict = verify(
            &cms,
            Content::Attached(DOCUMENT),
            Purpose::Document,
            now(),
            &ended,
        );
        assert_eq!(verdict.unwrap_err(), Refusal::IssuerNotValidNow, "the authority");
    }
}

#[test]
fn t15_unknown_critical_extensions_are_refused_and_others_pass() {
    assert!(matches!(
        bent(|t| t.with_extension("1.2.398.9.9.9", true, &null())),
        Refusal::UnknownCriticalExtension(_)
    ));
    let plain = gost().aliya_with(|t| {
        t.with_extension("1.2.398.9.9.9", false, &null()).with_extension(
            CERTIFICATE_POLICIES,
            true,
            &sequence(&[]),
        )
    });
    assert!(gost().verdict(&gost().cms(&plain).encode()).is_ok());
    let named = bent(|t| t.with_extension(NAME_CONSTRAINTS, true, &sequence(&[])));
    assert_eq!(named, Refusal::CertificateMalformed("nameConstraints in a leaf"));
}

#[test]
fn certificates_are_read_strictly() {
    let malformed = |what| {
        move |bend: &dyn Fn(Template) -> Template| assert_eq!(bent(bend), Refusal::CertificateMalformed(what))
    };
    malformed("version")(&|t| Template { version: None, ..t });
    malformed("version")(&|t| Template {
        version: Some(1),
        ..t
    });
    malformed("serialNumber")(&|t| Template { serial: vec![0], ..t });
    malformed("serialNumber")(&|t| Template {
        serial: vec![0xff],
        ..t
    });
    malformed("serialNumber")(&|t| Template {
        serial: vec![1; 21],
        ..t
    });
    malformed("two signature algorithms")(&|t| Template {
        inner_algorithm: Some(algorithm(SHA256_WITH_RSA, &null())),
        ..t
    });
    malformed("extensions")(&|mut t| {
        t.extensions.push(t.extensions[0].clone());
        t
    });
    malformed("extensions")(&|mut t| {
        t.extensions
            .push(sequence(&[&oid("1.2.3"), &boolean(false), &octets(&null())]));
        t
    });
    malformed("keyUsage")(&|t| t.with_extension(KEY_USAGE, true, &[3, 2, 0, 0xc0]));
    malformed("extKeyUsage")(&|t| t.with_extension(EXTENDED_KEY_USAGE, false, &sequence(&[])));
    malformed("basicConstraints")(&|t| t.with_extension(BASIC_CONSTRAINTS, true, &sequence(&[&number(0)])));
    malformed("issuer")(&|t| Template {
        issuer: Some(sequence(&[])),
        ..t
    });
}

#[test]
fn a_certificate_above_16_kib_is_not_read() {
    assert_eq!(
        bent(|t| t.with_extension("1.2.398.9.9.9", false, &octets(&[0; 17_000]))),
        Refusal::CertificateTooLarge
    );
}

// T16: keys.

#[test]
fn t16_a_certificate_signed_with_sha_1_is_refused() {
    let world = World::rsa();
    let sha1 = Some(algorithm(SHA1_WITH_RSA, &null()));
    let template = Template {
        inner_algorithm: sha1.clone(),
        outer_algorithm: sha1,
        ..world.aliya_template()
    };
    let aliya = world.authority.credential(&template, Key::rsa(2));
    assert_eq!(world.refusal_of(&aliya), Refusal::Sha1);
}

#[test]
fn t16_weak_rsa_keys_are_refused() {
    let rsa = |modulus: &[u8], exponent: &[u8]| {
        let key = sequence(&[&integer(modulus), &integer(exponent)]);
        let spki = sequence(&[&algorithm(RSA_ENCRYPTION, &null()), &bits(&key)]);
        bent(|t| Template { spki, ..t })
    };
    let modulus = |bytes: usize| [&[0][..], &vec![0xc5; bytes]].concat();
    let usual = [1, 0, 1];
    assert_eq!(
        rsa(&modulus(128), &usual),
        Refusal::Key("RSA modulus below 2048 bits")
    );
    assert_eq!(
        rsa(&[&[0x7f][..], &[0xc5; 255]].concat(), &usual),
        Refusal::Key("RSA modulus below 2048 bits")
    );
    assert_eq!(
        rsa(&modulus(1025), &usual),
        Refusal::Key("RSA modulus above 8192 bits")
    );
    assert_eq!(
        rsa(&[&[0][..], &[0xc4; 256]].concat(), &usual),
        Refusal::Key("RSA modulus is even")
    );
    for exponent in [&[1][..], &[3], &[1, 0, 0], &[0x7f, 0xff], &[0x02, 0, 0, 0, 1]] {
        let refusal = rsa(&modulus(256), exponent);
        assert!(
            matches!(refusal, Refusal::Key(why) if why.contains("exponent")),
            "{exponent:?} {refusal:?}"
        );
    }
}

#[test]
fn t16_gost_keys_must_be_points_of_the_curve_under_the_national_parameters() {
    let spki = |spki: Vec<u8>| bent(|t| Template { spki, ..t });
    assert_eq!(
        spki(gost_spki(&[5; 128])),
        Refusal::Key("not a point of the curve")
    );
    let point = match &gost().aliya.key {
        Key::Gost(key) => key.public().to_bytes(),
        Key::Rsa(_) => unreachable!(),
    };
    let with = |parameters: Vec<u8>, octets: Vec<u8>| {
        spki(sequence(&[
            &algorithm(GOST_2015_KEY, &parameters),
            &bits(&octets),
        ]))
    };
    let sound = sequence(&[&oid(GOST_2015_PARAMETERS), &oid(STREEBOG_512)]);
    assert_eq!(
        with(sound.clone(), octets(&point[..127])),
        Refusal::Key("GOST length")
    );
    assert_eq!(with(sound, point.to_vec()), Refusal::Key("GOST length"));
    for other in [
        null(),
        sequence(&[&oid("1.2.398.3.10.1.1.2.2.2"), &oid(STREEBOG_512)]),
        sequence(&[&oid(GOST_2015_PARAMETERS), &oid(SHA_256)]),
    ] {
        assert_eq!(with(other, octets(&point)), Refusal::AlgorithmParameters);
    }
    let old = sequence(&[
        &algorithm("1.2.398.3.10.1.1.1.1", &null()),
        &bits(&octets(&point)),
    ]);
    assert_eq!(spki(old), Refusal::Gost2004);
    let unknown = sequence(&[&algorithm("1.2.840.10045.2.1", &[]), &bits(&point)]);
    assert!(matches!(spki(unknown), Refusal::Algorithm(_)));
}
