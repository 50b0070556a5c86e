//! A mail message taken apart as far as the inbox shows it: subject, plain text, names of attached files. Enough of MIME for
//! what mail libraries write: encoded words, quoted-printable, base64, nested multiparts.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// What is shown of a message.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Mail {
    pub subject: String,
    pub text: String,
    pub attachments: Vec<String>,
}

/// More nesting than this no sender writes.
const MAX_DEPTH: usize = 8;

pub(super) fn read(source: &str) -> Mail {
    let mut mail = Mail::default();
    part(source, &mut mail, 0);
    mail.text = mail.text.trim_end().to_owned();
    mail
}

fn part(source: &str, mail: &mut Mail, depth: usize) {
    if depth > MAX_DEPTH {
        return;
    }
    let (head, body) = split_head(source);
    if depth == 0
        && let Some(subject) = header(&head, "subject")
    {
        mail.subject = words(subject);
    }
    let kind = header(&head, "content-type").unwrap_or("text/plain");
    let disposition = header(&head, "content-disposition").unwrap_or_default();
    if let Some(boundary) = parameter(kind, "boundary").filter(|_| starts(kind, "multipart/")) {
        let marker = format!("--{boundary}");
        for piece in body
            .split(&marker)
            .skip(1)
            .take_while(|piece| !piece.starts_with("--"))
        {
            part(piece.trim_start_matches(['\r', '\n']), mail, depth + 1);
        }
    } else if let Some(name) = parameter(disposition, "filename").or_else(|| parameter(kind, "name")) {
        mail.attachments.push(words(&name));
    } else if starts(kind, "text/plain") {
        let encoding = header(&head, "content-transfer-encoding").unwrap_or_default();
        mail.text.push_str(&decoded(body, encoding));
    }
}

fn starts(text: &str, beginning: &str) -> bool {
    text.get(..beginning.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(beginning))
}

/// Headers with continuation lines joined, and the body.
fn split_head(source: &str) -> (Vec<String>, &str) {
    let mut head: Vec<String> = Vec::new();
    let mut rest = source;
    while let Some(end) = rest.find('\n') {
        let line = rest[..end].trim_end_matches('\r');
        rest = &rest[end + 1..];
        if line.is_empty() {
            return (head, rest);
        }
        match head.last_mut() {
            Some(last) if line.starts_with([' ', '\t']) => {
                last.push(' ');
                last.push_str(line.trim());
            }
            _ => head.push(line.to_owned()),
        }
    }
    (head, rest)
}

fn header<'a>(head: &'a [String], name: &str) -> Option<&'a str> {
    head.iter().find_map(|line| {
        let (found, value) = line.split_once(':')?;
        found.trim().eq_ignore_ascii_case(name).then(|| value.trim())
    })
}

fn parameter(value: &str, name: &str) -> Option<String> {
    value.split(';').skip(1).find_map(|part| {
        let (found, value) = part.split_once('=')?;
        let value = value.trim().trim_matches('"');
        found.trim().eq_ignore_ascii_case(name).then(|| value.to_owned())
    })
}

fn decoded(body: &str, encoding: &str) -> String {
    if encoding.eq_ignore_ascii_case("base64") {
        let compact: String = body.chars().filter(|c| !c.is_whitespace()).collect();
        return STANDARD.decode(compact).map_or_else(
            |_| body.to_owned(),
            |bytes| String::from_utf8_lossy(&bytes).into_owned(),
        );
    }
    if encoding.eq_ignore_ascii_case("quoted-printable") {
        return quoted(body, false);
    }
    body.to_owned()
}

/// Quoted-printable; in headers `_` is a space.
fn quoted(text: &str, in_header: bool) -> String {
    let bytes = text.as_bytes();
    let mut result = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'=' if bytes[at + 1..].starts_with(b"\r\n") => at += 3,
            b'=' if bytes[at + 1..].starts_with(b"\n") => at += 2,
            b'=' => {
                let hex = text
                    .get(at + 1..at + 3)
                    .and_then(|hex| u8::from_str_radix(hex, 16).ok());
                result.push(hex.unwrap_or(b'='));
                at += if hex.is_some() { 3 } else { 1 };
            }
            b'_' if in_header => {
                result.push(b' ');
                at += 1;
            }
            other => {
                result.push(*other);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&result).into_owned()
}

/// `=?utf-8?b?…?=` and `=?utf-8?q?…?=` among plain text (RFC 2047). White space between two encoded words falls away.
fn words(value: &str) -> String {
    let mut result = String::new();
    let mut rest = value;
    let mut after_word = false;
    while let Some(start) = rest.find("=?") {
        let before = &rest[..start];
        let inner = &rest[start + 2..];
        let mut fields = inner.splitn(3, '?');
        let (Some(_charset), Some(way), Some(tail)) = (fields.next(), fields.next(), fields.next()) else {
            break;
        };
        let Some(end) = tail.find("?=") else { break };
        let text = &tail[..end];
        if !(after_word && before.trim().is_empty()) {
            result.push_str(before);
        }
        if way.eq_ignore_ascii_case("b") {
            let bytes = STANDARD.decode(text).unwrap_or_default();
            result.push_str(&String::from_utf8_lossy(&bytes));
        } else {
            result.push_str(&quoted(text, true));
        }
        after_word = true;
        rest = &tail[end + 2..];
    }
    result.push_str(rest);
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_message_is_read() {
        let mail = read("Subject: Hello\r\nTo: a@example.kz\r\n\r\nOne\r\nTwo\r\n");
        assert_eq!(mail.subject, "Hello");
        assert_eq!(mail.text, "One\r\nTwo");
    }

    #[test]
    fn kazakh_text_comes_through_every_encoding() {
        let base64 = STANDARD.encode("Қол қою сәтті аяқталды");
        let source = format!(
            "Subject: =?utf-8?b?{}?=\r\n =?utf-8?Q?_=D2=9B=D0=B0=D0=B7?=\r\nContent-Type: multipart/mixed;\r\n boundary=\"x1\"\r\n\r\n\
             --x1\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n{base64}\r\n\
             --x1\r\nContent-Type: application/pdf; name=\"receipt.pdf\"\r\nContent-Disposition: attachment; filename=\"receipt.pdf\"\r\n\r\nAAAA\r\n--x1--\r\n",
            STANDARD.encode("Өтініш")
        );
        let mail = read(&source);
        assert_eq!(mail.subject, "Өтініш қаз");
        assert_eq!(mail.text, "Қол қою сәтті аяқталды");
        assert_eq!(mail.attachments, ["receipt.pdf"]);
    }

    #[test]
    fn quoted_printable_joins_soft_breaks() {
        assert_eq!(decoded("a=D3=99=\r\nb=3D", "quoted-printable"), "aәb=");
    }
}
