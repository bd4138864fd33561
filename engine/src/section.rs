//! The frames of a file that are a track: all of them, or a slice.
use crate::{Slice, SourceInfo, TrackError};

/// A range of the file's frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Section {
    /// The first.
    pub from: u64,
    /// The one after the last; unknown where the track ends with a file that does not state its length.
    pub to: Option<u64>,
}

impl Section {
    /// The frames of `slice` in a file with `info`.
    ///
    /// # Errors
    /// `Empty` if there can be none.
    pub fn new(slice: Option<Slice>, info: &SourceInfo) -> Result<Self, TrackError> {
        let Some(slice) = slice else { return Ok(Self { from: 0, to: None }) };
        let from = frame(slice.start_s, info.rate);
        let end = slice.end_s.map(|end_s| frame(end_s, info.rate));
        let to = match (end, info.frames) {
            (Some(end), Some(frames)) => Some(end.min(frames)),
            (end, frames) => end.or(frames),
        };
        if to.is_some_and(|to| to <= from) { Err(TrackError::Empty) } else { Ok(Self { from, to }) }
    }

    /// What is known of the track, from what is known of the file.
    pub fn describe(self, file: &SourceInfo) -> SourceInfo {
        let rate = f64::from(file.rate.max(1));
        // Without a stated length of the file the end asked for may lie beyond it: a length then, but no
        // exact one.
        let length = self.to.map(|to| to.saturating_sub(self.from));
        let rest = || file.duration_s.map(|all| (all - self.from as f64 / rate).max(0.0));
        SourceInfo {
            frames: if self == Self::ALL { file.frames } else { length.filter(|_| file.frames.is_some()) },
            duration_s: length.map(|frames| frames as f64 / rate).or_else(rest),
            ..file.clone()
        }
    }

    const ALL: Self = Self { from: 0, to: None };

    /// The file's frame at second `at_s` of the track, or its end if that is sooner.
    pub fn frame_at(self, at_s: f64, rate: u32) -> u64 {
        let at = self.from.saturating_add(frame(at_s, rate));
        self.to.map_or(at, |to| at.min(to))
    }

    /// How many of `frames` frames from `at` on are the track's.
    pub fn within(self, at: u64, frames: u64) -> u64 {
        self.to.map_or(frames, |to| to.saturating_sub(at).min(frames))
    }
}

/// Nearest frame; a number of seconds that is none is 0.
fn frame(seconds: f64, rate: u32) -> u64 {
    // The conversion saturates, and takes NaN for 0.
    (seconds * f64::from(rate)).round() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(frames: Option<u64>, duration_s: Option<f64>) -> SourceInfo {
        let codec = "FLAC".into();
        SourceInfo { codec, rate: 44_100, channels: 2, bits: Some(16), frames, duration_s }
    }

    fn section(start_s: f64, end_s: Option<f64>, info: &SourceInfo) -> Result<Section, TrackError> {
        Section::new(Some(Slice { start_s, end_s }), info)
    }

    #[test]
    fn cue_times_are_whole_frames() {
        let long = file(Some(u64::MAX), None);
        for index in (0..400_000_u32).step_by(7919) {
            let at = Section::new(Some(Slice { start_s: f64::from(index) / 75.0, end_s: None }), &long);
            assert_eq!(at.map(|at| at.from), Ok(u64::from(index) * 588));
        }
    }

    #[test]
    fn ends_are_the_files_at_the_latest() {
        let info = file(Some(441_000), Some(10.0));
        assert_eq!(section(2.0, Some(3.0), &info), Ok(Section { from: 88_200, to: Some(132_300) }));
        assert_eq!(section(2.0, Some(99.0), &info), Ok(Section { from: 88_200, to: Some(441_000) }));
        assert_eq!(section(2.0, None, &info), Ok(Section { from: 88_200, to: Some(441_000) }));
        for (start, end) in [(10.0, None), (11.0, Some(12.0)), (3.0, Some(3.0)), (3.0, Some(2.0))] {
            assert_eq!(section(start, end, &info), Err(TrackError::Empty));
        }
        for nonsense in [f64::NAN, f64::NEG_INFINITY, -5.0] {
            assert_eq!(section(nonsense, Some(1.0), &info), Ok(Section { from: 0, to: Some(44_100) }));
        }
        assert_eq!(section(f64::INFINITY, None, &info), Err(TrackError::Empty));
    }

    #[test]
    fn lengths_are_the_slices_own() {
        let info = file(Some(441_000), Some(10.0));
        let of = |section: Section, info: &SourceInfo| {
            let described = section.describe(info);
            (described.frames, described.duration_s)
        };
        assert_eq!(of(Section::ALL, &info), (Some(441_000), Some(10.0)));
        assert_eq!(of(section(2.0, Some(3.0), &info).unwrap(), &info), (Some(44_100), Some(1.0)));
        assert_eq!(of(section(2.0, None, &info).unwrap(), &info), (Some(352_800), Some(8.0)));
        // The length is a guess: what the slice asks for is believed, but is not exact.
        let guessed = file(None, Some(10.0));
        assert_eq!(of(section(2.0, Some(3.0), &guessed).unwrap(), &guessed), (None, Some(1.0)));
        assert_eq!(of(section(2.0, None, &guessed).unwrap(), &guessed), (None, Some(8.0)));
        let unknown = file(None, None);
        assert_eq!(of(section(2.0, None, &unknown).unwrap(), &unknown), (None, None));
    }

    #[test]
    fn places_within() {
        let section = Section { from: 100, to: Some(200) };
        assert_eq!([section.frame_at(0.0, 10), section.frame_at(5.04, 10)], [100, 150]);
        assert_eq!([section.frame_at(99.0, 10), section.frame_at(-1.0, 10)], [200, 100]);
        assert_eq!([section.within(100, 40), section.within(180, 40), section.within(300, 40)], [40, 20, 0]);
        assert_eq!(Section::ALL.within(7, 40), 40);
    }
}
