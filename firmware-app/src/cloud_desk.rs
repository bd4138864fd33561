//! What the stereo and its link to the cloud tell each other.

use std::time::Duration;

use protocol::cloud::{PresetChange, PresetSynced, UsageKind};

/// Somebody with an account, as they are shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    /// As they call themselves at their provider.
    pub name: String,
    /// Verified by the provider.
    pub email: Option<String>,
}

/// How far a pairing is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Pairing {
    /// There is none.
    #[default]
    None,
    /// The cloud is asked for a code.
    Begins,
    /// The code is to be shown.
    Code(PairCode),
    /// Somebody has typed it: is it them?
    Asks {
        /// Who.
        person: Person,
        /// When the question ends by itself, on the unit's clock.
        ends_at: Duration,
    },
    /// The answer is on its way to the cloud.
    Answered,
}

/// The code of a pairing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PairCode {
    /// XXXX-XXXX.
    pub code: String,
    /// Where it is typed.
    pub address: String,
    /// The same with the code in it, for a QR code.
    pub url: String,
    /// When it ends, on the unit's clock.
    pub ends_at: Duration,
}

/// How the link stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum LinkState {
    /// Nobody has the unit, so there is none.
    #[default]
    Off,
    /// For the first time since the start.
    Connecting,
    /// Remotes can reach the unit.
    Online,
    /// They cannot.
    Offline {
        /// For people.
        why: String,
    },
}

/// A count that waits to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsageLine {
    /// Since 1970-01-01.
    pub day: u32,
    /// What is counted.
    pub kind: UsageKind,
    /// How much of it.
    pub amount: u64,
}

/// From the link to the stereo.
#[derive(Clone, Debug, PartialEq)]
pub enum CloudReport {
    /// There is a cloud to pair with: its host.
    Server(String),
    /// Whose the unit is.
    Owner(Option<Person>),
    /// How far a pairing is.
    Pairing(Pairing),
    /// How the link stands.
    Link(LinkState),
    /// What of the unit's use is told, the newest day first.
    Usage {
        /// Whether anything is.
        wanted: bool,
        /// What waits.
        pending: Vec<UsageLine>,
    },
    /// The unit belongs to another account than before: that one knows none of its sounds.
    NewAccount,
    /// The cloud has answered an exchange of sounds.
    Synced {
        /// What it answers to.
        sent: PresetOffer,
        /// What it says.
        answer: PresetSynced,
    },
    /// What the driver should know.
    Told(String),
}

/// Sounds as they are told to the cloud.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PresetOffer {
    /// Revision of the account that the unit has in full.
    pub since: u64,
    /// What changed on the unit.
    pub changes: Vec<PresetChange>,
    /// The unit's own versions of these, in the same order.
    pub versions: Vec<u64>,
    /// There is more than fits into one exchange.
    pub more: bool,
}

/// From the stereo to the link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CloudRequest {
    /// Begin a pairing.
    Pair,
    /// Give it up.
    CancelPairing,
    /// The driver has answered who asks.
    Answer {
        /// True lets them have the unit.
        accept: bool,
    },
    /// Be nobody's.
    Unlink,
    /// Tell how the unit is used, or no longer.
    SetUsage {
        /// True tells it.
        on: bool,
    },
    /// This has happened since it was told last.
    Count(Vec<(UsageKind, u32)>),
    /// Sounds have changed on the unit.
    PresetsChanged,
}

/// What the stereo knows of the link.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CloudStatus {
    /// The cloud's host; empty: the unit is set up for none.
    pub server: String,
    /// Whose the unit is.
    pub owner: Option<Person>,
    /// How far a pairing is.
    pub pairing: Pairing,
    /// How the link stands.
    pub link: LinkState,
    /// Whole minutes it has stood so.
    pub link_minutes: u32,
    /// The owner wishes to tell how the unit is used.
    pub tells_usage: bool,
    /// What of it waits to be told, the newest day first.
    pub pending: Vec<UsageLine>,
}
