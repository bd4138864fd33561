//! What a remote and a unit say to each other over a WebSocket: JSON text frames, one object each.
//!
//! A remote says [`ClientFrame`]s, the unit [`UnitFrame`]s. The unit is always right: a remote may show
//! what it asked for at once, and takes over what the unit's updates say as soon as they come. The whole
//! exchange is described in `docs/protocol.md`.

mod answer;
mod codec;
mod frames;
mod question;
#[cfg(feature = "schema")]
mod schema;
mod update;

pub use answer::{Answer, FolderPart, PresetEntry, QueuePart, Row, RowKind, RowsPart};
pub use codec::{BadFrame, decode_client, decode_unit};
pub use frames::{
    Bye, ByeCode, ClientFrame, Hello, Refusal, RefusalCode, Role, UnitFrame, UnitIdentity, Welcome,
    capability,
};
pub use question::{Anchor, Question};
#[cfg(feature = "schema")]
pub use schema::json_schema;
pub use update::Update;

/// Version of the exchange. It rises when a frame changes its meaning; new optional fields, frames and
/// capabilities do not raise it, and a reader passes over what it does not know.
pub const PROTOCOL_VERSION: u16 = 1;

/// Longest frame a unit takes from a remote, bytes.
pub const MAX_CLIENT_FRAME: usize = 64 * 1024;

/// Most rows of one answer.
pub const MAX_ROWS: usize = 100;

/// Bands of a spectrum frame.
pub const SPECTRUM_BANDS: usize = 32;
