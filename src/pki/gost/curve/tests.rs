use super::*;

#[test]
fn the_generator_is_on_the_curve_and_has_the_order() {
    assert_eq!(Affine::on_curve(GENERATOR.x, GENERATOR.y), Some(GENERATOR));
    assert!(multiply_generator(&ORDER).is_infinity());
    let last = multiply_generator(&ORDER.wrapping_sub(&U512::ONE)).to_affine();
    assert_eq!(last, Some(GENERATOR.negate()));
}
