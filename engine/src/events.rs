//! What the engine tells its owner.
use crate::{SourceInfo, TrackError, TrackId};

/// What the engine tells its owner, from the decoder thread, in order.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// The first frame of this track is being heard (or was, within 20 ms; or would be, were it not
    /// paused). Time to call [`set_next`](crate::Control::set_next).
    Started {
        /// Which.
        track: TrackId,
        /// What it is.
        info: SourceInfo,
    },
    /// The track could not be opened or nothing of it decoded. It is skipped; if it was the next one,
    /// call `set_next` with another. A next track is opened ahead of time, so this may come even before the
    /// current one has `Started`; after a failed `play` whatever was or is then given to `set_next` plays at once.
    Failed {
        /// Which.
        track: TrackId,
        /// Why.
        error: TrackError,
    },
    /// The track broke off before its end (damage, medium pulled); what follows comes at once.
    /// Told when the last good frame has been heard.
    Broken {
        /// Which.
        track: TrackId,
        /// Why.
        error: TrackError,
    },
    /// The last frame of the last track was heard and there is no next.
    Finished {
        /// Which track was last.
        track: TrackId,
    },
}
