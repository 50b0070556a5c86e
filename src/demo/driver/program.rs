//! The real program as a process of its own: started on settings in a file, asked until it is ready, killed at any moment.

use super::DriverError;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// A debug build reads ten million people's file in less.
const READY_WITHIN: Duration = Duration::from_secs(60);

pub struct Program {
    program: PathBuf,
    settings: PathBuf,
    log: PathBuf,
    url: String,
    process: Option<Child>,
}

impl Program {
    /// Not started yet. `settings` is the text of its file, which is put into the folder beside its log.
    ///
    /// # Errors
    /// [`DriverError::Io`].
    pub fn new(program: &Path, folder: &Path, url: &str, settings: &str) -> Result<Self, DriverError> {
        let file = folder.join("cabinet.toml");
        fs::write(&file, settings).map_err(DriverError::io(file.display()))?;
        Ok(Self {
            program: program.to_owned(),
            settings: file,
            log: folder.join("cabinet.log"),
            url: url.to_owned(),
            process: None,
        })
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.env_clear().arg("--config").arg(&self.settings);
        command
    }

    /// Starts it and waits until it answers; how long that took.
    ///
    /// # Errors
    /// [`DriverError`], with the end of its log.
    pub async fn start(&mut self) -> Result<Duration, DriverError> {
        let log = File::options()
            .create(true)
            .append(true)
            .open(&self.log)
            .map_err(DriverError::io(self.log.display()))?;
        let begun = Instant::now();
        let process = self
            .command()
            .env("RUST_LOG", "warn,cabinet=warn")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .map_err(DriverError::io(self.program.display()))?;
        self.process = Some(process);
        let asking = reqwest::Client::new();
        while begun.elapsed() < READY_WITHIN {
            let ready = asking.get(format!("{}/readyz", self.url)).send().await;
            if ready.is_ok_and(|answer| answer.status() == 200) {
                return Ok(begun.elapsed());
            }
            if let Some(Ok(Some(status))) = self.process.as_mut().map(Child::try_wait) {
                return Err(DriverError::Program(format!("{status}: {}", self.last_words())));
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Err(DriverError::Program(format!(
            "isn't ready: {}",
            self.last_words()
        )))
    }

    /// SIGKILL, and waits until it is gone.
    pub fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            // It may have ended by itself.
            let _ = process.kill();
            let _ = process.wait();
        }
    }

    /// Runs it once more beside the server, with these arguments: `audit verify`.
    ///
    /// # Errors
    /// [`DriverError::Io`].
    pub fn run(&self, arguments: &[&str]) -> Result<Output, DriverError> {
        let ran = self.command().args(arguments).output();
        ran.map_err(DriverError::io(self.program.display()))
    }

    /// The same, and what it printed if it went well.
    ///
    /// # Errors
    /// [`DriverError`].
    pub fn told(&self, arguments: &[&str]) -> Result<String, DriverError> {
        let output = self.run(arguments)?;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        if output.status.success() {
            Ok(text(&output.stdout))
        } else {
            Err(DriverError::Program(format!(
                "{}: {}{}",
                arguments.join(" "),
                text(&output.stdout),
                text(&output.stderr)
            )))
        }
    }

    /// Resident memory in kilobytes, as Linux tells it.
    #[must_use]
    pub fn memory_kb(&self) -> Option<u64> {
        let process = self.process.as_ref()?.id();
        let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
        line.trim().strip_suffix(" kB")?.parse().ok()
    }

    /// The end of its log.
    #[must_use]
    pub fn last_words(&self) -> String {
        let log = fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(20)..].join("\n")
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.kill();
    }
}
