use super::*;
use crate::{
    demo::mint::*,
    pki::{
        evidence::Evidence,
        fixture::*,
        revocation::client::{Checked, Used},
    },
    samples,
};

/// A folder with the minted authorities and whatever a test writes beside them.
struct Desk(tempfile::TempDir);

impl Desk {
    fn new() -> Self {
        let desk = Self(tempfile::tempdir().unwrap());
        fs::create_dir(desk.0.path().join("ca")).unwrap();
        let world = World::gost();
        desk.put("ca/root.cer", &world.root.certificate);
        desk.put("ca/authority.cer", &world.authority.certificate);
        desk
    }

    fn put(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.0.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    fn args(&self, signature: &[u8]) -> SignatureArgs {
        SignatureArgs {
            purpose: Purpose::Document,
            authorities: self.0.path().join("ca"),
            document: None,
            iin: None,
            lists: Vec::new(),
            ocsp: None,
            revocation: false,
            at: now(),
            signature: self.put("signature", signature),
        }
    }
}

fn sound() -> Vec<u8> {
    World::gost().cms(&World::gost().aliya).encode()
}

fn verify_with(args: VerifyArgs) -> (Outcome, Value) {
    let (mut out, mut errors) = (Vec::new(), Vec::new());
    let outcome = run(&args, &mut out, &mut errors).unwrap();
    assert_eq!(outcome == Outcome::Usage, !errors.is_empty());
    (outcome, serde_json::from_slice(&out).unwrap_or(Value::Null))
}

fn verdict(args: SignatureArgs) -> (Outcome, Value) {
    verify_with(VerifyArgs::Signature(args))
}

#[test]
fn a_sound_signature_is_printed_with_its_signer() {
    let desk = Desk::new();
    let (outcome, report) = verdict(desk.args(&sound()));
    assert_eq!(outcome, Outcome::Accepted);
    assert_eq!(report["verdict"], "accepted");
    assert_eq!(report["reason"], Value::Null);
    assert_eq!(report["signer"]["name"], "СЕРІКОВА ӘЛИЯ");
    assert_eq!(report["signer"]["patronymic"], "МАРАТҚЫЗЫ");
    assert_eq!(report["signer"]["iin"], ALIYA.iin);
    assert_eq!(report["signer"]["algorithm"], "GOST 34.10-2015 (512)");
    assert_eq!(
        report["signer"]["certificate"]["not_after"],
        now().plus_seconds(YEAR / 2).to_string()
    );
    assert_eq!(report["revocation"]["status"], "not_checked");
    assert_eq!(report["timestamp"]["status"], "absent");
    assert_eq!(report["signing_time"], "2026-10-01T00:00:00Z");
}

#[test]
fn the_document_may_be_inside_or_beside() {
    let desk = Desk::new();
    let document = desk.put("document", DOCUMENT);
    let detached = Cms::new(&World::gost().aliya, DOCUMENT, false, now()).encode();
    for signature in [sound(), detached.clone()] {
        let args = SignatureArgs {
            document: Some(document.clone()),
            ..desk.args(&signature)
        };
        assert_eq!(verdict(args).0, Outcome::Accepted);
        let other = desk.put("other", b"another document");
        let (outcome, report) = verdict(SignatureArgs {
            document: Some(other),
            ..desk.args(&signature)
        });
        assert_eq!(
            (outcome, &report["reason"]),
            (Outcome::Refused, &json!("document_mismatch"))
        );
        assert_eq!(report["signer"], Value::Null);
    }
    let (outcome, report) = verdict(desk.args(&detached));
    assert_eq!(
        (outcome, &report["reason"]),
        (Outcome::Refused, &json!("content_missing"))
    );
}

#[test]
fn text_is_taken_as_a_signature_too() {
    use std::fmt::Write;
    let desk = Desk::new();
    let base64 = {
        const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        sound().chunks(3).fold(String::new(), |mut text, chunk| {
            let bits = chunk
                .iter()
                .fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte))
                << (8 * (3 - chunk.len()));
            for place in 0..=chunk.len() {
                text.push(char::from(DIGITS[(bits >> (18 - 6 * place) & 63) as usize]));
            }
            write!(text, "{}", "=".repeat(3 - chunk.len())).unwrap();
            text
        })
    };
    for text in [
        base64.clone(),
        format!("-----BEGIN CMS-----\n{base64}\n-----END CMS-----\n"),
    ] {
        assert_eq!(verdict(desk.args(text.as_bytes())).0, Outcome::Accepted);
    }
    let (outcome, report) = verdict(desk.args(b"no signature at all!"));
    assert_eq!(
        (outcome, &report["reason"]),
        (Outcome::Refused, &json!("not_armoured"))
    );
}

#[test]
fn another_person_s_signature_is_refused_when_one_is_named() {
    let desk = Desk::new();
    let with = |iin: &str| {
        verdict(SignatureArgs {
            iin: Some(iin.into()),
            ..desk.args(&sound())
        })
    };
    assert_eq!(with(ALIYA.iin).0, Outcome::Accepted);
    let (outcome, report) = with(BOLAT.iin);
    assert_eq!(
        (outcome, &report["reason"]),
        (Outcome::Refused, &json!("another_person"))
    );
}

#[test]
fn the_purpose_and_the_moment_count() {
    let desk = Desk::new();
    let auth = World::gost().aliya_with(|t| t.with_purposes(&[CLIENT_AUTH, INDIVIDUAL]));
    let signature = World::gost().cms(&auth).encode();
    let (outcome, report) = verdict(desk.args(&signature));
    assert_eq!(
        (outcome, &report["reason"]),
        (Outcome::Refused, &json!("extended_key_usage"))
    );
    let (outcome, report) = verdict(SignatureArgs {
        purpose: Purpose::SignIn,
        ..desk.args(&signature)
    });
    assert_eq!(
        (outcome, &report["signer"]["key"]),
        (Outcome::Accepted, &json!("authentication"))
    );
    let (outcome, report) = verdict(SignatureArgs {
        at: now().plus_seconds(YEAR),
        ..desk.args(&sound())
    });
    assert_eq!(
        (outcome, &report["reason"]),
        (Outcome::Refused, &json!("expired"))
    );
}

fn list(entries: Vec<RevokedEntry>, key: &Key) -> Vec<u8> {
    let authority = &World::gost().authority;
    Crl {
        entries,
        ..Crl::new(authority, 1, now().plus_seconds(-HOUR), now().plus_seconds(DAY))
    }
    .sign(key)
}

#[test]
fn lists_and_responses_decide_revocation() {
    let desk = Desk::new();
    let world = World::gost();
    let asking = || SignatureArgs {
        revocation: true,
        ..desk.args(&sound())
    };

    let (outcome, report) = verdict(asking());
    assert_eq!(
        (outcome, &report["reason"]),
        (Outcome::Undecided, &json!("revocation_undecided"))
    );
    assert_eq!(report["revocation"]["reason"], "nothing_at_hand");
    assert_eq!(report["signer"]["iin"], ALIYA.iin, "everything else is told");

    let good = desk.put("good.crl", &list(Vec::new(), &world.authority.key));
    let (outcome, report) = verdict(SignatureArgs {
        lists: vec![good],
        ..asking()
    });
    assert_eq!(
        (outcome, &report["revocation"]["status"]),
        (Outcome::Accepted, &json!("good"))
    );

    let entry = RevokedEntry::of(&world.aliya.certificate, now().plus_seconds(-DAY), Some(1));
    let revoked = desk.put("revoked.crl", &list(vec![entry], &world.authority.key));
    let (outcome, report) = verdict(SignatureArgs {
        lists: vec![revoked],
        ..asking()
    });
    assert_eq!(
        (outcome, &report["reason"]),
        (Outcome::Refused, &json!("revoked"))
    );
    assert_eq!(report["revocation"]["reason"], "keyCompromise");

    let forged = desk.put("forged.crl", &list(Vec::new(), &Key::gost("somebody")));
    let (outcome, report) = verdict(SignatureArgs {
        lists: vec![forged],
        ..asking()
    });
    assert_eq!(
        (outcome, &report["revocation"]["reason"]),
        (Outcome::Undecided, &json!("crl_signature"))
    );

    let late = SignatureArgs {
        lists: vec![desk.put("good.crl", &list(Vec::new(), &world.authority.key))],
        ..asking()
    };
    let (outcome, report) = verdict(SignatureArgs {
        at: now().plus_seconds(2 * DAY),
        ..late
    });
    assert_eq!(
        (outcome, &report["revocation"]["reason"]),
        (Outcome::Undecided, &json!("crl_stale"))
    );

    let id = cert_id(&world.aliya.certificate, &world.authority);
    let authority = Credential {
        key: Key::gost("authority"),
        certificate: world.authority.certificate.clone(),
    };
    let response = OcspResponse::new(id, CertificateStatus::Good, now(), None).sign(&authority);
    let response = desk.put("response.der", &response);
    let (outcome, report) = verdict(SignatureArgs {
        ocsp: Some(response),
        ..asking()
    });
    assert_eq!(
        (outcome, &report["revocation"]["by"]),
        (Outcome::Accepted, &json!("ocsp"))
    );
}

#[test]
fn wrong_usage_is_told_apart_from_a_refusal() {
    let desk = Desk::new();
    let nowhere = desk.0.path().join("nowhere");
    let usage = |args| assert_eq!(verdict(args), (Outcome::Usage, Value::Null));
    usage(SignatureArgs {
        signature: nowhere.clone(),
        ..desk.args(&sound())
    });
    usage(SignatureArgs {
        document: Some(nowhere.clone()),
        ..desk.args(&sound())
    });
    usage(SignatureArgs {
        authorities: nowhere.clone(),
        ..desk.args(&sound())
    });
    usage(SignatureArgs {
        lists: vec![nowhere.clone()],
        ..desk.args(&sound())
    });
    usage(SignatureArgs {
        lists: vec![desk.put("x.crl", b"no list")],
        ..desk.args(&sound())
    });
    let empty = tempfile::tempdir().unwrap();
    usage(SignatureArgs {
        authorities: empty.path().to_owned(),
        ..desk.args(&sound())
    });
    assert_eq!(
        verify_with(VerifyArgs::Bundle {
            file: nowhere,
            authorities: None
        })
        .0,
        Outcome::Usage
    );
}

#[test]
fn a_bundle_is_verified_again_and_a_damaged_one_is_not() {
    let desk = Desk::new();
    let world = World::gost();
    let verified = world.verdict(&sound()).unwrap();
    let crl: Arc<[u8]> = list(Vec::new(), &world.authority.key).into();
    let when = When::at(now());
    let revocation = decide(
        &verified.chain.leaf,
        &verified.chain.issuer,
        when,
        None,
        &[&RevocationList::verify(crl.clone(), &verified.chain.issuer).unwrap()],
    );
    let checked = Checked {
        revocation,
        used: Used {
            ocsp: None,
            lists: vec![crl.clone()],
        },
        when,
        ocsp_failure: None,
    };
    let evidence = Evidence::new(&sound(), DOCUMENT, true, Purpose::Document, &verified, &checked);
    let bytes = evidence.to_bundle(&|_| Some(crl.clone())).unwrap();
    let file = desk.put("bundle.zip", &bytes);

    let (outcome, report) = verify_with(VerifyArgs::Bundle {
        file: file.clone(),
        authorities: None,
    });
    assert_eq!(outcome, Outcome::Accepted);
    assert_eq!(report["signer"]["iin"], ALIYA.iin);
    assert_eq!(report["revocation"]["status"], "good");
    assert_eq!(report["authorities"], "bundle");
    let pinned = Some(desk.0.path().join("ca"));
    let (outcome, report) = verify_with(VerifyArgs::Bundle {
        file,
        authorities: pinned,
    });
    assert_eq!(
        (outcome, &report["authorities"]),
        (Outcome::Accepted, &json!("pinned"))
    );

    let mut damaged = bytes;
    let place = damaged
        .windows(DOCUMENT.len())
        .rposition(|window| window == DOCUMENT)
        .unwrap();
    damaged[place] ^= 1;
    let file = desk.put("damaged.zip", &damaged);
    let (outcome, report) = verify_with(VerifyArgs::Bundle {
        file,
        authorities: None,
    });
    assert_eq!(
        (outcome, &report["verdict"]),
        (Outcome::Refused, &json!("refused"))
    );
}

#[test]
fn the_national_sample_is_accepted_under_the_national_list() {
    let Some(folder) = samples::nuc_rk() else { return };
    let sample = |name: &str| folder.join(name);
    let args = SignatureArgs {
        purpose: Purpose::Document,
        authorities: sample("ca/test"),
        document: None,
        iin: Some("123456789011".into()),
        lists: vec![sample("crl/nca_gost2022_test_20260811.crl")],
        ocsp: None,
        revocation: true,
        at: at("2026-10-01T00:00:00Z"),
        signature: sample("cms/gost512_tsp_individual_attached.cms"),
    };
    let (outcome, report) = verdict(args.clone());
    assert_eq!(outcome, Outcome::Accepted);
    assert_eq!(
        (&report["signer"]["name"], &report["signer"]["iin"]),
        (&json!("ТЕСТОВ ТЕСТ"), &json!("123456789011"))
    );
    assert_eq!(report["timestamp"]["reason"], "unknown_issuer");
    assert_eq!(report["revocation"]["by"], "crl");
    let (outcome, report) = verdict(SignatureArgs {
        revocation: false,
        lists: Vec::new(),
        ..args.clone()
    });
    assert_eq!(
        (outcome, &report["revocation"]["status"]),
        (Outcome::Accepted, &json!("not_checked"))
    );
    let (outcome, report) = verdict(SignatureArgs {
        at: at("2028-01-01T00:00:00Z"),
        ..args
    });
    assert_eq!(
        (outcome, &report["reason"]),
        (Outcome::Refused, &json!("expired"))
    );
}
