//! Events on their way to the Fund's own systems: the receiver that is down, that hangs, that answers too late.

use crate::house::{House, until};
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use cabinet::server::config::{Secret, Sms, Webhook};
use cabinet::server::outbox::{Channel, Message, insert};
use cabinet::server::store::Database;
use cabinet::server::world::World;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use std::sync::{Arc, Mutex};
use std::time::Duration;

const SECRET: &str = "known to both of them";
const BODY: &str = r#"{"id":"EEEEEEEEEEEEEEEEEEEEEE","iin":"990101390009"}"#;

/// What the receiver does with the next event, and then takes all.
#[derive(Clone, Copy, PartialEq)]
enum Next {
    Answer(u16),
    /// Longer than anybody waits here.
    Hang,
}

struct Receiver {
    told: Mutex<Vec<(HeaderMap, String)>>,
    script: Mutex<Vec<Next>>,
}

impl Receiver {
    fn count(&self) -> usize {
        self.told.lock().unwrap().len()
    }
}

async fn take(State(receiver): State<Arc<Receiver>>, headers: HeaderMap, body: String) -> StatusCode {
    receiver.told.lock().unwrap().push((headers, body));
    let next = {
        let mut script = receiver.script.lock().unwrap();
        if script.is_empty() {
            Next::Answer(204)
        } else {
            script.remove(0)
        }
    };
    match next {
        Next::Answer(status) => StatusCode::from_u16(status).unwrap(),
        Next::Hang => {
            tokio::time::sleep(Duration::from_secs(60)).await;
            StatusCode::OK
        }
    }
}

async fn receiver(script: &[Next]) -> (String, Arc<Receiver>) {
    let receiver = Arc::new(Receiver {
        told: Mutex::default(),
        script: Mutex::new(script.to_vec()),
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/events", listener.local_addr().unwrap());
    let app = Router::new()
        .route("/events", post(take))
        .route("/sms", post(take))
        .with_state(receiver.clone());
    tokio::spawn(async move { axum::serve(listener, app).await });
    (url, receiver)
}

async fn house(url: String) -> House {
    House::with(
        |config| {
            config.sms = Some(Sms {
                url: url.replace("/events", "/sms"),
                token: Secret::new("let me"),
            });
            config.webhook = Some(Webhook {
                url,
                secret: Secret::new(SECRET),
            });
        },
        |_| {},
    )
    .await
}

async fn put(house: &House, channel: Channel) {
    let file = house.folder.path().join("data/cabinet.sqlite");
    let store = Database::open(&file, World::system()).await.unwrap();
    let mut tx = store.write().await.unwrap();
    let (id, recipient) = match channel {
        Channel::Webhook => ("EEEEEEEEEEEEEEEEEEEEEE", ""),
        _ => ("SSSSSSSSSSSSSSSSSSSSSS", "+77010000001"),
    };
    let message = Message {
        id,
        channel,
        recipient,
        subject: "requisites.changed",
        body: BODY,
        at: house.running.core.world.now(),
        expires_at: None,
    };
    insert(&mut tx, message).await.unwrap();
    tx.commit().await.unwrap();
}

/// What a receiver should do: the signature is of this very body, by this secret.
fn is_signed(headers: &HeaderMap, body: &str) -> bool {
    let signature = headers["cabinet-signature"].to_str().unwrap();
    let (time, mac) = signature.split_once(",v1=").unwrap();
    let mut expected = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    expected.update(format!("{}.{body}", time.strip_prefix("t=").unwrap()).as_bytes());
    let mac: Vec<u8> = (0..mac.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&mac[at..at + 2], 16).unwrap())
        .collect();
    expected.verify_slice(&mac).is_ok()
}

#[tokio::test]
async fn an_event_is_told_signed_and_once() {
    let (url, receiver) = receiver(&[]).await;
    let house = house(url).await;
    put(&house, Channel::Webhook).await;
    until("the event arrives", || receiver.count() == 1).await;
    tokio::time::sleep(Duration::from_millis(1200)).await;
    let told = receiver.told.lock().unwrap().clone();
    assert_eq!(told.len(), 1);
    let (headers, body) = &told[0];
    assert_eq!(body, BODY);
    assert_eq!(headers["content-type"], "application/json");
    assert_eq!(headers["cabinet-event"], "requisites.changed");
    assert_eq!(headers["idempotency-key"], "EEEEEEEEEEEEEEEEEEEEEE");
    assert!(is_signed(headers, body));
    assert!(!is_signed(headers, "{}"));
}

#[tokio::test]
async fn a_receiver_that_is_down_or_refuses_hears_the_same_event_later() {
    // An answer that is lost after the event was taken looks the same from here: the id tells the receiver.
    let script = [503, 401, 404, 302].map(Next::Answer);
    let (url, receiver) = receiver(&script).await;
    let house = house(url).await;
    put(&house, Channel::Webhook).await;
    until("five tries", || {
        house.clock.advance_seconds(1);
        receiver.count() == 5
    })
    .await;
    house.clock.advance_seconds(100_000);
    tokio::time::sleep(Duration::from_millis(1200)).await;
    let told = receiver.told.lock().unwrap().clone();
    assert_eq!(told.len(), 5, "taken, it is told no more");
    for (headers, body) in &told {
        assert_eq!(headers["idempotency-key"], "EEEEEEEEEEEEEEEEEEEEEE");
        assert_eq!(body, BODY);
        assert!(is_signed(headers, body));
    }
}

#[tokio::test]
async fn a_receiver_that_hangs_holds_no_message_to_a_person_up() {
    let (url, receiver) = receiver(&[Next::Hang]).await;
    let house = house(url).await;
    put(&house, Channel::Webhook).await;
    until("the event arrives", || receiver.count() == 1).await;
    put(&house, Channel::Sms).await;
    until("the message arrives", || receiver.count() == 2).await;
    let told = receiver.told.lock().unwrap().clone();
    assert_eq!(told[1].0["idempotency-key"], "SSSSSSSSSSSSSSSSSSSSSS");
}
