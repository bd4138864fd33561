//! The top of the music: the media first, because they can be browsed at once, then what the index knows.

use protocol::ViewRef;

use crate::screen::RowKind;
use crate::state::State;

/// A row of the top.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HomeRow {
    /// A medium, by its place among those plugged in.
    Medium(usize),
    Search,
    Playlists,
    Favourites,
    Artists,
    Albums,
    Songs,
    Genres,
    Composers,
    Years,
    RecentlyAdded,
    RecentlyPlayed,
    MostPlayed,
}

/// What follows the media.
const FIXED: [HomeRow; 12] = [
    HomeRow::Search,
    HomeRow::Playlists,
    HomeRow::Favourites,
    HomeRow::Artists,
    HomeRow::Albums,
    HomeRow::Songs,
    HomeRow::Genres,
    HomeRow::Composers,
    HomeRow::Years,
    HomeRow::RecentlyAdded,
    HomeRow::RecentlyPlayed,
    HomeRow::MostPlayed,
];

impl HomeRow {
    /// Rows there are; none without a medium.
    pub fn total(media: usize) -> usize {
        if media == 0 { 0 } else { media + FIXED.len() }
    }

    /// The row at an index.
    pub fn at(media: usize, index: usize) -> Option<Self> {
        match index.checked_sub(media) {
            _ if media == 0 => None,
            None => Some(Self::Medium(index)),
            Some(index) => FIXED.get(index).copied(),
        }
    }

    pub fn label(self, state: &State) -> String {
        match self {
            Self::Medium(at) => state.media.get(at).map(|medium| medium.name.clone()).unwrap_or_default(),
            Self::Search => "Search".into(),
            Self::Playlists => "Playlists".into(),
            Self::Favourites => "Favourites".into(),
            Self::Artists => "Artists".into(),
            Self::Albums => "Albums".into(),
            Self::Songs => "Songs".into(),
            Self::Genres => "Genres".into(),
            Self::Composers => "Composers".into(),
            Self::Years => "Years".into(),
            Self::RecentlyAdded => "Recently added".into(),
            Self::RecentlyPlayed => "Recently played".into(),
            Self::MostPlayed => "Most played".into(),
        }
    }

    pub fn kind(self) -> RowKind {
        match self {
            Self::Medium(_) => RowKind::Medium,
            Self::Search => RowKind::Search,
            Self::Playlists => RowKind::Playlist,
            Self::Favourites => RowKind::Favourites,
            Self::Artists => RowKind::Artist,
            Self::Albums => RowKind::Album,
            Self::Songs => RowKind::Songs,
            Self::Genres => RowKind::Genre,
            Self::Composers => RowKind::Composer,
            Self::Years => RowKind::Year,
            Self::RecentlyAdded | Self::RecentlyPlayed => RowKind::RecentlyAdded,
            Self::MostPlayed => RowKind::MostPlayed,
        }
    }

    /// The lists whose length is worth saying.
    pub fn counted() -> impl Iterator<Item = ViewRef> {
        let is_counted = |row: &&Self| {
            !matches!(row, Self::RecentlyAdded | Self::RecentlyPlayed | Self::MostPlayed | Self::Search)
        };
        FIXED.iter().filter(is_counted).filter_map(|row| row.view())
    }

    /// The list behind the row.
    pub fn view(self) -> Option<ViewRef> {
        Some(match self {
            Self::Medium(_) | Self::Search => return None,
            Self::Playlists => ViewRef::Playlists,
            Self::Favourites => ViewRef::Favourites,
            Self::Artists => ViewRef::Artists,
            Self::Albums => ViewRef::Albums,
            Self::Songs => ViewRef::Tracks,
            Self::Genres => ViewRef::Genres,
            Self::Composers => ViewRef::Composers,
            Self::Years => ViewRef::Years,
            Self::RecentlyAdded => ViewRef::RecentlyAdded,
            Self::RecentlyPlayed => ViewRef::RecentlyPlayed,
            Self::MostPlayed => ViewRef::MostPlayed,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn media_come_first_and_without_one_there_is_nothing() {
        assert_eq!(HomeRow::total(0), 0);
        assert_eq!(HomeRow::at(0, 0), None);
        assert_eq!(HomeRow::at(2, 1), Some(HomeRow::Medium(1)));
        assert_eq!(HomeRow::at(2, 2), Some(HomeRow::Search));
        assert_eq!(HomeRow::at(2, HomeRow::total(2) - 1), Some(HomeRow::MostPlayed));
        assert_eq!(HomeRow::at(2, HomeRow::total(2)), None);
    }
}
