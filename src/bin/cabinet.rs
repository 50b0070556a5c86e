//! `cabinet`: the server, and what an operator does beside it. Problems are told in one line on standard error.

use cabinet::server::config::{Config, ConfigError};
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
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let done = match arguments.command.unwrap_or(Command::Serve) {
        Command::Serve => serve(arguments.config),
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
