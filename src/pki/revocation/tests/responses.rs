use super::*;
use crate::pki::Refusal;

fn responder(case: &Case) -> Credential {
    let key = Key::gost("responder");
    case.world.authority.credential(&responder_template(&key), key)
}

fn responder_template(key: &Key) -> Template {
    Template::responder(
        "OCSP RESPONDER",
        key,
        now().plus_seconds(-DAY),
        now().plus_seconds(DAY),
    )
}

fn good(case: &Case) -> OcspResponse {
    OcspResponse::new(
        case.cert_id(),
        CertificateStatus::Good,
        now(),
        Some(NONCE.to_vec()),
    )
}

fn answer(case: &Case, response: &OcspResponse, responder: &Credential) -> Result<ocsp::Answer, OcspFault> {
    ocsp::verify(
        &response.sign(responder),
        Some(&NONCE),
        &case.leaf,
        &case.issuer,
        When::at(now()),
    )
}

fn fault(bend: impl FnOnce(&mut OcspResponse)) -> OcspFault {
    let case = Case::gost();
    let mut response = good(&case);
    bend(&mut response);
    answer(&case, &response, &responder(&case)).unwrap_err()
}

/// The fault of a sound response by a responder whose certificate was bent before the authority signed it.
fn responder_fault(bend: impl FnOnce(Template) -> Template) -> OcspFault {
    let case = Case::gost();
    let key = Key::gost("responder");
    let bent = case
        .world
        .authority
        .credential(&bend(responder_template(&key)), key);
    answer(&case, &good(&case), &bent).unwrap_err()
}

#[test]
fn a_sound_response_decides_each_way() {
    let case = Case::gost();
    let responder = responder(&case);
    let decided = |status| {
        let response =
            OcspResponse::new(case.cert_id(), status, now(), Some(NONCE.to_vec())).sign(&responder);
        let material = OcspMaterial {
            response: &response,
            nonce: Some(&NONCE),
        };
        decide(&case.leaf, &case.issuer, When::at(now()), Some(material), &[])
    };
    assert_eq!(
        decided(CertificateStatus::Good),
        Revocation::Good {
            by: Source::Ocsp,
            at: now()
        }
    );
    let at = now().plus_seconds(-DAY);
    let revoked = decided(CertificateStatus::Revoked { at, reason: Some(1) });
    assert_eq!(
        revoked,
        Revocation::Revoked {
            by: Source::Ocsp,
            at,
            reason: Reason::KeyCompromise
        }
    );
    let revoked = decided(CertificateStatus::Revoked { at, reason: None });
    assert_eq!(
        revoked,
        Revocation::Revoked {
            by: Source::Ocsp,
            at,
            reason: Reason::Unspecified
        }
    );
    let unknown = Revocation::Undecided {
        why: Undecided::UnknownToResponder,
    };
    assert_eq!(decided(CertificateStatus::Unknown), unknown);
}

#[test]
fn on_hold_since_1970_means_never_issued() {
    let case = Case::gost();
    let epoch = Instant::from_unix(0);
    let status = |at, reason| {
        let status = CertificateStatus::Revoked { at, reason };
        let response = OcspResponse::new(case.cert_id(), status, now(), Some(NONCE.to_vec()));
        answer(&case, &response, &responder(&case)).unwrap().status
    };
    assert_eq!(status(epoch, Some(6)), ocsp::Status::Unknown);
    assert!(matches!(status(epoch, Some(1)), ocsp::Status::Revoked(_)));
    assert!(matches!(status(now(), Some(6)), ocsp::Status::Revoked(_)));
}

#[test]
fn the_authority_may_answer_itself() {
    let case = Case::gost();
    let authority = Credential {
        key: Key::gost("authority"),
        certificate: case.world.authority.certificate.clone(),
    };
    assert!(answer(&case, &good(&case), &authority).is_ok());
    // In its name but with another key it may not.
    let forged = Credential {
        key: Key::gost("somebody"),
        ..authority
    };
    assert_eq!(
        answer(&case, &good(&case), &forged).unwrap_err(),
        OcspFault::Signature(Refusal::SignatureInvalid)
    );
}

#[test]
fn a_responder_named_by_its_key_is_found() {
    let case = Case::gost();
    let responder = responder(&case);
    let key_octets = responder.key.octets();
    let hash = ring::digest::digest(&ring::digest::SHA1_FOR_LEGACY_USE_ONLY, &key_octets);
    let response = good(&case).sign(&responder);
    // byName [1] replaced by byKey [2], and signed again by hand.
    let by_key = sign_with_responder_id(&case, &responder, &context(2, &[&octets(hash.as_ref())]));
    assert_ne!(response, by_key);
    assert!(ocsp::verify(&by_key, Some(&NONCE), &case.leaf, &case.issuer, When::at(now())).is_ok());
    let wrong = sign_with_responder_id(&case, &responder, &context(2, &[&octets(&[7; 20])]));
    let verdict = ocsp::verify(&wrong, Some(&NONCE), &case.leaf, &case.issuer, When::at(now()));
    assert_eq!(verdict.unwrap_err(), OcspFault::ResponderMissing);
}

fn sign_with_responder_id(case: &Case, responder: &Credential, id: &[u8]) -> Vec<u8> {
    let single = sequence(&[
        &case.cert_id(),
        &context_primitive(0, &[]),
        &generalized_time(now()),
    ]);
    let nonce = extension(OCSP_NONCE, false, &octets(&NONCE));
    let data = sequence(&[
        id,
        &generalized_time(now()),
        &sequence(&[&single]),
        &context(1, &[&sequence(&[&nonce])]),
    ]);
    let basic = sequence(&[
        &data,
        &responder.key.signature_algorithm(),
        &bits(&responder.key.sign(&data)),
        &context(0, &[&sequence(&[&responder.certificate])]),
    ]);
    sequence(&[
        &enumerated(0),
        &context(0, &[&sequence(&[&oid(OCSP_BASIC), &octets(&basic)])]),
    ])
}

#[test]
fn t30_a_response_answers_this_question_only() {
    let case = Case::gost();
    let bolat_key = Key::gost("bolat");
    let bolat = case
        .world
        .authority
        .credential(&person(&BOLAT, &bolat_key), bolat_key);
    let about_bolat = cert_id(&bolat.certificate, &case.world.authority);
    assert_eq!(
        fault(|response| response.singles[0].cert_id = about_bolat),
        OcspFault::AnotherCertificate
    );
    let other_issuer = cert_id(&case.world.aliya.certificate, &case.world.root);
    assert_eq!(
        fault(|response| response.singles[0].cert_id = other_issuer),
        OcspFault::AnotherCertificate
    );
    // The same name with another key is another issuer.
    let impostor = cert_id(&case.world.aliya.certificate, &World::impostor().authority);
    assert_eq!(
        fault(|response| response.singles[0].cert_id = impostor),
        OcspFault::AnotherCertificate
    );
    assert_eq!(
        fault(|response| response.singles.push(response.singles[0].clone())),
        OcspFault::SeveralAnswers
    );
    assert_eq!(
        fault(|response| response.singles.clear()),
        OcspFault::SeveralAnswers
    );
}

#[test]
fn t30_a_cert_id_names_the_issuer_by_name_and_by_key() {
    let case = Case::gost();
    let id = case.cert_id();
    let hash = |bytes: &[u8]| crate::pki::algorithm::Digest::Sha256.hash(bytes);
    for hashed in [
        hash(&case.world.authority.name),
        hash(&case.world.authority.key.octets()),
    ] {
        let place = id.windows(32).position(|window| window == hashed).unwrap();
        let mut other = id.clone();
        other[place] ^= 1;
        assert_eq!(
            fault(|response| response.singles[0].cert_id = other),
            OcspFault::AnotherCertificate
        );
    }
}

#[test]
fn t30_a_cert_id_in_another_hash_is_another_question() {
    let case = Case::gost();
    let mut id = case.cert_id();
    let sha256 = oid(SHA_256);
    let place = id
        .windows(sha256.len())
        .position(|window| window == sha256)
        .unwrap();
    // Names SHA-512 over the very same octets.
    id[place + sha256.len() - 1] = 3;
    assert_eq!(
        fault(|response| response.singles[0].cert_id = id),
        OcspFault::AnotherCertificate
    );
}

#[test]
fn t30_the_nonce_must_come_back() {
    assert_eq!(fault(|response| response.nonce = None), OcspFault::Nonce);
    assert_eq!(
        fault(|response| response.nonce = Some(b"another!".to_vec())),
        OcspFault::Nonce
    );
    assert_eq!(
        fault(|response| response.nonce = Some(Vec::new())),
        OcspFault::Nonce
    );
    // From a file, where none was sent, none is asked for.
    let case = Case::gost();
    let mut response = good(&case);
    response.nonce = None;
    let response = response.sign(&responder(&case));
    assert!(ocsp::verify(&response, None, &case.leaf, &case.issuer, When::at(now())).is_ok());
}

#[test]
fn t30_errors_of_the_responder_are_no_answers() {
    for status in [1, 2, 3, 5, 6] {
        assert_eq!(
            fault(|response| response.status = status),
            OcspFault::Status(status)
        );
    }
}

#[test]
fn t30_times_must_fit() {
    let shifted = |seconds: i64| {
        move |response: &mut OcspResponse| {
            response.singles[0].this_update = now().plus_seconds(seconds);
            response.produced_at = now().plus_seconds(seconds);
        }
    };
    assert_eq!(fault(shifted(SKEW + 1)), OcspFault::Future);
    assert_eq!(fault(shifted(-901)), OcspFault::Stale(now().plus_seconds(-901)));
    assert_eq!(
        fault(|response| response.produced_at = now().plus_seconds(SKEW + 1)),
        OcspFault::Future
    );
    assert_eq!(
        fault(|response| response.singles[0].this_update = now().plus_seconds(SKEW + 1)),
        OcspFault::Future
    );
    let case = Case::gost();
    for seconds in [SKEW, -900] {
        let mut response = good(&case);
        shifted(seconds)(&mut response);
        assert!(answer(&case, &response, &responder(&case)).is_ok(), "{seconds}");
    }
    // A responder that names the next update is believed until then and no longer.
    let with_next = |next: i64| {
        let mut response = good(&case);
        response.singles[0].this_update = now().plus_seconds(-HOUR);
        response.singles[0].next_update = Some(now().plus_seconds(next));
        answer(&case, &response, &responder(&case)).map(|answer| answer.status)
    };
    assert_eq!(with_next(0), Ok(ocsp::Status::Good));
    assert_eq!(with_next(-1), Err(OcspFault::Stale(now().plus_seconds(-HOUR))));
}

#[test]
fn a_later_response_settles_an_earlier_moment() {
    let case = Case::gost();
    let when = When {
        as_of: now().plus_seconds(-DAY),
        now: now(),
    };
    let verdict = |status| {
        let response = OcspResponse::new(case.cert_id(), status, now(), None).sign(&responder(&case));
        let material = OcspMaterial {
            response: &response,
            nonce: None,
        };
        decide(&case.leaf, &case.issuer, when, Some(material), &[])
    };
    assert!(matches!(
        verdict(CertificateStatus::Good),
        Revocation::Good { .. }
    ));
    let after = now().plus_seconds(-HOUR);
    let superseded = CertificateStatus::Revoked {
        at: after,
        reason: Some(4),
    };
    assert!(matches!(
        verdict(superseded),
        Revocation::Good { by: Source::Ocsp, .. }
    ));
    let compromised = CertificateStatus::Revoked {
        at: after,
        reason: Some(1),
    };
    assert!(matches!(verdict(compromised), Revocation::Revoked { .. }));
}

#[test]
fn t30_a_responder_the_authority_did_not_certify_is_refused() {
    let case = Case::gost();
    let key = Key::gost("responder");
    let template = responder_template(&key);
    // Under the same name by another key, under the root, and self-signed.
    let impostor = World::impostor()
        .authority
        .credential(&template, Key::gost("responder"));
    let verdict = answer(&case, &good(&case), &impostor).unwrap_err();
    assert_eq!(verdict, OcspFault::Responder(Refusal::IssuerSignatureInvalid));
    let cousin = case.world.root.credential(&template, Key::gost("responder"));
    let verdict = answer(&case, &good(&case), &cousin).unwrap_err();
    assert_eq!(verdict, OcspFault::Responder(Refusal::UnknownIssuer));
    let own = Credential {
        certificate: template.sign(&key, &template.subject),
        key,
    };
    assert_eq!(
        answer(&case, &good(&case), &own).unwrap_err(),
        OcspFault::Responder(Refusal::UnknownIssuer)
    );
}

#[test]
fn t30_a_response_signed_by_another_key_is_refused() {
    let case = Case::gost();
    let forged = Credential {
        key: Key::gost("somebody"),
        ..responder(&case)
    };
    assert_eq!(
        answer(&case, &good(&case), &forged).unwrap_err(),
        OcspFault::Signature(Refusal::SignatureInvalid)
    );
    let rsa = Credential {
        key: Key::rsa(0),
        ..responder(&case)
    };
    assert_eq!(
        answer(&case, &good(&case), &rsa).unwrap_err(),
        OcspFault::Signature(Refusal::AlgorithmMismatch)
    );
}

#[test]
fn t30_a_person_can_t_answer_for_the_authority() {
    let case = Case::gost();
    let aliya = Credential {
        key: Key::gost("aliya"),
        certificate: case.world.aliya.certificate.clone(),
    };
    assert_eq!(
        answer(&case, &good(&case), &aliya).unwrap_err(),
        OcspFault::ResponderPurpose
    );
}

#[test]
fn t30_the_responder_s_certificate_must_say_what_it_is() {
    assert_eq!(
        responder_fault(|t| t.without_extension(EXTENDED_KEY_USAGE)),
        OcspFault::ResponderPurpose
    );
    assert_eq!(
        responder_fault(|t| t.with_purposes(&[EMAIL_PROTECTION])),
        OcspFault::ResponderPurpose
    );
    assert_eq!(
        responder_fault(|t| t.with_purposes(&[ANY_EXTENDED_KEY_USAGE])),
        OcspFault::ResponderPurpose
    );
    assert_eq!(
        responder_fault(|t| t.with_extension(KEY_USAGE, true, &named_bits(&[5]))),
        OcspFault::ResponderPurpose
    );
    assert_eq!(
        responder_fault(|t| t.without_extension(OCSP_NO_CHECK)),
        OcspFault::ResponderStatus
    );
    let unknown = responder_fault(|t| t.with_extension("1.2.398.9.9.9", true, &null()));
    assert!(matches!(
        unknown,
        OcspFault::Responder(Refusal::UnknownCriticalExtension(_))
    ));
    for template in [
        |t: Template| Template {
            not_after: now().plus_seconds(-1),
            ..t
        },
        |t: Template| Template {
            not_before: now().plus_seconds(1),
            ..t
        },
    ] {
        assert_eq!(responder_fault(template), OcspFault::ResponderExpired);
    }
}

#[test]
fn an_empty_no_check_extension_is_tolerated() {
    let case = Case::gost();
    let key = Key::gost("responder");
    let template = responder_template(&key).with_extension(OCSP_NO_CHECK, false, &[]);
    let old = case.world.authority.credential(&template, key);
    assert!(answer(&case, &good(&case), &old).is_ok());
}

#[test]
fn t30_of_several_certificates_exactly_one_is_the_responder_s() {
    let case = Case::gost();
    let sound = responder(&case);
    assert_eq!(
        fault(|response| response.certificates = vec![sound.certificate.clone()]),
        OcspFault::ResponderMissing
    );
    assert_eq!(
        fault(|response| response.responder_name = Some(name(&[(COMMON_NAME, "x")]))),
        OcspFault::ResponderMissing
    );
    let mut response = good(&case);
    response.certificates = vec![case.world.authority.certificate.clone()];
    assert!(answer(&case, &response, &sound).is_ok(), "others may come along");
    response.certificates = vec![case.world.authority.certificate.clone(); 4];
    assert_eq!(
        answer(&case, &response, &sound).unwrap_err(),
        OcspFault::Malformed("BasicOCSPResponse")
    );
}

#[test]
fn responses_are_read_strictly() {
    let unknown = extension("1.2.398.9.9.9", true, &null());
    assert!(matches!(
        fault(|response| response.extensions.push(unknown)),
        OcspFault::UnknownCriticalExtension(_)
    ));
    let case = Case::gost();
    let sound = good(&case).sign(&responder(&case));
    let verdict = |bytes: &[u8]| ocsp::verify(bytes, Some(&NONCE), &case.leaf, &case.issuer, When::at(now()));
    assert!(verdict(&sound).is_ok());
    assert_eq!(
        verdict(&[sound.as_slice(), &[0]].concat()).unwrap_err(),
        OcspFault::Malformed("not DER")
    );
    assert_eq!(verdict(&vec![0; 70_000]).unwrap_err(), OcspFault::TooLarge);
    for length in (0..sound.len()).step_by(53) {
        assert!(matches!(verdict(&sound[..length]), Err(OcspFault::Malformed(_))));
    }
    let mut wrong = Vec::new();
    for index in (0..sound.len()).step_by(3) {
        let mut flipped = sound.clone();
        flipped[index] ^= 1;
        if verdict(&flipped).is_ok() {
            wrong.push(index);
        }
    }
    assert_eq!(wrong, [0_usize; 0], "every octet of a response matters");
}

#[test]
fn the_request_asks_for_this_certificate_with_the_nonce() {
    let case = Case::gost();
    let request = ocsp::request(&case.leaf, &case.issuer, &NONCE).unwrap();
    assert!(crate::pki::asn1::check_tree(&request).is_ok());
    let nonce = extension(OCSP_NONCE, false, &octets(&NONCE));
    let expected = sequence(&[&sequence(&[
        &sequence(&[&sequence(&[&case.cert_id()])]),
        &context(2, &[&sequence(&[&nonce])]),
    ])]);
    assert_eq!(request, expected);
}

#[test]
fn every_recorded_response_gets_its_verdict() {
    let Some(_) = samples::nuc_rk() else { return };
    let certificate = |name: &str| Certificate::from_der(&samples::bytes(name).unwrap()).unwrap();
    let gost = certificate("ca/test/nca_gost2022_test.cer");
    let when = When::at(at("2022-09-02T17:00:00Z"));
    // The people of these responses are not among the samples; their numbers are, so a look-alike is minted.
    let person = |serial: &str| {
        let serial: Vec<u8> = (0..serial.len())
            .step_by(2)
            .map(|i| u8::from_str_radix(&serial[i..i + 2], 16).unwrap())
            .collect();
        let template = Template {
            serial,
            ..World::gost().aliya_template()
        };
        Certificate::from_der(&World::gost().authority.issue(&template)).unwrap()
    };
    let verdict = |name: &str, serial: &str, issuer: &Certificate| {
        let response = samples::bytes(&format!("ocsp/ocsp_response_{name}.der")).unwrap();
        ocsp::verify(&response, None, &person(serial), issuer, when).map(|answer| answer.status)
    };
    let held = verdict(
        "ceo_2015_revoked",
        "3a90343e720594c55204b19cb9a402422ef0e622",
        &gost,
    );
    let at_hold = Revoked {
        at: at("2022-07-27T10:25:30Z"),
        reason: Reason::Hold,
    };
    assert_eq!(held, Ok(ocsp::Status::Revoked(at_hold)));
    let unknown = verdict(
        "individual_2015",
        "0ff06211dc82beb00253ffa000f1de84abef454f",
        &gost,
    );
    assert_eq!(unknown, Ok(ocsp::Status::Unknown));
    let another = verdict(
        "individual_2015",
        "3a90343e720594c55204b19cb9a402422ef0e622",
        &gost,
    );
    assert_eq!(another, Err(OcspFault::AnotherCertificate));
    let rsa = certificate("ca/test/nca_rsa_test.cer");
    let good = verdict(
        "individual_sign_2004",
        "4279390a141f5353a62947b61ed65e81741467d1",
        &rsa,
    );
    assert_eq!(good, Ok(ocsp::Status::Good));
    let old = certificate("ca/test/nca_gost_test_2004.cer");
    let refused = verdict(
        "ceo_sign_2004_revoked",
        "12e3e7b9966d09eb9cda64251457e815c2a8dded",
        &old,
    );
    assert_eq!(refused, Err(OcspFault::Signature(Refusal::Gost2004)));
}
