//! Any bytes as a certificate, and as an authority to pin.
#![no_main]

use cabinet::pki::{Anchors, Certificate};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    if let Ok(certificate) = Certificate::from_der(data) {
        assert_eq!(certificate.der(), data);
        assert!((1..=20).contains(&certificate.serial().len()));
        let _ = certificate.public_key();
        let _ = certificate.common_name();
    }
    let root = include_bytes!("../corpus/anchors/root.cer").to_vec();
    if let Ok(anchors) = Anchors::from_der(&[root, data.to_vec()]) {
        // Only what the root's key signed can be an authority under it.
        assert!(anchors.issuers().all(|issuer| issuer.der() == include_bytes!("../corpus/anchors/authority.cer")));
    }
});
