//! The music library in words: which list is meant, which music, and how the index stands.

use serde::{Deserialize, Serialize};

/// Longest name of a playlist, in characters.
pub const MAX_NAME: usize = 100;

/// One list of the library, as a page, a remote or a script names it.
///
/// The numbers are keys as the lists themselves give them; a key that means nothing (the index was built
/// anew since) names an empty list. Only media that are plugged in count.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "view", rename_all = "snake_case")]
pub enum ViewRef {
    /// Artists that have albums of their own.
    Artists,
    /// All albums.
    Albums,
    /// An artist's albums.
    ArtistAlbums {
        /// The artist's key.
        artist: i64,
    },
    /// All tracks by title.
    Tracks,
    /// An artist's tracks.
    ArtistTracks {
        /// The artist's key.
        artist: i64,
    },
    /// An album in its own order: disc, track.
    AlbumTracks {
        /// The album's key.
        album: i64,
    },
    /// All genres.
    Genres,
    /// Albums of a genre.
    GenreAlbums {
        /// The genre's key.
        genre: i64,
    },
    /// Tracks of a genre.
    GenreTracks {
        /// The genre's key.
        genre: i64,
    },
    /// All composers.
    Composers,
    /// Albums with tracks by a composer.
    ComposerAlbums {
        /// The composer's key.
        composer: i64,
    },
    /// Tracks of a composer.
    ComposerTracks {
        /// The composer's key.
        composer: i64,
    },
    /// All years.
    Years,
    /// Albums of a year.
    YearAlbums {
        /// The year.
        year: u16,
    },
    /// Tracks of a year.
    YearTracks {
        /// The year.
        year: u16,
    },
    /// Newest on the media first.
    RecentlyAdded,
    /// Heard last, first.
    RecentlyPlayed,
    /// Heard most, first.
    MostPlayed,
    /// The owner's favourites.
    Favourites,
    /// The owner's playlists.
    Playlists,
    /// One of them.
    Playlist {
        /// Its key.
        playlist: i64,
    },
}

/// A row's place in its list: opaque, of use with the same [`ViewRef`] only, good while rows come and go around
/// it. Hexadecimal on the wire.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(into = "String", try_from = "String")]
pub struct RowKey(Vec<u8>);

/// Longest key of a row, bytes.
pub const MAX_ROW_KEY: usize = 4096;

impl RowKey {
    /// From the bytes a list gave.
    #[must_use]
    pub fn new(bytes: &[u8]) -> Self {
        Self(bytes.to_vec())
    }

    /// As given.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// This is no key of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is no key of a row")]
pub struct NoRowKey;

impl From<RowKey> for String {
    fn from(key: RowKey) -> Self {
        key.0
            .iter()
            .flat_map(|byte| [byte >> 4, byte & 15])
            .filter_map(|n| char::from_digit(n.into(), 16))
            .collect()
    }
}

impl TryFrom<String> for RowKey {
    type Error = NoRowKey;

    fn try_from(text: String) -> Result<Self, NoRowKey> {
        if !text.len().is_multiple_of(2) || text.len() > 2 * MAX_ROW_KEY {
            return Err(NoRowKey);
        }
        let digit = |c: u8| char::from(c).to_digit(16).and_then(|n| u8::try_from(n).ok()).ok_or(NoRowKey);
        let pairs = text.as_bytes().chunks_exact(2);
        pairs.map(|pair| Ok(digit(pair[0])? << 4 | digit(pair[1])?)).collect::<Result<_, _>>().map(Self)
    }
}

/// Some music.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "of", rename_all = "snake_case")]
pub enum MusicRef {
    /// What plays, or would if it were not paused.
    Current,
    /// The whole queue, in playing order.
    Queue,
    /// A file, a playlist file, or a folder with all below it.
    Path {
        /// As the unit sees it.
        path: String,
    },
    /// Every track of a list.
    View {
        /// Which list.
        view: ViewRef,
    },
    /// One track of a list.
    Row {
        /// Which list.
        view: ViewRef,
        /// The row's key, as its page gave it.
        row: RowKey,
    },
}

/// How loud tracks are made to each other, by what their tags say (ReplayGain, R128).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ReplayGain {
    /// As they are.
    Off,
    /// All tracks alike.
    Track,
    /// All albums alike, the tracks within one as they were mixed; the track's own gain where the album
    /// has none.
    #[default]
    Album,
}

/// A scan that runs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Scanning {
    /// The medium's identity.
    pub medium: String,
    /// The medium's name.
    pub name: String,
    /// Files seen so far.
    pub seen: u64,
    /// Files read so far; the others were known.
    pub read: u64,
    /// Files dealt with so far: read, or known and unchanged. With `total`, how far the scan is.
    #[serde(default)]
    pub done: u64,
    /// Files there will be, once that is known.
    pub total: Option<u64>,
    /// Files per second.
    pub per_s: f64,
}

/// A scan that reached its end.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Scanned {
    /// The medium's identity.
    pub medium: String,
    /// Files that were read, because they were new or changed.
    pub read: u64,
}

/// A medium that is plugged in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MediumInfo {
    /// Its identity, which commands name it by.
    pub id: String,
    /// As it is shown.
    pub name: String,
    /// Tracks in the index; `None` until it was counted.
    pub tracks: Option<u64>,
}

/// How the library stands.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct LibraryInfo {
    /// The scan that runs now.
    pub scanning: Option<Scanning>,
    /// The media that are plugged in.
    pub media: Vec<MediumInfo>,
    /// The scan that reached its end last.
    pub scanned: Option<Scanned>,
    /// Rises when lists may read otherwise: a medium came or went, a scan wrote, a playlist was changed.
    pub revision: u64,
}

/// A playlist's name as it is kept: on one line, without control characters, at most [`MAX_NAME`]
/// characters; `None` when nothing is left of it.
#[must_use]
pub fn tidy_name(name: &str) -> Option<String> {
    let name: String =
        name.chars().map(|c| if c.is_control() { ' ' } else { c }).take(MAX_NAME * 4).collect();
    let words: Vec<&str> = name.split_whitespace().collect();
    let tidy: String = words.join(" ").chars().take(MAX_NAME).collect();
    let tidy = tidy.trim_end();
    (!tidy.is_empty()).then(|| tidy.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_one_line_and_short() {
        assert_eq!(tidy_name("  For\nthe \t road \u{1b} "), Some("For the road".into()));
        assert_eq!(tidy_name(" \n\t "), None);
        let long = tidy_name(&"ü ".repeat(9000)).unwrap();
        assert!(long.chars().count() <= MAX_NAME && long.starts_with("ü ü"), "{long}");
    }

    #[test]
    fn views_have_stable_names() {
        let text = serde_json::to_string(&ViewRef::AlbumTracks { album: 7 }).unwrap();
        assert_eq!(text, r#"{"view":"album_tracks","album":7}"#);
        let music = MusicRef::View { view: ViewRef::Favourites };
        let text = serde_json::to_string(&music).unwrap();
        assert_eq!(text, r#"{"of":"view","view":{"view":"favourites"}}"#);
        assert_eq!(serde_json::from_str::<MusicRef>(&text).unwrap(), music);
    }

    #[test]
    fn row_keys_are_short_hexadecimal() {
        let key = RowKey::new(&[0, 255, 16]);
        let text = serde_json::to_string(&key).unwrap();
        assert_eq!(text, "\"00ff10\"");
        assert_eq!(serde_json::from_str::<RowKey>(&text).unwrap(), key);
        let long = format!("\"{}\"", "0".repeat(2 * MAX_ROW_KEY + 2));
        for bad in ["\"0\"", "\"zz\"", "\"ü\"", "7", &long] {
            assert!(serde_json::from_str::<RowKey>(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn an_older_snapshot_says_nothing_of_the_library() {
        let info: LibraryInfo = serde_json::from_str("{}").unwrap();
        assert_eq!(info, LibraryInfo::default());
    }
}
