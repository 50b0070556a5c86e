//! The SOAP envelopes of GBD FL over SHEP: `requestInfo{messageId, serviceId, messageDate, sender{senderId, password}}` with
//! `requestData.data{messageId, messageDate, senderCode, iin}`; and `responseInfo.status{code, message}` with
//! `responseData.data{messageResult{code}, persons.person[]}`. Names are told by their local part alone, since gateways
//! differ in prefixes.

use super::super::xml::{self, Element};
use super::super::{RegisterAnswer, RegisterTrouble};
use super::{Endpoint, reading};
use crate::domain::iin::Iin;
use crate::domain::time::Timestamp;
use std::fmt::Write as _;

/// «Хабарлама сәтті өңделді».
const PROCESSED: &str = "00000";
/// An answer that says to be older than this was kept somewhere on the way: nobody is judged by it.
const OLD_SECONDS: i64 = 24 * 3600;
/// Codes of the bus, met in `responseInfo.status`, that mean the message didn't pass.
const FAULTS: [&str; 6] = [
    "SBF-VE-8",
    "VAL-JSR-001",
    "SBF-AD-1",
    "FAULT-015",
    "VAL-R-004",
    "SCSE001",
];

/// A message id of at most 36 Latin characters: a random UUID, version 4.
#[must_use]
pub fn message_id(mut random: [u8; 16]) -> String {
    random[6] = random[6] & 0x0f | 0x40;
    random[8] = random[8] & 0x3f | 0x80;
    let mut id = String::with_capacity(36);
    for (index, byte) in random.iter().enumerate() {
        if matches!(index, 4 | 6 | 8 | 10) {
            id.push('-');
        }
        let _ = write!(id, "{byte:02x}");
    }
    id
}

/// The question for one person by IIN.
#[must_use]
pub fn question(endpoint: &Endpoint, iin: &Iin, message_id: &str, now: Timestamp) -> String {
    let Endpoint {
        service_id,
        sender_id,
        sender_password,
        ..
    } = endpoint;
    let [service_id, sender_id, password] =
        [service_id.as_str(), sender_id, sender_password.expose()].map(escape);
    let date = now.rfc3339();
    let iin = iin.digits();
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:sync="http://bip.bee.kz/SyncChannel/v10/Types">
<soapenv:Body>
<sync:SendMessage>
<request>
<requestInfo>
<messageId>{message_id}</messageId>
<serviceId>{service_id}</serviceId>
<messageDate>{date}</messageDate>
<sender><senderId>{sender_id}</senderId><password>{password}</password></sender>
</requestInfo>
<requestData>
<data>
<messageId>{message_id}</messageId>
<messageDate>{date}</messageDate>
<senderCode>{sender_id}</senderCode>
<iin>{iin}</iin>
</data>
</requestData>
</request>
</sync:SendMessage>
</soapenv:Body>
</soapenv:Envelope>
"#
    )
}

fn escape(text: &str) -> String {
    quick_xml::escape::escape(text).into_owned()
}

/// Reads the answer to a question about this IIN.
///
/// # Errors
/// [`RegisterTrouble`]: XML out of bounds, a fault, another shape, or nobody of this IIN.
pub fn answer(bytes: &[u8], iin: &Iin, now: Timestamp) -> Result<RegisterAnswer, RegisterTrouble> {
    let root = xml::read(bytes)?;
    let body = root
        .child("Body")
        .filter(|_| root.name == "Envelope")
        .ok_or(RegisterTrouble::Shape("no SOAP body"))?;
    if let Some(fault) = body.child("Fault") {
        // Inside `detail` the bus repeats its own code; SOAP's is coarser.
        let code = fault
            .child("detail")
            .and_then(|detail| detail.find("code"))
            .map(|code| code.text.as_str());
        return Err(RegisterTrouble::Fault(printable(
            code.or(fault.text_of("faultcode")).unwrap_or("fault"),
        )));
    }
    let response = body
        .child("SendMessageResponse")
        .and_then(|message| message.child("response"))
        .ok_or(RegisterTrouble::Shape("no response"))?;
    if let Some(code) = response
        .at(&["responseInfo", "status"])
        .and_then(|status| status.text_of("code"))
        && FAULTS.contains(&code)
    {
        return Err(RegisterTrouble::Fault(code.to_owned()));
    }
    let data = response
        .at(&["responseData", "data"])
        .ok_or(RegisterTrouble::Shape("no data"))?;
    match data
        .child("messageResult")
        .and_then(|result| result.text_of("code"))
    {
        Some(PROCESSED) => {}
        Some(code) => return Err(RegisterTrouble::Fault(printable(code))),
        None => return Err(RegisterTrouble::Shape("no messageResult")),
    }
    if response
        .at(&["responseInfo"])
        .and_then(|info| info.text_of("responseDate"))
        .and_then(Timestamp::parse_rfc3339)
        .is_some_and(|at| at < now.plus_seconds(-OLD_SECONDS))
    {
        return Err(RegisterTrouble::Shape("an old answer"));
    }
    let persons: Vec<&Element> = data
        .child("persons")
        .map(|persons| {
            persons
                .children
                .iter()
                .filter(|child| child.name == "person")
                .collect()
        })
        .unwrap_or_default();
    match persons.as_slice() {
        [] => Err(RegisterTrouble::NotFound),
        [person] if person.text_of("iin") == Some(iin.digits()) => {
            let today = now.date_kz();
            Ok(RegisterAnswer {
                record: reading::record(person, iin, today)?,
                registered_address: reading::registered_address(person),
                read_at: now,
            })
        }
        [_] => Err(RegisterTrouble::Shape("another person")),
        _ => Err(RegisterTrouble::Shape("several persons")),
    }
}

/// A code as the other side wrote it, cut to what a log can carry.
fn printable(code: &str) -> String {
    code.chars().filter(char::is_ascii_graphic).take(40).collect()
}

#[cfg(test)]
#[path = "envelope_tests.rs"]
mod tests;
