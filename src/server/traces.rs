//! Traces for the operator's collector: spans of requests and of outgoing calls, sent in batches as OTLP over HTTP (JSON) to
//! `{otlp_url}/v1/traces`. A collector that is slow or gone holds nothing up: spans beyond a bound, and batches it doesn't
//! take, are dropped and counted.
//!
//! A module of our own instead of `opentelemetry`, `opentelemetry-otlp` and `tracing-opentelemetry`: these take some fifteen
//! crates in, `tonic` and a second `reqwest` among them, and would send on whatever any crate puts into a span. Here a span
//! holds words of the program, numbers, and the request's id: nothing of a person.

use super::metrics::family::Counter;
use super::world::World;
use super::{Core, VERSION};
use crate::domain::time::Timestamp;
use crate::server::store::applications::hex;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How often spans leave.
const PAUSE: Duration = Duration::from_secs(2);
/// Kept at most until then.
const MOST_KEPT: usize = 8192;
const AT_A_TIME: usize = 512;
const LONGEST_TALK: Duration = Duration::from_secs(5);

/// Which span is under way: W3C's `trace-id` and `parent-id`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Context {
    trace: [u8; 16],
    span: [u8; 8],
}

impl Context {
    /// The header `traceparent` (W3C Trace Context), sampled.
    #[must_use]
    pub fn traceparent(&self) -> String {
        format!("00-{}-{}-01", hex(&self.trace), hex(&self.span))
    }
}

tokio::task_local! {
    static CURRENT: Context;
}

/// Runs this within a span, so that calls it makes are told as parts of it.
pub async fn within<T>(span: Option<&Span>, work: impl Future<Output = T>) -> T {
    match span {
        Some(span) => CURRENT.scope(span.context, work).await,
        None => work.await,
    }
}

/// The same work for a task of its own: it stays within the span that is under way now.
pub fn carried<T>(work: impl Future<Output = T>) -> impl Future<Output = T> {
    let current = CURRENT.try_with(|current| *current).ok();
    async move {
        match current {
            Some(current) => CURRENT.scope(current, work).await,
            None => work.await,
        }
    }
}

/// OTLP's `SpanKind`.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    Server = 2,
    Client = 3,
}

/// What a span may tell.
#[derive(Debug, Clone)]
pub enum Told {
    Word(&'static str),
    Number(u16),
    /// Of a request: random, made by us.
    RequestId(String),
}

type Facts = Vec<(&'static str, Told)>;

/// A span under way.
pub struct Span {
    traces: Arc<Kept>,
    context: Context,
    parent: Option<[u8; 8]>,
    kind: Kind,
    begun_at: Timestamp,
    begun: Instant,
}

impl Span {
    #[must_use]
    pub const fn context(&self) -> Context {
        self.context
    }

    /// Ends it. The name is made of words of the program.
    pub fn end(self, name: [&'static str; 2], facts: Facts, failed: bool) {
        let took = self.begun.elapsed();
        let finished = Finished {
            context: self.context,
            parent: self.parent,
            kind: self.kind,
            begun_at: self.begun_at,
            took,
            name,
            facts,
            failed,
        };
        let mut spans = self.traces.spans();
        if spans.len() < MOST_KEPT {
            spans.push(finished);
        } else {
            self.traces.dropped.count([]);
        }
    }
}

struct Finished {
    context: Context,
    parent: Option<[u8; 8]>,
    kind: Kind,
    begun_at: Timestamp,
    took: Duration,
    name: [&'static str; 2],
    facts: Facts,
    failed: bool,
}

struct Kept {
    url: String,
    world: World,
    /// Tells several servers apart.
    instance: String,
    spans: Mutex<Vec<Finished>>,
    dropped: Counter<0>,
}

impl Kept {
    fn spans(&self) -> MutexGuard<'_, Vec<Finished>> {
        // A push is whole or isn't there.
        self.spans.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Where spans go; nowhere without a collector. Cloned freely.
#[derive(Clone, Default)]
pub struct Traces(Option<Arc<Kept>>);

impl Traces {
    #[must_use]
    pub fn open(otlp_url: Option<&str>, world: &World) -> Self {
        Self(otlp_url.map(|url| {
            Arc::new(Kept {
                url: format!("{}/v1/traces", url.trim_end_matches('/')),
                world: world.clone(),
                instance: world.id(),
                spans: Mutex::default(),
                dropped: Counter::new(
                    "cabinet_spans_dropped_total",
                    "Spans of traces that no collector took.",
                    [],
                ),
            })
        }))
    }

    /// Begins a span, as a part of the one under way if there is one; `None` where nobody collects.
    #[must_use]
    pub fn begin(&self, kind: Kind) -> Option<Span> {
        let traces = self.0.clone()?;
        let current = CURRENT.try_with(|current| *current).ok();
        let world = &traces.world;
        Some(Span {
            context: Context {
                trace: current.map_or_else(|| world.bytes(), |current| current.trace),
                span: world.bytes(),
            },
            parent: current.map(|current| current.span),
            kind,
            begun_at: world.now(),
            begun: Instant::now(),
            traces,
        })
    }

    /// For the metrics.
    pub fn write_dropped(&self, out: &mut String) {
        if let Some(kept) = &self.0 {
            kept.dropped.write(out);
        }
    }
}

/// Sends what has ended until the server stops, and then what is left.
pub async fn export(core: Arc<Core>) {
    let Some(kept) = core.traces.0.clone() else {
        return;
    };
    let mut stopping = core.stopping.clone();
    let mut reachable = true;
    loop {
        let stop = tokio::select! {
            () = tokio::time::sleep(PAUSE) => false,
            // An error means that the server is gone.
            _ = stopping.wait_for(|stop| *stop) => true,
        };
        let taken = send(&core, &kept).await;
        if let Err(why) = &taken
            && reachable
        {
            tracing::warn!(why, "the collector takes no traces: they are dropped");
        }
        reachable = taken.is_ok();
        if stop {
            return;
        }
    }
}

async fn send(core: &Core, kept: &Kept) -> Result<(), String> {
    let spans = std::mem::take(&mut *kept.spans());
    let mut outcome = Ok(());
    for batch in spans.chunks(AT_A_TIME) {
        if outcome.is_ok() {
            let asked = core.http.post(&kept.url).json(&message(kept, batch));
            outcome = match asked.timeout(LONGEST_TALK).send().await {
                Ok(answer) if answer.status().is_success() => Ok(()),
                Ok(answer) => Err(format!("HTTP status {}", answer.status().as_u16())),
                Err(error) => Err(error.without_url().to_string()),
            };
        }
        if outcome.is_err() {
            for _ in batch {
                kept.dropped.count([]);
            }
        }
    }
    outcome
}

/// `ExportTraceServiceRequest` as OTLP 1.0 writes it in JSON: ids in hexadecimal, 64-bit numbers as texts.
fn message(kept: &Kept, spans: &[Finished]) -> Value {
    let text = |key: &str, value: &str| json!({ "key": key, "value": { "stringValue": value } });
    let spans: Vec<Value> = spans.iter().map(span).collect();
    json!({ "resourceSpans": [{
        "resource": { "attributes": [
            text("service.name", "cabinet"),
            text("service.version", VERSION),
            text("service.instance.id", &kept.instance),
        ] },
        "scopeSpans": [{ "scope": { "name": "cabinet" }, "spans": spans }],
    }] })
}

fn span(of: &Finished) -> Value {
    let begun = i128::from(of.begun_at.0) * 1_000_000;
    let ended = begun + i128::try_from(of.took.as_nanos()).unwrap_or(0);
    let facts: Vec<Value> = of
        .facts
        .iter()
        .map(|(key, told)| {
            let value = match told {
                Told::Word(word) => json!({ "stringValue": word }),
                Told::RequestId(id) => json!({ "stringValue": id }),
                Told::Number(number) => json!({ "intValue": number.to_string() }),
            };
            json!({ "key": key, "value": value })
        })
        .collect();
    let mut span = json!({
        "traceId": hex(&of.context.trace),
        "spanId": hex(&of.context.span),
        "name": of.name.join(" "),
        "kind": of.kind as u8,
        "startTimeUnixNano": begun.to_string(),
        "endTimeUnixNano": ended.to_string(),
        "attributes": facts,
        // Unset or error.
        "status": { "code": if of.failed { 2 } else { 0 } },
    });
    if let Some(parent) = of.parent {
        span["parentSpanId"] = hex(&parent).into();
    }
    span
}
