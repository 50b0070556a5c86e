//! How many signed applications a second are taken: 64 clients each POST a CMS over a document frozen before, and each is
//! answered once it is on disk. The program asks OCSP anew for each, of a responder beside the driver, and sends the messages
//! that follow: all of that shares the machine. Beside it what the same machine does at most: verifying the same signatures
//! and nothing else, and writing their bytes in transactions of 64 and nothing else.

use cabinet::demo::driver::browser::Browser;
use cabinet::demo::driver::dice::Dice;
use cabinet::demo::driver::fill::fill;
use cabinet::demo::driver::outside::{Outside, free_port};
use cabinet::demo::driver::program::Program;
use cabinet::demo::driver::table::Times;
use cabinet::demo::driver::visitor::{Frozen, Signature, Visitor};
use cabinet::demo::people::crowd::Somebody;
use cabinet::pki::{self, Anchors, Content, Instant as Moment, Purpose};
use sqlx::ConnectOptions as _;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Instant;

/// Of each kind of key.
const SUBMITS: u64 = 960;
const CLIENTS: usize = 64;
/// Who are made ready at once.
const PREPARING: usize = 8;
/// Of the smaller limit, at least.
const SHARE: f64 = 0.7;
/// Commits for one submit, fewer than: those of the audit and of sent messages are among them.
const COMMITS: f64 = 0.2;

/// One who has only to hand in.
struct Ready {
    visitor: Visitor,
    frozen: Frozen,
    signature: Signature,
}

fn main() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    // Every third key of the crowd is RSA's.
    for (name, kind) in [("RSA-2048", 2), ("GOST 34.10-2015 (512)", 0)] {
        runtime.block_on(measure(name, kind));
    }
}

async fn measure(name: &str, kind: u64) {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    let outside = Arc::new(Outside::start(folder.path(), 1).await.expect("the outside world"));
    fill(&folder.path().join("data"), 3 * SUBMITS, |_| {})
        .await
        .expect("the crowd");
    let (port, metrics) = (
        free_port().await.expect("a port"),
        free_port().await.expect("a port"),
    );
    let url = format!("http://127.0.0.1:{port}");
    let more = format!("metrics_listen = \"127.0.0.1:{metrics}\"");
    let settings = outside.settings(port, &more);
    let program = Path::new(env!("CARGO_BIN_EXE_cabinet"));
    let mut program = Program::new(program, folder.path(), &url, &settings).expect("the program");
    program.start().await.expect("it starts");

    let ready = prepared(&outside, &url, kind).await;
    let bytes: Vec<(Vec<u8>, Vec<u8>)> = ready
        .iter()
        .map(|ready| (ready.signature.cms.clone(), ready.frozen.pdf.clone()))
        .collect();
    let before = commits(metrics).await;
    let rate = submitted(ready).await;
    let each = (commits(metrics).await - before) / SUBMITS as f64;
    let anchors = Anchors::load(&folder.path().join("authorities")).expect("the authorities");
    let now = Moment::from_unix(outside.clock.now().0 / 1000);
    let verified = verified(&bytes, &anchors, now);
    let written = written(folder.path(), &bytes).await;
    let share = rate / verified.min(written);
    let weight = bytes.iter().map(|(cms, _)| cms.len()).sum::<usize>() / bytes.len();
    println!("{name}: {SUBMITS} signed applications, {CLIENTS} clients, a CMS of {weight} bytes");
    for (what, value) in [
        ("taken, each on disk, in a second", rate),
        ("verified and nothing else (all cores)", verified),
        ("written in groups of 64 and nothing else", written),
    ] {
        println!("  {what:<42} {value:>9.0}");
    }
    println!(
        "  {:<42} {share:>9.2} (aim {SHARE})",
        "share of the smaller limit"
    );
    println!(
        "  {:<42} {each:>9.3} (aim: less than {COMMITS})",
        "commits for one, the workers' too"
    );
}

/// Signs everybody in, freezes and signs; nothing is handed in yet.
async fn prepared(outside: &Arc<Outside>, url: &str, kind: u64) -> Vec<Ready> {
    let http = reqwest::Client::new();
    let numbers = Arc::new(Mutex::new(
        (0..SUBMITS).map(|turn| 3 * turn + kind).collect::<Vec<_>>(),
    ));
    let mut preparing = tokio::task::JoinSet::new();
    for _ in 0..PREPARING {
        let (numbers, outside, http, url) = (numbers.clone(), outside.clone(), http.clone(), url.to_owned());
        preparing.spawn(async move {
            let mut ready = Vec::new();
            loop {
                let Some(number) = numbers.lock().expect("nobody panics").pop() else {
                    return ready;
                };
                ready.push(prepare(&outside, &http, &url, number).await);
            }
        });
    }
    preparing.join_all().await.into_iter().flatten().collect()
}

async fn prepare(outside: &Arc<Outside>, http: &reqwest::Client, url: &str, number: u64) -> Ready {
    let person = Somebody::new(number).expect("one of the crowd");
    let browser = Browser::new(http.clone(), url, Times::default().watcher());
    let mut visitor = Visitor::new(person, browser, outside.clone());
    visitor.sign_in_by_key().await.expect("signed in");
    let draft = visitor.open().await.expect("the form");
    let application = draft["application"].as_str().expect("its id").to_owned();
    let version = draft["version"].as_u64().expect("its version");
    let input = visitor.edited(&draft, &Dice::new(number), false);
    let version = visitor.save(&application, version, &input).await.expect("saved");
    let frozen = visitor.freeze(&application, version).await.expect("frozen");
    let signature = visitor.signature(&frozen, true).expect("signed");
    Ready {
        visitor,
        frozen,
        signature,
    }
}

/// How many are taken in a second.
async fn submitted(ready: Vec<Ready>) -> f64 {
    let ready = Arc::new(Mutex::new(ready));
    let begun = Instant::now();
    let mut clients = tokio::task::JoinSet::new();
    for _ in 0..CLIENTS {
        let ready = ready.clone();
        clients.spawn(async move {
            loop {
                let Some(mut next) = ready.lock().expect("nobody panics").pop() else {
                    return;
                };
                let taken = next.visitor.hand_in(&next.frozen, &next.signature).await;
                taken.expect("a sound signature is taken");
            }
        });
    }
    clients.join_all().await;
    SUBMITS as f64 / begun.elapsed().as_secs_f64()
}

/// How many the cores verify in a second.
fn verified(bytes: &[(Vec<u8>, Vec<u8>)], anchors: &Anchors, now: Moment) -> f64 {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let begun = Instant::now();
    std::thread::scope(|threads| {
        for part in bytes.chunks(bytes.len().div_ceil(cores)) {
            threads.spawn(move || {
                for (cms, pdf) in part {
                    pki::verify(cms, Content::Attached(pdf), Purpose::Document, now, anchors)
                        .expect("a sound signature");
                }
            });
        }
    });
    bytes.len() as f64 / begun.elapsed().as_secs_f64()
}

/// How many of these bytes SQLite brings to disk in a second, 64 with one commit.
async fn written(folder: &Path, bytes: &[(Vec<u8>, Vec<u8>)]) -> f64 {
    let mut connection = SqliteConnectOptions::new()
        .filename(folder.join("limit.sqlite"))
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .connect()
        .await
        .expect("a file");
    sqlx::query("CREATE TABLE written (id INTEGER PRIMARY KEY, cms BLOB NOT NULL)")
        .execute(&mut connection)
        .await
        .expect("a table");
    let begun = Instant::now();
    for group in bytes.chunks(64) {
        let mut tx = sqlx::Connection::begin(&mut connection)
            .await
            .expect("a transaction");
        for (cms, _) in group {
            sqlx::query("INSERT INTO written (cms) VALUES (?)")
                .bind(cms)
                .execute(&mut *tx)
                .await
                .expect("room");
        }
        tx.commit().await.expect("on disk");
    }
    bytes.len() as f64 / begun.elapsed().as_secs_f64()
}

/// So far, by the program's own count.
async fn commits(port: u16) -> f64 {
    let answer = reqwest::get(format!("http://127.0.0.1:{port}/metrics")).await;
    let metrics = answer.expect("an answer").text().await.expect("a text");
    let line = metrics
        .lines()
        .find_map(|line| line.strip_prefix("cabinet_database_commits_total "));
    line.expect("it is counted").parse().expect("a number")
}
