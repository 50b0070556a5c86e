//! The question as it comes: the texts of the elements that matter, told by their path of local names.

use quick_xml::Reader;
use quick_xml::events::Event;

#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Question {
    pub message_id: String,
    pub service_id: String,
    pub sender_id: String,
    pub password: String,
    pub iin: String,
}

impl Question {
    /// `None` for what is no such request.
    pub fn read(body: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(body).ok()?;
        let mut reader = Reader::from_str(text);
        let mut question = Self::default();
        let mut path: Vec<String> = Vec::new();
        let mut is_message = false;
        loop {
            let found = match reader.read_event().ok()? {
                Event::Start(start) => {
                    path.push(start.local_name().into_inner().to_owned());
                    is_message |= path.join("/") == "Envelope/Body/SendMessage/request";
                    continue;
                }
                Event::End(_) => {
                    path.pop()?;
                    continue;
                }
                Event::Text(text) => text.xml10_content().into_owned(),
                Event::CData(text) => text.xml10_content().into_owned(),
                Event::GeneralRef(name) => match name.resolve_char_ref().ok()? {
                    Some(character) => character.to_string(),
                    None => quick_xml::escape::resolve_predefined_entity(&name.into_inner())?.to_owned(),
                },
                Event::Eof => break,
                _ => continue,
            };
            let place = path.join("/");
            let field = match place
                .strip_prefix("Envelope/Body/SendMessage/request/")
                .unwrap_or_default()
            {
                "requestInfo/messageId" => &mut question.message_id,
                "requestInfo/serviceId" => &mut question.service_id,
                "requestInfo/sender/senderId" => &mut question.sender_id,
                "requestInfo/sender/password" => &mut question.password,
                "requestData/data/iin" => &mut question.iin,
                _ => continue,
            };
            field.push_str(found.trim());
        }
        is_message.then_some(question)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_spaces_and_escapes_do_not_matter() {
        let text = "<a:Envelope xmlns:a='x'><a:Header/><a:Body><q:SendMessage xmlns:q='y'><request><requestInfo>\
                    <messageId> 7 </messageId><sender><password>a&amp;b&#33;</password></sender></requestInfo>\
                    <requestData><data><iin>1</iin></data></requestData></request></q:SendMessage></a:Body></a:Envelope>";
        let question = Question::read(text.as_bytes()).unwrap();
        assert_eq!(question.message_id, "7");
        assert_eq!(question.password, "a&b!");
        assert_eq!(question.iin, "1");
    }

    #[test]
    fn anything_else_is_no_question() {
        assert_eq!(Question::read(b"{}"), None);
        assert_eq!(Question::read(b"<Envelope><Body/></Envelope>"), None);
        assert_eq!(Question::read(&[0xff, 0xfe]), None);
    }
}
