//! GBD FL's side of the demo's people, with the dictionaries the register gives beside each code. Codes the facts name are
//! theirs; codes of other capacities, of death and of kinds beyond 001 and 002 are the demo's own.

use crate::domain::iin::Iin;
use crate::domain::time::Date;
use std::borrow::Cow;

/// A dictionary value: code, Kazakh and Russian name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dictionary {
    pub code: &'static str,
    pub kk: &'static str,
    pub ru: &'static str,
}

const fn entry(code: &'static str, kk: &'static str, ru: &'static str) -> Dictionary {
    Dictionary { code, kk, ru }
}

/// Kinds of documents.
pub mod document_kind {
    use super::{Dictionary, entry};

    pub const PASSPORT: Dictionary = entry("001", "ҚР ПАСПОРТЫ", "ПАСПОРТ РК");
    pub const IDENTITY_CARD: Dictionary = entry("002", "ҚР ЖЕКЕ КУӘЛІГІ", "УДОСТОВЕРЕНИЕ РК");
    pub const RESIDENCE_PERMIT: Dictionary = entry(
        "003",
        "ШЕТЕЛДІКТІҢ ҚР-ДА ТҰРУЫНА ЫҚТИЯРХАТ",
        "ВИД НА ЖИТЕЛЬСТВО ИНОСТРАНЦА В РК",
    );
}

/// Capacity to act.
pub mod capacity {
    use super::{Dictionary, entry};

    pub const FULL: Dictionary = entry("0", "Әрекетке қабілетті", "Дееспособный");
    pub const INCAPABLE: Dictionary = entry("1", "Әрекетке қабілетсіз", "Недееспособный");
    pub const LIMITED: Dictionary = entry("2", "Әрекет қабілеттілігі шектелген", "Ограниченно дееспособный");
}

const ALIVE: Dictionary = entry("0", "Қалыпты", "Нормальный");
const DEAD: Dictionary = entry("1", "Қайтыс болған", "Умерший");
const VALID: Dictionary = entry("00", "ҚҰЖАТ ЖАРАМДЫ", "ДОКУМЕНТ ДЕЙСТВИТЕЛЕН");
const REPLACED: Dictionary = entry("02", "ҚҰЖАТ АУЫСТЫРЫЛДЫ", "ДОКУМЕНТ ЗАМЕНЁН");
const DEATH_ACT: Dictionary = entry(
    "18",
    "ҚАЙТЫС БОЛУ ТУРАЛЫ АКТ ЖАЗБАСЫНЫҢ ӨЗГЕРУІ",
    "ИЗМЕНЕНИЕ ЗАПИСИ АКТА О СМЕРТИ",
);
const JUSTICE: Dictionary = entry("001", "ҚР ӘДІЛЕТ МИНИСТРЛІГІ", "МИНИСТЕРСТВО ЮСТИЦИИ РК");
const INTERIOR: Dictionary = entry(
    "002",
    "ҚР ІШКІ ІСТЕР МИНИСТРЛІГІ",
    "МИНИСТЕРСТВО ВНУТРЕННИХ ДЕЛ РК",
);
const KAZAKHSTAN: Dictionary = entry("398", "ҚАЗАҚСТАН", "КАЗАХСТАН");
const RUSSIA: Dictionary = entry("643", "РЕСЕЙ", "РОССИЯ");

#[derive(Debug, Clone)]
pub struct RegisterPerson {
    pub iin: Iin,
    pub surname: String,
    pub given_name: String,
    pub patronymic: Option<String>,
    pub birth_date: Date,
    pub death_date: Option<Date>,
    pub female: bool,
    pub citizenship: Dictionary,
    pub life: Dictionary,
    pub capacity: RegisterCapacity,
    pub excluded: bool,
    pub address: RegisterAddress,
    pub documents: Vec<RegisterDocument>,
}

#[derive(Debug, Clone)]
pub struct RegisterCapacity {
    pub status: Dictionary,
    /// Court and date of its decision.
    pub decision: Option<(&'static str, Date)>,
}

#[derive(Debug, Clone)]
pub struct RegisterAddress {
    /// Codes of the KATO classifier, nine digits.
    pub region: Dictionary,
    pub district: Dictionary,
    pub city: &'static str,
    pub street: &'static str,
    pub house: &'static str,
    pub flat: &'static str,
    /// The tags of region and district stand the other way round, as in some of the register's answers.
    pub swapped: bool,
}

#[derive(Debug, Clone)]
pub struct RegisterDocument {
    pub kind: Dictionary,
    pub number: Cow<'static, str>,
    pub issued_on: Date,
    pub valid_until: Option<Date>,
    pub issuer: Dictionary,
    pub status: Dictionary,
    pub invalidated_on: Option<Date>,
}

fn day(text: &str) -> Date {
    Date::parse_iso(text).expect("a date of the table below, read by a test")
}

fn card(number: impl Into<Cow<'static, str>>, from: &str, until: &str) -> RegisterDocument {
    RegisterDocument {
        kind: document_kind::IDENTITY_CARD,
        number: number.into(),
        issued_on: day(from),
        valid_until: Some(day(until)),
        issuer: INTERIOR,
        status: VALID,
        invalidated_on: None,
    }
}

fn passport(number: &'static str, from: &str, until: &str) -> RegisterDocument {
    RegisterDocument {
        kind: document_kind::PASSPORT,
        ..card(number, from, until)
    }
}

impl RegisterDocument {
    fn replaced(mut self, on: &str) -> Self {
        self.status = REPLACED;
        self.invalidated_on = Some(day(on));
        self
    }

    fn by(mut self, issuer: Dictionary) -> Self {
        self.issuer = issuer;
        self
    }
}

/// `names`: surname, name, patronymic, parted by single spaces; the patronymic may be absent.
fn person(iin: &str, names: &str, born: &str, female: bool, address: RegisterAddress) -> RegisterPerson {
    let mut names = names.split(' ').map(str::to_owned);
    RegisterPerson {
        iin: Iin::from_authority(iin).expect("an IIN of the table below, read by a test"),
        surname: names.next().unwrap_or_default(),
        given_name: names.next().unwrap_or_default(),
        patronymic: names.next(),
        birth_date: day(born),
        death_date: None,
        female,
        citizenship: KAZAKHSTAN,
        life: ALIVE,
        capacity: RegisterCapacity {
            status: capacity::FULL,
            decision: None,
        },
        excluded: false,
        address,
        documents: Vec::new(),
    }
}

impl RegisterPerson {
    fn with(mut self, documents: impl IntoIterator<Item = RegisterDocument>) -> Self {
        self.documents.extend(documents);
        self
    }
}

const KARAGANDA: Dictionary = entry("350000000", "ҚАРАҒАНДЫ ОБЛЫСЫ", "КАРАГАНДИНСКАЯ ОБЛАСТЬ");
const TEMIRTAU: Dictionary = entry("352400000", "ТЕМІРТАУ Қ.Ә.", "ТЕМИРТАУ Г.А.");
const AKMOLA: Dictionary = entry("110000000", "АҚМОЛА ОБЛЫСЫ", "АКМОЛИНСКАЯ ОБЛАСТЬ");
const ZERENDI: Dictionary = entry("115600000", "ЗЕРЕНДІ АУДАНЫ", "ЗЕРЕНДИНСКИЙ РАЙОН");
const TURKISTAN: Dictionary = entry("610000000", "ТҮРКІСТАН ОБЛЫСЫ", "ТУРКЕСТАНСКАЯ ОБЛАСТЬ");
const KENTAU: Dictionary = entry("612000000", "КЕНТАУ Қ.Ә.", "КЕНТАУ Г.А.");
const ASTANA: Dictionary = entry("710000000", "АСТАНА ҚАЛАСЫ", "ГОРОД АСТАНА");
const ESIL: Dictionary = entry("711210000", "ЕСІЛ АУДАНЫ", "РАЙОН ЕСИЛЬ");
const ALMATY: Dictionary = entry("750000000", "АЛМАТЫ ҚАЛАСЫ", "ГОРОД АЛМАТЫ");
const BOSTANDYQ: Dictionary = entry("751410000", "БОСТАНДЫҚ АУДАНЫ", "БОСТАНДЫКСКИЙ РАЙОН");

const fn at(
    region: Dictionary,
    district: Dictionary,
    city: &'static str,
    street: &'static str,
    house: &'static str,
    flat: &'static str,
) -> RegisterAddress {
    RegisterAddress {
        region,
        district,
        city,
        street,
        house,
        flat,
        swapped: false,
    }
}

const fn swapped(mut address: RegisterAddress) -> RegisterAddress {
    address.swapped = true;
    address
}

const fn temirtau(house: &'static str, flat: &'static str) -> RegisterAddress {
    at(
        KARAGANDA,
        TEMIRTAU,
        "ТЕМІРТАУ ҚАЛАСЫ",
        "БЕЙБІТШІЛІК ДАҢҒЫЛЫ",
        house,
        flat,
    )
}

const fn astana(street: &'static str, house: &'static str, flat: &'static str) -> RegisterAddress {
    at(ASTANA, ESIL, "", street, house, flat)
}

const fn almaty(street: &'static str, house: &'static str, flat: &'static str) -> RegisterAddress {
    at(ALMATY, BOSTANDYQ, "", street, house, flat)
}

const fn zerendi(street: &'static str, house: &'static str) -> RegisterAddress {
    swapped(at(AKMOLA, ZERENDI, "ЗЕРЕНДІ", street, house, ""))
}

/// Somebody of no particular case: one valid card, and an address of few.
pub(super) fn one_of_many(
    iin: Iin,
    [surname, given_name, patronymic]: [String; 3],
    birth_date: Date,
    female: bool,
    card_number: String,
) -> RegisterPerson {
    let addresses = [
        at(KARAGANDA, TEMIRTAU, "ТЕМІРТАУ ҚАЛАСЫ", "МИР КӨШЕСІ", "14", "3"),
        astana("ТҰРАН ДАҢҒЫЛЫ", "20", "5"),
        almaty("АБАЙ ДАҢҒЫЛЫ", "7", "6"),
        zerendi("МИР КӨШЕСІ", "18"),
    ];
    let which = card_number.bytes().map(usize::from).sum::<usize>() % addresses.len();
    RegisterPerson {
        iin,
        surname,
        given_name,
        patronymic: Some(patronymic),
        birth_date,
        death_date: None,
        female,
        citizenship: KAZAKHSTAN,
        life: ALIVE,
        capacity: RegisterCapacity {
            status: capacity::FULL,
            decision: None,
        },
        excluded: false,
        address: addresses[which].clone(),
        documents: vec![card(card_number, "2024-03-15", "2034-03-14")],
    }
}

/// Id, case and record of everybody, in the order they are shown.
pub(super) fn all() -> Vec<(&'static str, &'static str, RegisterPerson)> {
    let mut dauren = person(
        "560911390053",
        "ҚАСЫМОВ ДӘУРЕН МАРАТҰЛЫ",
        "1956-09-11",
        false,
        temirtau("3", "12"),
    )
    .with([card("024681357", "2014-05-20", "2034-05-19")]);
    dauren.life = DEAD;
    dauren.death_date = Some(day("2025-12-02"));
    dauren.documents[0].status = DEATH_ACT;

    let mut arman = person(
        "730630390062",
        "ЖҮНІСОВ АРМАН БОЛАТҰЛЫ",
        "1973-06-30",
        false,
        astana("САРАЙШЫҚ КӨШЕСІ", "7", "41"),
    )
    .with([card("033571246", "2018-02-14", "2028-02-13")]);
    arman.capacity = RegisterCapacity {
        status: capacity::INCAPABLE,
        decision: Some(("АСТАНА ҚАЛАСЫ ЕСІЛ АУДАНДЫҚ СОТЫ", day("2023-04-18"))),
    };

    let mut maqsat = person(
        "681205390072",
        "АБДРАХМАНОВ МАҚСАТ СЕЙІТҰЛЫ",
        "1968-12-05",
        false,
        almaty("ТИМИРЯЗЕВ КӨШЕСІ", "42", "9"),
    )
    .with([card("035790864", "2019-07-01", "2029-06-30")]);
    maqsat.capacity = RegisterCapacity {
        status: capacity::LIMITED,
        decision: Some(("АЛМАТЫ ҚАЛАСЫ БОСТАНДЫҚ АУДАНДЫҚ СОТЫ", day("2024-10-09"))),
    };

    let mut elena = person(
        "810225490044",
        "СОКОЛОВА ЕЛЕНА АНДРЕЕВНА",
        "1981-02-25",
        true,
        almaty("АБАЙ ДАҢҒЫЛЫ", "150/2", "17"),
    )
    .with([RegisterDocument {
        kind: document_kind::RESIDENCE_PERMIT,
        ..card("F0214365", "2021-11-08", "2031-11-07")
    }]);
    elena.citizenship = RUSSIA;

    let mut marat = person(
        "640122390120",
        "ДҮЙСЕНОВ МАРАТ КЕҢЕСҰЛЫ",
        "1964-01-22",
        false,
        zerendi("ДОСТЫҚ КӨШЕСІ", "18"),
    )
    .with([card("031246875", "2017-03-03", "2027-03-02")]);
    marat.excluded = true;

    vec![
        (
            "aliya",
            "two valid documents; the Fund holds an older card and address",
            person(
                "990101390009",
                "АХМЕТОВА ӘЛИЯ СЕРІКҚЫЗЫ",
                "1999-01-01",
                true,
                temirtau("14/2", "38"),
            )
            .with([
                card("038765432", "2014-03-10", "2024-03-09").replaced("2024-03-15"),
                card("051234567", "2024-03-15", "2034-03-14"),
                passport("N12345678", "2021-09-03", "2031-09-02"),
            ]),
        ),
        (
            "erlan",
            "one valid document, the same at the Fund",
            person(
                "850412390011",
                "САПАРОВ ЕРЛАН БАУЫРЖАНҰЛЫ",
                "1985-04-12",
                false,
                astana("МӘҢГІЛІК ЕЛ ДАҢҒЫЛЫ", "20", "115"),
            )
            .with([card("047123456", "2022-06-17", "2032-06-16")]),
        ),
        (
            "viktoria",
            "no patronymic",
            person(
                "920708490022",
                "КИМ ВИКТОРИЯ",
                "1992-07-08",
                true,
                almaty("РОЗЫБАКИЕВ КӨШЕСІ", "247", "63"),
            )
            .with([card("044455667", "2020-08-24", "2030-08-23")]),
        ),
        (
            "qaharman",
            "every Kazakh letter; district and region tags the other way round",
            person(
                "781117390035",
                "ӨТЕҒҰЛОВ ҚАҺАРМАН ӘБІЛҒАЗЫҰЛЫ",
                "1978-11-17",
                false,
                swapped(at(
                    TURKISTAN,
                    KENTAU,
                    "КЕНТАУ ҚАЛАСЫ",
                    "ӘЛ-ФАРАБИ КӨШЕСІ",
                    "9",
                    "",
                )),
            )
            .with([card("042718281", "2019-12-02", "2029-12-01").by(JUSTICE)]),
        ),
        ("elena", "residence permit of a foreigner", elena),
        (
            "nurzhan",
            "the Fund holds a passport that was replaced",
            person(
                "950827390108",
                "ТІЛЕУОВ НҰРЖАН ЕРІКҰЛЫ",
                "1995-08-27",
                false,
                astana("ҚАБАНБАЙ БАТЫР ДАҢҒЫЛЫ", "58", "204"),
            )
            .with([
                passport("N07654321", "2015-01-12", "2025-01-11").replaced("2024-12-20"),
                passport("N14142135", "2024-12-20", "2034-12-19"),
            ]),
        ),
        (
            "gulnar",
            "no password yet: registers",
            person(
                "930415400155",
                "ЖҮНІСОВА ГҮЛНӘР ҚАЙРАТҚЫЗЫ",
                "1993-04-15",
                true,
                astana("МӘҢГІЛІК ЕЛ ДАҢҒЫЛЫ", "31", "17"),
            )
            .with([card("045454545", "2021-05-11", "2031-05-10")]),
        ),
        (
            "timur",
            "no password yet: registers too",
            person(
                "950825300141",
                "АМАНОВ ТИМУР САМАТҰЛЫ",
                "1995-08-25",
                false,
                almaty("РОЗЫБАКИЕВ КӨШЕСІ", "112", "8"),
            )
            .with([card("046464646", "2021-09-21", "2031-09-20")]),
        ),
        (
            "raushan",
            "no mobile number at the Fund",
            person(
                "580514490095",
                "БАЙЖАНОВА РАУШАН ТӨЛЕГЕНҚЫЗЫ",
                "1958-05-14",
                true,
                zerendi("МИР КӨШЕСІ", "5"),
            )
            .with([card("029979245", "2016-04-11", "2036-04-10")]),
        ),
        (
            "alexander",
            "stale values at the Fund: foreign mobile, address abroad, old way of writing",
            person(
                "701001390119",
                "ЛИ АЛЕКСАНДР ПЕТРОВИЧ",
                "1970-10-01",
                false,
                temirtau("21", "4"),
            )
            .with([card("040302010", "2018-10-10", "2028-10-09")]),
        ),
        ("dauren", "GBD FL reports a death", dauren),
        ("arman", "incapacitated by a court", arman),
        ("maqsat", "limited capacity by a court", maqsat),
        (
            "natalia",
            "name differs from the Fund's",
            person(
                "870319490086",
                "СЕМЁНОВА НАТАЛЬЯ ИГОРЕВНА",
                "1987-03-19",
                true,
                temirtau("8", "77"),
            )
            .with([card("046021023", "2021-03-30", "2031-03-29")]),
        ),
        ("marat", "IIN excluded from GBD FL", marat),
        (
            "aigerim",
            "no valid document: the card has ended",
            person(
                "010617690143",
                "НҰРЛАНОВА АЙГЕРІМ ДАНИЯРҚЫЗЫ",
                "2001-06-17",
                true,
                almaty("САТПАЕВ КӨШЕСІ", "90", "31"),
            )
            .with([card("039393939", "2016-06-20", "2026-06-19")]),
        ),
        (
            "zhanar",
            "unknown to the Fund (key only)",
            person(
                "900430490137",
                "ОМАРОВА ЖАНАР ҚАЙРАТҚЫЗЫ",
                "1990-04-30",
                true,
                astana("ТҰРАН ДАҢҒЫЛЫ", "12", "6"),
            )
            .with([card("045204520", "2020-05-05", "2030-05-04")]),
        ),
        (
            "testov",
            "national test person; the IIN has no valid control digit (key only)",
            person(
                "123456789011",
                "ТЕСТОВ ТЕСТ ТЕСТОВИЧ",
                "1990-01-01",
                false,
                astana("САРЫАРҚА ДАҢҒЫЛЫ", "1", "1"),
            )
            .with([card("000000011", "2020-01-01", "2030-01-01")]),
        ),
        (
            "testtov",
            "second national test person (key only)",
            person(
                "123456789012",
                "ТЕСТТОВ ТЕСТТ ТЕСТТОВИЧ",
                "1991-02-02",
                false,
                astana("САРЫАРҚА ДАҢҒЫЛЫ", "1", "2"),
            )
            .with([card("000000012", "2021-01-01", "2031-01-01")]),
        ),
    ]
}
