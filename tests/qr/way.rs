//! The good way, from the code on the screen to the receipt.

use crate::stage::{Stage, payload, state};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cabinet::demo::phone::{Behaviour, End, Scan};
use serde_json::json;

/// A screenshot of a code: a white card on a dark page.
fn screenshot(text: &str) -> String {
    let code = qrcode::QrCode::with_error_correction_level(text, qrcode::EcLevel::M).unwrap();
    let (modules, scale, margin) = (code.width(), 6, 50);
    let side = (modules + 8) * scale + 2 * margin;
    let dark = code.to_colors();
    let mut pixels = vec![24_u8; side * side];
    for y in 0..(modules + 8) * scale {
        for x in 0..(modules + 8) * scale {
            let (column, row) = ((x / scale).wrapping_sub(4), (y / scale).wrapping_sub(4));
            let inside = column < modules && row < modules;
            let black = inside && dark[row * modules + column] == qrcode::Color::Dark;
            pixels[(y + margin) * side + x + margin] = if black { 0 } else { 255 };
        }
    }
    let mut png = Vec::new();
    let mut encoder = png::Encoder::new(&mut png, side as u32, side as u32);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.write_header().unwrap().write_image_data(&pixels).unwrap();
    STANDARD.encode(png)
}

#[tokio::test]
async fn the_phone_reads_the_code_signs_and_the_page_hears_of_it_at_once() {
    let stage = Stage::new().await;
    let (browser, application, session) = stage.at_the_code("erlan").await;
    assert_eq!(state(&session), "new");
    let code = session["code"].as_str().unwrap();
    assert!(
        code.len() == 4 && code.bytes().all(|b| b.is_ascii_digit()),
        "{code}"
    );
    let prefix = format!("mobileSign:{}/s/", stage.demo.cabinet_url);
    assert!(payload(&session).starts_with(&prefix) && payload(&session).ends_with("/mgovSign"));

    let scan = Scan {
        png_base64: Some(screenshot(payload(&session))),
        key: Some(browser.key.clone()),
        ..Scan::default()
    };
    let waiting = async {
        let asked = std::time::Instant::now();
        let first = browser.news(&session).await;
        (asked.elapsed(), first)
    };
    let (outcome, (waited, news)) = tokio::join!(stage.phone.scan(scan), waiting);
    assert_eq!(outcome.result, End::Done, "{outcome:?}");
    assert_eq!(outcome.message, "Қол қою сәтті аяқталды");
    assert_eq!(outcome.statuses, [200, 200, 200]);
    assert_eq!(outcome.back_url, None, "it was scanned from another screen");
    assert_ne!(state(&news), "new");
    assert_eq!(payload(&news), "", "a code that was opened is no longer shown");
    assert!(waited.as_secs() < 10, "{waited:?}");

    let end = browser.look(&session).await;
    assert_eq!(state(&end), "signed");
    let (status, receipt) = browser
        .ask("applications/receipt", json!({ "application": application }))
        .await;
    assert_eq!(status, 200);
    assert_eq!(
        (receipt["state"].as_str(), receipt["signed_by_way"].as_str()),
        (Some("applied"), Some("egov_mobile"))
    );

    let shown = outcome.shown.unwrap();
    assert!(
        shown.described.description.contains(code),
        "the code stands first on the phone too"
    );
    let meta = &shown.documents[0].meta;
    assert!(meta[0].1.starts_with(code), "{meta:?}");
    assert!(
        meta.iter().any(|(_, value)| *value == browser.iin.masked()),
        "{meta:?}"
    );
    assert!(
        meta.iter().any(|(_, value)| value.contains("new@example.kz")),
        "what changes is told: {meta:?}"
    );
    let said = format!("{session}{:?}", shown.described);
    assert!(!said.contains(browser.iin.digits()), "no IIN in an address");
    for event in ["qr.started", "qr.opened", "qr.document_taken", "qr.signed"] {
        assert_eq!(stage.audited(event).await, 1, "{event}");
    }
}

#[tokio::test]
async fn on_the_very_phone_the_button_opens_the_app_and_leads_back() {
    let stage = Stage::new().await;
    let (browser, application, session) = stage.at_the_code("erlan").await;
    let link = session["app_link"].as_str().unwrap();
    assert!(
        link.starts_with(&format!("{}/phone?link=http", stage.demo.outside_url)),
        "{link}"
    );
    assert_ne!(
        link.split_once("/s/").unwrap().1,
        payload(&session).split_once("/s/").unwrap().1,
        "each way has its secret"
    );
    let outcome = stage.scan(link, &browser.key, Behaviour::Sign).await;
    assert_eq!(outcome.result, End::Done, "{outcome:?}");
    let back = format!("{}/sign/{application}", stage.demo.cabinet_url);
    assert_eq!(outcome.back_url, Some(back));
    let metrics = cabinet::server::metrics::text(stage.demo.core()).await;
    let signed = "cabinet_applications_signed_total{way=\"egov_mobile\"} 1\n";
    assert!(metrics.contains(signed), "{metrics}");
    let secret = link.split_once("/s/").unwrap().1.split('%').next().unwrap();
    assert!(
        !metrics.contains(secret) && !metrics.contains(&application),
        "{metrics}"
    );
}

#[tokio::test]
async fn the_phones_language_is_the_language_of_every_word() {
    let stage = Stage::new().await;
    let (browser, _, session) = stage.at_the_code("erlan").await;
    let mut descriptions = Vec::new();
    for lang in ["kk", "ru", "en"] {
        let lang = cabinet::domain::lang::Lang::from_tag(lang).unwrap();
        let scan = Scan {
            link: Some(payload(&session).to_owned()),
            behaviour: Behaviour::TakeOnly,
            lang,
            ..Scan::default()
        };
        let shown = stage.phone.scan(scan).await.shown.unwrap();
        descriptions.push((shown.described.description, shown.documents[0].meta[1].0.clone()));
    }
    descriptions.dedup_by(|a, b| a.0 == b.0 || a.1 == b.1);
    assert_eq!(descriptions.len(), 3, "{descriptions:?}");
    browser.cancel(&session).await;
    let mut complaints = Vec::new();
    for lang in cabinet::domain::lang::Lang::ALL {
        let scan = Scan {
            link: Some(payload(&session).to_owned()),
            lang,
            ..Scan::default()
        };
        complaints.push(stage.phone.scan(scan).await.message);
    }
    assert!(complaints[0].contains("тоқтатылды"), "{complaints:?}");
    assert!(complaints[1].contains("остановлено"), "{complaints:?}");
    assert!(complaints[2].contains("stopped"), "{complaints:?}");
}

#[tokio::test]
async fn a_signature_is_taken_though_the_browser_has_signed_out() {
    let stage = Stage::new().await;
    let (browser, application, session) = stage.at_the_code("erlan").await;
    let taken = stage
        .phone
        .take(payload(&session), cabinet::domain::lang::Lang::Kk)
        .await
        .unwrap();
    browser.ask("accounts/sign_out", json!({})).await;
    let outcome = stage
        .phone
        .answer(
            &taken,
            Some(&browser.key),
            cabinet::domain::lang::Lang::Kk,
            Behaviour::Sign,
        )
        .await;
    assert_eq!(outcome.result, End::Done, "{outcome:?}");
    let again = stage.sign_in("erlan").await;
    assert_eq!(again.application_state(&application).await, "applied");
}

#[tokio::test]
async fn while_revocation_cant_be_told_the_signature_is_kept_as_being_checked() {
    let stage = Stage::new().await;
    stage.control("ocsp", json!({ "mode": "down" })).await;
    stage.control("crl", json!({ "mode": "down" })).await;
    // The lists fetched at the start are no longer fresh then.
    stage.demo.clock.advance_seconds(3 * 86_400);
    let (browser, application, session) = stage.at_the_code("erlan").await;
    let outcome = stage.scan(payload(&session), &browser.key, Behaviour::Sign).await;
    assert_eq!(outcome.statuses, [200, 200, 200], "{outcome:?}");
    assert_eq!(browser.application_state(&application).await, "checking");
    assert_eq!(state(&browser.look(&session).await), "signed");
}
