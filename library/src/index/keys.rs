//! Keys of rows. They stay valid as long as the row is there; none is ever given to another row.

macro_rules! key {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub i64);
    };
}

key!(
    /// A medium known to the index.
    MediumKey
);
key!(
    /// A track on a medium.
    TrackKey
);
key!(
    /// An album on a medium.
    AlbumKey
);
key!(
    /// An artist: the same person on every medium, named by the row of one of them.
    ArtistKey
);
key!(
    /// A genre, like [`ArtistKey`].
    GenreKey
);
key!(
    /// A composer, like [`ArtistKey`].
    ComposerKey
);

/// How far a medium's key is shifted in the keys of its rows: 2^32 rows a medium.
const MEDIUM_SHIFT: u32 = 32;
/// Rows a medium can number in its life.
pub(super) const MAX_ROWS: i64 = (1 << MEDIUM_SHIFT) - 1;

/// The key of row `number` of a medium. A medium's rows are one range of keys, which is how the search
/// looks at the media that are plugged and no others.
pub(super) fn row_key(medium: MediumKey, number: i64) -> i64 {
    (medium.0 << MEDIUM_SHIFT) | number
}

/// The medium a row is on.
pub(super) fn medium_of(row: i64) -> MediumKey {
    MediumKey(row >> MEDIUM_SHIFT)
}

/// First and last key of a medium's rows.
pub(super) fn rows_of(medium: MediumKey) -> (i64, i64) {
    (row_key(medium, 0), row_key(medium, MAX_ROWS))
}
