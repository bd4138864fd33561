//! `GET /api/devices`: one's units, page by page.

use futures_util::future::join_all;
#[cfg(test)]
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::clock::Seconds;
use crate::edge::{Call, Problem, Reply};
use crate::ids;
use crate::relay;
use crate::store::devices;

/// Units of a page where the caller does not say, and most of one: each costs a question to its relay.
const PAGE: i64 = 20;

/// A page of units.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
pub struct DeviceList {
    /// The units, oldest pairing first.
    devices: Vec<Listed>,
    /// To be given as `after` for the next page; missing on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(JsonSchema))]
struct Listed {
    #[serde(flatten)]
    about: Row,
    /// Whether it is connected; missing when that cannot be known now.
    #[serde(skip_serializing_if = "Option::is_none")]
    online: Option<bool>,
    /// When it was last connected, seconds since 1970; missing if it never was.
    #[serde(skip_serializing_if = "Option::is_none")]
    seen_at: Option<Seconds>,
}

#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(test, derive(JsonSchema))]
struct Row {
    /// The unit's number.
    id: String,
    /// Its name.
    name: String,
    /// What it is.
    model: String,
    /// Of its program, when it was paired.
    version: String,
    /// When it came to this account, seconds since 1970.
    paired_at: Seconds,
}

/// A page of the units of who asks.
///
/// # Errors
/// 422 for an `after` or a `limit` that is none.
pub async fn list(call: Call) -> Result<Reply, Problem> {
    let limit = limit(call.query("limit").as_deref())?;
    let (paired_at, id) = cursor(call.query("after").as_deref())?;
    let user = &call.who()?.user;
    let values = [user.into(), paired_at.into(), (&id).into(), (limit + 1).into()];
    let mut found: Vec<Row> = call.db()?.all(devices::DEVICE_PAGE, &values).await?;
    // One more than asked for tells that there is more.
    let more = found.len() > usize::try_from(limit).unwrap_or(usize::MAX);
    if more {
        found.pop();
    }
    let next = found.last().filter(|_| more).map(|last| format!("{}.{}", last.paired_at, last.id));
    let seen = join_all(found.iter().map(|row| relay::seen(&call.env, &row.id))).await;
    let devices = found
        .into_iter()
        .zip(seen)
        .map(|(about, seen)| Listed {
            about,
            online: seen.as_ref().map(|seen| seen.online),
            seen_at: seen.and_then(|seen| seen.seen_ms).map(|ms| ms / 1000),
        })
        .collect();
    Reply::json(&DeviceList { devices, next })
}

fn limit(text: Option<&str>) -> Result<i64, Problem> {
    let Some(text) = text else { return Ok(PAGE) };
    text.parse()
        .ok()
        .filter(|limit| (1..=PAGE).contains(limit))
        .ok_or_else(|| Problem::field("limit", format!("must be 1 to {PAGE}")))
}

fn cursor(text: Option<&str>) -> Result<(Seconds, String), Problem> {
    let Some(text) = text else { return Ok((0, String::new())) };
    text.split_once('.')
        .and_then(|(time, id)| Some((time.parse().ok()?, id)))
        .filter(|(_, id)| ids::is_token(id, ids::ID_LENGTH))
        .map(|(time, id)| (time, id.to_owned()))
        .ok_or_else(|| Problem::field("after", "must be the `next` of another page"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_neither_empty_nor_endless() {
        assert_eq!(limit(None), Ok(20));
        assert_eq!(limit(Some("1")), Ok(1));
        for bad in ["0", "21", "-1", "x", "", "1e1"] {
            assert!(limit(Some(bad)).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_cursor_is_one_of_ours() {
        let id = "A".repeat(22);
        assert_eq!(cursor(Some(&format!("17.{id}"))), Ok((17, id.clone())));
        for bad in ["", ".", "17", "17.", &format!("x.{id}"), &format!("17.{id}' OR 1=1"), &id] {
            assert!(cursor(Some(bad)).is_err(), "{bad}");
        }
    }
}
