//! The server of the remotes: what phones on the car's own network talk to.
//!
//! It runs on a thread of its own, with a runtime of its own, and touches neither the loop's thread nor the
//! audio's: commands go through the one channel every knob uses, and what it tells comes out of the one slot
//! that holds the latest frame. A phone that is slow skips states and delays nobody.
//!
//! A request comes in by [`listen`], passes [`guard`] (is it asked for by our own name, by our own page?),
//! then the table of [`routes`], which says who may ask, and ends in [`api`], [`enrol`], [`site`] or
//! [`socket`].

mod addresses;
mod answer;
mod api;
mod art;
mod bucket;
mod certificate;
mod config;
mod connections;
mod door;
mod enrol;
mod enrolment;
mod guard;
mod gzip;
mod hearing;
mod host;
mod hub;
mod line;
mod listen;
mod mdns;
mod patience;
mod phones;
mod places;
mod routes;
mod secret;
mod server;
mod site;
mod socket;
mod spectrum;
mod thread;

use protocol::remote::capability;

pub(crate) use connections::Connections;
pub(crate) use host::Host;
pub(crate) use hub::Hub;
pub(crate) use line::{Line, Said};
pub(crate) use phones::{Member, unix_now};
pub(crate) use secret::random;
pub(crate) use socket::serve;
pub(crate) use spectrum::Spectrum;

pub use config::{DEFAULT_NAME, InviteListener, RemoteConfig, RemoteError, ReportListener, WebFiles};
pub use routes::{Access, ROUTES, Route};
pub use thread::Remote;
pub(crate) use thread::give_way;

/// What this unit can do, for the remotes.
pub(crate) const CAPABILITIES: &[&str] = &[
    capability::QUEUE_EDIT,
    capability::LIBRARY,
    capability::FOLDERS,
    capability::PLAYLISTS,
    capability::FAVOURITES,
    capability::PRESETS,
    capability::OWN_PRESETS,
    capability::SLEEP,
    capability::SPECTRUM,
    capability::REPLAY_GAIN,
    capability::THEME,
    capability::KEYS,
    capability::EXPORT,
    capability::ART,
];
