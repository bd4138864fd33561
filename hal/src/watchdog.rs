//! The watchdog: restarts the unit when it hangs.

use std::time::Duration;

/// Restarts the unit when it hangs.
pub trait Watchdog: Send {
    /// How often `kick` is wanted.
    fn interval(&self) -> Duration;
    /// Still alive.
    fn kick(&mut self);
}
