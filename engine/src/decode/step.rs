//! One packet at a time: demux, decode, place on the timeline, append what is to be heard.
use std::ops::Range;

use symphonia::core::audio::Channels;
use symphonia::core::errors::Error;
use symphonia::core::packet::Packet;
use symphonia::core::units::Duration;

use crate::TrackError;

use super::MAX_BAD;
use super::convert;
use super::downmix::Downmix;
use super::errors::{is_end, stream_error};
use super::probe::Kind;
use super::stream::Stream;

/// The longest gap that is filled with silence, seconds. A longer one is closed up.
const MAX_GAP_S: i64 = 10;
/// Differences of time stamps up to this are rounding, frames.
const JITTER: i64 = 128;

/// What came of a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Go on.
    More,
    /// The track is over.
    End,
}

/// The part of the timeline that is to be heard.
#[derive(Clone, Copy, Debug)]
struct Heard {
    from: i64,
    limit: i64,
}

impl Heard {
    /// Which of `frames` frames from `at` on are in it, counted from `at`.
    fn of(self, at: i64, frames: i64) -> Range<usize> {
        let first = self.from.saturating_sub(at).clamp(0, frames);
        let last = self.limit.saturating_sub(at).clamp(first, frames);
        first as usize..last as usize
    }
}

/// What a jump of the time stamps means.
#[derive(Clone, Copy, Debug, Default)]
struct Gap {
    /// Frames of silence that keep the timeline.
    silence: i64,
    /// Frames the timeline is moved by instead.
    closed: i64,
}

impl Gap {
    fn new(gap: i64, rate: u32) -> Self {
        if gap <= JITTER {
            Self::default()
        } else if gap <= MAX_GAP_S * i64::from(rate) {
            Self { silence: gap, closed: 0 }
        } else {
            Self { silence: 0, closed: gap }
        }
    }
}

/// A stream on its timeline. Positions are frames of the trimmed track.
pub(super) struct Track {
    pub stream: Stream,
    /// Position of the next frame to be decoded; unknown before the first packet and after a seek.
    pub next: Option<i64>,
    /// Nothing ahead of this is heard.
    pub from: i64,
    /// Packets that end before this are not even decoded.
    pub decode_from: i64,
    /// The demuxer's first time stamp.
    pub first_pts: Option<i64>,
    /// A link of a chain other than the first was reached.
    pub chained: bool,
    /// Channels of the last packet.
    pub channels: Option<u16>,
    /// Position of the first frame given since the start or the last seek.
    pub started: Option<i64>,
    /// End of the last packet that was stepped over.
    passed: i64,
    /// Length of a packet, in formats where all are alike.
    block: Option<i64>,
    ended: bool,
    bad: u32,
    gap: bool,
    mix: Option<(Channels, Downmix)>,
}

impl Track {
    /// At the start of `stream`.
    pub fn new(stream: Stream) -> Self {
        Self {
            stream,
            next: None,
            from: 0,
            decode_from: i64::MIN,
            first_pts: None,
            chained: false,
            channels: None,
            started: None,
            passed: 0,
            block: None,
            ended: false,
            bad: 0,
            gap: false,
            mix: None,
        }
    }

    /// True when packets were lost on the way.
    pub fn lost(&self) -> bool {
        self.bad > 0 || self.gap
    }

    /// Where decoding, or stepping over packets, has come to.
    pub fn position(&self) -> i64 {
        self.next.unwrap_or(self.passed)
    }

    /// Starts over from wherever the demuxer stands; nothing ahead of `from` is heard.
    pub fn restart(&mut self, from: i64) {
        self.stream.codec.reset();
        self.next = None;
        self.started = None;
        self.passed = 0;
        self.from = from;
        self.decode_from = from.saturating_sub_unsigned(self.stream.preroll);
        self.ended = false;
        self.bad = 0;
        self.gap = false;
    }

    /// Declares the track over.
    pub fn finish(&mut self) {
        self.ended = true;
    }

    /// Takes a packet.
    pub fn step(&mut self, kind: &Kind, out: &mut Vec<f32>) -> Result<Step, TrackError> {
        if self.ended || self.past_end() {
            return Ok(Step::End);
        }
        match self.stream.reader.next_packet() {
            Ok(Some(packet)) if packet.track_id == self.stream.track => self.packet(&packet, kind, out),
            Ok(Some(_)) => Ok(Step::More),
            Ok(None) => Ok(self.end()),
            Err(Error::ResetRequired) => self.next_link(kind),
            Err(error) if is_end(&error) => Ok(self.end()),
            Err(error) => self.bad_packet(&error),
        }
    }

    fn end(&mut self) -> Step {
        self.ended = true;
        Step::End
    }

    fn past_end(&self) -> bool {
        // A chain goes on after the end of a link.
        let end = self.stream.frames.and_then(|n| i64::try_from(n).ok());
        self.next.zip(end).is_some_and(|(next, end)| next >= end)
    }

    fn bad_packet(&mut self, error: &Error) -> Result<Step, TrackError> {
        self.bad += 1;
        self.gap = true;
        if self.bad > MAX_BAD { Err(stream_error(error)) } else { Ok(Step::More) }
    }

    fn packet(&mut self, packet: &Packet, kind: &Kind, out: &mut Vec<f32>) -> Result<Step, TrackError> {
        let clock = self.stream.clock;
        let pts = clock.frames(packet.pts.get());
        self.first_pts.get_or_insert(pts);
        let at = pts.saturating_sub(self.stream.origin);
        let lasts = |d: Duration| i64::try_from(d.get()).map_or(0, |d| clock.frames(d));
        // The padding of a link of a chain, which has no stated length, is known from its last page alone.
        let padding = if matches!(kind, Kind::Ogg { plain: false }) { lasts(packet.trim_end) } else { 0 };
        let mut length = lasts(packet.block_dur());
        if matches!(kind, Kind::Mp3 { .. }) {
            // Frames of one stream are of one length; past a guessed end the demuxer states longer ones.
            length = *self.block.get_or_insert(length);
        }
        let end = at.saturating_add(length.saturating_sub(padding));
        if self.next.is_none() && end <= self.decode_from {
            self.passed = end;
            return Ok(Step::More);
        }
        let known = self.next;
        let next = *self.next.get_or_insert(at);
        let decoded = match self.stream.codec.decode(packet) {
            Ok(buffer) if buffer.spec().rate() == self.stream.rate => buffer,
            Ok(_) => return self.bad_packet(&Error::DecodeError("the rate changed")),
            Err(error) => return self.bad_packet(&error),
        };
        let frames = (decoded.frames() as i64 - padding).max(0);
        self.bad = 0;
        if frames == 0 {
            // The first block of Vorbis only fills the overlap: the position starts with the next one.
            self.next = known;
            return Ok(Step::More);
        }
        let closes = std::mem::take(&mut self.gap) || !matches!(kind, Kind::Mp4(_));
        let gap = if closes { Gap::new(at.saturating_sub(next), self.stream.rate) } else { Gap::default() };
        self.stream.origin = self.stream.origin.saturating_add(gap.closed);
        let limit = self.stream.frames.and_then(|n| i64::try_from(n).ok()).unwrap_or(i64::MAX);
        let heard = Heard { from: self.from, limit };
        let sounds_at = next.saturating_add(gap.silence);
        let (quiet, loud) = (heard.of(next, gap.silence), heard.of(sounds_at, frames));
        if self.started.is_none() && quiet.len() + loud.len() > 0 {
            let (place, range) = if quiet.is_empty() { (sounds_at, &loud) } else { (next, &quiet) };
            self.started = Some(place.saturating_add(range.start as i64));
        }
        out.resize(out.len() + 2 * quiet.len(), 0.0);
        let before = out.len();
        let channels = decoded.spec().channels();
        if self.mix.as_ref().is_none_or(|(known, _)| known != channels) {
            self.channels = Some(channels.count() as u16);
            self.mix = Some((channels.clone(), Downmix::new(channels)));
        }
        if let Some((_, mix)) = &self.mix {
            convert::append(&decoded, loud, mix, out);
        }
        let gain = self.stream.codec.gain;
        if gain != 1.0 {
            out[before..].iter_mut().for_each(|x| *x *= gain);
        }
        self.next = Some(sounds_at.saturating_add(frames));
        Ok(Step::More)
    }

    /// The next link of a chained Ogg file: played on if its rate is the same, otherwise the end.
    fn next_link(&mut self, kind: &Kind) -> Result<Step, TrackError> {
        let rate = self.stream.rate;
        let so_far = self.position();
        if let Err(error) = self.stream.relink(kind) {
            return Err(stream_error(&error));
        }
        if self.stream.rate != rate {
            tracing::warn!(
                from = rate,
                to = self.stream.rate,
                "the rate changes within the file: taken as its end"
            );
            return Ok(self.end());
        }
        self.chained = true;
        self.stream.origin = self.stream.origin.saturating_sub(so_far);
        self.next = None;
        Ok(Step::More)
    }
}
