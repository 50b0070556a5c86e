//! What the chosen key makes: CMS signatures in the armour of their module, or what a key says of itself.

use super::Shape;
use super::modules::{Job, Module, Work};
use crate::demo::keys::{DemoKey, KeyAlgorithm, KeyStore};
use crate::domain::time::Timestamp;
use crate::pki::Certificate;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

/// The result for the answer's envelope, or the details of a failure.
pub(super) fn result(job: &Job, keys: &KeyStore, key: &str, shape: Shape) -> Result<Value, String> {
    match &job.work {
        Work::KeyInfo => key_info(keys.find(key).map_err(|error| error.to_string())?),
        Work::Sign {
            documents,
            attached,
            stamped,
            with_certificate,
        } => {
            let sign = |document: &Vec<u8>| keys.sign_cms(key, document, *attached, *stamped);
            let signatures = documents
                .iter()
                .map(sign)
                .collect::<Result<Vec<_>, _>>()
                .map_err(|error| error.to_string())?;
            let key = keys.find(key).map_err(|error| error.to_string())?;
            Ok(match job.module {
                Module::CommonUtils { .. } => signatures.iter().map(|cms| STANDARD.encode(cms)).next().into(),
                Module::Basics => in_shape(&signatures, shape, *with_certificate, key),
            })
        }
    }
}

fn in_shape(signatures: &[Vec<u8>], shape: Shape, with_certificate: bool, key: &DemoKey) -> Value {
    let armoured = || {
        signatures
            .iter()
            .map(|cms| armour("CMS", cms))
            .collect::<Vec<_>>()
    };
    let several = signatures.len() > 1;
    match shape {
        _ if with_certificate || shape == Shape::Object => {
            json!({"signatures": armoured(), "certificate": armour("CERTIFICATE", &key.certificate)})
        }
        Shape::String if !several => armoured().pop().into(),
        Shape::Bare if !several => signatures.first().map(|cms| STANDARD.encode(cms)).into(),
        _ => armoured().into(),
    }
}

/// PEM with lines of 64.
pub(super) fn armour(label: &str, der: &[u8]) -> String {
    let base64 = STANDARD.encode(der);
    let mut text = format!("-----BEGIN {label}-----\n");
    for (place, digit) in base64.chars().enumerate() {
        text.push(digit);
        if place % 64 == 63 {
            text.push('\n');
        }
    }
    if !text.ends_with('\n') {
        text.push('\n');
    }
    text + &format!("-----END {label}-----\n")
}

/// KeyInfo, all of it words. Names are given by their common name alone: readers take the rest from `pem`.
fn key_info(key: &DemoKey) -> Result<Value, String> {
    let certificate = Certificate::from_der(&key.certificate).map_err(|refusal| refusal.code().to_owned())?;
    let name = certificate.common_name().unwrap_or_default();
    let date = |instant: crate::pki::Instant| {
        let time = Timestamp(instant.unix() * 1000);
        format!(
            "{} {}:{:02}",
            time.date_kz().dotted(),
            time.clock_kz(),
            instant.unix().rem_euclid(60)
        )
    };
    Ok(json!({
        "alias": key.id,
        "keyId": key.serial_hex,
        "algorithm": match key.algorithm() {
            KeyAlgorithm::Gost512 => "ECGOST3410-2015-512",
            KeyAlgorithm::Rsa2048 => "RSA",
        },
        "subjectCn": name,
        "subjectDn": format!("CN={name},SERIALNUMBER=IIN{},C=KZ", key.iin.digits()),
        "issuerCn": "",
        "issuerDn": "",
        "serialNumber": key.serial_hex,
        "certNotBefore": date(certificate.not_before()),
        "certNotAfter": date(certificate.not_after()),
        "authorityKeyIdentifier": "",
        "pem": armour("CERTIFICATE", &key.certificate),
    }))
}
