//! Stereo sample rate conversion, streaming, with its delay compensated and its length exact.
//!
//! The conversion is rubato's synchronous FFT resampler (overlap-add with a Blackman-Harris² windowed
//! sinc). Output frame k is the input at time k / `to`, so tracks stay aligned with their position, and
//! after [`Resampler::flush`] exactly round(n · to / from) frames came out for the n that went in.
use rubato::audioadapter_buffers::direct::InterleavedSlice;
use rubato::{Fft, FixedSync, Indexing, Resampler as _};

use crate::TrackError;

#[cfg(test)]
mod tests;

/// Block length aimed at, in frames of the lower of the two rates: short enough to start within some 25 ms,
/// long enough for a pass band that is flat beyond 20 kHz at 44.1 kHz.
const BLOCK: u64 = 1024;

/// Converts interleaved stereo from one rate to another.
pub(crate) struct Resampler {
    stage: Option<Stage>,
}

impl Resampler {
    /// A converter from `from` to `to` Hz; a bit-exact pass-through when they are equal.
    ///
    /// # Errors
    /// `Unsupported` for a rate of 0 or a ratio the FFT cannot be built for.
    pub fn new(from: u32, to: u32) -> Result<Self, TrackError> {
        let stage = if from == to && from > 0 { None } else { Some(Stage::new(from, to)?) };
        Ok(Self { stage })
    }

    /// Takes interleaved stereo and appends what is ready to `out`.
    ///
    /// Consecutive calls are one signal, wherever it is cut: feeding the next track without a flush is
    /// gapless.
    pub fn process(&mut self, stereo_in: &[f32], out: &mut Vec<f32>) {
        match &mut self.stage {
            None => out.extend_from_slice(stereo_in),
            Some(stage) => stage.process(stereo_in, out),
        }
    }

    /// Appends the rest of what went in, and is then as new.
    pub fn flush(&mut self, out: &mut Vec<f32>) {
        if let Some(stage) = &mut self.stage {
            stage.flush(out);
        }
    }

    /// Forgets everything that went in.
    pub fn reset(&mut self) {
        if let Some(stage) = &mut self.stage {
            stage.reset();
        }
    }
}

struct Stage {
    fft: Fft<f32>,
    from: u64,
    to: u64,
    /// Input frames short of a block, interleaved.
    pending: Vec<f32>,
    /// One block of output, interleaved.
    block: Vec<f32>,
    /// Output frames of the filter's own delay that are still to be dropped.
    skip: usize,
    /// Frames taken since the last flush.
    taken: u64,
    /// Frames given since the last flush.
    given: u64,
}

impl Stage {
    fn new(from: u32, to: u32) -> Result<Self, TrackError> {
        let chunk = chunk_frames(from, to).ok_or(TrackError::Unsupported)?;
        let fft = Fft::new(from as usize, to as usize, chunk, 2, FixedSync::Both)
            .map_err(|_| TrackError::Unsupported)?;
        let block = vec![0.0; 2 * fft.output_frames_max()];
        let pending = Vec::with_capacity(2 * fft.input_frames_max());
        let skip = fft.output_delay();
        Ok(Self { fft, from: u64::from(from), to: u64::from(to), pending, block, skip, taken: 0, given: 0 })
    }

    fn process(&mut self, mut input: &[f32], out: &mut Vec<f32>) {
        self.taken += (input.len() / 2) as u64;
        let need = 2 * self.fft.input_frames_next();
        if !self.pending.is_empty() {
            let (head, rest) = input.split_at(input.len().min(need - self.pending.len()));
            self.pending.extend_from_slice(head);
            input = rest;
            if self.pending.len() == need {
                let pending = std::mem::take(&mut self.pending);
                self.convert(&pending, out);
                self.pending = pending;
                self.pending.clear();
            }
        }
        // Whole blocks go straight from the caller's slice.
        while input.len() >= need {
            let (head, rest) = input.split_at(need);
            self.convert(head, out);
            input = rest;
        }
        self.pending.extend_from_slice(input);
    }

    /// Converts up to a block (the rest of it taken as silence) and appends the result without the delay.
    fn convert(&mut self, input: &[f32], out: &mut Vec<f32>) {
        let frames = input.len() / 2;
        let room = self.block.len() / 2;
        let part = Indexing::new().partial_len(frames);
        let done = match (
            InterleavedSlice::new(input, 2, frames),
            InterleavedSlice::new_mut(&mut self.block, 2, room),
        ) {
            (Ok(from), Ok(mut to)) => self.fft.process_into_buffer(&from, &mut to, Some(&part)),
            _ => return,
        };
        let Ok((_, made)) = done else { return };
        let drop = self.skip.min(made);
        self.skip -= drop;
        self.given += (made - drop) as u64;
        out.extend_from_slice(&self.block[2 * drop..2 * made]);
    }

    fn flush(&mut self, out: &mut Vec<f32>) {
        let due = (self.taken * self.to + self.from / 2) / self.from;
        let pending = std::mem::take(&mut self.pending);
        let mut rest: &[f32] = &pending;
        // Bounded: each turn gives a block, and at most the delay and one block are outstanding.
        for _ in 0..4 {
            if self.given >= due {
                break;
            }
            self.convert(rest, out);
            rest = &[];
        }
        let excess = usize::try_from(self.given.saturating_sub(due)).unwrap_or(usize::MAX);
        out.truncate(out.len().saturating_sub(2 * excess));
        self.pending = pending;
        self.reset();
    }

    fn reset(&mut self) {
        self.fft.reset();
        self.pending.clear();
        self.skip = self.fft.output_delay();
        self.taken = 0;
        self.given = 0;
    }
}

/// Input frames per block: a whole even number of the smallest blocks of the ratio, so that the delay of half
/// a block is a whole number of frames on both sides.
fn chunk_frames(from: u32, to: u32) -> Option<usize> {
    let (from, to) = (u64::from(from), u64::from(to));
    let divisor = gcd(from, to);
    if from == 0 || to == 0 {
        return None;
    }
    let unit_low = from.min(to) / divisor;
    let units = BLOCK.div_ceil(unit_low).next_multiple_of(2);
    usize::try_from(units * (from / divisor)).ok()
}

fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}
