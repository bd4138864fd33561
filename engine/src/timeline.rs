//! Which frame of the stream belongs to which second of which track.
use crate::TrackId;
use std::collections::VecDeque;

/// What is heard now.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Playhead {
    /// Which track, if any.
    pub track: Option<TrackId>,
    /// Seconds from its start, of the frame heard now.
    pub position_s: f64,
    /// How often the ring ran dry since the start.
    pub underruns: u64,
}

#[derive(Clone, Copy, Debug)]
struct Mark {
    index: u64,
    track: Option<TrackId>,
    start_s: f64,
}

/// Marks in the order of the stream.
#[derive(Debug)]
pub(crate) struct Timeline {
    rate: f64,
    marks: VecDeque<Mark>,
    /// The last jump that has been entered here, and the frame it leads to.
    pub jump: (u64, u64),
}

impl Timeline {
    /// Empty, for an output of `rate` Hz.
    pub fn new(rate: u32) -> Self {
        Self { rate: f64::from(rate), marks: VecDeque::new(), jump: (0, 0) }
    }

    /// From frame `index` on it is `track`, starting at its second `start_s`; what was marked from there
    /// on is forgotten.
    pub fn mark(&mut self, index: u64, track: Option<TrackId>, start_s: f64) {
        self.forget_from(index);
        self.marks.push_back(Mark { index, track, start_s });
    }

    /// Nothing is known from frame `index` on.
    pub fn forget_from(&mut self, index: u64) {
        self.marks.retain(|mark| mark.index < index);
    }

    /// Nothing before frame `index` will be asked for again.
    pub fn forget_before(&mut self, index: u64) {
        while self.marks.get(1).is_some_and(|second| second.index <= index) {
            self.marks.pop_front();
        }
    }

    /// What sounds at frame `index`.
    pub fn at(&self, index: u64) -> (Option<TrackId>, f64) {
        match self.marks.iter().rev().find(|mark| mark.index <= index) {
            Some(Mark { index: start, track: Some(track), start_s }) => {
                (Some(*track), start_s + (index - start) as f64 / self.rate)
            }
            _ => (None, 0.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_map_to_tracks_and_seconds() {
        let mut timeline = Timeline::new(1000);
        assert_eq!(timeline.at(5), (None, 0.0));
        timeline.mark(0, Some(TrackId(1)), 2.0);
        timeline.mark(500, Some(TrackId(2)), 0.0);
        assert_eq!(timeline.at(499), (Some(TrackId(1)), 2.499));
        assert_eq!(timeline.at(500), (Some(TrackId(2)), 0.0));
        timeline.forget_before(600);
        assert_eq!(timeline.at(600), (Some(TrackId(2)), 0.1));
        timeline.mark(550, None, 0.0);
        assert_eq!(timeline.at(600), (None, 0.0));
    }
}
