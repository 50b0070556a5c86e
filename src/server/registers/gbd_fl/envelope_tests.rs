//! Samples written from the facts of the interface: names of elements and codes as the register documents them, people
//! invented.

use super::*;
use crate::domain::address::Address;
use crate::domain::eligibility::{Capacity, Life};
use crate::domain::identity_document::DocumentKind;
use crate::domain::time::Date;
use std::time::Duration;

const IIN: &str = "990101390009";

fn now() -> Timestamp {
    Timestamp::parse_rfc3339("2026-11-23T08:00:00Z").unwrap()
}

fn named(tag: &str, code: &str, ru: &str, kk: &str) -> String {
    format!(
        "<{tag}><code>{code}</code><nameRu>{ru}</nameRu><nameKz>{kk}</nameKz><changeDate>2008-03-01T10:00:00+06:00</changeDate></{tag}>"
    )
}

fn document(number: &str, status: &str, end: &str) -> String {
    format!(
        "<document>{}<number>{number}</number><beginDate>2024-03-15+06:00</beginDate><endDate>{end}</endDate>{}{}</document>",
        named("type", "002", "УДОСТОВЕРЕНИЕ РК", "ҚР ЖЕКЕ КУӘЛІГІ"),
        named(
            "issueOrganization",
            "002",
            "МИНИСТЕРСТВО ВНУТРЕННИХ ДЕЛ РК",
            "ҚР ІШКІ ІСТЕР МИНИСТРЛІГІ"
        ),
        named("status", status, "", ""),
    )
}

fn person(inner: &str) -> String {
    format!(
        "<person><iin>{IIN}</iin><surname>СЕРІКҚЫЗЫ</surname><name>ӘЛИЯ</name><birthDate>1999-01-01+06:00</birthDate>{inner}</person>"
    )
}

fn alive() -> String {
    named("lifeStatus", "0", "Нормальный", "Қалыпты")
}

fn envelope(data: &str) -> String {
    format!(
        "<S:Envelope xmlns:S=\"http://schemas.xmlsoap.org/soap/envelope/\"><S:Body><n:SendMessageResponse xmlns:n=\"u\">\
         <response><responseInfo><messageId>1</messageId><status><code>SCSS001</code><message>ok</message></status></responseInfo>\
         <responseData><data>{data}</data></responseData></response></n:SendMessageResponse></S:Body></S:Envelope>"
    )
}

fn processed(persons: &str) -> String {
    envelope(&format!(
        "<messageResult><code>00000</code><nameRu>Сообщение успешно обработано</nameRu></messageResult><persons>{persons}</persons>"
    ))
}

fn read(text: &str) -> Result<RegisterAnswer, RegisterTrouble> {
    answer(text.as_bytes(), &Iin::typed(IIN).unwrap(), now())
}

fn read_person(inner: &str) -> RegisterAnswer {
    read(&processed(&person(inner))).unwrap()
}

#[test]
fn the_question_is_as_agreed_and_escapes_what_it_is_given() {
    let endpoint = Endpoint {
        url: String::new(),
        service_id: "GBDFL2022".into(),
        sender_id: "enpf<1>".into(),
        sender_password: crate::server::config::Secret::new("a&b"),
        time_out: Duration::from_secs(1),
    };
    let id = message_id([7; 16]);
    let text = question(&endpoint, &Iin::typed(IIN).unwrap(), &id, now());
    let root = xml::read(text.as_bytes()).unwrap();
    let request = root.at(&["Body", "SendMessage", "request"]).unwrap();
    let info = request.child("requestInfo").unwrap();
    assert_eq!(info.text_of("serviceId"), Some("GBDFL2022"));
    assert_eq!(info.child("sender").unwrap().text_of("password"), Some("a&b"));
    let data = request.at(&["requestData", "data"]).unwrap();
    assert_eq!(data.text_of("iin"), Some(IIN));
    assert_eq!(data.text_of("senderCode"), Some("enpf<1>"));
    assert_eq!(data.text_of("messageId").map(str::len), Some(36));
}

#[test]
fn a_living_person_with_a_document_is_read() {
    let inner = alive() + "<documents>" + &document("051234567", "00", "2034-03-14") + "</documents>";
    let record = read_person(&inner).record;
    assert_eq!(
        (record.life, record.capacity, record.excluded),
        (Life::Alive, Capacity::Full, false)
    );
    assert_eq!(record.person.full_name(), "СЕРІКҚЫЗЫ ӘЛИЯ");
    assert_eq!(record.person.birth_date, Date::new(1999, 1, 1).unwrap());
    let document = &record.documents[0];
    assert_eq!(document.document.kind, DocumentKind::IdentityCard);
    assert_eq!(document.document.issued_by.kk, "ҚР ІШКІ ІСТЕР МИНИСТРЛІГІ");
    assert!(document.valid_on(now().date_kz()));
}

#[test]
fn old_and_invalidated_documents_are_kept_apart_from_valid_ones() {
    let inner = alive()
        + "<documents>"
        + &document("1", "18", "2034-03-14")
        + &document("2", "00", "2026-11-22")
        + &document("3", "00", "2034-03-14")
            .replace("<status>", "<invalidityDate>2025-01-01</invalidityDate><status>")
        + &document("4", "00", "2026-11-23T00:00:00.000+05:00")
        + "<document><number>5</number></document></documents>";
    let record = read_person(&inner).record;
    let valid: Vec<_> = record
        .documents
        .iter()
        .filter(|d| d.valid_on(now().date_kz()))
        .map(|d| d.document.number.as_str())
        .collect();
    assert_eq!(valid, ["4"]);
}

#[test]
fn life_is_confirmed_only_without_any_sign_of_death() {
    let life = |inner: &str| read_person(inner).record.life;
    assert_eq!(
        life(&named("lifeStatus", "1", "Умерший", "Қайтыс болған")),
        Life::NotConfirmed
    );
    assert_eq!(life(&named("lifeStatus", "77", "", "")), Life::NotConfirmed);
    assert_eq!(
        life(&(alive() + "<deathDate>2020-01-01</deathDate>")),
        Life::NotConfirmed
    );
    assert_eq!(
        life(&(alive() + "<deathCertificate><number>1</number></deathCertificate>")),
        Life::NotConfirmed
    );
    assert_eq!(life(&(alive() + "<deathDate/>")), Life::Alive);
}

#[test]
fn capacity_is_told_by_the_words_of_the_law() {
    let capacity = |inner: &str| {
        read_person(&(alive() + "<personCapableStatus>" + inner + "</personCapableStatus>"))
            .record
            .capacity
    };
    let value = |ru: &str, kk: &str| named("capableStatus", "9", ru, kk);
    assert_eq!(capacity(&value("НЕДЕЕСПОСОБНЫЙ", "")), Capacity::Incapable);
    assert_eq!(capacity(&value("", "Әрекетке қабілетсіз")), Capacity::Incapable);
    assert_eq!(
        capacity(&value("Ограниченно дееспособный", "")),
        Capacity::Limited
    );
    assert_eq!(
        capacity(&value("", "Әрекет қабілеттілігі шектелген")),
        Capacity::Limited
    );
    assert_eq!(capacity(&value("Дееспособный", "")), Capacity::Full);
    assert_eq!(capacity(&value("Иное", "Басқа")), Capacity::NotConfirmed);
    assert_eq!(capacity(""), Capacity::Full);
    assert_eq!(
        capacity(&(value("Недееспособный", "") + "<capableEndDate>2020-01-01</capableEndDate>")),
        Capacity::Full
    );
}

#[test]
fn an_excluded_or_removed_person_is_told_so() {
    let excluded = |inner: &str| read_person(&(alive() + inner)).record.excluded;
    assert!(excluded(&named("excludeStatus", "1", "Исключён", "")));
    assert!(excluded("<removed>true</removed>"));
    assert!(!excluded("<removed>false</removed><excludeStatus/>"));
}

#[test]
fn region_and_district_are_told_apart_in_both_orders() {
    let oblast = |tag: &str| named(tag, "3", "АКМОЛИНСКАЯ ОБЛАСТЬ", "АҚМОЛА ОБЛЫСЫ");
    let audan = |tag: &str| named(tag, "1906", "ЗЕРЕНДИНСКИЙ РАЙОН", "ЗЕРЕНДІ АУДАНЫ");
    let rest = "<city>САДОВОЕ</city><street>АБАЙ КӨШЕСІ</street><building>4</building><corpus>2</corpus><flat>7</flat>";
    let read_address = |order: String| {
        read_person(&format!(
            "{}<regAddress>{}{order}{rest}</regAddress>",
            alive(),
            named("country", "398", "КАЗАХСТАН", "ҚАЗАҚСТАН")
        ))
        .registered_address
        .unwrap()
    };
    let expected = Address {
        region: "11".into(),
        district: "Зеренді ауданы".into(),
        settlement: "Садовое".into(),
        street: "Абай көшесі".into(),
        house: "4/2".into(),
        flat: "7".into(),
        ..Address::default()
    };
    assert_eq!(read_address(oblast("district") + &audan("region")), expected);
    assert_eq!(read_address(audan("district") + &oblast("region")), expected);
}

#[test]
fn a_city_of_republican_significance_is_a_region_and_its_district_is_none() {
    let inner = alive()
        + "<regAddress>"
        + &named("district", "1971", "Г. АСТАНА", "АСТАНА ҚАЛАСЫ")
        + &named("region", "7111", "РАЙОН АЛМАТЫ", "АЛМАТЫ АУДАНЫ")
        + "<city>АСТАНА</city><street>Мәңгілік Ел даңғылы</street><building>8</building></regAddress>";
    let address = read_person(&inner).registered_address.unwrap();
    assert_eq!(
        (
            address.region.as_str(),
            address.district.as_str(),
            address.settlement.as_str()
        ),
        ("71", "Алматы ауданы", "")
    );
    assert_eq!(address.street, "Мәңгілік Ел даңғылы");
}

#[test]
fn a_city_of_a_region_stands_where_the_form_asks_for_it() {
    let inner = alive()
        + "<regAddress>"
        + &named("district", "9", "КАРАГАНДИНСКАЯ ОБЛАСТЬ", "ҚАРАҒАНДЫ ОБЛЫСЫ")
        + &named("region", "10", "ГОРОД ТЕМИРТАУ", "ТЕМІРТАУ ҚАЛАСЫ")
        + "</regAddress>";
    let address = read_person(&inner).registered_address.unwrap();
    assert_eq!(
        (address.region.as_str(), address.district.as_str()),
        ("35", "Теміртау қаласы")
    );
}

#[test]
fn a_region_isnt_taken_for_the_city_of_its_name_nor_the_city_for_the_region() {
    let read_region = |ru: &str, kk: &str| {
        let inner = format!(
            "{}<regAddress>{}</regAddress>",
            alive(),
            named("district", "9", ru, kk)
        );
        read_person(&inner)
            .registered_address
            .map(|address| address.region)
    };
    let code = |code: &str| Some(code.to_owned());
    assert_eq!(read_region("Г. АЛМАТЫ", "АЛМАТЫ ҚАЛАСЫ"), code("75"));
    assert_eq!(read_region("АЛМАТИНСКАЯ ОБЛАСТЬ", "АЛМАТЫ ОБЛЫСЫ"), code("19"));
    assert_eq!(read_region("АЛМАТЫ", ""), code("75"));
    assert_eq!(
        read_region("ТУРКЕСТАНСКАЯ ОБЛАСТЬ", "ТҮРКІСТАН ОБЛЫСЫ"),
        code("61")
    );
    assert_eq!(
        read_region("ГОРОД ТУРКЕСТАН", "ТҮРКІСТАН ҚАЛАСЫ"),
        None,
        "a city within its region"
    );
    assert_eq!(read_region("ОБЛАСТЬ АБАЙ", "АБАЙ ОБЛЫСЫ"), code("10"));
}

#[test]
fn an_address_abroad_or_without_region_is_none() {
    let foreign = format!(
        "<regAddress>{}</regAddress>",
        named("country", "276", "ГЕРМАНИЯ", "ГЕРМАНИЯ")
    );
    assert_eq!(read_person(&(alive() + &foreign)).registered_address, None);
    assert_eq!(
        read_person(&(alive() + "<regAddress><city>Х</city></regAddress>")).registered_address,
        None
    );
}

#[test]
fn faults_of_the_bus_and_of_the_register_keep_their_code() {
    let soap = "<S:Envelope xmlns:S=\"u\"><S:Body><S:Fault><faultcode>S:Server</faultcode><faultstring>x</faultstring>\
                <detail><errorInfo><code>SCSE001</code></errorInfo></detail></S:Fault></S:Body></S:Envelope>";
    assert_eq!(read(soap), Err(RegisterTrouble::Fault("SCSE001".into())));
    let bus = processed(&person(&alive())).replace("SCSS001", "VAL-R-004");
    assert_eq!(read(&bus), Err(RegisterTrouble::Fault("VAL-R-004".into())));
    let register = envelope("<messageResult><code>00042</code></messageResult>");
    assert_eq!(read(&register), Err(RegisterTrouble::Fault("00042".into())));
}

#[test]
fn an_answer_kept_somewhere_for_long_is_none() {
    let dated = |at: &str| {
        processed(&person(&alive())).replace(
            "<status><code>SCSS001",
            &format!("<responseDate>{at}</responseDate><status><code>SCSS001"),
        )
    };
    assert!(read(&dated("2026-11-22T20:00:00+05:00")).is_ok());
    assert_eq!(
        read(&dated("2026-11-21T08:00:00Z")),
        Err(RegisterTrouble::Shape("an old answer"))
    );
}

#[test]
fn partial_and_foreign_answers_are_no_answer() {
    assert_eq!(read(&processed("")), Err(RegisterTrouble::NotFound));
    assert_eq!(
        read(&processed(&person(""))),
        Err(RegisterTrouble::Shape("lifeStatus"))
    );
    let other = processed(&person(&alive())).replace(IIN, "990101391804");
    assert_eq!(read(&other), Err(RegisterTrouble::Shape("another person")));
    let twice = processed(&(person(&alive()) + &person(&alive())));
    assert_eq!(read(&twice), Err(RegisterTrouble::Shape("several persons")));
    assert_eq!(read("<a/>"), Err(RegisterTrouble::Shape("no SOAP body")));
    assert!(matches!(read("<Envelope><Body>"), Err(RegisterTrouble::Xml(_))));
    let undated = processed(&person(&alive())).replace("1999-01-01+06:00", "01.01.1999");
    assert_eq!(read(&undated), Err(RegisterTrouble::Shape("birthDate")));
}
