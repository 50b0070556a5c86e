//! `cabinet`: the server, and what an operator does beside it. Problems are told in one line on standard error.

use cabinet::server::audit::{AuditStore as _, Broken, Report};
use cabinet::server::backup::{self, BackupError};
use cabinet::server::config::{Config, ConfigError};
use cabinet::server::doctor;
use cabinet::server::import;
use cabinet::server::other_builds;
use cabinet::server::places;
use cabinet::server::router;
use cabinet::server::store::{Database, StoreError, WorksStore as _};
use cabinet::server::verify_command::{self, Verify};
use cabinet::server::works::{Works, WorksError};
use cabinet::server::world::World;
use cabinet::server::{Running, StartError, VERSION, log, open_database, start};
use clap::{Parser, Subcommand};
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// The personal cabinet of a pension fund's depositor.
#[derive(Parser)]
#[command(name = "cabinet", version = VERSION)]
struct Arguments {
    /// The file of settings; `CABINET_…` variables stand over it.
    #[arg(long, env = "CABINET_CONFIG", value_name = "FILE", global = true)]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Answers until told to stop (what is done when nothing else is asked).
    Serve,
    /// Checks the settings and says what is wrong with them.
    Check,
    /// Goes over settings, clock, certificates, database, disk and every outside system, and says what to do. Changes
    /// nothing and sends no message. Status 1 if there is a fault.
    Doctor {
        /// As JSON, for programs.
        #[arg(long)]
        json: bool,
        /// Doesn't read the whole database, which takes minutes where it is large.
        #[arg(long)]
        quick: bool,
    },
    Verify(Verify),
    /// Announces works on the system: the page tells of them before and while they last. Moments in RFC 3339.
    AnnounceWorks {
        #[arg(
            long,
            required_unless_present = "none",
            requires = "until",
            value_name = "MOMENT"
        )]
        from: Option<String>,
        #[arg(long, requires = "from", value_name = "MOMENT")]
        until: Option<String>,
        /// Takes the announcement back.
        #[arg(long, conflicts_with = "from")]
        none: bool,
    },
    /// Brings in a table of the Fund's own system from a CSV file in UTF-8. Rows that can't be taken are told by line.
    Import {
        kind: import::Kind,
        file: PathBuf,
    },
    /// Brings in the KATO classifier (regions, districts, settlements) from a CSV file in UTF-8, in place of the one there
    /// was. Running servers take it over by themselves.
    ImportKato {
        /// The official table, with columns te, name_kaz, name_rus; or one with code, name.
        file: PathBuf,
    },
    /// Copies the database and the keys into a folder that is empty or isn't there yet, and reads the copy over. The server
    /// may run meanwhile. PostgreSQL is copied by its own tools (docs/operations.md).
    Backup {
        folder: PathBuf,
    },
    /// Puts such a copy where no cabinet stands yet (`data` of the settings), and goes over its audit.
    Restore {
        folder: PathBuf,
    },
    /// The page's files with a hash in their names.
    Assets {
        #[command(subcommand)]
        command: Assets,
    },
    /// What happened, as the server noted it.
    Audit {
        #[command(subcommand)]
        command: Audit,
    },
}

#[derive(Subcommand)]
enum Assets {
    /// Copies them into a folder (`assets_dir` of the settings), for servers of the build before and the one after. Running
    /// servers take them over within ten seconds.
    Export { folder: PathBuf },
}

#[derive(Subcommand)]
enum Audit {
    /// Goes over the whole chain: names the first row that doesn't fit, and counts the rows not linked yet. The head it
    /// prints, kept elsewhere, fixes everything before it.
    Verify,
}

/// What ends the program early.
#[derive(Debug, thiserror::Error)]
enum Trouble {
    #[error("configuration: {0}")]
    Config(#[from] ConfigError),
    #[error("{0}")]
    Start(#[from] StartError),
    #[error("{0}")]
    System(#[from] std::io::Error),
    #[error("the database {place} can't be read: {error}")]
    Database { place: String, error: StoreError },
    #[error("{} can't be read: {error}", .file.display())]
    File { file: PathBuf, error: std::io::Error },
    #[error("{} can't be written: {error}", .folder.display())]
    Folder { folder: PathBuf, error: std::io::Error },
    #[error("{}: {why}", .file.display())]
    Table { file: PathBuf, why: String },
    #[error("{0}")]
    Works(#[from] WorksError),
    #[error("the audit is broken: {0}")]
    Audit(Broken),
    #[error("{0}")]
    Backup(#[from] BackupError),
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let done = match arguments.command.unwrap_or(Command::Serve) {
        Command::Serve => serve(arguments.config),
        Command::Audit {
            command: Audit::Verify,
        } => verify_audit(arguments.config),
        Command::Assets {
            command: Assets::Export { folder },
        } => export_assets(arguments.config, &folder),
        Command::Import { kind, file } => import_table(arguments.config, kind, &file),
        Command::Backup { folder } => back_up(arguments.config, &folder),
        Command::Restore { folder } => restore(arguments.config, &folder),
        Command::AnnounceWorks { from, until, .. } => announce_works(arguments.config, from.zip(until)),
        Command::ImportKato { file } => import_kato(arguments.config, &file),
        Command::Check => load(arguments.config).map(|_| println!("the settings are in order")),
        Command::Doctor { json, quick } => return examine(arguments.config, json, quick),
        Command::Verify(verify) => return verify_command::run(verify, &World::system()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => {
            eprintln!("cabinet: {trouble}");
            ExitCode::FAILURE
        }
    }
}

fn load(file: Option<PathBuf>) -> Result<Config, Trouble> {
    let variables = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    Ok(Config::load(file.as_deref(), variables)?)
}

/// Prints what [`doctor`] finds; a fault is its own message, not an error of the command's.
fn examine(file: Option<PathBuf>, json: bool, quick: bool) -> ExitCode {
    let report = match load(file) {
        Ok(config) => {
            // Fails only where one is installed already.
            let _ = rustls::crypto::ring::default_provider().install_default();
            waited_for(doctor::examine(&config, &World::system(), quick))
        }
        Err(Trouble::Config(error)) => Ok(doctor::Report::of_settings(&error)),
        Err(trouble) => Err(trouble),
    };
    let report = match report {
        Ok(report) => report,
        Err(trouble) => {
            eprintln!("cabinet: {trouble}");
            return ExitCode::FAILURE;
        }
    };
    if json {
        println!("{}", serde_json::json!(report));
    } else {
        print!("{report}");
    }
    ExitCode::from(u8::from(!report.ok))
}

fn serve(file: Option<PathBuf>) -> Result<(), Trouble> {
    let config = load(file)?;
    log::start(config.log);
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(async {
            let running = start(config, World::system()).await?;
            told_to_stop(&running).await?;
            tracing::info!("stopping");
            running.stop();
            running.join().await;
            Ok(())
        })
}

fn verify_audit(file: Option<PathBuf>) -> Result<(), Trouble> {
    let config = load(file)?;
    if config.database.is_none() && !config.sqlite_file().exists() {
        return Err(damaged(&config, StoreError::Missing));
    }
    told(
        &in_database(&config, async |store| store.verify_audit().await)?
            .map_err(|error| damaged(&config, error))?,
    )
}

fn told(report: &Report) -> Result<(), Trouble> {
    println!("sound links: {}", report.sound);
    println!("head: {}", report.head);
    println!("rows not linked yet: {}", report.unlinked);
    report.broken.map_or(Ok(()), |broken| Err(Trouble::Audit(broken)))
}

fn back_up(config: Option<PathBuf>, folder: &Path) -> Result<(), Trouble> {
    let config = load(config)?;
    waited_for(backup::back_up(&config, folder))??;
    println!("copied and read over: {}", folder.display());
    Ok(())
}

fn restore(config: Option<PathBuf>, folder: &Path) -> Result<(), Trouble> {
    let config = load(config)?;
    let report = waited_for(backup::restore(folder, &config, World::system()))??;
    println!("restored: {}", config.data.display());
    told(&report)
}

fn waited_for<T>(work: impl Future<Output = T>) -> Result<T, Trouble> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    Ok(runtime.block_on(work))
}

fn export_assets(config: Option<PathBuf>, folder: &Path) -> Result<(), Trouble> {
    let config = load(config)?;
    let (_, files) = router::page_files(&config)?;
    let count = other_builds::export(files, folder).map_err(|error| Trouble::Folder {
        folder: folder.to_owned(),
        error,
    })?;
    println!("files: {count}");
    Ok(())
}

fn announce_works(config: Option<PathBuf>, window: Option<(String, String)>) -> Result<(), Trouble> {
    let config = load(config)?;
    let works = window
        .map(|(from, until)| Works::between(&from, &until, World::system().now()))
        .transpose()?;
    in_database(&config, async |store| store.announce_works(works).await)?
        .map_err(|error| damaged(&config, error))?;
    println!(
        "{}",
        if works.is_some() {
            "announced"
        } else {
            "nothing is announced any more"
        }
    );
    Ok(())
}

fn import_table(config: Option<PathBuf>, kind: import::Kind, file: &Path) -> Result<(), Trouble> {
    let report = bring_in(config, file, async |store, table| {
        import::import(store, &World::system(), kind, BufReader::new(table)).await
    })?;
    for refused in &report.told {
        left_out(refused.line, &refused.why);
    }
    println!("rows taken: {}", report.taken);
    println!("rows left out: {}", report.refused);
    Ok(())
}

fn import_kato(config: Option<PathBuf>, file: &Path) -> Result<(), Trouble> {
    let reading = bring_in(config, file, places::import)?;
    for refused in &reading.refused {
        left_out(refused.line, &refused.why);
    }
    println!("places: {}", reading.places.len());
    println!("rows left out: {}", reading.refused.len());
    println!("names with mended letters: {}", reading.mended);
    Ok(())
}

/// Reads a table into the database.
fn bring_in<R, E: Into<Fault>>(
    config: Option<PathBuf>,
    file: &Path,
    read: impl AsyncFnOnce(&Database, File) -> Result<R, E>,
) -> Result<R, Trouble> {
    let config = load(config)?;
    let table = File::open(file).map_err(|error| Trouble::File {
        file: file.to_owned(),
        error,
    })?;
    in_database(&config, async |store| read(store, table).await)?.map_err(|error| match error.into() {
        Fault::Database(error) => damaged(&config, error),
        Fault::Table(why) => Trouble::Table {
            file: file.to_owned(),
            why,
        },
    })
}

/// Refused rows are told on standard error, by line.
fn left_out(line: usize, why: &dyn std::fmt::Display) {
    eprintln!("line {line} is left out: {why}");
}

/// Whose fault it is that a table isn't taken.
enum Fault {
    Database(StoreError),
    Table(String),
}

impl From<import::ImportError> for Fault {
    fn from(error: import::ImportError) -> Self {
        match error {
            import::ImportError::Store(error) => Self::Database(error),
            error => Self::Table(error.to_string()),
        }
    }
}

impl From<places::ImportError> for Fault {
    fn from(error: places::ImportError) -> Self {
        match error {
            places::ImportError::Store(error) => Self::Database(error),
            error => Self::Table(error.to_string()),
        }
    }
}

fn damaged(config: &Config, error: StoreError) -> Trouble {
    let place = config.database_place();
    Trouble::Database { place, error }
}

/// Opens the database of the settings and has this done with it.
fn in_database<T>(config: &Config, work: impl AsyncFnOnce(&Database) -> T) -> Result<T, Trouble> {
    waited_for(async {
        let store = open_database(config, World::system())
            .await
            .map_err(|error| damaged(config, error))?;
        Ok(work(&store).await)
    })?
}

/// Waits for Ctrl-C or, as service managers ask, SIGTERM. SIGHUP has the certificate read again.
async fn told_to_stop(running: &Running) -> Result<(), std::io::Error> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate())?;
        let mut hang_up = signal(SignalKind::hangup())?;
        loop {
            tokio::select! {
                interrupted = tokio::signal::ctrl_c() => return interrupted,
                _ = terminate.recv() => return Ok(()),
                _ = hang_up.recv() => running.reload(),
            }
        }
    }
    #[cfg(not(unix))]
    {
        let _ = running;
        tokio::signal::ctrl_c().await
    }
}
