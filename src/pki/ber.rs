//! From BER to DER, for the two liberties that real signers take: indefinite lengths and OCTET STRINGs in pieces. Lengths
//! are written anew in their shortest form; values are not touched, so whatever was signed as DER still verifies, and
//! whatever else was wrong stays wrong. The caller keeps the original bytes.

use super::asn1::{NotDer, Parsed};

const MAX_DEPTH: usize = 32;
const CONSTRUCTED: u8 = 0x20;
const OCTET_STRING: u8 = 0x04;

/// The DER of exactly one BER element. Work and memory are bounded by 32 times the input.
pub fn to_der(input: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(input.len());
    let rest = element(input, 0, &mut out).ok()?;
    rest.is_empty().then_some(out)
}

/// Converts the first element of `input` and returns what follows it.
fn element<'a>(input: &'a [u8], depth: usize, out: &mut Vec<u8>) -> Parsed<&'a [u8]> {
    let (&tag, rest) = input.split_first().ok_or(NotDer)?;
    // Tags above 30 take several octets; nothing in this room has them.
    if depth >= MAX_DEPTH || tag & 0x1f == 0x1f || tag == 0 {
        return Err(NotDer);
    }
    let constructed = tag & CONSTRUCTED != 0;
    let (length, rest) = length(rest)?;
    let (contents, after) = match length {
        Some(length) => {
            let (contents, after) = rest.split_at_checked(length).ok_or(NotDer)?;
            (contents, Some(after))
        }
        None if constructed => (rest, None),
        None => return Err(NotDer),
    };
    if !constructed {
        write(tag, contents, out)?;
        return after.ok_or(NotDer);
    }
    let mut inner = Vec::new();
    let mut rest = contents;
    let in_pieces = tag == OCTET_STRING | CONSTRUCTED;
    loop {
        match (after, rest) {
            (Some(_), []) => break,
            (None, [0, 0, end @ ..]) => {
                rest = end;
                break;
            }
            _ => {}
        }
        let start = inner.len();
        rest = element(rest, depth + 1, &mut inner)?;
        if in_pieces {
            // The piece was just written as a primitive OCTET STRING: keep its contents only.
            let header = piece_header(&inner[start..])?;
            inner.drain(start..start + header);
        }
    }
    write(if in_pieces { OCTET_STRING } else { tag }, &inner, out)?;
    Ok(after.unwrap_or(rest))
}

fn piece_header(piece: &[u8]) -> Parsed<usize> {
    match piece {
        [OCTET_STRING, 0..=0x7f, ..] => Ok(2),
        [OCTET_STRING, long, ..] => Ok(2 + usize::from(long & 0x7f)),
        _ => Err(NotDer),
    }
}

/// The length octets: a number, or `None` for the indefinite form.
fn length(input: &[u8]) -> Parsed<(Option<usize>, &[u8])> {
    let (&first, rest) = input.split_first().ok_or(NotDer)?;
    match first {
        0..=0x7f => Ok((Some(usize::from(first)), rest)),
        0x80 => Ok((None, rest)),
        0x81..=0x84 => {
            let (octets, rest) = rest.split_at_checked(usize::from(first & 0x7f)).ok_or(NotDer)?;
            Ok((
                Some(
                    octets
                        .iter()
                        .fold(0, |length, octet| length << 8 | usize::from(*octet)),
                ),
                rest,
            ))
        }
        _ => Err(NotDer),
    }
}

fn write(tag: u8, contents: &[u8], out: &mut Vec<u8>) -> Parsed<()> {
    out.push(tag);
    let length = u32::try_from(contents.len()).map_err(|_| NotDer)?;
    if length < 0x80 {
        out.push(length.to_be_bytes()[3]);
    } else {
        let octets = length.to_be_bytes();
        let skipped = (length.leading_zeros() / 8) as usize;
        out.push(0x84 - octets[..skipped].len() as u8);
        out.extend_from_slice(&octets[skipped..]);
    }
    out.extend_from_slice(contents);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indefinite_lengths_and_pieces_become_der() {
        let ber = [
            0x30, 0x80, 0x24, 0x80, 4, 1, 0xaa, 4, 0x81, 2, 0xbb, 0xcc, 0, 0, 2, 0x82, 0, 1, 7, 0, 0,
        ];
        assert_eq!(
            to_der(&ber).as_deref(),
            Some(&[0x30, 8, 4, 3, 0xaa, 0xbb, 0xcc, 2, 1, 7][..])
        );
    }

    #[test]
    fn der_stays_as_it_is() {
        let mut der = vec![0x30, 0x81, 0x84, 4, 0x81, 0x81];
        der.extend([7; 0x81]);
        assert_eq!(to_der(&der), Some(der));
    }

    #[test]
    fn what_is_not_ber_ends_the_conversion() {
        let deep = [&[0x30, 0x80].repeat(40)[..], &[0; 80]].concat();
        for input in [
            &[][..],
            &[0x30, 0x80],
            &[4, 0x80, 0, 0],
            &[0x30, 2, 4],
            &[0x24, 3, 2, 1, 0],
            &[5, 0, 0],
            &deep,
            &[0x30, 0x84, 0xff, 0xff, 0xff, 0xff],
            &[0x30, 0x89],
        ] {
            assert_eq!(to_der(input), None, "{input:02x?}");
        }
    }
}
