//! The people of the crash test, each in a task of their own, and the world around them.

use crate::postgres::Fresh;
use cabinet::demo::driver::browser::{Browser, Failure, Watcher};
use cabinet::demo::driver::dice::Dice;
use cabinet::demo::driver::ledger::{Ledger, Noted};
use cabinet::demo::driver::outside::{Outside, free_port};
use cabinet::demo::driver::program::Program;
use cabinet::demo::driver::visitor::{Frozen, Signature, Visitor};
use cabinet::demo::people::PASSWORD;
use cabinet::demo::people::crowd::Somebody;
use cabinet::server::store::Database;
use cabinet::server::world::World;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::{Mutex as Turn, watch};
use tokio::task::JoinSet;

/// Where the program keeps everything.
pub enum Engine {
    Sqlite,
    Postgres(Fresh),
}

/// Whether people may ask; what they wait for while the server is down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Now {
    Go,
    Hold,
    End,
}

pub struct Scene {
    pub program: Program,
    engine: Engine,
    pub ledger: Arc<Ledger>,
    outside: Arc<Outside>,
    now: watch::Sender<Now>,
    people: Vec<Arc<Turn<Visitor>>>,
    tasks: JoinSet<()>,
    /// Answers that may not be, whatever happens to the server.
    odd: Arc<Mutex<Vec<String>>>,
    cuts: Arc<AtomicU64>,
    last: Arc<Mutex<Vec<(usize, String)>>>,
}

/// A person with everything they share with the others.
struct Life {
    visitor: Arc<Turn<Visitor>>,
    index: usize,
    dice: Dice,
    ledger: Arc<Ledger>,
    now: watch::Receiver<Now>,
    odd: Arc<Mutex<Vec<String>>>,
    last: Arc<Mutex<Vec<(usize, String)>>>,
    password: Password,
    /// Whether a transaction may collide with others' until the server gives up and says so.
    collides: bool,
}

/// Whether the person has set one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Password {
    NotYet,
    Set,
    /// The answer was lost: who asks for a code again is told nothing of it, and comes by key.
    Unsure,
    /// Comes by key alone.
    Never,
}

impl Scene {
    /// The program runs, and everybody stands at the door: who has an even number signs in by password at times.
    pub async fn new(folder: &Path, seed: u64, people: u64, engine: Engine) -> Self {
        let outside = Arc::new(Outside::start(folder, seed).await.unwrap());
        let port = free_port().await.unwrap();
        let url = format!("http://127.0.0.1:{port}");
        let program = Path::new(env!("CARGO_BIN_EXE_cabinet"));
        let line = match &engine {
            Engine::Sqlite => String::new(),
            Engine::Postgres(fresh) => format!("database = {:?}", fresh.url),
        };
        let settings = outside.settings(port, &line);
        let mut program = Program::new(program, folder, &url, &settings).unwrap();
        let crowd: Vec<Somebody> = (0..people).map(|number| Somebody::new(number).unwrap()).collect();
        bring_in(&program, folder, &crowd);
        program.start().await.unwrap();
        let cuts = Arc::new(AtomicU64::default());
        let counting = cuts.clone();
        let watcher: Watcher = Arc::new(move |_, _, failure| {
            counting.fetch_add(u64::from(failure.is_some_and(Failure::is_cut)), Ordering::Relaxed);
        });
        let http = reqwest::Client::builder()
            .timeout(Duration::from_secs(30))
            .build()
            .unwrap();
        let mut scene = Self {
            program,
            engine,
            ledger: Arc::new(Ledger::new(&folder.join("noted.jsonl")).unwrap()),
            now: watch::Sender::new(Now::Hold),
            people: Vec::new(),
            tasks: JoinSet::new(),
            odd: Arc::default(),
            last: Arc::default(),
            cuts,
            outside,
        };
        for somebody in crowd {
            let browser = Browser::new(http.clone(), &url, watcher.clone());
            let visitor = Visitor::new(somebody, browser, scene.outside.clone());
            scene.people.push(Arc::new(Turn::new(visitor)));
        }
        for (index, visitor) in scene.people.iter().enumerate() {
            let life = Life {
                visitor: visitor.clone(),
                index,
                dice: Dice::of(seed, index as u64),
                ledger: scene.ledger.clone(),
                now: scene.now.subscribe(),
                odd: scene.odd.clone(),
                last: scene.last.clone(),
                collides: matches!(scene.engine, Engine::Postgres(_)),
                password: if index.is_multiple_of(2) {
                    Password::NotYet
                } else {
                    Password::Never
                },
            };
            scene.tasks.spawn(life.live());
        }
        scene
    }

    /// The database beside the program.
    pub async fn store(&self) -> Database {
        let world = World::system();
        let opened = match &self.engine {
            Engine::Sqlite => Database::open(&self.file(), world).await,
            Engine::Postgres(fresh) => Database::connect(&fresh.url, world).await,
        };
        opened.unwrap()
    }

    /// SQLite's.
    pub fn file(&self) -> PathBuf {
        self.folder().join("data/cabinet.sqlite")
    }

    pub fn folder(&self) -> &Path {
        &self.outside.folder
    }

    pub fn go_on(&self) {
        self.now.send_replace(Now::Go);
    }

    /// Everybody stops at their next question.
    pub fn hold(&self) {
        self.now.send_replace(Now::Hold);
    }

    /// Everybody comes to the end of what they are at.
    pub async fn end(&mut self) {
        self.now.send_replace(Now::Go);
        self.now.send_replace(Now::End);
        while let Some(ended) = self.tasks.join_next().await {
            ended.unwrap();
        }
        assert_eq!(self.odd(), Vec::<String>::new());
    }

    pub fn odd(&self) -> Vec<String> {
        self.odd.lock().unwrap().clone()
    }

    pub fn cuts(&self) -> u64 {
        self.cuts.load(Ordering::Relaxed)
    }

    /// One application of the first person, nobody else being there; registered at the first time, with everything noted on
    /// the way. What stopped it, if something did.
    pub async fn one_way(&mut self, by_phone: bool) -> Result<(), String> {
        self.tasks.shutdown().await;
        let life = |index, password| Life {
            visitor: self.people[0].clone(),
            index,
            dice: Dice::of(1, self.ledger.all().len() as u64),
            ledger: self.ledger.clone(),
            now: self.now.subscribe(),
            odd: self.odd.clone(),
            last: self.last.clone(),
            password,
            collides: false,
        };
        self.now.send_replace(Now::Go);
        let first = self.ledger.all().is_empty();
        let (mut registering, mut by_key) = (life(0, Password::NotYet), life(1, Password::Never));
        let done = async {
            if first {
                registering.enter().await?;
            }
            by_key.enter().await?;
            by_key.apply(by_phone).await
        };
        done.await.map_err(|stop: Stop| format!("{stop:?}"))?;
        // Its messages have left, and their texts with them.
        tokio::time::sleep(Duration::from_secs(1)).await;
        Ok(())
    }

    /// The bundle of everybody's last application is fetched, and the program verifies it offline.
    pub async fn bundles_verify(&self) {
        let last = self.last.lock().unwrap().clone();
        assert!(!last.is_empty());
        for (index, visitor) in self.people.iter().enumerate() {
            let Some((_, path)) = last.iter().rev().find(|(of, _)| *of == index) else {
                continue;
            };
            let mut visitor = visitor.lock().await;
            visitor.sign_in_by_key().await.unwrap();
            let bundle = visitor.browser.get("evidence", path).await.unwrap();
            let file = self.folder().join("evidence.zip");
            std::fs::write(&file, bundle).unwrap();
            let authorities = self.folder().join("authorities");
            let [file, authorities] = [file, authorities].map(|path| path.display().to_string());
            let arguments = ["verify", "--bundle", &file, "--ca", &authorities];
            let told = self.program.told(&arguments).unwrap();
            assert!(told.contains("accepted"), "{told}");
        }
    }
}

/// As an operator does, with a table each of people and requisites.
fn bring_in(program: &Program, folder: &Path, crowd: &[Somebody]) {
    let mut people = "iin;surname;given_name;patronymic;birth_date\n".to_owned();
    let mut requisites = "iin;mobile;email;region;district;settlement;street;house;flat;document_kind;document_number;\
                          document_issued_on;document_valid_until;document_issuer_code;document_issuer_kk;document_issuer_ru\n"
        .to_owned();
    for somebody in crowd {
        let (person, held) = (&somebody.fund.person, &somebody.fund.requisites);
        let (address, document) = (&held.address, held.document.as_ref().unwrap());
        let patronymic = person.patronymic.as_deref().unwrap_or_default();
        writeln!(
            people,
            "{};{};{};{patronymic};{}",
            person.iin.digits(),
            person.surname,
            person.given_name,
            person.birth_date
        )
        .unwrap();
        writeln!(
            requisites,
            "{};{};{};{};{};{};{};{};{};identity_card;{};{};{};{};{};{}",
            person.iin.digits(),
            held.mobile,
            held.email,
            address.region,
            address.district,
            address.settlement,
            address.street,
            address.house,
            address.flat,
            document.number,
            document.issued_on,
            document.valid_until.unwrap(),
            document.issued_by.code,
            document.issued_by.kk,
            document.issued_by.ru
        )
        .unwrap();
    }
    for (kind, table) in [("people", people), ("requisites", requisites)] {
        let file = folder.join(format!("{kind}.csv"));
        std::fs::write(&file, table).unwrap();
        let told = program
            .told(&["import", kind, &file.display().to_string()])
            .unwrap();
        assert!(told.contains("rows left out: 0"), "{told}");
    }
}

/// What ends a way before its end.
enum Stop {
    /// The test is over.
    End,
    Failed(Failure),
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl std::fmt::Debug for Stop {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::End => f.write_str("End"),
            Self::Failed(failure) => write!(f, "{failure}"),
        }
    }
}

impl Life {
    /// Until the end: in, an application or two, out.
    async fn live(mut self) {
        loop {
            let ended = async {
                self.enter().await?;
                for _ in 0..=self.dice.below(2) {
                    let by_phone = self.dice.in_hundred(40);
                    self.apply(by_phone).await?;
                }
                if self.dice.in_hundred(50) {
                    self.visitor.lock().await.sign_out().await?;
                }
                Ok(())
            }
            .await;
            match ended {
                Err(Stop::End) => return,
                Err(Stop::Failed(failure)) if !self.may_be(&failure) => {
                    let told = format!("person {}: {failure}", self.index);
                    self.odd.lock().unwrap().push(told);
                    return;
                }
                Err(Stop::Failed(_)) | Ok(()) => {}
            }
            if self.go().await.is_err() {
                return;
            }
        }
    }

    /// What a killed server may lead to: no answer, and afterwards a step that was taken before.
    fn may_be(&self, failure: &Failure) -> bool {
        match failure {
            Failure::Cut(_) => true,
            // An answer was lost: the code, or the count of tries, is used up; the draft is a version on; the phone's session
            // has ended by the signature.
            Failure::Refused { error, .. } if error == "unavailable" => self.collides,
            Failure::Refused { error, .. } => {
                ["too_many", "code", "signed_out", "conflict", "wrong_state"].contains(&error.as_str())
            }
            Failure::Odd(_) => false,
        }
    }

    /// Waits while the server is down.
    async fn go(&mut self) -> Result<(), Stop> {
        let now = *self
            .now
            .wait_for(|now| *now != Now::Hold)
            .await
            .map_err(|_| Stop::End)?;
        if now == Now::End { Err(Stop::End) } else { Ok(()) }
    }

    async fn enter(&mut self) -> Result<(), Stop> {
        self.go().await?;
        let visitor = self.visitor.clone();
        let mut visitor = visitor.lock().await;
        let iin = visitor.iin().to_owned();
        if self.password == Password::NotYet {
            self.password = Password::Unsure;
            visitor.register().await?;
            self.password = Password::Set;
            self.ledger.note(Noted::Registered { iin });
        } else if self.password == Password::Set && self.dice.in_hundred(60) {
            let signed_in = visitor.sign_in_by_password(PASSWORD, true, |code| code).await;
            match signed_in {
                // A code a minute and five an hour is all there is.
                Err(failure) if failure.is("too_many") => visitor.sign_in_by_key().await?,
                other => other?,
            }
            self.ledger.note(Noted::SignedIn { iin });
        } else {
            visitor.sign_in_by_key().await?;
            self.ledger.note(Noted::SignedIn { iin });
        }
        Ok(())
    }

    /// From the form to the receipt.
    async fn apply(&mut self, by_phone: bool) -> Result<(), Stop> {
        self.go().await?;
        let visitor = self.visitor.clone();
        let mut visitor = visitor.lock().await;
        let iin = visitor.iin().to_owned();
        let draft = visitor.open().await?;
        let application = draft["application"].as_str().unwrap_or_default().to_owned();
        let mut version = draft["version"].as_u64().unwrap_or_default();
        for _ in 0..=self.dice.below(2) {
            let input = visitor.edited(&draft, &self.dice, !self.index.is_multiple_of(2));
            // The very save again: it was kept, or it is kept now.
            version = loop {
                match visitor.save(&application, version, &input).await {
                    Err(failure) if failure.is_cut() => self.go().await?,
                    other => break other?,
                }
            };
            self.ledger.note(Noted::Saved {
                iin: iin.clone(),
                application: application.clone(),
                version,
            });
        }
        let frozen = visitor.freeze(&application, version).await?;
        self.ledger.note(Noted::Frozen {
            iin,
            application: frozen.application.clone(),
            number: frozen.number.clone(),
            document_sha256: frozen.sha256.clone(),
        });
        let by_phone = match by_phone {
            // Thirty codes an hour is all there is.
            true => match visitor.signature_by_phone(&frozen).await {
                Err(failure) if failure.is("too_many") => None,
                other => Some(other?),
            },
            false => None,
        };
        let signature = match by_phone {
            Some(signature) => signature,
            None => visitor.signature(&frozen, self.dice.in_hundred(50))?,
        };
        self.hand_in(&mut visitor, &frozen, &signature).await?;
        let receipt = visitor.receipt(&frozen, self.dice.in_hundred(30)).await?;
        if let Some(path) = receipt["evidence_path"].as_str().filter(|path| !path.is_empty()) {
            self.last.lock().unwrap().push((self.index, path.to_owned()));
        }
        Ok(())
    }

    /// Until it is taken: a signature that was made must never get lost for a broken line.
    async fn hand_in(
        &mut self,
        visitor: &mut Visitor,
        frozen: &Frozen,
        signature: &Signature,
    ) -> Result<(), Stop> {
        loop {
            match visitor.hand_in(frozen, signature).await {
                Err(failure) if failure.is_cut() || (self.collides && failure.is("unavailable")) => {
                    // Even at the end: what was begun is brought to its answer.
                    let _ = self.now.wait_for(|now| *now != Now::Hold).await;
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
                Err(failure) => {
                    let told = format!("person {}: a signature isn't taken: {failure}", self.index);
                    self.odd.lock().unwrap().push(told);
                    return Err(failure.into());
                }
                Ok(()) => break,
            }
        }
        self.ledger.note(Noted::Signed {
            iin: visitor.iin().to_owned(),
            application: frozen.application.clone(),
            number: frozen.number.clone(),
            document_sha256: frozen.sha256.clone(),
            cms_sha256: signature.sha256(),
            way: signature.way(),
        });
        Ok(())
    }
}
