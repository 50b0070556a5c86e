//! The outside world of the crowd, on loopback: GBD FL, OCSP and lists of a seeded authority, SMS and mail, the Fund's own
//! system; and the settings by which the program finds it. It lives in the driver's process, so it stays when the program is
//! killed.

use super::DriverError;
use super::dice::Dice;
use crate::demo::authority::TestAuthority;
use crate::demo::back_office::{self, BackOffice};
use crate::demo::clock::DemoClock;
use crate::demo::crl::Lists;
use crate::demo::gbd_fl::{self, GbdFl, Registered};
use crate::demo::inbox::{self, Inbox};
use crate::demo::keys::{KeyAlgorithm, KeyStore};
use crate::demo::ocsp::Responder;
use crate::demo::people::RegisterPerson;
use crate::demo::people::crowd::{self, Somebody};
use crate::demo::phone::Phone;
use axum::Router;
use std::fmt::Write as _;
use std::fs;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

/// Everybody of the crowd, as GBD FL knows them.
struct Everybody;

impl Registered for Everybody {
    fn person(&self, iin: &str) -> Option<RegisterPerson> {
        crowd::number_of(iin)
            .and_then(Somebody::new)
            .map(|somebody| somebody.register)
    }
}

/// Ends with the value.
pub struct Outside {
    pub folder: PathBuf,
    pub url: String,
    pub clock: DemoClock,
    pub authority: Arc<TestAuthority>,
    pub inbox: Inbox,
    pub back_office: BackOffice,
    /// Holds no key: what it sends is signed by the visitor.
    pub phone: Phone,
    seed: u64,
    smtp: u16,
    _serving: JoinSet<()>,
}

impl Outside {
    /// Puts the authorities and a page of nothing into the folder, and answers on ports the system chooses.
    ///
    /// # Errors
    /// [`DriverError`].
    pub async fn start(folder: &Path, seed: u64) -> Result<Self, DriverError> {
        let clock = DemoClock::system();
        let authority = Arc::new(TestAuthority::seeded(&Dice::new(seed), &clock)?);
        let authorities = folder.join("authorities");
        let page = folder.join("page");
        for made in [&authorities, &page, &folder.join("data")] {
            fs::create_dir_all(made).map_err(DriverError::io(made.display()))?;
        }
        for (name, der) in authority.certificates() {
            let file = authorities.join(name);
            fs::write(&file, der).map_err(DriverError::io(file.display()))?;
        }
        lay_page(&page)?;
        let listener = listen().await?;
        let smtp = listen().await?;
        let (port, smtp_port) = (port_of(&listener)?, port_of(&smtp)?);
        let inbox = Inbox::new(clock.clone());
        let back_office = BackOffice::new(clock.clone());
        let lists = Lists::new(authority.clone(), None, clock.clone());
        let world = Router::new()
            .nest_service("/gbdfl", GbdFl::new(Arc::new(Everybody), clock.clone()).router())
            .nest_service("/ocsp", Responder::new(authority.clone(), clock.clone()).router())
            .nest("/crl", lists.router())
            .nest_service("/sms", inbox.clone().gateway())
            .nest_service("/back-office", back_office.clone().router());
        let mut serving = JoinSet::new();
        serving.spawn(inbox::smtp::serve(smtp, inbox.clone()));
        serving.spawn(async move {
            if let Err(error) = axum::serve(listener, world).await {
                tracing::error!(%error, "the outside world ended");
            }
        });
        let keys = KeyStore::new(Vec::new(), clock.clone(), authority.clone());
        Ok(Self {
            folder: folder.to_owned(),
            url: format!("http://127.0.0.1:{port}"),
            phone: Phone::new(keys, vec!["127.0.0.1".to_owned()])?,
            clock,
            authority,
            inbox,
            back_office,
            seed,
            smtp: smtp_port,
            _serving: serving,
        })
    }

    /// The one key of this person, named `own`: RSA for every third, GOST for the others.
    ///
    /// # Errors
    /// [`DriverError::Authority`].
    pub fn keys_of(&self, person: &Somebody) -> Result<KeyStore, DriverError> {
        let algorithm = if person.number % 3 == 2 {
            KeyAlgorithm::Rsa2048
        } else {
            KeyAlgorithm::Gost512
        };
        let dice = Dice::of(self.seed, person.number);
        let key = self
            .authority
            .key_of(&person.register, algorithm, &self.url, &dice)?;
        Ok(KeyStore::new(
            vec![key],
            self.clock.clone(),
            self.authority.clone(),
        ))
    }

    /// The program's settings: this world, its data in the folder, limits that come into nobody's way. `more` are lines of
    /// its own, such as another database.
    #[must_use]
    pub fn settings(&self, port: u16, more: &str) -> String {
        let at = |name: &str| format!("{:?}", self.folder.join(name).display().to_string());
        let mut text = format!(
            "listen = \"127.0.0.1:{port}\"\npublic_url = \"http://127.0.0.1:{port}\"\ndata = {}\npage_dir = {}\n\
             ca_dir = {}\nocsp_url = \"{url}/ocsp\"\ncrl_urls = [\"{url}/crl/gost.crl\", \"{url}/crl/rsa.crl\"]\n{more}\n",
            at("data"),
            at("page"),
            at("authorities"),
            url = self.url,
        );
        let sections: [(&str, &[(&str, &str)]); 4] = [
            (
                "gbd_fl",
                &[
                    ("url", &format!("{}/gbdfl", self.url)),
                    ("service_id", gbd_fl::SERVICE_ID),
                    ("sender_id", gbd_fl::SENDER_ID),
                    ("sender_password", gbd_fl::SENDER_PASSWORD),
                ],
            ),
            (
                "sms",
                &[("url", &format!("{}/sms", self.url)), ("token", inbox::SMS_TOKEN)],
            ),
            (
                "smtp",
                &[
                    ("url", &format!("smtp://127.0.0.1:{}", self.smtp)),
                    ("from", "cabinet@fund.example"),
                ],
            ),
            (
                "webhook",
                &[
                    ("url", &format!("{}/back-office/events", self.url)),
                    ("secret", back_office::SECRET),
                ],
            ),
        ];
        for (name, fields) in sections {
            // Writing to a String never fails.
            let _ = writeln!(text, "[{name}]");
            for (field, value) in fields {
                let _ = writeln!(text, "{field} = {value:?}");
            }
        }
        text.push_str("[limits]\n");
        for limit in [
            "sign_ins_per_address",
            "challenges_per_address",
            "checks_per_address",
            "phones_per_address",
            "unchecked_per_address",
            "unchecked_in_all",
            "codes_per_address",
            "codes_in_all",
        ] {
            let _ = writeln!(text, "{limit} = 1000000000");
        }
        text
    }
}

/// The page as the build leaves it, as far as the server looks at it.
fn lay_page(folder: &Path) -> Result<(), DriverError> {
    for lang in ["kk", "ru", "en"] {
        let html = format!(
            "<!doctype html><html lang=\"{lang}\"><meta name=\"cabinet-ncalayer\" content=\"wss://127.0.0.1:13579/\">"
        );
        for program in ["door", "room", "index"] {
            let file = folder.join(format!("{program}.{lang}.html"));
            fs::write(&file, &html).map_err(DriverError::io(file.display()))?;
        }
    }
    let build = folder.join("build.txt");
    fs::write(&build, "20261123T070000-0123abcd").map_err(DriverError::io(build.display()))
}

async fn listen() -> Result<TcpListener, DriverError> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .await
        .map_err(DriverError::io("loopback"))
}

fn port_of(listener: &TcpListener) -> Result<u16, DriverError> {
    Ok(listener.local_addr().map_err(DriverError::io("loopback"))?.port())
}

/// A port for the program, which must have the same one after each start.
///
/// # Errors
/// [`DriverError::Io`].
pub async fn free_port() -> Result<u16, DriverError> {
    port_of(&listen().await?)
}
