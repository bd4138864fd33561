//! Which files are playlists, by the ending of their name.
use std::path::Path;

/// The playlist formats this unit reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PlaylistKind {
    /// One location a line, in any encoding.
    M3u,
    /// The same, in UTF-8 by agreement.
    M3u8,
    /// Numbered keys (Winamp, SHOUTcast).
    Pls,
    /// XML Shareable Playlist Format, version 0 and 1.
    Xspf,
    /// Cue sheet: tracks as parts of files.
    Cue,
}

impl PlaylistKind {
    /// Every kind, for menus and tests.
    pub const ALL: [Self; 5] = [Self::M3u, Self::M3u8, Self::Pls, Self::Xspf, Self::Cue];

    /// The kind the name's ending says, upper or lower case; `None`: not a playlist.
    #[must_use]
    pub fn of(path: &Path) -> Option<Self> {
        let ending = path.extension()?.to_str()?;
        Self::ALL.into_iter().find(|kind| kind.ending().eq_ignore_ascii_case(ending))
    }

    /// The usual ending, without the dot.
    #[must_use]
    pub const fn ending(self) -> &'static str {
        match self {
            Self::M3u => "m3u",
            Self::M3u8 => "m3u8",
            Self::Pls => "pls",
            Self::Xspf => "xspf",
            Self::Cue => "cue",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::PlaylistKind;
    use std::path::Path;

    #[test]
    fn the_ending_decides_in_any_case() {
        assert_eq!(PlaylistKind::of(Path::new("x/My List.M3U")), Some(PlaylistKind::M3u));
        assert_eq!(PlaylistKind::of(Path::new("a.m3u8")), Some(PlaylistKind::M3u8));
        assert_eq!(PlaylistKind::of(Path::new("a.Cue")), Some(PlaylistKind::Cue));
        for name in ["a.mp3", "m3u", ".m3u", "a.m3u.txt", "a.m3u9", ""] {
            assert_eq!(PlaylistKind::of(Path::new(name)), None, "{name}");
        }
    }
}
