//! Collecting entries within bounds on their number and on the memory they take.
use super::model::{MAX_ENTRIES, MAX_LOCATION, PlaylistEntry, PlaylistFile};
use crate::display_name::one_line;

/// Longest text kept, in characters.
const MAX_TEXT: usize = 255;

/// Bytes of all texts together. A cue sheet repeats one file's name for every track, so that the size
/// of the input is no bound.
const MAX_TOTAL: usize = 16 << 20;

/// A playlist in the making.
#[derive(Default)]
pub(super) struct Builder {
    file: PlaylistFile,
    bytes: usize,
}

impl Builder {
    /// The playlist's own fields.
    pub(super) fn head(&mut self) -> &mut PlaylistFile {
        &mut self.file
    }

    /// Appends `entry`; counts it as skipped where no medium can hold such a name. Does nothing once full.
    pub(super) fn push(&mut self, entry: PlaylistEntry) {
        if self.is_full() {
            self.file.truncated = true;
            return;
        }
        let location = &entry.location;
        if location.is_empty() || location.len() > MAX_LOCATION || location.contains('\0') {
            self.skip();
            return;
        }
        let texts = [&entry.title, &entry.artist, &entry.composer];
        self.bytes += location.len() + texts.into_iter().flatten().map(String::len).sum::<usize>();
        self.file.entries.push(entry);
    }

    /// Counts an entry that is not on a medium.
    pub(super) fn skip(&mut self) {
        self.file.skipped = self.file.skipped.saturating_add(1);
    }

    /// Whether the rest is left out.
    pub(super) fn is_full(&self) -> bool {
        self.file.entries.len() >= MAX_ENTRIES || self.bytes >= MAX_TOTAL
    }

    pub(super) fn finish(self) -> PlaylistFile {
        self.file
    }
}

/// `text` fit for a screen; `None` where nothing is left.
pub(super) fn shown(text: &str) -> Option<String> {
    let line = one_line(text, MAX_TEXT);
    (!line.is_empty()).then_some(line)
}

#[cfg(test)]
mod tests {
    use super::{Builder, MAX_ENTRIES, MAX_LOCATION, MAX_TOTAL, PlaylistEntry};

    fn at(location: String) -> PlaylistEntry {
        PlaylistEntry { location, ..PlaylistEntry::default() }
    }

    #[test]
    fn the_ten_thousand_and_first_entry_is_left_out_and_said() {
        let mut builder = Builder::default();
        for n in 0..MAX_ENTRIES {
            builder.push(at(format!("{n}.mp3")));
        }
        assert!(builder.is_full());
        assert!(!builder.head().truncated);
        builder.push(at("more.mp3".to_owned()));
        let file = builder.finish();
        assert_eq!(file.entries.len(), MAX_ENTRIES);
        assert!(file.truncated);
    }

    #[test]
    fn names_no_medium_can_hold_are_counted_not_kept() {
        let mut builder = Builder::default();
        for location in [String::new(), "x".repeat(MAX_LOCATION + 1), "a\0b.mp3".to_owned()] {
            builder.push(at(location));
        }
        builder.push(at("x".repeat(MAX_LOCATION)));
        let file = builder.finish();
        assert_eq!((file.entries.len(), file.skipped), (1, 3));
    }

    #[test]
    fn texts_are_bounded_together() {
        let mut builder = Builder::default();
        for _ in 0..MAX_ENTRIES {
            builder.push(at("x".repeat(MAX_LOCATION)));
        }
        let file = builder.finish();
        assert!(file.truncated);
        assert_eq!(file.entries.len(), MAX_TOTAL / MAX_LOCATION);
    }
}
