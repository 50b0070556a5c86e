//! The demo's people as a scripted case has the register hold them: one for each refusal of the guide, whoever asks.

use super::Mode;
use crate::demo::people::{Dictionary, RegisterPerson, capacity};
use crate::domain::time::Date;

/// Not in the list of capacities.
const UNHEARD_OF: Dictionary = Dictionary {
    code: "9",
    kk: "Анықталмаған",
    ru: "Не определено",
};
const DEAD: Dictionary = Dictionary {
    code: "1",
    kk: "Қайтыс болған",
    ru: "Умерший",
};
const INVALID: Dictionary = Dictionary {
    code: "03",
    kk: "ҚҰЖАТ ЖАРАМСЫЗ",
    ru: "ДОКУМЕНТ НЕДЕЙСТВИТЕЛЕН",
};

pub(super) fn altered(person: &RegisterPerson, mode: Mode, today: Date) -> RegisterPerson {
    let mut person = person.clone();
    match mode {
        Mode::Dead => {
            person.life = DEAD;
            person.death_date = Some(today.plus_days(-90));
        }
        Mode::Incapable => person.capacity.status = capacity::INCAPABLE,
        Mode::Limited => person.capacity.status = capacity::LIMITED,
        Mode::CapacityUnheardOf => person.capacity.status = UNHEARD_OF,
        Mode::Excluded => person.excluded = true,
        Mode::DocumentEnded => {
            for document in &mut person.documents {
                document.valid_until = Some(today.plus_days(-1));
            }
        }
        Mode::DocumentInvalid => {
            for document in &mut person.documents {
                document.status = INVALID;
            }
        }
        Mode::OtherSurname => person.surname = "БАСҚА".to_owned(),
        Mode::OtherGivenName => person.given_name = "БАСҚА".to_owned(),
        Mode::OtherPatronymic => person.patronymic = None,
        Mode::OtherBirthDate => person.birth_date = person.birth_date.plus_days(1),
        Mode::Ok
        | Mode::Slow
        | Mode::Http500
        | Mode::Malformed
        | Mode::Fault
        | Mode::Refused
        | Mode::Stale
        | Mode::Partial
        | Mode::Contradicting
        | Mode::Nobody => {}
    }
    person
}
