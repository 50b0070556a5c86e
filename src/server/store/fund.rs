//! Whom the Fund knows, and what it holds of them.

use super::{Sqlite, StoreError};
use crate::domain::iin::Iin;
use crate::domain::person::Person;
use crate::domain::time::Date;
use async_trait::async_trait;
use sqlx::Row as _;

#[async_trait]
pub trait FundStore: Send + Sync {
    /// The person as the Fund writes them; `None` if the Fund knows nobody with this IIN.
    async fn person(&self, iin: &Iin) -> Result<Option<Person>, StoreError>;
    /// Adds or replaces a person.
    async fn put_person(&self, person: &Person) -> Result<(), StoreError>;
}

#[async_trait]
impl FundStore for Sqlite {
    async fn person(&self, iin: &Iin) -> Result<Option<Person>, StoreError> {
        let row = sqlx::query("SELECT surname, given_name, patronymic, birth_date FROM people WHERE iin = ?")
            .bind(iin.digits())
            .fetch_optional(&mut *self.read().await?)
            .await?;
        row.map(|row| {
            Ok(Person {
                iin: iin.clone(),
                surname: row.try_get("surname")?,
                given_name: row.try_get("given_name")?,
                patronymic: row.try_get("patronymic")?,
                birth_date: Date::parse_iso(row.try_get("birth_date")?)
                    .ok_or(StoreError::Damaged("a birth date"))?,
            })
        })
        .transpose()
    }

    async fn put_person(&self, person: &Person) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        sqlx::query(
            "INSERT INTO people (iin, surname, given_name, patronymic, birth_date) VALUES (?, ?, ?, ?, ?)
             ON CONFLICT (iin) DO UPDATE SET surname = excluded.surname, given_name = excluded.given_name,
                 patronymic = excluded.patronymic, birth_date = excluded.birth_date",
        )
        .bind(person.iin.digits())
        .bind(&person.surname)
        .bind(&person.given_name)
        .bind(&person.patronymic)
        .bind(person.birth_date.to_string())
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(())
    }
}
