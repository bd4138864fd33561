//! How much of the machine a scan may take.
use std::num::NonZero;
use std::thread::available_parallelism;

use crate::worker::WorkerCommand;

/// Most files that lie with one worker at a time; the worker's own window is no wider.
const MAX_IN_FLIGHT: usize = 32;

/// How much of the machine a scan may take.
#[derive(Clone, Debug)]
pub struct ScanOptions {
    /// How to start a worker.
    pub command: WorkerCommand,
    /// Worker processes, at least 1.
    pub workers: usize,
    /// Threads that list folders, at least 1.
    pub walkers: usize,
    /// Files that lie with one worker at a time, 1 to 32.
    pub in_flight: usize,
    /// Added to the threads' and workers' `nice` value on Linux (0 to 19); the medium's queue follows it
    /// (`ioprio_set(2)`: an unset priority derives from `nice`).
    pub nice: i32,
}

impl ScanOptions {
    /// For a unit that has nothing else to do than to answer its driver.
    #[must_use]
    pub fn new(command: WorkerCommand) -> Self {
        let cores = available_parallelism().map_or(1, NonZero::get);
        // The writer takes a core of its own: reading tags costs about as much as filing them.
        let workers = cores.saturating_sub(1).clamp(1, 3);
        Self { command, workers, walkers: cores.min(2), in_flight: MAX_IN_FLIGHT, nice: 10 }
    }

    /// For a unit that plays from the same medium: one worker with little ahead of the music's own reads.
    #[must_use]
    pub fn while_playing(self) -> Self {
        Self { workers: 1, walkers: 1, in_flight: 4, nice: 19, ..self }
    }

    /// Within their bounds.
    pub(super) fn bounded(self) -> Self {
        Self {
            workers: self.workers.clamp(1, 16),
            walkers: self.walkers.clamp(1, 16),
            in_flight: self.in_flight.clamp(1, MAX_IN_FLIGHT),
            nice: self.nice.clamp(0, 19),
            ..self
        }
    }
}

/// Lowers the priority of this thread, and of the processes it starts.
#[cfg(target_os = "linux")]
pub(super) fn be_nice(by: i32) {
    // On Linux `nice` belongs to the thread. A refusal costs nothing but the courtesy.
    if by > 0 && rustix::process::nice(by).is_err() {
        tracing::debug!("the scan keeps its priority");
    }
}

/// Elsewhere `nice` would slow the whole program.
#[cfg(not(target_os = "linux"))]
pub(super) fn be_nice(_by: i32) {}
