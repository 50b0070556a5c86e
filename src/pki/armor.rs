//! What people and programs hand over as "the signature": DER, bare base64, or PEM with one of the labels in use.
//! NCALayer gives "BEGIN CMS" (`basics`) or one line of base64 (`commonUtils`); other tools write "BEGIN PKCS7".

use super::Refusal;

/// Base64 of a mebibyte with line ends, and room for the labels.
const MAX_TEXT: usize = 1_500_000;
const LABELS: [&str; 5] = ["CMS", "PKCS7", "PKCS #7 SIGNED DATA", "CERTIFICATE", "X509 CRL"];

/// The DER (or BER) bytes inside. A single PEM block, nothing but white space around it; what starts like a SEQUENCE is
/// taken as it is.
pub fn decode(input: &[u8]) -> Result<Vec<u8>, Refusal> {
    if input.first() == Some(&0x30) && !looks_like_text(input) {
        return Ok(input.to_vec());
    }
    if input.len() > MAX_TEXT {
        return Err(Refusal::TooLarge);
    }
    let text = std::str::from_utf8(input)
        .map_err(|_| Refusal::NotArmoured)?
        .trim_start_matches('\u{feff}')
        .trim();
    let body = match text.strip_prefix("-----BEGIN ") {
        Some(rest) => {
            let (label, rest) = rest.split_once("-----").ok_or(Refusal::NotArmoured)?;
            let body = rest
                .strip_suffix(&format!("-----END {label}-----"))
                .ok_or(Refusal::NotArmoured)?;
            if LABELS.contains(&label) {
                body
            } else {
                return Err(Refusal::NotArmoured);
            }
        }
        None => text,
    };
    base64(body).ok_or(Refusal::NotArmoured)
}

/// `0x30` is also the digit 0, with which no base64 of a SEQUENCE begins (that is always M): only pure text is text.
fn looks_like_text(input: &[u8]) -> bool {
    input
        .iter()
        .all(|byte| byte.is_ascii_alphanumeric() || b"+/=\r\n".contains(byte))
}

/// RFC 4648 with white space between; padding may be absent, but the last bits must be zero and nothing may follow it.
pub(crate) fn base64(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut held, mut padding, mut count) = (0_u32, 0_u32, 0_usize, 0_usize);
    for byte in text.bytes().filter(|byte| !byte.is_ascii_whitespace()) {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' if padding < 2 => {
                padding += 1;
                continue;
            }
            _ => return None,
        };
        if padding > 0 {
            return None;
        }
        count += 1;
        bits = bits << 6 | u32::from(value);
        held += 6;
        if held >= 8 {
            held -= 8;
            out.push((bits >> held & 0xff) as u8);
            bits &= (1 << held) - 1;
        }
    }
    let padding_fits = padding == 0 || (count + padding).is_multiple_of(4);
    (count > 0 && count % 4 != 1 && bits == 0 && padding_fits).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_armour_gives_the_same_bytes() {
        let der = [0x30, 3, 2, 1, 0x7f];
        let base = "MAMCAX8=";
        for text in [
            base.to_owned(),
            "MAMCAX8".to_owned(),
            format!("-----BEGIN CMS-----\n{base}\n-----END CMS-----\n"),
            "\u{feff}-----BEGIN PKCS7-----\r\nMAMC\r\nAX8=\r\n-----END PKCS7-----\r\n".to_owned(),
        ] {
            assert_eq!(decode(text.as_bytes()).as_deref(), Ok(&der[..]), "{text}");
        }
        assert_eq!(decode(&der).as_deref(), Ok(&der[..]));
    }

    #[test]
    fn what_is_no_armour_is_refused() {
        for text in [
            "",
            "=",
            "MAMCAX8===",
            "MAMCAX9=",
            "MA=MCAX8",
            "MAMCA",
            "привет",
            "-----BEGIN CMS-----\nMAMCAX8=\n-----END PKCS7-----",
            "-----BEGIN PRIVATE KEY-----\nMAMCAX8=\n-----END PRIVATE KEY-----",
            "-----BEGIN CMS-----\nMAMCAX8=\n-----END CMS-----\n-----BEGIN CMS-----\nMAMCAX8=\n-----END CMS-----",
        ] {
            assert_eq!(decode(text.as_bytes()), Err(Refusal::NotArmoured), "{text}");
        }
    }
}
