//! Accounts, sessions, challenges and limits.

use super::{Sqlite, StoreError};
use crate::domain::iin::Iin;
use async_trait::async_trait;

#[async_trait]
pub trait AccountStore: Send + Sync {
    /// Opens or changes the way of IIN and password. `phc` is [`crate::server::accounts::password`]'s hash.
    async fn set_password(&self, iin: &Iin, phc: &str) -> Result<(), StoreError>;
}

#[async_trait]
impl AccountStore for Sqlite {
    async fn set_password(&self, iin: &Iin, phc: &str) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        sqlx::query(
            "INSERT INTO accounts (iin, password, password_set_at) VALUES (?, ?, ?)
             ON CONFLICT (iin) DO UPDATE SET password = excluded.password,
                 password_set_at = excluded.password_set_at",
        )
        .bind(iin.digits())
        .bind(phc)
        .bind(self.world.now().0)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(())
    }
}
