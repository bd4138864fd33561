//! Time that moves only when somebody waits for it, and then as fast as the work allows.
//!
//! A [`VirtualSink`](super::VirtualSink) owns the time while it runs: it renders a block, advances
//! the clock by that block, and calls the hook. While no sink runs, whoever waits moves the time
//! itself, so that a script can wait through a stopped sink. Nothing here ever looks at real time,
//! which is what makes a script's outcome independent of the machine's speed.

use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use crate::Clock;
use crate::sync::{lock, wait};

/// Called after every step of the time, with the new time. It may block until whatever the step
/// set off is done; it must not wait on the clock itself.
pub type AdvanceHook = Box<dyn FnMut(Duration) + Send>;

/// Step of the time while no sink runs.
const STEP: Duration = Duration::from_millis(10);

#[derive(Debug, Default)]
struct Time {
    now: Duration,
    /// As far as the time may go.
    allowed: Duration,
    free: bool,
    /// The newest step whose hook has returned.
    settled: Duration,
    /// Steps whose hook has not returned.
    in_flight: u32,
    sinks: u32,
}

/// The clock; share it by `Arc` between the sink, the app and the script.
#[derive(Default)]
pub struct VirtualClock {
    time: Mutex<Time>,
    changed: Condvar,
    /// Held while the hook runs, so that steps are told one after the other.
    hook: Mutex<Option<AdvanceHook>>,
    /// A new hook, put in place before the next call: setting one never waits for a running one.
    new_hook: Mutex<Option<AdvanceHook>>,
}

impl VirtualClock {
    /// A clock that reads zero and stands still.
    #[must_use]
    pub fn new() -> Arc<Self> {
        Arc::new(Self::default())
    }

    /// Lifts the limit: a running sink goes on as fast as it can, waited for or not.
    pub fn run_freely(&self) {
        lock(&self.time).free = true;
        self.changed.notify_all();
    }

    /// Sets the hook; the one before it is not called again.
    pub fn on_advance(&self, hook: AdvanceHook) {
        *lock(&self.new_hook) = Some(hook);
    }

    /// A sink takes the time over.
    pub(super) fn enter(&self) -> Duration {
        let mut time = lock(&self.time);
        time.sinks += 1;
        time.now
    }

    /// A sink gives the time back, from whichever thread notices first that it has ended.
    pub(super) fn leave(&self) {
        let mut time = lock(&self.time);
        time.sinks = time.sinks.saturating_sub(1);
        drop(time);
        self.changed.notify_all();
    }

    /// Waits until the time may go on; false when `is_stopped` says so first.
    pub(super) fn wait_for_turn(&self, is_stopped: impl Fn() -> bool) -> bool {
        let mut time = lock(&self.time);
        loop {
            if is_stopped() {
                return false;
            }
            if time.free || time.now < time.allowed {
                return true;
            }
            time = wait(&self.changed, time);
        }
    }

    /// Moves the time to `now` (never back); the step counts as done once the guard is settled.
    pub(super) fn advance_to(&self, now: Duration) -> Step<'_> {
        let mut time = lock(&self.time);
        time.now = time.now.max(now);
        time.in_flight += 1;
        Step { clock: self, now: time.now }
    }

    fn call_hook(&self, now: Duration) {
        let mut hook = lock(&self.hook);
        if let Some(new) = lock(&self.new_hook).take() {
            *hook = Some(new);
        }
        if let Some(hook) = hook.as_mut() {
            hook(now);
        }
    }
}

/// A step on its way: the hook has still to be told.
pub(super) struct Step<'a> {
    clock: &'a VirtualClock,
    now: Duration,
}

impl Step<'_> {
    /// Tells the hook and then those who wait.
    pub(super) fn settle(self) {
        self.clock.call_hook(self.now);
    }
}

impl Drop for Step<'_> {
    fn drop(&mut self) {
        let mut time = lock(&self.clock.time);
        time.in_flight -= 1;
        time.settled = time.settled.max(self.now);
        drop(time);
        self.clock.changed.notify_all();
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> Duration {
        lock(&self.time).now
    }

    /// Returns after the hook of the step that reached `until`: whatever the step set off is done.
    /// The time may then be past `until` by less than a block.
    fn wait_until(&self, until: Duration) {
        let mut time = lock(&self.time);
        if time.allowed < until {
            time.allowed = until;
            self.changed.notify_all();
        }
        while time.settled < until {
            if time.sinks > 0 || time.in_flight > 0 {
                time = wait(&self.changed, time);
                continue;
            }
            let next = (time.now + STEP).min(until).max(time.now);
            drop(time);
            self.advance_to(next).settle();
            time = lock(&self.time);
        }
    }
}

impl std::fmt::Debug for VirtualClock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("VirtualClock").field("time", &*lock(&self.time)).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::time::Instant;

    #[test]
    fn without_a_sink_the_one_who_waits_moves_the_time() {
        let clock = VirtualClock::new();
        let ticks = Arc::new(AtomicU32::new(0));
        let counted = Arc::clone(&ticks);
        clock.on_advance(Box::new(move |_| {
            counted.fetch_add(1, Ordering::Relaxed);
        }));
        let real = Instant::now();
        clock.wait_until(Duration::from_secs(3600));
        assert!(real.elapsed() < Duration::from_secs(20));
        assert_eq!(clock.now(), Duration::from_secs(3600));
        assert_eq!(ticks.load(Ordering::Relaxed), 360_000);
        clock.wait_until(Duration::from_secs(1));
        assert_eq!(clock.now(), Duration::from_secs(3600));
    }

    #[test]
    fn a_hook_can_be_replaced_from_within_itself() {
        let clock = VirtualClock::new();
        let weak = Arc::downgrade(&clock);
        clock.on_advance(Box::new(move |_| {
            if let Some(clock) = weak.upgrade() {
                clock.on_advance(Box::new(|_| {}));
            }
        }));
        clock.wait_until(Duration::from_secs(1));
        assert_eq!(clock.now(), Duration::from_secs(1));
    }
}
