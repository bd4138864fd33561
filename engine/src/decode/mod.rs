//! Decoding: any supported file to interleaved stereo f32 at its own rate, trimmed, seekable to the frame.
//!
//! Files are judged by content ([`probe`]), stripped of tags and pictures ([`source`]), demuxed and decoded
//! by symphonia (Opus by libopus), put on a timeline whose frame 0 is the first frame of music
//! ([`stream`]), converted ([`convert`]) and mixed to stereo ([`downmix`]).
//!
//! Damage is expected. A packet that does not decode leaves a gap of silence of its own length, so that the
//! timeline holds; after [`MAX_BAD`] of them in a row the track is given up as `Damaged`. No call reads more
//! than a stated number of bytes, and a panic in a codec ends the track, not the unit.
use std::fs::{self, File};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

use crate::{SourceInfo, TrackError};

mod aiff_header;
mod bytes;
mod codec;
mod convert;
mod downmix;
mod errors;
mod flac_header;
mod mp4_edits;
mod mpeg_sync;
mod opus;
mod probe;
mod seek;
mod source;
mod step;
mod stream;
mod tags;
#[cfg(test)]
mod tests;

use probe::Found;
use source::SourceState;
use step::{Step, Track};
use stream::Stream;

/// Packets in a row that may fail before a track is given up (about 5 s of MP3).
const MAX_BAD: u32 = 200;
/// Packets taken from the demuxer in one call of `read` without any sound from them.
const MAX_PACKETS: u32 = 1000;
/// Bytes read from the medium in one call, at most.
const READ_BUDGET: u64 = 8 << 20;
/// The same for opening.
const OPEN_BUDGET: u64 = 24 << 20;
/// Rates that are played, Hz.
const RATES: std::ops::RangeInclusive<u32> = 8_000..=192_000;

/// A track being decoded.
pub(crate) struct Decoder {
    track: Track,
    info: SourceInfo,
    found: Found,
    file: File,
    state: Arc<SourceState>,
    /// Decoded ahead of a call: the first block after opening or seeking.
    pending: Vec<f32>,
    /// Set when a codec panicked: its state is not trusted again.
    poisoned: bool,
}

impl Decoder {
    /// Opens a file and decodes its first block.
    ///
    /// # Errors
    /// `Missing` and `Unreadable` for the medium, `Empty` for a file of no bytes or no sound, `Unsupported`
    /// for anything that is not music of a supported kind and rate, `Damaged` for what should have been.
    pub fn open(path: &Path) -> Result<Self, TrackError> {
        catch_unwind(AssertUnwindSafe(|| Self::open_unguarded(path))).unwrap_or(Err(TrackError::Damaged))
    }

    fn open_unguarded(path: &Path) -> Result<Self, TrackError> {
        let meta = fs::metadata(path).map_err(|e| errors::io_error(&e))?;
        // Opening a pipe or a device could wait for ever.
        if !meta.is_file() {
            return Err(TrackError::Unreadable("not a file".to_owned()));
        }
        let mut file = File::open(path).map_err(|e| errors::io_error(&e))?;
        if meta.len() == 0 {
            return Err(TrackError::Empty);
        }
        let found = probe::probe(&mut file, meta.len())?;
        let state = Arc::new(SourceState::default());
        let stream = open_stream(&file, &found, &state)?;
        let mut decoder = Self {
            info: info(&stream),
            track: Track::new(stream),
            found,
            file,
            state,
            pending: Vec::new(),
            poisoned: false,
        };
        if !RATES.contains(&decoder.info.rate) {
            return Err(TrackError::Unsupported);
        }
        decoder.prime()?;
        Ok(decoder)
    }

    /// Decodes the first block, so that a track that opens is one that sounds.
    fn prime(&mut self) -> Result<(), TrackError> {
        self.fill()?;
        if self.pending.is_empty() {
            return Err(if self.track.lost() { TrackError::Damaged } else { TrackError::Empty });
        }
        self.info.channels = self.track.channels.unwrap_or(self.info.channels);
        Ok(())
    }

    /// What is known of the source.
    pub fn info(&self) -> &SourceInfo {
        &self.info
    }

    /// Appends the next frames, interleaved stereo at the source's rate; how many, 0 at the end of the track.
    ///
    /// A call does a bounded amount of work: the packets up to the first that sounds, at most
    /// [`MAX_PACKETS`] of them and [`READ_BUDGET`] bytes.
    ///
    /// # Errors
    /// `Damaged` when decoding makes no sense any more, `Missing` or `Unreadable` when the medium fails.
    pub fn read(&mut self, out: &mut Vec<f32>) -> Result<usize, TrackError> {
        if self.pending.is_empty() {
            let before = out.len();
            self.guarded(|decoder| decoder.run(out))?;
            return Ok((out.len() - before) / 2);
        }
        out.extend_from_slice(&self.pending);
        let frames = self.pending.len() / 2;
        self.pending.clear();
        Ok(frames)
    }

    /// Moves to a frame of the trimmed timeline, or to the end if that comes first; the frame reached.
    ///
    /// Reading on gives what a straight decode gives from there: exactly for lossless codecs, within the
    /// codec's own precision for the others, which are started some packets earlier.
    ///
    /// # Errors
    /// As for [`Decoder::read`].
    pub fn seek(&mut self, frame: u64) -> Result<u64, TrackError> {
        self.state.forget();
        self.guarded(|decoder| seek::seek(decoder, frame))
    }

    /// Fills `pending` with the next block.
    fn fill(&mut self) -> Result<(), TrackError> {
        let mut pending = std::mem::take(&mut self.pending);
        let done = self.run(&mut pending);
        self.pending = pending;
        done
    }

    /// Takes packets until there is sound or the end.
    fn run(&mut self, out: &mut Vec<f32>) -> Result<(), TrackError> {
        self.state.allow(READ_BUDGET);
        let (before, failures) = (out.len(), self.state.failures());
        for _ in 0..MAX_PACKETS {
            let step =
                self.track.step(&self.found.kind, out).map_err(|e| self.state.failure().unwrap_or(e))?;
            match (step, self.state.failure()) {
                (Step::End, Some(failure)) => return Err(failure),
                (Step::End, None) => return Ok(()),
                (Step::More, _) if out.len() > before => return Ok(()),
                // A medium that is gone is not asked for the next two hundred packets: each answer may
                // take it seconds.
                (Step::More, Some(TrackError::Missing)) if self.state.failures() > failures => {
                    return Err(TrackError::Missing);
                }
                (Step::More, _) => {}
            }
        }
        Err(TrackError::Damaged)
    }

    /// From now on every read of the file fails with this error of the system.
    #[cfg(test)]
    pub fn break_reads(&self, code: i32) {
        self.state.fault.store(code, std::sync::atomic::Ordering::Relaxed);
    }

    fn guarded<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T, TrackError>) -> Result<T, TrackError> {
        if self.poisoned {
            return Err(TrackError::Damaged);
        }
        catch_unwind(AssertUnwindSafe(|| work(self))).unwrap_or_else(|_| {
            self.poisoned = true;
            Err(TrackError::Damaged)
        })
    }
}

/// Demuxer and codec for an open file.
fn open_stream(file: &File, found: &Found, state: &Arc<SourceState>) -> Result<Stream, TrackError> {
    state.allow(OPEN_BUDGET);
    let file = file.try_clone().map_err(|e| errors::io_error(&e))?;
    stream::demuxer(file, found, Arc::clone(state))
        .and_then(|reader| Stream::new(reader, &found.kind))
        .map_err(|e| state.failure().unwrap_or_else(|| errors::stream_error(&e)))
}

fn info(stream: &Stream) -> SourceInfo {
    let params = stream.codec.params();
    let guess = stream.reader.media_info();
    let seconds = guess.time_base.zip(guess.duration).and_then(|(base, d)| base.calc_duration(d));
    SourceInfo {
        codec: stream.codec.name().to_owned(),
        rate: stream.rate,
        channels: params.channels.as_ref().map_or(0, |c| c.count() as u16),
        bits: stream.codec.bits(),
        frames: stream.frames,
        duration_s: match stream.frames {
            Some(frames) => Some(frames as f64 / f64::from(stream.rate.max(1))),
            None => seconds.map(|t| t.as_secs_f64()),
        },
    }
}
