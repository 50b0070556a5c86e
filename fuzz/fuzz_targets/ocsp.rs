//! Any bytes as an OCSP response about the seeds' person.
#![no_main]

use std::sync::LazyLock;

use cabinet::pki::{
    Certificate, Instant,
    revocation::{When, ocsp},
};
use libfuzzer_sys::fuzz_target;

static CERTIFICATES: LazyLock<[Certificate; 2]> = LazyLock::new(|| {
    [include_bytes!("../corpus/anchors/person.cer").as_slice(), include_bytes!("../corpus/anchors/authority.cer")]
        .map(|der| Certificate::from_der(der).expect("a seed"))
});

fuzz_target!(|data: &[u8]| {
    let at = Instant::from_rfc3339("2026-10-01T00:00:00Z").expect("a moment");
    let [person, authority] = &*CERTIFICATES;
    let answer = ocsp::verify(data, None, person, authority, When::at(at));
    assert_eq!(answer, ocsp::verify(data, None, person, authority, When::at(at)));
});
