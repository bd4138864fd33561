//! `GET /api/presets/public`: what everybody sees.
//!
//! Pages are kept by the data centre's cache under a name that holds the generation: how often what everybody
//! sees has changed. The database counts it, whatever causes the change. An instance asks for it every few
//! seconds, and after each change of its own.

use std::cell::Cell;

use protocol::cloud::{MAX_TAG, PresetCategory};
use serde::Deserialize;
use serde_json::Value as Json;
use url::form_urlencoded;
use worker::{Cache, Response};

use super::check::folded;
use super::edit::limit;
use super::wire::page;
use crate::clock::Seconds;
use crate::edge::{Call, Level, Problem, Reply, later, log};
use crate::ids;
use crate::store::{Db, Query, Value, public_presets};

/// Seconds for which an instance trusts the generation it has seen.
const TRUST_SECONDS: Seconds = 3;
/// Seconds that a page is kept, if nothing changes.
const KEPT_SECONDS: u32 = 600;

thread_local! {
    static GENERATION: Cell<Option<(i64, Seconds)>> = const { Cell::new(None) };
}

/// This instance looks again: something has changed.
pub fn forget() {
    GENERATION.set(None);
}

/// What is looked for.
#[derive(Debug, PartialEq, Eq)]
struct Search {
    category: Option<PresetCategory>,
    tag: Option<String>,
    after: Option<(Seconds, String)>,
    limit: i64,
}

impl Search {
    fn read(query: impl Fn(&str) -> Option<String>, limit: i64) -> Result<Self, Problem> {
        let category = match query("category") {
            None => None,
            Some(text) => Some(
                serde_json::from_value(Json::String(text))
                    .map_err(|_| Problem::field("category", "must be music, car, speech or other"))?,
            ),
        };
        let tag = query("tag").map(|tag| folded(&tag));
        if tag.as_ref().is_some_and(|tag| !(1..=MAX_TAG).contains(&tag.chars().count())) {
            return Err(Problem::field("tag", format!("must have 1 to {MAX_TAG} characters")));
        }
        let after = match query("after") {
            None => None,
            Some(text) => Some(place(&text).ok_or_else(|| Problem::field("after", "must be a `next`"))?),
        };
        Ok(Self { category, tag, after, limit })
    }

    /// The page's name in the cache: the same for every way of asking the same.
    fn key(&self, origin: &str, generation: i64) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query
            .append_pair("generation", &generation.to_string())
            .append_pair("limit", &self.limit.to_string());
        if let Some(category) = self.category {
            query.append_pair("category", name(category));
        }
        if let Some(tag) = &self.tag {
            query.append_pair("tag", tag);
        }
        if let Some((at, id)) = &self.after {
            query.append_pair("after", &format!("{at}.{id}"));
        }
        format!("{origin}/api/presets/public?{}", query.finish())
    }

    async fn run(&self, db: &Db) -> Result<Vec<u8>, Problem> {
        #[derive(Deserialize)]
        struct Found {
            published_at: Seconds,
            public_id: String,
            json: String,
        }
        let (at, id) = self.after.as_ref().map_or((i64::MAX >> 10, ""), |(at, id)| (*at, id.as_str()));
        let mut values = vec![Value::Integer(at), Value::Text(id), Value::Integer(self.limit + 1)];
        let category = self.category.map(name);
        let query: Query = match (&self.tag, category) {
            (Some(tag), _) => {
                values.extend([Value::Text(tag), category.into()]);
                public_presets::PUBLIC_PRESETS_OF_TAG
            }
            (None, Some(category)) => {
                values.push(Value::Text(category));
                public_presets::PUBLIC_PRESETS_OF_CATEGORY
            }
            (None, None) => public_presets::PUBLIC_PRESETS,
        };
        let mut rows: Vec<Found> = db.all(query, &values).await?;
        let more = rows.len() as i64 > self.limit;
        rows.truncate(usize::try_from(self.limit).unwrap_or(usize::MAX));
        let next = rows
            .last()
            .filter(|_| more)
            .map_or(Json::Null, |row| format!("{}.{}", row.published_at, row.public_id).into());
        Ok(page(rows.iter().map(|row| &*row.json), &next))
    }
}

/// The place that a `next` means.
fn place(text: &str) -> Option<(Seconds, String)> {
    let (at, id) = text.split_once('.')?;
    let at = at.parse().ok().filter(|at| (0..i64::MAX >> 10).contains(at))?;
    ids::is_token(id, ids::ID_LENGTH).then(|| (at, id.to_owned()))
}

const fn name(category: PresetCategory) -> &'static str {
    match category {
        PresetCategory::Music => "music",
        PresetCategory::Car => "car",
        PresetCategory::Speech => "speech",
        PresetCategory::Other => "other",
    }
}

/// A page of what everybody sees.
///
/// # Errors
/// 422 for a query that makes no sense.
pub async fn public(call: Call) -> Result<Reply, Problem> {
    let search = Search::read(|name| call.query(name), limit(&call)?)?;
    let db = call.db()?;
    let key = search.key(&call.config.public_origin, generation(&db, call.now).await?);
    if let Some(body) = kept(&key).await {
        return Ok(Reply::written(body).with_header("x-cache", "hit"));
    }
    let body = search.run(&db).await?;
    let keep = body.clone();
    later(&call.context, async move {
        if let Err(error) = put(&key, keep).await {
            log(Level::Warn, "cache", serde_json::json!({ "cause": error.to_string() }));
        }
    });
    Ok(Reply::written(body).with_header("x-cache", "miss"))
}

async fn generation(db: &Db, now: Seconds) -> Result<i64, Problem> {
    #[derive(Deserialize)]
    struct Row {
        generation: i64,
    }
    if let Some((generation, at)) = GENERATION.get()
        && (0..TRUST_SECONDS).contains(&(now - at))
    {
        return Ok(generation);
    }
    let row: Option<Row> = db.first(public_presets::GENERATION, &[]).await?;
    let generation = row.ok_or_else(|| Problem::internal("no generation"))?.generation;
    GENERATION.set(Some((generation, now)));
    Ok(generation)
}

/// A page that is kept. A cache that fails keeps nothing.
async fn kept(key: &str) -> Option<Vec<u8>> {
    Cache::default().get(key, false).await.ok()??.bytes().await.ok()
}

async fn put(key: &str, body: Vec<u8>) -> worker::Result<()> {
    let mut response = Response::from_bytes(body)?;
    response.headers_mut().set("cache-control", &format!("public, max-age={KEPT_SECONDS}"))?;
    Cache::default().put(key, response).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<Search, Problem> {
        let find =
            |name: &str| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        Search::read(find, 50)
    }

    const ID: &str = "AAAAAAAAAAAAAAAAAAAAAA";

    #[test]
    fn a_search_is_read_and_one_that_makes_no_sense_is_refused() {
        let after = format!("17.{ID}");
        let search = read(&[("category", "car"), ("tag", " Bass "), ("after", &after)]).unwrap();
        assert_eq!(search.tag.as_deref(), Some("bass"));
        assert_eq!(search.after, Some((17, ID.to_owned())));
        let far = format!("{}.{ID}", i64::MAX);
        for bad in [
            ("category", "Car"),
            ("category", "' OR 1=1"),
            ("tag", ""),
            ("tag", "  "),
            ("tag", "aaaaaaaaaaaaaaaaaaaaaaaaa"),
            ("after", "17"),
            ("after", "17.x"),
            ("after", "-1.AAAAAAAAAAAAAAAAAAAAAA"),
            ("after", &far),
        ] {
            assert!(matches!(read(&[bad]), Err(Problem::Invalid(_))), "{bad:?}");
        }
    }

    #[test]
    fn pages_of_other_generations_and_other_searches_have_other_names() {
        let all = read(&[]).unwrap();
        let keys = [
            all.key("https://a", 1),
            all.key("https://a", 2),
            read(&[("tag", "1&category=car")]).unwrap().key("https://a", 1),
            read(&[("tag", "1"), ("category", "car")]).unwrap().key("https://a", 1),
        ];
        let mut unique = keys.to_vec();
        unique.sort();
        unique.dedup();
        assert_eq!(unique.len(), keys.len());
        assert_eq!(read(&[("tag", "A")]).unwrap().key("x", 1), read(&[("tag", "a ")]).unwrap().key("x", 1));
    }

    #[test]
    fn categories_have_the_names_they_travel_by() {
        for category in
            [PresetCategory::Music, PresetCategory::Car, PresetCategory::Speech, PresetCategory::Other]
        {
            assert_eq!(serde_json::to_value(category).unwrap(), name(category));
        }
    }
}
