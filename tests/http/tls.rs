//! TLS built in: who is shown, to whom, and what becomes of connections when the certificate changes.

use crate::house::{House, until};
use crate::program::{Ended, cabinet};
use cabinet::server::config::Tls;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// A certificate and its key, as an operator has them.
struct Held {
    certificate: CertificateDer<'static>,
    certificate_pem: String,
    key_pem: String,
}

fn made() -> Held {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    Held {
        certificate: made.cert.der().clone(),
        certificate_pem: made.cert.pem(),
        key_pem: made.signing_key.serialize_pem(),
    }
}

impl Held {
    fn lay(&self, folder: &Path) {
        std::fs::write(folder.join("certificate.pem"), &self.certificate_pem).unwrap();
        std::fs::write(folder.join("key.pem"), &self.key_pem).unwrap();
    }
}

fn files(folder: &Path) -> Tls {
    Tls {
        certificate: folder.join("certificate.pem"),
        key: folder.join("key.pem"),
    }
}

/// Somebody who believes these certificates and speaks these protocols.
async fn connect(to: SocketAddr, believed: &[&Held], alpn: &[&str]) -> TlsStream<TcpStream> {
    let mut roots = RootCertStore::empty();
    for held in believed {
        roots.add(held.certificate.clone()).unwrap();
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = alpn.iter().map(|name| name.as_bytes().to_vec()).collect();
    let tcp = TcpStream::connect(to).await.unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    TlsConnector::from(Arc::new(config))
        .connect(name, tcp)
        .await
        .unwrap()
}

fn shown(connection: &TlsStream<TcpStream>) -> CertificateDer<'static> {
    connection.get_ref().1.peer_certificates().unwrap()[0]
        .clone()
        .into_owned()
}

/// Asks over HTTP/1.1 and leaves the connection open.
async fn ask(connection: &mut TlsStream<TcpStream>) -> String {
    let question = b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n";
    connection.write_all(question).await.unwrap();
    let mut answer = Vec::new();
    while !answer.ends_with(b"ok\n") {
        let mut piece = [0; 4096];
        let read = connection.read(&mut piece).await.unwrap();
        assert_ne!(read, 0, "{}", String::from_utf8_lossy(&answer));
        answer.extend_from_slice(&piece[..read]);
    }
    String::from_utf8(answer).unwrap()
}

async fn house(folder: &Path) -> House {
    House::with(|config| config.tls = Some(files(folder)), |_| {}).await
}

#[tokio::test]
async fn a_new_certificate_is_shown_to_new_connections_and_old_ones_live_on() {
    let folder = tempfile::tempdir().unwrap();
    let (a, b) = (made(), made());
    a.lay(folder.path());
    let house = house(folder.path()).await;
    let address = house.running.address;
    let mut old = connect(address, &[&a, &b], &["http/1.1"]).await;
    assert_eq!(shown(&old), a.certificate);
    assert!(ask(&mut old).await.starts_with("HTTP/1.1 200"));

    b.lay(folder.path());
    // Nobody says so: the server looks by itself.
    let begun = Instant::now();
    loop {
        let mut new = connect(address, &[&a, &b], &["http/1.1"]).await;
        if shown(&new) == b.certificate {
            assert!(ask(&mut new).await.starts_with("HTTP/1.1 200"));
            break;
        }
        assert!(
            begun.elapsed() < Duration::from_secs(20),
            "the new one is never shown"
        );
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    assert!(
        ask(&mut old).await.starts_with("HTTP/1.1 200"),
        "the old connection lives on"
    );
}

#[tokio::test]
async fn files_that_give_no_pair_keep_the_one_there_was() {
    let folder = tempfile::tempdir().unwrap();
    let (a, b) = (made(), made());
    a.lay(folder.path());
    let house = house(folder.path()).await;
    let now_shown = async || shown(&connect(house.running.address, &[&a, &b], &[]).await);
    let spoil = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    for (name, text) in [
        ("certificate.pem", "no certificate at all"),
        ("certificate.pem", b.certificate_pem.as_str()),
        ("key.pem", ""),
    ] {
        a.lay(folder.path());
        spoil(name, text);
        house.running.reload();
        assert_eq!(now_shown().await, a.certificate, "{name}: {text}");
    }
    std::fs::remove_file(folder.path().join("key.pem")).unwrap();
    house.running.reload();
    assert_eq!(now_shown().await, a.certificate, "no key");
    b.lay(folder.path());
    house.running.reload();
    assert_eq!(
        now_shown().await,
        b.certificate,
        "a good pair is taken after bad ones"
    );
}

#[tokio::test]
async fn who_speaks_http_2_gets_it_and_others_get_http_1_1() {
    let folder = tempfile::tempdir().unwrap();
    let a = made();
    a.lay(folder.path());
    let house = house(folder.path()).await;
    let chosen =
        |connection: &TlsStream<TcpStream>| connection.get_ref().1.alpn_protocol().map(<[u8]>::to_vec);
    let mut second = connect(house.running.address, &[&a], &["h2", "http/1.1"]).await;
    assert_eq!(chosen(&second).as_deref(), Some(&b"h2"[..]));
    // The preface and an empty frame of settings; the server's first frame is its own settings (type 4).
    second
        .write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0")
        .await
        .unwrap();
    let mut frame = [0; 9];
    second.read_exact(&mut frame).await.unwrap();
    assert_eq!(frame[3], 4);
    let first = connect(house.running.address, &[&a], &["http/1.1"]).await;
    assert_eq!(chosen(&first).as_deref(), Some(&b"http/1.1"[..]));
}

/// Whoever connects and says nothing holds up nobody.
#[tokio::test]
async fn t07_handshakes_that_hang_hold_up_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let a = made();
    a.lay(folder.path());
    let house = house(folder.path()).await;
    let mut silent = Vec::new();
    for _ in 0..200 {
        silent.push(TcpStream::connect(house.running.address).await.unwrap());
    }
    let asked = async { ask(&mut connect(house.running.address, &[&a], &[]).await).await };
    let answer = tokio::time::timeout(Duration::from_secs(5), asked).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"));
}

/// Half a head and nothing more: the connection ends, whichever way it came.
#[tokio::test]
async fn a_caller_has_thirty_seconds_for_the_head_of_a_request() {
    let folder = tempfile::tempdir().unwrap();
    let a = made();
    a.lay(folder.path());
    let (secure, plain) = (house(folder.path()).await, House::new().await);
    let mut slow = connect(secure.running.address, &[&a], &["http/1.1"]).await;
    let mut open = TcpStream::connect(plain.running.address).await.unwrap();
    let half = b"GET /healthz HTTP/1.1\r\nhost: local";
    slow.write_all(half).await.unwrap();
    open.write_all(half).await.unwrap();
    let mut heard = Vec::new();
    let ended = async {
        let _ = slow.read_to_end(&mut heard).await;
        let _ = open.read_to_end(&mut heard).await;
    };
    tokio::time::timeout(Duration::from_secs(40), ended)
        .await
        .unwrap();
    let heard = String::from_utf8_lossy(&heard);
    assert!(!heard.contains("200 OK"), "{heard}");
}

#[tokio::test]
async fn a_stop_ends_it_with_connections_open() {
    let folder = tempfile::tempdir().unwrap();
    let a = made();
    a.lay(folder.path());
    let house = house(folder.path()).await;
    let mut idle = connect(house.running.address, &[&a], &["http/1.1"]).await;
    ask(&mut idle).await;
    house.running.stop();
    let ended = tokio::time::timeout(Duration::from_secs(10), house.running.join());
    assert!(ended.await.is_ok(), "an idle connection isn't waited for");
}

#[test]
fn a_certificate_that_cant_be_used_is_told_at_start() {
    let folder = tempfile::tempdir().unwrap();
    let (a, b) = (made(), made());
    a.lay(folder.path());
    std::fs::write(folder.path().join("key.pem"), &b.key_pem).unwrap();
    let output = with_tls(folder.path()).output().unwrap();
    assert!(!output.status.success());
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        said.contains("cabinet: TLS: certificate and key don't make a pair"),
        "{said}"
    );
}

fn with_tls(folder: &Path) -> Command {
    let mut command = cabinet(folder);
    command
        .env("CABINET_PUBLIC_URL", "https://localhost")
        .env("CABINET_TLS_CERTIFICATE", folder.join("certificate.pem"))
        .env("CABINET_TLS_KEY", folder.join("key.pem"))
        .env("CABINET_LOG", "json");
    command
}

#[tokio::test]
async fn a_hang_up_has_the_files_read_at_once_and_ends_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (a, b) = (made(), made());
    a.lay(folder.path());
    let mut child = Ended(with_tls(folder.path()).spawn().unwrap());
    let mut log = BufReader::new(child.0.stderr.take().unwrap());
    let address: SocketAddr = loop {
        let mut line = String::new();
        assert_ne!(log.read_line(&mut line).unwrap(), 0, "it listens");
        if let Some((_, after)) = line.split_once("\"address\":\"") {
            break after.split('"').next().unwrap().parse().unwrap();
        }
    };
    let mut old = connect(address, &[&a, &b], &["http/1.1"]).await;
    ask(&mut old).await;
    b.lay(folder.path());
    let hung_up = Command::new("kill")
        .args(["-HUP", &child.0.id().to_string()])
        .status()
        .unwrap();
    assert!(hung_up.success());
    loop {
        let mut line = String::new();
        assert_ne!(log.read_line(&mut line).unwrap(), 0, "it tells of the new one");
        if line.contains("another certificate is shown") {
            break;
        }
    }
    let new = connect(address, &[&a, &b], &["http/1.1"]).await;
    assert_eq!(shown(&new), b.certificate);
    assert!(ask(&mut old).await.starts_with("HTTP/1.1 200"));
    until("it runs", || matches!(child.0.try_wait(), Ok(None))).await;
}
