//! What leaves the outbox, and when.

use crate::house::{House, until};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use axum::{Json, Router};
use cabinet::domain::time::Timestamp;
use cabinet::server::config::{Secret, Sms};
use cabinet::server::outbox::{Channel, Message, insert};
use cabinet::server::store::Database;
use cabinet::server::world::World;
use serde_json::Value;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A gateway that answers with these statuses in turn, then with 202, and remembers what it was told.
struct Gateway {
    told: Mutex<Vec<(String, Value)>>,
    answers: Mutex<Vec<u16>>,
}

async fn gateway(answers: &[u16]) -> (String, Arc<Gateway>) {
    let gateway = Arc::new(Gateway {
        told: Mutex::default(),
        answers: Mutex::new(answers.to_vec()),
    });
    let take = |State(gateway): State<Arc<Gateway>>, headers: HeaderMap, Json(body): Json<Value>| async move {
        assert_eq!(headers["authorization"], "Bearer let me");
        let key = headers["idempotency-key"].to_str().unwrap().to_owned();
        gateway.told.lock().unwrap().push((key, body));
        let mut answers = gateway.answers.lock().unwrap();
        let status = if answers.is_empty() {
            202
        } else {
            answers.remove(0)
        };
        StatusCode::from_u16(status).unwrap()
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/sms", listener.local_addr().unwrap());
    let app = Router::new()
        .route("/sms", post(take))
        .with_state(gateway.clone());
    tokio::spawn(async move { axum::serve(listener, app).await });
    (url, gateway)
}

async fn house(url: String) -> House {
    House::with(
        |config| {
            config.sms = Some(Sms {
                url,
                token: Secret::new("let me"),
            });
        },
        |_| {},
    )
    .await
}

async fn put(house: &House, id: &str, expires_at: Option<Timestamp>) {
    let file = house.folder.path().join("data/cabinet.sqlite");
    let store = Database::open(&file, World::system()).await.unwrap();
    let mut tx = store.write().await.unwrap();
    let message = Message {
        id,
        channel: Channel::Sms,
        recipient: "+77010000001",
        subject: "",
        body: "Қабылданды",
        at: house.running.core.world.now(),
        expires_at,
    };
    insert(&mut tx, message).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_message_is_sent_once_with_its_id() {
    let (url, gateway) = gateway(&[]).await;
    let house = house(url).await;
    put(&house, "AAAAAAAAAAAAAAAAAAAAAA", None).await;
    until("the message arrives", || !gateway.told.lock().unwrap().is_empty()).await;
    tokio::time::sleep(Duration::from_millis(1200)).await;
    let told = gateway.told.lock().unwrap().clone();
    assert_eq!(told.len(), 1);
    let (key, body) = &told[0];
    assert_eq!(key, "AAAAAAAAAAAAAAAAAAAAAA");
    assert_eq!(body["id"], *key);
    assert_eq!(
        (body["to"].as_str(), body["text"].as_str()),
        (Some("+77010000001"), Some("Қабылданды"))
    );
    let bytes = house.database_bytes();
    assert!(
        bytes.windows(12).any(|window| window == b"message.sent"),
        "the audit tells of it"
    );
}

#[tokio::test]
async fn a_busy_gateway_is_asked_again_with_the_same_id_and_a_refusal_ends_it() {
    let (url, gateway) = gateway(&[503, 400]).await;
    let house = house(url).await;
    put(&house, "BBBBBBBBBBBBBBBBBBBBBB", None).await;
    until("a first try", || gateway.told.lock().unwrap().len() == 1).await;
    until("a second try", || {
        house.clock.advance_seconds(1);
        gateway.told.lock().unwrap().len() == 2
    })
    .await;
    house.clock.advance_seconds(100_000);
    tokio::time::sleep(Duration::from_millis(1200)).await;
    let told = gateway.told.lock().unwrap().clone();
    assert_eq!(told.len(), 2, "a refused message isn't tried again");
    assert_eq!(told[0].0, told[1].0);
}

#[tokio::test]
async fn what_came_too_late_is_never_sent() {
    let (url, gateway) = gateway(&[]).await;
    let house = house(url).await;
    put(&house, "CCCCCCCCCCCCCCCCCCCCCC", Some(Timestamp(1))).await;
    put(&house, "DDDDDDDDDDDDDDDDDDDDDD", None).await;
    until("the other message arrives", || {
        !gateway.told.lock().unwrap().is_empty()
    })
    .await;
    tokio::time::sleep(Duration::from_millis(700)).await;
    let told = gateway.told.lock().unwrap().clone();
    assert_eq!(
        told.iter().map(|(key, _)| key.as_str()).collect::<Vec<_>>(),
        ["DDDDDDDDDDDDDDDDDDDDDD"]
    );
}
