//! Addresses of pages: what the browser's address bar says, and back.

use protocol::ViewRef;
use protocol::remote::{Row, RowKind};

/// A page.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Route {
    #[default]
    Playing,
    Queue,
    Music,
    /// A list of the library, with its name where the list itself does not say it.
    List(ViewRef, String),
    /// A folder of a medium.
    Folder {
        medium: String,
        path: String,
    },
    Search(String),
    Sound,
    Settings,
    Enrol,
    /// No page has this address.
    Lost,
}

impl Route {
    /// The page an address names; `path` begins with `/`, `query` may begin with `?`.
    pub fn parse(path: &str, query: &str) -> Self {
        let asked = |name| parameter(query, name);
        let parts: Vec<_> = path.trim_matches('/').split('/').collect();
        match parts.as_slice() {
            [""] | ["index.html"] => Self::Playing,
            ["queue"] => Self::Queue,
            ["music"] => Self::Music,
            ["music", "folder", medium] => Self::Folder { medium: decode(medium), path: asked("path") },
            ["music", rest @ ..] => view(rest).map_or(Self::Lost, |view| Self::List(view, asked("name"))),
            ["search"] => Self::Search(asked("q")),
            ["sound"] => Self::Sound,
            ["settings"] => Self::Settings,
            ["enrol"] => Self::Enrol,
            _ => Self::Lost,
        }
    }

    /// Its address.
    pub fn address(&self) -> String {
        let with = |path: String, name: &str, value: &str| match value {
            "" => path,
            value => format!("{path}?{name}={}", encode(value)),
        };
        match self {
            Self::Playing | Self::Lost => "/".into(),
            Self::Queue => "/queue".into(),
            Self::Music => "/music".into(),
            Self::List(view, name) => with(format!("/music/{}", words(view)), "name", name),
            Self::Folder { medium, path } => with(format!("/music/folder/{}", encode(medium)), "path", path),
            Self::Search(text) => with("/search".into(), "q", text),
            Self::Sound => "/sound".into(),
            Self::Settings => "/settings".into(),
            Self::Enrol => "/enrol".into(),
        }
    }

    /// What a row of the library leads to; `None` for what is played rather than opened.
    pub fn of_row(row: &Row) -> Option<Self> {
        let id = row.id?;
        let view = match row.kind {
            RowKind::Artist => ViewRef::ArtistAlbums { artist: id },
            RowKind::Album => ViewRef::AlbumTracks { album: id },
            RowKind::Genre => ViewRef::GenreAlbums { genre: id },
            RowKind::Composer => ViewRef::ComposerAlbums { composer: id },
            RowKind::Year => ViewRef::YearAlbums { year: u16::try_from(id).ok()? },
            RowKind::Playlist => ViewRef::Playlist { playlist: id },
            _ => return None,
        };
        Some(Self::List(view, row.name.clone()))
    }
}

/// Lists without a key, by the word that stands for them.
const PLAIN: [(&str, ViewRef); 10] = [
    ("artists", ViewRef::Artists),
    ("albums", ViewRef::Albums),
    ("songs", ViewRef::Tracks),
    ("genres", ViewRef::Genres),
    ("composers", ViewRef::Composers),
    ("years", ViewRef::Years),
    ("recently-added", ViewRef::RecentlyAdded),
    ("recently-played", ViewRef::RecentlyPlayed),
    ("most-played", ViewRef::MostPlayed),
    ("favourites", ViewRef::Favourites),
];

fn view(parts: &[&str]) -> Option<ViewRef> {
    if let [word] = parts {
        if *word == "playlists" {
            return Some(ViewRef::Playlists);
        }
        return PLAIN.iter().find(|(name, _)| name == word).map(|(_, view)| view.clone());
    }
    let (kind, key, songs) = match parts {
        [kind, key] => (*kind, *key, false),
        [kind, key, "songs"] => (*kind, *key, true),
        _ => return None,
    };
    let id: i64 = key.parse().ok()?;
    Some(match (kind, songs) {
        ("artist", false) => ViewRef::ArtistAlbums { artist: id },
        ("artist", true) => ViewRef::ArtistTracks { artist: id },
        ("album", false) => ViewRef::AlbumTracks { album: id },
        ("genre", false) => ViewRef::GenreAlbums { genre: id },
        ("genre", true) => ViewRef::GenreTracks { genre: id },
        ("composer", false) => ViewRef::ComposerAlbums { composer: id },
        ("composer", true) => ViewRef::ComposerTracks { composer: id },
        ("year", false) => ViewRef::YearAlbums { year: u16::try_from(id).ok()? },
        ("year", true) => ViewRef::YearTracks { year: u16::try_from(id).ok()? },
        ("playlist", false) => ViewRef::Playlist { playlist: id },
        _ => return None,
    })
}

fn words(view: &ViewRef) -> String {
    if let Some((word, _)) = PLAIN.iter().find(|(_, plain)| plain == view) {
        return (*word).into();
    }
    let (kind, id, songs) = match view {
        ViewRef::ArtistAlbums { artist } => ("artist", *artist, false),
        ViewRef::ArtistTracks { artist } => ("artist", *artist, true),
        ViewRef::AlbumTracks { album } => ("album", *album, false),
        ViewRef::GenreAlbums { genre } => ("genre", *genre, false),
        ViewRef::GenreTracks { genre } => ("genre", *genre, true),
        ViewRef::ComposerAlbums { composer } => ("composer", *composer, false),
        ViewRef::ComposerTracks { composer } => ("composer", *composer, true),
        ViewRef::YearAlbums { year } => ("year", i64::from(*year), false),
        ViewRef::YearTracks { year } => ("year", i64::from(*year), true),
        ViewRef::Playlist { playlist } => ("playlist", *playlist, false),
        _ => return "playlists".into(),
    };
    format!("{kind}/{id}{}", if songs { "/songs" } else { "" })
}

/// The songs of a list whose rows are albums; `None` for other lists.
pub fn songs_of(view: &ViewRef) -> Option<ViewRef> {
    Some(match *view {
        ViewRef::ArtistAlbums { artist } => ViewRef::ArtistTracks { artist },
        ViewRef::GenreAlbums { genre } => ViewRef::GenreTracks { genre },
        ViewRef::ComposerAlbums { composer } => ViewRef::ComposerTracks { composer },
        ViewRef::YearAlbums { year } => ViewRef::YearTracks { year },
        _ => return None,
    })
}

/// A parameter of a query, decoded; empty where it is not given.
pub fn parameter(query: &str, name: &str) -> String {
    let pairs = query.trim_start_matches('?').split('&').filter_map(|pair| pair.split_once('='));
    pairs.into_iter().find(|(key, _)| *key == name).map_or_else(String::new, |(_, value)| decode(value))
}

/// Percent-encoding (RFC 3986) of everything that is not unreserved.
pub fn encode(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            for half in [byte >> 4, byte & 15] {
                out.extend(char::from_digit(half.into(), 16).map(|digit| digit.to_ascii_uppercase()));
            }
        }
    }
    out
}

/// The text that was encoded; what is no encoding stays as it is, `+` is a space as forms write it.
pub fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).and_then(|byte| char::from(*byte).to_digit(16));
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match (byte, digit(at + 1), digit(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                out.extend(u8::try_from(high * 16 + low));
                at += 2;
            }
            (b'+', ..) => out.push(b' '),
            _ => out.push(byte),
        }
        at += 1;
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_has_an_address_that_leads_back_to_it() {
        let list = |view| Route::List(view, "Größe & Co/ü?".into());
        let pages = [
            Route::Playing,
            Route::Queue,
            Route::Music,
            Route::List(ViewRef::Tracks, String::new()),
            Route::List(ViewRef::Playlists, String::new()),
            list(ViewRef::ArtistAlbums { artist: -7 }),
            list(ViewRef::ArtistTracks { artist: 7 }),
            list(ViewRef::AlbumTracks { album: i64::MAX }),
            list(ViewRef::GenreTracks { genre: 3 }),
            list(ViewRef::ComposerAlbums { composer: 3 }),
            list(ViewRef::YearTracks { year: 1999 }),
            list(ViewRef::Playlist { playlist: 12 }),
            Route::Folder { medium: "A/B 1".into(), path: "x/y #1%20&=+".into() },
            Route::Search("röad 2+2".into()),
            Route::Sound,
            Route::Settings,
            Route::Enrol,
        ];
        for page in pages {
            let address = page.address();
            let (path, query) = address.split_once('?').unwrap_or((&address, ""));
            assert!(address.is_ascii(), "{address}");
            assert_eq!(Route::parse(path, query), page, "{address}");
        }
    }

    #[test]
    fn strange_addresses_are_lost_and_half_encodings_stay() {
        for path in ["/nothing", "/music/nothing", "/music/artist/x", "/music/year/70000", "/queue/1"] {
            assert_eq!(Route::parse(path, ""), Route::Lost, "{path}");
        }
        assert_eq!(decode("100%+%4"), "100% %4");
        assert_eq!(Route::parse("/queue/", ""), Route::Queue);
    }

    #[test]
    fn rows_open_what_they_stand_for() {
        let row = |kind, id| Row { kind, id, name: "x".into(), ..Row::default() };
        let opened = Route::of_row(&row(RowKind::Album, Some(4)));
        assert_eq!(opened, Some(Route::List(ViewRef::AlbumTracks { album: 4 }, "x".into())));
        assert_eq!(Route::of_row(&row(RowKind::Track, Some(4))), None);
        assert_eq!(Route::of_row(&row(RowKind::Album, None)), None);
        assert_eq!(Route::of_row(&row(RowKind::Year, Some(1 << 20))), None);
    }
}
