//! The audio thread's end.
use crate::dsp::{BLOCK, Chain};
use crate::source::Source;
use crate::transport::Shared;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread::Thread;
use std::time::{Duration, Instant};

/// The audio thread's end.
pub struct Renderer {
    pub(crate) source: Source,
    pub(crate) chain: Box<Chain>,
    pub(crate) rate: u32,
    pub(crate) channels: usize,
    pub(crate) stereo: Box<[f32; 2 * BLOCK]>,
    pub(crate) shared: Arc<Shared>,
    pub(crate) feeder: Thread,
}

impl Renderer {
    /// Fills `buf` (interleaved, whole frames). Never allocates, locks, logs or waits.
    pub fn render(&mut self, buf: &mut [f32]) {
        if self.channels == 2 {
            for block in buf.chunks_mut(2 * BLOCK) {
                let whole = block.len() / 2 * 2;
                let (block, odd) = block.split_at_mut(whole);
                self.source.fill(block);
                self.chain.run(block);
                odd.fill(0.0);
            }
            return;
        }
        for block in buf.chunks_mut(self.channels * BLOCK) {
            let frames = block.len() / self.channels;
            let stereo = self.stereo.get_mut(..2 * frames).unwrap_or_default();
            self.source.fill(stereo);
            self.chain.run(stereo);
            block.fill(0.0);
            for (frame, [left, right]) in block.chunks_exact_mut(self.channels).zip(stereo.as_chunks::<2>().0)
            {
                match frame {
                    [mono] => *mono = (left + right) * 0.5,
                    [out_left, out_right, ..] => (*out_left, *out_right) = (*left, *right),
                    [] => {}
                }
            }
        }
    }

    /// Frames by which the chain delays the sound (the limiter looks ahead).
    pub fn latency(&self) -> usize {
        Chain::latency(self.rate)
    }

    /// For sinks that own time (virtual clock, offline), never for a device: waits until the decoder
    /// has seen everything played so far and the next `frames` (at most a second) are there, or never
    /// will be (stopped, ended). Paused counts as ready; a file still being opened does not. All events
    /// due so far have been told. False when `timeout` passed first.
    pub fn wait_ready(&self, frames: usize, timeout: Duration) -> bool {
        let needed = Source::needed(self.rate, frames);
        let consumed = self.shared.consumed.load(Ordering::Acquire);
        let sent = self.shared.commands_sent.load(Ordering::Acquire);
        let start = Instant::now();
        let mut progress = self.shared.progress();
        progress.wanted = progress.wanted.max(needed);
        let mut woken = false;
        loop {
            let audible = progress.transport.audible(consumed, progress.written);
            let told = progress.consumed_seen == consumed || consumed < progress.next_event_at;
            let served = audible >= needed || (progress.idle && progress.consumed_seen == consumed);
            if progress.gone || (progress.commands_done >= sent && told && served) {
                // Let it work ahead while this thread renders.
                if !woken && audible < u64::from(self.rate) {
                    self.feeder.unpark();
                }
                return true;
            }
            if !woken {
                woken = true;
                self.feeder.unpark();
            }
            let Some(left) = timeout.checked_sub(start.elapsed()) else { return false };
            progress = match self.shared.moved.wait_timeout(progress, left) {
                Ok((progress, _)) => progress,
                Err(poisoned) => poisoned.into_inner().0,
            };
        }
    }
}
