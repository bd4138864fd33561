//! The frames themselves, and who may do what.

use serde::{Deserialize, Serialize};

use super::{Answer, Question, Update};
use crate::{Command, Snapshot};

/// What a phone may do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Everything.
    Owner,
    /// Look, but change nothing.
    #[default]
    Guest,
}

/// Names of what a unit can do; a remote shows only what is named. Unknown names are passed over.
pub mod capability {
    /// The queue can be changed.
    pub const QUEUE_EDIT: &str = "queue_edit";
    /// Lists of the library and search.
    pub const LIBRARY: &str = "library";
    /// Folders of a medium.
    pub const FOLDERS: &str = "folders";
    /// The owner's playlists.
    pub const PLAYLISTS: &str = "playlists";
    /// The owner's favourites.
    pub const FAVOURITES: &str = "favourites";
    /// Sounds to choose from.
    pub const PRESETS: &str = "presets";
    /// Sounds can be stored under a name.
    pub const OWN_PRESETS: &str = "own_presets";
    /// The sleep timer.
    pub const SLEEP: &str = "sleep";
    /// Spectrum frames.
    pub const SPECTRUM: &str = "spectrum";
    /// Equal loudness of tracks.
    pub const REPLAY_GAIN: &str = "replay_gain";
    /// Day and night on the unit's screen.
    pub const THEME: &str = "theme";
    /// Keys that remember a track.
    pub const KEYS: &str = "keys";
    /// Playlists can be written onto a medium.
    pub const EXPORT: &str = "export";
    /// Cover art by its hash.
    pub const ART: &str = "art";
    /// Every name above.
    pub const ALL: &[&str] = &[
        QUEUE_EDIT,
        LIBRARY,
        FOLDERS,
        PLAYLISTS,
        FAVOURITES,
        PRESETS,
        OWN_PRESETS,
        SLEEP,
        SPECTRUM,
        REPLAY_GAIN,
        THEME,
        KEYS,
        EXPORT,
        ART,
    ];
}

/// What a remote says.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ClientFrame {
    /// The first frame of a connection.
    Hello(Hello),
    /// Do this. Answered by `done` or `refused` with the same id.
    Command {
        /// Chosen by the remote.
        id: u64,
        /// What to do.
        command: Command,
    },
    /// Tell me. Answered by `answer` or `refused` with the same id.
    Ask {
        /// Chosen by the remote.
        id: u64,
        /// What about.
        question: Question,
    },
    /// Send, or stop sending, spectrum frames; nothing is answered.
    Watch {
        /// True sends up to 15 a second while music plays.
        spectrum: bool,
    },
    /// Answered by `pong`.
    Ping {
        /// Chosen by the remote.
        id: u64,
    },
}

/// Who calls.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Hello {
    /// [`PROTOCOL_VERSION`](super::PROTOCOL_VERSION) of the remote.
    pub protocol: u16,
    /// Name and version of the program, for the unit's log; at most 64 characters count.
    #[serde(default)]
    pub client: String,
}

/// What a unit says.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum UnitFrame {
    /// The answer to `hello`, with everything there is to know.
    Welcome(Box<Welcome>),
    /// What changed since the last `welcome` or `update` on this connection.
    Update(Box<Update>),
    /// A command was carried out.
    Done {
        /// The command's.
        id: u64,
        /// The snapshot with this number shows what came of it; it was sent before this frame, or nothing
        /// visible changed.
        seq: u64,
    },
    /// A question's answer.
    Answer {
        /// The question's.
        id: u64,
        /// What was asked for.
        answer: Answer,
    },
    /// A command or a question was not carried out.
    Refused(Refusal),
    /// What is heard, while it is watched.
    Spectrum {
        /// 32 bands from low to high; 0 is −72 dBFS or less, 255 is 0 dBFS.
        bands: Vec<u8>,
    },
    /// A ping's answer.
    Pong {
        /// The ping's.
        id: u64,
    },
    /// The last frame of a connection.
    Bye(Bye),
}

/// Which unit this is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct UnitIdentity {
    /// Stays the same as long as the unit's data.
    pub id: String,
    /// As its owner calls it.
    pub name: String,
    /// Of its program.
    pub version: String,
    /// Where its own remote is on its network, such as `http://192.168.1.20:8080`; only where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lan: Option<String>,
    /// Where its remote is at the cloud; only while it is paired.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cloud: Option<String>,
}

/// What a remote must know at first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Welcome {
    /// [`PROTOCOL_VERSION`](super::PROTOCOL_VERSION) of the unit.
    pub protocol: u16,
    /// Which unit.
    pub unit: UnitIdentity,
    /// What this phone may do.
    pub role: Role,
    /// What the unit can do: names of [`capability`].
    pub capabilities: Vec<String>,
    /// How everything stands.
    pub snapshot: Snapshot,
}

/// Why something was not done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Refusal {
    /// Of the command or question; `None` when the frame could not be read so far.
    #[serde(default)]
    pub id: Option<u64>,
    /// For programs.
    pub code: RefusalCode,
    /// For people.
    pub message: String,
}

/// Why something was not done, for programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum RefusalCode {
    /// This phone is a guest.
    NotAllowed,
    /// The frame is not one of this protocol.
    BadFrame,
    /// The frame is longer than [`MAX_CLIENT_FRAME`](super::MAX_CLIENT_FRAME).
    TooLarge,
    /// Too much at once: try again a little later.
    Busy,
    /// The list is another one now, or what was named is no longer there: ask anew from its start.
    Changed,
    /// The library is not there yet: play from folders, or ask later.
    NotReady,
    /// Through the cloud: it was too long on its way, and was not done.
    Late,
    /// Through the cloud: commands say what is to be, not by how much.
    Relative,
    /// The unit is ending.
    Ending,
    /// Something a newer unit says and this reader does not know.
    #[serde(other)]
    Other,
}

/// Why a connection ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Bye {
    /// For programs.
    pub code: ByeCode,
    /// For people.
    pub message: String,
}

/// Why a connection ends, for programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ByeCode {
    /// The phone was forgotten on the unit: it must be let in anew.
    Revoked,
    /// The unit ends or starts anew: connect again.
    Ending,
    /// The remote did not take what was sent to it: connect again.
    TooSlow,
    /// Too many bad or too many frames: connect again later.
    Misbehaved,
    /// No `hello` came, or one of another version.
    Protocol,
    /// Too many remotes are connected.
    Full,
    /// Something a newer unit says and this reader does not know.
    #[serde(other)]
    Other,
}
