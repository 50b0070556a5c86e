//! The electronic application form: what a person types, field by field, and the one check that browser and server share.
//! Required (guide: «көрсету қажет»): mobile, e-mail, region, district or city, settlement within a district, street, house;
//! each with a way out for those who have none. A value the Fund already holds unchanged is never blocked by its format.

use super::address::{Address, Region, is_kato_of, names_another_region};
use super::cyrillic::{Cyrillic, CyrillicError};
use super::email::{Email, EmailError};
use super::identity_document::IdentityDocument;
use super::json::Json;
use super::letters::lower_case;
use super::phone::{Phone, PhoneError};
use super::postcode::{Postcode, PostcodeError};
use super::reading::{Read, part, reads};
use super::requisites::Requisites;
use serde::{Deserialize, Serialize};

/// The fields as typed; nothing is trimmed or reformatted under the cursor. A draft is this, stored as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FormInput {
    /// Number of the chosen identity document, as GBD FL writes it.
    pub document: String,
    /// «Шетелде тұрамын»: `country` and `abroad` are asked instead of the address in Kazakhstan.
    pub lives_abroad: bool,
    pub country: String,
    pub abroad: String,
    pub region: String,
    pub district: String,
    pub settlement: String,
    /// Of the place chosen from the classifier: what is typed by hand in the three fields above takes it away.
    pub kato: String,
    pub street: String,
    /// «Көше атауы жоқ»
    pub no_street: bool,
    pub house: String,
    /// «Үй нөмірі жоқ»
    pub no_house: bool,
    pub flat: String,
    pub postcode: String,
    pub mobile: String,
    /// The person states that the mobile number is their own.
    pub mobile_is_mine: bool,
    pub home: String,
    pub work: String,
    pub work_extension: String,
    pub email: String,
    /// «Электрондық поштам жоқ»
    pub no_email: bool,
    /// «Кейін растаймын»: the new number goes in without a code.
    pub mobile_later: bool,
    pub email_later: bool,
}

reads!(FormInput {
    document,
    lives_abroad,
    country,
    abroad,
    region,
    district,
    settlement,
    kato,
    street,
    no_street,
    house,
    no_house,
    flat,
    postcode,
    mobile,
    mobile_is_mine,
    home,
    work,
    work_extension,
    email,
    no_email,
    mobile_later,
    email_later,
});

/// A field of the form, in the order of the screen. The name is also the field's HTML id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    Document,
    Country,
    Abroad,
    Region,
    District,
    Settlement,
    Street,
    House,
    Flat,
    Postcode,
    Mobile,
    MobileIsMine,
    /// The code sent to a new mobile number.
    MobileCode,
    Home,
    Work,
    WorkExtension,
    Email,
    EmailCode,
}

reads!(Field:
    "document" => Document,
    "country" => Country,
    "abroad" => Abroad,
    "region" => Region,
    "district" => District,
    "settlement" => Settlement,
    "street" => Street,
    "house" => House,
    "flat" => Flat,
    "postcode" => Postcode,
    "mobile" => Mobile,
    "mobile_is_mine" => MobileIsMine,
    "mobile_code" => MobileCode,
    "home" => Home,
    "work" => Work,
    "work_extension" => WorkExtension,
    "email" => Email,
    "email_code" => EmailCode,
);

impl Field {
    pub const ALL: [Self; 18] = [
        Self::Document,
        Self::Country,
        Self::Abroad,
        Self::Region,
        Self::District,
        Self::Settlement,
        Self::Street,
        Self::House,
        Self::Flat,
        Self::Postcode,
        Self::Mobile,
        Self::MobileIsMine,
        Self::MobileCode,
        Self::Home,
        Self::Work,
        Self::WorkExtension,
        Self::Email,
        Self::EmailCode,
    ];

    /// The HTML id of the field's control.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Document => "document",
            Self::Country => "country",
            Self::Abroad => "abroad",
            Self::Region => "region",
            Self::District => "district",
            Self::Settlement => "settlement",
            Self::Street => "street",
            Self::House => "house",
            Self::Flat => "flat",
            Self::Postcode => "postcode",
            Self::Mobile => "mobile",
            Self::MobileIsMine => "mobile-is-mine",
            Self::MobileCode => "mobile-code",
            Self::Home => "home",
            Self::Work => "work",
            Self::WorkExtension => "work-extension",
            Self::Email => "email",
            Self::EmailCode => "email-code",
        }
    }
}

/// What is wrong with a field; the text is made in one place of the page (and of the server's answers).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "problem", rename_all = "snake_case")]
pub enum Problem {
    Missing,
    /// A character that can't stand here (in Cyrillic fields: and has no twin).
    Character {
        found: char,
    },
    TooLong {
        found: usize,
        at_most: usize,
    },
    /// Digits of a telephone number.
    PhoneLength {
        found: usize,
        expected: usize,
    },
    PhoneCode {
        code: String,
    },
    PhoneNotMobile {
        code: String,
    },
    EmailAt,
    EmailName,
    EmailDomain,
    PostcodeShape {
        found: usize,
    },
    /// A value outside the list offered (region, document).
    NotInList,
    /// The place is in other regions than the one chosen (codes).
    OtherRegion {
        regions: Vec<String>,
    },
    /// The statement that the number is one's own isn't ticked; the contact isn't proven by a code, nor put off.
    NotConfirmed,
}

reads!(Problem by "problem":
    "missing" => Missing {},
    "character" => Character { found },
    "too_long" => TooLong { found, at_most },
    "phone_length" => PhoneLength { found, expected },
    "phone_code" => PhoneCode { code },
    "phone_not_mobile" => PhoneNotMobile { code },
    "email_at" => EmailAt {},
    "email_name" => EmailName {},
    "email_domain" => EmailDomain {},
    "postcode_shape" => PostcodeShape { found },
    "not_in_list" => NotInList {},
    "other_region" => OtherRegion { regions },
    "not_confirmed" => NotConfirmed {},
);

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    pub field: Field,
    #[serde(flatten)]
    pub problem: Problem,
}

impl Read for FieldError {
    fn read(from: &Json, sound: &mut bool) -> Self {
        Self {
            field: part(from, "field", sound),
            problem: Problem::read(from, sound),
        }
    }
}

/// What the form is checked against: the Fund's record, the valid documents of GBD FL, the contacts proven by a code.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Known {
    pub current: Requisites,
    pub documents: Vec<IdentityDocument>,
    /// As requisites write them.
    pub proven: Vec<String>,
}

reads!(Known {
    current,
    documents,
    proven,
});

impl Known {
    /// Whether this is a new contact that no code has come back from.
    #[must_use]
    pub fn is_unproven(&self, contact: &str) -> bool {
        let held = &self.current;
        let is_new = !contact.is_empty() && contact != held.mobile && contact != held.email;
        is_new && self.proven.iter().all(|proven| proven != contact)
    }
}

/// Checks every field; on success the requisites as they will be stored (telephones in E.164, single spaces, upper-case
/// index). Pure and total: any text, however odd, gives a verdict.
///
/// # Errors
/// All [`FieldError`]s in the order of the screen.
pub fn check(input: &FormInput, known: &Known) -> Result<Requisites, Vec<FieldError>> {
    let mut errors = Vec::new();
    let held = &known.current;
    let mut proposed = Requisites::default();

    match known
        .documents
        .iter()
        .find(|document| document.number == input.document)
    {
        Some(document) => proposed.document = Some(document.clone()),
        None if input.document.is_empty() => errors.push(error(Field::Document, Problem::Missing)),
        None => errors.push(error(Field::Document, Problem::NotInList)),
    }
    proposed.address = address(input, &held.address, &mut errors);

    let mut phone = |field: Field,
                     typed: &str,
                     held: &str,
                     required: bool,
                     read: fn(&str) -> Result<Phone, PhoneError>| {
        let typed = typed.trim();
        if is_held(typed, held) {
            return held.to_owned();
        }
        match read(typed) {
            Ok(phone) => phone.e164().to_owned(),
            Err(PhoneError::Empty) if !required => String::new(),
            Err(why) => {
                errors.push(error(field, phone_problem(why)));
                String::new()
            }
        }
    };
    proposed.mobile = phone(
        Field::Mobile,
        &input.mobile,
        &held.mobile,
        true,
        Phone::parse_contact_mobile,
    );
    proposed.home = phone(Field::Home, &input.home, &held.home, false, Phone::parse);
    proposed.work = phone(Field::Work, &input.work, &held.work, false, Phone::parse);

    if !input.mobile_is_mine && !proposed.mobile.is_empty() && proposed.mobile != held.mobile {
        errors.push(error(Field::MobileIsMine, Problem::NotConfirmed));
    }
    proposed.work_extension = extension(input, held, &mut errors);
    proposed.email = email(input, held, &mut errors);
    // No code is sent abroad.
    if !input.mobile_later && known.is_unproven(&proposed.mobile) && gets_codes(&proposed.mobile) {
        errors.push(error(Field::MobileCode, Problem::NotConfirmed));
    }
    if !input.email_later && known.is_unproven(&proposed.email) {
        errors.push(error(Field::EmailCode, Problem::NotConfirmed));
    }
    in_order(&mut errors);
    if errors.is_empty() {
        Ok(proposed)
    } else {
        Err(errors)
    }
}

/// Puts errors into the order of the screen. They are few and nearly in order already; the library's sort would weigh as much
/// in the page as the rest of the check.
pub fn in_order(errors: &mut [FieldError]) {
    for end in 1..errors.len() {
        let mut at = end;
        while at > 0 && errors[at - 1].field > errors[at].field {
            errors.swap(at - 1, at);
            at -= 1;
        }
    }
}

/// The problem of one field, for the check when it is left.
#[must_use]
pub fn problem_of(field: Field, input: &FormInput, known: &Known) -> Option<Problem> {
    check(input, known)
        .err()?
        .into_iter()
        .find(|e| e.field == field)
        .map(|e| e.problem)
}

/// Whether this is what the Fund holds already, as the Fund writes it: spaces around it make no change of it.
#[must_use]
pub fn is_held(typed: &str, held: &str) -> bool {
    !held.is_empty() && typed.trim() == held.trim()
}

/// Whether codes are sent to this mobile number: only to Kazakhstan's.
#[must_use]
pub fn gets_codes(mobile: &str) -> bool {
    Phone::parse_kz_mobile(mobile).is_ok()
}

/// Whether the settlement is asked: within a district of a region, not in a city.
#[must_use]
pub fn asks_settlement(region: &str, district: &str) -> bool {
    let district = lower_case(district);
    let a_district = ["ауд", "район", "р-н", "р-он"]
        .iter()
        .any(|mark| district.contains(mark));
    a_district && !Region::by_code(region).is_some_and(Region::is_city)
}

/// Whether district or city is required: not in the three cities that are regions themselves.
#[must_use]
pub fn requires_district(region: &str) -> bool {
    !Region::by_code(region).is_some_and(Region::is_city)
}

fn address(input: &FormInput, held: &Address, errors: &mut Vec<FieldError>) -> Address {
    let mut address = Address::default();
    if input.lives_abroad {
        address.country = abroad_text(Field::Country, &input.country, &held.country, 60, errors);
        address.abroad = abroad_text(Field::Abroad, &input.abroad, &held.abroad, 300, errors);
        return address;
    }
    match Region::by_code(&input.region) {
        Some(region) => address.region = region.code.to_owned(),
        None if input.region.is_empty() => errors.push(error(Field::Region, Problem::Missing)),
        None if input.region == held.region => address.region = held.region.clone(),
        None => errors.push(error(Field::Region, Problem::NotInList)),
    }
    let mut cyrillic = |field: Field, typed: &str, held: &str, required: bool| {
        if is_held(typed, held) {
            return held.to_owned();
        }
        match Cyrillic::parse(typed) {
            Ok(text) => text.as_str().to_owned(),
            Err(CyrillicError::Empty) if !required => String::new(),
            Err(why) => {
                errors.push(error(field, cyrillic_problem(why)));
                String::new()
            }
        }
    };
    address.district = cyrillic(
        Field::District,
        &input.district,
        &held.district,
        requires_district(&input.region),
    );
    let settlement = asks_settlement(&input.region, &input.district);
    address.settlement = cyrillic(Field::Settlement, &input.settlement, &held.settlement, settlement);
    if !input.no_street {
        address.street = cyrillic(Field::Street, &input.street, &held.street, true);
    }
    if !input.no_house {
        address.house = cyrillic(Field::House, &input.house, &held.house, true);
    }
    address.flat = cyrillic(Field::Flat, &input.flat, &held.flat, false);
    address.kato = kato(input, &address, held, errors);
    // Without an e-mail address the Fund writes letters, and then the index is needed.
    address.postcode = match Postcode::parse(&input.postcode) {
        _ if is_held(&input.postcode, &held.postcode) => held.postcode.clone(),
        Ok(code) => code.as_str().to_owned(),
        Err(PostcodeError::Empty) if !input.no_email => String::new(),
        Err(why) => {
            errors.push(error(
                Field::Postcode,
                match why {
                    PostcodeError::Empty => Problem::Missing,
                    PostcodeError::Character(found) => Problem::Character { found },
                    PostcodeError::Shape(found) => Problem::PostcodeShape { found },
                },
            ));
            String::new()
        }
    };
    address
}

/// The code of the place, if it was chosen; a place that is surely in another region is an error. What the Fund holds
/// already isn't judged.
fn kato(input: &FormInput, address: &Address, held: &Address, errors: &mut Vec<FieldError>) -> String {
    if address.is_in_the_place_of(held) && !held.kato.is_empty() {
        return held.kato.clone();
    }
    if is_kato_of(&input.kato, &address.region) {
        return input.kato.clone();
    }
    let region = input.kato.get(..2).and_then(Region::by_code);
    let of_code = region.filter(|region| is_kato_of(&input.kato, region.code));
    if let Some(other) = of_code.or_else(|| names_another_region(&address.region, &address.district))
        && !address.region.is_empty()
        && !address.is_in_the_place_of(held)
    {
        let regions = vec![other.code.to_owned()];
        errors.push(error(Field::District, Problem::OtherRegion { regions }));
    }
    String::new()
}

/// Text abroad may be in any script; control and direction characters can't stand.
fn abroad_text(
    field: Field,
    typed: &str,
    held: &str,
    at_most: usize,
    errors: &mut Vec<FieldError>,
) -> String {
    let clean = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    if clean == held && !held.is_empty() {
        return clean;
    }
    let odd = clean.chars().find(|c| {
        c.is_control() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '<' | '>')
    });
    let problem = match (odd, clean.chars().count()) {
        (_, 0) => Problem::Missing,
        (Some(found), _) => Problem::Character { found },
        (None, found) if found > at_most => Problem::TooLong { found, at_most },
        (None, _) => return clean,
    };
    errors.push(error(field, problem));
    String::new()
}

fn extension(input: &FormInput, held: &Requisites, errors: &mut Vec<FieldError>) -> String {
    let typed = input.work_extension.trim();
    if typed.is_empty() || input.work.trim().is_empty() {
        return String::new();
    }
    if typed == held.work_extension {
        return typed.to_owned();
    }
    let problem = match typed.chars().find(|c| !c.is_ascii_digit()) {
        Some(found) => Problem::Character { found },
        None if typed.len() > 6 => Problem::TooLong {
            found: typed.len(),
            at_most: 6,
        },
        None => return typed.to_owned(),
    };
    errors.push(error(Field::WorkExtension, problem));
    String::new()
}

fn email(input: &FormInput, held: &Requisites, errors: &mut Vec<FieldError>) -> String {
    let typed = input.email.trim();
    if input.no_email {
        return String::new();
    }
    if is_held(typed, &held.email) {
        return held.email.clone();
    }
    match Email::parse(typed) {
        Ok(email) => email.as_str().to_owned(),
        Err(why) => {
            let problem = match why {
                EmailError::Empty => Problem::Missing,
                EmailError::At => Problem::EmailAt,
                EmailError::Character(found) => Problem::Character { found },
                EmailError::TooLong => Problem::TooLong {
                    found: typed.chars().count(),
                    at_most: 254,
                },
                EmailError::Name => Problem::EmailName,
                EmailError::Domain => Problem::EmailDomain,
            };
            errors.push(error(Field::Email, problem));
            String::new()
        }
    }
}

fn phone_problem(why: PhoneError) -> Problem {
    match why {
        PhoneError::Empty => Problem::Missing,
        PhoneError::Character(found) => Problem::Character { found },
        PhoneError::Length { found, expected } => Problem::PhoneLength { found, expected },
        PhoneError::UnknownCode(code) => Problem::PhoneCode { code },
        PhoneError::NotMobile(code) => Problem::PhoneNotMobile { code },
        PhoneError::NotKazakhstan => Problem::PhoneCode { code: String::new() },
    }
}

fn cyrillic_problem(why: CyrillicError) -> Problem {
    match why {
        CyrillicError::Empty => Problem::Missing,
        CyrillicError::Character(found) => Problem::Character { found },
        CyrillicError::TooLong(found) => Problem::TooLong {
            found,
            at_most: super::cyrillic::MAX_CHARS,
        },
    }
}

const fn error(field: Field, problem: Problem) -> FieldError {
    FieldError { field, problem }
}

/// The form as it opens: the Fund's record in every field; the chosen document is the one the Fund holds if GBD FL still has
/// it, else the first valid one.
#[must_use]
pub fn prefill(known: &Known) -> FormInput {
    let held = &known.current;
    let address = &held.address;
    let kept = held
        .document
        .as_ref()
        .filter(|document| known.documents.contains(document));
    FormInput {
        document: kept
            .or(known.documents.first())
            .map(|d| d.number.clone())
            .unwrap_or_default(),
        lives_abroad: !address.country.is_empty(),
        country: address.country.clone(),
        abroad: address.abroad.clone(),
        region: address.region.clone(),
        district: address.district.clone(),
        settlement: address.settlement.clone(),
        kato: address.kato.clone(),
        street: address.street.clone(),
        no_street: address.street.is_empty() && !address.house.is_empty(),
        house: address.house.clone(),
        no_house: address.house.is_empty() && !address.street.is_empty(),
        flat: address.flat.clone(),
        postcode: address.postcode.clone(),
        mobile: held.mobile.clone(),
        mobile_is_mine: false,
        home: held.home.clone(),
        work: held.work.clone(),
        work_extension: held.work_extension.clone(),
        email: held.email.clone(),
        no_email: false,
        mobile_later: false,
        email_later: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::requisites::{Change, difference};

    fn whole() -> FormInput {
        FormInput {
            document: "051234567".into(),
            region: "35".into(),
            district: "Теміртау қаласы".into(),
            street: "Бейбітшілік даңғылы".into(),
            house: "14/2".into(),
            mobile: "8 701 234 56 78".into(),
            mobile_is_mine: true,
            mobile_later: true,
            email: "aliya@example.kz".into(),
            email_later: true,
            ..FormInput::default()
        }
    }

    fn known() -> Known {
        use crate::domain::identity_document::{DocumentKind, Named};
        use crate::domain::time::Date;
        let document = IdentityDocument {
            kind: DocumentKind::IdentityCard,
            series: None,
            number: "051234567".into(),
            issued_on: Date::new(2024, 3, 15).unwrap(),
            valid_until: Date::new(2034, 3, 14),
            issued_by: Named {
                code: "002".into(),
                kk: "ҚР ІІМ".into(),
                ru: "МВД РК".into(),
            },
        };
        Known {
            documents: vec![document],
            ..Known::default()
        }
    }

    fn problems(input: &FormInput) -> Vec<(Field, Problem)> {
        check(input, &known())
            .err()
            .unwrap_or_default()
            .into_iter()
            .map(|e| (e.field, e.problem))
            .collect()
    }

    #[test]
    fn a_whole_form_is_stored_normalised() {
        let proposed = check(&whole(), &known()).unwrap();
        assert_eq!(proposed.mobile, "+77012345678");
        assert_eq!(proposed.address.house, "14/2");
    }

    #[test]
    fn an_empty_form_names_every_required_field_in_screen_order() {
        let fields: Vec<_> = problems(&FormInput::default())
            .into_iter()
            .map(|(field, _)| field)
            .collect();
        use Field::{District, Document, Email, House, Mobile, Region, Street};
        assert_eq!(fields, [Document, Region, District, Street, House, Mobile, Email]);
    }

    #[test]
    fn the_ways_out_are_open() {
        let mut input = whole();
        (input.no_street, input.street) = (true, String::new());
        (input.no_house, input.house) = (true, String::new());
        assert_eq!(problems(&input), []);
        input.no_email = true;
        assert_eq!(
            problems(&input),
            [(Field::Postcode, Problem::Missing)],
            "letters need an index"
        );
        input.postcode = "101400".into();
        assert_eq!(problems(&input), []);
    }

    #[test]
    fn the_three_cities_need_no_district_and_a_district_needs_a_settlement() {
        let mut input = FormInput {
            region: "75".into(),
            district: String::new(),
            ..whole()
        };
        assert_eq!(problems(&input), []);
        input.region = "35".into();
        input.district = "Осакаров ауданы".into();
        assert_eq!(problems(&input), [(Field::Settlement, Problem::Missing)]);
    }

    #[test]
    fn a_chosen_place_keeps_its_code_and_another_regions_is_refused() {
        let mut input = FormInput {
            kato: "352310000".into(),
            ..whole()
        };
        assert_eq!(check(&input, &known()).unwrap().address.kato, "352310000");
        let elsewhere = |regions: &str| {
            let regions = vec![regions.to_owned()];
            vec![(Field::District, Problem::OtherRegion { regions })]
        };
        input.region = "11".into();
        assert_eq!(problems(&input), elsewhere("35"));
        input.kato = String::new();
        assert_eq!(problems(&input), [], "typed by hand: who knows");
        input.district = "г. Астана".into();
        assert_eq!(problems(&input), elsewhere("71"));
        input.region = "71".into();
        assert_eq!(problems(&input), []);
    }

    #[test]
    fn a_place_the_fund_holds_keeps_the_code_held_and_isnt_judged() {
        let mut known = known();
        known.current.address = Address {
            region: "61".into(),
            district: "Шымкент".into(),
            ..Address::default()
        };
        let mut input = FormInput {
            region: "61".into(),
            district: "Шымкент".into(),
            ..whole()
        };
        assert_eq!(check(&input, &known).unwrap().address.kato, "");
        known.current.address.kato = "610000000".into();
        input.kato = "616420100".into();
        assert_eq!(check(&input, &known).unwrap().address.kato, "610000000");
    }

    #[test]
    fn an_unchanged_value_of_former_days_never_blocks() {
        let mut known = known();
        known.current.mobile = "8-3212-41-41".into();
        known.current.address.street = "Lenina".into();
        let mut input = whole();
        input.mobile = "8-3212-41-41".into();
        input.mobile_is_mine = false;
        input.street = "Lenina".into();
        let proposed = check(&input, &known).unwrap();
        assert!(
            !difference(&known.current, &proposed)
                .iter()
                .any(|c| matches!(c, Change::Mobile { .. }))
        );
        known.current.email = "LI.ALEXANDR@EXAMPLE.RU ".into();
        input.email = "LI.ALEXANDR@EXAMPLE.RU ".into();
        input.email_later = false;
        assert_eq!(check(&input, &known).unwrap().email, known.current.email);
        input.street = "Lenina 2".into();
        assert_eq!(
            check(&input, &known).unwrap_err()[0].problem,
            Problem::Character { found: 'L' }
        );
    }

    #[test]
    fn a_new_mobile_number_must_be_stated_as_ones_own() {
        let input = FormInput {
            mobile_is_mine: false,
            ..whole()
        };
        assert_eq!(problems(&input), [(Field::MobileIsMine, Problem::NotConfirmed)]);
    }

    #[test]
    fn a_new_contact_is_proven_by_a_code_or_put_off() {
        let mut known = known();
        let ask = |input: &FormInput, known: &Known| -> Vec<Field> {
            let errors = check(input, known).err().unwrap_or_default();
            errors.into_iter().map(|error| error.field).collect()
        };
        let mut input = FormInput {
            mobile_later: false,
            email_later: false,
            ..whole()
        };
        assert_eq!(ask(&input, &known), [Field::MobileCode, Field::EmailCode]);
        input.email_later = true;
        assert_eq!(ask(&input, &known), [Field::MobileCode]);
        known.proven.push("+77012345678".into());
        assert_eq!(ask(&input, &known), []);
        input.mobile = "+49 30 901820".into();
        assert_eq!(ask(&input, &known), [], "no code is sent abroad");
        input.mobile = "8 701 234 56 79".into();
        assert_eq!(
            ask(&input, &known),
            [Field::MobileCode],
            "another number, another code"
        );
        known.current.mobile = "+77012345679".into();
        assert_eq!(ask(&input, &known), [], "the Fund holds it already");
    }

    #[test]
    fn any_text_gives_a_verdict() {
        for odd in ["\0", "🙂", "\u{202e}Абай", "<b>", &"а".repeat(10_000), "é\u{301}"] {
            let input = FormInput {
                street: odd.into(),
                mobile: odd.into(),
                email: odd.into(),
                postcode: odd.into(),
                home: odd.into(),
                work: odd.into(),
                work_extension: odd.into(),
                document: odd.into(),
                region: odd.into(),
                ..whole()
            };
            assert!(check(&input, &known()).is_err(), "{}", odd.escape_debug());
        }
    }
}
