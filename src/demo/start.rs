//! Starts everything in one process: the outside world first, then the cabinet that is told where it stands. The binary and
//! the integration tests both come through [`start`]; port 0 takes any free one.

use super::authority::national::{National, NationalState};
use super::authority::{AuthorityError, TestAuthority};
use super::back_office::{self, BackOffice};
use super::clock::DemoClock;
use super::control::Control;
use super::crl::Lists;
use super::gbd_fl::{self, GbdFl};
use super::inbox::{self, Inbox};
use super::kazpost::Kazpost;
use super::keys::KeyStore;
use super::ncalayer::{self, Identity, NcaLayer, Script};
use super::ocsp::Responder;
use super::people::{self, DemoPerson};
use super::phone::{self, Phone};
use super::seed::{Seed, SeedError};
use super::tsp::TimeStamps;
use crate::server::config::{self, Config, Limits, Secret};
use crate::server::world::{SystemRandom, World};
use crate::server::{self, Running, StartError};
use axum::Router;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

/// What the demo is told. All servers listen on loopback.
#[derive(Debug, Clone)]
pub struct DemoConfig {
    /// Holds the cabinet's data, and the demo's own under `demo`.
    pub data: PathBuf,
    /// The folder of the built page.
    pub page_dir: PathBuf,
    /// The folder of other builds' assets.
    pub assets_dir: Option<PathBuf>,
    pub port: u16,
    pub outside_port: u16,
    pub smtp_port: u16,
    pub ncalayer_port: u16,
    /// Over TLS too, with a certificate no browser trusts by itself.
    pub ncalayer_tls_port: Option<u16>,
    /// Laid out like `vectors/nuc-rk`; passed over when it isn't there.
    pub national: PathBuf,
    pub limits: Limits,
    /// Where the cabinet's metrics are read; nowhere in `make run`.
    pub metrics_listen: Option<SocketAddr>,
    /// Where its traces go.
    pub otlp_url: Option<String>,
    /// Within so many seconds a phone's signature must have come and been checked.
    pub answer_seconds: u32,
    /// PostgreSQL instead of SQLite in `data`.
    pub database: Option<Secret>,
    /// What people open, if a proxy stands in front of the cabinet, `http://127.0.0.1:8000`.
    pub public_url: Option<String>,
}

impl DemoConfig {
    /// The ports of `make run`.
    #[must_use]
    pub fn usual(data: PathBuf, page_dir: PathBuf) -> Self {
        Self {
            data,
            page_dir,
            assets_dir: None,
            port: 8080,
            outside_port: 8081,
            smtp_port: 2525,
            ncalayer_port: 13579,
            ncalayer_tls_port: None,
            national: national_folder(),
            // Tests sign in from one address, faster than people do.
            limits: Limits {
                sign_ins_per_address: 1000,
                challenges_per_address: 1000,
                checks_per_address: 1000,
                phones_per_address: 10_000,
                codes_per_address: 10_000,
                codes_in_all: 10_000,
                ..Limits::default()
            },
            metrics_listen: None,
            otlp_url: None,
            answer_seconds: config::EgovMobile::default().answer_seconds,
            database: None,
            public_url: None,
        }
    }

    /// Any free ports, for tests in this process.
    #[must_use]
    pub fn anywhere(data: PathBuf, page_dir: PathBuf) -> Self {
        Self {
            port: 0,
            outside_port: 0,
            smtp_port: 0,
            ncalayer_port: 0,
            ..Self::usual(data, page_dir)
        }
    }
}

/// `nuc-rk` in the folder of samples: `CABINET_VECTORS`, else beside the repository.
#[must_use]
pub fn national_folder() -> PathBuf {
    std::env::var_os("CABINET_VECTORS")
        .map_or_else(|| PathBuf::from("../shared/vectors"), PathBuf::from)
        .join("nuc-rk")
}

/// Why the demo doesn't start: one line for the operator.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    #[error("port {port} ({what}) is taken by another program; stop it, or choose another with {option}")]
    PortTaken {
        port: u16,
        what: &'static str,
        option: &'static str,
    },
    #[error("port {port} ({what}) can't be listened on: {error}")]
    Listen {
        port: u16,
        what: &'static str,
        error: std::io::Error,
    },
    #[error(transparent)]
    Authority(#[from] AuthorityError),
    #[error("the TLS certificate of the simulated NCALayer can't be made: {0}")]
    Tls(std::io::Error),
    #[error("{} can't be written: {error}", .path.display())]
    Write { path: PathBuf, error: std::io::Error },
    #[error(transparent)]
    Cabinet(#[from] StartError),
    #[error(transparent)]
    Seed(#[from] SeedError),
}

/// Who answers where NCALayer should.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Agent {
    /// Our simulator.
    Simulated(SocketAddr),
    /// Something listened there already, a real NCALayer perhaps: it is left alone.
    LeftAlone { port: u16 },
}

/// The demo while it runs.
pub struct Demo {
    /// What people open, `http://127.0.0.1:8080`.
    pub cabinet_url: String,
    /// Where the cabinet itself listens.
    pub cabinet_address: SocketAddr,
    /// `http://127.0.0.1:8081`
    pub outside_url: String,
    pub smtp: SocketAddr,
    pub agent: Agent,
    /// Where the simulated NCALayer listens with TLS, and the certificate to trust for that (DER).
    pub agent_tls: Option<(SocketAddr, Vec<u8>)>,
    pub people: Arc<Vec<DemoPerson>>,
    pub keys: KeyStore,
    pub national: NationalState,
    pub clock: DemoClock,
    cabinet: Running,
    simulators: JoinSet<()>,
}

impl Demo {
    /// Ends everything in order: the cabinet answers what it has begun, then the outside world goes.
    pub async fn stop(mut self) {
        self.cabinet.stop();
        self.cabinet.join().await;
        self.simulators.shutdown().await;
    }

    /// Where the cabinet's metrics are read.
    #[must_use]
    pub fn metrics_address(&self) -> Option<SocketAddr> {
        self.cabinet.metrics_address
    }

    /// What the cabinet's services share, for tests that look into the database.
    #[must_use]
    pub fn core(&self) -> &Arc<server::Core> {
        &self.cabinet.core
    }
}

/// Must be called inside a Tokio runtime.
///
/// # Errors
/// [`DemoError`]; nothing runs then.
pub async fn start(config: DemoConfig) -> Result<Demo, DemoError> {
    let outside = listen(config.outside_port, "the outside world", "--outside-port").await?;
    let smtp = listen(config.smtp_port, "the mail server", "--smtp-port").await?;
    let outside_url = format!("http://{}", address(&outside, "the outside world")?);
    let smtp_address = address(&smtp, "the mail server")?;
    let cabinet = SocketAddr::new(LOOPBACK, free_port(config.port).await?);
    let cabinet_url = config
        .public_url
        .clone()
        .unwrap_or_else(|| format!("http://{cabinet}"));

    let clock = DemoClock::system();
    let people = Arc::new(people::everybody());
    let authority = authority(&config, &people, &outside_url, &clock).await?;
    let national = National::open(&config.national, clock.now());
    let ca_dir = config.data.join("demo/authorities");
    write_authorities(&ca_dir, &authority, &national)?;
    let keys = authority.keys.iter().chain(&national.keys).cloned().collect();
    let keys = KeyStore::new(keys, clock.clone(), authority.clone());

    let lists = Lists::new(authority.clone(), national.list, clock.clone());
    let agent = agent(config.ncalayer_port).await?;
    let agent_tls = match config.ncalayer_tls_port {
        Some(port) => Some(listen(port, "NCALayer over TLS", "--tls-ncalayer").await?),
        None => None,
    };
    let settings = Config {
        listen: cabinet,
        metrics_listen: config.metrics_listen,
        otlp_url: config.otlp_url.clone(),
        data: config.data.clone(),
        database: config.database.clone(),
        public_url: cabinet_url.clone(),
        proxies: config.public_url.is_some().into(),
        page_dir: Some(config.page_dir.clone()),
        assets_dir: config.assets_dir.clone(),
        ca_dir,
        ocsp_url: Some(format!("{outside_url}/ocsp")),
        crl_urls: lists
            .names()
            .iter()
            .map(|name| format!("{outside_url}/crl/{name}"))
            .collect(),
        kazpost_url: Some(format!("{outside_url}/kazpost")),
        security_contact: Some("mailto:security@fund.example".to_owned()),
        gbd_fl: Some(config::GbdFl {
            url: format!("{outside_url}/gbdfl"),
            service_id: gbd_fl::SERVICE_ID.to_owned(),
            sender_id: gbd_fl::SENDER_ID.to_owned(),
            sender_password: Secret::new(gbd_fl::SENDER_PASSWORD),
        }),
        sms: Some(config::Sms {
            url: format!("{outside_url}/sms"),
            token: Secret::new(inbox::SMS_TOKEN),
        }),
        smtp: Some(config::Smtp {
            url: Secret::new(format!("smtp://{smtp_address}")),
            from: "Жеке кабинет <cabinet@fund.example>".to_owned(),
        }),
        webhook: Some(config::Webhook {
            url: format!("{outside_url}/back-office/events"),
            secret: Secret::new(back_office::SECRET),
        }),
        egov_mobile: config::EgovMobile {
            app_page: Some(format!("{outside_url}/phone")),
            answer_seconds: config.answer_seconds,
            ..config::EgovMobile::default()
        },
        ncalayer_url: Some(match &agent {
            AgentPlace::Ours(_, address) => format!("ws://{address}/"),
            AgentPlace::Taken { port } => format!("wss://127.0.0.1:{port}/"),
        }),
        limits: config.limits.clone(),
        ..Config::default()
    };
    let world = World {
        clock: Arc::new(clock.clone()),
        random: Arc::new(SystemRandom),
    };
    let cabinet = server::start(settings, world).await?;
    let seed = Arc::new(Seed::new(cabinet.core.clone()));
    let control = Control {
        clock: clock.clone(),
        gbd_fl: GbdFl::new(people.clone(), clock.clone()),
        responder: Responder::new(authority.clone(), clock.clone()),
        lists,
        time_stamps: TimeStamps::new(authority, clock.clone()),
        inbox: Inbox::new(clock.clone()),
        back_office: BackOffice::new(clock.clone()),
        kazpost: Kazpost::default(),
        people: people.clone(),
        keys: keys.clone(),
        ncalayer: NcaLayer::new(keys.clone(), Script::default()),
        seed: seed.clone(),
    };
    seed.plant(&people).await?;
    seed.plant_places().await?;

    let mut simulators = JoinSet::new();
    simulators.spawn(inbox::smtp::serve(smtp, control.inbox.clone()));
    let agent = match agent {
        AgentPlace::Ours(listener, address) => {
            simulators.spawn(ended(
                "NCALayer",
                ncalayer::serve(listener, control.ncalayer.clone()),
            ));
            Agent::Simulated(address)
        }
        AgentPlace::Taken { port } => Agent::LeftAlone { port },
    };
    let agent_tls = match agent_tls {
        Some(listener) => {
            let identity = Identity::new().map_err(DemoError::Tls)?;
            let place = (
                address(&listener, "NCALayer over TLS")?,
                identity.certificate().to_vec(),
            );
            let simulator = control.ncalayer.clone();
            let serving = async move { ncalayer::serve_tls(listener, simulator, &identity).await };
            simulators.spawn(ended("NCALayer over TLS", serving));
            Some(place)
        }
        None => None,
    };
    let phone = Phone::new(keys.clone(), vec![LOOPBACK.to_string()]).map_err(StartError::HttpClient)?;
    let world = outside_world(&control, phone);
    simulators.spawn(ended("the outside world", async move {
        axum::serve(outside, world).await
    }));
    Ok(Demo {
        cabinet_url,
        cabinet_address: cabinet.address,
        outside_url,
        smtp: smtp_address,
        agent,
        agent_tls,
        people,
        keys,
        national: national.state,
        clock,
        cabinet,
        simulators,
    })
}

/// Says so in the log when a simulator ends by itself.
async fn ended(what: &'static str, serving: impl Future<Output = std::io::Result<()>>) {
    if let Err(error) = serving.await {
        tracing::error!(%error, "{what} ended");
    }
}

/// One server with a path for each outside system.
fn outside_world(control: &Control, phone: Phone) -> Router {
    Router::new()
        .nest_service("/gbdfl", control.gbd_fl.clone().router())
        .nest_service("/ocsp", control.responder.clone().router())
        .nest("/crl", control.lists.clone().router())
        .nest("/ca", control.lists.clone().certificates())
        .nest_service("/tsp", control.time_stamps.clone().router())
        .nest_service("/sms", control.inbox.clone().gateway())
        .nest_service("/inbox", control.inbox.clone().pages())
        .nest_service("/kazpost", control.kazpost.clone().router())
        .nest_service("/back-office", control.back_office.clone().router())
        .nest("/ncalayer", ncalayer::router(control.ncalayer.clone()))
        .nest("/control", control.clone().router())
        .merge(phone::page::control(phone.clone()))
        .merge(phone::page::router(phone))
}

/// Minting takes seconds of one core at first start.
async fn authority(
    config: &DemoConfig,
    people: &Arc<Vec<DemoPerson>>,
    outside_url: &str,
    clock: &DemoClock,
) -> Result<Arc<TestAuthority>, DemoError> {
    let (folder, people, outside_url, clock) = (
        config.data.join("demo"),
        people.clone(),
        outside_url.to_owned(),
        clock.clone(),
    );
    let minted = tokio::task::spawn_blocking(move || {
        TestAuthority::open(&folder, &people, &outside_url, &clock, &SystemRandom)
    });
    match minted.await {
        Ok(authority) => Ok(Arc::new(authority?)),
        // The task was neither cancelled nor may it panic; were it so, going on makes no sense.
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}

/// The folder of authorities the cabinet believes, made anew at each start: what can't be checked any more isn't believed.
fn write_authorities(folder: &Path, authority: &TestAuthority, national: &National) -> Result<(), DemoError> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |error| DemoError::Write { path, error }
    };
    if folder.exists() {
        std::fs::remove_dir_all(folder).map_err(failed(folder))?;
    }
    std::fs::create_dir_all(folder).map_err(failed(folder))?;
    let national = national
        .certificates
        .iter()
        .map(|(name, der)| (name.as_str(), der.as_slice()));
    for (name, der) in authority.certificates().into_iter().chain(national) {
        let path = folder.join(name);
        std::fs::write(&path, der).map_err(failed(&path))?;
    }
    Ok(())
}

const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

async fn listen(port: u16, what: &'static str, option: &'static str) -> Result<TcpListener, DemoError> {
    TcpListener::bind((LOOPBACK, port))
        .await
        .map_err(|error| match error.kind() {
            std::io::ErrorKind::AddrInUse => DemoError::PortTaken { port, what, option },
            _ => DemoError::Listen { port, what, error },
        })
}

fn address(listener: &TcpListener, what: &'static str) -> Result<SocketAddr, DemoError> {
    listener
        .local_addr()
        .map_err(|error| DemoError::Listen { port: 0, what, error })
}

/// The cabinet binds its port itself and must know its address before: a port of 0 is chosen here. Taken ones are told now.
async fn free_port(port: u16) -> Result<u16, DemoError> {
    let listener = listen(port, "the cabinet", "--port").await?;
    Ok(address(&listener, "the cabinet")?.port())
}

enum AgentPlace {
    Ours(TcpListener, SocketAddr),
    Taken { port: u16 },
}

async fn agent(port: u16) -> Result<AgentPlace, DemoError> {
    match listen(port, "NCALayer", "--ncalayer-port").await {
        Ok(listener) => {
            let address = address(&listener, "NCALayer")?;
            Ok(AgentPlace::Ours(listener, address))
        }
        Err(DemoError::PortTaken { port, .. }) => Ok(AgentPlace::Taken { port }),
        Err(error) => Err(error),
    }
}
