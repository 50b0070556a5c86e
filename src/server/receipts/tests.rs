use super::*;
use crate::server::fixture::House;

#[tokio::test]
async fn a_code_has_26_digits_differs_by_application_and_is_read_however_it_is_typed() {
    let house = House::new().await;
    let code = code(&house.core, "J2hK0pXvT5mQ3sYb8wZr1A");
    assert_eq!(code.len(), DIGITS);
    assert_eq!(code, super::code(&house.core, "J2hK0pXvT5mQ3sYb8wZr1A"));
    assert_ne!(code, super::code(&house.core, "J2hK0pXvT5mQ3sYb8wZr1B"));
    let printed = printed(&code);
    assert_eq!(
        printed.split('-').map(str::len).collect::<Vec<_>>(),
        [5, 4, 4, 4, 4, 5]
    );
    let by_hand = [
        printed.clone(),
        printed.to_lowercase(),
        printed.replace('-', " ").replace('0', "o").replace('1', "l"),
    ];
    for text in by_hand {
        assert_eq!(typed(&text).as_deref(), Some(&*code), "{text}");
    }
}

#[test]
fn what_cant_be_a_code_is_none() {
    let whole = "0123456789ABCDEFGHJKMNPQRS";
    assert!(typed(whole).is_some());
    for text in [
        "",
        "А",
        &whole[1..],
        &format!("{whole}0"),
        &whole.replace('0', "U"),
        &whole.replace('0', "ж"),
    ] {
        assert_eq!(typed(text), None, "{text}");
    }
    assert_eq!(typed(&"0".repeat(100_000)), None);
}

#[test]
fn a_digest_is_exactly_64_digits() {
    assert_eq!(digest(&"0f".repeat(32)), Some([15; 32]));
    for text in ["", "zz", &"0".repeat(63), &"0".repeat(66)] {
        assert_eq!(digest(text), None, "{text}");
    }
}
