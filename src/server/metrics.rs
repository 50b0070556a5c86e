//! What the operator's Prometheus reads: text format 0.0.4 on an address of its own (`metrics_listen`), never on the public
//! one, since it tells about the business. Labels are words of the program alone ([`family`]).
//!
//! A module of our own instead of `prometheus-client` or `metrics`: it is two hundred lines, takes no crate in, and its
//! labels can't hold what a person typed.

pub mod family;

use super::store::watch::Waiting;
use super::{Core, VERSION};
use crate::api::ApiError;
use axum::Router;
use axum::extract::State;
use axum::http::HeaderName;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;
use family::{Counter, Histogram, gauge, gauges, total};
use std::sync::Arc;

const TEXT_FORMAT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Everything that is counted while it happens.
pub struct Metrics {
    /// By route (a template), method and class of the status.
    pub requests: Histogram<3>,
    pub sign_ins: Counter<2>,
    /// By the way the signature came.
    pub signed: Counter<1>,
    /// By what was signed and the verifier's code.
    pub signatures_refused: Counter<2>,
    /// By outside system and outcome, until the answer's head is there.
    pub outgoing: Histogram<2>,
}

impl Default for Metrics {
    fn default() -> Self {
        Self {
            requests: Histogram::new(
                "cabinet_request_seconds",
                "Answers by route, method and class of status, and how long they took.",
                ["route", "method", "status"],
            ),
            sign_ins: Counter::new(
                "cabinet_sign_ins_total",
                "Attempts to sign in by way and outcome.",
                ["way", "outcome"],
            ),
            signed: Counter::new(
                "cabinet_applications_signed_total",
                "Applications signed, by the way the signature came.",
                ["way"],
            ),
            signatures_refused: Counter::new(
                "cabinet_signatures_refused_total",
                "Signatures refused, by what was signed and the verifier's code.",
                ["purpose", "code"],
            ),
            outgoing: Histogram::new(
                "cabinet_outgoing_seconds",
                "Calls of outside systems by outcome, and how long the beginning of an answer took.",
                ["system", "outcome"],
            ),
        }
    }
}

/// How signing in ended where it didn't succeed.
#[must_use]
pub const fn outcome(error: &ApiError) -> &'static str {
    match error {
        ApiError::Credentials => "credentials",
        ApiError::SignedOut => "signed_out",
        ApiError::UnknownPerson => "unknown_person",
        ApiError::Signature { .. } => "signature",
        ApiError::Code { .. } => "code",
        ApiError::TooMany { .. } => "too_many",
        ApiError::Unavailable | ApiError::Internal { .. } => "unavailable",
        _ => "other",
    }
}

/// `GET /metrics`, and nothing else.
pub fn router(core: &Arc<Core>) -> Router {
    Router::new().route("/metrics", get(answer).with_state(core.clone()))
}

async fn answer(State(core): State<Arc<Core>>) -> ([(HeaderName, &'static str); 1], String) {
    ([(CONTENT_TYPE, TEXT_FORMAT)], text(&core).await)
}

/// Everything, as it is now.
pub async fn text(core: &Core) -> String {
    let mut out = String::with_capacity(16 * 1024);
    let metrics = &core.metrics;
    metrics.requests.write(&mut out);
    metrics.sign_ins.write(&mut out);
    metrics.signed.write(&mut out);
    metrics.signatures_refused.write(&mut out);
    metrics.outgoing.write(&mut out);
    core.store.write_waits().write(&mut out);
    if let Some(commits) = core.store.commits() {
        total(
            &mut out,
            "cabinet_database_commits_total",
            "How often SQLite brought something to disk: transactions that wait for each other share one.",
            commits,
        );
    }
    core.traces.write_dropped(&mut out);
    let waiting = core.store.outbox_waiting().await;
    if let Err(error) = &waiting {
        tracing::error!(%error, "the outbox can't be looked at");
    }
    gauge(
        &mut out,
        "cabinet_database_up",
        "Whether the database answered just now.",
        f64::from(u8::from(waiting.is_ok())),
    );
    if let Ok(waiting) = waiting {
        outbox(core, &waiting, &mut out);
    }
    gauge(
        &mut out,
        "cabinet_qr_pages_waiting",
        "Signing sessions whose page waits for a phone at this server.",
        count(core.waiting.len()),
    );
    gauges(
        &mut out,
        "cabinet_build_info",
        "The program that answers; the value is always 1.",
        "version",
        &[(VERSION, 1.0)],
    );
    process(&mut out);
    out
}

fn outbox(core: &Core, waiting: &[Waiting], out: &mut String) {
    let now = core.world.now();
    let counts: Vec<_> = waiting
        .iter()
        .map(|of| (of.channel.as_str(), count(usize::try_from(of.count).unwrap_or(0))))
        .collect();
    gauges(
        out,
        "cabinet_outbox_waiting",
        "Messages that wait to leave.",
        "channel",
        &counts,
    );
    let ages: Vec<_> = waiting
        .iter()
        .map(|of| {
            let seconds = (now.0 - of.oldest.0).max(0) / 1000;
            (of.channel.as_str(), count(usize::try_from(seconds).unwrap_or(0)))
        })
        .collect();
    gauges(
        out,
        "cabinet_outbox_oldest_seconds",
        "How long the oldest of them has waited.",
        "channel",
        &ages,
    );
}

/// Of this process, where the system tells it (Linux).
fn process(out: &mut String) {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    if let Some(kilobytes) = number_after(&status, "VmRSS:") {
        gauge(
            out,
            "process_resident_memory_bytes",
            "Memory in use.",
            kilobytes * 1024.0,
        );
    }
    if let Ok(open) = std::fs::read_dir("/proc/self/fd") {
        gauge(
            out,
            "process_open_fds",
            "Files and sockets open.",
            count(open.count()),
        );
    }
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    if let Some(most) = number_after(&limits, "Max open files") {
        gauge(out, "process_max_fds", "As many may be open.", most);
    }
}

fn number_after(text: &str, name: &str) -> Option<f64> {
    let rest = text.lines().find_map(|line| line.strip_prefix(name))?;
    rest.split_whitespace().next()?.parse().ok()
}

/// Exact far beyond what is counted here.
const fn count(number: usize) -> f64 {
    number as f64
}
