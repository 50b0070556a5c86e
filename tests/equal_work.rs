//! T20: an IIN the Fund knows, one that has a password and one that nobody has cost the same statements. Every statement that
//! reaches the database is written down, by what sqlx tells of each; nothing else runs meanwhile.

use cabinet::api::accounts::Credentials;
use cabinet::api::openings::{HeldNumber, Opening, OpeningWanted, PasswordOpened};
use cabinet::api::{Caller, Services};
use cabinet::domain::iin::Iin;
use cabinet::domain::lang::Lang;
use cabinet::domain::person::Person;
use cabinet::domain::requisites::Requisites;
use cabinet::domain::time::Date;
use cabinet::server::accounts::password;
use cabinet::server::config::Config;
use cabinet::server::store::fund::FundRecord;
use cabinet::server::world::World;
use cabinet::server::{Core, open, services};
use std::fmt::Write as _;
use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;
use std::sync::{Arc, Mutex};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// Known, without a password.
const ALIYA: &str = "990101390009";
/// Known, with one.
const BOLAT: &str = "990101391804";
const NOBODY: &str = "850412300016";

static STATEMENTS: Mutex<Vec<String>> = Mutex::new(Vec::new());

struct Listener;

struct Statement(String);

impl Visit for Statement {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        if ["summary", "db.statement"].contains(&field.name()) {
            let _ = write!(self.0, "{value:?} ");
        }
    }
}

impl Subscriber for Listener {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("sqlx::query")
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut statement = Statement(String::new());
        event.record(&mut statement);
        STATEMENTS.lock().unwrap().push(statement.0);
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

fn taken() -> Vec<String> {
    std::mem::take(&mut *STATEMENTS.lock().unwrap())
}

async fn house(folder: &Path) -> (Arc<Core>, Services) {
    let config = Config {
        data: folder.join("data"),
        ca_dir: Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/authorities"),
        ..Config::default()
    };
    // Opened and not started: no worker asks the database anything.
    let core = Arc::new(open(config, World::system()).await.unwrap().core);
    for (digits, mobile) in [(ALIYA, "+77012345678"), (BOLAT, "+77770001418")] {
        let record = FundRecord {
            person: Person {
                iin: Iin::typed(digits).unwrap(),
                surname: "Сынақова".to_owned(),
                given_name: "Әлия".to_owned(),
                patronymic: None,
                birth_date: Date::new(1999, 1, 1).unwrap(),
            },
            requisites: Requisites {
                mobile: mobile.to_owned(),
                ..Requisites::default()
            },
            version: 0,
            changed_at: None,
            accounts: Vec::new(),
            bank_account_masked: None,
        };
        core.store.put_fund_record(&record).await.unwrap();
    }
    let phc = password::hash("төрт көк түйе жолда", &[1; 16], &core.keys.pepper).unwrap();
    core.store
        .set_password(&Iin::typed(BOLAT).unwrap(), &phc)
        .await
        .unwrap();
    let services = services(&core);
    (core, services)
}

/// What one person of three costs: a wrong password, a code asked for, a wrong code.
async fn cost(who: &str) -> Vec<(&'static str, Vec<String>)> {
    let folder = tempfile::tempdir().unwrap();
    let (_core, services) = house(folder.path()).await;
    let mut caller = Caller::new(IpAddr::V4(Ipv4Addr::LOCALHOST), Lang::Kk, "request".to_owned());
    let mut costs = Vec::new();
    taken();
    let credentials = Credentials {
        iin: who.to_owned(),
        password: "a wrong one".to_owned(),
    };
    let signed_in = services.accounts.sign_in(&caller, credentials).await;
    assert!(signed_in.is_err());
    costs.push(("a wrong password", taken()));
    for (name, opening) in [
        ("registering", Opening::Registration),
        ("a forgotten password", Opening::PasswordReset),
    ] {
        let wanted = OpeningWanted {
            opening,
            iin: who.to_owned(),
            number: HeldNumber::Mobile,
            proof: String::new(),
        };
        let folder = tempfile::tempdir().unwrap();
        let (_core, services) = house(folder.path()).await;
        taken();
        services.openings.start(&caller, wanted).await.unwrap();
        costs.push((name, taken()));
        let cookie = caller.take_cookies().remove(0);
        caller.opening = cookie.split(['=', ';']).nth(1).map(str::to_owned);
        let opened = PasswordOpened {
            code: "000000".to_owned(),
            password: "төрт көк түйе жолда".to_owned(),
        };
        assert!(services.openings.finish(&caller, opened).await.is_err());
        costs.push(("a wrong code", taken()));
    }
    costs
}

#[tokio::test]
async fn t20_unknown_known_and_registered_people_cost_the_same_statements() {
    tracing::subscriber::set_global_default(Listener).unwrap();
    let (aliya, bolat, nobody) = (cost(ALIYA).await, cost(BOLAT).await, cost(NOBODY).await);
    for (name, statements) in &aliya {
        assert!(statements.len() >= 4, "{name}: {statements:?}");
    }
    assert_eq!(aliya, bolat);
    assert_eq!(aliya, nobody);
}
