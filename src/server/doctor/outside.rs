//! Who stands outside: whether each answers, and what time it is there.

use super::Finding;
use crate::domain::time::Timestamp;
use crate::pki::revocation::client::{Checker, FetchError, ListFailure, Refreshed, Sources, USER_AGENT};
use crate::pki::{Anchors, Instant};
use crate::server::config::{Config, Smtp};
use crate::server::metrics::Metrics;
use crate::server::outgoing::Outgoing;
use crate::server::revocation::OverHttp;
use crate::server::traces::Traces;
use crate::server::world::World;
use lettre::{AsyncSmtpTransport, Tokio1Executor};
use std::error::Error;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;

const LONGEST_TALK: Duration = Duration::from_secs(10);
/// An answer's date is a second old and more by the time it is read.
const SKEW_MS: i64 = 10_000;
/// OCSP answers and lists are refused beyond it, and sessions end when they shouldn't.
const LARGE_SKEW_MS: i64 = 60_000;

/// What is called there has the address asked for in its path: without one nothing is there.
const KAZPOST: &str = "kazpost_url";

/// How far an outside clock is ahead of ours, in milliseconds.
pub(super) type Skew = i64;

/// Asks everybody who is configured, all at once.
pub(super) async fn reach(config: &Config, world: &World) -> (Vec<Finding>, Vec<Skew>) {
    let outgoing = match Outgoing::new(Arc::new(Metrics::default()), Traces::default()) {
        Ok(outgoing) => outgoing,
        Err(error) => {
            let to_do = "look at the system's certificates";
            let what = format!("nobody can be asked: {}", cause(&error));
            return (vec![Finding::fault("outside", what, to_do)], Vec::new());
        }
    };
    let mut asking = JoinSet::new();
    for (place, (setting, url)) in addresses(config).into_iter().enumerate() {
        let (outgoing, world) = (outgoing.clone(), world.clone());
        asking.spawn(async move {
            let (finding, skew) = ask(&outgoing, &world, setting, &url).await;
            (place, finding, skew)
        });
    }
    let lists = config.crl_urls.iter().cloned().enumerate();
    for (place, url) in lists {
        let (outgoing, world, ca_dir) = (outgoing.clone(), world.clone(), config.ca_dir.clone());
        asking.spawn(async move {
            // Without authorities nothing can be told of a list; that is told by itself.
            let finding = match Anchors::load(&ca_dir) {
                Ok(anchors) => Some(list(outgoing, &world, &anchors, url).await),
                Err(_) => None,
            };
            (1000 + place, finding, None)
        });
    }
    if let Some(settings) = config.smtp.clone() {
        asking.spawn(async move { (2000, Some(greet(&settings).await), None) });
    }
    let mut answers: Vec<_> = asking.join_all().await;
    answers.sort_by_key(|(place, ..)| *place);
    let skews = answers.iter().filter_map(|(.., skew)| *skew).collect();
    let findings = answers.into_iter().filter_map(|(_, finding, _)| finding);
    (findings.collect(), skews)
}

/// Every address that is called over HTTP, by its setting; where that is a beginning, the path that is called.
fn addresses(config: &Config) -> Vec<(&'static str, String)> {
    let below = |url: &String, path: &str| format!("{}{path}", url.trim_end_matches('/'));
    [
        ("gbd_fl.url", config.gbd_fl.as_ref().map(|of| of.url.clone())),
        (
            "gbd_fl_signer.url",
            config
                .gbd_fl_signer
                .as_ref()
                .map(|of| below(&of.url, "/wsse/sign")),
        ),
        ("ocsp_url", config.ocsp_url.clone()),
        (
            "ncanode_url",
            config.ncanode_url.as_ref().map(|url| below(url, "/cms/verify")),
        ),
        (KAZPOST, config.kazpost_url.clone()),
        ("sms.url", config.sms.as_ref().map(|of| of.url.clone())),
        ("webhook.url", config.webhook.as_ref().map(|of| of.url.clone())),
        (
            "otlp_url",
            config.otlp_url.as_ref().map(|url| below(url, "/v1/traces")),
        ),
    ]
    .into_iter()
    .filter_map(|(setting, url)| Some((setting, url?)))
    .collect()
}

/// HEAD does nothing there (RFC 9110, 9.2.1), and any answer to it says that somebody is there.
async fn ask(
    outgoing: &Outgoing,
    world: &World,
    setting: &'static str,
    url: &str,
) -> (Option<Finding>, Option<Skew>) {
    let asked = outgoing.head(url).header("user-agent", USER_AGENT);
    let answer = match asked.timeout(LONGEST_TALK).send().await {
        Ok(answer) => answer,
        Err(error) => {
            let what = if error.is_timeout() {
                "no answer in ten seconds".to_owned()
            } else {
                format!("not reachable: {}", cause(&error.without_url()))
            };
            let to_do = format!("check `{setting}`, the network between and the system itself");
            return (Some(Finding::fault(setting, what, to_do)), None);
        }
    };
    let skew = answer
        .headers()
        .get("date")
        .and_then(|date| http_date(date.to_str().ok()?))
        .map(|there| there.0 - world.now().0);
    let status = answer.status().as_u16();
    let warning =
        |what: &str, to_do: String| Finding::warning(setting, format!("{what} (HTTP {status})"), to_do);
    let finding = match status {
        300..400 => warning(
            "it sends elsewhere",
            format!("name the last address in `{setting}`: none is followed"),
        ),
        404 if setting != KAZPOST => warning(
            "somebody is there, but nothing at this path",
            format!("check `{setting}`"),
        ),
        502..=504 => warning("it answers that it can't work now", "ask who runs it".to_owned()),
        _ => Finding::ok(setting, format!("it answers (HTTP {status})")),
    };
    (Some(finding), skew)
}

/// Fetched and judged as the server does it.
async fn list(outgoing: Outgoing, world: &World, anchors: &Anchors, url: String) -> Finding {
    const SUBJECT: &str = "crl_urls";
    let sources = Sources {
        ocsp: None,
        lists: vec![url.clone()],
    };
    let now = Instant::from_unix(world.now().0.div_euclid(1000));
    let checker = Checker::new(OverHttp(outgoing), sources, anchors);
    match checker.refresh(now).await.pop() {
        Some((_, Refreshed::Updated { entries, next_update })) => Finding::ok(
            SUBJECT,
            format!("{url}: {entries} entries, good until {next_update}"),
        ),
        Some((_, Refreshed::Failed(ListFailure::List(why)))) => Finding::fault(
            SUBJECT,
            format!("{url}: what is there can't be used: {why}"),
            "check the clock, `ca_dir`, and that it is the authority's own list",
        ),
        Some((_, Refreshed::Failed(ListFailure::Fetch(why)))) => {
            let why = match why {
                // Its text repeats the address.
                FetchError::Unreachable(_) => "not reachable".to_owned(),
                why => why.to_string(),
            };
            let to_do = "check the address and the network between";
            Finding::fault(SUBJECT, format!("{url}: {why}"), to_do)
        }
        Some((_, Refreshed::NotDue)) | None => Finding::ok(SUBJECT, format!("{url}: not due")),
    }
}

/// Greets the mail server, signs in there, and goes. No letter is sent.
async fn greet(settings: &Smtp) -> Finding {
    const SUBJECT: &str = "smtp.url";
    let to_do = "check `smtp.url` with its user and password, and the network between";
    let greeted = match AsyncSmtpTransport::<Tokio1Executor>::from_url(settings.url.expose()) {
        Ok(transport) => {
            let transport: AsyncSmtpTransport<Tokio1Executor> = transport.timeout(Some(LONGEST_TALK)).build();
            tokio::time::timeout(LONGEST_TALK, async move { transport.test_connection().await }).await
        }
        Err(error) => Ok(Err(error)),
    };
    match greeted {
        Ok(Ok(true)) => Finding::ok(SUBJECT, "it lets us in"),
        Ok(Ok(false)) => Finding::fault(SUBJECT, "it doesn't go on after greeting", to_do),
        // Its own words may repeat the user's name.
        Ok(Err(error)) if error.is_permanent() || error.is_transient() => {
            let code = error.status().map_or_else(String::new, |code| code.to_string());
            Finding::fault(SUBJECT, format!("it refuses us: {code}"), to_do)
        }
        Ok(Err(error)) => Finding::fault(SUBJECT, format!("not reachable: {}", cause(&error)), to_do),
        Err(_) => Finding::fault(SUBJECT, "no answer in ten seconds", to_do),
    }
}

/// The clock that agrees best speaks for ours: of many systems one is always wrong by itself.
pub(super) fn clock(skews: &[Skew]) -> Finding {
    const SUBJECT: &str = "clock";
    let to_do = "have the machine keep time (chrony, systemd-timesyncd)";
    let Some(skew) = skews.iter().copied().min_by_key(|skew| skew.abs()) else {
        return Finding::warning(
            SUBJECT,
            "no outside system told the time",
            "compare it by hand: timedatectl",
        );
    };
    let what = format!("{} seconds from the nearest outside clock", skew.abs() / 1000);
    if skew.abs() <= SKEW_MS {
        Finding::ok(SUBJECT, what)
    } else if skew.abs() <= LARGE_SKEW_MS {
        Finding::warning(SUBJECT, what, to_do)
    } else {
        Finding::fault(SUBJECT, what, to_do)
    }
}

/// `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, 5.6.7).
fn http_date(text: &str) -> Option<Timestamp> {
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let parts: Vec<&str> = text.split_once(", ")?.1.split(' ').collect();
    let [day, month, year, time, "GMT"] = parts.as_slice() else {
        return None;
    };
    let month = MONTHS.iter().position(|name| name == month)? + 1;
    Timestamp::parse_rfc3339(&format!("{year}-{month:02}-{day}T{time}Z"))
}

/// The last reason behind an error: what is before it says only that something failed.
fn cause(error: &dyn Error) -> String {
    let mut last = error;
    while let Some(source) = last.source() {
        last = source;
    }
    last.to_string()
}

#[cfg(test)]
mod tests {
    use super::super::Level;
    use super::*;

    #[test]
    fn a_date_of_http_is_read() {
        assert_eq!(
            http_date("Mon, 23 Nov 2026 07:00:05 GMT"),
            Some(Timestamp(1_795_417_205_000))
        );
        assert_eq!(http_date("Monday, 23-Nov-26 07:00:05 GMT"), None);
        assert_eq!(http_date(""), None);
    }

    #[test]
    fn the_clock_that_agrees_best_decides() {
        assert_eq!(clock(&[3_600_000, -900]).level, Level::Ok);
        assert_eq!(clock(&[-30_000]).level, Level::Warning);
        assert_eq!(clock(&[3_600_000, -7_200_000]).level, Level::Fault);
        assert_eq!(clock(&[]).level, Level::Warning);
    }
}
