//! What the stereo and the server of its remotes tell each other.

use std::time::Duration;

pub use protocol::remote::Role;

/// A phone (or program) that may control the unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phone {
    /// Its number.
    pub id: u64,
    /// As its owner calls it.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// Connected now.
    pub connected: bool,
    /// When it was connected last, seconds since 1970 by the unit's clock.
    pub seen_unix_s: i64,
}

/// A phone may join now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enrolment {
    /// Six digits, typed into the phone.
    pub pin: String,
    /// Behind the QR code: the address with an invitation of its own; empty where the unit has no address.
    pub url: String,
    /// What the phone will be allowed to do.
    pub role: Role,
    /// When it closes by itself, on the unit's clock.
    pub closes_at: Duration,
    /// What went wrong last, such as a wrong code; empty at first.
    pub note: String,
}

/// From the server to the stereo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RemoteReport {
    /// Where it can be reached, the best first; empty when it cannot.
    Addresses(Vec<String>),
    /// Who may control the unit.
    Phones(Vec<Phone>),
    /// Whether a phone may join, and how.
    Enrolment(Option<Enrolment>),
    /// A phone has joined.
    Joined {
        /// As it calls itself.
        name: String,
        /// What it may do.
        role: Role,
    },
    /// What the driver should know, such as why no phone may join for a while.
    Told(String),
}

/// From the stereo to the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RemoteRequest {
    /// Let one phone join.
    OpenEnrolment {
        /// What it will be allowed to do.
        role: Role,
    },
    /// Let none join.
    CloseEnrolment,
    /// Forget a phone.
    Revoke {
        /// Its number.
        id: u64,
    },
    /// Forget all phones.
    RevokeAll,
}

/// What the stereo knows of the server.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RemoteStatus {
    /// Where it can be reached; empty when it cannot.
    pub addresses: Vec<String>,
    /// Who may control the unit.
    pub phones: Vec<Phone>,
    /// Whether a phone may join now.
    pub enrolment: Option<Enrolment>,
}
