//! The real program, killed at random moments while people use it: nothing it answered with success may be lost or doubled,
//! nothing may stand half-done (T34). Rounds and seed may be given, as `make crash` does; the seed is printed.

#![cfg(feature = "demo")]

#[path = "crash/people.rs"]
mod people;
#[expect(dead_code, reason = "other tests look behind the program's back there")]
#[path = "support/postgres.rs"]
mod postgres;

use cabinet::demo::driver::check::{Snapshot, verify};
use cabinet::demo::driver::dice::Dice;
use cabinet::demo::driver::ledger::Noted;
use cabinet::pki::Anchors;
use cabinet::server::store::{Database, Store as _};
use cabinet::server::world::{Random as _, SystemRandom, World};
use people::{Engine, Scene};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// People who are at it at the same time.
const PEOPLE: u64 = 6;

fn given(name: &str) -> Option<u64> {
    std::env::var(name)
        .ok()
        .map(|text| text.parse().expect("a number"))
}

fn seed() -> u64 {
    given("CABINET_TEST_CRASH_SEED").unwrap_or_else(|| {
        let mut bytes = [0; 4];
        SystemRandom.fill(&mut bytes);
        u32::from_le_bytes(bytes).into()
    })
}

async fn snapshot_of(store: Database) -> Snapshot {
    let mut at_once = store.read_at_once().await.unwrap();
    let snapshot = Snapshot::read(&mut at_once).await.unwrap();
    drop(at_once);
    store.close().await;
    snapshot
}

async fn snapshot(scene: &Scene) -> Snapshot {
    snapshot_of(scene.store().await).await
}

/// Verifies these signatures anew; what is wrong with them.
async fn verified(scene: &Scene, ids: impl Iterator<Item = &str>) -> Vec<String> {
    let anchors = Anchors::load(&scene.folder().join("authorities")).unwrap();
    let store = scene.store().await;
    let mut reading = store.read().await.unwrap();
    let mut faults = Vec::new();
    for id in ids {
        faults.extend(verify(&mut reading, id, &anchors).await.unwrap());
    }
    drop(reading);
    store.close().await;
    faults
}

/// A scene whose folder is still there.
struct Ended {
    scene: Scene,
    _folder: TempDir,
}

impl Ended {
    fn file(&self) -> PathBuf {
        self.scene.file()
    }
}

/// What `cabinet audit verify` says of the chain once all of it is linked: the lease of a worker that was killed must end.
async fn linked(scene: &Scene) -> String {
    let mut told = String::new();
    for _ in 0..60 {
        told = scene.program.told(&["audit", "verify"]).unwrap();
        if told.contains("rows not linked yet: 0") {
            return told;
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    panic!("not linked within a minute: {told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn t34_nothing_answered_is_lost_or_doubled_however_often_the_server_is_killed() {
    let ended = killed(Engine::Sqlite).await;
    assert_eq!(
        Database::faults(&ended.file()).await.unwrap(),
        Vec::<String>::new()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn t34_nothing_answered_is_lost_or_doubled_on_postgresql_either() {
    if let Some(fresh) = postgres::fresh().await {
        killed(Engine::Postgres(fresh)).await;
    }
}

/// Round after round; what is left of the scene, its server killed a last time.
async fn killed(engine: Engine) -> Ended {
    let rounds = given("CABINET_TEST_CRASH_ROUNDS").unwrap_or(30);
    let seed = seed();
    println!("seed {seed}, {rounds} rounds (CABINET_TEST_CRASH_SEED, CABINET_TEST_CRASH_ROUNDS)");
    let dice = Dice::new(seed);
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let mut scene = Scene::new(folder.path(), seed, PEOPLE, engine).await;
    let (mut checked, begun, mut slowest) = (0, Instant::now(), Duration::ZERO);
    for round in 1..=rounds {
        scene.go_on();
        let moment = Duration::from_millis(300 + dice.below(2700));
        tokio::time::sleep(moment).await;
        scene.program.kill();
        scene.hold();
        slowest = slowest.max(scene.program.start().await.unwrap());
        let noted = scene.ledger.all();
        let stored = snapshot(&scene).await;
        let fresh = noted[checked..].iter().filter_map(|noted| match noted {
            Noted::Signed { application, .. } => Some(application.as_str()),
            _ => None,
        });
        let mut faults = stored.faults();
        faults.extend(stored.missing(&noted));
        faults.extend(verified(&scene, fresh).await);
        assert!(
            faults.is_empty(),
            "round {round}, seed {seed}:\n{}",
            faults.join("\n")
        );
        assert_eq!(scene.odd(), Vec::<String>::new(), "round {round}, seed {seed}");
        checked = noted.len();
        if round % 10 == 0 || rounds <= 30 {
            println!(
                "round {round}: killed after {moment:?}, {} signed, {} successes noted, {:.0} s",
                stored.signed(),
                noted.len(),
                begun.elapsed().as_secs_f64()
            );
        }
    }
    scene.end().await;

    let stored = snapshot(&scene).await;
    let noted = scene.ledger.all();
    let mut faults = stored.faults();
    faults.extend(stored.missing(&noted));
    faults.extend(verified(&scene, stored.signed_ones()).await);
    assert!(faults.is_empty(), "seed {seed}:\n{}", faults.join("\n"));
    assert!(stored.signed() as u64 >= rounds, "hardly anybody signed");
    for way in ["Eds", "EgovMobile"] {
        let by = noted
            .iter()
            .filter(|noted| format!("{noted:?}").contains(&format!("way: {way}")));
        assert!(by.count() > 0, "nobody signed by {way}");
    }
    scene.bundles_verify().await;
    let told = linked(&scene).await;
    scene.program.kill();
    println!(
        "{} signed, {} successes noted, {} cuts; the slowest start took {slowest:?}\n{told}",
        stored.signed(),
        noted.len(),
        scene.cuts()
    );
    Ended {
        scene,
        _folder: folder,
    }
}

/// What somebody could find in a database that lost or doubled something.
const TORN: &[(&str, &str)] = &[
    ("DELETE FROM evidence; DELETE FROM signatures", "state and signature don't agree"),
    ("UPDATE applications SET state = 'frozen', applied_at = NULL", "state and signature don't agree"),
    ("UPDATE documents SET ended_at = 1", "0 live documents"),
    ("DELETE FROM outbox WHERE channel = 'sms'", "0 messages by sms"),
    ("UPDATE outbox SET recipient = 'x' WHERE channel = 'email'", "0 messages by email"),
    ("DELETE FROM outbox WHERE channel = 'webhook'", "0 events"),
    (
        "INSERT INTO outbox (id, channel, recipient, subject, body, created_at, next_try_at)
         SELECT 'twice' || id, channel, recipient, subject, body, created_at, next_try_at FROM outbox WHERE channel = 'sms'",
        "2 messages by sms",
    ),
    ("UPDATE requisites SET version = version + 1", "isn't the end of the history"),
    (
        "UPDATE requisites SET content = replace(content, '+7701', '+7702')",
        "isn't the end of the history",
    ),
    (
        "DROP TRIGGER requisites_history_is_not_removed; DELETE FROM requisites_history WHERE source = 'application'",
        "0 times in the history",
    ),
    (
        "DROP TRIGGER requisites_history_is_not_changed;
         UPDATE requisites_history SET after = replace(after, '+7701', '+7702') WHERE source = 'application';
         UPDATE requisites SET content = replace(content, '+7701', '+7702')",
        "aren't what the document says",
    ),
    (
        "DROP TRIGGER audit_is_not_removed; DELETE FROM audit_chain; DELETE FROM audit WHERE event = 'application.applied'",
        "0 times applied in the audit",
    ),
    (
        "INSERT INTO audit (at, event, iin, subject, details) SELECT at, event, iin, subject, details FROM audit
         WHERE event = 'application.applied'",
        "2 times applied in the audit",
    ),
    ("UPDATE signatures SET cms_sha256 = zeroblob(32)", "doesn't tell of this signature once"),
    ("DELETE FROM evidence", "no evidence"),
    ("UPDATE qr_sessions SET state = 'reading'", "a phone is still waited for"),
    ("DELETE FROM qr_sessions", "0 phones have signed"),
    ("DELETE FROM sign_ins", "lost: SignedIn"),
    ("DELETE FROM accounts", "lost: Registered"),
    ("UPDATE applications SET version = 0", "lost: Saved"),
    ("UPDATE applications SET number = '2000-000001'", "lost: Frozen"),
    ("UPDATE applications SET signed_by_way = 'eds'", "lost: Signed"),
];

/// Six megabytes of memory as the disk of the data, unmounted when it goes.
struct SmallDisk(PathBuf);

impl SmallDisk {
    fn at(folder: &Path) -> Self {
        std::fs::create_dir_all(folder).unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=6m", "tmpfs"])
            .arg(folder)
            .status();
        assert!(mounted.unwrap().success());
        Self(folder.to_owned())
    }

    /// Until not a byte is left.
    fn fill(&self) {
        use std::io::Write as _;
        let mut filler = std::fs::File::create(self.0.join("filler")).unwrap();
        while filler.write(&[0; 1024]).is_ok() {}
    }

    fn free(&self) {
        std::fs::remove_file(self.0.join("filler")).unwrap();
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Nothing else can be done about it here.
        let _ = Command::new("umount").arg("--lazy").arg(&self.0).status();
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "mounts a tmpfs, as root alone may: part of `make crash`"]
async fn t34_a_full_disk_refuses_and_the_server_goes_on_when_there_is_room() {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let disk = SmallDisk::at(&folder.path().join("data"));
    let mut scene = Scene::new(folder.path(), 7, 1, Engine::Sqlite).await;
    scene.one_way(true).await.unwrap();
    for _ in 0..3 {
        disk.fill();
        let refused = scene.one_way(false).await.unwrap_err();
        assert_eq!(refused, "503 unavailable");
        let stored = snapshot(&scene).await;
        assert_eq!(stored.faults(), Vec::<String>::new());
        disk.free();
        // The same server, without a restart.
        scene.one_way(false).await.unwrap();
    }
    let stored = snapshot(&scene).await;
    let noted = scene.ledger.all();
    assert_eq!(
        [stored.faults(), stored.missing(&noted)].concat(),
        Vec::<String>::new()
    );
    assert_eq!(stored.signed(), 4);
    scene.program.kill();
}

/// A check that sees nothing would pass for ever.
#[tokio::test(flavor = "multi_thread")]
async fn the_check_sees_everything_that_could_be_lost_or_doubled() {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let mut scene = Scene::new(folder.path(), 7, 1, Engine::Sqlite).await;
    scene.one_way(true).await.unwrap();
    let noted = scene.ledger.all();
    let stored = snapshot(&scene).await;
    assert_eq!(
        [stored.faults(), stored.missing(&noted)].concat(),
        Vec::<String>::new()
    );
    scene.program.kill();
    let whole = scene.file();
    for (sql, expected) in TORN {
        let torn = folder.path().join("torn.sqlite");
        std::fs::remove_file(&torn).ok();
        Database::copy(&whole, &torn).await.unwrap();
        tear(&torn, sql).await;
        let store = Database::open(&torn, World::system()).await.unwrap();
        let stored = snapshot_of(store).await;
        let faults = [stored.faults(), stored.missing(&noted)].concat();
        assert!(
            faults.iter().any(|fault| fault.contains(expected)),
            "{sql}: {faults:?}"
        );
    }
    let torn = folder.path().join("torn.sqlite");
    std::fs::remove_file(&torn).unwrap();
    Database::copy(&whole, &torn).await.unwrap();
    let swapped = "UPDATE documents SET pdf = CAST('%PDF-1.7' AS BLOB)";
    tear(&torn, swapped).await;
    let anchors = Anchors::load(&folder.path().join("authorities")).unwrap();
    let store = Database::open(&torn, World::system()).await.unwrap();
    let mut reading = store.read().await.unwrap();
    let id = stored.signed_ones().next().unwrap();
    assert!(verify(&mut reading, id, &anchors).await.unwrap().is_some());
}

async fn tear(file: &Path, sql: &'static str) {
    use sqlx::ConnectOptions as _;
    let options = sqlx::sqlite::SqliteConnectOptions::new()
        .filename(file)
        .foreign_keys(false);
    let mut connection = options.connect().await.unwrap();
    sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
    sqlx::Connection::close(connection).await.unwrap();
}
