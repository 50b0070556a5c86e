//! The demonstration: the cabinet with an outside world on loopback. Says who can sign in and how, answers until Ctrl-C.

use cabinet::demo::control::{WhoAndHow, who_and_how};
use cabinet::demo::{self, Agent, Demo, DemoConfig};
use cabinet::server::config::Secret;
use clap::Parser;
use std::io::{IsTerminal as _, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

/// The cabinet with simulated registers, signing agents and message gateways, all on this machine.
#[derive(Parser)]
#[command(name = "cabinet-demo", version = cabinet::server::VERSION)]
struct Options {
    /// Folder of everything kept: database, keys, the test authority [default: $CABINET_DATA, else data]
    #[arg(long)]
    data: Option<PathBuf>,
    /// PostgreSQL to keep everything in, instead of a file in the folder of data
    #[arg(long, value_name = "URL")]
    database: Option<String>,
    /// Folder of the built page
    #[arg(long, default_value = "dist")]
    page: PathBuf,
    /// Folder of other builds' assets, served beside the page's own
    #[arg(long)]
    assets: Option<PathBuf>,
    /// Port of the cabinet
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Port of the outside world: inbox, registers, authority, control
    #[arg(long, default_value_t = 8081)]
    outside_port: u16,
    /// Port of the mail server
    #[arg(long, default_value_t = 2525)]
    smtp_port: u16,
    /// Port of NCALayer; left alone if something listens there
    #[arg(long, default_value_t = 13579)]
    ncalayer_port: u16,
    /// Port of the simulated NCALayer over TLS as well, as the real one speaks
    #[arg(long)]
    tls_ncalayer: Option<u16>,
    /// Folder of the national test keys, laid out like vectors/nuc-rk [default: $CABINET_VECTORS/nuc-rk]
    #[arg(long)]
    national: Option<PathBuf>,
}

fn main() -> ExitCode {
    let options = Options::parse();
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_default_env()
                .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn,cabinet=info")),
        )
        .init();
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&error.to_string()),
    };
    runtime.block_on(run(options))
}

fn fail(problem: &str) -> ExitCode {
    eprintln!("cabinet-demo: {problem}");
    ExitCode::FAILURE
}

async fn run(options: Options) -> ExitCode {
    let data = options
        .data
        .or_else(|| std::env::var_os("CABINET_DATA").map(PathBuf::from))
        .unwrap_or_else(|| PathBuf::from("data"));
    let mut config = DemoConfig::usual(data, options.page);
    config.assets_dir = options.assets;
    config.port = options.port;
    config.database = options.database.map(Secret::new);
    config.outside_port = options.outside_port;
    config.smtp_port = options.smtp_port;
    config.ncalayer_port = options.ncalayer_port;
    config.ncalayer_tls_port = options.tls_ncalayer;
    if let Some(national) = options.national {
        if !national.is_dir() {
            return fail(&format!("--national {} is no folder", national.display()));
        }
        config.national = national;
    }
    let demo = match demo::start(config).await {
        Ok(demo) => demo,
        Err(error) => return fail(&error.to_string()),
    };
    // Nobody reading is no reason to stop.
    let _ = std::io::stdout().write_all(greeting(&demo).as_bytes());
    let _ = std::io::stdout().flush();
    wait_for_end().await;
    demo.stop().await;
    ExitCode::SUCCESS
}

/// Ctrl-C, or the signal a supervisor sends.
async fn wait_for_end() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
        }
        Err(_) => {
            let _ = tokio::signal::ctrl_c().await;
        }
    }
}

fn greeting(demo: &Demo) -> String {
    let agent = match demo.agent {
        Agent::Simulated(address) => {
            format!(
                "simulated at ws://{address}/, its window is {}/ncalayer",
                demo.outside_url
            )
        }
        Agent::LeftAlone { port } => format!("something listens on {port} already, it is left alone"),
    };
    let mut text = format!(
        "\n  The cabinet      {}\n  Inbox            {}/inbox   (SMS and e-mail sent)\n  Back office      {}/back-office   (events)\n  NCALayer         {agent}\n  eGov Mobile      {}/phone\n  \
         Keys             {}\n\n",
        demo.cabinet_url, demo.outside_url, demo.outside_url, demo.outside_url, demo.national
    );
    text.push_str(&table(&who_and_how(&demo.people, &demo.keys)));
    text.push_str(&format!(
        "\n  Password of everybody: {}.  Everything at once: {}/control/people\n  Ctrl-C ends it.\n\n",
        demo::people::PASSWORD,
        demo.outside_url
    ));
    text
}

fn table(people: &[WhoAndHow]) -> String {
    let key = |person: &WhoAndHow| {
        let ids: Vec<&str> = person.keys.iter().map(|key| key.id.as_str()).collect();
        match ids.as_slice() {
            [] => "none".to_owned(),
            [one] => (*one).to_owned(),
            [first, rest @ ..] => format!("{first} and {} more", rest.len()),
        }
    };
    let width = |of: &dyn Fn(&WhoAndHow) -> usize| people.iter().map(of).max().unwrap_or_default();
    let names = width(&|person| person.name.chars().count());
    let keys = width(&|person| key(person).chars().count());
    let mut text = format!(
        "  {:12}  {:4}  {:names$}  {:keys$}  Case\n",
        "IIN", "Pwd", "Who", "Key"
    );
    for person in people {
        let password = if person.password.is_some() { "yes" } else { "no" };
        text.push_str(&format!(
            "  {:12}  {password:4}  {:names$}  {:keys$}  {}\n",
            person.iin,
            person.name,
            key(person),
            person.case
        ));
    }
    text
}
