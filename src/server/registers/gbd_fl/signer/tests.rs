//! Against a stand-in for NCANode on loopback, and the demo's register behind it: what isn't signed never gets there.

use super::*;
use crate::demo::clock::DemoClock;
use crate::demo::gbd_fl::{GbdFl as Simulator, SENDER_ID, SENDER_PASSWORD, SERVICE_ID};
use crate::demo::people::everybody;
use crate::domain::iin::Iin;
use crate::server::fixture::world;
use crate::server::registers::gbd_fl::{Endpoint, ShepGbdFl};
use crate::server::registers::{GbdFl as _, RegisterTrouble};
use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use serde_json::Value;
use std::sync::{Arc, Mutex};

const HEADER: &str = "<soapenv:Header><wsse:Security xmlns:wsse=\"urn:wsse\"><ds:Signature xmlns:ds=\"urn:ds\">\
    <ds:SignedInfo/><ds:SignatureValue>c2lnbmVk</ds:SignatureValue></ds:Signature></wsse:Security></soapenv:Header>";

/// What the stand-in makes of the envelope.
type Reply = fn(&str) -> (u16, Value);

fn signed(envelope: &str) -> String {
    let body = "<soapenv:Body>";
    envelope.replacen(
        body,
        &format!("{HEADER}<soapenv:Body wsu:Id=\"b\" xmlns:wsu=\"urn:wsu\">"),
        1,
    )
}

fn ok(xml: &str) -> (u16, Value) {
    (200, json!({ "status": 200, "message": "OK", "xml": xml }))
}

struct Scene {
    client: ShepGbdFl,
    register: Simulator,
    questions: Arc<Mutex<Vec<Value>>>,
}

async fn listening(app: axum::Router) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, app).await });
    url
}

async fn scene(reply: Reply) -> Scene {
    let questions = Arc::new(Mutex::new(Vec::new()));
    let noted = questions.clone();
    let sign = move |Json(question): Json<Value>| {
        let envelope = question["xml"].as_str().unwrap_or_default().to_owned();
        noted.lock().unwrap().push(question);
        async move {
            let (status, answer) = reply(&envelope);
            let status = StatusCode::from_u16(status).unwrap();
            let answer: Response = (status, Json(answer)).into_response();
            answer
        }
    };
    let app = axum::Router::new().route("/wsse/sign", axum::routing::post(sign));
    let url = listening(app).await;
    Scene {
        questions,
        ..behind(&url).await
    }
}

/// A client whose signer is at this address.
async fn behind(url: &str) -> Scene {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let (world, _) = world();
    let clock = DemoClock::over({
        let world = world.clone();
        move || world.now()
    });
    let register = Simulator::new(Arc::new(everybody()), clock);
    let endpoint = Endpoint {
        url: listening(register.clone().router()).await,
        service_id: SERVICE_ID.to_owned(),
        sender_id: SENDER_ID.to_owned(),
        sender_password: Secret::new(SENDER_PASSWORD),
        time_out: Duration::from_secs(4),
    };
    let folder = tempfile::tempdir().unwrap();
    let key = folder.path().join("key.p12");
    std::fs::write(&key, b"a key").unwrap();
    let settings = GbdFlSigner {
        url: format!("{url}/"),
        key,
        password: Secret::new("of the key"),
    };
    let http = Outgoing::for_tests();
    let signer = NcaNode::open(&settings, http.clone()).unwrap();
    Scene {
        client: ShepGbdFl::new(endpoint, http, world, Some(Box::new(signer))),
        register,
        questions: Arc::default(),
    }
}

impl Scene {
    async fn ask(&self) -> Result<(), RegisterTrouble> {
        let erlan = Iin::typed("850412390011").unwrap();
        self.client.person(&erlan).await.map(|_| ())
    }
}

#[tokio::test]
async fn a_signed_question_gets_its_answer() {
    let scene = scene(|envelope| ok(&signed(envelope))).await;
    assert_eq!(scene.ask().await, Ok(()));
    assert_eq!(scene.register.asked(), 1);
    let questions = scene.questions.lock().unwrap().clone();
    assert_eq!(questions.len(), 1);
    assert_eq!(questions[0]["key"], STANDARD.encode(b"a key"));
    assert_eq!(questions[0]["password"], "of the key");
    let Some(file) = crate::samples::text("frames/ncanode_v3_openapi.json") else {
        return;
    };
    let api: Value = serde_json::from_str(&file).unwrap();
    assert!(api["paths"]["/wsse/sign"]["post"].is_object());
    let schema = &api["components"]["schemas"]["WsseSignRequest"];
    for name in questions[0].as_object().unwrap().keys() {
        assert!(schema["properties"][name].is_object(), "{name}");
    }
    for name in schema["required"].as_array().unwrap() {
        assert!(questions[0][name.as_str().unwrap()].is_string(), "{name}");
    }
}

#[tokio::test]
async fn what_isnt_signed_or_isnt_ours_is_not_sent() {
    let cases: [(Reply, Unsigned); 7] = [
        (|envelope| ok(envelope), Unsigned::NoSignature),
        (
            |envelope| ok(&signed(envelope).replace("c2lnbmVk", "")),
            Unsigned::NoSignature,
        ),
        (
            |envelope| ok(&signed(envelope).replace("850412390011", "990101390009")),
            Unsigned::AnotherBody,
        ),
        (|_| ok("<html/>"), Unsigned::AnotherBody),
        (|_| ok("no XML"), Unsigned::Shape),
        (|_| (200, json!({ "status": 200 })), Unsigned::Shape),
        (
            |_| (400, json!({ "status": 400, "message": "wrong password" })),
            Unsigned::Status(400),
        ),
    ];
    for (reply, expected) in cases {
        let scene = scene(reply).await;
        assert_eq!(scene.ask().await, Err(RegisterTrouble::Unsigned(expected)));
        assert_eq!(scene.register.asked(), 0);
    }
}

#[tokio::test]
async fn a_signer_that_isnt_there_or_hangs_lets_nothing_through() {
    // Nothing listens on the discard port.
    let absent = behind("http://127.0.0.1:9").await;
    let unreachable = Err(RegisterTrouble::Unsigned(Unsigned::Unreachable));
    assert_eq!(absent.ask().await, unreachable);
    assert_eq!(absent.register.asked(), 0);
    let app = axum::Router::new().fallback(|| async { tokio::time::sleep(Duration::from_secs(60)).await });
    let hanging = behind(&listening(app).await).await;
    assert_eq!(hanging.ask().await, unreachable);
    assert_eq!(hanging.register.asked(), 0);
}

#[test]
fn a_key_that_cant_be_read_is_told_by_its_file() {
    let settings = GbdFlSigner {
        url: "http://127.0.0.1:14579".to_owned(),
        key: "/nowhere/key.p12".into(),
        password: Secret::new(""),
    };
    let _ = rustls::crypto::ring::default_provider().install_default();
    let opened = NcaNode::open(&settings, Outgoing::for_tests());
    assert_eq!(opened.err().map(|(file, _)| file), Some(settings.key));
}
