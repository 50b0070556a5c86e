//! Opens the key files of the national certifying centre: PKCS#12 (RFC 7292) as its software writes it, with BER lengths, a
//! key under 3DES, certificates under 40-bit RC2, and an HMAC of SHA-1. These ciphers are long broken: here they open test
//! keys with published passwords, and nothing else in the cabinet may lean on this module.

use super::keys::PrivateKey;
use crate::pki::asn1::{Cursor, Element, NotDer, context};
use crate::pki::ber;
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{Block, BlockCipherDecrypt, BlockModeDecrypt, BlockSizeUser, InnerIvInit, KeyInit};
use des::TdesEde3;
use hmac::{Hmac, Mac};
use rc2::Rc2;
use sha1::{Digest, Sha1};

const DATA: &str = "1.2.840.113549.1.7.1";
const ENCRYPTED_DATA: &str = "1.2.840.113549.1.7.6";
const KEY_BAG: &str = "1.2.840.113549.1.12.10.1.2";
const CERTIFICATE_BAG: &str = "1.2.840.113549.1.12.10.1.3";
const X509_CERTIFICATE: &str = "1.2.840.113549.1.9.22.1";
const LOCAL_KEY_ID: &str = "1.2.840.113549.1.9.21";
const TRIPLE_DES: &str = "1.2.840.113549.1.12.1.3";
const RC2_40: &str = "1.2.840.113549.1.12.1.6";
const SHA1: &str = "1.3.14.3.2.26";
const RSA_KEY: &str = "1.2.840.113549.1.1.1";
const GOST512_KEY: &str = "1.2.398.3.10.1.1.2.2";

/// A file of this many bytes holds a key and a chain of certificates many times over.
const LARGEST: usize = 64 * 1024;
/// The centre writes 1024; more would be somebody's way to keep us busy.
const MOST_ROUNDS: u32 = 100_000;

/// A key with the certificate that belongs to it.
#[derive(Debug)]
pub struct Opened {
    pub certificate_der: Vec<u8>,
    pub key: PrivateKey,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum P12Error {
    #[error("the password is wrong")]
    WrongPassword,
    #[error("not a PKCS#12 file")]
    NotP12,
    #[error("a cipher, digest or key of kind {0} isn't known here")]
    Unknown(String),
    #[error("the file holds no key with its certificate")]
    NoKey,
}

impl From<NotDer> for P12Error {
    fn from(_: NotDer) -> Self {
        Self::NotP12
    }
}

/// Opens a file with the first key in it and the certificate of the same key id.
///
/// # Errors
/// [`P12Error`]: the password is told apart from a broken file by the file's own HMAC.
pub fn open(file: &[u8], password: &str) -> Result<Opened, P12Error> {
    if file.len() > LARGEST {
        return Err(P12Error::NotP12);
    }
    let password = bmp_string(password);
    let file = ber::to_der(file).ok_or(P12Error::NotP12)?;
    let mut pfx = Cursor::new(&file)?.sequence()?;
    pfx.any()?; // the version, always 3
    let safes = content(&mut pfx.sequence()?, DATA)?;
    let safes = safes.open()?.octets()?;
    check_mac(&mut pfx.sequence()?, safes, &password)?;

    let safes = ber::to_der(safes).ok_or(P12Error::NotP12)?;
    let mut bags = Bags::default();
    let mut each = Cursor::new(&safes)?.sequence()?;
    while !each.is_finished() {
        let safe = each.any()?;
        let kind = safe.open()?.object_identifier()?.to_string();
        let inside = content(&mut safe.open()?, &kind)?;
        match kind.as_str() {
            DATA => bags.read(inside.open()?.octets()?, &password)?,
            ENCRYPTED_DATA => bags.read(&encrypted_data(inside, &password)?, &password)?,
            _ => return Err(P12Error::Unknown(kind)),
        }
    }
    bags.opened()
}

/// ContentInfo: what stands in its `[0]`, if its type is the wanted one.
fn content<'a>(info: &mut Cursor<'a>, wanted: &str) -> Result<Element<'a>, P12Error> {
    let kind = info.object_identifier()?.to_string();
    if kind != wanted {
        return Err(P12Error::Unknown(kind));
    }
    Ok(info.expect(context(0))?)
}

fn encrypted_data(inside: Element<'_>, password: &[u8]) -> Result<Vec<u8>, P12Error> {
    let mut data = inside.open()?.sequence()?;
    data.any()?; // the version, always 0
    let mut info = data.sequence()?;
    info.object_identifier()?;
    let algorithm = info.any()?;
    let encrypted = info.any()?;
    // [0] IMPLICIT OCTET STRING: whole, or in pieces when its tag is a constructed one.
    let bytes = if encrypted.tag == context(0) {
        let mut pieces = encrypted.open()?;
        let mut whole = Vec::new();
        while !pieces.is_finished() {
            whole.extend_from_slice(pieces.octets()?);
        }
        whole
    } else {
        encrypted.contents.to_vec()
    };
    decrypt(algorithm, &bytes, password)
}

/// What the safes hold, each with its key id.
#[derive(Default)]
struct Bags {
    key: Option<(Vec<u8>, Vec<u8>)>,
    certificates: Vec<(Vec<u8>, Vec<u8>)>,
}

impl Bags {
    fn read(&mut self, contents: &[u8], password: &[u8]) -> Result<(), P12Error> {
        let contents = ber::to_der(contents).ok_or(P12Error::NotP12)?;
        let mut each = Cursor::new(&contents)?.sequence()?;
        while !each.is_finished() {
            let mut bag = each.sequence()?;
            let kind = bag.object_identifier()?.to_string();
            let value = bag.expect(context(0))?;
            let id = key_id(&mut bag)?;
            match kind.as_str() {
                KEY_BAG if self.key.is_none() => {
                    let mut shrouded = value.open()?.sequence()?;
                    let algorithm = shrouded.any()?;
                    self.key = Some((id, decrypt(algorithm, shrouded.octets()?, password)?));
                }
                CERTIFICATE_BAG => {
                    let mut certificate = value.open()?.sequence()?;
                    let der = content(&mut certificate, X509_CERTIFICATE)?;
                    self.certificates.push((id, der.open()?.octets()?.to_vec()));
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn opened(self) -> Result<Opened, P12Error> {
        let (id, key) = self.key.ok_or(P12Error::NoKey)?;
        let certificate = self.certificates.into_iter().find(|(of, _)| *of == id);
        Ok(Opened {
            certificate_der: certificate.ok_or(P12Error::NoKey)?.1,
            key: private_key(&key)?,
        })
    }
}

/// The attribute that ties a key to its certificate; empty if there is none.
fn key_id(bag: &mut Cursor<'_>) -> Result<Vec<u8>, P12Error> {
    if bag.is_finished() {
        return Ok(Vec::new());
    }
    let mut attributes = bag.set()?;
    while !attributes.is_finished() {
        let mut attribute = attributes.sequence()?;
        if attribute.object_identifier()?.to_string() == LOCAL_KEY_ID {
            return Ok(attribute.set()?.octets()?.to_vec());
        }
    }
    Ok(Vec::new())
}

/// PKCS#8. A GOST scalar lies in an OCTET STRING within the OCTET STRING.
fn private_key(der: &[u8]) -> Result<PrivateKey, P12Error> {
    let der = ber::to_der(der).ok_or(P12Error::NotP12)?;
    let mut info = Cursor::new(&der)?.sequence()?;
    info.any()?; // the version, always 0
    let algorithm = info.sequence()?.object_identifier()?.to_string();
    let octets = info.octets()?;
    match algorithm.as_str() {
        RSA_KEY => Ok(PrivateKey::Rsa2048(der)),
        GOST512_KEY => {
            let scalar = Element::only(octets)?.contents;
            Ok(PrivateKey::Gost512(
                scalar.try_into().map_err(|_| P12Error::NotP12)?,
            ))
        }
        _ => Err(P12Error::Unknown(algorithm)),
    }
}

fn check_mac(mac: &mut Cursor<'_>, over: &[u8], password: &[u8]) -> Result<(), P12Error> {
    let mut digest_info = mac.sequence()?;
    let digest = digest_info.sequence()?.object_identifier()?.to_string();
    if digest != SHA1 {
        return Err(P12Error::Unknown(digest));
    }
    let expected = digest_info.octets()?;
    let salt = mac.octets()?;
    let rounds = if mac.is_finished() { 1 } else { rounds(mac.any()?)? };
    let key = derive(Use::Mac, password, salt, rounds, 20);
    let mut hmac = <Hmac<Sha1> as KeyInit>::new_from_slice(&key).map_err(|_| P12Error::NotP12)?;
    hmac.update(over);
    hmac.verify_slice(expected).map_err(|_| P12Error::WrongPassword)
}

fn rounds(number: Element<'_>) -> Result<u32, P12Error> {
    let octets = number.integer()?;
    let value = octets.iter().try_fold(0_u32, |value, octet| {
        value.checked_mul(256).map(|value| value + u32::from(*octet))
    });
    value
        .filter(|value| (1..=MOST_ROUNDS).contains(value))
        .ok_or(P12Error::NotP12)
}

fn decrypt(algorithm: Element<'_>, bytes: &[u8], password: &[u8]) -> Result<Vec<u8>, P12Error> {
    let mut algorithm = Cursor::new(algorithm.contents)?;
    let oid = algorithm.object_identifier()?.to_string();
    let mut parameters = algorithm.sequence()?;
    let salt = parameters.octets()?;
    let rounds = rounds(parameters.any()?)?;
    let derived = |purpose, length| derive(purpose, password, salt, rounds, length);
    let iv = derived(Use::Iv, 8);
    match oid.as_str() {
        TRIPLE_DES => {
            let cipher = TdesEde3::new_from_slice(&derived(Use::Key, 24)).map_err(|_| P12Error::NotP12)?;
            cbc(cipher, &iv, bytes)
        }
        RC2_40 => cbc(Rc2::new_with_eff_key_len(&derived(Use::Key, 5), 40), &iv, bytes),
        _ => Err(P12Error::Unknown(oid)),
    }
}

fn cbc<C>(cipher: C, iv: &[u8], bytes: &[u8]) -> Result<Vec<u8>, P12Error>
where
    C: BlockCipherDecrypt + BlockSizeUser,
{
    let iv = Block::<C>::try_from(iv).map_err(|_| P12Error::NotP12)?;
    let mut buffer = bytes.to_vec();
    let plain = cbc::Decryptor::inner_iv_init(cipher, &iv)
        .decrypt_padded::<Pkcs7>(&mut buffer)
        .map_err(|_| P12Error::NotP12)?;
    Ok(plain.to_vec())
}

/// What derived bytes are for: the first octet of the derivation.
#[derive(Clone, Copy)]
enum Use {
    Key = 1,
    Iv = 2,
    Mac = 3,
}

/// A password as PKCS#12 hashes it: UTF-16, big-endian, with a zero at the end.
fn bmp_string(password: &str) -> Vec<u8> {
    let units = password.encode_utf16().chain([0]);
    units.flat_map(u16::to_be_bytes).collect()
}

/// RFC 7292, appendix B.2, with SHA-1 (blocks of 64, digests of 20).
fn derive(purpose: Use, password: &[u8], salt: &[u8], rounds: u32, length: usize) -> Vec<u8> {
    const BLOCK: usize = 64;
    let filled = |bytes: &[u8]| -> Vec<u8> {
        let whole = bytes.len().div_ceil(BLOCK) * BLOCK;
        bytes.iter().copied().cycle().take(whole).collect()
    };
    let mut state = [filled(salt), filled(password)].concat();
    let mut out = Vec::new();
    while out.len() < length {
        let mut digest = Sha1::new_with_prefix([purpose as u8; BLOCK])
            .chain_update(&state)
            .finalize();
        for _ in 1..rounds {
            digest = Sha1::digest(digest);
        }
        out.extend_from_slice(&digest);
        // Every block of the state grows by the digest, repeated to a block's length, plus one.
        let addend: Vec<u8> = digest.iter().copied().cycle().take(BLOCK).collect();
        for block in state.chunks_exact_mut(BLOCK) {
            let mut carry = 1_u16;
            for (octet, add) in block.iter_mut().zip(&addend).rev() {
                carry += u16::from(*octet) + u16::from(*add);
                [_, *octet] = carry.to_be_bytes();
                carry >>= 8;
            }
        }
    }
    out.truncate(length);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pki::Certificate;
    use crate::samples;

    fn sample(name: &str) -> Option<Vec<u8>> {
        samples::bytes(&format!("p12/{name}"))
    }

    fn common_name(opened: &Opened) -> String {
        let certificate = Certificate::from_der(&opened.certificate_der).unwrap();
        certificate.common_name().unwrap()
    }

    #[test]
    fn derivation_is_that_of_the_rfc() {
        // From the test vectors published with Bouncy Castle and OpenSSL: «smeg» and «queeg», one and a thousand rounds.
        let key = derive(
            Use::Key,
            &bmp_string("smeg"),
            &[0x0a, 0x58, 0xcf, 0x64, 0x53, 0x0d, 0x82, 0x3f],
            1,
            24,
        );
        let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        assert_eq!(hex(&key), "8aaae6297b6cb04642ab5b077851284eb7128f1a2a7fbca3");
        let salt = [0x05, 0xde, 0xc9, 0x59, 0xac, 0xff, 0x72, 0xf7];
        let key = derive(Use::Key, &bmp_string("queeg"), &salt, 1000, 24);
        assert_eq!(hex(&key), "ed2034e36328830ff09df1e1a07dd357185dac0d4f9eb3d4");
        let iv = derive(Use::Iv, &bmp_string("queeg"), &salt, 1000, 8);
        assert_eq!(hex(&iv), "11dedad7758d4860");
    }

    #[test]
    fn a_national_gost_key_opens_with_its_certificate() {
        let Some(file) = sample("gost512_2026/individual_valid.p12") else {
            return;
        };
        let opened = open(&file, "Qwerty12").unwrap();
        assert_eq!(common_name(&opened), "ТЕСТОВ ТЕСТ");
        assert!(matches!(opened.key, PrivateKey::Gost512(scalar) if scalar != [0; 64]));
    }

    #[test]
    fn a_national_rsa_key_opens_as_pkcs8() {
        let Some(file) = sample("rsa_test_2021_2022/RSA256_individual_sign_2021.p12") else {
            return;
        };
        let opened = open(&file, "Qwerty12").unwrap();
        assert!(matches!(&opened.key, PrivateKey::Rsa2048(der) if der.len() > 1000));
        assert!(!common_name(&opened).is_empty());
    }

    #[test]
    fn every_gost512_and_rsa_file_opens_and_the_older_gost_is_named() {
        let Some(samples) = samples::nuc_rk() else { return };
        for (folder, password) in [
            ("gost512_2026", "Qwerty12"),
            ("gost512_2022", "Aa123456"),
            ("rsa_test_2021_2022", "Qwerty12"),
            ("gost2004", "Qwerty12"),
        ] {
            for entry in std::fs::read_dir(samples.join("p12").join(folder)).unwrap() {
                let path = entry.unwrap().path();
                let opened = open(&std::fs::read(&path).unwrap(), password);
                if folder == "gost2004" {
                    let refused = opened.unwrap_err();
                    assert_eq!(
                        refused,
                        P12Error::Unknown("1.2.398.3.10.1.1.1.1".to_owned()),
                        "{path:?}"
                    );
                } else {
                    assert!(opened.is_ok(), "{path:?}: {opened:?}");
                }
            }
        }
    }

    #[test]
    fn a_wrong_password_is_told_apart_from_a_broken_file() {
        let Some(mut file) = sample("gost512_2026/individual_valid.p12") else {
            return;
        };
        assert_eq!(open(&file, "qwerty12").unwrap_err(), P12Error::WrongPassword);
        assert_eq!(open(&file, "").unwrap_err(), P12Error::WrongPassword);
        for length in 0..file.len() {
            assert!(open(&file[..length], "Qwerty12").is_err());
        }
        file[400] ^= 1;
        assert_eq!(open(&file, "Qwerty12").unwrap_err(), P12Error::WrongPassword);
    }

    #[test]
    fn what_is_no_key_file_is_refused() {
        assert_eq!(open(b"", "x").unwrap_err(), P12Error::NotP12);
        assert_eq!(open(b"<html>", "x").unwrap_err(), P12Error::NotP12);
        assert_eq!(open(&[0x30; LARGEST + 1], "x").unwrap_err(), P12Error::NotP12);
    }
}
