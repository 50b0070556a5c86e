//! How long a verification takes: GOST beside nettle's and beside RSA, and the whole way from a CMS to a verdict. Each
//! figure is the best of several rounds, the two GOST verifiers in turns within one run, so that the ratio holds on a busy
//! machine. Needs a C compiler and nettle's headers (Debian: nettle-dev) for the comparison and says so without them.

use std::{
    hint::black_box,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use cabinet::{
    demo::{
        gost_sign::PrivateKey,
        mint::{Authority, Cms, Key, Person, Template, Urls},
    },
    pki::{self, Anchors, Content, Purpose, algorithm::Digest},
};

const ROUNDS: usize = 9;
const COUNT: u32 = 60;
/// What issue 3 asks for at most.
const LIMIT: f64 = 1.5;

fn main() {
    let key = PrivateKey::from_seed(b"benchmark");
    let digest: [u8; 64] = Digest::Streebog512
        .hash(b"a document")
        .try_into()
        .expect("Streebog-512 has 64 octets");
    let signature = key.sign_digest(&digest);
    let gost = || assert!(black_box(key.public()).verifies_digest(black_box(&digest), black_box(&signature)));

    let nettle = Nettle::build(&key, &digest, &signature);
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

    let rsa = Key::rsa(0);
    let spki = rsa.spki();
    let (message, signed) = (b"a document".as_slice(), rsa.sign(b"a document"));
    let certificate = certificate_for(&rsa);
    assert_eq!(certificate.public_key().is_ok(), !spki.is_empty());
    let key =
        ring::signature::UnparsedPublicKey::new(&ring::signature::RSA_PKCS1_2048_8192_SHA256, rsa.octets());
    print(
        "RSA-2048 SHA-256, one signature (ring)",
        best(|| key.verify(message, &signed).expect("sound")),
    );

    for (name, keys) in [
        ("GOST", [Key::gost("r"), Key::gost("i"), Key::gost("p")]),
        ("RSA", [0, 1, 2].map(Key::rsa)),
    ] {
        let (cms, anchors) = signature_and_anchors(keys);
        let verdict = || {
            let content = Content::Attached(b"a document");
            pki::verify(black_box(&cms), content, Purpose::Document, at(0), &anchors).expect("sound");
        };
        print(&format!("{name}: from a CMS to a verdict"), best(verdict));
    }
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

fn at(days: i64) -> pki::Instant {
    pki::Instant::from_unix(1_790_812_800 + days * 86_400)
}

const PERSON: Person<'_> = Person {
    surname: "СЕРІКОВА",
    given_name: "ӘЛИЯ",
    patronymic: None,
    iin: "900101450001",
};

fn certificate_for(key: &Key) -> pki::Certificate {
    let template = Template::person(&PERSON, key, at(-1), at(1), Urls::default());
    pki::Certificate::from_der(&template.sign(key, &template.subject)).expect("well formed")
}

fn signature_and_anchors([root, issuer, person]: [Key; 3]) -> (Vec<u8>, Anchors) {
    let root = Authority::root("root", root, at(-100), at(100));
    let issuer = root.subordinate("issuer", issuer, at(-100), at(100));
    let template = Template::person(&PERSON, &person, at(-1), at(1), Urls::default());
    let signer = issuer.credential(&template, person);
    let cms = Cms::new(&signer, b"a document", true, at(0)).encode();
    let anchors = Anchors::from_der(&[root.certificate, issuer.certificate]).expect("sound authorities");
    (cms, anchors)
}

struct Nettle {
    program: PathBuf,
    arguments: Vec<String>,
}

impl Nettle {
    fn build(key: &PrivateKey, digest: &[u8; 64], signature: &[u8; 128]) -> Option<Self> {
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
        let point = key.public().to_bytes();
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
