//! Which list, and which part of it.
use std::path::PathBuf;

use rusqlite::types::Value;

use super::error::IndexError;
use super::keys::{AlbumKey, ArtistKey, ComposerKey, GenreKey, MediumKey};

pub(super) use crate::collection::MAX_PAGE;

/// A list.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum View {
    /// Artists that have albums of their own, by name. Artists of single tracks on compilations are
    /// found by the search.
    Artists,
    /// Albums by title.
    Albums,
    /// Tracks by title.
    Tracks,
    /// Genres by name.
    Genres,
    /// Composers by name.
    Composers,
    /// Years of albums, the latest first.
    Years,
    /// Albums, those that got tracks last first.
    RecentlyAdded,
    /// Tracks played at least once, the most played first.
    MostPlayed,
    /// Tracks played at least once, the last played first.
    RecentlyPlayed,
    /// An artist's albums by year, with those of others the artist appears on.
    ArtistAlbums(ArtistKey),
    /// An artist's tracks, album by album.
    ArtistTracks(ArtistKey),
    /// An album's tracks in playing order.
    AlbumTracks(AlbumKey),
    /// Albums with tracks of a genre, by title.
    GenreAlbums(GenreKey),
    /// A genre's tracks, album by album.
    GenreTracks(GenreKey),
    /// Albums with tracks by a composer, by title.
    ComposerAlbums(ComposerKey),
    /// A composer's tracks, album by album.
    ComposerTracks(ComposerKey),
    /// A year's albums by title.
    YearAlbums(u16),
    /// A year's tracks, album by album.
    YearTracks(u16),
    /// A folder: its subfolders with music in them, then its tracks, by name. The root is the empty path.
    Folder(MediumKey, PathBuf),
}

/// Where a page begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// At the list's start.
    Start,
    /// At its end, the last rows.
    End,
    /// After a row, which need not be there any more.
    After(PageKey),
    /// Before a row.
    Before(PageKey),
    /// At the first name that begins with a letter or comes after it. In lists that have no letters, at
    /// the start.
    Letter(char),
}

/// A question for a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageRequest {
    /// Of which list.
    pub view: View,
    /// The media that are plugged: rows of others never show.
    pub media: Vec<MediumKey>,
    /// Where it begins.
    pub anchor: Anchor,
    /// Most rows, 1 to [`MAX_PAGE`](crate::MAX_PAGE).
    pub limit: usize,
}

/// A row's place in its list. Opaque, and only of use with the same [`View`]; it stays good while rows
/// come and go around it, and when its own row is gone.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PageKey(Vec<u8>);

impl PageKey {
    /// To be kept or sent.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// From [`as_bytes`](Self::as_bytes). A page asked with bytes that are no key is a
    /// [`Question`](IndexError::Question) error.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Self {
        Self(bytes.to_vec())
    }
}

/// The value of one column that orders a list.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    Number(i64),
    Key(Vec<u8>),
}

impl Place {
    pub(super) fn value(&self) -> Value {
        match self {
            Self::Number(number) => Value::Integer(*number),
            Self::Key(key) => Value::Blob(key.clone()),
        }
    }
}

/// A row's place among all rows of a list: which of the list's parts, then column by column.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Position {
    pub part: u8,
    pub places: Vec<Place>,
}

impl Position {
    /// As a key: the part, then for each column its kind and value.
    pub(super) fn key(&self) -> PageKey {
        let mut bytes = vec![self.part];
        for place in &self.places {
            match place {
                Place::Number(number) => {
                    bytes.push(0);
                    bytes.extend_from_slice(&number.to_be_bytes());
                }
                Place::Key(key) => {
                    bytes.push(1);
                    bytes.extend_from_slice(&u32::try_from(key.len()).unwrap_or(u32::MAX).to_be_bytes());
                    bytes.extend_from_slice(key);
                }
            }
        }
        PageKey(bytes)
    }

    /// The place a key names.
    pub(super) fn of(key: &PageKey) -> Result<Self, IndexError> {
        Self::parse(&key.0).ok_or_else(|| IndexError::Question("this is no place in a list".to_owned()))
    }

    fn parse(bytes: &[u8]) -> Option<Self> {
        let (&part, mut rest) = bytes.split_first()?;
        let mut places = Vec::new();
        while let Some((&kind, after)) = rest.split_first() {
            if kind == 0 {
                let (number, after) = after.split_first_chunk()?;
                places.push(Place::Number(i64::from_be_bytes(*number)));
                rest = after;
            } else {
                let (length, after) = after.split_first_chunk()?;
                let (key, after) =
                    after.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)?;
                places.push(Place::Key(key.to_vec()));
                rest = after;
            }
        }
        Some(Self { part, places })
    }
}

#[cfg(test)]
mod tests {
    use super::{PageKey, Place, Position};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn keys_come_back(part: u8, number: i64, key: Vec<u8>) {
            let position = Position { part, places: vec![Place::Number(number), Place::Key(key)] };
            prop_assert_eq!(Position::of(&PageKey::from_bytes(position.key().as_bytes())), Ok(position));
        }

        #[test]
        fn foreign_bytes_are_refused_or_a_place(bytes: Vec<u8>) {
            let _ = Position::of(&PageKey::from_bytes(&bytes));
        }
    }
}
