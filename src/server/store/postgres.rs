//! PostgreSQL, or what speaks like it: for several servers. Whatever decides is read and written in one SERIALIZABLE
//! transaction on the primary; what collides there is done again ([`super::Database::again`]).

use super::{StoreError, migrations};
use crate::server::world::World;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool, PgPoolOptions};
use sqlx::{ConnectOptions as _, Connection as _};
use std::str::FromStr as _;
use std::time::Duration;

/// Connections of one server. Two cores of the database's machine are busy with a dozen.
const CONNECTIONS: u32 = 16;

/// A pool of connections to the primary.
pub struct Postgres(pub(super) PgPool);

impl Postgres {
    pub(super) async fn open(url: &str, world: &World) -> Result<Self, StoreError> {
        let options = PgConnectOptions::from_str(url)?
            .application_name("cabinet")
            // A server that hangs in the middle of a transaction holds nobody else up for longer.
            .options([
                ("statement_timeout", "10000"),
                ("idle_in_transaction_session_timeout", "10000"),
            ]);
        let mut first = options.connect().await?;
        check_settings(&mut first).await?;
        migrations::run_on_postgres(&mut first, world.now()).await?;
        first.close().await?;
        let pool = PgPoolOptions::new()
            .max_connections(CONNECTIONS)
            .min_connections(1)
            .acquire_timeout(Duration::from_secs(10))
            .connect_with(options)
            .await?;
        Ok(Self(pool))
    }
}

/// A database that forgets, or that can't be written to, is none.
pub(super) async fn check_settings(connection: &mut PgConnection) -> Result<(), StoreError> {
    for (name, sql, wanted) in [
        ("server_encoding", "SHOW server_encoding", "UTF8"),
        ("fsync", "SHOW fsync", "on"),
        ("full_page_writes", "SHOW full_page_writes", "on"),
        ("transaction_read_only", "SHOW transaction_read_only", "off"),
    ] {
        let found: String = sqlx::query_scalar(sql).fetch_one(&mut *connection).await?;
        if found != wanted {
            return Err(StoreError::Setting { name, found, wanted });
        }
    }
    let found: String = sqlx::query_scalar("SHOW synchronous_commit")
        .fetch_one(connection)
        .await?;
    if found == "off" {
        return Err(StoreError::Setting {
            name: "synchronous_commit",
            found,
            wanted: "on",
        });
    }
    Ok(())
}
