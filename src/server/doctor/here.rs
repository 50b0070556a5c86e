//! What stands on this machine: settings, certificates, the database, room on the disk.

use super::Finding;
use crate::domain::time::Timestamp;
use crate::pki::{Anchors, Instant};
use crate::server::config::Config;
use crate::server::store::watch::Upkeep;
use crate::server::store::{Database, StoreError};
use crate::server::tls::Pair;
use std::net::{IpAddr, SocketAddr};
use std::path::Path;

const DAY: i64 = 86_400;
/// An authority that ends sooner is spoken of: a new one takes weeks to arrive.
const AUTHORITY_DAYS: i64 = 60;
/// Certificates of TLS are renewed by then, as a rule.
const TLS_DAYS: i64 = 21;
/// With less the next busy hour may fill the disk.
const LEAST_FREE: u64 = 256 << 20;

pub(super) fn settings(config: &Config) -> Vec<Finding> {
    let mut findings = vec![Finding::ok("settings", "they can be read and fit together")];
    let mut lacks = |subject: &str, setting: &str, what: &str| {
        let to_do = format!("set `{setting}`");
        findings.push(Finding::warning(
            subject,
            format!("not configured: {what}"),
            to_do,
        ));
    };
    if config.gbd_fl.is_none() {
        lacks("gbd_fl", "gbd_fl", "the form can't be opened");
    }
    if config.sms.is_none() {
        lacks("sms", "sms", "codes and messages by SMS wait");
    }
    if config.smtp.is_none() {
        lacks("smtp", "smtp", "letters wait");
    }
    if config.security_contact.is_none() {
        lacks(
            "security_contact",
            "security_contact",
            "nobody knows whom to tell of a weakness",
        );
    }
    if config.egov_mobile.organisation.bin.chars().all(|c| c == '0') {
        lacks(
            "egov_mobile",
            "egov_mobile.organisation",
            "the phone shows no organisation of ours",
        );
    }
    if config.ocsp_url.is_none() && config.crl_urls.is_empty() {
        findings.push(Finding::fault(
            "revocation",
            "nobody tells which certificates were revoked: nobody can sign in by EDS",
            "set `ocsp_url` and `crl_urls`",
        ));
    }
    if let Some(address) = config.metrics_listen.filter(is_open_to_all) {
        findings.push(Finding::warning(
            "metrics",
            format!("{address} may be open to everybody, and metrics tell about the business"),
            "set `metrics_listen` to an address of your own network",
        ));
    }
    if let Some(folder) = &config.page_dir
        && !folder.join("index.kk.html").is_file()
    {
        findings.push(Finding::fault(
            "page",
            format!("no built page in {}", folder.display()),
            "build it, or set `page_dir`",
        ));
    }
    if let Some(folder) = &config.assets_dir
        && let Err(error) = std::fs::read_dir(folder)
    {
        findings.push(Finding::fault(
            "assets_dir",
            format!("{} can't be read: {error}", folder.display()),
            "make the folder, and export the running build into it: `cabinet assets export`",
        ));
    }
    findings
}

fn is_open_to_all(address: &SocketAddr) -> bool {
    match address.ip() {
        IpAddr::V4(ip) => !(ip.is_loopback() || ip.is_private() || ip.is_link_local()),
        IpAddr::V6(ip) => !(ip.is_loopback() || ip.is_unique_local() || ip.is_unicast_link_local()),
    }
}

pub(super) fn authorities(config: &Config, now: Timestamp) -> Vec<Finding> {
    const SUBJECT: &str = "authorities";
    let anchors = match Anchors::load(&config.ca_dir) {
        Ok(anchors) => anchors,
        Err(error) => {
            return vec![Finding::fault(
                SUBJECT,
                format!("{} can't be used: {error}", config.ca_dir.display()),
                "put the certificates of the National Certifying Centre there, or set `ca_dir`",
            )];
        }
    };
    let mut findings = Vec::new();
    for set_aside in anchors.set_aside() {
        findings.push(Finding::warning(
            SUBJECT,
            format!("{} isn't used: {}", set_aside.name, set_aside.why),
            "take it away, or put the right certificate in its place",
        ));
    }
    let now = instant(now);
    let working = anchors
        .issuers()
        .filter(|issuer| issuer.not_after() >= now)
        .count();
    for ending in anchors.ending_before(now.plus_seconds(AUTHORITY_DAYS * DAY)) {
        let name = &ending.common_name;
        let at = ending.not_after;
        findings.push(if ending.not_after < now {
            // Kept for what was signed while it was valid.
            Finding::ok(SUBJECT, format!("{name} ended at {at}; it serves old signatures"))
        } else {
            let to_do = "put its successor beside it in `ca_dir`";
            Finding::warning(SUBJECT, format!("{name} ends at {at}"), to_do)
        });
    }
    findings.push(if working == 0 {
        Finding::fault(
            SUBJECT,
            "every issuing authority has ended: no signature of today is accepted",
            "put the authorities of today into `ca_dir`",
        )
    } else {
        Finding::ok(SUBJECT, format!("{working} issue certificates now"))
    });
    findings
}

pub(super) fn certificate(config: &Config, now: Timestamp) -> Option<Finding> {
    const SUBJECT: &str = "tls";
    let renew = "renew it; a running server takes the new files over by itself";
    let pair = match Pair::read(config.tls.as_ref()?) {
        Ok(pair) => pair,
        Err(error) => {
            let to_do = "set `tls.certificate` and `tls.key` to a pair";
            return Some(Finding::fault(SUBJECT, error.to_string(), to_do));
        }
    };
    let now = instant(now);
    Some(match pair.ends() {
        Err(why) => Finding::warning(
            SUBJECT,
            format!("when the certificate ends can't be told: {why}"),
            "look yourself: openssl x509 -enddate",
        ),
        Ok(end) if end < now => Finding::fault(SUBJECT, format!("the certificate ended at {end}"), renew),
        Ok(end) if end < now.plus_seconds(TLS_DAYS * DAY) => {
            Finding::warning(SUBJECT, format!("the certificate ends at {end}"), renew)
        }
        Ok(end) => Finding::ok(SUBJECT, format!("the certificate is good until {end}")),
    })
}

pub(super) async fn database(config: &Config, quick: bool) -> Vec<Finding> {
    const SUBJECT: &str = "database";
    let (file, place) = (config.sqlite_file(), config.database_place());
    let looked = match &config.database {
        Some(url) => Database::look_at_postgres(url.expose()).await,
        None => Database::look(&file).await,
    };
    let mut findings = match looked {
        Err(StoreError::Missing) => {
            return vec![Finding::warning(
                SUBJECT,
                format!("{place} isn't there yet"),
                "the first start makes it; if there was one, look at `data` and `database`",
            )];
        }
        Err(error) => {
            return vec![Finding::fault(
                SUBJECT,
                format!("{place}: {error}"),
                "see «One server or several» of docs/operations.md",
            )];
        }
        Ok(Upkeep::UpToDate) => vec![Finding::ok(SUBJECT, "it can be written to and is up to date")],
        Ok(Upkeep::Behind(steps)) => vec![Finding::warning(
            SUBJECT,
            format!("it can be written to and is {steps} steps behind this program"),
            "the next start brings it up to date: take a `cabinet backup` before",
        )],
    };
    // PostgreSQL reads its own pages over: data checksums, pg_amcheck.
    if quick || config.database.is_some() {
        return findings;
    }
    findings.push(match Database::faults(&file).await {
        Ok(faults) if faults.is_empty() => Finding::ok(SUBJECT, "read from end to end without a fault"),
        Ok(faults) => Finding::fault(
            SUBJECT,
            format!(
                "{} faults, the first: {}",
                faults.len(),
                faults[0].replace('\n', " ")
            ),
            "stop the server, keep the files as they are, restore the last copy",
        ),
        Err(error) => Finding::fault(
            SUBJECT,
            format!("it can't be read: {error}"),
            "keep the files as they are, restore the last copy",
        ),
    });
    findings
}

/// The keys beside the database; those that are lost cost different things, the pepper every password.
pub(super) fn keys(config: &Config) -> Option<Finding> {
    const SUBJECT: &str = "keys";
    let folder = config.keys_folder();
    let pepper = folder.join("pepper");
    if config.database.is_none() && !config.sqlite_file().exists() {
        return None;
    }
    let Ok(held) = std::fs::metadata(&pepper) else {
        return Some(Finding::fault(
            SUBJECT,
            format!("{} isn't there: no password fits without it", pepper.display()),
            "put the copy back before the next start, which makes a new one",
        ));
    };
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        if held.permissions().mode() & 0o077 != 0 {
            return Some(Finding::warning(
                SUBJECT,
                format!("{} can be read by others", pepper.display()),
                format!("chmod -R go= {}", folder.display()),
            ));
        }
    }
    let _ = held;
    Some(Finding::ok(SUBJECT, "they are there, and this user's alone"))
}

pub(super) fn disk(config: &Config) -> Finding {
    const SUBJECT: &str = "disk";
    let to_do = "make room, or move `data` to a larger disk";
    let folder = if config.data.exists() {
        config.data.as_path()
    } else {
        Path::new(".")
    };
    let Ok(room) = rustix::fs::statvfs(folder) else {
        return Finding::warning(SUBJECT, "how much room there is can't be told", "look at `df`");
    };
    let free = room.f_bavail.saturating_mul(room.f_frsize);
    let per_cent = room.f_bavail.saturating_mul(100) / room.f_blocks.max(1);
    let what = format!("{} MiB free, {per_cent} of 100", free >> 20);
    if free < LEAST_FREE {
        Finding::fault(SUBJECT, what, to_do)
    } else if per_cent < 20 {
        Finding::warning(SUBJECT, what, to_do)
    } else {
        Finding::ok(SUBJECT, what)
    }
}

fn instant(at: Timestamp) -> Instant {
    Instant::from_unix(at.0.div_euclid(1000))
}
