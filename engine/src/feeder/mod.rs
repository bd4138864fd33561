//! The decoder thread: carries out commands, tells events, keeps the ring full, sleeps.
//!
//! This file holds its state, the loop and its sleep; `commands` what the owner asks for, `filling` the
//! way of the samples, `telling` the events.
mod commands;
mod filling;
mod telling;

use crate::deck::Deck;
use crate::line::Line;
use crate::transport::{ENDLESS, Progress, Shared, Transport};
use crate::{Event, Track};
use std::collections::VecDeque;
use std::sync::atomic::Ordering;
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};
use triple_buffer::Input;

/// How much the ring is kept filled with, seconds.
const TARGET_S: f64 = 2.0;
/// Room beyond it, so that new frames fit while old ones wait to be dropped, seconds.
const HEADROOM_S: f64 = 0.5;
/// After the end of a track with no next one the resampler is kept open until no more than this is left
/// in the ring, so that a late next still joins without a seam; seconds.
const HOLD_S: f64 = 0.25;
/// Longest and shortest sleep.
const LONGEST: Duration = Duration::from_millis(500);
const SHORTEST: Duration = Duration::from_millis(2);

/// What the owner asks for.
#[derive(Debug)]
pub(crate) enum Command {
    /// Instead of all that plays and waits; `bare`: no fade even in mid-track.
    Play {
        track: Track,
        flush: u64,
        bare: bool,
    },
    /// After the current track; replaces what was to follow.
    SetNext(Option<Track>),
    /// After what is there already.
    Queue(Vec<Track>),
    Seek {
        to_s: f64,
        flush: u64,
    },
    Stop {
        flush: u64,
    },
    Quit,
}

/// A jump that is to be made when all commands at hand have been looked at: of several in a row only
/// the last is carried out.
#[derive(Debug)]
enum Wish {
    Open(Track),
    Seek(f64),
}

/// State of the thread.
pub(crate) struct Feeder {
    rate: u32,
    shared: Arc<Shared>,
    inbox: mpsc::Receiver<Command>,
    events: Box<dyn FnMut(Event) + Send>,
    ring: rtrb::Producer<f32>,
    outbox: Input<Transport>,
    /// What the audio thread was told last.
    transport: Transport,
    commands_done: u64,
    /// Tracks with frames in the ring, in order; the first is the one heard, the last may be still decoding.
    decks: VecDeque<Deck>,
    /// The track after them, opened ahead of time.
    ahead: Option<Deck>,
    /// The tracks after that.
    next: VecDeque<Track>,
    wish: Option<Wish>,
    /// The current track has just finished or failed, and a next one may still come.
    expecting: bool,
    line: Option<Line>,
    /// A line that is no longer in use.
    spare: Option<Line>,
    decoded: Vec<f32>,
    /// Frames on their way into the ring, and how many samples of them are in.
    staged: Vec<f32>,
    pushed: usize,
    written: u64,
    /// Most frames a sink wants to find.
    wanted: u64,
    /// For the sleep: the position and the time at the last one, and how long it was to be.
    slept_at: (u64, Instant),
    slept: Duration,
}

impl Feeder {
    /// Samples the ring must hold for an output of `rate` Hz.
    pub fn ring_samples(rate: u32) -> usize {
        2 * (f64::from(rate) * (TARGET_S + HEADROOM_S)) as usize
    }

    /// Idle.
    pub fn new(
        rate: u32,
        shared: Arc<Shared>,
        inbox: mpsc::Receiver<Command>,
        events: Box<dyn FnMut(Event) + Send>,
        ring: rtrb::Producer<f32>,
        outbox: Input<Transport>,
    ) -> Self {
        Self {
            rate,
            shared,
            inbox,
            events,
            ring,
            outbox,
            transport: Transport::default(),
            commands_done: 0,
            decks: VecDeque::new(),
            ahead: None,
            next: VecDeque::new(),
            wish: None,
            expecting: false,
            line: None,
            spare: None,
            decoded: Vec::new(),
            staged: Vec::new(),
            pushed: 0,
            written: 0,
            wanted: 0,
            slept_at: (0, Instant::now()),
            slept: SHORTEST,
        }
    }

    /// Runs until the owner's end is dropped.
    pub fn run(mut self) {
        let _leave = Leave(Arc::clone(&self.shared));
        while self.take_commands() {
            let consumed = self.consumed();
            self.tell(consumed);
            let busy = self.step(consumed);
            self.report(consumed, !busy);
            if !busy {
                std::thread::park_timeout(self.sleep(consumed));
            }
        }
    }

    fn consumed(&self) -> u64 {
        self.shared.consumed.load(Ordering::Acquire)
    }

    fn frames(&self, seconds: f64) -> u64 {
        (f64::from(self.rate) * seconds) as u64
    }

    /// Frames in the ring that will sound.
    fn audible(&self, consumed: u64) -> u64 {
        self.transport.audible(consumed, self.written)
    }

    /// Hands the audio thread the latest transport.
    fn publish(&mut self) {
        self.outbox.write(self.transport);
    }

    fn report(&mut self, consumed: u64, idle: bool) {
        let next_event_at = self.next_event_at();
        let mut progress = self.shared.progress();
        self.wanted = progress.wanted;
        *progress = Progress {
            commands_done: self.commands_done,
            consumed_seen: consumed,
            next_event_at,
            written: self.written,
            transport: self.transport,
            idle,
            gone: false,
            wanted: progress.wanted,
        };
        drop(progress);
        self.shared.moved.notify_all();
    }

    /// How long nothing will be to do, unless a command or a waiting sink calls.
    fn sleep(&mut self, consumed: u64) -> Duration {
        let audible = self.audible(consumed);
        let mut frames = u64::MAX;
        if self.decks.back().is_some_and(|deck| !deck.ended) || self.pushed < self.staged.len() {
            frames = frames.min(audible.saturating_sub(self.frames(TARGET_S * 0.75)));
        } else if self.line.is_some() {
            frames = frames.min(audible.saturating_sub(self.hold()));
        }
        let event_at = self.next_event_at();
        if event_at != ENDLESS {
            frames = frames.min(event_at.saturating_sub(consumed));
        }
        if consumed < self.transport.discard_until {
            frames = 0;
        }
        let wanted = match frames {
            u64::MAX => LONGEST,
            frames => Duration::from_secs_f64(frames as f64 / f64::from(self.rate)) + SHORTEST,
        };
        // A device that takes nothing (paused, stopped, gone) is looked at less and less often.
        let (position, since) = self.slept_at;
        let stalled = consumed == position && since.elapsed() >= self.slept;
        self.slept_at = (consumed, Instant::now());
        self.slept = if stalled { wanted.max(self.slept * 2) } else { wanted }.clamp(SHORTEST, LONGEST);
        self.slept
    }
}

/// Says that the thread has ended, however it does.
struct Leave(Arc<Shared>);

impl Drop for Leave {
    fn drop(&mut self) {
        self.0.progress().gone = true;
        self.0.moved.notify_all();
    }
}
