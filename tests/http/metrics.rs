//! What the operator's Prometheus reads, and what it can't read there.

use crate::house::{ALIYA, ALIYAS_PASSWORD, BOLAT, House, NOBODY};
use serde_json::json;

async fn house() -> House {
    House::with(
        |config| config.metrics_listen = Some("127.0.0.1:0".parse().unwrap()),
        |_| {},
    )
    .await
}

async fn metrics(house: &House) -> String {
    let address = house.running.metrics_address.unwrap();
    let answer = reqwest::get(format!("http://{address}/metrics")).await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(
        answer.headers()["content-type"],
        "text/plain; version=0.0.4; charset=utf-8"
    );
    answer.text().await.unwrap()
}

/// The value of one series.
fn value(metrics: &str, series: &str) -> Option<f64> {
    metrics
        .lines()
        .find_map(|line| line.strip_prefix(series)?.strip_prefix(' ')?.parse().ok())
}

#[tokio::test]
async fn sign_ins_and_answers_are_counted_by_way_outcome_and_route() {
    let house = house().await;
    house.sign_in().await;
    for (iin, password) in [(ALIYA, "wrong"), (BOLAT, "wrong"), (NOBODY, "wrong")] {
        assert_eq!(house.try_password(iin, password).await.status, 401);
    }
    let input = json!({ "iin": ALIYA, "password": ALIYAS_PASSWORD });
    assert_eq!(house.ask("accounts/sign_in", input).await.status, 200);
    assert_eq!(
        house
            .ask(
                "accounts/confirm_code",
                json!({ "number": "mobile", "code": "000000", "remember": false })
            )
            .await
            .status,
        401
    );
    house.send(house.request("GET", "/")).await;
    house.send(house.request("GET", "/healthz")).await;
    let metrics = metrics(&house).await;
    let counted = |series: &str| value(&metrics, series);
    for (way, outcome, times) in [
        ("password", "in", 1.0),
        ("password", "credentials", 3.0),
        ("password", "code_asked", 1.0),
        ("password_code", "signed_out", 1.0),
    ] {
        let series = format!("cabinet_sign_ins_total{{way=\"{way}\",outcome=\"{outcome}\"}}");
        assert_eq!(counted(&series), Some(times), "{series} in {metrics}");
    }
    for (route, method, status, times) in [
        ("/api/accounts/sign_in", "POST", "2xx", 2.0),
        ("/api/accounts/sign_in", "POST", "4xx", 3.0),
        ("page", "GET", "2xx", 1.0),
        ("/healthz", "GET", "2xx", 1.0),
    ] {
        let labels = format!("{{route=\"{route}\",method=\"{method}\",status=\"{status}\"}}");
        let count = counted(&format!("cabinet_request_seconds_count{labels}"));
        assert_eq!(count, Some(times), "{labels} in {metrics}");
        assert!(counted(&format!("cabinet_request_seconds_sum{labels}")).unwrap() > 0.0);
    }
    assert!(counted("cabinet_database_write_wait_seconds_count").unwrap() > 4.0);
    assert!(counted("cabinet_database_commits_total").unwrap() > 4.0);
    assert_eq!(counted("cabinet_database_up"), Some(1.0));
    assert_eq!(counted("cabinet_qr_pages_waiting"), Some(0.0));
    assert!(metrics.contains("cabinet_build_info{version=\""), "{metrics}");
    #[cfg(target_os = "linux")]
    for series in [
        "process_resident_memory_bytes",
        "process_open_fds",
        "process_max_fds",
    ] {
        assert!(counted(series).unwrap() > 1.0, "{series}");
    }
}

#[tokio::test]
async fn what_waits_to_leave_is_told_with_its_age() {
    let house = house().await;
    let before = metrics(&house).await;
    assert!(!before.contains("cabinet_outbox_waiting{"), "{before}");
    crate::delivery::put(&house, "AAAAAAAAAAAAAAAAAAAAAA", None).await;
    house.clock.advance_seconds(90);
    let after = metrics(&house).await;
    assert_eq!(
        value(&after, "cabinet_outbox_waiting{channel=\"sms\"}"),
        Some(1.0),
        "{after}"
    );
    let age = value(&after, "cabinet_outbox_oldest_seconds{channel=\"sms\"}").unwrap();
    assert_eq!(age, 90.0);
}

/// Whatever is asked, and by whatever method, a label is a word of the program.
#[tokio::test]
async fn t35_no_label_holds_what_a_caller_wrote() {
    let house = house().await;
    let secret = "dGhpcyBpcyBhIHNlY3JldCBvZiBhIHNlc3Npb24uLi4";
    for path in [
        format!("/{ALIYA}"),
        format!("/documents/{ALIYA}/{secret}.pdf?iin={ALIYA}"),
        format!("/api/{ALIYA}"),
        format!("/api/accounts/{secret}"),
        format!("/s/{secret}/mgovSign"),
        format!("/d/{secret}/mgovSign"),
        format!("/settings?code={secret}"),
    ] {
        for method in ["GET", "POST", "PUT", "BREW"] {
            house.send(house.request(method, &path)).await;
        }
    }
    house.try_password(ALIYA, "wrong").await;
    let metrics = metrics(&house).await;
    for what in [ALIYA, secret, "BREW", "iin=", "wrong"] {
        assert!(!metrics.contains(what), "{what} in {metrics}");
    }
    for route in [
        "/s/{link}/mgovSign",
        "/d/{document}/mgovSign",
        "/documents/{application}/{name}",
        "/api/{*question}",
    ] {
        assert!(
            metrics.contains(&format!("route=\"{route}\"")),
            "{route} in {metrics}"
        );
    }
    assert!(
        !metrics.contains("route=\"other\""),
        "every address has its template: {metrics}"
    );
    for line in metrics.lines().filter(|line| line.contains('{')) {
        let labels = &line[line.find('{').unwrap()..line.rfind('}').unwrap()];
        let longest = labels.split(|c: char| !c.is_ascii_digit()).map(str::len).max();
        assert!(longest < Some(10), "no IIN, no telephone: {line}");
    }
}

#[tokio::test]
async fn the_public_address_tells_nothing_of_it() {
    let house = house().await;
    let public = house.send(house.request("GET", "/metrics")).await.text();
    assert!(!public.contains("cabinet_"), "{public}");
    let address = house.running.metrics_address.unwrap();
    for path in ["/", "/api/accounts/me", "/readyz"] {
        let answer = reqwest::get(format!("http://{address}{path}")).await.unwrap();
        assert_eq!(answer.status(), 404, "{path}: nothing but metrics is there");
    }
    let without = House::new().await;
    assert_eq!(without.running.metrics_address, None);
}
