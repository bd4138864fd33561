//! From the indexes of a cue sheet to slices of files.
//!
//! A track runs from its INDEX 01 to the next track's INDEX 01 in the same file: what lies between, the
//! next track's pregap (INDEX 00), ends the track before, as on a compact disc, so that nothing of a
//! file is lost between two tracks. The last track of a file runs to its end.
use super::builder::Builder;
use super::location::local;
use super::model::{MAX_ENTRIES, PlaylistEntry, PlaylistFile};
use super::slice::{CueFrames, Slice};

/// A `TRACK` and what follows it.
#[derive(Default)]
pub(super) struct Track {
    number: Option<u32>,
    audio: bool,
    /// File and position of INDEX 00 and INDEX 01: they may lie in two files.
    pregap: Option<(usize, CueFrames)>,
    start: Option<(usize, CueFrames)>,
    /// The file open at `TRACK`.
    file: Option<usize>,
    pub(super) title: Option<String>,
    pub(super) artist: Option<String>,
    pub(super) composer: Option<String>,
    pub(super) gain_db: Option<f32>,
}

/// A cue sheet in the making.
#[derive(Default)]
pub(super) struct Sheet {
    builder: Builder,
    files: Vec<String>,
    tracks: Vec<Track>,
    /// Whether a bound was reached: nothing that follows belongs to what was kept.
    full: bool,
    pub(super) composer: Option<String>,
}

impl Sheet {
    pub(super) fn head(&mut self) -> &mut PlaylistFile {
        self.builder.head()
    }

    pub(super) fn open_track(&mut self) -> Option<&mut Track> {
        self.tracks.last_mut()
    }

    pub(super) fn file(&mut self, name: &str) {
        if self.files.len() >= MAX_ENTRIES {
            self.full = true;
            return;
        }
        self.files.push(name.to_owned());
    }

    pub(super) fn track(&mut self, number: Option<u32>, audio: bool) {
        if self.tracks.len() >= MAX_ENTRIES {
            self.full = true;
            return;
        }
        let file = self.files.len().checked_sub(1);
        self.tracks.push(Track { number, audio, file, ..Track::default() });
    }

    pub(super) fn index(&mut self, number: u32, at: CueFrames) {
        let Some(file) = self.files.len().checked_sub(1) else { return };
        let Some(track) = self.tracks.last_mut() else { return };
        let index = match number {
            0 => &mut track.pregap,
            1 => &mut track.start,
            _ => return,
        };
        // The first one counts: a second INDEX 01 is damage.
        index.get_or_insert((file, at));
    }

    /// Whether the rest is left out.
    pub(super) fn is_full(&self) -> bool {
        self.full
    }

    /// The entries; `None` where there is neither a file nor a track.
    pub(super) fn finish(mut self) -> Option<PlaylistFile> {
        if self.files.is_empty() && self.tracks.is_empty() {
            return None;
        }
        self.builder.head().truncated |= self.full;
        let starts = starts(&self.tracks, self.files.len());
        let ends = ends(&starts);
        let artist = self.builder.head().artist.clone();
        for (index, track) in std::mem::take(&mut self.tracks).into_iter().enumerate() {
            let (Some((file, start)), Some(end)) = (starts[index], ends[index]) else { continue };
            if !track.audio {
                continue;
            }
            let Some(location) = local(&self.files[file]) else {
                self.builder.skip();
                continue;
            };
            let whole = start == CueFrames(0) && end.is_none();
            let slice = (!whole).then_some(Slice { start, end });
            self.builder.push(PlaylistEntry {
                location,
                title: track.title,
                artist: track.artist.or_else(|| artist.clone()),
                composer: track.composer.or_else(|| self.composer.clone()),
                number: track.number,
                duration_ms: slice.and_then(|slice| slice.duration_ms()),
                slice,
                gain_db: track.gain_db,
            });
        }
        Some(self.builder.finish())
    }
}

/// Where each track begins: at INDEX 01, else INDEX 00. Without either it is the whole of the file it was
/// declared in, if that has no other track; `None`: nobody knows.
fn starts(tracks: &[Track], files: usize) -> Vec<Option<(usize, CueFrames)>> {
    let indexed = |track: &Track| track.start.or(track.pregap);
    let mut in_file = vec![0_usize; files];
    for file in tracks.iter().filter_map(|track| indexed(track).map(|at| at.0).or(track.file)) {
        in_file[file] += 1;
    }
    let alone = |file: &usize| in_file[*file] == 1;
    let whole = |track: &Track| track.file.filter(alone).map(|file| (file, CueFrames(0)));
    tracks.iter().map(|track| indexed(track).or_else(|| whole(track))).collect()
}

/// Where each track ends: at the next start in the same file. `None`: it does not play, because another
/// one begins at the very same place.
fn ends(starts: &[Option<(usize, CueFrames)>]) -> Vec<Option<Option<CueFrames>>> {
    let mut order: Vec<(usize, CueFrames, usize)> = starts
        .iter()
        .enumerate()
        .filter_map(|(track, start)| start.map(|(file, at)| (file, at, track)))
        .collect();
    order.sort_unstable();
    let mut ends = vec![None; starts.len()];
    for (place, &(file, at, track)) in order.iter().enumerate() {
        let next = order.get(place + 1).filter(|next| next.0 == file).map(|next| next.1);
        if next != Some(at) {
            ends[track] = Some(next);
        }
    }
    ends
}
