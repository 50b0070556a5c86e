//! The pages that wait for a phone. One sweep of the database per server, however many wait: it asks what changed since it
//! last looked, and wakes exactly the pages of those sessions. A change made by this very server wakes it at once; one made
//! by another is seen at the next look.

use crate::server::Core;
use crate::server::store::StoreError;
use crate::server::store::qr::QrRow;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, watch};

/// How often the database is asked while pages wait.
const LOOK: Duration = Duration::from_millis(500);
/// How often ends made by time are written down while none waits.
const IDLE: Duration = Duration::from_secs(10);

type News = Option<Arc<QrRow>>;

/// Who waits for which session. Cloned freely: all clones are one.
#[derive(Clone, Default)]
pub struct Waiting {
    pages: Arc<Mutex<HashMap<String, watch::Sender<News>>>>,
    nudge: Arc<Notify>,
}

impl Waiting {
    /// News of this session from now on.
    #[must_use]
    pub fn subscribe(&self, session: &str) -> watch::Receiver<News> {
        let mut pages = self.pages();
        if let Some(sender) = pages.get(session) {
            return sender.subscribe();
        }
        let (sender, receiver) = watch::channel(None);
        pages.insert(session.to_owned(), sender);
        if pages.len() == 1 {
            self.nudge();
        }
        receiver
    }

    /// Something changed here: look now.
    pub fn nudge(&self) {
        self.nudge.notify_one();
    }

    /// How many sessions have pages waiting.
    #[must_use]
    pub fn len(&self) -> usize {
        self.pages().len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pages().is_empty()
    }

    fn tell(&self, rows: Vec<QrRow>) {
        let pages = self.pages();
        for row in rows {
            if let Some(sender) = pages.get(&row.id) {
                sender.send_replace(Some(Arc::new(row)));
            }
        }
    }

    fn forget_the_gone(&self) {
        self.pages().retain(|_, sender| sender.receiver_count() > 0);
    }

    fn pages(&self) -> MutexGuard<'_, HashMap<String, watch::Sender<News>>> {
        // A panic while the lock was held leaves the map whole: every change to it is one call.
        self.pages.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Sweeps until the server stops. Trouble with the database is waited out: the pages keep what they show.
pub async fn sweep(core: Arc<Core>) {
    let mut stopping = core.stopping.clone();
    let mut seen = None;
    loop {
        if let Err(error) = look(&core, &mut seen).await {
            tracing::error!(%error, "looking for news of signing sessions");
        }
        core.waiting.forget_the_gone();
        let pause = if core.waiting.is_empty() { IDLE } else { LOOK };
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = core.waiting.nudge.notified() => {}
            _ = stopping.wait_for(|stop| *stop) => return,
        }
    }
}

async fn look(core: &Core, seen: &mut Option<i64>) -> Result<(), StoreError> {
    core.store.sweep_qr(core.world.now()).await?;
    let Some(mut after) = *seen else {
        *seen = Some(core.store.last_qr_change().await?);
        return Ok(());
    };
    loop {
        let rows = core.store.qr_changes(after).await?;
        let Some(last) = rows.last().map(|row| row.change) else {
            return Ok(());
        };
        after = last;
        core.waiting.tell(rows);
        *seen = Some(after);
    }
}
