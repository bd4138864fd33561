//! Asking the database.

use serde::de::DeserializeOwned;
use wasm_bindgen::JsValue;
use worker::{D1Database, D1PreparedStatement, D1Result, Env};

use super::Query;
use crate::edge::Problem;

/// Seconds after which a client may ask again when the database is away.
const RETRY_SECONDS: u32 = 2;

/// One value of a query.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'a> {
    /// Nothing.
    Null,
    /// Text.
    Text(&'a str),
    /// A whole number, of at most 53 bits.
    Integer(i64),
    /// A number.
    Real(f64),
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Value<'_> {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl<'a, T: Into<Value<'a>>> From<Option<T>> for Value<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl From<Value<'_>> for JsValue {
    fn from(value: Value<'_>) -> Self {
        match value {
            Value::Null => Self::NULL,
            Value::Text(text) => Self::from_str(text),
            // The runtime has no other numbers.
            Value::Integer(number) => Self::from_f64(number as f64),
            Value::Real(number) => Self::from_f64(number),
        }
    }
}

/// The database.
pub struct Db(D1Database);

impl Db {
    /// The one that is bound as `DB`.
    ///
    /// # Errors
    /// If none is.
    pub fn of(env: &Env) -> Result<Self, Problem> {
        env.d1("DB").map(Self).map_err(|error| Problem::Unavailable(60, format!("DB: {error}")))
    }

    fn prepare(&self, query: Query, values: &[Value<'_>]) -> Result<D1PreparedStatement, Problem> {
        let values: Vec<JsValue> = values.iter().map(|value| (*value).into()).collect();
        self.0.prepare(query.sql).bind(&values).map_err(|error| failed(query, &error))
    }

    /// The first row, if there is one.
    ///
    /// # Errors
    /// 503 if the database does not answer; 500 if the row is not a `T`.
    pub async fn first<T: DeserializeOwned>(
        &self,
        query: Query,
        values: &[Value<'_>],
    ) -> Result<Option<T>, Problem> {
        Ok(self.all(query, values).await?.into_iter().next())
    }

    /// Every row.
    ///
    /// # Errors
    /// As [`Self::first`].
    pub async fn all<T: DeserializeOwned>(
        &self,
        query: Query,
        values: &[Value<'_>],
    ) -> Result<Vec<T>, Problem> {
        let result = self.prepare(query, values)?.all().await.map_err(|error| failed(query, &error))?;
        rows(query, &result)
    }

    /// Runs it for its effect; says how many rows it changed.
    ///
    /// # Errors
    /// 503 if the database does not answer.
    pub async fn run(&self, query: Query, values: &[Value<'_>]) -> Result<usize, Problem> {
        let result = self.prepare(query, values)?.run().await.map_err(|error| failed(query, &error))?;
        let meta = result.meta().map_err(|error| failed(query, &error))?;
        Ok(meta.and_then(|meta| meta.changes).unwrap_or(0))
    }

    /// Runs several as one transaction: all of them happen, or none.
    ///
    /// # Errors
    /// 503 if the database does not answer or refuses one.
    pub async fn batch(&self, queries: &[(Query, &[Value<'_>])]) -> Result<Vec<D1Result>, Problem> {
        let prepared = queries
            .iter()
            .map(|(query, values)| self.prepare(*query, values))
            .collect::<Result<Vec<_>, _>>()?;
        let first = queries.first().map_or("none", |(query, _)| query.name);
        self.0
            .batch(prepared)
            .await
            .map_err(|error| Problem::Unavailable(RETRY_SECONDS, format!("batch of {first}: {error}")))
    }
}

/// The rows of one result of a [`Db::batch`].
///
/// # Errors
/// If a row is not a `T`.
pub fn rows<T: DeserializeOwned>(query: Query, result: &D1Result) -> Result<Vec<T>, Problem> {
    result.results().map_err(|error| Problem::internal(format!("{}: {error}", query.name)))
}

fn failed(query: Query, error: &worker::Error) -> Problem {
    Problem::Unavailable(RETRY_SECONDS, format!("{}: {error}", query.name))
}
