//! What is known of tracks: a bounded memory of tags, keyed by path.

use std::collections::{HashMap, VecDeque};
use std::path::{Path, PathBuf};

use library::TrackInfo;

/// Tags kept at a time; about what a driver scrolls through in one go.
const KEPT: usize = 512;

/// Tags by path; the oldest are forgotten first.
#[derive(Debug, Default)]
pub(crate) struct Tracks {
    /// `None` while the answer is on its way.
    known: HashMap<PathBuf, Option<TrackInfo>>,
    order: VecDeque<PathBuf>,
}

impl Tracks {
    pub fn get(&self, path: &Path) -> Option<&TrackInfo> {
        self.known.get(path)?.as_ref()
    }

    /// Notes that a file is being asked about; false if it was asked before.
    pub fn ask(&mut self, path: &Path) -> bool {
        if self.known.contains_key(path) {
            return false;
        }
        self.remember(path, None);
        true
    }

    pub fn answer(&mut self, path: &Path, info: TrackInfo) {
        self.remember(path, Some(info));
    }

    /// The medium may hold other files under the same names now.
    pub fn forget_below(&mut self, folder: &Path) {
        self.known.retain(|path, _| !path.starts_with(folder));
        self.order.retain(|path| !path.starts_with(folder));
    }

    fn remember(&mut self, path: &Path, info: Option<TrackInfo>) {
        if self.known.insert(path.to_path_buf(), info).is_some() {
            return;
        }
        self.order.push_back(path.to_path_buf());
        if self.order.len() > KEPT
            && let Some(oldest) = self.order.pop_front()
        {
            self.known.remove(&oldest);
        }
    }
}

/// A title for a file that has none: its name without the ending, underscores and a leading track
/// number (`01 - `, `01. `, `01_`).
pub(crate) fn title_from_name(path: &Path) -> String {
    let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let digits = stem.chars().take_while(char::is_ascii_digit).count();
    let (number, rest) = stem.split_at(digits);
    let title = rest.trim_start_matches([' ', '.', '-', '_', ')']);
    let separator = rest.strip_suffix(title).unwrap_or("");
    let is_number = (1..=3).contains(&digits)
        && !title.is_empty()
        && (separator.contains(['.', '-', '_', ')']) || !separator.is_empty() && number.starts_with('0'));
    let title = if is_number { title } else { &stem };
    let clean: String = title.chars().map(|c| if c == '_' || c.is_control() { ' ' } else { c }).collect();
    clean.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_from_names() {
        for (name, title) in [
            ("01 - Blue Train.flac", "Blue Train"),
            ("07. Naima.mp3", "Naima"),
            ("03_Giant_Steps.ogg", "Giant Steps"),
            ("1984.mp3", "1984"),
            ("99 Luftballons.mp3", "99 Luftballons"),
            ("02 Blue.mp3", "Blue"),
            ("12.mp3", "12"),
            ("7inch mix.mp3", "7inch mix"),
            (".mp3", ".mp3"),
        ] {
            assert_eq!(title_from_name(Path::new(name)), title, "{name}");
        }
    }

    #[test]
    fn memory_is_bounded() {
        let mut tracks = Tracks::default();
        for n in 0..KEPT * 3 {
            assert!(tracks.ask(Path::new(&format!("/m/{n}"))));
            tracks.answer(Path::new(&format!("/m/{n}")), TrackInfo::default());
        }
        assert_eq!((tracks.known.len(), tracks.order.len()), (KEPT, KEPT));
        assert!(tracks.get(Path::new("/m/0")).is_none());
        tracks.forget_below(Path::new("/m"));
        assert!(tracks.known.is_empty() && tracks.order.is_empty());
    }
}
