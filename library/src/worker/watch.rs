//! How long the worker may take for the file it is at.
//!
//! The limit is time on the processor: a parser that runs in circles is stopped within a second, while a slow
//! or dying stick, or a busy machine, is not the file's fault and gets more patience.
use std::time::{Duration, Instant};

use super::observe::Seen;

/// How often a silent worker is looked at.
pub(super) const TICK: Duration = Duration::from_millis(50);

/// Processor time a file may take. One tick may pass before the watch starts and one before it is read;
/// with both, a file costs less than a second.
const PROCESSOR: Duration = Duration::from_millis(800);

/// How long a worker may stand still that somebody stopped.
const STOPPED: Duration = Duration::from_secs(2);

/// How long a medium may take to answer. Sticks that wear out pause for seconds and go on.
const SILENCE: Duration = Duration::from_secs(20);

/// Silence for systems that do not tell what a process does.
const UNSEEN: Duration = Duration::from_secs(3);

/// What to do about a silent worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Wait,
    /// The file is at fault.
    Hostile,
    /// The medium is.
    Unanswered,
}

/// The time of one request.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Watch {
    started: Option<Start>,
}

#[derive(Clone, Copy, Debug)]
struct Start {
    sequence: u32,
    at: Instant,
    cpu: Option<Duration>,
}

impl Watch {
    /// After a tick without an answer to `sequence`.
    pub(super) fn look(&mut self, sequence: u32, now: Instant, seen: Option<Seen>) -> Verdict {
        let start = match self.started {
            Some(start) if start.sequence == sequence => start,
            _ => {
                let cpu = seen.map(|seen| seen.cpu);
                self.started = Some(Start { sequence, at: now, cpu });
                return Verdict::Wait;
            }
        };
        let waited = now.saturating_duration_since(start.at);
        let Some((seen, before)) = seen.zip(start.cpu) else {
            return if waited >= UNSEEN { Verdict::Hostile } else { Verdict::Wait };
        };
        let stopped = matches!(seen.state, 'T' | 't');
        if seen.cpu.saturating_sub(before) >= PROCESSOR || (stopped && waited >= STOPPED) {
            Verdict::Hostile
        } else if waited >= SILENCE {
            Verdict::Unanswered
        } else {
            Verdict::Wait
        }
    }

    /// Forgets what was measured: the next look is at another process.
    pub(super) fn reset(&mut self) {
        self.started = None;
    }
}

#[cfg(test)]
mod tests {
    use super::{PROCESSOR, SILENCE, STOPPED, UNSEEN, Verdict, Watch};
    use crate::worker::observe::Seen;
    use std::time::{Duration, Instant};

    fn seen(state: char, cpu_ms: u64) -> Option<Seen> {
        Some(Seen { state, cpu: Duration::from_millis(cpu_ms) })
    }

    #[test]
    fn only_the_processor_time_of_this_file_counts() {
        let (mut watch, start) = (Watch::default(), Instant::now());
        assert_eq!(watch.look(1, start, seen('R', 5000)), Verdict::Wait);
        assert_eq!(watch.look(1, start + SILENCE / 2, seen('R', 5700)), Verdict::Wait, "a busy machine");
        assert_eq!(watch.look(1, start + PROCESSOR, seen('R', 5800)), Verdict::Hostile);
        assert_eq!(watch.look(2, start + PROCESSOR, seen('R', 5800)), Verdict::Wait, "the next file");
        assert_eq!(watch.look(2, start + PROCESSOR, seen('R', 6600)), Verdict::Hostile);
        watch.reset();
        assert_eq!(watch.look(2, start + SILENCE, seen('R', 9000)), Verdict::Wait, "another process");
    }

    #[test]
    fn a_medium_that_does_not_answer_is_not_the_files_fault() {
        let (mut watch, start) = (Watch::default(), Instant::now());
        for state in ['D', 'S'] {
            watch.reset();
            assert_eq!(watch.look(1, start, seen(state, 0)), Verdict::Wait);
            assert_eq!(watch.look(1, start + SILENCE - STOPPED, seen(state, 10)), Verdict::Wait);
            assert_eq!(watch.look(1, start + SILENCE, seen(state, 10)), Verdict::Unanswered);
        }
        watch.reset();
        watch.look(1, start, seen('T', 0));
        assert_eq!(watch.look(1, start + STOPPED, seen('T', 0)), Verdict::Hostile);
    }

    #[test]
    fn without_a_view_the_clock_decides() {
        let (mut watch, start) = (Watch::default(), Instant::now());
        assert_eq!(watch.look(1, start, None), Verdict::Wait);
        assert_eq!(watch.look(1, start + UNSEEN / 2, None), Verdict::Wait);
        assert_eq!(watch.look(1, start + UNSEEN, None), Verdict::Hostile);
    }
}
