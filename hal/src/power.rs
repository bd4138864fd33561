//! The ignition line.

use crate::PartGone;

/// The ignition line.
pub trait Ignition: Send {
    /// Waits for the next change: true is on.
    ///
    /// # Errors
    /// The part is gone; the caller stops asking and takes it as on.
    fn next(&mut self) -> Result<bool, PartGone>;
}
