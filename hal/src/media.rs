//! Sticks and cards that come and go.

use std::path::PathBuf;

use crate::PartGone;

/// What happened to a medium.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MediaEvent {
    /// Music can be read here.
    Plugged {
        /// Shown to the driver; also names the medium.
        name: String,
        /// Where it is mounted.
        path: PathBuf,
    },
    /// Gone.
    Yanked {
        /// Its name.
        name: String,
    },
}

/// Sticks and cards. Those present at the start are reported first.
pub trait MediaMounts: Send {
    /// Waits for the next change.
    ///
    /// # Errors
    /// The part is gone; the caller stops asking.
    fn next(&mut self) -> Result<MediaEvent, PartGone>;
}
