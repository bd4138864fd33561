//! One opened stream: its demuxer, its codec, and where its first and last frame lie in time.
use std::fs::File;
use std::sync::Arc;

use symphonia::core::codecs::CodecParameters;
use symphonia::core::codecs::audio::well_known as id;
use symphonia::core::codecs::audio::{AudioCodecId, AudioCodecParameters};
use symphonia::core::errors::{Error, Result};
use symphonia::core::formats::{FormatOptions, FormatReader, Track};
use symphonia::core::io::{MediaSourceStream, ReadBytes};
use symphonia::default::formats;

use super::codec::Codec;
use super::mp4_edits::Mp4Facts;
use super::probe::{Found, Kind};
use super::source::{FileSource, SourceState};

/// A demuxer on one track of it, with its codec.
pub(super) struct Stream {
    /// The demuxer.
    pub reader: Box<dyn FormatReader>,
    /// The decoder of the track.
    pub codec: Codec,
    /// The track's number in the demuxer.
    pub track: u32,
    /// Hz.
    pub rate: u32,
    /// How the track's time stamps become frames.
    pub clock: Clock,
    /// The demuxer's time, in frames, of the first frame to be heard.
    pub origin: i64,
    /// Frames to be heard, where the container states them.
    pub frames: Option<u64>,
    /// Frames the codec needs ahead of a place to be in the state of a straight decode.
    pub preroll: u64,
}

/// Frames per tick, as a fraction.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    numerator: i128,
    denominator: i128,
}

impl Clock {
    fn new(track: &Track, rate: u32) -> Self {
        let base = track.time_base;
        let (n, d) =
            base.map_or((1, i128::from(rate)), |b| (i128::from(b.numer.get()), i128::from(b.denom.get())));
        Self { numerator: n * i128::from(rate), denominator: d }
    }

    /// Ticks to frames, rounded to the nearest.
    pub fn frames(self, ticks: i64) -> i64 {
        let twice = 2 * i128::from(ticks) * self.numerator + self.denominator;
        i64::try_from(twice.div_euclid(2 * self.denominator)).unwrap_or(i64::MAX / 4)
    }

    /// Frames to ticks, rounded down.
    pub fn ticks(self, frames: i64) -> i64 {
        i64::try_from((i128::from(frames) * self.denominator).div_euclid(self.numerator))
            .unwrap_or(i64::MAX / 4)
    }
}

/// The demuxer for what was found.
pub(super) fn demuxer(file: File, found: &Found, state: Arc<SourceState>) -> Result<Box<dyn FormatReader>> {
    let source = FileSource::new(file, found.view.clone(), state);
    let mut mss = MediaSourceStream::new(Box::new(source), Default::default());
    let options = FormatOptions::default();
    Ok(match &found.kind {
        Kind::Flac => Box::new(formats::FlacReader::try_new(mss, options)?),
        Kind::Mp3 { .. } => Box::new(formats::MpaReader::try_new(mss, options)?),
        Kind::Adts => Box::new(formats::AdtsReader::try_new(mss, options)?),
        Kind::Ogg { .. } => Box::new(formats::OggReader::try_new(mss, options)?),
        Kind::Wav => Box::new(formats::WavReader::try_new(mss, options)?),
        Kind::Aiff => Box::new(formats::AiffReader::try_new(mss, options)?),
        Kind::Caf => Box::new(formats::CafReader::try_new(mss, options)?),
        Kind::Mp4(_) => {
            // This reader expects to stand on the word `ftyp`, where a probe would have found it.
            mss.read_quad_bytes()?;
            Box::new(formats::IsoMp4Reader::try_new(mss, options)?)
        }
    })
}

impl Stream {
    /// The first audio track of `reader` that there is a codec for.
    pub fn new(reader: Box<dyn FormatReader>, kind: &Kind) -> Result<Self> {
        let mut last = Error::Unsupported("no audio track");
        for track in reader.tracks() {
            let Some(CodecParameters::Audio(params)) = &track.codec_params else { continue };
            match Codec::new(params) {
                Ok(codec) => {
                    let track = track.clone();
                    return Ok(Self::with(reader, kind, &track, codec));
                }
                Err(error) => last = error,
            }
        }
        Err(last)
    }

    /// Goes on with the tracks the demuxer has now, after a new link of a chain began.
    pub fn relink(&mut self, kind: &Kind) -> Result<()> {
        for track in self.reader.tracks() {
            let Some(CodecParameters::Audio(params)) = &track.codec_params else { continue };
            let Ok(codec) = Codec::new(params) else { continue };
            let rate = codec.params().sample_rate.unwrap_or(0);
            self.clock = Clock::new(track, rate.max(1));
            (self.origin, self.frames) = bounds(kind, track, codec.params(), self.clock, rate);
            self.preroll = preroll(codec.params().codec);
            (self.track, self.rate, self.codec) = (track.id, rate, codec);
            return Ok(());
        }
        Err(Error::Unsupported("no audio track"))
    }

    fn with(reader: Box<dyn FormatReader>, kind: &Kind, track: &Track, codec: Codec) -> Self {
        let rate = codec.params().sample_rate.unwrap_or(0);
        let clock = Clock::new(track, rate.max(1));
        let (origin, frames) = bounds(kind, track, codec.params(), clock, rate);
        let preroll = preroll(codec.params().codec);
        Self { reader, codec, track: track.id, rate, clock, origin, frames, preroll }
    }
}

/// First frame to be heard, and how many there are.
fn bounds(
    kind: &Kind,
    track: &Track,
    codec: &AudioCodecParameters,
    clock: Clock,
    rate: u32,
) -> (i64, Option<u64>) {
    match kind {
        // Time stamps start at minus the delay. Without a delay there is no statement of an end either, and
        // without a header the count is a guess.
        Kind::Mp3 { exact } => (0, track.num_frames.filter(|_| *exact)),
        Kind::Adts => (0, None),
        Kind::Mp4(facts) => edited(facts, track, clock, rate),
        Kind::Ogg { plain } => {
            // RFC 7845, 4.2: time stamps of Opus count the pre-skip in. Vorbis I, A.2: a stream that starts
            // below 0 is cut there, one that starts late (a recording of a broadcast) is not padded; the
            // delay is the first block, which gives no sound.
            let (start, delay) = (track.start_ts.get(), i64::from(track.delay.unwrap_or(0)));
            let opus = codec.codec == id::CODEC_ID_OPUS;
            let origin =
                if opus { start.max(0).saturating_add(delay) } else { start.saturating_add(delay).max(0) };
            let end = track.num_frames.and_then(|end| i64::try_from(end).ok()).filter(|_| *plain);
            (origin, end.map(|end| u64::try_from(end.saturating_sub(origin)).unwrap_or(0)))
        }
        Kind::Flac => (0, track.num_frames.filter(|n| *n > 0)),
        // Time stamps start at minus the delay.
        Kind::Caf => (0, track.num_frames),
        Kind::Wav | Kind::Aiff => (0, track.num_frames),
    }
}

/// iTunSMPB where there is one, the edit list where not.
///
/// An edit's duration is in ticks of the movie's clock, often milliseconds. Muxers shorten the last sample
/// so that the media itself ends on the exact frame; where edit and media agree within a movie tick, the
/// media is believed.
fn edited(facts: &Mp4Facts, track: &Track, clock: Clock, rate: u32) -> (i64, Option<u64>) {
    let media =
        track.duration.and_then(|d| i64::try_from(d.get()).ok()).map(|t| clock.frames(t)).filter(|t| *t > 0);
    if let Some(smpb) = facts.smpb {
        let fits = media
            .is_none_or(|m| smpb.delay.saturating_add(smpb.frames) <= m.unsigned_abs() + u64::from(rate));
        if fits {
            return (smpb.delay as i64, Some(smpb.frames));
        }
    }
    let Some(edit) = facts.edits.iter().find(|edit| edit.track == track.id) else {
        return (0, media.map(i64::unsigned_abs));
    };
    let origin = i64::try_from(edit.media_time).map_or(0, |t| clock.frames(t));
    let rest = media.map(|m| u64::try_from(m - origin).unwrap_or(0));
    let scale = u128::from(facts.movie_timescale.max(1));
    let stated =
        edit.duration.map(|d| (u128::from(d) * u128::from(rate) / scale).min(u128::from(u64::MAX)) as u64);
    let tick = u64::from(rate).div_ceil(u64::from(facts.movie_timescale.max(1))) + 1;
    let frames = match (stated, rest) {
        (Some(stated), Some(rest)) if stated.abs_diff(rest) <= tick => Some(rest),
        (Some(stated), Some(rest)) => Some(stated.min(rest)),
        (stated, rest) => rest.or(stated),
    };
    (origin, frames)
}

/// Frames of decoding after which a codec's memory no longer depends on where it started.
fn preroll(codec: AudioCodecId) -> u64 {
    match codec {
        // Bit reservoir: at most 511 bytes back, frames can be as short as 24; and two frames of filter bank.
        id::CODEC_ID_MP3 => 16 * 1152,
        // The overlap of one block, and a block to be sure of the window's shape.
        id::CODEC_ID_AAC => 3 * 1024,
        // The overlap of one block, at most 8192 long.
        id::CODEC_ID_VORBIS => 2 * 8192,
        // RFC 7845, 4.6 asks for 80 ms; the energy prediction of CELT takes longer to converge below 16 bits.
        id::CODEC_ID_OPUS => 24_000,
        _ => 0,
    }
}
