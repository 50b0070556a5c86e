//! The inbox as a page that reloads itself: no script, one column, quiet colours.

use super::{Kind, Message};
use std::fmt::Write as _;

const HEAD: &str = r##"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="5">
<title>Demo inbox</title>
<style>
:root { color-scheme: light dark; --ink: light-dark(#10243e, #e7ecf2); --quiet: light-dark(#566579, #a3b1c2);
  --card: light-dark(#fff, #17212e); --ground: light-dark(#f3f5f3, #0f1620); --line: light-dark(#dde3e0, #2a3849);
  --accent: light-dark(#0c5f66, #6cc3c9); }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 1rem/1.55 system-ui, sans-serif; }
main { max-width: 44rem; margin: 0 auto; padding: 2rem 1rem 4rem; }
h1 { font-size: 1.5rem; margin: 0 0 .25rem; }
main > p { color: var(--quiet); margin: 0 0 1.5rem; }
ol { list-style: none; margin: 0; padding: 0; display: grid; gap: .75rem; }
li { background: var(--card); border: 1px solid var(--line); border-radius: .75rem; padding: 1rem 1.25rem; }
header { display: flex; flex-wrap: wrap; gap: .25rem .75rem; align-items: baseline; color: var(--quiet); font-size: .875rem; }
header b { color: var(--accent); }
header time { margin-inline-start: auto; }
h2 { font-size: 1rem; margin: .5rem 0 0; }
pre { margin: .5rem 0 0; font: inherit; white-space: pre-wrap; overflow-wrap: anywhere; }
</style>
</head>
<body>
<main>
<h1>Demo inbox</h1>
<p>SMS and e-mail the cabinet sent, newest first. Nothing left this machine. The page reloads every five seconds.</p>
"##;

pub(super) fn html(messages: &[Message]) -> String {
    let mut page = HEAD.to_owned();
    if messages.is_empty() {
        page.push_str("<p>No message yet.</p>\n");
    } else {
        page.push_str("<ol>\n");
        for message in messages {
            item(&mut page, message);
        }
        page.push_str("</ol>\n");
    }
    page.push_str("</main>\n</body>\n</html>\n");
    page
}

fn item(page: &mut String, message: &Message) {
    let kind = match message.kind {
        Kind::Sms => "SMS",
        Kind::Mail => "E-mail",
    };
    let escape = |text: &str| quick_xml::escape::escape(text).into_owned();
    // Writing to a String never fails.
    let _ = writeln!(
        page,
        "<li><header><b>{kind}</b> <span>to {}</span> <time datetime=\"{}\">{} {}</time></header>",
        escape(&message.to),
        message.at.rfc3339(),
        message.at.date_kz().dotted(),
        message.at.clock_kz(),
    );
    if let Some(subject) = &message.subject {
        let _ = writeln!(page, "<h2>{}</h2>", escape(subject));
    }
    let _ = writeln!(page, "<pre>{}</pre>", escape(&message.text));
    if !message.attachments.is_empty() {
        let _ = writeln!(
            page,
            "<p>Attached: {}</p>",
            escape(&message.attachments.join(", "))
        );
    }
    page.push_str("</li>\n");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::Timestamp;

    #[test]
    fn what_a_message_says_is_text_and_never_markup() {
        let message = Message {
            number: 1,
            kind: Kind::Mail,
            to: "a@example.kz".into(),
            subject: Some("<b>".into()),
            text: "<script>alert(1)</script> & \"".into(),
            attachments: vec!["<i>.pdf".into()],
            at: Timestamp(0),
        };
        let page = html(&[message]);
        assert!(!page.contains("<script") && !page.contains("<b></h2>") && !page.contains("<i>"));
        assert!(page.contains("&lt;script&gt;"));
    }
}
