//! `cabinet`: the server, and what an operator does beside it. Problems are told in one line on standard error.

use cabinet::server::audit::{AuditStore as _, Broken};
use cabinet::server::config::{Config, ConfigError};
use cabinet::server::store::{Sqlite, StoreError};
use cabinet::server::verify_command::{self, Verify};
use cabinet::server::world::World;
use cabinet::server::{StartError, VERSION, log, start};
use clap::{Parser, Subcommand};
use std::path::PathBuf;
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
    #[error("the audit is broken: {0}")]
    Audit(Broken),
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let done = match arguments.command.unwrap_or(Command::Serve) {
        Command::Serve => serve(arguments.config),
        Command::Audit {
            command: Audit::Verify,
        } => verify_audit(arguments.config),
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
    let file = config.data.join("cabinet.sqlite");
    let report = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(async {
            if !file.exists() {
                return Err(StoreError::Missing);
            }
            let store = Sqlite::open(&file, World::system()).await?;
            store.verify_audit().await
        })
        .map_err(|error| Trouble::Database { file, error })?;
    println!("sound links: {}", report.sound);
    println!("head: {}", report.head);
    println!("rows not linked yet: {}", report.unlinked);
    report.broken.map_or(Ok(()), |broken| Err(Trouble::Audit(broken)))
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
