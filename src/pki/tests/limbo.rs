//! The certificate path cases of C2SP/x509-limbo against the path layer alone. They are about servers and their names;
//! `limbo_deviations.txt` lists every case where our verdict differs, in groups, each with its reason. The test fails on
//! any change, either way.

use std::{collections::BTreeMap, fs, sync::Arc};

use ring::signature::{
    ECDSA_P256_SHA256_ASN1, ECDSA_P256_SHA384_ASN1, ECDSA_P384_SHA256_ASN1, ECDSA_P384_SHA384_ASN1,
    UnparsedPublicKey, VerificationAlgorithm,
};
use serde_json::Value;

use super::super::{
    Certificate, Instant, Refusal,
    algorithm::{AlgorithmIdentifier, PublicKey, SignatureAlgorithm},
    armor,
    asn1::{Cursor, Element},
    path::{self, PinnedPath, Verifier},
    revocation::{Revocation, RevocationList, When, decide},
};
use crate::samples;

const DEVIATIONS: &str = include_str!("limbo_deviations.txt");

/// The accepted algorithms, and ECDSA on the two curves that the web's certificates use.
struct Web;

impl Web {
    fn check(
        issuer: &Certificate,
        algorithm: &AlgorithmIdentifier<'_>,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), Refusal> {
        let curve = named_curve(issuer.spki());
        let ecdsa: &dyn VerificationAlgorithm = match (algorithm.oid.to_string().as_str(), curve.as_deref()) {
            ("1.2.840.10045.4.3.2", Some("1.2.840.10045.3.1.7")) => &ECDSA_P256_SHA256_ASN1,
            ("1.2.840.10045.4.3.3", Some("1.2.840.10045.3.1.7")) => &ECDSA_P256_SHA384_ASN1,
            ("1.2.840.10045.4.3.2", Some("1.3.132.0.34")) => &ECDSA_P384_SHA256_ASN1,
            ("1.2.840.10045.4.3.3", Some("1.3.132.0.34")) => &ECDSA_P384_SHA384_ASN1,
            _ => {
                let algorithm = SignatureAlgorithm::from_identifier(algorithm)?;
                return issuer.public_key()?.verify(algorithm, message, signature);
            }
        };
        let point =
            super::super::algorithm::key_octets(issuer.spki()).map_err(|_| Refusal::Key("EC point"))?;
        UnparsedPublicKey::new(ecdsa, point)
            .verify(message, signature)
            .map_err(|_| Refusal::SignatureInvalid)
    }

    fn accepts_key(certificate: &Certificate) -> Result<(), Refusal> {
        match named_curve(certificate.spki()).as_deref() {
            Some("1.2.840.10045.3.1.7" | "1.3.132.0.34") => Ok(()),
            _ => PublicKey::from_spki(certificate.spki()).map(|_| ()),
        }
    }
}

impl Verifier for Web {
    fn verify(&self, issuer: &Certificate, subject: &Certificate) -> Result<(), Refusal> {
        Self::check(
            issuer,
            &subject.signature_algorithm(),
            subject.signed_bytes(),
            subject.signature(),
        )
    }
}

fn named_curve(spki: &[u8]) -> Option<String> {
    let mut fields: Cursor<'_> = Element::only(spki).ok()?.open().ok()?;
    let identifier = AlgorithmIdentifier::read(&mut fields).ok()?;
    (identifier.oid.to_string() == "1.2.840.10045.2.1").then_some(())?;
    Some(identifier.parameters?.object_identifier().ok()?.to_string())
}

fn certificates(case: &Value, field: &str) -> Vec<Result<Arc<Certificate>, Refusal>> {
    let list = case[field].as_array().unwrap();
    list.iter()
        .map(|pem| certificate(pem.as_str().unwrap()).map(Arc::new))
        .collect()
}

fn certificate(pem: &str) -> Result<Certificate, Refusal> {
    Certificate::from_der(&armor::decode(pem.as_bytes())?)
}

fn verdict(case: &Value) -> Result<(), String> {
    let at = case["validation_time"].as_str().map_or_else(
        || Instant::from_rfc3339("2026-06-01T00:00:00Z").unwrap(),
        |text| Instant::from_rfc3339(text).unwrap(),
    );
    let code = |refusal: Refusal| refusal.code().to_owned();
    let leaf = certificate(case["peer_certificate"].as_str().unwrap()).map_err(code)?;
    Web::accepts_key(&leaf).map_err(code)?;
    // Every root by itself and every authority given under every root: what an operator could have pinned.
    let mut paths = Vec::new();
    let authorities: Vec<_> = certificates(case, "untrusted_intermediates")
        .into_iter()
        .flatten()
        .collect();
    for root in certificates(case, "trusted_certs").into_iter().flatten() {
        paths.extend(PinnedPath::new(vec![root.clone()], &Web));
        for authority in &authorities {
            paths.extend(PinnedPath::new(vec![authority.clone(), root.clone()], &Web));
        }
    }
    let path = path::validate(&leaf, &paths, at, &Web).map_err(code)?;
    let lists = case["crls"].as_array().unwrap();
    if lists.is_empty() {
        return Ok(());
    }
    let issuer = path.issuer();
    let lists: Vec<RevocationList> = lists
        .iter()
        .filter_map(|pem| {
            let der = armor::decode(pem.as_str().unwrap().as_bytes()).unwrap();
            let check = |algorithm: &AlgorithmIdentifier<'_>, message: &[u8], signature: &[u8]| {
                Web::check(issuer, algorithm, message, signature)
            };
            RevocationList::verify_with(der.into(), issuer, check).ok()
        })
        .collect();
    match decide(
        &leaf,
        issuer,
        When::at(at),
        None,
        &lists.iter().collect::<Vec<_>>(),
    ) {
        Revocation::Good { .. } => Ok(()),
        Revocation::Revoked { .. } => Err("revoked".into()),
        Revocation::Undecided { why } => Err(why.code().into()),
    }
}

/// The listed deviations: case to group. A line `[group] reason` starts a group, other lines are `case verdict`.
fn deviations() -> BTreeMap<&'static str, &'static str> {
    let mut group = false;
    let mut listed = BTreeMap::new();
    for line in DEVIATIONS
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
    {
        if let Some(rest) = line.strip_prefix('[') {
            let (_, reason) = rest.split_once(']').expect("a group's name in brackets");
            assert!(reason.trim().len() > 20, "every group has its reason: {line}");
            group = true;
        } else {
            assert!(group, "a case without a group: {line}");
            let (case, verdict) = line.split_once(' ').expect("a case and our verdict");
            assert!(listed.insert(case, verdict.trim()).is_none(), "{case} twice");
        }
    }
    listed
}

#[test]
fn limbo_s_verdicts_are_ours_but_for_the_listed_deviations() {
    let listed = deviations();
    let Some(folder) = samples::limbo() else { return };
    let limbo = fs::read(folder.join("limbo-no-bettertls.json")).unwrap();
    let limbo: Value = serde_json::from_slice(&limbo).unwrap();
    let (mut agreed, mut found) = (0, BTreeMap::new());
    for case in limbo["testcases"].as_array().unwrap() {
        let id = case["id"].as_str().unwrap();
        // The depth is the caller's wish there; here it is always one authority under one root.
        if !case["max_chain_depth"].is_null() {
            continue;
        }
        let ours = verdict(case);
        if ours.is_ok() == (case["expected_result"] == "SUCCESS") {
            agreed += 1;
        } else {
            found.insert(id, ours.err().unwrap_or_else(|| "accepted".into()));
        }
    }
    eprintln!(
        "limbo: {agreed} verdicts agree, {} deviate as listed",
        listed.len()
    );
    let new: Vec<_> = found
        .iter()
        .filter(|(id, verdict)| listed.get(*id) != Some(&verdict.as_str()))
        .collect();
    let gone: Vec<_> = listed.keys().filter(|id| !found.contains_key(*id)).collect();
    assert!(
        new.is_empty() && gone.is_empty(),
        "new deviations: {new:#?}\nlisted but gone: {gone:#?}"
    );
    assert!(agreed > 100, "{agreed}");
}
