//! The demo's people, all of them made up: each one is a case of the guide. GBD FL's side and the Fund's side stand apart,
//! because the cases live in their difference. IINs follow the control digit, except those of the national test people.

pub mod crowd;
mod fund;
mod register;

pub use fund::FundRecord;
pub use register::{
    Dictionary, RegisterAddress, RegisterCapacity, RegisterDocument, RegisterPerson, capacity, document_kind,
};

use crate::domain::iin::Iin;

/// One password for everybody: long enough for the cabinet's rules, easy to type at a demonstration.
pub const PASSWORD: &str = "Demo-kabinet-2026";

/// A person as the demo knows them.
#[derive(Debug, Clone)]
pub struct DemoPerson {
    /// Short name, used by scripts and as the beginning of key ids.
    pub id: &'static str,
    /// What the person is an example of, one line for the operator's terminal.
    pub case: &'static str,
    pub register: RegisterPerson,
    /// Absent for someone the Fund doesn't know.
    pub fund: Option<FundRecord>,
    /// Signs in with [`PASSWORD`] too, not with a key alone.
    pub has_password: bool,
}

impl DemoPerson {
    #[must_use]
    pub fn iin(&self) -> &Iin {
        &self.register.iin
    }

    /// As GBD FL writes it.
    #[must_use]
    pub fn full_name(&self) -> String {
        let register = &self.register;
        let patronymic = register.patronymic.as_deref().unwrap_or_default();
        format!("{} {} {patronymic}", register.surname, register.given_name)
            .trim_end()
            .to_owned()
    }
}

/// Everybody, the most usual case first.
#[must_use]
pub fn everybody() -> Vec<DemoPerson> {
    register::all()
        .into_iter()
        .map(|(id, case, register)| DemoPerson {
            fund: fund::of(id, &register),
            // The number of a national test person fails the control digit, so it can't be typed at sign-in.
            has_password: Iin::typed(register.iin.digits()).is_ok()
                && !["zhanar", "gulnar", "timur"].contains(&id),
            id,
            case,
            register,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::eligibility::same_name;
    use std::collections::HashSet;

    #[test]
    fn ids_and_iins_are_unique() {
        let people = everybody();
        let ids: HashSet<_> = people.iter().map(|p| p.id).collect();
        let iins: HashSet<_> = people.iter().map(|p| p.iin().digits()).collect();
        assert_eq!(ids.len(), people.len());
        assert_eq!(iins.len(), people.len());
    }

    #[test]
    fn only_the_national_test_people_have_a_wrong_control_digit() {
        let odd: Vec<_> = everybody()
            .into_iter()
            .filter(|p| Iin::typed(p.iin().digits()).is_err())
            .map(|p| p.id)
            .collect();
        assert_eq!(odd, ["testov", "testtov"]);
    }

    #[test]
    fn names_differ_between_the_registers_only_where_that_is_the_case() {
        for person in everybody() {
            let Some(fund) = &person.fund else { continue };
            let register = &person.register;
            let patronymic = |p: &Option<String>| p.clone().unwrap_or_default();
            let same = same_name(&register.surname, &fund.person.surname)
                && same_name(&register.given_name, &fund.person.given_name)
                && same_name(
                    &patronymic(&register.patronymic),
                    &patronymic(&fund.person.patronymic),
                )
                && register.birth_date == fund.person.birth_date;
            assert_eq!(same, person.id != "natalia", "{}", person.id);
        }
    }

    #[test]
    fn every_case_the_cabinet_must_show_has_its_person() {
        let people = everybody();
        let find = |id: &str| people.iter().find(|p| p.id == id).unwrap();
        let valid = |id: &str| {
            find(id)
                .register
                .documents
                .iter()
                .filter(|d| d.status.code == "00" && d.invalidated_on.is_none())
                .filter(|d| {
                    d.valid_until
                        .is_none_or(|end| end >= crate::domain::time::Date::new(2026, 11, 23).unwrap())
                })
                .count()
        };
        assert_eq!(valid("erlan"), 1);
        assert_eq!(valid("aliya"), 2);
        assert_eq!(valid("aigerim"), 0);
        assert!(find("viktoria").register.patronymic.is_none());
        assert!(find("dauren").register.death_date.is_some());
        assert_eq!(find("raushan").fund.as_ref().unwrap().requisites.mobile, "");
        assert!(find("zhanar").fund.is_none());
        for unregistered in ["gulnar", "timur"] {
            assert!(find(unregistered).fund.is_some() && !find(unregistered).has_password);
        }
        let letters: String = {
            let q = &find("qaharman").register;
            format!(
                "{}{}{}",
                q.surname,
                q.given_name,
                q.patronymic.clone().unwrap_or_default()
            )
        };
        assert!("ӘҒҚҰҺӨ".chars().all(|c| letters.contains(c)), "{letters}");
    }
}
