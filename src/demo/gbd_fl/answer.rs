//! The answer's XML, written by hand: `responseInfo`, `messageResult`, `person` with its dictionary values.

use super::Mode;
use super::altered::altered;
use super::question::Question;
use crate::demo::people::{Dictionary, RegisterAddress, RegisterDocument, RegisterPerson};
use crate::domain::time::{Date, Timestamp};
use std::fmt::Write as _;

const STALE_DAYS: i64 = 400;

/// The message was processed: with the person, or with nobody.
pub(super) fn found(
    question: &Question,
    person: Option<&RegisterPerson>,
    mode: Mode,
    now: Timestamp,
) -> String {
    let at = if mode == Mode::Stale {
        now.plus_seconds(-STALE_DAYS * 86_400)
    } else {
        now
    };
    let mut xml = Xml::default();
    xml.tag("messageId", &question.message_id);
    xml.tag("messageDate", &at.rfc3339());
    xml.within("messageResult", |xml| {
        xml.tag("code", "00000");
        xml.tag("nameRu", "Сообщение успешно обработано");
        xml.tag("nameKz", "Хабарлама сәтті өңделді");
        xml.tag("changeDate", CHANGED);
    });
    xml.within("persons", |xml| {
        if let Some(person) = person {
            let person = altered(person, mode, now.date_kz());
            xml.within("person", |xml| write_person(xml, &person, mode, now));
        }
    });
    envelope(
        question,
        ("SCSS001", "Message has been processed successfully"),
        &xml.0,
        at,
    )
}

/// The bus didn't pass the message on.
pub(super) fn refused(question: &Question, code: &str, now: Timestamp) -> String {
    envelope(question, (code, "The message was refused"), "", now)
}

fn envelope(question: &Question, status: (&str, &str), data: &str, at: Timestamp) -> String {
    let mut info = Xml::default();
    info.tag("messageId", &question.message_id);
    info.tag("responseDate", &at.rfc3339());
    info.within("status", |xml| {
        xml.tag("code", status.0);
        xml.tag("message", status.1);
    });
    info.tag("sessionId", &question.message_id);
    let data = if data.is_empty() {
        String::new()
    } else {
        format!("<responseData><data>{data}</data></responseData>")
    };
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\
         <soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"><soap:Body>\
         <ns2:SendMessageResponse xmlns:ns2=\"http://bip.bee.kz/SyncChannel/v10/Types\"><response>\
         <responseInfo>{}</responseInfo>{data}</response></ns2:SendMessageResponse></soap:Body></soap:Envelope>",
        info.0
    )
}

pub(super) fn fault(code: &str, message: &str) -> String {
    let mut detail = Xml::default();
    detail.within("detail", |xml| {
        xml.within("errorInfo", |xml| {
            xml.tag("errorCode", code);
            xml.tag("code", code);
            xml.tag("errorMessage", message);
        });
    });
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\
         <soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"><soap:Body><soap:Fault>\
         <faultcode>soap:Server</faultcode><faultstring>{code}</faultstring>{}</soap:Fault></soap:Body></soap:Envelope>",
        detail.0
    )
}

fn write_person(xml: &mut Xml, person: &RegisterPerson, mode: Mode, now: Timestamp) {
    xml.tag("iin", person.iin.digits());
    xml.tag("surname", &person.surname);
    xml.tag("name", &person.given_name);
    if let Some(patronymic) = &person.patronymic {
        xml.tag("patronymic", patronymic);
    }
    xml.date("birthDate", person.birth_date);
    let death_date = match mode {
        Mode::Contradicting => Some(now.date_kz().plus_days(-90)),
        _ => person.death_date,
    };
    if let Some(death_date) = death_date {
        xml.date("deathDate", death_date);
    }
    let gender = if person.female {
        Dictionary {
            code: "2",
            kk: "Әйел",
            ru: "Женский",
        }
    } else {
        Dictionary {
            code: "1",
            kk: "Ер",
            ru: "Мужской",
        }
    };
    xml.value("gender", &gender);
    xml.value("citizenship", &person.citizenship);
    if mode == Mode::Partial {
        return;
    }
    xml.value("lifeStatus", &person.life);
    if person.death_date.is_some() {
        xml.within("deathCertificate", |xml| {
            xml.tag("number", "0200000000");
            xml.date("beginDate", person.death_date.unwrap_or(person.birth_date));
        });
    }
    write_address(xml, &person.address);
    xml.within("personCapableStatus", |xml| {
        xml.value("capableStatus", &person.capacity.status);
        if let Some((court, date)) = &person.capacity.decision {
            xml.date("capableDate", *date);
            xml.tag("court", court);
        }
    });
    if person.excluded {
        let excluded = Dictionary {
            code: "1",
            kk: "ЖСН алып тасталды",
            ru: "ИИН исключён",
        };
        xml.value("excludeStatus", &excluded);
    }
    xml.within("documents", |xml| {
        for document in &person.documents {
            let until = match mode {
                Mode::Stale => Some(now.date_kz().plus_days(-1)),
                _ => document.valid_until,
            };
            xml.within("document", |xml| write_document(xml, person, document, until));
        }
    });
    xml.tag("removed", "false");
}

fn write_address(xml: &mut Xml, address: &RegisterAddress) {
    // In the schema `district` is the region and `region` the district.
    let (district, region) = if address.swapped {
        (&address.district, &address.region)
    } else {
        (&address.region, &address.district)
    };
    xml.within("regAddress", |xml| {
        let kazakhstan = Dictionary {
            code: "398",
            kk: "ҚАЗАҚСТАН",
            ru: "КАЗАХСТАН",
        };
        xml.value("country", &kazakhstan);
        xml.value("district", district);
        xml.value("region", region);
        if !address.city.is_empty() {
            xml.tag("city", address.city);
        }
        xml.tag("street", address.street);
        xml.tag("building", address.house);
        if !address.flat.is_empty() {
            xml.tag("flat", address.flat);
        }
        xml.tag("beginDate", "2019-05-06T00:00:00+05:00");
        let registered = Dictionary {
            code: "1",
            kk: "Тіркелді",
            ru: "Зарегистрирован",
        };
        xml.value("status", &registered);
        xml.tag("arCode", "1201800012345678");
    });
}

fn write_document(xml: &mut Xml, person: &RegisterPerson, document: &RegisterDocument, until: Option<Date>) {
    xml.value("type", &document.kind);
    xml.tag("number", &document.number);
    xml.date("beginDate", document.issued_on);
    if let Some(until) = until {
        xml.date("endDate", until);
    }
    xml.value("issueOrganization", &document.issuer);
    xml.value("status", &document.status);
    if let Some(invalidated) = document.invalidated_on {
        xml.date("invalidityDate", invalidated);
    }
    xml.tag("surname", &person.surname);
    xml.tag("name", &person.given_name);
    if let Some(patronymic) = &person.patronymic {
        xml.tag("patronymic", patronymic);
    }
    xml.date("birthDate", person.birth_date);
}

const CHANGED: &str = "2008-03-01T10:00:00+06:00";

/// XML being written.
#[derive(Default)]
struct Xml(String);

impl Xml {
    fn tag(&mut self, name: &str, text: &str) {
        let text = quick_xml::escape::escape(text);
        // Writing to a String never fails.
        let _ = write!(self.0, "<{name}>{text}</{name}>");
    }

    fn date(&mut self, name: &str, date: Date) {
        self.tag(name, &format!("{date}+05:00"));
    }

    fn value(&mut self, name: &str, value: &Dictionary) {
        self.within(name, |xml| {
            xml.tag("code", value.code);
            xml.tag("nameRu", value.ru);
            xml.tag("nameKz", value.kk);
            xml.tag("changeDate", CHANGED);
        });
    }

    fn within(&mut self, name: &str, write: impl FnOnce(&mut Self)) {
        self.0.push_str(&format!("<{name}>"));
        write(self);
        self.0.push_str(&format!("</{name}>"));
    }
}
