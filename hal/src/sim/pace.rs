//! A thread that renders block after block in real time, without drift: every deadline is counted
//! from the first one, in frames, so that a late wake-up is made good by the next.

use std::io;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::{AudioEvent, AudioFormat, RenderFn};

/// How far behind the thread may fall (a suspended machine) before it gives the time up as lost.
const GIVE_UP: Duration = Duration::from_millis(500);

/// What becomes of a rendered block; breaking off ends the thread.
pub(super) type Consume = Box<dyn FnMut(&[f32]) -> ControlFlow<AudioEvent> + Send>;

/// Duration of `frames` at `rate`, exact to the nanosecond.
pub(super) fn frames_to_duration(frames: u64, rate: u32) -> Duration {
    let nanos = u128::from(frames) * 1_000_000_000 / u128::from(rate.max(1));
    Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
}

/// A block of about 10 ms.
pub(super) fn block_frames(rate: u32) -> u32 {
    (rate / 100).max(1)
}

/// The running thread.
#[derive(Debug, Default)]
pub(super) struct PacedThread {
    running: Option<(Arc<AtomicBool>, JoinHandle<()>)>,
}

impl PacedThread {
    /// Starts rendering; a thread that still runs is stopped first.
    pub(super) fn start(
        &mut self,
        name: &str,
        format: AudioFormat,
        render: RenderFn,
        consume: Consume,
        events: Box<dyn FnMut(AudioEvent) + Send>,
    ) -> io::Result<()> {
        self.stop();
        let stop = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&stop);
        let thread = thread::Builder::new()
            .name(name.to_owned())
            .spawn(move || run(format, &seen, render, consume, events))?;
        self.running = Some((stop, thread));
        Ok(())
    }

    /// Stops and waits for the thread: a block at most.
    pub(super) fn stop(&mut self) {
        if let Some((stop, thread)) = self.running.take() {
            stop.store(true, Ordering::Release);
            // An error here is a panic of `render`, reported by the panic hook already.
            let _ = thread.join();
        }
    }
}

impl Drop for PacedThread {
    fn drop(&mut self) {
        self.stop();
    }
}

fn run(
    format: AudioFormat,
    stop: &AtomicBool,
    mut render: RenderFn,
    mut consume: Consume,
    mut events: Box<dyn FnMut(AudioEvent) + Send>,
) {
    let frames = block_frames(format.rate);
    let mut block = vec![0.0; frames as usize * usize::from(format.channels)];
    let mut epoch = Instant::now();
    let mut done: u64 = 0;
    while !stop.load(Ordering::Acquire) {
        block.fill(0.0);
        render(&mut block);
        if let ControlFlow::Break(event) = consume(&block) {
            events(event);
            return;
        }
        done += u64::from(frames);
        let deadline = epoch + frames_to_duration(done, format.rate);
        let now = Instant::now();
        if let Some(left) = deadline.checked_duration_since(now) {
            thread::sleep(left);
        } else if now.duration_since(deadline) > GIVE_UP {
            events(AudioEvent::Xrun);
            epoch = now;
            done = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_exact_for_a_day() {
        assert_eq!(frames_to_duration(44_100 * 86_400, 44_100), Duration::from_secs(86_400));
        assert_eq!(frames_to_duration(480, 48_000), Duration::from_millis(10));
        assert_eq!(frames_to_duration(1, 0), Duration::from_secs(1));
    }

    #[test]
    fn a_block_is_about_ten_milliseconds() {
        assert_eq!(block_frames(48_000), 480);
        assert_eq!(block_frames(44_100), 441);
        assert_eq!(block_frames(50), 1);
    }
}
