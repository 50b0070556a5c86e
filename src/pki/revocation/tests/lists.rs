use super::*;

fn fresh(case: &Case) -> Crl {
    Crl::new(
        &case.world.authority,
        10,
        now().plus_seconds(-HOUR),
        now().plus_seconds(DAY),
    )
}

fn revoking(case: &Case, reason: Option<u8>) -> Crl {
    let entry = RevokedEntry::of(&case.world.aliya.certificate, now().plus_seconds(-DAY), reason);
    Crl {
        entries: vec![entry],
        ..fresh(case)
    }
}

fn verified(case: &Case, crl: &Crl) -> Result<RevocationList, CrlFault> {
    RevocationList::verify(crl.sign(&case.world.authority.key).into(), &case.issuer)
}

fn verdict(case: &Case, lists: &[&Crl], when: When) -> Revocation {
    let lists: Vec<RevocationList> = lists.iter().map(|crl| verified(case, crl).unwrap()).collect();
    decide(
        &case.leaf,
        &case.issuer,
        when,
        None,
        &lists.iter().collect::<Vec<_>>(),
    )
}

#[test]
fn a_fresh_list_decides_both_ways() {
    for case in [Case::gost(), Case::of(World::rsa())] {
        let when = When::at(now());
        let good = verdict(&case, &[&fresh(&case)], when);
        assert_eq!(
            good,
            Revocation::Good {
                by: Source::Crl,
                at: now().plus_seconds(-HOUR)
            }
        );
        let revoked = verdict(&case, &[&revoking(&case, Some(1))], when);
        let at = now().plus_seconds(-DAY);
        assert_eq!(
            revoked,
            Revocation::Revoked {
                by: Source::Crl,
                at,
                reason: Reason::KeyCompromise
            }
        );
        let revoked = verdict(&case, &[&revoking(&case, None)], when);
        assert_eq!(
            revoked,
            Revocation::Revoked {
                by: Source::Crl,
                at,
                reason: Reason::Unspecified
            }
        );
    }
}

#[test]
fn a_certificate_among_many_is_found() {
    let case = Case::gost();
    let mut crl = revoking(&case, Some(4));
    let others = (1..=2_000_u32).map(|n| RevokedEntry {
        serial: [&[0x40][..], &n.to_be_bytes()].concat(),
        at: now(),
        reason: n.is_multiple_of(2).then_some(4),
        extensions: Vec::new(),
    });
    crl.entries.splice(0..0, others.clone().take(1_500));
    crl.entries.extend(others.skip(1_500));
    let list = verified(&case, &crl).unwrap();
    assert_eq!(list.entries(), 2_001);
    assert!(matches!(
        verdict(&case, &[&crl], When::at(now())),
        Revocation::Revoked { .. }
    ));
}

#[test]
fn t30_a_list_signed_by_another_key_is_refused() {
    let case = Case::gost();
    let forged = fresh(&case).sign(&Key::gost("somebody"));
    let verdict = RevocationList::verify(forged.into(), &case.issuer).unwrap_err();
    assert_eq!(
        verdict,
        CrlFault::Signature(crate::pki::Refusal::SignatureInvalid)
    );
    let mut changed = fresh(&case).sign(&case.world.authority.key);
    let place = changed.len() - 200;
    changed[place] ^= 1;
    assert!(RevocationList::verify(changed.into(), &case.issuer).is_err());
    let impostor = World::impostor();
    let verdict = RevocationList::verify(fresh(&case).sign(&impostor.authority.key).into(), &case.issuer);
    assert!(matches!(verdict, Err(CrlFault::Signature(_))));
}

#[test]
fn t30_a_list_with_sha_1_is_refused() {
    let case = Case::of(World::rsa());
    let list = fresh(&case).sign(&case.world.authority.key);
    let sha256 = oid(SHA256_WITH_RSA);
    let sha1 = oid(SHA1_WITH_RSA);
    let mut old = list.clone();
    while let Some(place) = old.windows(sha256.len()).position(|window| window == sha256) {
        old.splice(place..place + sha256.len(), sha1.iter().copied());
    }
    let verdict = RevocationList::verify(old.into(), &case.issuer).unwrap_err();
    assert_eq!(verdict, CrlFault::Signature(crate::pki::Refusal::Sha1));
}

#[test]
fn t30_another_authority_s_list_is_refused() {
    let case = Case::gost();
    let crl = Crl {
        issuer: case.world.root.name.clone(),
        ..fresh(&case)
    };
    assert_eq!(verified(&case, &crl).unwrap_err(), CrlFault::AnotherIssuer);
    // Also when it was verified under its own issuer and is only looked up for another.
    let root = Certificate::from_der(&case.world.root.certificate).unwrap();
    let list = RevocationList::verify(crl.sign(&case.world.root.key).into(), &root).unwrap();
    let revocation = decide(&case.leaf, &case.issuer, When::at(now()), None, &[&list]);
    assert_eq!(
        revocation,
        Revocation::Undecided {
            why: Undecided::Nothing
        }
    );
}

#[test]
fn t30_an_authority_without_crl_sign_signs_no_lists() {
    let case = Case::gost();
    let mut template = Template::bare(
        case.world.authority.name.clone(),
        case.world.authority.key.spki(),
        now(),
        now().plus_seconds(YEAR),
    );
    template.extensions = authority_extensions(None);
    template = template.with_extension(KEY_USAGE, true, &named_bits(&[5]));
    let issuer = Certificate::from_der(&case.world.root.issue(&template)).unwrap();
    let list = fresh(&case).sign(&case.world.authority.key);
    assert_eq!(
        RevocationList::verify(list.into(), &issuer).unwrap_err(),
        CrlFault::MayNotSign
    );
}

#[test]
fn t30_a_stale_list_decides_nothing() {
    let case = Case::gost();
    let next = now().plus_seconds(-1);
    let stale = Crl {
        next_update: Some(next),
        ..fresh(&case)
    };
    let undecided = Revocation::Undecided {
        why: Undecided::Crl(CrlFault::Stale(next)),
    };
    assert_eq!(verdict(&case, &[&stale], When::at(now())), undecided);
    // Nor does a stale list that names the certificate, so that old lists can't be told from new ones by their verdict.
    let stale = Crl {
        next_update: Some(next),
        ..revoking(&case, None)
    };
    assert_eq!(verdict(&case, &[&stale], When::at(now())), undecided);
    // As of a moment it covers, it speaks for ever.
    let when = When {
        as_of: now().plus_seconds(-2),
        now: now().plus_seconds(YEAR),
    };
    assert!(matches!(
        verdict(
            &case,
            &[&Crl {
                next_update: Some(next),
                ..fresh(&case)
            }],
            when
        ),
        Revocation::Good { .. }
    ));
}

#[test]
fn t30_a_list_from_the_future_decides_nothing() {
    let case = Case::gost();
    let early = |seconds| Crl {
        this_update: now().plus_seconds(seconds),
        ..fresh(&case)
    };
    assert!(matches!(
        verdict(&case, &[&early(SKEW)], When::at(now())),
        Revocation::Good { .. }
    ));
    let future = verdict(&case, &[&early(SKEW + 1)], When::at(now()));
    assert_eq!(
        future,
        Revocation::Undecided {
            why: Undecided::Crl(CrlFault::Future)
        }
    );
}

#[test]
fn the_newest_of_several_lists_speaks() {
    let case = Case::gost();
    let (older, newer) = (
        fresh(&case),
        Crl {
            number: Some(11),
            ..revoking(&case, None)
        },
    );
    for lists in [[&older, &newer], [&newer, &older]] {
        assert!(matches!(
            verdict(&case, &lists, When::at(now())),
            Revocation::Revoked { .. }
        ));
    }
    let (older, newer) = (
        revoking(&case, None),
        Crl {
            number: Some(256),
            ..fresh(&case)
        },
    );
    assert!(matches!(
        verdict(&case, &[&older, &newer], When::at(now())),
        Revocation::Good { .. }
    ));
}

#[test]
fn a_delta_list_adds_to_the_complete_one_it_starts_from() {
    let case = Case::gost();
    let when = When::at(now());
    let delta = |number, base| Crl {
        number: Some(number),
        delta_of: Some(base),
        ..revoking(&case, Some(3))
    };
    let complete = fresh(&case);
    assert!(matches!(
        verdict(&case, &[&complete, &delta(11, 10)], when),
        Revocation::Revoked { .. }
    ));
    assert!(matches!(
        verdict(&case, &[&complete, &delta(12, 9)], when),
        Revocation::Revoked { .. }
    ));
    // Older than its base, or over a later base than the one at hand: as if it were not there.
    assert!(matches!(
        verdict(&case, &[&complete, &delta(10, 10)], when),
        Revocation::Good { .. }
    ));
    assert!(matches!(
        verdict(&case, &[&complete, &delta(12, 11)], when),
        Revocation::Good { .. }
    ));
    // Alone it decides nothing.
    assert_eq!(
        verdict(&case, &[&delta(11, 10)], when),
        Revocation::Undecided {
            why: Undecided::Nothing
        }
    );
    // Stale it is left out.
    let stale = Crl {
        next_update: Some(now().plus_seconds(-1)),
        ..delta(11, 10)
    };
    assert!(matches!(
        verdict(&case, &[&complete, &stale], when),
        Revocation::Good { .. }
    ));
    // And the newest of two counts.
    let lifted = Crl {
        entries: vec![RevokedEntry::of(&case.world.aliya.certificate, now(), Some(8))],
        ..delta(12, 10)
    };
    assert!(matches!(
        verdict(&case, &[&complete, &lifted, &delta(11, 10)], when),
        Revocation::Good { .. }
    ));
}

#[test]
fn a_delta_list_may_lift_a_hold() {
    let case = Case::gost();
    let complete = revoking(&case, Some(6));
    let lifted = RevokedEntry::of(&case.world.aliya.certificate, now(), Some(8));
    let delta = Crl {
        number: Some(11),
        delta_of: Some(10),
        entries: vec![lifted],
        ..fresh(&case)
    };
    assert!(matches!(
        verdict(&case, &[&complete], When::at(now())),
        Revocation::Revoked {
            reason: Reason::Hold,
            ..
        }
    ));
    assert!(matches!(
        verdict(&case, &[&complete, &delta], When::at(now())),
        Revocation::Good { .. }
    ));
}

#[test]
fn a_key_superseded_after_the_signature_leaves_it_standing() {
    let case = Case::gost();
    let list = |reason| {
        let entry = RevokedEntry::of(&case.world.aliya.certificate, now(), reason);
        Crl {
            entries: vec![entry],
            ..fresh(&case)
        }
    };
    let before = When {
        as_of: now().plus_seconds(-1),
        now: now().plus_seconds(HOUR),
    };
    assert!(matches!(
        verdict(&case, &[&list(Some(4))], before),
        Revocation::Good { by: Source::Crl, .. }
    ));
    assert!(matches!(
        verdict(&case, &[&list(Some(1))], before),
        Revocation::Revoked { .. }
    ));
    assert!(matches!(
        verdict(&case, &[&list(None)], before),
        Revocation::Revoked { .. }
    ));
    assert!(matches!(
        verdict(&case, &[&list(Some(4))], When::at(now())),
        Revocation::Revoked { .. }
    ));
}

#[test]
fn a_list_made_after_the_certificate_s_end_is_silent_on_it() {
    let case = Case::gost();
    let end = case.leaf.not_after();
    let list = |number, from: Instant, entries| {
        let crl = Crl::new(&case.world.authority, number, from, from.plus_seconds(DAY));
        verified(&case, &Crl { entries, ..crl }).unwrap()
    };
    let settled = |lists: &[&RevocationList]| {
        let when = When {
            as_of: end.plus_seconds(-HOUR),
            now: end.plus_seconds(HOUR),
        };
        decide(&case.leaf, &case.issuer, when, None, lists)
    };
    let after = list(2, end.plus_seconds(1), Vec::new());
    let why = Undecided::Crl(CrlFault::AfterTheEnd);
    assert_eq!(settled(&[&after]), Revocation::Undecided { why });
    let entry = RevokedEntry::of(&case.world.aliya.certificate, end.plus_seconds(-DAY), Some(1));
    let named = list(2, end.plus_seconds(1), vec![entry]);
    assert!(matches!(settled(&[&named]), Revocation::Revoked { .. }));
    let last = list(1, end, Vec::new());
    let good = Revocation::Good {
        by: Source::Crl,
        at: end,
    };
    assert_eq!(settled(&[&last]), good);
    assert_eq!(
        settled(&[&after, &last]),
        good,
        "the older one still speaks of it"
    );
}

#[test]
fn lists_are_read_strictly() {
    let case = Case::gost();
    let fault = |crl: &Crl| verified(&case, crl).unwrap_err();
    assert_eq!(
        fault(&Crl {
            number: None,
            ..fresh(&case)
        }),
        CrlFault::Malformed("cRLNumber missing")
    );
    assert_eq!(
        fault(&Crl {
            next_update: None,
            ..fresh(&case)
        }),
        CrlFault::Malformed("nextUpdate")
    );
    let critical_number = extension(CRL_NUMBER, true, &number(5));
    let crl = Crl {
        number: None,
        extensions: vec![critical_number],
        ..fresh(&case)
    };
    assert_eq!(fault(&crl), CrlFault::Malformed("criticality"));
    let plain_delta = extension(DELTA_CRL_INDICATOR, false, &number(5));
    assert_eq!(
        fault(&Crl {
            extensions: vec![plain_delta],
            ..fresh(&case)
        }),
        CrlFault::Malformed("criticality")
    );
    for critical in [true, false] {
        let partial = extension(ISSUING_DISTRIBUTION_POINT, critical, &sequence(&[]));
        let crl = Crl {
            extensions: vec![partial],
            ..fresh(&case)
        };
        assert!(matches!(fault(&crl), CrlFault::UnknownCriticalExtension(_)));
    }
    let unknown = extension("1.2.398.9.9.9", true, &null());
    assert!(matches!(
        fault(&Crl {
            extensions: vec![unknown],
            ..fresh(&case)
        }),
        CrlFault::UnknownCriticalExtension(_)
    ));
    let negative = extension(CRL_NUMBER, false, &integer(&[0x80]));
    assert_eq!(
        fault(&Crl {
            number: None,
            extensions: vec![negative],
            ..fresh(&case)
        }),
        CrlFault::Malformed("cRLNumber")
    );
    let long = extension(CRL_NUMBER, false, &integer(&[1; 21]));
    assert_eq!(
        fault(&Crl {
            number: None,
            extensions: vec![long],
            ..fresh(&case)
        }),
        CrlFault::Malformed("cRLNumber")
    );

    // Entries: an unknown reason, and the mark of another issuer's certificate.
    let entry = |extensions| {
        let entry = RevokedEntry {
            extensions,
            ..RevokedEntry::of(&case.world.aliya.certificate, now(), None)
        };
        fault(&Crl {
            entries: vec![entry],
            ..fresh(&case)
        })
    };
    assert_eq!(
        entry(vec![extension(REASON_CODE, false, &enumerated(7))]),
        CrlFault::Malformed("reason")
    );
    assert!(matches!(
        entry(vec![extension("2.5.29.29", true, &sequence(&[]))]),
        CrlFault::UnknownCriticalExtension(_)
    ));
    let sound = fresh(&case).sign(&case.world.authority.key);
    for bytes in [&sound[..sound.len() - 1], &[sound.as_slice(), &[0]].concat(), &[]] {
        assert!(matches!(
            RevocationList::verify(bytes.into(), &case.issuer),
            Err(CrlFault::Malformed(_))
        ));
    }
    let version_one = sequence(&[
        &sequence(&[&number(0)]),
        &case.world.authority.key.signature_algorithm(),
        &bits(&[0]),
    ]);
    assert_eq!(
        RevocationList::verify(version_one.into(), &case.issuer).unwrap_err(),
        CrlFault::Malformed("version")
    );
}

#[test]
fn every_national_list_gets_its_verdict() {
    let Some(folder) = samples::nuc_rk() else { return };
    let certificate = |name: &str| Certificate::from_der(&samples::bytes(name).unwrap()).unwrap();
    let gost = certificate("ca/test/nca_gost2022_test.cer");
    let list = |name: &str, issuer: &Certificate| {
        RevocationList::verify(samples::bytes(&format!("crl/{name}")).unwrap().into(), issuer)
    };
    let newest = list("nca_gost2022_test_20260811.crl", &gost).unwrap();
    assert_eq!(newest.entries(), 195);
    assert_eq!(newest.next_update(), at("2027-02-07T03:49:19Z"));
    let complete = list("nca_gost2022_test_20250429.crl", &gost).unwrap();
    let delta = list("nca_gost2022_d_test_20250429.crl", &gost).unwrap();
    assert!(delta.is_delta() && delta.entries() == 0);
    assert!(
        !delta.extends(&complete),
        "the national test delta is older than its base"
    );
    assert!(list("nca_gost2022_test_20220727.crl", &gost).is_ok());
    let rsa = certificate("ca/test/nca_rsa_test.cer");
    assert!(list("nca_rsa_test_20220329.crl", &rsa).is_ok());
    assert_eq!(
        list("nca_rsa_test_20220329.crl", &gost).unwrap_err(),
        CrlFault::AnotherIssuer
    );
    let old = certificate("ca/test/nca_gost_test_2004.cer");
    let verdict = list("nca_gost2004_test_20220329.crl", &old).unwrap_err();
    assert_eq!(verdict, CrlFault::Signature(crate::pki::Refusal::Gost2004));

    // The valid test person is not on the newest list.
    let person = certificate("certs/gost512_individual_2026.cer");
    let anchors = Anchors::load(&folder.join("ca/test")).unwrap();
    assert!(anchors.issuers().any(|issuer| *issuer == gost));
    let good = decide(&person, &gost, When::at(now()), None, &[&newest]);
    assert_eq!(
        good,
        Revocation::Good {
            by: Source::Crl,
            at: at("2026-08-11T03:49:19Z")
        }
    );
    let stale = decide(&person, &gost, When::at(now()), None, &[&complete]);
    assert!(matches!(
        stale,
        Revocation::Undecided {
            why: Undecided::Crl(CrlFault::Stale(_))
        }
    ));
}
