//! The command as an operator types it, over the national samples.

use super::*;
use crate::demo::{gost_sign, keys::PrivateKey, mint, p12};
use crate::samples;
use clap::Parser;
use serde_json::{Value, json};
use std::path::Path;

#[derive(Parser)]
struct Typed {
    #[command(flatten)]
    verify: Verify,
}

/// The exit code, and the object printed (null for wrong usage). The samples' folder stands for `@`.
fn typed(line: &str, folder: &Path) -> (u8, Value) {
    let words = line.replace('@', folder.to_str().unwrap());
    let words = ["verify"].into_iter().chain(words.split_whitespace());
    let arguments = match Typed::try_parse_from(words) {
        Ok(typed) => typed.verify.into_args(&World::system()).unwrap(),
        Err(error) => return (u8::try_from(error.exit_code()).unwrap(), Value::Null),
    };
    let (mut out, mut errors) = (Vec::new(), Vec::new());
    let outcome = command::run(&arguments, &mut out, &mut errors).unwrap();
    (outcome as u8, serde_json::from_slice(&out).unwrap_or_default())
}

const SIGNATURE: &str = "@/cms/gost512_tsp_individual_attached.cms";
const LIST: &str =
    "--purpose document --ca @/ca/test --crl @/crl/nca_gost2022_test_20260811.crl --at 2026-10-01T00:00:00Z";

/// A CMS over a document, made with a published national test key.
fn signed_with(name: &str) -> Vec<u8> {
    let file = samples::bytes(&format!("p12/gost512_2026/{name}.p12")).unwrap();
    let opened = p12::open(&file, "Qwerty12").unwrap();
    let PrivateKey::Gost512(scalar) = opened.key else {
        panic!("{name} holds no GOST key");
    };
    let signer = mint::Credential {
        key: mint::Key::Gost(gost_sign::PrivateKey::from_bytes(&scalar).unwrap()),
        certificate: opened.certificate_der,
    };
    let moment = Instant::from_rfc3339("2026-09-30T12:00:00Z").unwrap();
    mint::Cms::new(&signer, b"a document", true, moment).encode()
}

#[test]
fn a_national_signature_is_accepted_with_its_signer_and_its_unknown_time_stamp() {
    let Some(folder) = samples::nuc_rk() else { return };
    let without = "--purpose document --ca @/ca/test --no-revocation --at 2026-10-01T00:00:00Z";
    for (line, revocation) in [(LIST, "good"), (without, "not_checked")] {
        let (code, report) = typed(&format!("{line} {SIGNATURE}"), &folder);
        assert_eq!((code, &report["verdict"]), (0, &json!("accepted")));
        assert_eq!(report["reason"], Value::Null);
        assert_eq!(report["signer"]["name"], "ТЕСТОВ ТЕСТ");
        assert_eq!(report["signer"]["iin"], "123456789011");
        assert_eq!(report["signer"]["algorithm"], "GOST 34.10-2015 (512)");
        let certificate = &report["signer"]["certificate"];
        assert_eq!(certificate["serial"], "6c425659bd2fc6dc587b871aede1857727cf8451");
        assert_eq!(certificate["not_before"], "2026-05-08T06:45:13Z");
        assert_eq!(certificate["not_after"], "2027-05-08T06:45:13Z");
        assert_eq!(report["revocation"]["status"], revocation);
        assert_eq!(report["timestamp"]["status"], "invalid");
        assert_eq!(report["timestamp"]["reason"], "unknown_issuer");
    }
}

#[test]
fn a_changed_an_expired_and_a_revoked_one_are_refused_each_for_its_reason() {
    let Some(folder) = samples::nuc_rk() else { return };
    let desk = tempfile::tempdir().unwrap();
    let put = |name: &str, bytes: &[u8]| {
        let path = desk.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let mut changed = samples::bytes("cms/gost512_tsp_individual_attached.cms").unwrap();
    let document = samples::bytes("cms/gost512_tsp_individual_document.txt").unwrap();
    let content = changed.windows(document.len()).position(|part| part == document);
    changed[content.unwrap()] ^= 1;
    let changed = put("changed.cms", &changed);
    let revoked = put("revoked.cms", &signed_with("individual_revoked"));
    let valid = put("valid.cms", &signed_with("individual_valid"));
    let after = LIST.replace("2026-10-01", "2027-05-09");
    for (line, code, reason) in [
        (format!("{LIST} {changed}"), 1, json!("document_mismatch")),
        (format!("{after} {SIGNATURE}"), 1, json!("expired")),
        (format!("{LIST} {revoked}"), 1, json!("revoked")),
        (format!("{LIST} {valid}"), 0, Value::Null),
        (
            format!("{LIST} --iin 123456789012 {valid}"),
            1,
            json!("another_person"),
        ),
    ] {
        let (ended, report) = typed(&line, &folder);
        assert_eq!((ended, &report["reason"]), (code, &reason), "{line}");
    }
}

#[test]
fn revocation_that_nothing_tells_ends_with_3() {
    let Some(folder) = samples::nuc_rk() else { return };
    let bare = "--purpose sign-in --ca @/ca/test --at 2026-10-01T00:00:00Z";
    let (code, report) = typed(&format!("{bare} {SIGNATURE}"), &folder);
    assert_eq!((code, &report["reason"]), (3, &json!("revocation_undecided")));
    let old = format!("{bare} --crl @/crl/nca_gost2022_test_20250429.crl {SIGNATURE}");
    let (code, report) = typed(&old, &folder);
    assert_eq!((code, &report["revocation"]["reason"]), (3, &json!("crl_stale")));
}

#[test]
fn what_is_typed_wrong_ends_with_2() {
    let nowhere = Path::new("/nowhere");
    for line in [
        "",
        "--purpose document x",
        "--ca @ x",
        "--purpose document --ca @",
        "--purpose contract --ca @ x",
        "--purpose document --ca @ --at yesterday x",
        "--purpose document --ca @ --iin 12345678901 x",
        "--purpose document --ca @ --iin IIN123456789012 x",
        "--purpose document --ca @ --no-revocation --crl y x",
        "--bundle y x",
        "--bundle y --iin 123456789012",
        "--purpose document --ca @ x",
        "--bundle @/bundle.zip",
    ] {
        assert_eq!(typed(line, nowhere), (2, Value::Null), "{line}");
    }
}
