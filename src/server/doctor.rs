//! `cabinet doctor`: goes over everything a working cabinet rests on and says of each whether it is in order, and what to
//! do where it isn't. It changes nothing and sends no message: outside systems are asked for nothing but an answer (HEAD),
//! the mail server is greeted, lists are fetched as the server fetches them.

mod here;
mod outside;

use super::VERSION;
use super::config::{Config, ConfigError};
use super::world::World;
use serde::Serialize;
use std::fmt;

/// How much it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    Ok,
    /// The cabinet works, but not wholly or not for long.
    Warning,
    /// It doesn't start, or doesn't do what it is for.
    Fault,
}

/// One thing looked at. No secret, IIN or address of a person stands in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    pub subject: String,
    pub level: Level,
    pub what: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to_do: Option<String>,
}

impl Finding {
    fn ok(subject: &str, what: impl Into<String>) -> Self {
        Self {
            subject: subject.to_owned(),
            level: Level::Ok,
            what: what.into(),
            to_do: None,
        }
    }

    fn bad(level: Level, subject: &str, what: impl Into<String>, to_do: impl Into<String>) -> Self {
        Self {
            subject: subject.to_owned(),
            level,
            what: what.into(),
            to_do: Some(to_do.into()),
        }
    }

    fn warning(subject: &str, what: impl Into<String>, to_do: impl Into<String>) -> Self {
        Self::bad(Level::Warning, subject, what, to_do)
    }

    fn fault(subject: &str, what: impl Into<String>, to_do: impl Into<String>) -> Self {
        Self::bad(Level::Fault, subject, what, to_do)
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let level = match self.level {
            Level::Ok => "ok",
            Level::Warning => "warning",
            Level::Fault => "fault",
        };
        write!(f, "{level:<8} {}: {}", self.subject, self.what)?;
        match &self.to_do {
            Some(to_do) => write!(f, "; {to_do}"),
            None => Ok(()),
        }
    }
}

/// Everything that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    pub version: &'static str,
    /// Whether there is no fault.
    pub ok: bool,
    pub findings: Vec<Finding>,
}

impl Report {
    fn of(findings: Vec<Finding>) -> Self {
        Self {
            version: VERSION,
            ok: findings.iter().all(|finding| finding.level < Level::Fault),
            findings,
        }
    }

    /// Where the settings can't be read nothing else can be looked at.
    #[must_use]
    pub fn of_settings(error: &ConfigError) -> Self {
        let to_do = "set it right; docs/operations.md lists the settings";
        Self::of(vec![Finding::fault("settings", error.to_string(), to_do)])
    }
}

/// One line each.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for finding in &self.findings {
            writeln!(f, "{finding}")?;
        }
        Ok(())
    }
}

/// Looks at everything. `quick` leaves out reading the whole database, which takes minutes where it is large.
pub async fn examine(config: &Config, world: &World, quick: bool) -> Report {
    let now = world.now();
    let mut findings = here::settings(config);
    findings.extend(here::authorities(config, now));
    findings.extend(here::certificate(config, now));
    findings.extend(here::database(config, quick).await);
    findings.extend(here::keys(config));
    findings.push(here::disk(config));
    let (reached, times) = outside::reach(config, world).await;
    findings.push(outside::clock(&times));
    findings.extend(reached);
    Report::of(findings)
}
