//! What the decoder thread, the audio thread and the owner share.
use crate::timeline::Timeline;
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// No end in sight.
pub(crate) const ENDLESS: u64 = u64::MAX;

/// What the decoder thread tells the audio thread about the frames in the ring; latest wins. Frames
/// are counted from the engine's start, in the order they enter the ring.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Transport {
    /// Older frames are to be dropped at once.
    pub discard_until: u64,
    /// Frames from here …
    pub skip_from: u64,
    /// … to before here are to be left out, without a seam when they have not begun to sound.
    pub skip_to: u64,
    /// The frame after the last one; [`ENDLESS`] while more will come.
    pub eos_at: u64,
    /// The last of the owner's calls for silence that has been answered by a new `discard_until`.
    pub flushes_done: u64,
    /// Whether what follows `discard_until` begins in the middle of a wave.
    pub fade_in: bool,
}

impl Transport {
    /// Frames that will sound of those between `position` and `written`.
    pub fn audible(&self, position: u64, written: u64) -> u64 {
        let from = position.max(self.discard_until);
        let skipped = self.skip_to.min(written).saturating_sub(self.skip_from.max(from));
        written.saturating_sub(from).saturating_sub(skipped)
    }
}

/// How far the decoder thread has come; for [`Renderer::wait_ready`](crate::Renderer::wait_ready).
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Progress {
    pub commands_done: u64,
    /// The audio thread's position that was last looked at, all its events told.
    pub consumed_seen: u64,
    /// No event is due before this frame is reached.
    pub next_event_at: u64,
    pub written: u64,
    pub transport: Transport,
    /// Nothing left to do until a frame is taken or a command comes.
    pub idle: bool,
    /// The thread has ended.
    pub gone: bool,
    /// The most frames a sink wants to find in the ring.
    pub wanted: u64,
}

/// The meeting place. Only the atomics are for the audio thread.
#[derive(Debug)]
pub(crate) struct Shared {
    /// Frames taken off the ring, heard or dropped.
    pub consumed: AtomicU64,
    pub paused: AtomicBool,
    /// How often the ring ran dry.
    pub underruns: AtomicU64,
    /// Commands sent by the owner.
    pub commands_sent: AtomicU64,
    /// Commands that call for silence at once.
    pub flushes_asked: AtomicU64,
    timeline: Mutex<Timeline>,
    progress: Mutex<Progress>,
    /// `progress` has changed.
    pub moved: Condvar,
}

impl Shared {
    /// For an output of `rate` Hz.
    pub fn new(rate: u32) -> Self {
        Self {
            consumed: AtomicU64::new(0),
            paused: AtomicBool::new(false),
            underruns: AtomicU64::new(0),
            commands_sent: AtomicU64::new(0),
            flushes_asked: AtomicU64::new(0),
            timeline: Mutex::new(Timeline::new(rate)),
            progress: Mutex::new(Progress::default()),
            moved: Condvar::new(),
        }
    }

    /// Which frame belongs to which track; never taken by the audio thread.
    pub fn timeline(&self) -> MutexGuard<'_, Timeline> {
        self.timeline.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How far the decoder thread has come; never taken by the audio thread.
    pub fn progress(&self) -> MutexGuard<'_, Progress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
