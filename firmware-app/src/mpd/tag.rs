//! The protocol's tags, and what a song has of each.

use std::borrow::Cow;

use crate::songs::Song;

/// A tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Tag {
    Artist,
    ArtistSort,
    Album,
    AlbumSort,
    AlbumArtist,
    AlbumArtistSort,
    Title,
    Track,
    Genre,
    Date,
    Composer,
    Disc,
    /// A name of the protocol for what this library does not keep.
    Unkept,
}

impl Tag {
    /// Those songs are given with.
    pub const ALL: [Self; 12] = [
        Self::Artist,
        Self::ArtistSort,
        Self::Album,
        Self::AlbumSort,
        Self::AlbumArtist,
        Self::AlbumArtistSort,
        Self::Title,
        Self::Track,
        Self::Genre,
        Self::Date,
        Self::Composer,
        Self::Disc,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Artist => "Artist",
            Self::ArtistSort => "ArtistSort",
            Self::Album => "Album",
            Self::AlbumSort => "AlbumSort",
            Self::AlbumArtist => "AlbumArtist",
            Self::AlbumArtistSort => "AlbumArtistSort",
            Self::Title => "Title",
            Self::Track => "Track",
            Self::Genre => "Genre",
            Self::Date => "Date",
            Self::Composer => "Composer",
            Self::Disc => "Disc",
            Self::Unkept => "Name",
        }
    }

    /// By its name in any case; `None` for one the protocol does not have.
    pub fn parse(name: &str) -> Option<Self> {
        let is = |known: &str| known.eq_ignore_ascii_case(name);
        let kept = Self::ALL.into_iter().find(|tag| is(tag.name()));
        kept.or_else(|| UNKEPT.into_iter().any(is).then_some(Self::Unkept))
    }

    fn bit(self) -> u16 {
        1 << (self as u16)
    }

    /// What a song has of it; `None` where only the full tags know and they are not there, empty where
    /// there is nothing.
    pub fn of(self, song: &Song) -> Option<Cow<'_, str>> {
        let info = song.info.as_deref();
        let text = |text: &'_ str| Cow::<str>::Owned(text.to_owned());
        let number = |number: Option<u32>| number.map(|n| n.to_string()).unwrap_or_default();
        Some(match self {
            Self::Title => Cow::Borrowed(&song.title),
            Self::Artist => Cow::Borrowed(&song.artist),
            Self::Album => Cow::Borrowed(&song.album),
            Self::Unkept => Cow::Borrowed(""),
            Self::ArtistSort => text(&info?.artist_sort),
            Self::AlbumSort => text(&info?.album_sort),
            Self::AlbumArtist => text(&info?.album_artist),
            Self::AlbumArtistSort => text(&info?.album_artist_sort),
            Self::Track => number(info?.track).into(),
            Self::Disc => number(info?.disc).into(),
            Self::Genre => text(&info?.genre),
            Self::Composer => text(&info?.composer),
            Self::Date => number(info?.year.map(u32::from)).into(),
        })
    }

    /// As [`Self::of`], with the tag that stands in for one that is missing.
    pub fn of_or_fallback(self, song: &Song) -> Option<Cow<'_, str>> {
        let own = self.of(song)?;
        match self {
            Self::AlbumArtist if own.is_empty() => Self::Artist.of(song),
            Self::ArtistSort if own.is_empty() => Self::Artist.of(song),
            Self::AlbumSort if own.is_empty() => Self::Album.of(song),
            Self::AlbumArtistSort if own.is_empty() => Self::AlbumArtist.of_or_fallback(song),
            _ => Some(own),
        }
    }
}

/// Names of the protocol (0.23) for what this library does not keep: known, and empty.
const UNKEPT: [&str; 19] = [
    "Name",
    "ComposerSort",
    "Performer",
    "Conductor",
    "Work",
    "Ensemble",
    "Movement",
    "MovementNumber",
    "Location",
    "Grouping",
    "Comment",
    "Label",
    "OriginalDate",
    "MUSICBRAINZ_ARTISTID",
    "MUSICBRAINZ_ALBUMID",
    "MUSICBRAINZ_ALBUMARTISTID",
    "MUSICBRAINZ_TRACKID",
    "MUSICBRAINZ_RELEASETRACKID",
    "MUSICBRAINZ_WORKID",
];

/// Tags a client wants to see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TagSet(u16);

impl TagSet {
    pub const ALL: Self = Self(u16::MAX);
    pub const NONE: Self = Self(0);

    pub fn insert(&mut self, tag: Tag) {
        self.0 |= tag.bit();
    }

    pub fn remove(&mut self, tag: Tag) {
        self.0 &= !tag.bit();
    }

    pub fn has(self, tag: Tag) -> bool {
        self.0 & tag.bit() != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_known_in_any_case() {
        for tag in Tag::ALL {
            assert_eq!(Tag::parse(&tag.name().to_uppercase()), Some(tag));
        }
        assert_eq!(Tag::parse("musicbrainz_albumid"), Some(Tag::Unkept));
        assert_eq!(Tag::parse("colour"), None);
        let mut set = TagSet::NONE;
        set.insert(Tag::Disc);
        assert!(set.has(Tag::Disc) && !set.has(Tag::Artist));
        set.remove(Tag::Disc);
        assert_eq!(set, TagSet::NONE);
    }
}
