//! Lists by the page: from a row on, in either direction, whatever was added or removed meanwhile.

/// Where a page begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seek<K> {
    /// With the first row.
    Start,
    /// With the row after this one.
    After(K),
    /// So that it ends with the row before this one.
    Before(K),
    /// So that it ends with the last row.
    End,
}

/// A page of a list, in the list's order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListPage<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// Whether more rows follow in the direction that was asked for.
    pub more: bool,
}

/// A number of rows as the database counts them.
pub(super) fn rows(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Most rows of a page.
pub const MAX_PAGE: usize = 256;

/// `limit` within its bounds.
pub(super) fn bounded(limit: usize) -> usize {
    limit.clamp(1, MAX_PAGE)
}

impl<T> ListPage<T> {
    /// From up to `limit + 1` rows, in the order they were read.
    pub(super) fn of(mut rows: Vec<T>, limit: usize, backwards: bool) -> Self {
        let more = rows.len() > limit;
        rows.truncate(limit);
        if backwards {
            rows.reverse();
        }
        Self { rows, more }
    }
}

impl<K> Seek<K> {
    pub(super) fn is_backwards(&self) -> bool {
        matches!(self, Self::Before(_) | Self::End)
    }

    /// The key to compare with; `low` and `high` lie outside all keys.
    pub(super) fn key(self, low: K, high: K) -> K {
        match self {
            Self::Start => low,
            Self::After(key) | Self::Before(key) => key,
            Self::End => high,
        }
    }
}
