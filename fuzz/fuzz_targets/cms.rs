//! Any bytes as a signature: no panic, the same verdict twice, and nobody but the seeds' own signer is ever believed.
#![no_main]

use std::sync::LazyLock;

use cabinet::pki::{Anchors, Content, Instant, Purpose, armor, verify};
use libfuzzer_sys::fuzz_target;

static ANCHORS: LazyLock<Anchors> = LazyLock::new(|| {
    let files = [include_bytes!("../corpus/anchors/root.cer").as_slice(), include_bytes!("../corpus/anchors/authority.cer")];
    Anchors::from_der(&files.map(<[u8]>::to_vec)).expect("the seeds' authorities")
});

fuzz_target!(|data: &[u8]| {
    let at = Instant::from_rfc3339("2026-10-01T00:00:00Z").expect("a moment");
    let document = include_bytes!("../corpus/anchors/document.txt");
    let Ok(cms) = armor::decode(data) else { return };
    for content in [Content::AttachedAny, Content::Attached(document), Content::Detached(document)] {
        for purpose in [Purpose::SignIn, Purpose::Document] {
            let verdict = verify(&cms, content, purpose, at, &ANCHORS);
            let again = verify(&cms, content, purpose, at, &ANCHORS);
            match (verdict, again) {
                (Ok(one), Ok(two)) => assert_eq!((&one.signer, one.signer.iin.as_str()), (&two.signer, "900101450001")),
                (Err(one), Err(two)) => assert_eq!(one.code(), two.code()),
                _ => panic!("two verdicts over the same bytes"),
            }
        }
    }
});
