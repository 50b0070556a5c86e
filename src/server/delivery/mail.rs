//! E-mail over SMTP. The `Message-ID` is made of the message's id, so that a second copy is known as one.

use super::{Gateway, SendError};
use crate::domain::time::Timestamp;
use crate::server::config::Smtp;
use crate::server::outbox::{Channel, Due};
use crate::server::outgoing::{Outgoing, System};
use async_trait::async_trait;
use lettre::address::AddressError;
use lettre::message::{Mailbox, Message, header::ContentType};
use lettre::transport::smtp::Error as SmtpError;
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};
use std::time::{Duration, UNIX_EPOCH};

const LONGEST_TALK: Duration = Duration::from_secs(20);

pub struct MailServer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    outgoing: Outgoing,
}

/// Settings that give no mail server.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    #[error("the sender: {0}")]
    From(#[from] AddressError),
    #[error("the server: {0}")]
    Url(#[from] SmtpError),
}

impl MailServer {
    /// # Errors
    /// [`MailError`]
    pub fn new(settings: &Smtp, outgoing: Outgoing) -> Result<Self, MailError> {
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(settings.url.expose())?
            .timeout(Some(LONGEST_TALK))
            .build();
        Ok(Self {
            transport,
            from: settings.from.parse()?,
            outgoing,
        })
    }

    fn letter(&self, message: &Due, now: Timestamp) -> Result<Message, SendError> {
        let unfit = |what: &str| SendError::ForGood(format!("{what} makes no letter"));
        // An address alone: what a person typed never becomes a name or a second recipient.
        let to = message.recipient.parse().map_err(|_| unfit("the address"))?;
        let seconds = u64::try_from(now.0.div_euclid(1000)).unwrap_or(0);
        Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(message.subject.clone())
            .date(UNIX_EPOCH + Duration::from_secs(seconds))
            .message_id(Some(format!("<{}@{}>", message.id, self.from.email.domain())))
            .header(ContentType::TEXT_PLAIN)
            .body(message.body.clone())
            .map_err(|_| unfit("it"))
    }
}

#[async_trait]
impl Gateway for MailServer {
    fn channel(&self) -> Channel {
        Channel::Email
    }

    async fn send(&self, message: &Due, now: Timestamp) -> Result<(), SendError> {
        let letter = self.letter(message, now)?;
        let sent = self.transport.send(letter);
        match self.outgoing.measured(System::Smtp, sent, outcome).await {
            Ok(_) => Ok(()),
            // The server's own words may repeat the address.
            Err(error) if error.is_permanent() => {
                let code = error.status().map_or_else(String::new, |code| code.to_string());
                Err(SendError::ForGood(format!("the mail server refuses: {code}")))
            }
            Err(error) => {
                let what = match (error.is_timeout(), error.is_transient()) {
                    (true, _) => "the mail server doesn't answer",
                    (_, true) => "the mail server asks to come later",
                    _ => "the mail server can't be reached",
                };
                Err(SendError::ForNow(what.to_owned()))
            }
        }
    }
}

/// How the talk with the server ended.
fn outcome<T>(sent: &Result<T, SmtpError>) -> &'static str {
    match sent {
        Ok(_) => "ok",
        Err(error) if error.is_permanent() => "refused",
        Err(error) if error.is_timeout() => "timeout",
        Err(error) if error.is_transient() => "failed",
        Err(_) => "unreachable",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::config::Secret;

    fn letter(recipient: &str, subject: &str) -> Result<String, SendError> {
        let settings = Smtp {
            url: Secret::new("smtp://127.0.0.1:25"),
            from: "Қор <cabinet@fund.example>".to_owned(),
        };
        let server = MailServer::new(&settings, Outgoing::for_tests()).unwrap();
        let message = Due {
            id: "AAAAAAAAAAAAAAAAAAAAAA".into(),
            channel: Channel::Email,
            recipient: recipient.into(),
            subject: subject.into(),
            body: "Сәлем".into(),
            created_at: Timestamp(0),
            tries: 0,
        };
        let letter = server.letter(&message, Timestamp(1_795_417_200_000))?;
        Ok(String::from_utf8(letter.formatted()).unwrap())
    }

    #[tokio::test]
    async fn a_letter_has_our_time_and_an_id_that_stays_the_same() {
        let text = letter("aliya@example.kz", "Қабылданды").unwrap();
        assert!(
            text.contains("Message-ID: <AAAAAAAAAAAAAAAAAAAAAA@fund.example>\r\n"),
            "{text}"
        );
        assert!(text.contains("Date: Mon, 23 Nov 2026 07:00:00"), "{text}");
        assert!(text.contains("To: aliya@example.kz\r\n"), "{text}");
    }

    #[tokio::test]
    async fn nobody_adds_headers_or_recipients() {
        assert!(letter("a@example.kz, b@example.kz", "s").is_err());
        assert!(letter("a@example.kz\r\nBcc: b@example.kz", "s").is_err());
        let text = letter("a@example.kz", "s\r\nBcc: b@example.kz").unwrap();
        assert!(!text.contains("\r\nBcc:"), "{text}");
    }
}
