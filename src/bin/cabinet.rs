//! `cabinet`: the server, and what an operator does beside it. Problems are told in one line on standard error.

use cabinet::server::audit::{AuditStore as _, Broken, Report};
use cabinet::server::backup::{self, BackupError};
use cabinet::server::config::{Config, ConfigError};
use cabinet::server::import;
use cabinet::server::places;
use cabinet::server::store::{Database, StoreError, WorksStore as _};
use cabinet::server::verify_command::{self, Verify};
use cabinet::server::works::{Works, WorksError};
use cabinet::server::world::World;
use cabinet::server::{StartError, VERSION, log, start};
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
    /// may run meanwhile.
    Backup {
        folder: PathBuf,
    },
    /// Puts such a copy where no cabinet stands yet (`data` of the settings), and goes over its audit.
    Restore {
        folder: PathBuf,
    },
    /// What happened, as the server noted it.
    Audit {
        #[command(subcommand)]
        command: Audit,
    },
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
    #[error("the database {} can't be read: {error}", .file.display())]
    Database { file: PathBuf, error: StoreError },
    #[error("{} can't be read: {error}", .file.display())]
    File { file: PathBuf, error: std::io::Error },
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
        Command::Import { kind, file } => import_table(arguments.config, kind, &file),
        Command::Backup { folder } => back_up(arguments.config, &folder),
        Command::Restore { folder } => restore(arguments.config, &folder),
        Command::AnnounceWorks { from, until, .. } => announce_works(arguments.config, from.zip(until)),
        Command::ImportKato { file } => import_kato(arguments.config, &file),
        Command::Check => load(arguments.config).map(|_| println!("the settings are in order")),
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

fn serve(file: Option<PathBuf>) -> Result<(), Trouble> {
    let config = load(file)?;
    log::start(config.log);
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(async {
            let running = start(config, World::system()).await?;
            told_to_stop().await?;
            tracing::info!("stopping");
            running.stop();
            running.join().await;
            Ok(())
        })
}

fn verify_audit(file: Option<PathBuf>) -> Result<(), Trouble> {
    let config = load(file)?;
    if !database(&config).exists() {
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
    waited_for(backup::back_up(&config.data, folder))??;
    println!("copied and read over: {}", folder.display());
    Ok(())
}

fn restore(config: Option<PathBuf>, folder: &Path) -> Result<(), Trouble> {
    let config = load(config)?;
    let report = waited_for(backup::restore(folder, &config.data, World::system()))??;
    println!("restored: {}", config.data.display());
    told(&report)
}

fn waited_for<T>(work: impl Future<Output = T>) -> Result<T, Trouble> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    Ok(runtime.block_on(work))
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

fn database(config: &Config) -> PathBuf {
    config.data.join(backup::DATABASE)
}

fn damaged(config: &Config, error: StoreError) -> Trouble {
    let file = database(config);
    Trouble::Database { file, error }
}

/// Opens the database of the settings and has this done with it.
fn in_database<T>(config: &Config, work: impl AsyncFnOnce(&Database) -> T) -> Result<T, Trouble> {
    waited_for(async {
        let store = Database::open(&database(config), World::system())
            .await
            .map_err(|error| damaged(config, error))?;
        Ok(work(&store).await)
    })?
}

/// Waits for Ctrl-C or, as service managers ask, SIGTERM.
async fn told_to_stop() -> Result<(), std::io::Error> {
    #[cfg(unix)]
    {
        let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
        tokio::select! {
            interrupted = tokio::signal::ctrl_c() => interrupted,
            _ = terminate.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await
}
