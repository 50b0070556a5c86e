//! As many people as are wanted, each given by their number: IIN, name, record at both registers, contacts. None is a case of
//! anything. In the order of the numbers the IINs rise, as a table ordered by them likes to be filled.

use super::fund::{self, FundRecord};
use super::{RegisterPerson, register};
use crate::domain::iin::Iin;
use crate::domain::time::Date;

/// Of one day: 2,500 men and as many women.
const BORN_IN_A_DAY: u64 = 5_000;
/// Serial numbers tried for one person: some have no control digit.
const SERIALS: u64 = 4;
/// Contacts have seven digits that are the person's own.
pub const MOST: u64 = 10_000_000;

/// A person of the crowd, on both sides.
#[derive(Debug, Clone)]
pub struct Somebody {
    pub number: u64,
    pub register: RegisterPerson,
    pub fund: FundRecord,
}

impl Somebody {
    /// `None` beyond [`MOST`].
    #[must_use]
    pub fn new(number: u64) -> Option<Self> {
        let (iin, birth_date, female) = born(number)?;
        let names = names(number, female);
        let register = register::one_of_many(iin, names, birth_date, female, format!("06{number:07}"));
        let fund = fund::of_one_of_many(&register, &mobile(number), &email(number, 0))?;
        Some(Self {
            number,
            register,
            fund,
        })
    }

    #[must_use]
    pub fn iin(&self) -> &Iin {
        &self.register.iin
    }
}

/// IIN and day of birth; whether it is a woman.
fn born(number: u64) -> Option<(Iin, Date, bool)> {
    if number >= MOST {
        return None;
    }
    let first = Date::new(1970, 1, 1)?;
    let day = first.plus_days(i64::try_from(number / BORN_IN_A_DAY).ok()?);
    let of_day = number % BORN_IN_A_DAY;
    let female = of_day >= BORN_IN_A_DAY / 2;
    let [_, _, y1, y2, _, m1, m2, _, d1, d2] = day.to_string().chars().collect::<Vec<_>>()[..] else {
        return None;
    };
    let serial = SERIALS * (of_day % (BORN_IN_A_DAY / 2));
    let iin = (serial..serial + SERIALS).find_map(|serial| {
        let century = if female { 4 } else { 3 };
        let body: String = [y1, y2, m1, m2, d1, d2].iter().collect();
        (0..10).find_map(|control| Iin::typed(&format!("{body}{century}{serial:04}{control}")).ok())
    })?;
    Some((iin, day, female))
}

/// Whose IIN it is.
#[must_use]
pub fn number_of(iin: &str) -> Option<u64> {
    let day = Date::parse_iso(&format!(
        "19{}-{}-{}",
        iin.get(..2)?,
        iin.get(2..4)?,
        iin.get(4..6)?
    ))?;
    let days = u64::try_from(day.days() - Date::new(1970, 1, 1)?.days()).ok()?;
    let half = match iin.get(6..7)? {
        "3" => 0,
        "4" => BORN_IN_A_DAY / 2,
        _ => return None,
    };
    let serial: u64 = iin.get(7..11)?.parse().ok()?;
    let number = days * BORN_IN_A_DAY + half + serial / SERIALS;
    let (found, ..) = born(number)?;
    (found.digits() == iin).then_some(number)
}

/// The number the Fund holds from the start.
#[must_use]
pub fn mobile(number: u64) -> String {
    format!("+7701{number:07}")
}

/// The e-mail address after so many changes.
#[must_use]
pub fn email(number: u64, changes: u64) -> String {
    format!("p{number}.{changes}@example.kz")
}

fn names(number: u64, female: bool) -> [String; 3] {
    const SURNAMES: [&str; 12] = [
        "АХМЕТОВ",
        "САПАРОВ",
        "ӨТЕҒҰЛОВ",
        "ТІЛЕУОВ",
        "ЖҮНІСОВ",
        "АМАНОВ",
        "БАЙЖАНОВ",
        "ҚАСЫМОВ",
        "ДҮЙСЕНОВ",
        "НҰРЛАНОВ",
        "ОМАРОВ",
        "СЕЙІТОВ",
    ];
    const MEN: [&str; 8] = [
        "ЕРЛАН",
        "НҰРЖАН",
        "ТИМУР",
        "АРМАН",
        "МАҚСАТ",
        "МАРАТ",
        "ДӘУРЕН",
        "ҚАҺАРМАН",
    ];
    const WOMEN: [&str; 8] = [
        "ӘЛИЯ",
        "ГҮЛНӘР",
        "РАУШАН",
        "АЙГЕРІМ",
        "ЖАНАР",
        "ДИНАРА",
        "САУЛЕ",
        "МӘДИНА",
    ];
    const FATHERS: [&str; 10] = [
        "СЕРІК",
        "БОЛАТ",
        "МАРАТ",
        "КЕҢЕС",
        "ЕРІК",
        "САМАТ",
        "ҚАЙРАТ",
        "ДАНИЯР",
        "ӘБІЛҒАЗЫ",
        "ТӨЛЕГЕН",
    ];
    // Different strides, so that few share all three.
    let of = |list: &[&'static str], stride: u64| {
        let length = u64::try_from(list.len()).unwrap_or(1);
        usize::try_from(number / stride % length).map_or("", |at| list[at])
    };
    let ending = if female { "А" } else { "" };
    let child = if female { "ҚЫЗЫ" } else { "ҰЛЫ" };
    [
        format!("{}{ending}", of(&SURNAMES, 1)),
        of(if female { &WOMEN } else { &MEN }, 12).to_owned(),
        format!("{}{child}", of(&FATHERS, 96)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::eligibility::same_name;

    #[test]
    fn iins_rise_are_valid_and_lead_back_to_the_number() {
        let numbers = (0..6_000).chain([1_234_567, MOST - 1]);
        let mut before = String::new();
        for number in numbers {
            let (iin, ..) = born(number).unwrap();
            assert!(iin.digits() > before.as_str(), "{number}");
            assert_eq!(number_of(iin.digits()), Some(number));
            iin.digits().clone_into(&mut before);
        }
        assert!(born(MOST).is_none());
        assert_eq!(number_of("990101390009"), None, "somebody else's");
        assert_eq!(number_of("12345"), None);
    }

    #[test]
    fn both_registers_tell_of_the_same_person() {
        for number in [0, 1, 2_500, 4_999, 777_777] {
            let person = Somebody::new(number).unwrap();
            assert!(same_name(&person.register.surname, &person.fund.person.surname));
            assert_eq!(person.register.birth_date, person.fund.person.birth_date);
            assert!(crate::domain::phone::Phone::parse_kz_mobile(&mobile(number)).is_ok());
        }
    }
}
