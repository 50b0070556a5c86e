//! Against a stand-in for NCANode on loopback. Its questions and its usual answers are held to NCANode's own OpenAPI file
//! (`frames/ncanode_v3_openapi.json` of the national samples).

use super::*;
use crate::api::accounts::{Identity, SignedChallenge};
use crate::api::{Caller, Nothing};
use crate::domain::application::ApplicationState;
use crate::domain::lang::Lang;
use crate::pki::{Content, Instant, Purpose};
use crate::server::fixture::{ALIYA, BOLAT, House, iin, signed_by};
use crate::server::outgoing::Outgoing;
use crate::server::revocation::Revocation;
use axum::body::Bytes;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use serde_json::Value;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Mutex;

#[derive(Clone)]
enum Reply {
    /// As NCANode answers, about this person's certificate.
    Sound,
    /// The same, bent.
    Bent(fn(&mut Value)),
    Raw(u16, Vec<u8>),
    Redirect,
}

#[derive(Default)]
struct Seen {
    questions: Vec<Value>,
    wrong: Vec<String>,
}

struct StandIn {
    config: Config,
    seen: Arc<Mutex<Seen>>,
}

/// The certificate that the fixture's ALIYA signs with, as NCANode tells of it.
fn sound() -> Value {
    let signer = aliya_signer();
    json!({
        "status": 200,
        "message": "OK",
        "valid": true,
        "signers": [{
            "certificates": [{
                "valid": true,
                "revocations": [],
                "notBefore": "2024-01-01T00:00:00.000+00:00",
                "notAfter": "2030-01-01T00:00:00.000+00:00",
                "keyUsage": "SIGN",
                "serialNumber": signer.serial_hex.trim_start_matches('0'),
                "signAlg": "ECGOST3410-2015-512",
                "keyUser": ["INDIVIDUAL"],
                "publicKey": "AA==",
                "signature": "AA==",
                "subject": { "commonName": "СЕРІКҚЫЗЫ ӘЛИЯ", "surName": "СЕРІКҚЫЗЫ", "iin": ALIYA, "country": "KZ" },
                "issuer": { "commonName": "AUTHORITY (TEST)", "country": "KZ" },
            }],
        }],
    })
}

fn now() -> crate::domain::time::Timestamp {
    crate::domain::time::Timestamp::parse_rfc3339("2026-11-23T08:00:00Z").unwrap()
}

fn cms() -> Vec<u8> {
    STANDARD.decode(signed_by(ALIYA, b"a document", now())).unwrap()
}

fn aliya_signer() -> Signer {
    let anchors = crate::server::fixture::anchors();
    let at = Instant::from_unix(now().0 / 1000);
    let content = Content::Attached(b"a document");
    let verified = crate::pki::verify(&cms(), content, Purpose::Document, at, &anchors);
    verified.unwrap().signer
}

fn client() -> Outgoing {
    // Fails where another test has installed it.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Outgoing::for_tests()
}

impl StandIn {
    async fn new(reply: Reply) -> Self {
        let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .await
            .unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::new(Mutex::new(Seen::default()));
        let noted = seen.clone();
        let app =
            axum::Router::new().fallback(move |method: Method, uri: Uri, headers: HeaderMap, body: Bytes| {
                let (noted, reply) = (noted.clone(), reply.clone());
                async move {
                    let question: Value = serde_json::from_slice(&body).unwrap_or_default();
                    let mut seen = noted.lock().unwrap();
                    seen.wrong
                        .extend(wrong_question(&method, &uri, &headers, &question));
                    seen.questions.push(question);
                    answered(&reply, &mut seen)
                }
            });
        tokio::spawn(async move { axum::serve(listener, app).await });
        let config = Config {
            ncanode_url: Some(format!("http://{address}/")),
            ..Config::default()
        };
        Self { config, seen }
    }

    async fn word(&self) -> Result<(), Disagreement> {
        let second = configured(&self.config, &client()).unwrap();
        second.confirm(&cms(), &aliya_signer()).await
    }

    /// How often it was asked; every exchange was as the OpenAPI file has it.
    fn asked(&self) -> usize {
        let seen = self.seen.lock().unwrap();
        assert_eq!(seen.wrong, [""; 0]);
        seen.questions.len()
    }
}

fn answered(reply: &Reply, seen: &mut Seen) -> (StatusCode, HeaderMap, Vec<u8>) {
    let mut headers = HeaderMap::new();
    let (status, body) = match reply {
        Reply::Sound => {
            let answer = sound();
            if let Some(api) = OpenApi::read() {
                seen.wrong.extend(api.unfit(&api.answer(), &answer));
            }
            (200, answer.to_string().into_bytes())
        }
        Reply::Bent(bend) => {
            let mut answer = sound();
            bend(&mut answer);
            (200, answer.to_string().into_bytes())
        }
        Reply::Raw(status, body) => (*status, body.clone()),
        Reply::Redirect => {
            headers.insert("location", "/elsewhere".parse().unwrap());
            (307, Vec::new())
        }
    };
    (StatusCode::from_u16(status).unwrap(), headers, body)
}

fn wrong_question(method: &Method, uri: &Uri, headers: &HeaderMap, question: &Value) -> Vec<String> {
    let Some(api) = OpenApi::read() else {
        return Vec::new();
    };
    let operation = &api.0["paths"][uri.path()][method.as_str().to_ascii_lowercase()];
    let content_type = headers
        .get("content-type")
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let schema = &operation["requestBody"]["content"][content_type]["schema"];
    if schema.is_null() {
        return vec![format!("{method} {uri} with {content_type} is not in the file")];
    }
    api.unfit(schema, question)
}

/// NCANode's file, as far as `/cms/verify` goes.
struct OpenApi(Value);

impl OpenApi {
    fn read() -> Option<Self> {
        let text = crate::samples::text("frames/ncanode_v3_openapi.json")?;
        Some(Self(serde_json::from_str(&text).unwrap()))
    }

    fn answer(&self) -> Value {
        self.0["paths"]["/cms/verify"]["post"]["responses"]["200"]["content"]["*/*"]["schema"].clone()
    }

    /// What doesn't fit the schema; properties that the file doesn't name don't either.
    fn unfit(&self, schema: &Value, value: &Value) -> Vec<String> {
        if let Some(name) = schema["$ref"].as_str() {
            let place = name.trim_start_matches('#');
            return match self.0.pointer(place) {
                Some(named) => self.unfit(named, value),
                None => vec![format!("{name} is not in the file")],
            };
        }
        let fits = match schema["type"].as_str() {
            Some("object") => value.is_object(),
            Some("array") => value.is_array(),
            Some("string") => value.is_string(),
            Some("boolean") => value.is_boolean(),
            Some("integer") => value.is_i64(),
            _ => false,
        };
        let named = schema["enum"]
            .as_array()
            .is_none_or(|names| names.contains(value));
        if !fits || !named {
            return vec![format!("{value} is no {schema}")];
        }
        let mut wrong = Vec::new();
        for required in schema["required"].as_array().into_iter().flatten() {
            if value[required.as_str().unwrap()].is_null() {
                wrong.push(format!("{required} is missing"));
            }
        }
        for (name, inner) in value.as_object().into_iter().flatten() {
            match &schema["properties"][name] {
                Value::Null => wrong.push(format!("{name} is not in the file")),
                schema => wrong.extend(self.unfit(schema, inner)),
            }
        }
        let items = value.as_array().into_iter().flatten().collect::<Vec<_>>();
        for (index, item) in items.iter().enumerate() {
            wrong.extend(self.unfit(&schema["items"], item));
            if schema["uniqueItems"] == true && items[..index].contains(item) {
                wrong.push(format!("{item} stands twice"));
            }
        }
        wrong
    }
}

#[test]
fn the_stand_in_knows_what_does_not_fit_ncanode_s_file() {
    let Some(api) = OpenApi::read() else { return };
    let question = json!({ "$ref": "#/components/schemas/CmsVerifyRequest" });
    let unfit = |value: Value| api.unfit(&question, &value).len();
    assert_eq!(
        unfit(json!({ "cms": "AA==", "revocationCheck": ["OCSP", "CRL"] })),
        0
    );
    assert_eq!(unfit(json!({})), 1);
    assert_eq!(unfit(json!({ "cms": 7 })), 1);
    assert_eq!(
        unfit(json!({ "cms": "AA==", "revocationCheck": ["OCSP", "OCSP"] })),
        1
    );
    assert_eq!(unfit(json!({ "cms": "AA==", "revocationCheck": ["TSP"] })), 1);
    assert_eq!(unfit(json!({ "cms": "AA==", "detached": true })), 1);
    assert_eq!(api.unfit(&api.answer(), &sound()), [""; 0]);
    let headers = HeaderMap::from_iter([(
        "content-type".parse().unwrap(),
        "application/json".parse().unwrap(),
    )]);
    let elsewhere = wrong_question(
        &Method::GET,
        &"/cms/verify".parse().unwrap(),
        &headers,
        &json!({}),
    );
    assert_eq!(elsewhere.len(), 1);
}

#[tokio::test]
async fn the_same_word_about_the_same_certificate_confirms() {
    let stand_in = StandIn::new(Reply::Sound).await;
    assert_eq!(stand_in.word().await, Ok(()));
    assert_eq!(stand_in.asked(), 1);
    let question = stand_in.seen.lock().unwrap().questions[0].clone();
    assert_eq!(question["cms"], STANDARD.encode(cms()), "the bytes as they came");
}

#[tokio::test]
async fn any_other_word_refuses() {
    let bends: [fn(&mut Value); 9] = [
        |answer| answer["valid"] = json!(false),
        |answer| answer["signers"] = json!([]),
        |answer| {
            let signer = answer["signers"][0].clone();
            answer["signers"].as_array_mut().unwrap().push(signer);
        },
        |answer| answer["signers"][0]["certificates"] = json!([]),
        |answer| {
            let certificate = answer["signers"][0]["certificates"][0].clone();
            let certificates = answer["signers"][0]["certificates"].as_array_mut().unwrap();
            certificates.push(certificate);
        },
        |answer| answer["signers"][0]["certificates"][0]["valid"] = json!(false),
        |answer| {
            let revoked = json!([{ "revoked": false, "by": "OCSP" }, { "revoked": true, "by": "CRL" }]);
            answer["signers"][0]["certificates"][0]["revocations"] = revoked;
        },
        |answer| answer["signers"][0]["certificates"][0]["serialNumber"] = json!("1"),
        |answer| answer["signers"][0]["certificates"][0]["subject"]["iin"] = json!(BOLAT),
    ];
    for bend in bends {
        let stand_in = StandIn::new(Reply::Bent(bend)).await;
        let word = stand_in.word().await;
        assert!(matches!(word, Err(Disagreement::Refused(_))), "{word:?}");
        assert_eq!(stand_in.asked(), 1);
    }
    let unreadable = json!({ "status": 400, "message": "Malformed content." });
    let stand_in = StandIn::new(Reply::Raw(400, unreadable.to_string().into_bytes())).await;
    assert!(matches!(stand_in.word().await, Err(Disagreement::Refused(_))));
}

#[tokio::test]
async fn what_is_no_answer_confirms_nothing() {
    let without = |name: &str| {
        let mut answer = sound();
        answer.as_object_mut().unwrap().remove(name);
        answer.to_string().into_bytes()
    };
    let without_iin = {
        let mut answer = sound();
        answer["signers"][0]["certificates"][0]["subject"] = json!({ "bin": ALIYA });
        answer.to_string().into_bytes()
    };
    let mut long = sound().to_string().into_bytes();
    long.resize(MAX_ANSWER + 1, b' ');
    for reply in [
        Reply::Raw(200, without("valid")),
        Reply::Raw(200, without("signers")),
        Reply::Raw(200, without_iin),
        Reply::Raw(200, Vec::new()),
        Reply::Raw(200, b"<html>".to_vec()),
        Reply::Raw(200, long),
        Reply::Raw(400, b"<html>".to_vec()),
        Reply::Raw(404, sound().to_string().into_bytes()),
        Reply::Raw(500, sound().to_string().into_bytes()),
        Reply::Redirect,
    ] {
        let stand_in = StandIn::new(reply).await;
        let word = stand_in.word().await;
        assert!(matches!(word, Err(Disagreement::Unavailable(_))), "{word:?}");
        assert_eq!(stand_in.asked(), 1, "a redirect is not followed");
    }
    let nobody = Config {
        // Port 9 discards; nothing listens there.
        ncanode_url: Some("http://127.0.0.1:9".to_owned()),
        ..Config::default()
    };
    let second = configured(&nobody, &client()).unwrap();
    let word = second.confirm(&cms(), &aliya_signer()).await;
    assert!(matches!(&word, Err(Disagreement::Unavailable(_))), "{word:?}");
}

async fn signs_in(house: &House) -> Result<Identity, ApiError> {
    let mut caller = Caller::new(IpAddr::V4(Ipv4Addr::LOCALHOST), Lang::Ru, "request-1".to_owned());
    let accounts = &house.services.accounts;
    let issued = accounts.eds_challenge(&caller, Nothing {}).await.unwrap();
    let cookie = caller.take_cookies().pop().unwrap();
    caller.pre_login = cookie.split(['=', ';']).nth(1).map(str::to_owned);
    let text = STANDARD.decode(issued.data_base64).unwrap();
    let signed = SignedChallenge {
        cms: signed_by(ALIYA, &text, house.core.world.now()),
    };
    accounts.eds_sign_in(&caller, signed).await
}

fn refused() -> ApiError {
    ApiError::Signature {
        trouble: SignatureTrouble::Damaged {
            code: "second_verifier".to_owned(),
        },
    }
}

#[tokio::test]
async fn nobody_comes_in_against_its_word_or_without_it() {
    let stand_in = StandIn::new(Reply::Sound).await;
    assert!(
        signs_in(&House::with(stand_in.config.clone()).await)
            .await
            .is_ok()
    );
    assert_eq!(stand_in.asked(), 1);
    for (reply, expected) in [
        (Reply::Bent(|answer| answer["valid"] = json!(false)), refused()),
        (Reply::Raw(503, Vec::new()), ApiError::Unavailable),
    ] {
        let stand_in = StandIn::new(reply).await;
        let house = House::with(stand_in.config.clone()).await;
        assert_eq!(signs_in(&house).await.unwrap_err(), expected);
        assert_eq!(house.rows("SELECT way FROM sessions").await.len(), 0);
    }
}

#[tokio::test]
async fn no_document_is_taken_against_its_word_or_without_it() {
    for (reply, expected) in [
        (Reply::Bent(|answer| answer["signers"] = json!([])), refused()),
        (Reply::Raw(503, Vec::new()), ApiError::Unavailable),
    ] {
        let stand_in = StandIn::new(reply).await;
        let house = House::with(stand_in.config.clone()).await;
        let caller = house.signed_in(&iin(ALIYA)).await;
        let frozen = house.frozen(&caller).await;
        let before = house.everything().await;
        let signed = house
            .sign(&caller, &frozen.application, house.cms(ALIYA, &frozen))
            .await;
        assert_eq!(signed.unwrap_err(), expected);
        assert_eq!(house.everything().await, before, "the frozen document waits");
    }
    let stand_in = StandIn::new(Reply::Sound).await;
    let house = House::with(stand_in.config.clone()).await;
    let caller = house.signed_in(&iin(ALIYA)).await;
    let frozen = house.frozen(&caller).await;
    let cms = house.cms(ALIYA, &frozen);
    let receipt = house
        .sign(&caller, &frozen.application, cms.clone())
        .await
        .unwrap();
    assert_eq!(receipt.state, ApplicationState::Applied);
    assert_eq!(
        house.sign(&caller, &frozen.application, cms).await.unwrap(),
        receipt
    );
    assert_eq!(stand_in.asked(), 1, "a repeated signature is only answered again");
}

#[tokio::test]
async fn its_word_turns_no_refusal_of_ours() {
    let stand_in = StandIn::new(Reply::Sound).await;
    let house = House::with(stand_in.config.clone()).await;
    let caller = house.signed_in(&iin(ALIYA)).await;
    let frozen = house.frozen(&caller).await;
    let trouble = |outcome: Result<_, ApiError>| match outcome {
        Err(ApiError::Signature { trouble }) => trouble,
        other => panic!("{:?}", other.map(|_: crate::api::applications::SignedReceipt| ())),
    };
    let another_document = signed_by(ALIYA, b"another document", house.core.world.now());
    let refused = house.sign(&caller, &frozen.application, another_document).await;
    assert_eq!(trouble(refused), SignatureTrouble::AnotherDocument);
    let another_person = house.cms(BOLAT, &frozen);
    let refused = house.sign(&caller, &frozen.application, another_person).await;
    assert_eq!(trouble(refused), SignatureTrouble::AnotherPerson);
    assert_eq!(stand_in.asked(), 0, "what is refused here is shown to nobody");
    *house.responder.0.lock().unwrap() = Revocation::Revoked;
    let refused = house
        .sign(&caller, &frozen.application, house.cms(ALIYA, &frozen))
        .await;
    assert_eq!(trouble(refused), SignatureTrouble::Revoked);
    assert_eq!(stand_in.asked(), 1);
}

#[test]
fn without_the_setting_nobody_is_asked() {
    assert!(configured(&Config::default(), &client()).is_none());
}
