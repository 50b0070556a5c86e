//! The curve tc26-512-A: y² = x³ − 3x + b over the field, a group of prime order q with cofactor one (RFC 7836, A.1).
//! Points are held in Jacobian coordinates (x = X/Z², y = Y/Z³), which need no division until the end; the formulas are
//! dbl-2001-b, add-2007-bl and madd-2007-bl of the explicit-formulas database. Not constant time: public data only.

use std::sync::LazyLock;

use crypto_bigint::{CheckedAdd, NonZero, Odd, U512};

use super::field::Element;

const B: Element = Element::constant(
    "e8c2505dedfc86ddc1bd0b2b6667f1da34b82574761cb0e879bd081cfd0b6265\
     ee3cb090f30d27614cb4574010da90dd862ef9d4ebee4761503190785a71c760",
);

/// The number of points, prime.
pub(crate) const ORDER: U512 = U512::from_be_hex(
    "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff\
     27e69532f48d89116ff22b8d4e0560609b4b38abfad2b85dcacdb1411f10b275",
);
const NON_ZERO_ORDER: NonZero<U512> = NonZero::<U512>::new_unwrap(ORDER);
const ODD_ORDER: Odd<U512> = Odd::from_be_hex(
    "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff\
     27e69532f48d89116ff22b8d4e0560609b4b38abfad2b85dcacdb1411f10b275",
);

const GENERATOR: Affine = Affine {
    x: Element::constant(
        "0000000000000000000000000000000000000000000000000000000000000000\
         0000000000000000000000000000000000000000000000000000000000000003",
    ),
    y: Element::constant(
        "7503cfe87a836ae3a61b8816e25450e6ce5e1c93acf1abc1778064fdcbefa921\
         df1626be4fd036e93d75e6a50e3a41e98028fe5fc235f5b889a589cb5215f2a4",
    ),
};

/// A finite point by its two coordinates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Affine {
    pub(crate) x: Element,
    pub(crate) y: Element,
}

impl Affine {
    /// The point, if the two numbers satisfy the curve's equation. As the cofactor is one, every such point is in the
    /// group.
    pub(crate) fn on_curve(x: Element, y: Element) -> Option<Self> {
        let x_cubed_minus_3x = x.square().mul(&x).sub(&x.double().add(&x));
        (y.square() == x_cubed_minus_3x.add(&B)).then_some(Self { x, y })
    }

    fn negate(&self) -> Self {
        Self {
            x: self.x,
            y: self.y.negate(),
        }
    }
}

/// A point, the infinite one (Z = 0) included.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Point {
    x: Element,
    y: Element,
    z: Element,
}

impl From<Affine> for Point {
    fn from(point: Affine) -> Self {
        Self {
            x: point.x,
            y: point.y,
            z: Element::ONE,
        }
    }
}

impl Point {
    pub(crate) const INFINITY: Self = Self {
        x: Element::ONE,
        y: Element::ONE,
        z: Element::ZERO,
    };

    pub(crate) fn is_infinity(&self) -> bool {
        self.z.is_zero()
    }

    pub(crate) fn double(&self) -> Self {
        // The group's order is odd, so no finite point has y = 0, and infinity doubles to Z = 0 by the formula itself.
        let delta = self.z.square();
        let gamma = self.y.square();
        let beta = self.x.mul(&gamma);
        let product = self.x.sub(&delta).mul(&self.x.add(&delta));
        let alpha = product.double().add(&product);
        let beta4 = beta.double().double();
        let x = alpha.square().sub(&beta4.double());
        let z = self.y.add(&self.z).square().sub(&gamma).sub(&delta);
        let gamma_squared8 = gamma.square().double().double().double();
        let y = alpha.mul(&beta4.sub(&x)).sub(&gamma_squared8);
        Self { x, y, z }
    }

    pub(crate) fn add(&self, other: &Self) -> Self {
        if self.is_infinity() {
            return *other;
        }
        if other.is_infinity() {
            return *self;
        }
        let z1z1 = self.z.square();
        let z2z2 = other.z.square();
        let u1 = self.x.mul(&z2z2);
        let u2 = other.x.mul(&z1z1);
        let s1 = self.y.mul(&other.z).mul(&z2z2);
        let s2 = other.y.mul(&self.z).mul(&z1z1);
        let h = u2.sub(&u1);
        let r = s2.sub(&s1).double();
        if h.is_zero() {
            return if r.is_zero() {
                self.double()
            } else {
                Self::INFINITY
            };
        }
        let i = h.double().square();
        let j = h.mul(&i);
        let v = u1.mul(&i);
        let x = r.square().sub(&j).sub(&v.double());
        let y = r.mul(&v.sub(&x)).sub(&s1.mul(&j).double());
        let z = self.z.add(&other.z).square().sub(&z1z1).sub(&z2z2).mul(&h);
        Self { x, y, z }
    }

    pub(crate) fn add_affine(&self, other: &Affine) -> Self {
        if self.is_infinity() {
            return (*other).into();
        }
        let z1z1 = self.z.square();
        let u2 = other.x.mul(&z1z1);
        let s2 = other.y.mul(&self.z).mul(&z1z1);
        let h = u2.sub(&self.x);
        let r = s2.sub(&self.y).double();
        if h.is_zero() {
            return if r.is_zero() {
                self.double()
            } else {
                Self::INFINITY
            };
        }
        let hh = h.square();
        let i = hh.double().double();
        let j = h.mul(&i);
        let v = self.x.mul(&i);
        let x = r.square().sub(&j).sub(&v.double());
        let y = r.mul(&v.sub(&x)).sub(&self.y.mul(&j).double());
        let z = self.z.add(&h).square().sub(&z1z1).sub(&hh);
        Self { x, y, z }
    }

    /// `None` for infinity. One inversion: wanted at the end of a calculation only.
    #[cfg(any(test, feature = "demo"))]
    pub(crate) fn to_affine(self) -> Option<Affine> {
        let inverse = self.z.invert()?;
        let inverse_squared = inverse.square();
        Some(Affine {
            x: self.x.mul(&inverse_squared),
            y: self.y.mul(&inverse_squared).mul(&inverse),
        })
    }

    /// Whether the affine x of this point, taken modulo the order, equals `r` (below the order). Compares r·Z² with X,
    /// which spares the inversion; since q < p < 2q the coordinate may also be r + q.
    pub(crate) fn x_modulo_order_is(&self, r: &U512) -> bool {
        if self.is_infinity() {
            return false;
        }
        let zz = self.z.square();
        let matches = |candidate: U512| Element::new(candidate).is_some_and(|x| x.mul(&zz) == self.x);
        // When r + q passes 2⁵¹² it passes p too, and no coordinate is that large.
        matches(*r) || r.checked_add(&ORDER).into_option().is_some_and(matches)
    }
}

/// Arithmetic on scalars, modulo the order q. Every input is below q.
pub(crate) mod scalar {
    use super::{NON_ZERO_ORDER, ODD_ORDER, U512};

    pub(crate) fn reduce(number: &U512) -> U512 {
        number.rem_vartime(&NON_ZERO_ORDER)
    }

    pub(crate) fn mul(a: &U512, b: &U512) -> U512 {
        a.mul_mod_vartime(b, &NON_ZERO_ORDER)
    }

    #[cfg(any(test, feature = "demo"))]
    pub(crate) fn add(a: &U512, b: &U512) -> U512 {
        a.add_mod(b, &NON_ZERO_ORDER)
    }

    pub(crate) fn negate(a: &U512) -> U512 {
        a.neg_mod(&NON_ZERO_ORDER)
    }

    /// `None` for zero.
    pub(crate) fn invert(a: &U512) -> Option<U512> {
        a.invert_odd_mod_vartime(&ODD_ORDER).into_option()
    }
}

const GENERATOR_WINDOW: usize = 8;
const POINT_WINDOW: usize = 5;
/// A scalar of 512 bits may carry into one more digit.
const DIGITS: usize = 513;

/// G, 3G, 5G … 127G; built once, on the first verification.
static GENERATOR_MULTIPLES: LazyLock<[Affine; 1 << (GENERATOR_WINDOW - 2)]> =
    LazyLock::new(|| odd_multiples(GENERATOR));

/// P, 3P, 5P … as affine points by one shared inversion (Montgomery's trick).
fn odd_multiples<const N: usize>(point: Affine) -> [Affine; N] {
    let doubled = Point::from(point).double();
    let mut multiples = [Point::from(point); N];
    for index in 1..N {
        multiples[index] = multiples[index - 1].add(&doubled);
    }
    let mut running = [Element::ONE; N];
    let mut product = Element::ONE;
    for (slot, multiple) in running.iter_mut().zip(&multiples) {
        *slot = product;
        product = product.mul(&multiple.z);
    }
    // A small odd multiple of a point of large prime order is never infinite, so the product is not zero; were it, the
    // table would hold points off the curve and no signature would verify.
    let mut inverse = product.invert().unwrap_or(Element::ZERO);
    let mut table = [point; N];
    for index in (0..N).rev() {
        let z_inverse = inverse.mul(&running[index]);
        inverse = inverse.mul(&multiples[index].z);
        let squared = z_inverse.square();
        table[index] = Affine {
            x: multiples[index].x.mul(&squared),
            y: multiples[index].y.mul(&squared).mul(&z_inverse),
        };
    }
    table
}

/// The width-w non-adjacent form: digits that are zero or odd, |digit| < 2^(w−1), at most one non-zero in any w.
fn non_adjacent_form(scalar: &U512, window: usize) -> [i8; DIGITS] {
    let bytes = scalar.to_le_bytes();
    let bytes: &[u8] = bytes.as_ref();
    let bit = |index: usize| {
        bytes
            .get(index / 8)
            .is_some_and(|byte| byte >> (index % 8) & 1 == 1)
    };
    let mut digits = [0_i8; DIGITS];
    let mut carry = false;
    let mut index = 0;
    while index < DIGITS {
        if bit(index) == carry {
            index += 1;
            continue;
        }
        let mut digit = i16::from(carry);
        for offset in 0..window {
            digit += i16::from(bit(index + offset)) << offset;
        }
        carry = digit >= 1 << (window - 1);
        if carry {
            digit -= 1 << window;
        }
        #[expect(clippy::cast_possible_truncation, reason = "|digit| < 2^(window − 1) ≤ 2⁷")]
        {
            digits[index] = digit as i8;
        }
        index += window;
    }
    digits
}

fn add_digit(sum: &Point, table: &[Affine], digit: i8) -> Point {
    let multiple = &table[usize::from(digit.unsigned_abs() / 2)];
    match digit {
        0 => *sum,
        1.. => sum.add_affine(multiple),
        _ => sum.add_affine(&multiple.negate()),
    }
}

/// a·G + b·P with one run of doublings for both (Straus, with windows of odd multiples).
pub(crate) fn double_scalar_multiply(a: &U512, b: &U512, point: &Affine) -> Point {
    let generator_digits = non_adjacent_form(a, GENERATOR_WINDOW);
    let point_digits = non_adjacent_form(b, POINT_WINDOW);
    let point_multiples: [Affine; 1 << (POINT_WINDOW - 2)] = odd_multiples(*point);
    let mut sum = Point::INFINITY;
    for index in (0..DIGITS).rev() {
        if !sum.is_infinity() {
            sum = sum.double();
        }
        sum = add_digit(&sum, &*GENERATOR_MULTIPLES, generator_digits[index]);
        sum = add_digit(&sum, &point_multiples, point_digits[index]);
    }
    sum
}

/// k·G. Variable time: fit for published test keys and the demo's authority, not for a secret that matters.
#[cfg(any(test, feature = "demo"))]
pub(crate) fn multiply_generator(k: &U512) -> Point {
    let digits = non_adjacent_form(k, GENERATOR_WINDOW);
    let mut sum = Point::INFINITY;
    for index in (0..DIGITS).rev() {
        sum = add_digit(&sum.double(), &*GENERATOR_MULTIPLES, digits[index]);
    }
    sum
}

#[cfg(test)]
mod tests;
