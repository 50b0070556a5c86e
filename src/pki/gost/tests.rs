use super::*;

/// The signature made by hand from RFC 7091's equations with d, k and e fixed; only the byte order is national.
fn signed(d: &U512, k: &U512, digest: &[u8; 64]) -> (PublicKey, [u8; 128]) {
    let public = curve::multiply_generator(d).to_affine().unwrap();
    let c = curve::multiply_generator(k).to_affine().unwrap();
    let r = scalar::reduce(c.x.number());
    let s = scalar::add(&scalar::mul(&r, d), &scalar::mul(k, &digest_number(digest)));
    let mut signature = [0; 128];
    signature[..64].copy_from_slice(r.to_le_bytes().as_ref());
    signature[64..].copy_from_slice(s.to_le_bytes().as_ref());
    (PublicKey(public), signature)
}

fn example() -> (PublicKey, [u8; 64], [u8; 128]) {
    let digest = Streebog512::digest(b"a document").into();
    let (key, signature) = signed(
        &U512::from_u64(0xdead_beef),
        &U512::from_u64(0x1234_5678),
        &digest,
    );
    (key, digest, signature)
}

#[test]
fn a_signature_verifies_with_its_key_and_digest_only() {
    let (key, digest, signature) = example();
    assert!(key.verifies_digest(&digest, &signature));
    assert!(key.verifies(b"a document", &signature));
    assert!(!key.verifies(b"A document", &signature));
    let (other, _) = signed(&U512::from_u64(0xdead_beee), &U512::ONE, &digest);
    assert!(!other.verifies_digest(&digest, &signature));
}

#[test]
fn every_flipped_bit_of_a_signature_breaks_it() {
    let (key, digest, signature) = example();
    for bit in (0..1024).step_by(7) {
        let mut flipped = signature;
        flipped[bit / 8] ^= 1 << (bit % 8);
        assert!(!key.verifies_digest(&digest, &flipped), "bit {bit}");
    }
}

#[test]
fn numbers_out_of_range_are_refused() {
    let (key, digest, signature) = example();
    let with = |r: Option<U512>, s: Option<U512>| {
        let mut changed = signature;
        if let Some(r) = r {
            changed[..64].copy_from_slice(r.to_le_bytes().as_ref());
        }
        if let Some(s) = s {
            changed[64..].copy_from_slice(s.to_le_bytes().as_ref());
        }
        changed
    };
    let s = U512::from_le_slice(&signature[64..]);
    let r = U512::from_le_slice(&signature[..64]);
    for changed in [
        with(Some(U512::ZERO), None),
        with(None, Some(U512::ZERO)),
        with(Some(U512::ZERO), Some(U512::ZERO)),
        with(Some(curve::ORDER), None),
        with(None, Some(curve::ORDER)),
        with(None, Some(U512::MAX)),
    ] {
        assert!(!key.verifies_digest(&digest, &changed));
    }
    // The same signature written with s + q or r + q, where that fits 512 bits, is another encoding of it: refused.
    use crypto_bigint::CheckedAdd;
    for (number, place) in [(r, 0), (s, 64)] {
        if let Some(larger) = number.checked_add(&curve::ORDER).into_option() {
            let mut changed = signature;
            changed[place..place + 64].copy_from_slice(larger.to_le_bytes().as_ref());
            assert!(!key.verifies_digest(&digest, &changed));
        }
    }
}

#[test]
fn a_signature_with_a_small_s_has_no_second_encoding() {
    // Choose d so that s is tiny: s = r·d + k·e  ⇒  d = (s − k·e)/r. Then s + q is below 2⁵¹².
    let digest: [u8; 64] = Streebog512::digest(b"small s").into();
    let k = U512::from_u64(77);
    let r = scalar::reduce(curve::multiply_generator(&k).to_affine().unwrap().x.number());
    let s = U512::from_u64(5);
    let difference = scalar::add(&s, &scalar::negate(&scalar::mul(&k, &digest_number(&digest))));
    let d = scalar::mul(&difference, &scalar::invert(&r).unwrap());
    let (key, signature) = signed(&d, &k, &digest);
    assert_eq!(signature[64..66], [5, 0]);
    assert!(key.verifies_digest(&digest, &signature));
    let mut second = signature;
    second[64..].copy_from_slice(s.wrapping_add(&curve::ORDER).to_le_bytes().as_ref());
    assert!(!key.verifies_digest(&digest, &second));
}

#[test]
fn other_byte_orders_do_not_verify() {
    let (key, digest, signature) = example();
    let (r, s) = signature.split_at(64);
    let reversed = |half: &[u8]| half.iter().rev().copied().collect::<Vec<u8>>();
    for other in [
        [s, r].concat(),
        [reversed(r), reversed(s)].concat(),
        [reversed(s), reversed(r)].concat(),
    ] {
        assert!(!key.verifies_digest(&digest, &other));
    }
    let mut big_endian = digest;
    big_endian.reverse();
    assert!(!key.verifies_digest(&big_endian, &signature));
    assert!(!key.verifies_digest(&digest, &signature[..127]));
    assert!(!key.verifies_digest(&digest, &[signature.as_slice(), &[0]].concat()));
}

#[test]
fn a_digest_of_zero_counts_as_one() {
    let (key, signature) = signed(&U512::from_u64(3), &U512::from_u64(4), &[0; 64]);
    assert!(key.verifies_digest(&[0; 64], &signature));
    let mut one = [0; 64];
    one[0] = 1;
    assert!(key.verifies_digest(&one, &signature));
    // The order itself, as a digest, is zero as well.
    let order: [u8; 64] = curve::ORDER.to_le_bytes().as_ref().try_into().unwrap();
    assert!(key.verifies_digest(&order, &signature));
}

#[test]
fn a_key_off_the_curve_is_no_key() {
    let (key, ..) = example();
    let bytes = key.to_bytes();
    assert_eq!(PublicKey::from_bytes(&bytes), Some(key));
    let mut off = bytes;
    off[64] ^= 1;
    assert_eq!(PublicKey::from_bytes(&off), None);
    assert_eq!(
        PublicKey::from_bytes(&[0; 128]),
        None,
        "infinity has no coordinates"
    );
    // The generator's x is 3, so x + p still has 512 bits: the same coordinate written another way.
    let mut generator = signed(&U512::ONE, &U512::ONE, &[7; 64]).0.to_bytes();
    assert!(PublicKey::from_bytes(&generator).is_some());
    generator[..64].copy_from_slice(
        field::MODULUS
            .wrapping_add(&U512::from_u64(3))
            .to_le_bytes()
            .as_ref(),
    );
    assert_eq!(PublicKey::from_bytes(&generator), None);
}

#[test]
fn the_recorded_vector_of_the_national_library_verifies() {
    let Some(text) = crate::samples::text("vectors/ncalayer-rs_test_gost512.vectors") else {
        return;
    };
    let field = |name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name)).unwrap();
        line.as_bytes()
            .chunks(2)
            .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
            .collect::<Vec<u8>>()
    };
    let message = text.lines().find_map(|line| line.strip_prefix("msg=")).unwrap();
    let spki = field("spki=");
    let key = PublicKey::from_bytes(spki[spki.len() - 128..].try_into().unwrap()).unwrap();
    assert!(key.verifies(message.as_bytes(), &field("sig=")));
    // The file prints the digest most significant byte first.
    let mut digest = field("digest=");
    assert_eq!(Streebog512::digest(message.as_bytes()).as_slice(), digest);
    assert!(key.verifies_digest(digest.as_slice().try_into().unwrap(), &field("sig=")));
    digest.reverse();
    assert!(!key.verifies_digest(digest.as_slice().try_into().unwrap(), &field("sig=")));
    // And the key is the one of the printed scalar.
    let d = U512::from_be_slice(&field("d="));
    assert_eq!(PublicKey(curve::multiply_generator(&d).to_affine().unwrap()), key);
}
