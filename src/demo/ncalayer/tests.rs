//! The simulator over real sockets: against the client's own talk, against the recorded exchanges, and by hand.

use super::*;
use crate::demo::authority::{TestAuthority, instant};
use crate::demo::clock::DemoClock;
use crate::demo::people;
use crate::domain::lang::Lang;
use crate::domain::time::Timestamp;
use crate::pki::{self, Anchors, Content};
use crate::server::world::SystemRandom;
use crate::wire::ncalayer::{Chain, FrameError, Purpose, SignRequest, Talk, Trouble, Turn};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::{Arc, LazyLock};
use std::time::Duration;
use tower::ServiceExt as _;
use tungstenite::protocol::WebSocketConfig;
use tungstenite::{Message, WebSocket};

const DOCUMENT: &[u8] = b"The document";

/// Minted once: it takes a while.
static AUTHORITY: LazyLock<Arc<TestAuthority>> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let outside = "http://127.0.0.1:8081";
    Arc::new(
        TestAuthority::open(
            folder.path(),
            &people::everybody(),
            outside,
            &clock(),
            &SystemRandom,
        )
        .unwrap(),
    )
});

fn clock() -> DemoClock {
    DemoClock::over(|| Timestamp::parse_rfc3339("2026-11-23T08:00:00Z").unwrap())
}

fn simulator(script: Script) -> NcaLayer {
    let authority = Arc::clone(&AUTHORITY);
    NcaLayer::new(KeyStore::new(authority.keys.clone(), clock(), authority), script)
}

fn auto(key: &str) -> Script {
    Script {
        mode: Mode::Auto,
        key: Some(key.to_owned()),
        ..Script::default()
    }
}

/// Serves plain sockets on a free port.
async fn listening(simulator: &NcaLayer) -> SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(serve(listener, simulator.clone()));
    address
}

/// How the page would see its attempt end.
#[derive(Debug, PartialEq)]
enum Ended {
    Talk(Result<String, Trouble>),
    Closed,
    /// Nothing comes any more.
    Silent,
}

fn ask(purpose: Purpose) -> SignRequest<'static> {
    static DATA: LazyLock<String> = LazyLock::new(|| STANDARD.encode(DOCUMENT));
    SignRequest {
        data_base64: &DATA,
        purpose,
        lang: Lang::Kk,
        storages: None,
        chain: Chain::Any,
    }
}

fn connected<S: Read + Write>(url: &str, stream: S) -> WebSocket<S> {
    let config = WebSocketConfig::default()
        .max_message_size(None)
        .max_frame_size(None);
    let (socket, _) = tungstenite::client::client_with_config(url, stream, Some(config))
        .map_err(|error| error.to_string())
        .unwrap();
    socket
}

fn dial(address: SocketAddr) -> WebSocket<TcpStream> {
    let stream = TcpStream::connect(address).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_millis(1500)))
        .unwrap();
    connected(&format!("ws://{address}/"), stream)
}

/// What the page does, with the page's own talk.
fn converse<S: Read + Write>(socket: &mut WebSocket<S>, request: SignRequest<'_>) -> Ended {
    let mut talk = Talk::new(request);
    loop {
        let turn = match socket.read() {
            Ok(Message::Text(text)) if text.len() <= talk.limit() => talk.hear(&text),
            Ok(Message::Text(_) | Message::Binary(_)) => Talk::refuse(),
            Ok(Message::Close(_)) => return Ended::Closed,
            Ok(_) => Turn::Wait,
            Err(tungstenite::Error::Io(error)) if error.kind() == std::io::ErrorKind::WouldBlock => {
                return Ended::Silent;
            }
            Err(_) => return Ended::Closed,
        };
        match turn {
            Turn::Say(frame) => socket.send(Message::text(frame)).unwrap(),
            Turn::Wait => {}
            Turn::Over(result) => return Ended::Talk(result),
        }
    }
}

async fn attempt(simulator: &NcaLayer, request: SignRequest<'static>) -> Ended {
    let address = listening(simulator).await;
    tokio::task::spawn_blocking(move || converse(&mut dial(address), request))
        .await
        .unwrap()
}

/// The IIN of whoever signed the document, by the verifier the server uses.
fn signer(ended: Ended) -> String {
    let Ended::Talk(Ok(base64)) = ended else {
        panic!("no signature: {ended:?}");
    };
    let pinned: Vec<Vec<u8>> = AUTHORITY
        .certificates()
        .iter()
        .map(|(_, der)| der.to_vec())
        .collect();
    let anchors = Anchors::from_der(&pinned).unwrap();
    let cms = STANDARD.decode(base64).unwrap();
    let at = instant(clock().now());
    let verified = pki::verify(
        &cms,
        Content::Attached(DOCUMENT),
        pki::Purpose::SignIn,
        at,
        &anchors,
    );
    verified.unwrap().signer.iin
}

fn over(trouble: Trouble) -> Ended {
    Ended::Talk(Err(trouble))
}

fn technical(code: &str) -> Ended {
    over(Trouble::Technical {
        code: code.to_owned(),
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn gost_and_rsa_keys_sign_in_every_shape() {
    for key in ["aliya-gost", "aliya-rsa"] {
        for shape in [Shape::Array, Shape::String, Shape::Object, Shape::Bare] {
            let simulator = simulator(Script { shape, ..auto(key) });
            let ended = attempt(&simulator, ask(Purpose::Document)).await;
            assert_eq!(signer(ended), "990101390009", "{key}, {shape:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_basics_the_old_module_signs() {
    let simulator = simulator(Script {
        without_basics: true,
        tokens: vec!["AKKaztokenStore".to_owned()],
        version: "1.2".to_owned(),
        ..auto("aliya-gost")
    });
    assert_eq!(
        signer(attempt(&simulator, ask(Purpose::Document)).await),
        "990101390009"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn every_failure_reaches_the_client_as_what_it_is() {
    let bad = |error| over(Trouble::BadAnswer(error));
    for (mode, ended) in [
        (Mode::Cancel, over(Trouble::Cancelled)),
        (Mode::InvocationError, technical("INVOCATION_ERROR")),
        (Mode::GeneralError, technical("GENERAL_ERROR")),
        (Mode::SigningFailure, technical("SIGNING_FAILURE")),
        (Mode::ErrorWithoutMessage, technical("500")),
        (Mode::TypeMismatch, technical("500")),
        (Mode::Silent, Ended::Silent),
        (Mode::Dialog, Ended::Silent),
        (Mode::Close, Ended::Closed),
        (Mode::Garbage, bad(FrameError::NotJson)),
        (Mode::Html, bad(FrameError::NotJson)),
        (Mode::Binary, bad(FrameError::TooLong)),
        (Mode::Huge, bad(FrameError::TooLong)),
        (Mode::Nonsense, bad(FrameError::Shape)),
        (Mode::NoGreeting, Ended::Silent),
        (Mode::WrongGreeting, bad(FrameError::Shape)),
    ] {
        let simulator = simulator(Script {
            mode,
            ..Script::default()
        });
        assert_eq!(attempt(&simulator, ask(Purpose::SignIn)).await, ended, "{mode:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_old_module_fails_in_its_own_words() {
    for (mode, ended) in [
        (Mode::Cancel, over(Trouble::Cancelled)),
        (Mode::SigningFailure, technical("500")),
        (Mode::InvocationError, technical("500")),
        (Mode::Close, Ended::Closed),
    ] {
        let script = Script {
            mode,
            without_basics: true,
            ..Script::default()
        };
        assert_eq!(
            attempt(&simulator(script), ask(Purpose::SignIn)).await,
            ended,
            "{mode:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_program_is_told_by_its_greeting_or_by_its_modules() {
    for script in [
        Script {
            version: "1.0".to_owned(),
            ..auto("aliya-gost")
        },
        Script {
            without_modules: true,
            ..auto("aliya-gost")
        },
    ] {
        let ended = attempt(&simulator(script), ask(Purpose::SignIn)).await;
        assert_eq!(ended, over(Trouble::OldVersion));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_or_a_slow_answer_is_no_trouble() {
    for script in [
        Script {
            mode: Mode::Twice,
            ..auto("aliya-gost")
        },
        Script {
            delay_ms: 300,
            ..auto("aliya-gost")
        },
    ] {
        let ended = attempt(&simulator(script), ask(Purpose::SignIn)).await;
        assert_eq!(signer(ended), "990101390009");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_that_do_not_fit_can_not_be_chosen_unless_the_agent_is_careless() {
    let national = SignRequest {
        chain: Chain::National,
        ..ask(Purpose::SignIn)
    };
    let on_token = SignRequest {
        storages: Some(&["AKKaztokenStore"]),
        ..ask(Purpose::SignIn)
    };
    for (key, request) in [
        ("aliya-rsa-auth", ask(Purpose::Document)),
        ("aliya-expired", ask(Purpose::SignIn)),
        ("aliya-revoked", ask(Purpose::SignIn)),
        ("aliya-gost", national),
        ("aliya-gost", on_token),
    ] {
        assert_eq!(
            attempt(&simulator(auto(key)), request).await,
            Ended::Silent,
            "{key}"
        );
        let careless = Script {
            unfiltered: true,
            ..auto(key)
        };
        let ended = attempt(&simulator(careless), request).await;
        assert!(matches!(ended, Ended::Talk(Ok(_))), "{key}: {ended:?}");
    }
    // Signing in takes either kind of key, and a token that is plugged in.
    let ended = attempt(&simulator(auto("aliya-rsa-auth")), ask(Purpose::SignIn)).await;
    assert_eq!(signer(ended), "990101390009");
    let plugged = Script {
        tokens: vec!["AKKaztokenStore".to_owned()],
        ..auto("aliya-gost")
    };
    assert_eq!(
        signer(attempt(&simulator(plugged), on_token).await),
        "990101390009"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn another_document_is_signed_only_by_script() {
    let script = Script {
        mode: Mode::AnotherDocument,
        ..auto("aliya-gost")
    };
    let Ended::Talk(Ok(base64)) = attempt(&simulator(script), ask(Purpose::SignIn)).await else {
        panic!("no signature");
    };
    let cms = STANDARD.decode(base64).unwrap();
    assert!(!cms.windows(DOCUMENT.len()).any(|window| window == DOCUMENT));
}

/// One raw exchange after the greeting.
async fn answer(simulator: &NcaLayer, frame: &str) -> String {
    let address = listening(simulator).await;
    let frame = frame.to_owned();
    tokio::task::spawn_blocking(move || {
        let mut socket = dial(address);
        socket.read().unwrap();
        socket.send(Message::text(frame)).unwrap();
        socket.read().unwrap().into_text().unwrap().to_string()
    })
    .await
    .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn heartbeats_come_back_and_strangers_are_told_so() {
    let simulator = simulator(Script::default());
    assert_eq!(answer(&simulator, "--heartbeat--").await, "--heartbeat--");
    let parsed = |text: String| serde_json::from_str::<Value>(&text).unwrap();
    let unknown = answer(&simulator, r#"{"module":"kz.example.none","method":"x"}"#).await;
    assert_eq!(
        parsed(unknown),
        json!({"success": false, "errorCode": "MODULE_NOT_FOUND"})
    );
    let broken = parsed(answer(&simulator, "{").await);
    assert_eq!(broken["code"], "COMMON_JSON_WRAPPING_EXCEPTION");
    let method = r#"{"module":"kz.gov.pki.knca.basics","method":"foo","args":{}}"#;
    let refused = parsed(answer(&simulator, method).await);
    assert_eq!(refused["code"], "GENERAL_ERROR");
    assert_eq!(
        refused["details"],
        "java.lang.IllegalArgumentException: foo is not defined in Basics"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_tells_of_itself_and_a_uuid_comes_back() {
    let frame =
        r#"{"module":"kz.gov.pki.knca.commonUtils","method":"getKeyInfo","args":["PKCS12"],"uuid":"7"}"#;
    let text = answer(&simulator(auto("aliya-rsa")), frame).await;
    let said: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(said["uuid"], "7");
    let info = &said["responseObject"];
    assert_eq!(info["algorithm"], "RSA");
    assert!(
        info["pem"]
            .as_str()
            .unwrap()
            .starts_with("-----BEGIN CERTIFICATE-----\n")
    );
    assert!(info["certNotAfter"].as_str().unwrap().ends_with(":00") || info["certNotAfter"] != "");
}

/// Requests of the recordings that the simulator can't answer in kind: it signs neither XML nor digests.
fn is_beyond(request: &Value) -> bool {
    let method = request["method"].as_str().unwrap_or_default();
    request["args"]["format"] == "xml"
        || request["args"]["signingParams"]["digested"] == true
        || method.starts_with("signXml")
        || method == "createCAdESFromBase64Hash"
}

#[tokio::test(flavor = "multi_thread")]
async fn recorded_requests_get_the_recorded_answers() {
    let Some(text) = crate::samples::text("frames/sigex_recorded_frames_test-data.json") else {
        return;
    };
    let pairs: Vec<Value> = serde_json::from_str(&text).unwrap();
    let mut compared = 0;
    for pair in &pairs {
        let inner = |name: &str| -> Value { serde_json::from_str(pair[name].as_str().unwrap()).unwrap() };
        let (request, response) = (inner("request"), inner("response"));
        let is_failure = response["code"] == "500" || response["status"] == false;
        if request["module"] == "kz.digiflow.mobile.extensions" || (is_beyond(&request) && !is_failure) {
            continue;
        }
        // What a person did then, the script does now: cancelled, or chose a key, on whatever was plugged in.
        let is_cancelled =
            response["message"] == "action.canceled" || response == json!({"body": {}, "status": true});
        let tokens = match &response["responseObject"] {
            Value::Array(tokens) if tokens.is_empty() => Vec::new(),
            _ => vec!["AKKaztokenStore".to_owned()],
        };
        let script = Script {
            mode: if is_cancelled { Mode::Cancel } else { Mode::Auto },
            shape: match response["body"]["result"] {
                Value::Array(_) => Shape::Array,
                _ => Shape::String,
            },
            unfiltered: true,
            tokens,
            ..auto("aliya-rsa")
        };
        if request["method"] == "signXml"
            && !response["message"]
                .as_str()
                .unwrap_or_default()
                .contains("mismatch")
        {
            continue;
        }
        let said = answer(&simulator(script), pair["request"].as_str().unwrap()).await;
        let mut said: Value = serde_json::from_str(&said).unwrap();
        mask(&mut said, &response);
        assert_eq!(said, response, "{request}");
        compared += 1;
    }
    assert!(
        compared > 25,
        "only {compared} of {} exchanges compared",
        pairs.len()
    );
}

/// Puts the recording's mask over what it masked: the signatures, and all of KeyInfo but one field.
fn mask(said: &mut Value, recorded: &Value) {
    match (said, recorded) {
        (Value::Object(said), Value::Object(recorded)) => {
            if recorded.contains_key("certNotBefore") {
                said.retain(|name, _| recorded.contains_key(name));
                said.insert("certNotBefore".to_owned(), recorded["certNotBefore"].clone());
            }
            for (name, value) in said.iter_mut() {
                mask(value, &recorded[name]);
            }
        }
        (Value::Array(said), Value::Array(recorded)) => {
            said.iter_mut()
                .zip(recorded)
                .for_each(|(said, recorded)| mask(said, recorded));
        }
        (Value::String(said), Value::String(recorded)) if recorded.starts_with("-----BEGIN CMS-----\n") => {
            assert!(said.starts_with("-----BEGIN CMS-----\nMII"), "{said}");
            assert!(said.ends_with("\n-----END CMS-----\n"), "{said}");
            assert!(said.lines().all(|line| line.len() <= 64));
            recorded.clone_into(said);
        }
        (Value::String(said), Value::String(recorded)) if recorded.starts_with("Actual signature") => {
            assert!(STANDARD.decode(&*said).is_ok(), "{said}");
            recorded.clone_into(said);
        }
        _ => {}
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn over_tls_only_a_client_that_trusts_it_gets_through() {
    let identity = Identity::new().unwrap();
    let certificate = identity.certificate().to_vec();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let simulator = simulator(auto("aliya-gost"));
    tokio::spawn(async move { serve_tls(listener, simulator, &identity).await });
    let over_tls = move |trusts: bool| {
        let mut roots = rustls::RootCertStore::empty();
        if trusts {
            roots.add(certificate.clone().into()).unwrap();
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let name = "127.0.0.1".try_into().unwrap();
        let session = rustls::ClientConnection::new(Arc::new(config), name).unwrap();
        let stream = rustls::StreamOwned::new(session, TcpStream::connect(address).unwrap());
        tungstenite::client(format!("wss://{address}/"), stream)
            .ok()
            .map(|(mut socket, _)| converse(&mut socket, ask(Purpose::Document)))
    };
    let (stranger, friend) = tokio::task::spawn_blocking(move || (over_tls(false), over_tls(true)))
        .await
        .unwrap();
    assert_eq!(stranger, None);
    assert_eq!(signer(friend.unwrap()), "990101390009");
}

async fn http(simulator: &NcaLayer, path: &str, body: Option<Value>) -> (StatusCode, Value) {
    let request = match body {
        Some(body) => Request::post(path)
            .header("content-type", "application/json")
            .body(Body::from(body.to_string())),
        None => Request::get(path).body(Body::empty()),
    };
    let response = router(simulator.clone()).oneshot(request.unwrap()).await.unwrap();
    let status = response.status();
    let bytes = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
    (status, serde_json::from_slice(&bytes).unwrap_or_default())
}

/// The one window that is open.
async fn window(simulator: &NcaLayer) -> Value {
    loop {
        let (_, windows) = http(simulator, "/requests.json", None).await;
        if !windows[0].is_null() {
            return windows[0].clone();
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_decides_in_the_window() {
    let simulator = simulator(Script::default());
    let page = tokio::spawn({
        let simulator = simulator.clone();
        async move { attempt(&simulator, ask(Purpose::Document)).await }
    });
    let shown = window(&simulator).await;
    assert_eq!(shown["text"], "The document");
    assert_eq!(shown["locale"], "kk");
    let fits = |id: &str| {
        let keys = shown["keys"].as_array().unwrap();
        keys.iter().find(|key| key["id"] == id).unwrap()["fits"].clone()
    };
    assert_eq!(
        (fits("aliya-gost"), fits("aliya-rsa-auth")),
        (json!(true), json!(false))
    );

    let decide = |key: &str, password: &str| json!({"id": shown["id"], "key": key, "password": password});
    let (status, error) = http(&simulator, "/decide", Some(decide("aliya-gost", "guess"))).await;
    assert_eq!(
        (status, &error["error"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &json!("wrong_password"))
    );
    let (_, error) = http(&simulator, "/decide", Some(decide("aliya-rsa-auth", PASSWORD))).await;
    assert_eq!(error["error"], "key_does_not_fit");
    let (status, _) = http(&simulator, "/decide", Some(decide("aliya-gost", PASSWORD))).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    assert_eq!(signer(page.await.unwrap()), "990101390009");
    let (status, _) = http(&simulator, "/decide", Some(decide("aliya-gost", PASSWORD))).await;
    assert_eq!(status, StatusCode::NOT_FOUND, "the window is closed");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_window_can_be_cancelled_and_goes_with_its_page() {
    let simulator = simulator(Script::default());
    let page = tokio::spawn({
        let simulator = simulator.clone();
        async move { attempt(&simulator, ask(Purpose::SignIn)).await }
    });
    let id = window(&simulator).await["id"].clone();
    http(&simulator, "/decide", Some(json!({ "id": id }))).await;
    assert_eq!(page.await.unwrap(), over(Trouble::Cancelled));

    // This one isn't decided: the client gives up and leaves.
    assert_eq!(attempt(&simulator, ask(Purpose::SignIn)).await, Ended::Silent);
    tokio::time::timeout(Duration::from_secs(5), async {
        while http(&simulator, "/requests.json", None).await.1 != json!([]) {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    })
    .await
    .expect("the window stays open after its page has gone");
}
