//! What an operator sees of a whole day in the demo: metrics, traces, and the doctor among systems that answer.

use super::*;
use axum::extract::State;
use axum::routing::post;
use axum::{Json, Router};
use cabinet::domain::time::Timestamp;
use cabinet::server::doctor::{self, Level, Report};
use cabinet::server::world::{Clock, SystemClock, SystemRandom, World};
use std::sync::{Arc, Mutex};
use std::time::Duration;

async fn metrics(demo: &Demo) -> String {
    let url = format!("http://{}/metrics", demo.metrics_address().unwrap());
    reqwest::get(url).await.unwrap().text().await.unwrap()
}

/// The value of one series; nothing counted is nought.
fn value(metrics: &str, series: &str) -> f64 {
    let of = |line: &str| line.strip_prefix(series)?.strip_prefix(' ')?.parse().ok();
    metrics.lines().find_map(of).unwrap_or(0.0)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_is_counted_and_nobody_is_named() {
    let (demo, _folder) =
        demo_with(|config| config.metrics_listen = Some("127.0.0.1:0".parse().unwrap())).await;
    for (key, status) in [
        ("erlan-gost", 200),
        ("aliya-org", 422),
        ("aliya-revoked", 422),
        ("zhanar-gost", 404),
    ] {
        let (answered, answer) = Browser::at(&demo).sign_in_with_key(&demo, key).await;
        assert_eq!(answered, status, "{key}: {answer}");
    }
    let mut browser = Browser::at(&demo);
    by_password(&demo, &mut browser, ALIYA).await;
    let draft = browser.draft().await;
    let frozen = browser.frozen(&draft).await;
    let (refused, _) = browser.sign(&demo, &draft, &frozen, "erlan-gost").await;
    assert_eq!(refused, 422, "another person's key");
    let (signed, receipt) = browser.sign(&demo, &draft, &frozen, "aliya-gost").await;
    assert_eq!(signed, 200, "{receipt}");
    // Letters and the event leave by themselves.
    let mut text = String::new();
    for _ in 0..100 {
        text = metrics(&demo).await;
        let left = ["sms", "smtp", "webhook"].map(|system| {
            value(
                &text,
                &format!("cabinet_outgoing_seconds_count{{system=\"{system}\",outcome=\"ok\"}}"),
            )
        });
        if left.iter().all(|sent| *sent > 0.0) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    for (series, times) in [
        ("cabinet_sign_ins_total{way=\"eds\",outcome=\"in\"}", 1.0),
        ("cabinet_sign_ins_total{way=\"eds\",outcome=\"signature\"}", 2.0),
        (
            "cabinet_sign_ins_total{way=\"eds\",outcome=\"unknown_person\"}",
            1.0,
        ),
        ("cabinet_sign_ins_total{way=\"password\",outcome=\"in\"}", 1.0),
        (
            "cabinet_signatures_refused_total{purpose=\"sign_in\",code=\"organisation\"}",
            1.0,
        ),
        (
            "cabinet_signatures_refused_total{purpose=\"sign_in\",code=\"revoked\"}",
            1.0,
        ),
        (
            "cabinet_signatures_refused_total{purpose=\"document\",code=\"another_person\"}",
            1.0,
        ),
        ("cabinet_applications_signed_total{way=\"eds\"}", 1.0),
        (
            "cabinet_request_seconds_count{route=\"/api/signing/eds\",method=\"POST\",status=\"2xx\"}",
            1.0,
        ),
        (
            "cabinet_request_seconds_count{route=\"/api/signing/eds\",method=\"POST\",status=\"4xx\"}",
            1.0,
        ),
    ] {
        assert_eq!(value(&text, series), times, "{series} in {text}");
    }
    for system in ["gbd_fl", "ocsp", "crl", "sms", "smtp", "webhook"] {
        let series = format!("cabinet_outgoing_seconds_count{{system=\"{system}\",outcome=\"ok\"}}");
        assert!(value(&text, &series) > 0.0, "{series} in {text}");
    }
    control(&demo, "gbdfl", json!({ "mode": "http500" })).await;
    let mut other = Browser::at(&demo);
    other.sign_in_with_key(&demo, "erlan-gost").await;
    assert_eq!(other.open_draft().await.0, 503);
    let after = metrics(&demo).await;
    assert!(
        value(
            &after,
            "cabinet_outgoing_seconds_count{system=\"gbd_fl\",outcome=\"failed\"}"
        ) > 0.0,
        "{after}"
    );
    for person in demo.people.iter() {
        assert!(!after.contains(person.iin().digits()), "an IIN in {after}");
    }
    assert!(
        !after.contains(draft["application"].as_str().unwrap()),
        "an id in {after}"
    );
    // What grows with what is asked would grow without end.
    let series = after.lines().filter(|line| !line.starts_with('#')).count();
    assert!(series < 2000, "{series}");
    demo.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_are_told_as_parts_of_the_request_they_were_made_for() {
    let taken: Arc<Mutex<Vec<Value>>> = Arc::default();
    let take = |State(taken): State<Arc<Mutex<Vec<Value>>>>, Json(message): Json<Value>| async move {
        taken.lock().unwrap().push(message);
    };
    let app = Router::new()
        .route("/v1/traces", post(take))
        .with_state(taken.clone());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, app).await });
    let (demo, _folder) = demo_with(|config| config.otlp_url = Some(url)).await;
    let (status, answer) = Browser::at(&demo).sign_in_with_key(&demo, "erlan-gost").await;
    assert_eq!(status, 200, "{answer}");
    // What is left leaves at the stop.
    demo.stop().await;
    let messages = taken.lock().unwrap().clone();
    let spans: Vec<&Value> = messages
        .iter()
        .flat_map(|message| {
            message["resourceSpans"][0]["scopeSpans"][0]["spans"]
                .as_array()
                .unwrap()
        })
        .collect();
    let named = |name: &str| {
        let found = spans.iter().find(|span| span["name"] == name);
        *found.unwrap_or_else(|| panic!("{name} in {spans:?}"))
    };
    let (request, call) = (named("POST /api/accounts/eds_sign_in"), named("call ocsp"));
    assert_eq!(call["parentSpanId"], request["spanId"]);
    assert_eq!(call["traceId"], request["traceId"]);
    assert_eq!(call["kind"], 3);
    assert!(request.get("parentSpanId").is_none());
    assert!(
        named("call crl").get("parentSpanId").is_none(),
        "a worker's call stands alone"
    );
}

struct Ahead(i64);

impl Clock for Ahead {
    fn now(&self) -> Timestamp {
        SystemClock.now().plus_seconds(self.0)
    }
}

async fn examined(demo: &Demo, ahead_seconds: i64) -> Report {
    let world = World {
        clock: Arc::new(Ahead(ahead_seconds)),
        random: Arc::new(SystemRandom),
    };
    doctor::examine(&demo.core().config, &world, false).await
}

fn level(report: &Report, subject: &str) -> Level {
    let of = report
        .findings
        .iter()
        .filter(|finding| finding.subject == subject);
    of.map(|finding| finding.level)
        .max()
        .unwrap_or_else(|| panic!("{subject} in {report}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_finds_a_working_cabinet_in_order_and_leaves_no_trace() {
    let (demo, _folder) = demo().await;
    let report = examined(&demo, 0).await;
    for subject in [
        "settings",
        "clock",
        "authorities",
        "database",
        "gbd_fl.url",
        "ocsp_url",
        "crl_urls",
        "kazpost_url",
        "sms.url",
        "smtp.url",
        "webhook.url",
    ] {
        // The national test authorities end one day, and are told of.
        let expected = if subject == "authorities" {
            Level::Warning
        } else {
            Level::Ok
        };
        assert!(level(&report, subject) <= expected, "{subject}: {report}");
    }
    let inbox = reqwest::get(format!("{}/inbox/messages.json", demo.outside_url))
        .await
        .unwrap();
    assert_eq!(
        inbox.json::<Value>().await.unwrap(),
        json!([]),
        "no message was sent"
    );
    control(&demo, "crl", json!({ "mode": "down" })).await;
    assert_eq!(level(&examined(&demo, 0).await, "crl_urls"), Level::Fault);
    control(&demo, "crl", json!({ "mode": "stale" })).await;
    assert_eq!(level(&examined(&demo, 0).await, "crl_urls"), Level::Fault);
    control(&demo, "crl", json!({ "mode": "ok" })).await;
    let late = examined(&demo, -3600).await;
    assert_eq!(level(&late, "clock"), Level::Fault, "{late}");
    assert!(!late.ok);
    demo.stop().await;
}
