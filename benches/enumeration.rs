//! Does the time of an answer tell whether an IIN is known? A wrong password and a code asked for, for a person without a
//! password, one with, and nobody, in turn; the distributions stand beside each other, as ratios of one run (T20).

use cabinet::api::accounts::Credentials;
use cabinet::api::openings::{HeldNumber, Opening, OpeningWanted};
use cabinet::api::{Caller, Services};
use cabinet::domain::iin::Iin;
use cabinet::domain::lang::Lang;
use cabinet::domain::person::Person;
use cabinet::domain::requisites::Requisites;
use cabinet::domain::time::{Date, Timestamp};
use cabinet::server::accounts::password;
use cabinet::server::config::Config;
use cabinet::server::store::fund::FundRecord;
use cabinet::server::world::{Clock, SystemRandom, World};
use cabinet::server::{open, services};
use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Instant;

const WHO: [(&str, &str); 3] = [
    ("known, no password", "990101390009"),
    ("known, with one", "990101391804"),
    ("nobody", "850412300016"),
];
/// With the warm-up fewer than the hundred after which guessing ends for good.
const ROUNDS: usize = 80;
const WARM_UP: usize = 10;

/// Moves on so far between two questions that no limit comes between.
struct Striding(AtomicI64);

impl Clock for Striding {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}

fn main() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(measure());
}

async fn house(folder: &Path, clock: Arc<Striding>) -> Services {
    let mut config = Config {
        data: folder.join("data"),
        ca_dir: Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/authorities"),
        ..Config::default()
    };
    config.limits.sign_ins_per_address = u32::MAX;
    config.limits.codes_per_address = u32::MAX;
    config.limits.codes_in_all = u32::MAX;
    config.limits.unchecked_per_address = u32::MAX;
    config.limits.unchecked_in_all = u32::MAX;
    let world = World {
        clock,
        random: Arc::new(SystemRandom),
    };
    // Opened and not started: no worker comes between.
    let core = Arc::new(open(config, world).await.expect("the server opens").core);
    for (index, (_, digits)) in WHO.iter().take(2).enumerate() {
        let record = FundRecord {
            person: Person {
                iin: Iin::typed(digits).expect("an IIN"),
                surname: "Сынақова".to_owned(),
                given_name: "Әлия".to_owned(),
                patronymic: None,
                birth_date: Date::new(1999, 1, 1).expect("a day"),
            },
            requisites: Requisites {
                mobile: format!("+7701234567{index}"),
                ..Requisites::default()
            },
            version: 0,
            changed_at: None,
            accounts: Vec::new(),
            bank_account_masked: None,
        };
        core.store.put_fund_record(&record).await.expect("kept");
    }
    let phc = password::hash("төрт көк түйе жолда", &[1; 16], &core.keys.pepper).expect("a hash");
    let registered = Iin::typed(WHO[1].1).expect("an IIN");
    core.store.set_password(&registered, &phc).await.expect("kept");
    services(&core)
}

async fn measure() {
    let folder = tempfile::tempdir().expect("a folder");
    let clock = Arc::new(Striding(AtomicI64::new(1_795_417_200_000)));
    let services = house(folder.path(), clock.clone()).await;
    let caller = Caller::new(IpAddr::V4(Ipv4Addr::LOCALHOST), Lang::Kk, "bench".to_owned());
    let mut wrong = [const { Vec::new() }; 3];
    let mut begun = [const { Vec::new() }; 3];
    for round in 0..ROUNDS + WARM_UP {
        for turn in 0..3 {
            // Not always in the same order.
            let index = (round + turn) % 3;
            let iin = WHO[index].1.to_owned();
            clock.0.fetch_add(40 * 86_400_000, Ordering::SeqCst);
            let credentials = Credentials {
                iin: iin.clone(),
                password: "a wrong one".to_owned(),
            };
            let at = Instant::now();
            let answer = services.accounts.sign_in(&caller, credentials).await;
            let took = at.elapsed();
            assert!(answer.is_err());
            if round >= WARM_UP {
                wrong[index].push(took.as_secs_f64() * 1000.0);
            }
            let wanted = OpeningWanted {
                opening: Opening::Registration,
                iin,
                number: HeldNumber::Mobile,
                proof: String::new(),
            };
            let at = Instant::now();
            let answer = services.openings.start(&caller, wanted).await;
            let took = at.elapsed();
            drop(caller.take_cookies());
            assert!(answer.is_ok(), "{answer:?}");
            if round >= WARM_UP {
                begun[index].push(took.as_secs_f64() * 1000.0);
            }
        }
    }
    show("a wrong password", wrong);
    show("a code asked for", begun);
}

fn show(what: &str, mut samples: [Vec<f64>; 3]) {
    println!("{what}, {ROUNDS} each, ms:");
    println!(
        "  {:<20} {:>8} {:>8} {:>8} {:>8}   median : nobody's, distance (KS)",
        "", "5 %", "median", "95 %", "mean"
    );
    for sample in &mut samples {
        sample.sort_by(f64::total_cmp);
    }
    let at = |sample: &[f64], share: usize| sample[(sample.len() - 1) * share / 100];
    for ((name, _), sample) in WHO.iter().zip(&samples) {
        let mean = sample.iter().sum::<f64>() / ROUNDS as f64;
        println!(
            "  {name:<20} {:>8.3} {:>8.3} {:>8.3} {mean:>8.3}   {:.3}, {:.3}",
            at(sample, 5),
            at(sample, 50),
            at(sample, 95),
            at(sample, 50) / at(&samples[2], 50),
            distance(sample, &samples[2]),
        );
    }
    println!(
        "  Distances under {:.3} are chance (p > 0.01).",
        1.63 * (2.0 / ROUNDS as f64).sqrt()
    );
}

/// Kolmogorov's and Smirnov's: the largest difference of the two shares below a value.
fn distance(one: &[f64], other: &[f64]) -> f64 {
    let share = |sample: &[f64], value: f64| {
        sample.partition_point(|found| *found <= value) as f64 / sample.len() as f64
    };
    one.iter()
        .chain(other)
        .map(|value| (share(one, *value) - share(other, *value)).abs())
        .fold(0.0, f64::max)
}
