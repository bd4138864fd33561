//! What a unit answers: rows of one flat shape, so that a reader needs one kind of row only.

use serde::{Deserialize, Serialize};

use crate::{RowKey, SoundPreset};

/// What a row stands for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum RowKind {
    /// An artist; `id` is the artist's key.
    Artist,
    /// An album; `id` is the album's key.
    Album,
    /// A track.
    #[default]
    Track,
    /// A genre; `id` is the genre's key.
    Genre,
    /// A composer; `id` is the composer's key.
    Composer,
    /// A year; `id` is the year.
    Year,
    /// One of the owner's playlists; `id` is its key.
    Playlist,
    /// A folder; `path` opens and plays it.
    Folder,
    /// A playlist file or CUE sheet; `path` plays it.
    PlaylistFile,
    /// Something a newer unit says and this reader does not know.
    #[serde(other)]
    Other,
}

/// One row of a list. What is unknown or makes no sense for the kind is left out.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Row {
    /// What it stands for.
    pub kind: RowKind,
    /// Name or title.
    pub name: String,
    /// Its place in the list, for the next part and to play from here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<RowKey>,
    /// Key that views name it by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<i64>,
    /// Of an album or a track.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub artist: String,
    /// Of a track.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub album: String,
    /// Of an album.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub year: Option<u16>,
    /// How many of an artist, genre, composer or year.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub albums: Option<u64>,
    /// How many in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tracks: Option<u64>,
    /// Length of a track.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration_ms: Option<u64>,
    /// Of a track or a folder's entry, as commands name it; left out where its name is no text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The entry's key in an own playlist.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entry: Option<i64>,
}

/// Part of a list.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RowsPart {
    /// In the list's order.
    pub rows: Vec<Row>,
    /// Index in the whole list of the first row, after a jump to a letter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<u64>,
    /// Nothing comes before them.
    pub at_start: bool,
    /// Nothing comes after them.
    pub at_end: bool,
}

/// Part of the queue.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct QueuePart {
    /// Index of the first row.
    pub from: usize,
    /// Entries of the whole queue.
    pub len: usize,
    /// The current entry.
    pub index: usize,
    /// The snapshot's `queue.revision` these rows belong to.
    pub revision: u64,
    /// In playing order.
    pub rows: Vec<Row>,
}

/// Part of a folder.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FolderPart {
    /// The medium's identity.
    pub medium: String,
    /// Relative to the medium.
    pub path: String,
    /// As commands name the folder, where its name is text.
    #[serde(default)]
    pub full_path: Option<String>,
    /// Index of the first row.
    pub from: usize,
    /// Entries of the whole folder.
    pub len: usize,
    /// Folders first.
    pub rows: Vec<Row>,
}

/// A sound to choose from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PresetEntry {
    /// Stored by the owner; else it came with the unit.
    pub own: bool,
    /// The sound.
    pub preset: SoundPreset,
}

/// An answer; each kind of question has its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// To `rows`.
    Rows(RowsPart),
    /// To `count`: how many rows the list has.
    Count(u64),
    /// To `search`: artists, then albums, then tracks, the best of each first.
    Found(Vec<Row>),
    /// To `queue`.
    Queue(QueuePart),
    /// To `folder`.
    Folder(FolderPart),
    /// To `presets`: in the order they are shown in.
    Presets(Vec<PresetEntry>),
}
