//! How long a verification takes: GOST beside nettle's and beside RSA, and the whole way from a CMS to a verdict. Each
//! figure is the best of several rounds, the two GOST verifiers in turns within one run, so that the ratio holds on a busy
//! machine. Needs a C compiler and nettle's headers (Debian: nettle-dev) for the comparison and says so without them.

use std::{
    hint::black_box,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use cabinet::pki::{self, Anchors, Certificate, Content, Purpose, algorithm::PublicKey, gost};

const ROUNDS: usize = 9;
const COUNT: u32 = 60;
/// What issue 3 asks for at most.
const LIMIT: f64 = 1.5;

fn main() {
    let vector = seed("bench/gost_signature.bin");
    let (key, rest) = vector.split_at(128);
    let (digest, signature) = rest.split_at(64);
    let digest: &[u8; 64] = digest.try_into().expect("64 octets");
    let public =
        gost::PublicKey::from_bytes(key.try_into().expect("128 octets")).expect("a point of the curve");
    let gost = || assert!(black_box(&public).verifies_digest(black_box(digest), black_box(signature)));

    let nettle = Nettle::build(key, digest, signature);
    let (mut ours, mut theirs) = (f64::INFINITY, f64::INFINITY);
    for _ in 0..ROUNDS {
        ours = ours.min(each(gost));
        if let Some(nettle) = &nettle {
            theirs = theirs.min(nettle.run());
        }
    }
    print("GOST 34.10-2015 (512), one signature", ours);
    if nettle.is_some() {
        print("the same with nettle's gostdsa_verify", theirs);
        let ratio = ours / theirs;
        println!("{:<44} {ratio:>9.2} × (at most {LIMIT})", "ratio");
        assert!(ratio <= LIMIT, "GOST verification is {ratio:.2} times nettle's");
    } else {
        println!("nettle is not there (apt-get install nettle-dev): no ratio");
    }

    let certificate = Certificate::from_der(&seed("certificate/rsa.cer")).expect("a seed");
    let Ok(PublicKey::Rsa { modulus, exponent }) = certificate.public_key() else {
        unreachable!("the seed's key is RSA's")
    };
    let rsa = ring::signature::RsaPublicKeyComponents {
        n: modulus,
        e: exponent,
    };
    let signature = seed("bench/rsa_signature.bin");
    let parameters = &ring::signature::RSA_PKCS1_2048_8192_SHA256;
    let one = || {
        rsa.verify(parameters, b"a document", black_box(&signature))
            .expect("a sound signature")
    };
    print("RSA-2048 SHA-256, one signature (ring)", best(one));

    let document = seed("anchors/document.txt");
    for (name, cms, authorities) in [
        (
            "GOST",
            "cms/attached.cms",
            ["anchors/root.cer", "anchors/authority.cer"],
        ),
        (
            "RSA",
            "cms/rsa.cms",
            ["bench/rsa_root.cer", "bench/rsa_authority.cer"],
        ),
    ] {
        let (cms, anchors) = (
            seed(cms),
            Anchors::from_der(&authorities.map(seed)).expect("the seeds' authorities"),
        );
        let at = pki::Instant::from_rfc3339("2026-10-01T00:00:00Z").expect("a moment");
        let verdict = || {
            let content = Content::Attached(&document);
            pki::verify(black_box(&cms), content, Purpose::Document, at, &anchors)
                .expect("a sound signature");
        };
        print(&format!("{name}: from a CMS to a verdict"), best(verdict));
    }
}

/// A file of the fuzzer's seeds; `pki`'s tests mint them.
fn seed(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fuzz/corpus")
        .join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn best(mut work: impl FnMut()) -> f64 {
    (0..ROUNDS).map(|_| each(&mut work)).fold(f64::INFINITY, f64::min)
}

/// Nanoseconds each of `COUNT` calls took.
fn each(mut work: impl FnMut()) -> f64 {
    let start = Instant::now();
    for _ in 0..COUNT {
        work();
    }
    start.elapsed().as_nanos() as f64 / f64::from(COUNT)
}

fn print(what: &str, nanoseconds: f64) {
    println!(
        "{what:<44} {:>9.3} ms",
        Duration::from_nanos(nanoseconds as u64).as_secs_f64() * 1e3
    );
}

struct Nettle {
    program: PathBuf,
    arguments: Vec<String>,
}

impl Nettle {
    fn build(point: &[u8], digest: &[u8], signature: &[u8]) -> Option<Self> {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/nettle_gost.c");
        let program = Path::new(env!("CARGO_TARGET_TMPDIR")).join("nettle_gost");
        let built = Command::new("cc")
            .args(["-O2", "-o"])
            .args([&program, &source])
            .args(["-lhogweed", "-lnettle", "-lgmp"])
            .status();
        if !built.is_ok_and(|status| status.success()) {
            return None;
        }
        let number = |little_endian: &[u8]| {
            little_endian
                .iter()
                .rev()
                .map(|byte| format!("{byte:02x}"))
                .collect()
        };
        let arguments = vec![
            COUNT.to_string(),
            number(&point[..64]),
            number(&point[64..]),
            digest.iter().map(|byte| format!("{byte:02x}")).collect(),
            number(&signature[..64]),
            number(&signature[64..]),
        ];
        Some(Self { program, arguments })
    }

    fn run(&self) -> f64 {
        let output = Command::new(&self.program)
            .args(&self.arguments)
            .output()
            .expect("the program was just built");
        assert!(
            output.status.success(),
            "nettle does not accept the signature: {output:?}"
        );
        String::from_utf8_lossy(&output.stdout)
            .trim()
            .parse()
            .expect("nanoseconds")
    }
}
