//! The load driver: many people at once, each on one of the ways people go, in the shares that a cabinet sees (failures
//! included), against the real program. Drivers, the outside world and the program share one machine: figures of one run
//! tell something beside each other and beside the machine's own limits, little alone.

use super::DriverError;
use super::browser::{Browser, Failure};
use super::check::Snapshot;
use super::dice::Dice;
use super::fill::{fill, has_password, remembered_secret};
use super::ledger::{Ledger, Noted};
use super::outside::{Outside, free_port};
use super::program::Program;
use super::table::Times;
use super::visitor::Visitor;
use crate::demo::people::PASSWORD;
use crate::demo::people::crowd::{self, Somebody};
use crate::pki::{self, Anchors, Content, Purpose};
use crate::server::accounts::password;
use crate::server::backup::DATABASE;
use crate::server::store::{Database, Store as _};
use crate::server::world::World;
use std::collections::{BTreeMap, HashSet};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

/// What is driven, and how.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The server's program.
    pub program: PathBuf,
    /// Of this run alone.
    pub folder: PathBuf,
    /// The crowd in the database.
    pub people: u64,
    /// How many of them are there at the same time.
    pub at_once: usize,
    pub seed: u64,
    /// Lines of settings, such as another database; then nobody is filled in.
    pub settings: String,
}

/// One way a person goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    KeyAndView,
    Password,
    Registration,
    Sign,
    Phone,
    WrongPassword,
    WrongCode,
    UnknownIin,
    BadSignature,
}

/// Shares of ten thousand.
const MIX: [(Way, u64); 9] = [
    (Way::KeyAndView, 5_500),
    (Way::Password, 1_500),
    (Way::Registration, 300),
    (Way::Sign, 1_200),
    (Way::Phone, 300),
    (Way::WrongPassword, 600),
    (Way::WrongCode, 300),
    (Way::UnknownIin, 200),
    (Way::BadSignature, 100),
];

impl Way {
    fn rolled(dice: &Dice) -> Self {
        let mut left = dice.below(10_000);
        for (way, share) in MIX {
            if left < share {
                return way;
            }
            left -= share;
        }
        // The shares are ten thousand in all.
        Self::KeyAndView
    }

    /// What the server must say of it; none of a good way.
    const fn refusal(self) -> Option<&'static str> {
        match self {
            Self::WrongPassword | Self::UnknownIin => Some("credentials"),
            Self::WrongCode => Some("code"),
            Self::BadSignature => Some("signature"),
            _ => None,
        }
    }
}

/// The program with its crowd, its outside world and what was measured.
pub struct Site {
    pub people: u64,
    program: Program,
    stand: Arc<Stand>,
    at_once: usize,
    driven: Duration,
    /// How often it was driven.
    turns: u64,
    /// Seconds driven, kilobytes.
    memory: Vec<(u64, u64)>,
    file: Option<PathBuf>,
}

/// What all drivers of a site share.
struct Stand {
    outside: Arc<Outside>,
    http: reqwest::Client,
    url: String,
    people: u64,
    seed: u64,
    times: Times,
    ledger: Ledger,
    taken: Mutex<HashSet<u64>>,
    registered: Mutex<HashSet<u64>>,
    /// Ways gone to the right end, by name.
    ways: Mutex<BTreeMap<String, usize>>,
    /// What shouldn't have happened.
    faults: Mutex<BTreeMap<String, usize>>,
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Given back when it is dropped.
struct Taken<'a>(&'a Stand, u64);

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        held(&self.0.taken).remove(&self.1);
    }
}

impl Site {
    /// Fills the database where it is SQLite's, and starts the program.
    ///
    /// # Errors
    /// [`DriverError`].
    pub async fn open(plan: Plan, told: impl FnMut(u64)) -> Result<Self, DriverError> {
        let outside = Arc::new(Outside::start(&plan.folder, plan.seed).await?);
        let data = plan.folder.join("data");
        let file = plan.settings.is_empty().then(|| data.join(DATABASE));
        if file.as_ref().is_some_and(|file| !file.exists()) {
            fill(&data, plan.people, told).await?;
        }
        let port = free_port().await?;
        let url = format!("http://127.0.0.1:{port}");
        let settings = outside.settings(port, &plan.settings);
        let mut program = Program::new(&plan.program, &plan.folder, &url, &settings)?;
        program.start().await?;
        let stand = Stand {
            http: reqwest::Client::builder()
                .timeout(Duration::from_secs(60))
                .build()?,
            ledger: Ledger::new(&plan.folder.join("noted.jsonl"))?,
            outside,
            url,
            people: plan.people,
            seed: plan.seed,
            times: Times::default(),
            taken: Mutex::default(),
            registered: Mutex::default(),
            ways: Mutex::default(),
            faults: Mutex::default(),
        };
        Ok(Self {
            people: plan.people,
            program,
            stand: Arc::new(stand),
            at_once: plan.at_once,
            driven: Duration::ZERO,
            turns: 0,
            memory: Vec::new(),
            file,
        })
    }

    /// Everybody asks for so long; what was begun is ended.
    pub async fn drive(&mut self, time: Duration) {
        let begun = Instant::now();
        let mut drivers = JoinSet::new();
        for driver in 0..self.at_once {
            let stand = self.stand.clone();
            // Other rolls each time.
            let dice = Dice::of(stand.seed + self.turns, driver as u64);
            drivers.spawn(async move {
                while begun.elapsed() < time {
                    stand.go(&dice).await;
                }
            });
        }
        let mut second = tokio::time::interval(Duration::from_secs(1));
        loop {
            tokio::select! {
                ended = drivers.join_next() => if ended.is_none() { break },
                _ = second.tick() => {
                    let at = (self.driven + begun.elapsed()).as_secs();
                    self.memory.extend(self.program.memory_kb().map(|kb| (at, kb)));
                }
            }
        }
        self.driven += begun.elapsed();
        self.turns += 1;
    }

    /// What was measured so far goes.
    pub fn forget(&mut self) {
        self.stand.times.forget();
        self.driven = Duration::ZERO;
        self.memory.clear();
    }

    /// p95 by question, in milliseconds.
    #[must_use]
    pub fn p95(&self) -> BTreeMap<&'static str, f64> {
        self.stand.times.p95()
    }

    /// Answers a second.
    #[must_use]
    pub fn rate(&self) -> f64 {
        self.stand.times.count() as f64 / self.driven.as_secs_f64()
    }

    /// What shouldn't have happened, and how often.
    #[must_use]
    pub fn faults(&self) -> BTreeMap<String, usize> {
        held(&self.stand.faults).clone()
    }

    /// Bytes of the database.
    #[must_use]
    pub fn size(&self) -> Option<u64> {
        let file = self.file.as_ref()?;
        std::fs::metadata(file).ok().map(|file| file.len())
    }

    /// What was noted and isn't in the database, or stands there half-done.
    ///
    /// # Errors
    /// [`DriverError`].
    pub async fn lost(&self) -> Result<Vec<String>, DriverError> {
        let Some(file) = &self.file else {
            return Ok(Vec::new());
        };
        let store = Database::open(file, World::system()).await?;
        let stored = Snapshot::read(&mut *store.read_at_once().await?).await?;
        store.close().await;
        Ok([stored.faults(), stored.missing(&self.stand.ledger.all())].concat())
    }

    /// The tables.
    #[must_use]
    pub fn report(&self) -> String {
        let seconds = self.driven.as_secs_f64();
        let mut text = self.stand.times.table(seconds);
        // Writing to a String never fails.
        let _ = writeln!(
            text,
            "\n{} people, {} at once, {seconds:.0} s: {:.1} answers a second, {} answers 5xx",
            self.people,
            self.at_once,
            self.rate(),
            self.stand.times.failed("unavailable") + self.stand.times.failed("internal")
        );
        let ways = held(&self.stand.ways);
        let ways: Vec<String> = ways.iter().map(|(way, count)| format!("{way} {count}")).collect();
        let _ = writeln!(text, "ways gone: {}", ways.join(", "));
        let step = self.memory.len().div_ceil(10).max(1);
        let memory: Vec<String> = self
            .memory
            .iter()
            .step_by(step)
            .chain(self.memory.last())
            .map(|(second, kb)| format!("{second} s {:.0}", *kb as f64 / 1024.0))
            .collect();
        let _ = writeln!(text, "memory, MB: {}", memory.join(", "));
        for (fault, count) in self.faults() {
            let _ = writeln!(text, "shouldn't have happened, {count}: {fault}");
        }
        text
    }
}

impl Stand {
    /// Somebody who isn't there already, of whom this is true.
    fn somebody(&self, dice: &Dice, fits: impl Fn(u64) -> bool) -> Option<Taken<'_>> {
        for _ in 0..1_000 {
            let number = dice.below(self.people);
            if fits(number) && held(&self.taken).insert(number) {
                return Some(Taken(self, number));
            }
        }
        None
    }

    fn visitor(&self, number: u64) -> Result<Visitor, DriverError> {
        let somebody = Somebody::new(number)
            .ok_or_else(|| DriverError::Other(format!("the crowd ends before {number}")))?;
        let browser = Browser::new(self.http.clone(), &self.url, self.times.watcher());
        Ok(Visitor::new(somebody, browser, self.outside.clone()))
    }

    /// One person, one way.
    async fn go(&self, dice: &Dice) {
        let way = Way::rolled(dice);
        let ended = match self.way(way, dice).await {
            Err(failure) if way.refusal().is_some_and(|wanted| failure.is(wanted)) => Ok(()),
            Ok(()) if way.refusal().is_some() => Err(Failure::Odd("it was let pass".to_owned())),
            other => other,
        };
        let mut name = format!("{way:?}");
        let ended = match ended {
            // Two of the same person within a minute: the limit does its work.
            Err(failure) if failure.is("too_many") => {
                name.push_str("PutOff");
                Ok(())
            }
            other => other.map_err(|failure| failure.to_string()),
        };
        match ended {
            Ok(()) => *held(&self.ways).entry(name).or_default() += 1,
            Err(why) => *held(&self.faults).entry(format!("{name}: {why}")).or_default() += 1,
        }
    }

    async fn way(&self, way: Way, dice: &Dice) -> Result<(), Failure> {
        let nobody = || Failure::Odd("everybody is there already".to_owned());
        let registered = |number: u64| held(&self.registered).contains(&number);
        let taken = match way {
            Way::Password | Way::WrongPassword | Way::WrongCode => self.somebody(dice, has_password),
            Way::Registration => self.somebody(dice, |number| !has_password(number) && !registered(number)),
            _ => self.somebody(dice, |_| true),
        };
        let number = taken.as_ref().ok_or_else(nobody)?.1;
        let odd = |error: DriverError| Failure::Odd(error.to_string());
        let mut visitor = match way {
            // The register's crowd goes on where the Fund's ends.
            Way::UnknownIin => self.visitor(crowd::MOST - 1 - number % 1_000),
            _ => self.visitor(number),
        }
        .map_err(odd)?;
        let iin = visitor.iin().to_owned();
        match way {
            Way::KeyAndView => {
                visitor.sign_in_by_key().await?;
                self.ledger.note(Noted::SignedIn { iin });
                visitor.record().await?;
                visitor
                    .browser
                    .ask("applications/history", serde_json::json!({}))
                    .await?;
                visitor.sign_out().await
            }
            Way::Password => {
                // A code a minute goes to one number: remembered browsers are most.
                if dice.in_hundred(80) {
                    let secret = remembered_secret(number);
                    visitor.browser.put_cookie("remembered", &secret);
                }
                visitor.sign_in_by_password(PASSWORD, false, |code| code).await?;
                self.ledger.note(Noted::SignedIn { iin });
                visitor.record().await.map(drop)
            }
            Way::Registration => {
                held(&self.registered).insert(number);
                visitor.register().await?;
                self.ledger.note(Noted::Registered { iin });
                Ok(())
            }
            Way::Sign | Way::Phone | Way::BadSignature => self.sign(&mut visitor, way, dice).await,
            Way::WrongPassword => {
                visitor
                    .sign_in_by_password("Demo-kabinet-2025", false, |code| code)
                    .await
            }
            Way::WrongCode => visitor.sign_in_by_password(PASSWORD, false, another).await,
            Way::UnknownIin => visitor.sign_in_by_password(PASSWORD, false, |code| code).await,
        }
    }

    async fn sign(&self, visitor: &mut Visitor, way: Way, dice: &Dice) -> Result<(), Failure> {
        visitor.sign_in_by_key().await?;
        visitor.record().await?;
        let draft = visitor.open().await?;
        let application = draft["application"].as_str().unwrap_or_default().to_owned();
        let mut version = draft["version"].as_u64().unwrap_or_default();
        for _ in 0..2 {
            let input = visitor.edited(&draft, dice, false);
            version = visitor.save(&application, version, &input).await?;
        }
        let mut frozen = visitor.freeze(&application, version).await?;
        if way == Way::BadSignature {
            frozen.pdf.extend_from_slice(b"\n% changed\n");
        }
        let signature = match way {
            Way::Phone => visitor.signature_by_phone(&frozen).await?,
            _ => visitor.signature(&frozen, true)?,
        };
        visitor.hand_in(&frozen, &signature).await?;
        self.ledger.note(Noted::Signed {
            iin: visitor.iin().to_owned(),
            application: frozen.application.clone(),
            number: frozen.number.clone(),
            document_sha256: frozen.sha256.clone(),
            cms_sha256: signature.sha256(),
            way: signature.way(),
        });
        visitor.receipt(&frozen, dice.in_hundred(30)).await.map(drop)
    }
}

/// A code with another last digit.
fn another(code: String) -> String {
    let last = if code.ends_with('0') { '1' } else { '0' };
    let mut code = code;
    code.pop();
    code.push(last);
    code
}

/// What this machine can do at most, measured now: to stand beside what the program did.
///
/// # Errors
/// [`DriverError`].
pub fn limits(site: &Site) -> Result<String, DriverError> {
    let outside = &site.stand.outside;
    let anchors = Anchors::load(&outside.folder.join("authorities"))
        .map_err(|error| DriverError::Other(error.to_string()))?;
    let now = crate::demo::authority::instant(outside.clock.now());
    let document = vec![b'a'; 40_000];
    let mut text = String::new();
    for (name, number) in [("GOST", 0), ("RSA", 2)] {
        let somebody =
            Somebody::new(number).ok_or_else(|| DriverError::Other("an empty crowd".to_owned()))?;
        let cms = outside
            .keys_of(&somebody)?
            .sign_cms("own", &document, true, false)
            .map_err(|error| DriverError::Other(error.to_string()))?;
        let took = each(100, || {
            let content = Content::Attached(&document);
            std::hint::black_box(pki::verify(&cms, content, Purpose::Document, now, &anchors).is_ok());
        });
        // Writing to a String never fails.
        let _ = writeln!(
            text,
            "one core verifies a {name} signature over 40 kB in {:.2} ms",
            took * 1e3
        );
    }
    let took = each(10, || {
        std::hint::black_box(password::hash(PASSWORD, &[1; 16], &[2; 32]).is_ok());
    });
    let _ = writeln!(text, "one core hashes a password in {:.1} ms", took * 1e3);
    let took = synced(&outside.folder)?;
    let _ = writeln!(text, "the disk keeps 64 kB for good in {:.2} ms", took * 1e3);
    Ok(text)
}

/// Seconds of one of so many.
fn each(times: u32, mut work: impl FnMut()) -> f64 {
    let begun = Instant::now();
    for _ in 0..times {
        work();
    }
    begun.elapsed().as_secs_f64() / f64::from(times)
}

/// Seconds of a write with fdatasync.
fn synced(folder: &Path) -> Result<f64, DriverError> {
    let path = folder.join("synced");
    let mut file = std::fs::File::create(&path).map_err(DriverError::io(path.display()))?;
    let mut failed = None;
    let took = each(100, || {
        let written = file.write_all(&[7; 65_536]).and_then(|()| file.sync_data());
        failed = failed.take().or(written.err());
    });
    match failed {
        Some(error) => Err(DriverError::io(path.display())(error)),
        None => Ok(took),
    }
}

/// How p95 changes from the first site to the others, question by question: they are driven in turns, a slice each, so that
/// what else the machine does falls on all.
pub async fn side_by_side(sites: &mut [Site], slices: u32, slice: Duration) -> String {
    for site in &mut *sites {
        site.drive(slice).await;
        site.forget();
    }
    for _ in 0..slices {
        for site in &mut *sites {
            site.drive(slice).await;
        }
    }
    let mut text = format!("{:<26}", "p95, ms");
    // Writing to a String never fails.
    for site in &*sites {
        let _ = write!(text, " {:>12}", format!("{} people", site.people));
    }
    let first = sites.first().map(Site::p95).unwrap_or_default();
    let _ = writeln!(text, "   ratio");
    for (question, few) in &first {
        let _ = write!(text, "{question:<26}");
        let mut last = *few;
        for site in &*sites {
            last = site.p95().get(question).copied().unwrap_or(f64::NAN);
            let _ = write!(text, " {last:>12.1}");
        }
        let _ = writeln!(text, " {:>7.2}", last / few);
    }
    text
}
