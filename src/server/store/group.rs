//! SQLite's one writer. Transactions that wait for each other share one COMMIT, and so one fsync: each is a SAVEPOINT in
//! the group's transaction, and is answered once the whole group is on disk. Whoever finds nobody waiting commits, so that
//! one alone waits for nobody; while a group is being written, the next gathers.
//!
//! Each transaction sees what those before it in the group have done, as it would if they were committed one by one. If the
//! group can't be committed, all of it is gone and all are told. Whoever takes his part back ends the group, and
//! [`Writer::settled`] waits for that: what he saw and tells of is on disk then.

use super::StoreError;
use sqlx::Connection as _;
use sqlx::sqlite::SqliteConnection;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::{Mutex, OwnedMutexGuard, oneshot, watch};

/// So long a transaction waits for its turn.
const PATIENCE: Duration = Duration::from_secs(10);
/// So many share one COMMIT at most.
const MOST: usize = 256;

/// The writer, and those who want it.
pub struct Writer {
    seat: Arc<Mutex<Seat>>,
    waiting: Arc<AtomicUsize>,
    commits: Arc<AtomicU64>,
    dropped: Arc<Dropped>,
}

/// Transactions that were dropped: how many, and of how many the end has come.
#[derive(Default)]
struct Dropped {
    all: AtomicU64,
    ended: watch::Sender<u64>,
}

/// What whoever's turn it is has in hand.
struct Seat {
    /// Absent once closed.
    connection: Option<SqliteConnection>,
    /// Whether a transaction is open.
    open: bool,
    /// Those of the open transaction who have done their part and wait for its end.
    done: Vec<oneshot::Sender<Result<(), StoreError>>>,
    commits: Arc<AtomicU64>,
}

impl Writer {
    pub fn new(connection: SqliteConnection) -> Self {
        let commits: Arc<AtomicU64> = Arc::default();
        let seat = Seat {
            connection: Some(connection),
            open: false,
            done: Vec::new(),
            commits: commits.clone(),
        };
        Self {
            seat: Arc::new(Mutex::new(seat)),
            waiting: Arc::default(),
            commits,
            dropped: Arc::default(),
        }
    }

    /// How often something was brought to disk.
    pub fn commits(&self) -> u64 {
        self.commits.load(Ordering::Relaxed)
    }

    /// Begins a transaction, after those before.
    ///
    /// # Errors
    /// [`StoreError::Busy`] after ten seconds.
    pub async fn begin(&self) -> Result<Member, StoreError> {
        let place = Place::take(self);
        let seat = tokio::time::timeout(PATIENCE, self.seat.clone().lock_owned())
            .await
            .map_err(|_| StoreError::Busy)?;
        let mut member = Member {
            seat: Some(seat),
            waiting: self.waiting.clone(),
            dropped: self.dropped.clone(),
        };
        place.left();
        if let Some(seat) = &mut member.seat {
            if !seat.open {
                seat.run("BEGIN IMMEDIATE").await?;
                seat.open = true;
            }
            seat.run("SAVEPOINT member").await?;
        }
        Ok(member)
    }

    /// Returns once the transactions dropped until now are taken back and those before them are on disk.
    pub async fn settled(&self) {
        let until = self.dropped.all.load(Ordering::SeqCst);
        // The sender lives as long as the writer does.
        let _ = self
            .dropped
            .ended
            .subscribe()
            .wait_for(|ended| *ended >= until)
            .await;
    }

    /// Ends the connection once the work before is done.
    pub async fn close(&self) {
        let mut seat = self.seat.lock().await;
        seat.end().await;
        if let Some(connection) = seat.connection.take()
            && let Err(error) = connection.close().await
        {
            tracing::error!(%error, "the database's end");
        }
    }
}

/// A place among those who wait. Whoever goes away from it without a turn sees to it that the group waiting for him ends.
struct Place {
    seat: Arc<Mutex<Seat>>,
    waiting: Arc<AtomicUsize>,
    left: bool,
}

impl Place {
    fn take(writer: &Writer) -> Self {
        writer.waiting.fetch_add(1, Ordering::SeqCst);
        Self {
            seat: writer.seat.clone(),
            waiting: writer.waiting.clone(),
            left: false,
        }
    }

    fn left(mut self) {
        self.left = true;
        self.waiting.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if self.left {
            return;
        }
        self.waiting.fetch_sub(1, Ordering::SeqCst);
        let (seat, waiting) = (self.seat.clone(), self.waiting.clone());
        tokio::spawn(async move {
            let mut seat = seat.lock_owned().await;
            if waiting.load(Ordering::SeqCst) == 0 {
                seat.end().await;
            }
        });
    }
}

impl Seat {
    async fn run(&mut self, sql: &'static str) -> Result<(), StoreError> {
        sqlx::query(sql).execute(self.connection()?).await?;
        Ok(())
    }

    fn connection(&mut self) -> Result<&mut SqliteConnection, StoreError> {
        self.connection.as_mut().ok_or(StoreError::Missing)
    }

    /// Commits what is open, and tells everybody of the group.
    async fn end(&mut self) {
        if self.open {
            let ended = self.run("COMMIT").await;
            if ended.is_ok() && !self.done.is_empty() {
                self.commits.fetch_add(1, Ordering::Relaxed);
            }
            self.tell(ended).await;
        }
    }

    async fn tell(&mut self, ended: Result<(), StoreError>) {
        self.open = false;
        if ended.is_err() {
            // Fails where the engine has taken the transaction back by itself.
            let _ = self.run("ROLLBACK").await;
        }
        for waiting in self.done.drain(..) {
            // Nobody listens where a request was given up.
            let _ = waiting.send(match &ended {
                Ok(()) => Ok(()),
                Err(error) => Err(error.again()),
            });
        }
    }

    /// Takes the member's part back. Where the engine has taken back the whole transaction by itself (no room, say), nothing
    /// of the group is left: the others may try again without him.
    async fn take_back(&mut self) {
        if self.run("ROLLBACK TO member; RELEASE member").await.is_err() {
            self.tell(Err(StoreError::Collided)).await;
        }
    }
}

/// A transaction whose turn it is. Dropped, it is taken back.
pub struct Member {
    /// Given up at its end.
    seat: Option<OwnedMutexGuard<Seat>>,
    waiting: Arc<AtomicUsize>,
    dropped: Arc<Dropped>,
}

impl Member {
    pub(super) fn connection(&mut self) -> &mut SqliteConnection {
        let seat = self.seat.as_mut().expect("it is given up at its end alone");
        seat.connection().expect("nobody closes it meanwhile")
    }

    /// Returns once the group is on disk.
    ///
    /// # Errors
    /// [`StoreError`]: nothing of it is kept.
    pub async fn commit(mut self) -> Result<(), StoreError> {
        let Some(mut seat) = self.seat.take() else {
            return Err(StoreError::Missing);
        };
        if let Err(error) = seat.run("RELEASE member").await {
            let told = error.again();
            seat.tell(Err(error)).await;
            return Err(told);
        }
        let (tell, told) = oneshot::channel();
        seat.done.push(tell);
        if self.waiting.load(Ordering::SeqCst) == 0 || seat.done.len() >= MOST {
            // On its own: a request given up meanwhile leaves no half-ended group behind.
            tokio::spawn(async move { seat.end().await });
        } else {
            drop(seat);
        }
        told.await.map_err(|_| StoreError::Missing)?
    }

    /// Takes it back, and waits for that.
    pub async fn roll_back(mut self) {
        if let Some(mut seat) = self.seat.take() {
            seat.take_back().await;
            seat.end().await;
        }
    }
}

impl Drop for Member {
    fn drop(&mut self) {
        // Without a runtime the connection ends too, and takes everything open back.
        if let Some(mut seat) = self.seat.take()
            && let Ok(runtime) = tokio::runtime::Handle::try_current()
        {
            let dropped = self.dropped.clone();
            dropped.all.fetch_add(1, Ordering::SeqCst);
            runtime.spawn(async move {
                seat.take_back().await;
                seat.end().await;
                dropped.ended.send_modify(|ended| *ended += 1);
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sqlx::ConnectOptions as _;
    use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
    use std::collections::BTreeSet;
    use std::path::Path;

    async fn connected(folder: &Path) -> SqliteConnection {
        SqliteConnectOptions::new()
            .filename(folder.join("test.sqlite"))
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .connect()
            .await
            .unwrap()
    }

    async fn writer(folder: &Path) -> Arc<Writer> {
        let mut connection = connected(folder).await;
        sqlx::query("CREATE TABLE numbers (number INTEGER PRIMARY KEY, weight BLOB)")
            .execute(&mut connection)
            .await
            .unwrap();
        Arc::new(Writer::new(connection))
    }

    async fn put(writer: &Writer, number: i64, weight: usize) -> Result<(), StoreError> {
        let mut member = writer.begin().await?;
        sqlx::query("INSERT INTO numbers (number, weight) VALUES (?, ?)")
            .bind(number)
            .bind(vec![0_u8; weight])
            .execute(member.connection())
            .await?;
        member.commit().await
    }

    /// As another process sees them.
    async fn numbers(folder: &Path) -> BTreeSet<i64> {
        sqlx::query_scalar("SELECT number FROM numbers")
            .fetch_all(&mut connected(folder).await)
            .await
            .unwrap()
            .into_iter()
            .collect()
    }

    #[tokio::test]
    async fn those_who_wait_share_a_commit_and_are_answered_after_it() {
        let folder = tempfile::tempdir().unwrap();
        let writer = writer(folder.path()).await;
        put(&writer, 0, 0).await.unwrap();
        assert_eq!(writer.commits(), 1, "one alone waits for nobody");
        let tasks: Vec<_> = (1..=100)
            .map(|number| {
                let (writer, folder) = (writer.clone(), folder.path().to_owned());
                tokio::spawn(async move {
                    put(&writer, number, 0).await.unwrap();
                    numbers(&folder).await.contains(&number)
                })
            })
            .collect();
        for task in tasks {
            assert!(task.await.unwrap(), "answered before it was on disk");
        }
        assert!(writer.commits() < 20, "{}", writer.commits());
        writer.close().await;
    }

    #[tokio::test]
    async fn what_one_takes_back_leaves_the_others_alone() {
        let folder = tempfile::tempdir().unwrap();
        let writer = writer(folder.path()).await;
        let tasks: Vec<_> = (0..60)
            .map(|number| {
                let writer = writer.clone();
                tokio::spawn(async move {
                    match number % 3 {
                        0 => put(&writer, number, 0).await.is_ok(),
                        // The same number again and again: refused.
                        1 => put(&writer, 1000, 0).await.is_ok(),
                        _ => {
                            let mut member = writer.begin().await.unwrap();
                            sqlx::query("INSERT INTO numbers (number) VALUES (?)")
                                .bind(number)
                                .execute(member.connection())
                                .await
                                .unwrap();
                            if number % 2 == 0 {
                                member.roll_back().await;
                            }
                            false
                        }
                    }
                })
            })
            .collect();
        let mut kept = 0;
        for task in tasks {
            kept += i32::from(task.await.unwrap());
        }
        assert_eq!(kept, 21);
        let mut expected: BTreeSet<i64> = (0..60).step_by(3).collect();
        expected.insert(1000);
        assert_eq!(numbers(folder.path()).await, expected);
    }

    #[tokio::test]
    async fn who_goes_away_while_waiting_holds_nobody_up() {
        let folder = tempfile::tempdir().unwrap();
        let writer = writer(folder.path()).await;
        let first = writer.begin().await.unwrap();
        let gone = tokio::spawn({
            let writer = writer.clone();
            async move { put(&writer, 1, 0).await }
        });
        tokio::task::yield_now().await;
        let commit = tokio::spawn(first.commit());
        gone.abort();
        let done = tokio::time::timeout(Duration::from_secs(5), commit).await;
        assert!(done.unwrap().unwrap().is_ok());
        put(&writer, 2, 0).await.unwrap();
    }

    #[tokio::test]
    async fn on_a_full_disk_what_was_answered_is_there_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let writer = writer(folder.path()).await;
        {
            let mut member = writer.begin().await.unwrap();
            sqlx::query("PRAGMA max_page_count = 30")
                .execute(member.connection())
                .await
                .unwrap();
            member.roll_back().await;
        }
        let tasks: Vec<_> = (0..40)
            .map(|number| {
                let writer = writer.clone();
                tokio::spawn(async move { (number, put(&writer, number, 8000).await) })
            })
            .collect();
        let (mut kept, mut refused) = (BTreeSet::new(), 0);
        for task in tasks {
            match task.await.unwrap() {
                (number, Ok(())) => {
                    kept.insert(number);
                }
                // Its own, or that of one it was written with: that one would be tried again.
                (_, Err(StoreError::Full | StoreError::Collided)) => refused += 1,
                (_, Err(error)) => panic!("{error}"),
            }
        }
        assert!(
            !kept.is_empty() && refused > 0,
            "{} kept, {refused} refused",
            kept.len()
        );
        assert_eq!(numbers(folder.path()).await, kept);
    }
}
