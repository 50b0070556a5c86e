//! A whole cabinet for tests: a clock that stands, chance that repeats, two people known to the Fund and to GBD FL, an
//! authority that certifies both, and outside systems that answer as a test tells them.

use super::config::Config;
use super::keys::Keys;
use super::registers::{GbdFl, RegisterAnswer, RegisterTrouble, Registers};
use super::revocation::{Asked, Evidence, Revocation, RevocationCheck};
use super::store::accounts::NewSession;
use super::store::fund::FundRecord;
use super::store::{AccountStore as _, Database, FundStore as _};
use super::world::{Clock, Random, World, sha256};
use super::{Core, http_client, second_verifier, services, signing};
use crate::api::accounts::Way;
use crate::api::records::{Account, Contribution};
use crate::api::{Caller, Services};
use crate::demo::mint::{
    Authority, CertificateStatus, Cms, Credential, Key, OcspResponse, Person as Subject, Template, Urls,
    cert_id,
};
use crate::domain::address::Address;
use crate::domain::eligibility::{Capacity, Life, RegisterRecord};
use crate::domain::identity_document::{DocumentKind, IdentityDocument, Named, RegisteredDocument};
use crate::domain::iin::Iin;
use crate::domain::lang::Lang;
use crate::domain::person::Person;
use crate::domain::requisites::Requisites;
use crate::domain::time::{Date, Timestamp};
use crate::pki::{Anchors, Chain, Instant};
use async_trait::async_trait;
use sqlx::{Connection as _, Row as _, SqliteConnection};
use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, Mutex};
use tokio::sync::watch;

pub(crate) const ALIYA: &str = "990101390009";
pub(crate) const BOLAT: &str = "990101391804";

pub(crate) fn iin(text: &str) -> Iin {
    Iin::typed(text).unwrap()
}

/// A clock that moves when told.
pub(crate) struct Hands(AtomicI64);

impl Hands {
    pub(crate) fn advance_seconds(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1000, Ordering::SeqCst);
    }
}

impl Clock for Hands {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}

/// Chance that is the same at each run.
struct Counted(AtomicU64);

impl Random for Counted {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(32) {
            let block = sha256(self.0.fetch_add(1, Ordering::SeqCst).to_be_bytes());
            chunk.copy_from_slice(&block[..chunk.len()]);
        }
    }
}

pub(crate) fn world() -> (World, Arc<Hands>) {
    let start = Timestamp::parse_rfc3339("2026-11-23T08:00:00Z").unwrap();
    let clock = Arc::new(Hands(AtomicI64::new(start.0)));
    let world = World {
        clock: clock.clone(),
        random: Arc::new(Counted(AtomicU64::new(0))),
    };
    (world, clock)
}

/// GBD FL as a test tells it.
#[derive(Default)]
pub(crate) struct Register {
    pub(crate) answers: Mutex<HashMap<Iin, Result<RegisterAnswer, RegisterTrouble>>>,
    pub(crate) asked: AtomicU64,
}

impl Register {
    pub(crate) fn set(&self, iin: &Iin, answer: Result<RegisterAnswer, RegisterTrouble>) {
        self.answers.lock().unwrap().insert(iin.clone(), answer);
    }

    pub(crate) fn change(&self, iin: &Iin, change: impl FnOnce(&mut RegisterRecord)) {
        let mut answers = self.answers.lock().unwrap();
        change(&mut answers.get_mut(iin).unwrap().as_mut().unwrap().record);
    }
}

struct Shared(Arc<Register>, World);

#[async_trait]
impl GbdFl for Shared {
    async fn person(&self, iin: &Iin) -> Result<RegisterAnswer, RegisterTrouble> {
        self.0.asked.fetch_add(1, Ordering::SeqCst);
        let answers = self.0.answers.lock().unwrap();
        let answer = answers
            .get(iin)
            .cloned()
            .unwrap_or(Err(RegisterTrouble::NotFound));
        answer.map(|answer| RegisterAnswer {
            read_at: self.1.now(),
            ..answer
        })
    }
}

/// The responder as a test tells it; its answers are real ones if asked for, which cost a signature each.
pub(crate) struct Responder(pub(crate) Mutex<Revocation>, pub(crate) AtomicBool);

#[async_trait]
impl RevocationCheck for Responder {
    async fn ask(&self, chain: &Chain, as_of: Timestamp) -> Asked {
        let revocation = *self.0.lock().unwrap();
        if revocation == Revocation::Good && self.1.load(Ordering::SeqCst) {
            let id = cert_id(chain.leaf.der(), &CERTIFIED.authority);
            let (at, nonce) = (Instant::from_unix(as_of.0 / 1000), vec![7; 32]);
            let response = OcspResponse::new(id, CertificateStatus::Good, at, Some(nonce.clone()));
            let evidence = vec![
                Evidence {
                    kind: "ocsp",
                    content: response.sign(&CERTIFIED.responder),
                },
                Evidence {
                    kind: "ocsp_nonce",
                    content: nonce,
                },
            ];
            return Asked { revocation, evidence };
        }
        let evidence = vec![Evidence {
            kind: "ocsp",
            content: format!("{revocation:?}").into_bytes(),
        }];
        Asked { revocation, evidence }
    }
}

struct Certified {
    anchors: Vec<Vec<u8>>,
    authority: Authority,
    responder: Credential,
    aliya: Credential,
    bolat: Credential,
}

static CERTIFIED: LazyLock<Certified> = LazyLock::new(|| {
    let at = |text| Instant::from_rfc3339(text).unwrap();
    let (from, to) = (at("2024-01-01T00:00:00Z"), at("2030-01-01T00:00:00Z"));
    let root = Authority::root("ROOT (TEST)", Key::gost("flow root"), from, to);
    let authority = root.subordinate("AUTHORITY (TEST)", Key::gost("flow authority"), from, to);
    let person = |surname, given_name, iin| {
        let key = Key::gost(iin);
        let subject = Subject {
            surname,
            given_name,
            patronymic: None,
            iin,
        };
        let template = Template::person(&subject, &key, from, to, Urls::default());
        authority.credential(&template, key)
    };
    let key = Key::gost("flow responder");
    let template = Template::responder("OCSP RESPONDER", &key, from, to);
    Certified {
        aliya: person("СЕРІКҚЫЗЫ", "ӘЛИЯ", ALIYA),
        bolat: person("ОМАРОВ", "БОЛАТ", BOLAT),
        responder: authority.credential(&template, key),
        anchors: vec![root.certificate.clone(), authority.certificate.clone()],
        authority,
    }
});

/// The cabinet.
pub(crate) struct House {
    pub(crate) core: Arc<Core>,
    pub(crate) services: Services,
    pub(crate) store: Arc<Database>,
    pub(crate) clock: Arc<Hands>,
    pub(crate) register: Arc<Register>,
    pub(crate) responder: Arc<Responder>,
    folder: tempfile::TempDir,
    _stop: watch::Sender<bool>,
}

/// Lets `Core` and a test hold the same responder.
struct Told(Arc<Responder>);

#[async_trait]
impl RevocationCheck for Told {
    async fn ask(&self, chain: &Chain, as_of: Timestamp) -> Asked {
        self.0.ask(chain, as_of).await
    }
}

impl House {
    pub(crate) async fn new() -> Self {
        Self::with(Config::default()).await
    }

    pub(crate) async fn with(config: Config) -> Self {
        // Fails where another test has installed it.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let folder = tempfile::tempdir().unwrap();
        let (world, clock) = world();
        let store = Arc::new(
            Database::open(&folder.path().join("cabinet.sqlite"), world.clone())
                .await
                .unwrap(),
        );
        let register = Arc::new(Register::default());
        for (person, number) in [(aliya(), "051234567"), (bolat(), "052345678")] {
            register.set(&person.iin, Ok(answer(&person, number)));
            store.put_fund_record(&fund_record(person, number)).await.unwrap();
        }
        let responder = Arc::new(Responder(Mutex::new(Revocation::Good), AtomicBool::new(false)));
        let http = http_client().unwrap();
        let (stop, stopping) = watch::channel(false);
        let core = Arc::new(Core {
            second_verifier: second_verifier::configured(&config, &http),
            config: Arc::new(config),
            keys: Keys::open(folder.path(), &world).unwrap(),
            store: store.clone(),
            anchors: Arc::new(anchors()),
            revocation: Arc::new(Told(responder.clone())),
            registers: Registers::new(Arc::new(Shared(register.clone(), world.clone())), world.clone()),
            http,
            kazpost: super::registers::kazpost::Kazpost::new(None, world.clone()),
            places: super::places::Places::default(),
            works: super::works::Announced::default(),
            waiting: signing::egov_mobile::waiting::Waiting::default(),
            stopping,
            world,
        });
        Self {
            services: services(&core),
            core,
            store,
            clock,
            register,
            responder,
            folder,
            _stop: stop,
        }
    }

    /// A browser in which this person is signed in by password; nobody was told of it.
    pub(crate) async fn signed_in(&self, iin: &Iin) -> Caller {
        self.signed_in_by(iin, Way::Password).await
    }

    pub(crate) async fn signed_in_by(&self, iin: &Iin, way: Way) -> Caller {
        let mut caller = Caller::new(IpAddr::V4(Ipv4Addr::LOCALHOST), Lang::Ru, "request-1".to_owned());
        let world = &self.core.world;
        let secret = world.secret();
        let session = NewSession {
            iin,
            secret_hash: sha256(&secret),
            way,
            at: world.now(),
            certificate_ends: None,
            address: "127.0.0.1",
            user_agent: "",
            request_id: "request-1",
            sign_in_id: &world.id(),
            forgiven: &[],
            instead_of: None,
            device_hash: sha256(world.secret()),
            device_since: world.now(),
            from_new_device: &[],
        };
        self.store.start_session(session).await.unwrap();
        caller.session = Some(secret);
        caller
    }

    /// The database behind the program's back.
    pub(crate) async fn behind(&self) -> SqliteConnection {
        let file = self.folder.path().join("cabinet.sqlite");
        SqliteConnection::connect(&format!("sqlite://{}", file.display()))
            .await
            .unwrap()
    }

    pub(crate) async fn sql(&self, sql: &str) {
        sqlx::raw_sql(sqlx::AssertSqlSafe(sql.to_owned()))
            .execute(&mut self.behind().await)
            .await
            .unwrap();
    }

    /// Every row of these tables, as text.
    pub(crate) async fn rows(&self, sql: &str) -> Vec<Vec<String>> {
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql.to_owned()))
            .fetch_all(&mut self.behind().await)
            .await
            .unwrap();
        rows.iter()
            .map(|row| {
                (0..row.len())
                    .map(|column| {
                        row.try_get_unchecked::<Option<String>, _>(column)
                            .unwrap()
                            .unwrap_or_default()
                    })
                    .collect()
            })
            .collect()
    }

    /// The whole database as text, to compare.
    pub(crate) async fn everything(&self) -> Vec<(String, Vec<Vec<String>>)> {
        let tables = self
            .rows("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name")
            .await;
        let mut all = Vec::new();
        for table in tables {
            let columns = self
                .rows(&format!("SELECT name FROM pragma_table_info('{}')", table[0]))
                .await;
            let quoted: Vec<_> = columns
                .iter()
                .map(|column| format!("quote({})", column[0]))
                .collect();
            let rows = self
                .rows(&format!(
                    "SELECT {} FROM {} ORDER BY 1, 2",
                    quoted.join(", "),
                    table[0]
                ))
                .await;
            all.push((table[0].clone(), rows));
        }
        all
    }
}

/// Whose certificates are believed.
pub(crate) fn anchors() -> Anchors {
    Anchors::from_der(&CERTIFIED.anchors).unwrap()
}

/// The attached CMS of this person's key over these bytes, in base64.
pub(crate) fn signed_by(iin: &str, document: &[u8], at: Timestamp) -> String {
    use base64::Engine as _;
    let signer = if iin == ALIYA {
        &CERTIFIED.aliya
    } else {
        &CERTIFIED.bolat
    };
    let cms = Cms::new(signer, document, true, Instant::from_unix(at.0 / 1000));
    base64::engine::general_purpose::STANDARD.encode(cms.encode())
}

pub(crate) fn aliya() -> Person {
    Person {
        iin: iin(ALIYA),
        surname: "Серікқызы".into(),
        given_name: "Әлия".into(),
        patronymic: None,
        birth_date: Date::new(1999, 1, 1).unwrap(),
    }
}

fn bolat() -> Person {
    Person {
        iin: iin(BOLAT),
        surname: "Омаров".into(),
        given_name: "Болат".into(),
        patronymic: Some("Маратұлы".into()),
        birth_date: Date::new(1999, 1, 1).unwrap(),
    }
}

pub(crate) fn document(kind: DocumentKind, number: &str) -> IdentityDocument {
    IdentityDocument {
        kind,
        series: None,
        number: number.into(),
        issued_on: Date::new(2024, 3, 15).unwrap(),
        valid_until: Date::new(2034, 3, 14),
        issued_by: Named {
            code: "002".into(),
            kk: "ҚР ІШКІ ІСТЕР МИНИСТРЛІГІ".into(),
            ru: "МИНИСТЕРСТВО ВНУТРЕННИХ ДЕЛ РК".into(),
        },
    }
}

pub(crate) fn answer(person: &Person, number: &str) -> RegisterAnswer {
    let valid = |document| RegisteredDocument {
        document,
        status: "00".into(),
        invalidated_on: None,
    };
    RegisterAnswer {
        record: RegisterRecord {
            person: person.clone(),
            documents: vec![
                valid(document(DocumentKind::IdentityCard, number)),
                valid(document(DocumentKind::Passport, "N12345678")),
            ],
            life: Life::Alive,
            capacity: Capacity::Full,
            excluded: false,
        },
        registered_address: None,
        read_at: Timestamp(0),
    }
}

pub(crate) fn fund_record(person: Person, number: &str) -> FundRecord {
    FundRecord {
        requisites: Requisites {
            address: Address {
                region: "35".into(),
                district: "Теміртау қаласы".into(),
                street: "Бейбітшілік даңғылы".into(),
                house: "14/2".into(),
                ..Address::default()
            },
            mobile: "+77012345678".into(),
            email: "old@example.kz".into(),
            document: Some(document(DocumentKind::IdentityCard, number)),
            ..Requisites::default()
        },
        person,
        version: 0,
        changed_at: None,
        accounts: vec![Account {
            number: "KZ-0001".into(),
            contribution: Contribution::Mandatory,
            basis_name: None,
            basis_number: None,
            notification_kind: None,
            opened_on: Date::new(2018, 1, 9).unwrap(),
        }],
        bank_account_masked: None,
    }
}
