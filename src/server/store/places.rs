//! The KATO classifier in the database.

use super::sql::{self};
use super::{Database, StoreError};
use crate::server::places::Place;
use async_trait::async_trait;

#[async_trait]
pub trait PlaceStore: Send + Sync {
    /// Puts these in the place of all there were, and raises the version.
    async fn replace_places(&self, places: &[Place]) -> Result<(), StoreError>;
    /// Grows with each import; 0 before the first.
    async fn places_version(&self) -> Result<i64, StoreError>;
    /// All, by code.
    async fn places(&self) -> Result<Vec<Place>, StoreError>;
}

#[async_trait]
impl PlaceStore for Database {
    async fn replace_places(&self, places: &[Place]) -> Result<(), StoreError> {
        self.again(|| async {
            let mut tx = self.write().await?;
            sql::query("DELETE FROM places").execute(&mut tx).await?;
            for place in places {
                sql::query("INSERT INTO places (code, name_kk, name_ru) VALUES (?, ?, ?)")
                    .bind(&place.code)
                    .bind(&place.name_kk)
                    .bind(&place.name_ru)
                    .execute(&mut tx)
                    .await?;
            }
            sql::query(
                "INSERT INTO places_version (one, version, imported_at) VALUES (1, 1, ?)
             ON CONFLICT (one) DO UPDATE SET version = places_version.version + 1, imported_at = excluded.imported_at",
            )
            .bind(self.world.now().0)
            .execute(&mut tx)
            .await?;
            tx.commit().await?;
            Ok(())
        })
        .await
    }

    async fn places_version(&self) -> Result<i64, StoreError> {
        let mut connection = self.read().await?;
        let version = sql::query_scalar("SELECT version FROM places_version")
            .fetch_optional(&mut connection)
            .await?;
        Ok(version.unwrap_or(0))
    }

    async fn places(&self) -> Result<Vec<Place>, StoreError> {
        let mut connection = self.read().await?;
        let rows = sql::query("SELECT code, name_kk, name_ru FROM places ORDER BY code")
            .fetch_all(&mut connection)
            .await?;
        rows.into_iter()
            .map(|row| {
                Ok(Place {
                    code: row.try_get("code")?,
                    name_kk: row.try_get("name_kk")?,
                    name_ru: row.try_get("name_ru")?,
                })
            })
            .collect()
    }
}
