//! The client against the simulator and against answers no client should stumble over, over HTTP.

use super::*;
use crate::demo::kazpost::{self, Mode};
use crate::server::fixture::world;
use axum::http::StatusCode;
use std::sync::atomic::{AtomicUsize, Ordering};

const KNOWN: &str = "Теміртау қаласы, Бейбітшілік даңғылы, 14/2";

async fn listening(app: axum::Router) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, app).await });
    url
}

fn client(url: &str) -> ApiPostKz {
    let _ = rustls::crypto::ring::default_provider().install_default();
    ApiPostKz::new(url, Outgoing::for_tests()).unwrap()
}

async fn answered(status: u16, body: String) -> Result<Vec<Indexed>, KazpostTrouble> {
    let status = StatusCode::from_u16(status).unwrap();
    let app = axum::Router::new().fallback(move || async move { (status, body) });
    client(&listening(app).await).by_address(KNOWN).await
}

#[tokio::test]
async fn an_address_has_its_indexes_and_an_empty_item_none() {
    let simulator = kazpost::Kazpost::default();
    let url = listening(simulator.clone().router()).await;
    for url in [url.clone(), format!("{url}/")] {
        let found = client(&url).by_address(KNOWN).await.unwrap();
        let codes: Vec<&str> = found.iter().map(|one| one.postcode.as_str()).collect();
        assert_eq!(codes, ["M03A5B9", "101400"]);
        assert!(found[0].address(Lang::Kk).contains("Бейбітшілік"));
        assert!(found[0].address(Lang::Ru).contains("Бейбитшилик"));
        assert_eq!(
            found[1].address(Lang::Kk),
            found[1].address(Lang::Ru),
            "in Russian alone"
        );
    }
    assert_eq!(client(&url).by_address("Атлантида").await, Ok(Vec::new()));
    assert_eq!(client(&url).by_address("a/../b?c#d").await, Ok(Vec::new()));
    simulator.behave(Mode::Down);
    assert_eq!(
        client(&url).by_address(KNOWN).await,
        Err(KazpostTrouble::Http(503))
    );
    simulator.behave(Mode::Slow);
    assert_eq!(
        client(&url).by_address(KNOWN).await,
        Err(KazpostTrouble::Unreachable)
    );
}

#[tokio::test]
async fn an_answer_of_another_shape_is_a_trouble_and_odd_items_are_passed_over() {
    assert_eq!(answered(200, "<html>".into()).await, Err(KazpostTrouble::Shape));
    assert_eq!(answered(200, "{}".into()).await, Err(KazpostTrouble::Shape));
    assert_eq!(answered(404, String::new()).await, Err(KazpostTrouble::Http(404)));
    let long = "а".repeat(MAX_BYTES);
    assert_eq!(answered(200, long).await, Err(KazpostTrouble::TooLarge));
    let item = |code: &str, address: &str| serde_json::json!({ "postcode": code, "addressRus": address, "fullAddress": null });
    let many: Vec<_> = (0..20)
        .map(|house| item(&format!("1014{house:02}"), "г. Темиртау"))
        .collect();
    let body = serde_json::json!({ "data": many, "total": 20, "from": 0 });
    assert_eq!(answered(200, body.to_string()).await.unwrap().len(), MOST_FOUND);
    let odd = [
        item("12", "г. Темиртау"),
        item("101400", ""),
        item("101400", "г.\u{7}Темиртау"),
        item("101400", &"а".repeat(LONGEST_ADDRESS + 1)),
        serde_json::json!({}),
    ];
    let body = serde_json::json!({ "data": odd });
    assert_eq!(answered(200, body.to_string()).await, Ok(Vec::new()));
}

struct Failing(AtomicUsize);

#[async_trait::async_trait]
impl PostalDirectory for Failing {
    async fn by_address(&self, address: &str) -> Result<Vec<Indexed>, KazpostTrouble> {
        self.0.fetch_add(1, Ordering::SeqCst);
        match address {
            "known" => Ok(Vec::new()),
            _ => Err(KazpostTrouble::Http(500)),
        }
    }
}

#[tokio::test]
async fn after_failures_nobody_asks_for_a_minute_and_an_answer_is_remembered() {
    let (world, clock) = world();
    let failing = Arc::new(Failing(AtomicUsize::new(0)));
    let kazpost = Kazpost::new(Some(failing.clone()), world);
    for _ in 0..2 {
        assert!(kazpost.suggest("known").await.is_empty());
    }
    assert_eq!(failing.0.load(Ordering::SeqCst), 1, "remembered");
    for _ in 0..10 {
        assert!(kazpost.suggest("unknown").await.is_empty());
    }
    assert_eq!(failing.0.load(Ordering::SeqCst), 4, "it rests");
    clock.advance_seconds(REST_SECONDS);
    assert!(kazpost.suggest("unknown").await.is_empty());
    assert_eq!(failing.0.load(Ordering::SeqCst), 5);
}

#[tokio::test]
async fn where_it_isnt_connected_nobody_is_asked() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let (world, _) = world();
    let kazpost = Kazpost::open(None, &Outgoing::for_tests(), &world);
    assert!(kazpost.suggest(KNOWN).await.is_empty());
}
