//! The client's reading, held to the recorded frames where they are at hand.

use super::*;
use serde_json::{Value, json};

fn sample_cms() -> String {
    format!("MIIB{}==", "Ab+/".repeat(40) + "Ag")
}

fn armoured(label: &str, line_end: &str) -> String {
    let cms = sample_cms();
    let (first, second) = cms.split_at(64);
    format!(
        "-----BEGIN {label}-----{line_end}{first}{line_end}{second}{line_end}-----END {label}-----{line_end}"
    )
}

fn read(frame: &Value) -> Result<Outcome<String>, FrameError> {
    signature(&frame.to_string(), answer_limit(4))
}

#[test]
fn a_signature_is_read_from_every_shape_agents_use() {
    let pem = armoured("CMS", "\n");
    for result in [
        json!(pem),
        json!([pem]),
        json!({"signatures": [pem], "certificate": "-----BEGIN CERTIFICATE-----"}),
        json!(sample_cms()),
        json!([armoured("CMS", "\r\n")]),
        json!(armoured("PKCS7", "\n")),
    ] {
        let frame = json!({"body": {"result": result}, "status": true});
        assert_eq!(read(&frame), Ok(Outcome::Done(sample_cms())), "{frame}");
    }
    let old = json!({"responseObject": sample_cms(), "code": "200"});
    assert_eq!(read(&old), Ok(Outcome::Done(sample_cms())));
}

#[test]
fn cancelling_and_failing_are_told_apart() {
    let failed = |code: &str| {
        Ok(Outcome::Failed {
            code: code.to_owned(),
        })
    };
    for (frame, outcome) in [
        (json!({"body": {}, "status": true}), Ok(Outcome::Cancelled)),
        (
            json!({"body": {"result": null}, "status": true}),
            Ok(Outcome::Cancelled),
        ),
        (
            json!({"code": "500", "message": "action.canceled"}),
            Ok(Outcome::Cancelled),
        ),
        (
            json!({"success": false, "errorCode": "MODULE_NOT_FOUND"}),
            Ok(Outcome::NoModule),
        ),
        (
            json!({"success": false, "code": "COMMON_JSON_WRAPPING_EXCEPTION"}),
            failed("COMMON_JSON_WRAPPING_EXCEPTION"),
        ),
        (json!({"code": "500"}), failed("500")),
        (json!({"code": 500}), failed("500")),
        (
            json!({"code": "500", "message": "storage.empty"}),
            failed("storage.empty"),
        ),
        (
            json!({"code": "500", "message": "java.lang.IllegalArgumentException: argument"}),
            failed("500"),
        ),
        (
            json!({"code": "SIGNING_FAILURE", "message": "x", "status": false}),
            failed("SIGNING_FAILURE"),
        ),
        (json!({"status": false}), failed("UNKNOWN")),
    ] {
        assert_eq!(read(&frame), outcome, "{frame}");
    }
}

#[test]
fn nothing_of_a_hostile_answer_passes_for_a_signature_or_a_code() {
    for frame in [
        json!({"status": true}),
        json!({"status": "true", "body": {"result": sample_cms()}}),
        json!({"body": {"result": sample_cms()}}),
        json!({"status": true, "body": {"result": []}}),
        json!({"status": true, "body": {"result": [sample_cms(), sample_cms()]}}),
        json!({"status": true, "body": {"result": {"certificate": "x"}}}),
        json!({"status": true, "body": {"result": 7}}),
        json!({"status": true, "body": {"result": "<script>alert(1)</script>"}}),
        json!({"status": true, "body": {"result": "-----BEGIN CMS-----\n-----END CMS-----\n"}}),
        json!({"status": true, "body": {"result": "-----BEGIN CMS-----"}}),
        json!({"status": true, "body": {"result": format!("-----BEGIN CMS-----{}-----END CMS-----more", sample_cms())}}),
        json!({"status": true, "body": {"result": sample_cms().replace("Ab", "A<")}}),
        json!({"status": true, "body": {"result": sample_cms().replace("MII", "AII")}}),
        json!({"code": "200"}),
        json!({"status": false, "code": "<img src=x>"}),
        json!({"code": "x".repeat(41)}),
        json!({}),
    ] {
        assert!(
            matches!(read(&frame), Err(FrameError::Shape | FrameError::NotCms)),
            "{frame}"
        );
    }
    assert_eq!(signature("<html></html>", 100), Err(FrameError::NotJson));
    assert_eq!(signature("[]", 100), Err(FrameError::Shape));
    assert_eq!(signature(&"[".repeat(100_000), 200_000), Err(FrameError::NotJson));
    let long = json!({"status": true, "body": {"result": "MI".repeat(100_000)}});
    assert_eq!(read(&long), Err(FrameError::TooLong));
}

#[test]
fn a_signature_with_its_document_inside_stays_within_the_limit() {
    // 3 MB of data, certificate and attributes of 8 kB, lines of 64, slashes escaped as some JSON writers do.
    let data = 4_000_000;
    let lines = "MIabcdefghijk/+9".repeat(4) + "\n";
    let pem = format!(
        "-----BEGIN CMS-----\n{}-----END CMS-----\n",
        lines.repeat((data + 11_000) / 64)
    );
    let frame = json!({"body": {"result": [pem]}, "status": true}).to_string();
    let outcome = signature(&frame.replace('/', "\\/"), answer_limit(data));
    assert!(matches!(outcome, Ok(Outcome::Done(cms)) if cms.len() > data));
}

#[test]
fn a_greeting_must_name_a_version() {
    assert_eq!(
        greeting(r#"{"result":{"version":"1.4"}}"#),
        Ok(Version { major: 1, minor: 4 })
    );
    for wrong in [
        r#"{"result":{"version":14}}"#,
        r#"{"result":"1.4"}"#,
        "{}",
        r#""1.4""#,
    ] {
        assert_eq!(greeting(wrong), Err(FrameError::Shape), "{wrong}");
    }
    assert_eq!(greeting("<html>"), Err(FrameError::NotJson));
    assert_eq!(
        greeting(&"1".repeat(SHORT_FRAME_LIMIT + 1)),
        Err(FrameError::TooLong)
    );
}

#[test]
fn tokens_are_names_and_nothing_else() {
    let read =
        |list: Value| active_tokens_answer(&json!({"responseObject": list, "code": "200"}).to_string());
    assert_eq!(read(json!([])), Ok(Outcome::Done(vec![])));
    assert_eq!(
        read(json!(["AKKaztokenStore"])),
        Ok(Outcome::Done(vec!["AKKaztokenStore".to_owned()]))
    );
    assert_eq!(read(json!("AKKaztokenStore")), Err(FrameError::Shape));
    assert_eq!(read(json!(["<b>"])), Err(FrameError::Shape));
}

/// One recorded exchange: what was asked, what came, and what the recording program made of it.
struct Recorded {
    request: Value,
    greeting: Option<String>,
    response: String,
    result: String,
}

fn recorded() -> Vec<Recorded> {
    let Some(text) = crate::samples::text("frames/sigex_recorded_frames_test-data.json") else {
        return Vec::new();
    };
    let list: Vec<Value> = serde_json::from_str(&text).unwrap();
    assert!(list.len() > 40, "the recording is shorter than it was");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    list.iter()
        .map(|pair| Recorded {
            request: serde_json::from_str(pair["request"].as_str().unwrap()).unwrap(),
            greeting: pair["initMessage"].as_str().map(str::to_owned),
            response: text(&pair["response"]),
            result: text(&pair["result"]),
        })
        .collect()
}

#[test]
fn recorded_answers_are_understood_as_they_were_meant() {
    let (mut done, mut cancelled, mut failures) = (0, 0, 0);
    for pair in recorded() {
        let outcome = envelope(&pair.response, 1 << 20).unwrap();
        let refused = pair.result.strip_prefix("NCALayerError: ");
        match (refused, outcome) {
            (None, Outcome::Done(_)) => done += 1,
            (Some(why), Outcome::Cancelled) => {
                assert!(why.contains("cancel"), "{why}");
                cancelled += 1;
            }
            (Some(why), Outcome::Failed { code }) => {
                assert!(why.starts_with(&code), "{why}, read as {code}");
                failures += 1;
            }
            (_, outcome) => panic!("{} was read as {outcome:?}", pair.response),
        }
    }
    assert!((done, cancelled, failures) == (0, 0, 0) || (done > 20 && cancelled > 4 && failures > 8));
}

#[test]
fn recorded_signatures_are_taken_once_the_mask_is_replaced() {
    let mut taken = 0;
    for pair in recorded() {
        let cms = pair.request["args"]["format"] == "cms" && pair.request["args"]["data"].is_string();
        let cades = pair.request["method"] == "createCAdESFromBase64";
        if !(cms || cades) || pair.result.starts_with("NCALayerError") {
            continue;
        }
        // The recordings carry a sentence or empty armour where the signature was: neither may pass for one.
        assert_eq!(signature(&pair.response, 1 << 20), Err(FrameError::NotCms));
        let pem = armoured("CMS", "\\n");
        let restored = pair
            .response
            .replace("-----BEGIN CMS-----\\n-----END CMS-----\\n", &pem)
            .replace("Actual signature stripped to protect private data", &sample_cms());
        assert_eq!(signature(&restored, 1 << 20), Ok(Outcome::Done(sample_cms())));
        taken += 1;
    }
    assert!(taken == 0 || taken > 6, "{taken} signatures");
}

#[test]
fn the_recorded_greeting_and_probe_are_those_of_kaztoken() {
    for pair in recorded() {
        if let Some(first) = pair.greeting {
            assert_eq!(greeting(&first), Ok(Version { major: 1, minor: 2 }));
            assert_eq!(probe_answer(&pair.response), Ok(Agent::Kaztoken));
        }
    }
    assert_eq!(
        probe_answer(r#"{"success":false,"errorCode":"MODULE_NOT_FOUND"}"#),
        Ok(Agent::NcaLayer)
    );
    assert_eq!(probe_answer("{}"), Ok(Agent::NcaLayer));
    assert_eq!(probe_answer("hello"), Err(FrameError::NotJson));
}
