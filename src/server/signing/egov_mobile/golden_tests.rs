//! Every JSON a phone gets, to the letter, in each language: names, cases, order, date, media type, header. Secrets are
//! replaced by their names, and their shapes looked at.

use super::papers::Verdict;
use super::routes::Trouble;
use super::scene::{CMS, PDF, Scene, request, signed};
use super::session::{QrState, Stop};
use crate::api::SignatureTrouble;
use crate::api::signing::QrSession;
use crate::server::config::Config;
use crate::wire::egov_mobile::AuthType;
use axum::body::Body;
use axum::http::{StatusCode, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use std::time::Duration;

const LANGUAGES: [&str; 3] = ["kk", "ru", "en"];

/// The text of a good answer in a language, whose type is JSON.
async fn good(scene: &Scene, address: &str, token: &str, lang: &str) -> String {
    let mut asked = request("GET", address, token, Body::empty());
    asked
        .headers_mut()
        .insert(header::ACCEPT_LANGUAGE, lang.parse().unwrap());
    let heard = scene.hear(asked).await;
    assert_eq!(heard.status, StatusCode::OK);
    assert_eq!(heard.headers[header::CONTENT_TYPE], "application/json");
    heard.text
}

/// Address and token of API №2; both are base64url of the length their bits need.
fn secrets(invitation: &str) -> (String, String) {
    let json: Value = serde_json::from_str(invitation).unwrap();
    let text = |name: &str| json["document"][name].as_str().unwrap().to_owned();
    let (uri, token) = (text("uri"), text("auth_token"));
    let secret = uri
        .strip_prefix("http://127.0.0.1:8080/d/")
        .and_then(|rest| rest.strip_suffix("/mgovSign"))
        .unwrap();
    for (secret, length) in [(secret, 22), (token.as_str(), 43)] {
        assert_eq!(secret.len(), length);
        assert!(
            secret
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
        );
    }
    (uri, token)
}

#[tokio::test]
async fn api_1_to_the_letter() {
    let scene = Scene::usual(vec![]).await;
    let (session, api_1) = scene.started().await;
    let secret = api_1
        .strip_prefix("http://127.0.0.1:8080/s/")
        .and_then(|rest| rest.strip_suffix("/mgovSign"))
        .unwrap();
    assert_eq!(secret.len(), 22, "128 bits, and no query behind the path");
    let expected = [
        "Код CODE. Деректемелерді өзгерту туралы № 2026-000001 өтініш",
        "Код CODE. Заявление № 2026-000001 об изменении реквизитов",
        "Code CODE. Application No. 2026-000001 to change contact details",
    ];
    for (lang, description) in LANGUAGES.into_iter().zip(expected) {
        let told = good(&scene, &api_1, "", lang).await;
        let (uri, token) = secrets(&told);
        let told = told
            .replace(&uri, "URI")
            .replace(&token, "TOKEN")
            .replace(&session.code, "CODE");
        assert_eq!(
            told,
            [
                r#"{"description":""#,
                description,
                r#"","expiry_date":"2026-11-23T13:15:00.000+0500","#,
                r#""organisation":{"nameRu":"Пенсионный фонд","nameKz":"Зейнетақы қоры","nameEn":"Pension fund","#,
                r#""bin":"000000000000"},"document":{"uri":"URI","auth_type":"Token","auth_token":"TOKEN"}}"#,
            ]
            .concat()
        );
        assert!(description.chars().count() <= 80, "more isn't seen in the app");
    }
}

#[tokio::test]
async fn api_1_without_authentication_to_the_letter() {
    let mut config = Config::default();
    config.egov_mobile.auth_type = AuthType::None;
    let scene = Scene::new(config, vec![], Duration::ZERO).await;
    let (_, api_1) = scene.started().await;
    let told = good(&scene, &api_1, "", "kk").await;
    assert!(
        told.ends_with(r#"/mgovSign","auth_type":"None","auth_token":""}}"#),
        "{told}"
    );
}

#[tokio::test]
async fn api_2_to_the_letter() {
    let scene = Scene::usual(vec![]).await;
    let (session, api_1) = scene.started().await;
    let (uri, token) = secrets(&good(&scene, &api_1, "", "kk").await);
    let meta = [
        concat!(
            r#"{"name":"Экрандағы код","value":"CODE (кабинет бетіндегі кодпен бірдей болуы керек)"},"#,
            r#"{"name":"Өтініш нөмірі","value":"2026-000001"},"#,
            r#"{"name":"Өтініш берушінің ЖСН-і","value":"•••• •••• 0009"},"#,
            r#"{"name":"Электрондық пошта мекенжайы","value":"көрсетілмеген → new@example.kz"},"#,
            r#"{"name":"Қол қою басталды","value":"23.11.2026, 13:00"},"#,
            r#"{"name":"Назар аударыңыз","value":"Кабинетте өтінішті өзіңіз бастасаңыз және екі код бірдей болса ғана қол қойыңыз."}"#,
        ),
        concat!(
            r#"{"name":"Код на экране","value":"CODE (должен совпасть с кодом на странице кабинета)"},"#,
            r#"{"name":"Номер заявления","value":"2026-000001"},"#,
            r#"{"name":"ИИН заявителя","value":"•••• •••• 0009"},"#,
            r#"{"name":"Адрес электронной почты","value":"не указано → new@example.kz"},"#,
            r#"{"name":"Подписание начато","value":"23.11.2026, 13:00"},"#,
            r#"{"name":"Внимание","value":"Подписывайте, только если сами начали заявление в кабинете и оба кода совпадают."}"#,
        ),
        concat!(
            r#"{"name":"Code on the screen","value":"CODE (must be the same as on the cabinet's page)"},"#,
            r#"{"name":"Application number","value":"2026-000001"},"#,
            r#"{"name":"Applicant's IIN","value":"•••• •••• 0009"},"#,
            r#"{"name":"E-mail address","value":"not given → new@example.kz"},"#,
            r#"{"name":"Signing started","value":"23.11.2026, 13:00"},"#,
            r#"{"name":"Caution","value":"Sign only if you began the application in the cabinet yourself and both codes are the same."}"#,
        ),
    ];
    for (lang, meta) in LANGUAGES.into_iter().zip(meta) {
        let told = good(&scene, &uri, &token, lang).await;
        let told = told
            .replace(&STANDARD.encode(PDF), "BASE64")
            .replace(&format!("\"{} (", session.code), "\"CODE (");
        assert_eq!(
            told,
            [
                r#"{"signMethod":"CMS_WITH_DATA","version":1,"documentsToSign":[{"id":1,"#,
                r#""nameRu":"Заявление № 2026-000001 об изменении реквизитов","#,
                r#""nameKz":"Деректемелерді өзгерту туралы № 2026-000001 өтініш","#,
                r#""nameEn":"Application No. 2026-000001 to change contact details","meta":["#,
                meta,
                r#"],"document":{"file":{"mime":"application/pdf","data":"BASE64"}}}]}"#,
            ]
            .concat()
        );
    }
}

/// Opens by this link, takes and signs; the text of the last answer.
async fn signed_by(scene: &Scene, api_1: &str) -> String {
    let (uri, token) = secrets(&good(scene, api_1, "", "kk").await);
    good(scene, &uri, &token, "kk").await;
    let heard = scene
        .hear(request("PUT", &uri, &token, Body::from(signed(CMS))))
        .await;
    assert_eq!(heard.status, StatusCode::OK);
    assert_eq!(heard.headers[header::CONTENT_TYPE], "application/json");
    heard.text
}

fn by_button(session: &QrSession) -> String {
    let link = session
        .app_link
        .strip_prefix("https://m.egov.kz/mobileSign/?link=");
    link.unwrap().to_owned()
}

#[tokio::test]
async fn the_answers_to_a_signature_to_the_letter() {
    let scene = Scene::usual(vec![]).await;
    let (_, api_1) = scene.started().await;
    assert_eq!(signed_by(&scene, &api_1).await, r#"{"status":"success"}"#);

    let scene = Scene::usual(vec![]).await;
    let (session, _) = scene.started().await;
    assert_eq!(
        signed_by(&scene, &by_button(&session)).await,
        r#"{"status":"success","backUrl":"http://127.0.0.1:8080/sign/application"}"#,
        "by the button on the same phone there is a way back, which holds no secret"
    );
}

/// Every trouble, with the status the facts give it.
fn troubles() -> Vec<(Trouble, u16)> {
    use SignatureTrouble as S;
    let mut all = vec![
        (Trouble::Unknown, 404),
        (Trouble::Stop(Stop::OldLink), 410),
        (Trouble::Stop(Stop::OutOfTurn), 409),
        (Trouble::Stop(Stop::SignedOtherwise), 409),
        (Trouble::NoAccess, 401),
        (
            Trouble::TooMany {
                retry_after_seconds: 7,
            },
            429,
        ),
        (Trouble::TooLarge, 413),
        (Trouble::Unreadable, 400),
        (Trouble::RefusedBefore(QrState::WrongSigner), 403),
        (Trouble::RefusedBefore(QrState::Failed), 403),
        (Trouble::TooSlow, 503),
        (Trouble::Unavailable, 503),
    ];
    let ends = [
        QrState::Refused,
        QrState::WrongSigner,
        QrState::Failed,
        QrState::Expired,
        QrState::Cancelled,
    ];
    all.extend(ends.map(|end| (Trouble::Stop(Stop::Ended(end)), 410)));
    let signatures = [
        S::AnotherPerson,
        S::Organisation,
        S::AuthenticationKey,
        S::Expired,
        S::NotYetValid,
        S::Revoked,
        S::UntrustedIssuer,
        S::Damaged {
            code: "signature_invalid".into(),
        },
    ];
    all.extend(signatures.map(|signature| (Trouble::Signature(signature), 403)));
    all
}

#[tokio::test]
async fn every_complaint_is_one_message_in_the_language_asked_for() {
    use crate::domain::lang::Lang;
    for (trouble, status) in troubles() {
        let mut messages = std::collections::HashSet::new();
        for lang in Lang::ALL {
            let answer = trouble.clone().told(lang);
            assert_eq!(answer.status(), status, "{trouble:?}");
            assert_eq!(answer.headers()[header::CONTENT_TYPE], "application/json");
            let later = answer.headers().contains_key(header::RETRY_AFTER);
            assert_eq!(later, matches!(status, 429 | 503), "{trouble:?}");
            let body = axum::body::to_bytes(answer.into_body(), 4096).await.unwrap();
            let json: serde_json::Map<String, Value> = serde_json::from_slice(&body).unwrap();
            let message = json["message"].as_str().unwrap();
            assert_eq!(json.len(), 1, "nothing but the message");
            assert!(message.ends_with('.') && message.len() > 20, "{message}");
            messages.insert(message.to_owned());
        }
        assert_eq!(messages.len(), 3, "{trouble:?}: {messages:?}");
    }
}

#[tokio::test]
async fn a_complaint_on_the_line_to_the_letter() {
    let scene = Scene::usual(vec![Verdict::Refused(SignatureTrouble::AnotherPerson)]).await;
    let (_, uri, token) = scene.taken().await;
    let mut put = request("PUT", &uri, &token, Body::from(signed(CMS)));
    put.headers_mut()
        .insert(header::ACCEPT_LANGUAGE, "ru-KZ, en;q=0.5".parse().unwrap());
    let heard = scene.hear(put).await;
    assert_eq!(heard.status, StatusCode::FORBIDDEN);
    assert_eq!(heard.headers[header::CONTENT_TYPE], "application/json");
    assert_eq!(
        heard.text,
        r#"{"message":"Подпись принадлежит другому человеку. Подписать заявление может только его владелец."}"#
    );
}
