//! A mail server that takes everything and keeps it in the inbox: enough of RFC 5321 for one sender on this machine, without
//! TLS and sign-in.

use super::{Inbox, Kind, Mode, mail};
use tokio::io::{
    AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, BufReader,
};
use tokio::net::TcpListener;

/// A message with its attached document is some hundred kilobytes.
const MAX_MESSAGE: usize = 16 * 1024 * 1024;
const MAX_LINE: u64 = 64 * 1024;

/// Answers until the task is dropped.
pub async fn serve(listener: TcpListener, inbox: Inbox) {
    loop {
        // An error here is one connection's; the next may come.
        let Ok((stream, _)) = listener.accept().await else {
            tokio::task::yield_now().await;
            continue;
        };
        let inbox = inbox.clone();
        tokio::spawn(async move {
            let (reader, writer) = stream.into_split();
            if let Err(error) = talk(BufReader::new(reader), writer, &inbox).await {
                tracing::debug!(%error, "a mail connection ended early");
            }
        });
    }
}

async fn talk(
    mut reader: BufReader<impl AsyncRead + Unpin>,
    mut writer: impl AsyncWrite + Unpin,
    inbox: &Inbox,
) -> std::io::Result<()> {
    let mut recipients: Vec<String> = Vec::new();
    writer.write_all(b"220 demo inbox\r\n").await?;
    while let Some(line) = line(&mut reader).await? {
        let command = line
            .split([' ', ':'])
            .next()
            .unwrap_or_default()
            .to_ascii_uppercase();
        let answer: &[u8] = match command.as_str() {
            "EHLO" => b"250-demo\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n",
            "HELO" | "NOOP" => b"250 demo\r\n",
            "MAIL" if inbox.mode() == Mode::Down => b"451 try again later\r\n",
            "MAIL" | "RSET" => {
                recipients.clear();
                b"250 fine\r\n"
            }
            "RCPT" => {
                let address = line.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
                recipients.extend(address.map(|(address, _)| address.to_owned()));
                b"250 fine\r\n"
            }
            "DATA" if recipients.is_empty() => b"503 to whom?\r\n",
            "DATA" => {
                writer.write_all(b"354 go on, end with a dot\r\n").await?;
                let Some(source) = message(&mut reader).await? else {
                    return Ok(());
                };
                let read = mail::read(&source);
                let to = std::mem::take(&mut recipients).join(", ");
                inbox.put(Kind::Mail, to, Some(read.subject), read.text, read.attachments);
                b"250 taken\r\n"
            }
            "QUIT" => {
                return writer.write_all(b"221 bye\r\n").await;
            }
            _ => b"502 not here\r\n",
        };
        writer.write_all(answer).await?;
    }
    Ok(())
}

/// A line without its end; `None` when the other side has gone.
async fn line(reader: &mut BufReader<impl AsyncRead + Unpin>) -> std::io::Result<Option<String>> {
    let mut bytes = Vec::new();
    let count = reader.take(MAX_LINE).read_until(b'\n', &mut bytes).await?;
    if count == 0 {
        return Ok(None);
    }
    while bytes.ends_with(b"\n") || bytes.ends_with(b"\r") {
        bytes.pop();
    }
    Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
}

/// All up to the lone dot; `None` when the sender went away or the message is too large.
async fn message(reader: &mut BufReader<impl AsyncRead + Unpin>) -> std::io::Result<Option<String>> {
    let mut message = String::new();
    while let Some(line) = line(reader).await? {
        if line == "." {
            return Ok(Some(message));
        }
        // A dot at the beginning was doubled (RFC 5321, 4.5.2).
        message.push_str(line.strip_prefix('.').unwrap_or(&line));
        message.push_str("\r\n");
        if message.len() > MAX_MESSAGE {
            return Ok(None);
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::clock::DemoClock;
    use crate::domain::time::Timestamp;

    #[tokio::test]
    async fn a_message_sent_is_in_the_inbox() {
        let inbox = Inbox::new(DemoClock::over(|| Timestamp(0)));
        let session = "EHLO x\r\nMAIL FROM:<fund@example.kz>\r\nRCPT TO:<aliya@example.kz>\r\nDATA\r\n\
                       Subject: Test\r\n\r\n..dotted\r\n.\r\nQUIT\r\n";
        let mut answers = Vec::new();
        talk(BufReader::new(session.as_bytes()), &mut answers, &inbox)
            .await
            .unwrap();
        let answers = String::from_utf8(answers).unwrap();
        assert!(answers.ends_with("250 taken\r\n221 bye\r\n"), "{answers}");
        let messages = inbox.messages();
        assert_eq!(messages[0].to, "aliya@example.kz");
        assert_eq!(messages[0].text, ".dotted");
    }

    #[tokio::test]
    async fn data_without_a_recipient_is_refused() {
        let inbox = Inbox::new(DemoClock::over(|| Timestamp(0)));
        let mut answers = Vec::new();
        talk(BufReader::new(&b"DATA\r\n"[..]), &mut answers, &inbox)
            .await
            .unwrap();
        assert!(String::from_utf8(answers).unwrap().contains("503"));
        assert!(inbox.messages().is_empty());
    }
}
