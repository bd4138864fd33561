//! The unit's link to the cloud: getting an owner, being reached from anywhere, sounds that follow their owner,
//! and counts of its use where its owner wishes.
//!
//! It runs on a thread of its own with a runtime of its own, as the server of the remotes does, and meets the
//! stereo at the same places: commands go through the one channel, what is told comes out of the one slot.
//! Nothing in the stereo waits for it; without a cloud everything plays for ever.
//!
//! [`thread`] starts it and carries out what the unit's pages ask; [`desk`] holds what its tasks share;
//! [`caller`] sends signed requests by [`net`]; [`pairing`], [`link`], [`presets`] and [`usage`] are the tasks.
//! Remotes that come by the link are served by `remote::serve`, as those on the unit's own network are.

mod address;
mod backoff;
mod caller;
mod config;
mod desk;
mod key;
mod ledger;
mod link;
mod net;
mod pairing;
mod presets;
mod relayed;
mod thread;
mod trouble;
mod usage;

pub use config::{CloudArgs, CloudConfig, CloudError, CloudListener, CloudOptions, Pace};
pub use thread::Cloud;
