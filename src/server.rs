//! The server: one process that answers the page's questions and serves the page itself. [`start`] opens the database,
//! checks everything that can be checked before the first person comes, binds the address and answers until told to stop.
//! [`Core`] is what every service shares; [`services`] is the one place where they are put together.

pub mod accounts;
#[cfg(test)]
mod after_tests;
pub mod answering;
pub mod applications;
pub mod audit;
pub mod backup;
#[cfg(test)]
mod bad_input_tests;
pub mod codes;
pub mod config;
#[cfg(test)]
mod contact_tests;
pub mod contacts;
pub mod cookies;
pub mod delivery;
pub mod doctor;
pub mod document;
pub mod drafts;
mod eligibility;
#[cfg(test)]
mod fault_tests;
#[cfg(test)]
pub(crate) mod fixture;
#[cfg(test)]
mod flow_tests;
pub mod headers;
pub mod health;
pub mod import;
pub mod keys;
pub mod limits;
pub mod log;
pub mod metrics;
mod notice;
pub mod other_builds;
pub mod outbox;
pub mod outgoing;
pub mod places;
pub mod questions;
pub mod receipts;
pub mod records;
pub mod registers;
pub mod revocation;
pub mod robots;
pub mod router;
pub mod same_origin;
pub mod second_verifier;
pub mod security_txt;
pub mod shell;
pub mod signing;
pub mod static_files;
pub mod store;
pub mod suspensions;
mod table;
pub mod tls;
pub mod traces;
pub mod verify_command;
pub mod works;
pub mod world;

use crate::api::Services;
use crate::pki::Anchors;
use answering::answer;
use config::Config;
use keys::Keys;
use metrics::Metrics;
use outgoing::Outgoing;
use registers::Registers;
use registers::gbd_fl::signer::{EnvelopeSigner, NcaNode};
use registers::kazpost::Kazpost;
use revocation::{National, RevocationCheck};
use second_verifier::SecondVerifier;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use store::{Database, KeysStore as _, Store, StoreError};
use tls::Tls;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;
use traces::Traces;
use world::World;

/// The version of the package and the build it is of, `0.1.0 (dev)`.
pub const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), " (", env!("CABINET_BUILD"), ")");

/// How long running requests may still take after the server was told to stop.
const LAST_ANSWERS: std::time::Duration = std::time::Duration::from_secs(30);

/// How long a database is waited for at the start.
const FIRST_ANSWER: std::time::Duration = std::time::Duration::from_secs(60);

/// What every service and worker shares.
pub struct Core {
    pub config: Arc<Config>,
    pub world: World,
    pub store: Arc<dyn Store>,
    pub keys: Keys,
    /// Whose certificates are believed.
    pub anchors: Arc<Anchors>,
    pub revocation: Arc<dyn RevocationCheck>,
    /// Who else must accept a signature; nobody, as a rule.
    pub second_verifier: Option<Arc<dyn SecondVerifier>>,
    pub registers: Registers,
    pub kazpost: Kazpost,
    pub places: places::Places,
    pub works: works::Announced,
    pub other_builds: other_builds::OtherBuilds,
    /// For outside systems.
    pub http: Outgoing,
    pub metrics: Arc<Metrics>,
    pub traces: Traces,
    /// The pages that wait for a phone.
    pub waiting: signing::egov_mobile::waiting::Waiting,
    /// Turns true when the server is asked to stop; workers and long polls end then.
    pub stopping: watch::Receiver<bool>,
}

/// A server that answers.
pub struct Running {
    /// Where it listens; the port is the real one where 0 was asked for.
    pub address: SocketAddr,
    /// Where its metrics are read, if anywhere.
    pub metrics_address: Option<SocketAddr>,
    pub core: Arc<Core>,
    tls: Option<Arc<Tls>>,
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
}

impl Running {
    /// Asks it to stop: no new connections, running requests end.
    pub fn stop(&self) {
        // Nobody listening means it has stopped already.
        let _ = self.stop.send(true);
    }

    /// Reads the certificate and key of TLS again, if there are any.
    pub fn reload(&self) {
        if let Some(tls) = &self.tls {
            tls.reload();
        }
    }

    /// Waits until all has ended after [`Running::stop`], at most as long as an answer may take.
    pub async fn join(mut self) {
        let ended = async { while self.tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(LAST_ANSWERS, ended).await.is_err() {
            tracing::warn!("some connections were still open");
        }
        if tokio::time::timeout(LAST_ANSWERS, self.core.store.close())
            .await
            .is_err()
        {
            tracing::warn!("the database was still being asked");
        }
    }
}

/// Why the server doesn't start, a line the operator can act on.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("configuration: {0}")]
    Config(#[from] config::ConfigError),
    #[error("the data folder {} can't be used: {error}", .folder.display())]
    Data { folder: PathBuf, error: std::io::Error },
    #[error("the key file {} can't be used: {why}", .file.display())]
    Key { file: PathBuf, why: String },
    #[error("the database {place} can't be used: {error}")]
    Database { place: String, error: StoreError },
    #[error(
        "the keys in {} aren't the ones this database's servers work with ({names}): copy theirs there, or set `keys_dir`",
        .folder.display()
    )]
    OtherKeys { folder: PathBuf, names: String },
    #[error("the authorities in {} can't be used: {error}; put their certificates there, or set `ca_dir`", .folder.display())]
    Authorities {
        folder: PathBuf,
        error: crate::pki::anchors::AnchorsError,
    },
    #[error("the page in {} can't be used: {why}", .folder.display())]
    Page { folder: PathBuf, why: String },
    #[error("{address} is taken by another program; stop it, or set another `{setting}` address")]
    PortTaken {
        address: SocketAddr,
        setting: &'static str,
    },
    #[error("{address} can't be listened on: {error}")]
    Listen {
        address: SocketAddr,
        error: std::io::Error,
    },
    #[error("TLS: {0}")]
    Tls(#[from] tls::TlsError),
    #[error("the HTTP client can't be made: {0}")]
    HttpClient(reqwest::Error),
}

/// Puts the services together, one line each.
#[must_use]
pub fn services(core: &Arc<Core>) -> Services {
    let accounts = Arc::new(accounts::AccountsService::new(core.clone()));
    Services {
        accounts: accounts.clone(),
        openings: accounts.clone(),
        contacts: Arc::new(contacts::ContactsService::new(core.clone())),
        records: Arc::new(records::RecordsService::new(core.clone())),
        drafts: Arc::new(drafts::DraftsService::new(core.clone())),
        applications: Arc::new(applications::ApplicationsService::new(core.clone())),
        checks: Arc::new(receipts::ChecksService::new(core.clone())),
        suspensions: Arc::new(suspensions::SuspensionsService::new(core.clone())),
        signing: Arc::new(signing::SigningService::new(core.clone())),
        addresses: Arc::new(places::AddressesService::new(core.clone())),
        settings: accounts,
    }
}

/// What runs beside the answering, one line each.
fn workers(core: &Arc<Core>, tasks: &mut JoinSet<()>) {
    tasks.spawn(accounts::sweep(core.clone()));
    tasks.spawn(audit::run(core.clone()));
    tasks.spawn(delivery::run(core.clone()));
    tasks.spawn(signing::egov_mobile::waiting::sweep(core.clone()));
    tasks.spawn(signing::settling::run(core.clone()));
    tasks.spawn(revocation::keep_fresh(core.clone()));
    tasks.spawn(traces::export(core.clone()));
    tasks.spawn(works::run(core.clone()));
    tasks.spawn(other_builds::run(core.clone()));
}

/// Everything opened and checked, nothing answered yet: what the core holds may still be exchanged.
pub struct Opened {
    pub core: Core,
    stop: watch::Sender<bool>,
}

/// Opens, checks, binds and answers. Must be called inside a Tokio runtime.
///
/// # Errors
/// [`StartError`]; nothing runs then.
pub async fn start(config: Config, world: World) -> Result<Running, StartError> {
    open(config, world).await?.serve().await
}

/// The database of the settings, brought up to date.
///
/// # Errors
/// [`StoreError`].
pub async fn open_database(config: &Config, world: World) -> Result<Database, StoreError> {
    match &config.database {
        // An address that swallows everything would be waited for longer than an operator looks on.
        Some(url) => tokio::time::timeout(FIRST_ANSWER, Database::connect(url.expose(), world))
            .await
            .unwrap_or(Err(StoreError::Unreachable)),
        None => Database::open(&config.sqlite_file(), world).await,
    }
}

/// Opens the database and reads what stands in files.
///
/// # Errors
/// [`StartError`].
pub async fn open(config: Config, world: World) -> Result<Opened, StartError> {
    config.check()?;
    crate::api::register();
    // Fails only where one is installed already: then that one is used.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let keys = Keys::open(&config.keys_folder(), &world)?;
    let troubled = |error| StartError::Database {
        place: config.database_place(),
        error,
    };
    let store = open_database(&config, world.clone()).await.map_err(troubled)?;
    let others = store.hold_keys(&keys.fingerprints()).await.map_err(troubled)?;
    if !others.is_empty() {
        return Err(StartError::OtherKeys {
            folder: config.keys_folder(),
            names: others.join(", "),
        });
    }
    let anchors = Anchors::load(&config.ca_dir).map_err(|error| StartError::Authorities {
        folder: config.ca_dir.clone(),
        error,
    })?;
    for set_aside in anchors.set_aside() {
        tracing::warn!(certificate = %set_aside.name, why = ?set_aside.why, "authority not used");
    }
    let metrics = Arc::new(Metrics::default());
    let traces = Traces::open(config.otlp_url.as_deref(), &world);
    let http = Outgoing::new(metrics.clone(), traces.clone()).map_err(StartError::HttpClient)?;
    let kazpost = Kazpost::open(config.kazpost_url.as_deref(), &http, &world);
    let signer = envelope_signer(&config, &http)?;
    let registers = Registers::open(config.gbd_fl.as_ref(), signer, &http, &world);
    let revocation = National::new(&config, http.clone(), &anchors, world.clone());
    let second_verifier = second_verifier::configured(&config, &http);
    let (stop, stopping) = watch::channel(false);
    let core = Core {
        config: Arc::new(config),
        world,
        store: Arc::new(store),
        keys,
        anchors: Arc::new(anchors),
        revocation: Arc::new(revocation),
        second_verifier,
        registers,
        kazpost,
        places: places::Places::default(),
        works: works::Announced::default(),
        other_builds: other_builds::OtherBuilds::default(),
        http,
        metrics,
        traces,
        waiting: signing::egov_mobile::waiting::Waiting::default(),
        stopping,
    };
    Ok(Opened { core, stop })
}

/// Who signs the questions to GBD FL; nobody, as a rule.
fn envelope_signer(config: &Config, http: &Outgoing) -> Result<Option<Box<dyn EnvelopeSigner>>, StartError> {
    let Some(settings) = &config.gbd_fl_signer else {
        return Ok(None);
    };
    match NcaNode::open(settings, http.clone()) {
        Ok(signer) => Ok(Some(Box::new(signer))),
        Err((file, error)) => Err(StartError::Key {
            file,
            why: error.to_string(),
        }),
    }
}

impl Opened {
    /// Binds the address and answers.
    ///
    /// # Errors
    /// [`StartError::Page`], [`StartError::Tls`], [`StartError::PortTaken`], [`StartError::Listen`].
    pub async fn serve(self) -> Result<Running, StartError> {
        let core = Arc::new(self.core);
        let app = router::build(&core)?;
        let tls = core.config.tls.as_ref().map(Tls::open).transpose()?;
        let (listener, address) = listen("listen", core.config.listen).await?;
        let metrics = match core.config.metrics_listen {
            Some(address) => Some(listen("metrics_listen", address).await?),
            None => None,
        };
        let mut tasks = JoinSet::new();
        workers(&core, &mut tasks);
        let stopping = core.stopping.clone();
        match &tls {
            Some(tls) => {
                let listener = tls.listener(listener, address);
                tasks.spawn(answer(listener, app, stopping.clone()));
                tasks.spawn(tls::keep_fresh(tls.clone(), stopping));
            }
            None => {
                tasks.spawn(answer(listener, app, stopping));
            }
        }
        let metrics_address = metrics.map(|(listener, address)| {
            tasks.spawn(answer(listener, metrics::router(&core), core.stopping.clone()));
            address
        });
        tracing::info!(%address, ?metrics_address, tls = tls.is_some(), version = VERSION, "listening");
        Ok(Running {
            address,
            metrics_address,
            core,
            tls,
            stop: self.stop,
            tasks,
        })
    }
}

/// With the real address, where port 0 was asked for.
async fn listen(setting: &'static str, wanted: SocketAddr) -> Result<(TcpListener, SocketAddr), StartError> {
    let told = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::AddrInUse => StartError::PortTaken {
            address: wanted,
            setting,
        },
        _ => StartError::Listen {
            address: wanted,
            error,
        },
    };
    let listener = TcpListener::bind(wanted).await.map_err(told)?;
    let address = listener.local_addr().map_err(told)?;
    Ok((listener, address))
}
