//! What the keys of a database's servers are known by. Codes, limits and links of one server must fit at all of them, and
//! passwords too: a server with other keys would break what the others have made.

use super::sql;
use super::{Database, Engine, StoreError};
use async_trait::async_trait;

#[async_trait]
pub trait KeysStore: Send + Sync {
    /// Notes the keys of the first server that comes. The names of those that this one has otherwise: it mustn't work. A file
    /// of SQLite's has one server, which may lose keys and go on: nothing is noted there.
    async fn hold_keys(
        &self,
        fingerprints: &[(&'static str, [u8; 32])],
    ) -> Result<Vec<&'static str>, StoreError>;
}

#[async_trait]
impl KeysStore for Database {
    async fn hold_keys(
        &self,
        fingerprints: &[(&'static str, [u8; 32])],
    ) -> Result<Vec<&'static str>, StoreError> {
        if matches!(self.engine, Engine::Sqlite(_)) {
            return Ok(Vec::new());
        }
        self.again(|| async {
            let mut tx = self.write().await?;
            let mut others = Vec::new();
            for (name, fingerprint) in fingerprints {
                sql::query(
                    "INSERT INTO key_fingerprints (name, sha256) VALUES (?, ?) ON CONFLICT DO NOTHING",
                )
                .bind(*name)
                .bind(fingerprint.as_slice())
                .execute(&mut tx)
                .await?;
                let held: Vec<u8> = sql::query_scalar("SELECT sha256 FROM key_fingerprints WHERE name = ?")
                    .bind(*name)
                    .fetch_one(&mut tx)
                    .await?;
                if held != fingerprint {
                    others.push(*name);
                }
            }
            if others.is_empty() {
                tx.commit().await?;
            }
            Ok(others)
        })
        .await
    }
}
