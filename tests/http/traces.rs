//! Traces on their way to a collector: what they tell, to whom they are passed on, and a collector that is gone.

use crate::events::{Next, put, receiver};
use crate::house::{ALIYA, House, NOBODY, until};
use axum::extract::State;
use axum::routing::post;
use axum::{Json, Router};
use cabinet::server::config::{Secret, Sms, Webhook};
use cabinet::server::outbox::Channel;
use serde_json::Value;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

type Taken = Arc<Mutex<Vec<Value>>>;

async fn collector() -> (String, Taken) {
    let taken = Taken::default();
    let take = |State(taken): State<Taken>, Json(message): Json<Value>| async move {
        let spans = message["resourceSpans"][0]["scopeSpans"][0]["spans"]
            .as_array()
            .unwrap();
        taken.lock().unwrap().extend(spans.clone());
        Json(serde_json::json!({}))
    };
    let app = Router::new()
        .route("/v1/traces", post(take))
        .with_state(taken.clone());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, app).await });
    (url, taken)
}

fn fact<'a>(span: &'a Value, key: &str) -> &'a Value {
    let facts = span["attributes"].as_array().unwrap();
    let found = facts.iter().find(|fact| fact["key"] == key);
    &found.unwrap_or_else(|| panic!("{key} in {span}"))["value"]
}

#[tokio::test]
async fn t35_a_request_is_told_by_its_route_status_and_id_alone() {
    let (url, taken) = collector().await;
    let house = House::with(|config| config.otlp_url = Some(url), |_| {}).await;
    let refused = house.try_password(NOBODY, "secret password").await;
    let secret = "dGhpcyBpcyBhIHNlY3JldCBvZiBhIHNlc3Npb24uLi4";
    house
        .send(house.request("GET", &format!("/s/{secret}/mgovSign?iin={ALIYA}")))
        .await;
    house.send(house.request("GET", "/healthz")).await;
    until("spans arrive", || taken.lock().unwrap().len() >= 2).await;
    let spans = taken.lock().unwrap().clone();
    let names: Vec<_> = spans.iter().map(|span| span["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["POST /api/accounts/sign_in", "GET /s/{link}/mgovSign"]);
    let span = &spans[0];
    assert_eq!(fact(span, "http.route")["stringValue"], "/api/accounts/sign_in");
    assert_eq!(fact(span, "http.response.status_code")["intValue"], "401");
    let id = refused.headers["x-request-id"].to_str().unwrap();
    assert_eq!(fact(span, "cabinet.request_id")["stringValue"], id);
    assert_eq!(span["traceId"].as_str().unwrap().len(), 32);
    assert_eq!(span["spanId"].as_str().unwrap().len(), 16);
    assert_eq!((&span["kind"], &span["status"]["code"]), (&2.into(), &0.into()));
    let at = |name: &str| span[name].as_str().unwrap().parse::<u128>().unwrap();
    assert!(at("startTimeUnixNano") < at("endTimeUnixNano"));
    let everything = serde_json::to_string(&spans).unwrap();
    for what in [NOBODY, ALIYA, secret, "secret password"] {
        assert!(!everything.contains(what), "{what} in {everything}");
    }
}

#[tokio::test]
async fn only_our_own_system_is_told_which_trace_a_call_belongs_to() {
    let (url, taken) = collector().await;
    let (office, told) = receiver(&[] as &[Next]).await;
    let house = House::with(
        |config| {
            config.otlp_url = Some(url);
            config.sms = Some(Sms {
                url: office.replace("/events", "/sms"),
                token: Secret::new("let me"),
            });
            config.webhook = Some(Webhook {
                url: office,
                secret: Secret::new("known to both of them"),
            });
        },
        |_| {},
    )
    .await;
    put(&house, Channel::Webhook).await;
    put(&house, Channel::Sms).await;
    until("both arrive", || told.told.lock().unwrap().len() == 2).await;
    until("both are told of", || taken.lock().unwrap().len() == 2).await;
    let spans = taken.lock().unwrap().clone();
    let webhook = spans.iter().find(|span| span["name"] == "call webhook").unwrap();
    assert_eq!(fact(webhook, "cabinet.outcome")["stringValue"], "ok");
    let parts = [
        "00",
        webhook["traceId"].as_str().unwrap(),
        webhook["spanId"].as_str().unwrap(),
        "01",
    ];
    for (headers, _) in told.told.lock().unwrap().iter() {
        let passed_on = headers.get("traceparent").map(|value| value.to_str().unwrap());
        let is_event = headers.contains_key("cabinet-event");
        assert_eq!(passed_on, is_event.then_some(parts.join("-").as_str()));
    }
}

#[tokio::test]
async fn a_collector_that_is_gone_or_hangs_holds_nothing_up() {
    let gone = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let gone_url = format!("http://{}", gone.local_addr().unwrap());
    drop(gone);
    // Connections are made by the system; nobody ever reads them.
    let hangs = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let hangs_url = format!("http://{}", hangs.local_addr().unwrap());
    for url in [gone_url, hangs_url] {
        let house = House::with(
            |config| {
                config.otlp_url = Some(url);
                config.metrics_listen = Some("127.0.0.1:0".parse().unwrap());
            },
            |_| {},
        )
        .await;
        let begun = Instant::now();
        for _ in 0..30 {
            assert_eq!(house.send(house.request("GET", "/")).await.status, 200);
        }
        assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
        let address = house.running.metrics_address.unwrap();
        let mut dropped = 0.0;
        for _ in 0..100 {
            let metrics = reqwest::get(format!("http://{address}/metrics")).await.unwrap();
            let metrics = metrics.text().await.unwrap();
            let counted = metrics
                .lines()
                .find_map(|line| line.strip_prefix("cabinet_spans_dropped_total "));
            dropped = counted.map_or(0.0, |counted| counted.parse().unwrap());
            if dropped >= 30.0 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        assert!(dropped >= 30.0, "{dropped}");
        house.running.stop();
        let ended = tokio::time::timeout(Duration::from_secs(10), house.running.join());
        assert!(ended.await.is_ok(), "it stops all the same");
    }
}
