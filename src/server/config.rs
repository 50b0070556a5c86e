//! The operator's settings: a TOML file, then environment variables over it, checked before anything starts. What is
//! wrong is told by the name the operator wrote. `docs/operations.md` lists them; a test holds the list against this file.

mod database;

use super::security_txt;
use crate::wire::egov_mobile::{AuthType, PdfMime};
use serde::Deserialize;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

/// The settings. A field has the same name in the file; in the environment it is `CABINET_` and the name in capitals,
/// with `_` between a section and its field.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Address and port to listen on. Default `127.0.0.1:8080`.
    pub listen: SocketAddr,
    /// Where Prometheus reads the metrics; never the public address. Default: nowhere.
    pub metrics_listen: Option<SocketAddr>,
    /// The collector that traces are sent to, OTLP over HTTP: without `/v1/traces`. Default: none are made.
    pub otlp_url: Option<String>,
    /// The folder of everything the server keeps: SQLite's file, keys. Default `data`.
    pub data: PathBuf,
    /// PostgreSQL, `postgres://user:password@host/cabinet?sslmode=verify-full`: several servers may work with it. Default: a
    /// file of SQLite's in `data`.
    pub database: Option<Secret>,
    /// The folder of the server's keys: the same ones for all servers of one database. Default `keys` in `data`.
    pub keys_dir: Option<PathBuf>,
    /// The address people open, without a path. Default `http://127.0.0.1:8080`.
    pub public_url: String,
    /// The folder of the built page; needed unless the page is inside the program. Default `dist`.
    pub page_dir: Option<PathBuf>,
    /// A folder of other builds' assets, served beside the page's own. Default: none.
    pub assets_dir: Option<PathBuf>,
    /// The folder of the certificates of the authorities believed. Default `data/authorities`.
    pub ca_dir: PathBuf,
    /// The OCSP responder of the national authority.
    pub ocsp_url: Option<String>,
    /// Its revocation lists.
    pub crl_urls: Vec<String>,
    /// An NCANode server that must accept every signature too. Default: nobody is asked.
    pub ncanode_url: Option<String>,
    /// The postal directory of «Қазпошта», `https://api.post.kz`. Default: nobody is asked.
    pub kazpost_url: Option<String>,
    /// Whom to tell of a weakness: `mailto:…`, `https://…` or `tel:…`, shown in `/.well-known/security.txt`.
    pub security_contact: Option<String>,
    /// Hours before a new mobile number or e-mail serves codes and password reset; mailings aren't delayed. Default 12.
    pub new_contact_hours: u32,
    /// How many proxies stand in front and add to `X-Forwarded-For`. Default 0: the header isn't read.
    pub proxies: u8,
    pub gbd_fl: Option<GbdFl>,
    pub gbd_fl_signer: Option<GbdFlSigner>,
    pub sms: Option<Sms>,
    pub smtp: Option<Smtp>,
    pub webhook: Option<Webhook>,
    pub tls: Option<Tls>,
    pub egov_mobile: EgovMobile,
    /// Where the page looks for NCALayer. Only a build with `demo` heeds it.
    pub ncalayer_url: Option<String>,
    /// `text` or `json`. Default `text`.
    pub log: LogFormat,
    pub limits: Limits,
}

/// GBD FL (МБ ЖТ), the register of natural persons, over SHEP.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GbdFl {
    pub url: String,
    pub service_id: String,
    pub sender_id: String,
    pub sender_password: Secret,
}

/// An NCANode server that signs our questions to GBD FL, where the contract with SHEP wants it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GbdFlSigner {
    /// Without `/wsse/sign`. Key and password go there with every question.
    pub url: String,
    /// The file of the key, PKCS#12.
    pub key: PathBuf,
    pub password: Secret,
}

/// The SMS gateway: JSON over HTTP.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sms {
    pub url: String,
    pub token: Secret,
}

/// The mail server.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Smtp {
    /// `smtps://user:password@host`, `smtp://host?tls=required`, or `smtp://127.0.0.1:2525` on this machine.
    pub url: Secret,
    /// The sender, `Name <address>`.
    pub from: String,
}

/// Where changes of requisites are told to, for the Fund's own systems.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Webhook {
    pub url: String,
    /// What the events are signed with, 16 characters or more.
    pub secret: Secret,
}

/// TLS without a proxy. Both files are PEM, and read again when they change.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tls {
    /// Our certificate first, then those between it and the root.
    pub certificate: PathBuf,
    pub key: PathBuf,
}

/// What eGov Mobile is told of us.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EgovMobile {
    /// Where the telephone reaches us, if not at the server's `public_url`.
    pub public_url: Option<String>,
    /// `Token` or `None`: whether the telephone shows a token for the document. Default `Token`.
    pub auth_type: AuthType,
    /// How the document's media type is written: `application/pdf`, or `@file/pdf` as in older editions of the protocol.
    /// Default `application/pdf`.
    pub pdf_mime: PdfMime,
    /// The page that opens the app on the same telephone. Default: eGov Mobile's own.
    pub app_page: Option<String>,
    /// Within so many seconds a signed document must have come and been checked. Default 30, the partner's bound.
    pub answer_seconds: u32,
    pub organisation: Organisation,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Organisation {
    pub name_kk: String,
    pub name_ru: String,
    pub name_en: String,
    pub bin: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    #[default]
    Text,
    Json,
}

/// How much of what is too much. Raised only for load tests.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Sign-ins by password tried from one network address in a minute.
    pub sign_ins_per_address: u32,
    /// Challenges asked for from one network address in a minute.
    pub challenges_per_address: u32,
    /// Codes of receipts, bundles and suspending links tried from one network address in a minute.
    pub checks_per_address: u32,
    /// Requests of phones (eGov Mobile) from one network address in a minute. A signature takes three.
    pub phones_per_address: u32,
    /// Registrations and forgotten passwords begun from one network address in ten minutes before the page has to solve a
    /// puzzle, and the same in all.
    pub unchecked_per_address: u32,
    pub unchecked_in_all: u32,
    /// Codes by SMS and e-mail to one network address in an hour; beyond it one each 12 seconds.
    pub codes_per_address: u32,
    /// Codes sent to everybody in ten minutes: where messages stop that cost money.
    pub codes_in_all: u32,
}

/// A text that is never printed.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(withheld)")
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8080),
            metrics_listen: None,
            otlp_url: None,
            data: PathBuf::from("data"),
            database: None,
            keys_dir: None,
            public_url: "http://127.0.0.1:8080".to_owned(),
            page_dir: (!cfg!(feature = "embed")).then(|| PathBuf::from("dist")),
            assets_dir: None,
            ca_dir: PathBuf::from("data/authorities"),
            ocsp_url: None,
            crl_urls: Vec::new(),
            ncanode_url: None,
            kazpost_url: None,
            security_contact: None,
            new_contact_hours: 12,
            proxies: 0,
            gbd_fl: None,
            gbd_fl_signer: None,
            sms: None,
            smtp: None,
            webhook: None,
            tls: None,
            egov_mobile: EgovMobile::default(),
            ncalayer_url: None,
            log: LogFormat::default(),
            limits: Limits::default(),
        }
    }
}

impl EgovMobile {
    /// [`Self::answer_seconds`]
    #[must_use]
    pub fn put_bound(&self) -> std::time::Duration {
        std::time::Duration::from_secs(self.answer_seconds.into())
    }
}

impl Default for EgovMobile {
    fn default() -> Self {
        Self {
            public_url: None,
            auth_type: AuthType::Token,
            pdf_mime: PdfMime::default(),
            app_page: None,
            answer_seconds: 30,
            organisation: Organisation::default(),
        }
    }
}

impl Default for Organisation {
    fn default() -> Self {
        Self {
            name_kk: "Зейнетақы қоры".to_owned(),
            name_ru: "Пенсионный фонд".to_owned(),
            name_en: "Pension fund".to_owned(),
            bin: "000000000000".to_owned(),
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            sign_ins_per_address: 20,
            challenges_per_address: 60,
            checks_per_address: 20,
            phones_per_address: 300,
            unchecked_per_address: 10,
            unchecked_in_all: 300,
            codes_per_address: 300,
            codes_in_all: 3000,
        }
    }
}

/// What is wrong with the settings.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("{} can't be read: {error}", .file.display())]
    Unreadable { file: PathBuf, error: std::io::Error },
    #[error("{}, line {line}: {problem}", .file.display())]
    Toml {
        file: PathBuf,
        line: usize,
        problem: String,
    },
    #[error("{name} is unknown; see docs/operations.md")]
    UnknownVariable { name: String },
    #[error("{name}: {problem}")]
    Wrong { name: String, problem: String },
}

impl Config {
    /// Reads the file, if one is given, and puts the `CABINET_` variables over it. Says what is wrong with the settings;
    /// what only starting can tell (a port that is taken) is told then.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn load(
        file: Option<&Path>,
        variables: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, ConfigError> {
        let mut table = toml::Table::new();
        let mut text = String::new();
        if let Some(file) = file {
            text = std::fs::read_to_string(file).map_err(|error| ConfigError::Unreadable {
                file: file.to_owned(),
                error,
            })?;
            table = toml::from_str(&text).map_err(|error| in_file(file, &text, &error))?;
        }
        for (name, value) in variables {
            put_variable(&mut table, &name, &value)?;
        }
        missing(&table)?;
        let config: Self = table.try_into().map_err(|error: toml::de::Error| {
            // The file by itself tells the line.
            match (file, toml::from_str::<Self>(&text)) {
                (Some(file), Err(error)) => in_file(file, &text, &error),
                _ => ConfigError::Wrong {
                    name: "the settings".to_owned(),
                    problem: error.message().to_owned(),
                },
            }
        })?;
        config.check()?;
        Ok(config)
    }

    /// What can be judged without touching anything.
    ///
    /// # Errors
    /// [`ConfigError::Wrong`].
    pub fn check(&self) -> Result<(), ConfigError> {
        let wrong = |name: &str, problem: &str| {
            Err(ConfigError::Wrong {
                name: name.to_owned(),
                problem: problem.to_owned(),
            })
        };
        let urls = [
            ("public_url", Some(self.public_url.as_str())),
            ("otlp_url", self.otlp_url.as_deref()),
            ("ocsp_url", self.ocsp_url.as_deref()),
            ("ncanode_url", self.ncanode_url.as_deref()),
            ("kazpost_url", self.kazpost_url.as_deref()),
            ("gbd_fl.url", self.gbd_fl.as_ref().map(|g| g.url.as_str())),
            (
                "gbd_fl_signer.url",
                self.gbd_fl_signer.as_ref().map(|s| s.url.as_str()),
            ),
            ("sms.url", self.sms.as_ref().map(|s| s.url.as_str())),
            ("webhook.url", self.webhook.as_ref().map(|w| w.url.as_str())),
            ("egov_mobile.public_url", self.egov_mobile.public_url.as_deref()),
            ("egov_mobile.app_page", self.egov_mobile.app_page.as_deref()),
        ];
        let all = urls
            .into_iter()
            .chain(self.crl_urls.iter().map(|url| ("crl_urls", Some(url.as_str()))));
        for (name, url) in all {
            let Some(url) = url else { continue };
            let parsed = reqwest::Url::parse(url);
            let fits = parsed.is_ok_and(|u| matches!(u.scheme(), "http" | "https") && u.has_host());
            if !fits {
                return wrong(name, "it must be an address that begins with http:// or https://");
            }
        }
        if let Some(problem) = self.database.as_ref().and_then(database::fault) {
            return wrong("database", problem);
        }
        if self.origin().is_none() {
            return wrong("public_url", "it must end with the host or port, without a path");
        }
        if !self.is_https() && !is_loopback(&self.public_url) {
            return wrong(
                "public_url",
                "plain http:// is only for this very machine (127.0.0.1); people need https://",
            );
        }
        if self.metrics_listen == Some(self.listen) && self.listen.port() != 0 {
            return wrong(
                "metrics_listen",
                "metrics tell about the business: they need an address of their own, not the public one",
            );
        }
        if self.tls.is_some() && !self.is_https() {
            return wrong(
                "tls",
                "with a certificate of its own `public_url` must begin with https://",
            );
        }
        if let Some(contact) = &self.security_contact
            && !security_txt::is_contact(contact)
        {
            return wrong(
                "security_contact",
                "it must be one address: mailto:…, https://… or tel:…",
            );
        }
        if let Some(smtp) = &self.smtp {
            if smtp.from.parse::<lettre::message::Mailbox>().is_err() {
                return wrong("smtp.from", "it must be an e-mail address, or `Name <address>`");
            }
            if let Err(error) =
                lettre::AsyncSmtpTransport::<lettre::Tokio1Executor>::from_url(smtp.url.expose())
            {
                return wrong("smtp.url", &error.to_string());
            }
        }
        if let Some(webhook) = &self.webhook {
            if !webhook.url.starts_with("https://") && !is_loopback(&webhook.url) {
                return wrong(
                    "webhook.url",
                    "personal data goes there: it must be https://, or on this very machine",
                );
            }
            if webhook.secret.expose().len() < SHORTEST_SECRET {
                return wrong("webhook.secret", "it must have 16 characters or more");
            }
        }
        if self.page_dir.is_none() && !cfg!(feature = "embed") {
            return wrong(
                "page_dir",
                "it is needed, since this program doesn't hold the page itself",
            );
        }
        Ok(())
    }

    /// The folder of the keys.
    #[must_use]
    pub fn keys_folder(&self) -> PathBuf {
        self.keys_dir.clone().unwrap_or_else(|| self.data.join("keys"))
    }

    /// Where everything is kept, as the operator knows it; without user and password.
    #[must_use]
    pub fn database_place(&self) -> String {
        match &self.database {
            Some(database) => database::place(database),
            None => self.sqlite_file().display().to_string(),
        }
    }

    /// Where SQLite's file is, or would be.
    #[must_use]
    pub fn sqlite_file(&self) -> PathBuf {
        self.data.join(super::backup::DATABASE)
    }

    /// Scheme, host and port of `public_url`, the way browsers write an origin. `None` if it has a path.
    #[must_use]
    pub fn origin(&self) -> Option<String> {
        let url = reqwest::Url::parse(&self.public_url).ok()?;
        let bare = matches!(url.path(), "" | "/")
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty();
        bare.then(|| url.origin().ascii_serialization())
    }

    #[must_use]
    pub fn is_https(&self) -> bool {
        self.public_url.starts_with("https://")
    }
}

/// Bytes of a secret that signatures are made with.
const SHORTEST_SECRET: usize = 16;

fn is_loopback(url: &str) -> bool {
    let host = reqwest::Url::parse(url)
        .ok()
        .and_then(|url| url.host_str().map(str::to_owned));
    host.is_some_and(|host| {
        host == "localhost"
            || host
                .trim_matches(['[', ']'])
                .parse::<IpAddr>()
                .is_ok_and(|ip| ip.is_loopback())
    })
}

/// How a variable's text becomes a value.
#[derive(Clone, Copy)]
enum Kind {
    Text,
    Number,
    /// Separated by commas.
    List,
}

/// Every variable: name without `CABINET_`, the path in the file, its kind.
const VARIABLES: &[(&str, &[&str], Kind)] = &[
    ("LISTEN", &["listen"], Kind::Text),
    ("METRICS_LISTEN", &["metrics_listen"], Kind::Text),
    ("OTLP_URL", &["otlp_url"], Kind::Text),
    ("TLS_CERTIFICATE", &["tls", "certificate"], Kind::Text),
    ("TLS_KEY", &["tls", "key"], Kind::Text),
    ("DATA", &["data"], Kind::Text),
    ("DATABASE", &["database"], Kind::Text),
    ("KEYS_DIR", &["keys_dir"], Kind::Text),
    ("PUBLIC_URL", &["public_url"], Kind::Text),
    ("PAGE_DIR", &["page_dir"], Kind::Text),
    ("ASSETS_DIR", &["assets_dir"], Kind::Text),
    ("CA_DIR", &["ca_dir"], Kind::Text),
    ("OCSP_URL", &["ocsp_url"], Kind::Text),
    ("CRL_URLS", &["crl_urls"], Kind::List),
    ("NCANODE_URL", &["ncanode_url"], Kind::Text),
    ("KAZPOST_URL", &["kazpost_url"], Kind::Text),
    ("SECURITY_CONTACT", &["security_contact"], Kind::Text),
    ("NEW_CONTACT_HOURS", &["new_contact_hours"], Kind::Number),
    ("PROXIES", &["proxies"], Kind::Number),
    ("GBD_FL_URL", &["gbd_fl", "url"], Kind::Text),
    ("GBD_FL_SERVICE_ID", &["gbd_fl", "service_id"], Kind::Text),
    ("GBD_FL_SENDER_ID", &["gbd_fl", "sender_id"], Kind::Text),
    (
        "GBD_FL_SENDER_PASSWORD",
        &["gbd_fl", "sender_password"],
        Kind::Text,
    ),
    ("GBD_FL_SIGNER_URL", &["gbd_fl_signer", "url"], Kind::Text),
    ("GBD_FL_SIGNER_KEY", &["gbd_fl_signer", "key"], Kind::Text),
    (
        "GBD_FL_SIGNER_PASSWORD",
        &["gbd_fl_signer", "password"],
        Kind::Text,
    ),
    ("SMS_URL", &["sms", "url"], Kind::Text),
    ("SMS_TOKEN", &["sms", "token"], Kind::Text),
    ("SMTP_URL", &["smtp", "url"], Kind::Text),
    ("SMTP_FROM", &["smtp", "from"], Kind::Text),
    ("WEBHOOK_URL", &["webhook", "url"], Kind::Text),
    ("WEBHOOK_SECRET", &["webhook", "secret"], Kind::Text),
    (
        "EGOV_MOBILE_PUBLIC_URL",
        &["egov_mobile", "public_url"],
        Kind::Text,
    ),
    ("EGOV_MOBILE_AUTH_TYPE", &["egov_mobile", "auth_type"], Kind::Text),
    ("EGOV_MOBILE_APP_PAGE", &["egov_mobile", "app_page"], Kind::Text),
    ("NCALAYER_URL", &["ncalayer_url"], Kind::Text),
    ("LOG", &["log"], Kind::Text),
];

/// Variables of the program that aren't settings of the server.
const NOT_SETTINGS: &[&str] = &["CONFIG", "BUILD", "VECTORS", "DEMO"];

/// On one line, and without the file's own words: they may hold a password.
fn in_file(file: &Path, text: &str, error: &toml::de::Error) -> ConfigError {
    let before = error.span().and_then(|span| text.get(..span.start));
    ConfigError::Toml {
        file: file.to_owned(),
        line: before.map_or(1, |before| before.matches('\n').count() + 1),
        problem: error.message().replace('\n', " "),
    }
}

/// A section begun must be whole, wherever its parts stand.
fn missing(table: &toml::Table) -> Result<(), ConfigError> {
    const WHOLE: [&str; 6] = ["gbd_fl", "gbd_fl_signer", "sms", "smtp", "webhook", "tls"];
    for (short, path, _) in VARIABLES {
        if let [section, field] = path
            && WHOLE.contains(section)
            && let Some(toml::Value::Table(begun)) = table.get(*section)
            && !begun.contains_key(*field)
        {
            return Err(ConfigError::Wrong {
                name: format!("{section}.{field}"),
                problem: format!(
                    "it is missing, though the section is there (as a variable: CABINET_{short})"
                ),
            });
        }
    }
    Ok(())
}

fn put_variable(table: &mut toml::Table, name: &str, value: &str) -> Result<(), ConfigError> {
    let Some(short) = name.strip_prefix("CABINET_") else {
        return Ok(());
    };
    // `CABINET_DEMO_…` are read by the demo.
    if NOT_SETTINGS.contains(&short) || short.starts_with("DEMO_") || short.starts_with("TEST_") {
        return Ok(());
    }
    let Some((_, path, kind)) = VARIABLES.iter().find(|(known, ..)| *known == short) else {
        return Err(ConfigError::UnknownVariable {
            name: name.to_owned(),
        });
    };
    let value = match kind {
        Kind::Text => toml::Value::String(value.to_owned()),
        Kind::Number => match value.trim().parse() {
            Ok(number) => toml::Value::Integer(number),
            Err(_) => {
                return Err(ConfigError::Wrong {
                    name: name.to_owned(),
                    problem: "it must be a whole number".to_owned(),
                });
            }
        },
        Kind::List => value
            .split(',')
            .map(|item| toml::Value::String(item.trim().to_owned()))
            .collect::<Vec<_>>()
            .into(),
    };
    // A path has one or two steps, and the last one always exists.
    let (last, sections) = path.split_last().unwrap_or((&"", &[]));
    let mut place = table;
    for section in sections {
        place = match place
            .entry((*section).to_owned())
            .or_insert_with(|| toml::Value::Table(toml::Table::new()))
        {
            toml::Value::Table(inner) => inner,
            _ => {
                return Err(ConfigError::Wrong {
                    name: name.to_owned(),
                    problem: format!("`{section}` in the file must be a section"),
                });
            }
        };
    }
    place.insert((*last).to_owned(), value.clone());
    // Checked alone, so that the message names the variable. What its section lacks then is another matter.
    let mut alone = toml::Table::from_iter([((*last).to_owned(), value)]);
    for section in sections.iter().rev() {
        alone = toml::Table::from_iter([((*section).to_owned(), toml::Value::Table(alone))]);
    }
    match alone.try_into::<Config>() {
        Err(error) if !error.message().starts_with("missing field") => Err(ConfigError::Wrong {
            name: name.to_owned(),
            problem: error.message().to_owned(),
        }),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from_variables(variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
        Config::load(
            None,
            variables
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
        )
    }

    fn from_file(text: &str) -> Result<Config, ConfigError> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("cabinet.toml");
        std::fs::write(&file, text).unwrap();
        Config::load(Some(&file), [])
    }

    #[test]
    fn variables_stand_over_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("cabinet.toml");
        std::fs::write(
            &file,
            "listen = '127.0.0.1:1'\n[sms]\nurl = 'http://127.0.0.1/a'\ntoken = 't'",
        )
        .unwrap();
        let variables = [
            ("CABINET_SMS_URL", "http://127.0.0.1/b"),
            ("CABINET_PROXIES", "2"),
        ];
        let config = Config::load(
            Some(&file),
            variables.map(|(name, value)| (name.to_owned(), value.to_owned())),
        )
        .unwrap();
        assert_eq!(config.listen.port(), 1);
        assert_eq!(
            config.sms.map(|sms| sms.url).as_deref(),
            Some("http://127.0.0.1/b")
        );
        assert_eq!(config.proxies, 2);
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (variables, expected) in [
            (&[("CABINET_LISTEN", "8080")][..], "CABINET_LISTEN"),
            (&[("CABINET_LISTN", "127.0.0.1:1")], "CABINET_LISTN is unknown"),
            (&[("CABINET_PUBLIC_URL", "cabinet.example")], "public_url"),
            (&[("CABINET_PUBLIC_URL", "http://cabinet.example")], "https://"),
            (
                &[("CABINET_PUBLIC_URL", "https://cabinet.example/x")],
                "without a path",
            ),
            (&[("CABINET_PROXIES", "one")], "CABINET_PROXIES"),
            (&[("CABINET_SECURITY_CONTACT", "somebody")], "security_contact"),
            (&[("CABINET_SMS_URL", "http://127.0.0.1/")], "CABINET_SMS_TOKEN"),
            (
                &[
                    ("CABINET_WEBHOOK_URL", "http://office.example/"),
                    ("CABINET_WEBHOOK_SECRET", "0123456789abcdef"),
                ],
                "webhook.url",
            ),
            (
                &[
                    ("CABINET_WEBHOOK_URL", "https://office.example/"),
                    ("CABINET_WEBHOOK_SECRET", "guess"),
                ],
                "webhook.secret",
            ),
            (&[("CABINET_METRICS_LISTEN", "127.0.0.1:8080")], "metrics_listen"),
            (&[("CABINET_OTLP_URL", "127.0.0.1:4318")], "otlp_url"),
            (&[("CABINET_TLS_KEY", "k.pem")], "CABINET_TLS_CERTIFICATE"),
            (
                &[("CABINET_TLS_KEY", "k.pem"), ("CABINET_TLS_CERTIFICATE", "c.pem")],
                "https://",
            ),
            (&[("CABINET_LOG", "xml")], "CABINET_LOG"),
            (&[("CABINET_DATABASE", "sqlite://data")], "database: "),
            (
                &[("CABINET_DATABASE", "postgres://cabinet@db.example/cabinet")],
                "sslmode=verify-full",
            ),
            (
                &[("CABINET_EGOV_MOBILE_AUTH_TYPE", "Password")],
                "CABINET_EGOV_MOBILE_AUTH_TYPE",
            ),
            (
                &[
                    ("CABINET_SMTP_URL", "smtp://127.0.0.1"),
                    ("CABINET_SMTP_FROM", "nobody"),
                ],
                "smtp.from",
            ),
        ] {
            let problem = from_variables(variables).unwrap_err().to_string();
            assert!(problem.contains(expected), "{problem:?} names {expected}");
        }
    }

    #[test]
    fn a_half_written_file_is_told_in_one_line_with_its_place_and_without_its_words() {
        for (text, expected) in [
            ("data = 'd'\nlisten = \n", "line 2"),
            ("data = 'd'\n[sms\ntoken = 'tell-nobody'", "line 2"),
            ("data = 'd'\n\n[sms]\ntoken = 'tell-nobody\n", "line 4"),
            ("data = 'd'\nliste = 'x'", "liste"),
            ("[sms]\ntoken = 'tell-nobody'", "sms.url"),
            ("log = 'text'\nproxies = 'two'", "line 2"),
        ] {
            let problem = from_file(text).unwrap_err().to_string();
            assert!(problem.contains(expected), "{problem:?} tells {expected}");
            assert!(!problem.contains('\n'), "{problem:?}");
            assert!(!problem.contains("tell-nobody"), "{problem:?}");
        }
    }

    #[test]
    fn a_secret_may_stand_apart_from_its_section() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("cabinet.toml");
        std::fs::write(&file, "[sms]\nurl = 'http://127.0.0.1/'").unwrap();
        let variable = ("CABINET_SMS_TOKEN".to_owned(), "t".to_owned());
        assert!(Config::load(Some(&file), [variable]).is_ok());
    }

    #[test]
    fn every_variable_is_explained_to_the_operator() {
        let told = include_str!("../../docs/operations.md");
        for (name, path, _) in VARIABLES {
            assert!(told.contains(&format!("`CABINET_{name}`")), "CABINET_{name}");
            assert!(told.contains(&format!("| `{}`", path.join("."))), "{path:?}");
        }
    }

    #[test]
    fn the_files_of_deploy_set_what_there_is() {
        for text in [
            include_str!("../../deploy/cabinet.service"),
            include_str!("../../deploy/Containerfile"),
        ] {
            let mut named = 0;
            for after in text.split("CABINET_").skip(1) {
                let name: String = after
                    .chars()
                    .take_while(|c| c.is_ascii_uppercase() || *c == '_')
                    .collect();
                let known = VARIABLES.iter().any(|(known, ..)| *known == name);
                assert!(known || NOT_SETTINGS.contains(&name.as_str()), "CABINET_{name}");
                named += 1;
            }
            assert!(named > 2, "{text}");
        }
    }

    /// What a section knows, out of its own complaint about a field that it doesn't.
    fn fields_of(section: &str) -> Vec<String> {
        let problem = toml::from_str::<Config>(&format!("{section}\nnever_a_field = 1")).unwrap_err();
        let known = problem.message().split_once("expected").unwrap().1;
        let fields: Vec<String> = known.split('`').skip(1).step_by(2).map(str::to_owned).collect();
        assert!(fields.len() > 1, "{problem}");
        fields
    }

    #[test]
    fn every_setting_of_the_file_is_explained_to_the_operator() {
        const SECTIONS: [&str; 9] = [
            "tls",
            "gbd_fl",
            "gbd_fl_signer",
            "sms",
            "smtp",
            "webhook",
            "egov_mobile",
            "egov_mobile.organisation",
            "limits",
        ];
        let told = include_str!("../../docs/operations.md");
        let explained = |setting: &str| told.contains(&format!("| `{setting}`"));
        let mut sections = 0;
        for field in fields_of("") {
            if SECTIONS.contains(&field.as_str()) {
                sections += 1;
            } else {
                assert!(explained(&field), "{field}");
            }
        }
        assert_eq!(sections, SECTIONS.len() - 1, "every section is looked into");
        for section in SECTIONS {
            for field in fields_of(&format!("[{section}]")) {
                let whole = format!("{section}.{field}");
                assert!(SECTIONS.contains(&whole.as_str()) || explained(&whole), "{whole}");
            }
        }
    }

    #[test]
    fn a_secret_is_never_printed() {
        let config = from_file("[sms]\nurl = 'http://127.0.0.1/'\ntoken = 'tell-nobody'").unwrap();
        assert!(!format!("{config:?}").contains("tell-nobody"));
    }
}
