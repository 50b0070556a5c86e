//! The load driver: a synthetic crowd of any size against the real program, on this machine.

use cabinet::demo::driver::DriverError;
use cabinet::demo::driver::fill::fill;
use cabinet::demo::driver::load::{Plan, Site, limits, side_by_side};
use clap::{Args, Parser, Subcommand};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

/// Loads the cabinet with people of its own making, and measures.
#[derive(Parser)]
#[command(name = "cabinet-load", version = cabinet::server::VERSION)]
struct Options {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Drives one server.
    Run {
        #[command(flatten)]
        how: How,
        /// People in the database
        #[arg(long, default_value_t = 10_000)]
        people: u64,
        #[arg(long, default_value_t = 30)]
        seconds: u64,
        /// A line of settings, such as another database; then nobody is filled in
        #[arg(long, default_value = "", value_name = "TOML")]
        settings: String,
    },
    /// Drives several servers in turns, and tells how p95 grows with the people in the database.
    Grow {
        #[command(flatten)]
        how: How,
        /// People in each database
        #[arg(long, value_delimiter = ',', default_value = "10000,1000000")]
        people: Vec<u64>,
        /// Turns of five seconds each
        #[arg(long, default_value_t = 6)]
        turns: u32,
    },
    /// Puts so many people into an empty data folder.
    Fill { people: u64, data: PathBuf },
}

#[derive(Args)]
struct How {
    /// People who are there at the same time
    #[arg(long, default_value_t = 16)]
    at_once: usize,
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The server's program [default: cabinet beside this one]
    #[arg(long)]
    program: Option<PathBuf>,
    /// Where databases stand while they are needed [default: the system's temporary folder]
    #[arg(long)]
    folder: Option<PathBuf>,
    /// Leave the databases there, and take those that are there
    #[arg(long, requires = "folder")]
    keep: bool,
}

fn main() -> ExitCode {
    let options = Options::parse();
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&error.to_string()),
    };
    match runtime.block_on(run(options.command)) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => fail(&error.to_string()),
    }
}

fn fail(problem: &str) -> ExitCode {
    eprintln!("cabinet-load: {problem}");
    ExitCode::FAILURE
}

/// Whether nothing happened that shouldn't.
async fn run(command: Command) -> Result<bool, DriverError> {
    match command {
        Command::Fill { people, data } => {
            fill(&data, people, told).await?;
            Ok(true)
        }
        Command::Run {
            how,
            people,
            seconds,
            settings,
        } => {
            let home = how.home()?;
            let plan = Plan {
                settings,
                ..how.plan(&home, people)?
            };
            let mut site = Site::open(plan, told).await?;
            print!("{}", limits(&site)?);
            site.drive(Duration::from_secs(seconds)).await;
            println!("\n{}", site.report());
            sound(&[site]).await
        }
        Command::Grow { how, people, turns } => {
            let home = how.home()?;
            let mut sites = Vec::new();
            for people in people {
                let site = Site::open(how.plan(&home, people)?, told).await?;
                let size = site.size().unwrap_or_default();
                println!("{people} people: {:.2} GB", size as f64 / 1e9);
                sites.push(site);
            }
            if let Some(site) = sites.first() {
                print!("{}", limits(site)?);
            }
            println!(
                "\n{}",
                side_by_side(&mut sites, turns, Duration::from_secs(5)).await
            );
            for site in &sites {
                println!("{}", site.report());
            }
            sound(&sites).await
        }
    }
}

fn told(people: u64) {
    eprintln!("{people} people are in");
}

/// Says what was lost, or shouldn't have been.
async fn sound(sites: &[Site]) -> Result<bool, DriverError> {
    let mut sound = true;
    for site in sites {
        let lost = site.lost().await?;
        for line in lost.iter().take(20) {
            println!("{line}");
        }
        sound &= lost.is_empty() && site.faults().is_empty();
        println!(
            "{} people: {} of what was answered is lost, doubled or half-done",
            site.people,
            lost.len()
        );
    }
    Ok(sound)
}

/// A folder that goes with the value, or one that stays.
enum Home {
    Passing(PathBuf),
    Staying(PathBuf),
}

impl Home {
    fn path(&self) -> &Path {
        match self {
            Self::Passing(path) | Self::Staying(path) => path,
        }
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        if let Self::Passing(path) = self {
            // Nothing else can be done about it here.
            let _ = std::fs::remove_dir_all(path);
        }
    }
}

impl How {
    fn home(&self) -> Result<Home, DriverError> {
        let folder = self.folder.clone().unwrap_or_else(std::env::temp_dir);
        let home = if self.keep {
            Home::Staying(folder)
        } else {
            Home::Passing(folder.join(format!("cabinet-load-{}", std::process::id())))
        };
        std::fs::create_dir_all(home.path()).map_err(|error| DriverError::Io {
            what: home.path().display().to_string(),
            error,
        })?;
        Ok(home)
    }

    fn plan(&self, home: &Home, people: u64) -> Result<Plan, DriverError> {
        let here = std::env::current_exe().map_err(|error| DriverError::Io {
            what: "this program".to_owned(),
            error,
        })?;
        let beside = here.with_file_name("cabinet");
        Ok(Plan {
            program: self.program.clone().unwrap_or(beside),
            folder: home.path().join(format!("{people}-people")),
            people,
            at_once: self.at_once,
            seed: self.seed,
            settings: String::new(),
        })
    }
}
