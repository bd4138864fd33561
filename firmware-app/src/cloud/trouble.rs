//! What can go wrong between the unit and the cloud, by what is to be done about it.

use std::time::Duration;

/// Why something did not work.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Trouble {
    /// Try again later; the driver may look after the network.
    #[error("the cloud cannot be reached: {0}")]
    Unreachable(String),
    /// The unit is nobody's: forget the owner.
    #[error("the cloud does not know this unit")]
    NotPaired,
    /// The cloud has another owner for this unit than the unit has: let it go there first.
    #[error("the cloud knows this unit as somebody's already")]
    AlreadyPaired,
    /// Try again, not before so long.
    #[error("the cloud is busy")]
    Busy(Option<Duration>),
    /// Nothing will help but something else.
    #[error("the cloud refuses: {0}")]
    Refused(String),
    /// It is no such cloud, or a newer one.
    #[error("the cloud says what is not understood: {0}")]
    Nonsense(String),
    /// The unit has no key to show.
    #[error("the unit's key cannot be made: {0}")]
    NoKey(String),
}

impl Trouble {
    /// In a few words, for a row of the page.
    pub fn brief(&self) -> &'static str {
        match self {
            Self::Unreachable(_) => "no answer",
            Self::NotPaired => "not known there",
            Self::AlreadyPaired => "known there already",
            Self::Busy(_) => "it is busy",
            Self::Refused(_) => "it refuses",
            Self::Nonsense(_) => "it is not understood",
            Self::NoKey(_) => "no key",
        }
    }

    /// For the driver, when they wait for it.
    pub fn told(&self) -> String {
        match self {
            Self::Unreachable(_) => "The cloud does not answer. Is there a network?".into(),
            Self::NotPaired => "The cloud does not know this unit".into(),
            Self::AlreadyPaired => "The cloud knows this unit as somebody’s already".into(),
            Self::Busy(_) => "The cloud is busy: try again in a while".into(),
            Self::Refused(why) => format!("The cloud refuses: {why}"),
            Self::Nonsense(_) => "The cloud is not understood: this unit may need an update".into(),
            Self::NoKey(_) => "This unit cannot make or store a key".into(),
        }
    }

    /// How long the cloud wishes not to be asked.
    pub fn wait(&self) -> Option<Duration> {
        if let Self::Busy(wait) = self { *wait } else { None }
    }
}
