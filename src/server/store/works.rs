//! The window of works the operator has announced.

use super::sql::{self};
use super::{Database, StoreError};
use crate::server::audit;
use crate::server::works::Works;
use async_trait::async_trait;
use serde_json::json;

#[async_trait]
pub trait WorksStore: Send + Sync {
    async fn works(&self) -> Result<Option<Works>, StoreError>;
    /// Puts this window in the place of the one there was; `None` takes it back.
    async fn announce_works(&self, works: Option<Works>) -> Result<(), StoreError>;
}

#[async_trait]
impl WorksStore for Database {
    async fn works(&self) -> Result<Option<Works>, StoreError> {
        let mut connection = self.read().await?;
        let row = sql::query("SELECT begins_at, ends_at FROM works")
            .fetch_optional(&mut connection)
            .await?;
        row.map(|row| {
            Ok(Works {
                begins: crate::domain::time::Timestamp(row.try_get("begins_at")?),
                ends: crate::domain::time::Timestamp(row.try_get("ends_at")?),
            })
        })
        .transpose()
    }

    async fn announce_works(&self, works: Option<Works>) -> Result<(), StoreError> {
        self.again(|| async {
            let mut tx = self.write().await?;
            sql::query("DELETE FROM works").execute(&mut tx).await?;
            let mut details = json!({});
            if let Some(works) = works {
                sql::query("INSERT INTO works (one, begins_at, ends_at) VALUES (1, ?, ?)")
                    .bind(works.begins.0)
                    .bind(works.ends.0)
                    .execute(&mut tx)
                    .await?;
                details = json!({ "begins": works.begins.rfc3339(), "ends": works.ends.rfc3339() });
            }
            audit::insert(
                &mut tx,
                audit::Entry {
                    at: self.world.now(),
                    event: if works.is_some() {
                        "works.announced"
                    } else {
                        "works.taken_back"
                    },
                    iin: None,
                    subject: None,
                    request_id: None,
                    details,
                },
            )
            .await?;
            tx.commit().await?;
            Ok(())
        })
        .await
    }
}
