//! What a register that is slow and sometimes down needs on our side: two more tries with growing, jittered pauses; after
//! five failures in a row nobody asks for half a minute; an answer is remembered for ten minutes, and its age is known.

use super::gbd_fl::signer::EnvelopeSigner;
use super::gbd_fl::{Endpoint, ShepGbdFl};
use super::{GbdFl, RegisterAnswer, RegisterTrouble};
use crate::domain::iin::Iin;
use crate::domain::time::Timestamp;
use crate::server::config;
use crate::server::outgoing::Outgoing;
use crate::server::world::World;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// For one try: people wait in front of the page.
const TIME_OUT: Duration = Duration::from_secs(4);
const TRIES: u32 = 3;
/// The pause before the second try; the third waits twice as long. Up to the same again is added by chance.
const PAUSE_MS: u64 = 150;
const FAILURES_TO_REST: u32 = 5;
const REST_SECONDS: i64 = 30;
/// How old a remembered answer may be.
pub const REMEMBERED_SECONDS: i64 = 600;
const REMEMBERED_AT_MOST: usize = 10_000;

/// The registers as the services ask them.
pub struct Registers {
    gbd_fl: Arc<dyn GbdFl>,
    world: World,
    state: Mutex<State>,
}

struct NotConfigured;

#[async_trait::async_trait]
impl GbdFl for NotConfigured {
    async fn person(&self, _: &Iin) -> Result<RegisterAnswer, RegisterTrouble> {
        Err(RegisterTrouble::Unreachable)
    }
}

#[derive(Default)]
struct State {
    failures: u32,
    rests_until: Option<Timestamp>,
    remembered: HashMap<Iin, RegisterAnswer>,
}

impl Registers {
    /// Over SHEP as configured; without a configuration the register is one that can't be reached.
    #[must_use]
    pub fn open(
        config: Option<&config::GbdFl>,
        signer: Option<Box<dyn EnvelopeSigner>>,
        http: &Outgoing,
        world: &World,
    ) -> Self {
        let gbd_fl: Arc<dyn GbdFl> = match config {
            Some(config) => {
                let endpoint = Endpoint {
                    url: config.url.clone(),
                    service_id: config.service_id.clone(),
                    sender_id: config.sender_id.clone(),
                    sender_password: config.sender_password.clone(),
                    time_out: TIME_OUT,
                };
                Arc::new(ShepGbdFl::new(endpoint, http.clone(), world.clone(), signer))
            }
            None => Arc::new(NotConfigured),
        };
        Self::new(gbd_fl, world.clone())
    }

    #[must_use]
    pub fn new(gbd_fl: Arc<dyn GbdFl>, world: World) -> Self {
        Self {
            gbd_fl,
            world,
            state: Mutex::default(),
        }
    }

    /// The person, from memory when read a short while ago.
    ///
    /// # Errors
    /// [`RegisterTrouble`] of the last try.
    pub async fn person(&self, iin: &Iin) -> Result<RegisterAnswer, RegisterTrouble> {
        self.person_since(iin, self.world.clock.now().plus_seconds(-REMEMBERED_SECONDS))
            .await
    }

    /// The person as read at `since` or later: before something is decided, memory may have to be younger.
    ///
    /// # Errors
    /// [`RegisterTrouble`] of the last try.
    pub async fn person_since(&self, iin: &Iin, since: Timestamp) -> Result<RegisterAnswer, RegisterTrouble> {
        let now = self.world.clock.now();
        {
            let state = self.state();
            if let Some(known) = state.remembered.get(iin)
                && known.read_at >= since
                && known.read_at <= now
            {
                return Ok(known.clone());
            }
            if state.rests_until.is_some_and(|end| now < end) {
                return Err(RegisterTrouble::Resting);
            }
        }
        let mut tries = 1;
        loop {
            let trouble = match self.gbd_fl.person(iin).await {
                Ok(answer) => {
                    self.succeeded(iin, &answer);
                    return Ok(answer);
                }
                Err(trouble) => trouble,
            };
            self.failed(iin, &trouble);
            if tries == TRIES || !trouble.is_passing() {
                tracing::warn!(%trouble, tries, "GBD FL gave no answer");
                return Err(trouble);
            }
            tokio::time::sleep(self.pause(tries)).await;
            tries += 1;
        }
    }

    /// Forgets what was read and how asking went, as at start: the demo puts everything back between two tests.
    #[cfg(any(test, feature = "demo"))]
    pub fn forget(&self) {
        *self.state() = State::default();
    }

    fn pause(&self, tries: u32) -> Duration {
        let base = PAUSE_MS * u64::from(tries);
        let mut chance = [0];
        self.world.random.fill(&mut chance);
        Duration::from_millis(base + base * u64::from(chance[0]) / 255)
    }

    fn succeeded(&self, iin: &Iin, answer: &RegisterAnswer) {
        let mut state = self.state();
        state.failures = 0;
        state.rests_until = None;
        if state.remembered.len() >= REMEMBERED_AT_MOST {
            let oldest_kept = answer.read_at.plus_seconds(-REMEMBERED_SECONDS);
            state.remembered.retain(|_, known| known.read_at > oldest_kept);
            if state.remembered.len() >= REMEMBERED_AT_MOST {
                state.remembered.clear();
            }
        }
        state.remembered.insert(iin.clone(), answer.clone());
    }

    fn failed(&self, iin: &Iin, trouble: &RegisterTrouble) {
        let mut state = self.state();
        if *trouble == RegisterTrouble::NotFound {
            // That is an answer: the register works, and what was remembered of the person no longer holds.
            state.failures = 0;
            state.remembered.remove(iin);
            return;
        }
        state.failures += 1;
        if state.failures >= FAILURES_TO_REST {
            state.failures = 0;
            state.rests_until = Some(self.world.clock.now().plus_seconds(REST_SECONDS));
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A panic while holding the lock can't leave a half-written state: each change is one assignment.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::fixture::{ALIYA, BOLAT, aliya, answer, iin, world};
    use std::sync::atomic::{AtomicUsize, Ordering};

    /// Answers from a list, then well.
    struct Scripted {
        troubles: Mutex<Vec<RegisterTrouble>>,
        asked: AtomicUsize,
        world: World,
    }

    #[async_trait::async_trait]
    impl GbdFl for Scripted {
        async fn person(&self, _: &Iin) -> Result<RegisterAnswer, RegisterTrouble> {
            self.asked.fetch_add(1, Ordering::SeqCst);
            match self.troubles.lock().unwrap().pop() {
                Some(trouble) => Err(trouble),
                None => Ok(RegisterAnswer {
                    read_at: self.world.now(),
                    ..answer(&aliya(), "1")
                }),
            }
        }
    }

    fn registers(
        troubles: &[RegisterTrouble],
    ) -> (Registers, Arc<Scripted>, Arc<crate::server::fixture::Hands>) {
        let (world, clock) = world();
        let scripted = Arc::new(Scripted {
            troubles: Mutex::new(troubles.to_vec()),
            asked: AtomicUsize::new(0),
            world: world.clone(),
        });
        (Registers::new(scripted.clone(), world), scripted, clock)
    }

    #[tokio::test]
    async fn a_passing_trouble_is_tried_again_and_another_isnt() {
        let (registers, scripted, _) = registers(&[RegisterTrouble::TimedOut, RegisterTrouble::Http(503)]);
        assert!(registers.person(&iin(ALIYA)).await.is_ok());
        assert_eq!(scripted.asked.load(Ordering::SeqCst), 3);
        scripted
            .troubles
            .lock()
            .unwrap()
            .push(RegisterTrouble::Fault("VAL-R-004".into()));
        assert_eq!(
            registers.person(&iin(BOLAT)).await,
            Err(RegisterTrouble::Fault("VAL-R-004".into()))
        );
        assert_eq!(scripted.asked.load(Ordering::SeqCst), 4);
    }

    #[tokio::test]
    async fn after_failures_nobody_asks_for_half_a_minute() {
        let (registers, scripted, clock) = registers(&vec![RegisterTrouble::Shape("x"); 5]);
        for _ in 0..5 {
            assert_eq!(
                registers.person(&iin(ALIYA)).await,
                Err(RegisterTrouble::Shape("x"))
            );
        }
        assert_eq!(registers.person(&iin(ALIYA)).await, Err(RegisterTrouble::Resting));
        assert_eq!(scripted.asked.load(Ordering::SeqCst), 5);
        clock.advance_seconds(REST_SECONDS);
        assert!(registers.person(&iin(ALIYA)).await.is_ok());
    }

    #[tokio::test]
    async fn what_is_forgotten_is_asked_for_again_at_once() {
        let (registers, scripted, _) = registers(&vec![RegisterTrouble::Shape("x"); 5]);
        for _ in 0..5 {
            assert!(registers.person(&iin(ALIYA)).await.is_err());
        }
        registers.forget();
        assert!(registers.person(&iin(ALIYA)).await.is_ok(), "it doesn't rest");
        registers.forget();
        assert!(registers.person(&iin(ALIYA)).await.is_ok());
        assert_eq!(scripted.asked.load(Ordering::SeqCst), 7, "nothing is remembered");
    }

    #[tokio::test]
    async fn an_answer_is_remembered_with_its_age_and_not_for_longer() {
        let (registers, scripted, clock) = registers(&[]);
        let first = registers.person(&iin(ALIYA)).await.unwrap();
        clock.advance_seconds(REMEMBERED_SECONDS);
        assert_eq!(
            registers.person(&iin(ALIYA)).await.unwrap().read_at,
            first.read_at
        );
        assert_eq!(scripted.asked.load(Ordering::SeqCst), 1);
        let now = registers.world.now();
        assert_eq!(
            registers.person_since(&iin(ALIYA), now).await.unwrap().read_at,
            now,
            "a decision may want it fresh"
        );
        clock.advance_seconds(REMEMBERED_SECONDS + 1);
        registers.person(&iin(ALIYA)).await.unwrap();
        assert_eq!(scripted.asked.load(Ordering::SeqCst), 3);
    }

    #[tokio::test]
    async fn who_is_gone_from_the_register_isnt_remembered() {
        let (registers, scripted, clock) = registers(&[]);
        registers.person(&iin(ALIYA)).await.unwrap();
        scripted.troubles.lock().unwrap().push(RegisterTrouble::NotFound);
        let now = registers.world.now();
        clock.advance_seconds(1);
        assert_eq!(
            registers.person_since(&iin(ALIYA), now.plus_seconds(1)).await,
            Err(RegisterTrouble::NotFound)
        );
        registers.person(&iin(ALIYA)).await.unwrap();
        assert_eq!(scripted.asked.load(Ordering::SeqCst), 3);
    }
}
