//! The light behind the screen.

use crate::PartGone;

/// The light behind the screen.
pub trait Backlight: Send {
    /// 0 (dark) to 100.
    ///
    /// # Errors
    /// The part is gone or refuses.
    fn set(&mut self, percent: u8) -> Result<(), PartGone>;
}
