//! The program itself: what an operator sees on the terminal, and what stands in the log.

use crate::house::{ALIYA, House, lay_page};
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};

pub fn cabinet(folder: &Path) -> Command {
    lay_page(&folder.join("page"));
    let mut command = Command::new(env!("CARGO_BIN_EXE_cabinet"));
    command
        .env_clear()
        .env("CABINET_DATA", folder.join("data"))
        .env("CABINET_PAGE_DIR", folder.join("page"))
        .env(
            "CABINET_CA_DIR",
            Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/authorities"),
        )
        .env("CABINET_LISTEN", "127.0.0.1:0")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// What it says when it doesn't start: one line, beside the log's.
fn complaint(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(!output.status.success());
    let lines = String::from_utf8(output.stderr).unwrap();
    // Events of the log begin with their time.
    let said: Vec<&str> = lines.lines().filter(|line| !line.starts_with("20")).collect();
    match said.as_slice() {
        [line] => line.strip_prefix("cabinet: ").unwrap_or_default().to_owned(),
        _ => panic!("not one complaint in {lines:?}"),
    }
}

#[test]
fn a_setting_that_is_wrong_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let said = complaint(cabinet(folder.path()).env("CABINET_LISTEN", "here"));
    assert!(said.contains("CABINET_LISTEN"), "{said}");
    let said = complaint(cabinet(folder.path()).env("CABINET_PUBLIC_URL", "http://cabinet.example"));
    assert!(said.contains("public_url") && said.contains("https://"), "{said}");
    let file = folder.path().join("cabinet.toml");
    std::fs::write(&file, "listen = '127.0.0.1:0'\n[sms\n").unwrap();
    let said = complaint(cabinet(folder.path()).arg("--config").arg(&file));
    assert!(said.contains("cabinet.toml"), "{said}");
}

#[tokio::test]
async fn a_port_that_is_taken_is_told_with_what_to_do() {
    let house = House::new().await;
    let folder = tempfile::tempdir().unwrap();
    let address = house.running.address.to_string();
    let mut command = cabinet(folder.path());
    command.env("CABINET_LISTEN", &address);
    let said = tokio::task::spawn_blocking(move || complaint(&mut command))
        .await
        .unwrap();
    assert!(said.contains(&address) && said.contains("taken"), "{said}");
}

#[test]
fn a_database_that_isnt_one_is_told() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(folder.path().join("data")).unwrap();
    std::fs::write(
        folder.path().join("data/cabinet.sqlite"),
        "no database at all, but text".repeat(100),
    )
    .unwrap();
    let said = complaint(&mut cabinet(folder.path()));
    assert!(said.contains("cabinet.sqlite"), "{said}");
}

/// What `docs/operations.md` has an operator do before a newer build answers anybody.
#[test]
fn the_files_of_a_build_are_exported_for_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let assets = folder.path().join("assets");
    for _ in 0..2 {
        let mut exporting = cabinet(folder.path());
        let done = exporting
            .args(["assets", "export"])
            .arg(&assets)
            .output()
            .unwrap();
        assert!(done.status.success(), "{done:?}");
        assert_eq!(String::from_utf8(done.stdout).unwrap(), "files: 1\n");
    }
    let names: Vec<_> = std::fs::read_dir(&assets)
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(names, ["app-0123456789abcdef.js"]);
    let said = complaint(cabinet(folder.path()).args(["assets", "export", "/dev/null/assets"]));
    assert!(said.contains("/dev/null/assets"), "{said}");
}

#[test]
fn a_folder_of_other_builds_that_is_missing_and_a_page_of_no_build_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let said = complaint(cabinet(folder.path()).env("CABINET_ASSETS_DIR", "/no/such/folder"));
    assert!(said.contains("/no/such/folder"), "{said}");
    for build in ["", "two words"] {
        let mut command = cabinet(folder.path());
        std::fs::write(folder.path().join("page/build.txt"), build).unwrap();
        let said = complaint(&mut command);
        assert!(said.contains("build.txt"), "{said}");
    }
}

#[tokio::test]
async fn a_database_of_a_newer_build_is_told_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let house = House::with(|config| config.data = folder.path().join("data"), |_| {}).await;
    house.running.stop();
    house.running.join().await;
    let file = folder.path().join("data/cabinet.sqlite");
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&file);
    let mut connection = sqlx::ConnectOptions::connect(&options).await.unwrap();
    sqlx::query("INSERT INTO migrations SELECT max(number) + 1, zeroblob(32), 0 FROM migrations")
        .execute(&mut connection)
        .await
        .unwrap();
    sqlx::Connection::close(connection).await.unwrap();
    let before = std::fs::read(&file).unwrap();
    let said = complaint(&mut cabinet(folder.path()));
    assert!(
        said.contains("cabinet.sqlite") && said.contains("newer"),
        "{said}"
    );
    assert!(std::fs::read(&file).unwrap() == before, "nothing was written");
}

/// The drill: copied while the server answers, put back elsewhere, whole.
#[tokio::test]
async fn t36_a_copy_taken_while_it_runs_is_restored_elsewhere() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let house = House::with(|config| config.data = at("data"), |_| {}).await;
    house.sign_in().await;
    let mut copying = cabinet(folder.path());
    let copied = copying.arg("backup").arg(at("copy")).output().unwrap();
    assert!(copied.status.success(), "{copied:?}");
    house.sign_in().await;
    let again = complaint(cabinet(folder.path()).arg("backup").arg(at("copy")));
    assert!(again.contains("holds something already"), "{again}");

    let restoring = || {
        let mut command = cabinet(folder.path());
        command.env("CABINET_DATA", at("elsewhere")).arg("restore");
        command
    };
    let nothing = complaint(restoring().arg(at("page")));
    assert!(nothing.contains("there is no copy"), "{nothing}");
    assert!(!at("elsewhere").exists(), "nothing was begun");
    let restored = restoring().arg(at("copy")).output().unwrap();
    assert!(restored.status.success(), "{restored:?}");
    assert!(String::from_utf8_lossy(&restored.stdout).contains("sound links"));
    let occupied = complaint(restoring().arg(at("copy")));
    assert!(
        occupied.contains("stands in") && occupied.contains("already"),
        "{occupied}"
    );
    for key in ["pepper", "receipts"] {
        let of = |data: &str| std::fs::read(at(data).join("keys").join(key)).unwrap();
        assert_eq!(of("elsewhere"), of("data"), "{key}");
    }
    let restored = sqlx::sqlite::SqliteConnectOptions::new().filename(at("elsewhere/cabinet.sqlite"));
    let mut restored = sqlx::ConnectOptions::connect(&restored).await.unwrap();
    let sign_ins: i64 = sqlx::query_scalar("SELECT count(*) FROM sign_ins WHERE iin = ?")
        .bind(ALIYA)
        .fetch_one(&mut restored)
        .await
        .unwrap();
    assert_eq!(sign_ins, 1, "the one before the copy was taken");
}

#[tokio::test]
async fn t36_a_damaged_copy_is_told_and_not_restored() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let house = House::with(|config| config.data = at("data"), |_| {}).await;
    house.sign_in().await;
    assert!(
        cabinet(folder.path())
            .arg("backup")
            .arg(at("copy"))
            .status()
            .unwrap()
            .success()
    );
    let copy = at("copy/cabinet.sqlite");
    let mut bytes = std::fs::read(&copy).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 8192].fill(0xa5);
    std::fs::write(&copy, bytes).unwrap();
    let mut command = cabinet(folder.path());
    command.env("CABINET_DATA", at("elsewhere"));
    let said = complaint(command.arg("restore").arg(at("copy")));
    assert!(said.contains("damaged") || said.contains("malformed"), "{said}");
    assert!(!at("elsewhere/cabinet.sqlite").exists());
}

/// Permissions don't bind root, as whom tests may run: a trigger refuses writing in their place.
#[tokio::test]
async fn a_database_that_cant_be_written_to_is_told_at_start() {
    let folder = tempfile::tempdir().unwrap();
    let house = House::with(|config| config.data = folder.path().join("data"), |_| {}).await;
    house.running.stop();
    house.running.join().await;
    let file = folder.path().join("data/cabinet.sqlite");
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&file);
    let mut connection = sqlx::ConnectOptions::connect(&options).await.unwrap();
    sqlx::query(
        "CREATE TRIGGER nobody_writes BEFORE UPDATE ON migrations BEGIN SELECT RAISE(ABORT, 'read-only'); END",
    )
    .execute(&mut connection)
    .await
    .unwrap();
    sqlx::Connection::close(connection).await.unwrap();
    let said = complaint(&mut cabinet(folder.path()));
    assert!(
        said.contains("cabinet.sqlite") && said.contains("read-only"),
        "{said}"
    );
}

#[test]
fn a_data_folder_that_cant_be_used_is_told() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("data"), "a file where the folder should be").unwrap();
    let said = complaint(&mut cabinet(folder.path()));
    assert!(said.contains("data folder"), "{said}");
}

#[test]
fn authorities_that_arent_there_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let said = complaint(cabinet(folder.path()).env("CABINET_CA_DIR", folder.path().join("nowhere")));
    assert!(said.contains("authorities") && said.contains("nowhere"), "{said}");
}

#[test]
fn a_page_that_isnt_built_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = cabinet(folder.path());
    std::fs::remove_file(folder.path().join("page/index.ru.html")).unwrap();
    let said = complaint(&mut command);
    assert!(said.contains("index.ru.html"), "{said}");
}

#[test]
fn it_says_its_version_and_build() {
    let output = Command::new(env!("CARGO_BIN_EXE_cabinet"))
        .arg("--version")
        .output()
        .unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(
        said.starts_with(concat!("cabinet ", env!("CARGO_PKG_VERSION"), " (")),
        "{said}"
    );
}

/// Where systemd is at hand: it understands the unit, and rates it as docs/operations.md says.
#[test]
fn the_unit_of_systemd_is_sound_and_leaves_little_open() {
    if Command::new("systemd-analyze").arg("--version").output().is_err() {
        return;
    }
    let written = Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy/cabinet.service");
    let unit = std::fs::read_to_string(written).unwrap();
    assert!(unit.contains("/usr/local/bin/cabinet "));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("cabinet.service");
    // A program that is there.
    let unit = unit.replace(
        "/usr/local/bin/cabinet ",
        &format!("{} ", env!("CARGO_BIN_EXE_cabinet")),
    );
    std::fs::write(&file, unit).unwrap();
    for arguments in [
        &["verify", "--man=no"][..],
        &["security", "--offline=yes", "--threshold=15", "--no-pager"],
    ] {
        let output = Command::new("systemd-analyze")
            .args(arguments)
            .arg(&file)
            .output()
            .unwrap();
        assert!(output.status.success(), "{arguments:?}: {output:?}");
    }
}

pub struct Ended(pub Child);

impl Drop for Ended {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test]
async fn t35_the_log_names_nobody_and_every_event_is_one_line() {
    let folder = tempfile::tempdir().unwrap();
    let mut child = Ended(
        cabinet(folder.path())
            .env("CABINET_LOG", "json")
            .env("RUST_LOG", "debug")
            .spawn()
            .unwrap(),
    );
    let mut log = BufReader::new(child.0.stderr.take().unwrap());
    let mut lines = String::new();
    let address = loop {
        let mut line = String::new();
        assert_ne!(log.read_line(&mut line).unwrap(), 0, "it listens: {lines}");
        lines.push_str(&line);
        if let Some((_, after)) = line.split_once("\"address\":\"") {
            break after.split('"').next().unwrap().to_owned();
        }
    };
    let rest = std::thread::spawn(move || {
        let mut rest = String::new();
        log.read_to_string(&mut rest).unwrap();
        rest
    });
    // Fails only where one is installed already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::new();
    for (iin, agent) in [
        (ALIYA, "Mozilla\t990101390009"),
        ("990101390009\nFORGED level=error", "x"),
    ] {
        let answer = client
            .post(format!("http://{address}/api/accounts/sign_in"))
            .header("sec-fetch-site", "same-origin")
            .header("user-agent", agent)
            .header("x-request-id", "FORGED")
            .json(&serde_json::json!({ "input": { "iin": iin, "password": "secret password" } }))
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 401);
    }
    let _ = client
        .get(format!("http://{address}/{ALIYA}/FORGED%0aFORGED?iin={ALIYA}"))
        .send()
        .await
        .unwrap();
    drop(child);
    lines.push_str(&rest.join().unwrap());
    assert!(lines.contains("answered"), "requests are in the log: {lines}");
    assert!(
        !lines.contains("FORGED") && !lines.contains("secret password"),
        "{lines}"
    );
    for line in lines.lines() {
        serde_json::from_str::<serde_json::Value>(line).unwrap_or_else(|_| panic!("one event: {line}"));
        let numbers: Vec<&str> = line.split(|c: char| !c.is_ascii_digit()).collect();
        assert!(!numbers.contains(&ALIYA), "{line}");
    }
}
