//! What a remote can ask: parts of lists, never whole ones.

use serde::{Deserialize, Serialize};

use crate::{RowKey, ViewRef};

/// Where a part of a list begins.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "at", rename_all = "snake_case")]
pub enum Anchor {
    /// With the first row.
    #[default]
    Start,
    /// With what follows this row.
    After {
        /// As its answer gave it.
        row: RowKey,
    },
    /// With what comes before this row; the rows nearest to it, in the list's order.
    Before {
        /// As its answer gave it.
        row: RowKey,
    },
    /// With the first name that begins with the letter or comes after it.
    Letter {
        /// Upper or lower case.
        letter: char,
    },
}

/// A question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "ask", rename_all = "snake_case")]
pub enum Question {
    /// Part of a list of the library.
    Rows {
        /// Which list.
        view: ViewRef,
        /// From where on.
        #[serde(default)]
        anchor: Anchor,
        /// 1 to [`MAX_ROWS`](super::MAX_ROWS) rows; more are not given.
        limit: usize,
    },
    /// How many rows a list has.
    Count {
        /// Which list.
        view: ViewRef,
    },
    /// Artists, albums and tracks that hold all these words.
    Search {
        /// At most 200 characters count.
        text: String,
        /// Of each kind, as for `rows`.
        limit: usize,
    },
    /// Part of the queue, in playing order.
    Queue {
        /// Index of the first row, from 0.
        from: usize,
        /// As for `rows`.
        limit: usize,
    },
    /// What a folder holds: folders first, then playlist files and tracks.
    Folder {
        /// The medium's identity, as the snapshot names it.
        medium: String,
        /// Relative to the medium, `/` between names; empty is the medium itself.
        #[serde(default)]
        path: String,
        /// Index of the first row, from 0.
        #[serde(default)]
        from: usize,
        /// As for `rows`.
        limit: usize,
    },
    /// All sounds to choose from.
    Presets,
}
