use super::*;

#[test]
fn the_generator_is_on_the_curve_and_has_the_order() {
    assert_eq!(Affine::on_curve(GENERATOR.x, GENERATOR.y), Some(GENERATOR));
    assert!(multiply_generator(&ORDER).is_infinity());
    let last = multiply_generator(&ORDER.wrapping_sub(&U512::ONE)).to_affine();
    assert_eq!(last, Some(GENERATOR.negate()));
}

/// The same field and group, written as slowly and plainly as they are defined.
mod naive {
    use num_bigint::BigUint;

    use super::{Affine, B, Element, ORDER, U512};

    pub(super) type Point = Option<(BigUint, BigUint)>;

    pub(super) fn big(number: &U512) -> BigUint {
        BigUint::from_bytes_le(number.to_le_bytes().as_ref())
    }

    pub(super) fn p() -> BigUint {
        (BigUint::from(1_u8) << 512) - 569_u32
    }

    pub(super) fn q() -> BigUint {
        big(&ORDER)
    }

    pub(super) fn inverse(number: &BigUint, modulus: &BigUint) -> BigUint {
        number.modpow(&(modulus - 2_u8), modulus)
    }

    pub(super) fn sub(a: &BigUint, b: &BigUint) -> BigUint {
        ((a + p()) - b) % p()
    }

    pub(super) fn point(point: &Affine) -> Point {
        Some((big(point.x.number()), big(point.y.number())))
    }

    pub(super) fn is_on_curve(x: &BigUint, y: &BigUint) -> bool {
        let cube = x * x * x + big(B.number());
        (y * y) % p() == sub(&(cube % p()), &((x * 3_u8) % p()))
    }

    pub(super) fn add(a: &Point, b: &Point) -> Point {
        let (Some((x1, y1)), Some((x2, y2))) = (a, b) else {
            return a.clone().or(b.clone());
        };
        let slope = if x1 != x2 {
            sub(y2, y1) * inverse(&sub(x2, x1), &p())
        } else if y1 == y2 {
            sub(&((x1 * x1 * 3_u8) % p()), &3_u8.into()) * inverse(&((y1 * 2_u8) % p()), &p())
        } else {
            return None;
        } % p();
        let x = sub(&sub(&((&slope * &slope) % p()), x1), x2);
        let y = sub(&((slope * sub(x1, &x)) % p()), y1);
        Some((x, y))
    }

    pub(super) fn multiply(k: &BigUint, point: &Point) -> Point {
        let mut sum = None;
        for bit in (0..k.bits()).rev() {
            sum = add(&sum, &sum);
            if k.bit(bit) {
                sum = add(&sum, point);
            }
        }
        sum
    }

    pub(super) fn element(number: &U512) -> (Element, BigUint) {
        let reduced = big(number) % p();
        let bytes = reduced.to_bytes_le();
        let mut padded = [0; 64];
        padded[..bytes.len()].copy_from_slice(&bytes);
        (Element::new(U512::from_le_slice(&padded)).unwrap(), reduced)
    }
}

mod properties {
    use proptest::prelude::*;

    use super::{naive, *};

    /// Numbers of 512 bits, with those near zero, near p and near 2⁵¹² as often as all the rest.
    fn number() -> impl Strategy<Value = U512> {
        let any = prop::array::uniform32(any::<u16>()).prop_map(|halves| {
            let mut bytes = [0; 64];
            for (pair, half) in bytes.chunks_exact_mut(2).zip(halves) {
                pair.copy_from_slice(&half.to_le_bytes());
            }
            U512::from_le_slice(&bytes)
        });
        let near = (0_u64..2_000).prop_map(U512::from_u64);
        prop_oneof![
            4 => any,
            1 => near.clone(),
            1 => near.clone().prop_map(|n| super::super::super::field::MODULUS.wrapping_sub(&n)),
            1 => near.clone().prop_map(|n| ORDER.wrapping_sub(&n)),
            1 => near.prop_map(|n| U512::MAX.wrapping_sub(&n)),
        ]
    }

    fn scalar_below_order() -> impl Strategy<Value = U512> {
        number().prop_map(|number| scalar::reduce(&number))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        #[test]
        fn the_field_agrees_with_plain_integers(a in number(), b in number()) {
            let ((a, big_a), (b, big_b)) = (naive::element(&a), naive::element(&b));
            prop_assert_eq!(naive::big(a.add(&b).number()), (&big_a + &big_b) % naive::p());
            prop_assert_eq!(naive::big(a.sub(&b).number()), naive::sub(&big_a, &big_b));
            prop_assert_eq!(naive::big(a.mul(&b).number()), (&big_a * &big_b) % naive::p());
            prop_assert_eq!(naive::big(a.square().number()), (&big_a * &big_a) % naive::p());
            prop_assert_eq!(naive::big(a.double().number()), (&big_a * 2_u8) % naive::p());
            prop_assert_eq!(naive::big(a.negate().number()), naive::sub(&0_u8.into(), &big_a));
            match a.invert() {
                Some(inverse) => prop_assert_eq!(a.mul(&inverse), Element::ONE),
                None => prop_assert!(a.is_zero()),
            }
        }

        #[test]
        fn scalars_agree_with_plain_integers(a in number(), b in number()) {
            let q = naive::q();
            let (x, y) = (scalar::reduce(&a), scalar::reduce(&b));
            prop_assert_eq!(naive::big(&x), naive::big(&a) % &q);
            prop_assert_eq!(naive::big(&scalar::mul(&x, &y)), (naive::big(&x) * naive::big(&y)) % &q);
            prop_assert_eq!(naive::big(&scalar::add(&x, &y)), (naive::big(&x) + naive::big(&y)) % &q);
            prop_assert_eq!(naive::big(&scalar::add(&x, &scalar::negate(&x))), 0_u8.into());
            match scalar::invert(&x) {
                Some(inverse) => prop_assert_eq!(scalar::mul(&x, &inverse), U512::ONE),
                None => prop_assert_eq!(x, U512::ZERO),
            }
        }

        #[test]
        fn only_numbers_below_p_are_elements(a in number()) {
            prop_assert_eq!(Element::new(a).is_some(), naive::big(&a) < naive::p());
        }

        #[test]
        fn the_non_adjacent_form_is_the_number(k in number(), window in 2_usize..=8) {
            let digits = non_adjacent_form(&k, window);
            let (mut positive, mut negative) = (num_bigint::BigUint::ZERO, num_bigint::BigUint::ZERO);
            for digit in digits.iter().rev() {
                positive = positive * 2_u8 + u8::try_from((*digit).max(0)).unwrap();
                negative = negative * 2_u8 + u8::try_from(-i16::from(*digit).min(0)).unwrap();
            }
            prop_assert_eq!(positive - negative, naive::big(&k));
            let bound = 1 << (window - 1);
            prop_assert!(digits.iter().all(|d| *d == 0 || (d % 2 != 0 && i16::from(*d).abs() < bound)));
            prop_assert!(digits.windows(window).all(|w| w.iter().filter(|d| **d != 0).count() <= 1));
        }
    }

    proptest! {
        // A plain multiplication divides five hundred times, so these are few.
        #![proptest_config(ProptestConfig::with_cases(6))]

        #[test]
        fn the_group_agrees_with_plain_integers(a in scalar_below_order(), b in scalar_below_order(), k in 1_u64..1_000_000) {
            let point = multiply_generator(&U512::from_u64(k)).to_affine().unwrap();
            let (x, y) = naive::point(&point).unwrap();
            prop_assert!(naive::is_on_curve(&x, &y));
            prop_assert_eq!(naive::point(&point), naive::multiply(&k.into(), &naive::point(&GENERATOR)));
            let sum = double_scalar_multiply(&a, &b, &point);
            let expected = naive::add(
                &naive::multiply(&naive::big(&a), &naive::point(&GENERATOR)),
                &naive::multiply(&naive::big(&b), &naive::point(&point)),
            );
            prop_assert_eq!(sum.to_affine().and_then(|sum| naive::point(&sum)), expected);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn the_group_s_laws_hold(a in scalar_below_order(), b in scalar_below_order()) {
            let times = |k: &U512| multiply_generator(k);
            let equal = |one: Point, two: Point| one.to_affine() == two.to_affine();
            prop_assert!(equal(times(&a).add(&times(&b)), times(&scalar::add(&a, &b))));
            prop_assert!(equal(times(&a).double(), times(&scalar::add(&a, &a))));
            prop_assert!(times(&a).add(&times(&scalar::negate(&a))).is_infinity());
            if let Some(affine) = times(&b).to_affine() {
                prop_assert!(equal(times(&a).add_affine(&affine), times(&a).add(&times(&b))));
                prop_assert!(equal(double_scalar_multiply(&a, &U512::ONE, &affine), times(&scalar::add(&a, &b))));
                let r = scalar::reduce(affine.x.number());
                prop_assert!(times(&b).x_modulo_order_is(&r));
                prop_assert!(!times(&b).x_modulo_order_is(&scalar::add(&r, &U512::ONE)));
            }
        }
    }
}

#[test]
fn additions_meet_their_special_cases() {
    let g = Point::from(GENERATOR);
    let equal = |one: Point, two: Point| assert_eq!(one.to_affine(), two.to_affine());
    equal(g.add(&g), g.double());
    equal(g.add_affine(&GENERATOR), g.double());
    equal(g.add(&Point::INFINITY), g);
    equal(Point::INFINITY.add(&g), g);
    equal(Point::INFINITY.add_affine(&GENERATOR), g);
    assert!(g.add_affine(&GENERATOR.negate()).is_infinity());
    assert!(Point::INFINITY.double().is_infinity());
    assert!(double_scalar_multiply(&U512::ZERO, &U512::ZERO, &GENERATOR).is_infinity());
    // a·G + b·(−G) with a = b meets infinity at the end; with another scaling it meets doublings midway.
    let k = U512::from_u64(0x1234_5678_9abc);
    assert!(double_scalar_multiply(&k, &k, &GENERATOR.negate()).is_infinity());
    assert!(!Point::INFINITY.x_modulo_order_is(&U512::ZERO));
}

#[test]
fn an_x_beyond_the_order_counts_modulo_the_order() {
    // No point is known with such an x, but the comparison must still see both candidates: scale Z by hand.
    let beyond = Element::new(ORDER.wrapping_add(&U512::from_u64(5))).unwrap();
    let z = Element::new(U512::from_u64(7)).unwrap();
    let point = Point {
        x: beyond.mul(&z.square()),
        y: Element::ONE,
        z,
    };
    assert!(point.x_modulo_order_is(&U512::from_u64(5)));
    assert!(!point.x_modulo_order_is(&U512::from_u64(6)));
}
