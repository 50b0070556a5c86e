//! Statements for both engines. They are written once, with `?` for each value; PostgreSQL is given `$1`, `$2`, … instead.
//! Values and columns are of four kinds: whole numbers (64 bits), text, bytes, and truth values, which SQLite holds as 0
//! and 1. What only one engine understands isn't written in a statement.

use super::StoreError;
use super::group::Member;
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgArguments, PgConnection, PgRow};
use sqlx::sqlite::{SqliteArguments, SqliteConnection, SqliteRow};
use sqlx::{AssertSqlSafe, ColumnIndex, Error, Postgres, Row as _, SqlSafeStr, SqlStr, Sqlite, Transaction};
use std::borrow::Cow;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};

/// What statements run on, inside a transaction or not.
pub struct Connection(pub(super) Kind);

pub(super) enum Kind {
    ReadSqlite(PoolConnection<Sqlite>),
    ReadSqliteAtOnce(Transaction<'static, Sqlite>),
    ReadPostgres(PoolConnection<Postgres>),
    WriteSqlite(Member),
    WritePostgres(Transaction<'static, Postgres>),
}

enum Engine<'c> {
    Sqlite(&'c mut SqliteConnection),
    Postgres(&'c mut PgConnection),
}

impl Connection {
    fn engine(&mut self) -> Engine<'_> {
        match &mut self.0 {
            Kind::ReadSqlite(connection) => Engine::Sqlite(connection),
            Kind::ReadSqliteAtOnce(transaction) => Engine::Sqlite(transaction),
            Kind::ReadPostgres(connection) => Engine::Postgres(connection),
            Kind::WriteSqlite(member) => Engine::Sqlite(member.connection()),
            Kind::WritePostgres(transaction) => Engine::Postgres(transaction),
        }
    }

    /// Several statements at once, without values or answers.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn raw(&mut self, sql: impl SqlSafeStr) -> Result<(), Error> {
        match self.engine() {
            Engine::Sqlite(connection) => sqlx::raw_sql(sql).execute(connection).await.map(|_| ()),
            Engine::Postgres(connection) => sqlx::raw_sql(sql).execute(connection).await.map(|_| ()),
        }
    }
}

/// A connection for reading what decides nothing, given back when dropped.
pub struct Read(pub(super) Connection);

/// A write transaction: taken back when dropped, kept by [`Write::commit`].
pub struct Write(pub(super) Connection);

impl Write {
    /// Returns once the transaction is on disk.
    ///
    /// # Errors
    /// [`StoreError`]: nothing of it is kept.
    pub async fn commit(self) -> Result<(), StoreError> {
        match self.0.0 {
            Kind::WriteSqlite(member) => member.commit().await,
            Kind::WritePostgres(transaction) => Ok(transaction.commit().await?),
            Kind::ReadSqlite(_) | Kind::ReadSqliteAtOnce(_) | Kind::ReadPostgres(_) => Ok(()),
        }
    }

    /// Takes it back, and waits for that.
    ///
    /// # Errors
    /// [`StoreError`]: the connection is lost, and the transaction with it.
    pub async fn rollback(self) -> Result<(), StoreError> {
        match self.0.0 {
            Kind::WriteSqlite(member) => {
                member.roll_back().await;
                Ok(())
            }
            Kind::WritePostgres(transaction) => Ok(transaction.rollback().await?),
            Kind::ReadSqlite(_) | Kind::ReadSqliteAtOnce(_) | Kind::ReadPostgres(_) => Ok(()),
        }
    }
}

impl Deref for Read {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.0
    }
}

impl DerefMut for Read {
    fn deref_mut(&mut self) -> &mut Connection {
        &mut self.0
    }
}

impl Deref for Write {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.0
    }
}

impl DerefMut for Write {
    fn deref_mut(&mut self) -> &mut Connection {
        &mut self.0
    }
}

/// What stands for a `?`.
#[derive(Debug, Clone)]
pub enum Value<'q> {
    Number(Option<i64>),
    Text(Option<Cow<'q, str>>),
    Bytes(Option<Cow<'q, [u8]>>),
    Truth(bool),
}

/// `From` for a type and for its `Option`.
macro_rules! value {
    ($($type:ty => |$value:ident| $kind:ident($to:expr)),* $(,)?) => {$(
        impl<'q> From<$type> for Value<'q> {
            fn from($value: $type) -> Self {
                Self::$kind(Some($to))
            }
        }
        impl<'q> From<Option<$type>> for Value<'q> {
            fn from(value: Option<$type>) -> Self {
                Self::$kind(value.map(|$value| $to))
            }
        }
    )*};
}

value! {
    i64 => |value| Number(value),
    &'q i64 => |value| Number(*value),
    i32 => |value| Number(value.into()),
    u32 => |value| Number(value.into()),
    &'q str => |value| Text(value.into()),
    String => |value| Text(value.into()),
    &'q String => |value| Text(value.as_str().into()),
    &'q [u8] => |value| Bytes(value.into()),
    Vec<u8> => |value| Bytes(value.into()),
    &'q Vec<u8> => |value| Bytes(value.as_slice().into()),
}

impl<'q> From<&'q Option<String>> for Value<'q> {
    fn from(value: &'q Option<String>) -> Self {
        Self::Text(value.as_deref().map(Cow::from))
    }
}

impl From<bool> for Value<'_> {
    fn from(value: bool) -> Self {
        Self::Truth(value)
    }
}

/// A statement with its values.
#[must_use = "a statement does nothing until it is run"]
pub struct Query<'q> {
    sql: SqlStr,
    values: Vec<Value<'q>>,
}

/// A statement whose rows are read column by column.
pub fn query<'q>(sql: impl SqlSafeStr) -> Query<'q> {
    Query {
        sql: sql.into_sql_str(),
        values: Vec::new(),
    }
}

/// One of whose rows the first column matters.
pub fn query_scalar<'q, T>(sql: impl SqlSafeStr) -> Scalar<'q, T> {
    Scalar(query(sql), PhantomData)
}

/// One whose rows are tuples.
pub fn query_as<'q, T>(sql: impl SqlSafeStr) -> Tuples<'q, T> {
    Tuples(query(sql), PhantomData)
}

/// How many rows a statement touched.
#[derive(Debug, Clone, Copy)]
pub struct Done(u64);

impl Done {
    #[must_use]
    pub const fn rows_affected(self) -> u64 {
        self.0
    }
}

type SqliteQuery<'q> = sqlx::query::Query<'q, Sqlite, SqliteArguments>;
type PostgresQuery<'q> = sqlx::query::Query<'q, Postgres, PgArguments>;

impl<'q> Query<'q> {
    /// The next `?`.
    pub fn bind(mut self, value: impl Into<Value<'q>>) -> Self {
        self.values.push(value.into());
        self
    }

    fn for_sqlite(self) -> SqliteQuery<'q> {
        let mut query = sqlx::query(self.sql);
        for value in self.values {
            query = match value {
                Value::Number(value) => query.bind(value),
                Value::Text(value) => query.bind(value.map(Cow::into_owned)),
                Value::Bytes(value) => query.bind(value.map(Cow::into_owned)),
                Value::Truth(value) => query.bind(value),
            };
        }
        query
    }

    fn for_postgres(self) -> PostgresQuery<'q> {
        let mut query = sqlx::query(AssertSqlSafe(numbered(self.sql.as_str())));
        for value in self.values {
            query = match value {
                Value::Number(value) => query.bind(value),
                Value::Text(value) => query.bind(value),
                Value::Bytes(value) => query.bind(value.map(Cow::into_owned)),
                Value::Truth(value) => query.bind(value),
            };
        }
        query
    }

    /// # Errors
    /// [`Error`].
    pub async fn execute(self, on: &mut Connection) -> Result<Done, Error> {
        Ok(Done(match on.engine() {
            Engine::Sqlite(on) => self.for_sqlite().execute(on).await?.rows_affected(),
            Engine::Postgres(on) => self.for_postgres().execute(on).await?.rows_affected(),
        }))
    }

    /// # Errors
    /// [`Error`].
    pub async fn fetch_all(self, on: &mut Connection) -> Result<Vec<Row>, Error> {
        Ok(match on.engine() {
            Engine::Sqlite(on) => {
                let rows = self.for_sqlite().fetch_all(on).await?;
                rows.into_iter().map(Row::Sqlite).collect()
            }
            Engine::Postgres(on) => {
                let rows = self.for_postgres().fetch_all(on).await?;
                rows.into_iter().map(Row::Postgres).collect()
            }
        })
    }

    /// # Errors
    /// [`Error`].
    pub async fn fetch_optional(self, on: &mut Connection) -> Result<Option<Row>, Error> {
        Ok(match on.engine() {
            Engine::Sqlite(on) => self.for_sqlite().fetch_optional(on).await?.map(Row::Sqlite),
            Engine::Postgres(on) => self.for_postgres().fetch_optional(on).await?.map(Row::Postgres),
        })
    }

    /// # Errors
    /// [`Error`]; of no row too.
    pub async fn fetch_one(self, on: &mut Connection) -> Result<Row, Error> {
        self.fetch_optional(on).await?.ok_or(Error::RowNotFound)
    }
}

/// `?` as PostgreSQL wants it. No text within a statement has one.
fn numbered(sql: &str) -> String {
    let mut pieces = sql.split('?');
    let mut numbered = pieces.next().unwrap_or_default().to_owned();
    for (number, piece) in (1..).zip(pieces) {
        numbered.push_str(&format!("${number}"));
        numbered.push_str(piece);
    }
    numbered
}

/// [`query_scalar`].
#[must_use = "a statement does nothing until it is run"]
pub struct Scalar<'q, T>(Query<'q>, PhantomData<fn() -> T>);

impl<'q, T: for<'r> Get<'r>> Scalar<'q, T> {
    /// The next `?`.
    pub fn bind(self, value: impl Into<Value<'q>>) -> Self {
        Self(self.0.bind(value), PhantomData)
    }

    /// # Errors
    /// [`Error`]; of no row too.
    pub async fn fetch_one(self, on: &mut Connection) -> Result<T, Error> {
        self.0.fetch_one(on).await?.try_get(0)
    }

    /// # Errors
    /// [`Error`].
    pub async fn fetch_optional(self, on: &mut Connection) -> Result<Option<T>, Error> {
        self.0
            .fetch_optional(on)
            .await?
            .map(|row| row.try_get(0))
            .transpose()
    }

    /// # Errors
    /// [`Error`].
    pub async fn fetch_all(self, on: &mut Connection) -> Result<Vec<T>, Error> {
        let rows = self.0.fetch_all(on).await?;
        rows.iter().map(|row| row.try_get(0)).collect()
    }
}

/// [`query_as`].
#[must_use = "a statement does nothing until it is run"]
pub struct Tuples<'q, T>(Query<'q>, PhantomData<fn() -> T>);

impl<'q, T: FromRow> Tuples<'q, T> {
    /// The next `?`.
    pub fn bind(self, value: impl Into<Value<'q>>) -> Self {
        Self(self.0.bind(value), PhantomData)
    }

    /// # Errors
    /// [`Error`]; of no row too.
    pub async fn fetch_one(self, on: &mut Connection) -> Result<T, Error> {
        T::from_row(&self.0.fetch_one(on).await?)
    }

    /// # Errors
    /// [`Error`].
    pub async fn fetch_optional(self, on: &mut Connection) -> Result<Option<T>, Error> {
        self.0
            .fetch_optional(on)
            .await?
            .as_ref()
            .map(T::from_row)
            .transpose()
    }

    /// # Errors
    /// [`Error`].
    pub async fn fetch_all(self, on: &mut Connection) -> Result<Vec<T>, Error> {
        let rows = self.0.fetch_all(on).await?;
        rows.iter().map(T::from_row).collect()
    }
}

/// A row of either engine.
pub enum Row {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

impl Row {
    /// A column, by name or place.
    ///
    /// # Errors
    /// [`Error`]: there is none, or it is of another kind.
    pub fn try_get<'r, T: Get<'r>>(&'r self, column: impl Column) -> Result<T, Error> {
        T::get(self, column)
    }

    /// How many columns it has.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Sqlite(row) => row.len(),
            Self::Postgres(row) => row.len(),
        }
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// A column's name, or its place from 0 on.
pub trait Column: ColumnIndex<SqliteRow> + ColumnIndex<PgRow> {}

impl<T: ColumnIndex<SqliteRow> + ColumnIndex<PgRow>> Column for T {}

/// What a column can be read as.
pub trait Get<'r>: Sized {
    /// # Errors
    /// [`Error`].
    fn get(row: &'r Row, column: impl Column) -> Result<Self, Error>;
}

macro_rules! get {
    ($($type:ty),*) => {$(
        impl<'r> Get<'r> for $type {
            fn get(row: &'r Row, column: impl Column) -> Result<Self, Error> {
                match row {
                    Row::Sqlite(row) => row.try_get(column),
                    Row::Postgres(row) => row.try_get(column),
                }
            }
        }
        impl<'r> Get<'r> for Option<$type> {
            fn get(row: &'r Row, column: impl Column) -> Result<Self, Error> {
                match row {
                    Row::Sqlite(row) => row.try_get(column),
                    Row::Postgres(row) => row.try_get(column),
                }
            }
        }
    )*};
}

get!(i64, bool, String, &'r str, Vec<u8>, &'r [u8]);

impl<'r> Get<'r> for u32 {
    fn get(row: &'r Row, column: impl Column) -> Result<Self, Error> {
        let number: i64 = row.try_get(column)?;
        Self::try_from(number).map_err(|error| Error::Decode(error.into()))
    }
}

/// What a whole row can be read as.
pub trait FromRow: Sized {
    /// # Errors
    /// [`Error`].
    fn from_row(row: &Row) -> Result<Self, Error>;
}

macro_rules! tuple {
    ($($name:ident $place:tt),*) => {
        impl<$($name: for<'r> Get<'r>),*> FromRow for ($($name,)*) {
            fn from_row(row: &Row) -> Result<Self, Error> {
                Ok(($(row.try_get::<$name>($place)?,)*))
            }
        }
    };
}

tuple!(A 0);
tuple!(A 0, B 1);
tuple!(A 0, B 1, C 2);
tuple!(A 0, B 1, C 2, D 3);
tuple!(A 0, B 1, C 2, D 3, E 4);

#[cfg(test)]
mod tests {
    use super::numbered;

    #[test]
    fn each_place_has_its_number() {
        assert_eq!(numbered("SELECT 1"), "SELECT 1");
        assert_eq!(
            numbered("UPDATE a SET b = ? WHERE c IN (?, ?)"),
            "UPDATE a SET b = $1 WHERE c IN ($2, $3)"
        );
    }
}
