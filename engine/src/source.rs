//! The audio thread's side of the ring: takes frames, leaves out dropped ones, and closes a gate around
//! every place where the wave would break.
use crate::transport::{Shared, Transport};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use triple_buffer::Output;

/// Fades at jumps and underruns, and the reserve kept for them, seconds.
const FADE_S: f64 = 0.005;
/// Fades of pause and resume, seconds.
const PAUSE_FADE_S: f64 = 0.010;
/// What the ring must hold before sound starts, seconds.
const REFILL_S: f64 = 0.050;

/// A gain between 0 and 1 on a raised cosine. Fully open it leaves every bit as it is.
#[derive(Debug)]
struct Gate {
    phase: f64,
}

impl Gate {
    fn is_closed(&self) -> bool {
        self.phase <= 0.0
    }

    /// Opens over the frames of `block` by `step` a frame.
    fn open(&mut self, step: f64, block: &mut [f32]) {
        if self.phase < 1.0 {
            self.apply(step, block);
        }
    }

    fn apply(&mut self, step: f64, block: &mut [f32]) {
        for frame in block.as_chunks_mut::<2>().0 {
            self.phase = (self.phase + step).clamp(0.0, 1.0);
            let gain = (0.5 - 0.5 * (std::f64::consts::PI * self.phase).cos()) as f32;
            *frame = [frame[0] * gain, frame[1] * gain];
        }
    }
}

/// Pulls frames.
pub(crate) struct Source {
    ring: rtrb::Consumer<f32>,
    inbox: Output<Transport>,
    shared: Arc<Shared>,
    /// Frames taken so far.
    position: u64,
    gate: Gate,
    /// Sound has started and neither ended nor run dry.
    sounding: bool,
    /// On the way down because the ring runs dry.
    starving: bool,
    /// Whether the next start is the beginning of a track and needs no fade.
    start_open: bool,
    flushes_seen: u64,
    /// How long the gate takes to open.
    opening: u64,
    fade: u64,
    pause_fade: u64,
    refill: u64,
}

impl Source {
    /// The frames the ring must hold for a block of `frames` to be played through.
    pub fn needed(rate: u32, frames: usize) -> u64 {
        let seconds = |s: f64| (f64::from(rate) * s).ceil() as u64;
        (frames as u64 + seconds(FADE_S) + 1).max(seconds(REFILL_S) + 1)
    }

    /// At the start of the stream, for an output of `rate` Hz.
    pub fn new(rate: u32, ring: rtrb::Consumer<f32>, inbox: Output<Transport>, shared: Arc<Shared>) -> Self {
        let frames = |s: f64| (f64::from(rate) * s).round() as u64;
        Self {
            ring,
            inbox,
            shared,
            position: 0,
            gate: Gate { phase: 0.0 },
            sounding: false,
            starving: false,
            start_open: true,
            flushes_seen: 0,
            opening: frames(FADE_S),
            fade: frames(FADE_S),
            pause_fade: frames(PAUSE_FADE_S),
            refill: frames(REFILL_S),
        }
    }

    /// Fills `block` (interleaved stereo) with what is to be heard, silence where there is nothing.
    pub fn fill(&mut self, mut block: &mut [f32]) {
        self.inbox.update();
        let transport = *self.inbox.output_buffer();
        if self.flushes_seen != transport.flushes_done {
            self.flushes_seen = transport.flushes_done;
            self.start_open = !transport.fade_in;
        }
        while !block.is_empty() {
            let frames = self.fill_some(&transport, block);
            if frames == 0 {
                block.fill(0.0);
                break;
            }
            block = block.get_mut(2 * frames..).unwrap_or_default();
        }
        self.shared.consumed.store(self.position, Ordering::Release);
    }

    /// Fills the beginning of `block`; the number of frames, 0 when there is only silence now.
    fn fill_some(&mut self, transport: &Transport, block: &mut [f32]) -> usize {
        if transport.skip_from == self.position && self.position < transport.skip_to {
            self.drop_until(transport.skip_to);
        }
        let held = self.held();
        let asked = self.shared.flushes_asked.load(Ordering::Acquire) != transport.flushes_done;
        if let Some(until) = jump(transport, self.position) {
            if self.is_silent() || until <= self.position {
                self.sounding = false;
                self.starving = false;
                self.start_open = self.start_open && until == transport.discard_until;
                self.drop_until(until);
                return if self.position < until { 0 } else { self.fill_some_after_jump(transport, block) };
            }
            return self.close(self.fade, until - self.position, held, block);
        }
        let end = self.position + held;
        let ahead = transport.audible(self.position, end);
        if asked {
            return if self.is_silent() {
                0
            } else {
                self.close(self.fade, ahead, self.run(transport), block)
            };
        }
        if self.shared.paused.load(Ordering::Acquire) {
            self.opening = self.pause_fade;
            return if self.is_silent() {
                0
            } else {
                self.close(self.pause_fade, ahead, self.run(transport), block)
            };
        }
        self.play(transport, ahead, transport.eos_at <= end, block)
    }

    /// After a jump there is no further jump before the next look at the transport.
    fn fill_some_after_jump(&mut self, transport: &Transport, block: &mut [f32]) -> usize {
        let end = self.position + self.held();
        let waiting = self.shared.paused.load(Ordering::Acquire)
            || self.shared.flushes_asked.load(Ordering::Acquire) != transport.flushes_done;
        if waiting {
            return 0;
        }
        self.play(transport, transport.audible(self.position, end), transport.eos_at <= end, block)
    }

    fn play(&mut self, transport: &Transport, ahead: u64, ended: bool, block: &mut [f32]) -> usize {
        if !self.sounding {
            if ahead == 0 || (ahead < self.refill && !ended) {
                return 0;
            }
            self.sounding = true;
            self.gate.phase = if self.start_open { 1.0 } else { 0.0 };
            self.opening = self.fade;
        }
        if ended {
            self.starving = false;
            if ahead == 0 {
                self.sounding = false;
                self.start_open = true;
                return 0;
            }
        } else if self.starving || ahead <= self.fade {
            return self.starve(transport, ahead, block);
        }
        let safe = if ended { ahead } else { ahead - self.fade };
        let frames = self.take(safe.min(self.run(transport)), block);
        self.gate.open(1.0 / self.opening.max(1) as f64, block.get_mut(..2 * frames).unwrap_or_default());
        frames
    }

    /// The ring runs dry: out with what is left.
    fn starve(&mut self, transport: &Transport, ahead: u64, block: &mut [f32]) -> usize {
        if ahead == 0 || self.gate.is_closed() {
            self.shared.underruns.fetch_add(1, Ordering::Relaxed);
            self.sounding = false;
            self.starving = false;
            self.start_open = false;
            return 0;
        }
        self.starving = true;
        self.close(self.fade, ahead, self.run(transport), block)
    }

    /// Plays on while the gate closes within `over` frames, or sooner if only `left` will come; at most
    /// `run` frames now.
    fn close(&mut self, over: u64, left: u64, run: u64, block: &mut [f32]) -> usize {
        if left == 0 || run == 0 {
            self.gate.phase = 0.0;
            return 0;
        }
        let step = (1.0 / over.max(1) as f64).max(self.gate.phase / left as f64);
        let until_closed = (self.gate.phase / step).ceil().max(1.0) as u64;
        let frames = self.take(until_closed.min(left).min(run), block);
        self.gate.apply(-step, block.get_mut(..2 * frames).unwrap_or_default());
        frames
    }

    fn is_silent(&self) -> bool {
        !self.sounding || self.gate.is_closed()
    }

    /// Frames in the ring.
    fn held(&self) -> u64 {
        self.ring.slots() as u64 / 2
    }

    /// Frames that can be taken in one go: up to the next seam.
    fn run(&self, transport: &Transport) -> u64 {
        let to_seam = match transport.skip_from.checked_sub(self.position) {
            Some(frames) if transport.skip_to > transport.skip_from => frames,
            _ => u64::MAX,
        };
        self.held().min(to_seam)
    }

    fn take(&mut self, most: u64, block: &mut [f32]) -> usize {
        let frames = usize::try_from(most).unwrap_or(usize::MAX).min(block.len() / 2);
        let wanted = block.get_mut(..2 * frames).unwrap_or_default();
        if self.ring.pop_entire_slice(wanted).is_err() {
            return 0;
        }
        self.position += frames as u64;
        frames
    }

    fn drop_until(&mut self, until: u64) {
        let frames = until.saturating_sub(self.position).min(self.held());
        if let Ok(chunk) = self.ring.read_chunk(2 * frames as usize) {
            chunk.commit_all();
            self.position += frames;
        }
    }
}

/// Where to go on if the frame at `position` is not to be heard.
fn jump(transport: &Transport, position: u64) -> Option<u64> {
    if position < transport.discard_until {
        Some(transport.discard_until)
    } else if transport.skip_from < position && position < transport.skip_to {
        Some(transport.skip_to)
    } else {
        None
    }
}
