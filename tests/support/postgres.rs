//! A database of PostgreSQL for one test, empty, gone when dropped. `CABINET_TEST_POSTGRES` names the cluster, which
//! `hooks/with-postgres.sh` makes for a run and takes away after it. Without it a test says so and passes, but not in a run of
//! `make test`; with it a test leaves a mark in the folder `CABINET_TEST_SAMPLES`, by which `make test` counts them.

use sqlx::{Connection as _, PgConnection};
use std::sync::atomic::{AtomicU32, Ordering};
use std::{env, fs, path::PathBuf, process, thread};

/// A database of its own.
pub struct Fresh {
    /// Where it is, as the setting `database` has it.
    pub url: String,
    name: String,
    cluster: String,
}

/// `None` where there is no cluster.
///
/// # Panics
/// In a run of `make test` without one.
pub async fn fresh() -> Option<Fresh> {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let cluster = cluster()?;
    let number = COUNT.fetch_add(1, Ordering::SeqCst);
    let name = format!("test_{}_{number}", process::id());
    run(&cluster, &format!("CREATE DATABASE {name}")).await;
    Some(Fresh {
        url: cluster.replacen("/postgres?", &format!("/{name}?"), 1),
        name,
        cluster,
    })
}

fn cluster() -> Option<String> {
    let marks = env::var_os("CABINET_TEST_SAMPLES").map(|marks| PathBuf::from(marks).join("postgres"));
    let Ok(cluster) = env::var("CABINET_TEST_POSTGRES") else {
        assert!(
            marks.is_none(),
            "CABINET_TEST_POSTGRES isn't set: run this by hooks/with-postgres.sh"
        );
        eprintln!("no PostgreSQL (CABINET_TEST_POSTGRES): this test checked nothing on it");
        return None;
    };
    if let Some(marks) = marks {
        // Each test has a thread of its own, or a process.
        let mark = marks.join(format!("{}.{:?}", process::id(), thread::current().id()));
        fs::write(&mark, "").unwrap_or_else(|error| panic!("{}: {error}", mark.display()));
    }
    Some(cluster)
}

async fn run(cluster: &str, sql: &str) {
    let mut connection = PgConnection::connect(cluster).await.unwrap();
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql.to_owned()))
        .execute(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
}

impl Fresh {
    /// The database behind the program's back.
    pub async fn behind(&self) -> PgConnection {
        PgConnection::connect(&self.url).await.unwrap()
    }
}

impl Drop for Fresh {
    fn drop(&mut self) {
        let (cluster, sql) = (
            self.cluster.clone(),
            format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name),
        );
        // The test's own runtime can't be waited for here.
        let dropped = thread::spawn(move || {
            tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .map(|runtime| runtime.block_on(run(&cluster, &sql)))
        });
        if dropped.join().is_err() {
            eprintln!("the database {} is left", self.name);
        }
    }
}
