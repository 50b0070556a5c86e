//! The server: one process that answers the page's questions and serves the page itself. [`start`] opens the database,
//! checks everything that can be checked before the first person comes, binds the address and answers until told to stop.
//! [`Core`] is what every service shares; [`services`] is the one place where they are put together.

pub mod accounts;
#[cfg(test)]
mod after_tests;
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
mod notice;
pub mod outbox;
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
pub mod verify_command;
pub mod works;
pub mod world;

use crate::api::Services;
use crate::pki::Anchors;
use config::Config;
use keys::Keys;
use registers::Registers;
use registers::gbd_fl::signer::{EnvelopeSigner, NcaNode};
use registers::kazpost::Kazpost;
use revocation::{National, RevocationCheck};
use second_verifier::SecondVerifier;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use store::{Database, Store, StoreError};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;
use world::World;

/// The version of the package and the build it is of, `0.1.0 (dev)`.
pub const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), " (", env!("CABINET_BUILD"), ")");

/// How long running requests may still take after the server was told to stop.
const LAST_ANSWERS: std::time::Duration = std::time::Duration::from_secs(30);

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
    /// For outside systems: no redirects, ten seconds at most.
    pub http: reqwest::Client,
    /// The pages that wait for a phone.
    pub waiting: signing::egov_mobile::waiting::Waiting,
    /// Turns true when the server is asked to stop; workers and long polls end then.
    pub stopping: watch::Receiver<bool>,
}

/// A server that answers.
pub struct Running {
    /// Where it listens; the port is the real one where 0 was asked for.
    pub address: SocketAddr,
    pub core: Arc<Core>,
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
}

impl Running {
    /// Asks it to stop: no new connections, running requests end.
    pub fn stop(&self) {
        // Nobody listening means it has stopped already.
        let _ = self.stop.send(true);
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
    #[error("the database {} can't be used: {error}", .file.display())]
    Database { file: PathBuf, error: StoreError },
    #[error("the authorities in {} can't be used: {error}; put their certificates there, or set `ca_dir`", .folder.display())]
    Authorities {
        folder: PathBuf,
        error: crate::pki::anchors::AnchorsError,
    },
    #[error("the page in {} can't be used: {why}", .folder.display())]
    Page { folder: PathBuf, why: String },
    #[error("{address} is taken by another program; stop it, or set another `listen` address")]
    PortTaken { address: SocketAddr },
    #[error("{address} can't be listened on: {error}")]
    Listen {
        address: SocketAddr,
        error: std::io::Error,
    },
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
    tasks.spawn(works::run(core.clone()));
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

/// Opens the database and reads what stands in files.
///
/// # Errors
/// [`StartError`].
pub async fn open(config: Config, world: World) -> Result<Opened, StartError> {
    config.check()?;
    crate::api::register();
    // Fails only where one is installed already: then that one is used.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let keys = Keys::open(&config.data, &world)?;
    let file = config.data.join(backup::DATABASE);
    let store = match Database::open(&file, world.clone()).await {
        Ok(store) => store,
        Err(error) => return Err(StartError::Database { file, error }),
    };
    let anchors = Anchors::load(&config.ca_dir).map_err(|error| StartError::Authorities {
        folder: config.ca_dir.clone(),
        error,
    })?;
    for set_aside in anchors.set_aside() {
        tracing::warn!(certificate = %set_aside.name, why = ?set_aside.why, "authority not used");
    }
    let http = http_client().map_err(StartError::HttpClient)?;
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
        http,
        waiting: signing::egov_mobile::waiting::Waiting::default(),
        stopping,
    };
    Ok(Opened { core, stop })
}

/// Who signs the questions to GBD FL; nobody, as a rule.
fn envelope_signer(
    config: &Config,
    http: &reqwest::Client,
) -> Result<Option<Box<dyn EnvelopeSigner>>, StartError> {
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

/// The client for outside systems.
fn http_client() -> reqwest::Result<reqwest::Client> {
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(std::time::Duration::from_secs(10))
        .connect_timeout(std::time::Duration::from_secs(5))
        .build()
}

impl Opened {
    /// Binds the address and answers.
    ///
    /// # Errors
    /// [`StartError::Page`], [`StartError::PortTaken`], [`StartError::Listen`].
    pub async fn serve(self) -> Result<Running, StartError> {
        let core = Arc::new(self.core);
        let app = router::build(&core)?;
        let listener = listen(core.config.listen).await?;
        let address = listener.local_addr().map_err(|error| StartError::Listen {
            address: core.config.listen,
            error,
        })?;
        let mut tasks = JoinSet::new();
        workers(&core, &mut tasks);
        let mut stopping = core.stopping.clone();
        tasks.spawn(async move {
            let service = app.into_make_service_with_connect_info::<SocketAddr>();
            let served = axum::serve(listener, service)
                .with_graceful_shutdown(async move {
                    // An error means the sender is gone, and with it the server.
                    let _ = stopping.wait_for(|stop| *stop).await;
                })
                .await;
            if let Err(error) = served {
                tracing::error!(%error, "answering ended");
            }
        });
        tracing::info!(%address, version = VERSION, "listening");
        Ok(Running {
            address,
            core,
            stop: self.stop,
            tasks,
        })
    }
}

async fn listen(address: SocketAddr) -> Result<TcpListener, StartError> {
    TcpListener::bind(address)
        .await
        .map_err(|error| match error.kind() {
            std::io::ErrorKind::AddrInUse => StartError::PortTaken { address },
            _ => StartError::Listen { address, error },
        })
}
