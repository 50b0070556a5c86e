//! What went wrong, as words: what happened, what was kept, what to do next. The only place of the page where an error
//! becomes a text.

use super::texts::{key, lang, t, tf};
use super::update;
use crate::api::contacts::CodeTrouble;
use crate::api::settings::PasswordSet;
use crate::api::{ApiError, SignatureTrouble};
use crate::browser::ncalayer::AgentTrouble;
use crate::domain::address::Region;
use crate::domain::eligibility::{ComparedField, Refusal};
use crate::domain::form::{Field, Problem};
use crate::domain::iin::IinError;
use crate::texts::screen::Key;

/// A trouble as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    pub title: &'static str,
    pub text: String,
    pub next: Next,
    /// Whether the ways to a person (1418, WhatsApp, branch) are shown with it.
    pub contacts: bool,
}

/// The one action offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// The page offers to repeat what failed.
    Retry,
    Reload,
    SignIn,
    Consent,
    Services,
    Applications,
    /// The action stands elsewhere on the page, or there is none.
    None,
}

fn told(title: Key, text: Key, next: Next) -> Told {
    Told {
        title: t(title),
        text: t(text).to_owned(),
        next,
        contacts: false,
    }
}

/// The text of an answer that was none.
#[must_use]
pub fn api(error: &ApiError) -> Told {
    use Next::{Applications, Consent, None as Nowhere, Reload, Retry, Services, SignIn};
    match error {
        // Between two builds it is the update's doing.
        ApiError::Malformed if update::differs() => told(key::UPDATE_TITLE, key::ERR_MALFORMED_TEXT, Reload),
        ApiError::Malformed => told(key::ERR_MALFORMED, key::ERR_MALFORMED_TEXT, Reload),
        ApiError::SignedOut => told(key::ERR_SIGNED_OUT, key::ERR_SIGNED_OUT_TEXT, SignIn),
        ApiError::Credentials => told(key::ERR_CREDENTIALS, key::ERR_CREDENTIALS_TEXT, Nowhere),
        ApiError::CrossSite => told(key::ERR_CROSS_SITE, key::ERR_CROSS_SITE_TEXT, Reload),
        ApiError::EdsNeeded => told(key::ERR_EDS_NEEDED, key::ERR_EDS_NEEDED_TEXT, SignIn),
        ApiError::NotFound => told(key::ERR_NOT_FOUND, key::ERR_NOT_FOUND_TEXT, Applications),
        ApiError::UnknownPerson => Told {
            contacts: true,
            ..told(key::ERR_UNKNOWN_PERSON, key::ERR_UNKNOWN_PERSON_TEXT, Nowhere)
        },
        ApiError::Conflict => told(key::ERR_CONFLICT, key::ERR_CONFLICT_TEXT, Nowhere),
        ApiError::WrongState => told(key::ERR_WRONG_STATE, key::ERR_WRONG_STATE_TEXT, Applications),
        ApiError::NothingChanges => told(key::ERR_NOTHING_CHANGES, key::ERR_NOTHING_CHANGES_TEXT, Nowhere),
        ApiError::NoConsent => told(key::ERR_NO_CONSENT, key::ERR_NO_CONSENT_TEXT, Consent),
        ApiError::Invalid { .. } => told(key::ERR_INVALID, key::ERR_INVALID_TEXT, Nowhere),
        ApiError::Refused { refusal } => refused(refusal, Services),
        ApiError::Signature { trouble } => signature(trouble),
        ApiError::Code { .. } => Told {
            text: code(error),
            ..told(key::CODE_FIELD, key::CODE_ENDED, Nowhere)
        },
        ApiError::Puzzle { .. } => told(key::ERR_PUZZLE, key::ERR_PUZZLE_TEXT, Retry),
        ApiError::TooMany { retry_after_seconds } => Told {
            text: tf(
                key::ERR_TOO_MANY_TEXT,
                &[("minutes", &minutes(*retry_after_seconds))],
            ),
            ..told(key::ERR_TOO_MANY, key::ERR_TOO_MANY_TEXT, Nowhere)
        },
        ApiError::RegisterUnavailable => told(key::ERR_REGISTER, key::ERR_REGISTER_TEXT, Retry),
        ApiError::Unavailable => told(key::ERR_UNAVAILABLE, key::ERR_UNAVAILABLE_TEXT, Retry),
        ApiError::Internal { reference } => Told {
            text: tf(key::ERR_INTERNAL_TEXT, &[("reference", reference)]),
            contacts: true,
            ..told(key::ERR_INTERNAL, key::ERR_INTERNAL_TEXT, Retry)
        },
        ApiError::Offline => told(key::ERR_OFFLINE, key::ERR_OFFLINE_TEXT, Retry),
    }
}

/// Why a code wasn't sent or isn't taken.
#[must_use]
pub fn code(error: &ApiError) -> String {
    match error {
        ApiError::Code { trouble } => match trouble {
            CodeTrouble::Wrong { left } => tf(key::CODE_WRONG, &[("left", &left.to_string())]),
            CodeTrouble::Ended => t(key::CODE_ENDED).to_owned(),
            CodeTrouble::NotSendable => t(key::CODE_NOT_SENDABLE).to_owned(),
        },
        ApiError::TooMany { retry_after_seconds } => {
            tf(key::CODE_TOO_MANY, &[("minutes", &minutes(*retry_after_seconds))])
        }
        other => api(other).text,
    }
}

/// Why this isn't taken as a password; `None` for one that is, or where the old one is wrong.
#[must_use]
pub const fn password(set: PasswordSet) -> Option<Key> {
    match set {
        PasswordSet::Done | PasswordSet::WrongCurrent => None,
        PasswordSet::Short => Some(key::SETTINGS_PASSWORD_SHORT),
        PasswordSet::Long => Some(key::SETTINGS_PASSWORD_LONG),
        PasswordSet::Personal => Some(key::SETTINGS_PASSWORD_PERSONAL),
        PasswordSet::Common => Some(key::SETTINGS_PASSWORD_COMMON),
    }
}

fn minutes(seconds: u32) -> String {
    seconds.div_ceil(60).max(1).to_string()
}

/// A refusal says no more than the person may know; a reader is never told that they are dead.
fn refused(refusal: &Refusal, next: Next) -> Told {
    let text = match refusal {
        Refusal::NoConsent => return told(key::ERR_NO_CONSENT, key::ERR_NO_CONSENT_TEXT, Next::Consent),
        Refusal::LifeNotConfirmed => key::REFUSAL_LIFE,
        Refusal::Incapable => key::REFUSAL_INCAPABLE,
        Refusal::LimitedCapacity => key::REFUSAL_LIMITED,
        Refusal::CapacityNotConfirmed => key::REFUSAL_CAPACITY_UNKNOWN,
        Refusal::Excluded => key::REFUSAL_EXCLUDED,
        Refusal::NoValidDocument => key::REFUSAL_NO_DOCUMENT,
        Refusal::Mismatch { .. } => key::REFUSAL_MISMATCH,
    };
    let mut shown = told(key::REFUSAL_TITLE, text, next);
    if let Refusal::Mismatch { fields } = refusal {
        let names: Vec<&str> = fields.iter().map(|field| t(compared(*field))).collect();
        shown.text = tf(text, &[("fields", &names.join(", "))]);
    }
    shown.contacts = true;
    shown
}

const fn compared(field: ComparedField) -> Key {
    match field {
        ComparedField::Surname => key::COMPARED_SURNAME,
        ComparedField::GivenName => key::COMPARED_GIVEN_NAME,
        ComparedField::Patronymic => key::COMPARED_PATRONYMIC,
        ComparedField::BirthDate => key::COMPARED_BIRTH_DATE,
        ComparedField::Iin => key::COMPARED_IIN,
    }
}

fn signature(trouble: &SignatureTrouble) -> Told {
    use SignatureTrouble as T;
    let (title, text) = match trouble {
        T::AnotherPerson => (key::SIG_ANOTHER, key::SIG_ANOTHER_TEXT),
        T::Organisation => (key::SIG_ORGANISATION, key::SIG_ORGANISATION_TEXT),
        T::AuthenticationKey => (key::SIG_AUTH_KEY, key::SIG_AUTH_KEY_TEXT),
        T::Expired => (key::SIG_EXPIRED, key::SIG_EXPIRED_TEXT),
        T::NotYetValid => (key::SIG_NOT_YET, key::SIG_NOT_YET_TEXT),
        T::Revoked => (key::SIG_REVOKED, key::SIG_REVOKED_TEXT),
        T::RevocationUnknown => (key::SIG_REVOCATION_UNKNOWN, key::SIG_REVOCATION_UNKNOWN_TEXT),
        T::UntrustedIssuer => (key::SIG_UNTRUSTED, key::SIG_UNTRUSTED_TEXT),
        T::AnotherDocument => (key::SIG_ANOTHER_DOCUMENT, key::SIG_ANOTHER_DOCUMENT_TEXT),
        T::ChallengeExpired => (key::SIG_CHALLENGE_EXPIRED, key::SIG_CHALLENGE_EXPIRED_TEXT),
        T::ChallengeUnknown => (key::SIG_CHALLENGE_UNKNOWN, key::SIG_CHALLENGE_UNKNOWN_TEXT),
        T::OutdatedAlgorithm => (key::SIG_OUTDATED, key::SIG_OUTDATED_TEXT),
        T::Damaged { .. } => (key::SIG_DAMAGED, key::SIG_DAMAGED_TEXT),
    };
    let mut shown = told(title, text, Next::Retry);
    if let T::Damaged { code } = trouble {
        shown.text = tf(text, &[("code", code)]);
        shown.contacts = true;
    }
    shown
}

/// Why NCALayer gave no signature.
#[must_use]
pub fn agent(trouble: &AgentTrouble) -> Told {
    use AgentTrouble as T;
    let (title, text) = match trouble {
        T::PermissionDenied => (key::AGENT_DENIED, key::AGENT_DENIED_TEXT),
        T::NotReachable => (key::AGENT_UNREACHABLE, key::AGENT_UNREACHABLE_TEXT),
        T::OldVersion => (key::AGENT_OLD, key::AGENT_OLD_TEXT),
        T::Cancelled => (key::AGENT_CANCELLED, key::AGENT_CANCELLED_TEXT),
        T::Technical { .. } => (key::AGENT_TECHNICAL, key::AGENT_TECHNICAL_TEXT),
        T::BadAnswer(_) => (key::AGENT_BAD_ANSWER, key::AGENT_BAD_ANSWER_TEXT),
        T::ClosedEarly => (key::AGENT_CLOSED, key::AGENT_CLOSED_TEXT),
        T::TimedOut => (key::AGENT_TIMEOUT, key::AGENT_TIMEOUT_TEXT),
    };
    let mut shown = told(title, text, Next::Retry);
    if let T::Technical { code } = trouble {
        shown.text = tf(text, &[("code", code)]);
        shown.contacts = true;
    }
    shown
}

/// What is wrong with a field, with this person's own figures.
#[must_use]
pub fn field(field: Field, problem: &Problem) -> String {
    match problem {
        Problem::Missing => t(missing(field)).to_owned(),
        Problem::Character { found } => character(field, *found),
        Problem::TooLong { found, at_most } => tf(
            key::WRONG_LONG,
            &[("found", &found.to_string()), ("most", &at_most.to_string())],
        ),
        Problem::PhoneLength { found, expected } => tf(
            key::WRONG_PHONE_LENGTH,
            &[("found", &found.to_string()), ("expected", &expected.to_string())],
        ),
        Problem::PhoneCode { code } => tf(key::WRONG_PHONE_CODE, &[("code", code)]),
        Problem::PhoneNotMobile { code } => tf(key::WRONG_PHONE_MOBILE, &[("code", code)]),
        Problem::EmailAt => t(key::WRONG_EMAIL_AT).to_owned(),
        Problem::EmailName => t(key::WRONG_EMAIL_NAME).to_owned(),
        Problem::EmailDomain => t(key::WRONG_EMAIL_DOMAIN).to_owned(),
        Problem::PostcodeShape { found } => tf(key::WRONG_POSTCODE, &[("found", &found.to_string())]),
        Problem::OtherRegion { regions } => {
            let found = regions.iter().filter_map(|code| Region::by_code(code));
            let names: Vec<&str> = found.map(|region| region.name(lang())).collect();
            tf(key::WRONG_OTHER_REGION, &[("regions", &names.join(", "))])
        }
        Problem::NotInList => t(key::WRONG_NOT_IN_LIST).to_owned(),
        Problem::NotConfirmed => t(missing(field)).to_owned(),
    }
}

fn character(field: Field, found: char) -> String {
    let visible = !(found.is_control()
        || matches!(found, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'));
    if !visible {
        let mut code = String::from("U+");
        for shift in [12, 8, 4, 0] {
            code.extend(char::from_digit(u32::from(found) >> shift & 15, 16).map(|d| d.to_ascii_uppercase()));
        }
        return tf(key::WRONG_INVISIBLE, &[("found", &code)]);
    }
    let text = match field {
        Field::District | Field::Settlement | Field::Street | Field::House | Field::Flat => {
            key::WRONG_CYRILLIC
        }
        Field::Mobile | Field::Home | Field::Work | Field::WorkExtension => key::WRONG_PHONE_CHARACTER,
        _ => key::WRONG_CHARACTER,
    };
    tf(text, &[("found", found.encode_utf8(&mut [0; 4]))])
}

const fn missing(field: Field) -> Key {
    match field {
        Field::Document => key::MISS_DOCUMENT,
        Field::Country => key::MISS_COUNTRY,
        Field::Abroad => key::MISS_ABROAD,
        Field::Region => key::MISS_REGION,
        Field::District => key::MISS_DISTRICT,
        Field::Settlement => key::MISS_SETTLEMENT,
        Field::Street => key::MISS_STREET,
        Field::House | Field::Flat => key::MISS_HOUSE,
        Field::Postcode => key::MISS_POSTCODE,
        Field::Mobile | Field::Home | Field::Work | Field::WorkExtension => key::MISS_MOBILE,
        Field::MobileIsMine => key::MISS_CONFIRM,
        Field::Email => key::MISS_EMAIL,
        Field::MobileCode => key::MISS_MOBILE_CODE,
        Field::EmailCode => key::MISS_EMAIL_CODE,
    }
}

/// What is wrong with a typed IIN.
#[must_use]
pub fn iin(error: IinError) -> String {
    match error {
        IinError::Empty => t(key::IIN_MISSING).to_owned(),
        IinError::NotADigit(found) => tf(key::IIN_CHARACTER, &[("found", found.encode_utf8(&mut [0; 4]))]),
        IinError::Length(found) => tf(key::IIN_LENGTH, &[("found", &found.to_string())]),
        IinError::ControlDigit => t(key::IIN_CONTROL).to_owned(),
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use crate::browser::texts;
    use crate::domain::lang::Lang;
    use crate::texts::screen::{Vocabulary, shipped};
    use std::collections::HashSet;

    fn speak(lang: Lang) {
        let source = match lang {
            Lang::Kk => include_str!("../texts/screen/kk.txt"),
            Lang::Ru => include_str!("../texts/screen/ru.txt"),
            Lang::En => include_str!("../texts/screen/en.txt"),
        };
        texts::adopt(
            lang,
            Vocabulary::parse(shipped(source)).expect("this build's texts"),
        );
    }

    fn refusals() -> Vec<Refusal> {
        vec![
            Refusal::LifeNotConfirmed,
            Refusal::Incapable,
            Refusal::LimitedCapacity,
            Refusal::CapacityNotConfirmed,
            Refusal::Excluded,
            Refusal::NoValidDocument,
            Refusal::Mismatch {
                fields: vec![ComparedField::Surname, ComparedField::BirthDate],
            },
        ]
    }

    fn troubles() -> Vec<Told> {
        use SignatureTrouble as S;
        let refused = refusals()
            .into_iter()
            .map(|refusal| ApiError::Refused { refusal });
        let signatures = [
            S::AnotherPerson,
            S::Organisation,
            S::AuthenticationKey,
            S::Expired,
            S::NotYetValid,
            S::Revoked,
            S::RevocationUnknown,
            S::UntrustedIssuer,
            S::AnotherDocument,
            S::ChallengeExpired,
            S::ChallengeUnknown,
            S::OutdatedAlgorithm,
            S::Damaged {
                code: "digest".into(),
            },
        ];
        let others = [
            ApiError::Malformed,
            ApiError::SignedOut,
            ApiError::Credentials,
            ApiError::CrossSite,
            ApiError::EdsNeeded,
            ApiError::NotFound,
            ApiError::UnknownPerson,
            ApiError::Conflict,
            ApiError::WrongState,
            ApiError::NothingChanges,
            ApiError::NoConsent,
            ApiError::Invalid { fields: Vec::new() },
            ApiError::Code {
                trouble: CodeTrouble::Wrong { left: 4 },
            },
            ApiError::Code {
                trouble: CodeTrouble::Ended,
            },
            ApiError::Code {
                trouble: CodeTrouble::NotSendable,
            },
            ApiError::TooMany {
                retry_after_seconds: 61,
            },
            ApiError::RegisterUnavailable,
            ApiError::Unavailable,
            ApiError::Internal {
                reference: "R1".into(),
            },
            ApiError::Offline,
        ];
        let agents = [
            AgentTrouble::PermissionDenied,
            AgentTrouble::NotReachable,
            AgentTrouble::OldVersion,
            AgentTrouble::Cancelled,
            AgentTrouble::Technical { code: "X".into() },
            AgentTrouble::BadAnswer(String::new()),
            AgentTrouble::ClosedEarly,
            AgentTrouble::TimedOut,
        ];
        let signed = signatures.map(|trouble| ApiError::Signature { trouble });
        let answers = refused.chain(signed).chain(others);
        answers
            .map(|error| api(&error))
            .chain(agents.iter().map(agent))
            .collect()
    }

    #[test]
    fn every_trouble_has_words_of_its_own_in_every_language() {
        for lang in Lang::ALL {
            speak(lang);
            let troubles = troubles();
            let texts: HashSet<_> = troubles.iter().map(|told| told.text.as_str()).collect();
            assert_eq!(
                texts.len(),
                troubles.len(),
                "two troubles share a text in {}",
                lang.tag()
            );
            for told in &troubles {
                assert!(
                    !told.title.is_empty() && !told.text.is_empty() && !told.text.contains('{'),
                    "{told:?}"
                );
            }
        }
    }

    #[test]
    fn a_living_person_is_never_told_that_they_are_dead() {
        for lang in Lang::ALL {
            speak(lang);
            let told = refused(&Refusal::LifeNotConfirmed, Next::None);
            let words = [told.title, &told.text].concat().to_lowercase();
            for word in ["қайтыс", "өлі", "өлген", "смерт", "умер", "death", "dead", "died"]
            {
                assert!(!words.contains(word), "{word}: {words}");
            }
            assert!(told.contacts);
        }
    }

    #[test]
    fn a_code_that_only_support_can_read_comes_with_whom_to_tell_it() {
        for lang in Lang::ALL {
            speak(lang);
            let code = "SIGNING_FAILURE";
            let shown = [
                agent(&AgentTrouble::Technical { code: code.into() }),
                api(&ApiError::Signature {
                    trouble: SignatureTrouble::Damaged { code: code.into() },
                }),
                api(&ApiError::Internal {
                    reference: code.into(),
                }),
            ];
            for told in shown {
                assert!(told.text.contains(code) && told.contacts, "{told:?}");
            }
        }
    }

    #[test]
    fn a_field_names_the_very_character_and_the_persons_own_figures() {
        speak(Lang::Kk);
        assert!(field(Field::Street, &Problem::Character { found: 'Q' }).contains('Q'));
        assert!(field(Field::Street, &Problem::Character { found: '\u{202e}' }).contains("U+202E"));
        let length = field(
            Field::Mobile,
            &Problem::PhoneLength {
                found: 9,
                expected: 11,
            },
        );
        assert!(length.contains('9') && length.contains("11"));
        for one in Field::ALL {
            assert!(!field(one, &Problem::Missing).is_empty());
        }
    }
}
