//! A person of the crowd with browser, key and phone: every step of the way to a signed application, each telling what came of
//! it.

use super::browser::{Browser, Failure};
use super::dice::Dice;
use super::outside::Outside;
use crate::api::applications::SigningWay;
use crate::api::drafts::CONSENT_VERSION;
use crate::demo::keys::KeyStore;
use crate::demo::people::PASSWORD;
use crate::demo::people::crowd::{self, Somebody};
use crate::demo::phone::{End, PhoneError, Taken};
use crate::domain::lang::Lang;
use crate::server::world::sha256;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A code that didn't come within this time doesn't come any more.
const CODE_WITHIN: Duration = Duration::from_secs(10);

pub struct Visitor {
    pub person: Somebody,
    pub browser: Browser,
    outside: Arc<Outside>,
    /// Minted when first used.
    keys: Option<KeyStore>,
}

/// What is frozen, as the server answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frozen {
    pub application: String,
    pub number: String,
    pub sha256: String,
    pub pdf: Vec<u8>,
}

/// A signature on its way.
pub struct Signature {
    pub cms: Vec<u8>,
    /// The phone's, if it goes by one.
    taken: Option<Taken>,
}

impl Signature {
    #[must_use]
    pub const fn way(&self) -> SigningWay {
        match self.taken {
            Some(_) => SigningWay::EgovMobile,
            None => SigningWay::Eds,
        }
    }

    /// SHA-256 in lower-case hexadecimal.
    #[must_use]
    pub fn sha256(&self) -> String {
        hex(&sha256(&self.cms))
    }
}

#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Visitor {
    #[must_use]
    pub const fn new(person: Somebody, browser: Browser, outside: Arc<Outside>) -> Self {
        Self {
            person,
            browser,
            outside,
            keys: None,
        }
    }

    #[must_use]
    pub fn iin(&self) -> &str {
        self.person.iin().digits()
    }

    /// An attached CMS by the person's own key.
    fn signed(&mut self, content: &[u8], stamped: bool) -> Result<Vec<u8>, Failure> {
        let keys = match self.keys.take() {
            Some(keys) => keys,
            None => {
                let minted = self.outside.keys_of(&self.person);
                minted.map_err(|error| Failure::Odd(error.to_string()))?
            }
        };
        self.keys
            .insert(keys)
            .sign_cms("own", content, true, stamped)
            .map_err(|error| Failure::Odd(error.to_string()))
    }

    /// # Errors
    /// [`Failure`].
    pub async fn sign_in_by_key(&mut self) -> Result<(), Failure> {
        let challenge = self.browser.ask("accounts/eds_challenge", json!({})).await?;
        let cms = self.signed(&bytes(&challenge, "data_base64")?, false)?;
        self.browser
            .ask("accounts/eds_sign_in", json!({ "cms": STANDARD.encode(cms) }))
            .await?;
        Ok(())
    }

    /// By password; where the browser isn't remembered, by the code that comes by SMS too. `typed` changes the code.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn sign_in_by_password(
        &mut self,
        password: &str,
        remember: bool,
        typed: fn(String) -> String,
    ) -> Result<(), Failure> {
        let credentials = json!({ "iin": self.iin(), "password": password });
        let entry = self.browser.ask("accounts/sign_in", credentials).await?;
        match entry["entry"].as_str() {
            Some("open") => return Ok(()),
            Some("code") => {}
            _ => return Err(Failure::Odd(format!("an entry of {}", entry["entry"]))),
        }
        let before = self.outside.inbox.count();
        self.browser
            .ask("accounts/send_code", json!({ "number": "mobile" }))
            .await?;
        let code = typed(self.code(before).await?);
        let input = json!({ "number": "mobile", "code": code, "remember": remember });
        self.browser.ask("accounts/confirm_code", input).await?;
        Ok(())
    }

    /// Sets the crowd's password by a code, which signs in too.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn register(&mut self) -> Result<(), Failure> {
        let before = self.outside.inbox.count();
        let wanted = json!({ "opening": "registration", "iin": self.iin(), "number": "mobile", "proof": "" });
        self.browser.ask("openings/start", wanted).await?;
        let code = self.code(before).await?;
        let input = json!({ "code": code, "password": PASSWORD });
        let set = self.browser.ask("openings/finish", input).await?;
        if set == "done" {
            Ok(())
        } else {
            Err(Failure::Odd(format!("a password that is {set}")))
        }
    }

    /// The code in the SMS that comes after the one of this number.
    async fn code(&self, before: u64) -> Result<String, Failure> {
        let begun = Instant::now();
        let to = crowd::mobile(self.person.number);
        while begun.elapsed() < CODE_WITHIN {
            if let Some(message) = self.outside.inbox.sms_to(&to, before)
                && let Some(code) = message
                    .text
                    .split(|c: char| !c.is_ascii_digit())
                    .find(|digits| digits.len() == crate::server::codes::DIGITS)
            {
                return Ok(code.to_owned());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Err(Failure::Cut("no code came".to_owned()))
    }

    /// The form, with the consent given first where it is missing.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn open(&mut self) -> Result<Value, Failure> {
        match self.browser.ask("drafts/open", json!({})).await {
            Err(failure) if failure.is("no_consent") => {}
            answered => return answered,
        }
        self.browser
            .ask("drafts/give_consent", json!({ "text_version": CONSENT_VERSION }))
            .await?;
        self.browser.ask("drafts/open", json!({})).await
    }

    /// The form with another house, and now and then with other contacts. `mobile` too: codes come to the first one alone.
    #[must_use]
    pub fn edited(&self, draft: &Value, dice: &Dice, mobile: bool) -> Value {
        let mut input = draft["input"].clone();
        let number = self.person.number;
        let house = loop {
            let house = (1 + dice.below(999)).to_string();
            if draft["known"]["current"]["address"]["house"] != house.as_str() {
                break house;
            }
        };
        input["house"] = house.into();
        if dice.in_hundred(40) {
            input["email"] = crowd::email(number, dice.below(1000)).into();
        }
        if dice.in_hundred(20) {
            input["home"] = format!("+7727{:07}", dice.below(10_000_000)).into();
        }
        if mobile && dice.in_hundred(30) {
            let prefix = if dice.in_hundred(50) { 1 } else { 2 };
            input["mobile"] = format!("+770{prefix}{number:07}").into();
        }
        for said in ["mobile_is_mine", "mobile_later", "email_later"] {
            input[said] = true.into();
        }
        input
    }

    /// The version after it.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn save(&mut self, application: &str, version: u64, input: &Value) -> Result<u64, Failure> {
        let changed = json!({ "application": application, "version": version, "input": input });
        let saved = self.browser.ask("drafts/save", changed).await?;
        let version = saved["version"].as_u64();
        version.ok_or_else(|| Failure::Odd("a save without version".to_owned()))
    }

    /// # Errors
    /// [`Failure`].
    pub async fn freeze(&mut self, application: &str, version: u64) -> Result<Frozen, Failure> {
        let draft = json!({ "application": application, "version": version });
        let answer = self.browser.ask("applications/freeze", draft).await?;
        let frozen = Frozen {
            application: text(&answer, "application")?,
            number: text(&answer, "number")?,
            sha256: text(&answer, "sha256")?,
            pdf: bytes(&answer, "document_base64")?,
        };
        if hex(&sha256(&frozen.pdf)) == frozen.sha256 {
            Ok(frozen)
        } else {
            Err(Failure::Odd(
                "the document hasn't the hash it is said to have".to_owned(),
            ))
        }
    }

    /// Signs by the key of this machine.
    ///
    /// # Errors
    /// [`Failure::Odd`].
    pub fn signature(&mut self, frozen: &Frozen, stamped: bool) -> Result<Signature, Failure> {
        Ok(Signature {
            cms: self.signed(&frozen.pdf, stamped)?,
            taken: None,
        })
    }

    /// Shows the code and signs what the phone takes by it (API №1, and №2).
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn signature_by_phone(&mut self, frozen: &Frozen) -> Result<Signature, Failure> {
        let started = self
            .browser
            .ask("signing/qr_start", json!({ "application": frozen.application }))
            .await?;
        let begun = Instant::now();
        let taken = self
            .outside
            .phone
            .take(&text(&started, "payload")?, Lang::Kk)
            .await;
        let taken = taken.map_err(|error| match error {
            PhoneError::Network(error) => error.into(),
            other => Failure::Refused {
                status: 0,
                error: format!("phone: {other}"),
            },
        });
        self.browser.watched("phone: API 1 and 2", begun, &taken);
        let taken = taken?;
        let shown: Vec<&[u8]> = taken.shown.documents.iter().map(|d| d.bytes.as_slice()).collect();
        if shown != [frozen.pdf.as_slice()] {
            return Err(Failure::Odd("the phone is shown something else".to_owned()));
        }
        Ok(Signature {
            cms: self.signed(&frozen.pdf, true)?,
            taken: Some(taken),
        })
    }

    /// Hands the signature in. Asked again after a cut it must be taken, or be known, all the same.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn hand_in(&mut self, frozen: &Frozen, signature: &Signature) -> Result<(), Failure> {
        let Some(taken) = &signature.taken else {
            let input = json!({ "application": frozen.application, "cms": STANDARD.encode(&signature.cms) });
            let receipt = self.browser.ask("signing/eds", input).await?;
            return is_of(&receipt, frozen);
        };
        let begun = Instant::now();
        let cms = std::slice::from_ref(&signature.cms);
        let outcome = self.outside.phone.send(taken, cms, Lang::Kk).await;
        let sent = match outcome.result {
            End::Done => Ok(()),
            End::Trouble => Err(Failure::Cut(outcome.message)),
            _ => {
                let status = outcome.statuses.last().copied().unwrap_or_default();
                let error = match status {
                    503 => "unavailable".to_owned(),
                    _ => format!("phone: {}", outcome.message),
                };
                Err(Failure::Refused { status, error })
            }
        };
        self.browser.watched("phone: PUT", begun, &sent);
        sent
    }

    /// The receipt of what was signed, and its PDF.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn receipt(&mut self, frozen: &Frozen, with_pdf: bool) -> Result<Value, Failure> {
        let receipt = self
            .browser
            .ask(
                "applications/receipt",
                json!({ "application": frozen.application }),
            )
            .await?;
        is_of(&receipt, frozen)?;
        if with_pdf {
            let pdf = self
                .browser
                .get("receipt.pdf", &text(&receipt, "receipt_path")?)
                .await?;
            if !pdf.starts_with(b"%PDF-") {
                return Err(Failure::Odd("the receipt is no PDF".to_owned()));
            }
        }
        Ok(receipt)
    }

    /// What the Fund holds, as the first page shows it.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn record(&mut self) -> Result<Value, Failure> {
        self.browser.ask("records/my_record", json!({})).await
    }

    /// # Errors
    /// [`Failure`].
    pub async fn sign_out(&mut self) -> Result<(), Failure> {
        self.browser.ask("accounts/sign_out", json!({})).await?;
        Ok(())
    }
}

/// Whether a receipt is of this document, signed.
fn is_of(receipt: &Value, frozen: &Frozen) -> Result<(), Failure> {
    let signed = ["applied", "checking"]
        .map(|state| receipt["state"] == state)
        .contains(&true);
    if signed && receipt["number"] == frozen.number.as_str() && receipt["sha256"] == frozen.sha256.as_str() {
        Ok(())
    } else {
        Err(Failure::Odd(format!(
            "a receipt of {} in state {}",
            receipt["number"], receipt["state"]
        )))
    }
}

fn text(answer: &Value, name: &str) -> Result<String, Failure> {
    let found = answer[name].as_str().map(str::to_owned);
    found.ok_or_else(|| Failure::Odd(format!("an answer without {name}")))
}

fn bytes(answer: &Value, name: &str) -> Result<Vec<u8>, Failure> {
    let decoded = STANDARD.decode(text(answer, name)?);
    decoded.map_err(|_| Failure::Odd(format!("{name} isn't base64")))
}
