//! What ten thousand pages that wait for a phone cost a server: memory, processor time, how soon a status is answered and
//! news arrives. The server runs in a process of its own, started from this very program; each page has a connection of its
//! own and asks again as the page does (25 s long poll, a new code every minute). All figures are of one run, and what can
//! be is told as a ratio to the same server with nobody waiting.

use cabinet::server::config::Config;
use cabinet::server::store::Database;
use cabinet::server::world::{World, sha256};
use serde_json::{Value, json};
use sqlx::{Connection as _, SqliteConnection};
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::mpsc;

const PAGES: usize = 10_000;
/// Statuses asked for one after the other, with nobody and with everybody waiting.
const ASKED: usize = 2_000;
/// Sessions that end while the others wait.
const ENDED: usize = 500;
const WATCHED: Duration = Duration::from_secs(30);
/// Given to the server's process instead of the words of `cargo bench`.
const SERVE: &str = "--serve";

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    match arguments.iter().position(|argument| argument == SERVE) {
        Some(at) => runtime.block_on(serve(Path::new(&arguments[at + 1]))),
        None => runtime.block_on(measure()),
    }
}

/// The server's process: says its address and answers until it is killed.
async fn serve(folder: &Path) {
    let page = folder.join("page");
    std::fs::create_dir_all(&page).expect("a folder");
    for lang in ["kk", "ru", "en"] {
        let html = format!(
            "<!doctype html><html lang=\"{lang}\"><meta name=\"cabinet-ncalayer\" content=\"wss://127.0.0.1:13579/\">"
        );
        for program in ["door", "room", "index"] {
            std::fs::write(page.join(format!("{program}.{lang}.html")), &html).expect("a page");
        }
    }
    let config = Config {
        listen: ([127, 0, 0, 1], 0).into(),
        data: folder.to_owned(),
        page_dir: Some(page),
        ca_dir: Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/authorities"),
        ..Config::default()
    };
    let running = cabinet::server::start(config, World::system())
        .await
        .expect("the server starts");
    println!("{}", running.address);
    std::future::pending::<()>().await;
}

struct Server {
    process: Child,
    address: SocketAddr,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Server {
    fn start(folder: &Path) -> Self {
        let mut process = Command::new(std::env::current_exe().expect("this program"))
            .arg(SERVE)
            .arg(folder)
            .stdout(Stdio::piped())
            .spawn()
            .expect("a process");
        let said = process.stdout.take().expect("its output");
        let mut line = String::new();
        BufReader::new(said).read_line(&mut line).expect("a line");
        let address = line.trim().parse().expect("an address");
        Self { process, address }
    }

    /// Resident memory in kilobytes.
    fn memory(&self) -> usize {
        let status = self.file("status");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB"));
        kilobytes.and_then(|text| text.parse().ok()).expect("VmRSS")
    }

    /// Processor time used so far. Linux counts in hundredths of a second.
    fn work(&self) -> Duration {
        let stat = self.file("stat");
        // Behind the program's name, which may hold anything: utime and stime are the 12th and 13th field.
        let (_, fields) = stat.rsplit_once(')').expect("a name");
        let ticks: u64 = fields
            .split_whitespace()
            .skip(11)
            .take(2)
            .map(|field| field.parse::<u64>().expect("a number"))
            .sum();
        Duration::from_millis(ticks * 10)
    }

    fn file(&self, name: &str) -> String {
        std::fs::read_to_string(format!("/proc/{}/{name}", self.process.id())).expect("Linux's /proc")
    }
}

/// Everybody signed in, with a code on the screen. Written straight into the database: making ten thousand applications
/// is not what is measured.
async fn seed(folder: &Path) {
    let world = World::system();
    let file = folder.join("cabinet.sqlite");
    drop(Database::open(&file, world.clone()).await.expect("a database"));
    let mut connection = SqliteConnection::connect(&format!("sqlite://{}", file.display()))
        .await
        .expect("a database");
    let mut tx = connection.begin().await.expect("a transaction");
    let now = world.now().0;
    for number in 0..PAGES {
        let iin = iin(number);
        sqlx::query(
            "INSERT INTO people (iin, surname, given_name, birth_date) VALUES (?, 'С', 'Ә', '1999-01-01')",
        )
        .bind(&iin)
        .execute(&mut *tx)
        .await
        .expect("a person");
        sqlx::query(
            "INSERT INTO sessions (secret_hash, iin, way, created_at, seen_at, address, user_agent)
             VALUES (?, ?, 'eds', ?, ?, '203.0.113.1', 'a browser')",
        )
        .bind(sha256(cookie(number)).as_slice())
        .bind(&iin)
        .bind(now)
        .bind(now)
        .execute(&mut *tx)
        .await
        .expect("a session of a browser");
        // People come one after the other: their codes turn at different seconds.
        let started = now - i64::try_from(number % 60).expect("small") * 1000;
        sqlx::query(
            "INSERT INTO qr_sessions (id, seed, application, iin, document_sha256, document_lookup, state, started_at,
                 deadline, change)
             VALUES (?, ?, ?, ?, ?, ?, 'new', ?, ?, ?)",
        )
        .bind(session(number))
        .bind(&sha256(format!("seed {number}"))[..16])
        .bind(format!("application {number}"))
        .bind(&iin)
        .bind(sha256("a document").as_slice())
        .bind(sha256(format!("document {number}")).as_slice())
        .bind(started)
        .bind(started + 300_000)
        .bind(i64::try_from(number).expect("small"))
        .execute(&mut *tx)
        .await
        .expect("a signing session");
    }
    sqlx::query("UPDATE qr_changes SET number = ?")
        .bind(i64::try_from(PAGES).expect("small"))
        .execute(&mut *tx)
        .await
        .expect("the number of changes");
    tx.commit().await.expect("all of it");
}

fn iin(number: usize) -> String {
    format!("{:012}", 990_101_000_000 + number)
}

fn cookie(number: usize) -> String {
    format!("{number:043}")
}

fn session(number: usize) -> String {
    format!("{number:022}")
}

/// A page's connection.
struct Page {
    number: usize,
    stream: TcpStream,
    received: Vec<u8>,
}

impl Page {
    async fn open(address: SocketAddr, number: usize) -> Self {
        let stream = TcpStream::connect(address).await.expect("a connection");
        stream.set_nodelay(true).expect("no delay");
        Self {
            number,
            stream,
            received: Vec::new(),
        }
    }

    async fn ask(&mut self, question: &str, input: &Value) -> Value {
        let body = json!({ "input": input }).to_string();
        let request = format!(
            "POST /api/signing/{question} HTTP/1.1\r\nHost: 127.0.0.1\r\nSec-Fetch-Site: same-origin\r\n\
             Accept: application/json\r\nContent-Type: application/json\r\nCookie: session={}\r\nContent-Length: {}\r\n\r\n{body}",
            cookie(self.number),
            body.len()
        );
        self.stream
            .write_all(request.as_bytes())
            .await
            .expect("the server listens");
        loop {
            if let Some((status, body, length)) = whole(&self.received) {
                assert_eq!(status, 200, "{body}");
                self.received.drain(..length);
                return body;
            }
            let read = self.stream.read_buf(&mut self.received).await;
            assert!(read.expect("an answer") > 0, "the server hung up");
        }
    }

    /// The state, as soon as it is other than what was shown.
    async fn status(&mut self, payload_seen: &str) -> Value {
        let question = json!({
            "session": session(self.number), "seen": "new", "payload_seen": payload_seen,
        });
        self.ask("qr_status", &question).await
    }
}

/// Status and body of an answer that has come whole, and its length.
fn whole(received: &[u8]) -> Option<(u16, Value, usize)> {
    let end = received.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let head = std::str::from_utf8(&received[..end]).expect("a head");
    let status = head.split(' ').nth(1).and_then(|code| code.parse().ok());
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length")
            .then(|| value.trim().parse::<usize>().ok())?
    });
    let whole = end + length.expect("a length");
    let body = received.get(end..whole)?;
    Some((
        status.expect("a status"),
        serde_json::from_slice(body).expect("JSON"),
        whole,
    ))
}

/// What waiting pages tell: that they show their code, that an answer came, and that their session is over.
enum Told {
    Waits,
    Answered,
    Ended { number: usize, at: Instant },
}

/// A page until its session ends.
async fn wait(address: SocketAddr, number: usize, told: mpsc::UnboundedSender<Told>) {
    let mut page = Page::open(address, number).await;
    let mut payload = String::new();
    loop {
        let answer = page.status(&payload).await;
        let message = if answer["state"] != "new" {
            let at = Instant::now();
            let _ = told.send(Told::Ended { number, at });
            return;
        } else if payload.is_empty() {
            Told::Waits
        } else {
            Told::Answered
        };
        answer["payload"]
            .as_str()
            .expect("a code")
            .clone_into(&mut payload);
        // The end of the measurement drops the receiver.
        if told.send(message).is_err() {
            return;
        }
    }
}

async fn measure() {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    seed(folder.path()).await;
    let server = Arc::new(Server::start(folder.path()));
    let mut asker = Page::open(server.address, 0).await;

    let alone = statuses(&mut asker).await;
    let idle = server.memory();

    let (telling, mut told) = mpsc::unbounded_channel();
    let begun = Instant::now();
    let mut pages = tokio::task::JoinSet::new();
    for number in 0..PAGES {
        pages.spawn(wait(server.address, number, telling.clone()));
        // A queue of connections is as long as the system lets it be.
        if number % 100 == 99 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
    let mut waiting = 0;
    while waiting < PAGES {
        if let Some(Told::Waits) = told.recv().await {
            waiting += 1;
        }
    }
    println!("{PAGES} pages wait after {:.1} s", begun.elapsed().as_secs_f64());

    let (work, begun) = (server.work(), Instant::now());
    let mut answers = 0;
    while let Ok(message) = tokio::time::timeout(WATCHED.saturating_sub(begun.elapsed()), told.recv()).await {
        answers += usize::from(matches!(message, Some(Told::Answered)));
    }
    let busy = (server.work() - work).as_secs_f64() / begun.elapsed().as_secs_f64();
    let full = server.memory();
    println!("memory, nobody waiting {:>29.1} MB", megabytes(idle));
    println!(
        "memory, all waiting {:>32.1} MB ({:.1} kB a page)",
        megabytes(full),
        full.saturating_sub(idle) as f64 / PAGES as f64
    );
    println!(
        "answers to waiting pages {:>27.0} a second",
        answers as f64 / begun.elapsed().as_secs_f64()
    );
    println!("one core kept busy for {:>29.1} %", 100.0 * busy);

    let among = statuses(&mut asker).await;
    print("status, nobody waiting", &alone);
    print("status, all waiting", &among);
    println!("ratio of the p95 {:>35.2} ×", p(95, &among) / p(95, &alone));

    print(
        "news of an end, from the act to the page",
        &news(&server, &mut told).await,
    );
    // Before the server goes: nobody waits for it any more.
    pages.shutdown().await;
}

/// Seconds each of many statuses took that are answered at once.
async fn statuses(asker: &mut Page) -> Vec<f64> {
    let mut took = Vec::with_capacity(ASKED);
    for _ in 0..ASKED {
        let begun = Instant::now();
        assert_eq!(asker.status("").await["state"], "new");
        took.push(begun.elapsed().as_secs_f64());
    }
    sorted(took)
}

/// Seconds from an act elsewhere (here, another tab cancels) until the waiting page has heard of it.
async fn news(server: &Server, told: &mut mpsc::UnboundedReceiver<Told>) -> Vec<f64> {
    let mut took = Vec::with_capacity(ENDED);
    for step in 0..ENDED {
        let number = 1 + step * (PAGES - 1) / ENDED;
        let mut tab = Page::open(server.address, number).await;
        let begun = Instant::now();
        let cancelled = tab.ask("qr_cancel", &json!({ "session": session(number) })).await;
        assert_eq!(cancelled["state"], "cancelled");
        let heard = loop {
            match told.recv().await.expect("pages tell") {
                Told::Ended { number: ended, at } => {
                    assert_eq!(ended, number, "only the page concerned hears of it");
                    break at;
                }
                Told::Waits | Told::Answered => {}
            }
        };
        took.push(heard.duration_since(begun).as_secs_f64());
    }
    sorted(took)
}

fn sorted(mut seconds: Vec<f64>) -> Vec<f64> {
    seconds.sort_by(f64::total_cmp);
    seconds
}

/// A percentile of sorted figures.
fn p(percent: usize, sorted: &[f64]) -> f64 {
    sorted[(sorted.len() - 1) * percent / 100]
}

fn print(what: &str, sorted: &[f64]) {
    println!(
        "{what:<44} {:>7.2} ms p50 {:>7.2} ms p95 {:>7.2} ms at most",
        p(50, sorted) * 1e3,
        p(95, sorted) * 1e3,
        p(100, sorted) * 1e3
    );
}

fn megabytes(kilobytes: usize) -> f64 {
    kilobytes as f64 / 1024.0
}
