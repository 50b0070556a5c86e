//! The person's «cancel» on the page, for an attempt that is waiting.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Waker;

/// Cloned freely: one clone goes with the attempt, one stays with the button. `Send`, so that signals can hold it.
#[derive(Clone, Default)]
pub struct Cancel(Arc<Inner>);

#[derive(Default)]
struct Inner {
    asked: AtomicBool,
    waker: Mutex<Option<Waker>>,
}

impl Cancel {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Ends the attempt. NCALayer's own dialog may stay open: it can't be closed from here.
    pub fn cancel(&self) {
        self.0.asked.store(true, Ordering::Relaxed);
        let waker = self.0.waker.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    #[must_use]
    pub fn is_asked(&self) -> bool {
        self.0.asked.load(Ordering::Relaxed)
    }

    /// Wakes this task when the person cancels.
    pub(in crate::browser) fn wake(&self, waker: &Waker) {
        *self.0.waker.lock().unwrap_or_else(PoisonError::into_inner) = Some(waker.clone());
    }
}
