//! `cabinet doctor` where nobody listens: each system is told by its setting, and nothing is left behind.

use crate::program::cabinet;
use serde_json::Value;
use std::collections::BTreeMap;
use std::net::TcpListener;

/// An address at which nobody listens.
fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().to_string()
}

#[test]
fn whoever_isnt_reached_is_named_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("http://{}/", nobody());
    let mut command = cabinet(folder.path());
    command
        .args(["doctor", "--json"])
        .env("CABINET_GBD_FL_URL", &url)
        .env("CABINET_GBD_FL_SERVICE_ID", "GBDFL")
        .env("CABINET_GBD_FL_SENDER_ID", "fund")
        .env("CABINET_GBD_FL_SENDER_PASSWORD", "tell-nobody")
        .env("CABINET_OCSP_URL", &url)
        .env("CABINET_CRL_URLS", &url)
        .env("CABINET_NCANODE_URL", &url)
        .env("CABINET_KAZPOST_URL", &url)
        .env("CABINET_SMS_URL", &url)
        .env("CABINET_SMS_TOKEN", "tell-nobody")
        .env(
            "CABINET_SMTP_URL",
            format!("smtp://user:tell-nobody@{}", nobody()),
        )
        .env("CABINET_SMTP_FROM", "cabinet@fund.example")
        .env("CABINET_WEBHOOK_URL", &url)
        .env("CABINET_WEBHOOK_SECRET", "tell-nobody-at-all")
        .env("CABINET_ASSETS_DIR", folder.path().join("assets"))
        .env("CABINET_OTLP_URL", &url);
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(!said.contains("tell-nobody"), "{said}");
    let report: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(report["ok"], false);
    let findings: BTreeMap<&str, &Value> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| (finding["subject"].as_str().unwrap(), finding))
        .collect();
    for setting in [
        "gbd_fl.url",
        "ocsp_url",
        "crl_urls",
        "ncanode_url",
        "kazpost_url",
        "sms.url",
        "smtp.url",
        "webhook.url",
        "otlp_url",
    ] {
        let finding = findings
            .get(setting)
            .unwrap_or_else(|| panic!("{setting} in {said}"));
        assert_eq!(finding["level"], "fault", "{finding}");
        let what = finding["what"].as_str().unwrap();
        assert!(what.contains("not reachable"), "{finding}");
        assert!(finding["to_do"].as_str().unwrap().len() > 10, "{finding}");
    }
    let assets = findings["assets_dir"];
    assert_eq!(assets["level"], "fault", "{said}");
    assert!(
        assets["to_do"].as_str().unwrap().contains("assets export"),
        "{assets}"
    );
    assert_eq!(
        findings["clock"]["level"], "warning",
        "nobody told the time: {said}"
    );
    assert_eq!(findings["database"]["level"], "warning", "{said}");
    assert!(!folder.path().join("data").exists(), "nothing was made");
}

#[test]
fn what_it_finds_is_one_line_each() {
    let folder = tempfile::tempdir().unwrap();
    let output = cabinet(folder.path()).arg("doctor").output().unwrap();
    assert_eq!(output.status.code(), Some(1), "nobody tells of revocation");
    let said = String::from_utf8(output.stdout).unwrap();
    for line in said.lines() {
        let level = line.split(' ').next().unwrap();
        assert!(["ok", "warning", "fault"].contains(&level), "{line}");
    }
    assert!(said.contains("fault    revocation: nobody tells"), "{said}");
    assert!(said.contains("warning  gbd_fl: not configured"), "{said}");
    let wrong = cabinet(folder.path())
        .arg("doctor")
        .env("CABINET_LISTEN", "here")
        .output()
        .unwrap();
    assert_eq!(wrong.status.code(), Some(1));
    let said = String::from_utf8(wrong.stdout).unwrap();
    assert!(said.starts_with("fault    settings: CABINET_LISTEN"), "{said}");
}
