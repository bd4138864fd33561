//! What lists and the queue name: a file, or a part of one that plays as a track of its own.
use std::path::PathBuf;

/// A position in sectors of a compact disc, 1/75 s: the unit cue sheets count in (IEC 60908).
///
/// Milliseconds are not enough: one frame is 13.3 ms, and tracks of one file meet without a gap only
/// when both sides name the same sample.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CueFrames(pub u32);

impl CueFrames {
    /// Frames of one second.
    pub const PER_SECOND: u32 = 75;

    /// The position in seconds.
    #[must_use]
    pub fn as_secs_f64(self) -> f64 {
        f64::from(self.0) / f64::from(Self::PER_SECOND)
    }

    /// The position in whole milliseconds, rounded down.
    #[must_use]
    pub fn as_millis(self) -> u64 {
        u64::from(self.0) * 1000 / u64::from(Self::PER_SECOND)
    }

    /// The exact sample frame at `rate` hertz, rounded down where the rate is no multiple of 75.
    #[must_use]
    pub fn at_rate(self, rate: u32) -> u64 {
        u64::from(self.0) * u64::from(rate) / u64::from(Self::PER_SECOND)
    }

    /// Reads `MM:SS:FF`: minutes up to 99,999, seconds below 60, frames below 75.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.trim().splitn(3, ':').map(|part| {
            let digits = !part.is_empty() && part.len() <= 5 && part.bytes().all(|b| b.is_ascii_digit());
            if digits { part.parse::<u32>().ok() } else { None }
        });
        let (minutes, seconds, frames) = (parts.next()??, parts.next()??, parts.next()??);
        if seconds >= 60 || frames >= Self::PER_SECOND {
            return None;
        }
        Some(Self((minutes * 60 + seconds) * Self::PER_SECOND + frames))
    }
}

/// A part of a file that plays as a track of its own (cue sheets).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Slice {
    /// First frame.
    pub start: CueFrames,
    /// The frame after the last one; `None`: to the end of the file.
    pub end: Option<CueFrames>,
}

impl Slice {
    /// The length in milliseconds, where the end is known.
    #[must_use]
    pub fn duration_ms(&self) -> Option<u64> {
        Some(CueFrames(self.end?.0.saturating_sub(self.start.0)).as_millis())
    }
}

/// A track as lists and the queue name it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TrackRef {
    /// Absolute, below the medium's root.
    pub path: PathBuf,
    /// The part that plays; `None`: the whole file.
    pub slice: Option<Slice>,
}

#[cfg(test)]
mod tests {
    use super::{CueFrames, Slice};

    #[test]
    fn positions_are_minutes_seconds_and_frames() {
        assert_eq!(CueFrames::parse("00:00:00"), Some(CueFrames(0)));
        assert_eq!(CueFrames::parse(" 01:02:03 "), Some(CueFrames((60 + 2) * 75 + 3)));
        assert_eq!(CueFrames::parse("99999:59:74"), Some(CueFrames((99_999 * 60 + 59) * 75 + 74)));
        for bad in [
            "",
            "1",
            "1:2",
            "00:60:00",
            "00:00:75",
            "-1:00:00",
            "+1:00:00",
            "a:b:c",
            "1:2:3:4",
            "100000:00:00",
        ] {
            assert_eq!(CueFrames::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn positions_convert_without_drift() {
        let last = CueFrames::parse("99999:59:74").unwrap();
        assert_eq!(last.as_millis(), 5_999_999_986);
        assert_eq!(last.at_rate(44_100), u64::from(last.0) * 588);
        assert!((CueFrames(75).as_secs_f64() - 1.0).abs() < f64::EPSILON);
        let slice = Slice { start: CueFrames(75), end: Some(CueFrames(225)) };
        assert_eq!(slice.duration_ms(), Some(2000));
        assert_eq!(Slice { end: None, ..slice }.duration_ms(), None);
    }
}
