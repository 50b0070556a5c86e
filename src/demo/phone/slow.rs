//! A line so slow that half of the body comes long after the other. Plain HTTP on this very machine, by hand: no client
//! sends like that of its own accord.

use reqwest::{Request, StatusCode};
use serde_json::Value;
use std::io::{Error, ErrorKind};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Sends the request with a pause in the middle of its body, and reads status and JSON of the answer; one that comes
/// before the body has ended is taken too.
pub(super) async fn send(request: Request, pause: Duration) -> Result<(StatusCode, Option<Value>), Error> {
    let invalid = |text: &str| Error::new(ErrorKind::InvalidData, text.to_owned());
    let url = request.url();
    let place = (url.host_str(), url.port_or_known_default(), url.scheme());
    let (Some(host), Some(port), "http") = place else {
        return Err(invalid("only plain HTTP can be slow here"));
    };
    let body = request
        .body()
        .and_then(reqwest::Body::as_bytes)
        .unwrap_or_default();
    let mut head = format!(
        "{} {} HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Length: {}\r\nConnection: close\r\n",
        request.method(),
        url.path(),
        body.len()
    );
    for (name, value) in request.headers() {
        head.push_str(&format!("{name}: {}\r\n", value.to_str().unwrap_or_default()));
    }
    head.push_str("\r\n");
    let (mut reading, mut writing) = TcpStream::connect((host, port)).await?.into_split();
    let (first, second) = body.split_at(body.len() / 2);
    writing.write_all(head.as_bytes()).await?;
    writing.write_all(first).await?;
    let mut answer = Vec::new();
    let rest = async {
        tokio::time::sleep(pause).await;
        // The server may have hung up by now: its answer counts, not this.
        let _ = writing.write_all(second).await;
        std::future::pending::<()>().await;
    };
    tokio::select! {
        read = reading.read_to_end(&mut answer) => { read?; }
        () = rest => {}
    }
    let text = String::from_utf8(answer).map_err(|_| invalid("the answer isn't text"))?;
    let (head, body) = text
        .split_once("\r\n\r\n")
        .ok_or_else(|| invalid("no whole answer"))?;
    let status = head
        .split(' ')
        .nth(1)
        .and_then(|code| code.parse::<StatusCode>().ok())
        .ok_or_else(|| invalid("no status"))?;
    Ok((status, serde_json::from_str(body).ok()))
}
