//! One published moment of the stereo: what every listener (screen, remote, script) gets.

use std::sync::Arc;

use protocol::{Changed, Snapshot};

use crate::screen::{Cover, Screen};

/// Cheap to clone; parts that did not change are shared with the frame before.
#[derive(Clone, Debug, Default)]
pub struct Frame {
    /// What the unit is doing.
    pub snapshot: Arc<Snapshot>,
    /// What its screen shows.
    pub screen: Arc<Screen>,
    /// Cover of the current track, once it is read.
    pub cover: Option<Arc<Cover>>,
    /// What changed since the frame published before this one.
    pub changed: Changed,
}
