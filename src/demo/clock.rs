//! The demo's clock: real time plus what the control port added. One clock for the cabinet and for every simulator, so that
//! a test that jumps a day ahead jumps everywhere.

use crate::domain::time::Timestamp;
use crate::server::world::{Clock, SystemClock};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// Cloned freely: all clones show the same time.
#[derive(Clone)]
pub struct DemoClock {
    real: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    ahead_ms: Arc<AtomicI64>,
}

impl DemoClock {
    /// A clock over a source of real time.
    pub fn over(real: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self {
            real: Arc::new(real),
            ahead_ms: Arc::default(),
        }
    }

    /// A clock over the system's.
    #[must_use]
    pub fn system() -> Self {
        Self::over(|| SystemClock.now())
    }

    #[must_use]
    pub fn now(&self) -> Timestamp {
        (self.real)().plus_ms(self.ahead_ms.load(Ordering::Relaxed))
    }

    /// Adds to what was added before; negative seconds go back.
    pub fn advance_seconds(&self, seconds: i64) {
        self.ahead_ms
            .fetch_add(seconds.saturating_mul(1000), Ordering::Relaxed);
    }

    /// Back to real time.
    pub fn reset(&self) {
        self.ahead_ms.store(0, Ordering::Relaxed);
    }

    /// How far ahead of real time, in seconds.
    #[must_use]
    pub fn ahead_seconds(&self) -> i64 {
        self.ahead_ms.load(Ordering::Relaxed) / 1000
    }
}

impl Clock for DemoClock {
    fn now(&self) -> Timestamp {
        Self::now(self)
    }
}

impl std::fmt::Debug for DemoClock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "DemoClock({} s ahead)", self.ahead_seconds())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_clones_jump_together_and_come_back() {
        let clock = DemoClock::over(|| Timestamp(1_000));
        let other = clock.clone();
        clock.advance_seconds(90);
        assert_eq!(other.now(), Timestamp(91_000));
        other.reset();
        assert_eq!(clock.now(), Timestamp(1_000));
    }
}
