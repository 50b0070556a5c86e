//! The additional requisites (қосымша деректемелер) the service changes: postal and e-mail address, home, work and mobile
//! telephone; and the identity document, which signing overwrites where it differs. Current, proposed, difference.

use super::address::Address;
use super::form::Field;
use super::identity_document::IdentityDocument;
use super::reading::reads;
use serde::{Deserialize, Serialize};

/// What the Fund holds of a person, or what a person proposes. Telephones are E.164, unless the Fund holds an older way of
/// writing; an empty string is an absent value.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Requisites {
    pub address: Address,
    pub mobile: String,
    pub home: String,
    pub work: String,
    /// Extension of the work telephone, digits.
    pub work_extension: String,
    pub email: String,
    pub document: Option<IdentityDocument>,
}

reads!(Requisites {
    address,
    mobile,
    home,
    work,
    work_extension,
    email,
    document,
});

/// One thing that will change, from what to what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Change {
    Document {
        before: Option<Box<IdentityDocument>>,
        after: Box<IdentityDocument>,
    },
    Address {
        before: Box<Address>,
        after: Box<Address>,
    },
    Mobile {
        before: String,
        after: String,
    },
    Home {
        before: String,
        after: String,
    },
    /// With the extension behind a comma where there is one.
    Work {
        before: String,
        after: String,
    },
    Email {
        before: String,
        after: String,
    },
}

reads!(Change by "what":
    "document" => Document { before, after },
    "address" => Address { before, after },
    "mobile" => Mobile { before, after },
    "home" => Home { before, after },
    "work" => Work { before, after },
    "email" => Email { before, after },
);

impl Change {
    /// The new mobile number or e-mail address, if this is one.
    #[must_use]
    pub fn new_contact(&self) -> Option<(Field, &str)> {
        match self {
            Self::Mobile { after, .. } if !after.is_empty() => Some((Field::Mobile, after)),
            Self::Email { after, .. } if !after.is_empty() => Some((Field::Email, after)),
            _ => None,
        }
    }
}

/// What differs, in the order of the form's blocks. An empty list means there is nothing to sign.
#[must_use]
pub fn difference(current: &Requisites, proposed: &Requisites) -> Vec<Change> {
    let mut changes = Vec::new();
    if let Some(after) = &proposed.document
        && current.document.as_ref() != Some(after)
    {
        changes.push(Change::Document {
            before: current.document.clone().map(Box::new),
            after: Box::new(after.clone()),
        });
    }
    if !current.address.says_the_same(&proposed.address) {
        changes.push(Change::Address {
            before: Box::new(current.address.clone()),
            after: Box::new(proposed.address.clone()),
        });
    }
    let work = |r: &Requisites| match (r.work.as_str(), r.work_extension.as_str()) {
        (work, "") | (work @ "", _) => work.to_owned(),
        (work, extension) => format!("{work}, {extension}"),
    };
    type Make = fn(String, String) -> Change;
    let texts: [(String, String, Make); 4] = [
        (
            current.mobile.clone(),
            proposed.mobile.clone(),
            |before, after| Change::Mobile { before, after },
        ),
        (current.home.clone(), proposed.home.clone(), |before, after| {
            Change::Home { before, after }
        }),
        (work(current), work(proposed), |before, after| Change::Work {
            before,
            after,
        }),
        (current.email.clone(), proposed.email.clone(), |before, after| {
            Change::Email { before, after }
        }),
    ];
    for (before, after, change) in texts {
        if before != after {
            changes.push(change(before, after));
        }
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_differs_from_itself() {
        let held = Requisites {
            mobile: "+77012345678".into(),
            ..Requisites::default()
        };
        assert_eq!(difference(&held, &held), []);
    }

    #[test]
    fn a_removal_and_an_addition_are_changes() {
        let held = Requisites {
            home: "+77272720505".into(),
            ..Requisites::default()
        };
        let wished = Requisites {
            work: "+77172550102".into(),
            work_extension: "12".into(),
            ..Requisites::default()
        };
        assert_eq!(
            difference(&held, &wished),
            [
                Change::Home {
                    before: "+77272720505".into(),
                    after: String::new()
                },
                Change::Work {
                    before: String::new(),
                    after: "+77172550102, 12".into()
                },
            ]
        );
    }
}
