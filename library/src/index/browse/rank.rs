//! How many rows come before a row: where in the whole list a jump has ended.
use rusqlite::{Connection, params_from_iter};

use super::sources::list;
use crate::index::error::IndexError;
use crate::index::keys::MediumKey;
use crate::index::view::{PageKey, Place, Position, View};

/// The number of rows of a list before the row with `key`. Names that several media share are counted
/// once for each of them.
pub(in crate::index) fn rank(
    db: &Connection,
    view: &View,
    media: &[MediumKey],
    key: &PageKey,
) -> Result<u64, IndexError> {
    let list = list(db, view, media)?;
    let position = Position::of(key)?;
    let way = if list.descending { ">" } else { "<" };
    let mut before = 0;
    for source in &list.sources {
        let mut params = source.params.clone();
        let mut sql = format!("SELECT COUNT(*) FROM {} WHERE {}", source.from, source.filter);
        if source.part > position.part {
            continue;
        }
        if source.part == position.part {
            if position.places.len() != source.order.len() {
                return Err(IndexError::Question("this is no place in this list".to_owned()));
            }
            let marks: Vec<String> =
                (1..=source.order.len()).map(|column| format!("?{}", params.len() + column)).collect();
            sql.push_str(&format!(" AND ({}) {way} ({})", source.order.join(", "), marks.join(", ")));
            params.extend(position.places.iter().map(Place::value));
        }
        let count: i64 =
            db.prepare_cached(&sql)?.query_row(params_from_iter(params.iter()), |row| row.get(0))?;
        before += u64::try_from(count).unwrap_or(0);
    }
    Ok(before)
}
