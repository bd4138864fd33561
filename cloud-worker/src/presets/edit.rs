//! `/api/presets`: one's own presets, from a page.

use serde::Deserialize;
use serde_json::Value as Json;

use super::shelf::{Row, Shelf, change};
use super::wire::{Written, page};
use super::{PresetBody, check, merge, tell_units};
use crate::clock::Seconds;
use crate::edge::{Call, Problem, Reply};
use crate::features::{self, Feature};
use crate::ids;
use crate::store::presets;

/// Presets of a page where the query does not say.
const PAGE: i64 = 50;
/// Most presets of a page.
const MOST: i64 = 100;

/// How many rows the query asks for.
///
/// # Errors
/// 422 if it is no number from 1 to 100.
pub fn limit(call: &Call) -> Result<i64, Problem> {
    let Some(text) = call.query("limit") else { return Ok(PAGE) };
    let number = text.parse().ok().filter(|number| (1..=MOST).contains(number));
    number.ok_or_else(|| Problem::field("limit", format!("must be from 1 to {MOST}")))
}

/// A page of one's presets, the last made first.
///
/// # Errors
/// 422 for a query that makes no sense.
pub async fn list(call: Call) -> Result<Reply, Problem> {
    #[derive(Deserialize)]
    struct Made {
        made: i64,
        json: String,
    }
    let before = match call.query("before") {
        None => i64::MAX >> 10,
        Some(text) => text.parse().map_err(|_| Problem::field("before", "must be a number of `next`"))?,
    };
    let limit = limit(&call)?;
    let values = [(&call.who()?.user).into(), before.into(), (limit + 1).into()];
    let mut rows: Vec<Made> = call.db()?.all(presets::LIST_PRESETS, &values).await?;
    let more = rows.len() as i64 > limit;
    rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let next = rows.last().filter(|_| more).map_or(Json::Null, |row| row.made.into());
    Ok(Reply::written(page(rows.iter().map(|row| &*row.json), &next)))
}

/// One of one's presets.
///
/// # Errors
/// 404 if it is somebody else's or nobody's.
pub async fn one(call: Call) -> Result<Reply, Problem> {
    answer(&call, call.param(0)).await
}

/// A preset as it is now, with its version as `ETag`.
async fn answer(call: &Call, id: &str) -> Result<Reply, Problem> {
    #[derive(Deserialize)]
    struct Found {
        version: u64,
        #[serde(flatten)]
        row: Written,
    }
    let values = [(&call.who()?.user).into(), id.into()];
    let found: Option<Found> = call.db()?.first(presets::ONE_PRESET, &values).await?;
    let found = found.ok_or(Problem::NotFound)?;
    let tag = format!("\"{}\"", found.version);
    Ok(Reply::written(found.row.json.into_bytes()).with_header("etag", tag))
}

/// Makes a preset.
///
/// # Errors
/// 422 if it is not valid; 409 `account_full`.
pub async fn create(call: Call) -> Result<Reply, Problem> {
    let wish = wish(&call).await?;
    let (id, public_id) = (ids::id()?, ids::id()?);
    let user = &call.who()?.user;
    let (_, shelf) = change(&call.db()?, user, &[&id], call.now, |shelf| {
        shelf.room()?;
        let row = Row::new(&id, merge::written(&wish.sound), shelf.now);
        shelf.put(filled(row, &wish, &public_id, shelf.now));
        Ok(())
    })
    .await?;
    after(&call, &shelf, wish.public).await;
    Ok(answer(&call, &id).await?.with_status(201))
}

/// Puts another preset in the place of one. `If-Match` says which version is meant.
///
/// # Errors
/// 404 if there is none; 412 `stale` if it is another version by now; 428 without the header; 422 if the new
/// one is not valid.
pub async fn replace(call: Call) -> Result<Reply, Problem> {
    let seen = seen(call.header("if-match").as_deref())?.ok_or(Problem::Unconditional)?;
    let wish = wish(&call).await?;
    let public_id = ids::id()?;
    let user = &call.who()?.user;
    let id = call.param(0);
    let (was_public, shelf) = change(&call.db()?, user, &[id], call.now, |shelf| {
        let row = shelf.live(id)?.clone();
        if !seen.is(row.version) {
            return Err(Problem::Stale);
        }
        let was_public = row.public_id.is_some();
        let row = Row { version: row.version + 1, sound: Some(merge::written(&wish.sound)), ..row };
        shelf.put(filled(row, &wish, &public_id, shelf.now));
        Ok(was_public)
    })
    .await?;
    after(&call, &shelf, wish.public || was_public).await;
    answer(&call, id).await
}

/// Deletes a preset; only that version, where `If-Match` names one.
///
/// # Errors
/// 404 if there is none; 412 `stale` if it is another version by now.
pub async fn remove(call: Call) -> Result<Reply, Problem> {
    let seen = seen(call.header("if-match").as_deref())?.unwrap_or(Seen::Any);
    let user = &call.who()?.user;
    let id = call.param(0);
    let (was_public, shelf) = change(&call.db()?, user, &[id], call.now, |shelf| {
        let mut row = shelf.live(id)?.clone();
        if !seen.is(row.version) {
            return Err(Problem::Stale);
        }
        let was_public = row.public_id.is_some();
        row.version += 1;
        row.delete(shelf.now);
        shelf.put(row);
        Ok(was_public)
    })
    .await?;
    after(&call, &shelf, was_public).await;
    Ok(Reply::empty())
}

/// The body, checked.
async fn wish(call: &Call) -> Result<PresetBody, Problem> {
    let wish = check::body(call.json()?)?;
    if wish.public && !features::is_on(&call.env, Feature::PublicPresets, &call.who()?.user, call.now).await {
        return Err(Problem::Forbidden("not_yet", "Presets cannot be made public yet."));
    }
    Ok(wish)
}

/// A row with everything but the sound as it is wished.
fn filled(mut row: Row, wish: &PresetBody, public_id: &str, now: Seconds) -> Row {
    row.category = wish.category;
    // A list of texts: writing it cannot fail.
    row.tags = serde_json::to_string(&wish.tags).unwrap_or_default();
    match (wish.public, row.public_id.is_some()) {
        (true, false) => {
            row.public_id = Some(public_id.to_owned());
            row.published_at = Some(now);
        }
        (false, true) => {
            row.public_id = None;
            row.published_at = None;
        }
        _ => {}
    }
    row
}

/// Tells who should know.
async fn after(call: &Call, shelf: &Shelf, public: bool) {
    if public {
        super::public::forget();
    }
    if let Some(who) = &call.who {
        tell_units(call, &who.user, shelf.revision()).await;
    }
}

/// What a client says it has seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Seen {
    /// Whatever there is.
    Any,
    /// That version.
    Version(u64),
}

impl Seen {
    fn is(self, version: u64) -> bool {
        self == Self::Any || self == Self::Version(version)
    }
}

/// Reads `If-Match` (RFC 9110, section 13.1.1): one of our tags, or `*`.
fn seen(header: Option<&str>) -> Result<Option<Seen>, Problem> {
    let Some(header) = header.map(str::trim) else { return Ok(None) };
    if header == "*" {
        return Ok(Some(Seen::Any));
    }
    let tag = header.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    let version = tag.and_then(|tag| tag.parse().ok()).ok_or(Problem::Stale)?;
    Ok(Some(Seen::Version(version)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_tags_match() {
        assert_eq!(seen(None), Ok(None));
        assert_eq!(seen(Some("\"3\"")), Ok(Some(Seen::Version(3))));
        assert_eq!(seen(Some(" * ")), Ok(Some(Seen::Any)));
        for other in ["3", "W/\"3\"", "\"x\"", "", "\"3\", \"4\"", "\"-1\""] {
            assert_eq!(seen(Some(other)), Err(Problem::Stale), "{other}");
        }
    }

    #[test]
    fn publishing_gives_a_number_once_and_taking_back_takes_it() {
        let mut wish = PresetBody {
            sound: protocol::SoundPreset::flat(),
            category: Default::default(),
            tags: vec!["a".into()],
            public: true,
        };
        let row = filled(Row::new("a", "{}".into(), 1), &wish, "first", 5);
        assert_eq!((row.public_id.as_deref(), row.published_at), (Some("first"), Some(5)));
        let row = filled(row, &wish, "second", 6);
        assert_eq!((row.public_id.as_deref(), row.published_at), (Some("first"), Some(5)));
        wish.public = false;
        let row = filled(row, &wish, "third", 7);
        assert_eq!((row.public_id, row.published_at, row.tags.as_str()), (None, None, "[\"a\"]"));
    }
}
